"""How long answers last, in SQL: the bounds of `rules.lasting` as rows (person, package, lasts) of one table.

The bound of an open package stands beside its answers, as one more row of a unit, so that both share their columns. A
row without a package is of everything: what a family's members share, indicators, classes.
"""

from __future__ import annotations

from collections.abc import Sequence

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator
from siklus.rules.bounds import earliest
from siklus.rules.emitters.duckdb_expressions import literal
from siklus.rules.emitters.duckdb_finish import Answer, Layers, base_of, person_of
from siklus.rules.lasting import (
    PackageLasts,
    classification_lasts,
    indicator_lasts,
)
from siklus.rules.plan import Plan
from siklus.rules.vocabulary import PERSON

LASTS = "lasts"
"""The status of the rows that say until when answers last; no need has it."""
LASTING = "create or replace temp table lasting (person bigint, package varchar, lasts integer)"
LASTING_OF_ANSWERS = (
    "insert into lasting select person, package, occurrence from answers "
    f"where status = '{LASTS}' and occurrence < {NEVER}"
)


def lasts_row(bound: str) -> Answer:
    """A bound in the shape of an answer."""
    return Answer("''", bound, literal(LASTS), *["NULL"] * 5)


def into(query: str, package: str | None = None) -> str:
    """Adds the rows that ever end; of one package, or of everything."""
    of = "NULL" if package is None else literal(package)
    return f"insert into lasting select person, {of}, lasts from ({query}) where lasts < {NEVER}"


def shut(each: PackageLasts, plan: Plan, today: int | str) -> str:
    """Until when a package is surely not about a unit."""
    layers = Layers(plan, today)
    is_shut = layers.write(t.surely(t.Not(each.package.gate)))
    layers.share([each.shut])
    bound = layers.slot(each.shut)
    query = layers.select(base_of(each.unit, layers, plan, f"where u.died is null and {is_shut}"))
    return f"select {person_of(each.unit)} as person, {bound} as lasts from ({query})"


def shared_lasts(bound: t.Node, plan: Plan, today: int | str) -> str:
    """Until when what the living share with their household stays; a household stands for itself."""
    layers = Layers(plan, today)
    layers.share([bound])
    found = layers.slot(bound)
    query = layers.select(base_of(PERSON, layers, plan, "where u.died is null and u.household is not null"))
    return f"select household as person, {found} as lasts from ({query})"


def counted_lasts(
    unit: str, chosen: Sequence[Indicator], plan: Plan, day: int, bounds: tuple[int, int]
) -> str:
    """The next cut-off day on which a unit may stand otherwise under one of these indicators."""
    layers = Layers(plan, day, bounds)
    lasts = earliest(*map(indicator_lasts, chosen))
    layers.share([lasts])
    bound = layers.slot(lasts)
    query = layers.select(base_of(unit, layers, plan, "", "i_"))
    return f"select {person_of(unit)} as person, {bound} as lasts from ({query}) where {bound} < {bounds[1]}"


def judged_lasts(asked: Sequence[Classification], plan: Plan, today: int | str) -> str:
    """The next day on which a last record may be judged otherwise."""
    layers = Layers(plan, today)
    lasts = earliest(*map(classification_lasts, asked))
    layers.share([lasts])
    bound = layers.slot(lasts)
    query = layers.select(base_of(PERSON, layers, plan, "", "c_"))
    return f"select id as person, {bound} as lasts from ({query})"
