"""Tuberculosis from suspicion to the end of treatment, with the people of the house; tests for HIV of those at risk.

A suspicion has everything the standard asks for, or one clear gap. Whoever is pregnant, treated for tuberculosis, or
was found at risk this year should be tested for HIV and taught; the account knows who was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seed import account
from seed.assumptions import Section
from seed.days import age_on, date_of, iso, month_later
from seed.notebook import Ref, compact
from seed.scene import BIDAN, DOKTER, KADER, PERAWAT, POSYANDU, PUSKESMAS, Resident, Scene

EVERYTHING, NO_SPUTUM, NOT_TAUGHT, ONLY_KADER = "everything", "no_sputum", "not_taught", "only_kader"
UNTESTED = "untested"


@dataclass(slots=True)
class _Risk:
    """Somebody who should be tested this year: since when, and whether it was done elsewhere."""

    person: Resident
    since: int
    is_tested: bool


def tell_infections(scene: Scene, residents: Sequence[Resident]) -> None:
    """Everybody's two years."""
    risks: dict[Ref, _Risk] = {}
    at_home: dict[int, list[Resident]] = {}
    for person in residents:
        at_home.setdefault(id(person.house), []).append(person)
    for person in residents:
        first, last = max(person.first_day, scene.start), min(person.last_day, scene.on)
        if first <= last and age_on(person.soul.birth, first) >= scene.assumptions.lungs.from_age:
            _tell_lungs(scene, person, first, last, at_home[id(person.house)], risks)
    _ask_about_risk(scene, residents, risks)
    for mother, opened, _ in scene.pregnancies:
        if date_of(opened).year == scene.year:
            _at_risk(risks, mother, opened)
    for mother, _, tested_on in scene.pregnancies:
        if mother.ref in risks and tested_on is not None and date_of(tested_on).year == scene.year:
            risks[mother.ref].is_tested = True
    for risk in risks.values():
        _test(scene, risk)


def _tell_lungs(
    scene: Scene, person: Resident, first: int, last: int, house: list[Resident], risks: dict[Ref, _Risk]
) -> None:
    """A kader asks some; a few are suspected, and some of those are ill."""
    rules = scene.assumptions.lungs
    if scene.chance(rules.asked):
        scene.note(person, "skrining_tb", scene.some_day(first, last), '{"gejala":0}', KADER, POSYANDU)
    if not scene.chance(rules.suspected):
        return
    day, fate = scene.between(first, last), scene.rng.choices(*rules.fates)[0]
    role, place = (KADER, POSYANDU) if fate == ONLY_KADER else (PERAWAT, scene.clinic)
    signs = {"batuk": True, "bb_turun": True, "gejala": 2, "kontak_erat": False}
    scene.note(person, "skrining_tb", day, compact(signs), role, place)
    if fate != NOT_TAUGHT:
        scene.note(person, "edukasi", day, '{"topik":"tb"}', role, place)
    is_ill = False
    if fate in (EVERYTHING, NOT_TAUGHT):
        is_ill = scene.chance(rules.ill)
        found = {"cara": "tcm", "hasil": "positif" if is_ill else "negatif", "spesimen": 2}
        scene.note(person, "dahak", day, compact(found), PERAWAT, PUSKESMAS)
        if scene.chance(rules.looked_through):
            scene.note(
                person,
                "penunjang_tb",
                day,
                compact({"hasil": found["hasil"], "jenis": "rontgen"}),
                DOKTER,
                PUSKESMAS,
            )
    if date_of(day).year == scene.year:
        verdict = account.COMPLETE if fate == EVERYTHING else account.LACKING
        scene.account.count("spm11", person.ref, person.desa_code, verdict, not person.is_here)
    begins = day + scene.between(*rules.begins_days)
    if is_ill and begins <= last:
        if date_of(begins).year == scene.year:
            _at_risk(risks, person, begins)
        _treat(scene, person, begins, last, rules)
        _look_at_home(scene, begins, [other for other in house if other is not person], rules)


def _treat(scene: Scene, person: Resident, begins: int, last: int, rules: Section) -> None:
    """Six months of tablets, looked at every month; some end it too early, some are not at its end yet."""
    drugs = {"jenis": "so", "panduan": "2RHZE/4RH", "pmo": "keluarga"}
    scene.note(person, "mulai_obat_tb", begins, compact(drugs), DOKTER, PUSKESMAS)
    contacts = {"diperiksa": 2, "kontak": 3}
    seen = begins + scene.between(*rules.home_days)
    if seen <= last:
        scene.note(person, "investigasi_kontak", seen, compact(contacts), PERAWAT, PUSKESMAS)
    keeps_on = scene.chance(rules.keeps_on)
    for month in range(1, rules.months if keeps_on else rules.stops_after):
        on = month_later(begins, month)
        if on > last:
            return
        stage = "awal" if month <= rules.first_stage else "lanjutan"
        scene.note(person, "kontrol_tb", on, compact({"fase": stage, "patuh": True}), PERAWAT, PUSKESMAS)
        if month in rules.sputum_months:
            later = {"bulan_ke": month, "cara": "bta", "hasil": "negatif"}
            scene.note(person, "dahak", on, compact(later), PERAWAT, PUSKESMAS)
    ends = month_later(begins, rules.months)
    if ends <= last:
        outcome = "sembuh" if keeps_on else "putus"
        scene.note(person, "hasil_akhir_tb", ends, f'{{"hasil":"{outcome}"}}', DOKTER, PUSKESMAS)


def _look_at_home(scene: Scene, begins: int, house: list[Resident], rules: Section) -> None:
    """The people of the house: written down, looked at, some given tablets that prevent the illness."""
    for other in house[: rules.contacts]:
        last = min(other.last_day, scene.on)
        listed = begins + scene.between(*rules.home_days)
        if not other.first_day <= listed <= last:
            continue
        scene.note(other, "daftar_kontak", listed, compact({"indeks_mulai": iso(begins)}), PERAWAT, PUSKESMAS)
        asked = listed + scene.between(*rules.home_days)
        if asked > last or not scene.chance(rules.contact_seen):
            continue
        scene.note(
            other, "skrining_tb", asked, compact({"gejala": 0, "kontak_erat": True}), PERAWAT, PUSKESMAS
        )
        prevents = scene.chance(rules.prevents)
        outcome = "tpt" if prevents else "bukan"
        scene.note(other, "kontak_selesai", asked, f'{{"hasil":"{outcome}"}}', DOKTER, PUSKESMAS)
        if not prevents:
            continue
        scene.note(other, "mulai_tpt", asked, '{"panduan":"hr3"}', DOKTER, PUSKESMAS)
        for month in range(1, rules.prevention_months):
            if month_later(asked, month) <= last:
                control = compact({"hari": 30, "patuh": True})
                scene.note(other, "kontrol_tpt", month_later(asked, month), control, PERAWAT, PUSKESMAS)
        ends = month_later(asked, rules.prevention_months)
        if ends <= last:
            scene.note(other, "selesai_tpt", ends, '{"hasil":"lengkap"}', PERAWAT, PUSKESMAS)


def _ask_about_risk(scene: Scene, residents: Sequence[Resident], risks: dict[Ref, _Risk]) -> None:
    """A few grown-ups of whom staff found out in private that they should be tested; why is not written down."""
    rules = scene.assumptions.blood
    youngest, oldest = rules.ages
    for person in residents:
        first, last = max(person.first_day, scene.new_year), min(person.last_day, scene.on)
        is_of_age = youngest <= age_on(person.soul.birth, scene.on) <= oldest
        if is_of_age and first <= last and scene.chance(rules.at_risk):
            day = scene.between(first, last)
            scene.note(person, "risiko_infeksi", day, '{"berisiko":true}', PERAWAT, PUSKESMAS)
            _at_risk(risks, person, day)


def _at_risk(risks: dict[Ref, _Risk], person: Resident, since: int) -> None:
    risks.setdefault(person.ref, _Risk(person, since, is_tested=False))


def _test(scene: Scene, risk: _Risk) -> None:
    """The test (a pregnant woman has it at her first visit) and what is taught beside it."""
    rules, person, day = scene.assumptions.blood, risk.person, risk.since
    fate = scene.rng.choices(*rules.fates)[0]
    is_pregnant = any(mother is person for mother, _, _ in scene.pregnancies)
    if not risk.is_tested and not is_pregnant and fate != UNTESTED:
        result = "reaktif" if scene.chance(rules.positive) else "non_reaktif"
        scene.note(person, "tes_infeksi", day, compact({"hasil": result, "jenis": "hiv"}), PERAWAT, PUSKESMAS)
        risk.is_tested = True
        if result == "reaktif":
            _begin_treatment(scene, person, day)
        if scene.chance(rules.also_others):
            for kind in ("sifilis", "hepatitis_b"):
                data = compact({"hasil": "non_reaktif", "jenis": kind})
                scene.note(person, "tes_infeksi", day, data, PERAWAT, PUSKESMAS)
    if fate != NOT_TAUGHT:
        scene.note(person, "edukasi", day, '{"topik":"hiv"}', BIDAN, scene.clinic)
    is_complete = risk.is_tested and fate != NOT_TAUGHT
    verdict = account.COMPLETE if is_complete else account.LACKING
    scene.account.count("spm12", person.ref, person.desa_code, verdict, not person.is_here)


def _begin_treatment(scene: Scene, person: Resident, day: int) -> None:
    last = min(person.last_day, scene.on)
    scene.note(person, "konfirmasi_hiv", day, '{"hasil":"reaktif"}', DOKTER, PUSKESMAS)
    scene.note(
        person, "obati_infeksi", day, compact({"jenis": "hiv", "tindakan": "dirujuk"}), DOKTER, PUSKESMAS
    )
    begins = day + scene.between(*scene.assumptions.blood.begins_days)
    if begins > last:
        return
    scene.note(person, "mulai_arv", begins, "{}", DOKTER, PUSKESMAS)
    for month in range(1, scene.assumptions.blood.controls):
        if month_later(begins, month) <= last:
            control = compact({"hari": 30, "patuh": True})
            scene.note(person, "kontrol_arv", month_later(begins, month), control, PERAWAT, PUSKESMAS)
