"""A form filled in at the posyandu goes through the one door, answers needs, and is read with the form of its time."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.access.queries import User
from siklus.care import actions
from siklus.care.log import stored
from siklus.care.models import Record
from siklus.care.queries import answers_for
from siklus.kernel.dates import parse_day
from siklus.library.forms import load_forms
from siklus.library.forms.conditions import Subject
from siklus.library.forms.filling import EDITION, Visit, answers_of, drafts_of
from siklus.library.forms.versions import carried
from siklus.library.loading import load_book
from tests.integration.area import POSYANDU, TODAY, child, lay_area, users

pytestmark = pytest.mark.django_db


@pytest.fixture
def kader() -> User:
    lay_area()
    return users()["kader1"]


def fill_in(kader: User, name: str, answers: dict[str, Any], **visit: Any) -> list[int]:
    """The keys of the records a filling wrote."""
    form, given = load_forms().form(name), {"by_role": "kader", "place_kind": "posyandu", **visit}
    drafts = drafts_of(form, answers, Visit(on=TODAY, **given), load_book().vocabulary)
    outcomes = actions.append_records(drafts, author=kader, today=TODAY)
    assert [outcome.problems for outcome in outcomes if not outcome.is_accepted] == []
    return [outcome.key for outcome in outcomes if outcome.key is not None]


def test_a_weighing_on_the_card_settles_the_need_and_reads_back_with_its_form(kader: User) -> None:
    person = child("Contoh")
    subject = Subject(facts={"birth": parse_day("2026-01-02"), "sex": "p", "died": None, "id": person})
    status = {answer.need: answer.status for answer in answers_for(person, TODAY)}
    assert status["weigh"] == "due"
    answers = {
        "berat": 8.2,
        "panjang": 70.5,
        "cara": "telentang",
        "lengkap": True,
        "sakit": False,
        "obat_cacing": True,
    }
    keys = fill_in(kader, "kartu_balita", answers, person=person, subject=subject)
    assert {answer.need: answer.status for answer in answers_for(person, TODAY)}["weigh"] == "done"

    kept = list(stored(Record.objects.filter(id__in=keys)))
    editions = {record.data[EDITION] for record in kept if EDITION in record.data}
    assert editions == {"kartu_balita/1"}
    # deworming is asked from one year: what was typed of a child of ten months does not count
    expected = {name: value for name, value in answers.items() if name != "obat_cacing"}
    assert answers_of(load_forms().of_edition("kartu_balita/1"), kept) == expected


def test_a_family_and_a_person_are_registered_by_their_forms(kader: User) -> None:
    (family, *_) = fill_in(
        kader, "daftar_keluarga", {"alamat": "Jl. Contoh", "desa": "99.01.01.2001", "jkn": True}
    )
    answers = {
        "nama": "Orang Contoh",
        "birth": "1990-05-01",
        "sex": "l",
        "posyandu": POSYANDU[0],
        "pekerjaan": "petani",
    }
    (person, sheet) = fill_in(kader, "daftar_orang", answers)
    assert Record.objects.get(id=sheet).person_id == person
    assert {record.kind for record in stored(Record.objects.filter(household_id=family))} == {
        "daftar_keluarga", "isian_formulir_keluarga", "periksa_rumah",
    }  # fmt: skip


def test_a_danger_sign_at_home_is_one_danger_record_in_the_log(kader: User) -> None:
    person = child("Contoh", birth="2026-10-20")
    subject = Subject(facts={"birth": parse_day("2026-10-20"), "sex": "p", "died": None, "id": person})
    answers = {"hasil_kunjungan": "dilakukan", "bahaya_kejang": True}
    keys = fill_in(kader, "kr_bayi", answers, person=person, subject=subject, place_kind="kunjungan_rumah")
    kinds = [record.kind for record in stored(Record.objects.filter(id__in=keys))]
    assert kinds.count("tanda_bahaya") == 1


def test_an_old_record_is_read_with_the_form_of_its_time_and_brought_forward_to_the_newest(
    kader: User,
) -> None:
    person = child("Dewasa", birth="1980-01-02")
    subject = Subject(facts={"birth": parse_day("1980-01-02"), "sex": "p", "died": None, "id": person})
    versions = load_forms().versions("kartu_dewasa_lansia")
    answers = {
        "berat": 61.0,
        "tinggi": 158.0,
        "sistolik": 128,
        "diastolik": 84,
        "batuk": False,
        "rujuk_ke": "pustu",
    }
    drafts = drafts_of(
        versions[0],
        answers,
        Visit(on=TODAY, person=person, subject=subject, by_role="kader", place_kind="posyandu"),
        load_book().vocabulary,
    )
    outcomes = actions.append_records(drafts, author=kader, today=TODAY)
    keys = [outcome.key for outcome in outcomes if outcome.is_accepted]
    assert len(keys) == len(drafts)
    kept = list(stored(Record.objects.filter(id__in=keys)))
    (edition,) = {record.data[EDITION] for record in kept if EDITION in record.data}
    made_with = load_forms().of_edition(edition)
    assert (edition, made_with) == ("kartu_dewasa_lansia/1", versions[0])
    read = answers_of(made_with, kept)
    assert read == answers
    assert carried(versions, read, made_with.version) == answers
    assert carried(versions, read, made_with.version).keys() <= {item.id for item in versions[-1].questions}
