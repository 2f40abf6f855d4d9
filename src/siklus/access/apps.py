"""The Django app `access`."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "siklus.access"
    label = "access"
    verbose_name = "Akses"
