"""Everything computed again from all records: State, Need, CoverageUnit and Coverage, for a day and a year.

Records -> Arrow -> DuckDB -> the rules' SQL -> Arrow -> database. The rows are those that folding each person alone
would give. Records that arrive while it runs are not lost: their persons are settled one by one at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from siklus.bulk import results, tallies
from siklus.bulk.database import reach_site_database
from siklus.bulk.extract import Extracted, extract
from siklus.bulk.workspace import workspace
from siklus.bulk.writing import Replaced, Writer, replacing
from siklus.care import actions as care_actions
from siklus.care.dangers import AT_ONCE
from siklus.care.settling import LISTED
from siklus.kernel import periods
from siklus.kernel.dates import iso, year_of
from siklus.kernel.periods import Period
from siklus.library.installed import take_over
from siklus.library.loading import Book, book_to_make_by, holding
from siklus.monitoring import actions as monitoring
from siklus.monitoring.counting import add_up, write_components
from siklus.rules.choosing import kept_by_name
from siklus.rules.emitters.duckdb_lasting import LASTING_OF_ANSWERS

Progress = Callable[[str], None]
_STATUSES = tuple(sorted(LISTED))
UNITS_AT_ONCE = 65_536
"""Whose state is written as text at once."""
_COVERAGE = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("indicator", "period", "desa_code", "posyandu_code", "puskesmas_code")
        ),
        *((name, pa.int32()) for name in ("registered", "reached", "complete", "unclear")),
        ("components", pa.string()),
        ("as_of", pa.int32()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildReport:
    """What a rebuild did; `seconds` by step, in the order of the steps."""

    today: int
    year: int
    rulebook: str
    persons: int
    records: int
    states: int
    needs: int
    units: int
    late: int
    seconds: dict[str, float]

    @property
    def total_seconds(self) -> float:
        """All steps together."""
        return sum(self.seconds.values())


def rebuild(today: int, year: int, progress: Progress | None = None) -> RebuildReport:
    """Make State and Need again as of `today`, and the coverage of `year` as of its cut-off day.

    By the rule book that is coming, if one is: it takes over as soon as its rows are in place.
    """
    with holding(book_to_make_by()) as book, workspace() as duck:
        return _Run(book, today, year, progress or (lambda _line: None)).all_steps(duck)


class _Run:
    """One rebuild: what it is about, what it has counted and how long each step took."""

    def __init__(self, book: Book, today: int, year: int, progress: Progress) -> None:
        self.book, self.today, self.year, self.progress = book, today, year, progress
        self.periods = periods.yearly(year, today)
        self.database = reach_site_database()
        self.seconds: dict[str, float] = {}
        self.rows = {results.STATE: 0, results.NEED: 0, results.TALLY: 0, results.UNITS: 0}

    def all_steps(self, duck: Any) -> RebuildReport:
        with self._step("Membaca catatan"):
            extracted = extract(duck, self.database, kept_by_name(self.book.rules))
        people, records = _number(extracted.persons), _number(extracted.records)
        self.progress(
            f"{people} orang (juga yang pindah, meninggal, tercatat dua kali), {records} catatan berlaku"
        )
        held = ", ".join(f"'{period.name}'" for period in self.periods)
        replaced = [
            Replaced(results.STATE),
            Replaced(results.NEED),
            Replaced(results.TALLY),
            Replaced(results.UNITS, f"period IN ({held})"),
            Replaced(results.COVERAGE, f"period IN ({held})"),
        ]
        with replacing(self.database, replaced) as writer:
            with self._step("Melipat catatan menjadi keadaan tiap orang"):
                self._fold(duck)
            with self._step("Menghitung kebutuhan"):
                self._answer(duck, writer)
            with self._step(f"Menghitung cakupan {self.year}"):
                self._count(duck, writer)
            with self._step("Mencari yang berbahaya"):
                endangered = self._endangered(duck)
            with self._step("Menyiapkan keadaan tiap orang"):
                self._keep(duck, writer)
            began = time.monotonic()
            self.progress("Menyimpan ...")
        take_over(self.book.hash)
        self.seconds["Menyimpan"] = round(time.monotonic() - began, 2)
        with self._step("Menyusulkan catatan yang masuk selama ini"):
            care_actions.replace_dangers(endangered, self.today)
            care_actions.note_day(self.today)
            late = monitoring.settle_since(extracted.last_seq, self.today)
        return self._report(extracted, late)

    def _fold(self, duck: Any) -> None:
        sql = self.book.sql
        for statement in (*sql.macros(), *sql.episodes(), *sql.fold()):
            duck.execute(statement)

    def _answer(self, duck: Any, writer: Writer) -> None:
        sql = self.book.sql
        duck.execute(results.klaster_table(self.book.rules.packages))
        duck.execute(tallies.TABLE)
        for statement in sql.lasting(self.today):
            duck.execute(statement)
        for statement in sql.answers(self.today, _STATUSES, lasting=True, sought=True):
            duck.execute(sql.answers_table())
            duck.execute(statement)
            duck.execute(LASTING_OF_ANSWERS)
            self._hand_over(duck, writer, results.NEED, results.need_rows(self.today))
            duck.execute(tallies.add(results.answered(self.today), _STATUSES))
        writer.complete(results.NEED)
        duck.execute(sql.answers_table())
        self._hand_over(duck, writer, results.TALLY, tallies.rows(_STATUSES))

    def _count(self, duck: Any, writer: Writer) -> None:
        duck.execute(results.component_table(self.book.indicators))
        lasting = periods.yearly(year_of(self.today), self.today)
        for period in self.periods:
            self._count_period(duck, writer, period)
            if period in lasting:
                _each(duck, self.book.sql.indicator_lasting(period, self.today))
        for period in lasting:
            if period not in self.periods:
                _each(duck, self.book.sql.indicator_folds(period))
                _each(duck, self.book.sql.indicator_lasting(period, self.today))

    def _count_period(self, duck: Any, writer: Writer, period: Period) -> None:
        cut_off = period.cut_off(self.today)
        _each(duck, self.book.sql.indicators(period, self.today))
        duck.execute(results.counted_units(cut_off))
        rows = results.unit_rows(period.name, self.database.is_sqlite)
        self._hand_over(duck, writer, results.UNITS, rows)
        standings = map(results.standing_of, duck.execute(results.STANDINGS).fetchall())
        sums = add_up(standings, monitoring.components())
        coverage = [
            (
                indicator, period.name, *place, figures.registered, figures.reached, figures.complete,
                figures.unclear, write_components(figures.components), cut_off,
            )
            for (indicator, place), figures in sorted(sums.items())
        ]  # fmt: skip
        columns = [list(column) for column in zip(*coverage, strict=True)] or [[] for _ in _COVERAGE]
        writer.put(results.COVERAGE, pa.table(columns, schema=_COVERAGE))

    def _keep(self, duck: Any, writer: Writer) -> None:
        """Run by run of the units: the state of a whole district would not fit into the memory that is given."""
        sql = self.book.sql
        for unit in sql.plans:
            for run in duck.execute(results.runs_of_units(unit, UNITS_AT_ONCE)).fetchall():
                rows = results.state_rows(unit, sql.state(unit), self.book.hash, self.today, run)
                self._hand_over(duck, writer, results.STATE, rows)

    def _endangered(self, duck: Any) -> list[int]:
        """Persons one of whose last measurements asks for action at once."""
        for statement in self.book.sql.classes(self.today, AT_ONCE, lasting=True):
            duck.execute(statement)
        found = duck.execute(
            'select distinct unit_id from class_answers where "do" = ? order by 1', [AT_ONCE]
        )
        return [person for (person,) in found.fetchall()]

    def _hand_over(self, duck: Any, writer: Writer, table: str, query: str) -> None:
        rows = duck.sql(query).to_arrow_table()
        self.rows[table] += rows.num_rows
        if rows.num_rows:
            writer.put(table, rows)

    def _report(self, extracted: Extracted, late: int) -> RebuildReport:
        report = RebuildReport(
            today=self.today, year=self.year, rulebook=self.book.hash, persons=extracted.persons,
            records=extracted.records, states=self.rows[results.STATE], needs=self.rows[results.NEED],
            units=self.rows[results.UNITS], late=late, seconds=self.seconds,
        )  # fmt: skip
        monitoring.note_rebuild(
            on_day=self.today, year=report.year, rulebook=report.rulebook, last_seq=extracted.last_seq,
            persons=report.persons, records=report.records, seconds=report.total_seconds,
        )  # fmt: skip
        self.progress(
            f"Selesai per {iso(self.today)}: {_number(report.needs)} kebutuhan, {_number(report.units)} baris cakupan,"
            f" {report.total_seconds:.1f} detik"
        )
        return report

    @contextmanager
    def _step(self, words: str) -> Iterator[None]:
        self.progress(f"{words} ...")
        began = time.monotonic()
        yield
        self.seconds[words] = round(time.monotonic() - began, 2)


def _each(duck: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        duck.execute(statement)


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
