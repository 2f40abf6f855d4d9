"""Which kinds of record, and which of their fields, a rule book looks at: all that a bulk run has to read."""

from __future__ import annotations

from siklus.rules import tree as t
from siklus.rules.book import Rules
from siklus.rules.derived import inputs_of
from siklus.rules.episode_spec import NAMED
from siklus.rules.plan import expressions_of


def fields_read(rules: Rules) -> dict[str, frozenset[str]]:
    """{kind: fields} of every kind that a rule folds or a person shares, or an episode is formed of or attached.

    Episodes are not kinds. In the place of a derived field stand those it is worked out from.
    """
    read: dict[str, set[str]] = {}
    shared = (share.node for share in rules.shares)
    for expression in (*(node for _, node in expressions_of(rules)), *shared):
        for part in t.walk(expression):
            if isinstance(part, t.Aggregate) and part.kind in rules.vocabulary.kinds:
                fields = read.setdefault(part.kind, set())
                fields |= {each.name for each in t.walk(part.where) if isinstance(each, t.RecordField)}
                if part.field is not None:
                    fields.add(part.field)
    for episode in rules.vocabulary.episodes.values():
        read.setdefault(episode.opened_by.kind, set()).update(episode.facts)
        for selection in (episode.opened_by, *episode.closed_by):
            read.setdefault(selection.kind, set()).update({selection.field} if selection.field else ())
        for kind in episode.attaches:
            read.setdefault(kind, set()).add(NAMED)
    return {kind: _written(rules, kind, fields) for kind, fields in read.items()}


def _written(rules: Rules, kind: str, fields: set[str]) -> frozenset[str]:
    known = rules.vocabulary.kinds[kind]
    asked = [each for name, each in known.derived.items() if name in fields]
    written = {name for each in asked for name in inputs_of(known, each)}
    return frozenset(fields - known.derived.keys() | written)
