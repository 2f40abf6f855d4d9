"""The open needs of one person as a page shows them: one by one while they are few, else those of a visit together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import statuses, words
from siklus.desk.pages import reasons, services
from siklus.library.stages import Stages
from siklus.rules.answers import NeedAnswer

_MANY = 5
"""From so many on they are told together."""


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards under one line, "Pemeriksaan tahunan: 7 hal" with their names; of a single card the line is empty."""

    status: str
    title: str
    names: str
    cards: tuple[reasons.Card, ...]


def card_groups(
    owed: Sequence[services.Owed],
    cards_of: Callable[[list[NeedAnswer]], list[reasons.Card]],
    stages: Stages,
    *,
    for_kader: bool,
) -> tuple[CardGroup, ...]:
    """The worst status first, and within it the packages in their order. The unknown gathers by missing fact."""
    if len(owed) < _MANY:
        return tuple(_alone(card) for card in cards_of([answer for answer, _need in owed]))
    by_key: dict[tuple[object, ...], list[services.Owed]] = {}
    for answer, need in owed:
        what = () if answer.status == "unknown" else services.together(need, stages, for_kader=for_kader)
        by_key.setdefault((answer.status, what), []).append((answer, need))
    groups: list[CardGroup] = []
    for found in sorted(by_key.values(), key=lambda each: _place(each, stages)):
        cards = cards_of([answer for answer, _need in found])
        if len(cards) == 1 or cards[0].status == "unknown":
            groups += map(_alone, cards)
        else:
            groups.append(_told_together(found, cards, stages, for_kader=for_kader))
    return tuple(groups)


def _alone(card: reasons.Card) -> CardGroup:
    return CardGroup(card.status, "", "", (card,))


def _place(found: Sequence[services.Owed], stages: Stages) -> tuple[int, int]:
    answer, need = found[0]
    return statuses.ORDER[answer.status], stages.rank(need.package.name)


def _told_together(
    found: Sequence[services.Owed], cards: Sequence[reasons.Card], stages: Stages, *, for_kader: bool
) -> CardGroup:
    need = found[0][1]
    package = need.package
    if for_kader and not reasons.kader_may_read(need):
        title, names = reasons.title_for(need, for_kader=True), ""
    else:
        visit = stages.visit_of(package.name)
        title = stages.short.get(package.name, package.title)
        title = words.titled(visit.title, visit.title_en) if visit else title
        names = ", ".join(dict.fromkeys(card.title for card in cards))
    said = _("%(title)s: %(n)s hal") % {"title": title, "n": words.number(len(cards))}
    return CardGroup(cards[0].status, said, names, tuple(cards))
