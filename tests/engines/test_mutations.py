"""Every word of the language broken in every generated engine: each time the conformance cases find it.

What this suite would not find, no run of it could prove absent. Only the cases about the word itself are asked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.library.yaml_text import plain_yaml
from siklus.rules import tree as t
from tests.engines.broken import ENGINES, WRITTEN, Change, cases_about, found_by

_WITH_PART = ("part", "right", "wrong")
TABLE = plain_yaml(Path(__file__).with_name("mutations.yaml"))
ROWS = [row for group in TABLE.values() for row in group]
BREAKS = [
    pytest.param(row["cases"], engine, row[engine], id=f"{engine}: {row['word']}")
    for row in ROWS
    for engine in ENGINES
]


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_found_where_nothing_is_broken(engine: str) -> None:
    """Asked in the same way; that all cases are right without a break is what test_conformance.py shows."""
    cases = [
        case
        for pattern in ("ya_a and ya_b", "jendela", "tiga_dosis", "tekanan")
        for case in cases_about(pattern)
    ]
    assert found_by(cases, engine, Change("nothing", "", "")) == []


@pytest.mark.parametrize(("cases", "engine", "broken"), BREAKS)
def test_a_broken_word_is_found(cases: str, engine: str, broken: list[str]) -> None:
    asked = cases_about(cases)
    assert asked, "no case is about this any more"
    part, right, wrong = broken if len(broken) == len(_WITH_PART) else (WRITTEN, *broken)
    change = Change(part, right, wrong)
    found = found_by(asked, engine, change)
    assert change.times, "nothing was broken: what stands in the table is not what the engine writes"
    assert found, "the cases do not find it"


def test_every_function_and_every_fold_is_broken() -> None:
    words = " ".join(row["word"] for row in ROWS)
    named = [*t.FUNCTIONS, *"exists count first last nth min max sum days_with months_with".split()]
    named += "= != < <= > >= within and or not known unknown if in has + - * latest_of earliest_of".split()
    named += ["first_known", "plus_days", "open", "not_needed", "never"]
    assert [name for name in named if name not in words] == []
