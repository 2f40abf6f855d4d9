"""Whom another rule book would change: both books asked about everybody on one day, over one reading of the log.

Each book has a schema of its own in one DuckDB; the answers are laid side by side a few packages at a time, so that a
district needs no more memory than a rebuild. Nothing is written to the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from siklus.bulk.columns import quoted
from siklus.bulk.database import reach_site_database
from siklus.bulk.extract import read_log, shape
from siklus.bulk.rebuild import Progress
from siklus.bulk.workspace import workspace
from siklus.library.loading import Book
from siklus.rules.answers import STATUSES
from siklus.rules.reading import fields_read

NOT_APPLICABLE = "not_applicable"
_TOLD = tuple(status for status in STATUSES if status != NOT_APPLICABLE)
_BEFORE, _AFTER = "before", "after"
_DAYS = "opens, due, overdue, until"
_SAID = f"need, unit, unit_id, person, status, {_DAYS}"
_CHANGES = "CREATE TABLE main.changes (person BIGINT, need VARCHAR, before VARCHAR, after VARCHAR)"
# A need has one answer for each unit. No row is an answer too: it does not apply.
_COMPARE = f"""INSERT INTO main.changes
  SELECT coalesce(b.person, a.person), need,
    coalesce(b.status, '{NOT_APPLICABLE}'), coalesce(a.status, '{NOT_APPLICABLE}')
  FROM main.said_before AS b FULL JOIN main.said_after AS a USING (need, unit, unit_id)
  WHERE b.status IS DISTINCT FROM a.status
     OR (b.opens, b.due, b.overdue, b.until) IS DISTINCT FROM (a.opens, a.due, a.overdue, a.until)"""
# A family has a place only under a book that asks of families.
_LIVING_HERE = """FROM main.changes JOIN (
    FROM before.places UNION ALL FROM after.places ANTI JOIN before.places USING (person)) USING (person)
  WHERE (left_day IS NULL OR left_day > {on})"""
_COUNTED = f"""SELECT need, before, after, puskesmas_code, desa_code, count(DISTINCT person) {_LIVING_HERE}
  GROUP BY ALL ORDER BY need, before, after, puskesmas_code, desa_code"""
_NAMED = f"SELECT spokesman, need, before, after {_LIVING_HERE} ORDER BY place, person, need"
_PERSONS = f"SELECT count(DISTINCT person) {_LIVING_HERE}"


@dataclass(frozen=True, slots=True)
class Change:
    """How many persons of a village go from one status of a need to another; the same status twice: only days move."""

    need: str
    before: str
    after: str
    puskesmas_code: str
    desa_code: str
    persons: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes of a day. `named` has (person, need, before, after), in the order of places; of a
    family's need the person who stands for the family."""

    asked: int
    persons: int
    changes: tuple[Change, ...]
    named: tuple[tuple[int, str, str, str], ...]


def compare(old: Book, new: Book, on: int, progress: Progress) -> Comparison:
    """Everybody who lives in the district on the day, by what was recorded up to it."""
    database = reach_site_database()
    with workspace() as duck:
        progress("Membaca catatan ...")
        last_seq = read_log(duck, database, dict.fromkeys([*fields_read(old.rules), *fields_read(new.rules)]))
        sides = {}
        asked = 0
        for schema, book in ((_BEFORE, old), (_AFTER, new)):
            progress(f"Melipat catatan menurut buku {book.hash} ...")
            sides[schema] = duck.cursor()
            asked = _fold(sides[schema], schema, book, last_seq, on)
        duck.execute(_CHANGES)
        for packages in _groups(old, new):
            progress(f"Membandingkan {', '.join(packages)} ...")
            for schema, book in ((_BEFORE, old), (_AFTER, new)):
                _answer(sides[schema], schema, book, packages, on)
            duck.execute(_COMPARE)
        counted = duck.execute(_COUNTED.format(on=on)).fetchall()
        named = duck.execute(_NAMED.format(on=on)).fetchall()
        persons = duck.execute(_PERSONS.format(on=on)).fetchone()[0]
    return Comparison(asked, persons, tuple(Change(*row) for row in counted), tuple(named))


def _fold(duck: Any, schema: str, book: Book, last_seq: int, on: int) -> int:
    """The tables of one book, with nothing in them that was written of a later day; how many persons there are."""
    duck.execute(f"CREATE SCHEMA {schema}; SET search_path = '{schema},main'")
    extracted = shape(duck, book.rules, last_seq)
    for kind in fields_read(book.rules):
        duck.execute(f'DELETE FROM {quoted(f"r_{kind}")} WHERE "date" > {on}')
    duck.execute(f"UPDATE u_person SET died = NULL WHERE died > {on}")
    for statement in (*book.sql.macros(), *book.sql.episodes(), *book.sql.fold()):
        duck.execute(statement)
    return extracted.persons


def _answer(duck: Any, schema: str, book: Book, packages: Sequence[str], on: int) -> None:
    duck.execute(book.sql.answers_table())
    for statement in book.sql.answers(on, _TOLD, packages):
        duck.execute(statement)
    duck.execute(f"CREATE OR REPLACE TABLE main.said_{schema} AS SELECT {_SAID} FROM answers")


def _groups(old: Book, new: Book) -> Iterator[tuple[str, ...]]:
    """The packages of both books, together where a need has moved from one to another."""
    groups: list[set[str]] = []
    for name in dict.fromkeys(need.name for book in (old, new) for need in book.needs):
        mine = {need.package.name for book in (old, new) for need in book.needs if need.name == name}
        touched = [group for group in groups if group & mine]
        groups = [group for group in groups if group not in touched] + [mine.union(*touched)]
    return (tuple(sorted(group)) for group in groups)
