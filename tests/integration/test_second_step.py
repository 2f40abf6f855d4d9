"""The second step of coming in: who must have it, a code once, codes on paper, the way back in, asking again."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.utils import timezone

from siklus.access import actions, second_step, sessions
from siklus.access.models import AuditEntry, RecoveryCode, SecondStep
from siklus.access.permissions import permissions
from siklus.access.queries import TRIES, User
from siklus.register.models import Installation
from siklus.site.cli import main
from tests.integration import area as places

CODE, OWN, SURE, PASSWORD = "/kode-masuk/", "/kode-masuk/saya/", "/pastikan/", "/kata-sandi/"
STEP = 59_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands: no test is lost because a step of it ended in the middle."""
    monkeypatch.setattr(second_step, "step_now", lambda: STEP)


@pytest.fixture
def real(users: dict[str, User]) -> dict[str, User]:
    """The same users where the people are real."""
    Installation.objects.all().delete()
    return users


def logged_in(name: str, word: str = places.WORD) -> Client:
    client = Client()
    answer = client.post("/masuk/", {"username": name, "password": word})
    assert answer.status_code == 302, answer.content
    return client


def phone_code(user: User, steps: int = 0) -> str:
    """What the phone shows, some steps of its clock from now."""
    key = SecondStep.objects.get(user=user).key
    totp = TOTP(base64.b32decode(key), 6, SHA1(), 30)  # noqa: S303
    return totp.generate((STEP + steps) * 30).decode()


def set_up(client: Client, user: User) -> list[str]:
    """By the page, as people do; gives the codes on paper."""
    assert "<code>" in client.get(OWN).content.decode()
    answer = client.post(OWN, {"kode": phone_code(user, -1)})
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", answer.content.decode())


def test_the_code_of_rfc_6238(users: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    key = base64.b32encode(b"12345678901234567890").decode()
    row = SecondStep.objects.create(user=users["utara"], key=key, confirmed_at=timezone.now())
    assert second_step._totp(row).generate(59) == b"287082"
    assert second_step._totp(row).generate(1111111109) == b"081804"


def test_who_must_comes_to_nothing_before_it_is_set_up(real: dict[str, User]) -> None:
    assert permissions().second_step == {"dinkes", "admin"}
    client = logged_in("dinkes")
    for address in ("/", "/kebutuhan/", "/spm/", PASSWORD, "/perangkat/"):
        assert client.get(address).headers["Location"].startswith(OWN), address
        assert client.post(address).headers["Location"].startswith(OWN), address
    assert second_step.without() == ["dinkes"]
    codes = set_up(client, real["dinkes"])
    assert len(set(codes)) == second_step.CODES and client.get("/").status_code == 200
    assert second_step.without() == []
    assert not any(code in client.get(OWN).content.decode() for code in codes)
    assert logged_in("utara").get("/").status_code == 200


def test_the_key_lies_sealed_and_of_papers_only_hashes(real: dict[str, User]) -> None:
    codes = set_up(logged_in("dinkes"), real["dinkes"])
    key = SecondStep.objects.get().key
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM access_secondstep")
        assert key not in cursor.fetchone()[0]
    assert not set(codes) & set(RecoveryCode.objects.values_list("hash", flat=True))
    assert key not in str(list(AuditEntry.objects.values()))


def test_a_password_alone_opens_nothing_and_a_code_is_good_once(real: dict[str, User]) -> None:
    set_up(logged_in("dinkes"), real["dinkes"])
    client = logged_in("dinkes")
    assert client.get("/spm/").headers["Location"] == f"{CODE}?next=%2Fspm%2F"
    assert client.get(OWN).headers["Location"].startswith(CODE)
    code = phone_code(real["dinkes"])
    assert "Tidak cocok" in client.post(CODE, {"kode": "000000"}).content.decode()
    assert client.post(CODE, {"kode": code, "next": "/spm/"}).headers["Location"] == "/spm/"
    assert client.get("/spm/").status_code == 200
    again = logged_in("dinkes")
    assert again.post(CODE, {"kode": code}).status_code == 200 and again.get("/").status_code == 302
    assert again.post(CODE, {"kode": phone_code(real["dinkes"], 1), "next": "https://jahat.example/"}).headers[
        "Location"
    ] == "/"  # fmt: skip


def test_a_code_on_paper_is_good_once_and_new_ones_end_the_old(real: dict[str, User]) -> None:
    first, second, third, *_ = set_up(logged_in("dinkes"), real["dinkes"])
    client = logged_in("dinkes")
    assert client.post(CODE, {"kode": f" {first.upper().replace('-', ' ')} "}).status_code == 302
    assert second_step.codes_left(real["dinkes"]) == second_step.CODES - 1
    assert logged_in("dinkes").post(CODE, {"kode": first}).status_code == 200
    client.post(OWN, {"aksi": "pemulihan"})
    assert logged_in("dinkes").post(CODE, {"kode": second}).status_code == 200
    assert not second_step.is_right(real["selatan"], third)
    assert {"kode pemulihan dipakai", "kode pemulihan dibuat"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_wrong_codes_lock_as_wrong_passwords_do(real: dict[str, User]) -> None:
    codes = set_up(logged_in("dinkes"), real["dinkes"])
    client = logged_in("dinkes")
    for _n in range(TRIES):
        page = client.post(CODE, {"kode": "123"}).content.decode()
    assert "Tunggu 15 menit" in page
    assert client.post(CODE, {"kode": codes[0]}).status_code == 200
    assert Client().post("/masuk/", {"username": "dinkes", "password": places.WORD}).status_code == 200


def test_a_lost_phone_is_helped_by_who_manages_or_at_the_console(real: dict[str, User]) -> None:
    actions.add_user(username="kepala", password=places.WORD, role="kepala", scope_code=places.NORTH)
    set_up(logged_in("utara"), real["utara"])
    assert logged_in("utara").get("/").headers["Location"].startswith(CODE)
    head = logged_in("kepala")
    assert "Lepas kode" in head.get("/pengguna/").content.decode()
    head.post("/pengguna/", {"aksi": "kode", "pengguna": str(real["utara"].pk)})
    assert logged_in("utara").get("/").status_code == 200
    set_up(logged_in("dinkes"), real["dinkes"])
    assert head.post("/pengguna/", {"aksi": "kode", "pengguna": str(real["dinkes"].pk)}).status_code == 404
    assert main(["user", "free-code", "dinkes"]) == 0
    assert logged_in("dinkes").get("/").headers["Location"].startswith(OWN)
    assert AuditEntry.objects.filter(action="kode masuk dilepas").count() == 2


def test_another_phone_takes_the_place_of_the_first(real: dict[str, User]) -> None:
    client = logged_in("dinkes")
    codes = set_up(client, real["dinkes"])
    former = SecondStep.objects.get().key
    client.post(OWN, {"aksi": "ganti"})
    assert SecondStep.objects.get().key != former
    assert client.get("/").status_code == 200 and not second_step.is_right(real["dinkes"], codes[0])


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("kepala", "/pengguna/"), ("utara", "/perangkat/baru/"), ("utara", "/kebutuhan/unduh/"),
        ("utara", "/spm/spm04/unduh/"),
    ],
)  # fmt: skip
def test_a_desk_left_alone_makes_no_users_and_no_copies(
    name: str, address: str, users: dict[str, User], settings: Any
) -> None:
    actions.add_user(username="kepala", password=places.WORD, role="kepala", scope_code=places.NORTH)
    client = logged_in(name)
    assert client.get(address).status_code == 200
    session = client.session
    session[sessions.SURE] -= settings.SIKLUS_SURE_SECONDS + 1
    session.save()
    assert client.get(address).headers["Location"] == f"{SURE}?next={address.replace('/', '%2F')}"
    assert client.post(address, {"aksi": "tambah"}).headers["Location"].startswith(SURE)
    assert client.get("/kebutuhan/").status_code == 200
    assert "Tidak cocok" in client.post(SURE, {"bukti": "bukan itu", "next": address}).content.decode()
    assert client.post(SURE, {"bukti": places.WORD, "next": address}).headers["Location"] == address
    assert client.get(address).status_code == 200


def test_a_code_shows_again_who_one_is(users: dict[str, User], settings: Any) -> None:
    client = logged_in("utara")
    codes = set_up(client, users["utara"])
    assert client.post(SURE, {"bukti": codes[0]}).status_code == 302
    assert client.post(SURE, {"bukti": codes[0]}).status_code == 200
    assert client.post(SURE, {"bukti": phone_code(users["utara"], 1)}).status_code == 302


def test_a_password_made_by_somebody_else_is_changed_first(users: dict[str, User]) -> None:
    actions.add_user(username="kepala", password=places.WORD, role="kepala", scope_code=places.NORTH)
    answer = logged_in("kepala").post("/pengguna/", {"aksi": "sandi", "pengguna": str(users["kader1"].pk)})
    word = re.search(r"<b class=\"nowrap\">([0-9a-f-]{19})</b>", answer.content.decode())
    assert word is not None
    client = logged_in("kader1", word[1])
    assert client.get("/kebutuhan/").headers["Location"] == f"{PASSWORD}?next=%2Fkebutuhan%2F"
    assert "Buat kata sandi Anda sendiri" in client.get(PASSWORD).content.decode()
    same = client.post(PASSWORD, {"lama": word[1], "baru": word[1], "ulang": word[1]})
    assert "Itu kata sandi yang lama." in html.unescape(same.content.decode())
    new = {
        "lama": word[1],
        "baru": "padi sawah hujan 7",
        "ulang": "padi sawah hujan 7",
        "next": "/kebutuhan/",
    }
    assert client.post(PASSWORD, new).headers["Location"] == "/kebutuhan/"
    assert client.get("/kebutuhan/").status_code == 200


def test_of_a_sample_nobody_must_and_whoever_has_it_must(users: dict[str, User]) -> None:
    assert logged_in("dinkes").get("/").status_code == 200
    set_up(logged_in("dinkes"), users["dinkes"])
    assert logged_in("dinkes").get("/").headers["Location"].startswith(CODE)


def test_new_sealing_keys_seal_the_codes_anew(
    real: dict[str, User], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(logged_in("dinkes"), real["dinkes"])
    key = SecondStep.objects.get().key
    assert main(["keys", "rotate"]) == 0
    assert "kode masuk: 1 baris" in capsys.readouterr().err
    assert SecondStep.objects.get().key == key
