"""The Django app `doubles`."""

from django.apps import AppConfig


class DoublesConfig(AppConfig):
    name = "siklus.doubles"
    label = "doubles"
    verbose_name = "Kemungkinan ganda"
