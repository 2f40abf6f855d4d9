"""State and Need of families, made again from their own records and from what is kept of those who live there.

Persons come first: their State must be as of now. A family where nobody lives keeps its state and is owed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from siklus.care import log
from siklus.care.lives import lives_of, reader_of
from siklus.library.loading import Book, load_book
from siklus.records.drafts import StoredRecord
from siklus.register import asking
from siklus.register import queries as register
from siklus.register.homes import Home, homes, homes_of
from siklus.rules.emitters.python import FoldedUnit
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

_STATES = "SELECT unit_id, body FROM care_state WHERE unit = %s AND plan = %s AND unit_id {among}"


@dataclass(frozen=True, slots=True)
class Family:
    """A family: where it is, its own facts and records, what is kept of its members, and of itself beside them."""

    home: Home
    own: Life
    members: tuple[FoldedUnit, ...]
    folded: list[FoldedUnit]


AlsoFamilies = Callable[[Sequence[int], Mapping[int, Family]], None]


def concerned(person_ids: Iterable[int], household_ids: Iterable[int], book: Book) -> list[int]:
    """The families whose answers may change with these persons: also those that any record ever put them into."""
    if HOUSEHOLD not in book.rules.units():
        return []
    persons = sorted(set(person_ids))
    return sorted({*household_ids, *homes_of(persons), *log.households_named_by(persons)})


def families_of(household_ids: Iterable[int], book: Book | None = None) -> dict[int, Family]:
    """These families by id; unknown ids are left out."""
    book = book or load_book()
    found = homes(household_ids)
    members = _folded(book, [person for home in found.values() for person in home.members])
    records = log.effective_by_household(found)
    families: dict[int, Family] = {}
    for key, home in found.items():
        own = _own(book, home, records[key])
        here = tuple(members[each] for each in home.members)
        families[key] = Family(home, own, here, book.engine.fold_household(own, here))
    return families


def household_life(household_id: int, until: int | None = None) -> Life | None:
    """The whole life of a family with those of its members, for reasons; None when there is none of this id."""
    book = load_book()
    found = families_of([household_id], book).get(household_id)
    if found is None:
        return None
    lives = lives_of(found.home.members, book, until)
    records = (record for record in found.own.records if until is None or record["date"] <= until)
    return Life(found.own.person, tuple(records), tuple(lives[each] for each in found.home.members))


def family_lives(household_ids: Iterable[int]) -> Iterator[tuple[int, Life]]:
    """(who stands for it, the whole life with those of its members) of each of these families where somebody lives."""
    book = load_book()
    found = homes(household_ids)
    lives = lives_of([person for home in found.values() for person in home.members], book)
    records = log.effective_by_household(found)
    for key, home in found.items():
        if home.spokesman is not None:
            own = _own(book, home, records[key])
            yield home.spokesman, Life(own.person, own.records, tuple(lives[each] for each in home.members))


def _own(book: Book, home: Home, rows: Iterable[StoredRecord]) -> Life:
    """What a family itself is known and recorded as, without its members."""
    reader, kinds = reader_of(book), book.vocabulary.kinds
    read = (reader.record(row) for row in rows if row.kind in kinds and not kinds[row.kind].register)
    facts = {**reader.household_facts(home.facts), "id": home.id, "died": None}
    return Life(facts, tuple(record for record in read if record is not None), ())


def _folded(book: Book, person_ids: Sequence[int]) -> dict[int, FoldedUnit]:
    """What is kept of these persons, as it is stored where it was made by this book, else folded from the records."""
    engine, reader = book.engine, reader_of(book)
    found: dict[int, FoldedUnit] = {}
    briefs = register.briefs(person_ids)
    if PERSON in engine.plans:
        for key, body in asking.rows(_STATES, PERSON, book.hash, asking.keys(sorted(person_ids))):
            brief = briefs[key]
            facts = {**reader.facts(brief.facts), "birth": brief.birth, "id": key, "died": brief.died}
            found[key] = engine.unfold(PERSON, facts, json.loads(body))
    others = [key for key in person_ids if key not in found]
    if others:
        found |= {key: engine.fold_member(life) for key, life in lives_of(others, book).items()}
    return found
