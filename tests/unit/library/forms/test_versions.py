"""A newer form says how the answers of the older one read on it; the older one stays as it was."""

from __future__ import annotations

import pytest

from siklus.library.forms import load_forms
from siklus.library.forms.versions import carried
from tests.unit.library.forms.small_forms import form, forms, told

OLD = form(
    "td: ukur_td, kb: pakai_kb, keluhan",
    "ask: td.sistolik, id: tensi",
    "ask: kb.cara",
    "ask: keluhan.uraian, id: catatan",
    "ask: keluhan.sakit",
)
NEW = form(
    "td: ukur_td, riwayat: riwayat_penyakit, kb: pakai_kb, keluhan",
    "ask: td.sistolik",
    "ask: kb.cara",
    "ask: keluhan.sakit",
    "ask: riwayat.diri_asma",
).replace("version: 1", "version: 2")
MAPS = """\
maps:
  from: 1
  renamed: {tensi: sistolik}
  values: {cara: {akdr: lain}}
  split: {catatan: {asma: diri_asma}}
"""


def test_answers_of_an_older_version_read_on_the_newer_one() -> None:
    versions = forms(OLD, NEW + MAPS).versions("percobaan")
    old = {"tensi": 130, "cara": "akdr", "catatan": "asma", "sakit": True}
    assert carried(versions, old, 1) == {"sistolik": 130, "cara": "lain", "diri_asma": True, "sakit": True}
    assert carried(versions, {"sistolik": 130}, 2) == {"sistolik": 130}
    assert carried(versions, {"catatan": "batuk"}, 1) == {}


def test_what_is_no_longer_asked_is_left_out_with_its_reason() -> None:
    maps = MAPS.replace("split: {catatan: {asma: diri_asma}}", "dropped: {catatan: tidak pernah dibaca}")
    assert carried(forms(OLD, NEW + maps).versions("percobaan"), {"catatan": "asma", "cara": "pil"}, 1) == {
        "cara": "pil"
    }


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (OLD, NEW, "version 2 has 'maps' with 'from: 1'"),
        (OLD, NEW + MAPS.replace("from: 1", "from: 3"), "version 2 has 'maps' with 'from: 1'"),
        (OLD, NEW + MAPS.replace("  renamed: {tensi: sistolik}\n", ""), "'tensi' of version 1 is lost;"),
        (
            OLD,
            NEW + MAPS.replace("{tensi:", "{tensii:"),
            "'tensii' was no question of version 1. Did you mean 'tensi'?",
        ),
        (
            OLD,
            NEW + MAPS.replace("tensi: sistolik", "tensi: sakit"),
            "'tensi' is another thing in version 2;",
        ),
        (OLD.replace("version: 1", "version: 3"), NEW + MAPS, "'percobaan' has version 2, but no version 1"),
        (OLD.replace("2026-11-22", "2027-01-01"), NEW + MAPS, "version 2 stands before the one it follows"),
    ],
)
def test_a_version_that_loses_an_answer_is_a_fault(old: str, new: str, fault: str) -> None:
    assert any(fault in line and line.startswith("F12 ") for line in told(old, new))


def test_the_card_of_adults_is_kept_in_the_version_without_cholesterol() -> None:
    """The older copies of the recap form know neither cholesterol nor Covid-19."""
    catalogue = load_forms()
    old, new = catalogue.versions("kartu_dewasa_lansia")
    added = {item.id for item in new.questions} - {item.id for item in old.questions}
    assert {"kolesterol", "imunisasi_covid", "dosis_covid"} <= added
    assert catalogue.of_edition("kartu_dewasa_lansia/1") is old
    assert carried((old, new), {"berat": 60.5}, 1) == {"berat": 60.5}
