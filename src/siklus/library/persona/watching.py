"""What sends such a person to the Puskesmas at once: the danger signs and measurements that may judge them today.

All tables of the book are looked at, also of packages that ask for nothing now: the danger signs of a pregnancy have
no need of their own, and are the first thing that somebody should know who asks about a pregnant woman.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace

from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Classification
from siklus.rules.life import Life
from siklus.rules.telling import rows

_AT_ONCE = "segera"
_BIRTH = "birth"


@dataclass(frozen=True, slots=True)
class Watch:
    """A sign or measurement of such a person that sends them to the Puskesmas at once, and the results that do."""

    table: Classification
    results: tuple[str, ...]


def watched(book: Book, life: Life, on: int, births: Collection[int]) -> Iterator[Watch]:
    """The tables that would judge a record of this person made today, with the lines that send away at once.

    `births` are the days on which such a person may be born where none was said: a table that speaks of fewer than
    half of them is left out.
    """
    lives = [replace(life, person={**life.person, _BIRTH: birth}) for birth in births] or [life]
    readers = [book.reference.readers(each, on)[0] for each in lives]
    titles = {need.name: need.title for need in book.needs}
    for table in book.classifications:
        who = _of_today(table.who, table.kind)
        judged = [
            reader.value(table.package.gate) is not False and reader.value(who) is not False
            for reader in readers
        ]
        if 2 * sum(judged) < len(judged):
            continue
        if found := [said for said, row in rows(table, book.vocabulary, titles) if row.do == _AT_ONCE]:
            yield Watch(table, tuple(found))


def _of_today(node: t.Node, kind: str) -> t.Node:
    """The condition as it is for a record of this kind that is made today."""
    if (
        isinstance(node, t.Aggregate)
        and node.function == "last"
        and node.kind == kind
        and node.field == "date"
    ):
        return t.Today()
    changed: dict[str, object] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, t.Node):
            changed[field.name] = _of_today(value, kind)
        elif isinstance(value, tuple):
            changed[field.name] = tuple(
                _of_today(part, kind) if isinstance(part, t.Node) else part for part in value
            )
    return replace(node, **changed) if changed else node
