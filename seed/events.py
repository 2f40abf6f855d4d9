"""What changes in the register: people leave, arrive, move, die, are written twice, are put right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from seed import account
from seed.days import age_on, day_of, iso, month_later
from seed.enrolment import Enrolment
from seed.names import misspell
from seed.people import CHILD, FEMALE, MALE, PARENT, House, Soul, invent_people
from seed.scene import KADER, POSYANDU, Resident, Scene


def add_the_dead(scene: Scene, houses: list[House]) -> dict[Soul, int]:
    """Old people and a few infants who will die during the story, put into families; their days of death."""
    rules, rng, deaths = scene.assumptions.events, scene.rng, {}
    for _ in range(_count(scene, rules.deaths)):
        age = rng.randint(*rules.death_ages)
        death = scene.between(scene.start + 1, scene.on)
        soul = Soul(MALE if scene.chance(0.5) else FEMALE, month_later(death, -12 * age) - rng.randrange(365))
        houses[rng.randrange(len(houses))].take_in(soul, PARENT)
        deaths[soul] = death
    mothers = [s for house in houses for s in house.members if _may_have_another(s, scene)]
    for _ in range(_count(scene, rules.infant_deaths)):
        if not mothers:
            break
        mother = mothers.pop(rng.randrange(len(mothers)))
        birth = scene.between(scene.start + 1, scene.on - 1)
        infant = Soul(MALE if scene.chance(0.5) else FEMALE, birth, mother=mother)
        mother.children.append(infant)
        assert mother.house is not None
        mother.house.take_in(infant, CHILD)
        deaths[infant] = min(scene.on, birth + scene.between(*rules.infant_days))
    return deaths


def invent_leavers(scene: Scene) -> dict[House, int]:
    """Families that live here when the story begins, with the day on which they leave the district."""
    count = _count(scene, scene.assumptions.events.leavers)
    leavers = {}
    for house in invent_people(count, scene.on, scene.rng, scene.assumptions) if count else []:
        day = scene.between(scene.start + 1, scene.on)
        house.members = [soul for soul in house.members if soul.birth < day]
        for soul in house.members:
            soul.children = [child for child in soul.children if child.birth < day]
        if house.members:
            leavers[house] = day
    return leavers


def choose_arrivals(scene: Scene, houses: list[House]) -> dict[House, int]:
    """Families of today that came from elsewhere, with the day they came."""
    rules = scene.assumptions.events
    return {
        house: scene.between(scene.start + 1, scene.on - rules.arrived_days_ago)
        for house in houses
        if scene.chance(rules.arrival_chance)
    }


def write_death(scene: Scene, person: Resident, death: int) -> None:
    """Written down some days later, mostly without a cause."""
    person.death, person.last_day = death, death
    entered = max(
        death + scene.between(0, scene.assumptions.events.death_known_within_days), person.known_from
    )
    scene.notebook.register("meninggal", death, {}, person=person.ref, entered=entered)


def write_leaving(scene: Scene, members: list[Resident], day: int) -> None:
    """A whole family leaves the district on one day."""
    for person in members:
        person.leaving, person.last_day = day, day - 1
        entered = max(day, person.known_from)
        scene.notebook.register("pindah", day, {"keluar": True}, person=person.ref, entered=entered)


def write_moves(scene: Scene, enrolment: Enrolment, settled: list[House]) -> None:
    """Within the district: families who take their card along, and grown-up children who leave alone."""
    rules = scene.assumptions.events
    if not scene.others:
        return
    for house in settled:
        if scene.chance(rules.family_moves):
            there = scene.others[scene.rng.randrange(len(scene.others))]
            day = scene.on - scene.between(*rules.moved_days_ago)
            members = [enrolment.resident_of[soul] for soul in house.members]
            if any(member.known_from > day or not member.is_here for member in members):
                continue
            data = {
                "desa": there.desa_code,
                "posyandu": there.posyandu_code,
                "alamat": f"RT 01, {there.desa_name}",
            }
            scene.notebook.register("ubah_keluarga", day, data, household=house.ref)
            for member in members:
                member.desa_code = there.desa_code
    for person in enrolment.residents:
        first, last = rules.leaves_home_ages
        is_free = person.soul.relation == CHILD and person.soul.partner is None and not person.soul.children
        if (
            person.is_here
            and is_free
            and first <= age_on(person.soul.birth, scene.on) <= last
            and scene.chance(rules.leaves_home)
        ):
            there = scene.others[scene.rng.randrange(len(scene.others))]
            day = max(scene.on - scene.between(*rules.moved_days_ago), person.known_from)
            data = {"desa": there.desa_code, "posyandu": there.posyandu_code}
            scene.notebook.register("pindah", day, data, person=person.ref)
            person.desa_code = there.desa_code


def write_doubles(scene: Scene, enrolment: Enrolment) -> None:
    """People registered a second time by another hand; most are found and merged, some are still there."""
    rules, rng = scene.assumptions.events, scene.rng
    grown = [
        p for p in enrolment.residents
        if p.is_here and p.soul.birth < scene.new_year - rules.double_born_before_days and p.first_day <= scene.start
    ]  # fmt: skip
    for _ in range(min(len(grown), _count(scene, rules.doubles))):
        person = grown.pop(rng.randrange(len(grown)))
        day = scene.between(scene.start + 1, scene.on - 1)
        knows_birth = person.knows_birth and not scene.chance(rules.double_without_birth)
        data: dict[str, Any] = {
            "nama": misspell(person.name, rng),
            "sex": person.soul.sex,
            "desa": scene.spot.desa_code,
            "posyandu": scene.spot.posyandu_code,
        }
        if knows_birth:
            data["birth"] = iso(person.soul.birth)
        ref = scene.notebook.register("daftar_orang", day, data)
        double = replace(
            person,
            ref=ref,
            first_day=day,
            known_from=day,
            knows_birth=knows_birth,
            desa_code=scene.spot.desa_code,
        )
        scene.note(
            double,
            "skrining_tb",
            scene.between(day, scene.on),
            '{"gejala":0,"kontak_erat":false}',
            KADER,
            POSYANDU,
        )
        if scene.chance(rules.doubles_merged):
            merged_on = scene.between(day, scene.on)
            scene.notebook.register("gabung_orang", merged_on, {}, {"orang": ref}, person=person.ref)
        else:
            _count_double(scene, double)


def _count_double(scene: Scene, double: Resident) -> None:
    """A double that nobody found stands in the denominators like anybody else, and was hardly served."""
    counted = scene.assumptions.counted
    birth = double.soul.birth
    at_year_end, at_school = age_on(birth, day_of(scene.year, 12, 31)), age_on(birth, scene.school_year)
    counted_at = ((at_year_end, counted.by_age), (at_school, counted.by_age_at_school))
    for age, indicators in counted_at:
        for indicator, (first, last) in indicators.items():
            if double.knows_birth and first <= age <= last:
                scene.account.count(indicator, double.ref, double.desa_code, account.LACKING)
    if not double.knows_birth:
        count_unknown_age(scene, double)


def count_unknown_age(scene: Scene, person: Resident) -> None:
    """Without a date of birth nobody can say to which of the indicators of an age a person belongs."""
    for indicator in scene.assumptions.counted.need_age:
        scene.account.count(indicator, person.ref, person.desa_code, account.UNCLEAR, not person.is_here)


def write_late_facts(scene: Scene, enrolment: Enrolment) -> None:
    """Dates of birth that somebody finds out later."""
    rules = scene.assumptions.events
    for person in enrolment.residents:
        if not person.knows_birth and scene.chance(rules.birth_found_later):
            day = scene.between(max(person.known_from, person.first_day), person.last_day)
            scene.notebook.register(
                "ubah_orang",
                day,
                {"birth": iso(person.soul.birth)},
                person=person.ref,
                entered=max(day, person.known_from),
            )
            person.knows_birth = True


def _may_have_another(soul: Soul, scene: Scene) -> bool:
    rules = scene.assumptions.people
    youngest, oldest = rules.mother_age_at_birth
    if (
        soul.sex != FEMALE
        or soul.partner is None
        or not youngest + 3 <= age_on(soul.birth, scene.on) <= oldest
    ):
        return False
    recent = month_later(scene.start, -rules.months_between_births)
    return all(child.birth < recent for child in soul.children)


def _count(scene: Scene, per_thousand: float) -> int:
    """A whole number around so many of a thousand people, by chance up or down."""
    exact = scene.spot.people * per_thousand / 1000
    return int(exact) + scene.chance(exact - int(exact))
