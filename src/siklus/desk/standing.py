"""How some people stand today, live from their records: what they are owed, how their last measurements are judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from siklus.access.may import absent_needs, absent_results, unexplained_needs
from siklus.access.scope import Visitor
from siklus.care.queries import Judged, judged_of, lives_of
from siklus.library.loading import Book, load_book
from siklus.rules.answers import NeedAnswer
from siklus.rules.explain import reason
from siklus.rules.life import Facts, Life
from siklus.rules.telling import slots
from siklus.rules.vocabulary import PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One person: all answers, what was judged, when each episode began, the episodes open today, the life itself."""

    answers: tuple[NeedAnswer, ...]
    judged: tuple[Judged, ...]
    starts: dict[tuple[str, int], int]
    episodes: frozenset[str]
    life: Life
    facts: dict[tuple[str, int], Facts]


def standings(user: Visitor, person_ids: Iterable[int], today: int) -> dict[int, Standing]:
    """The standing of each of these persons, as far as this user may know of it."""
    book, absent, silent = load_book(), absent_needs(user), absent_results(user)
    return {
        person: _standing(book, life, today, absent, silent) for person, life in lives_of(person_ids).items()
    }


def reasons_of(
    user: Visitor, standing: Standing, answers: Iterable[NeedAnswer], today: int
) -> dict[NeedAnswer, str]:
    """Why these answers stand so, with the person's own values; each costs a few milliseconds.

    What could quote a record that this user may not read is left out.
    """
    book, untold = load_book(), unexplained_needs(user)
    return {
        answer: reason(
            book.rules,
            book.need(answer.need),
            answer,
            standing.facts[(answer.unit, answer.unit_id)],
            standing.life,
            today,
        )
        for answer in answers
        if answer.need not in untold
    }


def rule_words(need: str) -> tuple[tuple[str, str], ...]:
    """A rule in words, slot by slot, for whoever wants to check a reason against it."""
    return _rule_words(load_book(), need)


@lru_cache(maxsize=1000)
def _rule_words(book: Book, need: str) -> tuple[tuple[str, str], ...]:
    titles = {other.name: other.title for other in book.needs}
    return tuple((_SLOTS[slot], said) for slot, said in slots(book.need(need), book.vocabulary, titles))


_SLOTS = {
    "who": "Untuk",
    "opens": "Boleh sejak",
    "due": "Waktunya",
    "appointment": "Janji",
    "overdue": "Terlambat sejak",
    "until": "Batas",
    "done": "Selesai bila",
}
"""The slots of a rule as the rule itself speaks: always Indonesian."""


def _standing(book: Book, life: Life, today: int, absent: frozenset[str], silent: frozenset[str]) -> Standing:
    starts, episodes, known = {}, set(), {}
    for unit, facts, _records in book.engine.units(life):
        known[(unit, facts["id"])] = facts
        if unit == PERSON:
            continue
        starts[(unit, facts["id"])] = facts["opened"] if facts.get("start") is None else facts["start"]
        if facts["last_day"] is None or facts["last_day"] >= today:
            episodes.add(unit)
    return Standing(
        answers=tuple(each for each in book.engine.needs(life, today) if each.need not in absent),
        judged=tuple(
            each for each in judged_of(book, life, today) if each.answer.classification not in silent
        ),
        starts=starts,
        episodes=frozenset(episodes),
        life=life,
        facts=known,
    )
