"""Random histories of a few families through the one door: records, corrections, voids, moves, deaths, merges.

Values come from the vocabulary, so that every field a rule may look at is sometimes there and sometimes empty. What the
door refuses is refused; the history goes on.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from siklus.care import actions
from siklus.kernel.dates import iso, parse_day
from siklus.kernel.ids import format_record_id
from siklus.library.loading import Book, load_book
from siklus.monitoring.actions import settle_outcomes
from siklus.records.drafts import DraftRecord, Outcome
from siklus.rules.episode_spec import NAMED
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Kind
from tests.integration.area import DESAS, POSYANDU, TODAY

_LONG_AGO = parse_day("1938-03-31")
_TWO_YEARS = 2 * 365
_MONTH_ENDS = [
    parse_day(text) for text in ("2024-02-29", "2025-01-31", "2025-08-31", "2026-01-31", "2026-05-31")
]
_EMPTY, _ILL_NAMED = 0.3, 0.1
_ROLES = ("bidan", "perawat", "dokter", "kader", "")
_PLACES = ("posyandu", "puskesmas", "pustu", "rs", "")


@lru_cache(maxsize=2)
def _kinds_that_matter(book: Book) -> list[str]:
    """Kinds of record that some rule or episode reads; the others would only fill the log."""
    read = {kind for plan in book.engine.plans.values() for kind, _ in plan.by_kind()}
    for episode in book.vocabulary.episodes.values():
        read |= {selection.kind for selection in (episode.opened_by, *episode.closed_by)}
    kinds = book.vocabulary.kinds
    return sorted(kind for kind in read & kinds.keys() if not kinds[kind].register)


@dataclass
class History:
    """The district of one test: who was registered, which records were let in."""

    dice: random.Random
    persons: list[int] = field(default_factory=list)
    households: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    openings: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    """By person and kind, the records of a kind that opens something."""

    def go_on(self, visits: int) -> None:
        """Some more visits: each writes a batch of records, then takes back or corrects a few of all there are."""
        for _ in range(visits):
            self._write([self._draft() for _ in range(self.dice.randint(1, 40))])
            for _ in range(self.dice.randint(0, 3)):
                self._take_back()

    def _write(self, batch: list[DraftRecord]) -> None:
        outcomes = actions.append_records(batch, author=None, today=TODAY, refresh=False)
        for draft, outcome in zip(batch, outcomes, strict=True):
            if outcome.key is not None and outcome.person_id is not None:
                self.openings.setdefault((outcome.person_id, draft.kind), []).append(outcome.key)
        self._remember(outcomes)

    def _remember(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.is_accepted and outcome.key is not None:
                self.records.append(outcome.key)
                if outcome.key == outcome.person_id:
                    self.persons.append(outcome.key)
                if outcome.key == outcome.household_id:
                    self.households.append(outcome.key)
        settle_outcomes(outcomes, TODAY)

    def _take_back(self) -> None:
        if not self.records:
            return
        key = self.dice.choice(self.records[-80:])
        if self.dice.random() < 0.5:
            self._remember([actions.void_record(key, author=None, why="Keliru", today=TODAY, refresh=False)])
        else:
            day = self._day()
            self._remember(
                [actions.correct_record(key, author=None, why="Keliru", on=day, today=TODAY, refresh=False)]
            )

    def _draft(self) -> DraftRecord:
        dice = self.dice
        if len(self.persons) < 3 or dice.random() < 0.06:
            return self._registration()
        person = dice.choice(self.persons[-12:])
        if dice.random() < 0.08:
            return self._change(person)
        kinds = load_book().vocabulary.kinds
        if self.households and dice.random() < 0.08:
            mine = [kind for kind in _kinds_that_matter(load_book()) if kinds[kind].of == HOUSEHOLD]
            return self._service(kinds[dice.choice(mine)], household=dice.choice(self.households[-6:]))
        others = [kind for kind in _kinds_that_matter(load_book()) if kinds[kind].of == PERSON]
        return self._service(kinds[dice.choice(others)], person)

    def _registration(self) -> DraftRecord:
        dice = self.dice
        if dice.random() < 0.25:
            village = dice.randrange(len(DESAS))
            return DraftRecord(
                kind="daftar_keluarga",
                on=self._day(),
                data={"desa": DESAS[village], "posyandu": POSYANDU[village]},
            )
        birth = dice.choice([None, self._day(), self._day(), dice.randrange(_LONG_AGO, TODAY - 15 * 365)])
        data: dict[str, Any] = {
            "nama": "Contoh",
            "birth": birth and iso(birth),
            "sex": dice.choice(["l", "p", "p", None]),
        }
        data |= dice.choice(
            [{"posyandu": dice.choice(POSYANDU)}, {"desa": dice.choice(DESAS)}, {}, self._family()]
        )
        if self.persons and dice.random() < 0.3:
            data["ibu"] = format_record_id(dice.choice(self.persons))
        on = birth if birth is not None else self._day()
        return DraftRecord(kind="daftar_orang", on=on, data={**data, **self._some_facts()})

    def _change(self, person: int) -> DraftRecord:
        dice = self.dice
        kind = dice.choice(
            ["ubah_orang", "pindah", "pindah", "ganti_keluarga", "meninggal", "gabung_orang", "ubah_keluarga"]
        )
        on = self._day()
        if kind == "ubah_keluarga" and self.households:
            village = dice.randrange(len(DESAS))
            data = {"desa": DESAS[village], "posyandu": dice.choice([POSYANDU[village], None])}
            return DraftRecord(kind=kind, on=on, household=dice.choice(self.households), data=data)
        data = {
            "ubah_orang": {"birth": dice.choice([iso(self._day()), None]), **self._some_facts()},
            "pindah": dice.choice(
                [{"keluar": True}, {"posyandu": dice.choice(POSYANDU)}, {"desa": dice.choice(DESAS)}]
            ),
            "ganti_keluarga": self._family(),
            "gabung_orang": {"orang": format_record_id(dice.choice(self.persons))},
        }.get(kind, {})
        return DraftRecord(kind=kind, on=on, person=person, data=data)

    def _service(self, kind: Kind, person: int | None = None, household: int | None = None) -> DraftRecord:
        data = {
            name: None if spec.nullable and self.dice.random() < _EMPTY else self._value(spec)
            for name, spec in kind.fields.items()
            if name not in ("date", "oleh", "tempat", NAMED)
        }
        if kind.episode is not None:
            data[NAMED] = self._named(person, kind.episode)
        role, place = self.dice.choice(_ROLES), self.dice.choice(_PLACES)
        return DraftRecord(
            kind=kind.name,
            on=self._day(),
            person=person,
            household=household,
            data=data,
            by_role=role,
            place_kind=place,
        )

    def _named(self, person: int, episode: str) -> str | None:
        """An opening of the person's; sometimes any record, which the door refuses as a rule; or nothing."""
        openers = load_book().vocabulary.episodes[episode].openers
        own = [key for opener in openers for key in self.openings.get((person, opener.kind), ())]
        known = self.records if self.dice.random() < _ILL_NAMED else own
        return format_record_id(self.dice.choice(known)) if known and self.dice.random() > _EMPTY else None

    def _value(self, spec: Field) -> Any:
        dice, book = self.dice, load_book()
        if spec.codes:
            return dice.choice(list(book.vocabulary.codes[spec.codes]))
        low, high = spec.plausible or spec.possible or (0, 50)
        match spec.type:
            case "bool":
                return dice.random() < 0.7
            case "date":
                return iso(self._day())
            case "need":
                return dice.choice(book.needs).name
            case "text":
                return "Contoh"
        return (
            round(dice.uniform(low, high), spec.places) if spec.places else dice.randint(int(low), int(high))
        )

    def _some_facts(self) -> dict[str, Any]:
        facts = load_book().vocabulary.person.values()
        return {
            spec.name: self._value(spec)
            for spec in facts
            if spec.name not in ("birth", "sex") and self.dice.random() < 0.3
        }

    def _family(self) -> dict[str, str]:
        return {"keluarga": format_record_id(self.dice.choice(self.households))} if self.households else {}

    def _day(self) -> int:
        """Mostly of the last two years, often at the end of a month."""
        if self.dice.random() < 0.2:
            return self.dice.choice(_MONTH_ENDS)
        return TODAY - self.dice.randrange(_TWO_YEARS)
