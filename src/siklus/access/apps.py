"""The Django app `access`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "siklus.access"
    label = "access"
    verbose_name = "Akses"

    def ready(self) -> None:
        """The audit is guarded by the database from the first migration on."""
        from siklus.access.guarding import after_migrating

        post_migrate.connect(after_migrating, sender=self)
