"""Sums of needs by place, kept beside `Need`: moved by the difference when a person is settled, anew after a bulk run.

A person stands once in each sum they belong to: by need, by package, by klaster and over all, and in each by status, in
`any` (all listed statuses) and in `now` (what can be done today: overdue and due).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from siklus.care.models import NeedTally

ANY, NOW = "any", "now"
NOW_STATUSES = ("overdue", "due")
_PLACE = ("desa_code", "posyandu_code", "puskesmas_code")
KEY = (*_PLACE, "klaster", "package", "need", "status")
_LEVELS = (("klaster", "package", "need"), ("klaster", "package"), ("klaster",), ())
_TABLE = "care_needtally"
_ROWS = 100
Key = tuple[str, ...]


class Sums:
    """Persons and needs by key."""

    def __init__(self) -> None:
        self.persons: Counter[Key] = Counter()
        self.needs: Counter[Key] = Counter()

    def add(self, said_of: Iterable[tuple[Key, ...]]) -> None:
        """Adds what is owed to persons: the keys of each."""
        # Neighbours of one age are mostly owed the same: each such list is taken apart once.
        for said, persons in Counter(said_of).items():
            counted: set[Key] = set()
            for need in said:
                for key in _keys(need):
                    self.needs[key] += persons
                    counted.add(key)
            for key in counted:
                self.persons[key] += persons


def change(rows_before: Iterable[tuple[Any, ...]], rows_after: Iterable[tuple[Any, ...]]) -> None:
    """Moves the kept sums by the difference of all rows (person, *KEY) of some persons, before and after."""
    was, now = _by_person(rows_before), _by_person(rows_after)
    others = [person for person in was.keys() | now.keys() if was.get(person) != now.get(person)]
    before, after = Sums(), Sums()
    before.add(was[person] for person in others if person in was)
    after.add(now[person] for person in others if person in now)
    after.persons.subtract(before.persons)
    after.needs.subtract(before.needs)
    touched = after.needs.keys() | after.persons.keys()
    keys = sorted(key for key in touched if after.needs[key] or after.persons[key])
    marks = f"({', '.join(['%s'] * (len(KEY) + 2))})"
    columns = ", ".join((*KEY, "persons", "needs"))
    update = f"persons = {_TABLE}.persons + excluded.persons, needs = {_TABLE}.needs + excluded.needs"
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _ROWS):
            some = keys[start : start + _ROWS]
            values: list[str | int] = []
            for key in some:
                values += [*key, after.persons[key], after.needs[key]]
            cursor.execute(
                f"INSERT INTO {_TABLE} ({columns}) VALUES {', '.join([marks] * len(some))}"
                f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {update}",
                values,
            )


def _by_person(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[Key, ...]]:
    found: dict[int, list[Key]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return {person: tuple(sorted(said)) for person, said in found.items()}


@transaction.atomic
def rebuild() -> None:
    """All sums anew from the rows of `Need`."""
    NeedTally.objects.all().delete()
    columns = ", ".join((*KEY, "persons", "needs"))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_TABLE} ({columns}) {tally_sql('care_need')}")


def tally_sql(source: str) -> str:
    """A SELECT of all sums from a table with the columns of `Need`; the same text runs on every engine we use."""
    columns = ", ".join((*_PLACE, "klaster", "package", "need", "person_id"))
    now = ", ".join(f"'{status}'" for status in NOW_STATUSES)
    said = (
        f"SELECT {columns}, status FROM {source} UNION ALL SELECT {columns}, '{ANY}' AS status FROM {source}"
        f" UNION ALL SELECT {columns}, '{NOW}' AS status FROM {source} WHERE status IN ({now})"
    )
    parts = []
    for level in _LEVELS:
        named = ", ".join(
            name if name in level else f"'' AS {name}" for name in ("klaster", "package", "need")
        )
        group = ", ".join((*_PLACE, *level, "status"))
        counts = "count(DISTINCT person_id) AS persons, count(*) AS needs"
        places = ", ".join(_PLACE)
        parts.append(f"SELECT {places}, {named}, status, {counts} FROM said GROUP BY {group}")
    return f"WITH said AS ({said}) {' UNION ALL '.join(parts)}"


def _keys(row: Key) -> Iterable[Key]:
    *place, klaster, package, need, status = row
    for each in (status, ANY, NOW) if status in NOW_STATUSES else (status, ANY):
        yield (*place, klaster, package, need, each)
        yield (*place, klaster, package, "", each)
        yield (*place, klaster, "", "", each)
        yield (*place, "", "", "", each)
