"""What one process makes of a rule book serves the next, and never another book or another program."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from siklus.kernel.dates import parse_day
from siklus.library import loading, made
from siklus.library.loading import knowledge_folder, load_book, read_book
from siklus.library.made import Workshop, made_folder
from siklus.library.random_lives import random_lives
from siklus.library.standards import read_tables


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIKLUS_MADE", str(tmp_path / "made"))


@dataclass
class Making:
    """How often something was made."""

    times: int = 0

    def __call__(self) -> list[int]:
        self.times += 1
        return [self.times]


def workshop(digest: str = "a" * 16) -> Workshop:
    return Workshop(digest, read_tables(knowledge_folder()))


def test_what_was_made_once_is_not_made_again() -> None:
    make = Making()
    assert [workshop().once("kata", make) for _ in range(3)] == [[1]] * 3


def test_another_book_another_thing_and_another_program_have_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = Making()
    assert workshop().once("kata", make) == [1]
    assert workshop("b" * 16).once("kata", make) == [2]
    assert workshop().once("lain", make) == [3]
    monkeypatch.setattr(made, "_code", lambda: "c" * 16)
    assert workshop().once("kata", make) == [4]


def test_the_version_of_the_program_moves_with_its_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = made._code()
    room = tmp_path / "siklus/rules"
    room.mkdir(parents=True)
    monkeypatch.setattr(made, "__file__", str(tmp_path / "siklus/library/made.py"))
    seen = {now}
    for text in ("one = 1", "one = 2"):
        (room / "grammar.py").write_text(text)
        made._code.cache_clear()
        seen.add(made._code())
    made._code.cache_clear()
    assert len(seen) == 3


@pytest.mark.parametrize("damage", [lambda text: text[:-1], lambda text: b"", lambda text: text[:-1] + b"?"])
def test_what_is_damaged_is_made_again(damage: Any) -> None:
    make = Making()
    workshop().once("kata", make)
    (path,) = made_folder().iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert workshop().once("kata", make) == [2]
    assert workshop().once("kata", make) == [2]


def test_a_folder_that_cannot_be_made_keeps_nothing_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SIKLUS_MADE", str(tmp_path / "file" / "made"))
    make = Making()
    assert [workshop().once("kata", make) for _ in range(2)] == [[1], [2]]


def test_files_come_whole_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "_FILES_KEPT", 3)
    for number in range(5):
        workshop().once(f"kata{number}", Making())
        for path in made_folder().glob(f"*kata{number}*"):
            os.utime(path, (number, number))
    assert len(list(made_folder().iterdir())) == 3
    assert workshop().find("kata4") == [1]
    assert workshop().find("kata0") is None


def test_a_book_read_again_is_not_compiled_again_and_answers_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = load_book()
    first = read_book(knowledge_folder())
    assert first.engine.source == here.engine.source
    for name in ("compile_rules", "write_engine", "read_yaml"):
        monkeypatch.delattr(loading, name)
    again = read_book(knowledge_folder())
    assert again.rules is not first.rules and again.hash == first.hash
    assert again.needs == first.needs and again.warnings == first.warnings
    today = parse_day("2026-11-22")
    for life in random_lives(again.rules, 10, 1, today):
        assert again.engine.needs(life, today) == here.engine.needs(life, today)
    assert gc.isenabled()


def test_a_book_that_changes_while_it_is_read_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = iter(("a" * 16, "b" * 16))
    monkeypatch.setattr(loading, "hash_of", lambda *_: next(hashes))
    read_book(knowledge_folder())
    assert not made_folder().exists()
