"""The Django app `trials`."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "siklus.trials"
    label = "trials"
    verbose_name = "Uji aturan"
