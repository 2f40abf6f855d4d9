"""The Django app `sync`."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "siklus.sync"
    label = "sync"
    verbose_name = "Sinkronisasi"
