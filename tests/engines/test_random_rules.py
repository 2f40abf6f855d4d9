"""Rules nobody would write, drawn from the whole language, on random lives: the engines agree about these too."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from siklus.bulk.proof.engines import ENGINES
from siklus.bulk.proof.run import Report, Wanted, prove
from siklus.kernel import dates
from siklus.library.loading import load_book
from siklus.library.random_rules import book_of, random_documents
from siklus.rules import tree as t
from siklus.rules.answers import STATUSES
from siklus.rules.plan import expressions_of
from siklus.rules.uses import CLOSED, lacking, uses_of

AROUND = dates.parse_day("2026-11-21")
EVERY = tuple(engine.name for engine in ENGINES)


@cache
def report() -> Report:
    return prove(load_book(), Wanted(2026, AROUND, EVERY, rules=100), jobs=1)


@pytest.mark.filterwarnings("error::SyntaxWarning")
def test_engines_agree_about_rules_drawn_at_random() -> None:
    assert [str(each.difference) for each in report().found] == []
    assert report().differences == 0


def test_every_status_is_among_the_answers() -> None:
    assert set(report().statuses) == set(STATUSES)


def test_the_drawn_rules_use_the_whole_language() -> None:
    uses: Counter[str] = Counter()
    kinds = set()
    for seed in range(30):
        documents = random_documents(f"language/{seed}", 25)
        book = book_of(documents)
        uses.update(uses_of(documents, book.rules))
        kinds |= {type(part) for _, node in expressions_of(book.rules) for part in t.walk(node)}
    assert lacking(uses) == []
    concrete = {
        each for each in _subclasses(t.Node) if each.__module__ == t.__name__ and each.__name__[0] != "_"
    }
    assert concrete - kinds == {t.SpanLiteral}  # a length of time never outlives the addition it stands in


def test_the_list_of_the_language_is_closed() -> None:
    """Whatever occurs in drawn rules and is no name of theirs stands in the list."""
    documents = random_documents("closed", 200)
    groups = {item.partition(" ")[0] for item in CLOSED} - {"name", "package", "need", "series", "indicator"}
    groups -= {"classification"}
    found = {
        item for item in uses_of(documents, book_of(documents).rules) if item.partition(" ")[0] in groups
    }
    assert found - set(CLOSED) <= {"form start"}


def _subclasses(of: type[t.Node]) -> set[type[t.Node]]:
    found = set(of.__subclasses__())
    return found | {deeper for each in found for deeper in _subclasses(each)}
