"""Why a need stands as it does, told by the phone and by the server: the same words to the letter."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from siklus.bulk.javascript import find_node, life_in_json
from siklus.kernel import dates
from siklus.library.examples import examples_of
from siklus.library.loading import Book, load_book
from siklus.library.phone import phone_files
from siklus.library.random_lives import awkward_days, random_lives
from siklus.library.random_rules import book_of, random_documents
from siklus.rules.answers import STATUSES
from siklus.rules.book import Need
from siklus.rules.explain import explain, explain_all
from siklus.rules.life import Life
from tests.reason_cases import reason_book, reason_cases

TODAY = dates.parse_day("2026-11-21")
LIVES, RULES = 60, 25
Subject = tuple[str, int]


class Phone:
    """The reasons of the phone for lives under one book."""

    def __init__(self, project: Path, compiled: Path, folder: Path, book: Book) -> None:
        for name, text in phone_files(book).items():
            (folder / name).write_text(text, encoding="utf-8")
        program = project / "web/tools/tell-reasons.mjs"
        self.command = [find_node(), str(program), str(compiled), str(folder)]

    def reasons(self, asked: Iterable[tuple[Life, int, Iterable[Subject]]]) -> list[list[str]]:
        lines = "".join(
            json.dumps({"life": life_in_json(life), "day": day, "needs": list(needs)}) + "\n"
            for life, day, needs in asked
        )
        found = subprocess.run(self.command, input=lines.encode(), capture_output=True, check=True)
        return [json.loads(line) for line in found.stdout.decode().splitlines()]


@pytest.fixture(scope="module")
def make_phone(
    project: Path, compiled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Book], Phone]:
    return lambda book: Phone(project, compiled, tmp_path_factory.mktemp("book"), book)


@pytest.fixture(scope="module")
def phone(make_phone: Callable[[Book], Phone]) -> Phone:
    return make_phone(load_book())


def _told_here(book: Book, life: Life, day: int, names: Sequence[str]) -> dict[Subject, tuple[str, str]]:
    """(status, reason) of these needs: of every unit they are about, or of the one that comes nearest to it."""
    told = {}
    for name in names:
        found = explain(book.rules, life, name, day)
        if found is not None:
            told[name, found.unit_id] = (found.status, found.reason)
    return told


def _all_told_here(book: Book, life: Life, day: int) -> dict[Subject, tuple[str, str]]:
    """(status, reason) of every need of every unit, also of a need whose package does not concern the person."""
    told = {
        (each.need, each.unit_id): (each.status, each.reason) for each in explain_all(book.rules, life, day)
    }
    answered = {need for need, _ in told}
    others = [each.name for each in book.needs if each.name not in answered]
    return told | _told_here(book, life, day, others)


def _asked(book: Book, count: int, seed: int) -> list[tuple[Life, int, dict[Subject, tuple[str, str]]]]:
    """Lives drawn at random, each on a day of its own, with everything there is to tell."""
    days = awkward_days(TODAY, str(seed), count)
    lives = random_lives(book.rules, count, seed, TODAY)
    return [
        (life, day, _all_told_here(book, life, day)) for life, day in zip(lives, cycle(days), strict=False)
    ]


def _compare(phone: Phone, asked: list[tuple[Life, int, dict[Subject, tuple[str, str]]]]) -> Counter[str]:
    """How often each status was told of; every paragraph must be the same."""
    statuses: Counter[str] = Counter()
    different = []
    for (life, day, told), replies in zip(asked, phone.reasons(asked), strict=True):
        for (subject, (status, expected)), got in zip(told.items(), replies, strict=True):
            statuses[status] += 1
            if got != expected:
                different.append((subject, dates.iso(day), expected, got, life))
    assert different == []
    return statuses


def test_the_phone_gives_the_reason_of_every_example_of_the_rules_in_the_same_words(phone: Phone) -> None:
    """Each with the person's own dates and values."""
    asked = [
        (each.life, each.today, _told_here(load_book(), each.life, each.today, [each.rule.name]))
        for each in examples_of(load_book())
        if isinstance(each.rule, Need)
    ]
    assert set(_compare(phone, asked)) == set(STATUSES)


def test_the_phone_gives_all_reasons_of_lives_drawn_at_random_in_the_same_words(phone: Phone) -> None:
    assert sum(_compare(phone, _asked(load_book(), LIVES, 23)).values()) > LIVES


@pytest.mark.parametrize("seed", ["reasons/1", "reasons/2"])
def test_the_phone_gives_the_reasons_of_rules_drawn_at_random_in_the_same_words(
    seed: str, make_phone: Callable[[Book], Phone]
) -> None:
    book = book_of(random_documents(seed, RULES))
    _compare(make_phone(book), _asked(book, LIVES // 5, 3))


def test_the_cases_of_reasons_come_out_on_the_phone(make_phone: Callable[[Book], Phone]) -> None:
    wrong = []
    for file in dict.fromkeys(case.file for case in reason_cases()):
        book, cases = reason_book(file), [case for case in reason_cases() if case.file == file]
        asked = [
            (case.life, case.today, _told_here(book, case.life, case.today, [case.need])) for case in cases
        ]
        replies = make_phone(book).reasons(asked)
        wrong += [(case, got) for case, (got,) in zip(cases, replies, strict=True) if got != case.words]
    assert wrong == []


def test_the_phone_knows_the_units_of_a_person_and_tells_of_the_latest(phone: Phone) -> None:
    """A need nobody is owed any more is told of the last pregnancy or condition, and of nobody who never had one."""
    book = load_book()
    without = Life({**dict.fromkeys(book.vocabulary.person), "id": 1, "died": None}, ())
    per_episode = next(need.name for need in book.needs if need.unit not in ("person", "household"))
    assert phone.reasons([(without, TODAY, {(per_episode, 1): ("", "")})]) == [["Tidak perlu."]]
