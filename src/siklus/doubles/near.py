"""Who of the whole register may be the one who is just being registered: a few indexed questions, then the model."""

from __future__ import annotations

from django.db.models import Q

from siklus.doubles.linking import Linked
from siklus.doubles.weighing import Weighed, weigh
from siklus.doubles.who import Who, of_persons
from siklus.kernel import dates
from siklus.library.doubles import DoublesModel
from siklus.register import queries as register

_MOST = 300
"""More than so many bearers of one name in one year are not looked through while somebody waits; the night does."""


def near(who: Who, model: DoublesModel, people: int) -> list[Linked]:
    """The pairs of this person (id 0: not registered yet) with those worth showing, the likeliest first.

    `people` is how many the register holds.
    """
    found = []
    others = of_persons(_candidates(who), model)
    others.pop(who.id, None)
    share = _share(who, model, people)
    for other in others.values():
        weighed = weigh(who, other, model, lambda _name: share)
        if weighed is not None and weighed.probability >= model.shown_from:
            found.append(_linked(who.id, other.id, weighed))
    return sorted(found, key=lambda pair: (-round(pair.probability, 6), pair.one, pair.other))


def _linked(who: int, other: int, weighed: Weighed) -> Linked:
    return Linked(min(who, other), max(who, other), weighed.probability, weighed.states)


def _candidates(who: Who) -> set[int]:
    """By NIK; by name and year; by name in one village; by the beginning of the name and the day, or by day and
    village; in one family, of one mother.
    """
    people = register.people()
    asked: list[Q] = []
    if who.nik:
        asked.append(Q(nik_index=who.nik))
    if who.name:
        same = Q(name_key=who.name)
        if who.birth is not None:
            first, last = (
                dates.start_of_year(who.birth),
                dates.start_of_year(dates.add_months(who.birth, dates.MONTHS_PER_YEAR)) - 1,
            )
            asked.append(same & (Q(birth__range=(first, last)) | Q(birth__isnull=True)))
            asked.append(Q(name_key__startswith=who.name.split()[0], birth=who.birth))
            if who.desa and not who.is_rounded:
                asked.append(Q(birth=who.birth, desa_code=who.desa))
        if who.desa:
            asked.append(same & Q(desa_code=who.desa))
    if who.mother_id is not None:
        asked.append(Q(mother_id=who.mother_id))
    if who.family is not None:
        asked.append(Q(household_id=who.family))
    found: set[int] = set()
    for question in asked:
        found.update(people.filter(question).order_by("id").values_list("id", flat=True)[:_MOST])
    return found


def _share(who: Who, model: DoublesModel, people: int) -> float:
    """How large a part of everybody bears this name, who is not in the register yet among them."""
    new = 0 if who.id else 1
    bearers = register.people().filter(name_key=who.name).count() if who.name else 0
    return model.share(bearers + new, people + new)
