"""The names a document gives: dated values with their variants, and lets. Read once, used by every kind of rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from siklus.rules import tree as t
from siklus.rules.book import ACTIVE, OPPORTUNISTIC, REACHES, Let, Performer, ValueChoice
from siklus.rules.expressions import check
from siklus.rules.scopes import Broken, Scope
from siklus.rules.source import Faults, Mark, MarkedMap, did_you_mean, entries_of, fault, mapping_of, words_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Vocabulary

CONFIDENCES = ("read", "general", "ours")
_LET_SLOTS = ("title", "is")
_SHARED = "share"
_SEEKING = ("overdue", "appointment")
CONFIDENCE_RANK = {name: rank for rank, name in enumerate(CONFIDENCES)}


@dataclass
class Reading:
    """What is carried while a rule book is being read."""

    vocabulary: Vocabulary
    faults: Faults
    choices: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, t.Node] = field(default_factory=dict)
    chosen: list[ValueChoice] = field(default_factory=list)
    seen: dict[str, Mark] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def define(self, name: str, mark: Mark) -> None:
        """Refuse a second rule of the same name."""
        if name in self.seen:
            raise fault("R21", mark, f"'{name}' is defined twice ({self.seen[name]}, {mark})")
        self.seen[name] = mark


def scope_for(
    reading: Reading, unit: str, *documents: MarkedMap, extra: Mapping[str, t.Node] | None = None
) -> Scope:
    """Values and lets of the documents, outermost first, each seeing the ones before it."""
    names: dict[str, t.Node] = dict(reading.values)
    scope = Scope(reading.vocabulary, unit, names)
    for document in documents:
        names.update(read_values(reading, document, scope))
    names.update(extra or {})
    for document in documents:
        lets = reading.faults.tried(partial(mapping_of, document, "let"), MarkedMap(document.mark))
        for name, entry in lets.items():
            mark = lets.at(name)
            names[name] = Broken()
            with reading.faults.guard():
                if name in reading.vocabulary.facts_of(unit):
                    raise fault(
                        "R25", mark, f"'{name}' is already a fact of {unit}; give the let another name"
                    )
                if isinstance(entry, MarkedMap):
                    of_persons = "package" in document and document.get("per", PERSON) == PERSON
                    slots = (*_LET_SLOTS, _SHARED) if of_persons else _LET_SLOTS
                    check_slots(reading, entry, slots, f"let '{name}'")
                    names[name] = check(required("is", name, entry), entry.at("is"), scope)
                else:
                    names[name] = check(entry, mark, scope)
    return scope


def lets_of(scope: Scope, *documents: MarkedMap) -> tuple[Let, ...]:
    """The names that the documents, outermost first, give to expressions, with their titles."""
    found = {}
    for document in documents:
        lets = document.get("let")
        for name, entry in lets.items() if isinstance(lets, MarkedMap) else ():
            title = str(entry.get("title", "")) if isinstance(entry, MarkedMap) else ""
            if not isinstance(scope.names[name], Broken):
                found[name] = Let(name, scope.names[name], title)
    return tuple(found.values())


def read_values(reading: Reading, document: MarkedMap, scope: Scope) -> dict[str, t.Node]:
    """The chosen variant of each value: the first, or the one a district named."""
    found: dict[str, t.Node] = {}
    values = reading.faults.tried(partial(mapping_of, document, "values"), MarkedMap(document.mark))
    for name in values:
        mark = values.at(name)
        found[name] = Broken()
        with reading.faults.guard():
            variants = list(entries_of(values, name))
            if not variants:
                raise fault("R03", mark, f"value '{name}' has no variant")
            by_name = {str(variant.get("name", place)): variant for place, variant in enumerate(variants)}
            chosen = reading.choices.get(name, next(iter(by_name)))
            if chosen not in by_name:
                raise fault(
                    "R26", mark, f"value '{name}' has no variant '{chosen}'.", did_you_mean(chosen, by_name)
                )
            if not all("is" in variant for variant in variants):
                raise fault("R03", mark, f"value '{name}' has a variant without 'is'")
            node = check(by_name[chosen]["is"], mark, replace(scope, names={}))
            if isinstance(node, t.Literal):
                node = replace(node, said=str(by_name[chosen].get("say", "")))
            found[name] = node
            if not any(known.mark == mark for known in reading.chosen):
                reading.chosen.append(ValueChoice(name, chosen, tuple(variants), mark))
    return found


def check_slots(reading: Reading, item: MarkedMap, allowed: Iterable[str], name: str) -> None:
    """Every slot must be one of the closed list; each that is not is told."""
    known = list(allowed)
    for slot in item:
        if slot not in known:
            reading.faults.add(
                "R02",
                item.key_marks.get(slot, item.mark),
                f"unknown slot '{slot}' in {name}.",
                did_you_mean(slot, known),
            )


def required(slot: str, name: str, entry: MarkedMap) -> Any:
    """The value of a slot of one entry."""
    if slot not in entry:
        raise fault("R03", entry.mark, f"an entry of '{name}' has no '{slot}'")
    return entry[slot]


def inherited(slot: str, name: str, *documents: MarkedMap) -> Any:
    """The value of a slot from the innermost document that has it; required."""
    for document in documents:
        if slot in document:
            return document[slot]
    raise fault("R03", documents[0].mark, f"need '{name}' has no '{slot}'")


def confidence_of(name: str, *documents: MarkedMap) -> str:
    """How sure we are of a rule: read, general or ours."""
    value = str(inherited("confidence", name, *documents))
    if value not in CONFIDENCES:
        raise fault(
            "R06",
            documents[0].at("confidence"),
            f"'{value}' is not a confidence.",
            did_you_mean(value, CONFIDENCES),
        )
    return value


def reach_of(name: str, item: MarkedMap, *documents: MarkedMap) -> str:
    """How people are reached for a need: what it says, else its series or package, else they are sought out.

    Who waits to be met is not late because nobody met them, and an appointment is somebody to seek.
    """
    said = next((document for document in (item, *documents) if "reach" in document), None)
    if said is None:
        return ACTIVE
    value = str(said["reach"])
    if value not in REACHES:
        raise fault("R06", said.at("reach"), f"'{value}' is not a reach.", did_you_mean(value, REACHES))
    for slot in _SEEKING:
        if value == OPPORTUNISTIC and slot in item:
            raise fault(
                "R30", item.at(slot), f"need '{name}' is opportunistic and has '{slot}';",
                "who is to be sought by a day is reached actively: leave out one of the two",
            )  # fmt: skip
    return value


def performers_of(reading: Reading, name: str, *documents: MarkedMap) -> tuple[Performer, ...]:
    """Who may do it where; places and roles are words of the vocabulary."""
    by = next((document for document in documents if "by" in document), None)
    if by is None:
        reading.faults.add("R03", documents[0].mark, f"need '{name}' has no 'by'")
        return ()
    performers = []
    for entry in entries_of(by, "by"):
        with reading.faults.guard():
            at, who = str(required("at", name, entry)), words_of(entry, "who")
            if not who:
                raise fault("R03", entry.mark, f"an entry of '{name}' has no 'who'")
            for word, codes in ((at, "tempat"), *((role, "peran") for role in who)):
                known = reading.vocabulary.codes[codes]
                if word not in known:
                    raise fault(
                        "R06", entry.mark, f"'{word}' is not a word of {codes}.", did_you_mean(word, known)
                    )
            performers.append(Performer(at, tuple(who)))
    return tuple(performers)


def unit_of(reading: Reading, item: MarkedMap, document: MarkedMap) -> str:
    """The unit a rule is about."""
    unit = str(item.get("per", document.get("per", PERSON)))
    units = (PERSON, *reading.vocabulary.episodes, HOUSEHOLD)
    if unit not in units:
        raise fault("R04", item.at("per"), f"'{unit}' is not a unit.", did_you_mean(unit, units))
    return unit
