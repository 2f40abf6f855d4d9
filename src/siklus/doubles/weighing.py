"""Two persons weighed against each other by the model, for the few who are asked about while somebody waits.

`linking` does the same for everybody; a test holds the two equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from siklus.doubles.who import Who
from siklus.kernel import dates
from siklus.library.doubles import ONE_BIRTH, DoublesModel, Level, probability_of

Frequency = Callable[[str], float]
"""How large a part of the register bears this name key: `DoublesModel.share`, above 0."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of a pair: probability 0 to 1, and the state of each comparison that was known on both sides."""

    probability: float
    states: Mapping[str, str]


def weigh(one: Who, other: Who, model: DoublesModel, frequency: Frequency) -> Weighed | None:
    """How likely the two are one; None for two who cannot be."""
    if are_two(one, other, model):
        return None
    bits, states = model.prior_bits, {}
    for name, levels in model.compared.items():
        level = _level(name, levels, one, other, model)
        if level is None:
            continue
        states[name] = level.state
        bits += level.bits
        if level.by_frequency:
            bits += math.log2(level.u / frequency(one.name or ""))
    if are_of_one_birth(one, other):
        return asked_at_most(probability_of(bits), states, model)
    return Weighed(probability_of(bits), states)


def asked_at_most(probability: float, states: Mapping[str, str], model: DoublesModel) -> Weighed:
    """What is left of a likelihood when all that agrees would agree of twins as well."""
    return Weighed(min(probability, model.one_birth.at_most), {**states, ONE_BIRTH: "same"})


def are_of_one_birth(one: Who, other: Who) -> bool:
    """Two living people of one family, card or mother, born on one day, whose names are not one."""
    if one.birth is None or one.birth != other.birth or not (one.is_living and other.is_living):
        return False
    kin = ((one.family, other.family), (one.card, other.card), (one.mother_id, other.mother_id))
    if not any(a is not None and a == b for a, b in kin):
        return False
    return not (one.words == other.words or _contained(one.words, other.words))


def are_two(one: Who, other: Who, model: DoublesModel) -> bool:
    """Twins by what the register says: their names are no slip of each other, or something else tells them apart."""
    if not are_of_one_birth(one, other):
        return False
    if not _slip_of("name")(one, other, model):
        return True
    pairs = ((one.sex, other.sex), (one.nik, other.nik), (one.birth_order, other.birth_order))
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _level(name: str, levels: tuple[Level, ...], one: Who, other: Who, model: DoublesModel) -> Level | None:
    """The first state that holds; None where one side does not know."""
    if not _is_known(name, one, other):
        return None
    return next(level for level in levels if _SEEN.get((name, level.state), _always)(one, other, model))


def _is_known(name: str, one: Who, other: Who) -> bool:
    column = {"place": "puskesmas"}.get(name, name)
    return getattr(one, column) is not None and getattr(other, column) is not None


_Seen = Callable[[Who, Who, DoublesModel], bool]


def _always(_one: Who, _other: Who, _model: DoublesModel) -> bool:
    return True


def _equal(column: str) -> _Seen:
    def seen(one: Who, other: Who, _model: DoublesModel) -> bool:
        value = getattr(one, column)
        return value is not None and value == getattr(other, column)

    return seen


def _slip_of(column: str) -> _Seen:
    def seen(one: Who, other: Who, model: DoublesModel) -> bool:
        a, b = getattr(one, column), getattr(other, column)
        return distance(a, b) * model.one_letter_in <= max(len(a), len(b))

    return seen


def _contained_of(column: str) -> _Seen:
    def seen(one: Who, other: Who, _model: DoublesModel) -> bool:
        return _contained(getattr(one, column).split(), getattr(other, column).split())

    return seen


def _same_family(one: Who, other: Who, model: DoublesModel) -> bool:
    return _equal("family")(one, other, model) or _equal("card")(one, other, model)


def _by_husband(one: Who, other: Who, _model: DoublesModel) -> bool:
    return one.name == other.spouse or other.name == one.spouse


def _first(one: Who, other: Who, _model: DoublesModel) -> bool:
    return (one.name or "").split()[0] == (other.name or "").split()[0]


def _birth_slip(one: Who, other: Who, _model: DoublesModel) -> bool:
    """Two of day, month and year agree; or day and month changed places."""
    a, b = dates.date_of(one.birth or 0), dates.date_of(other.birth or 0)
    agree = (a.day == b.day) + (a.month == b.month) + (a.year == b.year)
    return agree == 2 or (a.year == b.year and (a.day, a.month) == (b.month, b.day))


def _same_rounded(one: Who, other: Who, _model: DoublesModel) -> bool:
    return one.is_rounded and one.birth == other.birth


def _same_year(one: Who, other: Who, _model: DoublesModel) -> bool:
    years = dates.year_of(one.birth or 0), dates.year_of(other.birth or 0)
    return years[0] == years[1] and (one.is_rounded or other.is_rounded)


def _contained(one: tuple[str, ...] | list[str], other: tuple[str, ...] | list[str]) -> bool:
    return set(one) <= set(other) or set(other) <= set(one)


@lru_cache(maxsize=10_000)
def distance(one: str, other: str) -> int:
    """Levenshtein's: letters to add, drop or change."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            now.append(min(before[column] + 1, now[column - 1] + 1, before[column - 1] + (letter != against)))
        before = now
    return before[-1]


_SEEN: Mapping[tuple[str, str], _Seen] = {
    ("name", "same"): _equal("name"),
    ("name", "same_words"): lambda one, other, _model: one.words == other.words,
    ("name", "slip"): _slip_of("name"),
    ("name", "contained"): _contained_of("name"),
    ("name", "husband"): _by_husband,
    ("name", "first"): _first,
    ("birth", "same_rounded"): _same_rounded,
    ("birth", "same"): _equal("birth"),
    ("birth", "slip"): _birth_slip,
    ("birth", "same_year"): _same_year,
    ("sex", "same"): _equal("sex"),
    ("mother", "same"): _equal("mother"),
    ("mother", "slip"): _slip_of("mother"),
    ("mother", "contained"): _contained_of("mother"),
    ("spouse", "same"): _equal("spouse"),
    ("spouse", "slip"): _slip_of("spouse"),
    ("spouse", "contained"): _contained_of("spouse"),
    ("place", "family"): _same_family,
    ("place", "rt"): _equal("rt"),
    ("place", "posyandu"): _equal("posyandu"),
    ("place", "desa"): _equal("desa"),
    ("place", "puskesmas"): _equal("puskesmas"),
    ("nik", "same"): _equal("nik"),
    ("phone", "same"): _equal("phone"),
}
