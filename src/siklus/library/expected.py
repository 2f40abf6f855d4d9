"""A small life with what should come out of it: judged by a rule book, right or wrong, and made from a life at hand.

The life is written as a case is (see `case_reading`): `{"on": ..., "person": {...}, "records": [...]}`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.kernel.problems import Problem
from siklus.library.case_reading import read_case
from siklus.library.cases import answer_about
from siklus.library.loading import Book
from siklus.records.values import to_wire
from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.derived_spec import BMI
from siklus.rules.episode_spec import NAMED
from siklus.rules.fields import RECORD
from siklus.rules.life import EngineRecord, Life
from siklus.rules.plan import expressions_of_need
from siklus.rules.reading import fields_read
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.shown import shown_day
from siklus.rules.vocabulary import EPISODE_KIND, HOUSEHOLD, Field

RawCase = Mapping[str, Any]
_OWN = ("date", "oleh", "tempat")
_SCORED_BY = {"birth", "sex"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What should come out: the status of a need, and where it matters the days it is due and overdue from."""

    need: str
    status: str
    due: int | None = None
    overdue: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise: `slot` is status, due or overdue; days are days, None is no such day."""

    slot: str
    expected: str | int
    came: str | int | None

    def __str__(self) -> str:
        return f"{_SLOTS[self.slot]}: diharapkan {_said(self.expected)}, keluar {_said(self.came)}"


_SLOTS = {"status": "status", "due": "waktunya", "overdue": "terlambat sejak"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of a case. With problems nothing was asked, and the case is not right."""

    answer: NeedAnswer | None
    status: str
    reason: str
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]

    @property
    def is_right(self) -> bool:
        """True when all came out as expected."""
        return not self.differences and not self.problems


def judge(book: Book, raw: RawCase, expected: Expected) -> Verdict:
    """What the book says about the life, against what should come out."""
    case = read_case(book, {**raw, "id": raw.get("id", "ini"), "ask": [expected.need]}, 1)
    if case.problems:
        return Verdict(None, "", "", (), case.problems)
    about = answer_about(book, case, expected.need)
    answer = about.answer
    differences = (
        [] if about.status == expected.status else [Difference("status", expected.status, about.status)]
    )
    for slot in ("due", "overdue"):
        wanted = getattr(expected, slot)
        came = None if answer is None else getattr(answer, slot)
        came = None if came is not None and came >= NEVER else came
        if wanted is not None and wanted != came:
            differences.append(Difference(slot, wanted, came))
    return Verdict(answer, about.status, about.reason, tuple(differences), ())


def raw_case(book: Book, life: Life, on: int, need: Need | None = None, shift: int = 0) -> dict[str, Any]:
    """A life as a case, every day moved by `shift`: facts and records rules may speak of, nothing that tells who it is.

    With a need only what decides about it: the facts and records its rule reads, of records what it reads or must be.
    """
    vocabulary = book.vocabulary
    if life.members is not None:
        return _raw_family(book, life, on, shift)
    read = None if need is None else records_read(book, need)
    facts = vocabulary.person.keys() if need is None else facts_read(book, need)
    person = {
        name: _written(spec, life.person.get(name), shift)
        for name, spec in vocabulary.person.items()
        if spec.type != "text" and name in facts and life.person.get(name) is not None
    }
    if life.person.get("died") is not None:
        person["died"] = iso(life.person["died"] + shift)
    kept = [
        record
        for record in sorted(life.records, key=lambda record: (record["date"], record["id"]))
        if read is None or record["kind"] in read
    ]
    named = {record.get(NAMED) for record in kept}
    labels = {each["id"]: f"{place}" for place, each in enumerate(kept, 1) if each["id"] in named}
    records = [
        _record(
            vocabulary.kinds[record["kind"]].fields,
            record,
            None if read is None else read[record["kind"]],
            shift,
            labels,
        )
        for record in kept
    ]
    return {"on": iso(on + shift), "person": person, "records": records}


def _raw_family(book: Book, life: Life, on: int, shift: int) -> dict[str, Any]:
    """The case of a family, with all that is known of who lives there: what decides is decided person by person."""
    own = replace(life, members=None)
    members = [raw_case(book, member, on, shift=shift) for member in life.members or ()]
    household = {
        name: _written(spec, life.person[name], shift)
        for name, spec in book.vocabulary.household.items()
        if spec.type != "text" and life.person.get(name) is not None
    }
    records = raw_case(book, own, on, shift=shift)["records"]
    listed = [{"person": each["person"], "records": each["records"]} for each in members]
    return {"on": iso(on + shift), "household": household, "records": records, "members": listed}


def records_read(book: Book, need: Need) -> dict[str, frozenset[str]]:
    """{kind of record: fields} that decide about a need, those that make its pregnancy or condition among them."""
    vocabulary = book.vocabulary
    parts = [
        part for node in expressions_of_need(need) for part in t.walk(node) if isinstance(part, t.Aggregate)
    ]
    used = {need.unit, *(part.kind.removeprefix(EPISODE_KIND) for part in parts)}
    episodes = {name: episode for name, episode in vocabulary.episodes.items() if name in used}
    alone = replace(
        book.rules, vocabulary=replace(vocabulary, episodes=episodes), needs=(need,), indicators=(),
        classifications=(), shares=book.rules.shares if need.unit == HOUSEHOLD else (),
    )  # fmt: skip
    return fields_read(alone)


def facts_read(book: Book, need: Need) -> set[str]:
    """The facts of a person or episode that decide about a need, those a z-score is worked out from among them."""
    parts = [part for node in (*expressions_of_need(need), need.package.gate) for part in t.walk(node)]
    facts = {part.name for part in parts if isinstance(part, t.Fact)}
    return facts | _SCORED_BY if any(_asks_a_score(book, part) for part in parts) else facts


def _asks_a_score(book: Book, part: t.Node) -> bool:
    if not isinstance(part, t.Aggregate) or part.kind not in book.vocabulary.kinds:
        return False
    derived = book.vocabulary.kinds[part.kind].derived
    names = {part.field, *(each.name for each in t.walk(part.where) if isinstance(each, t.RecordField))}
    return any(each.function != BMI for name, each in derived.items() if name in names)


def _record(
    fields: Mapping[str, Field],
    record: EngineRecord,
    read: Collection[str] | None,
    shift: int,
    labels: Mapping[int, str],
) -> dict[str, Any]:
    values = {
        name: _written(spec, record[name], shift)
        for name, spec in fields.items()
        if name not in _OWN and spec.type not in ("text", RECORD) and record.get(name) is not None
        and (read is None or name in read or not spec.nullable)
    }  # fmt: skip
    if record["id"] in labels:
        values["id"] = labels[record["id"]]
    if record.get(NAMED) in labels:
        values[NAMED] = labels[record[NAMED]]
    who = {
        name: record[name]
        for name in ("oleh", "tempat")
        if record.get(name) and name in fields and (read is None or name in read)
    }
    return {"kind": record["kind"], "on": iso(record["date"] + shift), **values, **who}


def _written(spec: Field, value: Any, shift: int) -> Any:
    return to_wire(spec, value + shift if spec.type == "date" else value)


def _said(value: str | int | None) -> str:
    if value is None:
        return "tidak ada"
    return STATUS_WORDS[value] if isinstance(value, str) else shown_day(value)
