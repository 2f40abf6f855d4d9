"""The people behind a figure of a month, worked out when somebody opens it, from the records as they are now.

Whom `counted` leaves out by birth and sex alone is not read; nor, for an indicator of an episode, who never opened one.
Where more people would have to be read than a page may wait for, a smaller place has to be chosen first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from siklus.access.scope import Visitor, access_area, access_persons, scope_filter
from siklus.care import queries as care
from siklus.kernel.periods import Period
from siklus.library.loading import Book, load_book
from siklus.monitoring.queries import ALL, LACKING, PAGE_SIZE, UNCLEAR, in_place
from siklus.register import queries as register
from siklus.rules.answers import IndicatorAnswer
from siklus.rules.book import Indicator
from siklus.rules.choosing import by_facts, with_indicators
from siklus.rules.emitters.python import Engine, make_engine
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

HAVING, UNKNOWN = "having", "unknown"
LOOKS = (HAVING, LACKING, UNKNOWN, ALL, UNCLEAR)
MOST = 5000
"""So many people are read for one page: some seconds."""
_VITAL = ("birth", "sex")
_AT_ONCE = 500
_ENGINES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One unit behind a figure; `having`: of the component asked for, None when it is not known."""

    person_id: int
    unit: str
    unit_id: int
    counted: bool | None
    having: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureNames:
    """A page of names, by village, posyandu and name. With `must_narrow` nothing was read: the place is too large."""

    lines: tuple[Opened, ...]
    total: int
    page: int
    pages: int
    must_narrow: bool = False


def figure_names(
    user: Visitor,
    indicator: str,
    period: Period,
    place: str,
    today: int,
    component: str = "",
    look: str = ALL,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> FigureNames:
    """Who is counted; with a component who has it, lacks it, or of whom it is not known."""
    access_area(user, place)
    book = load_book()
    rule, on = book.indicator(indicator), period.cut_off(today)
    people = _people(user, place, on)
    wanted = _families(user, place) if rule.unit == HOUSEHOLD else _candidates(book, rule, people, period, on)
    if len(wanted) > MOST:
        return FigureNames(lines=(), total=0, page=1, pages=1, must_narrow=True)
    found = [
        Opened(
            person_id=person, unit=answer.unit, unit_id=answer.unit_id, counted=answer.counted,
            having=answer.components.get(component),
        )
        for person, answer in _answers(book, rule, wanted, period, today)
        if person in people and _is_looked_for(answer, component, look)
    ]  # fmt: skip
    found.sort(key=lambda line: (*people[line.person_id].at, line.person_id, line.unit_id))
    pages = max(1, -(-len(found) // size))
    page = min(max(1, page), pages)
    lines = found[(page - 1) * size : page * size]
    return FigureNames(lines=tuple(lines), total=len(found), page=page, pages=pages)


@dataclass(frozen=True, slots=True)
class _Person:
    birth: int | None
    sex: str
    at: tuple[str, str, str, str]


def _people(user: Visitor, place: str, on: int) -> dict[int, _Person]:
    """Who lives in the place on the day."""
    inside = in_place(place)
    rows = access_persons(user).filter(inside).values_list(
        "id", "birth", "sex", "died", "left", "puskesmas_code", "desa_code", "posyandu_code", "name_key"
    )  # fmt: skip
    return {
        key: _Person(birth, sex, (puskesmas, desa, posyandu, name))
        for key, birth, sex, died, left, puskesmas, desa, posyandu, name in rows
        if not any(day is not None and day <= on for day in (died, left))
    }


def _families(user: Visitor, place: str) -> list[int]:
    found = register.households().filter(scope_filter(user)).filter(in_place(place))
    return sorted(found.values_list("id", flat=True))


def _candidates(
    book: Book, rule: Indicator, people: Mapping[int, _Person], period: Period, on: int
) -> list[int]:
    if rule.unit != PERSON:
        kinds = book.vocabulary.episodes[rule.unit].made_of
        return sorted(care.persons_having(people, kinds))
    ((fold, judge),) = _engine(book, rule.name, True).space["JUDGES"][PERSON, rule.period]
    found: list[int] = []
    for key, person in people.items():
        facts = dict.fromkeys(book.vocabulary.person) | {"id": key, "birth": person.birth, "died": None}
        facts["sex"] = person.sex or None
        told: list[IndicatorAnswer] = []
        judge(facts, fold(facts, {}, period.start, period.stop), on, period.start, period.stop, told.append)
        if told[0].counted is not False:
            found.append(key)
    return sorted(found)


def _answers(
    book: Book, rule: Indicator, wanted: Sequence[int], period: Period, today: int
) -> Iterator[tuple[int, IndicatorAnswer]]:
    """(person who stands for it, answer) of every unit that is or may be counted."""
    engine = _engine(book, rule.name, False)
    for ids in register.chunks(wanted, _AT_ONCE):
        answers = (
            _of_families(engine, ids, period, today)
            if rule.unit == HOUSEHOLD
            else _of_persons(engine, care.lives_of(ids, book), period, today)
        )
        yield from ((person, answer) for person, answer in answers if answer.counted is not False)


def _of_persons(
    engine: Engine, lives: Mapping[int, Life], period: Period, today: int
) -> Iterator[tuple[int, IndicatorAnswer]]:
    for person, life in lives.items():
        yield from ((person, answer) for answer in engine.indicators(life, today, period))


def _of_families(
    engine: Engine, ids: Iterable[int], period: Period, today: int
) -> Iterator[tuple[int, IndicatorAnswer]]:
    for spokesman, life in care.family_lives(ids):
        yield from ((spokesman, answer) for answer in engine.indicators(life, today, period))


def _is_looked_for(answer: IndicatorAnswer, component: str, look: str) -> bool:
    if look == UNCLEAR:
        return answer.counted is None
    if answer.counted is None:
        return False
    if not component or look == ALL:
        return True
    return answer.components[component] is {HAVING: True, LACKING: False, UNKNOWN: None}[look]


@lru_cache(maxsize=_ENGINES)
def _engine(book: Book, indicator: str, facts_only: bool) -> Engine:
    """Generated Python of this indicator alone, or of what birth and sex say of who is counted."""
    rule = book.indicator(indicator)
    return make_engine(with_indicators(book.rules, [by_facts(rule, _VITAL) if facts_only else rule]))
