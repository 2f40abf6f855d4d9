"""Two ways of reading the rules in a real browser: who is owed what, and one rule reviewed; axe, A4, 320 points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Enter
from tests.journeys.test_desk_journeys import A4
from tests.journeys.test_trial_journey import axe
from tests.village import Village

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def too_wide(page: Any) -> bool:
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth") > 320
    page.set_viewport_size({"width": 1366, "height": 768})
    return bool(wide)


def test_a_midwife_asks_in_her_own_words_by_keyboard_and_prints_the_answer(
    village: Village, enter: Enter, page: Any
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    enter("pustu")
    page.get_by_role("link", name="Siapa berhak apa").click()
    faults = {"empty": axe(page)}
    assert page.evaluate("document.activeElement.id") == "f-q"  # ready to type
    page.keyboard.type("prempuan 45 tahun")
    page.keyboard.press("Enter")
    page.get_by_text("tidak dipahami").wait_for()
    faults["strange"] = axe(page)
    page.get_by_role("link", name="«perempuan»").click()
    page.get_by_role("heading", name="Perempuan 45 tahun", level=1).wait_for()
    assert page.get_by_text("tidak dipahami").count() == 0
    page.get_by_role("link", name="Pernah menikah", exact=True).click()
    now = page.get_by_role("region", name="Sekarang").first
    assert "IVA" in page.get_by_role("main").inner_text()
    now.get_by_text("Mengapa").first.click()
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    faults["answer"] = axe(page)
    assert not too_wide(page)
    page.get_by_label("Orangnya").fill("bayi 9 bulan")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bayi 9 bulan", level=1).wait_for()
    assert page.pdf(**A4).count(b"/Type /Page\n") == 1
    assert {name: found for name, found in faults.items() if found} == {}


def test_dinkes_reads_a_rule_approves_it_and_answers_a_question(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    enter("dinkes")
    page.get_by_role("link", name="Telaah aturan").click()
    faults = {"all": axe(page)}
    page.get_by_role("link", name="Imunisasi bayi dan baduta").click()
    faults["package"] = axe(page)
    page.get_by_role("link", name="Campak-rubela 1 (MR1)").click()
    page.get_by_role("button", name="Setujui naskah ini").click()
    page.get_by_text("Tulis jabatan atau keahlian Anda").wait_for()
    faults["lacking"] = axe(page)
    page.get_by_label("Jabatan atau keahlian Anda").fill("Dokter, Kabid Kesmas")
    page.get_by_label("Jabatan atau keahlian Anda").press("Enter")
    page.get_by_text("Persetujuan Anda atas naskah ini dicatat.").wait_for()
    page.get_by_label("Apa yang Anda ragukan?").fill("Mengapa batasnya 5 tahun?")
    page.get_by_role("button", name="Tanyakan").click()
    page.get_by_text("Jawab", exact=True).click()
    page.get_by_label("Jawaban").fill("Buku KIA, kolom kejar.")
    page.get_by_role("button", name="Simpan jawaban").click()
    page.get_by_text("Jawaban dicatat").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    faults["rule"] = axe(page)
    assert not too_wide(page)
    page.goto(f"{live_server.url}/telaah/pertanyaan/")
    faults["questions"] = axe(page)
    page.get_by_role("link", name="Campak-rubela 1 (MR1)").click()
    page.get_by_role("button", name="Nyatakan selesai").click()
    page.get_by_text("Pertanyaan dinyatakan selesai.").wait_for()
    assert page.locator("h1 + .chip").inner_text() == "Disetujui"
    page.goto(f"{live_server.url}/telaah/formulir/anc/")
    faults["form"] = axe(page)
    assert not too_wide(page)
    assert {name: found for name, found in faults.items() if found} == {}
