"""How much a child weighs and how long it is: a middle curve, moved by a factor of the child, with small noise."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from random import Random

from seed.assumptions import Section


def curve(by_month: dict[int, float]) -> list[float]:
    """Values for every completed month from a few written ones, in straight lines between them."""
    points = sorted(by_month.items())
    values: list[float] = []
    for (month, value), (next_month, next_value) in pairwise(points):
        step = (next_value - value) / (next_month - month)
        values += [value + step * n for n in range(next_month - month)]
    return [*values, points[-1][1]]


@cache
def _curves(rules: Section) -> tuple[list[float], list[float]]:
    return curve(rules.by_month_weight), curve(rules.by_month_height)


class Growth:
    """The body of one child. `small` children stay well below the middle."""

    __slots__ = ("_arm", "_heights", "_rng", "_tall", "_weights", "_wide")

    def __init__(self, rng: Random, rules: Section) -> None:
        self._rng, self._arm = rng, rules.arm
        self._weights, self._heights = _curves(rules)
        self._wide = rng.gauss(rules.factor_mean, rules.weight_spread)
        self._tall = rng.gauss(rules.factor_mean_height, rules.height_spread)

    def weight(self, month: int) -> float:
        """Kilograms at this age."""
        return self._weights[month] * self._wide * (0.985 + 0.03 * self._rng.random())

    def height(self, month: int) -> float:
        """Centimetres at this age."""
        return self._heights[month] * self._tall

    def arm(self, month: int) -> float | None:
        """Centimetres around the upper arm; None before the age at which it is measured."""
        rules = self._arm
        if month < rules.from_months:
            return None
        if self._rng.random() < rules.thin:
            return self._rng.uniform(*rules.thin_range)
        return max(rules.lowest, self._rng.gauss(rules.mean + rules.per_month * month, rules.spread))
