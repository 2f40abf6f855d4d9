"""A whole area comes to an edge in steps: cut anywhere it goes on there, and meanwhile nobody is shown half of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.care import queries as care
from siklus.register.queries import people
from siklus.sync import settling
from siklus.sync.edge import actions, district, gate, loading
from siklus.sync.edge.queries import status
from tests.integration import area
from tests.integration.sync.two_databases import Installation, Line, new_installation
from tests.integration.sync.two_databases import district as this_database

pytestmark = pytest.mark.django_db
NAMES = {"Ani", "Budi", "Citra"}


@pytest.fixture
def edge(
    users: dict[str, User], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    settings.SIKLUS_TODAY = "2026-11-21"
    settings.VAR = tmp_path
    line = Line(this_database())
    monkeypatch.setattr(actions, "District", line.to)
    monkeypatch.setattr(loading, "STEP", 2)
    made = new_installation(tmp_path / "edge.sqlite3")
    made.folder, made.keys = tmp_path / "edge-var", tmp_path / "edge-var" / "keys.json"
    made.folder.mkdir()
    code = district.offer(by=users["utara"], name="PC Utara", scope_code=area.NORTH)
    for name in sorted(NAMES):
        area.write_one("timbang", of=area.child(name), berat=7.5)
    with made.inside():
        actions.enrol("https://kabupaten.example", code)
    yield made
    made.wrapper.close()


class Power(Exception):
    """It goes off."""


def cut_at(step: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The step of this number fails in the middle; gives the number of records after each that went well."""
    whole, done = loading.merging.keep, [0]

    def keep(log: Any, told: Any) -> None:
        whole(log, told)
        if len(done) == step:
            raise Power
        done.append(done[-1] + len(told))

    monkeypatch.setattr(loading.merging, "keep", keep)
    return done


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_step_that_was_cut_is_taken_again_and_those_before_it_are_not(
    edge: Installation, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    kept = loading.merging.keep
    with edge.inside():
        done = cut_at(step, monkeypatch)
        with pytest.raises(Power):
            actions.run_round()
        here = status()
        assert here is not None and here.coming == gate.Coming(done[-1], 6) == gate.coming()
        assert care.last_seq() == done[-1]
        page = Client().get("/")
        assert (page.status_code, f"{done[-1]} dari 6 catatan" in page.content.decode()) == (503, True)
        assert not any(name in page.content.decode() for name in NAMES)
        told = Client().post("/api/sync/push", headers={"Siklus-Protocol": "1"})
        assert told.status_code == 503
        taken: list[int] = []
        monkeypatch.setattr(
            loading.merging, "keep", lambda log, told: (taken.append(len(told)), kept(log, told))
        )
        assert actions.run_round().received == 6
        assert sum(taken) == 6 - done[-1]
        assert set(people().values_list("name", flat=True)) == NAMES
        assert gate.coming() is None and care.last_seq() == 6
        here = status()
        assert here is not None and here.coming is None
        assert not list((Path(edge.folder or "") / "edge").glob("area.*")), "nothing of the file stays"
        assert Client().get("/masuk/").status_code == 200


def test_another_file_than_the_one_that_was_begun_takes_its_place(
    edge: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with edge.inside():
        cut_at(3, monkeypatch)
        with pytest.raises(Power):
            actions.run_round()
        monkeypatch.undo()
        for path in (Path(edge.folder or "") / "edge").glob("area.*"):
            path.unlink()
    goes = people().get(name="Ani").pk
    area.write_one("pindah", of=goes, posyandu="POS-3", desa=area.DESAS[2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "District", Line(this_database()).to)
        with edge.inside():
            actions.run_round()
            assert set(people().values_list("name", flat=True)) == NAMES - {"Ani"}


def test_figures_of_a_large_first_area_are_made_at_once_before_it_is_shown(
    edge: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def figures() -> bool:
        seen.append(gate.coming() is not None)
        return True

    monkeypatch.setattr(loading, "FEW", 2)
    with edge.inside():
        actions.run_round(figures=figures)
        assert seen == [True]
        assert settling.waiting_count() == 0
