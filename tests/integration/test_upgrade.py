"""An upgrade is rehearsed on a copy; when a step fails there, the real database never hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from siklus.kernel.problems import ProblemError
from siklus.site.upkeep.backup import backups_in
from siklus.site.upkeep.plan import Plan, the_store
from siklus.site.upkeep.sealed_file import make_key
from siklus.site.upkeep.upgrade import STEPS, run_command, upgrade
from tests.integration.area import child, lay_area

pytestmark = pytest.mark.django_db(transaction=True)
Call = tuple[tuple[str, ...], Mapping[str, str]]


@pytest.fixture
def chosen(tmp_path: Path, settings: Any) -> Plan:
    settings.VAR = tmp_path / "var"
    (settings.VAR / "knowledge").mkdir(parents=True)
    (settings.VAR / "knowledge" / "note").write_text("beside the database")
    make_key(tmp_path / "key")
    lay_area()
    child("Ani")
    return Plan(tmp_path / "backups", tmp_path / "key", keep=2, every_seconds=0)


def quiet(_line: str) -> None:
    """Nobody listens."""


class Steps:
    """Stands for the commands: notes each, and fails at one."""

    def __init__(self, failing: tuple[str, ...] = ()) -> None:
        self.failing, self.calls = failing, list[Call]()

    def __call__(self, words: tuple[str, ...], place: Mapping[str, str]) -> tuple[int, str]:
        self.calls.append((words, place))
        if place:
            assert Path(place["SIKLUS_VAR"], "knowledge", "note").read_text() == "beside the database"
        return (1, "gagal") if words == self.failing else (0, "")

    def real(self) -> list[tuple[str, ...]]:
        return [words for words, place in self.calls if not place]

    def rehearsed(self) -> list[tuple[str, ...]]:
        return [words for words, place in self.calls if place]


@pytest.mark.any_database
def test_every_step_is_rehearsed_on_the_copy_before_the_real_one(chosen: Plan) -> None:
    steps = Steps()
    done = upgrade(chosen, quiet, only_rehearse=False, run=steps)
    assert steps.rehearsed() == list(STEPS) and steps.real() == [("migrate",)]
    assert steps.calls[-1][0] == ("migrate",) and not steps.calls[-1][1], "the real one comes last"
    assert done.is_real and backups_in(chosen.folder or Path()) == [done.backup]


@pytest.mark.any_database
@pytest.mark.parametrize("failing", STEPS)
def test_a_failed_rehearsal_leaves_the_real_database_alone(chosen: Plan, failing: tuple[str, ...]) -> None:
    steps = Steps(failing)
    with pytest.raises(ProblemError) as told:
        upgrade(chosen, quiet, only_rehearse=False, run=steps)
    assert told.value.problems[0].code == "U15" and "tidak diubah" in str(told.value.problems[0])
    assert steps.real() == []


def test_a_real_command_finds_the_copy_and_leaves_the_real_database_alone(chosen: Plan) -> None:
    """`migrate` truly runs, in a process of its own that knows only the copy."""
    before = the_store().contents()
    seen: list[str] = []

    def first_step_only(words: tuple[str, ...], place: Mapping[str, str]) -> tuple[int, str]:
        seen.append(place["SIKLUS_DATABASE_URL"])
        return run_command(words, place) if words == STEPS[0] else (0, "")

    upgrade(chosen, quiet, only_rehearse=True, run=first_step_only)
    connection.close()
    assert the_store().contents() == before
    assert all("latihan" in address for address in seen)
