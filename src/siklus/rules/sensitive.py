"""Which records hold a secret, and of which class: told by the vocabulary, of a kind or of one word of a code list.

A kind marked `sensitive` holds a secret in every record (a test for HIV); a marked word makes those records secret that
hold it (a diagnosis, when it is of a mental illness). A rule tells a secret when whom or when it is owed rests on such
records; that a test is owed to everybody tells nothing. This only names the class; who may read it, `access.may` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Rules
from siklus.rules.shapes import SENSITIVE as SENSITIVE
from siklus.rules.vocabulary import EPISODE_KIND, MEMBER, Field, Kind, Selection, Vocabulary

_CODE = "code:"
_MARK = "sensitive"
_EITHER = (t.Or, t.FirstKnown, t.Choice)


def class_of(vocabulary: Vocabulary, kind: str, values: Mapping[str, Any]) -> str:
    """The first class of secret of one record (hiv, jiwa, kekerasan, tb), empty when it holds none."""
    return next(iter(classes_of(vocabulary, kind, values)), "")


def classes_of(vocabulary: Vocabulary, kind: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Every class of secret that a record tells, the kind's own first."""
    known = vocabulary.kinds[kind]
    told = (_of_word(vocabulary, field, values.get(field.name)) for field in known.fields.values())
    return tuple(dict.fromkeys(filter(None, (known.sensitive, *told))))


def may_hold(vocabulary: Vocabulary, kind: str) -> frozenset[str]:
    """The classes that some record of the kind can have."""
    known = vocabulary.kinds[kind]
    if known.sensitive:
        return frozenset({known.sensitive})
    lists = [field.codes for field in known.fields.values() if field.codes]
    return frozenset(code.sensitive for name in lists for code in vocabulary.codes[name].values()) - {""}


def of_episode(vocabulary: Vocabulary, name: str) -> frozenset[str]:
    """The classes that having an episode tells: those of what opens it. None of a person, a family, an unknown name."""
    episode = vocabulary.episodes.get(name)
    return frozenset() if episode is None else _of_selection(vocabulary, episode.opened_by)


def of_need(rules: Rules, need: Need) -> frozenset[str]:
    """The classes that being owed this need tells: by whose it is, whom it is for, and when it is owed.

    Only what must be so: who is asked yearly from 40 on, or because of TB, may simply be 40. A family's need tells
    all that it asks of its members.
    """
    asked = (need.who, need.opens, need.due, need.overdue, need.until)
    own = of_episode(rules.vocabulary, need.unit)
    return own.union(*(_implied(rules.vocabulary, node) | of_members(rules, node) for node in asked))


def of_reasons(rules: Rules, need: Need) -> frozenset[str]:
    """The classes of all records its slots look at, and that its reasons can therefore name."""
    steps = (node for _name, node in need.steps)
    slots = (need.who, need.done, need.excluded, need.waits, need.refused, need.occurrence)
    told = (of_members(rules, node) for node in slots)
    return of_need(rules, need).union(told_by(rules.vocabulary, (*slots, *steps)), *told)


def of_classification(vocabulary: Vocabulary, rule: Classification) -> frozenset[str]:
    """The classes that a result tells: of the kind that is judged, and of what the rows look at besides."""
    own = (
        frozenset({vocabulary.kinds[rule.kind].sensitive}) - {""}
        if rule.kind in vocabulary.kinds
        else frozenset()
    )
    return own | told_by(vocabulary, (rule.who, rule.measured, *(row.when for row in rule.rows)))


def of_indicator(vocabulary: Vocabulary, rule: Indicator) -> frozenset[str]:
    """The classes that standing in its list tells: those it is marked with, and those of whom it counts."""
    marked = frozenset({str(rule.source.get(_MARK) or "")}) - {""}
    return marked | of_episode(vocabulary, rule.unit) | _implied(vocabulary, rule.counted)


def of_members(rules: Rules, node: t.Node) -> frozenset[str]:
    """The classes that an expression about a family tells of its members, by what they share with it."""
    shared = {share.name: share.node for share in rules.shares}
    names = {part.field for part in t.walk(node) if isinstance(part, t.Aggregate) and part.kind == MEMBER}
    names |= {part.name for part in t.walk(node) if isinstance(part, t.RecordField)}
    return told_by(rules.vocabulary, (shared[name] for name in names if name in shared))


def of_kinds(vocabulary: Vocabulary, names: Iterable[str]) -> frozenset[str]:
    """The classes of these kinds and episodes as such."""
    found: frozenset[str] = frozenset()
    for name in names:
        kind = vocabulary.kinds.get(name)
        found |= of_episode(vocabulary, name) if kind is None else frozenset({kind.sensitive}) - {""}
    return found


def told_by(vocabulary: Vocabulary, nodes: Iterable[t.Node]) -> frozenset[str]:
    """The classes of secret that these expressions look at."""
    return frozenset(told for node in nodes for part in t.walk(node) for told in _of_part(vocabulary, part))


def _implied(vocabulary: Vocabulary, node: t.Node) -> frozenset[str]:
    """The classes of which there must be a record where this is true, or has a value."""
    if isinstance(node, t.Not):
        return frozenset()
    ways = (node.then, node.other) if isinstance(node, t.Choice) else t.children(node)
    parts = [_implied(vocabulary, child) for child in ways]
    if isinstance(node, _EITHER):
        return frozenset.intersection(*parts) if parts else frozenset()
    return frozenset(_of_part(vocabulary, node)).union(*parts)


def _of_part(vocabulary: Vocabulary, part: t.Node) -> Iterator[str]:
    if isinstance(part, t.Aggregate):
        yield from of_kinds(vocabulary, [part.kind.removeprefix(EPISODE_KIND)])
    elif isinstance(part, t.Literal) and part.of.startswith(_CODE):
        code = vocabulary.codes[part.of.removeprefix(_CODE)].get(part.value)
        if code is not None and code.sensitive:
            yield code.sensitive


def _of_selection(vocabulary: Vocabulary, selection: Selection) -> frozenset[str]:
    kind: Kind = vocabulary.kinds[selection.kind]
    told = (
        "" if selection.field is None else _of_word(vocabulary, kind.fields[selection.field], selection.value)
    )
    return frozenset({kind.sensitive, told}) - {""}


def _of_word(vocabulary: Vocabulary, field: Field, word: Any) -> str:
    """The class of a word of a code list; what is written by another name of it counts alike."""
    if word is None or field.codes is None:
        return ""
    words = vocabulary.codes[field.codes]
    code = words.get(word) or next((each for each in words.values() if word in each.aliases), None)
    return "" if code is None else code.sensitive
