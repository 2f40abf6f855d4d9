"""The Django app `monitoring`."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "siklus.monitoring"
    label = "monitoring"
    verbose_name = "Pemantauan"
