"""One need asked about one life on one day, by the reference interpreter, with what its limits rest on at hand."""

from __future__ import annotations

from dataclasses import dataclass

from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.life import Life
from siklus.rules.reference import Reader, Unit

NO_ANSWER = "not_applicable"
"""What a need comes to about which nothing is answered: no such pregnancy, the package is about others."""


@dataclass(frozen=True)
class Asked:
    """What came out. `unit` is None where the life holds no such episode; `answer` where the need is not asked."""

    need: Need
    life: Life
    today: int
    unit: Unit | None
    answer: NeedAnswer | None

    @property
    def status(self) -> str:
        """The status a page would show."""
        return self.answer.status if self.answer else NO_ANSWER

    def on(self, day: int) -> Reader:
        """The same unit with the same records on another day."""
        assert self.unit is not None
        return Reader(self.unit, day)


def ask(book: Book, need: Need, life: Life, today: int) -> Asked:
    """Of several units (pregnancies) the one an example speaks of: the latest."""
    found = [unit for unit in book.reference.units(life) if unit.name == need.unit]
    answers = []
    for unit in found:
        reader = Reader(unit, today)
        if life.person["died"] is None and reader.value(need.package.gate) is not False:
            for each in _steps(book, need):
                answer = reader.need(each)
            answers.append((answer, unit))
    if not answers:
        return Asked(need, life, today, found[-1] if found else None, None)
    answer, unit = max(answers, key=lambda pair: (pair[0].opens or 0, pair[0].unit_id))
    return Asked(need, life, today, unit, answer)


def _steps(book: Book, need: Need) -> list[Need]:
    """The steps of a series that stand before this one, and this one."""
    steps = [need]
    while steps[0].after is not None:
        steps.insert(0, book.need(steps[0].after))
    return steps
