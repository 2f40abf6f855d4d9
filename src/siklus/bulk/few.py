"""Packages that few are asked about, by generated Python over the kept folds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from siklus.bulk.answering import Question
from siklus.bulk.workspace import parquet
from siklus.kernel.dates import NEVER
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.emitters.duckdb_finish import person_of
from siklus.rules.emitters.duckdb_fold import fold_table
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON

Row = tuple[Any, ...]
SHARED = ""
"""In place of a package: what its members share with a family."""
_TYPES = {
    **dict.fromkeys(("need", "unit", "status", "package"), pa.string()),
    **dict.fromkeys(("unit_id", "person"), pa.int64()),
    **dict.fromkeys(("occurrence", "opens", "due", "overdue", "until"), pa.int32()),
    "asks": pa.list_(pa.string()),
}
_ANSWERS = pa.schema([(name, _TYPES[name]) for name in (*NeedAnswer._fields, "person", "package")])
_LASTING = pa.schema([("person", pa.int64()), ("package", pa.string()), ("lasts", pa.int32())])


def ask_few(duck: Any, book: Book, kept: Path, asked: Question) -> tuple[pa.Table, pa.Table]:
    """What is said of the pairs in `few` (person, package), in the shape of the SQL's answers; and how long that lasts.

    A pair without a package asks how long what its members share with a family lasts.
    """
    packages: dict[int, set[str]] = {}
    for person, package in duck.execute("SELECT person, package FROM few").fetchall():
        packages.setdefault(person, set()).add(package)
    answers, lasting, said = list[Row](), list[Row](), list[NeedAnswer]()
    told_of = frozenset(asked.statuses)
    for person, unit in _folded(duck, book, kept, packages):
        for package, lasts in book.lasting.ask(unit, packages[person], asked.on, said.append):
            answers += ((*each, person, package) for each in said if each.status in told_of)
            said.clear()
            lasting.append((person, package, lasts))
        if SHARED in packages[person]:
            lasting.append((person, None, book.lasting.shared(unit, asked.on)))
    return _table(answers, _ANSWERS), _table([row for row in lasting if row[-1] < NEVER], _LASTING)


def units_due(unit: str, kept: Path, due: str) -> str:
    """Those of a kind of unit who belong to somebody in `due`, and the members of the families in it."""
    units = parquet(kept / f"u_{unit}.parquet")
    who = due
    if unit == PERSON and (kept / f"u_{HOUSEHOLD}.parquet").is_file():
        who = f"""(SELECT person FROM {due}
          UNION SELECT id FROM {units} AS member SEMI JOIN {due} AS due ON due.person = member.household)"""
    return f"SELECT unit.* FROM {units} AS unit SEMI JOIN {who} AS due ON due.person = unit.{person_of(unit)}"


def _folded(duck: Any, book: Book, kept: Path, asked: Collection[int]) -> Iterator[tuple[int, FoldedUnit]]:
    """(person or family, unit with its accumulators) of all who are asked about, from the files of the kept folds."""
    members: dict[int, list[FoldedUnit]] = {}
    for unit, plan in sorted(book.engine.plans.items(), key=lambda pair: pair[0] != PERSON):
        duck.execute(f"CREATE OR REPLACE TABLE units AS {units_due(unit, kept, 'few')}")
        facts = _rows(duck, "FROM units")
        states: dict[int, dict[str, Any]] = {row["id"]: {} for row in facts}
        for (kind, attached), group in plan.by_kind().items() if facts else ():
            if kind != MEMBER:
                file = parquet(kept / f"{fold_table(unit, kind, attached)[1:-1]}.parquet")
                columns = ", ".join(f"a{place}" for place, _ in group)
                for row in _rows(
                    duck,
                    f"SELECT unit_id, {columns} FROM {file} AS fold SEMI JOIN units ON units.id = fold.unit_id",
                ):
                    state = states[row.pop("unit_id")]
                    state.update((name[1:], value) for name, value in row.items() if value is not None)
        for row in facts:
            of_family = tuple(members.get(row["id"], ())) if unit == HOUSEHOLD else ()
            folded = book.engine.unfold(unit, row, states[row["id"]], of_family)
            if unit == PERSON and row.get(HOUSEHOLD) is not None:
                members.setdefault(row[HOUSEHOLD], []).append(folded)
            if row[person_of(unit)] in asked:
                yield row[person_of(unit)], folded


def _rows(duck: Any, query: str) -> list[dict[str, Any]]:
    found = duck.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema
    )
