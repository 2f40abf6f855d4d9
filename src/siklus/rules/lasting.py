"""How long an answer lasts: the next day on which it can change if no record comes, as an expression of the language.

One definition on the tree, so that every engine works it out as it works out anything else: of each rule what of it
counts in which state, from the bounds of its expressions (`rules.bounds`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from siklus.rules import tree as t
from siklus.rules.asking import leaves
from siklus.rules.book import Classification, Indicator, Need, Package, Rules
from siklus.rules.bounds import FOREVER, Lasting, Steps, earliest, if_, turn_at, unless

_SHOWN = ("opens", "due", "overdue", "until", "occurrence")
_DAYS_ASKED = ("due", "until", "overdue")
_CROSSED = ("due", "until", "overdue")


def need_lasts(need: Need, steps: Steps) -> t.Node:
    """The next day on which the answer about a need can change, while its package's gate stays as it is.

    Of whom it is surely not for, nothing else counts; where it is surely done, or not known for whom, no limit that is
    crossed.
    """
    lasting = Lasting(steps)
    asked = [leaf for slot in _DAYS_ASKED for _, leaf in leaves(getattr(need, slot))]
    crossed = (turn_at(getattr(need, slot)) for slot in _CROSSED)
    open_ = earliest(lasting.of(need.waits, need.refused, *asked), *crossed)
    undone = earliest(
        lasting.stays(need.done, False),
        lasting.stays(need.excluded),
        if_(t.IsKnown(need.who), open_, FOREVER) if need.who.nullable else open_,
    )
    told = earliest(
        lasting.of(*(getattr(need, slot) for slot in _SHOWN)),
        lasting.stays(need.who, True),
        if_(t.surely(need.done), lasting.while_it_is(need.done, True), undone),
    )
    return unless(need.who, told, lasting.while_it_is(need.who, False))


@dataclass(frozen=True)
class PackageLasts:
    """How long the answers of one package about one kind of unit last: while its gate is shut, and while it is open."""

    unit: str
    package: Package
    needs: tuple[Need, ...]
    shut: t.Node
    open: t.Node


def packages_last(rules: Rules) -> tuple[PackageLasts, ...]:
    """Every package for each kind of unit it is about, in the order of the sources; kept for the last few books."""
    for known, made in _MADE:
        if known is rules:
            return made
    _MADE.append((rules, made := _packages_last(rules)))
    return made


_MADE: deque[tuple[Rules, tuple[PackageLasts, ...]]] = deque(maxlen=4)
"""Rules are compared by identity: to hash a book takes longer than to work this out."""


def _packages_last(rules: Rules) -> tuple[PackageLasts, ...]:
    steps, found = steps_of(rules.needs), []
    for unit in rules.units():
        of_unit = [need for need in rules.needs if need.unit == unit]
        for name in dict.fromkeys(need.package.name for need in of_unit):
            needs = tuple(need for need in of_unit if need.package.name == name)
            package = needs[0].package
            shut = shut_lasts(package.gate)
            is_open = earliest(gate_lasts(package.gate), *(need_lasts(need, steps) for need in needs))
            found.append(PackageLasts(unit, package, needs, shut, is_open))
    return tuple(found)


def gate_lasts(gate: t.Node) -> t.Node:
    """The next day on which a package can end to be about somebody."""
    return Lasting({}).of(gate)


def shut_lasts(gate: t.Node) -> t.Node:
    """The next day on which a package can begin to be about somebody."""
    return Lasting({}).while_it_is(gate, False)


def shares_last(rules: Rules) -> t.Node:
    """The next day on which what a person shares with the household can change."""
    lasting = Lasting({})
    return earliest(*(lasting.condition(share.node) for share in rules.shares))


def indicator_lasts(indicator: Indicator) -> t.Node:
    """The next cut-off day on which a unit can stand otherwise under an indicator."""
    lasting = Lasting({})
    told = lasting.of(indicator.counted, indicator.reached, *indicator.components.values())
    return unless(indicator.counted, told, lasting.while_it_is(indicator.counted, False))


def classification_lasts(table: Classification) -> t.Node:
    """The next day on which a last record can be judged otherwise."""
    return Lasting({}).of(table.package.gate, table.measured, table.who, *(row.when for row in table.rows))


def steps_of(needs: tuple[Need, ...]) -> Steps:
    """The steps of all series by name."""
    return {name: node for need in needs for name, node in need.steps}
