"""What no example shows yet, for every need and classification of a book. `siklus knowledge examples --missing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from siklus.library.adequacy.asking import NO_ANSWER, Asked, ask
from siklus.library.adequacy.points import (
    AGE,
    LIMIT,
    RECORD,
    SIDES,
    STATUS,
    Point,
    ages_of,
    required,
    shown,
    turn_of,
)
from siklus.library.adequacy.thresholds import missing_classes, one_sided
from siklus.library.examples import examples_of_rule
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Classification, Need, Package
from siklus.rules.life import Life
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.telling import words_for

_SLOTS = {"due": "mulai waktunya", "overdue": "mulai terlambat", "until": "batas akhir"}
_RECORDS = {"before": "sehari sebelum", "on": "pada"}
_SIDES = {"before": "sehari sebelum", "on": "pada hari", "after": "sehari sesudah"}


@dataclass(frozen=True)
class Gap:
    """Something a rule has and no example of it shows, in words. `points` are those of a need that are missing.

    The ages of a package's gate are told of its first need, though any need of the package may show them.
    """

    rule: Need | Classification
    what: str
    points: frozenset[Point] = frozenset()
    of_gate: bool = False

    @property
    def is_status(self) -> bool:
        """True when a whole status is not shown."""
        return any(point.kind == STATUS for point in self.points)


def gaps(book: Book) -> list[Gap]:
    """Everything missing, in the order of the rules."""
    return list(_gaps(book))


@lru_cache(maxsize=2)
def _gaps(book: Book) -> tuple[Gap, ...]:
    found: list[Gap] = []
    for package in book.rules.packages:
        asked = {n.name: asked_of(book, n) for n in book.needs if n.package.name == package.name}
        found += [gap for name in asked for gap in gaps_of_need(book, book.need(name), asked[name])]
        found += _gaps_of_gate(book, package, [each for some in asked.values() for each in some])
        tables = (table for table in book.classifications if table.package.name == package.name)
        lives = _lives_of(book, package)
        found += [gap for table in tables for gap in gaps_of_table(book, table, lives)]
    return tuple(found)


def gaps_of_need(book: Book, need: Need, asked: Iterable[Asked]) -> list[Gap]:
    """What the examples of one need leave out."""
    ages, asked = ages_of(need.who), list(asked)
    seen = {point for each in asked for point in shown(each, ages)}
    walked = _walked(book, ages, asked)
    return list(_told(book, need, required(need, ages) - seen - walked, ages))


def gaps_of_table(book: Book, table: Classification, lives: list[tuple[Life, int]]) -> list[Gap]:
    """What the examples of one classification leave out."""
    examples = examples_of_rule(book, table)
    found = [Gap(table, f"golongan {value}") for value in missing_classes(table, examples)]
    for node, why in one_sided(book, table, lives):
        found.append(Gap(table, f"batas {_words(book, table, node)}: {why}"))
    return found


def _lives_of(book: Book, package: Package) -> list[tuple[Life, int]]:
    """The lives of all examples of a package: a threshold that several of its rules share is shown by any of them."""
    rules: tuple[Need | Classification, ...] = (*book.needs, *book.classifications)
    mine = [rule for rule in rules if rule.package.name == package.name]
    return [(each.life, each.today) for rule in mine for each in examples_of_rule(book, rule)]


def asked_of(book: Book, need: Need) -> list[Asked]:
    """Every example of a need, asked."""
    return [ask(book, need, each.life, each.today) for each in examples_of_rule(book, need)]


def needs_without_all_statuses(book: Book) -> list[str]:
    """The needs of which some status that can come about has no example."""
    lacking = {gap.rule.name for gap in gaps(book) if gap.is_status}
    return [need.name for need in book.needs if need.name in lacking]


def _gaps_of_gate(book: Book, package: Package, asked: list[Asked]) -> Iterator[Gap]:
    """The ages of a gate are shown once for the package, by whichever need; they are told of its first."""
    ages = ages_of(package.gate)
    wanted = {Point(AGE, place, side) for place in _deciding(book, ages, asked) for side in SIDES}
    missing = wanted - {point for each in asked for point in shown(each, ages)}
    for gap in _told(book, asked[0].need, missing, ages) if missing else ():
        yield replace(gap, what=f"paket untuk {gap.what}", of_gate=True)


def _walked(book: Book, ages: list[t.Node], asked: list[Asked]) -> set[Point]:
    """The ages that decide nothing in any example, and of which an example shows so on all three days."""
    found: set[Point] = set()
    for place, node in enumerate(ages):
        turns = [(each, day) for each in asked if (day := turn_of(each, node)) is not None]
        sides = {each.today - day for each, day in turns}
        if sides >= {-1, 0, 1} and not _deciding(book, [node], asked):
            found |= {Point(AGE, str(place), side) for side in SIDES}
    return found


def _deciding(book: Book, ages: list[t.Node], asked: list[Asked]) -> list[str]:
    """The places of those ages that make a difference to an example."""
    return [
        str(place) for place, node in enumerate(ages) if any(_decides(book, each, node) for each in asked)
    ]


def _decides(book: Book, asked: Asked, node: t.Node) -> bool:
    """True when an age makes a difference to the answer: often a need ends before its age does, or a gate later."""
    day = turn_of(asked, node)
    if day is None or asked.status == NO_ANSWER:
        return False
    return ask(book, asked.need, asked.life, day - 1).status != ask(book, asked.need, asked.life, day).status


def _told(book: Book, need: Need, points: set[Point], ages: list[t.Node]) -> Iterator[Gap]:
    by_what: dict[tuple[str, str], set[Point]] = {}
    for point in sorted(points, key=lambda each: (each.kind, each.what, SIDES.index(each.side or SIDES[0]))):
        by_what.setdefault((point.kind, point.what), set()).add(point)
    for (kind, what), missing in by_what.items():
        sides = ", ".join(_SIDES[side] for side in SIDES if any(point.side == side for point in missing))
        told: Mapping[str, str] = {
            STATUS: f"status {STATUS_WORDS.get(what, what)}",
            LIMIT: f"{_SLOTS.get(what, what)}: {sides}",
            RECORD: f"catatan {_RECORDS.get(what)} hari pertama yang dihitung",
        }
        words = told.get(kind) or f"{_words(book, need, ages[int(what)])}: {sides}"
        yield Gap(need, words, frozenset(missing))


def _words(book: Book, rule: Need | Classification, node: t.Node) -> str:
    return words_for(rule, book.vocabulary, {}).say(node)
