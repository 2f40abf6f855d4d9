"""How engines are heard: life by life, and what one of them breaks on is found without losing what the others say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest

from siklus.bulk.proof.comparing import Difference, compare
from siklus.bulk.proof.engines import Answers, Batch
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.life import Life

NO_BOOK = cast(Book, None)
TODAY = 20_000
BATCH = Batch([Life({"id": number}, ()) for number in range(1, 10)], [[TODAY]] * 9, [], TODAY)


@dataclass
class Said:
    """An engine that says one need of each life, with the status that `status` gives for the life's number."""

    name: str
    status: Callable[[int], str]
    keeps: bool = False

    def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
        for life in batch.lives:
            number = life.person["id"]
            answer = NeedAnswer("x", "person", number, 0, self.status(number), None, None, None, None, ())
            states = {("person", number): {"f0": self.status(number)}} if self.keeps else None
            yield Answers([[answer]], [[]], [], states)


def _right(number: int) -> str:
    return "due"


def _breaks_on(*numbers: int) -> Callable[[int], str]:
    def status(number: int) -> str:
        if number in numbers:
            raise ValueError(f"cannot judge {number}")
        return "due"

    return status


def _told(differences: list[Difference]) -> list[tuple[str, int, str]]:
    return [(each.engine, each.person, each.rule) for each in differences]


def test_engines_that_say_the_same_differ_in_nothing() -> None:
    found = compare(NO_BOOK, BATCH, [Said("a", _right), Said("b", _right, keeps=True)])
    assert (found.differences, found.answers, found.statuses) == ([], 9, {"due": 9})
    assert set(found.milliseconds) == {"a", "b"}


@pytest.mark.parametrize("broken", [(1,), (5,), (9,), (1, 2), (4, 8), tuple(range(1, 10))])
def test_a_life_an_engine_breaks_on_is_found_and_all_others_are_still_compared(
    broken: tuple[int, ...],
) -> None:
    wrong = 6
    engines = [
        Said("a", _right),
        Said("breaks", _breaks_on(*broken)),
        Said("lies", lambda number: "done" if number == wrong else "due"),
    ]
    found = compare(NO_BOOK, BATCH, engines)
    expected = [("breaks", number, "") for number in broken] + [("lies", wrong, "x")]
    assert sorted(_told(found.differences)) == sorted(expected)
    assert found.answers == len(BATCH.lives)


def test_where_the_measure_itself_breaks_nothing_is_counted_of_that_life() -> None:
    found = compare(NO_BOOK, BATCH, [Said("a", _breaks_on(3)), Said("b", _right)])
    assert _told(found.differences) == [("a", 3, "")]
    assert found.answers == len(BATCH.lives) - 1


def test_states_are_compared_with_the_first_engine_that_keeps_any() -> None:
    engines = [
        Said("a", lambda number: "due"),
        Said("b", _right, keeps=True),
        Said("c", lambda number: "done" if number == 2 else "due", keeps=True),
    ]
    assert _told(compare(NO_BOOK, BATCH, engines).differences) == [("c", 2, "x"), ("c", 2, "state")]


def test_an_engine_that_breaks_after_its_last_answer_is_not_taken_for_whole() -> None:
    class Late(Said):
        def ask(self, book: Book, batch: Batch) -> Iterator[Answers]:
            yield from super().ask(book, batch)
            raise OSError("the file was cut off")

    with pytest.raises(OSError):
        compare(NO_BOOK, BATCH, [Said("a", _right), Late("b", _right)])
