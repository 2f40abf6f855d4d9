"""What register records make of a person."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.kernel.ids import format_record_id, record_key
from siklus.records.drafts import StoredRecord
from siklus.records.effective import effective
from siklus.records.persons import (
    ProjectedPerson,
    fill_gaps,
    project_household,
    project_person,
    survivors,
)

ME, HOME, OTHER_HOME = record_key(1, 10), record_key(1, 1), record_key(1, 2)


class Told:
    """Writes register records one after the other."""

    def __init__(self, subject: int = ME) -> None:
        self.subject, self.rows, self.number = subject, [], 100

    def say(self, kind: str, on: int, data: dict[str, Any], key: int | None = None, **more: Any) -> Told:
        self.number += 1
        key = key or record_key(2, self.number)
        values = {"root": key, "person": self.subject, "household": None, **more}
        self.rows.append(StoredRecord(id=key, seq=self.number, kind=kind, on=on, data=data, **values))
        return self

    def person(self) -> ProjectedPerson | None:
        return project_person(self.subject, effective(self.rows))


def registered(**data: Any) -> Told:
    return Told().say("daftar_orang", 100, {"nama": "Dewi", **data}, key=ME)


def known(told: Told) -> ProjectedPerson:
    person = told.person()
    assert person is not None
    return person


def test_the_last_known_value_wins_and_an_empty_one_never_erases() -> None:
    told = registered(nik="9900000000000001", sex="p", birth="1990-01-01", kelas=5)
    told.say("ubah_orang", 200, {"nama": "Dewi Lestari", "nik": "", "merokok": False})
    person = known(told)
    assert (person.name, person.nik, person.sex) == ("Dewi Lestari", "9900000000000001", "p")
    assert person.facts == {"kelas": 5, "merokok": False}


def test_a_change_dated_earlier_but_written_later_does_not_win() -> None:
    told = registered().say("ubah_orang", 300, {"hp": "0812"}).say("ubah_orang", 200, {"hp": "0899"})
    assert known(told).phone == "0812"


def test_nobody_is_registered_by_a_change_alone_or_by_a_void_registration() -> None:
    assert Told().say("ubah_orang", 100, {"nama": "Dewi"}).person() is None
    assert registered().say("daftar_orang", 100, {}, root=ME, is_void=True).person() is None


@pytest.mark.parametrize(
    ("later", "household", "desa", "posyandu"),
    [
        ([("pindah", {"desa": "17.02.06.1005"})], None, "17.02.06.1005", ""),
        ([("pindah", {"posyandu": "B"})], HOME, "", "B"),
        ([("pindah", {"keluarga": format_record_id(OTHER_HOME)})], OTHER_HOME, "", ""),
        ([("ganti_keluarga", {"keluarga": format_record_id(OTHER_HOME)})], OTHER_HOME, "", ""),
        ([("ubah_orang", {"desa": "17.02.06.1005"})], HOME, "17.02.06.1005", ""),
        ([("pindah", {"keluar": True})], HOME, "", "A"),
    ],
)
def test_a_newer_way_of_telling_where_somebody_lives_replaces_the_older(
    later: list[tuple[str, dict[str, Any]]], household: int | None, desa: str, posyandu: str
) -> None:
    told = registered(keluarga=format_record_id(HOME), posyandu="A")
    for kind, data in later:
        told.say(kind, 200, data)
    person = known(told)
    assert (person.household_id, person.desa, person.posyandu) == (household, desa, posyandu)


def test_who_left_the_district_and_came_back_has_not_left() -> None:
    told = registered().say("pindah", 200, {"keluar": True})
    assert known(told).left == 200
    assert known(told.say("pindah", 300, {"desa": "17.02.06.1004"})).left is None


def test_of_two_deaths_the_earlier_counts_and_a_void_one_does_not() -> None:
    told = registered().say("meninggal", 300, {}, key=record_key(3, 1)).say("meninggal", 250, {})
    assert known(told).died == 250
    told = registered().say("meninggal", 300, {}, key=record_key(3, 1))
    told.say("meninggal", 300, {}, root=record_key(3, 1), is_void=True)
    assert known(told).died is None


def test_a_new_family_brings_a_new_relation() -> None:
    told = registered(keluarga=format_record_id(HOME), hubungan="anak")
    person = known(
        told.say("ganti_keluarga", 200, {"keluarga": format_record_id(OTHER_HOME), "hubungan": "istri"})
    )
    assert (person.household_id, person.relation) == (OTHER_HOME, "istri")


def test_a_family_that_changes_village_loses_its_old_posyandu() -> None:
    rows = [
        StoredRecord(
            id=HOME, seq=1, kind="daftar_keluarga", person=None, household=HOME, on=1, root=HOME,
            data={"no_kk": "99", "desa": "17.02.06.1004", "posyandu": "A"},
        ),
        StoredRecord(
            id=HOME + 1, seq=2, kind="ubah_keluarga", person=None, household=HOME, on=2, root=HOME + 1,
            data={"desa": "17.02.06.1005"},
        ),
    ]  # fmt: skip
    family = project_household(HOME, rows)
    assert family is not None
    assert (family.no_kk, family.desa, family.posyandu) == ("99", "17.02.06.1005", "")


def merge(number: int, survivor: int, absorbed: int, on: int = 100) -> StoredRecord:
    key = record_key(4, number)
    return StoredRecord(
        id=key, seq=number, kind="gabung_orang", person=survivor, household=None, on=on, root=key,
        data={"orang": format_record_id(absorbed)},
    )  # fmt: skip


A, B, C = (record_key(1, n) for n in (21, 22, 23))


@pytest.mark.parametrize(
    ("merges", "into"),
    [
        ([merge(1, A, B)], {B: A}),
        ([merge(1, B, C), merge(2, A, B)], {B: A, C: A}),
        ([merge(1, A, B), merge(2, C, B)], {B: A}),
        ([merge(1, A, B), merge(2, B, A)], {B: A}),
        ([merge(1, A, A)], {}),
        ([merge(1, A, B), merge(2, B, C), merge(3, C, A)], {B: A, C: A}),
    ],
)
def test_merges_lead_to_one_final_survivor_and_never_in_a_circle(
    merges: list[StoredRecord], into: dict[int, int]
) -> None:
    assert survivors(merges) == into
    assert survivors(reversed(merges)) == into


def test_the_survivor_keeps_their_own_facts_and_gains_what_only_the_other_knew() -> None:
    one = ProjectedPerson(id=A, name="Dewi", nik="", birth=1, facts={"kelas": 5})
    other = ProjectedPerson(
        id=B,
        name="Dewi L",
        nik="99",
        birth=2,
        household_id=HOME,
        desa="x",
        died=50,
        facts={"kelas": 6, "merokok": True},
    )
    both = fill_gaps(one, [other])
    assert (both.name, both.nik, both.birth, both.household_id, both.died) == ("Dewi", "99", 1, HOME, 50)
    assert both.facts == {"kelas": 5, "merokok": True}
