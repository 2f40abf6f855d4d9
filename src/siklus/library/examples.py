"""The examples that stand in the rules, as lives an engine can be asked about. They are the rules' own tests."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from siklus.kernel.dates import day_of, parse_day
from siklus.kernel.ids import record_key
from siklus.kernel.periods import Period, parse_period
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import Book
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.values import Reader, naming_places
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.book import Indicator, Need, Rule
from siklus.rules.life import Life, renumbered
from siklus.rules.source import Faults, MarkedMap, did_you_mean, entries_of, mapping_of, words_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Vocabulary

_OWN_KEYS = frozenset(
    "say today days records expect asks period counted components opens due overdue until do died".split()
)
_OF_MEMBERS = ("say", "records", "died", "since", "until")
_STAYS = ("since", "until")
_DATE = "date"
_RECORDS_OF_A_MEMBER = 1_000
_DAYS = ("opens", "due", "overdue", "until")


@dataclass(frozen=True)
class Example:
    """One small life with what must come out.

    `expect` is a status, a class, or for an indicator what is counted and which components hold; `do` the action of
    a class, where the example names it.
    """

    rule: Rule
    say: str
    where: str
    life: Life
    today: int
    expect: Any
    asks: tuple[str, ...] | None
    days: Mapping[str, int | None]
    period: Period | None
    do: str | None = None


def examples_of(book: Book) -> Iterator[Example]:
    """Every example of every rule, in the order of the sources; at the end ProblemError with all unreadable ones."""
    rules: tuple[Rule, ...] = (*book.needs, *book.indicators, *book.classifications)
    faults = Faults()
    for rule in rules:
        yield from _examples(book, rule, faults)
    faults.raise_if_any()


def examples_of_rule(book: Book, rule: Rule) -> list[Example]:
    """The examples of one rule; what cannot be read is left out, for `siklus rules check` tells it."""
    return list(_examples(book, rule, Faults()))


def wrong_examples(book: Book) -> Iterator[Problem]:
    """Every example that comes out otherwise than it says, or cannot be read."""
    try:
        for example in examples_of(book):
            if found := _wrong(book, example):
                yield Problem("R22", example.where, f'contoh "{example.say}": {found}')
    except ProblemError as unreadable:
        yield from unreadable.problems


def _wrong(book: Book, example: Example) -> str:
    life, today = example.life, example.today
    if isinstance(example.rule, Need):
        return check_needs(example, book.engine.needs(life, today))
    if isinstance(example.rule, Indicator):
        assert example.period is not None
        return check_indicator(example, book.engine.indicators(life, today, example.period))
    return check_class(example, book.engine.classes(life, today))


def _examples(book: Book, rule: Rule, faults: Faults) -> Iterator[Example]:
    for entry in entries_of(rule.source, "examples"):
        days: list[MarkedMap] = []
        with faults.guard():
            days += _by_day(entry)
        for each in days:
            found = None
            with faults.guard():
                found = _read(book.vocabulary, rule, each)
            if found is not None:
                yield found


def _by_day(entry: MarkedMap) -> Iterator[MarkedMap]:
    """One example for each of the `days`, which stand in the place of `today` and `expect`: one life, asked often."""
    if "days" not in entry:
        yield entry
        return
    if both := [key for key in ("today", "expect", *_DAYS) if key in entry]:
        raise _bad(
            str(entry.mark), f"'days' gives each day what to expect; '{both[0]}' cannot stand beside it"
        )
    days = mapping_of(entry, "days")
    for day, expected in days.items():
        alone = MarkedMap(days.key_marks[day])
        alone.update({key: value for key, value in entry.items() if key not in ("days", "asks")})
        alone.update(today=day, expect=expected)
        if expected == "unknown" and "asks" in entry:
            alone["asks"] = entry["asks"]
        yield alone


def life_of(vocabulary: Vocabulary, entry: Mapping[str, Any], where: str, today: int) -> Life:
    """A life from facts and records as an example writes them; records after `today` are left out.

    With `members`, that of a household: each is such a life, and lives there from `since` to the day before `until`.
    """
    reader = Reader(vocabulary)
    is_household = "members" in entry
    names = vocabulary.household if is_household else vocabulary.person
    of_facts = reader.household_facts if is_household else reader.facts
    facts = of_facts({name: _wire(entry.get(name)) for name in names})
    rows = [
        _row(vocabulary, number, record, where) for number, record in enumerate(_records(entry, where), 1)
    ]
    records = [
        naming_places(read, row)
        for row in effective(rows)
        if row.on <= today and (read := reader.record(row)) is not None
    ]
    died = next((record["date"] for record in records if record["kind"] == "meninggal"), None)
    if entry.get("died") is not None and _day(entry["died"], where) <= today:
        died = _day(entry["died"], where)
    members = tuple(_members(vocabulary, entry, where, today)) if is_household else None
    return Life({**facts, "id": 0, "died": died}, tuple(records), members)


def _members(vocabulary: Vocabulary, entry: Mapping[str, Any], where: str, today: int) -> Iterator[Life]:
    listed = entry["members"] or []
    if not isinstance(listed, list) or not all(isinstance(member, Mapping) for member in listed):
        raise _bad(where, "'members' lists persons, each {birth: date, records: [...]}")
    known = {*_OF_MEMBERS, *vocabulary.person}
    for member in listed:
        for key in member:
            if key not in known:
                raise _bad(where, f"'{key}' is not a fact of a person. {did_you_mean(key, known)}")
        since, until = (None if member.get(key) is None else _day(member[key], where) for key in _STAYS)
        if (since is None or since <= today) and (until is None or today < until):
            yield life_of(vocabulary, member, where, today)


def numbered(life: Life, number: int) -> Life:
    """The same life with ids of its own, so that many lives can stand in one database."""
    members = life.members and tuple(
        _numbered(member, number, at) for at, member in enumerate(life.members, 1)
    )
    return replace(_numbered(life, number, 0), members=members)


def _numbered(life: Life, number: int, place: int) -> Life:
    """A life, or the member of a household at this place, with records apart from those of the others."""
    apart = place * _RECORDS_OF_A_MEMBER
    records = tuple(
        renumbered(record, lambda key: record_key(number, key + apart)) for record in life.records
    )
    return Life({**life.person, "id": record_key(number, place) if place else number}, records, life.members)


def check_needs(example: Example, answers: list[NeedAnswer]) -> str:
    """What is wrong with the answers about an example, or an empty text."""
    mine = [answer for answer in answers if answer.need == example.rule.name]
    answer = max(mine, key=lambda each: (each.opens or 0, each.unit_id)) if mine else None
    status = answer.status if answer else "not_applicable"
    if status != example.expect:
        return f"expected {example.expect}, got {status}" + (
            f" (asks {', '.join(answer.asks)})" if answer and answer.asks else ""
        )
    if example.asks is not None and (answer.asks if answer else ()) != example.asks:
        return f"expected to ask {list(example.asks)}, asks {list(answer.asks) if answer else []}"
    for name, day in example.days.items():
        if answer is None or getattr(answer, name) != day:
            return f"expected {name} on day {day}, got {getattr(answer, name) if answer else None}"
    return ""


def check_indicator(example: Example, answers: Iterable[IndicatorAnswer]) -> str:
    """What is wrong with the answers about an indicator's example, or an empty text. No answer means not counted."""
    mine = [answer for answer in answers if answer.indicator == example.rule.name]
    if not mine:
        return "no answer" if example.expect["counted"] is not False else ""
    answer = mine[-1]
    wrong = [] if answer.counted is example.expect["counted"] else [f"counted {answer.counted}"]
    for name, expected in example.expect["components"].items():
        if answer.components.get(name) is not expected:
            wrong.append(f"{name} {answer.components.get(name)}, expected {expected}")
    return "; ".join(wrong)


def check_class(example: Example, answers: Iterable[ClassAnswer]) -> str:
    """What is wrong with the answers about a classification's example, or an empty text."""
    mine = [answer for answer in answers if answer.classification == example.rule.name]
    value, action = (mine[0].value, mine[0].do) if mine else (None, None)
    if value != example.expect:
        return f"expected {example.expect}, got {value}"
    return f"expected to do {example.do}, got {action}" if example.do not in (None, action) else ""


def _read(vocabulary: Vocabulary, rule: Rule, entry: MarkedMap) -> Example:
    where = str(entry.mark)
    is_household = getattr(rule, "unit", PERSON) == HOUSEHOLD
    if is_household is not ("members" in entry):
        raise _bad(where, "an example of a household, and no other, lists its 'members', perhaps none: []")
    known = {*_OWN_KEYS, *({"members", *vocabulary.household} if is_household else vocabulary.person)}
    for key in entry:
        if key not in known:
            raise _bad(where, f"'{key}' is not a fact. {did_you_mean(key, known)}")
    period = _period(entry, where)
    if "today" not in entry and period is None:
        raise _bad(where, "an example needs 'today'")
    today = _day(entry["today"], where) if "today" in entry else period.stop - 1 if period else 0
    life = life_of(vocabulary, entry, where, today)
    for told in (entry, *(entry.get("members") or ())):
        _all_is_filled(vocabulary, told, where)
    expect = entry.get("expect")
    if isinstance(rule, Indicator):
        expected = expect if isinstance(expect, MarkedMap) else entry
        components = dict(mapping_of(expected, "components"))
        expect = {"counted": expected.get("counted"), "components": components}
    return Example(
        rule=rule,
        say=str(entry.get("say", "")),
        where=where,
        life=life,
        today=today,
        expect=expect,
        asks=tuple(words_of(entry, "asks")) if "asks" in entry else None,
        days={
            name: None if entry[name] in (None, "never") else _day(entry[name], where)
            for name in _DAYS
            if name in entry
        },
        period=period,
        do=entry.get("do"),
    )


def _row(vocabulary: Vocabulary, number: int, record: Mapping[str, Any], where: str) -> StoredRecord:
    kind = _kind(vocabulary, record)
    if kind is None:
        raise _bad(where, f"record {number} names no kind of record with its date: {', '.join(record)}")
    fields = vocabulary.kinds[kind].fields
    data = {}
    for key, value in record.items():
        if key in (kind, "replaces", "void", "oleh", "tempat"):
            continue
        if key not in fields:
            raise _bad(where, f"'{kind}' has no field '{key}'. {did_you_mean(key, fields)}")
        data[key] = _wire(value)
        codes = fields[key].codes
        if codes is not None and value is not None:
            data[key] = vocabulary.code(codes, str(value))
            if data[key] is None:
                raise _bad(
                    where,
                    f"'{value}' is not a word of {codes}. {did_you_mean(str(value), vocabulary.codes[codes])}",
                )
    return StoredRecord(
        id=number,
        seq=number,
        kind=kind,
        person=0,
        household=None,
        on=_day(record[kind], where),
        root=int(record.get("replaces", number)),
        is_void=bool(record.get("void", False)),
        data=data,
        by_role=str(record.get("oleh") or ""),
        place_kind=str(record.get("tempat") or ""),
    )


def _all_is_filled(vocabulary: Vocabulary, entry: Mapping[str, Any], where: str) -> None:
    """Engines may judge a record as they like that the door would never let in: an example must not rest on one."""
    for number, record in enumerate(_records(entry, where), 1):
        kind = _kind(vocabulary, record)
        if kind is None or record.get("void"):
            continue
        for name, field in vocabulary.kinds[kind].fields.items():
            if name != _DATE and not field.nullable and record.get(name) is None:
                raise _bad(
                    where, f"record {number}, '{kind}', must say '{name}': no such record can be kept without"
                )


def _kind(vocabulary: Vocabulary, record: Mapping[str, Any]) -> str | None:
    dated = (key for key in record if key in vocabulary.kinds and isinstance(record[key], datetime.date))
    return next(dated, None)


def _wire(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _records(entry: Mapping[str, Any], where: str) -> list[Mapping[str, Any]]:
    found = entry.get("records") or []
    if not isinstance(found, list) or not all(isinstance(record, Mapping) for record in found):
        raise _bad(where, "'records' lists records, each {kind: date, field: value}")
    return found


def _period(entry: Mapping[str, Any], where: str) -> Period | None:
    if "period" not in entry:
        return None
    try:
        return parse_period(str(entry["period"]))
    except ValueError:
        raise _bad(where, f"'{entry['period']}' is not a period such as 2026, 2026-Q1 or 2026-03") from None


def _day(value: Any, where: str) -> int:
    try:
        return day_of(value) if isinstance(value, datetime.date) else parse_day(str(value))
    except ValueError:
        raise _bad(where, f"'{value}' is not a day of the calendar such as 2026-11-21") from None


def _bad(where: str, found: str) -> ProblemError:
    return ProblemError([Problem("R22", where, found)])
