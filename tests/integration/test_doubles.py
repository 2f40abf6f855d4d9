"""Who stands in the register twice: what is found, what never is, and what people decided stays decided."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from siklus.doubles.keeping import look_at, look_at_everybody
from siklus.doubles.linking import linked
from siklus.doubles.models import DIFFERENT, NEW, Pair
from siklus.doubles.queries import likely_same, says
from siklus.doubles.weighing import weigh
from siklus.doubles.who import Who, everybody
from siklus.kernel.dates import parse_day
from siklus.library.doubles import DoublesModel, load_doubles
from siklus.records.names import name_key
from siklus.records.persons import ProjectedPerson
from siklus.register import identity
from siklus.sync import settling
from tests.integration.area import POSYANDU, TODAY, child, draft, label, write, write_one

pytestmark = pytest.mark.usefixtures("area")
BORN = parse_day("1990-05-17")


@pytest.fixture
def model() -> DoublesModel:
    return load_doubles()


def who(key: int, name: str, **told: Any) -> Who:
    return Who(id=key, name=name_key(name), **{"birth": BORN, "sex": "p", "puskesmas": "A", **told})


def pairs(people: list[Who], model: DoublesModel) -> set[tuple[int, int]]:
    return {(pair.one, pair.other) for pair in linked(people, model)}


def shares(people: list[Who], model: DoublesModel) -> Any:
    named = sum(each.name is not None for each in people)
    return lambda name: model.share(sum(each.name == name for each in people), named)


def test_titles_spellings_and_another_place_do_not_hide_a_double(model: DoublesModel) -> None:
    people = [
        who(1, "Hj. Siti Aminah, S.Pd", mother="sumiati"),
        who(2, "Sitti Aminah", mother="sumiati", puskesmas="B"),
        who(3, "Aminah Siti", mother="sumiati", puskesmas="C"),
        who(4, "Dewi Lestari", mother="sumiati", puskesmas="B"),
    ]
    assert pairs(people, model) == {(1, 2), (1, 3), (2, 3)}


def test_twins_of_one_family_are_never_doubles(model: DoublesModel) -> None:
    twins = [
        who(1, "Muhammad Hasan", family=9, mother="rini", mother_id=7, phone="800", nik="x", rt="d/1/1"),
        who(2, "Moh. Husein", family=9, mother="rini", mother_id=7, phone="800", nik="x", rt="d/1/1"),
    ]
    assert pairs(twins, model) == set()
    assert weigh(*twins, model, shares(twins, model)) is None
    in_two_homes = [twins[0], replace(twins[1], family=10, nik=None)]
    assert pairs(in_two_homes, model) == set(), "one mother"


def test_a_slip_in_the_name_of_one_born_that_day_is_a_question_unless_something_tells_them_apart(
    model: DoublesModel,
) -> None:
    one = who(1, "Dina Aulia", family=9, mother="rini", mother_id=7, rt="d/1/1", desa="d")
    other = replace(one, id=2, name=name_key("Dini Aulia"))
    (pair,) = linked([one, other], model)
    weighed = weigh(one, other, model, shares([one, other], model))
    assert weighed is not None and weighed.states == pair.states
    assert pair.probability == weighed.probability == model.one_birth.at_most < model.likely_from
    assert "atau kembar: satu keluarga atau satu ibu, lahir pada hari yang sama" in says(pair.states)
    for told, against in (
        ({"sex": "p"}, {"sex": "l"}),
        ({"nik": "x"}, {"nik": "y"}),
        ({"birth_order": 1}, {"birth_order": 2}),
    ):
        apart = [replace(one, **told), replace(other, **against)]
        assert pairs(apart, model) == set() and weigh(*apart, model, shares(apart, model)) is None, told
        unknown = [replace(one, **told), other]
        assert told == {"sex": "p"} or pairs(unknown, model) == {(1, 2)}, "unknown proves nothing"


def test_twins_are_proved_by_what_was_measured_on_one_day_and_by_their_mother() -> None:
    (mother,) = write(draft("daftar_orang", nama="Rini", sex="p", posyandu=POSYANDU[0]))
    home = {"ibu": label(mother.key or 0), "nama_ortu": "Rini"}
    one, other = child("Dina Aulia", **home), child("Dini Aulia", **home)
    assert look_at_everybody().pairs == look_at([one]) + 1 == 1
    write_one("timbang", "2026-02-02", of=one, berat=4.5)
    write_one("timbang", "2026-02-02", of=other, berat=4.5)
    assert look_at_everybody().pairs == 1, "one weighing may be written twice"
    write_one("timbang", "2026-03-02", of=one, berat=5.1)
    second = write_one("timbang", "2026-03-02", of=other, berat=5.4)
    assert look_at_everybody().gone == 1
    write(draft("timbang", "2026-03-02", root=second, void=True, why="salah orang"))
    assert look_at_everybody().new == 1
    write_one("periksa_hamil", "2025-09-09", of=mother.key, jumlah_janin=2)
    assert look_at_everybody().gone == 1
    assert look_at([other]) == 0 and not Pair.objects.exists()


def test_one_child_written_twice_in_its_family_is_found(model: DoublesModel) -> None:
    people = [who(1, "Ahmad Fauzi", family=9, mother="rini"), who(2, "Fauzi", family=9, mother="rini")]
    assert pairs(people, model) == {(1, 2)}


def test_an_unknown_birth_is_no_agreement(model: DoublesModel) -> None:
    alike = [who(1, "Slamet", birth=None, desa="d"), who(2, "Slamet", birth=None, desa="d")]
    assert pairs(alike, model) == set()
    (pair,) = linked([replace(each, mother="ponirah", nik="x") for each in alike], model)
    assert "birth" not in pair.states


def test_the_first_of_january_says_only_the_year(model: DoublesModel) -> None:
    day = parse_day("1960-01-01")
    people = [who(n, "Slamet", birth=day, is_rounded=True, puskesmas=f"P{n}") for n in (1, 2)]
    assert pairs(people, model) == set()
    assert pairs([replace(each, mother="ponirah") for each in people], model) == {(1, 2)}


def test_one_nik_is_always_shown_whatever_else_differs(model: DoublesModel) -> None:
    people = [
        who(1, "Budi", sex="l", nik="x"),
        who(2, "Ratna", birth=BORN + 9000, puskesmas="B", nik="x", phone="1"),
    ]
    assert pairs(people, model) == {(1, 2)}


def test_everybody_and_one_by_one_are_weighed_alike_and_twice_the_same(model: DoublesModel) -> None:
    people = crowd(random.Random(5))
    found = linked(people, model)
    assert len(found) > 30, "the crowd is drawn so that many are alike"
    assert linked(reversed(people), model) == found
    by_id, frequency = {each.id: each for each in people}, shares(people, model)
    for pair in found:
        weighed = weigh(by_id[pair.one], by_id[pair.other], model, frequency)
        assert weighed is not None
        assert weighed.states == pair.states
        assert weighed.probability == pytest.approx(pair.probability, abs=1e-9)


def crowd(rng: random.Random) -> list[Who]:
    """Few names, days and places, so that every state of every comparison comes."""
    names = (
        "siti aminah",
        "aminah siti",
        "siti amina",
        "siti",
        "budi santoso",
        "budi",
        "ratna",
        "ratna dewi",
    )
    days = (BORN, BORN + 1, parse_day("1990-01-01"), parse_day("1990-07-05"), None)

    def some(*values: Any) -> Any:
        return rng.choice((*values, None))

    return [
        Who(
            id=n, name=rng.choice(names), birth=(birth := rng.choice(days)), is_rounded=birth == days[2],
            sex=some("p", "l"), mother=some("rini", "rini wati", "rinni"), spouse=some("budi", "siti aminah"),
            family=some(1, 2, 3), card=some("k1", "k2"), rt=some("d1/1/1"), posyandu=some("y1", "y2"),
            desa=some("d1", "d2"), puskesmas=rng.choice(("A", "B")), nik=some("x", "y", "z"), phone=some("1", "2"),
            mother_id=some(91, 92), birth_order=some(1, 2), is_living=rng.random() < 0.9,
        )
        for n in range(1, 61)
    ]  # fmt: skip


def test_the_register_is_read_with_family_mother_husband_and_without_clear_numbers(
    model: DoublesModel,
) -> None:
    _home, head, wife = write(
        draft("daftar_keluarga", ref="k", no_kk="9900000000000012", rt="02", rw="01", desa="99.01.01.2001"),
        draft("daftar_orang", nama="Budi", hubungan="kepala_keluarga", keluarga="@k", nik="9900000000000001"),
        draft(
            "daftar_orang", nama="Ratna", hubungan="istri", keluarga="@k", hp="+62 812-3", nama_ortu="Ibu Sum"
        ),
    )
    found = {each.id: each for each in everybody(model)}
    ratna, budi = found[wife.key or 0], found[head.key or 0]
    assert (ratna.spouse, budi.spouse, ratna.mother, ratna.phone) == ("budi", "ratna", "sum", "8123")
    assert ratna.rt == "99.01.01.2001/01/02" and ratna.family == budi.family is not None
    assert budi.nik in identity.indexes(identity.NIK, ["9900000000000001"])
    assert "9900000000000" not in repr(found)


def test_no_again_does_not_come_back_until_data_change() -> None:
    one, other = child("Ani Lestari", nama_ortu="Rini"), child("Anni Lestari", 3, nama_ortu="Rini")
    looked = look_at_everybody()
    assert (looked.people, looked.new) == (2, 1)
    (row,) = Pair.objects.all()
    assert (row.one, row.other, row.state) == (one, other, NEW)
    Pair.objects.update(state=DIFFERENT)
    assert look_at_everybody().new == 0
    assert Pair.objects.get().state == DIFFERENT
    write_one("ubah_orang", of=other, hp="0800-1")
    look_at_everybody()
    assert Pair.objects.get().state == DIFFERENT, "a telephone is nobody's name"
    write_one("ubah_orang", of=other, nama="Ani Lestari Putri")
    look_at_everybody()
    assert Pair.objects.get().state == NEW


def test_a_pair_that_is_none_any_more_goes_and_one_that_was_decided_stays() -> None:
    _one, other = child("Ani Lestari", nama_ortu="Rini"), child("Anni Lestari", 3, nama_ortu="Rini")
    look_at_everybody()
    write_one("ubah_orang", of=other, nama="Zulaikha", birth="2020-03-03", nama_ortu="Tuti")
    assert look_at_everybody().gone == 1
    assert not Pair.objects.exists()


def test_who_was_just_registered_is_looked_for_at_once() -> None:
    one = child("Ani Lestari", nik="9900000000000001")
    other = child("Anni Lestari", 3, nama_ortu="Rini", nik="9900000000000001")
    assert look_at([other]) == 1
    assert Pair.objects.get().one == one
    assert look_at([other]) == 0


def newcomer(name: str, **told: Any) -> ProjectedPerson:
    return ProjectedPerson(id=0, name=name, **told)


def test_before_saving_the_likely_ones_are_known_by_name_and_day_or_by_number() -> None:
    one = child("Ani Lestari", nik="9900000000000001", nama_ortu="Rini")
    day = parse_day("2026-01-02")
    by_name = likely_same(newcomer("Any Lestari", birth=day, sex="p", facts={"nama_ortu": "Rini"}))
    assert [found.other for found in by_name] == [one] and "tanggal lahir sama" in by_name[0].says
    assert [found.other for found in likely_same(newcomer("Lain", nik="9900000000000001"))] == [one]
    assert not likely_same(newcomer("Lain Sekali", birth=day, sex="p"))
    assert label(one) not in repr(by_name), "an id, not a text to be shown"


def test_who_a_phone_registers_is_looked_for_when_it_is_settled() -> None:
    one = child("Ani Lestari", nama_ortu="Rini")
    outcomes = write(
        draft(
            "daftar_orang",
            nama="Anni Lestari",
            birth="2026-01-02",
            sex="p",
            nama_ortu="Rini",
            posyandu=POSYANDU[2],
        )
    )
    settling.note_touched(outcomes)
    assert not Pair.objects.exists()
    assert settling.settle_waiting(TODAY) == 2
    assert Pair.objects.get().one == one
