"""What a phone is given: its area and nothing else, whole when somebody comes, forgotten when they go."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.apps import apps
from django.db import connection, transaction

from siklus.access.queries import User
from siklus.care import actions as care
from siklus.care import writing
from siklus.sync import actions, epochs, paging, snapshots
from siklus.sync.pulling import LogSource
from siklus.sync.queries import phone
from tests.integration import area
from tests.integration.sync.wires import Handset, enrolled


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.SIKLUS_TODAY = "2026-11-21"


@pytest.fixture
def handset(users: dict[str, User]) -> Handset:
    return enrolled(users["utara"], "POS-1", [users["kader1"]])


def ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


@pytest.mark.django_db
def test_the_snapshot_is_the_area_and_the_tail_is_what_came_since(handset: Handset) -> None:
    mine, other = area.child("Ani"), area.child("Budi", posyandu=3)
    cursor, records = handset.first_sync()
    assert ids(records) == [area.label(mine)]
    weight = area.write_one("timbang", of=mine, berat=7.5)
    area.write_one("timbang", of=other, berat=8.5)
    page = handset.pull(cursor)
    assert (ids(page["records"]), page["more"]) == ([area.label(weight)], False)
    assert handset.pull(page["cursor"])["records"] == []


@pytest.mark.django_db
def test_who_moves_in_comes_whole_and_who_moves_out_is_forgotten(handset: Handset) -> None:
    comes, goes = area.child("Ani", posyandu=3), area.child("Budi")
    weight = area.write_one("timbang", of=comes, berat=7.5)
    fixed = area.write_one("timbang", root=weight, why="salah", berat=6.5)
    cursor, _ = handset.first_sync()
    moved = area.write_one("pindah", of=comes, posyandu="POS-1", desa=area.DESAS[0])
    area.write_one("pindah", of=goes, posyandu="POS-3", desa=area.DESAS[2])
    page = handset.pull(cursor)
    assert ids(page["records"]) == [area.label(key) for key in (comes, weight, fixed, moved)]
    assert page["forget"]["persons"] == [area.label(comes), area.label(goes)], (
        "whole, in the place of what was held"
    )


@pytest.mark.django_db
def test_a_family_takes_its_members_along(handset: Handset) -> None:
    home = area.write_one("daftar_keluarga", posyandu="POS-1", desa=area.DESAS[0])
    member = area.write_one("daftar_orang", nama="Ani", keluarga=area.label(home))
    cursor, _ = handset.first_sync()
    area.write_one("daftar_keluarga", root=home, why="pindah", posyandu="POS-3", desa=area.DESAS[2])
    told = handset.pull(cursor)
    assert told["forget"] == {"persons": [area.label(member)], "households": [area.label(home)]}
    assert told["records"] == []


@pytest.mark.django_db
def test_secrets_do_not_travel_to_a_phone_of_kader(handset: Handset) -> None:
    child = area.child("Ani")
    cursor, _ = handset.first_sync()
    plain = area.write_one("diagnosis", of=child, kondisi="hipertensi")
    assert ids(handset.pull(cursor)["records"]) == [area.label(plain)]
    area.write_one("tes_infeksi", of=child, jenis="hiv", hasil="negatif")
    area.write_one("diagnosis", root=plain, why="ternyata", kondisi="odgj_berat")
    page = handset.pull(cursor)
    assert page["drop"] == [area.label(plain)], "what it held is taken back"
    assert "hiv" not in json.dumps(page) and "odgj" not in json.dumps(page)


@pytest.mark.django_db
def test_secrets_do_not_lie_in_the_first_file_of_a_kader(handset: Handset) -> None:
    child = area.child("Ani")
    area.write_one("tes_infeksi", of=child, jenis="hiv", hasil="negatif")
    area.write_one("diagnosis", of=child, kondisi="odgj_berat")
    plain = area.write_one("diagnosis", of=child, kondisi="hipertensi")
    assert set(ids(handset.first_sync()[1])) == {area.label(child), area.label(plain)}


@pytest.mark.django_db
def test_a_cursor_of_another_life_of_the_database_starts_again(handset: Handset) -> None:
    area.child("Ani")
    cursor, _ = handset.first_sync()
    assert "records" in handset.pull(cursor)
    for broken in ("", "x", cursor[:-3], cursor + "A" * 400):
        assert handset.pull(broken)["snapshot"] == "/api/sync/snapshot"
    epochs.begin_epoch()
    assert handset.pull(cursor)["snapshot"] == "/api/sync/snapshot"


@pytest.mark.django_db
@pytest.mark.parametrize("accepts", ["", "gzip", "zstd, gzip"])
def test_a_broken_download_goes_on_where_it_broke(handset: Handset, accepts: str) -> None:
    for number in range(12):
        area.child(f"Anak {number}")
    whole = handset.call("get", "snapshot", **{"Accept-Encoding": accepts})
    tag, half = whole.headers["ETag"], len(whole.content) // 2
    area.write_one("timbang", of=area.child("Baru"), berat=5.5)
    more = {"Accept-Encoding": accepts, "If-Range": tag, "Range": f"bytes={half}-"}
    rest = handset.call("get", "snapshot", **more)
    assert rest.status_code == 206
    assert whole.content[:half] + rest.content == whole.content
    assert (
        handset.call("get", "snapshot", **{"Accept-Encoding": accepts, "If-None-Match": tag}).status_code
        == 304
    )
    assert handset.call("get", "snapshot", **{**more, "Range": "bytes=99999999-"}).status_code == 416
    other = handset.call("get", "snapshot", **{**more, "If-Range": '"another"'})
    assert other.status_code == 200, "another file: all of it"


@pytest.mark.django_db
def test_nobody_who_left_stands_in_a_snapshot(handset: Handset) -> None:
    goes = area.child("Budi")
    _, records = handset.first_sync()
    area.write_one("pindah", of=goes, posyandu="POS-3", desa=area.DESAS[2])
    _, later = handset.first_sync()
    assert (ids(records), later) == ([area.label(goes)], [])


@pytest.mark.django_db
def test_a_snapshot_lies_sealed_on_the_disk(handset: Handset, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    folder = tmp_path / "sync"
    old = folder / "0" / "1-0.zstd"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("Ani")
    area.child("Ani", nik="9901010101010001")
    _, records = handset.first_sync()
    assert records[0]["data"]["nik"] == "9901010101010001"
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    assert b"Ani" not in file.read_bytes() and b"9901010101010001" not in file.read_bytes()
    file.write_bytes(file.read_bytes()[:-1])
    assert handset.first_sync()[1] == records, "what was changed, or of a key that is gone, is made anew"


@pytest.mark.django_db
def test_the_area_is_packed_while_the_code_is_shown(
    users: dict[str, User], settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    child = area.child("Ani")
    assert snapshots.prepare(area.TODAY) == 0, "nobody is about to come"
    code = actions.offer(by=users["utara"], name="HP", scope_code="POS-1", users=[users["kader1"].pk])
    assert [snapshots.prepare(area.TODAY), snapshots.prepare(area.TODAY)] == [1, 0]
    before = sorted(tmp_path.rglob("*.sealed"))
    key = actions.enrol(code)
    assert key is not None
    answer = Handset(key.device, key.token).call("get", "snapshot", **{"Accept-Encoding": "zstd"})
    assert area.label(child) in zstandard.decompress(answer.content).decode()
    assert sorted(tmp_path.rglob("*.sealed")) == before, "the phone was given what lay ready"


def misses_a_record(
    users: dict[str, User], monkeypatch: pytest.MonkeyPatch, take: Callable[[int], int], patience: float = 1.5
) -> bool:
    """A slow writer takes its number first and commits last; a phone pulls before and after."""
    area.child("Lebih dulu")  # the first record of a rule book notes it, and the next waits for that
    monkeypatch.setattr(writing, "take_seqs", take)
    row = phone(users["utara"], enrolled(users["utara"], "POS-1", [users["kader1"]]).device).phone
    children = [area.draft("daftar_orang", nama=name, posyandu="POS-1") for name in ("Lambat", "Cepat")]
    has_taken, may_commit = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def write(child: Any, device: int) -> None:
        care.append_records([child], author=None, device=device, today=area.TODAY, refresh=False)

    def slowly(device: int) -> None:
        try:
            with transaction.atomic():
                write(children[0], device)
                has_taken.set()
                may_commit.wait(20)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    def quickly(device: int) -> None:
        try:
            write(children[1], device)
        finally:
            connection.close()

    from siklus.access.actions import add_device

    threads = [threading.Thread(target=run, args=(add_device(kind="desk"),)) for run in (slowly, quickly)]
    threads[0].start()
    has_taken.wait(10)
    threads[1].start()
    threads[1].join(patience)
    first = paging.page(LogSource(row), 0)
    may_commit.set()
    for thread in threads:
        thread.join()
    assert failures == []
    second = paging.page(LogSource(row), first.upto)
    given = {handed.row.id for handed in (*first.records, *second.records)}
    return given != set(apps.get_model("care.Record")._default_manager.values_list("id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_phone_that_pulls_while_others_write_misses_nothing(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    area.lay_area()
    assert not misses_a_record(area.users(), monkeypatch, writing.take_seqs)


@pytest.mark.django_db(transaction=True)
def test_the_same_phone_would_miss_one_by_a_sequence_of_the_database(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the test before this one can fail: where writers do not wait for one another, one is missed."""
    area.lay_area()
    is_postgres = connection.vendor == "postgresql"
    if is_postgres:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE IF NOT EXISTS naive START 1000")

    def naive(count: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval('naive')" if is_postgres else "SELECT 1 + count(*) FROM care_record"
            )
            return int(cursor.fetchone()[0])

    # SQLite has one writer at a time, so that even a naive number is in the order of commits there.
    assert (
        misses_a_record(area.users(), monkeypatch, naive, patience=8 if is_postgres else 1.5) == is_postgres
    )
