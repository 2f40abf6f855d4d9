"""Uji aturan in a real browser: from a child's page to a kept case by keyboard, by axe, in 320 points, on one A4."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.trials.queries import kept_cases
from tests.journeys.conftest import Enter
from tests.journeys.test_desk_journeys import A4, AXE_RULES
from tests.village import Village

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeping a case pins the rule book: in a folder of this test."""
    monkeypatch.setenv("SIKLUS_VAR", str(tmp_path))
    load_book()


def axe(page: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def test_an_officer_copies_a_child_says_what_should_come_out_and_keeps_the_case(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    faults = {}
    enter("puskesmas")
    page.goto(f"{live_server.url}/orang/{format_record_id(village.arkana)}/")
    page.get_by_role("main").get_by_role("link", name="Uji aturan").click()
    page.get_by_label("Kebutuhan").select_option("mr1")
    assert page.get_by_label("Digeser empat tahun").is_checked()
    faults["need"] = axe(page)
    page.get_by_role("button", name="Lanjut").click()
    assert page.get_by_text("Arkana").count() == 0

    page.get_by_label("Status").select_option("done")
    page.get_by_label("Tanggal lahir").fill("31/02/2022")
    page.get_by_label("Tanggal lahir").press("Enter")  # Enter anywhere runs the case
    faults["mistake"] = axe(page)
    page.get_by_role("link", name="31/02/2022 tidak ada di kalender").click()
    assert page.evaluate("document.activeElement.id") == "f-fakta-birth"
    page.get_by_label("Tanggal lahir").fill("11/1/2022")
    page.get_by_role("button", name="Jalankan").click()
    result = page.get_by_role("region", name="Tidak sesuai harapan")
    assert "status: diharapkan Sudah, keluar Waktunya" in result.inner_text()
    faults["run"] = axe(page)

    page.get_by_role("button", name="Tambah catatan").click()
    expect(page.locator("[name='catatan-12-tanggal-catatan']")).to_be_focused()  # ready to type
    page.keyboard.type("1/11/2022")
    last = page.get_by_role("group", name="13. Imunisasi")
    last.get_by_label("Vaksin", exact=True).select_option("mr")
    page.get_by_label("Nama kasus").fill("MR1 umur sembilan bulan dihitung")
    page.get_by_role("button", name="Simpan ke kumpulan kasus").click()
    assert page.get_by_role("row", name="Sesuai MR1 umur sembilan bulan dihitung").count() == 1
    assert "1 kasus dijalankan, semuanya sesuai" in page.get_by_role("main").inner_text()
    faults["list"] = axe(page)

    page.get_by_role("link", name="MR1 umur sembilan bulan dihitung").click()
    page.get_by_role("region", name="Sesuai harapan").wait_for()
    faults["case"] = axe(page)
    assert {name: found for name, found in faults.items() if found} == {}
    assert page.pdf(**A4).count(b"/Type /Page\n") == 1
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    (kept,) = kept_cases()
    assert "Arkana" not in str(kept.life)
