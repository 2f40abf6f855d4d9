"""The people of the seed: as many, as old and as related as those of an Indonesian district."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from seed.assumptions import read_assumptions
from seed.days import age_on, day_of
from seed.people import HEAD, House, invent_people

ON = day_of(2026, 11, 21)


def _village(seed: int = 1) -> list[House]:
    return invent_people(4_000, ON, Random(seed), read_assumptions())


def test_ages_and_households_are_those_of_the_district() -> None:
    houses = _village()
    ages = [age_on(soul.birth, ON) for house in houses for soul in house.members]
    assert len(ages) == 4_000
    assert 0.060 < sum(age < 5 for age in ages) / len(ages) < 0.068
    assert 0.090 < sum(age >= 60 for age in ages) / len(ages) < 0.100
    assert abs(len(ages) / len(houses) - 4.16) < 0.02


def test_every_house_has_one_head_and_it_stands_first() -> None:
    for house in _village():
        assert [soul.relation for soul in house.members].count(HEAD) == 1
        assert house.head.relation == HEAD
        assert age_on(house.head.birth, ON) >= 18


def test_small_children_live_with_a_mother_of_a_fitting_age() -> None:
    children = [s for house in _village() for s in house.members if age_on(s.birth, ON) < 5]
    with_mother = [child for child in children if child.mother is not None]
    assert len(with_mother) > 0.97 * len(children)
    for child in with_mother:
        assert child.mother is not None
        assert child.mother.house is child.house
        assert 16 <= age_on(child.mother.birth, child.birth) <= 44


def test_births_of_one_mother_are_apart_or_twins() -> None:
    for house in _village():
        for soul in house.members:
            births = sorted(child.birth for child in soul.children)
            assert all(later == born or later - born > 500 for born, later in pairwise(births))


def test_the_same_seed_makes_the_same_people() -> None:
    told = [
        [(s.sex, s.birth, s.relation) for house in _village(seed) for s in house.members]
        for seed in (7, 7, 8)
    ]
    assert told[0] == told[1] != told[2]
