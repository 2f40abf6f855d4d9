"""One shard of an extract answered by DuckDB: its tables laid out, folded or taken from what was kept, and the queries.

The same on a desk and inside a worker of Spark: the rules' SQL over Parquet, no database and no Django.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siklus.bulk import results
from siklus.bulk.columns import column_type, quoted
from siklus.bulk.folders import Extract, Shard
from siklus.bulk.tables import COVERAGE, LASTING, NEEDS, UNITS, Column, Table
from siklus.bulk.workspace import copy_to, parquet, text
from siklus.kernel.dates import NEVER
from siklus.kernel.periods import Period
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book
from siklus.rules.answers import STATUSES
from siklus.rules.emitters.duckdb_lasting import LASTING_OF_ANSWERS, LASTS
from siklus.rules.reading import fields_read
from siklus.rules.vocabulary import HOUSEHOLD

NOT_APPLICABLE = "not_applicable"
TOLD = tuple(status for status in STATUSES if status != NOT_APPLICABLE)
_PLACES = "left_day, gone_day, desa_code, posyandu_code, puskesmas_code"
_ASKED_DAYS = ("opens", "due", "overdue", "until")
_DAY = "DATE '1970-01-01' + {day}"
_SOON = 31
"""What ends in so many days is kept apart by package: nearly all that a day of the coming month will ask."""


@dataclass(frozen=True, slots=True)
class Question:
    """Needs of a day (`period` None), or the indicators of a period judged on its cut-off day; of these statuses."""

    on: int
    period: Period | None = None
    statuses: tuple[str, ...] = TOLD
    keep: bool = False

    @property
    def table(self) -> Table:
        """What the answers look like."""
        return NEEDS if self.period is None else UNITS


def check_extract(extract: Extract, book: Book) -> None:
    """ProblemError when the extract lacks what this rule book reads; then it was made by another one."""
    lacking = []
    if HOUSEHOLD in book.rules.units() and HOUSEHOLD not in extract.columns:
        lacking.append(HOUSEHOLD)
    for kind, names in fields_read(book.rules).items():
        fields = book.vocabulary.kinds[kind].fields
        wanted = {name: column_type(field) for name, field in fields.items() if name in names}
        held = extract.columns.get(kind, {})
        lacking += [f"{kind}.{name}" for name in sorted(wanted) if held.get(name) != wanted[name]]
    if lacking:
        raise ProblemError(
            [
                Problem(
                    "B11",
                    str(extract.folder),
                    f"ekstrak ini belum memuat {', '.join(lacking)} yang dibaca buku aturan {book.hash}.",
                    todo="Jalankan lagi: siklus bulk extract",
                )
            ]
        )


def answer_queries(duck: Any, book: Book, extract: Extract, shard: Shard, asked: Question) -> dict[str, str]:
    """Fills an empty DuckDB with the shard; the queries by name, each giving rows of `asked.table`."""
    make_ready(duck, book, extract, shard, asked)
    return _needs(book, asked) if asked.period is None else _units(duck, book, asked, asked.period)


def make_ready(duck: Any, book: Book, extract: Extract, shard: Shard, asked: Question) -> None:
    """Fills an empty DuckDB with the units of the shard and their folds, from what was kept if there is such."""
    for statement in book.sql.macros():
        duck.execute(statement)
    kept = kept_folder(extract, book, shard, asked)
    if kept.is_dir():
        _take_kept(duck, kept)
    else:
        _lay_out(duck, book, extract, shard)
        folds = book.sql.fold() if asked.period is None else book.sql.indicator_folds(asked.period)
        for statement in (*book.sql.episodes(), *folds):
            duck.execute(statement)
        if asked.keep:
            _keep(duck, kept)


def lasting_answers(duck: Any, book: Book, asked: Question) -> Iterator[tuple[str, str]]:
    """As the queries for needs, one after another, of a DuckDB made ready; then `lasting` says how long they last."""
    for statement in book.sql.lasting(asked.on):
        duck.execute(statement)
    queries = book.sql.answer_queries(asked.on, asked.statuses, lasting=True)
    yield from answered_in_turn(duck, book, asked, queries)


def answered_in_turn(
    duck: Any, book: Book, asked: Question, queries: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str]]:
    """(name, query) for what each of these queries answers, by (unit, package); `lasting` says how long that lasts."""
    for (unit, package), query in queries.items():
        duck.execute(book.sql.answers_table())
        duck.execute(f"INSERT INTO answers {query}")
        duck.execute(LASTING_OF_ANSWERS)
        yield f"{package}-{unit}", told(asked.on, f"FROM answers WHERE status <> '{LASTS}'")


def lasting_rows(on: int, owners: str = "places", alone: str = "") -> str:
    """The rows of the table `lasts`: of all these, what ends soon by its package, and the rest together.

    `alone`: (person, package) of those of whom one package was asked, each with its row.
    """
    soon = f"lasts <= {on + _SOON} AND package IS NOT NULL"
    whole = f"""SELECT person, CASE WHEN {soon} THEN package END AS package, min(lasts) AS lasts
      FROM (SELECT person, package, lasts FROM lasting SEMI JOIN {owners} AS owner USING (person)
        UNION ALL SELECT owner.person, NULL, {results.leaving(on)}
          FROM {owners} AS owner LEFT JOIN places ON places.person = owner.person) GROUP BY ALL"""
    if alone:
        whole += f""" UNION ALL SELECT person, package, min(lasts)
          FROM {alone} LEFT JOIN lasting USING (person, package) GROUP BY ALL"""
    made = {
        "on_day": _DAY.format(day=f"{on}::INTEGER"),
        "owner": "person",
        "lasts": f"CASE WHEN lasts < {NEVER} THEN {_DAY.format(day='lasts')} END",
    }
    return f"SELECT {_listed(LASTING, made)} FROM ({whole}) ORDER BY lasts, package, person"


def kept_folder(extract: Extract, book: Book, shard: Shard, asked: Question) -> Path:
    """Where the folded records of a shard are kept; the folds of needs serve any day, those of a period that period."""
    of = "needs" if asked.period is None else f"units-{asked.period.name.replace('/', '-')}"
    return extract.folder / "kept" / book.hash / of / f"kabupaten={shard.kabupaten}" / shard.name


def _lay_out(duck: Any, book: Book, extract: Extract, shard: Shard) -> None:
    """`u_person` and `places` as tables, records as views: each is read once for a fold, and never held whole."""
    low, high = shard.buckets
    inside = f"WHERE bucket BETWEEN {low} AND {high}" if shard.of > 1 else ""
    persons = f"FROM {parquet(extract.person(shard.kabupaten))} {inside}"
    duck.execute(f"CREATE TABLE u_person AS SELECT * EXCLUDE (bucket, {_PLACES}) {persons}")
    places = f"SELECT id AS person, id AS spokesman, {_PLACES} {persons}"
    families = extract.household(shard.kabupaten)
    if families is not None:
        rows = f"FROM {parquet(families)} {inside}"
        where = "desa_code, posyandu_code, puskesmas_code"
        duck.execute(f"CREATE TABLE u_household AS SELECT * EXCLUDE (bucket, spokesman, {where}) {rows}")
        places += f" UNION ALL SELECT id, spokesman, NULL, NULL, {where} {rows}"
    elif HOUSEHOLD in extract.columns:
        own = ", ".join(f"{quoted(name)} {type_}" for name, type_ in extract.columns[HOUSEHOLD].items())
        duck.execute(f"CREATE TABLE u_household ({own})")
    duck.execute(f"CREATE TABLE places AS {places}")
    for kind in fields_read(book.rules):
        name, path = quoted(f"r_{kind}"), extract.records(kind, shard.kabupaten)
        if path is None:
            columns = ", ".join(f"{quoted(name)} {type_}" for name, type_ in extract.columns[kind].items())
            duck.execute(f"CREATE TABLE {name} ({columns}, unit BIGINT)")
        else:
            rows = f"SELECT * EXCLUDE (bucket), NULL::BIGINT AS unit FROM {parquet(path)} {inside}"
            duck.execute(f"CREATE VIEW {name} AS {rows}")


def _keep(duck: Any, folder: Path) -> None:
    """The units and their accumulators as files; all of them or none."""
    fresh = folder.with_name(f".{folder.name}.baru")
    shutil.rmtree(fresh, ignore_errors=True)
    made = "SELECT table_name FROM duckdb_tables() WHERE table_name[1:2] IN ('u_', 'f_') OR table_name = 'places'"
    for (table,) in duck.execute(made).fetchall():
        copy_to(duck, f"FROM {quoted(table)}", fresh / f"{table}.parquet")
    if folder.is_dir():
        shutil.rmtree(fresh)
    else:
        fresh.rename(folder)


def _take_kept(duck: Any, folder: Path) -> None:
    for path in sorted(folder.glob("*.parquet")):
        duck.execute(f"CREATE TABLE {quoted(path.stem)} AS FROM {parquet(path)}")


def _needs(book: Book, asked: Question) -> dict[str, str]:
    return {
        f"{package}-{unit}": told(asked.on, query)
        for (unit, package), query in book.sql.answer_queries(asked.on, asked.statuses).items()
    }


def told(on: int, answers: str) -> str:
    """The rows of `needs` from a query with the columns of answers; none of those who have left by the day."""
    days = {day: f"CASE WHEN {day} < {NEVER} THEN {_DAY.format(day=day)} END" for day in _ASKED_DAYS}
    made = {
        "on_day": _DAY.format(day=f"{on}::INTEGER"),
        "person": "spokesman",
        "occurrence": _DAY.format(day="occurrence"),
        **days,
    }
    return (
        f"SELECT {_listed(NEEDS, made)} FROM ({answers}) AS answers JOIN places USING (person) "
        f"WHERE left_day IS NULL OR left_day > {on}"
    )


def _units(duck: Any, book: Book, asked: Question, period: Period) -> dict[str, str]:
    for statement in book.sql.indicator_answers(period, asked.on):
        duck.execute(statement)
    duck.execute(results.component_table(book.indicators))
    judged = results.judged_units(period.cut_off(asked.on))
    columns = _listed(UNITS, {"period": text(period.name), "complete": results.COMPLETE})
    return {"units": f"SELECT {columns} FROM ({judged})"}


def sums(units: list[Path]) -> str:
    """The rows of `coverage` from files of `units`."""
    held = {
        "registered": "counted",
        "reached": "counted AND reached",
        "complete": "counted AND complete",
        "unclear": "counted IS NULL",
    }
    made = {name: f"count(*) FILTER (WHERE {test})" for name, test in held.items()}
    return f"SELECT {_listed(COVERAGE, made)} FROM {parquet(*units)} GROUP BY ALL ORDER BY ALL"


def _listed(table: Table, made: Mapping[str, str]) -> str:
    return ", ".join(f"{_typed(column, made)} AS {quoted(column.name)}" for column in table.columns)


def _typed(column: Column, made: Mapping[str, str]) -> str:
    text = made.get(column.name, quoted(column.name))
    return f"({text})::{column.kind}"
