"""Sums of needs by place, kept beside `Need`: moved by the difference when a person is settled, anew after a bulk run.

A person stands once in each sum they belong to: by need, by package, by klaster and over all, and in each by status, in
`any` (all listed statuses) and in `now` (what can be done today: overdue and due).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet

from siklus.care.models import Need, NeedTally

ANY, NOW = "any", "now"
NOW_STATUSES = ("overdue", "due")
_PLACE = ("desa_code", "posyandu_code", "puskesmas_code")
_KEY = (*_PLACE, "klaster", "package", "need", "status")
_LEVELS = (("klaster", "package", "need"), ("klaster", "package"), ("klaster",), ())
_TABLE = "care_needtally"
_ROWS = 100
Key = tuple[str, ...]
Sums = Counter[tuple[Key, bool]]


def sums_of(rows: QuerySet[Need]) -> Sums:
    """The sums of these rows, all rows of a person among them. (key, True) counts persons, (key, False) needs."""
    sums: Sums = Counter()
    counted: set[tuple[int, Key]] = set()
    for person, *place, klaster, package, need, status in rows.values_list("person_id", *_KEY):
        for key in _keys(tuple(place), klaster, package, need, status):
            sums[key, False] += 1
            if (person, key) not in counted:
                counted.add((person, key))
                sums[key, True] += 1
    return sums


def change(before: Sums, after: Sums) -> None:
    """Moves the kept sums by the difference."""
    after.subtract(before)
    keys = sorted({key for (key, _), number in after.items() if number})
    marks = f"({', '.join(['%s'] * (len(_KEY) + 2))})"
    columns = ", ".join((*_KEY, "persons", "needs"))
    update = f"persons = {_TABLE}.persons + excluded.persons, needs = {_TABLE}.needs + excluded.needs"
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _ROWS):
            some = keys[start : start + _ROWS]
            values: list[str | int] = []
            for key in some:
                values += [*key, after[key, True], after[key, False]]
            cursor.execute(
                f"INSERT INTO {_TABLE} ({columns}) VALUES {', '.join([marks] * len(some))}"
                f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {update}",
                values,
            )


@transaction.atomic
def rebuild() -> None:
    """All sums anew from the rows of `Need`."""
    NeedTally.objects.all().delete()
    columns = ", ".join((*_KEY, "persons", "needs"))
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


def _keys(place: Key, klaster: str, package: str, need: str, status: str) -> Iterable[Key]:
    statuses = (status, ANY, NOW) if status in NOW_STATUSES else (status, ANY)
    for each in statuses:
        yield (*place, klaster, package, need, each)
        yield (*place, klaster, package, "", each)
        yield (*place, klaster, "", "", each)
        yield (*place, "", "", "", each)
