"""The desk in a real browser: from a number to the reason, without a mouse, on paper, in 320 points, and by axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from siklus.care import actions as care
from siklus.kernel.ids import format_record_id
from siklus.records.drafts import DraftRecord
from tests import village as places
from tests.journeys.conftest import Enter
from tests.village import Village

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHIPS = """[...document.querySelectorAll(".chip")].map(
    (chip) => ({shapes: chip.querySelectorAll("svg use").length, word: chip.textContent.trim()}))"""
A4 = {"format": "A4", "prefer_css_page_size": True}


def addresses(village: Village) -> list[str]:
    """Every page of the desk, each in the states that look different."""
    person, family = format_record_id(village.arkana), format_record_id(village.family)
    return [
        "/", "/bahaya/", "/kebutuhan/", "/kebutuhan/?paket=imunisasi&status=overdue", "/kebutuhan/?paket=ibu_nifas",
        "/spm/", "/spm/?dari=terdaftar", "/spm/spm04/", "/spm/spm04/?lihat=belum-jelas", f"/orang/{person}/",
        f"/orang/{person}/?buka=tidak-perlu", f"/orang/{format_record_id(village.grandmother)}/",
        f"/orang/{person}/catat/", f"/orang/{person}/catat/?jenis-catatan=timbang",
        f"/orang/{person}/catatan/{format_record_id(village.weight)}/",
        f"/keluarga/{family}/", "/cari/", "/cari/?q=a", "/cari/?q=tidakada",
        "/tugas/",
        "/formulir/penolakan/", "/formulir/keberatan/", "/daftar/", "/daftar/daftar_keluarga/",
        f"/daftar/daftar_orang/?keluarga={family}",
        "/formulir/", "/formulir/kartu_balita/", "/formulir/kartu_dewasa_lansia/?versi=1", "/formulir/kspr/",
    ]  # fmt: skip


def test_an_officer_goes_from_spm_4_to_the_reason_why_mr1_is_overdue(enter: Enter, page: Any) -> None:
    enter("puskesmas")
    page.get_by_role("link", name="SPM", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Balita"))
    assert row.get_by_text("dari 20 sasaran").is_visible()
    row.get_by_role("link", name="5", exact=True).last.click()

    page.get_by_role("heading", name="SPM-4 Pelayanan kesehatan balita: siapa yang belum lengkap").wait_for()
    assert "0 lengkap + 5 belum lengkap = 5 terdaftar" in " ".join(page.locator(".sum").inner_text().split())
    page.get_by_role("link", name="Rafa Alfarizi").click()

    page.get_by_role("heading", name="Rafa Alfarizi", level=1).wait_for()
    together = page.locator("section.many").filter(has_text="Campak-rubela 1 (MR1)")
    together.get_by_text("Satu per satu").click()
    need = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Campak-rubela 1 (MR1)"))
    assert need.locator(".chip").inner_text() == "Terlambat"
    said = need.inner_text()
    assert "Terlambat sejak 1 Jul 2026" in said
    assert "mulai umur 9 bulan (1 Apr 2026), belum tercatat" in said
    assert "Bidan, perawat: posyandu, pustu" in said
    assert "KMK 2015/2023 Tabel 7" in said
    assert "(dibaca)" in said
    need.get_by_text("Bunyi aturan").click()
    assert need.get_by_text("ada imunisasi (vaksin campak-rubela (MR))").is_visible()
    need.get_by_text("Yang disampaikan kepada keluarga").click()
    assert need.get_by_text("Campak dapat membuat anak sakit berat").is_visible()
    assert need.get_by_text("Jelaskan dan bantu:").is_visible()


def test_an_officer_records_the_missing_vaccine_and_puts_its_day_right(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    enter("puskesmas")
    page.goto(f"{live_server.url}/orang/{format_record_id(village.arkana)}/")
    page.get_by_role("link", name="Catat layanan").click()
    page.get_by_label("Apa yang dicatat?").select_option(label="Imunisasi")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Vaksin", exact=True).select_option(label="Campak-rubela (MR)")
    page.get_by_label("Tanggal hh/bb/tttt").fill("11/11/2025")
    page.get_by_role("button", name="Simpan").click()
    assert page.get_by_text("sebelum orang ini lahir").first.is_visible()
    page.get_by_label("Tanggal hh/bb/tttt").fill("11/11/2026")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("Imunisasi dicatat.").wait_for()
    assert page.get_by_role("heading", name="Campak-rubela 1 (MR1)").count() == 0
    page.get_by_role("link", name="Perbaiki").first.click()
    page.get_by_label("Tanggal hh/bb/tttt").fill("12/11/2026")
    page.get_by_role("button", name="Simpan perbaikan").click()
    page.get_by_text("Tulis alasannya").first.wait_for()
    page.get_by_label("Alasan").fill("salah hari")
    page.get_by_role("button", name="Simpan perbaikan").click()
    page.get_by_text("Imunisasi diperbaiki.").wait_for()
    assert page.get_by_text("Dibetulkan: salah hari").is_visible()


def test_every_page_passes_axe_fits_a_small_phone_and_tells_a_status_by_shape_and_word(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    asked = {"untuk": "kader", "cara": "kunjungi", "alasan": "belum_datang", "sampai": "2026-11-30"}
    task = DraftRecord(kind="tugas", on=places.TODAY, person=village.arkana, data=asked)
    assert care.append_records([task], author=None, today=places.TODAY)[0].is_accepted
    page.goto(f"{live_server.url}/masuk/")
    found = {"/masuk/": Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]}
    enter("puskesmas")
    too_wide, chips = [], []
    for address in addresses(village):
        page.set_viewport_size({"width": 1366, "height": 768})
        assert page.goto(live_server.url + address).status == 200
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found[address] = Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]
        chips += page.evaluate(CHIPS)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide.append(address)
    told = {address: [(v["id"], v["nodes"][0]["html"]) for v in bad] for address, bad in found.items() if bad}
    assert told == {}
    assert too_wide == []
    assert len(chips) > 30
    assert [chip for chip in chips if chip["shapes"] != 1 or not chip["word"]] == []


def test_somebody_is_registered_without_a_mouse_and_who_may_be_meant_is_shown_first(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    enter("puskesmas")
    page.goto(f"{live_server.url}/daftar/daftar_orang/")
    page.keyboard.type("Siti Marlena")
    page.get_by_label("Tanggal lahir").fill("15/05/1995")
    page.get_by_label("Jenis kelamin").select_option(label="Perempuan")
    page.get_by_label("Nama wajib").press("Enter")
    page.get_by_role("link", name="Siti Marlina").wait_for()
    found = [each["id"] for each in Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]]
    page.set_viewport_size({"width": 320, "height": 640})
    assert (found, page.evaluate("document.documentElement.scrollWidth")) == ([], 320)
    page.get_by_role("button", name="Bukan orang yang sama, daftarkan").press("Enter")
    page.get_by_label("Alamat").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-alamat", "the first question that is new"
    page.keyboard.press("Enter")
    page.get_by_text("Pendaftaran orang disimpan.").wait_for()
    assert page.get_by_role("heading", name="Siti Marlena", level=1).is_visible()


def test_the_keyboard_is_enough(enter: Enter, page: Any, live_server: Any) -> None:
    enter("puskesmas")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "cari"
    page.keyboard.type("wijaya")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari/?q=wijaya")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Hendra Wijaya"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "Arkana Putra Wijaya"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Arkana Putra Wijaya", level=1).wait_for()
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/kebutuhan/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"


def test_a_page_works_without_its_script(village: Village, browser: Any, live_server: Any) -> None:
    context = browser.new_context(locale="id-ID", java_script_enabled=False)
    window = context.new_page()
    window.goto(f"{live_server.url}/masuk/?next=/kebutuhan/")
    window.get_by_label("Nama pengguna").fill("kader")
    window.get_by_label("Kata sandi").fill(places.PASSWORD)
    window.get_by_role("button", name="Masuk").click()
    window.get_by_label("Status").select_option("overdue")
    window.get_by_role("button", name="Tampilkan").click()
    assert "status=overdue" in window.url
    assert window.get_by_role("button", name="Cetak A4").count() == 0
    context.close()


def test_the_list_of_a_posyandu_prints_on_one_a4_with_boxes_to_tick_and_without_the_screen_around_it(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    enter("puskesmas")
    page.goto(f"{live_server.url}/kebutuhan/?wilayah={places.POSYANDU}")
    paper = page.pdf(**A4)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.emulate_media(media="print")
    assert not page.locator("nav.rail").is_visible()
    assert not page.get_by_role("button", name="Tampilkan").is_visible()
    assert page.get_by_text("dicetak 12 Nov 2026").is_visible()
    assert page.locator("table .box").count() >= page.locator("tr.one").count() > 3
    assert page.get_by_text("Centang kotaknya").is_visible()


def test_the_spm_page_prints_on_one_sheet(enter: Enter, page: Any, live_server: Any) -> None:
    enter("puskesmas")
    page.goto(f"{live_server.url}/spm/")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(**A4))) == 1


def test_nobody_reaches_a_person_outside_the_area_and_is_told_kindly(
    village: Village, browser: Any, live_server: Any
) -> None:
    context = browser.new_context(locale="id-ID")
    window = context.new_page()
    window.goto(f"{live_server.url}/masuk/")
    window.get_by_label("Nama pengguna").fill("puskesmas2")
    window.get_by_label("Kata sandi").fill(places.PASSWORD)
    window.get_by_role("button", name="Masuk").click()
    answer = window.goto(f"{live_server.url}/orang/{format_record_id(village.arkana)}/")
    assert answer.status == 404
    assert "di luar wilayah Anda" in window.content()
    assert "Arkana" not in window.content()
    context.close()


def test_the_language_is_changed_by_a_button_and_stays(enter: Enter, page: Any, live_server: Any) -> None:
    enter("puskesmas")
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Who needs a service").click()
    page.get_by_role("heading", name="Who needs a service: Puskesmas Contoh Selupu").wait_for()
    assert page.get_by_text("Sample data").first.is_visible()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    page.get_by_role("heading", name="Yang perlu dilayani: Puskesmas Contoh Selupu").wait_for()
