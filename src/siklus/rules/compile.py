"""Checked documents -> Rules. All faults of all files are told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Package, Row, Rules
from siklus.rules.expressions import check, check_selection
from siklus.rules.names import (
    Reading,
    check_slots,
    confidence_of,
    inherited,
    lets_of,
    read_values,
    scope_for,
    unit_of,
)
from siklus.rules.needs import read_need, read_series
from siklus.rules.plan import check_late_conditions
from siklus.rules.scopes import Scope, aggregate
from siklus.rules.source import Faults, MarkedMap, fault, items_of, text_of
from siklus.rules.vocabulary import PERSON, Vocabulary

_PACKAGE_SLOTS = (
    "package title klaster for by per cites confidence values let needs classifications note".split()
)
_INDICATOR_SLOTS = (
    "indicator title title_en per period klaster counted reached components labels official cites confidence "
    "values let examples say note"
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
                for item in items_of(document, "needs"):
                    with reading.faults.guard():
                        needs += (
                            read_series(reading, document, package, item)
                            if "series" in item
                            else [read_need(reading, document, package, _named(item, "need"))]
                        )
                for item in items_of(document, "classifications"):
                    with reading.faults.guard():
                        classifications.append(
                            _classification(reading, document, package, _named(item, "classification"))
                        )
            for item in items_of(document, "indicators"):
                with reading.faults.guard():
                    indicators.append(_indicator(reading, document, _named(item, "indicator")))
    rules = Rules(
        vocabulary,
        tuple(packages),
        tuple(needs),
        tuple(indicators),
        tuple(classifications),
        tuple(reading.chosen),
    )
    check_late_conditions(rules, reading.faults)
    _check_refused_needs(rules, reading.faults)
    reading.faults.raise_if_any()
    return Compiled(rules, tuple(reading.warnings))


def _named(item: MarkedMap, slot: str) -> MarkedMap:
    if slot not in item:
        raise fault("R03", item.mark, f"this entry has no '{slot}'")
    return item


def _package(reading: Reading, document: MarkedMap) -> Package:
    name = str(document["package"])
    check_slots(document, _PACKAGE_SLOTS, name)
    scope = scope_for(reading, PERSON, document)
    gate = check(document["for"], document.at("for"), scope, "bool") if "for" in document else t.TRUE
    if any(isinstance(node, t.Aggregate) for node in t.walk(gate)):
        raise fault(
            "R27", document.at("for"), "a package gate may speak only of facts of the person and of today"
        )
    return Package(
        name, str(document.get("title", name)), str(document.get("klaster", "")), gate, document.mark.file
    )


def _indicator(reading: Reading, document: MarkedMap, item: MarkedMap) -> Indicator:
    name = str(item["indicator"])
    check_slots(item, _INDICATOR_SLOTS, name)
    reading.define(name, item.at("indicator"))
    unit = unit_of(reading, item, document)
    period = str(item.get("period", "year"))
    if period not in _PERIODS:
        raise fault("R12", item.at("period"), f"'{period}' is not a period", ", ".join(_PERIODS))
    bounds: dict[str, t.Node] = {"period.from": t.PeriodBound(True), "period.to": t.PeriodBound(False)}
    scope = scope_for(reading, unit, document, item, extra=bounds)
    counted = check(inherited("counted", name, item), item.at("counted"), scope, "bool")
    components = {}
    for component, text in inherited("components", name, item).items():
        with reading.faults.guard():
            components[str(component)] = check(text, item["components"].at(component), scope, "bool")
    reached = (
        check(item["reached"], item.at("reached"), scope, "bool")
        if "reached" in item
        else t.either(*components.values())
    )
    labels = {str(key): str(label) for key, label in (item.get("labels") or {}).items()}
    return Indicator(
        name=name,
        title=str(inherited("title", name, item)),
        unit=unit,
        klaster=str(item.get("klaster", "")),
        period=period,
        counted=counted,
        reached=reached,
        components=components,
        lets=lets_of(scope, document, item),
        labels={key: labels.get(key, key.replace("_", " ")) for key in components},
        official=str(item.get("official", "")),
        cites=str(inherited("cites", name, item, document)),
        confidence=confidence_of(name, item, document),
        source=item,
        mark=item.mark,
    )


def _classification(
    reading: Reading, document: MarkedMap, package: Package, item: MarkedMap
) -> Classification:
    name = str(item["classification"])
    check_slots(item, _CLASS_SLOTS, name)
    reading.define(name, item.at("classification"))
    plain = scope_for(reading, PERSON, document, item)
    kind, where = check_selection(inherited("of", name, item), item.at("of"), plain)
    scope = replace(plain, row_of=(kind, where))
    rows = []
    for entry in inherited("rows", name, item):
        if str(entry.get("do", "none")) not in _DOS:
            raise fault("R06", entry.at("do"), f"'{entry['do']}' is not an action", ", ".join(_DOS))
        last = text_of(entry["when"]) == "otherwise"
        when = t.TRUE if last else check(entry["when"], entry.at("when"), scope, "bool")
        rows.append(Row(when, str(entry["is"]), str(entry.get("do", "none")), str(entry.get("say", ""))))
    if not rows or rows[-1].when != t.TRUE:
        raise fault("R18", item.at("rows"), f"classification '{name}' must end with 'otherwise'")
    who = check(item["who"], item.at("who"), scope, "bool") if "who" in item else t.TRUE
    return Classification(
        name=name,
        title=str(inherited("title", name, item)),
        package=package,
        kind=kind,
        measured=t.IsKnown(aggregate(plain, "last", kind, "date", where)),
        who=who,
        rows=tuple(rows),
        lets=lets_of(plain, document, item),
        cites=str(inherited("cites", name, item, document)),
        confidence=confidence_of(name, item, document),
        source=item,
        mark=item.mark,
    )


def _check_refused_needs(rules: Rules, faults: Faults) -> None:
    known = {need.name for need in rules.needs}
    for need in rules.needs:
        for slot in (need.who, need.done, need.excluded):
            for node in t.walk(slot):
                if isinstance(node, t.Literal) and node.of == "need" and node.value not in known:
                    faults.add("R01", need.mark, f"'{node.value}' is not a need")
