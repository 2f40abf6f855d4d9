"""A district has an edge erased: what it had not sent comes first or is told as lost, and nothing of people stays."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.kernel.ids import device_of
from siklus.register.queries import people
from siklus.site.cli import main
from siklus.site.upkeep import erasing
from siklus.sync import actions as phones
from siklus.sync import queries
from siklus.sync.edge import actions, district, leaving
from siklus.sync.edge import queries as edges
from siklus.sync.edge.calling import Unreached
from siklus.sync.models import EMPTY, LOST, WIPE, WIPED
from tests.integration import area
from tests.integration.sync.two_databases import Installation, Line, new_installation
from tests.integration.sync.two_databases import district as this_database

pytestmark = pytest.mark.django_db
NAME, BACK_UP_KEY = "Wulandari", "kunci-cadangan"


class Edge:
    """An edge of the north in a folder of its own, with what such a server has on its disk."""

    def __init__(self, var: Path, line: Line, users: dict[str, User]) -> None:
        self.var, self.line, self.users = var, line, users
        var.mkdir()
        self.database: Installation = new_installation(var / "siklus.sqlite3")
        self.database.folder, self.database.keys = var, var / "keys" / "identity.json"
        code = district.offer(by=users["utara"], name="PC Utara", scope_code=area.NORTH)
        with self.database.inside():
            actions.enrol("https://kabupaten.example", code)

    def command(self, *words: str) -> int:
        with self.database.inside():
            return main(["edge", *words])

    def order(self, state: str) -> None:
        phones.change_state(self.phone(), state, by=self.users["utara"], why="PC dijual")

    def phone(self) -> Any:
        (line,) = queries.phones(self.users["utara"])
        return line.phone

    def bytes_left(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.var.rglob("*")) if path.is_file())


@pytest.fixture
def edge(users: dict[str, User], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.SIKLUS_TODAY = "2026-11-21"
    settings.VAR = tmp_path
    area.child("Ani", nik="9901010201260001")
    line = Line(this_database())
    monkeypatch.setattr(actions, "District", line.to)
    monkeypatch.setattr(leaving, "District", line.to)
    monkeypatch.setenv("SIKLUS_BACKUP_FOLDER", str(tmp_path / "cadangan"))
    monkeypatch.setenv("SIKLUS_BACKUP_KEY", str(tmp_path / BACK_UP_KEY))
    made = Edge(tmp_path / "var", line, users)
    yield made
    made.database.wrapper.close()


def put_on_disk(edge: Edge) -> dict[str, Any]:
    """Somebody works there: a record that was not sent, a phone that holds more, a backup, what else lies about."""
    with edge.database.inside():
        assert main(["edge", "sync"]) == 0
        (child,) = people().values_list("pk", flat=True)
        weight = area.write_one("timbang", of=child, berat=7.5)
        area.child(NAME, nik="9901010201260002")
        kader = User.objects.get(username="kader1")
        phone = phones.enrol(phones.offer(by=User.objects.get(username="utara"), name="HP Melati",
                                          scope_code="POS-1", users=[kader.pk]))  # fmt: skip
        assert phone is not None
        phones.note_contact(phones.Phone.objects.get(), app_version="", protocol=1, clock_offset=0, pending=3)
        assert main(["backup", "--new-key", os.environ["SIKLUS_BACKUP_KEY"]]) == 0
        assert main(["backup"]) == 0
        (edge.var / "sync").mkdir(exist_ok=True)
        (edge.var / "sync" / "POS-1").write_text(NAME)
        assert NAME.encode() in edge.bytes_left()
    return {"weight": weight, "phone": phone.device}


def check_nothing_stays(edge: Edge, tmp_path: Path) -> None:
    note = edge.var / erasing.NOTE
    assert {path.name for path in edge.var.iterdir()} == {note.name}
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert NAME.encode() not in edge.bytes_left()
    assert not (tmp_path / BACK_UP_KEY).exists()
    assert not list((tmp_path / "cadangan").iterdir())
    with edge.database.inside():
        page = Client().get("/orang/")
        assert page.status_code == 410
        assert "Isi server ini sudah dihapus" in page.content.decode()
        assert "HP Melati (3)" in page.content.decode()
        told = Client().post("/api/sync/push", headers={"Siklus-Protocol": "1"})
        assert (told.status_code, told.json()["error"]) == (403, "state"), "a phone keeps what it holds"
        assert "wipe" not in told.json()
        assert Client().get("/health").status_code == 503


def test_an_edge_that_is_to_send_first_loses_nothing_and_keeps_nothing(edge: Edge, tmp_path: Path) -> None:
    put_on_disk(edge)
    edge.order(EMPTY)
    assert edge.command("sync") == 0
    assert set(people().values_list("name", flat=True)) == {"Ani", NAME}
    assert (edge.phone().state, edge.phone().pending) == (WIPED, 0)
    assert {(line.name.split()[0], line.missing, line.pending) for line in edges.devices_of(edge.phone())} == {
        ("desk", "", None), ("HP", "", 3),
    }  # fmt: skip
    check_nothing_stays(edge, tmp_path)
    assert json.loads((edge.var / erasing.NOTE).read_text())["farewell"]["token"] == ""
    assert edge.command("sync") == 0, "it only says again what happened"


def test_an_edge_that_is_erased_at_once_tells_what_was_lost(
    edge: Edge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_on_disk(edge)
    edge.order(WIPE)
    capsys.readouterr()
    assert edge.command("sync") == 0
    assert "2 catatan belum sampai di kabupaten dan hilang" in capsys.readouterr().out
    assert set(people().values_list("name", flat=True)) == {"Ani"}
    assert edge.phone().pending == 2
    (desk, _) = edges.devices_of(edge.phone())
    assert (desk.last, desk.missing) == (2, "1–2")
    browser = Client()
    browser.force_login(edge.users["utara"])
    page = browser.get(f"/perangkat/{edge.phone().pk}/").content.decode()
    assert "2 catatan hilang bersama isi server itu." in page
    check_nothing_stays(edge, tmp_path)


def test_what_is_erased_was_written_over_before_its_name_went(edge: Edge, tmp_path: Path) -> None:
    put_on_disk(edge)
    edge.order(WIPE)
    held = tmp_path / "nama-kedua"  # other names of the same blocks
    held.mkdir()
    for name in ("siklus.sqlite3", "keys/identity.json", "sync/POS-1"):
        (held / Path(name).name).hardlink_to(edge.var / name)
    assert edge.command("sync") == 0
    left = {path.name: path.read_bytes() for path in held.iterdir()}
    assert {name: len(content) > 0 and not any(content) for name, content in left.items()} == {
        "siklus.sqlite3": True, "identity.json": True, "POS-1": True,
    }  # fmt: skip


def test_what_is_written_while_it_sends_goes_too(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_disk(edge)
    edge.order(EMPTY)
    leave = actions.leave

    def written_late(*given: Any) -> leaving.Farewell:
        area.child("Lambat")
        return leave(*given)

    monkeypatch.setattr(actions, "leave", written_late)
    assert edge.command("sync") == 0
    assert set(people().values_list("name", flat=True)) == {"Ani", NAME, "Lambat"}


def test_a_line_that_is_cut_leaves_all_or_nothing(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    left = put_on_disk(edge)
    edge.order(EMPTY)
    edge.line.breaks_at = "/api/sync/push"
    assert edge.command("sync") == 1
    with edge.database.inside():
        assert erasing.erased() is None and NAME in set(people().values_list("name", flat=True))
    edge.line.breaks_at = "/api/sync/wiped"
    assert edge.command("sync") == 1
    assert edge.phone().state == EMPTY
    with edge.database.inside():
        note = erasing.erased()
        assert note is not None and not note.is_told and note.lost == 0
        assert main(["edge", "status"]) == 2
    edge.line.breaks_at = ""
    assert edge.command("sync") == 0
    assert edge.phone().state == WIPED
    assert device_of(left["weight"]) == edge.phone().pk


def test_nobody_writes_between_the_last_record_sent_and_the_end(edge: Edge) -> None:
    put_on_disk(edge)
    edge.order(EMPTY)
    seen: list[str] = []

    def erase(_farewell: leaving.Farewell) -> None:
        writer = erasing.the_store()
        import sqlite3

        with pytest.raises(sqlite3.OperationalError, match="locked"):
            sqlite3.connect(writer.path, timeout=0).execute("DELETE FROM care_record")
        seen.append("locked")
        raise Unreached("berhenti di sini")

    with edge.database.inside(), pytest.raises(Unreached):
        actions.run_round(erase=erase)
    assert seen == ["locked"]


def test_who_orders_it_may_think_again_and_a_phone_is_not_asked_to_send_first(edge: Edge) -> None:
    edge.order(EMPTY)
    edge.order(LOST)
    edge.order("aktif")
    assert edge.command("sync") == 0
    key = phones.enrol(phones.offer(by=edge.users["utara"], name="HP", scope_code="POS-1",
                                    users=[edge.users["kader1"].pk]))  # fmt: skip
    assert key is not None
    phone = next(line.phone for line in queries.phones(edge.users["utara"]) if line.phone.pk == key.device)
    with pytest.raises(ValueError, match=EMPTY):
        phones.change_state(phone, EMPTY, by=edge.users["utara"], why="x")
