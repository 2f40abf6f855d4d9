"""Figures of a month, the names behind one, a recap and the list of rules to review, in a real browser with axe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from siklus.kernel.periods import parse_period
from siklus.library.loading import load_book
from siklus.monitoring.actions import replace_figures
from siklus.monitoring.figures import NewFigure
from tests import village as places
from tests.journeys.conftest import Enter
from tests.journeys.test_desk_journeys import A4
from tests.journeys.test_trial_journey import axe
from tests.village import Village

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_officer_opens_a_figure_of_the_month_to_its_names_and_counts_a_recap(
    village: Village, enter: Enter, page: Any, live_server: Any
) -> None:
    """The figures are written by hand, for it is the pages that are walked through; tests of figures count them."""
    month = parse_period("2026-11")
    figures = [_figure(name) for name in ("sakit", "dewasa")]
    replace_figures({month.name: figures}, {month.name: month.cut_off(places.TODAY)}, load_book().hash, 0)
    page.set_viewport_size({"width": 1366, "height": 768})
    enter("puskesmas")
    page.get_by_role("link", name="PWS dan indikator").click()
    faults = {"figures": axe(page)}
    page.get_by_role("combobox", name="Dasbor").select_option("klaster_3")
    page.get_by_role("button", name="Tampilkan").click()
    page.get_by_role("heading", name="Klaster 3, dewasa dan lansia", level=1).wait_for()
    assert page.pdf(**A4).count(b"/Type /Page\n") == 1, "a dashboard is one sheet"
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Tekanan darah diperiksa"))
    row.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("heading", level=1).wait_for()
    assert "/indikator/dewasa/" in page.url
    faults["names"] = axe(page)
    page.goto(f"{live_server.url}/rekapitulasi/rekap_balita/?wilayah={places.POSYANDU}&masa=2026-11")
    faults["recap"] = axe(page)
    assert page.get_by_role("table").count() > 0
    page.goto(f"{live_server.url}/telaah/")
    assert page.get_by_role("link", name="SPM anak").is_visible()
    faults["review"] = axe(page)
    assert {name: found for name, found in faults.items() if found} == {}


def _figure(indicator: str) -> NewFigure:
    names = load_book().indicator(indicator).components
    held = json.dumps({name: [1, 0, 0] for name in names})
    groups = json.dumps({"p:dewasa": [1, 1, 0, 0, *(1 for _ in names)]})
    return NewFigure(indicator, places.PUSKESMAS, 1, 1, 0, 0, held, groups)
