"""The Django app `access`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "siklus.access"
    label = "access"
    verbose_name = "Akses"

    def ready(self) -> None:
        """The audit is guarded by the database from the first migration on; a login is noted from the first one on."""
        from django.contrib.auth.signals import user_logged_in

        from siklus.access.guarding import after_migrating
        from siklus.access.sessions import note_login

        user_logged_in.connect(note_login, dispatch_uid="siklus.access.sessions")
        post_migrate.connect(after_migrating, sender=self)
