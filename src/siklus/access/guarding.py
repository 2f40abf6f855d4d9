"""The database itself refuses to change or delete a line of the audit: triggers, put there after every migration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections

_TABLE = "access_auditentry"
_SQLITE = tuple(
    f"""CREATE TRIGGER IF NOT EXISTS audit_keeps_{act.lower()} BEFORE {act} ON {_TABLE}
        BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END"""
    for act in ("UPDATE", "DELETE")
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$""",
    f"DROP TRIGGER IF EXISTS audit_keeps ON {_TABLE}",
    f"""CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON {_TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_only_grows()""",
)
STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def after_migrating(using: str, **_kwargs: Any) -> None:
    """Django's signal; tests empty their tables between each other and say so in their settings."""
    if getattr(settings, "SIKLUS_AUDIT_GUARDED", True):
        guard(using)


def guard(using: str = "default") -> None:
    """Puts the triggers there, if the table is there."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def is_guarded(using: str = "default") -> bool:
    """True when the triggers stand."""
    connection = connections[using]
    asked = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_keeps%'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_keeps%'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return bool(cursor.fetchone()[0])
