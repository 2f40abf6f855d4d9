"""What people are owed in made-up cases: the door through which anyone can test the knowledge. No database.

A case that cannot be read answers with its problems, and the others answer still.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.case_reading import Case, read_case
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.explain import reason
from siklus.rules.life import Facts
from siklus.rules.vocabulary import PERSON


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one case: needs by name, or the problems that kept it from being asked."""

    id: Any
    needs: dict[str, dict[str, Any]]
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"id", "needs"}`, or `{"id", "problems"}`."""
        if not self.problems:
            return {"id": self.id, "needs": self.needs}
        names = ("code", "where", "found", "expected", "todo")
        return {
            "id": self.id,
            "problems": [
                {
                    **{name: getattr(problem, name) for name in names if getattr(problem, name)},
                    "text": str(problem),
                }
                for problem in self.problems
            ],
        }


def answer_cases(book: Book, cases: Any) -> list[Reply]:
    """Every case answered, in order. ProblemError only when there is no list of cases at all."""
    if isinstance(cases, dict) and isinstance(cases.get("cases"), list):
        cases = cases["cases"]
    if not isinstance(cases, list):
        raise ProblemError([Problem("C00", "", "isinya bukan daftar kasus", "[{...}, {...}]")])
    return [_answer(book, read_case(book, raw, place)) for place, raw in enumerate(cases, 1)]


def _answer(book: Book, case: Case) -> Reply:
    if case.problems:
        return Reply(case.id, {}, case.problems)
    engine = book.engine
    units = {(unit, facts["id"]): facts for unit, facts, _ in engine.units(case.life)}
    answers = engine.needs(case.life, case.on)
    needs = {name: _need(book, case, name, answers, units) for name in case.ask}
    return Reply(case.id, needs, ())


def _need(
    book: Book, case: Case, name: str, answers: Sequence[NeedAnswer], units: dict[tuple[str, int], Facts]
) -> dict[str, Any]:
    need = book.need(name)
    mine = [answer for answer in answers if answer.need == name]
    answer = mine[0] if need.unit == PERSON and mine else _current(mine, units, case.on)
    if answer is None:
        return _not_applicable(book, case, name)
    return {
        "status": answer.status,
        "opens": _date(answer.opens),
        "due": _date(answer.due),
        "overdue": _date(answer.overdue),
        "until": _date(answer.until),
        "reason": reason(book.rules, need, answer, units[answer.unit, answer.unit_id], case.life, case.on),
        "missing": list(answer.asks),
    }


def _current(
    answers: Iterable[NeedAnswer], units: dict[tuple[str, int], Facts], on: int
) -> NeedAnswer | None:
    """Of the episodes the one that started last, on or before the day; where the start is unknown, as it was opened."""

    def started(answer: NeedAnswer) -> tuple[int, int]:
        facts = units[answer.unit, answer.unit_id]
        return (facts["opened"] if facts["start"] is None else facts["start"], answer.unit_id)

    begun = [answer for answer in answers if started(answer)[0] <= on]
    return max(begun, key=started, default=None)


def _not_applicable(book: Book, case: Case, name: str) -> dict[str, Any]:
    need = book.need(name)
    days = dict.fromkeys(("opens", "due", "overdue", "until"))
    if case.life.person["died"] is not None:
        why = "Orang ini sudah meninggal."
    elif need.unit != PERSON and not _has_unit(book, case, need.unit):
        why = (
            f"Tidak ada {book.vocabulary.episodes[need.unit].title.lower()} yang tercatat sampai tanggal ini."
        )
    else:
        why = reason(book.rules, need, None, case.life.person, case.life, case.on)
    return {"status": "not_applicable", **days, "reason": why, "missing": []}


def _has_unit(book: Book, case: Case, unit: str) -> bool:
    return any(name == unit for name, _, _ in book.engine.units(case.life))


def _date(day: int | None) -> str | None:
    return None if day is None or day >= NEVER else iso(day)
