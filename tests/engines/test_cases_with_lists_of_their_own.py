"""Cases that bring their own closed lists, as `siklus rules parity` writes them: every engine answers them alike.

And the way they come about: a fault planted in an engine is found, made small, written down, and found again from what
was written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from siklus.bulk.proof import shrinking
from siklus.bulk.proof.cases import as_case, keep_case
from siklus.bulk.proof.comparing import STATE, compare
from siklus.bulk.proof.engines import ENGINES, Batch, engines_named
from siklus.bulk.proof.run import Found, Wanted, prove
from siklus.bulk.proof.shrinking import shrink
from siklus.kernel import dates
from siklus.kernel.problems import ProblemError
from siklus.library.loading import load_book
from siklus.library.yaml_text import plain_yaml
from siklus.rules.emitters import python_dialect
from siklus.rules.emitters.python import Engine
from tests.engines.cases import Suite, suite_of, suites_of_their_own
from tests.engines.judging import faults

AROUND = dates.parse_day("2026-11-21")
_ANSWERS = {"indicator": "indicators", "classification": "classes"}


def wrong(suite: Suite) -> list[str]:
    """What the reference says otherwise than the case, and what other engines say otherwise than the reference."""
    found = []
    for case in suite.cases:
        batch = Batch([case.life], [[case.today]], [case.period], case.today)
        (said,) = ENGINES[0].ask(suite.book, batch)
        found += faults(case, getattr(said, _ANSWERS.get(case.kind, "needs"))[0])
        found += map(str, compare(suite.book, batch, ENGINES).differences)
    return found


def test_every_engine_answers_them_alike() -> None:
    assert [each for suite in suites_of_their_own() for each in wrong(suite)] == []


@pytest.mark.parametrize("seed", [1])
def test_a_planted_fault_becomes_a_small_case_that_shows_it(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setitem(python_dialect._CALLS, "start_of_month", "({0} - 1)")
        report = prove(load_book(), Wanted(seed, AROUND, ("reference", "python"), rules=100), jobs=1)
        assert report.differences
        case = as_case(shrink(_about_a_rule(report.found)))
        path = keep_case(case, tmp_path)
        written = plain_yaml(path)["cases"][0]
        assert wrong(suite_of(written, "planted")) != []
    (row,) = written["rows"]
    assert len(row["records"]) <= 2
    assert len(path.read_text(encoding="utf-8").splitlines()) < 60
    assert wrong(suite_of(written, "planted")) == []


def test_a_planted_fault_about_households_becomes_a_case_with_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        rows = Engine._rows
        broken.setattr(Engine, "_rows", lambda *given: rows(*given)[:1])
        broken.setattr(shrinking, "_PATIENCE", 20)
        report = prove(load_book(), Wanted(1, AROUND, ("reference", "python"), rules=100), jobs=1)
        found = [each for each in report.found if each.difference.life.members is not None]
        case = as_case(shrink(_about_a_rule(found)))
        written = plain_yaml(keep_case(case, tmp_path))["cases"][0]
        assert wrong(suite_of(written, "planted")) != []
    (row,) = written["rows"]
    assert len(row["members"]) > 1
    assert wrong(suite_of(written, "planted")) == []


def _about_a_rule(found: list[Found]) -> Found:
    return next(each for each in found if each.difference.rule not in ("", STATE))


def test_an_engine_that_breaks_down_is_told_with_the_life_that_broke_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_book().engine  # written before the slip: it is kept for other tests
    monkeypatch.setitem(python_dialect._CALLS, "start_of_month", "(1 // 0)")
    report = prove(load_book(), Wanted(1, AROUND, ("reference", "python"), rules=100), jobs=1)
    broken = [each.difference for each in report.found if not each.difference.rule]
    assert broken
    assert {each.engine for each in broken} == {"python"}
    assert "ZeroDivisionError" in str(broken[0].got)


def test_an_engine_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(ProblemError, match="'sparkle'"):
        engines_named(["reference", "sparkle"])
    assert engines_named(["all"]) == ENGINES


def test_the_same_seed_asks_the_same_however_the_work_is_shared() -> None:
    wanted = Wanted(3, AROUND, ("reference", "python"), rules=50)
    alone, shared = (prove(load_book(), wanted, jobs=jobs) for jobs in (1, 2))
    assert (alone.answers, alone.statuses, alone.uses) == (shared.answers, shared.statuses, shared.uses)
    assert alone.differences == shared.differences == 0
