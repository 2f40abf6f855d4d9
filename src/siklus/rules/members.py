"""What persons share with their household: the lets marked `share: yes`, and the facts of the register.

A rule about a household sees one row a person, `member`. Its fields are known before such rules are read; what no rule
asks for is left out again, so that nobody works it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from siklus.rules import tree as t
from siklus.rules.book import Rules, Share
from siklus.rules.fields import Field
from siklus.rules.names import Reading, scope_for
from siklus.rules.plan import expressions_of, split
from siklus.rules.scopes import Broken, human
from siklus.rules.source import Faults, MarkedMap, fault, mapping_of
from siklus.rules.vocabulary import MEMBER, PERSON

_SHARED = "share"


def read_shares(reading: Reading, documents: Iterable[MarkedMap]) -> tuple[Share, ...]:
    """Everything a household might ask of a person; the vocabulary of the reading then knows the fields of `member`."""
    facts = reading.vocabulary.person
    fields = dict(facts)
    shares = [Share(name, t.Fact(name, each.type, each.nullable)) for name, each in facts.items()]
    for document in documents:
        if "package" in document and str(document.get("per", PERSON)) == PERSON:
            for name, title, node in _marked(reading, document):
                fields[name] = Field(name, node.type, node.nullable, label=title)
                shares.append(Share(name, node, title, document.mark.file))
    reading.vocabulary = replace(reading.vocabulary, member=fields)
    return tuple(shares)


def _marked(reading: Reading, document: MarkedMap) -> Iterable[tuple[str, str, t.Node]]:
    """(name, title, expression) of the shared lets of a package."""
    lets = reading.faults.tried(partial(mapping_of, document, "let"), MarkedMap(document.mark))
    marked = [name for name, entry in lets.items() if isinstance(entry, MarkedMap) and _SHARED in entry]
    if not marked:
        return
    names = scope_for(reading, PERSON, document).names
    for name in marked:
        entry, node = lets[name], names[name]
        mark = entry.at(_SHARED)
        with reading.faults.guard():
            if not isinstance(entry[_SHARED], bool):
                raise fault("R07", mark, f"'{_SHARED}' of let '{name}' is yes or no")
            if not entry[_SHARED] or isinstance(node, Broken):
                continue
            if node.type == "span":
                raise fault("R29", mark, f"{human(node.type)} cannot be shared ({name})")
            reading.define(name, lets.at(name))
            yield name, str(entry.get("title", "")) or name.replace("_", " "), node


def with_shares_read(rules: Rules, shares: Sequence[Share]) -> Rules:
    """The rules with those shares that some rule about a household asks for, in the order in which they were given."""
    asked: set[str] = set()
    for _, expression in expressions_of(rules):
        for part in t.walk(expression):
            if isinstance(part, t.Aggregate) and part.kind == MEMBER:
                asked |= {each.name for each in t.walk(part.where) if isinstance(each, t.RecordField)}
                asked.add(part.field or "")
    return replace(rules, shares=tuple(share for share in shares if share.name in asked))


def check_members(rules: Rules, faults: Faults) -> None:
    """R17: what depends on the day, or on other records of the household, is not asked of each member."""
    told: set[str] = set()
    for rule, expression in expressions_of(rules):
        for part in t.walk(expression):
            if (
                isinstance(part, t.Aggregate)
                and part.kind == MEMBER
                and split(part)[1]
                and rule.name not in told
            ):
                told.add(rule.name)
                faults.add(
                    "R17",
                    rule.mark,
                    f"a condition on 'member' may not need today or another aggregate ({rule.name})",
                    "let the person's own package say it, in a 'let' with 'share: yes'",
                )
