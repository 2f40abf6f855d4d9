"""Cases for `siklus needs --cases`: read forgivingly where the meaning is plain, every fault told where it is not.

    {"id": ..., "on": "2026-11-21", "person": {"sex": "P", "birth": "2026-01-02", ...},
     "records": [{"kind": "imunisasi", "on": "2026-02-02", "vaksin": "bcg", "oleh": "bidan"}], "ask": ["bcg", "mr1"]}

A family is a case with `members`, a list of such persons with their records, each perhaps with `since` and `until`, the
days between which they live there; its own facts stand in `household`, and `records` are then the family's.

Of a record, `id`, `replaces` (the id of the one it corrects), `void` and `why` are its own; all else are its fields,
which may also stand in a `fields` of their own; `episode` is the id of the record that opened what it belongs to.
Records of after `on` are left out: nobody knew of them on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from siklus.kernel.dates import parse_day
from siklus.kernel.problems import Problem
from siklus.library.loading import Book
from siklus.records.checks import Checked, Surroundings, check_record, did_you_mean
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.naming import OwnRecord, may_open, why_not
from siklus.records.persons import DEATH, REGISTER_KINDS, TELLING
from siklus.records.values import Reader, naming_places
from siklus.records.words import code_word
from siklus.rules.episode_spec import NAMED
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field

_CASE = frozenset({"id", "on", "person", "records", "ask", "household", "members"})
_MEMBER = frozenset({"person", "records", "since", "until", "id"})
_OWN = frozenset({"kind", "on", "id", "replaces", "void", "why", "fields", "oleh", "tempat"})
_PERSON_ID = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the engines take it; with problems it is not asked, and `life` may lack what could not be read."""

    id: Any
    on: int
    life: Life
    ask: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_case(book: Book, raw: Any, place: int) -> Case:
    """One case of the list; `place` counts from 1 and names it when it has no id."""
    return _CaseReader(book, raw if isinstance(raw, Mapping) else {}, place, isinstance(raw, Mapping)).read()


class _CaseReader:
    """Reads one case and collects what is wrong with it."""

    def __init__(self, book: Book, raw: Mapping[str, Any], place: int, is_mapping: bool) -> None:
        self.book, self.raw, self.reader = book, raw, Reader(book.vocabulary)
        self.id = raw.get("id", place)
        self.problems: list[Problem] = []
        if not is_mapping:
            self.bad("", "kasus ini bukan objek JSON", '{"id": ..., "on": ..., "person": {...}, ...}')

    def bad(self, where: str, found: str, expected: str = "", todo: str = "", code: str = "C01") -> None:
        self.problems.append(Problem(code, f"kasus {self.id}{where and ', '}{where}", found, expected, todo))

    def read(self) -> Case:
        for name in self.raw:
            if name not in _CASE:
                self.bad(str(name), "bukan bagian kasus", todo=did_you_mean(str(name), _CASE))
        on = self.day("on", self.raw.get("on"))
        life = self.person_life(on) if "members" not in self.raw else self.family_life(on)
        return Case(self.id, on or 0, life, self.ask(), tuple(self.problems))

    def family_life(self, on: int | None) -> Life:
        """The life of a family: its own facts and records, and who lives there on the day."""
        own = self.raw.get("household") or {}
        facts = self.reader.household_facts(own if isinstance(own, Mapping) else {})
        if "person" in self.raw:
            self.bad("person", "sebuah keluarga ditulis dengan 'household' dan 'members'")
        rows = self.records(on or 0, {}, HOUSEHOLD)
        read = (self.reader.record(row) for row in rows if row.kind not in REGISTER_KINDS)
        members = tuple(self.members(on))
        return Life(
            {**facts, "id": _PERSON_ID, "died": None},
            tuple(record for record in read if record is not None),
            members,
        )

    def members(self, on: int | None) -> Iterator[Life]:
        raw = self.raw.get("members")
        if not isinstance(raw, list):
            self.bad("members", "bukan daftar")
            return
        for place, member in enumerate(raw):
            where = f"members[{place}]"
            if not isinstance(member, Mapping):
                self.bad(where, "bukan objek JSON")
                continue
            for name in member:
                if name not in _MEMBER:
                    self.bad(f"{where}.{name}", "bukan bagian anggota", todo=did_you_mean(str(name), _MEMBER))
            days = (member.get(name) for name in ("since", "until"))
            since, until = (None if day is None else self.day(where, day) for day in days)
            inner = _CaseReader(self.book, {**member, "id": f"{self.id}, {where}"}, place, True)
            life = inner.person_life(on)
            self.problems += inner.problems
            if on is None or (since is None or since <= on) and (until is None or on < until):
                yield replace(life, person={**life.person, "id": _PERSON_ID + place + 1})

    def person_life(self, on: int | None) -> Life:
        """The life of a person."""
        facts = self.person()
        records = self.records(on or 0, facts)
        died = facts.pop("died", None)
        told = next((row.on for row in records if row.kind == DEATH), None)
        for row in records:
            facts |= {
                name: row.data[name]
                for name in self.book.vocabulary.person
                if row.kind in TELLING and name in row.data
            }
        days = [day for day in (died, told) if isinstance(day, int) and on is not None and day <= on]
        return Life(
            {**self.reader.facts(facts), "id": _PERSON_ID, "died": min(days, default=None)},
            tuple(
                naming_places(read, row)
                for row in records
                if row.kind not in REGISTER_KINDS and (read := self.reader.record(row)) is not None
            ),
        )

    def day(self, where: str, value: Any) -> int | None:
        try:
            return parse_day(value)
        except (TypeError, ValueError):
            self.bad(where, f"{value!r} bukan tanggal", "tahun-bulan-hari seperti 2026-11-21")
            return None

    def person(self) -> dict[str, Any]:
        """Facts as JSON values in stored words; `died` is a day."""
        raw = self.raw.get("person") or {}
        if not isinstance(raw, Mapping):
            self.bad("person", "bukan objek JSON")
            return {}
        known = self.book.vocabulary.person
        facts: dict[str, Any] = {}
        for name, value in raw.items():
            if value is None or value == "":
                continue
            if name == "died":
                facts["died"] = self.day("died", value)
            elif name in known:
                facts[name] = self.fact(known[name], value)
            elif guess := did_you_mean(str(name), [*known, "died"]):
                self.bad(f"person.{name}", f"'{name}' bukan fakta tentang orang", todo=guess)
        return facts

    def fact(self, spec: Field, value: Any) -> Any:
        if spec.codes is not None:
            word = code_word(self.book.vocabulary, spec.codes, str(value))
            if word is None:
                words = self.book.vocabulary.codes[spec.codes]
                self.bad(
                    f"person.{spec.name}", f"'{value}' tidak dikenal", f"salah satu dari: {', '.join(words)}"
                )
            return word
        if self.reader.facts({spec.name: value})[spec.name] is None:
            self.bad(f"person.{spec.name}", f"{value!r} tidak dapat dibaca")
        return value

    def records(self, on: int, facts: dict[str, Any], of: str = PERSON) -> list[StoredRecord]:
        """The effective records up to the day of the case, of a person or of a household."""
        raw = self.raw.get("records") or []
        if not isinstance(raw, list):
            self.bad("records", "bukan daftar")
            return []
        labels: dict[str, int] = {}
        for number, record in enumerate(raw, 1):
            label = record.get("id") if isinstance(record, Mapping) else None
            if label is not None and labels.setdefault(str(label), number) != number:
                self.bad(f"records[{number - 1}].id", f"id {label!r} sudah dipakai catatan lain")
        roots: dict[int, int] = {}
        rows = [
            row
            for number, record in enumerate(raw, 1)
            if (row := self.record(number, record, labels, roots, on, facts)) is not None
        ]
        rows = [self.naming(row, raw[row.id - 1], labels, rows) for row in rows]
        kinds = self.book.vocabulary.kinds
        for row in rows:
            if row.kind in kinds and kinds[row.kind].of != of and not row.is_void:
                about = "keluarga, bukan seseorang" if of == PERSON else "seseorang: tulis pada 'members'"
                self.bad(f"records[{row.id - 1}]", f"catatan '{row.kind}' tentang {about}")
        return [row for row in effective(rows) if row.on <= on]

    def naming(
        self, row: StoredRecord, raw: Mapping[str, Any], labels: Mapping[str, int], rows: list[StoredRecord]
    ) -> StoredRecord:
        """The record with the place of the one it names; names are read last, for they may lead forward."""
        label, kind = _fields_of(raw).get(NAMED), self.book.vocabulary.kinds.get(row.kind)
        if label in (None, "") or row.is_void or kind is None or kind.episode is None:
            return row
        place = labels.get(str(label), 0)
        root = next((each.root for each in rows if each.id == place), 0)
        versions = [
            OwnRecord(each.kind, each.data) for each in rows if each.root == root and not each.is_void
        ]
        episode = self.book.vocabulary.episodes[kind.episode]
        if not any(may_open(episode, each) for each in versions):
            named = versions[0] if versions else None
            found = why_not(episode, f"'{label}'", named, self.book.vocabulary)
            self.bad(f"records[{row.id - 1}].{NAMED}", found, todo="Tulis id catatan yang membukanya.")
        return replace(row, data={**row.data, NAMED: root})

    def record(
        self,
        number: int,
        raw: Any,
        labels: Mapping[str, int],
        roots: dict[int, int],
        on: int,
        facts: Mapping[str, Any],
    ) -> StoredRecord | None:
        where = f"records[{number - 1}]"
        if not isinstance(raw, Mapping):
            self.bad(where, "bukan objek JSON")
            return None
        replaces, is_void = raw.get("replaces"), raw.get("void") is True
        target = number if replaces is None else labels.get(str(replaces), 0)
        if not 0 < target <= number:
            self.bad(f"{where}.replaces", f"tidak ada catatan sebelumnya dengan id {replaces!r}")
            return None
        root = roots[number] = roots.get(target, target)
        kind = raw.get("kind")
        day = self.day(f"{where}.on", raw.get("on")) if "on" in raw or not is_void else 0
        checked = Checked()
        if not is_void:
            checked = self.checked(
                str(kind), on if day is None else day, raw, f"kasus {self.id}, {where}", on, facts
            )
        if day is None:
            return None
        return StoredRecord(
            id=number, seq=number, kind=str(kind or ""), person=_PERSON_ID, household=None, on=day, root=root,
            is_void=is_void, data=checked.data, by_role=checked.by_role, place_kind=checked.place_kind,
        )  # fmt: skip

    def checked(
        self, kind: str, day: int, raw: Mapping[str, Any], where: str, on: int, facts: Mapping[str, Any]
    ) -> Checked:
        data = _fields_of(raw)
        spec = self.book.vocabulary.kinds.get(kind)
        if spec is not None and spec.episode is not None:
            data.pop(NAMED, None)
        birth = self.reader.facts({"birth": facts.get("birth")})["birth"]
        died = facts.get("died")
        checked = check_record(
            kind=kind, on=day, data=data, by_role=str(raw.get("oleh") or ""),
            place_kind=str(raw.get("tempat") or ""), vocabulary=self.book.vocabulary,
            # A record of after the case's day is nobody's mistake: it is left out, not refused.
            around=Surroundings(
                today=max(day, on), birth=None if kind in REGISTER_KINDS else birth,
                died=died if isinstance(died, int) else None, needs=_needs_of(self.book),
            ),
            where=where,
        )  # fmt: skip
        self.problems.extend(checked.problems)
        return checked

    def ask(self) -> tuple[str, ...]:
        """The needs asked for; without `ask`, all."""
        known = _needs_of(self.book)
        asked = self.raw.get("ask")
        if asked is None:
            is_family = "members" in self.raw
            return tuple(each.name for each in self.book.needs if (each.unit == HOUSEHOLD) is is_family)
        if not isinstance(asked, list):
            self.bad("ask", "bukan daftar")
            return ()
        for name in asked:
            if name not in known:
                self.bad("ask", f"'{name}' bukan kebutuhan yang dikenal", todo=did_you_mean(str(name), known))
        return tuple(name for name in dict.fromkeys(map(str, asked)) if name in known)


def _fields_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    fields = raw.get("fields")
    data = {name: value for name, value in raw.items() if name not in _OWN}
    return {**data, **fields} if isinstance(fields, Mapping) else data


def _needs_of(book: Book) -> Collection[str]:
    return {need.name: None for need in book.needs}.keys()
