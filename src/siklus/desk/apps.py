"""The Django app `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "siklus.desk"
    label = "desk"
    verbose_name = "Meja kerja"
