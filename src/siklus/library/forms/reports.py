"""Recapitulation sheets: columns counted from records, never typed, each saying in the rule language whom it counts.

A column has a yes/no about one person in a period (`is`, with `period.from` and `period.to`), or in short the records
of the period that make it true (`counts: KIND where CONDITION`, one or several), of those for whom `who` holds. What is
not known is counted beside it, never as no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from siklus.kernel.periods import Period
from siklus.library.forms.conditions import Subject
from siklus.rules import tree as t
from siklus.rules.expressions import check, check_selection
from siklus.rules.names import Reading, check_slots, confidence_of
from siklus.rules.reference import Reader, Unit
from siklus.rules.scopes import Scope, aggregate
from siklus.rules.source import MarkedMap, entries_of, fault, text_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

_REPORT = "report title version since cites confidence note columns".split()
_COLUMN = "column title group of is counts who".split()
_OF = (PERSON, HOUSEHOLD)
_BOUNDS: Mapping[str, t.Node] = {"period.from": t.PeriodBound(True), "period.to": t.PeriodBound(False)}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: how many persons, or families of such persons, it is true of. `who` false leaves somebody out.

    `told` is the same for a reader, to whom it goes without saying that the sheet is about its period.
    """

    name: str
    title: str
    group: str
    of: str
    who: t.Node
    holds: t.Node
    told: t.Node


@dataclass(frozen=True, slots=True)
class Report:
    """A sheet and its columns from left to right."""

    name: str
    title: str
    version: int
    cites: str
    confidence: str
    note: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` are those it is known to be true of, `unclear` those it may be true of."""

    count: int
    unclear: int


def read_report(reading: Reading, document: MarkedMap) -> Report:
    """One sheet; its faults go to `reading`."""
    name, faults = str(document["report"]), reading.faults
    check_slots(reading, document, _REPORT, f"report '{name}'")
    for slot in ("title", "version", "since", "cites", "columns"):
        if slot not in document:
            faults.add("F01", document.mark, f"report '{name}' has no '{slot}'")
    columns: list[Column] = []
    nothing: list[MarkedMap] = []
    for entry in faults.tried(lambda: list(entries_of(document, "columns")), nothing):
        with faults.guard():
            column = _column(reading, entry)
            if column.name in {each.name for each in columns}:
                raise fault("F03", entry.mark, f"column '{column.name}' stands twice")
            columns.append(column)
    version = document.get("version")
    return Report(
        name=name,
        title=str(document.get("title", name)),
        version=version if isinstance(version, int) else 1,
        cites=str(document.get("cites", "")),
        confidence=faults.tried(lambda: confidence_of(name, document), ""),
        note=str(document.get("note", "")),
        columns=tuple(columns),
    )


def _column(reading: Reading, entry: MarkedMap) -> Column:
    check_slots(reading, entry, _COLUMN, "a column")
    if "column" not in entry or "title" not in entry or ("is" in entry) == ("counts" in entry):
        raise fault("F01", entry.mark, "a column has 'column', 'title', and one of 'is' and 'counts'")
    of = str(entry.get("of", PERSON))
    if of not in _OF:
        raise fault("F01", entry.at("of"), f"'{of}' is not one of {', '.join(_OF)}")
    scope = Scope(reading.vocabulary, PERSON, _BOUNDS)
    who = check(entry["who"], entry.at("who"), scope, "bool") if "who" in entry else t.TRUE
    if "is" in entry:
        holds = told = check(entry["is"], entry.at("is"), scope, "bool")
    else:
        selections = list(_selections(entry, scope))
        told = t.either(*(aggregate(scope, "exists", kind, None, where) for kind, where in selections))
        holds = t.either(*(_within_period(scope, kind, where) for kind, where in selections))
    return Column(
        str(entry["column"]),
        str(entry["title"]),
        str(entry.get("group", "")),
        of,
        who,
        holds,
        t.both(who, told),
    )


def _selections(entry: MarkedMap, scope: Scope) -> Iterator[tuple[str, t.Node]]:
    given = entry["counts"]
    for text in given if isinstance(given, list) else [given]:
        yield check_selection(text_of(text), entry.at("counts"), scope)


def _within_period(scope: Scope, kind: str, where: t.Node) -> t.Node:
    date = t.RecordField("date", "date", False)
    inside = t.both(t.Compare(">=", date, _BOUNDS["period.from"]), t.Compare("<", date, _BOUNDS["period.to"]))
    return aggregate(scope, "exists", kind, None, t.both(where, inside))


def tally(
    report: Report, people: Iterable[tuple[Subject, int | None]], period: Period, today: int
) -> dict[str, Figure]:
    """Every column over (person, family). Ages are those of the last day of the period, or of today while it runs."""
    sure: dict[str, set[object]] = {column.name: set() for column in report.columns}
    maybe: dict[str, set[object]] = {column.name: set() for column in report.columns}
    for subject, household in people:
        unit = Unit(subject.unit, subject.facts, subject.records)
        reader = Reader(unit, period.cut_off(today), period)
        for column in report.columns:
            who = reader.value(column.who)
            holds = False if who is False else reader.value(column.holds)
            if holds is False:
                continue
            key = household if column.of == HOUSEHOLD else subject.facts["id"]
            if key is not None:
                (sure if holds and who else maybe)[column.name].add(key)
    return {name: Figure(len(found), len(maybe[name] - found)) for name, found in sure.items()}
