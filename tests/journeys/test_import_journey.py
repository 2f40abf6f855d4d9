"""A list on its way into the register, in a real browser: uploaded, looked at, decided, saved, taken back; by axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Enter
from tests.journeys.test_desk_journeys import AXE_RULES

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HEAD = "NIK;Nama;JK;Tgl Lahir;Nama Ortu;Desa/Kel;Posyandu;Tanggal Pengukuran;Berat"
LINES = (
    "9902061504240031;Raka Contoh;L;15/04/2024;Wulan Contoh;Cawang Contoh;Melati 1;05/11/2026;11,2",
    ";Nayla Azara;P;03/12/2024;Dewi Anggraini;Cawang Contoh;Melati 2;05/11/2026;9,1",
    ";Tono Contoh;L;31/02/2025;Ibu Tono;Cawang Contoh;Melati 1;05/11/2026;9,1",
    ";Tini Contoh;P;01/02/2025;Ibu Tini;Cwang Contoh;Melati 1;05/11/2026;9,1",
)


def calm(page: Any) -> None:
    """The page has no fault axe knows of, and fits a phone of 320 points."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_RULES}}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_list_goes_in_row_by_row_and_comes_out_again(enter: Enter, page: Any) -> None:
    enter("puskesmas")
    page.get_by_role("link", name="Impor data").click()
    calm(page)
    content = "\n".join([HEAD, *LINES]).encode()
    page.get_by_label("Berkas Excel (.xlsx) atau CSV").set_input_files(
        [{"name": "November.csv", "mimeType": "text/csv", "buffer": content}]
    )
    page.get_by_role("button", name="Periksa berkas").click()

    page.get_by_role("heading", name="Impor: periksa dulu sebelum disimpan").wait_for()
    assert sum_line(page) == "4 baris = 1 orang baru + 0 cocok + 1 meragukan + 2 ditolak"
    refused = page.get_by_role("row").filter(has_text="31/02/2025")
    assert "Tanggal tidak ada di kalender" in refused.inner_text()
    calm(page)
    page.get_by_role("button", name="Pakai saran").click()
    assert sum_line(page) == "4 baris = 2 orang baru + 0 cocok + 1 meragukan + 1 ditolak"

    page.get_by_role("link", name=re.compile("Kolom dikenali")).click()
    page.get_by_role("rowheader", name="Tgl Lahir").wait_for()
    calm(page)
    page.get_by_role("link", name="Ubah arti kolom").click()
    calm(page)
    page.get_by_role("button", name="Periksa lagi").click()

    page.get_by_role("link", name=re.compile("Meragukan")).click()
    page.get_by_role("link", name=re.compile("Putuskan")).click()
    page.get_by_role("heading", name="Nayla Azara").wait_for()
    calm(page)
    page.get_by_role("button", name="Orang yang sama Nayla Azzahra").click()
    assert sum_line(page) == "4 baris = 2 orang baru + 1 cocok + 0 meragukan + 1 ditolak"

    page.get_by_role("button", name="Simpan 3 baris yang baik").click()
    page.get_by_role("heading", name="Impor: sudah disimpan").wait_for()
    assert page.get_by_text("3 baris disimpan menjadi").is_visible()
    page.get_by_role("link", name=re.compile("Orang baru")).click()
    page.get_by_role("link", name="Raka Contoh").click()
    page.get_by_role("heading", name="Raka Contoh", level=1).wait_for()
    page.go_back()

    page.get_by_role("link", name="Batalkan seluruh impor ini").click()
    calm(page)
    page.get_by_label("Alasan").fill("salah berkas")
    page.get_by_role("button", name=re.compile(r"Batalkan \d+ catatan")).click()
    page.get_by_role("heading", name="Impor: sudah dibatalkan").wait_for()


def test_a_file_that_cannot_be_taken_says_why_and_what_to_do(
    enter: Enter, page: Any, live_server: Any
) -> None:
    enter("puskesmas")
    page.goto(f"{live_server.url}/impor/")
    page.get_by_label("Berkas Excel (.xlsx) atau CSV").set_input_files(
        [{"name": "laporan.pdf.csv", "mimeType": "text/csv", "buffer": b"%PDF-1.7 bukan daftar"}]
    )
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_role("heading", name="Ini bukan lembar kerja Excel (.xlsx) atau CSV.").wait_for()
    calm(page)


def sum_line(page: Any) -> str:
    """The sum of the rows as the page says it."""
    return " ".join(page.locator(".sum").inner_text().split())
