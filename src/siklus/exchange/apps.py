"""The Django app `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "siklus.exchange"
    label = "exchange"
    verbose_name = "Pertukaran"
