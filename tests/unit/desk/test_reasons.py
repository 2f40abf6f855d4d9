"""Why a need stands as it stands: on cards and in lists, and what a kader may read of it."""

from __future__ import annotations

import pytest

from siklus.desk.pages import reasons
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book
from siklus.rules.answers import NeedAnswer

TODAY = parse_day("2026-11-12")
BIRTH = parse_day("2025-07-01")
MR1_STANDING = {
    "opens": parse_day("2026-04-01"),
    "due": parse_day("2026-04-01"),
    "overdue": parse_day("2026-07-01"),
    "until": parse_day("2030-07-01"),
}


def mr1(status: str, **changes: int | None) -> NeedAnswer:
    days = {**MR1_STANDING, **changes}
    return NeedAnswer(
        "mr1", "person", 1, 0, status, days["opens"], days["due"], days["overdue"], days["until"], ()
    )


def text(card: reasons.Card) -> str:
    return "".join(part.text for part in card.why)


def test_an_overdue_need_tells_its_days_who_may_do_it_and_how_sure_we_are() -> None:
    book = load_book()
    card = reasons.card_of(mr1("overdue"), book.need("mr1"), book.vocabulary, birth=BIRTH)
    assert text(card) == (
        "Boleh sejak 1 Apr 2026 (umur 9 bulan), dan belum tercatat. Terlambat sejak 1 Jul 2026. "
        "Masih bisa sampai 30 Jun 2030."
    )
    assert "Bidan, perawat: posyandu, pustu" in card.performers
    assert card.source == book.need("mr1").cites
    assert card.confidence in ("dibaca", "umum", "pilihan kita")


def test_the_explanation_made_from_the_rule_is_shown_word_for_word() -> None:
    book = load_book()
    told = "Terlambat sejak 1 Jul 2026: lahir 1 Jul 2025, belum tercatat."
    card = reasons.card_of(mr1("overdue"), book.need("mr1"), book.vocabulary, birth=BIRTH, told=told)
    assert text(card) == told
    assert card.why[0].text == "Terlambat sejak 1 Jul 2026"
    assert card.why[0].is_figure


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (mr1("overdue"), "sejak 1 Jul"),
        (mr1("due"), "sejak 1 Apr"),
        (mr1("due", until=parse_day("2026-12-01")), "sejak 1 Apr; s.d. 30 Nov"),
        (mr1("refused"), "menolak; tanyakan lagi"),
        (mr1("missed", until=parse_day("2026-02-01")), "tidak diberikan lagi sejak 1 Feb"),
        (mr1("unknown")._replace(asks=("birth",)), "tidak ada: Tanggal lahir"),
        (mr1("done"), ""),
        (mr1("not_yet"), ""),
        (mr1("not_applicable"), ""),
    ],
)
def test_a_list_says_it_in_half_a_line(answer: NeedAnswer, said: str) -> None:
    book = load_book()
    assert reasons.short_reason(answer, book.need("mr1"), book.vocabulary, TODAY, BIRTH) == said


def test_what_was_owed_long_ago_is_told_by_the_age_and_not_by_a_day_nobody_remembers() -> None:
    book = load_book()
    birth = parse_day("1958-01-01")
    answer = NeedAnswer("aks", "person", 1, 0, "overdue", parse_day("2018-01-01"), parse_day("2018-01-01"),
                        parse_day("2018-02-01"), None, ())  # fmt: skip
    said = reasons.short_reason(answer, book.need("aks"), book.vocabulary, TODAY, birth)
    assert said == "belum tercatat sejak umur 60 th"


def test_needs_that_wait_for_one_fact_share_one_line_that_names_it_and_what_to_ask() -> None:
    book = load_book()
    unknown = [
        NeedAnswer(name, "person", 1, 0, "unknown", None, None, None, None, ("birth",))
        for name in ("mr1", "bcg")
    ]
    (gap,) = reasons.gaps_of((answer, book.need(answer.need).title) for answer in unknown)
    assert gap.title() == "2 layanan"
    card = reasons.gap_card(gap, book.vocabulary)
    assert "Tidak ada: Tanggal lahir" in text(card)
    assert "Tidak dianggap sudah, tidak dianggap belum" in text(card)
    assert "BCG" in text(card)
    assert card.asks == (book.vocabulary.person["birth"].ask,)


def test_a_kader_reads_that_somebody_is_to_be_seen_and_never_a_disease() -> None:
    book = load_book()
    for name in ("ht_fu", "dm_fu", "gd_prediabetes", "mt_kek"):
        assert reasons.title_for(book.need(name), for_kader=True) == "Perlu diperiksa di Pustu atau Puskesmas"
        assert reasons.title_for(book.need(name), for_kader=False) == book.need(name).title
    assert reasons.title_for(book.need("mr1"), for_kader=True) == book.need("mr1").title


def test_every_name_in_the_kader_file_is_known_to_the_book() -> None:
    from siklus.library.kader import load_kader_view

    book, view = load_book(), load_kader_view()
    assert view.closed_needs <= {need.name for need in book.needs}
    assert view.open_records | view.named_records <= set(book.vocabulary.kinds)
    assert view.open_units <= {"person", "household", *book.vocabulary.episodes}


def test_every_package_of_the_stages_is_in_the_book_and_every_age_has_one_stage() -> None:
    from siklus.library.stages import load_stages

    book, stages = load_book(), load_stages()
    packages = {package.name for package in book.rules.packages}
    assert {package for stage in stages.of_life for package in stage.packages} <= packages
    expected = {"2026-11-12": "bayi_balita", "2020-11-13": "bayi_balita", "2020-11-12": "anak_remaja",
                "2008-11-12": "dewasa", "1966-11-12": "lansia", "1966-11-13": "dewasa"}  # fmt: skip
    found = {birth: stage.key for birth in expected if (stage := stages.at(parse_day(birth), TODAY))}
    assert found == expected
    pregnant = stages.at(parse_day("2000-01-01"), TODAY, {"kehamilan"})
    assert pregnant is not None and pregnant.key == "ibu"
    assert stages.at(None, TODAY) is None
