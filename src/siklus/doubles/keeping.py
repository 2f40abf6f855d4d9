"""What was found becomes rows: new pairs come in, those that are none any more go, decisions stay until data change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from siklus.doubles.linking import Linked, linked
from siklus.doubles.models import DIFFERENT, MERGED, NEW, Pair
from siklus.doubles.near import near
from siklus.doubles.twins import without_twins
from siklus.doubles.who import Who, everybody, of_persons
from siklus.library.doubles import load_doubles
from siklus.register import queries as register

_CHANGED = ("score", "states", "print", "state")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look through everybody came to."""

    people: int
    pairs: int
    new: int
    gone: int


def look_at_everybody() -> Looked:
    """All pairs anew, as the register stands."""
    model = load_doubles()
    count = 0

    def counted() -> Iterable[Who]:
        nonlocal count
        for who in everybody(model):
            count += 1
            yield who

    found = {(pair.one, pair.other): pair for pair in without_twins(linked(counted(), model), model)}
    prints = _prints(found.values())
    with transaction.atomic():
        new, gone = _keep(found, prints, {pair: pair for pair in found}, is_whole=True)
    return Looked(count, len(found), new, gone)


@transaction.atomic
def look_at(persons: Iterable[int]) -> int:
    """The pairs of these persons, as they stand: for who was just registered; how many are new."""
    model = load_doubles()
    found: dict[tuple[int, int], Linked] = {}
    people = of_persons(persons, model)
    count = register.people().count() if people else 0
    for who in people.values():
        for pair in without_twins(near(who, model, count), model):
            found[pair.one, pair.other] = pair
    new, _gone = _keep(found, _prints(found.values()), found, is_whole=False)
    return new


def drop_pairs_of_nobody() -> int:
    """Takes away the pairs of whom one is registered no more; how many. A merged person is registered."""
    there = register.everybody()
    gone = Pair.objects.exclude(
        Exists(there.filter(id=OuterRef("one"))) & Exists(there.filter(id=OuterRef("other")))
    )
    count: int = gone.count()
    gone.delete()
    return count


def _keep(
    found: Mapping[tuple[int, int], Linked], prints: Mapping[tuple[int, int], str],
    wanted: Iterable[tuple[int, int]], *, is_whole: bool,
) -> tuple[int, int]:  # fmt: skip
    rows = Pair.objects.all() if is_whole else Pair.objects.filter(one__in=[one for one, _other in wanted])
    known = {(row.one, row.other): row for row in rows}
    changed, gone = [], []
    for key, row in known.items():
        pair = found.get(key)
        if pair is not None:
            if _is_renewed(row, pair, prints[key]):
                changed.append(row)
        elif is_whole and row.state == NEW:
            gone.append(row.pk)
    Pair.objects.bulk_update(changed, _CHANGED, batch_size=200)
    for some in register.chunks(gone):
        Pair.objects.filter(pk__in=some).delete()
    fresh = [
        Pair(one=one, other=other, score=score_of(pair), states=states_of(pair), print=prints[one, other])
        for (one, other), pair in found.items()
        if (one, other) not in known
    ]
    Pair.objects.bulk_create(fresh, batch_size=200)
    return len(fresh), len(gone)


def _is_renewed(row: Pair, pair: Linked, print_: str) -> bool:
    """Brings a row to what was found; False when nothing changed. Two who stand apart are merged no longer."""
    state = row.state
    if state == MERGED or (state == DIFFERENT and row.print != print_):
        state = NEW
    told = (score_of(pair), states_of(pair), print_, state)
    if told == (row.score, row.states, row.print, row.state):
        return False
    row.score, row.states, row.print, row.state = told
    return True


def score_of(pair: Linked) -> int:
    """In percent."""
    return round(100 * pair.probability)


def states_of(pair: Linked) -> str:
    """As the column keeps them, in the order in which they are compared."""
    return json.dumps(pair.states, separators=(",", ":"))


def _prints(pairs: Iterable[Linked]) -> dict[tuple[int, int], str]:
    """What a decision was made on: who the two are said to be, and how they stood to each other.

    Without what finds a NIK: a new key changes that, and nobody.
    """
    pairs = list(pairs)
    people = of_persons((key for pair in pairs for key in (pair.one, pair.other)), load_doubles())
    found = {}
    for pair in pairs:
        told = [
            [who.name, who.birth, who.sex, who.mother]
            for key in (pair.one, pair.other)
            if (who := people.get(key)) is not None
        ]
        text = json.dumps([told, pair.states.get("nik")], ensure_ascii=False)
        found[pair.one, pair.other] = hashlib.sha256(text.encode()).hexdigest()[
            : Pair._meta.get_field("print").max_length
        ]
    return found
