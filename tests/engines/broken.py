"""An engine broken on purpose: a change of the text it runs, and what the conformance cases then find.

A text is changed in one of its parts: `written` is what was generated from the rules, the other parts are what that
leans on (`runtime` of Python and of JavaScript, `dates` and `episodes` of Python, `macros` and `episodes` of DuckDB).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from siklus.bulk.javascript import Question, ask_javascript
from siklus.bulk.lives import Population
from siklus.kernel import dates
from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules import episodes, runtime
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.emitters import python
from siklus.rules.emitters.duckdb import Sql
from siklus.rules.runtime import Later
from tests.engines.cases import Case, suite
from tests.engines.judging import faults

WRITTEN = "written"
_ANSWERS: dict[str, type[Any]] = {
    "expression": IndicatorAnswer,
    "indicator": IndicatorAnswer,
    "need": NeedAnswer,
    "series": NeedAnswer,
    "classification": ClassAnswer,
}
_WRITTEN_FROM = re.compile(r"^(?:let day_|function (?:day|fold|finish|share)_)", re.MULTILINE)


@dataclass
class Change:
    """A pattern and what is put in its place, in one part of what an engine runs. `times` counts what was changed."""

    part: str
    right: str
    wrong: str
    times: int = 0

    def of(self, part: str, text: str) -> str:
        if part != self.part:
            return text
        changed, times = re.subn(self.right, self.wrong, text)
        self.times += times if changed != text else 0
        return changed


def cases_about(pattern: str) -> list[Case]:
    """The cases whose expression, or the name of whose rule, is this."""
    texts = suite().texts
    return [case for case in suite().cases if re.fullmatch(pattern, texts[case.rule])]


def found_by(cases: list[Case], engine: str, change: Change) -> list[str]:
    """What the cases say of the engine with the change in it. It must still run: a breakdown proves nothing."""
    answers = _ASK[engine](_book_of(cases), cases, change)
    return [
        fault
        for case in cases
        for fault in faults(
            case, [each for each in answers[case.number] if isinstance(each, _ANSWERS[case.kind])]
        )
    ]


def _book_of(cases: list[Case]) -> Book:
    """A book of nothing but the rules of these cases."""
    rules, names = suite().book.rules, {case.rule for case in cases}
    series = {step for case in cases if case.kind == "series" for step in case.expect}
    return Book(
        replace(
            rules,
            needs=tuple(each for each in rules.needs if each.name in names | series),
            indicators=tuple(each for each in rules.indicators if each.name in names),
            classifications=tuple(each for each in rules.classifications if each.name in names),
        ),
        "",
        (),
    )


def _again(module: ModuleType, part: str, change: Change) -> ModuleType:
    """The module once more, from its text with the change in it."""
    made = ModuleType(module.__name__)
    text = change.of(part, Path(module.__file__ or "").read_text(encoding="utf-8"))
    exec(compile(text, part, "exec"), made.__dict__)  # noqa: S102 - our own text, broken on purpose
    return made


def _ask_python(book: Book, cases: list[Case], change: Change) -> dict[int, list[Any]]:
    whole = book.engine
    source, space = change.of(WRITTEN, whole.source), dict(whole.space)
    if change.part in ("dates", "runtime"):
        of_dates, of_runtime = _again(dates, "dates", change), _again(runtime, "runtime", change)
        of_runtime.__dict__["dates"] = of_dates
        tables = {
            name: of_runtime.Later(each.months) for name, each in space.items() if isinstance(each, Later)
        }
        leaned = {name: getattr(of_runtime, name) for name in space if hasattr(runtime, name)}
        space |= {**leaned, **tables, "dates": of_dates}
    exec(compile(source, "<broken>", "exec"), space)  # noqa: S102 - our own text, broken on purpose
    engine = replace(whole, source=source, space=space)
    form = _again(episodes, "episodes", change).form_episodes
    with patch.object(python, "form_episodes", form):
        return {
            case.number: [
                *engine.needs(case.life, case.today),
                *engine.classes(case.life, case.today),
                *engine.indicators(case.life, case.today, case.period),
            ]
            for case in cases
        }


def _ask_javascript(book: Book, cases: list[Case], change: Change) -> dict[int, list[Any]]:
    whole = book.javascript
    match = _WRITTEN_FROM.search(whole.text)
    assert match is not None
    start = match.start()
    text = change.of("runtime", whole.text[:start]) + change.of(WRITTEN, whole.text[start:])
    book.__dict__["javascript"] = replace(whole, text=text)
    asked = [Question(case.life, [case.today], [case.period], units=False) for case in cases]
    return {
        case.number: [*each.needs[0], *each.classes[0], *each.indicators[0]]
        for case, each in zip(cases, ask_javascript(book, asked), strict=True)
    }


class _BrokenSql(Sql):
    """Statements with a change in them."""

    change: Change

    def macros(self) -> list[str]:
        return [self.change.of("macros", text) for text in super().macros()]

    def episodes(self) -> list[str]:
        return [self.change.of("episodes", text) for text in super().episodes()]

    def fold(self) -> list[str]:
        return [self.change.of(WRITTEN, text) for text in super().fold()]

    def answers(self, *args: Any, **named: Any) -> list[str]:
        return [self.change.of(WRITTEN, text) for text in super().answers(*args, **named)]

    def indicators(self, *args: Any, **named: Any) -> list[str]:
        return [self.change.of(WRITTEN, text) for text in super().indicators(*args, **named)]

    def classes(self, *args: Any, **named: Any) -> list[str]:
        return [self.change.of(WRITTEN, text) for text in super().classes(*args, **named)]


def _ask_duckdb(book: Book, cases: list[Case], change: Change) -> dict[int, list[Any]]:
    sql = _BrokenSql(book.rules)
    object.__setattr__(sql, "change", change)
    book.__dict__["sql"] = sql
    found: dict[int, list[Any]] = {case.number: [] for case in cases}
    people = Population(book, [case.life for case in cases], [case.today for case in cases], threads=1)
    asked: set[tuple[int, Period]] = {(case.today, case.period) for case in cases if book.indicators}
    for answers in (people.needs(), people.classes() if book.classifications else {}):
        for number, each in answers.items():
            found[number] += each
    for today, period in asked:
        judged = people.indicators(today, period)
        for case in cases:
            if (case.today, case.period) == (today, period):
                found[case.number] += judged.get(case.number, [])
    return found


_ASK = {"python": _ask_python, "javascript": _ask_javascript, "duckdb": _ask_duckdb}
ENGINES = tuple(_ASK)
