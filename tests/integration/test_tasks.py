"""Somebody at a desk asks a kader to see a person; it is on their list, on the phone, and gone when it is answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from siklus.access.queries import User
from siklus.care.tasks import open_tasks
from tests.integration import area
from tests.integration.sync.wires import enrolled


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"


def ask(person: int, on: str = "2026-11-10", until: str = "2026-11-20", **said: Any) -> int:
    values = {"untuk": "kader", "cara": "kunjungi", "alasan": "belum_datang", "sampai": until, **said}
    return area.write_one("tugas", on, of=person, **values)


def waiting(user: User) -> list[int]:
    return [task.person_id for task in open_tasks(user)]


@pytest.mark.django_db
def test_a_request_waits_in_its_area_until_somebody_answers(users: dict[str, User]) -> None:
    ani, budi = area.child("Ani"), area.child("Budi", posyandu=3)
    ask(ani, until="2026-11-30")
    ask(ani, on="2026-11-12", until="2026-11-15", alasan="rujukan")
    ask(budi)
    assert waiting(users["kader1"]) == [ani, ani]
    assert [task.why for task in open_tasks(users["kader1"])] == ["rujukan", "belum_datang"], (
        "what ends first stands first"
    )
    first = area.write_one("jawaban_tugas", "2026-11-11", of=ani, hasil="tidak_bertemu")
    assert [task.why for task in open_tasks(users["kader1"])] == ["rujukan"], "asked after that answer"
    area.write_one("jawaban_tugas", root=first, why="salah", hasil="dilakukan", on="2026-11-12")
    assert waiting(users["kader1"]) == []


@pytest.mark.django_db
def test_a_request_goes_with_the_person_and_ends_with_them(users: dict[str, User]) -> None:
    ani, twice = area.child("Ani"), area.child("Anik")
    ask(twice)
    area.write_one("gabung_orang", of=ani, orang=area.label(twice))
    assert waiting(users["kader1"]) == [ani]
    area.write_one("pindah", "2026-11-15", of=ani, posyandu="POS-3", desa=area.DESAS[2])
    assert waiting(users["kader1"]) == []
    area.write_one("meninggal", "2026-11-16", of=ani)
    assert waiting(users["dinkes"]) == []


@pytest.mark.django_db
def test_the_desk_asks_and_the_phone_answers(users: dict[str, User], client: Client) -> None:
    ani = area.child("Ani")
    phone = enrolled(users["utara"], "POS-1", [users["kader1"]])
    cursor, _ = phone.first_sync()
    client.force_login(users["utara"])
    assert "Minta kunjungan" in client.get(f"/orang/{area.label(ani)}/").content.decode()
    task = ask(ani)
    (told,) = phone.pull(cursor)["records"]
    assert (told["id"], told["kind"], told["data"]["alasan"]) == (area.label(task), "tugas", "belum_datang")
    page = client.get("/tugas/").content.decode()
    assert "Belum datang ke posyandu" in page and "jawaban_tugas" in page
    client.force_login(users["kader1"])
    assert "jawaban_tugas" not in client.get("/tugas/").content.decode(), "a kader answers on the phone"
    answer = phone.write("jawaban_tugas", "2026-11-20", person=area.label(ani), data={"hasil": "dilakukan"})
    own = phone.write("tugas", "2026-11-20", person=area.label(ani), data={})
    assert phone.statuses(answer, own) == ["accepted", "refused"], "who asks is not the kader"
    assert "Tidak ada permintaan" in client.get("/tugas/").content.decode()
