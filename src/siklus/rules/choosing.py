"""A rule book with some of its indicators and nothing else: for counting those alone, and for opening one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from siklus.rules import tree as t
from siklus.rules.book import Indicator, Rules
from siklus.rules.members import with_shares_read
from siklus.rules.plan import conjuncts

KEPT = ("year", "school year")
"""Indicators of these periods are the official ones of a year: they are kept name by name."""


def kept_by_name(rules: Rules) -> Rules:
    """All but the indicators of shorter periods, which are only summed up."""
    return replace(rules, indicators=tuple(each for each in rules.indicators if each.period in KEPT))


def with_indicators(rules: Rules, chosen: Iterable[Indicator]) -> Rules:
    """No needs and no classifications; of persons only what families ask for these indicators."""
    bare = replace(rules, needs=(), classifications=(), indicators=tuple(chosen))
    return with_shares_read(bare, rules.shares)


def by_facts(indicator: Indicator, facts: Iterable[str]) -> Indicator:
    """What of `counted` rests on these facts and the period alone: whoever it leaves out is surely not counted."""
    known = set(facts)
    plain = [
        part
        for part in conjuncts(indicator.counted)
        if not any(
            isinstance(node, t.Aggregate) or (isinstance(node, t.Fact) and node.name not in known)
            for node in t.walk(part)
        )
    ]
    return replace(indicator, counted=t.both(*plain), components={}, reached=t.TRUE)
