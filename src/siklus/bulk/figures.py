"""The figures of some periods counted for everybody at once: sums by place, sex, age group and disability, no names.

Records -> Arrow -> DuckDB -> the rules' SQL -> sums -> database. Of the records only those kinds are read that an
indicator of these periods looks at. What it costs and why names are not kept: docs/decisions/0032.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from siklus.bulk.columns import quoted
from siklus.bulk.database import reach_site_database
from siklus.bulk.extract import extract
from siklus.bulk.workspace import text, workspace
from siklus.kernel.periods import Period
from siklus.kernel.places import parent_of
from siklus.library.loading import book_in_force, holding
from siklus.library.splits import NO, UNKNOWN, YES, AgeGroup, age_groups, fact_splits
from siklus.monitoring import actions as monitoring
from siklus.monitoring.figures import NewFigure, fact_group
from siklus.register import queries as register
from siklus.rules.book import Indicator
from siklus.rules.choosing import with_indicators
from siklus.rules.emitters.duckdb import Sql, write_sql

_NAMED = 6
_FOUR = (
    "counted",
    "counted AND reached",
    "counted AND list_bool_and(list_transform(components, lambda c: coalesce(c, false)))",
    "counted IS NULL",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresReport:
    """What was counted: rows of sums in these periods, and how long it took."""

    periods: tuple[str, ...]
    persons: int
    rows: int
    seconds: float


def count_figures(
    wanted: Sequence[Period], today: int, progress: Callable[[str], None] | None = None
) -> FiguresReport:
    """Counts every indicator of these periods again, each as of its cut-off day, and replaces what was kept of them."""
    began, say = time.monotonic(), progress or (lambda _line: None)
    with holding(book_in_force()) as book, workspace() as duck:
        kinds = {period.kind for period in wanted}
        rules = with_indicators(book.rules, (each for each in book.indicators if each.period in kinds))
        sql = write_sql(rules)
        say("Membaca catatan ...")
        extracted = extract(duck, reach_site_database(), rules)
        _each(duck, (*sql.macros(), *sql.episodes()))
        counted: dict[str, list[NewFigure]] = {}
        for period in wanted:
            say(f"Menghitung indikator {period.name} ...")
            counted[period.name] = _count(duck, sql, period, today)
        monitoring.replace_figures(
            counted, {period.name: period.cut_off(today) for period in wanted}, book.hash, extracted.last_seq
        )
    return FiguresReport(
        periods=tuple(counted),
        persons=extracted.persons,
        rows=sum(map(len, counted.values())),
        seconds=round(time.monotonic() - began, 1),
    )


def _count(duck: Any, sql: Sql, period: Period, today: int) -> list[NewFigure]:
    """The sums of one period, by every place they belong to."""
    indicators = {each.name: each for each in sql.rules.indicators if each.period == period.kind}
    if not indicators:
        return []
    _each(duck, sql.indicators(period, today))
    most = max(len(each.components) for each in indicators.values())
    whole = register.kabupatens()
    sums: dict[tuple[str, str], _Sums] = {}
    facts = [split.fact for split in fact_splits() if split.fact in sql.rules.vocabulary.person]
    found = duck.execute(_grouped(period.cut_off(today), most, age_groups(), facts))
    while rows := found.fetchmany(10_000):
        for row in rows:
            (name, desa, posyandu, puskesmas, sex, age), rest = row[:_NAMED], row[_NAMED:]
            answers, numbers = rest[: len(facts)], rest[len(facts) :]
            groups = [f"{sex}:{age}", *map(fact_group, repeat(sex), facts, answers)]
            for place in _places(desa, posyandu, puskesmas, whole):
                here = sums.get((name, place))
                if here is None:
                    here = sums[name, place] = _Sums(indicators[name])
                here.add(groups, numbers, most)
    return [here.figure(name, place) for (name, place), here in sorted(sums.items())]


def _grouped(cut_off: int, most: int, groups: Sequence[AgeGroup], facts: Sequence[str]) -> str:
    """Residents who are or may be counted, by place, sex, age group and facts: four numbers, two for each component."""
    trues = (f"count(*) FILTER (WHERE counted AND components[{n}])" for n in range(1, most + 1))
    unknowns = (f"count(*) FILTER (WHERE counted AND components[{n}] IS NULL)" for n in range(1, most + 1))
    four = (f"count(*) FILTER (WHERE {test})" for test in _FOUR)
    answers = "".join(f"{_answer(fact)} AS {quoted(f'fact_{fact}')}, " for fact in facts)
    return f"""SELECT indicator, desa_code, posyandu_code, puskesmas_code, coalesce(sex, '') AS sex,
        {_age_group(cut_off, groups)} AS age, {answers}{", ".join((*four, *trues, *unknowns))}
      FROM indicator_answers AS answer JOIN places ON places.person = answer.person
      LEFT JOIN u_person AS owner ON owner.id = answer.person
      WHERE places.gone_day IS NULL OR places.gone_day > {cut_off} GROUP BY ALL"""


def _answer(fact: str) -> str:
    told = f"owner.{quoted(fact)}"
    return f"CASE WHEN {told} THEN {text(YES)} WHEN NOT {told} THEN {text(NO)} ELSE {text(UNKNOWN)} END"


def _age_group(cut_off: int, groups: Sequence[AgeGroup]) -> str:
    young = "".join(
        f" WHEN add_months_(birth, {group.below_months}) > {cut_off} THEN {text(group.key)}"
        for group in groups
        if group.below_months is not None
    )
    oldest = next(group.key for group in groups if group.below_months is None)
    return f"CASE WHEN birth IS NULL THEN ''{young} ELSE {text(oldest)} END"


def _places(desa: str, posyandu: str, puskesmas: str, whole: set[str]) -> Iterator[str]:
    """Every place a residence counts in; whose village is not known counts in the only kabupaten there is."""
    yield from (code for code in (posyandu, puskesmas, desa) if code)
    kecamatan = parent_of(desa) if desa else None
    if kecamatan:
        yield kecamatan
    if len(whole) == 1:
        yield from whole
    elif kecamatan and (kabupaten := parent_of(kecamatan)):
        yield kabupaten


class _Sums:
    """The sums of one indicator in one place while they are added up."""

    def __init__(self, indicator: Indicator) -> None:
        self.names = tuple(indicator.components)
        self.four = [0, 0, 0, 0]
        self.true: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.groups: dict[str, list[int]] = {}

    def add(self, groups: Iterable[str], numbers: Sequence[int], most: int) -> None:
        """Puts numbers on top; they count once, and in each of these groups."""
        four, width = numbers[: len(self.four)], len(self.names)
        true = numbers[len(self.four) :][:width]
        unknown = numbers[len(self.four) + most :][:width]
        self.four = [a + b for a, b in zip(self.four, four, strict=True)]
        self.true.update(dict(zip(self.names, true, strict=True)))
        self.unknown.update(dict(zip(self.names, unknown, strict=True)))
        for group in groups:
            mine = self.groups.setdefault(group, [0] * (len(self.four) + width))
            self.groups[group] = [a + b for a, b in zip(mine, (*four, *true), strict=True)]

    def figure(self, indicator: str, place: str) -> NewFigure:
        """The row that is kept."""
        registered, reached, complete, unclear = self.four
        components = {
            name: [self.true[name], registered - self.true[name] - self.unknown[name], self.unknown[name]]
            for name in self.names
        }
        return NewFigure(
            indicator, place, registered, reached, complete, unclear,
            _json(components), _json(dict(sorted(self.groups.items()))),
        )  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _each(duck: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        duck.execute(statement)
