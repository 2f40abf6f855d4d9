"""A new day of needs: only what lasts no longer is worked out again, from the kept folds.

What is due is a package of somebody, or all packages. A package that few are asked about is answered by generated
Python, in less time than DuckDB plans its SQL; one that many are asked about by the SQL, over those alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from siklus.bulk.answering import Question, answered_in_turn, check_extract, kept_folder, lasting_rows, told
from siklus.bulk.columns import quoted
from siklus.bulk.few import SHARED, ask_few, units_due
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
from siklus.bulk.workspace import copy_to, parquet, text, workspace
from siklus.kernel.dates import iso
from siklus.library.loading import Book
from siklus.rules.emitters.duckdb_fold import fold_table
from siklus.rules.emitters.duckdb_lasting import LASTING as NOTHING_YET
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER

Due = Sequence[tuple[int, str | None]]
"""(person or family, package) to ask; of all packages where none is named."""
_FEW = 400
"""So many of one package take Python as long as DuckDB takes to plan it: docs/explanation/scale.md."""
_MANY = 2
"""When more than one in so many may have changed, everybody is worked out anew."""


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
    people = sum(len({person for person, _ in found}) for found in due.values())
    persons = sum(size.persons for size in extract.kabupaten.values())
    if people * _MANY > persons:
        return answer(book, extract, asked, out, means, progress)
    progress(f"{people} dari {persons} orang dapat berubah sampai {iso(asked.on)} ...")
    rows = 0
    for shard, found in due.items():
        if found:
            rows += _renew_shard(book, extract, asked, shard, out, means, found)
    now.write(out)
    return {asked.table.name: rows, LASTING.name: people}


def _is_kept(book: Book, extract: Extract, work: Sequence[Shard], asked: Question) -> bool:
    return all(kept_folder(extract, book, shard, asked).is_dir() for shard in work)


def _due(out: Path, shard: Shard, since: int, on: int) -> Due:
    """What lasts no longer than some day after the one it holds for, up to this one."""
    files = sorted(lasting_file(out, shard, on).parent.glob(f"*-{shard.name}.parquet"))
    if not files:
        return []
    ends = f"lasts > DATE '{iso(since)}' AND lasts <= DATE '{iso(on)}'"
    with workspace(Means().for_duckdb, 1) as duck:
        found: Due = duck.execute(
            f"SELECT DISTINCT owner, package FROM {parquet(*files)} WHERE {ends}"
        ).fetchall()
    return found


def _renew_shard(
    book: Book, extract: Extract, asked: Question, shard: Shard, out: Path, means: Means, due: Due
) -> int:
    kept, rows = kept_folder(extract, book, shard, asked), 0
    folder, named = (
        partition(out / asked.table.name, shard.kabupaten),
        f"{iso(asked.on)}-{shard.name}.parquet",
    )
    with workspace(means.for_duckdb, means.threads) as duck:
        _take_due(duck, book, kept, due)
        duck.execute(NOTHING_YET)
        counts = dict(duck.execute("SELECT package, count(*) FROM pairs GROUP BY package").fetchall())
        many = [package for package, persons in counts.items() if persons > _FEW]
        for name, query in _ask_many(duck, book, kept, asked, many):
            rows += copy_to(duck, query, folder / f"{name}-{named}")
        if len(many) < len(counts):
            _only(duck, "few", f"package NOT IN ({', '.join(map(text, (*many, '-')))})")
            answers, lasting = ask_few(duck, book, kept, asked)
            duck.register("few_answers", answers)
            duck.register("few_lasting", lasting)
            duck.execute("INSERT INTO lasting FROM few_lasting")
            rows += copy_to(duck, told(asked.on, "FROM few_answers AS answers"), folder / named)
        copy_to(duck, lasting_rows(asked.on, "whole", "alone"), lasting_file(out, shard, asked.on))
    return rows


def _take_due(duck: Any, book: Book, kept: Path, due: Due) -> None:
    """Who is due: `whole` with everything, `alone` (person, package) with a package only, `pairs` of both, `places`."""
    people, packages = zip(*due, strict=True)
    duck.register(
        "due", pa.table({"person": pa.array(people, pa.int64()), "package": pa.array(packages, pa.string())})
    )
    packages_of = dict.fromkeys((need.package.name, need.unit == HOUSEHOLD) for need in book.needs)
    of = ", ".join(f"({text(package)}, {of_family})" for package, of_family in packages_of)
    families = HOUSEHOLD in book.sql.plans
    is_family = (
        f"person IN (SELECT id FROM {parquet(kept / f'u_{HOUSEHOLD}.parquet')})" if families else "false"
    )
    for statement in (
        "CREATE TABLE whole AS SELECT person FROM due WHERE package IS NULL",
        "CREATE TABLE alone AS FROM due ANTI JOIN whole USING (person)",
        f"""CREATE TABLE pairs AS FROM alone UNION
          SELECT person, package FROM (SELECT person, {is_family} AS is_family FROM whole)
            JOIN (VALUES {of}, ({text(SHARED)}, true)) AS packages(package, of_family)
            ON packages.of_family = is_family""",
        f"CREATE TABLE places AS FROM {parquet(kept / 'places.parquet')} SEMI JOIN due USING (person)",
    ):
        duck.execute(statement)


def _only(duck: Any, name: str, where: str) -> None:
    duck.execute(f"CREATE OR REPLACE TABLE {name} AS FROM pairs WHERE {where}")


def _ask_many(
    duck: Any, book: Book, kept: Path, asked: Question, packages: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """(name, query) for the answers of each of these packages, over who is due for it; `lasting` is filled beside."""
    if not packages:
        return
    sql = book.sql
    for statement in sql.macros():
        duck.execute(statement)
    asking: dict[str, tuple[list[str], Mapping[tuple[str, str], str]]] = {
        package: (sql.shared(asked.on), {})
        if package == SHARED
        else (
            sql.shut(asked.on, (package,)),
            sql.answer_queries(asked.on, asked.statuses, (package,), lasting=True),
        )
        for package in packages
    }
    _show_folds(duck, book, kept, "".join("".join((*before, *of.values())) for before, of in asking.values()))
    for package, (before, queries) in asking.items():
        _only(duck, "asked", f"package = {text(package)}")
        for unit in sql.plans:
            duck.execute(f"CREATE OR REPLACE TABLE {quoted(f'u_{unit}')} AS {units_due(unit, kept, 'asked')}")
        for statement in before:
            duck.execute(statement)
        yield from answered_in_turn(duck, book, asked, queries)


def _show_folds(duck: Any, book: Book, kept: Path, wanted: str) -> None:
    """The kept folds that these texts speak of, read where they lie."""
    for unit, plan in book.sql.plans.items():
        for kind, attached in plan.by_kind():
            name = fold_table(unit, kind, attached)
            if kind != MEMBER and name in wanted:
                duck.execute(f"CREATE VIEW {name} AS FROM {parquet(kept / f'{name[1:-1]}.parquet')}")
