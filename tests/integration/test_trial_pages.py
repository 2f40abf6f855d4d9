"""Uji aturan: a small life is typed or copied, run, kept with who and when; nothing typed is lost, nobody is named."""

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
from siklus.kernel import dates
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import format_record_id
from siklus.library.installed import installed
from siklus.library.loading import load_book
from siklus.trials.models import KeptCase
from siklus.trials.queries import kept_cases
from tests import village as places
from tests.village import Village

pytestmark = pytest.mark.any_database
Login = Callable[[str], Client]
NEW = "/uji-aturan/baru/"
CHILD = {
    "kebutuhan": "mr1", "pada": "12/11/2026", "fakta-birth": "02/01/2026", "fakta-sex": "p",
    "catatan-0-jenis-catatan": "imunisasi", "catatan-0-tanggal-catatan": "2/2/2026", "catatan-0-vaksin": "bcg",
}  # fmt: skip


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Village]:
    """The village is planted once, with a store of rule books of its own: keeping a case pins the book."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("SIKLUS_VAR", str(tmp_path_factory.mktemp("var")))
        yield places.plant()
        transaction.set_rollback(True)


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def asked(client: Client, **typed: str) -> str:
    return words(client.post(NEW, {**CHILD, "aksi": "jalankan", **typed}))


def test_the_rail_leads_there_for_those_who_may_and_nobody_else_gets_in(
    village: Village, as_user: Login
) -> None:
    assert Client().get("/uji-aturan/").status_code == 302
    for name, may in (("dinkes", True), ("puskesmas", True), ("pustu", False), ("kader", False)):
        client = as_user(name)
        assert ("/uji-aturan/" in words(client.get("/"))) is may
        for address in ("/uji-aturan/", NEW, "/uji-aturan/1/", "/uji-aturan/1/keluarkan/"):
            assert (client.get(address).status_code == 403) is not may


def test_what_comes_out_is_told_with_the_reason_of_the_person_page(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), harap="due", waktunya="02/10/2026")
    assert "Sesuai harapan" in said
    assert "lahir 2 Jan 2026, Campak-rubela 1 (MR1) mulai umur 9 bulan (2 Okt 2026), belum tercatat" in said
    assert "KMK 2015/2023 Tabel 7" in said and "Bunyi aturan" in said
    assert KeptCase.objects.count() == 0


def test_what_came_otherwise_is_told_beside_what_was_expected(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), harap="overdue", terlambat="1/12/2026")
    assert "Tidak sesuai harapan" in said
    assert "status: diharapkan Terlambat, keluar Waktunya" in said
    assert "terlambat sejak: diharapkan 1 Des 2026, keluar 2 Jan 2027" in said


def test_without_an_expectation_the_answer_is_shown_alone(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"))
    assert "Yang keluar" in said
    assert "Tidak sesuai" not in said and "Sesuai harapan" not in said


def test_a_missing_fact_is_unknown_and_asked_for(village: Village, as_user: Login) -> None:
    said = asked(as_user("puskesmas"), harap="unknown", **{"fakta-birth": ""})
    assert "Sesuai harapan" in said
    assert "Kapan tanggal lahirnya?" in said


def test_every_fault_is_told_at_once_in_plain_words_and_nothing_typed_is_lost(
    village: Village, as_user: Login
) -> None:
    faults = {
        "pada": "kemarin", "fakta-birth": "31/02/2025", "fakta-kelas": "tiga", "catatan-0-vaksin": "",
        "catatan-1-jenis-catatan": "timbang", "catatan-1-tanggal-catatan": "01/11/2026", "catatan-1-berat": "830",
    }  # fmt: skip
    said = asked(as_user("puskesmas"), **faults)
    assert "Belum dapat dijalankan" in said
    for told in (
        "Keadaan pada tanggal: 'kemarin' bukan tanggal. Tulis hari/bulan/tahun seperti 21/11/2026.",
        "Tanggal lahir: 31/02/2025 tidak ada di kalender.",
        "Kelas sekolah tahun ajaran ini: 'tiga' bukan angka. Tulis seperti 12 atau 8,2.",
        "Catatan 1 (Imunisasi): Vaksin belum diisi",
        "Catatan 2 (Penimbangan dan pengukuran balita): Berat badan: 830 kg tidak mungkin; yang mungkin",
    ):
        assert told in said
    for text in ("kemarin", "31/02/2025", "tiga", "830"):
        assert f'value="{text}"' in said
    assert said.count('aria-invalid="true"') == len(re.findall(r'<li><a href="#f-', said)) == 5


def test_a_record_is_added_and_taken_away_with_the_rest_kept(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    added = words(client.post(NEW, {**CHILD, "aksi": "tambah", "jenis_baru": "timbang"}))
    assert "2. Penimbangan dan" in added and 'value="02/01/2026"' in added
    assert re.search(r'name="catatan-1-tanggal-catatan"[^>]*autofocus', added)
    gone = words(client.post(NEW, {**CHILD, "aksi": "hapus-0"}))
    assert "1. Imunisasi" not in gone and 'value="02/01/2026"' in gone


def test_a_life_may_begin_with_an_example_of_the_rule_that_comes_out_as_it_says(
    village: Village, as_user: Login
) -> None:
    client = as_user("dinkes")
    for need in ("mr1", "kn1", "k1", "skilas", "td_usia_produktif"):
        if all(each.name != need for each in load_book().needs):
            continue
        for number in (0, 1):
            assert "Sesuai harapan" in words(client.get(NEW, {"kebutuhan": need, "contoh": number}))
    assert "Pakai contoh" in words(client.get(NEW, {"kebutuhan": "mr1", "contoh": "999"}))


def test_a_person_is_copied_without_identity_and_moved_in_time(village: Village, as_user: Login) -> None:
    client, number = as_user("puskesmas"), format_record_id(village.arkana)
    assert f"{NEW}?orang={number}" in words(client.get(f"/orang/{number}/"))
    said = words(client.get(NEW, {"kebutuhan": "mr1", "orang": number}))
    for identity in ("Arkana", "Wijaya", "99020611", "Siti Marlina", "Cawang"):
        assert identity not in said
    born = dates.date_of(parse_day("2026-01-11") - dates.LEAP_CYCLE_DAYS)
    assert f'value="{born:%d/%m/%Y}"' in said and "11/01/2026" not in said
    assert said.count("Imunisasi</h3>") == 11 and "pengukuran balita</h3>" not in said, (
        "only what decides about MR1"
    )
    assert AuditEntry.objects.get(action="salin untuk uji aturan").subject == number
    as_it_was = words(client.get(NEW, {"kebutuhan": "mr1", "orang": number, "hari": "tetap"}))
    assert 'value="11/01/2026"' in as_it_was


def test_nobody_of_another_area_can_be_copied(village: Village, as_user: Login) -> None:
    client = as_user("puskesmas")
    stranger = {"kebutuhan": "mr1", "orang": format_record_id(village.stranger)}
    assert client.get(NEW, stranger).status_code == 404
    assert "bukan nomor orang" in words(client.get(NEW, {"kebutuhan": "mr1", "orang": "Asing"}))


def test_a_case_is_kept_listed_with_who_and_when_changed_by_few_and_taken_out(
    village: Village, as_user: Login
) -> None:
    officer, other, dinkes = as_user("puskesmas"), as_user("puskesmas2"), as_user("dinkes")
    nameless = asked(officer, aksi="simpan", harap="due")
    assert "Nama kasus: Beri nama" in nameless and KeptCase.objects.count() == 0
    assert (
        officer.post(NEW, {**CHILD, "aksi": "simpan", "judul": "Sepuluh bulan", "harap": "due"}).status_code
        == 302
    )
    (kept,) = kept_cases()
    assert installed().serving is not None and load_book().hash == installed().serving.hash  # type: ignore[union-attr]
    assert kept.life == {
        "on": "2026-11-12", "person": {"birth": "2026-01-02", "sex": "p"},
        "records": [{"kind": "imunisasi", "on": "2026-02-02", "vaksin": "bcg"}],
    }  # fmt: skip
    listed = words(other.get("/uji-aturan/"))
    assert "<b>1 kasus</b> dijalankan, semuanya sesuai" in listed
    assert "Sepuluh bulan" in listed and "Rahma Yuliana, " in listed

    page = f"/uji-aturan/{kept.id}/"
    wrong = {**CHILD, "aksi": "simpan", "judul": "Sepuluh bulan", "harap": "overdue"}
    assert "Simpan perubahan" not in words(other.get(page))
    assert other.post(page, wrong).status_code == 403
    assert other.get(f"{page}keluarkan/").status_code == 403
    after = words(dinkes.post(page, wrong, follow=True))
    assert "belum sesuai dengan buku aturan sekarang" in after
    assert "1 kasus</b> dijalankan: 0 sesuai, <b>1 tidak sesuai</b>" in after
    assert "diubah Andi Pratama" in after
    assert "Keluarkan kasus ini?" in words(dinkes.get(f"{page}keluarkan/"))
    assert "Belum ada kasus" in words(dinkes.post(f"{page}keluarkan/", follow=True))
    entry = AuditEntry.objects.get(action="hapus kasus uji")
    assert json.loads(entry.detail.partition("{")[1] + entry.detail.partition("{")[2])["on"] == "2026-11-12"


def test_another_officer_keeps_a_case_of_somebody_else_as_a_new_one(village: Village, as_user: Login) -> None:
    first = {**CHILD, "aksi": "simpan", "judul": "Satu", "harap": "due"}
    as_user("puskesmas").post(NEW, first)
    (kept,) = kept_cases()
    as_user("puskesmas2").post(f"/uji-aturan/{kept.id}/", {**first, "aksi": "simpan-baru", "judul": "Dua"})
    assert [(case.title, case.author_name) for case in kept_cases()] == [
        ("Satu", "Rahma Yuliana"),
        ("Dua", "Novita Sari"),
    ]


def test_a_need_that_a_form_invents_is_not_found(village: Village, as_user: Login) -> None:
    assert as_user("dinkes").post(NEW, {**CHILD, "kebutuhan": "tidak_ada"}).status_code == 404
    assert as_user("dinkes").get("/uji-aturan/999/").status_code == 404


def test_english_readers_get_the_plain_reason(village: Village, as_user: Login) -> None:
    client = as_user("dinkes")
    client.post("/bahasa/setlang/", {"language": "en", "next": "/"})
    said = asked(client, harap="due")
    assert "As expected" in said and "What should come out" in said
    assert "belum tercatat. Terlambat" not in said
