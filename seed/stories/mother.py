"""Pregnancies: registration, six contacts, tablets, birth, four visits afterwards; losses; and those going on today.

A complete pregnancy has its contacts in the middle of each window, the first and one of the last by a doctor with USG.
The others have one clear gap: a late start, too few contacts at the end, no doctor, no laboratory, too few tablets, an
unknown start, or no registration at all.
"""

from __future__ import annotations

from seed import account
from seed.days import date_of, iso
from seed.notebook import Ref
from seed.scene import BIDAN, DOKTER, HOME, HOSPITAL, POSYANDU, PUSKESMAS, Resident, Scene
from seed.stories.forms import text_of

EVERYTHING, LATE_START, FEW_AT_END, NO_DOCTOR, NO_LABORATORY, FEW_TABLETS = (
    "everything", "late_start", "few_at_end", "no_doctor", "no_laboratory", "few_tablets",
)  # fmt: skip
NO_START, UNREGISTERED, NO_END = "no_start", "unregistered", "no_end"
BIRTH, LOSS, GOING_ON = "birth", "loss", "going_on"
WEEK = 7


def tell_pregnancy(
    scene: Scene, mother: Resident, start: int, end: int, outcome: str, order: int, babies: int = 1
) -> None:
    """One pregnancy from its first day to `end`; `order` counts the pregnancies of the woman."""
    _Pregnancy(scene, mother, start, end, outcome, order, babies).tell()


class _Pregnancy:
    def __init__(
        self, scene: Scene, mother: Resident, start: int, end: int, outcome: str, order: int, babies: int
    ) -> None:
        self.scene, self.mother, self.outcome, self.order, self.babies = scene, mother, outcome, order, babies
        self.rules = scene.assumptions.pregnancy
        self.start, self.end, self.registered_on = start, end, start
        self.last_day = min(mother.last_day, scene.on)
        self.fate = scene.rng.choices(*self.rules.fates)[0]
        if outcome != BIRTH and self.fate in (UNREGISTERED, NO_END):
            self.fate = EVERYTHING
        self.weight = max(
            self.rules.lightest, scene.rng.gauss(self.rules.weight_mean, self.rules.weight_spread)
        )
        self.arm = round(scene.rng.gauss(self.rules.arm_mean, self.rules.arm_spread), 1)

    def tell(self) -> None:
        visits = self.plan_visits()
        unit: Ref | None = None
        if self.fate != UNREGISTERED and visits:
            unit = self.register(min(visits[0][1], self.last_day))
        for number, on, with_doctor in visits:
            self.visit(number, on, with_doctor)
        if self.fate != UNREGISTERED:
            self.classes()
        if unit is not None:
            tested = (on for number, on, _ in visits if number == 1 and self.fate != NO_LABORATORY)
            self.scene.pregnancies.append((self.mother, self.registered_on, next(tested, None)))
        if self.outcome == GOING_ON or self.end > self.last_day:
            if unit is not None:
                self.scene.open_units[self.mother.ref] = "kehamilan"
            return
        if self.fate == NO_END and unit is not None:
            self.report_open_end(unit)
            return
        closing = self.close()
        if unit is None:  # known only by its end
            self.scene.pregnancies.append((self.mother, self.end, None))
        if self.outcome == BIRTH and self.end > self.scene.on - self.rules.childbed_days:
            self.scene.open_units[self.mother.ref] = "nifas"
        if date_of(self.end).year == self.scene.year:
            is_complete = self.outcome == BIRTH and self.fate == EVERYTHING
            self.report(
                closing if unit is None else unit, account.COMPLETE if is_complete else account.LACKING
            )

    def report(self, unit: Ref, verdict: str) -> None:
        self.scene.account.count("spm01", unit, self.mother.desa_code, verdict, not self.mother.is_here)

    def report_open_end(self, unit: Ref) -> None:
        """Nobody wrote how it ended: after long enough nobody can say whether it belongs to this year."""
        given_up = self.registered_on + self.rules.given_up_after_days
        if self.scene.new_year <= given_up <= self.scene.on:
            self.report(unit, account.UNCLEAR)

    def plan_visits(self) -> list[tuple[int, int, bool]]:
        """(number of the contact, day, by a doctor with USG), up to the end or the last day told."""
        if self.fate == UNREGISTERED:
            return []
        visits = []
        for number, first_week, last_week, with_doctor in self.rules.contacts:
            if self.fate == LATE_START and number == 1:
                first_week, last_week, with_doctor = self.rules.late_first_contact
            if self.fate == FEW_AT_END and number in self.rules.left_out_at_end:
                continue
            if self.fate == NO_DOCTOR and number > 1:
                with_doctor = False
            on = self.start + self.scene.between(first_week * WEEK, last_week * WEEK)
            if on < self.end and on <= self.last_day:
                visits.append((number, on, with_doctor))
        return visits

    def register(self, first_visit: int) -> Ref:
        """Registered by the kader some days before the first contact, or on its day."""
        scene, rules = self.scene, self.rules
        on = max(
            self.start + rules.known_after_days, first_visit - scene.between(*rules.registered_before_days)
        )
        self.registered_on = min(on, first_visit)
        data = f'"hamil_ke":{self.order}'
        if self.fate != NO_START:
            due = f'"hpl":"{iso(self.start + rules.lasts_days)}"'
            last_period = f'"hpht":"{iso(self.start)}"'
            throw = scene.rng.random()
            if throw < rules.only_due_date:
                data = f"{data},{due}"
            elif throw < rules.both_dates:
                data = f"{data},{last_period},{due}"
            else:
                data = f"{data},{last_period}"
        return scene.note(
            self.mother, "daftar_kehamilan", self.registered_on, f"{{{data}}}", BIDAN, scene.clinic
        )

    def visit(self, number: int, on: int, with_doctor: bool) -> None:
        rules, scene = self.rules, self.scene
        months = (on - self.start) / 30
        gain = rules.gain_per_month * months
        pressure = rules.crisis if scene.chance(rules.crisis.chance) else rules
        systolic, diastolic = scene.between(*pressure.systolic), scene.between(*pressure.diastolic)
        data = [f'"berat":{self.weight + gain:.1f}', f'"diastolik":{diastolic}']
        week = (on - self.start) // WEEK
        if week >= rules.heart_from_week:
            data.append(f'"djj":{scene.between(*rules.heart_rate)}')
        lab = self.fate != NO_LABORATORY and number in rules.laboratory_contacts
        if self.fate != NO_LABORATORY and number == 1:
            data += ['"golongan_darah":true', '"hb":true', '"hbsag":true', '"hiv":true']
        data.append(f'"lab":{text_of(lab)}')
        if number == 1:
            data.append(f'"lila":{self.arm}')
        if week >= rules.position_from_week:
            data.append('"presentasi":"kepala"')
        if self.fate != NO_LABORATORY and number == 1:
            data += ['"protein_urin":true', '"sifilis":true']
        data.append(f'"sistolik":{systolic}')
        if number == 1:
            data.append(f'"status_td":{scene.between(*rules.td_status)}')
        data += ['"tatalaksana":true', '"temu_wicara":true']
        if week >= rules.fundus_from_week:
            data.append(f'"tfu":{week - rules.fundus_below_week:.1f}')
        if number == 1:
            data.append(f'"tinggi":{rules.height}')
        few = self.fate == FEW_TABLETS and number > rules.tablets_stop_after
        data.append(f'"ttd":{0 if few else rules.tablets}')
        data.append(f'"usg":{text_of(with_doctor)}')
        role, place = (DOKTER, PUSKESMAS) if with_doctor else (BIDAN, scene.clinic)
        scene.note(self.mother, "kunjungan_anc", on, f"{{{','.join(data)}}}", role, place)
        if number == rules.td_at_contact and scene.chance(rules.td_given):
            scene.note(self.mother, "imunisasi", on, '{"vaksin":"td"}', BIDAN, place)
        if number == 1 and self.arm < rules.thin_arm and scene.chance(rules.extra_food):
            food = min(on + scene.between(1, WEEK), self.last_day)
            scene.note(self.mother, "pmt", food, f'{{"hari":{rules.extra_food_days}}}', BIDAN, scene.clinic)

    def classes(self) -> None:
        """Classes for pregnant women, on posyandu days."""
        if not self.scene.chance(self.rules.goes_to_classes):
            return
        first, last = self.start + self.rules.classes_from_week * WEEK, min(self.end - 1, self.last_day)
        for number, day in enumerate(self.scene.opened(first, last)[: self.rules.classes]):
            data = f'{{"didampingi":{text_of(number == 1)}}}'
            self.scene.note(self.mother, "kelas_ibu", day, data, BIDAN, POSYANDU)

    def close(self) -> Ref:
        """The end of the pregnancy, and after a birth the visits to the mother."""
        scene, rules = self.scene, self.rules
        if self.outcome == LOSS:
            return scene.note(self.mother, "keguguran", self.end, "{}", BIDAN, scene.clinic)
        throw = scene.rng.random()
        place = (
            HOME if throw < rules.born_at_home else HOSPITAL if throw < rules.born_in_hospital else PUSKESMAS
        )
        way = "sesar" if place == HOSPITAL and scene.chance(rules.caesarean) else "spontan"
        helpers = scene.between(*rules.helpers) if place != HOME else 1
        if place != HOME and scene.chance(rules.one_helper):
            helpers = 1
        place_code = "rumah" if place == HOME else place
        has_partograph = place != HOME and not scene.chance(rules.no_partograph)
        data = (
            f'{{"cara_lahir":"{way}","di":"{place_code}","lahir_hidup":{self.babies},'
            f'"partograf":{text_of(has_partograph)},"penolong":{helpers}}}'
        )
        closing = scene.note(self.mother, "persalinan", self.end, data, BIDAN, place)
        if date_of(self.end).year == scene.year:
            is_complete = (
                place != HOME and helpers >= rules.enough_helpers and (has_partograph or way == "sesar")
            )
            verdict = account.COMPLETE if is_complete else account.LACKING
            scene.account.count("spm02", closing, self.mother.desa_code, verdict, not self.mother.is_here)
        for first, last, chance, capsules in rules.visits_after:
            on = self.end + scene.between(first, last)
            if scene.chance(chance) and on <= self.last_day:
                visit = f'{{"kbpp":{text_of(first > 20)},"vitamin_a":{capsules}}}'
                scene.note(self.mother, "kunjungan_nifas", on, visit, BIDAN, scene.clinic)
        return closing
