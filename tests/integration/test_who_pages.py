"""Siapa berhak apa on the desk: everybody may ask, what is not understood is said, a kader reads no disease."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from siklus.site import cli
from tests import village as places
from tests.village import Village

Login = Callable[[str], Client]
PAGE = "/siapa-berhak/"


pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    """The village is planted once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield places.plant()
        transaction.set_rollback(True)


def asked(client: Client, phrase: str, **more: str) -> str:
    response = client.get(PAGE, {"q": phrase, **more})
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def test_everybody_who_logged_in_may_ask_and_nobody_else(village: Village, as_user: Login) -> None:
    assert Client().get(PAGE).status_code == 302
    for name in ("dinkes", "puskesmas", "pustu", "kader"):
        client = as_user(name)
        assert PAGE in client.get("/").content.decode()
        assert "Ibu hamil 26 minggu" in asked(client, "")


def test_a_child_of_nine_months_is_told_what_where_by_whom_and_why(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), "bayi 9 bulan")
    assert "dianggap lahir 12 Feb 2026" in said
    for told in (
        "Campak-rubela 1 (MR1)",
        "Bidan, perawat: posyandu, pustu",
        "KMK 2015/2023 Tabel 7",
        "(dibaca)",
        "mulai umur 9 bulan (12 Nov 2026), belum tercatat",
        "Campak dapat membuat anak sakit berat",
    ):
        assert told in said
    assert "Kejar bila belum diberikan" in said and "Terlambat bila belum" in said


def test_what_was_not_understood_is_said_and_can_be_put_right_with_one_click(
    village: Village, as_user: Login
) -> None:
    said = asked(as_user("puskesmas"), "prempuan 45 tahun qwzx")
    assert "«prempuan»</b> tidak dipahami, jadi tidak dipakai" in said
    assert "?q=perempuan+45+tahun+qwzx" in said
    assert "«qwzx»</b> tidak dipahami" in said


def test_what_was_not_said_is_asked_and_can_be_added_with_one_click(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), "orang 45 tahun")
    assert "Bila perempuan." in said and "Laki-laki atau perempuan?" in said
    assert "?q=orang+45+tahun+perempuan" in said


def test_without_an_age_it_is_asked_for(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), "perokok")
    assert "Umurnya belum disebut" in said and "Atau pilih" in said


def test_another_day_may_be_asked_and_a_day_that_is_none_is_told(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    assert "dianggap lahir 15 Nov 2025" in asked(client, "bayi 9 bulan", pada="15/08/2026")
    assert "31/02/2026 tidak ada di kalender" in asked(client, "bayi 9 bulan", pada="31/02/2026")


def test_a_kader_reads_no_name_of_a_disease(village: Village, as_user: Login) -> None:
    said = asked(as_user("kader"), "lansia 74 tahun")
    assert "SKILAS" in said
    ill = asked(as_user("kader"), "lansia 74 tahun hipertensi")
    assert "Kontrol hipertensi" not in ill and "layanan lain diberikan petugas" in ill
    assert "Diabetes" not in said and "ODGJ" not in said


def test_all_is_told_on_request(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    assert "Tidak untuk orang ini" not in asked(client, "bayi 9 bulan")
    said = asked(client, "bayi 9 bulan", semua="1")
    assert (
        "Tidak untuk orang ini" in said and "Sudah lewat batas" in said and "Hepatitis B lahir (HB0)" in said
    )


def test_it_is_told_in_english_too(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    said = asked(client, "ibu hamil 26 minggu")
    assert "Pregnant 26 weeks since" in said and "Where, by whom" in said


def test_the_command_answers_the_same(village: Village, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "who-is-owed", "bayi 9 bulan", "--on", "2026-11-22"]) == 0
    said = capsys.readouterr().out
    assert (
        "SEKARANG" in said and "Campak-rubela 1 (MR1) [Waktunya]" in said and "Sumber: KMK 2015/2023" in said
    )
    assert cli.main(["rules", "who-is-owed", "bayi 9 bulan qwzx", "--on", "2026-11-22"]) == 1
    assert "TIDAK DIPAHAMI: «qwzx»" in capsys.readouterr().out
