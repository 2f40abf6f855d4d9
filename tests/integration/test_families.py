"""What families are owed: settled when a member's record, the family's own, or who lives there changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from siklus.care import actions
from siklus.care.queries import household_life
from siklus.kernel.dates import iso
from siklus.library.loading import load_book
from siklus.monitoring.actions import settle
from siklus.rules.vocabulary import HOUSEHOLD
from tests.integration import contents
from tests.integration.area import DESAS, POSYANDU, TODAY, draft, label, write, write_one

pytestmark = pytest.mark.usefixtures("area")


def owed(family: int) -> dict[str, str]:
    """What a family is owed as such, as its lists say."""
    rows = apps.get_model("care.Need")._default_manager.filter(unit=HOUSEHOLD, unit_id=family)
    found = dict(rows.values_list("need", "status"))
    life = household_life(family, TODAY)
    assert life is not None
    told = {each.need: each.status for each in load_book().engine.needs(life, TODAY)}
    assert {need: told[need] for need in found} == found, "the page says otherwise than the list"
    return found


def spokesman(family: int) -> int:
    (person,) = set(
        apps.get_model("care.Need")
        ._default_manager.filter(unit=HOUSEHOLD, unit_id=family)
        .values_list("person_id", flat=True)
    )
    return int(person)


@pytest.fixture
def home() -> tuple[int, int, int]:
    """(family, mother, child): the child was last weighed in September."""
    family, mother, child = write(
        draft("daftar_keluarga", ref="k", desa=DESAS[0], posyandu=POSYANDU[0]),
        draft(
            "daftar_orang",
            nama="Dewi",
            birth="1995-01-01",
            sex="p",
            keluarga="@k",
            hubungan="kepala_keluarga",
        ),
        draft("daftar_orang", "2024-06-10", nama="Ani", birth="2024-06-10", sex="p", keluarga="@k"),
    )
    keys = family.key or 0, mother.key or 0, child.key or 0
    write_one("imunisasi", "2024-09-01", of=keys[2], vaksin="dpt_hb_hib")
    write_one("timbang", "2026-09-30", of=keys[2], berat=10.2)
    return keys


def test_a_family_is_owed_a_visit_because_of_a_member_until_the_member_is_served(
    home: tuple[int, int, int],
) -> None:
    family, _, child = home
    before = contents.derived()
    assert owed(family) == {"kunjungan_keluarga": "due", "kunjungan_sasaran": "due"}
    weighed = write_one("timbang", "2026-11-03", of=child, berat=10.9)
    assert owed(family) == {"kunjungan_keluarga": "due"}
    assert actions.void_record(weighed, author=None, why="Salah anak", today=TODAY).is_accepted
    assert contents.derived() == before


def test_a_visit_that_was_made_settles_what_the_family_is_owed(home: tuple[int, int, int]) -> None:
    family = home[0]
    visit = write_one("kunjungan_keluarga", iso(TODAY), family=family, hasil="dilakukan")
    assert owed(family) == {}
    life = household_life(family, TODAY)
    assert life is not None
    told = {each.need: each.status for each in load_book().engine.needs(life, TODAY)}
    assert told["kr_keluarga"] == "due", "the sheet of the year is asked for when they are met, in no list"
    assert actions.correct_record(
        visit, author=None, why="Kosong", changes={"hasil": "tidak_di_rumah"}, today=TODAY
    )
    assert owed(family) == {"kunjungan_keluarga": "due", "kunjungan_sasaran": "due"}


def test_a_child_that_moves_takes_the_visit_along(home: tuple[int, int, int]) -> None:
    family, _, child = home
    (other,) = write(draft("daftar_keluarga", desa=DESAS[3], posyandu=POSYANDU[3]))
    before = contents.derived()
    moved = write_one("ganti_keluarga", of=child, keluarga=label(other.key or 0))
    assert owed(family) == {"kunjungan_keluarga": "due"}
    assert owed(other.key or 0) == {"kunjungan_keluarga": "due", "kunjungan_sasaran": "due"}
    assert actions.void_record(moved, author=None, why="Keliru", today=TODAY).is_accepted
    assert contents.derived() == before


@pytest.mark.parametrize("kind, data", [("meninggal", {}), ("pindah", {"keluar": True})])
def test_who_died_or_left_makes_no_visit_due(
    kind: str, data: dict[str, Any], home: tuple[int, int, int]
) -> None:
    family, mother, child = home
    write_one(kind, of=child, **data)
    assert owed(family) == {"kunjungan_keluarga": "due"}
    write_one(kind, of=mother, **data)
    assert owed(family) == {}, "nobody lives there any more"


def test_the_head_stands_for_the_family_and_after_them_who_was_registered_first(
    home: tuple[int, int, int],
) -> None:
    family, mother, child = home
    assert spokesman(family) == mother
    write_one("meninggal", of=mother)
    assert spokesman(family) == child


def test_settling_again_changes_nothing(home: tuple[int, int, int]) -> None:
    before = contents.derived()
    settle(home[1:], TODAY, [home[0]])
    assert contents.derived() == before
