"""A new day of needs: only those whose answers last no longer are worked out again, from the kept folds.

On most days they are few, and generated Python answers them in less time than DuckDB plans the SQL of the book. On the
first of a month they are more, and the SQL is asked about them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from siklus.bulk.answering import Question, check_extract, kept_folder, lasting_answers, lasting_rows, told
from siklus.bulk.columns import quoted
from siklus.bulk.folders import (
    Extract,
    Shard,
    Standing,
    lasting_file,
    partition,
    read_standing,
    shards,
)
from siklus.bulk.running import Means, Progress, answer
from siklus.bulk.tables import LASTING
from siklus.bulk.workspace import copy_to, parquet, workspace
from siklus.kernel.dates import NEVER, iso
from siklus.library.loading import Book
from siklus.rules.emitters.duckdb_finish import person_of
from siklus.rules.emitters.duckdb_fold import fold_table
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON

_FEW = 8_000
"""So many persons of a shard take Python as long as DuckDB takes to plan: docs/explanation/scale.md."""
_MANY = 2
"""When more than one in so many may have changed, everybody is worked out anew."""
_DAYS = ("opens", "due", "overdue", "until")
_ANSWERS = pa.schema(
    [
        *((name, pa.string()) for name in ("need", "unit", "package", "status")),
        *((name, pa.int64()) for name in ("unit_id", "person")),
        *((name, pa.int32()) for name in ("occurrence", *_DAYS)),
        ("asks", pa.list_(pa.string())),
    ]
)
_LASTING = pa.schema([("person", pa.int64()), ("lasts", pa.int32())])


def renew(
    book: Book, extract: Extract, asked: Question, out: Path, means: Means, progress: Progress
) -> dict[str, int]:
    """Brings the needs in `out` to a day; rows written by table. Makes them all, and keeps the folds, when it must."""
    check_extract(extract, book)
    asked, work = replace(asked, keep=True), list(shards(extract, means.persons_at_once))
    before = read_standing(out)
    now = Standing(book.hash, extract.last_seq, asked.on, means.persons_at_once)
    if (
        before is None
        or before.on > asked.on
        or replace(before, on=asked.on) != now
        or not _is_kept(book, extract, work, asked)
    ):
        return answer(book, extract, asked, out, means, progress)
    due = {shard: _due(out, shard, before.on, asked.on) for shard in work}
    people, persons = sum(map(len, due.values())), sum(size.persons for size in extract.kabupaten.values())
    if people * _MANY > persons:
        return answer(book, extract, asked, out, means, progress)
    progress(f"{people} dari {persons} orang dapat berubah sampai {iso(asked.on)} ...")
    rows = 0
    for shard, ids in due.items():
        if ids:
            rows += _renew_shard(book, extract, asked, shard, out, means, ids)
    now.write(out)
    return {asked.table.name: rows, LASTING.name: people}


def _is_kept(book: Book, extract: Extract, work: Sequence[Shard], asked: Question) -> bool:
    return all(kept_folder(extract, book, shard, asked).is_dir() for shard in work)


def _due(out: Path, shard: Shard, since: int, on: int) -> list[int]:
    """Whose answers last no longer than some day after the one they hold for, up to this one."""
    files = sorted(lasting_file(out, shard, on).parent.glob(f"*-{shard.name}.parquet"))
    if not files:
        return []
    ends = f"lasts > DATE '{iso(since)}' AND lasts <= DATE '{iso(on)}'"
    with workspace(Means().for_duckdb, 1) as duck:
        found = duck.execute(
            f"SELECT DISTINCT owner FROM {parquet(*files)} WHERE {ends} ORDER BY owner"
        ).fetchall()
    return [person for (person,) in found]


def _renew_shard(
    book: Book,
    extract: Extract,
    asked: Question,
    shard: Shard,
    out: Path,
    means: Means,
    ids: Sequence[int],
) -> int:
    kept = kept_folder(extract, book, shard, asked)
    with workspace(means.for_duckdb, means.threads) as duck:
        duck.register("due_rows", pa.table({"person": pa.array(ids, pa.int64())}))
        duck.execute("CREATE TABLE due AS FROM due_rows")
        duck.execute(
            f"CREATE TABLE places AS FROM {parquet(kept / 'places.parquet')} SEMI JOIN due USING (person)"
        )
        folder, named, rows = (
            partition(out / asked.table.name, shard.kabupaten),
            f"{iso(asked.on)}-{shard.name}.parquet",
            0,
        )
        if len(ids) <= _FEW:
            folded = _folded(duck, book, kept)
            duck.register("answers", _answers(book, folded, asked))
            duck.register("lasting", _lasting(book, folded, asked.on))
            rows = copy_to(duck, told(asked.on, "FROM answers"), folder / named)
        else:
            _take_some(duck, book, kept)
            for units in _in_turn(duck, book):
                for name, query in lasting_answers(duck, book, asked, units):
                    rows += copy_to(duck, query, folder / f"{name}-{named}")
        copy_to(duck, lasting_rows(asked.on), lasting_file(out, shard, asked.on))
    return rows


def _take_some(duck: Any, book: Book, kept: Path) -> None:
    """The tables the SQL rests on, with nobody in them but those who are due."""
    for statement in book.sql.macros():
        duck.execute(statement)
    for unit, plan in book.sql.plans.items():
        duck.execute(f"CREATE TABLE {quoted(f'u_{unit}')} AS {_units_due(unit, kept)}")
        for (kind, attached), group in plan.by_kind().items():
            if kind == MEMBER:
                continue
            folds = _folds_due(unit, kind, attached, [place for place, _ in group], quoted(f"u_{unit}"), kept)
            duck.execute(f"CREATE TABLE {fold_table(unit, kind, attached)} AS {folds}")


def _in_turn(duck: Any, book: Book) -> Iterator[list[str]]:
    """Families first, with all who live in them; then those alone who are due, for a family is due more often than its
    members, who are many."""
    yield [unit for unit in book.sql.plans if unit == HOUSEHOLD]
    duck.execute("DELETE FROM u_person WHERE id NOT IN (SELECT person FROM due)")
    yield [unit for unit in book.sql.plans if unit != HOUSEHOLD]


def _units_due(unit: str, kept: Path) -> str:
    """Those who are due, and the members of families that are."""
    units = parquet(kept / f"u_{unit}.parquet")
    who = "due"
    if unit == PERSON and (kept / f"u_{HOUSEHOLD}.parquet").is_file():
        who = f"(FROM due UNION SELECT id FROM {units} AS member SEMI JOIN due ON due.person = member.household)"
    return f"SELECT unit.* FROM {units} AS unit SEMI JOIN {who} AS due ON due.person = unit.{person_of(unit)}"


def _folds_due(unit: str, kind: str, attached: bool, places: Iterable[int], units: str, kept: Path) -> str:
    columns = ", ".join(f"a{place}" for place in places)
    file = parquet(kept / f"{fold_table(unit, kind, attached)[1:-1]}.parquet")
    return (
        f"SELECT unit_id, {columns} FROM {file} AS fold SEMI JOIN {units} AS unit ON unit.id = fold.unit_id"
    )


def _folded(duck: Any, book: Book, kept: Path) -> list[tuple[int, FoldedUnit]]:
    """(person or family, unit with its accumulators) of all who are due, from the files of the kept folds."""
    found: list[tuple[int, FoldedUnit]] = []
    members: dict[int, list[FoldedUnit]] = {}
    due = {person for (person,) in duck.execute("SELECT person FROM due").fetchall()}
    for unit, plan in sorted(book.engine.plans.items(), key=lambda pair: pair[0] != PERSON):
        duck.execute(f"CREATE OR REPLACE TABLE units AS {_units_due(unit, kept)}")
        facts = _rows(duck, "FROM units")
        states: dict[int, dict[str, Any]] = {row["id"]: {} for row in facts}
        for (kind, attached), group in plan.by_kind().items():
            if kind != MEMBER:
                for row in _rows(
                    duck, _folds_due(unit, kind, attached, [place for place, _ in group], "units", kept)
                ):
                    state = states[row.pop("unit_id")]
                    state.update((name[1:], value) for name, value in row.items() if value is not None)
        for row in facts:
            of_family = tuple(members.get(row["id"], ())) if unit == HOUSEHOLD else ()
            folded = book.engine.unfold(unit, row, states[row["id"]], of_family)
            if unit == PERSON and row.get(HOUSEHOLD) is not None:
                members.setdefault(row[HOUSEHOLD], []).append(folded)
            if row[person_of(unit)] in due:
                found.append((row[person_of(unit)], folded))
    return found


def _rows(duck: Any, query: str) -> list[dict[str, Any]]:
    found = duck.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _answers(book: Book, folded: Sequence[tuple[int, FoldedUnit]], asked: Question) -> pa.Table:
    """What they are owed on the day, in the shape of the SQL's answers."""
    packages = {need.name: need.package.name for need in book.needs}
    told_of = frozenset(asked.statuses)
    rows: dict[str, list[Any]] = {name: [] for name in _ANSWERS.names}
    for person, unit in folded:
        for said in book.engine.finish([unit], asked.on):
            if said.status in told_of:
                values: Mapping[str, Any] = {
                    **said._asdict(),
                    "person": person,
                    "package": packages[said.need],
                }
                for name, column in rows.items():
                    column.append(values[name])
    return pa.table(rows, schema=_ANSWERS)


def _lasting(book: Book, folded: Sequence[tuple[int, FoldedUnit]], on: int) -> pa.Table:
    """(person, lasts) of each of their units, where it ever ends."""
    found = [(person, book.lasting.needs([unit], on)) for person, unit in folded]
    ending = [(person, day) for person, day in found if day < NEVER]
    columns = list(zip(*ending, strict=True)) or [(), ()]
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, _LASTING.types, strict=True)],
        schema=_LASTING,
    )
