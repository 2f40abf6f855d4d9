"""The Django app `exchange`: staged imports. It is this adapter's own; the others know nothing of it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "siklus.exchange.excel"
    label = "exchange"
    verbose_name = "Impor"
