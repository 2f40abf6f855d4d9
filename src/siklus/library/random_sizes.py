"""Sizes a child could have, drawn around the median of its age: so that z-scores fall on both sides of every limit."""

from __future__ import annotations

import random
from typing import Any

from siklus.records.values import to_wire
from siklus.rules.growth import BY_DAY, BY_LENGTH, Child, Growth, measured
from siklus.rules.vocabulary import Kind

_SPREAD = 2.5
"""Standard deviations: a third of the scores lie beyond two and a half, some are implausible."""


def sizes(kind: Kind, growth: Growth, days: int, chance: random.Random) -> dict[str, Any]:
    """Weight, length, head and arm of a child of so many days as on the wire, where the tables know such a child."""
    found: dict[str, Any] = {}
    months = measured(growth, Child(age_days=days)).months
    for index in growth.indexes.values():
        name = kind.measures.get(index.of, "")
        for table in index.tables:
            here = months is not None and table.since <= months < table.until and table.by != BY_LENGTH
            if name not in kind.fields or name in found or not here or months is None:
                continue
            place = days if table.by == BY_DAY else int(months)
            row = growth.rows(table.file)[chance.randrange(len(growth.sexes))].at(place, 0.0)
            if row is not None:
                _, median, deviation = row
                size = median * (1 + deviation * chance.gauss(0, _SPREAD))
                found[name] = to_wire(kind.fields[name], round(size * 10 ** kind.fields[name].places))
    return found
