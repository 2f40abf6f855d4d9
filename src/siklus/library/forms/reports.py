"""Recapitulation sheets as they are read from `knowledge/forms/`: columns counted from records, never typed.

A column has a yes/no about one person in a period: `is` with `period.from` and `period.to`; in short the records of the
period that make it true (`counts`); or how the last measurement of the period was judged (`class`). `who` leaves others
out. What no record tells is a column too: it says `missing`, and never counts. The figures are made in `tallies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from siklus.rules import tree as t
from siklus.rules.book import Classification
from siklus.rules.expressions import check, check_selection
from siklus.rules.names import Reading, check_slots, confidence_of
from siklus.rules.scopes import Scope, aggregate
from siklus.rules.sentences import Words
from siklus.rules.source import MarkedMap, did_you_mean, entries_of, fault, mapping_of, text_of
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, PERSON, Vocabulary

WEEK, MONTH = "week", "month"
_REPORT = "report title version since every for cites confidence note let columns".split()
_COLUMN = "column title group of is counts class missing shows who note".split()
_LET = "title is record_at".split()
_WAYS = ("is", "counts", "class", "missing", "shows")
_OF = (PERSON, HOUSEHOLD)
_EVERY = (WEEK, MONTH)
_PERIOD = "period"
_BOUNDS: Mapping[str, t.Node] = {"period.from": t.PeriodBound(True), "period.to": t.PeriodBound(False)}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: how many persons, or families of such persons, it is true of. `who` false leaves somebody out.

    `told` is the same for a reader, to whom it goes without saying that the sheet is about its period. `judged` are the
    words of a column that asks a classification. `missing` is why no record tells it; `shows_period` has no figure.
    `reads` are the kinds of record (and episodes) whose content it tells; that somebody came at all tells none.
    """

    name: str
    title: str
    group: str
    of: str
    who: t.Node
    holds: t.Node
    told: t.Node
    judged: str = ""
    missing: str = ""
    shows_period: bool = False
    note: str = ""
    reads: frozenset[str] = frozenset()

    @property
    def is_counted(self) -> bool:
        """False for what only stands there: the period, and what is not recorded."""
        return not self.missing and not self.shows_period


@dataclass(frozen=True, slots=True)
class Report:
    """A sheet and its columns from left to right. `gate` leaves out whom it is not about; `named` are words of lets."""

    name: str
    title: str
    version: int
    every: str
    gate: t.Node
    cites: str
    confidence: str
    note: str
    columns: tuple[Column, ...]
    named: Mapping[t.Node, str]

    def column(self, name: str) -> Column:
        """A column by its name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def words_of(report: Report, column: Column, vocabulary: Vocabulary) -> str:
    """Whom a column counts, for its reader."""
    if column.missing:
        return column.missing
    if column.shows_period:
        return ""
    said = Words(vocabulary, named=report.named).say(column.told) if column.told != t.TRUE else ""
    return "; ".join(filter(None, (said, column.judged))) or "semua"


def read_report(
    reading: Reading, document: MarkedMap, classes: Mapping[str, Classification] | None = None
) -> Report:
    """One sheet; its faults go to `reading`."""
    name, faults = str(document["report"]), reading.faults
    check_slots(reading, document, _REPORT, f"report '{name}'")
    for slot in ("title", "version", "since", "cites", "columns"):
        if slot not in document:
            faults.add("F01", document.mark, f"report '{name}' has no '{slot}'")
    every = str(document.get("every", WEEK))
    if every not in _EVERY:
        faults.add("F01", document.at("every"), f"'{every}' is not one of {', '.join(_EVERY)}")
    names = _names(reading, document)
    columns: list[Column] = []
    nothing: list[MarkedMap] = []
    for entry in faults.tried(lambda: list(entries_of(document, "columns")), nothing):
        with faults.guard():
            column = _column(reading, entry, names, classes or {})
            if column.name in {each.name for each in columns}:
                raise fault("F03", entry.mark, f"column '{column.name}' stands twice")
            columns.append(column)
    version = document.get("version")
    everybody: t.Node = t.TRUE
    gate = faults.tried(lambda: _gate(document, names.scope), everybody)
    return Report(
        name=name,
        title=str(document.get("title", name)),
        version=version if isinstance(version, int) else 1,
        every=every,
        gate=gate,
        cites=str(document.get("cites", "")),
        confidence=faults.tried(lambda: confidence_of(name, document), ""),
        note=str(document.get("note", "")),
        columns=tuple(columns),
        named=names.named,
    )


def _gate(document: MarkedMap, scope: Scope) -> t.Node:
    """Whom the sheet is about: told by the register alone, so that nobody else's records need be read."""
    if "for" not in document:
        return t.TRUE
    node = check(document["for"], document.at("for"), scope, "bool")
    if any(isinstance(part, t.Aggregate) for part in t.walk(node)):
        raise fault(
            "F10", document.at("for"), "'for' of a sheet speaks of facts of the person and today alone"
        )
    return node


@dataclass(frozen=True)
class _Names:
    """What columns may speak of, the words of the names, and which of the names say only that somebody came."""

    scope: Scope
    named: Mapping[t.Node, str]
    came: tuple[t.Node, ...]


def _names(reading: Reading, document: MarkedMap) -> _Names:
    """The ends of the period, and the names the sheet gives, each resting on those above it."""
    scope, named = Scope(reading.vocabulary, PERSON, _BOUNDS), dict[t.Node, str]()
    came: list[t.Node] = []
    given = reading.faults.tried(lambda: mapping_of(document, "let"), MarkedMap(document.mark))
    for name, entry in given.items():
        with reading.faults.guard():
            spec = entry if isinstance(entry, MarkedMap) else MarkedMap(given.at(name))
            check_slots(reading, spec, _LET, f"'{name}'")
            if not isinstance(entry, MarkedMap):
                node = check(entry, given.at(name), scope)
            elif "record_at" in entry:
                node = _any_record_at(reading, entry)
                came.append(node)
            else:
                node = check(entry.get("is", ""), entry.at("is"), scope)
            if "title" in spec:
                named[node] = str(spec["title"])
            scope = replace(scope, names={**scope.names, name: node})
    return _Names(scope, named, tuple(came))


def _any_record_at(reading: Reading, entry: MarkedMap) -> t.Node:
    """Whether anything at all was recorded of a person at a place in the period: they came."""
    place = str(entry["record_at"])
    known = reading.vocabulary.codes["tempat"]
    if place not in known:
        raise fault(
            "F04", entry.at("record_at"), f"'{place}' is not a word of tempat.", did_you_mean(place, known)
        )
    scope = Scope(reading.vocabulary, PERSON, _BOUNDS)
    kinds = (k for k in reading.vocabulary.kinds.values() if k.of == PERSON and not k.register)
    return t.either(
        *(
            _within_period(
                scope, kind.name, check(f"tempat = {place}", entry.mark, scope.inside(kind.name), "bool")
            )
            for kind in kinds
        )
    )


def _column(
    reading: Reading, entry: MarkedMap, names: _Names, classes: Mapping[str, Classification]
) -> Column:
    scope = names.scope
    check_slots(reading, entry, _COLUMN, "a column")
    if "column" not in entry or "title" not in entry or sum(way in entry for way in _WAYS) != 1:
        expected = "a column has 'column', 'title', and one of 'is', 'counts', 'class', 'missing' and 'shows'"
        raise fault("F01", entry.mark, expected)
    of = str(entry.get("of", PERSON))
    if of not in _OF:
        raise fault("F01", entry.at("of"), f"'{of}' is not one of {', '.join(_OF)}")
    if entry.get("shows", _PERIOD) != _PERIOD:
        raise fault("F01", entry.at("shows"), f"a column that is not counted shows '{_PERIOD}'")
    everybody: t.Node = t.TRUE
    who = check(entry["who"], entry.at("who"), scope, "bool") if "who" in entry else everybody
    holds = told = everybody
    judged = ""
    if "is" in entry:
        holds = told = check(entry["is"], entry.at("is"), scope, "bool")
    elif "counts" in entry:
        selections = list(_selections(entry, scope))
        told = t.either(*(aggregate(scope, "exists", kind, None, where) for kind, where in selections))
        holds = t.either(*(_within_period(scope, kind, where) for kind, where in selections))
    elif "class" in entry:
        holds, judged = _classes(entry, classes)
    return Column(
        str(entry["column"]),
        str(entry["title"]),
        str(entry.get("group", "")),
        of,
        who,
        holds,
        t.both(who, told),
        judged,
        str(entry.get("missing", "")),
        "shows" in entry,
        str(entry.get("note", "")),
        frozenset(_content(holds, names.came)),
    )


def _content(node: t.Node, came: tuple[t.Node, ...]) -> Iterator[str]:
    """The kinds a yes/no looks into, but for the question whether anything was recorded at all."""
    if any(node is each for each in came):
        return
    if isinstance(node, t.Aggregate):
        yield node.kind.removeprefix(EPISODE_KIND)
    for part in t.children(node):
        yield from _content(part, came)


def _classes(entry: MarkedMap, classes: Mapping[str, Classification]) -> tuple[t.Node, str]:
    """`{CLASSIFICATION: [VALUE, ...]}`: true where one of them comes to one of these."""
    given = mapping_of(entry, "class")
    found: list[t.Node] = []
    said: list[str] = []
    for name, listed in given.items():
        table = classes.get(name)
        if table is None:
            raise fault(
                "F14",
                given.key_marks[name],
                f"'{name}' is not a classification.",
                did_you_mean(name, classes),
            )
        values = [text_of(each) for each in (listed if isinstance(listed, list) else [listed])]
        known = {row.value for row in table.rows}
        for value in values:
            if value not in known:
                found_text = f"'{name}' never comes to '{value}'."
                raise fault("F14", given.at(name), found_text, did_you_mean(value, known))
        found.append(judged_in_period(table, values))
        said.append(f"{table.title}: {', '.join(value.replace('_', ' ') for value in values)}")
    return t.either(*found), "; atau ".join(said)


def judged_in_period(table: Classification, values: Iterable[str]) -> t.Node:
    """Whether the last measurement lies in the period and is judged as one of these; unknown where the class is."""
    assert isinstance(table.measured, t.IsKnown)
    is_now = t.Compare(">=", table.measured.arg, _BOUNDS["period.from"])
    wanted, above, ways = frozenset(values), list[t.Node](), list[t.Node]()
    for row in table.rows:
        if row.value in wanted:
            ways.append(t.both(*(t.Not(each) for each in above), row.when))
        above.append(row.when)
    gate = t.FirstKnown((table.package.gate, t.TRUE))
    return t.both(table.measured, is_now, gate, table.who, t.either(*ways))


def _selections(entry: MarkedMap, scope: Scope) -> Iterator[tuple[str, t.Node]]:
    given = entry["counts"]
    for text in given if isinstance(given, list) else [given]:
        yield check_selection(text_of(text), entry.at("counts"), scope)


def _within_period(scope: Scope, kind: str, where: t.Node) -> t.Node:
    date = t.RecordField("date", "date", False)
    inside = t.both(t.Compare(">=", date, _BOUNDS["period.from"]), t.Compare("<", date, _BOUNDS["period.to"]))
    return aggregate(scope, "exists", kind, None, t.both(where, inside))
