"""What no example shows yet, for every need and classification of a book. `siklus knowledge examples --missing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from siklus.library.adequacy.asking import Asked, ask
from siklus.library.adequacy.points import AGE, LIMIT, RECORD, SIDES, STATUS, Point, ages_of, required, shown
from siklus.library.adequacy.thresholds import missing_classes, one_sided
from siklus.library.examples import examples_of_rule
from siklus.library.loading import Book
from siklus.rules import tree as t
from siklus.rules.book import Classification, Need, Package
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
    found: list[Gap] = []
    for package in book.rules.packages:
        needs = [need for need in book.needs if need.package.name == package.name]
        found += [gap for need in needs for gap in gaps_of_need(book, need)]
        found += _gaps_of_gate(book, package, needs)
        tables = (table for table in book.classifications if table.package.name == package.name)
        found += [gap for table in tables for gap in gaps_of_table(book, table)]
    return found


def gaps_of_need(book: Book, need: Need) -> list[Gap]:
    """What the examples of one need leave out."""
    ages = ages_of(need, need.who)
    seen = {point for each in asked_of(book, need) for point in shown(each, ages)}
    return list(_told(book, need, required(need, ages) - seen, ages))


def gaps_of_table(book: Book, table: Classification) -> list[Gap]:
    """What the examples of one classification leave out."""
    examples = examples_of_rule(book, table)
    found = [Gap(table, f"golongan {value}") for value in missing_classes(table, examples)]
    for node, why in one_sided(book, table, examples):
        found.append(Gap(table, f"batas {_words(book, table, node)}: {why}"))
    return found


def asked_of(book: Book, need: Need) -> list[Asked]:
    """Every example of a need, asked."""
    return [ask(book, need, each.life, each.today) for each in examples_of_rule(book, need)]


def needs_without_all_statuses(book: Book) -> list[str]:
    """The needs of which some status that can come about has no example."""
    return [need.name for need in book.needs if any(gap.is_status for gap in gaps_of_need(book, need))]


def gate_points(need: Need, ages: list[t.Node], asked: Iterable[Asked]) -> set[Point]:
    """The sides of the ages of a package's gate that are not shown."""
    wanted = {Point(AGE, str(place), side) for place, _ in enumerate(ages) for side in SIDES}
    return wanted - {point for each in asked for point in shown(each, ages)}


def _gaps_of_gate(book: Book, package: Package, needs: list[Need]) -> Iterator[Gap]:
    """The ages of a gate are shown once for the package, by whichever need; they are told of its first."""
    if needs and (ages := ages_of(needs[0], package.gate)):
        asked = [each for need in needs for each in asked_of(book, need)]
        for gap in _told(book, needs[0], gate_points(needs[0], ages, asked), ages):
            yield replace(gap, what=f"paket untuk {gap.what}", of_gate=True)


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
