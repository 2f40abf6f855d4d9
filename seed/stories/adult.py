"""Grown-ups from 15: the yearly screening of working age and of old age.

Each year a person either had the whole screening in one visit, or came and went without a part of it, or did not come.
Working age and old age are told apart by the age at the end of the year, as the district counts them.
"""

from __future__ import annotations

from seed import account
from seed.assumptions import Section
from seed.days import age_on, day_of, month_later
from seed.people import FEMALE, MALE
from seed.scene import BIDAN, KADER, PERAWAT, POSYANDU, Resident, Scene
from seed.stories.forms import blood_pressure, body, glucose, score, text_of, waist
from seed.stories.looked_after import BREAST, HEAVY, OLD, TROUBLED

EVERYTHING, NEVER, NO_GLUCOSE, ONLY_PRESSURE = "everything", "never", "no_glucose", "only_pressure"


def tell_adult(scene: Scene, person: Resident, is_patient: bool) -> None:
    """The screenings of both years. Patients are measured by staff elsewhere; here a kader measures them."""
    story = _Adult(scene, person, is_patient)
    rules = scene.assumptions.screening
    for year, group in ((scene.year - 1, rules.last_year), (scene.year, rules.this_year)):
        story.tell_year(year, group)
    if person.is_here and person.knows_birth:
        story.report_needs()


class _Adult:
    def __init__(self, scene: Scene, person: Resident, is_patient: bool) -> None:
        self.scene, self.person = scene, person
        self.role = KADER if is_patient else PERAWAT
        self.rules = scene.assumptions.screening
        self.is_patient = is_patient
        self.last_pressure: int | None = None
        self.has_cervix_screening = False
        self.had_skilas_this_year = False
        body_rules = self.rules.body
        tall = body_rules.height_men if person.soul.sex == MALE else body_rules.height_women
        self.height = scene.rng.gauss(tall, body_rules.height_spread)
        self.mass = max(body_rules.lowest_mass, scene.rng.gauss(body_rules.mass_mean, body_rules.mass_spread))

    def tell_year(self, year: int, fates: Section) -> None:
        scene, person = self.scene, self.person
        age = age_on(person.soul.birth, day_of(year, 12, 31))
        if age < self.rules.from_age:
            return
        is_old = age >= self.rules.old_from_age
        first = max(day_of(year), person.first_day, scene.start)
        last = min(day_of(year, 12, 31), person.last_day, scene.on)
        fate = scene.rng.choices(*(fates.old if is_old else fates.working))[0]
        if self.is_patient and fate == NO_GLUCOSE:
            fate = ONLY_PRESSURE  # their controls may well measure what this visit left out
        if first > last or fate == NEVER:
            fate = NEVER
        else:
            self.visit(scene.some_day(first, last), fate, age, is_old, year == scene.year)
        if year == scene.year and person.knows_birth:
            indicator = "spm07" if is_old else "spm06"
            verdict = account.COMPLETE if fate == EVERYTHING else account.LACKING
            scene.account.count(indicator, person.ref, person.desa_code, verdict, not person.is_here)

    def visit(self, day: int, fate: str, age: int, is_old: bool, is_this_year: bool) -> None:
        """One screening; `fate` says what is left out (see `by_fate_left_out`)."""
        scene, person, role = self.scene, self.person, self.role
        left_out = self.rules.by_fate_left_out[fate]
        place = POSYANDU if day in scene.open_day_set or role == KADER else scene.clinic
        if "imt" not in left_out:
            weight = self.mass * (self.height / 100) ** 2
            scene.note(person, "ukur_bbtb", day, body(weight, self.height), KADER, place)
            if self.mass >= self.rules.body.heavy_from:
                scene.findings.append((person, HEAVY, day, (weight, self.height)))
        if "lp" not in left_out:
            rules = self.rules.body
            cm = rules.waist_base + (self.mass - rules.mass_mean) * rules.waist_per_mass
            scene.note(person, "ukur_lp", day, waist(cm), KADER, place)
        if "td" not in left_out:
            scene.note(person, "ukur_td", day, self.pressure(age), role, place)
            self.last_pressure = day
        if "gd" not in left_out:
            scene.note(person, "ukur_gd", day, self.sugar(age), role, place)
        if "perilaku" not in left_out:
            scene.note(person, "skrining_perilaku", day, self.habits(), KADER, place)
        if "edukasi" not in left_out:
            scene.note(person, "edukasi", day, '{"topik":"gaya_hidup"}', role, place)
        if is_old and "lansia" not in left_out:
            self.old_age_questions(day, place)
            self.had_skilas_this_year = is_this_year
        if is_old:
            scene.findings.append((person, OLD, day, None))
        if fate == EVERYTHING:
            self.extras(day, age, place, is_this_year)

    def pressure(self, age: int) -> str:
        """Blood pressure of somebody who is not known as a patient; a few should be."""
        rules, rng = self.rules.pressure, self.scene.rng
        if rng.random() < rules.crisis.chance:
            return blood_pressure(rng.randint(*rules.crisis.systolic), rng.randint(*rules.crisis.diastolic))
        if rng.random() < rules.high:
            return blood_pressure(rng.randint(*rules.high_systolic), rng.randint(*rules.high_diastolic))
        systolic = rng.gauss(rules.systolic_mean + rules.systolic_per_year * age, rules.systolic_spread)
        systolic = min(max(int(systolic), rules.lowest_systolic), rules.highest_systolic)
        return blood_pressure(systolic, min(rules.highest_diastolic, int(systolic * rules.diastolic_share)))

    def sugar(self, age: int) -> str:
        rules, rng = self.rules.sugar, self.scene.rng
        if rng.random() < rules.high:
            return glucose(rng.randint(*rules.high_range))
        return glucose(rng.randint(*rules.range) + int(rules.per_year * age))

    def habits(self) -> str:
        rules, chance = self.rules, self.scene.chance
        smokes = rules.smoking_men if self.person.soul.sex == MALE else rules.smoking_women
        return (
            f'{{"kurang_gerak":{text_of(chance(rules.moves_little))},'
            f'"kurang_sayur_buah":{text_of(chance(rules.eats_no_fruit))},"rokok":{text_of(chance(smokes))}}}'
        )

    def old_age_questions(self, day: int, place: str) -> None:
        rules, scene = self.rules, self.scene
        troubles = 0 if scene.chance(rules.no_decline) else scene.between(1, rules.most_declines)
        if troubles:
            scene.findings.append((self.person, TROUBLED, day, None))
        scene.note(self.person, "skilas", day, f'{{"ya":{troubles}}}', self.role, place)
        independent = scene.chance(rules.independent)
        scene.note(
            self.person,
            "aks",
            day,
            score(20 if independent else scene.between(*rules.dependent_scores)),
            self.role,
            place,
        )

    def extras(self, day: int, age: int, place: str, is_this_year: bool) -> None:
        """What only some are asked, and the cervix and breast of women of the screened ages."""
        scene, rules, person = self.scene, self.rules, self.person
        if scene.chance(rules.asked_about_mind):
            wants_to_die = text_of(scene.chance(rules.wants_to_die))
            answers = f'{{"butir17":{wants_to_die},"skor":{scene.between(*rules.mind_scores)}}}'
            scene.note(person, "srq20", day, answers, PERAWAT, place)
        if age >= rules.lungs_from_age and scene.chance(rules.asked_about_lungs):
            scene.note(person, "puma", day, score(scene.between(*rules.lung_scores)), PERAWAT, place)
        first, last = rules.women_ages
        if (
            person.soul.sex != FEMALE
            or not first <= age <= last
            or self.has_cervix_screening
            or person.is_unmarried
        ):
            return
        if is_this_year or scene.chance(rules.women_last_year):
            result = "negatif" if not scene.chance(rules.women_positive) else "positif"
            for kind in ("iva", "sadanis"):
                scene.note(person, kind, day, f'{{"hasil":"{result}"}}', BIDAN, scene.clinic)
                result = "negatif"
            self.has_cervix_screening = True
            scene.findings.append((person, BREAST, day, None))

    def report_needs(self) -> None:
        """Yearly blood pressure and SKILAS, for those of whom there is no doubt."""
        scene, ref = self.scene, self.person.ref
        first, last = self.rules.known_pressure_ages
        age = age_on(self.person.soul.birth, scene.on)
        if not self.is_patient and first <= age <= last:
            if self.last_pressure is None or self.last_pressure <= month_later(
                scene.on, -self.rules.surely_owed_months
            ):
                scene.account.expect("bp_adult", ref, account.OWED)
            elif self.last_pressure > month_later(scene.on, -self.rules.surely_done_months):
                scene.account.expect("bp_adult", ref, account.DONE)
        if age >= self.rules.old_from_age:
            status = account.DONE if self.had_skilas_this_year else account.OWED
            scene.account.expect("skilas", ref, status)
