"""Nobody reaches a person outside their scope by any question, and everybody reaches those within."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from siklus.access import scope
from siklus.access.queries import User, find_persons
from siklus.care import queries as care
from siklus.care.queries import NeedFilter
from siklus.register import actions as register_actions
from tests.integration.area import (
    DESAS,
    NORTH,
    POSYANDU,
    PUSTU,
    SOUTH,
    TODAY,
    child,
    draft,
    label,
    write,
    write_one,
)

# Which of the children of posyandu 1, 2, 3, 4 each may see.
SEES = {
    "dinkes": {1, 2, 3, 4},
    "utara": {1, 2},
    "selatan": {3, 4},
    "pustu": {2},
    "kader1": {1},
    "kader3": {3},
    "nobody": set(),
    "inactive": set(),
    "without scope": set(),
}
Children = dict[int, int]


@pytest.fixture
def everybody(users: dict[str, User]) -> dict[str, Any]:
    users["selatan"].refresh_from_db()
    inactive = User.objects.create_user(
        "lama", role="dinkes", scope_kind="kabupaten", scope_code="99.01", is_active=False
    )
    unscoped = User.objects.create_user("baru", role="dinkes")
    return {**users, "nobody": AnonymousUser(), "inactive": inactive, "without scope": unscoped}


@pytest.fixture
def children(area: None) -> Children:
    """One child in each posyandu, each with a family, all of the same name."""
    found = {}
    for number in (1, 2, 3, 4):
        home = write_one("daftar_keluarga", posyandu=POSYANDU[number - 1], no_kk=f"990000000000000{number}")
        found[number] = child("Siti", number, keluarga=label(home), nik=f"990000000000001{number}")
    return found


def by_search(user: Any, children: Children) -> set[int]:
    return {line.id for line in find_persons(user, "siti", 50).persons}


def by_nik(user: Any, children: Children) -> set[int]:
    found = [find_persons(user, f"9900 0000 0000 001{number}", 50).persons for number in children]
    return {line.id for lines in found for line in lines}


def by_family_card(user: Any, children: Children) -> set[int]:
    found = [find_persons(user, f"990000000000000{number}", 50).persons for number in children]
    return {line.id for lines in found for line in lines}


def by_id(user: Any, children: Children) -> set[int]:
    return {key for key in children.values() if reaches(lambda key=key: scope.access_person(user, key))}


def by_family(user: Any, children: Children) -> set[int]:
    homes = {key: scope.register.people().get(id=key).household_id for key in children.values()}
    return {
        key for key, home in homes.items() if reaches(lambda home=home: scope.access_household(user, home))
    }


def by_list_of_families(user: Any, children: Children) -> set[int]:
    homes = set(scope.access_households(user).values_list("id", flat=True))
    return set(scope.register.people().filter(household_id__in=homes).values_list("id", flat=True))


def by_list_of_needs(user: Any, children: Children) -> set[int]:
    filters = [
        NeedFilter(puskesmas=NORTH),
        NeedFilter(puskesmas=SOUTH),
        NeedFilter(query="siti"),
        NeedFilter(),
    ]
    filters += [NeedFilter(desa=desa) for desa in DESAS] + [NeedFilter(posyandu=code) for code in POSYANDU]
    return {
        line.person_id for wanted in filters for line in care.needs_list(user, wanted, TODAY, size=0).lines
    }


WAYS = [by_search, by_nik, by_family_card, by_id, by_family, by_list_of_families, by_list_of_needs]


def reaches(question: Callable[[], object]) -> bool:
    try:
        return question() is not None
    except scope.NotInScope:
        return False


@pytest.mark.parametrize("way", WAYS)
def test_each_sees_their_own_and_nobody_elses(
    everybody: dict[str, Any], children: Children, way: Callable[[Any, Children], set[int]]
) -> None:
    seen = {who: way(everybody[who], children) for who in SEES}
    assert seen == {who: {children[number] for number in numbers} for who, numbers in SEES.items()}


def test_figures_count_only_whom_one_may_see(everybody: dict[str, Any], children: Children) -> None:
    for who, numbers in SEES.items():
        user = everybody[who]
        assert care.persons_with(user, TODAY).get("any", 0) == len(numbers), who
        assert sum(care.persons_by_area(user, NeedFilter(), "posyandu").values()) == len(numbers), who
        assert care.needs_list(user, NeedFilter(), TODAY).total_persons == len(numbers), who
        first = care.needs_list(user, NeedFilter(posyandu=POSYANDU[0]), TODAY)
        assert {line.person_id for line in first.lines} == ({children[1]} if 1 in numbers else set()), who


def test_a_district_is_shown_in_sums_until_an_area_is_chosen(
    users: dict[str, User], children: Children
) -> None:
    page = care.needs_list(users["dinkes"], NeedFilter(), TODAY)
    assert page.must_narrow and page.lines == () and page.total_persons == 4
    assert care.persons_by_area(users["dinkes"], NeedFilter(), "puskesmas") == {NORTH: 2, SOUTH: 2}


def test_an_area_opens_only_at_or_below_ones_own(everybody: dict[str, Any]) -> None:
    for who, code, may in [
        ("dinkes", SOUTH, True),
        ("dinkes", "99.01.01.2001", True),
        ("utara", NORTH, True),
        ("utara", POSYANDU[1], True),
        ("utara", DESAS[1], True),
        ("utara", SOUTH, False),
        ("utara", POSYANDU[2], False),
        ("utara", DESAS[2], False),
        ("utara", "99.01", False),
        ("pustu", DESAS[1], True),
        ("pustu", DESAS[0], False),
        ("pustu", PUSTU, True),
        ("pustu", NORTH, False),
        ("kader1", POSYANDU[0], True),
        ("kader1", POSYANDU[1], False),
        ("nobody", POSYANDU[0], False),
        ("utara", "tidak-ada", False),
    ]:
        assert reaches(lambda who=who, code=code: scope.access_area(everybody[who], code)) == may, (who, code)


def test_the_menus_offer_only_ones_own_area(users: dict[str, User]) -> None:
    def codes(areas: Any) -> set[str]:
        return {area.code for area in areas}

    assert codes(scope.access_desas(users["utara"])) == set(DESAS[:2])
    assert codes(scope.access_facilities(users["utara"])) == {NORTH, PUSTU, *POSYANDU[:2]}
    assert codes(scope.access_desas(users["pustu"])) == {DESAS[1]}
    assert codes(scope.access_facilities(users["pustu"])) == {PUSTU, POSYANDU[1]}
    assert codes(scope.access_facilities(users["kader1"])) == {POSYANDU[0]}
    assert codes(scope.access_desas(users["dinkes"])) == set(DESAS)


def test_who_moves_away_leaves_the_scope_and_is_found_in_the_new_one(
    users: dict[str, User], children: Children
) -> None:
    write_one("pindah", of=children[1], desa=DESAS[2], posyandu=POSYANDU[2])
    assert not reaches(lambda: scope.access_person(users["utara"], children[1]))
    assert reaches(lambda: scope.access_person(users["selatan"], children[1]))


def test_an_absorbed_person_opens_as_the_one_who_stands_for_them(
    users: dict[str, User], children: Children
) -> None:
    write(draft("gabung_orang", of=children[1], orang=label(children[3])))
    assert scope.access_person(users["utara"], children[3]).id == children[1]
    assert not reaches(lambda: scope.access_person(users["selatan"], children[3]))


def test_in_an_installation_of_two_districts_each_sees_its_own(
    users: dict[str, User], children: Children
) -> None:
    register_actions.save_place(code="99.02", level="kabupaten", name="Kabupaten Lain")
    register_actions.save_place(code="99.02.01.2001", level="desa", name="Desa Lain")
    register_actions.save_facility(code="P-LAIN", kind="puskesmas", name="Lain", desa_code="99.02.01.2001")
    register_actions.serve_village(facility="P-LAIN", desa_code="99.02.01.2001", since=0)
    stranger = write_one("daftar_orang", nama="Siti Lain", desa="99.02.01.2001")
    seen = set(scope.access_persons(users["dinkes"]).values_list("id", flat=True))
    assert seen == set(children.values()) and stranger not in seen
