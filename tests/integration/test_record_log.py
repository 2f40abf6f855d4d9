"""The one door into the record log: good records beside bad ones, corrections, voids, undo."""

from __future__ import annotations

import pytest
from django.apps import apps

from siklus.access.queries import User
from siklus.care import actions, queries
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import number_of
from siklus.records.drafts import touched_persons
from tests.integration import contents
from tests.integration.area import POSYANDU, TODAY, child, draft, label, problems, write, write_one

pytestmark = pytest.mark.usefixtures("area")


def statuses(person: int) -> dict[str, str]:
    return {answer.need: answer.status for answer in queries.answers_for(person, TODAY)}


def test_a_family_enters_in_one_batch_by_names_given_to_its_records() -> None:
    home, mother, baby, vaccine = write(
        draft("daftar_keluarga", ref="rumah", no_kk="9900000000000001", posyandu=POSYANDU[0]),
        draft("daftar_orang", ref="ibu", nama="Dewi", sex="Perempuan", keluarga="@rumah", hubungan="kk"),
        draft("lahir", ref="bayi", nama="Bayi Dewi", birth="2026-10-30", keluarga="@rumah", ibu="@ibu"),
        draft("imunisasi", "2026-10-30", of="@bayi", vaksin="hb0", oleh="bidan"),
    )
    assert [outcome.status for outcome in (home, mother, baby, vaccine)] == ["accepted"] * 4
    assert vaccine.person_id == baby.key
    (family,) = contents.rows("register.Household")
    assert mother.key in family, "the mother is the head"
    assert statuses(baby.key or 0)["hb0"] == "done"


def test_bad_records_are_told_and_good_ones_beside_them_are_kept() -> None:
    outcomes = write(
        draft("daftar_orang", ref="a", nama="Ani"),
        draft("daftar_orang", ref="b", birth="2026-13-01"),
        draft("timbang", of="@a", berat=12),
        draft("timbang", of="@b", berat=12),
        draft("timbang", of="@a", berat=120),
        draft("timbang", of=999, berat=12),
        draft("ganti_keluarga", of="@a", keluarga="7-7"),
    )
    assert problems(outcomes) == [[], ["K11", "K03"], [], ["D03"], ["K07"], ["D01"], ["D02"]]
    assert len(contents.rows("care.Record")) == 2
    assert touched_persons(outcomes) == [outcomes[0].key]


def test_the_records_of_a_device_are_numbered_without_gaps_though_some_are_refused() -> None:
    keys = [
        o.key for o in write(*(draft("daftar_orang", nama=name) for name in ("A", "", "B", "", "C"))) if o.key
    ]
    assert [number_of(key) for key in keys] == [1, 2, 3]
    assert [seq for _, seq, *_ in contents.rows("care.Record")] == [1, 2, 3]


def test_a_record_sent_twice_is_kept_once_and_another_under_its_number_is_refused() -> None:
    sent = draft("daftar_orang", id=(5 << 32) + 1, nama="Ani")
    assert [write(sent)[0].status for _ in range(2)] == ["accepted", "already"]
    assert problems(write(draft("daftar_orang", id=(5 << 32) + 1, nama="Lain"))) == [["D06"]]
    assert len(contents.rows("care.Record")) == 1


def test_a_correction_replaces_a_void_takes_back_and_the_history_keeps_both(users: dict[str, User]) -> None:
    baby = child("Ani")
    given = write_one("imunisasi", "2026-10-10", of=baby, vaksin="mr")
    assert statuses(baby)["mr1"] == "done"
    early = parse_day("2026-03-10")
    actions.correct_record(given, author=users["utara"], why="Salah tanggal", on=early, today=TODAY)
    assert statuses(baby)["mr1"] == "due", "a dose before its time does not count"
    actions.void_record(given, author=users["utara"], why="Salah anak", today=TODAY)
    event = next(event for event in queries.time_line(baby) if event.key == given)
    assert event.is_void and event.on == early
    assert [(version.is_void, version.why) for version in event.history] == [
        (False, ""),
        (False, "Salah tanggal"),
        (True, "Salah anak"),
    ]
    assert event.history[-1].author_name == "Utara"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"why": ""}, "D05"), ({"why": "x", "root": 77}, "D04"), ({"why": "x", "kind": "obat_cacing"}, "D09")],
)
def test_a_correction_says_why_and_of_which_record(more: dict[str, object], code: str) -> None:
    weighed = write_one("timbang", of=child("Ani"), berat=8)
    values = {"kind": "timbang", "root": weighed, **more}
    (outcome,) = write(draft(str(values.pop("kind")), **values))
    assert [problem.code for problem in outcome.problems] == [code]


def test_what_was_taken_back_cannot_be_corrected() -> None:
    weighed = write_one("timbang", of=child("Ani"), berat=8)
    actions.void_record(weighed, author=None, why="Salah", today=TODAY)
    assert problems([actions.correct_record(weighed, author=None, why="x", today=TODAY)]) == [["D04"]]


def test_nobody_disappears_while_something_is_recorded_of_them() -> None:
    baby = child("Ani")
    weighed = write_one("timbang", of=baby, berat=8)
    assert problems([actions.void_record(baby, author=None, why="Salah", today=TODAY)]) == [["D07"]]
    actions.void_record(weighed, author=None, why="Salah", today=TODAY)
    assert actions.void_record(baby, author=None, why="Salah", today=TODAY).is_accepted
    assert contents.derived() == {"Person": [], "Household": [], "State": [], "Need": [], "NeedTally": []}


def test_undo_of_a_batch_brings_back_the_same_content_and_keeps_its_history() -> None:
    old = child("Ani")
    weighed = write_one("timbang", of=old, berat=8)
    before = contents.derived()
    write(
        draft("daftar_keluarga", ref="k", no_kk="9900000000000001", posyandu=POSYANDU[0]),
        draft("daftar_orang", ref="p", nama="Budi", keluarga="@k"),
        draft("timbang", of="@p", berat=9),
        draft("ubah_orang", of=old, nama="Ani Baru", keluarga="@k"),
        draft("timbang", root=weighed, why="Dari berkas", berat=8.5),
        batch=7,
    )
    assert contents.derived() != before
    log_length = len(contents.rows("care.Record"))
    outcomes = actions.void_batch(7, author=None, why="Urungkan", today=TODAY)
    assert problems(outcomes) == [[]] * 5
    assert contents.derived() == before
    assert len(contents.rows("care.Record")) == log_length + 5
    assert actions.void_batch(7, author=None, why="Sekali lagi", today=TODAY) == []


def test_undo_leaves_a_person_of_whom_others_have_written_since() -> None:
    home, person, weighed = write(
        draft("daftar_keluarga", ref="k", posyandu=POSYANDU[0]),
        draft("daftar_orang", ref="p", nama="Budi", keluarga="@k"),
        draft("timbang", of="@p", berat=9),
        batch=8,
    )
    write_one("obat_cacing", of=person.key)
    outcomes = actions.void_batch(8, author=None, why="Urungkan", today=TODAY)
    assert problems(outcomes) == [[], ["D07"], ["D07"]]
    assert [row[0] for row in contents.rows("register.Person")] == [person.key]
    assert (home.key, weighed.key) != (None, None)


def test_who_tells_no_residence_belongs_to_the_puskesmas_that_registered_them(users: dict[str, User]) -> None:
    (by_bidan, by_kader) = (
        write(draft("daftar_orang", nama="Tanpa Alamat"), author=users[name])[0]
        for name in ("selatan", "kader1")
    )
    people = apps.get_model("register.Person")._default_manager.in_bulk([by_bidan.key, by_kader.key])
    assert people[by_bidan.key].puskesmas_code == "P-SELATAN"
    assert people[by_kader.key].puskesmas_code == "P-UTARA"


def test_odd_values_are_kept_and_told() -> None:
    (outcome,) = write(draft("timbang", of=child("Ani"), berat=35))
    assert outcome.is_accepted and [problem.code for problem in outcome.odd] == ["K13"]


def test_a_record_of_tomorrow_waits_for_tomorrow() -> None:
    assert problems(write(draft("timbang", "2026-11-22", of=child("Ani"), berat=8))) == [["K08"]]


def test_merging_is_refused_into_oneself_or_twice() -> None:
    one, other, third = child("Ani"), child("Anni"), child("Ani K")
    assert problems(write(draft("gabung_orang", of=one, orang=label(one)))) == [["D08"]]
    write_one("gabung_orang", of=one, orang=label(other))
    outcomes = write(
        draft("gabung_orang", of=third, orang=label(other)),
        draft("gabung_orang", of=other, orang=label(third)),
    )
    assert problems(outcomes) == [["D08"], ["D08"]]
