"""Many new rows of any table, as fast as its database takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Model

Row = tuple[Any, ...]


def append_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY on PostgreSQL, a prepared INSERT on SQLite; `names` are the attributes of the values of a row."""
    quote = connection.ops.quote_name
    by_name = {f.attname: f.column for f in model._meta.concrete_fields}
    columns = ", ".join(quote(by_name[name]) for name in names)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            # SQLite takes any iterator; a list of millions would be memory for nothing.
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", cast("Sequence[Row]", rows)
            )
