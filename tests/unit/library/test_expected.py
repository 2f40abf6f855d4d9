"""A small life with what should come out: right, wrong with the difference in words, or with problems told."""

from __future__ import annotations

import pytest

from siklus.kernel.dates import parse_day
from siklus.library.examples import examples_of
from siklus.library.expected import Expected, judge, raw_case, records_read
from siklus.library.loading import Book, load_book
from siklus.rules.book import Need
from siklus.rules.life import Life

ON = parse_day("2026-11-21")
CHILD = {"on": "2026-11-21", "person": {"birth": "2026-01-02", "sex": "p"}, "records": []}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def test_a_case_is_right_when_status_and_days_come_out_as_expected(book: Book) -> None:
    verdict = judge(book, CHILD, Expected("mr1", "due", parse_day("2026-10-02"), parse_day("2027-01-02")))
    assert verdict.is_right
    assert verdict.reason.startswith("Waktunya: lahir 2 Jan 2026")


def test_what_came_otherwise_is_told_slot_by_slot(book: Book) -> None:
    verdict = judge(book, CHILD, Expected("mr1", "overdue", None, parse_day("2026-12-02")))
    assert [str(each) for each in verdict.differences] == [
        "status: diharapkan Terlambat, keluar Waktunya",
        "terlambat sejak: diharapkan 2 Des 2026, keluar 2 Jan 2027",
    ]
    assert not verdict.is_right


def test_a_day_expected_where_there_is_none_is_a_difference(book: Book) -> None:
    man = {"on": "2026-11-21", "person": {"birth": "1980-01-02", "sex": "l"}}
    verdict = judge(book, man, Expected("mr1", "not_applicable", parse_day("2026-10-02")))
    assert [str(each) for each in verdict.differences] == [
        "waktunya: diharapkan 2 Okt 2026, keluar tidak ada"
    ]


def test_a_case_that_cannot_be_read_is_not_right_and_says_why(book: Book) -> None:
    broken = {**CHILD, "records": [{"kind": "imunisasi", "on": "2026-02-02", "vaksin": "bgc"}]}
    verdict = judge(book, broken, Expected("bcg", "done"))
    assert not verdict.is_right
    assert [problem.code for problem in verdict.problems] == ["K05"]


def test_every_example_of_a_need_comes_out_the_same_as_a_case_of_what_decides_about_it(book: Book) -> None:
    # A few hundred lives: nothing that a rule reads is lost on the way into a case.
    wrong = []
    for example in examples_of(book):
        if isinstance(example.rule, Need):
            raw = raw_case(book, example.life, example.today, example.rule)
            days = example.days
            verdict = judge(
                book, raw, Expected(example.rule.name, example.expect, days.get("due"), days.get("overdue"))
            )
            wrong += [] if verdict.is_right else [(example.where, verdict)]
    assert wrong == []


def test_a_case_of_a_life_names_its_records_anew(book: Book) -> None:
    person = {**dict.fromkeys(book.vocabulary.person), "id": 9, "died": None}
    opening = {
        "kind": "daftar_kehamilan",
        "date": ON - 9,
        "id": 77,
        "hpht": None,
        "hpl": None,
        "hamil_ke": None,
    }
    visit = dict.fromkeys(book.vocabulary.kinds["kunjungan_anc"].fields)
    visit |= {
        "kind": "kunjungan_anc",
        "date": ON - 99,
        "id": 78,
        "oleh": "bidan",
        "tempat": None,
        "episode": 77,
    }
    nowhere = {**visit, "id": 79, "episode": 500}
    raw = raw_case(book, Life(person, (opening, visit, nowhere)), ON, book.need("anc_k1_akses"))
    assert [(each.get("id"), each.get("episode")) for each in raw["records"]] == [
        (None, "3"),
        (None, None),
        ("3", None),
    ]
    assert judge(book, raw, Expected("anc_k1_akses", "done")).is_right


def test_a_life_at_hand_becomes_a_case_without_what_tells_who_it_is(book: Book) -> None:
    facts = {
        "id": 1,
        "died": None,
        "birth": parse_day("2026-01-02"),
        "sex": "p",
        "nama": "Ani",
        "merokok": None,
    }
    visit = {"kind": "kunjungan_rumah", "date": ON, "id": 8, "oleh": "kader", "tempat": None}
    dose = {"kind": "imunisasi", "date": parse_day("2026-02-02"), "id": 9, "oleh": "bidan", "tempat": "posyandu",
            "vaksin": "bcg", "mulai_catatan": "tulisan bebas"}  # fmt: skip
    life = Life(facts, (visit, dose))
    raw = raw_case(book, life, ON, book.need("bcg"))
    assert raw["person"] == {"birth": "2026-01-02"}, "the rule does not ask for the sex"
    assert raw["records"] == [{"kind": "imunisasi", "on": "2026-02-02", "vaksin": "bcg"}]
    whole = raw_case(book, life, ON)
    assert whole["person"] == {"birth": "2026-01-02", "sex": "p"}
    assert [record["kind"] for record in whole["records"]] == ["imunisasi", "kunjungan_rumah"]
    assert whole["records"][0] == raw["records"][0] | {"oleh": "bidan", "tempat": "posyandu"}


def test_moving_every_day_by_a_leap_cycle_moves_the_answer_with_it(book: Book) -> None:
    life = Life({"id": 1, "died": None, "birth": parse_day("2024-02-29"), "sex": "p"}, ())
    need = book.need("mr1")
    kept = judge(book, raw_case(book, life, ON, need), Expected("mr1", "overdue"))
    shift = parse_day("2022-11-21") - ON
    moved = judge(book, raw_case(book, life, ON, need, shift), Expected("mr1", "overdue"))
    assert kept.answer is not None and moved.answer is not None
    assert moved.answer.status == kept.answer.status
    assert moved.answer.opens is not None and kept.answer.opens is not None
    assert moved.answer.opens == kept.answer.opens + shift


def test_a_need_reads_the_records_of_its_rule_and_of_its_episode(book: Book) -> None:
    assert set(records_read(book, book.need("mr1"))) == {"imunisasi", "penolakan"}
    of_pregnancy = next(need for need in book.needs if need.unit == "kehamilan")
    assert {"daftar_kehamilan", "persalinan"} <= set(records_read(book, of_pregnancy))
