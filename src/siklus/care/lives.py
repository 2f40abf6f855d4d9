"""From the log to what engines are handed: the life of a person, with the records of all who were merged into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from siklus.care.log import effective_by_person
from siklus.kernel.ids import format_record_id
from siklus.library.loading import Book, load_book
from siklus.records.drafts import StoredRecord
from siklus.records.values import Reader
from siklus.register import queries as register
from siklus.register.queries import PersonBrief
from siklus.rules.life import EngineRecord, Life


@lru_cache(maxsize=2)
def reader_of(book: Book) -> Reader:
    """What reads stored values for the engines of a book."""
    return Reader(book.vocabulary)


def lives_of(
    person_ids: Iterable[int], book: Book | None = None, until: int | None = None
) -> dict[int, Life]:
    """The lives of these persons by id. Absorbed persons and unknown ids are left out: ask for the survivor.

    With `until` only what is dated up to that day is in them; facts of the register are those of now.
    """
    book = book or load_book()
    briefs = {key: brief for key, brief in register.briefs(person_ids).items() if brief.merged_into is None}
    absorbed = register.absorbed_into(briefs)
    records = effective_by_person([*briefs, *(person for persons in absorbed.values() for person in persons)])
    return {
        person: life_from(
            book,
            brief,
            [
                row
                for key in (person, *absorbed.get(person, ()))
                for row in records[key]
                if _is_by(row.on, until)
            ],
            until,
        )
        for person, brief in briefs.items()
    }


def life_from(book: Book, brief: PersonBrief, rows: Iterable[StoredRecord], until: int | None = None) -> Life:
    """A life from what the register knows and the effective rows of the person."""
    reader = reader_of(book)
    kinds = book.vocabulary.kinds
    died = brief.died if brief.died is not None and _is_by(brief.died, until) else None
    facts = {**reader.facts(brief.facts), "birth": brief.birth, "id": brief.id, "died": died}
    records = [
        record
        for row in rows
        if row.kind in kinds and not kinds[row.kind].register and (record := reader.record(row)) is not None
    ]
    return Life(facts, tuple(records))


def records_within(
    person_ids: Iterable[int], kinds: Sequence[str], days: tuple[int, int]
) -> dict[int, list[EngineRecord]]:
    """Effective records of some kinds from the first to the last of these days: of a life only what is asked for.

    The same records in the same order as in `lives_of`, which reads everything. Who has none of them is left out.
    """
    merged = register.merged()
    persons = {person for person in person_ids if person not in merged}
    absorbed = {person: into for person, into in merged.items() if into in persons}
    read = reader_of(load_book()).record
    found: dict[int, list[EngineRecord]] = {}
    for person, rows in effective_by_person([*persons, *sorted(absorbed)], kinds, days).items():
        if records := [record for row in rows if (record := read(row)) is not None]:
            found.setdefault(absorbed.get(person, person), []).extend(records)
    return found


def life_of(person_id: int, until: int | None = None) -> Life:
    """The life of one person (of the survivor, for an absorbed one); LookupError when nobody has this id."""
    survivor = register.survivor_of(person_id)
    lives = lives_of([survivor], until=until)
    if survivor not in lives:
        raise LookupError(f"no person {format_record_id(person_id)}")
    return lives[survivor]


def _is_by(day: int, until: int | None) -> bool:
    return until is None or day <= until
