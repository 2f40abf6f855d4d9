"""From the answers of an indicator to figures: who is counted, and the sums by place. Pure; the same for one and all.

Four figures stand beside one another and never hide one another: the projected target (entered, not computed here), the
registered (`counted` true), the reached, and the complete (every component true). Whom a missing fact keeps from being
counted is `unclear`, reported beside the registered and in none of the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from siklus.rules.answers import IndicatorAnswer

TRUE, FALSE, UNKNOWN = range(3)


class Place(NamedTuple):
    """Where a unit counts: the residence of its person, codes empty where unknown."""

    desa: str
    posyandu: str
    puskesmas: str


class Standing(NamedTuple):
    """How units stand under an indicator at a place; units that stand alike are summed together."""

    indicator: str
    place: Place
    counted: bool | None
    reached: bool
    complete: bool
    lacking: str
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedUnit:
    """A unit that is counted, or perhaps is; `lacking` and `unknown` name components in the order of the source."""

    indicator: str
    unit: str
    unit_id: int
    person_id: int
    counted: bool | None
    reached: bool
    complete: bool
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class Sums:
    """The figures of one indicator at one place; `components` holds [true, false, unknown] of the registered."""

    registered: int = 0
    reached: int = 0
    complete: int = 0
    unclear: int = 0
    components: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: Sums) -> None:
        """Put other figures on top of these."""
        self.registered += other.registered
        self.reached += other.reached
        self.complete += other.complete
        self.unclear += other.unclear
        for name, counts in other.components.items():
            mine = self.components.setdefault(name, [0, 0, 0])
            for at in (TRUE, FALSE, UNKNOWN):
                mine[at] += counts[at]


def count_unit(answer: IndicatorAnswer, person_id: int) -> CountedUnit | None:
    """The row of an answer; None when the unit is surely not counted."""
    if answer.counted is False:
        return None
    lacking = tuple(name for name, value in answer.components.items() if value is False)
    unknown = tuple(name for name, value in answer.components.items() if value is None)
    return CountedUnit(
        indicator=answer.indicator, unit=answer.unit, unit_id=answer.unit_id, person_id=person_id,
        counted=answer.counted, reached=answer.reached is True, complete=not lacking and not unknown,
        lacking=lacking, unknown=unknown,
    )  # fmt: skip


def add_up(
    standings: Iterable[tuple[Standing, int]], components: Mapping[str, Sequence[str]]
) -> dict[tuple[str, Place], Sums]:
    """Sums by (indicator, place) of (standing, how many units); `components` names those of each indicator.

    An indicator that a newer rule book has dropped keeps its sums, without components, until everything is made again.
    """
    sums: dict[tuple[str, Place], Sums] = {}
    for standing, units in standings:
        here = sums.get((standing.indicator, standing.place))
        if here is None:
            here = Sums(components={name: [0, 0, 0] for name in components.get(standing.indicator, ())})
            sums[standing.indicator, standing.place] = here
        if standing.counted is None:
            here.unclear += units
            continue
        here.registered += units
        here.reached += units * standing.reached
        here.complete += units * standing.complete
        lacking, unknown = read_words(standing.lacking), read_words(standing.unknown)
        for name, counts in here.components.items():
            counts[FALSE if name in lacking else UNKNOWN if name in unknown else TRUE] += units
    return sums


def write_words(words: Iterable[str]) -> str:
    """Names as the JSON text that is stored."""
    return json.dumps(list(words), separators=(",", ":"))


def read_words(text: str) -> tuple[str, ...]:
    """The names of a stored JSON text."""
    return tuple(json.loads(text))


def write_components(components: Mapping[str, Sequence[int]]) -> str:
    """[true, false, unknown] by component as the JSON text that is stored."""
    return json.dumps(components, separators=(",", ":"))


def read_components(text: str) -> dict[str, list[int]]:
    """The counts of a stored JSON text."""
    counts: dict[str, list[int]] = json.loads(text)
    return counts
