"""The SPM figures of a place and the names behind them: who sees what, and that every sum opens to as many people."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import NotInScope, User
from siklus.care.actions import append_records, void_record
from siklus.kernel.dates import year_of
from siklus.monitoring import queries
from siklus.monitoring.actions import settle_outcomes
from siklus.monitoring.queries import ALL, COMPLETE, LACKING, REACHED, STATES, UNCLEAR
from siklus.records.drafts import DraftRecord
from siklus.register.actions import set_target
from tests.integration import contents
from tests.integration.area import DESAS, NORTH, POSYANDU, PUSTU, SOUTH, TODAY, draft, label

YEAR = year_of(TODAY)
NEWBORN, ADULT, PREGNANT = "spm03", "spm06", "spm01"

pytestmark = pytest.mark.django_db


def record(*drafts: DraftRecord) -> list[int]:
    """Through the door and settled; the keys."""
    outcomes = append_records(drafts, author=None, today=TODAY, refresh=False)
    assert [outcome.problems for outcome in outcomes] == [()] * len(outcomes)
    settle_outcomes(outcomes, TODAY)
    return [outcome.key or 0 for outcome in outcomes]


def baby(name: str, posyandu: int, birth: str | None = "2026-03-02", **data: Any) -> int:
    (key,) = record(
        draft(
            "daftar_orang",
            "2026-03-02",
            nama=name,
            birth=birth,
            sex="p",
            posyandu=POSYANDU[posyandu - 1],
            **data,
        )
    )
    return key


def fully_served(person: int) -> None:
    record(
        draft("layanan_bbl", "2026-03-02", of=person, jam=1, vit_k1=True, salep_mata=True, oleh="bidan"),
        draft("imunisasi", "2026-03-02", of=person, vaksin="hb0", oleh="bidan"),
        draft("kunjungan_neonatal", "2026-03-03", of=person, jam=30, oleh="bidan"),
        draft("kunjungan_neonatal", "2026-03-06", of=person, oleh="bidan"),
        draft("kunjungan_neonatal", "2026-03-20", of=person, oleh="bidan"),
    )


@pytest.fixture
def newborns(users: dict[str, User]) -> dict[str, int]:
    """Posyandu 1: Ani got everything, Budi only HB0, Cici nothing. 2: Dodi nothing. 3: Eka everything."""
    people = {
        "Ani": baby("Ani", 1),
        "Budi": baby("Budi", 1),
        "Cici": baby("Cici", 1),
        "Dodi": baby("Dodi", 2),
    }
    people["Eka"] = baby("Eka", 3)
    fully_served(people["Ani"])
    fully_served(people["Eka"])
    record(draft("imunisasi", "2026-03-02", of=people["Budi"], vaksin="hb0"))
    return people


def row(user: User, place: str = "", indicator: str = NEWBORN) -> queries.SpmRow:
    return next(row for row in queries.spm_page(user, YEAR, place).rows if row.indicator == indicator)


def four(it: queries.SpmRow) -> tuple[int | None, int, int, int]:
    return it.target, it.registered, it.reached, it.complete


def test_each_user_sees_the_figures_of_their_own_area(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    assert four(row(users["dinkes"])) == (None, 5, 3, 2)
    assert four(row(users["utara"])) == (None, 4, 2, 1)
    assert four(row(users["selatan"])) == (None, 1, 1, 1)
    assert four(row(users["pustu"])) == (None, 1, 0, 0)
    assert four(row(users["kader1"])) == (None, 3, 2, 1)


def test_the_page_lists_every_indicator_of_the_year_even_where_nobody_is(users: dict[str, User]) -> None:
    rows = queries.spm_page(users["kader1"], YEAR).rows
    named = [row.indicator for row in rows]
    assert named == queries.indicator_names() == sorted(named)
    assert {"spm01", "spm02", "spm03", "spm04", "spm05", "spm06", "spm07", "spm08", "spm09"} <= set(named)
    assert {four(row) for row in rows} == {(None, 0, 0, 0)}


def test_a_place_below_ones_own_may_be_asked_for_and_no_other(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    assert four(row(users["dinkes"], NORTH)) == four(row(users["utara"]))
    assert four(row(users["utara"], DESAS[0])) == four(row(users["kader1"]))
    assert four(row(users["utara"], POSYANDU[1])) == four(row(users["utara"], PUSTU)) == (None, 1, 0, 0)
    for user, place in (
        ("utara", SOUTH),
        ("utara", "99.01"),
        ("kader1", POSYANDU[2]),
        ("pustu", DESAS[0]),
        ("utara", "X"),
    ):
        with pytest.raises(NotInScope):
            queries.spm_page(users[user], YEAR, place)
        with pytest.raises(NotInScope):
            queries.spm_names(users[user], NEWBORN, YEAR, place)


def test_the_parts_of_a_place_add_up_to_it(users: dict[str, User], newborns: dict[str, int]) -> None:
    record(draft("daftar_orang", "2026-03-02", nama="Tanpa alamat", birth="2026-03-02", sex="l"))
    whole = row(users["dinkes"])
    assert whole.registered == 6
    for place, expected in (("", [SOUTH, NORTH, None]), (NORTH, list(DESAS[:2])), (DESAS[0], [POSYANDU[0]])):
        parts = queries.spm_parts(users["dinkes"], NEWBORN, YEAR, place)
        assert [part.area and part.area.code for part in parts] == expected
        for figure in ("registered", "reached", "complete", "unclear"):
            assert sum(getattr(part.row, figure) for part in parts) == getattr(
                row(users["dinkes"], place), figure
            )


def test_behind_every_number_stand_as_many_names(users: dict[str, User], newborns: dict[str, int]) -> None:
    baby("Fani", 1, birth=None)
    for user in users.values():
        for it in queries.spm_page(user, YEAR).rows:
            numbers = {
                ALL: it.registered,
                REACHED: it.reached,
                COMPLETE: it.complete,
                LACKING: it.lacking,
                UNCLEAR: it.unclear,
            }
            assert numbers.keys() == set(STATES)
            for state, number in numbers.items():
                names = queries.spm_names(user, it.indicator, YEAR, state=state)
                assert (names.total, len(names.lines)) == (number, number), (
                    user.username,
                    it.indicator,
                    state,
                )
            for component in it.lacking_by_component:
                names = queries.spm_names(user, it.indicator, YEAR, component=component)
                assert (
                    len(names.lines)
                    == it.lacking_by_component[component] + it.unknown_by_component[component]
                )


def test_names_say_what_each_person_lacks_and_what_is_not_known(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    lines = {line.person_id: line for line in queries.spm_names(users["kader1"], NEWBORN, YEAR).lines}
    assert lines.keys() == {newborns["Budi"], newborns["Cici"]}
    assert lines[newborns["Budi"]].lacking == ("kn1", "kn2", "kn3", "vit_k1", "salep_mata")
    assert lines[newborns["Cici"]].lacking == ("kn1", "kn2", "kn3", "vit_k1", "salep_mata", "hb0")
    record(draft("kunjungan_neonatal", "2026-03-03", of=newborns["Budi"], oleh="bidan"))
    lines = {line.person_id: line for line in queries.spm_names(users["kader1"], NEWBORN, YEAR).lines}
    assert lines[newborns["Budi"]].unknown == ("kn1",), "the hour of the visit was not written down"


def test_whoever_may_belong_but_lacks_a_birth_date_is_shown_beside_the_registered(
    users: dict[str, User],
) -> None:
    nobody_knows = baby("Fani", 1, birth=None)
    it = row(users["kader1"])
    assert (it.registered, it.unclear) == (0, 1)
    (line,) = queries.spm_names(users["kader1"], NEWBORN, YEAR, state=UNCLEAR).lines
    assert (line.person_id, line.counted) == (nobody_knows, None)


def test_pages_of_names_follow_village_posyandu_and_name_and_lose_nobody(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    seen = []
    for page in (1, 2, 3):
        names = queries.spm_names(users["dinkes"], NEWBORN, YEAR, state=ALL, page=page, size=2)
        assert (names.page, names.pages, names.total) == (page, 3, 5)
        seen += [line.person_id for line in names.lines]
    assert seen == [newborns[name] for name in ("Eka", "Ani", "Budi", "Cici", "Dodi")]
    assert queries.spm_names(users["dinkes"], NEWBORN, YEAR, state=ALL, page=99, size=2).page == 3


def test_a_target_is_as_entered_else_the_sum_of_all_parts_else_none(users: dict[str, User]) -> None:
    def target(user: str, place: str = "") -> int | None:
        return row(users[user], place).target

    assert target("dinkes") is None
    set_target(indicator=NEWBORN, place_code=NORTH, year=YEAR, value=120, source="Pusdatin")
    assert (target("utara"), target("dinkes")) == (120, None), "a sum that leaves one out would be a lie"
    set_target(indicator=NEWBORN, place_code=SOUTH, year=YEAR, value=80)
    assert (target("selatan"), target("dinkes")) == (80, 200)
    set_target(indicator=NEWBORN, place_code="99.01", year=YEAR, value=190, source="Pusdatin")
    assert target("dinkes") == 190
    assert row(users["utara"]).target_source == "Pusdatin"
    assert row(users["dinkes"], indicator=ADULT).target is None


def test_more_complete_than_the_target_is_shown_as_it_is(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    set_target(indicator=NEWBORN, place_code=SOUTH, year=YEAR, value=0)
    assert four(row(users["selatan"])) == (0, 1, 1, 1)


def test_who_moves_takes_the_figure_along_and_who_leaves_the_district_is_not_counted(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    moved, left = record(
        draft("pindah", "2026-10-01", of=newborns["Ani"], posyandu=POSYANDU[2], desa=DESAS[2]),
        draft("pindah", "2026-10-01", of=newborns["Budi"], keluar=True),
    )
    assert four(row(users["kader1"])) == (None, 1, 0, 0)
    assert four(row(users["kader3"])) == (None, 2, 2, 2)
    for key in (moved, left):
        settle_outcomes([void_record(key, author=None, why="Keliru", today=TODAY)], TODAY)
    assert four(row(users["kader1"])) == (None, 3, 2, 1)


def test_the_dead_are_on_no_list_and_a_death_written_by_mistake_brings_them_back(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    (death,) = record(draft("meninggal", "2026-10-01", of=newborns["Cici"]))
    assert four(row(users["kader1"])) == (None, 2, 2, 1)
    assert newborns["Cici"] not in {
        line.person_id for line in queries.spm_names(users["kader1"], NEWBORN, YEAR).lines
    }
    settle_outcomes([void_record(death, author=None, why="Keliru", today=TODAY)], TODAY)
    assert four(row(users["kader1"])) == (None, 3, 2, 1)


def test_a_family_that_moves_takes_its_children_along(users: dict[str, User]) -> None:
    home, _ = record(
        draft("daftar_keluarga", ref="k", desa=DESAS[0], posyandu=POSYANDU[0]),
        draft("daftar_orang", "2026-03-02", nama="Ani", birth="2026-03-02", keluarga="@k"),
    )
    assert row(users["kader1"]).registered == 1
    record(draft("ubah_keluarga", family=home, desa=DESAS[2], posyandu=POSYANDU[2]))
    assert (row(users["kader1"]).registered, row(users["kader3"]).registered) == (0, 1)


def test_two_entries_of_one_child_count_once_after_they_are_merged_and_twice_again(
    users: dict[str, User],
) -> None:
    one, other = baby("Ani", 1), baby("Anni", 3)
    before = contents.rows("monitoring.CoverageUnit")
    (merge,) = record(draft("gabung_orang", of=one, orang=label(other)))
    assert (row(users["dinkes"]).registered, row(users["kader3"]).registered) == (1, 0)
    settle_outcomes([void_record(merge, author=None, why="Dua anak", today=TODAY)], TODAY)
    assert contents.rows("monitoring.CoverageUnit") == before


def test_a_year_that_was_never_counted_for_everybody_says_so(
    users: dict[str, User], newborns: dict[str, int]
) -> None:
    assert queries.spm_page(users["dinkes"], YEAR).as_of is None
    assert queries.last_rebuild() is None
