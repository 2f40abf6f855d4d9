"""Breaking the glass: one person outside the own area, with a reason, a few times a day, in sight of the heads."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from siklus.access import actions
from siklus.access.models import AuditEntry
from siklus.access.permissions import permissions
from siklus.access.queries import User
from siklus.kernel.dates import iso
from tests.integration import area as places
from tests.integration.area import child, enter_as, label, words, write_one

PAGE, OPENINGS = "/darurat/", "/catatan-akses/darurat/"
NIK, WHY = "9901014101900003", "pingsan di pasar, tanpa keluarga"


@pytest.fixture
def far(users: dict[str, User], settings: Any) -> int:
    """A woman of the south, whom nobody of the north may see."""
    settings.SIKLUS_TODAY = iso(places.TODAY)
    person = child("Ratna Jauh", posyandu=3, birth="1990-01-01", nik=NIK, hp="0800-1234")
    write_one("ukur_td", "2026-10-01", of=person, sistolik=170, diastolik=100)
    write_one("tes_infeksi", "2026-10-02", of=person, jenis="hiv", hasil="positif")
    return person


def asked(client: Client, nik: str = NIK, why: str = WHY) -> str:
    answer = client.post(PAGE, {"nik": nik, "alasan": why})
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_nurse_sees_the_one_person_without_what_is_closed(users: dict[str, User], far: int) -> None:
    nurse = enter_as(users)("pustu")
    assert nurse.get(f"/orang/{label(far)}/").status_code == 404
    shown = asked(nurse)
    for said in (
        "Ratna Jauh",
        "Melati 3",
        "0800-1234",
        "170",
        f"Sisa {permissions().emergency.a_day - 1} kali",
    ):
        assert said in shown, said
    assert "HIV" not in shown and "positif" not in shown
    assert nurse.get(f"/orang/{label(far)}/").status_code == 404
    assert "Ratna" not in words(nurse, PAGE)


def test_each_look_is_a_line_with_its_reason_and_without_the_number(users: dict[str, User], far: int) -> None:
    asked(enter_as(users)("pustu"), why=f"{WHY}, NIK {NIK}")
    (line,) = AuditEntry.objects.filter(action="buka darurat")
    assert (line.user, line.subject) == (users["pustu"], label(far))
    assert WHY in line.detail and NIK not in line.detail


def test_without_a_reason_nothing_is_opened(users: dict[str, User], far: int) -> None:
    nurse = enter_as(users)("pustu")
    for why in ("", "darurat", "1234567890 123"):
        assert "Ratna" not in asked(nurse, why=why)
    assert not AuditEntry.objects.filter(action__in=("buka darurat", "cari darurat")).exists()


def test_a_few_times_a_day_and_a_number_of_nobody_counts(users: dict[str, User], far: int) -> None:
    nurse, most = enter_as(users)("pustu"), permissions().emergency.a_day
    for number in range(most):
        assert "Tidak ada satu orang" in asked(nurse, nik=f"99010141019001{number:02}")
    shown = asked(nurse)
    assert "Batas hari ini sudah habis" in shown and "Ratna" not in shown
    assert AuditEntry.objects.filter(action="cari darurat").count() == most


def test_who_lives_here_opens_as_ever(users: dict[str, User], far: int) -> None:
    answer = enter_as(users)("selatan").post(PAGE, {"nik": NIK, "alasan": WHY})
    assert answer.headers["Location"] == f"/orang/{label(far)}/"


def test_both_heads_see_who_looked_and_why(users: dict[str, User], far: int) -> None:
    for name, place in (("kepala-u", places.NORTH), ("kepala-s", places.SOUTH)):
        users[name] = actions.add_user(username=name, password=places.WORD, role="kepala", scope_code=place)
    users["auditor"] = actions.add_user(
        username="auditor", password=places.WORD, role="auditor", scope_code="99.01"
    )
    enter = enter_as(users)
    asked(enter("pustu"))
    for name, knows in (("kepala-u", False), ("kepala-s", True), ("auditor", False)):
        shown = words(enter(name), OPENINGS)
        assert WHY in shown and "Pustu" in shown, name
        assert ("Ratna Jauh" in shown) is knows and (label(far) in shown) is not knows, name
    assert WHY not in words(enter("pustu"), OPENINGS), "what colleagues look at is the head's to read"


def test_a_head_elsewhere_sees_nothing_of_it(users: dict[str, User], far: int) -> None:
    users["kepala-u"] = actions.add_user(
        username="kepala-u", password=places.WORD, role="kepala", scope_code=places.NORTH
    )
    enter = enter_as(users)
    other = child("Orang Utara", posyandu=1, birth="1980-01-01", nik="9901014101800004")
    asked(enter("selatan"), nik="9901014101800004")
    assert "Orang Utara" in words(enter("kepala-u"), OPENINGS), "one of theirs was looked at"
    write_one("pindah", of=other, posyandu="POS-3", desa=places.DESAS[2])
    assert WHY not in words(enter("kepala-u"), OPENINGS)


def test_the_home_side_is_told_on_its_first_page_until_somebody_has_read_it(
    users: dict[str, User], far: int
) -> None:
    users["kepala-u"] = actions.add_user(
        username="kepala-u", password=places.WORD, role="kepala", scope_code=places.NORTH
    )
    enter = enter_as(users)
    said = "1 pembukaan darurat belum dibaca"
    assert "belum dibaca" not in words(enter("selatan"), "/")
    asked(enter("pustu"))
    for name, is_told in (("selatan", True), ("kepala-u", True), ("pustu", False), ("utara", False)):
        assert (said in words(enter(name), "/")) is is_told, name
    assert "Ratna Jauh" in words(enter("selatan"), OPENINGS)
    assert "belum dibaca" not in words(enter("selatan"), "/")
    assert said in words(enter("kepala-u"), "/"), "each reads for themselves"
    asked(enter("pustu"))
    assert said in words(enter("selatan"), "/")
