"""The first four weeks of a child born during the story: care at birth, three visits, the heel prick."""

from __future__ import annotations

from seed import account
from seed.days import date_of
from seed.scene import BIDAN, HOME, HOSPITAL, PUSKESMAS, Resident, Scene
from seed.stories.forms import text_of

EVERYTHING, NO_THIRD_VISIT, SECOND_TOO_LATE, HOUR_FORGOTTEN, NO_EYE_OINTMENT, BORN_AT_HOME = (
    "everything", "no_third_visit", "second_too_late", "hour_forgotten", "no_eye_ointment", "born_at_home",
)  # fmt: skip


def tell_newborn(scene: Scene, child: Resident) -> bool:
    """Tells it for a child born in the two years; older ones left this age before. Gives whether HB0 was given."""
    rules, birth = scene.assumptions.newborn, child.soul.birth
    if birth < scene.start:
        return True
    fate = scene.rng.choices(*rules.fates)[0]
    place = HOME if fate == BORN_AT_HOME else HOSPITAL if scene.chance(rules.in_hospital) else PUSKESMAS
    if fate != BORN_AT_HOME:
        ointment = text_of(fate != NO_EYE_OINTMENT)
        data = (
            f'{{"imd":true,"jam":0,"konseling":true,"salep_mata":{ointment},"tali_pusat":true,"vit_k1":true}}'
        )
        scene.note(child, "layanan_bbl", birth, data, BIDAN, place)
    visits = _plan_visits(scene, fate, birth)
    last_told = min(child.last_day, scene.on)
    for on, data in visits:
        if on <= last_told:
            scene.note(child, "kunjungan_neonatal", on, data, BIDAN, scene.clinic)
    heel_prick = birth + scene.between(*rules.heel_prick_days)
    if fate != BORN_AT_HOME and heel_prick <= last_told and scene.chance(rules.heel_prick):
        scene.note(child, "shk", heel_prick, '{"hasil":"normal"}', BIDAN, place)
    _report(scene, child, fate, all(on <= last_told for on, _ in visits))
    return fate != BORN_AT_HOME or scene.chance(rules.vaccinated_at_home)


def _plan_visits(scene: Scene, fate: str, birth: int) -> list[tuple[int, str]]:
    rules = scene.assumptions.newborn
    hour = scene.between(*rules.first_visit_hours)
    first = '{"mtbm":true}' if fate == HOUR_FORGOTTEN else f'{{"jam":{hour},"mtbm":true}}'
    visits = [(birth + 1, first)]
    second = rules.second_late_days if fate == SECOND_TOO_LATE else rules.second_visit_days
    visits.append((birth + scene.between(*second), '{"mtbm":true}'))
    if fate != NO_THIRD_VISIT:
        visits.append((birth + scene.between(*rules.third_visit_days), '{"mtbm":true}'))
    return visits


def _report(scene: Scene, child: Resident, fate: str, has_been_visited: bool) -> None:
    """A newborn belongs to the year in which it is four weeks old; HB0 is told by the childhood story."""
    rules, birth = scene.assumptions.newborn, child.soul.birth
    if not child.knows_birth:
        return
    if date_of(birth + rules.counted_at_days).year != scene.year:
        return
    verdict = account.COMPLETE if fate == EVERYTHING and has_been_visited else account.LACKING
    scene.account.count("spm03", child.ref, child.desa_code, verdict, not child.is_here)
