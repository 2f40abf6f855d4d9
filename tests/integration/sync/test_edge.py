"""An edge on a database of its own: it enrols, people log in, phones sync with it, and all reaches the district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from siklus.access.queries import User
from siklus.care import queries as care
from siklus.kernel.ids import device_of, parse_record_id
from siklus.kernel.problems import ProblemError
from siklus.register.queries import people
from siklus.sync import queries, settling
from siklus.sync.edge import actions, district
from siklus.sync.edge.calling import Denied, Unreached, checked_url
from tests.integration import area
from tests.integration.sync.two_databases import Installation, Line, new_installation
from tests.integration.sync.two_databases import district as this_database
from tests.integration.sync.wires import Handset, enrolled

pytestmark = pytest.mark.django_db


@dataclass
class Two:
    """The district, which is where the test stands, and the edge of the north."""

    edge: Installation
    line: Line
    users: dict[str, User]

    def round(self) -> actions.Round:
        with self.edge.inside():
            return actions.run_round()

    def phone(self) -> Handset:
        with self.edge.inside():
            desk = User.objects.get(username="utara")
            return enrolled(desk, "POS-1", [User.objects.get(username="kader1")])


@pytest.fixture
def two(
    users: dict[str, User], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Two]:
    settings.SIKLUS_TODAY = "2026-11-21"
    settings.VAR = tmp_path
    line = Line(this_database())
    monkeypatch.setattr(actions, "District", line.to)
    edge = new_installation(tmp_path / "edge.sqlite3")
    code = district.offer(by=users["utara"], name="PC Utara", scope_code=area.NORTH)
    with edge.inside():
        actions.enrol("https://kabupaten.example", code)
    yield Two(edge, line, users)
    edge.wrapper.close()


def names() -> set[str]:
    return set(people().values_list("name", flat=True))


def test_what_a_phone_of_the_edge_wrote_reaches_the_district_and_the_other_way(two: Two) -> None:
    area.child("Ani"), area.child("Budi", posyandu=3)
    two.round()
    phone = two.phone()
    with two.edge.inside():
        assert names() == {"Ani"}, "its area and nothing else"
        cursor, _ = phone.first_sync()
        child = phone.child("Citra", nik="9901010201260001")
        assert phone.statuses(child, phone.weighing(child["id"])) == ["accepted", "accepted"]
        assert settling.settle_waiting(area.TODAY) > 0
        assert Client().login(username="kader1", password=area.WORD)
    two.line.is_cut = True
    with pytest.raises(Unreached):
        two.round()
    area.child("Dewi")
    assert names() == {"Ani", "Budi", "Dewi"}
    two.line.is_cut = False
    done = two.round()
    assert (done.sent, done.refused) == (2, 0)
    assert names() == {"Ani", "Budi", "Dewi", "Citra"}
    (weight,) = (each for each in care.rows_where(kind="timbang"))
    assert weight.author == two.users["kader1"].pk
    assert (device_of(weight.row.id), weight.row.facility_code) == (phone.device, "POS-1")
    with two.edge.inside():
        page = phone.pull(cursor)
        assert "Dewi" in {each["data"].get("nama") for each in page["records"]}
    assert two.round().sent == 0, "nothing is sent twice"


def test_what_the_district_refuses_is_taken_out_at_the_edge_and_stays_in_sight_in_both(two: Two) -> None:
    key = area.child("Ani")
    weight = area.write_one("timbang", of=key, berat=7.5)
    two.round()
    phone = two.phone()
    with two.edge.inside():
        cursor, _ = phone.first_sync()
        fixed = phone.write(
            "timbang", person=area.label(key), root=area.label(weight), why="salah baca", data={"berat": 7.1}
        )
        assert phone.statuses(fixed) == ["accepted"]
        cursor = phone.pull(cursor)["cursor"]
    area.write_one("timbang", root=weight, void=True, why="bukan dia")
    assert two.round().refused == 1
    (held,) = queries.inbox(two.users["utara"])
    assert held.phone.name == "PC Utara"
    with two.edge.inside():
        back = apps.get_model("sync.GivenBack")._default_manager.get()
        assert (back.key, back.state) == (parse_record_id(fixed["id"]), "terbuka")
        page = phone.pull(cursor)
        assert area.label(key) in page["forget"]["persons"]
        assert fixed["id"] not in {each["id"] for each in page["records"]}
        assert phone.push()["phone"]["missing"] == [], "it had come"
        assert phone.statuses(fixed) == ["duplicate"], "and is not taken in a second time"
    queries_actions().dismiss(held, by=two.users["utara"], reason="sudah dibatalkan")
    two.round()
    with two.edge.inside():
        back.refresh_from_db()
        assert (back.state, back.reason) == ("dikesampingkan", "sudah dibatalkan")


def queries_actions() -> Any:
    from siklus.sync import actions as desk

    return desk


def test_who_moves_away_is_forgotten_at_the_edge_and_who_moves_in_comes_whole(two: Two) -> None:
    goes, comes = area.child("Ani"), area.child("Budi", posyandu=4)
    area.write_one("timbang", of=comes, berat=7.5)
    two.round()
    area.write_one("pindah", of=goes, posyandu="POS-3", desa=area.DESAS[2])
    area.write_one("pindah", of=comes, posyandu="POS-2", desa=area.DESAS[1])
    two.round()
    with two.edge.inside():
        settling.settle_waiting(area.TODAY)
        assert names() == {"Budi"}
        assert {each.row.kind for each in care.rows_where()} == {"daftar_orang", "timbang", "pindah"}
        kept = {row.person_id for row in apps.get_model("care.State")._default_manager.all()}
        assert goes not in kept


def test_users_go_to_the_edge_without_those_of_the_district_and_stop_there_too(two: Two) -> None:
    two.round()
    with two.edge.inside():
        assert set(User.objects.values_list("username", flat=True)) == {"utara", "pustu", "kader1"}
        assert User.objects.get(username="utara").check_password(area.WORD)
    User.objects.filter(username="kader1").update(is_active=False)
    two.round()
    with two.edge.inside():
        assert not User.objects.get(username="kader1").is_active


def test_only_a_new_installation_becomes_an_edge_and_only_by_a_code_for_one(two: Two, tmp_path: Path) -> None:
    code = district.offer(by=two.users["utara"], name="PC", scope_code=area.NORTH)
    with two.edge.inside(), pytest.raises(ProblemError):
        actions.enrol("https://kabupaten.example", code)
    other = new_installation(tmp_path / "other.sqlite3")
    with other.inside(), pytest.raises(Denied):
        actions.enrol("https://kabupaten.example", "bukan-kode")
    other.wrapper.close()
    with pytest.raises(ProblemError):
        district.offer(by=two.users["utara"], name="PC", scope_code="POS-1")
    for url in ("http://kabupaten.example", "ftp://x", "kabupaten"):
        with pytest.raises(ProblemError):
            checked_url(url)


def test_an_edge_that_was_restored_from_a_copy_gives_no_number_twice(two: Two) -> None:
    key = area.child("Ani")
    two.round()
    with two.edge.inside():
        mine = area.write_one("timbang", of=key, berat=7.5)
    two.round()
    with two.edge.inside():  # its disk is as it was before that record
        for name in ("care.Record", "sync.SentUp"):
            apps.get_model(name)._default_manager.filter(pk=mine).delete()
        apps.get_model("access.Device")._default_manager.filter(pk=device_of(mine)).update(last_number=0)
        apps.get_model("sync.Link")._default_manager.update(cursor="")
    two.round()
    with two.edge.inside():
        assert area.write_one("timbang", of=key, berat=8) > mine
        assert mine in {each.row.id for each in care.rows_where()}
