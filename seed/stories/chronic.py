"""People with hypertension or diabetes: diagnosis, monthly controls, medicine, education.

Who is in care to the standard is measured by staff in every month; the others miss several months, stopped coming, or
are measured by a kader only. A person with both is controlled for both on the same day, so both end alike.
"""

from __future__ import annotations

from seed import account
from seed.days import age_on, birthday, month_later, months
from seed.people import chance_by_age
from seed.scene import BIDAN, DOKTER, KADER, PERAWAT, POSYANDU, PUSKESMAS, Resident, Scene
from seed.stories.forms import glucose, urgent_or_usual
from seed.stories.looked_after import PATIENT

HYPERTENSION, DIABETES = "hipertensi", "dm"
FAITHFUL, GAPS, STOPPED, KADER_ONLY = "faithful", "gaps", "stopped", "kader_only"


def choose_conditions(scene: Scene, person: Resident) -> tuple[str, ...]:
    """Which long conditions this person is known to have, by age."""
    rules = scene.assumptions.chronic
    age = age_on(person.soul.birth, scene.on)
    found = []
    if scene.chance(chance_by_age(rules.by_age_hypertension, age)):
        found.append(HYPERTENSION)
    if scene.chance(chance_by_age(rules.by_age_diabetes, age)):
        found.append(DIABETES)
    return tuple(found)


def tell_patient(scene: Scene, person: Resident, names: tuple[str, ...]) -> bool:
    """The two years of a patient; all conditions were found on the same day. False when nothing was found after all."""
    rules = scene.assumptions.chronic
    adult = birthday(person.soul.birth, rules.from_age)
    if scene.chance(rules.found_before):
        found_on = max(adult, person.first_day - scene.between(*rules.found_days_before))
    else:
        found_on = scene.between(max(person.first_day, scene.start, adult), person.last_day)
    if not names or found_on > person.last_day:
        return False
    _Patient(scene, person, names, found_on).tell()
    return True


class _Patient:
    def __init__(self, scene: Scene, person: Resident, names: tuple[str, ...], found_on: int) -> None:
        self.scene, self.person, self.names, self.found_on = scene, person, names, found_on
        self.rules = scene.assumptions.chronic
        self.last_day = min(person.last_day, scene.on)
        self.habit = scene.between(*self.rules.habit_days)
        self.last_control: int | None = None

    def tell(self) -> None:
        scene = self.scene
        units = {name: self.say("diagnosis", name, self.found_on) for name in self.names}
        december = scene.new_year - 1
        began = max(self.found_on, self.person.first_day, scene.start)
        if began <= december:
            if scene.chance(self.rules.was_mistaken) and self.last_day > december:
                for name in self.names:
                    self.say("kondisi_selesai", name, scene.between(began, december))
                return
            fate = scene.rng.choices(*self.rules.fates_last_year)[0]
            self.controls(self.choose(months(began, december), fate), began, fate)
        fate = scene.rng.choices(*self.rules.fates_this_year)[0]
        first = max(self.found_on, scene.new_year)
        owed = months(first, scene.on)
        closed = [month for month in owed if month_later(month, 1) - 1 <= scene.on]
        come = owed if fate in (FAITHFUL, KADER_ONLY) else self.choose(closed, fate)
        controlled = self.controls(come, max(first, self.person.first_day), fate)
        if fate == FAITHFUL and not controlled and first <= self.last_day:
            controlled = self.control(
                self.scene.between(max(first, self.person.first_day), self.last_day), fate, True
            )
        if self.last_control is not None:
            self.scene.findings.append((self.person, PATIENT, self.last_control, DIABETES in self.names))
        self.report(units, controlled >= max(1, len(closed)))

    def say(self, kind: str, name: str, on: int) -> int:
        return self.scene.note(self.person, kind, on, f'{{"kondisi":"{name}"}}', DOKTER, PUSKESMAS)

    def choose(self, owed: list[int], fate: str) -> list[int]:
        """The months in which somebody comes who does not come always: two at least are missing."""
        if fate == FAITHFUL:
            return owed
        kept = min(len(owed) - self.rules.missed_at_least, round(len(owed) * self.rules.share_kept))
        if kept <= 0:
            return []
        return sorted(self.scene.rng.sample(owed, kept)) if fate == GAPS else owed[:kept]

    def controls(self, owed: list[int], first: int, fate: str) -> int:
        """A control in each of these months from a day on; gives how many staff did."""
        controlled = 0
        for number, month in enumerate(owed):
            month_end = month_later(month, 1) - 1
            usual = month + self.habit - 1 + self.scene.between(-2, 2)
            on = (
                self.found_on
                if month <= self.found_on <= month_end
                else min(max(usual, first, month), month_end)
            )
            if first <= on <= self.last_day:
                controlled += self.control(on, fate, number % self.rules.taught_every_months == 0)
        return controlled

    def control(self, on: int, fate: str, is_taught: bool) -> int:
        """One control: measured, given medicine, now and then taught. 1 when staff measured, 0 when a kader did."""
        scene, rules, person = self.scene, self.rules, self.person
        if fate == KADER_ONLY:
            role, place = KADER, POSYANDU
        elif scene.chance(rules.by_doctor) or on == self.found_on:
            role, place = DOKTER, PUSKESMAS
        else:
            role, place = (PERAWAT if scene.chance(rules.by_nurse) else BIDAN), scene.clinic
        if HYPERTENSION in self.names:
            scene.note(person, "ukur_td", on, urgent_or_usual(scene.rng, rules), role, place)
        if DIABETES in self.names:
            scene.note(person, "ukur_gd", on, glucose(scene.between(*rules.sugar)), role, place)
        if role != KADER and scene.chance(rules.takes_medicine):
            for name in self.names:
                data = f'{{"hari":{rules.medicine_days},"kondisi":"{name}"}}'
                scene.note(person, "obat", on, data, role, place)
        if is_taught:
            scene.note(person, "edukasi", on, '{"topik":"patuh_obat"}', role, place)
        if role == KADER:
            return 0
        self.last_control = max(on, self.last_control or on)
        return 1

    def report(self, units: dict[str, int], is_complete: bool) -> None:
        scene, person = self.scene, self.person
        verdict = account.COMPLETE if is_complete else account.LACKING
        for name, unit in units.items():
            indicator, need = self.rules.by_name[name]
            scene.account.count(
                indicator,
                unit,
                person.desa_code,
                verdict if person.knows_birth else account.UNCLEAR,
                not person.is_here,
            )
            if not person.is_here:
                continue
            if self.last_control is None or self.last_control < scene.on - self.rules.surely_owed_days:
                scene.account.expect(need, unit, account.OWED)
            elif self.last_control > scene.on - self.rules.surely_done_days:
                scene.account.expect(need, unit, account.DONE)
