"""Accounts: a head makes a kader, gives a new password, stops somebody; nobody manages whom they may not."""

from __future__ import annotations

import html
import re

from django.test import Client

from siklus.access import accounts, actions
from siklus.access.models import AuditEntry
from siklus.access.queries import User
from tests.integration import area as places

PAGE = "/pengguna/"


def head(users: dict[str, User]) -> Client:
    actions.add_user(username="kepala", password=places.WORD, role="kepala", scope_code=places.NORTH)
    client = Client()
    assert client.login(username="kepala", password=places.WORD)
    return client


def shown_password(client: Client, **typed: str) -> str:
    found = re.search(r"<b class=\"nowrap\">([0-9a-f-]{19})</b>", client.post(PAGE, typed).content.decode())
    assert found is not None
    return found[1]


def test_a_head_makes_a_kader_who_comes_in_with_the_first_password(users: dict[str, User]) -> None:
    client = head(users)
    word = shown_password(
        client, aksi="tambah", nama_masuk="sumarni", nama="Sumarni", peran="kader", tempat=places.POSYANDU[1]
    )
    assert Client().login(username="sumarni", password=word)
    assert word not in client.get(PAGE).content.decode()
    assert AuditEntry.objects.filter(action="pengguna dibuat").exists()
    again = html.unescape(
        client.post(
            PAGE, {"aksi": "tambah", "nama_masuk": "sumarni", "peran": "kader", "tempat": places.POSYANDU[1]}
        ).content.decode()
    )
    assert "'sumarni' sudah dipakai" in again


def test_a_new_password_and_a_stop_end_what_was_open(users: dict[str, User]) -> None:
    client, kader = head(users), Client()
    key = str(users["kader1"].pk)
    assert kader.login(username="kader1", password=places.WORD) and kader.get("/").status_code == 200
    word = shown_password(client, aksi="sandi", pengguna=key)
    assert kader.get("/").status_code == 302
    assert not Client().login(username="kader1", password=places.WORD)
    assert kader.login(username="kader1", password=word) and kader.get("/kata-sandi/").status_code == 200
    client.post(PAGE, {"aksi": "henti", "pengguna": key})
    assert kader.get("/kata-sandi/").status_code == 302 and not Client().login(
        username="kader1", password=word
    )
    client.post(PAGE, {"aksi": "aktif", "pengguna": key})
    assert Client().login(username="kader1", password=word)


def test_nobody_manages_users_of_others_nor_of_higher_roles(users: dict[str, User]) -> None:
    client = head(users)
    own = User.objects.get(username="kepala")
    assert {user.username for user in accounts.users_managed(own)} == {"utara", "pustu", "kader1"}
    for name in ("dinkes", "selatan", "kader3", "kepala"):
        key = str(User.objects.get(username=name).pk)
        for act in ("sandi", "henti", "aktif"):
            assert client.post(PAGE, {"aksi": act, "pengguna": key}).status_code == 404, (name, act)
    for role, place in (("dinkes", "99.01"), ("kepala", places.NORTH), ("kader", places.POSYANDU[2])):
        typed = {"aksi": "tambah", "nama_masuk": "x", "peran": role, "tempat": place}
        assert client.post(PAGE, typed).status_code == 404, role
    assert not User.objects.filter(username="x").exists()
    assert Client().get(PAGE).status_code == 302


def test_one_changes_the_own_password_with_the_old_one_and_stays_in(users: dict[str, User]) -> None:
    client, new = Client(), "kopi hangat pagi hari"
    assert client.login(username="utara", password=places.WORD)
    for old, word, again, said in (
        ("salah", new, new, "lama tidak cocok"), (places.WORD, new, "lain", "tidak sama"),
        (places.WORD, "pendek", "pendek", "12"),
    ):  # fmt: skip
        answer = client.post("/kata-sandi/", {"lama": old, "baru": word, "ulang": again})
        assert said in html.unescape(answer.content.decode())
    answer = client.post("/kata-sandi/", {"lama": places.WORD, "baru": new, "ulang": new}, follow=True)
    assert "Kata sandi Anda diganti." in answer.content.decode()
    assert Client().login(username="utara", password=new)
    assert AuditEntry.objects.filter(action="ganti kata sandi", user=users["utara"]).exists()


def test_what_is_typed_in_the_place_of_a_name_is_not_read_in_the_audit(users: dict[str, User]) -> None:
    client = Client()
    for typed in ("hujan-awan-8310", "9901010101010001"):
        for _ in range(11):
            page = client.post("/masuk/", {"username": typed, "password": "x"})
        assert "Terlalu sering salah" in page.content.decode(), "it is counted all the same"
    client.post("/masuk/", {"username": "kader1", "password": "x"})
    subjects = set(AuditEntry.objects.filter(action="masuk ditolak").values_list("subject", flat=True))
    assert "kader1" in subjects and len(subjects) == 3
    assert not subjects & {"hujan-awan-8310", "9901010101010001"}
