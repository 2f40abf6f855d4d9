"""A record is written at the desk, put right and taken back: by whom, how it comes back, and what follows from it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.care.models import Record
from siklus.care.queries import answers_for, time_line
from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from tests import village as places
from tests.village import Village

Login = Callable[[str], Client]


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    """The village is planted once; what a test changes is taken back after it, the village after them all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield places.plant()
        transaction.set_rollback(True)


def new(person: int) -> str:
    return f"/orang/{format_record_id(person)}/catat/"


def one(person: int, record: int) -> str:
    return f"/orang/{format_record_id(person)}/catatan/{format_record_id(record)}/"


def form_of(client: Client, address: str) -> dict[str, str]:
    """The fields as they stand on the page, as a browser would send them."""
    page = client.get(address).content.decode()
    sent = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in sent.items()}


def status(person: int, need: str) -> str:
    return next(answer.status for answer in answers_for(person, places.TODAY) if answer.need == need)


def last_vaccine(person: int, vaccine: str) -> int:
    return next(
        event.key
        for event in time_line(person)
        if event.kind == "imunisasi" and event.data["vaksin"] == vaccine
    )


def test_a_vaccine_written_at_the_desk_settles_its_need_and_is_kept_once(
    village: Village, as_user: Login
) -> None:
    client, child = as_user("puskesmas"), village.arkana
    assert status(child, "mr1") == "due"
    kinds = client.get(new(child)).content.decode()
    assert "Imunisasi" in kinds
    assert "Pendaftaran orang" not in kinds, "the register has its own ways"
    form = form_of(client, f"{new(child)}?jenis-catatan=imunisasi")
    assert (form["tanggal-catatan"], form["tempat"]) == ("12/11/2026", "puskesmas"), (
        "today and here, unless changed"
    )
    form |= {"vaksin": "mr", "oleh": "bidan", "aksi": "simpan"}
    before = Record.objects.count()
    for _twice in range(2):
        answer = client.post(new(child), form, follow=True)
        client = as_user("puskesmas")  # a session that was lost changes nothing
        assert answer.redirect_chain == [(f"/orang/{format_record_id(child)}/", 302)]
    assert "Catatan ini sudah disimpan tadi" in answer.content.decode()
    assert Record.objects.count() == before + 1
    assert status(child, "mr1") == "done"
    kept = Record.objects.order_by("seq").last()
    assert kept is not None
    assert (kept.by_role, kept.place_kind, kept.author.username) == ("bidan", "puskesmas", "puskesmas")
    noted = AuditEntry.objects.filter(action="catat").get()
    assert (noted.subject, noted.detail) == (format_record_id(kept.id), "imunisasi")


def test_a_kind_with_fields_called_like_what_the_page_asks_is_written_too(
    village: Village, as_user: Login
) -> None:
    client, woman = as_user("puskesmas"), village.grandmother
    for kind, said in (
        ("ukur_gd", {"jenis": "gdp", "nilai": "131"}),
        ("janji", {"urusan": "kontrol_hipertensi", "tanggal": "01/12/2026"}),
    ):
        form = form_of(client, f"{new(woman)}?jenis-catatan={kind}")
        client.post(new(woman), {**form, **said, "oleh": "bidan", "aksi": "simpan"})
        kept = Record.objects.order_by("seq").last()
        assert kept is not None
        assert kept.kind == kind
        assert said.keys() <= json.loads(kept.data).keys()


def test_what_cannot_be_read_or_is_refused_comes_back_with_what_to_do(
    village: Village, as_user: Login
) -> None:
    client, child = as_user("puskesmas"), village.arkana
    form = form_of(client, f"{new(child)}?jenis-catatan=timbang")
    before = Record.objects.count()
    for wrong, said in (
        ({"berat": "delapan"}, "'delapan' bukan angka"),
        ({"tanggal-catatan": "31/02/2026", "berat": "8,4"}, "31/02/2026 tidak ada di kalender"),
        ({"tanggal-catatan": "13/11/2026", "berat": "8,4"}, "13 Nov 2026 belum terjadi"),
        ({"berat": "840"}, "840"),
    ):
        page = html.unescape(client.post(new(child), {**form, **wrong}).content.decode())
        assert "Belum disimpan" in page
        assert said in page
        for text in wrong.values():
            assert f'value="{text}"' in page, "what was typed stays"
    assert Record.objects.count() == before


def test_an_unlikely_value_is_kept_and_said(village: Village, as_user: Login) -> None:
    client, child = as_user("puskesmas"), village.arkana
    form = form_of(client, f"{new(child)}?jenis-catatan=kunjungan_neonatal") | {"suhu": "39,5"}
    page = client.post(new(child), form, follow=True).content.decode()
    assert "Dicatat, tetapi periksa lagi" in page


def test_a_record_is_put_right_with_a_reason_and_its_old_words_stay(village: Village, as_user: Login) -> None:
    client, child = as_user("pustu"), village.arkana
    dose = last_vaccine(child, "bcg")
    form = form_of(client, one(child, dose))
    assert form["tanggal-catatan"] == "12/02/2026"
    assert form["vaksin"] == "bcg"
    page = client.post(
        one(child, dose), {**form, "tanggal-catatan": "13/02/2026", "aksi": "simpan"}
    ).content.decode()
    assert "Tulis alasannya" in page
    client.post(
        one(child, dose),
        {**form, "tanggal-catatan": "13/02/2026", "alasan-catatan": "salah hari", "aksi": "simpan"},
    )
    event = next(each for each in time_line(child) if each.key == dose)
    assert [iso(version.on) for version in event.history] == ["2026-02-12", "2026-02-13"]
    assert (event.history[-1].why, event.data["vaksin"]) == ("salah hari", "bcg")
    assert "salah hari" in client.get(f"/orang/{format_record_id(child)}/").content.decode()


def test_a_record_taken_back_counts_no_more(village: Village, as_user: Login) -> None:
    client, child = as_user("puskesmas"), village.arkana
    assert status(child, "bcg") == "done"
    dose = last_vaccine(child, "bcg")
    form = form_of(client, one(child, dose)) | {"aksi": "batalkan"}
    assert "Tulis alasannya" in client.post(one(child, dose), form).content.decode()
    client.post(one(child, dose), {**form, "alasan-catatan": "anak lain"})
    assert status(child, "bcg") != "done"
    assert client.get(one(child, dose)).status_code == 404, "there is nothing left to put right"
    person = client.get(f"/orang/{format_record_id(child)}/").content.decode()
    assert "anak lain" in person


def test_an_emptied_field_is_unknown_again(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    visit = next(event.key for event in time_line(village.pregnant) if event.kind == "kunjungan_anc")
    form = form_of(client, one(village.pregnant, visit))
    assert (form["berat"], form["lila"]) == ("51,0", "24,0")
    client.post(one(village.pregnant, visit), {**form, "lila": "", "alasan-catatan": "tidak diukur"})
    event = next(each for each in time_line(village.pregnant) if each.key == visit)
    assert event.data.get("lila") is None
    assert event.data["berat"] == 510


@pytest.mark.parametrize(
    ("who", "code"), [("kader", 403), ("dinkes", 403), ("puskesmas2", 404), ("puskesmas", 200)]
)
def test_only_staff_of_the_area_write(village: Village, as_user: Login, who: str, code: int) -> None:
    client, dose = as_user(who), last_vaccine(village.arkana, "bcg")
    assert client.get(new(village.arkana)).status_code == code
    assert client.get(one(village.arkana, dose)).status_code == code
    person = client.get(f"/orang/{format_record_id(village.arkana)}/").content.decode()
    assert ("Catat layanan" in person) is (code == 200)


def test_the_record_of_another_is_not_reached_through_this_person(village: Village, as_user: Login) -> None:
    dose = last_vaccine(village.arkana, "bcg")
    assert as_user("puskesmas").get(one(village.pregnant, dose)).status_code == 404


def test_every_kind_of_record_has_a_form_that_can_be_read_back(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    kinds = re.findall(r'<option value="(\w+)"', client.get(new(village.arkana)).content.decode())
    assert len(kinds) > 20
    for kind in kinds:
        assert client.get(f"{new(village.arkana)}?jenis-catatan={kind}").status_code == 200, kind


def test_a_visit_is_written_for_the_pregnancy_that_is_chosen(village: Village, as_user: Login) -> None:
    client, mother = as_user("puskesmas"), village.pregnant
    opening = next(event for event in time_line(mother) if event.kind == "daftar_kehamilan")
    page = html.unescape(client.get(f"{new(mother)}?jenis-catatan=kunjungan_anc").content.decode())
    assert f'value="{format_record_id(opening.key)}"' in page
    assert "(menurut tanggal)" in page
    form = form_of(client, f"{new(mother)}?jenis-catatan=kunjungan_anc")
    assert form["episode"] == ""
    client.post(new(mother), {**form, "episode": format_record_id(opening.key), "aksi": "simpan"})
    visit = next(event for event in time_line(mother) if event.kind == "kunjungan_anc")
    assert visit.data["episode"] == opening.key
    assert "Kehamilan yang dimaksud" in client.get(f"/orang/{format_record_id(mother)}/").content.decode()
    refused = client.post(new(mother), {**form, "episode": "1-999999", "karcis": "lain", "aksi": "simpan"})
    assert "tidak ada pada orang ini" in html.unescape(refused.content.decode())


def test_a_name_that_died_stays_until_another_is_chosen(village: Village, as_user: Login) -> None:
    client, mother = as_user("puskesmas"), village.pregnant
    opening = next(event.key for event in time_line(mother) if event.kind == "daftar_kehamilan")
    form = form_of(client, f"{new(mother)}?jenis-catatan=kunjungan_anc")
    client.post(new(mother), {**form, "episode": format_record_id(opening), "aksi": "simpan"})
    visit = next(event.key for event in time_line(mother) if event.kind == "kunjungan_anc")
    void = form_of(client, one(mother, opening)) | {"alasan-catatan": "keliru", "aksi": "batalkan"}
    client.post(one(mother, opening), void)
    form = form_of(client, one(mother, visit))
    assert form["episode"] == format_record_id(opening)
    client.post(
        one(mother, visit), {**form, "berat": "52", "alasan-catatan": "salah ketik", "aksi": "simpan"}
    )
    event = next(each for each in time_line(mother) if each.key == visit)
    assert (event.data["berat"], event.data["episode"]) == (520, opening)


def test_what_is_no_letter_is_read_as_such_on_every_database(village: Village, as_user: Login) -> None:
    client, child = as_user("puskesmas"), village.arkana
    assert client.get("/cari/?q=%00Ark%00").status_code == 200
    form = form_of(client, one(child, last_vaccine(child, "bcg")))
    sent = {**form, "alasan-catatan": "salah\0 ketik", "karcis": "\0", "aksi": "simpan"}
    assert client.post(one(child, last_vaccine(child, "bcg")), sent).status_code == 302
    assert Record.objects.order_by("seq").last().why == "salah\N{REPLACEMENT CHARACTER} ketik"  # type: ignore[union-attr]
    assert Client().post("/masuk/", {"username": "a\0", "password": "b\0"}).status_code == 200
