"""The audit is a chain: whatever is changed, taken out, put in or cut off shows; and the database itself refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from siklus.access import actions, audit, guarding
from siklus.access.chain import FIRST, Link, breaks_of, hash_of
from siklus.access.models import AuditEntry, AuditHead
from siklus.access.queries import User
from siklus.site.cli import main
from tests.integration import area as places


def lines(count: int) -> list[Link]:
    former, made = FIRST, []
    for number in range(1, count + 1):
        link = Link(
            number=number, at=datetime(2026, 11, 22, 8, number, tzinfo=UTC), user_id=7, action="lihat orang",
            subject=f"1-{number}", detail="",
        )  # fmt: skip
        former = hash_of(link, former)
        made.append(replace(link, hash=former))
    return made


def told(links: list[Link], head: tuple[int, str], anchors: dict[int, str] | None = None) -> list[int]:
    return [each.number for each in breaks_of(links, head, anchors or {})]


def test_a_chain_shows_what_was_done_to_it() -> None:
    whole = lines(5)
    head, anchors = (5, whole[-1].hash), {3: whole[2].hash}
    assert told(whole, head, anchors) == []
    assert told([], (0, FIRST)) == []
    changed = [*whole[:2], replace(whole[2], subject="1-99"), *whole[3:]]
    assert told(changed, head) == [3]
    assert told([*whole[:2], *whole[3:]], head) == [3]
    assert told(whole[:4], head) == [5]  # the end cut off, the head forgotten
    assert told(whole[:2], (2, whole[1].hash), anchors) == [3]  # the head made to fit: the anchor tells
    again = lines(2) + [replace(link, detail="lain") for link in whole[2:]]
    former = again[1].hash
    for n in range(2, 5):
        again[n] = replace(again[n], hash=hash_of(again[n], former))
        former = again[n].hash
    assert told(again, (5, former)) == []  # made anew to the end: only an anchor tells
    assert told(again, (5, former), anchors) == [3]


def test_what_is_written_holds_and_a_changed_line_is_found(db: None, tmp_path: Path) -> None:
    places.lay_area()
    user = places.users()["utara"]
    for number in range(4):
        actions.note(user, "lihat orang", f"1-{number}")
    assert audit.verify() == []
    path = tmp_path / "anchors"
    audit.write_anchor(path)
    assert audit.verify(audit.read_anchors(path)) == []
    last = AuditEntry.objects.order_by("-number").first()
    assert last is not None and last.number == audit.head_of()[0] and last.hash == audit.head_of()[1]
    AuditEntry.objects.filter(pk=last.pk).update(at=timezone.now())
    assert [each.number for each in audit.verify()] == [last.number]
    AuditEntry.objects.filter(pk=last.pk).delete()
    assert "akhir rantai dihapus" in audit.verify()[0].why
    AuditHead.objects.update(
        count=last.number - 1, hash=AuditEntry.objects.order_by("-number").values_list("hash", flat=True)[0]
    )
    assert audit.verify() == []
    assert [each.number for each in audit.verify(audit.read_anchors(path))] == [last.number]


def test_the_command_says_whole_or_where_it_breaks(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places.lay_area()
    user = places.users()["utara"]
    actions.note(user, "masuk")
    anchors = str(tmp_path / "jangkar")
    assert main(["audit", "anchor", "--anchors", anchors]) == 0
    assert main(["audit", "verify", "--anchors", anchors]) == 0
    assert "utuh: " in capsys.readouterr().out
    AuditEntry.objects.filter(action="masuk").update(detail="diubah")
    assert main(["audit", "verify", "--anchors", anchors, "--format", "json"]) == 1
    assert '"breaks": [' in capsys.readouterr().out


@pytest.fixture
def guarded(db: None) -> Iterator[None]:
    """The triggers stand for one test; what is done in it is taken back, they too."""
    guarding.guard()
    yield


def test_the_database_refuses_to_change_or_delete_a_line(guarded: None) -> None:
    places.lay_area()
    actions.note(places.users()["utara"], "masuk")
    for change in (lambda: AuditEntry.objects.update(detail="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="audit only grows"), transaction.atomic():
            change()
    guarding.guard()
    assert AuditEntry.objects.count() == 1 and connection.vendor in guarding.STATEMENTS


def test_an_auditor_reads_all_lines_a_head_those_of_the_own_puskesmas(users: dict[str, User]) -> None:
    for name, role, scope in (("periksa", "auditor", "99.01"), ("kepala", "kepala", places.NORTH)):
        actions.add_user(username=name, password=places.WORD, role=role, scope_code=scope)
    actions.note(users["kader1"], "lihat orang", "1-11")
    actions.note(users["selatan"], "lihat orang", "1-22")
    shown = {name: page(name, "") for name in ("periksa", "kepala")}
    assert "1-11" in shown["periksa"] and "1-22" in shown["periksa"]
    assert "1-11" in shown["kepala"] and "1-22" not in shown["kepala"]
    assert "1-22" not in page("periksa", "?pengguna=kader1") and "1-11" in page("periksa", "?tentang=1-11")
    assert AuditEntry.objects.filter(action="lihat catatan akses").count() == 4


def page(name: str, query: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return places.words(client, f"/catatan-akses/{query}")


def test_the_keeper_anchors_once_a_day(db: None, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    assert audit.anchor_daily() and not audit.anchor_daily()
    assert len(audit.read_anchors(audit.anchors_file())) == 1
