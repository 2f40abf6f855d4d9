"""The people of one neighbourhood on the last day of the story: sex, birth, family ties, households.

Everything is drawn from one random source in one order, so the same seed gives the same people on any machine.
Ages and sexes come first (so that the age structure is right in every posyandu), families are then made of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from seed.assumptions import Assumptions, Section
from seed.days import age_on, birthday
from seed.geography import apportion

MALE, FEMALE = "l", "p"
HEAD, WIFE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, PARENT_IN_LAW, RELATIVE = (
    "kepala_keluarga", "istri", "anak", "menantu", "cucu", "orang_tua", "mertua", "famili_lain",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Soul:
    """One person while families are being made. Days are true, whatever the register will know of them."""

    sex: str
    birth: int
    partner: Soul | None = None
    mother: Soul | None = None
    children: list[Soul] = field(default_factory=list)
    house: House | None = None
    relation: str = RELATIVE
    weeks: int = 0
    """Of the pregnancy it was born from, where the register knows them."""


@dataclass(slots=True, eq=False)
class House:
    """The people under one roof, the head first."""

    members: list[Soul] = field(default_factory=list)
    ref: int = -1
    """Its registration in the notebook."""

    @property
    def head(self) -> Soul:
        return self.members[0]

    def take_in(self, soul: Soul, relation: str) -> None:
        soul.house, soul.relation = self, relation
        self.members.append(soul)


def invent_people(count: int, on: int, rng: Random, assumptions: Assumptions) -> list[House]:
    """`count` people living on the day `on`, in households of the usual size."""
    souls = _draw_souls(count, on, rng, assumptions.people)
    _marry(souls, on, rng, assumptions.people)
    houses = _found_houses(souls, on, rng, assumptions)
    _find_mothers(souls, on, rng, assumptions.people)
    _settle(souls, houses, on, rng, assumptions.people)
    return houses


def _draw_souls(count: int, on: int, rng: Random, people: Section) -> list[Soul]:
    """Births by five years of age in the assumed shares; the youngest five by single years."""
    shares = dict(enumerate(people.by_five_years))
    under_five = dict(enumerate(people.by_year_under_five))
    souls = []
    for group, heads in apportion(count, shares).items():
        if group == 0:
            ages = [age for age, n in apportion(heads, under_five).items() for _ in range(n)]
        else:
            ages = [5 * group + rng.randrange(5) for _ in range(heads)]
        for age in ages:
            sex = MALE if rng.random() < people.male_share else FEMALE
            souls.append(Soul(sex, birth=rng.randrange(birthday(on, -age - 1) + 1, birthday(on, -age) + 1)))
    return souls


def _marry(souls: Sequence[Soul], on: int, rng: Random, people: Section) -> None:
    """Each woman who is to live with a husband takes the free man whose age fits best."""
    youngest_husband = birthday(on, -people.adult_from)
    free = sorted((s for s in souls if s.sex == MALE and s.birth < youngest_husband), key=lambda s: s.birth)
    births = [man.birth for man in free]
    low, high = people.husband_older_years
    for woman in [s for s in souls if s.sex == FEMALE]:
        if not free or rng.random() >= chance_by_age(people.by_age_married, age_on(woman.birth, on)):
            continue
        wanted = woman.birth - rng.randint(low * 365, high * 365)
        index = min(bisect_left(births, wanted), len(free) - 1)
        husband = free.pop(index)
        births.pop(index)
        woman.partner, husband.partner = husband, woman


def chance_by_age(chances: dict[int, float], age: int) -> float:
    """The chance written beside the first limit above this age."""
    return next((chance for limit, chance in chances.items() if age < limit), 0.0)


def _found_houses(souls: Sequence[Soul], on: int, rng: Random, assumptions: Assumptions) -> list[House]:
    """As many households as the assumed size asks for: couples first, then people who head one alone."""
    people, wanted = assumptions.people, max(1, round(len(souls) / assumptions.households.size))
    couples = [s for s in souls if s.sex == MALE and s.partner is not None]
    singles = [s for s in souls if s.partner is None and age_on(s.birth, on) >= people.grown_from]
    rng.shuffle(singles)
    alone = singles[: round(wanted * assumptions.households.single_head_share)]
    alone = singles[: max(len(alone), wanted - len(couples))]
    # Too many couples: the youngest live with parents, see _settle.
    couples.sort(key=lambda man: man.birth)
    houses = []
    oldest = sorted(souls, key=lambda s: s.birth)[
        :1
    ]  # a handful of people may hold neither couple nor grown single
    for head in (couples[: wanted - len(alone)] + alone) or oldest:
        house = House()
        house.take_in(head, HEAD)
        if head.partner is not None:
            house.take_in(head.partner, WIFE)
        houses.append(house)
    return houses


def _find_mothers(souls: Sequence[Soul], on: int, rng: Random, people: Section) -> None:
    """Children and unmarried grown-ups get a living mother of a fitting age, births of one woman well apart."""
    youngest, oldest = people.mother_age_at_birth
    women = sorted((s for s in souls if _may_have_children(s, on, people)), key=lambda s: s.birth)
    births = [woman.birth for woman in women]
    gap = round(people.months_between_births * 30.4)
    offspring = [
        s for s in souls if s.partner is None and s.house is None and age_on(s.birth, on) < people.grown_from
    ]
    offspring.sort(
        key=lambda s: -s.birth
    )  # the smallest first: they are the ones who surely live with a mother
    for child in offspring:
        first = bisect_left(births, birthday(child.birth, -oldest))
        last = bisect_left(births, birthday(child.birth, -youngest))
        if first >= last:
            continue
        if rng.random() < people.twin_chance:
            twin_mothers = [
                w for w in women[first:last] if w.children and abs(w.children[-1].birth - child.birth) < gap
            ]
            if twin_mothers:
                child.birth = twin_mothers[0].children[-1].birth
                _give_birth(twin_mothers[0], child)
                continue
        for _ in range(12):
            mother = women[rng.randrange(first, last)]
            if all(abs(other.birth - child.birth) >= gap for other in mother.children):
                _give_birth(mother, child)
                break


def _give_birth(mother: Soul, child: Soul) -> None:
    child.mother = mother
    mother.children.append(child)


def _may_have_children(soul: Soul, on: int, people: Section) -> bool:
    married = soul.partner is not None
    return soul.sex == FEMALE and (
        married or (soul.house is not None and age_on(soul.birth, on) >= people.adult_from)
    )


def _settle(souls: Sequence[Soul], houses: list[House], on: int, rng: Random, people: Section) -> None:
    """Roofs for the rest: young couples and widowed parents with relatives of a fitting age, children with mothers."""
    heads = sorted((house.head for house in houses), key=lambda s: s.birth)
    births = [head.birth for head in heads]
    low, high = people.parent_older_years
    for man in souls:
        if man.house is None and man.sex == MALE and man.partner is not None:
            parents = _near(heads, births, birthday(man.birth, -high), birthday(man.birth, -low), rng)
            parents.take_in(man, CHILD)
            parents.take_in(man.partner, CHILD_IN_LAW)
    for soul in souls:
        if soul.house is None and soul.mother is not None and soul.mother.house is not None:
            house = soul.mother.house
            of_the_head = soul.mother is house.head or soul.mother is house.head.partner
            house.take_in(soul, CHILD if of_the_head else GRANDCHILD)
    for soul in souls:
        if soul.house is not None:
            continue
        if age_on(soul.birth, on) >= people.old_from:
            house = _near(heads, births, birthday(soul.birth, low), birthday(soul.birth, high), rng)
            house.take_in(soul, PARENT if rng.random() < 0.5 else PARENT_IN_LAW)
        else:
            houses[rng.randrange(len(houses))].take_in(soul, RELATIVE)


def _near(heads: Sequence[Soul], births: Sequence[int], earliest: int, latest: int, rng: Random) -> House:
    """The house of a head born between two days, or of the nearest one."""
    first, last = bisect_left(births, earliest), bisect_left(births, latest)
    index = rng.randrange(first, last) if first < last else min(first, len(heads) - 1)
    house = heads[index].house
    assert house is not None
    return house
