"""Many open needs of one person stand by visit, few one by one; and to a kader nothing is named that may not be."""

from __future__ import annotations

from siklus.desk.pages import reasons
from siklus.desk.pages.card_groups import CardGroup, card_groups
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book
from siklus.library.stages import load_stages
from siklus.rules.answers import NeedAnswer

LATE = ("ob_adult", "perilaku", "bp_adult", "glu_adult", "ht_fu", "ht_dokter", "mr1")


def groups_of(names: tuple[str, ...], *, for_kader: bool = False) -> list[CardGroup]:
    book, day = load_book(), parse_day("2023-08-29")
    owed = [
        (NeedAnswer(name, book.need(name).unit, 1, 0, "overdue", day, day, day, None, ()), book.need(name))
        for name in names
    ]

    def cards(answers: list[NeedAnswer]) -> list[reasons.Card]:
        return [
            reasons.card_of(answer, book.need(answer.need), book.vocabulary, birth=None) for answer in answers
        ]

    return list(card_groups(owed, cards, load_stages(), for_kader=for_kader))


def test_what_is_done_on_one_visit_stands_together_under_its_name() -> None:
    found = {group.title: group for group in groups_of(LATE)}
    yearly = found["Pemeriksaan tahunan: 4 hal"]
    assert [card.title for card in yearly.cards] == [load_book().need(name).title for name in LATE[:4]]
    assert all(card.title in yearly.names for card in yearly.cards)
    assert sum(len(group.cards) for group in found.values()) == len(LATE)


def test_few_stand_one_by_one() -> None:
    assert [len(group.cards) for group in groups_of(LATE[:4])] == [1, 1, 1, 1]
    assert {group.title for group in groups_of(LATE[:4])} == {""}


def test_to_a_kader_a_group_of_closed_needs_has_no_names() -> None:
    closed = [group for group in groups_of(LATE, for_kader=True) if group.title.startswith("Perlu diperiksa")]
    assert [(len(group.cards), group.names) for group in closed] == [(2, "")]
