"""What people are owed in made-up cases: the door through which anyone can test the knowledge. No database.

A case that cannot be read answers with its problems, and the others answer still.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.case_reading import Case, read_case
from siklus.library.loading import Book
from siklus.rules.answers import NeedAnswer
from siklus.rules.book import Need
from siklus.rules.explain import reason
from siklus.rules.life import Facts
from siklus.rules.vocabulary import HOUSEHOLD, PERSON


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
    return Reply(
        case.id, {name: _as_json(about) for name, about in _abouts(book, case, case.ask).items()}, ()
    )


@dataclass(frozen=True, slots=True)
class About:
    """What one case says about one need: the answer, None where it does not apply at all, and why."""

    answer: NeedAnswer | None
    reason: str

    @property
    def status(self) -> str:
        """The status of the need."""
        return "not_applicable" if self.answer is None else self.answer.status


def answer_about(book: Book, case: Case, name: str) -> About:
    """The answer about one need of a case without problems; of several episodes the one that started last."""
    return _abouts(book, case, (name,))[name]


def _abouts(book: Book, case: Case, names: Iterable[str]) -> dict[str, About]:
    engine = book.engine
    units = {(unit, facts["id"]): facts for unit, facts, _ in engine.units(case.life)}
    answers = engine.needs(case.life, case.on)
    found = {}
    for name in names:
        need = book.need(name)
        mine = [answer for answer in answers if answer.need == name]
        is_alone = need.unit in (PERSON, HOUSEHOLD)
        answer = next(iter(mine), None) if is_alone else _current(mine, units, case.on)
        if answer is None:
            found[name] = About(None, _why_not(book, case, need))
        else:
            facts = units[answer.unit, answer.unit_id]
            found[name] = About(answer, reason(book.rules, need, answer, facts, case.life, case.on))
    return found


def _as_json(about: About) -> dict[str, Any]:
    answer = about.answer
    days = {
        name: None if answer is None else _date(getattr(answer, name))
        for name in ("opens", "due", "overdue", "until")
    }
    missing = [] if answer is None else list(answer.asks)
    return {"status": about.status, **days, "reason": about.reason, "missing": missing}


def _current(
    answers: Iterable[NeedAnswer], units: dict[tuple[str, int], Facts], on: int
) -> NeedAnswer | None:
    """Of the episodes the one that started last, on or before the day; where the start is unknown, as it was opened."""

    def started(answer: NeedAnswer) -> tuple[int, int]:
        facts = units[answer.unit, answer.unit_id]
        return (facts["opened"] if facts["start"] is None else facts["start"], answer.unit_id)

    begun = [answer for answer in answers if started(answer)[0] <= on]
    return max(begun, key=started, default=None)


def _why_not(book: Book, case: Case, need: Need) -> str:
    if case.life.person["died"] is not None:
        return "Orang ini sudah meninggal."
    if need.unit != PERSON and not _has_unit(book, case, need.unit):
        if need.unit == HOUSEHOLD:
            return 'Kasus ini tentang seseorang; kebutuhan ini tentang keluarga: sebutkan "household" dan "members".'
        title = book.vocabulary.episodes[need.unit].title.lower()
        return f"Tidak ada {title} yang tercatat sampai tanggal ini."
    return reason(book.rules, need, None, case.life.person, case.life, case.on)


def _has_unit(book: Book, case: Case, unit: str) -> bool:
    return any(name == unit for name, _, _ in book.engine.units(case.life))


def _date(day: int | None) -> str | None:
    return None if day is None or day >= NEVER else iso(day)
