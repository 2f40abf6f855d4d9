"""Care entrusted to a second area for a time: two phones, one history; afterwards the guest's is told to forget."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import User
from siklus.access.scope import access_persons
from siklus.care import actions as care
from siklus.kernel.dates import iso, parse_day
from siklus.register import guests
from siklus.sync.queries import Phone
from tests.integration import area
from tests.integration.sync.wires import Handset, enrolled

pytestmark = pytest.mark.django_db
_FIRST, _LAST = "2026-11-20", "2026-12-20"


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"


@pytest.fixture
def home(users: dict[str, User]) -> Handset:
    return enrolled(users["utara"], "POS-1", [users["kader1"]])


@pytest.fixture
def host(users: dict[str, User]) -> Handset:
    return enrolled(users["selatan"], "POS-3", [users["kader3"]])


def entrust(person: int, to: str = "POS-3", first: str = _FIRST, last: str = _LAST, **more: Any) -> int:
    """From the middle of November for a month, unless told otherwise."""
    return area.write_one(
        "titip_layanan", area_day(), of=person, ke=to, mulai=first, sampai=last, sebab="bersalin", **more
    )


def area_day() -> str:
    return iso(area.TODAY)


def ids(page: dict[str, Any]) -> list[str]:
    return [record["id"] for record in page["records"]]


def test_both_sides_hold_one_history_and_hear_of_what_the_other_writes(home: Handset, host: Handset) -> None:
    child = area.child("Ani")
    weight = area.write_one("timbang", of=child, berat=7.5)
    (at_home, _), (there, held) = home.first_sync(), host.first_sync()
    assert held == []
    told = entrust(child)
    page = host.pull(there)
    assert ids(page) == [area.label(key) for key in (child, weight, told)]
    by_host, by_home = host.weighing(area.label(child), 7.7), home.weighing(area.label(child), 7.8)
    assert host.statuses(by_host) == home.statuses(by_home) == ["accepted"]
    assert set(ids(host.pull(page["cursor"]))) == {by_host["id"], by_home["id"]}
    assert {by_host["id"], by_home["id"]} <= set(ids(home.pull(at_home)))


def test_a_phone_that_was_silent_for_weeks_forgets_at_its_next_contact(host: Handset, settings: Any) -> None:
    child = area.child("Ani")
    entrust(child)
    cursor, held = host.first_sync()
    assert len(held) == 2
    settings.SIKLUS_TODAY = _LAST
    assert host.pull(cursor)["forget"]["persons"] == []
    written = host.weighing(area.label(child), on=_LAST, seen=host.pull(cursor)["upto"])
    settings.SIKLUS_TODAY = "2027-01-15"
    assert host.statuses(written) == ["accepted"], "it was written while the child was their guest"
    page = host.pull(cursor)
    assert (page["forget"]["persons"], page["records"]) == ([area.label(child)], [])
    late = host.weighing(area.label(child), on="2027-01-14", seen=page["upto"])
    assert host.statuses(late) == ["refused"]
    assert host.pull(page["cursor"])["forget"]["persons"] == []


def test_a_time_that_begins_later_begins_by_itself(host: Handset, settings: Any) -> None:
    child = area.child("Ani")
    told = entrust(child, first="2026-11-25")
    cursor, held = host.first_sync()
    assert held == []
    cursor = host.pull(cursor)["cursor"]
    settings.SIKLUS_TODAY = "2026-11-25"
    page = host.pull(cursor)
    assert ids(page) == [area.label(child), area.label(told)]
    assert host.pull(page["cursor"])["records"] == []


def test_a_snapshot_made_while_somebody_was_a_guest_is_not_handed_out_after(
    host: Handset, settings: Any
) -> None:
    entrust(area.child("Ani"))
    assert len(host.first_sync()[1]) == 2
    settings.SIKLUS_TODAY = "2027-01-15"
    assert host.first_sync()[1] == []


@pytest.mark.parametrize("ends", ["voided", "shortened into the past"])
def test_who_ends_it_early_or_says_it_was_over_long_ago_is_heard_by_who_was_silent(
    host: Handset, settings: Any, ends: str
) -> None:
    child = area.child("Ani")
    told = entrust(child, last="2026-11-30")
    cursor, _ = host.first_sync()
    settings.SIKLUS_TODAY = "2026-12-15"
    if ends == "voided":
        care.void_record(told, author=None, why="keliru", today=parse_day("2026-12-15"))
    else:
        care.correct_record(
            told, author=None, why="keliru", changes={"sampai": "2026-11-20"}, today=parse_day("2026-12-15")
        )
    assert host.pull(cursor)["forget"]["persons"] == [area.label(child)]


def test_who_was_absorbed_by_a_guest_is_part_of_the_history_and_leaves_with_it(
    host: Handset, settings: Any
) -> None:
    child, double = area.child("Ani"), area.child("Ani Dua")
    weight = area.write_one("timbang", of=double, berat=7.5)
    merge = area.write_one("gabung_orang", of=child, orang=area.label(double))
    cursor, _ = host.first_sync()
    told = entrust(double)
    page = host.pull(cursor)
    assert set(ids(page)) == {area.label(key) for key in (child, double, weight, merge, told)}
    settings.SIKLUS_TODAY = "2027-01-15"
    assert host.pull(page["cursor"])["forget"]["persons"] == [area.label(child), area.label(double)]


def test_a_kader_entrusts_nobody_and_a_host_prolongs_nothing(
    home: Handset, host: Handset, users: dict[str, User]
) -> None:
    child = area.child("Ani")
    told = entrust(child)
    said = {"ke": "POS-3", "mulai": _FIRST, "sampai": "2030-01-01", "sebab": "lain"}
    by_kader = home.write("titip_layanan", area_day(), person=area.label(child), data=said)
    assert home.statuses(by_kader) == ["refused"]
    puskesmas = enrolled(users["selatan"], area.SOUTH, [users["selatan"]])
    longer = puskesmas.write(
        "titip_layanan", area_day(), person=area.label(child), root=area.label(told), why="x", data=said
    )
    assert puskesmas.statuses(longer) == ["refused"]
    assert Phone.objects.get(pk=puskesmas.device).scope_code == area.SOUTH


@pytest.mark.parametrize(
    ("to", "who"),
    [("POS-3", {"kader3", "selatan"}), (area.SOUTH, {"selatan"}), (area.PUSTU, {"pustu", "utara"})],
)
def test_a_guest_is_seen_by_the_area_that_was_named_and_what_stands_above_it(
    users: dict[str, User], to: str, who: set[str]
) -> None:
    child = area.child("Ani", posyandu=4 if to == area.PUSTU else 1)
    before = {name for name, user in users.items() if access_persons(user).filter(id=child).exists()}
    entrust(child, to=to)
    now = {name for name, user in users.items() if access_persons(user).filter(id=child).exists()}
    assert now - before == who


def test_guests_are_the_same_when_the_register_is_made_again(users: dict[str, User]) -> None:
    child, double = area.child("Ani"), area.child("Ani Dua")
    entrust(double)
    area.write_one("gabung_orang", of=child, orang=area.label(double))
    kept = list(guests.of_person(child).values())
    assert len(kept) == 1
    care.rebuild_register()
    assert list(guests.of_person(child).values()) == kept
