"""A population on SQLite or on a PostgreSQL of its own, to be written to and thrown away; one process, one database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.populations import DATABASE, HOME, Planted, copy_of, say, start_django, use_copy_of
from tests import pgtemp

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)
FULL = "BENCH_FULL"
"""Names the file that fills the disk of a server in `bench.served`, while it exists."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where it is: `environment` is what another process needs to serve the same database; `server` is PostgreSQL's."""

    planted: Planted
    environment: dict[str, str]
    server: pgtemp.Server | None = None


@contextmanager
def scratch(engine: str, scale: str, **options: str) -> Iterator[Scratch]:
    """A copy of a population on this database, with Django started on it. `options` are settings of PostgreSQL."""
    if engine == SQLITE:
        with use_copy_of(scale) as planted:
            yield Scratch(planted, _environment())
        return
    with copy_of(scale, with_database=False) as (planted, folder), pgtemp.running_server(options) as server:
        start_django(folder, server.url)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        copy_rows(HOME / scale / DATABASE)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        try:
            yield Scratch(planted, _environment(), server)
        finally:
            connection.close()


def copy_rows(path: Path) -> None:
    """Every row of a SQLite file into the database of this process, which has the same tables and nothing in them."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from siklus.register.appending import append_rows

    say("copying the population to PostgreSQL ...")
    models = [
        model
        for config in apps.get_app_configs()
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            for model in models:
                fields = model._meta.concrete_fields
                names = ", ".join(f'"{field.column}"' for field in fields)
                rows = file.execute(f'SELECT {names} FROM "{model._meta.db_table}"')
                flags = [
                    place for place, field in enumerate(fields) if field.get_internal_type() == "BooleanField"
                ]
                append_rows(model, [field.attname for field in fields], _as_written(rows, flags))
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
    finally:
        file.close()


def _as_written(
    rows: Iterator[tuple[Any, ...]] | sqlite3.Cursor, flags: list[int]
) -> Iterator[tuple[Any, ...]]:
    """SQLite keeps true and false as numbers."""
    for row in rows:
        said = list(row)
        for place in flags:
            said[place] = None if said[place] is None else bool(said[place])
        yield tuple(said)


def _environment() -> dict[str, str]:
    names = ("SIKLUS_VAR", "SIKLUS_TODAY", "SIKLUS_DATABASE_URL", "SIKLUS_MADE")
    return {name: os.environ[name] for name in names if name in os.environ}
