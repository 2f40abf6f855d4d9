"""Children under five: weighing, vaccines, vitamin A, deworming, development.

Most children get everything that is due in every year of life; the others have one clear gap each: they come seldom,
break off, were never vaccinated, refuse, or are never asked for one thing. What is given is added up while it is given,
and that sum is what the account knows.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from seed import account
from seed.assumptions import Section
from seed.days import age_in_months, age_on, date_of, day_of, month_later, month_start
from seed.scene import BIDAN, POSYANDU, PUSKESMAS, Resident, Scene
from seed.stories.growth import Growth

CAREFUL, SELDOM, NO_DEVELOPMENT, NO_VITAMIN, BREAKS_OFF, ZERO_DOSE, REFUSES = (
    "careful", "seldom", "no_development", "no_vitamin", "breaks_off", "zero_dose", "refuses",
)  # fmt: skip
_UNVACCINATED = (ZERO_DOSE, REFUSES)
_RARE = (SELDOM, ZERO_DOSE, REFUSES)


@dataclass(slots=True)
class Given:
    """What one child was given: doses by vaccine (ages in months); in the judged year of life the yearly services."""

    doses: dict[str, list[int]] = field(default_factory=dict)
    weighed: int = 0
    measured: int = 0
    developed: int = 0
    vitamins: int = 0
    weighed_this_month: bool = False
    refused_on: int | None = None


def tell_child(scene: Scene, child: Resident, has_birth_dose: bool) -> None:
    """The childhood of a person who was under five in the two years of the story."""
    rules = scene.assumptions.child
    fifth_birthday = month_later(child.soul.birth, rules.until_months)
    if fifth_birthday <= scene.start:
        return
    profile = scene.rng.choices(*rules.profiles)[0]
    story = _Childhood(scene, child, profile)
    if has_birth_dose:
        story.give("hb0", 0, story.birth, 0, PUSKESMAS)
    story.live(min(child.last_day, fifth_birthday - 1))
    story.report()


class _Childhood:
    def __init__(self, scene: Scene, child: Resident, profile: str) -> None:
        self.scene, self.child, self.profile = scene, child, profile
        self.rules = scene.assumptions.child
        self.given = Given()
        self.growth = Growth(scene.rng, self.rules.growth)
        self.birth = child.soul.birth
        # The year of life judged this year is the one that ends with the birthday in it.
        self.age_at_year_end = age_on(self.birth, day_of(scene.year, 12, 31))
        self.rhythm = scene.rng.randrange(self.rules.seldom_every_months)
        self.breaks_off_at = scene.between(*self.rules.break_off_months)
        self.early_dose = scene.chance(self.rules.early_measles) and profile in (CAREFUL, BREAKS_OFF)

    def live(self, last_day: int) -> None:
        """All posyandu days from birth on."""
        days = self.scene.open_days
        index = bisect_left(days, self.birth + 1)
        if index == len(days):
            return
        month = age_in_months(self.birth, days[index])
        since_skip = self.rules.months_between_skips
        development_due = False
        for day in days[index:]:
            if day > last_day:
                break
            calendar_month = date_of(day).month
            is_campaign = calendar_month in self.rules.campaign_months
            since_skip += 1
            comes = self.comes(month, calendar_month)
            if (
                comes
                and not is_campaign
                and month >= self.rules.never_skips_before
                and since_skip > self.rules.months_between_skips
            ):
                comes = not self.scene.chance(self.rules.skip)
                since_skip = since_skip if comes else 0
            development_due = development_due or self.is_development_age(month, is_campaign)
            if comes:
                self.vaccinate(day, month)
                if day >= self.scene.start:
                    self.weigh(day, month, is_campaign)
                    if is_campaign:
                        self.campaign(day, month, calendar_month)
                    if development_due and self.profile != NO_DEVELOPMENT:
                        self.develop(day, month)
                        development_due = False
            month += 1
        if self.profile == REFUSES:
            self.refuse(last_day)

    def comes(self, month: int, calendar_month: int) -> bool:
        """Whether the family comes on the posyandu day of this month."""
        if self.profile in _RARE or (self.profile == BREAKS_OFF and month >= self.breaks_off_at):
            return bool(calendar_month % self.rules.seldom_every_months == self.rhythm)
        return True

    def is_development_age(self, month: int, is_campaign: bool) -> bool:
        if month < self.rules.development_twice_a_year_from:
            return month > 0 and month % self.rules.development_every_months == 0
        return is_campaign

    def vaccinate(self, day: int, month: int) -> None:
        """Everything the schedule allows today, unless the family does not want it or no longer comes for it."""
        if self.profile in _UNVACCINATED or (self.profile == BREAKS_OFF and month >= self.breaks_off_at):
            if self.early_dose and month == self.rules.early_measles_month:
                self.note_dose("mr", day, 1, POSYANDU)
            return
        if self.early_dose and month == self.rules.early_measles_month:
            self.note_dose("mr", day, 1, POSYANDU)  # too early: it does not count and is given again
        for vaccine, plan in self.rules.by_vaccine.items():
            had = self.given.doses.get(vaccine, ())
            if len(had) >= len(plan["ages"]) or month >= plan["before"]:
                continue
            if month >= plan["ages"][len(had)] and (not had or month - had[-1] >= plan["gaps"][len(had)]):
                self.give(vaccine, len(had) + 1, day, month, POSYANDU)

    def give(self, vaccine: str, number: int, day: int, month: int, place: str) -> None:
        self.given.doses.setdefault(vaccine, []).append(month)
        self.note_dose(vaccine, day, number, place)

    def note_dose(self, vaccine: str, day: int, number: int, place: str) -> None:
        data = f'{{"dosis":{number},"vaksin":"{vaccine}"}}' if number else f'{{"vaksin":"{vaccine}"}}'
        self.scene.note(self.child, "imunisasi", day, data, BIDAN, place)

    def weigh(self, day: int, month: int, is_campaign: bool) -> None:
        kilograms, is_judged = self.growth.weight(month), self.is_judged(month)
        self.given.weighed += is_judged
        self.given.weighed_this_month = day == self.scene.open_days[-1]
        if is_campaign or month % self.rules.measured_every_months == 0:
            self.given.measured += is_judged
            way = "telentang" if month < self.rules.lying_before else "berdiri"
            arm = self.growth.arm(month) if is_campaign else None
            around = "" if arm is None else f'"lila":{arm:.1f},'
            height = self.growth.height(month)
            data = f'{{"berat":{kilograms:.1f},"cara":"{way}",{around}"panjang":{height:.1f}}}'
        else:
            data = f'{{"berat":{kilograms:.1f}}}'
        scene, slips = self.scene, self.scene.assumptions.slips
        throw = scene.rng.random()
        if throw > slips.any_weight:
            scene.note(self.child, "timbang", day, data)
        elif throw > slips.any_weight * slips.doubled:
            # A slip of the pen: somebody notices it (or not) and writes it anew.
            wrong = scene.note(
                self.child, "timbang", day, f'{{"berat":{kilograms + slips.weight_too_high:.1f}}}'
            )
            if scene.chance(slips.noticed):
                scene.notebook.correct(
                    wrong, data, "Salah ketik berat badan", day + scene.between(1, slips.noticed_days)
                )
        else:
            scene.note(self.child, "timbang", day, data)
            again = scene.note(self.child, "timbang", day, data)
            scene.notebook.void(again, "Tercatat dua kali", day + scene.between(1, slips.noticed_days))

    def campaign(self, day: int, month: int, calendar_month: int) -> None:
        """Vitamin A in February and August by the age at the end of the month, then deworming."""
        month_end = month + (date_of(self.birth).day > date_of(day).day)
        first, red = self.rules.vitamin_from_months, self.rules.red_capsule_from_months
        if self.profile != NO_VITAMIN and month_end >= first:
            colour = "merah" if month_end >= red else "biru"
            self.scene.note(self.child, "vitamin_a", day, f'{{"kapsul":"{colour}"}}')
            self.given.vitamins += self.is_judged(month)
        if (
            calendar_month == self.rules.deworming_month
            and month > red
            and self.scene.chance(self.rules.dewormed)
        ):
            self.scene.note(self.child, "obat_cacing", day)

    def develop(self, day: int, month: int) -> None:
        points = (
            10 if self.scene.chance(self.rules.full_score) else self.scene.between(*self.rules.lower_score)
        )
        form = max(age for age in self.rules.development_forms if age <= month)
        self.scene.note(self.child, "kpsp", day, f'{{"formulir":{form},"skor":{points}}}', BIDAN)
        self.given.developed += self.is_judged(month)

    def refuse(self, last_day: int) -> None:
        """The family says no to vaccines; the bidan writes it down, long ago or recently."""
        month = age_in_months(self.birth, last_day)
        if month < self.rules.refusal_from_months:
            return
        day = last_day - self.scene.between(*self.rules.refused_days_ago)
        earliest = month_later(self.birth, self.rules.refusal_from_months)
        if day < max(earliest, self.child.first_day):
            return
        self.given.refused_on = day
        for need in self.rules.refused_needs:
            self.scene.note(self.child, "penolakan", day, f'{{"kebutuhan":"{need}"}}', BIDAN)

    def is_judged(self, month: int) -> bool:
        """Whether a service at this age falls into the year of life that this calendar year judges."""
        return month // 12 == self.age_at_year_end - 1

    def report(self) -> None:
        """Tells the account what was given."""
        scene, child, standard = self.scene, self.child, self.rules.standard
        first, last = standard.ages
        if not child.knows_birth:
            return
        if first <= self.age_at_year_end <= last:
            verdict = account.COMPLETE if self.has_everything(standard) else account.LACKING
            scene.account.count("spm04", child.ref, child.desa_code, verdict, not child.is_here)
        if child.is_here:
            self.report_needs()

    def has_everything(self, standard: Section) -> bool:
        """Whether the year of life that is judged this year has all its services by now."""
        given, age = self.given, self.age_at_year_end
        enough_vitamins = standard.vitamins_first_year if age == standard.ages[0] else standard.vitamins
        return (
            given.weighed >= standard.weighed
            and given.measured >= standard.measured
            and given.developed >= standard.developed
            and given.vitamins >= enough_vitamins
            and all(
                self.doses_before(vaccine, 12 * age) >= doses
                for vaccine, doses in standard.by_age_doses.get(age, {}).items()
            )
        )

    def doses_before(self, vaccine: str, month: int) -> int:
        return sum(age < month for age in self.given.doses.get(vaccine, ()))

    def report_needs(self) -> None:
        """How a few needs stand today, where the story leaves no doubt."""
        scene, expect, ref = self.scene, self.scene.account.expect, self.child.ref
        month = age_in_months(self.birth, scene.on)
        if month >= self.rules.until_months - 1:
            return
        if month > 0:
            opened_this_month = scene.open_days[-1] >= month_start(scene.on)
            came = opened_this_month and self.given.weighed_this_month
            expect("weigh", ref, account.DONE if came else account.OWED)
        for need, vaccine, due in self.rules.known_needs:
            if self.given.doses.get(vaccine):
                expect(need, ref, account.DONE)
            elif month < due:
                expect(need, ref, account.WAITING)
            elif (status := self.refusal()) is not None:
                expect(need, ref, status)

    def refusal(self) -> str | None:
        """How a vaccine never given stands: owed, or refused while the refusal is fresh; None near the limit."""
        if self.given.refused_on is None:
            return account.OWED
        days = self.scene.on - self.given.refused_on
        fresh, stale = self.rules.refusal_fresh_days, self.rules.refusal_stale_days
        return account.REFUSED if days <= fresh else account.OWED if days >= stale else None
