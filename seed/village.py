"""Tells the whole story of one neighbourhood: its people, what changes among them, what was done for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from seed import events
from seed.account import Account
from seed.assumptions import Assumptions
from seed.days import age_on, month_later
from seed.enrolment import Enrolment
from seed.geography import Neighbourhood
from seed.notebook import Notebook
from seed.people import FEMALE, invent_people
from seed.scene import HOME, POSYANDU, PUSKESMAS, PUSTU, Resident, Scene
from seed.stories.adult import tell_adult
from seed.stories.child import tell_child
from seed.stories.chronic import choose_conditions, tell_patient
from seed.stories.everyday import tell_everyday
from seed.stories.home import tell_home_visits
from seed.stories.infection import tell_infections
from seed.stories.looked_after import tell_looked_after
from seed.stories.mind import tell_minds
from seed.stories.mother import BIRTH, GOING_ON, LOSS, WEEK, tell_pregnancy
from seed.stories.newborn import tell_newborn
from seed.stories.paper import tell_paper
from seed.stories.school import tell_school

LATER = (
    ("sekolah", tell_school),
    ("menular", tell_infections),
    ("jiwa", tell_minds),
    ("sehari-hari", tell_everyday),
    ("kertas", tell_paper),
    ("tindak-lanjut", tell_looked_after),
)
"""Stories that came to be told later, each with dice of its own, so that none changes another."""


def tell_neighbourhood(
    spot: Neighbourhood, others: Sequence[Neighbourhood], seed: int, on: int, assumptions: Assumptions
) -> Scene:
    """A finished scene: its notebook holds all records, its account the known answers. Same arguments, same story."""
    facilities = {
        POSYANDU: spot.posyandu_code,
        HOME: spot.posyandu_code,
        PUSTU: spot.pustu_code or "",
        PUSKESMAS: spot.puskesmas_code,
    }
    scene = Scene(
        spot=spot,
        others=others,
        start=month_later(on, -assumptions.story.months),
        on=on,
        rng=Random(f"{seed}:{spot.posyandu_code}:{on}"),
        assumptions=assumptions,
        notebook=Notebook(assumptions.story.first_device + spot.number, on, facilities),
        account=Account(),
    )
    enrolment = _people(scene)
    _tell_pregnancies(scene, enrolment)
    for person in enrolment.residents:
        if not person.knows_birth:
            events.count_unknown_age(scene, person)
        has_birth_dose = tell_newborn(scene, person)
        tell_child(scene, person, has_birth_dose)
        is_patient = tell_patient(scene, person, choose_conditions(scene, person))
        tell_adult(scene, person, is_patient)
    tell_home_visits(scene, enrolment.residents)
    events.write_doubles(scene, enrolment)
    for name, tell in LATER:
        scene.rng = Random(f"{seed}:{spot.posyandu_code}:{on}:{name}")
        tell(scene, enrolment.residents)
    return scene


def _people(scene: Scene) -> Enrolment:
    """Who lives, lived and came to live here, registered, with deaths and moves."""
    houses = invent_people(scene.spot.people, scene.on, scene.rng, scene.assumptions)
    arrivals = events.choose_arrivals(scene, houses)
    settled = [house for house in houses if house not in arrivals]
    deaths = events.add_the_dead(scene, settled)
    leavers = events.invent_leavers(scene)
    enrolment = Enrolment(scene, reported=deaths)
    for house in settled:
        enrolment.enrol(house, scene.start)
    for house in leavers:
        enrolment.enrol(house, scene.start)
    for house, day in arrivals.items():
        enrolment.enrol(house, day)
    for soul, day in deaths.items():
        events.write_death(scene, enrolment.resident_of[soul], day)
    for house, day in leavers.items():
        events.write_leaving(scene, [enrolment.resident_of[soul] for soul in house.members], day)
    events.write_moves(scene, enrolment, settled)
    events.write_late_facts(scene, enrolment)
    return enrolment


def _tell_pregnancies(scene: Scene, enrolment: Enrolment) -> None:
    """Every birth since the story began had a pregnancy; some pregnancies go on, some were lost."""
    rules, rng = scene.assumptions.pregnancy, scene.rng
    free: list[Resident] = []
    childless: list[Resident] = []
    recently = month_later(scene.on, -rules.months_after_birth)
    for woman in enrolment.residents:
        if woman.soul.sex != FEMALE:
            continue
        births = sorted({child.birth for child in woman.soul.children})
        for order, birth in enumerate(births, 1):
            if birth >= scene.start:
                weeks = max((c.weeks for c in woman.soul.children if c.birth == birth), default=0)
                lasted = (weeks or scene.between(*scene.assumptions.birth.weeks)) * WEEK + rng.randrange(WEEK)
                babies = sum(child.birth == birth for child in woman.soul.children)
                tell_pregnancy(scene, woman, birth - lasted, birth, BIRTH, order, babies)
        youngest, oldest = rules.ages
        if woman.is_here and woman.soul.partner and youngest <= age_on(woman.soul.birth, scene.on) <= oldest:
            if not births or births[-1] < month_later(scene.start, -rules.months_after_birth):
                childless.append(woman)
            elif births[-1] < recently:
                free.append(woman)
    rng.shuffle(childless)
    lost, free = childless[: _share(scene, rules.losses)], childless[_share(scene, rules.losses) :] + free
    rng.shuffle(free)
    for woman in free[: _share(scene, rules.going_on)]:
        start = scene.on - scene.between(*rules.going_on_days)
        tell_pregnancy(scene, woman, start, scene.on + 1, GOING_ON, len(woman.soul.children) + 1)
    for woman in lost:
        end = scene.between(max(scene.start, woman.first_day) + 1, scene.on)
        start = end - scene.between(*rules.loss_weeks) * WEEK
        tell_pregnancy(scene, woman, start, end, LOSS, len(woman.soul.children) + 1)


def _share(scene: Scene, per_thousand: float) -> int:
    return round(scene.spot.people * per_thousand / 1000)
