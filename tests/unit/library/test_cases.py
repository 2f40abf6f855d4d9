"""`siklus needs --cases`: anyone can ask the knowledge with made-up people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from siklus.library import Book, load_book
from siklus.library.cases import answer_cases
from siklus.rules.vocabulary import HOUSEHOLD
from siklus.site.cli import main

CHILD = {"sex": "P", "birth": "2026-01-02"}
MOTHER = {"sex": "perempuan", "birth": "1998-05-05"}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def reply(book: Book, case: dict[str, Any]) -> dict[str, Any]:
    (said,) = answer_cases(book, [case])
    return said.as_json()


def answer(book: Book, **case: Any) -> dict[str, Any]:
    return reply(book, {"id": "x", "on": "2026-11-21", "person": CHILD, **case})


def need(book: Book, name: str, **case: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer(book, ask=[name], **case)["needs"][name]
    return found


def dose(vaksin: str, on: str, **more: Any) -> dict[str, Any]:
    return {"kind": "imunisasi", "on": on, "vaksin": vaksin, **more}


def test_an_answer_has_its_window_its_reason_and_what_is_missing(book: Book) -> None:
    assert need(book, "bcg", records=[dose("bcg", "2026-02-02", oleh="bidan", tempat="posyandu")]) == {
        "status": "done",
        "opens": "2026-01-02",
        "due": "2026-01-02",
        "overdue": "2026-02-02",
        "until": "2027-01-02",
        "reason": "Sudah: 2 Feb 2026.",
        "missing": [],
    }


def test_a_limit_that_never_comes_is_null(book: Book) -> None:
    assert need(book, "bp_adult", person=MOTHER)["until"] is None


def test_without_a_birth_date_the_answer_is_unknown_and_names_it(book: Book) -> None:
    found = need(book, "mr1", person={"sex": "L"})
    assert (found["status"], found["missing"], found["due"]) == ("unknown", ["birth"], None)
    assert "tanggal lahir" in found["reason"]


def test_a_record_names_the_one_that_opened_what_it_belongs_to(book: Book) -> None:
    before = {"kind": "kunjungan_anc", "on": "2026-08-01", "oleh": "bidan"}
    opening = {"kind": "daftar_kehamilan", "on": "2026-09-01", "id": "daftar"}

    def status(*records: dict[str, Any]) -> str:
        return str(need(book, "anc_k1_akses", person=MOTHER, records=list(records))["status"])

    named = {**before, "episode": "daftar"}
    assert status(before, opening) == "overdue"
    assert status(named, opening) == status(opening, named) == "done"
    assert status(opening, {**before, "fields": {"episode": "daftar"}}) == "done"
    corrected = {"kind": "daftar_kehamilan", "on": "2026-09-02", "replaces": "daftar", "id": "betul"}
    assert status(opening, corrected, named) == "done"
    assert status(opening, corrected, {**before, "episode": "betul"}) == "done"


def test_a_name_in_a_case_must_lead_to_an_opening(book: Book) -> None:
    visit = {"kind": "kunjungan_anc", "on": "2026-08-01", "oleh": "bidan", "id": "k"}

    def told(name: Any, *more: dict[str, Any]) -> list[str]:
        reply = answer(book, person=MOTHER, records=[{**visit, "episode": name}, *more])
        return [each["text"] for each in reply.get("problems", ())]

    assert told("lain") == [
        "C01 kasus x, records[0].episode: catatan 'lain' tidak ada pada orang ini Tulis id catatan yang membukanya."
    ]
    assert told("k") == [
        "C01 kasus x, records[0].episode: catatan 'k' (pemeriksaan kehamilan (ANC)) tidak membuka kehamilan "
        "Tulis id catatan yang membukanya."
    ]
    opening = {"kind": "daftar_kehamilan", "on": "2026-07-01", "id": "d"}
    assert told("d", opening) == told(None, opening) == told("", opening) == []
    # The opening was named before it was taken back: nobody's mistake, and the day decides.
    assert told("d", opening, {"replaces": "d", "void": True}) == []


@pytest.mark.parametrize("sex", ["P", "p", "perempuan", "Perempuan", "female", "wanita", "2"])
def test_sex_is_understood_in_the_ways_people_write_it(book: Book, sex: str) -> None:
    assert "needs" in answer(book, person={**CHILD, "sex": sex}, ask=["bcg"])


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ([dose("mr", "2026-10-10")], "done"),
        ([dose("Campak", "2026-10-10", oleh="Bidan Desa", tempat="PKM")], "done"),
        ([{"kind": "imunisasi", "on": "2026-10-10", "fields": {"vaksin": "mr"}}], "done"),
        ([dose("mr", "2026-12-10")], "due"),
        ([dose("mr", "2026-10-10", id="a"), {**dose("bcg", "2026-10-10"), "replaces": "a"}], "due"),
        ([dose("mr", "2026-10-10", id=7), {"kind": "imunisasi", "replaces": 7, "void": True}], "due"),
        ([dose("mr", "2026-10-10", void=True)], "due"),
        ([dose("bcg", "2026-10-10", id=1), dose("mr", "2026-10-11", id=2, replaces=1)], "done"),
    ],
)
def test_records_count_as_they_stand_on_the_day_of_the_case(
    book: Book, records: list[dict[str, Any]], status: str
) -> None:
    assert need(book, "mr1", records=records)["status"] == status


def test_of_two_pregnancies_the_current_one_answers(book: Book) -> None:
    records = [
        {"kind": "daftar_kehamilan", "on": "2024-02-01", "hpht": "2024-01-01"},
        {"kind": "persalinan", "on": "2024-10-01"},
        {"kind": "daftar_kehamilan", "on": "2026-10-01", "hpht": "2026-09-01"},
    ]
    found = need(book, "anc_k1", person=MOTHER, records=records)
    assert (found["status"], found["opens"]) == ("due", "2026-09-01")
    before = need(book, "anc_k1", person=MOTHER, records=records, on="2025-01-01")
    assert before["opens"] == "2024-01-01"


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"person": MOTHER, "ask": ["anc_k1"]}, "kehamilan"),
        ({"person": {**CHILD, "died": "2026-05-05"}, "ask": ["bcg"]}, "meninggal"),
        ({"records": [{"kind": "meninggal", "on": "2026-05-05"}], "ask": ["bcg"]}, "meninggal"),
        ({"person": MOTHER, "ask": ["bcg"]}, "umur"),
    ],
)
def test_what_does_not_apply_says_why(book: Book, case: dict[str, Any], says: str) -> None:
    (found,) = answer(book, **case)["needs"].values()
    assert found["status"] == "not_applicable" and says in found["reason"]
    assert [found[name] for name in ("opens", "due", "overdue", "until")] == [None] * 4


def test_a_death_of_after_the_day_is_not_known_yet(book: Book) -> None:
    assert need(book, "bcg", person={**CHILD, "died": "2026-12-01"})["status"] == "overdue"


def test_without_ask_every_need_answers(book: Book) -> None:
    assert set(answer(book)["needs"]) == {each.name for each in book.needs if each.unit != HOUSEHOLD}
    of_family = {each.name for each in book.needs if each.unit == HOUSEHOLD}
    assert set(reply(book, {"id": "k", "on": "2026-11-21", "members": []})["needs"]) == of_family


def test_a_family_is_asked_by_its_members_and_where_they_live(book: Book) -> None:
    late = {
        "person": {"sex": "L", "birth": "2023-06-10"},
        "records": [{"kind": "timbang", "on": "2026-09-30", "berat": 13.2}],
    }
    mother = {"person": {"sex": "P", "birth": "1995-01-01"}}

    def status(*members: dict[str, Any], **more: Any) -> str:
        case = {"id": "k", "on": "2026-11-21", "members": list(members), **more}
        found = reply(book, case)["needs"]["kunjungan_sasaran"]["status"]
        assert isinstance(found, str)
        return found

    assert status(mother, late) == "due"
    assert (
        status(mother, {**late, "until": "2026-11-21"})
        == status(mother, {**late, "since": "2026-11-22"})
        == "not_applicable"
    )
    visit = {"kind": "kunjungan_keluarga", "on": "2026-11-02", "hasil": "dilakukan"}
    assert status(mother, late, records=[visit]) == "done"


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ({"members": {}}, "bukan daftar"),
        ({"members": [{"persn": {}}]}, "Maksudnya 'person'?"),
        ({"members": [], "person": {}}, "ditulis dengan 'household' dan 'members'"),
        ({"members": [], "records": [{"kind": "timbang", "on": "2026-01-01"}]}, "tentang seseorang"),
        (
            {"members": [{"records": [{"kind": "kunjungan_keluarga", "on": "2026-01-01"}]}]},
            "tentang keluarga",
        ),
        ({"members": [{"person": {"birth": "2026-02-30"}}]}, "members[0], person.birth"),
    ],
)
def test_what_is_wrong_with_a_family_is_told(book: Book, case: dict[str, Any], text: str) -> None:
    (first, *_) = reply(book, {"id": "k", "on": "2026-11-21", **case})["problems"]
    assert text in first["text"]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ({"on": "21/11/2026"}, "bukan tanggal"),
        ({"prson": {}}, "Maksudnya 'person'?"),
        ({"person": {"brith": "2026-01-01"}}, "Maksudnya 'birth'?"),
        ({"person": {"birth": "2026-02-30"}}, "tidak dapat dibaca"),
        ({"person": {"sex": "x"}}, "salah satu dari: l, p"),
        ({"records": [{"kind": "imunsasi", "on": "2026-02-02"}]}, "Maksudnya 'imunisasi'?"),
        ({"records": [dose("bgc", "2026-02-02")]}, "Maksudnya 'bcg'?"),
        ({"records": [dose("bcg", "2025-02-02")]}, "sebelum orang ini lahir"),
        ({"records": [dose("bcg", "2026-02-02", replaces="z")]}, "tidak ada catatan"),
        ({"records": [dose("bcg", "2026-02-02", id=1), dose("mr", "2026-02-02", id=1)]}, "sudah dipakai"),
        ({"records": ["bcg"]}, "bukan objek"),
        ({"ask": ["mr9"]}, "bukan kebutuhan"),
        ({"ask": "mr1"}, "bukan daftar"),
    ],
)
def test_a_case_that_cannot_be_read_answers_with_its_problems(
    book: Book, case: dict[str, Any], text: str
) -> None:
    found = answer(book, **case)
    assert "needs" not in found and found["id"] == "x"
    assert any(text in problem["text"] for problem in found["problems"]), found["problems"]


def test_every_fault_of_a_case_is_told_at_once(book: Book) -> None:
    found = answer(
        book,
        person={"sex": "x"},
        records=[{"kind": "timbng", "on": "2026-02-30"}, dose("bcg", "2026-02-02", dosis="1")],
    )
    assert [problem["code"] for problem in found["problems"]] == ["C01", "C01", "K01", "K04"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_answers_good_cases_beside_bad_ones(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cases = tmp_path / "cases.json"
    good = {"id": 1, "on": "2026-11-21", "person": CHILD, "ask": ["bcg"]}
    cases.write_text(json.dumps([good]), encoding="utf-8-sig")
    code, out, _ = run(capsys, "needs", "--cases", str(cases), "--format", "json")
    assert code == 0 and json.loads(out)[0]["needs"]["bcg"]["status"] == "overdue"
    cases.write_text(json.dumps([good, {"id": 2, "on": "kemarin"}]))
    code, out, _ = run(capsys, "needs", "--cases", str(cases), "--format", "json")
    assert code == 1
    assert [sorted(reply) for reply in json.loads(out)] == [["id", "needs"], ["id", "problems"]]
    code, out, err = run(capsys, "needs", "--cases", str(cases), "--format", "csv")
    assert out.splitlines()[0] == "id,need,status,opens,due,overdue,until,missing,reason"
    assert "kemarin" in err and code == 1


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', "3"])
def test_a_file_without_cases_is_a_problem_and_not_a_crash(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(text)
    code, out, err = run(capsys, "needs", "--cases", str(cases))
    assert (code, out) == (1, "") and err.startswith("C00")
