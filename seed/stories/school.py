"""Children of school age: their class, the examination at school, vaccines in August and November, tablets of girls.

Some never come to the examination, or miss a part of it. Whoever turns fifteen this year is measured as a grown-up
elsewhere, so that the school leaves out what both count.
"""

from __future__ import annotations

from collections.abc import Sequence

from seed import account
from seed.assumptions import Section
from seed.days import age_on, birthday, date_of, day_of
from seed.people import FEMALE
from seed.scene import BIDAN, GURU, PERAWAT, SCHOOL, Resident, Scene
from seed.stories.forms import blood_pressure, body, text_of

EVERYTHING, NO_TEETH, NO_PULSE, NO_SIGHT, NEVER = "everything", "no_teeth", "no_pulse", "no_sight", "never"


def tell_school(scene: Scene, residents: Sequence[Resident]) -> None:
    """This school year and the one before, for everybody of an age to go to school."""
    rules = scene.assumptions.school
    for person in residents:
        for begins in (birthday(scene.school_year, -1), scene.school_year):
            age = age_on(person.soul.birth, begins)
            if rules.ages[0] <= age <= rules.ages[1]:
                _Year(scene, person, begins, age).tell()


class _Year:
    """One school year of one child."""

    def __init__(self, scene: Scene, child: Resident, begins: int, age: int) -> None:
        self.scene, self.child, self.begins, self.age = scene, child, begins, age
        self.rules: Section = scene.assumptions.school
        self.first = max(begins, child.first_day, scene.start)
        self.last = min(birthday(begins, 1) - 1, child.last_day, scene.on)
        self.is_this_year = begins == scene.school_year

    def tell(self) -> None:
        scene, rules = self.scene, self.rules
        grade = self.age - rules.grade_before_age
        goes = 1 <= grade <= rules.last_grade and scene.chance(rules.goes_to_school)
        if self.first <= self.last:
            if self.is_this_year and scene.chance(rules.class_known):
                data = f'{{"bersekolah":true,"kelas":{grade}}}' if goes else '{"bersekolah":false}'
                enrolled = min(self.last, self.first + scene.between(*rules.enrolled_days))
                scene.note(self.child, "data_sekolah", enrolled, data, GURU, SCHOOL)
            if goes:
                self.vaccines(grade)
                self.tablets(grade)
        fate = scene.rng.choices(*(rules.this_year if self.is_this_year else rules.last_year))[0]
        examined = self.begins + scene.between(*rules.examined_after_days)
        if not self.first <= examined <= self.last:
            fate = NEVER
        if fate != NEVER:
            self.examine(examined, fate, grade)
        self.report(fate)

    def examine(self, on: int, fate: str, grade: int) -> None:
        """What teachers and the puskesmas do in one morning; `fate` says which part of it was left out."""
        scene, rules, child = self.scene, self.rules, self.child
        if self.is_left_to_grown_ups:
            return
        height = rules.height_at_seven + (self.age - rules.ages_from) * rules.height_a_year
        height += scene.rng.gauss(0, rules.height_spread)
        mass = rules.mass_at_seven + (self.age - rules.ages_from) * rules.mass_a_year
        weight = (mass + scene.rng.gauss(0, rules.mass_spread)) * (height / 100) ** 2
        scene.note(child, "ukur_bbtb", on, body(max(weight, rules.lightest), height), GURU, SCHOOL)
        pulse = None if fate == NO_PULSE else scene.between(*rules.pulse)
        pressure = blood_pressure(scene.between(*rules.systolic), scene.between(*rules.diastolic), pulse)
        scene.note(child, "ukur_td", on, pressure, PERAWAT, SCHOOL)
        heat, breath = scene.rng.uniform(*rules.heat), scene.between(*rules.breath)
        scene.note(child, "tanda_vital", on, f'{{"napas":{breath},"suhu":{heat:.1f}}}', PERAWAT, SCHOOL)
        teeth = "gangguan" if scene.chance(rules.bad_teeth) else "normal"
        told = "" if fate == NO_TEETH else f'"gigi":"{teeth}",'
        data = (
            f'{{{told}"imunisasi_lengkap":{text_of(scene.chance(rules.vaccinated))},"kebersihan":"normal"}}'
        )
        scene.note(child, "penjaringan", on, data, PERAWAT, SCHOOL)
        if fate != NO_SIGHT:
            worse = "v6_12" if scene.chance(rules.bad_sight) else "v6_6"
            scene.note(
                child, "tajam_penglihatan", on, f'{{"kanan":"v6_6","kiri":"{worse}"}}', PERAWAT, SCHOOL
            )
        scene.note(child, "tes_pendengaran", on, '{"kanan":"normal","kiri":"normal"}', PERAWAT, SCHOOL)
        if grade in rules.asked_grades:
            feels = scene.between(*rules.difficulties)
            by_herself = text_of(self.age > rules.asks_parents_until)
            scene.note(child, "sdq", on, f'{{"diisi_sendiri":{by_herself},"skor":{feels}}}', PERAWAT, SCHOOL)
        if self.age >= rules.smoking_from:
            habit = "kadang" if scene.chance(rules.smokes) else "tidak"
            scene.note(child, "rokok_remaja", on, f'{{"kebiasaan":"{habit}"}}', GURU, SCHOOL)

    @property
    def is_left_to_grown_ups(self) -> bool:
        """True of those whom the screening of working age measures, this year or in the year of the examination."""
        end_of_year = day_of(self.scene.year, 12, 31)
        return age_on(self.child.soul.birth, end_of_year) >= self.scene.assumptions.screening.from_age

    def vaccines(self, grade: int) -> None:
        """One dose for each vaccine of the class, in its month."""
        for vaccine, grades, month, only_girls in self.rules.doses:
            if grade not in grades or (only_girls and self.child.soul.sex != FEMALE):
                continue
            on = day_of(date_of(self.begins).year, month) + self.scene.between(*self.rules.dose_days)
            if self.scene.chance(self.rules.comes_for_dose) and self.first <= on <= self.last:
                self.scene.note(self.child, "imunisasi", on, f'{{"vaksin":"{vaccine}"}}', BIDAN, SCHOOL)

    def tablets(self, grade: int) -> None:
        """The tablets of the last weeks, taken together at school; older ones were not written down."""
        rules = self.rules
        is_girl = self.child.soul.sex == FEMALE and grade in rules.tablet_grades
        if not (self.is_this_year and is_girl and self.scene.chance(rules.takes_tablets)):
            return
        for week in range(rules.tablet_weeks):
            on = self.last - self.scene.between(0, 6) - 7 * week
            if on >= self.first and self.scene.chance(rules.tablet_taken):
                self.scene.note(self.child, "ttd_remaja", on, "{}", GURU, SCHOOL)

    def report(self, fate: str) -> None:
        """A child of basic school age on 1 July belongs to the school year."""
        first, last = self.rules.basic_ages
        if not self.is_this_year or not self.child.knows_birth or not first <= self.age <= last:
            return
        is_complete = fate == EVERYTHING and not self.is_left_to_grown_ups
        verdict = account.COMPLETE if is_complete else account.LACKING
        self.scene.account.count(
            "spm05", self.child.ref, self.child.desa_code, verdict, not self.child.is_here
        )
