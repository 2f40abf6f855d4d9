"""The people of one told neighbourhood as engines are handed them, without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from seed.account import KnownAnswers
from seed.assumptions import read_assumptions
from seed.days import date_of
from seed.geography import draw_map
from seed.notebook import Entry
from seed.village import tell_neighbourhood
from siklus.kernel.dates import iso
from siklus.library.loading import load_book
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.persons import ProjectedPerson, fill_gaps, project_person, survivors
from siklus.records.values import Reader
from siklus.rules.life import Life


@cache
def told(seed: int, on: int, people: int) -> tuple[tuple[Entry, ...], KnownAnswers]:
    """All records of one neighbourhood (with another one nearby to move to) and what its stories say of themselves."""
    spots = [
        replace(spot, people=people) for spot in draw_map("puskesmas", read_assumptions()).neighbourhoods[:2]
    ]
    scene = tell_neighbourhood(spots[0], spots[1:], seed, on, read_assumptions())
    entries = tuple(Entry._make(row) for row in scene.notebook.finish())
    answers = KnownAnswers("posyandu", seed, on, date_of(on).year)
    answers.add(scene.account, scene.notebook.key)
    return entries, answers


def stored(entry: Entry) -> StoredRecord:
    """A record as the log gives it back."""
    return StoredRecord(
        id=entry.id, seq=entry.id, kind=entry.kind, person=entry.person, household=entry.household, on=entry.on,
        root=entry.root, is_void=entry.is_void, data=json.loads(entry.data), by_role=entry.by_role,
        place_kind=entry.place_kind,
    )  # fmt: skip


def lives_of(entries: tuple[Entry, ...]) -> list[Life]:
    """Everybody who is not absorbed by a merge."""
    by_person: dict[int, list[StoredRecord]] = {}
    for record in effective(stored(entry) for entry in entries):
        if record.person is not None:
            by_person.setdefault(record.person, []).append(record)
    into = survivors(r for rows in by_person.values() for r in rows if r.kind == "gabung_orang")
    persons = {key: project_person(key, rows) for key, rows in by_person.items()}
    lives = []
    for key, person in persons.items():
        if person is None or key in into:
            continue
        doubles = [other for other, survivor in into.items() if survivor == key]
        whole = fill_gaps(person, [double for other in doubles if (double := persons[other]) is not None])
        rows = [row for one in (key, *doubles) for row in by_person[one]]
        lives.append(_life(whole, rows))
    return lives


def _life(person: ProjectedPerson, rows: list[StoredRecord]) -> Life:
    book = load_book()
    reader = Reader(book.vocabulary)
    known = {
        **person.facts,
        "sex": person.sex or None,
        "birth": None if person.birth is None else iso(person.birth),
    }
    facts = {**reader.facts(known), "id": person.id, "died": person.died}
    kept = [row for row in rows if not book.vocabulary.kinds[row.kind].register]
    return Life(facts, tuple(record for row in kept if (record := reader.record(row)) is not None))
