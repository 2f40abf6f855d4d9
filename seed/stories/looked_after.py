"""What follows on a screening or a diagnosis: weighed again, looked at further, the yearly tests of a known illness.

Dice of its own, and nothing that decides an indicator of the account: who lacks something there lacks it still.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seed.days import age_on, month_later
from seed.notebook import compact
from seed.people import FEMALE
from seed.scene import BIDAN, DOKTER, KADER, PERAWAT, POSYANDU, PUSKESMAS, Resident, Scene
from seed.stories.forms import body, score

HEAVY, TROUBLED, OLD, PATIENT, BREAST = "heavy", "troubled", "old", "patient", "breast"


def tell_looked_after(scene: Scene, residents: Sequence[Resident]) -> None:
    """Everything that earlier stories left to be followed up."""
    tell = {HEAVY: _weigh_again, TROUBLED: _look_further, OLD: _test_the_old, PATIENT: _test_patient}
    for person, what, on, told in scene.findings:
        if what in tell and scene.chance(scene.assumptions.looked_after.done):
            tell[what](scene, person, on, told)
    screened = {person.ref for person, what, _on, _told in scene.findings if what == BREAST}
    for person in residents:
        if person.soul.sex == FEMALE and person.ref not in screened:
            _examine_woman(scene, person)


def _weigh_again(scene: Scene, person: Resident, on: int, told: Any) -> None:
    """Three months after a weight that is too high."""
    rules, (weight, height) = scene.assumptions.looked_after, told
    again = month_later(on, rules.weighed_after_months) + scene.between(*rules.weighed_days)
    if again <= min(person.last_day, scene.on):
        weight += scene.rng.uniform(*rules.weight_change)
        scene.note(person, "ukur_bbtb", again, body(weight, height), KADER, POSYANDU)


def _look_further(scene: Scene, person: Resident, on: int, _told: Any) -> None:
    """The longer questions after a trouble was found in an old person."""
    rules = scene.assumptions.looked_after
    later = min(on + scene.between(*rules.looked_days), person.last_day, scene.on)
    scene.note(person, "minicog", later, score(scene.between(*rules.memory_scores)), PERAWAT, scene.clinic)


def _test_the_old(scene: Scene, person: Resident, on: int, _told: Any) -> None:
    fat = compact({"nilai": scene.between(*scene.assumptions.looked_after.cholesterol)})
    scene.note(person, "ukur_kolesterol", on, fat, PERAWAT, scene.clinic)


def _test_patient(scene: Scene, person: Resident, on: int, has_diabetes: Any) -> None:
    """The tests of a year on the day of a control: fats, urine, heart, eyes, risk; of diabetics the cough too."""
    rules = scene.assumptions.looked_after
    fats = {name: scene.between(*limits) for name, limits in rules.by_name_fats.items()}
    scene.note(person, "lab", on, compact({**fats, "protein_urin": "negatif"}), PERAWAT, PUSKESMAS)
    for kind in ("ekg", "funduskopi"):
        scene.note(person, kind, on, '{"hasil":"normal"}', DOKTER, PUSKESMAS)
    scene.note(person, "prediksi_ptm", on, '{"risiko":"kurang_5"}', DOKTER, PUSKESMAS)
    if has_diabetes:
        scene.note(person, "skrining_tb", on, '{"gejala":0,"kontak_erat":false}', PERAWAT, PUSKESMAS)


def _examine_woman(scene: Scene, woman: Resident) -> None:
    """Breast and cervix of a woman whom the yearly screening did not examine."""
    rules = scene.assumptions.looked_after
    first, last = max(woman.first_day, scene.start), min(woman.last_day, scene.on)
    age = age_on(woman.soul.birth, first)
    if first > last or age < rules.breast_from or not scene.chance(rules.examined):
        return
    on = scene.between(first, last)
    scene.note(woman, "sadanis", on, '{"hasil":"negatif"}', BIDAN, scene.clinic)
    if age < rules.cervix_before and not woman.is_unmarried:
        scene.note(woman, "iva", on, '{"hasil":"negatif"}', BIDAN, scene.clinic)
