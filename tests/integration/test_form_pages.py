"""Formulir on the desk: listed and shown to whoever is logged in, by version, with nothing of a person on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.desk.pages.record import may_be_new
from siklus.library.forms import load_forms
from siklus.library.loading import load_book
from tests.integration.area import enter_as, lay_area, users, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
Enter = Callable[[str], Client]


@pytest.fixture
def as_user() -> Enter:
    lay_area()
    known = users()
    return enter_as(known)


def test_nobody_sees_a_form_before_logging_in() -> None:
    for address in ("/formulir/", "/formulir/kartu_balita/"):
        assert Client().get(address).status_code == 302


def test_every_form_is_listed_and_opens(as_user: Enter) -> None:
    client = as_user("utara")
    listed = words(client, "/formulir/")
    for form in load_forms().current:
        assert form.title in listed, form.name
        assert form.title in words(client, f"/formulir/{form.name}/")
    assert "/formulir/" in client.get("/").content.decode()
    assert AuditEntry.objects.filter(action__startswith="look").count() == 0


def test_a_form_tells_what_is_asked_when_and_who_answers(as_user: Enter) -> None:
    shown = words(as_user("utara"), "/formulir/kartu_balita/")
    assert "ASI eksklusif ☐ Ya ☐ Tidak umur 6 bulan atau kurang" in shown
    assert "Berat badan ______________ kg" in shown
    assert "Bengkak pada kedua punggung kaki ☐ Ya ☐ Tidak hanya Bidan, Perawat, Tenaga gizi" in shown
    assert "BB/U diisi Siklus" in shown


def test_an_older_version_stays_to_be_read(as_user: Enter) -> None:
    client = as_user("dinkes")
    old, new = (words(client, f"/formulir/kartu_dewasa_lansia/{query}") for query in ("?versi=1", ""))
    assert "Kolesterol" in new and "Kolesterol total" not in old
    for address in ("/formulir/tidak_ada/", "/formulir/kartu_balita/?versi=9"):
        assert client.get(address).status_code == 404


def test_a_kader_meets_the_forms_a_kader_fills_in(as_user: Enter) -> None:
    client = as_user("kader1")
    listed = words(client, "/formulir/")
    assert "Kartu pemeriksaan bayi" in listed and "Pelayanan TBC" not in listed
    assert client.get("/formulir/tb/").status_code == 404


def test_the_sheet_of_a_form_is_written_by_the_form_and_by_nobody_else() -> None:
    vocabulary = load_book().vocabulary
    assert not may_be_new(vocabulary.kinds["isian_formulir"])
    assert may_be_new(vocabulary.kinds["cek_imunisasi"])
