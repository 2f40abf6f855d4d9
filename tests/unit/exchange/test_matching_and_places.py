"""Who is the same person, and which village is meant: what is taken, what is asked, what is never guessed."""

from __future__ import annotations

import pytest

from siklus.exchange.excel.columns import load_rules
from siklus.exchange.excel.matching import (
    CONFLICT,
    MATCH,
    NEW,
    Identity,
    People,
    identity_of,
    is_near,
    likeness,
)
from siklus.exchange.excel.places import Desa, PlaceBook, Posyandu
from siklus.kernel.dates import parse_day
from siklus.records.names import name_key

NIK, OTHER_NIK = "9902116902240001", "9902116902240002"


def who(key: int, name: str, birth: str | None = "2024-02-29", **rest: object) -> Identity:
    day = None if birth is None else parse_day(birth)
    return identity_of(key, name, birth=day, **rest)  # type: ignore[arg-type]


def register(*known: Identity, elsewhere: tuple[str, ...] = ()) -> People:
    people = People(load_rules(), frozenset(elsewhere))
    for one in known:
        people.add(one)
    return people


SARI = who(7, "Sari Contoh", nik=NIK, sex="p", families=("Ibu Contoh",), no_kk="9902110101010001")


@pytest.mark.parametrize(
    ("wanted", "verdict", "code"),
    [
        (who(-2, "SARI CONTOH", nik=NIK), MATCH, None),
        (who(-2, "Sary Contoh", "2024-02-28", nik=NIK), MATCH, None),
        (who(-2, "Budi Lain", "2020-01-01", nik=NIK), CONFLICT, "same_nik_other_person"),
        (who(-2, "sari contoh", families=("IBU CONTOH",)), MATCH, None),
        (who(-2, "Sari Contoh", no_kk="9902110101010001"), MATCH, None),
        (who(-2, "Sari Contoh"), CONFLICT, "maybe_same"),
        (who(-2, "Sari Conto", families=("Ibu Contoh",)), CONFLICT, "maybe_same"),
        (who(-2, "Sari Contoh", "2024-02-28", families=("Ibu Contoh",)), CONFLICT, "maybe_same"),
        (who(-2, "Sari Contoh", families=("Ibu Contoh",), nik=OTHER_NIK), CONFLICT, "maybe_same"),
        (who(-2, "Sari Contoh", families=("Ibu Contoh",), sex="l"), NEW, None),
        (who(-2, "Sari Contoh", "2019-05-05", families=("Ibu Contoh",)), NEW, None),
        (who(-2, "Joko Contoh"), NEW, None),
        (who(-2, "Sari Contoh", None), NEW, None),
    ],
)
def test_who_is_meant_by_a_row(wanted: Identity, verdict: str, code: str | None) -> None:
    found = register(SARI).recognise(wanted)
    assert found.verdict == verdict
    assert (found.finding.code if found.finding else None) == code
    assert found.id == (7 if verdict == MATCH else None)
    if verdict == CONFLICT:
        assert [candidate.id for candidate in found.candidates] == [7]
        assert found.finding is not None and "{" not in found.finding.why()


def test_a_doubt_states_its_score_and_reasons_in_words() -> None:
    found = register(SARI).recognise(who(-2, "Sari Conto", families=("Ibu Contoh",)))
    assert found.finding is not None
    assert found.finding.why() == (
        "Mungkin Sari Contoh (29 Feb 2024): nilai 93 dari 100 "
        "(nama mirip 87 %, tanggal lahir sama, nama orang tua sama)"
    )


def test_twins_with_names_alike_are_asked_for_and_the_right_one_is_taken_when_the_name_is_the_same() -> None:
    one = who(1, "Rafa Alfarizi", families=("Dewi",))
    two = who(2, "Rafi Alfarizi", families=("Dewi",))
    assert register(one).recognise(who(-2, "Rafi Alfarizi", families=("Dewi",))).verdict == CONFLICT
    assert register(one, two).recognise(who(-2, "Rafi Alfarizi", families=("Dewi",))).id == 2


def test_two_who_fit_equally_well_wait_for_a_person() -> None:
    double = who(8, "Sari Contoh", families=("Ibu Contoh",))
    found = register(SARI, double).recognise(who(-2, "Sari Contoh", families=("Ibu Contoh",)))
    assert found.finding is not None and found.finding.code == "several"
    assert [candidate.id for candidate in found.candidates] == [7, 8]


def test_a_nik_in_use_outside_the_area_waits_and_names_nobody() -> None:
    found = register(elsewhere=(NIK,)).recognise(who(-2, "Sari Contoh", nik=NIK))
    assert (found.verdict, found.candidates, found.may_be_same) == (CONFLICT, (), False)


def test_earlier_rows_of_the_file_are_people_too() -> None:
    people = register(who(-2, "Sari Contoh", nik=NIK))
    assert people.recognise(who(-3, "Sari Contoh", nik=NIK)).id == -2
    other = people.recognise(who(-3, "Joko Lain", "2020-01-01", nik=NIK))
    assert other.finding is not None and other.finding.values == {"row": "2"}


def test_names_without_letters_we_know_are_alike_to_nobody() -> None:
    assert likeness("", "") == 0
    assert likeness(name_key("张伟"), name_key("李娜")) == 0


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("2024-03-04", "2024-04-03", True), ("2024-03-04", "2024-03-14", True), ("2024-03-04", "2014-03-04", True),
     ("2024-03-04", "2023-04-03", False), ("2024-03-04", "2021-07-04", False)],
)  # fmt: skip
def test_dates_are_near_when_a_slip_of_the_pen_parts_them(one: str, other: str, near: bool) -> None:
    assert is_near(parse_day(one), parse_day(other)) is near


BOOK = PlaceBook(
    "Puskesmas Contoh",
    (Desa("99.01.01.2001", "Cawang Lama", "Selupu"), Desa("99.01.01.2002", "Cawang Baru", "Selupu"),
     Desa("99.01.01.2003", "Suka Maju", "Selupu"), Desa("99.01.02.2003", "Suka Maju", "Curup")),
    (Posyandu("p1", "Melati I", "99.01.01.2001"), Posyandu("p2", "Melati II", "99.01.01.2001"),
     Posyandu("p3", "Mawar", "99.01.01.2001"), Posyandu("p4", "Mawar", "99.01.01.2002")),
    load_rules(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("names", "desa", "posyandu"),
    [
        ({"desa": "Cawang Lama"}, "99.01.01.2001", ""),
        ({"desa": "DESA CAWANG LAMA", "posyandu": "Posyandu Melati 2"}, "99.01.01.2001", "p2"),
        ({"desa": "Kel. Cawang-Baru", "posyandu": "mawar"}, "99.01.01.2002", "p4"),
        ({"posyandu": "Melati 01"}, "99.01.01.2001", "p1"),
        ({"kecamatan": "Kec. Curup", "desa": "Suka Maju"}, "99.01.02.2003", ""),
        ({"kecamatan": "Slupu", "desa": "Cawang Lama"}, "99.01.01.2001", ""),
    ],
)
def test_a_place_is_found_by_its_name_as_lists_write_it(
    names: dict[str, str], desa: str, posyandu: str
) -> None:
    found = BOOK.find(**names)
    assert (found.desa, found.posyandu, found.finding) == (desa, posyandu, None)


@pytest.mark.parametrize(
    ("names", "code", "suggestion"),
    [
        ({"desa": "Cwg Lama"}, "desa_unknown", "Cawang Lama"),
        ({"desa": "Jauh Sekali"}, "desa_unknown_far", ""),
        ({"desa": "Suka Maju"}, "desa_double", ""),
        ({"kecamatan": "Curup", "desa": "Cawang Lama"}, "desa_unknown", "Cawang Lama"),
        ({"desa": "Cawang Lama", "posyandu": "Melatih"}, "posyandu_unknown", "Melati I"),
        ({"desa": "Cawang Baru", "posyandu": "Melati 1"}, "posyandu_elsewhere", ""),
        ({"posyandu": "Mawar"}, "posyandu_double", ""),
        ({}, "desa_missing", ""),
    ],
)
def test_a_place_that_is_not_there_is_never_guessed_but_the_nearest_is_offered(
    names: dict[str, str], code: str, suggestion: str
) -> None:
    found = BOOK.find(**names)
    assert found.finding is not None
    assert (found.finding.code, found.finding.suggestion) == (code, suggestion)
    assert "{" not in found.finding.why() + found.finding.todo()
