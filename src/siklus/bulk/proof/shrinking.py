"""A difference made small: rules, records, facts, lists, expressions and dates left out while the engines still differ.

Greedy and in rounds, each kind of leaving out after the other, until nothing more can go or the patience is used up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from lark import Token, Tree

from siklus.bulk.proof.comparing import Difference
from siklus.bulk.proof.run import Found
from siklus.bulk.proof.trial import RULES, Document, Trial, documents_in, only_rule, trial_of
from siklus.kernel import dates
from siklus.kernel.ids import record_key
from siklus.kernel.problems import ProblemError
from siklus.library.loading import knowledge_folder
from siklus.rules.life import EngineRecord, Life, renumbered
from siklus.rules.parsing import parse
from siklus.rules.source import Mark

_PATIENCE = 400
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_CONSTANTS = ("true", "false", "0", "today", "never")
_EXPRESSIONS = (
    "who",
    "opens",
    "due",
    "overdue",
    "until",
    "done",
    "starts",
    "counted",
    "reached",
    "for",
    "when",
)
_NAMED = ("let", "components")
_SELECTIONS = ("counts", "of")
_LISTS_OF_WORDS = ("codes", "groups", "person", "household", "kinds", "episodes")
_ALWAYS = (
    "peran",
    "tempat",
    "refusal_holds",
    "appointment_grace",
    "penolakan",
    "penolakan_keluarga",
    "janji",
    "urusan",
    "birth",
)
_IMPLIED = ("kind", "id", "date")
_SOURCES = {"title": "x", "cites": "x", "confidence": "ours"}
_PROSE = (
    *"title title_en short short_en label labels ask cites confidence plausible aliases examples note official".split(),
    *"klaster since start_label start_ask not_before not_after identifier".split(),
)


@dataclass(frozen=True)
class Shrunk:
    """The smallest case that was found, and what the engines say of it."""

    trial: Trial
    difference: Difference


@dataclass
class _Search:
    """The smallest trial so far. `tries` are counted against the patience; what makes no book costs next to nothing."""

    best: Trial
    difference: Difference
    tries: int = 0
    seen: set[str] = field(default_factory=set)

    def take(self, trial: Trial) -> bool:
        """True when the engines still differ about the smaller trial, which then is the one to go on from."""
        key = repr((trial.documents, trial.person, trial.records, trial.members, trial.day))
        if self.tries >= _PATIENCE or key in self.seen:
            return False
        self.seen.add(key)
        self.tries += trial.book() is not None
        found = trial.difference()
        if found is None:
            return False
        self.best, self.difference = trial, found
        return True

    def take_all(self, smaller: Callable[[Trial], Iterator[Trial]]) -> bool:
        """Takes every one that still differs, going on where the last was taken."""
        took, place = False, 0
        while True:
            for number, trial in enumerate(islice(smaller(self.best), place, None), place):
                if self.take(trial):
                    took, place = True, number
                    break
            else:
                return took


def shrink(found: Found) -> Shrunk:
    """The case as small as patience allows. A difference that does not come again is given back as it was found."""
    trial = trial_of(found.difference, found.documents or documents_in(knowledge_folder()))
    alone = trial.with_documents(only_rule(trial.documents, trial.rule))
    search = _Search(trial, found.difference)
    if not search.take(alone) and not search.take(trial):
        return Shrunk(alone.with_documents(map(_with_sources, _words_used(alone))), found.difference)
    search.take(search.best.with_documents(map(_with_sources, _words_used(search.best))))
    ways = (
        _without_members,
        _without_records,
        _without_parts,
        _simpler_texts,
        _without_values,
        _simpler_days,
    )
    while sum(search.take_all(way) for way in ways):
        pass
    search.take(_numbered(search.best))
    return Shrunk(search.best, search.difference)


def _without_records(trial: Trial) -> Iterator[Trial]:
    """Halves, quarters, and at last single records."""
    size = len(trial.records)
    while size:
        for start in range(0, len(trial.records), size):
            yield replace(trial, records=(*trial.records[:start], *trial.records[start + size :]))
        size //= 2


def _without_members(trial: Trial) -> Iterator[Trial]:
    """Each member of a household, and each record and fact of theirs."""
    for place, member in enumerate(trial.members or ()):
        before, after = (trial.members or ())[:place], (trial.members or ())[place + 1 :]
        yield replace(trial, members=(*before, *after))
        for at in range(len(member.records)):
            left = replace(member, records=(*member.records[:at], *member.records[at + 1 :]))
            yield replace(trial, members=(*before, left, *after))
        for name, value in member.person.items():
            if value is not None and name != "id":
                left = replace(member, person={**member.person, name: None})
                yield replace(trial, members=(*before, left, *after))


def _without_parts(trial: Trial) -> Iterator[Trial]:
    """Every entry of every list and mapping of the documents, the large ones first."""
    for place, document in enumerate(trial.documents):
        yield trial.with_documents(trial.documents[:place] + trial.documents[place + 1 :])
        for path in _paths(document):
            changed = deepcopy(document)
            inside = changed
            for step in path[:-1]:
                inside = inside[step]
            del inside[path[-1]]
            yield trial.with_documents((*trial.documents[:place], changed, *trial.documents[place + 1 :]))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every entry, outer ones first."""
    keys: Sequence[Any] = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    yield from ((*path, key) for key in keys)
    for key in keys:
        yield from _paths(value[key], (*path, key))


def _simpler_texts(trial: Trial) -> Iterator[Trial]:
    """Every expression with a part in the place of the whole, or a constant."""
    for place, document in enumerate(trial.documents):
        for path, prefix, text in _texts(document):
            for shorter in _shorter(text):
                changed = deepcopy(document)
                inside = changed
                for step in path[:-1]:
                    inside = inside[step]
                inside[path[-1]] = prefix + shorter
                yield trial.with_documents((*trial.documents[:place], changed, *trial.documents[place + 1 :]))


def _texts(document: Document) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """(path, what stands before, expression) of every expression of a document."""
    for path in _paths(document):
        value: Any = document
        for step in path:
            value = value[step]
        if not isinstance(value, str):
            continue
        if path[-1] in _EXPRESSIONS and value != "otherwise" or len(path) > 1 and path[-2] in _NAMED:
            yield path, "", value
        elif path[-1] in _SELECTIONS and " where " in value:
            kind, _, condition = value.partition(" where ")
            yield path, f"{kind} where ", condition


def _shorter(text: str) -> Iterator[str]:
    try:
        tree = parse(text, Mark("", 1, 1))
    except ProblemError:
        return
    for node in _topdown(tree):
        span = _span(node)
        if span is None:
            continue
        start, stop = span
        parts = [inner for child in node.children if (inner := _span(child)) is not None and inner != span]
        inner_texts = [text[a:b] for a, b in parts]
        for inside in dict.fromkeys((*_CONSTANTS, *inner_texts)):
            if len(inside) < stop - start:
                bare = _NAME.fullmatch(inside) or inside.isdigit()
                put = inside if bare else f"({inside})"
                yield _bare(text[:start] + put + text[stop:])


def _topdown(tree: Tree[Token]) -> Iterator[Tree[Token]]:
    yield tree
    for child in tree.children:
        if isinstance(child, Tree):
            yield from _topdown(child)


def _span(node: Tree[Token] | Token) -> tuple[int, int] | None:
    if isinstance(node, Token):
        return None
    start, stop = getattr(node.meta, "start_pos", None), getattr(node.meta, "end_pos", None)
    return None if start is None or stop is None else (start, stop)


def _bare(text: str) -> str:
    """Without parentheses around the whole, or around a lone name."""
    text = re.sub(r"(?<![a-z_])\(\s*([a-z_0-9]+)\s*\)", r"\1", text)
    while text.startswith("(") and _closes_at_end(text):
        text = text[1:-1]
    return text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _without_values(trial: Trial) -> Iterator[Trial]:
    """Each fact and each field unknown."""
    for name, value in trial.person.items():
        if value is not None and name != "id":
            yield replace(trial, person={**trial.person, name: None})
    for place, record in enumerate(trial.records):
        for name, value in record.items():
            if value is not None and name not in _IMPLIED:
                changed = {**record, name: None}
                yield replace(trial, records=(*trial.records[:place], changed, *trial.records[place + 1 :]))


def _simpler_days(trial: Trial) -> Iterator[Trial]:
    """The first of the year or of the month in the place of any day, wherever days stand."""
    for day in _simpler(trial.day):
        yield replace(trial, day=day)
    for name, value in trial.person.items():
        if name in _dates_of(trial, "person") and value is not None:
            yield from (replace(trial, person={**trial.person, name: day}) for day in _simpler(value))
    for place, record in enumerate(trial.records):
        for name in ("date", *_dates_of(trial, "kinds", record["kind"])):
            value = record.get(name)
            if value is not None:
                for day in _simpler(value):
                    changed = {**record, name: day}
                    yield replace(
                        trial, records=(*trial.records[:place], changed, *trial.records[place + 1 :])
                    )


def _simpler(day: int) -> Iterator[int]:
    if day < dates.NEVER:
        year, month = dates.start_of_year(day), dates.start_of_month(day)
        if day != year:
            yield year
            if day != month:
                yield month


def _dates_of(trial: Trial, section: str, kind: str = "") -> list[str]:
    names = ["died"] if section == "person" else []
    for document in trial.documents:
        entries = document.get(section) or {}
        if kind:
            spec = entries.get(kind) or {}
            entries = spec.get("fields", spec) or {}
        for name, spec in entries.items():
            text = spec.get("type", "") if isinstance(spec, dict) else spec
            names += [name] if str(text).removesuffix("?") == "date" else []
    return names


def _words_used(trial: Trial) -> list[Document]:
    """The documents without prose, and of the lists only what the rules, or the lists that stay, speak of."""
    documents = [_without_prose(document) for document in trial.documents]
    rules = [document for document in documents if "package" in document or "indicators" in document]
    lists = [document for document in documents if document not in rules]
    lives: tuple[Life | Trial, ...] = (trial, *(trial.members or ()))
    used = _words_in(rules, *_ALWAYS, *(record["kind"] for life in lives for record in life.records))
    for _ in _LISTS_OF_WORDS:  # a list that stays may speak of another, that of a third
        for section in (section for document in lists for section in document.values()):
            if isinstance(section, dict):
                used |= _words_in([spec for name, spec in section.items() if name in used])
    kept = []
    for document in lists:
        for name, section in document.items():
            if name in (*_LISTS_OF_WORDS, "values"):
                kept.append({name: {key: spec for key, spec in section.items() if key in used}})
            elif name == "growth" and "zscore" in used:
                kept.append({name: section})
    return kept + rules


def _with_sources(document: Document) -> Document:
    """What every rule must name, the same for all of them."""
    if "package" not in document and "indicators" not in document:
        return document
    listed = {name: [{**_SOURCES, **item} for item in document[name]] for name in RULES if document.get(name)}
    return {**document, **listed}


def _words_in(value: Any, *more: str) -> set[str]:
    return {*_NAME.findall(repr(value)), *more}


def _without_prose(value: Any) -> Any:
    """What is written for people is no part of a difference; a type may then stand for its field."""
    if isinstance(value, list):
        return [_without_prose(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without_prose(each) for key, each in value.items() if key not in _PROSE}
    return kept["type"] if list(kept) == ["type"] else {**kept, **({"say": "x"} if "say" in kept else {})}


def _numbered(trial: Trial) -> Trial:
    """Records numbered from 1 in their order, those of members too."""
    members = trial.members and tuple(
        replace(each, records=_from_one(each, 1 + at)) for at, each in enumerate(trial.members, 1)
    )
    return replace(trial, members=members, records=_from_one(trial, 1))


def _from_one(life: Life | Trial, device: int) -> tuple[EngineRecord, ...]:
    ordered = sorted(life.records, key=lambda record: (record["date"], record["id"]))
    numbers = {record["id"]: number for number, record in enumerate(ordered, 1)}
    nobody = len(ordered) + 1
    return tuple(
        renumbered(record, lambda key: record_key(device, numbers.get(key, nobody))) for record in ordered
    )
