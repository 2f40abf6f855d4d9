"""People with a severe illness of the mind: found by a doctor, looked after by a nurse, their families taught."""

from __future__ import annotations

from collections.abc import Sequence

from seed import account
from seed.days import age_on, date_of, month_later
from seed.notebook import compact
from seed.scene import DOKTER, HOME, PERAWAT, PUSKESMAS, Resident, Scene

EVERYTHING, NOT_EXAMINED, NOT_TAUGHT, NEVER = "everything", "not_examined", "not_taught", "never"


def tell_minds(scene: Scene, residents: Sequence[Resident]) -> None:
    """A few grown-ups; every one of them counts in this year, since the illness does not end."""
    rules = scene.assumptions.mind
    youngest, oldest = rules.ages
    # Patients of other illnesses are taught to take their medicine, which would be counted here too.
    patients = {
        scene.notebook.person_of(unit.ref)
        for name in rules.not_of
        for unit in scene.account.units.get(name, ())
    }
    for person in residents:
        if person.ref in patients:
            continue
        first, last = max(person.first_day, scene.start), min(person.last_day, scene.on)
        if first > last or not youngest <= age_on(person.soul.birth, scene.on) <= oldest:
            continue
        if scene.chance(rules.ill):
            _look_after(scene, person, scene.between(first, last), last)


def _look_after(scene: Scene, person: Resident, found_on: int, last: int) -> None:
    rules = scene.assumptions.mind
    unit = scene.note(person, "diagnosis", found_on, '{"kondisi":"odgj_berat"}', DOKTER, PUSKESMAS)
    fate = scene.rng.choices(*rules.fates)[0]
    is_complete = False
    visits = range(0 if fate == NEVER else rules.visits)
    for number in visits:
        on = month_later(found_on, number * rules.every_months)
        if on > last:
            break
        control = {
            "keluarga": fate != NOT_TAUGHT, "pasung": scene.chance(rules.shackled),
            "patuh": scene.chance(rules.faithful), "status_mental": fate != NOT_EXAMINED,
            "terkendali": True, "wawancara": True,
        }  # fmt: skip
        place = HOME if scene.chance(rules.at_home) else PUSKESMAS
        scene.note(person, "kontrol_jiwa", on, compact(control), PERAWAT, place)
        scene.note(person, "obat", on, compact({"hari": 30, "kondisi": "odgj_berat"}), PERAWAT, place)
        if fate != NOT_TAUGHT:
            scene.note(person, "edukasi", on, '{"topik":"jiwa"}', PERAWAT, place)
        if fate == EVERYTHING and date_of(on).year == scene.year:
            is_complete = True
    # Who still lives here, or did for a part of the year, has an illness that was open in it.
    verdict = account.COMPLETE if is_complete else account.LACKING
    scene.account.count("spm10", unit, person.desa_code, verdict, not person.is_here)
