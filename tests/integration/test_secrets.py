"""What is of HIV, jiwa, kekerasan or TB: who reads it, who is told to send somebody, for whom it is not there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from siklus.access import actions as access
from siklus.access import may
from siklus.access.permissions import permissions, read_permissions
from siklus.access.queries import User
from siklus.care import actions as care
from siklus.care import queries
from siklus.kernel.dates import parse_day
from siklus.kernel.ids import format_record_id
from siklus.library.forms import load_forms
from siklus.library.loading import load_book
from siklus.monitoring import actions as monitoring
from siklus.records.drafts import DraftRecord
from siklus.rules import sensitive
from tests import village as places
from tests.village import Village

Login = Callable[[str], Client]
READS_ALL = ("puskesmas", "kepala")
TELLING = ("HIV", "ARV", "TBC", "kekerasan", "jiwa berat", "SRQ", "sifilis")


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Village]:
    """The village; the grandmother, otherwise well, has one secret of every class."""
    with django_db_blocker.unblock(), transaction.atomic():
        village = places.plant()
        for name, role, scope in (
            ("kepala", "kepala", places.PUSKESMAS),
            ("admin", "admin", places.KABUPATEN),
        ):
            access.add_user(username=name, password=places.PASSWORD, role=role, scope_code=scope)
        author = User.objects.get(username="puskesmas")
        drafts = [
            draft("tes_infeksi", village.mother, jenis="hiv", hasil="positif"),
            draft("kasus_kekerasan", village.mother, bentuk="fisik"),
            draft("mulai_obat_tb", village.mother, jenis="so"),
            draft("diagnosis", village.mother, kondisi="odgj_berat"),
            draft("srq20", village.mother, skor=15),
            draft("janji", village.mother, urusan="hiv", tanggal="2026-11-20"),
            draft("janji", village.mother, urusan="kontrol_hipertensi", tanggal="2026-11-21"),
            draft("penolakan", village.mother, kebutuhan="arv_kontrol"),
        ]
        outcomes = care.append_records(drafts, author=author, today=places.TODAY)
        assert all(outcome.is_accepted for outcome in outcomes), [each.problems for each in outcomes]
        monitoring.settle({village.mother}, places.TODAY)
        yield village
        transaction.set_rollback(True)


def draft(kind: str, person: int, on: str = "2026-11-03", **data: Any) -> DraftRecord:
    return DraftRecord(
        kind=kind, on=parse_day(on), person=person, data=data, by_role="bidan", place_kind="puskesmas"
    )


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def page(key: int) -> str:
    return f"/orang/{format_record_id(key)}/"


def kinds_seen(username: str, person: int) -> set[str]:
    user = User.objects.get(username=username)
    return {event.kind for event in queries.seen_line(user, queries.time_line(person))}


def test_each_role_knows_of_the_records_of_its_classes_and_no_others(village: Village) -> None:
    every = {"tes_infeksi", "kasus_kekerasan", "mulai_obat_tb", "diagnosis", "srq20", "penolakan", "janji"}
    secret = every - {"janji"}
    for name in READS_ALL:
        assert every <= kinds_seen(name, village.mother)
    assert kinds_seen("pustu", village.mother) & secret == {"mulai_obat_tb", "diagnosis", "srq20"}
    for name in ("kader", "dinkes", "admin"):
        assert not kinds_seen(name, village.mother) & secret, name
    janji = [e for e in queries.time_line(village.mother) if e.kind == "janji"]
    assert len(janji) == 2
    assert len(queries.seen_line(User.objects.get(username="kader"), janji)) == 1


def test_no_page_of_a_person_tells_a_kader_or_the_dinkes_what_is_closed(
    village: Village, as_user: Login
) -> None:
    for name in ("kader", "dinkes"):
        shown = words(as_user(name), page(village.mother)) + words(as_user(name), "/cari/?q=siti")
        found = [word for word in TELLING if word.lower() in shown.lower()]
        assert set(found) <= {"SRQ", "TBC"}, (name, found)  # screenings that everybody is owed
        assert "positif" not in shown.lower()
    nurse = words(as_user("puskesmas"), page(village.mother))
    assert "Tes HIV" in nurse and "Kasus kekerasan" in nurse


def test_a_kader_reads_that_there_is_an_appointment_not_of_which_illness(
    village: Village, as_user: Login
) -> None:
    shown = words(as_user("kader"), page(village.mother))
    assert "Janji datang kembali" in shown and "Tanggal janji 21 " in shown
    assert "hipertensi" not in shown.lower()
    assert "Kontrol hipertensi" in words(as_user("pustu"), page(village.mother))


def test_counts_open_to_as_many_names_for_those_to_whom_some_needs_do_not_exist(
    village: Village, as_user: Login
) -> None:
    for name in ("pustu", "kader"):
        user = User.objects.get(username=name)
        listed = queries.needs_list(user, queries.NeedFilter(), places.TODAY, size=0)
        assert not {line.need for line in listed.lines} & may.absent_needs(user)
        assert may.absent_needs(user) & {line.need for line in all_lines()}
        assert listed.total_persons == len({line.person_id for line in listed.lines})
        assert listed.total_needs == len(listed.lines)
        for status, persons in listed.persons_by_status.items():
            assert persons == len({each.person_id for each in listed.lines if each.status == status}), status
        one = queries.persons_with(user, places.TODAY)
        assert one["any"] == listed.total_persons
        by_package = {
            (count.package, count.status): count.persons for count in queries.need_counts(user, places.TODAY)
        }
        for (package, status), persons in by_package.items():
            own = {
                each.person_id for each in listed.lines if (each.package, each.status) == (package, status)
            }
            assert persons == len(own), (package, status)


def all_lines() -> tuple[Any, ...]:
    officer = User.objects.get(username="puskesmas")
    return queries.needs_list(officer, queries.NeedFilter(), places.TODAY, size=0).lines


def test_a_person_with_nothing_but_a_closed_need_stands_in_no_list(village: Village) -> None:
    from siklus.care.models import Need

    user = User.objects.get(username="pustu")
    Need.objects.filter(person_id=village.mother).exclude(need__in=may.absent_needs(user)).delete()
    listed = queries.needs_list(user, queries.NeedFilter(), places.TODAY, size=0)
    assert village.mother not in {line.person_id for line in listed.lines}


def test_a_secret_record_has_no_page_for_who_does_not_read_it(village: Village, as_user: Login) -> None:
    root = next(e.key for e in queries.time_line(village.mother) if e.kind == "tes_infeksi")
    address = f"{page(village.mother)}catatan/{format_record_id(root)}/"
    assert as_user("puskesmas").get(address).status_code == 200
    for method in ("get", "post"):
        assert getattr(as_user("pustu"), method)(address).status_code == 404


def test_who_may_write_a_class_but_not_read_it_is_told_so(village: Village, as_user: Login) -> None:
    address = f"{page(village.pregnant)}catat/"
    typed = {
        "jenis-catatan": "kasus_kekerasan",
        "tanggal-catatan": "10/11/2026",
        "bentuk": "fisik",
        "oleh": "bidan",
    }
    answer = as_user("pustu").post(address, typed, follow=True)
    assert "hanya petugas yang merawatnya dapat membacanya" in html.unescape(answer.content.decode())
    assert "kasus_kekerasan" in kinds_seen("puskesmas", village.pregnant)
    assert "kasus_kekerasan" not in kinds_seen("pustu", village.pregnant)


def test_what_a_role_may_write_is_asked_of_every_record(village: Village) -> None:
    by_name = {name: User.objects.get(username=name) for name in ("kader", "pustu", "puskesmas", "dinkes")}
    tried = {
        ("kader", "timbang"): True, ("kader", "srq20"): True, ("kader", "kr_tbc"): True, ("kader", "diagnosis"): False,
        ("kader", "tes_infeksi"): False, ("pustu", "tes_infeksi"): True, ("pustu", "kasus_kekerasan"): True,
        ("puskesmas", "kontrol_arv"): True, ("dinkes", "timbang"): False, ("puskesmas", "tidak_ada"): False,
    }  # fmt: skip
    for (name, kind), is_so in tried.items():
        assert may.may_write_record(by_name[name], kind, {}) is is_so, (name, kind)
    assert not may.may_write_record(
        by_name["kader"], "janji", {"urusan": "arv"}
    )  # by another name of the word too
    assert may.may_write_record(by_name["kader"], "janji", {"urusan": "imunisasi"})
    sheet = {"formulir": "kekerasan", "versi": 1}
    assert not may.may_read_record(by_name["pustu"], "isian_formulir", sheet)
    assert may.may_read_record(by_name["puskesmas"], "isian_formulir", sheet)


def test_a_case_to_try_holds_no_record_that_the_user_may_not_read(village: Village) -> None:
    from siklus.trials.queries import start_from_person

    book = load_book()
    need = book.need("arv_kontrol")
    for name, is_there in (("puskesmas", True), ("dinkes", False)):
        user = User.objects.get(username=name)
        start = start_from_person(user, book, village.mother, book.need("hiv_konfirmasi"), places.TODAY, 0)
        assert bool(start.life["records"]) is is_there, name
    assert sensitive.of_need(book.rules, need) == {"hiv"}


def test_a_history_keeps_no_older_text_that_is_closed(village: Village) -> None:
    author = User.objects.get(username="puskesmas")
    (outcome,) = care.append_records(
        [draft("diagnosis", village.grandmother, kondisi="odgj_berat")], author=author, today=places.TODAY
    )
    assert outcome.key is not None
    care.correct_record(
        outcome.key, author=author, why="salah", changes={"kondisi": "hipertensi"}, today=places.TODAY
    )
    (event,) = (e for e in queries.time_line(village.grandmother) if e.key == outcome.key)
    assert len(event.history) == 2
    (seen,) = queries.seen_line(User.objects.get(username="dinkes"), [event])
    assert seen.history == () and seen.data["kondisi"] == "hipertensi"


def test_every_class_of_the_vocabulary_has_its_readers_and_every_act_its_roles() -> None:
    assert set(permissions().secrets) == set(sensitive.SENSITIVE)
    assert set(may.ACTS) == set(permissions().acts)
    with pytest.raises(ValueError, match="no such role"):
        read_permissions(
            {
                "roles": {},
                "acts": {"see": ["kader"]},
                "secrets": {},
                "manages": {},
                "cites": "",
                "confidence": "",
            }
        )


def test_what_everybody_is_owed_is_no_secret_and_what_arises_from_one_is(db: None) -> None:
    book = load_book()
    told = {need.name: sensitive.of_need(book.rules, need) for need in book.needs}
    for name in ("srq20", "tripel_hamil", "tb_skrining", "glu_adult", "tb_skrining_bulanan", "mr1"):
        assert told[name] == frozenset(), name
    assert told["tes_hiv"] == told["arv_kontrol"] == {"hiv"}
    # A family's need tells what its members share with it.
    assert told["tb_serumah"] == {"tb"} and told["kunjungan_sasaran"] == frozenset()
    assert (
        told["tb_tes_hiv"] == {"tb"} and told["odgj_fu"] == {"jiwa"} and told["ktpa_lapor"] == {"kekerasan"}
    )


def test_names_are_not_listed_by_what_tells_of_a_member_of_a_family(village: Village) -> None:
    book = load_book()
    iks = next(rule for rule in book.indicators if sensitive_components(rule))
    dinkes, officer = (User.objects.get(username=name) for name in ("dinkes", "puskesmas"))
    assert set(iks.components) - set(may.open_components(dinkes, iks)) == sensitive_components(iks)
    assert set(may.open_components(officer, iks)) == set(iks.components)
    assert may.may_use_form(officer, load_forms().form("infeksi"))


def sensitive_components(rule: Any) -> set[str]:
    rules = load_book().rules
    return {name for name, node in rule.components.items() if sensitive.of_members(rules, node)}


def test_what_is_said_of_a_kind_holds_for_each_record_of_it(village: Village) -> None:
    vocabulary = load_book().vocabulary
    by_values = set()
    for user in User.objects.filter(is_active=True):
        for kind, spec in vocabulary.kinds.items():
            told = may.may_read_kind(user, kind)
            words = [
                {field.name: word}
                for field in spec.fields.values()
                if field.codes
                for word in vocabulary.codes[field.codes]
            ]
            said = {may.may_read_record(user, kind, values) for values in ({}, *words)}
            assert told is None or said == {told}, (user.username, kind)
            by_values |= {kind} if told is None else set()
    assert {"diagnosis", "janji", "penolakan"} <= by_values and "timbang" not in by_values
