"""Titipan at the desk: the home entrusts, both areas see and write, afterwards only the home; figures stay at home."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from siklus.access.queries import User
from siklus.access.scope import NotInScope
from siklus.care import entrusting
from siklus.monitoring.actions import settle
from siklus.register import guests
from tests.integration import area

pytestmark = pytest.mark.django_db
_DAY = "2026-11-21"


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = _DAY


@pytest.fixture
def child(users: dict[str, User]) -> int:
    key = area.child("Ani Titipan", birth="2026-08-20")
    settle([key], area.TODAY)
    return key


def page_of(child: int) -> str:
    return reverse("desk:person", args=[child])


def send(client: Client, child: int, action: str = "titipkan", **more: str) -> Any:
    said = {"aksi": action, "ke": "POS-3", "mulai": "21/11/2026", "sampai": "20/12/2026", "sebab": "bersalin"}
    return client.post(reverse("desk:entrust", args=[child]), {**said, **more})


def test_the_home_entrusts_and_both_sides_see_until_the_last_day(
    users: dict[str, User], child: int, settings: Any
) -> None:
    enter = area.enter_as(users)
    home, host = enter("utara"), enter("selatan")
    assert host.get(page_of(child)).status_code == 404
    assert send(home, child).status_code == 302
    assert "Dititipkan ke Melati 3 sampai 20 Des 2026" in area.words(home, page_of(child))
    assert "Titipan dari Melati 1 sampai 20 Des 2026" in area.words(host, page_of(child))
    said = {
        "jenis-catatan": "timbang",
        "tanggal-catatan": "21/11/2026",
        "berat": "6,1",
        "tempat": "puskesmas",
    }
    assert host.post(reverse("desk:record_new", args=[child]), said).status_code == 302
    assert "6,1" in area.words(home, page_of(child))
    settings.SIKLUS_TODAY = "2026-12-20"
    assert host.get(page_of(child)).status_code == 200
    settings.SIKLUS_TODAY = "2026-12-21"
    assert host.get(page_of(child)).status_code == 404
    assert "Dititipkan" not in area.words(home, page_of(child)).partition("Garis hidup")[0]


def test_the_list_of_the_host_marks_the_guest_and_no_sum_counts_them_there(
    users: dict[str, User], child: int
) -> None:
    enter = area.enter_as(users)
    needs = reverse("desk:needs")
    send(enter("utara"), child)
    for name in ("selatan", "kader3", "dinkes"):
        query = "?wilayah=POS-3" if name == "dinkes" else ""
        told = area.words(enter(name), needs + query)
        assert "Titipan: 1 orang" in told, name
        assert "Titipan dari Melati 1 sampai 20 Des 2026" in told
        assert "0 orang dalam 0 keluarga" in told or "0 orang" in told
    told = area.words(enter("utara"), needs)
    assert "dititipkan ke Melati 3" in told
    assert "Titipan: " not in told


def test_a_host_neither_entrusts_on_nor_prolongs(users: dict[str, User], child: int) -> None:
    enter = area.enter_as(users)
    send(enter("utara"), child)
    host, (time,) = enter("selatan"), guests.of_person(child)
    assert host.get(reverse("desk:entrust", args=[child])).status_code == 404
    assert send(host, child, ke="POS-4").status_code == 404
    assert send(host, child, "ubah", titipan=area.label(time.id), sampai="20/12/2027").status_code == 404
    change = host.post(reverse("desk:record_change", args=[child, time.id]), {"sampai": "20/12/2027"})
    assert change.url == reverse("desk:entrust", args=[child])
    assert guests.of_person(child).get().last == time.last


def test_the_door_behind_the_page_is_shut_to_a_host_too(users: dict[str, User], child: int) -> None:
    send(area.enter_as(users)("utara"), child)
    (time,) = entrusting.times_of(child)
    host, more = users["selatan"], {"first": area.TODAY, "last": area.TODAY + 9, "why": "lain"}
    with pytest.raises(NotInScope):
        entrusting.entrust(host, child, to="POS-4", remark="", today=area.TODAY, **more)
    with pytest.raises(NotInScope):
        entrusting.prolong(host, time, time.last + 9, why="lain", today=area.TODAY)
    with pytest.raises(NotInScope):
        entrusting.end(host, time, why="lain", today=area.TODAY)
    assert entrusting.times_of(child) == (time,)


def test_the_home_prolongs_and_ends_it(users: dict[str, User], child: int) -> None:
    home = area.enter_as(users)("utara")
    send(home, child)
    key = area.label(guests.of_person(child).get().id)
    send(home, child, "ubah", titipan=key, sampai="31/12/2026")
    assert "31 Des 2026" in area.words(home, page_of(child))
    send(home, child, "akhiri", titipan=key)
    assert not guests.on_day(area.TODAY).exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sampai": "20/11/2026"}, "sebelum"),
        ({"sampai": "20/12/2030"}, "Yang lebih lama dicatat sebagai pindah."),
        ({"sampai": "besok"}, "bukan tanggal"),
        ({"ke": "POS-1"}, "Pilih tempat lain dari wilayahnya sendiri."),
        ({"ke": "X"}, "Pilih tempat lain dari wilayahnya sendiri."),
        ({"sebab": ""}, "Sebab"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    users: dict[str, User], child: int, more: dict[str, str], said: str
) -> None:
    answer = send(area.enter_as(users)("utara"), child, **more)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not guests.of_person(child).exists()


def test_what_is_secret_stays_with_the_roles_that_read_it(users: dict[str, User]) -> None:
    child = area.child("Ani Titipan", posyandu=4)
    area.write_one("tes_infeksi", of=child, jenis="hiv", hasil="negatif")
    area.write_one(
        "titip_layanan", _DAY, of=child, ke=area.PUSTU, mulai=_DAY, sampai="2026-12-20", sebab="sementara"
    )
    enter = area.enter_as(users)
    assert "hiv" not in area.words(enter("pustu"), page_of(child)).lower()
    assert "hiv" in area.words(enter("utara"), page_of(child)).lower()
