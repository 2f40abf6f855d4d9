"""Why a need stands as it does, told by the phone and by the server: the same words to the letter."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from siklus.bulk.javascript import find_node
from siklus.kernel import dates
from siklus.library.examples import examples_of
from siklus.library.loading import Book, load_book
from siklus.library.phone import phone_files
from siklus.library.random_lives import awkward_days, random_lives
from siklus.rules.explain import explain, explain_all
from siklus.rules.life import Life

TODAY = dates.parse_day("2026-11-21")
LIVES = 250
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
            json.dumps(
                {"life": {"person": life.person, "records": life.records}, "day": day, "needs": list(needs)}
            )
            + "\n"
            for life, day, needs in asked
        )
        found = subprocess.run(self.command, input=lines.encode(), capture_output=True, check=True)
        return [json.loads(line) for line in found.stdout.decode().splitlines()]


@pytest.fixture(scope="module")
def phone(project: Path, compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Phone:
    return Phone(project, compiled, tmp_path_factory.mktemp("book"), load_book())


def _told_here(life: Life, day: int) -> dict[Subject, tuple[str, str]]:
    """(status, reason) of every need, also of those whose package does not concern the person."""
    rules = load_book().rules
    told = {
        (each.need, each.unit_id): (each.status, each.reason) for each in explain_all(rules, life, day)
    }
    answered = {need for need, _ in told}
    for need in rules.needs:
        if need.name not in answered and (each := explain(rules, life, need.name, day)) is not None:
            told[need.name, each.unit_id] = (each.status, each.reason)
    return told


def _different(phone: Phone, asked: list[tuple[Life, int]]) -> tuple[list[Any], Counter[str]]:
    here = [_told_here(life, day) for life, day in asked]
    there = phone.reasons((life, day, told) for (life, day), told in zip(asked, here, strict=True))
    statuses: Counter[str] = Counter()
    different = []
    for (life, day), told, replies in zip(asked, here, there, strict=True):
        for (subject, (status, expected)), got in zip(told.items(), replies, strict=True):
            statuses[status] += 1
            if got != expected:
                different.append((subject, dates.iso(day), expected, got, life))
    return different, statuses


def test_the_phone_gives_the_reason_of_every_example_of_the_rules_in_the_same_words(phone: Phone) -> None:
    """Every need of every life that stands as an example beside a rule."""
    lives = {(repr(each.life), each.today): each.life for each in examples_of(load_book())}
    different, statuses = _different(phone, [(life, day) for (_, day), life in lives.items()])
    assert different == []
    assert set(statuses) == {
        "not_yet", "due", "overdue", "missed", "done", "not_applicable", "refused", "unknown",
    }  # fmt: skip


def test_the_phone_gives_the_reasons_of_lives_drawn_at_random_in_the_same_words(phone: Phone) -> None:
    days = awkward_days(TODAY, "reasons", LIVES)
    lives = random_lives(load_book().rules, LIVES, 23, TODAY)
    different, _ = _different(phone, list(zip(lives, days, strict=True)))
    assert different == []
