"""The import pages as a puskesmas officer walks through them, and as everybody else is kept out of them."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from siklus.access.models import AuditEntry
from siklus.care.models import Record
from siklus.exchange.excel.guard import inspect_workbook
from siklus.exchange.excel.models import Batch
from siklus.kernel.dates import iso
from siklus.register.models import Person
from tests.integration.exchange import world
from tests.integration.exchange.taking_in import SARI, children
from tests.integration.exchange.world import TODAY, sample, user
from tests.unit.exchange.workbooks import workbook

pytestmark = pytest.mark.usefixtures("planted")
REFUSED_ROW = 17
"""Of `eppgbm_kotor.xlsx`: a weight that cannot be."""


@pytest.fixture(autouse=True)
def same_day(settings: Any) -> None:
    settings.SIKLUS_TODAY = iso(TODAY)


def as_user(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return " ".join(text.split())


def upload(client: Client, content: bytes, name: str = "berkas.xlsx", **fields: str) -> Any:
    return client.post("/impor/", {"berkas": SimpleUploadedFile(name, content), **fields})


def staged(client: Client, content: bytes, name: str = "berkas.xlsx") -> Batch:
    response = upload(client, content, name)
    assert response.status_code == 302, words(response)
    return Batch.objects.get(pk=int(response["Location"].split("/")[2]))


def test_an_officer_uploads_looks_takes_a_suggestion_saves_and_takes_it_all_back() -> None:
    client = as_user("pkm")
    batch = staged(client, sample("eppgbm_kotor.xlsx"), "Penimbangan Oktober.xlsx")
    page = words(client.get(f"/impor/{batch.pk}/"))
    assert "17 baris = 7 orang baru + 2 cocok + 0 meragukan + 8 ditolak" in page
    assert "belum ada yang disimpan" in page and "lembar “Balita” · judul kolom di baris 4" in page
    assert "17 Berat 158 Di luar yang mungkin (0,3–60 kg) Mungkin 15,8; periksa catatan aslinya" in page
    assert "21 Desa/Kel Tj. Agungg Desa tidak ditemukan di wilayah Puskesmas Tanjung Agung" in page
    taken = client.post(
        f"/impor/{batch.pk}/saran/", {"kolom": "desa", "isi": "Tj. Agungg", "dibaca": "Tanjung Agung"}
    )
    page = words(client.get(taken["Location"]))
    assert "8 orang baru + 2 cocok + 0 meragukan + 7 ditolak" in page
    assert "Simpan 10 baris yang baik" in page
    saved = client.post(f"/impor/{batch.pk}/simpan/", follow=True)
    assert "10 baris disimpan menjadi 18 catatan." in words(saved)
    assert Person.objects.count() == 8
    known = words(client.get(f"/impor/{batch.pk}/?lihat=baru"))
    assert "Alya Zahira" in known and "berat badan 11,2 kg" in known
    would = words(client.get(f"/impor/{batch.pk}/batalkan/"))
    assert "18 catatan dari berkas ini akan dibatalkan" in would
    undone = client.post(f"/impor/{batch.pk}/batalkan/", {"alasan": "salah berkas"}, follow=True)
    assert "18 catatan dibatalkan." in words(undone)
    assert Person.objects.count() == 0
    assert set(Record.objects.filter(is_void=True).values_list("why", flat=True)) == {"salah berkas"}
    assert {"impor diunggah", "lihat impor", "impor disimpan", "impor dibatalkan"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_the_columns_page_says_what_becomes_of_every_column_and_lets_it_be_changed() -> None:
    client = as_user("pkm")
    batch = staged(client, sample("eppgbm_kotor.xlsx"))
    page = words(client.get(f"/impor/{batch.pk}/?lihat=kolom"))
    assert "15/16 Kolom dikenali" in page
    assert "Tangal Pengukuran Tanggal Pengukuran mirip" in page
    assert "Jml Vit A Jml Vit A sama Dibaca, tidak disimpan: Jumlah kapsul tanpa tanggal dan warna" in page
    assert "Keterangan petugas – – Tidak dikenal" in page
    assert client.get(f"/impor/{batch.pk}/kolom/").status_code == 200
    fields = {f"kolom-{place}": key or "" for place, key in enumerate(json.loads(batch.keys))}
    client.post(f"/impor/{batch.pk}/kolom/", {**fields, "kolom-10": ""})
    batch.refresh_from_db()
    assert json.loads(batch.keys)[10] is None
    assert "14/16 Kolom dikenali" in words(client.get(f"/impor/{batch.pk}/?lihat=kolom"))


def test_a_doubtful_row_is_decided_beside_the_person_it_may_be() -> None:
    client = as_user("pkm")
    first = staged(client, children(SARI.replace("9902216902240001", "")), "a.csv")
    client.post(f"/impor/{first.pk}/simpan/")
    batch = staged(
        client, children(";Sari Conto;P;29/02/2024;Ibu Contoh;Apur;Aster;09/11/2026;12,9"), "b.csv"
    )
    assert "nilai 93 dari 100" in words(client.get(f"/impor/{batch.pk}/?lihat=meragukan"))
    page = client.get(f"/impor/{batch.pk}/baris/2/")
    assert "Sari Contoh" in words(page) and "nama mirip 87 %" in words(page)
    known = Person.objects.get()
    assert client.post(f"/impor/{batch.pk}/baris/2/", {"putusan": "same:999"}).status_code == 302
    assert batch.rows.get().verdict == "conflict", "somebody who was not offered cannot be chosen"
    client.post(f"/impor/{batch.pk}/baris/2/", {"putusan": f"same:{known.id}"})
    assert "1 cocok" in words(client.get(f"/impor/{batch.pk}/"))
    client.post(f"/impor/{batch.pk}/simpan/")
    assert Person.objects.count() == 1
    assert Record.objects.filter(kind="timbang", person_id=known.id).count() == 2


def test_refused_rows_come_back_as_a_workbook_with_reasons_that_can_be_sent_again() -> None:
    client = as_user("pkm")
    batch = staged(client, sample("eppgbm_kotor.xlsx"))
    response = client.get(f"/impor/{batch.pk}/ditolak.xlsx")
    assert response["Content-Disposition"].endswith('-ditolak.xlsx"')
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Nama Anak", "NIK", "TGL. LAHIR"]
    assert rows[0][-3:] == ["Baris asal", "Mengapa ditolak", "Yang bisa dilakukan"]
    assert len(rows) == 9
    hafiz = rows[1]
    assert (hafiz[0], hafiz[-3]) == ("Hafiz Maulana", 17.0)
    assert hafiz[-2] == "Berat: Di luar yang mungkin (0,3–60 kg)"
    again = staged(client, response.content)
    assert json.loads(again.counts)["reject"] == 8


def test_texts_that_look_like_formulas_stay_texts_in_the_workbook() -> None:
    client = as_user("pkm")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(sample("eppgbm_kotor.xlsx")))
        .get_sheet_by_name("Balita")
        .to_python()
    )
    name = next(row for row in rows if "Nama Anak" in row).index("Nama Anak")
    rows[REFUSED_ROW - 1][name] = '=HYPERLINK("x")'
    batch = staged(client, workbook(("Balita", rows)))
    refused = client.get(f"/impor/{batch.pk}/ditolak.xlsx").content
    kept = CalamineWorkbook.from_filelike(io.BytesIO(refused)).get_sheet_by_index(0).to_python()
    assert '=HYPERLINK("x")' in [row[name] for row in kept]
    assert [part.formula for part in inspect_workbook(refused)] == [""]


def test_a_script_in_a_cell_is_shown_as_it_was_written() -> None:
    client = as_user("pkm")
    batch = staged(client, sample("eppgbm_jahat.xlsx"))
    page = client.get(f"/impor/{batch.pk}/?lihat=baru").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("jahat_makro.xlsm", "Berkas ini berisi makro"),
        ("jahat_rumus.xlsx", "berisi rumus, yang pertama di sel S3"),
        ("jahat_seribu_kolom.xlsx", "berisi 1034 kolom"),
        ("jahat_terkunci.xlsx", "Berkas ini terkunci kata sandi"),
    ],
)
def test_a_hostile_file_is_refused_with_what_to_do_and_nothing_is_kept(name: str, said: str) -> None:
    response = upload(as_user("pkm"), sample(name), name)
    assert response.status_code == 200
    assert said in words(response) and "Tidak ada yang disimpan." in words(response)
    assert Batch.objects.count() == 0


def test_an_upload_without_a_file_says_so() -> None:
    response = as_user("pkm").post("/impor/", {})
    assert response.status_code == 200 and "Berkas ini kosong." in words(response)


def test_the_same_file_again_is_pointed_out() -> None:
    client = as_user("pkm")
    first = staged(client, sample("eppgbm_bersih.xlsx"))
    client.post(f"/impor/{first.pk}/simpan/")
    again = staged(client, sample("eppgbm_bersih.xlsx"))
    assert "Berkas yang sama persis sudah pernah disimpan" in words(client.get(f"/impor/{again.pk}/"))
    client.post(f"/impor/{again.pk}/buang/")
    assert again.rows.count() == 0
    assert "dibuang" in words(client.get("/impor/"))


@pytest.mark.parametrize(
    "address",
    ["/impor/", "/impor/{0}/", "/impor/{0}/kolom/", "/impor/{0}/baris/2/", "/impor/{0}/ditolak.xlsx"],
)
def test_only_puskesmas_and_dinkes_within_their_scope_reach_an_import(address: str) -> None:
    batch = staged(as_user("pkm"), sample("eppgbm_bersih.xlsx"))
    here = address.format(batch.pk)
    assert Client().get(here).status_code == 302
    assert as_user("kader").get(here).status_code == 403
    assert as_user("dinkes").get(here).status_code == 200
    assert as_user("tetangga").get(here).status_code == (404 if "{0}" in address else 200)
    assert "berkas.xlsx" not in words(as_user("tetangga").get("/impor/"))


@pytest.mark.parametrize("address", ["simpan", "buang", "saran", "batalkan"])
def test_nobody_else_can_change_an_import(address: str) -> None:
    batch = staged(as_user("pkm"), sample("eppgbm_bersih.xlsx"))
    assert as_user("tetangga").post(f"/impor/{batch.pk}/{address}/").status_code == 404
    assert as_user("kader").post(f"/impor/{batch.pk}/{address}/").status_code == 403
    batch.refresh_from_db()
    assert batch.state == "staged" and Record.objects.count() == 0


def test_a_file_cannot_be_sent_for_somebody_elses_area() -> None:
    response = upload(as_user("tetangga"), sample("eppgbm_bersih.xlsx"), wilayah=world.PUSKESMAS)
    assert response.status_code == 404
    assert Batch.objects.count() == 0


def test_dinkes_may_choose_the_puskesmas_a_file_is_for() -> None:
    client = as_user("dinkes")
    assert "Puskesmas Tanjung Agung" in words(client.get("/impor/"))
    response = upload(client, sample("eppgbm_bersih.xlsx"), wilayah=world.PUSKESMAS)
    assert response.status_code == 302
    assert Batch.objects.get().place_code == world.PUSKESMAS


def test_many_rows_are_shown_fifty_at_a_time() -> None:
    client = as_user("pkm")
    firsts = "Alya Bagas Citra Dafa Elisa Fahri Gita Hafiz Intan Jihan".split()
    seconds = "Zahira Pratama Lestari Ramadhan Maharani Hidayat".split()
    names = [f"{first} {second}" for first in firsts for second in seconds]
    lines = [
        f";{name};P;{n % 28 + 1:02}/{n % 12 + 1:02}/{2021 + n % 5};;Apur;Aster;09/11/2026;12,9"
        for n, name in enumerate(names)
    ]
    batch = staged(client, children(*lines), "banyak.csv")
    first, second = (words(client.get(f"/impor/{batch.pk}/?lihat=baru&hal={page}")) for page in (1, 2))
    assert "Baris 1–50 dari 60" in first and "Baris 51–60 dari 60" in second


def test_a_saved_import_cannot_be_saved_by_a_second_click() -> None:
    client = as_user("pkm")
    batch = staged(client, children(SARI), "a.csv")
    client.post(f"/impor/{batch.pk}/simpan/")
    records = Record.objects.count()
    client.post(f"/impor/{batch.pk}/simpan/")
    client.post(f"/impor/{batch.pk}/buang/")
    assert Record.objects.count() == records
    batch.refresh_from_db()
    assert batch.state == "saved"
