"""What happens to people: they merge, move, change family, die; and each of it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from siklus.care import actions, queries
from siklus.kernel.dates import parse_day
from tests.integration import contents
from tests.integration.area import DESAS, POSYANDU, TODAY, child, draft, label, write, write_one
from tests.numbers import nik

pytestmark = pytest.mark.usefixtures("area")


def person(key: int) -> Any:
    return apps.get_model("register.Person")._default_manager.get(id=key)


def needs(key: int) -> dict[str, str]:
    rows = apps.get_model("care.Need")._default_manager.filter(person_id=key)
    return dict(rows.values_list("need", "status"))


def void(key: int) -> None:
    assert actions.void_record(key, author=None, why="Dibatalkan", today=TODAY).is_accepted


def test_two_entries_of_one_child_become_one_life_and_two_again() -> None:
    one, other = child("Ani"), child("Anni", nik="9900000000000001")
    write_one("imunisasi", "2026-02-10", of=one, vaksin="bcg")
    write_one("imunisasi", "2026-10-10", of=other, vaksin="mr")
    apart = contents.derived()
    assert "bcg" not in needs(one) and needs(one)["mr1"] == "due"

    merged = write_one("gabung_orang", of=one, orang=label(other))
    assert not {"bcg", "mr1"} & needs(one).keys()
    assert needs(other) == {}
    assert (nik(person(one)), person(other).merged_into) == ("9900000000000001", one)
    assert len(queries.time_line(other)) == len(queries.time_line(one)) == 5
    assert queries.life_of(other) == queries.life_of(one)

    void(merged)
    assert contents.derived() == apart


def test_a_merge_within_a_merge_leads_to_the_final_one() -> None:
    a, b, c = child("A"), child("B"), child("C")
    write_one("gabung_orang", of=b, orang=label(c))
    last = write_one("gabung_orang", of=a, orang=label(b))
    assert (person(b).merged_into, person(c).merged_into) == (a, a)
    void(last)
    assert (person(b).merged_into, person(c).merged_into) == (None, b)


def test_a_child_follows_its_mother_through_a_merge() -> None:
    mother, same_mother = child("Dewi", birth="1995-01-01"), child("Dewi L", birth="1995-01-01")
    baby = child("Bayi", ibu=label(same_mother))
    merged = write_one("gabung_orang", of=mother, orang=label(same_mother))
    assert person(baby).mother_id == mother
    void(merged)
    assert person(baby).mother_id == same_mother


def test_a_family_that_moves_takes_its_members_with_their_needs_along() -> None:
    home, baby = write(
        draft("daftar_keluarga", ref="k", desa=DESAS[0], posyandu=POSYANDU[0]),
        draft("daftar_orang", "2026-01-02", nama="Ani", birth="2026-01-02", keluarga="@k"),
    )
    before = contents.derived()
    moved = write_one("ubah_keluarga", family=home.key, desa=DESAS[3], posyandu=POSYANDU[3])
    lives = person(baby.key or 0)
    assert (lives.desa_code, lives.posyandu_code, lives.puskesmas_code) == (
        DESAS[3],
        POSYANDU[3],
        "P-SELATAN",
    )
    rows = apps.get_model("care.Need")._default_manager.filter(person_id=baby.key)
    assert set(rows.values_list("puskesmas_code", flat=True)) == {"P-SELATAN"}
    void(moved)
    assert contents.derived() == before


def test_who_leaves_the_district_is_owed_nothing_here_until_they_come_back() -> None:
    baby = child("Ani")
    owed = needs(baby)
    left = write_one("pindah", of=baby, keluar=True)
    assert needs(baby) == {} and person(baby).left == parse_day("2026-11-01")
    void(left)
    assert needs(baby) == owed != {}


def test_the_dead_are_owed_nothing_and_a_death_written_by_mistake_can_be_taken_back() -> None:
    baby = child("Ani")
    owed = needs(baby)
    death = write_one("meninggal", of=baby, sebab="")
    assert needs(baby) == {} and person(baby).died == parse_day("2026-11-01")
    void(death)
    assert needs(baby) == owed != {}


def test_a_family_knows_its_head_when_members_change_family_or_die() -> None:
    home, father, mother = write(
        draft("daftar_keluarga", ref="k", posyandu=POSYANDU[0]),
        draft("daftar_orang", nama="Budi", keluarga="@k", hubungan="kepala_keluarga"),
        draft("daftar_orang", nama="Dewi", keluarga="@k", hubungan="istri"),
    )

    def head() -> int | None:
        return apps.get_model("register.Household")._default_manager.get(id=home.key).head_id

    assert head() == father.key
    death = write_one("meninggal", of=father.key)
    assert head() is None
    write_one("ubah_orang", of=mother.key, hubungan="kepala_keluarga")
    assert head() == mother.key
    void(death)
    assert head() == father.key, "of two who claim it the one registered first"


def test_a_late_record_changes_what_is_owed_as_if_it_had_come_in_time() -> None:
    baby = child("Ani")
    assert needs(baby)["bcg"] == "overdue"
    write_one("imunisasi", "2026-02-10", of=baby, vaksin="bcg")
    assert "bcg" not in needs(baby)


def test_a_corrected_birth_date_moves_every_window() -> None:
    baby = child("Ani", birth="2026-01-02")
    assert needs(baby)["mr1"] == "due"
    changed = actions.correct_record(
        baby,
        author=None,
        why="Lihat akta",
        changes={"birth": "2026-08-02"},
        on=parse_day("2026-08-05"),
        today=TODAY,
    )
    assert changed.problems == ()
    assert "mr1" not in needs(baby)
