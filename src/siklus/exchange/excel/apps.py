"""The Django app `exchange`: staged imports. It is this adapter's own; the others know nothing of it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "siklus.exchange.excel"
    label = "exchange"
    verbose_name = "Impor"

    def ready(self) -> None:
        """What lies here of a person belongs to everything held of them."""
        from siklus.care.dossier import ALSO
        from siklus.exchange.excel.queries import rows_about

        ALSO["baris impor"] = rows_about
