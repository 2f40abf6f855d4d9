"""Checked documents -> Rules. All faults of all files are told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Package, Row, Rules
from siklus.rules.expressions import check, check_selection
from siklus.rules.members import check_members, read_shares, with_shares_read
from siklus.rules.names import (
    Reading,
    check_slots,
    confidence_of,
    inherited,
    lets_of,
    read_values,
    required,
    scope_for,
    unit_of,
)
from siklus.rules.needs import read_need, read_series
from siklus.rules.plan import check_late_conditions
from siklus.rules.scopes import Scope, aggregate
from siklus.rules.sharing import shared
from siklus.rules.source import Faults, MarkedMap, entries_of, fault, mapping_of, text_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Vocabulary

_PACKAGE_SLOTS = (
    "package title klaster for by reach per cites confidence values let needs classifications note".split()
)
_INDICATOR_SLOTS = (
    "indicator title title_en short short_en per period klaster counted reached components labels official cites "
    "confidence values let examples say note sensitive"
).split()
_CLASS_SLOTS = "classification title of who rows cites confidence values let examples say note".split()
_DOS = ("segera", "pustu", "kunjungi", "edukasi", "none")
_PERIODS = ("year", "school year", "month", "month cumulative", "quarter")


@dataclass(frozen=True)
class Compiled:
    """The rules and the warnings that do not stop them."""

    rules: Rules
    warnings: tuple[str, ...]


def compile_rules(
    vocabulary: Vocabulary, documents: Sequence[MarkedMap], choices: Mapping[str, str] | None = None
) -> Compiled:
    """Read packages, indicators and values in the order given. ProblemError lists every fault found."""
    reading = Reading(vocabulary, Faults(), choices or {})
    for document in documents:
        if "package" not in document and "indicators" not in document:
            with reading.faults.guard():
                reading.values.update(read_values(reading, document, Scope(vocabulary, PERSON)))
    shares = read_shares(reading, documents)
    packages: list[Package] = []
    needs: list[Need] = []
    indicators: list[Indicator] = []
    classifications: list[Classification] = []
    for document in documents:
        with reading.faults.guard():
            if "package" not in document and ("needs" in document or "classifications" in document):
                raise fault("R03", document.mark, "a file with needs or classifications has a 'package'")
            if "package" in document:
                package = _package(reading, document)
                packages.append(package)
                for item in entries_of(document, "needs"):
                    with reading.faults.guard():
                        needs += (
                            read_series(reading, document, package, item)
                            if "series" in item
                            else [read_need(reading, document, package, _named(item, "need"))]
                        )
                for item in entries_of(document, "classifications"):
                    with reading.faults.guard():
                        classifications.append(
                            _classification(reading, document, package, _named(item, "classification"))
                        )
            for item in entries_of(document, "indicators"):
                with reading.faults.guard():
                    indicators.append(_indicator(reading, document, _named(item, "indicator")))
    rules = Rules(
        reading.vocabulary,
        tuple(packages),
        tuple(needs),
        tuple(indicators),
        tuple(classifications),
        tuple(reading.chosen),
    )
    rules = shared(with_shares_read(rules, shares))
    check_late_conditions(rules, reading.faults)
    check_members(rules, reading.faults)
    _check_gates(rules, reading.faults)
    _check_refused_needs(rules, reading.faults)
    reading.faults.raise_if_any()
    return Compiled(rules, tuple(reading.warnings))


def _named(item: MarkedMap, slot: str) -> MarkedMap:
    if slot not in item:
        raise fault("R03", item.mark, f"this entry has no '{slot}'")
    return item


def _package(reading: Reading, document: MarkedMap) -> Package:
    name = str(document["package"])
    check_slots(reading, document, _PACKAGE_SLOTS, name)
    of_households = str(document.get("per", PERSON)) == HOUSEHOLD
    scope = scope_for(reading, HOUSEHOLD if of_households else PERSON, document)
    gate: t.Node = t.TRUE
    if "for" in document:
        mark = document.at("for")
        gate = _slot(reading, document, "for", scope, t.TRUE)
        if any(isinstance(node, t.Aggregate) for node in t.walk(gate)):
            reading.faults.add(
                "R27", mark, "a package gate may speak only of facts of the person and of today"
            )
    return Package(
        name, str(document.get("title", name)), str(document.get("klaster", "")), gate, document.mark.file
    )


def _indicator(reading: Reading, document: MarkedMap, item: MarkedMap) -> Indicator:
    name = str(item["indicator"])
    check_slots(reading, item, _INDICATOR_SLOTS, name)
    reading.define(name, item.at("indicator"))
    unit = unit_of(reading, item, document)
    period = str(item.get("period", "year"))
    if period not in _PERIODS:
        reading.faults.add("R12", item.at("period"), f"'{period}' is not a period", ", ".join(_PERIODS))
    bounds: dict[str, t.Node] = {"period.from": t.PeriodBound(True), "period.to": t.PeriodBound(False)}
    scope = scope_for(reading, unit, document, item, extra=bounds)
    tried = reading.faults.tried
    tried(lambda: inherited("components", name, item), None)
    given = tried(lambda: mapping_of(item, "components"), MarkedMap(item.mark))
    components = {each: _slot(reading, given, each, scope, t.UNKNOWN) for each in given}
    reached = _slot(reading, item, "reached", scope, t.either(*components.values()))
    written = tried(lambda: mapping_of(item, "labels"), MarkedMap(item.mark))
    labels = {key: str(label) for key, label in written.items()}
    return Indicator(
        name=name,
        title=tried(lambda: str(inherited("title", name, item)), ""),
        unit=unit,
        klaster=str(item.get("klaster", "")),
        period=period,
        counted=_required(reading, item, "counted", name, scope),
        reached=reached,
        components=components,
        lets=lets_of(scope, document, item),
        labels={key: labels.get(key, key.replace("_", " ")) for key in components},
        official=str(item.get("official", "")),
        cites=tried(lambda: str(inherited("cites", name, item, document)), ""),
        confidence=tried(lambda: confidence_of(name, item, document), ""),
        source=item,
        mark=item.mark,
    )


def _classification(
    reading: Reading, document: MarkedMap, package: Package, item: MarkedMap
) -> Classification:
    name = str(item["classification"])
    check_slots(reading, item, _CLASS_SLOTS, name)
    reading.define(name, item.at("classification"))
    plain = scope_for(reading, PERSON, document, item)
    tried = reading.faults.tried
    kind, where = check_selection(inherited("of", name, item), item.at("of"), plain)
    scope = replace(plain, row_of=(kind, where))
    rows: list[Row] = []
    entries = list(entries_of(item, "rows"))
    for entry in entries:
        with reading.faults.guard():
            rows.append(_row(reading, name, entry, scope))
    if not entries or not _is_last(entries[-1]):
        reading.faults.add("R18", item.at("rows"), f"classification '{name}' must end with 'otherwise'")
    return Classification(
        name=name,
        title=tried(lambda: str(inherited("title", name, item)), ""),
        package=package,
        kind=kind,
        measured=t.IsKnown(aggregate(plain, "last", kind, "date", where)),
        who=_slot(reading, item, "who", scope, t.TRUE),
        rows=tuple(rows),
        lets=lets_of(plain, document, item),
        cites=tried(lambda: str(inherited("cites", name, item, document)), ""),
        confidence=tried(lambda: confidence_of(name, item, document), ""),
        source=item,
        mark=item.mark,
    )


def _row(reading: Reading, name: str, entry: MarkedMap, scope: Scope) -> Row:
    when: t.Node = t.TRUE
    if not _is_last(entry):
        when = _required(reading, entry, "when", name, scope)
    action = str(entry.get("do", "none"))
    if action not in _DOS:
        reading.faults.add("R06", entry.at("do"), f"'{action}' is not an action", ", ".join(_DOS))
    return Row(when, str(required("is", name, entry)), action, str(entry.get("say", "")))


def _is_last(entry: MarkedMap) -> bool:
    return text_of(entry.get("when")) == "otherwise"


def _slot(reading: Reading, item: MarkedMap, slot: str, scope: Scope, default: t.Node) -> t.Node:
    """A yes/no; unknown when it has a fault, which is told."""
    if slot not in item:
        return default
    unknown: t.Node = t.UNKNOWN
    return reading.faults.tried(lambda: check(item[slot], item.at(slot), scope, "bool"), unknown)


def _required(reading: Reading, item: MarkedMap, slot: str, name: str, scope: Scope) -> t.Node:
    """A yes/no that must be there."""
    reading.faults.tried(lambda: inherited(slot, name, item), None)
    return _slot(reading, item, slot, scope, t.UNKNOWN)


def _check_gates(rules: Rules, faults: Faults) -> None:
    """A gate about persons cannot be asked of a household, nor the other way round."""
    for need in rules.needs:
        asked = {node.name for node in t.walk(need.package.gate) if isinstance(node, t.Fact)}
        known = rules.vocabulary.facts_of(need.unit)
        for name in sorted(asked - known.keys()):
            faults.add(
                "R27", need.mark, f"the gate of its package asks for '{name}', no fact of a {need.unit}"
            )


def _check_refused_needs(rules: Rules, faults: Faults) -> None:
    known = {need.name for need in rules.needs}
    for need in rules.needs:
        for slot in (need.who, need.done, need.excluded):
            for node in t.walk(slot):
                if isinstance(node, t.Literal) and node.of == "need" and node.value not in known:
                    faults.add("R01", need.mark, f"'{node.value}' is not a need")
