"""Short questions asked a thousand times a minute: their text never changes, however many keys they ask for.

A list of keys travels as one value. Django writes a mark for each key and looks at each one several times, which takes
longer than the database needs to answer; a text that is always the same is planned once by SQLite.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

AMONG = "{among}"
"""Stands in a statement for: is one of the keys that the next value lists."""
_AMONG = {
    "postgresql": "= ANY(%s)",
    "sqlite": "IN (SELECT value FROM json_each(%s))",
}


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, or of what another statement returns. `keys()` makes the value that follows AMONG."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace(AMONG, _AMONG[connection.vendor]), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def tell(statement: str, *values: Any) -> None:
    """A statement that returns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace(AMONG, _AMONG[connection.vendor]), values)


def keys(ids: Iterable[int | str]) -> Any:
    """Keys as the one value that a statement with AMONG takes."""
    listed: Sequence[int | str] = list(ids)
    return listed if connection.vendor == "postgresql" else json.dumps(listed)


def locked() -> str:
    """What a SELECT ends with to lock its rows until the transaction ends; SQLite has one writer anyway."""
    return " FOR UPDATE" if connection.features.has_select_for_update else ""
