"""The figures of a recapitulation sheet: every column over the people of a place in a period.

What is not known is counted beside the figure, never as no; and what no record tells has no figure at all, which is
another thing than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siklus.kernel.periods import Period
from siklus.library.forms.conditions import Subject
from siklus.library.forms.reports import Report
from siklus.rules.reference import Reader, Unit
from siklus.rules.vocabulary import HOUSEHOLD


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` are those it is known to be true of, `unclear` those it may be true of."""

    count: int
    unclear: int


def tally(
    report: Report, people: Iterable[tuple[Subject, int | None]], period: Period, today: int
) -> dict[str, Figure]:
    """Every counted column over (person, family). Ages are those of the last day of the period, or of today while it
    runs; the people's records must reach no further."""
    columns = [column for column in report.columns if column.is_counted]
    sure: dict[str, set[object]] = {column.name: set() for column in columns}
    maybe: dict[str, set[object]] = {column.name: set() for column in columns}
    for subject, household in people:
        unit = Unit(subject.unit, subject.facts, subject.records)
        reader = Reader(unit, period.cut_off(today), period)
        gate = reader.value(report.gate)
        if gate is False:
            continue
        for column in columns:
            who = reader.value(column.who)
            holds = False if who is False else reader.value(column.holds)
            if holds is False:
                continue
            key = household if column.of == HOUSEHOLD else subject.facts["id"]
            if key is not None:
                (sure if holds and who and gate else maybe)[column.name].add(key)
    return {name: Figure(len(found), len(maybe[name] - found)) for name, found in sure.items()}
