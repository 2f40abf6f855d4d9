"""Whatever happened, in whatever order: register, state, needs and sums are those a rebuild from the log would make."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from siklus.care import actions, queries, tally
from siklus.kernel.dates import parse_day
from siklus.records.drafts import DraftRecord
from tests.integration import contents
from tests.integration.area import DESAS, POSYANDU, TODAY, draft, label, lay_area, write

pytestmark = pytest.mark.django_db

_DAYS = ["2026-01-31", "2026-02-28", "2026-06-30", "2026-11-01", "2026-11-21"]
_UNDONE = 0.15
_KINDS = [
    "daftar_keluarga", "daftar_orang", "lahir", "ubah_orang", "ubah_keluarga", "pindah", "ganti_keluarga",
    "meninggal", "gabung_orang", "gabung_orang", "timbang", "imunisasi", "correct", "void", "void",
]  # fmt: skip


class Storyteller:
    """Tells of two families record by record, at random; many records are refused, as in life."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.persons: list[int] = []
        self.homes: list[int] = []
        self.roots: list[tuple[int, str]] = []
        self.batches = 0
        for number in range(2):
            self.tell(draft("daftar_keluarga", _DAYS[0], desa=DESAS[number], posyandu=POSYANDU[number]))
            home = label(self.homes[-1])
            self.tell(draft("daftar_orang", _DAYS[0], nama="Dewi", keluarga=home, hubungan="kepala_keluarga"))
            mother = label(self.persons[-1])
            self.tell(draft("lahir", _DAYS[0], nama="Ani", birth="2025-12-31", keluarga=home, ibu=mother))

    def one_of(self, options: list[Any]) -> Any:
        return self.random.choice(options) if options else None

    def name(self, keys: list[int]) -> str | None:
        key = self.one_of([*keys, None])
        return None if key is None else label(key)

    def values(self, kind: str) -> dict[str, Any]:
        desa, posyandu = self.one_of([None, *DESAS]), self.one_of([None, *POSYANDU])
        home, mother = self.name(self.homes), self.name(self.persons)
        told = {
            "daftar_keluarga": {"no_kk": "9900000000000001", "desa": desa, "posyandu": posyandu},
            "ubah_keluarga": {"rt": self.one_of(["001", "002"]), "desa": desa, "posyandu": posyandu},
            "pindah": {
                "desa": desa,
                "posyandu": posyandu,
                "keluarga": home,
                "keluar": self.one_of([None, True]),
            },
            "ganti_keluarga": {"keluarga": home, "hubungan": self.one_of([None, "anak", "kepala_keluarga"])},
            "gabung_orang": {"orang": mother},
            "timbang": {"berat": 8.2},
            "imunisasi": {"vaksin": self.one_of(["bcg", "mr"])},
            "meninggal": {},
        }
        about = {
            "nama": self.one_of(["Ani", "Budi"]), "birth": self.one_of([None, "2025-12-31", "1990-02-28"]),
            "sex": self.one_of([None, "l", "p"]), "nik": self.one_of([None, "9900000000000001"]),
            "keluarga": home, "ibu": mother, "desa": desa, "posyandu": posyandu,
            "hubungan": self.one_of([None, "kepala_keluarga"]), "merokok": self.one_of([None, True]),
        }  # fmt: skip
        return told.get(kind, about)

    def draft(self) -> DraftRecord | None:
        kind, day = self.one_of(_KINDS), self.one_of(_DAYS)
        if kind in ("correct", "void"):
            found = self.one_of(self.roots)
            if found is None:
                return None
            root, of_kind = found
            is_void = kind == "void"
            data = {} if is_void else self.values(of_kind)
            return draft(of_kind, day, root=root, why="Betulkan", void=is_void, **data)
        if kind == "ubah_keluarga":
            return draft(kind, day, family=self.one_of(self.homes), **self.values(kind))
        registers = kind in ("daftar_orang", "lahir", "daftar_keluarga")
        return draft(kind, day, of=None if registers else self.one_of(self.persons), **self.values(kind))

    def tell(self, *drafts: DraftRecord) -> None:
        """These records, or some at random, in one batch."""
        some = drafts or [d for _ in range(self.random.randint(1, 3)) if (d := self.draft()) is not None]
        self.batches += 1
        for told, outcome in zip(some, write(*some, batch=self.batches), strict=True):
            if outcome.key is None or told.root is not None:
                continue
            self.roots.append((outcome.key, told.kind))
            if told.kind == "daftar_keluarga":
                self.homes.append(outcome.key)
            elif outcome.person_id == outcome.key:
                self.persons.append(outcome.key)
        if not drafts and self.random.random() < _UNDONE:
            undone = self.random.randint(1, self.batches)
            would = actions.judge_undoing(undone, today=TODAY)
            done = actions.void_batch(undone, author=None, why="Urungkan", today=TODAY)
            assert would.records == sum(outcome.is_accepted for outcome in done)


class TestProjection(TestCase):
    # A failing seed is shown as it is: making a history shorter would take longer than reading it.
    @settings(max_examples=14, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)
    @given(st.integers(0, 2**32))
    def test_what_grew_record_by_record_equals_a_rebuild(self, seed: int) -> None:
        lay_area()
        story = Storyteller(seed)
        for _ in range(8):
            story.tell()
        grown = contents.derived()
        actions.rebuild_register()
        assert contents.register() == {name: grown[name] for name in ("Person", "Household")}
        actions.refresh_persons([row[0] for row in grown["Person"]], TODAY)
        assert contents.derived() == grown
        tally.rebuild()
        assert contents.derived() == grown
        for first, last in (_DAYS[:2], _DAYS[1:3], [_DAYS[-1]] * 2):
            days = parse_day(first), parse_day(last)
            assert queries.records_within(story.persons, ("timbang",), days) == some_of_the_lives(
                story.persons, days
            )


def some_of_the_lives(persons: list[int], days: tuple[int, int]) -> dict[int, list[Any]]:
    """Weighings of some days out of whole lives."""
    found = {}
    for person, life in queries.lives_of(persons).items():
        weighings = [row for row in life.records if row["kind"] == "timbang"]
        if some := [row for row in weighings if days[0] <= row["date"] <= days[1]]:
            found[person] = some
    return found
