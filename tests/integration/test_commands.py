"""The commands that use the database, as a script would call them."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from siklus.access.queries import user_named
from siklus.kernel.dates import iso
from siklus.register import areas
from siklus.register import queries as register
from siklus.site.cli import main
from tests.integration.area import NORTH, POSYANDU, SOUTH, TODAY, child, label, lay_area, users, write_one

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
Run = Any


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Any) -> Run:
    """Calls `siklus` and gives (exit code, output, errors)."""
    settings.SIKLUS_TODAY = iso(TODAY)

    def call(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(words)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def ani(transactional_db: None) -> int:
    """A child of posyandu 1, BCG given, MR1 due."""
    lay_area()
    users()
    baby = child("Ani")
    write_one("imunisasi", "2026-02-10", of=baby, vaksin="bcg")
    return baby


def test_the_needs_of_a_person_have_days_and_a_reason(run: Run, ani: int) -> None:
    code, out, _ = run("needs", "--person", label(ani), "--format", "json")
    needs = {need["need"]: need for need in json.loads(out)["needs"]}
    assert code == 0
    assert (needs["mr1"]["status"], needs["mr1"]["due"]) == ("due", "2026-10-02")
    assert "lahir 2 Jan 2026" in needs["mr1"]["reason"]
    assert needs["bcg"]["status"] == "done"


def test_a_reason_is_the_same_paragraph_on_the_desk_and_from_every_command(run: Run, ani: int) -> None:
    _, explained, _ = run("rules", "explain", "--person", label(ani), "--need", "mr1", "--format", "json")
    _, listed, _ = run("needs", "--person", label(ani), "--need", "mr1", "--format", "json")
    client = Client()
    client.force_login(user_named("utara"))
    page = client.get(f"/orang/{label(ani)}/").content.decode()
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    reason = json.loads(explained)["reason"]
    assert reason.startswith(
        "Waktunya: lahir 2 Jan 2026, Campak-rubela 1 (MR1) mulai umur 9 bulan (2 Okt 2026)"
    )
    assert json.loads(listed)["needs"][0]["reason"] == reason
    assert reason in shown


def test_the_needs_of_a_past_day_know_nothing_of_later_records(run: Run, ani: int) -> None:
    words = ("needs", "--person", label(ani), "--need", "bcg", "--format", "json", "--on")
    statuses = [json.loads(run(*words, on)[1])["needs"][0]["status"] for on in ("2026-02-09", "2026-02-10")]
    assert statuses == ["overdue", "done"]


def test_the_needs_of_a_place_are_those_of_its_people(run: Run, ani: int) -> None:
    child("Budi", 3)
    code, out, _ = run("needs", "--place", NORTH, "--need", "mr1", "--format", "csv")
    assert code == 0
    assert out.splitlines()[1:] == [f"{label(ani)},mr1,due,,2026-10-02,2026-10-02,2027-01-02,2031-01-02,"]
    _, out, _ = run("needs", "--place", POSYANDU[0], "--status", "due", "--format", "json")
    assert {row["person"] for row in json.loads(out)} == {label(ani)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--place", SOUTH, "--user", "utara"], 2),
        (["--place", "99.01"], 2),
        (["--place", NORTH, "--user", "siapa"], 2),
        (["--person", "9-9"], 1),
    ],
)
def test_whom_one_may_not_see_one_is_not_told_of(run: Run, ani: int, words: list[str], code: int) -> None:
    found, out, err = run("needs", *words)
    assert (found, out) == (code, "") and err.count("\n") == 1


def test_coverage_says_when_nothing_was_counted_yet_and_counts_after_a_rebuild(run: Run, ani: int) -> None:
    code, out, _ = run("coverage", "--format", "json", "--indicator", "spm04")
    assert code == 1 and json.loads(out)["as_of"] is None
    code, out, err = run("state", "rebuild", "--register", "--format", "json")
    assert code == 0 and json.loads(out)["persons"] == 1 and "register: 1 orang" in err
    code, out, _ = run("coverage", "--place", NORTH, "--format", "json", "--indicator", "spm03")
    assert code == 0 and json.loads(out)["as_of"] == iso(TODAY)
    (row,) = json.loads(out)["indicators"]
    assert (row["registered"], row["percent_of"]) == (1, "registered")
    assert run("coverage", "--indicator", "spm99")[0] == 2


def test_a_user_is_added_with_a_password_nobody_sees_on_the_command_line(run: Run, ani: int) -> None:
    words = ("user", "add", "bidan-rahma", "--role", "puskesmas", "--place", NORTH, "--name", "Rahma")
    assert run(*words, typed="sawah-hijau-2031\n")[0] == 0
    user = user_named("bidan-rahma")
    assert user is not None and user.check_password("sawah-hijau-2031") and user.scope_code == NORTH
    code, _, err = run("user", "add", "lain", "--role", "kader", "--place", NORTH, typed="12345\n")
    assert code == 1 and "A03" in err and "A05" in err


def test_a_district_sets_up_its_own_area_from_files_and_its_first_user_can_log_in(
    run: Run, transactional_db: None, tmp_path: Path
) -> None:
    def file(name: str, *lines: str) -> str:
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return str(tmp_path / name)

    files = [
        file("kerja.csv", "fasilitas,desa,sejak,keyakinan", "PKM,99.01.01.2001,2020-01-01,ours"),
        file(
            "fasilitas.csv",
            "kode,jenis,nama,induk,desa",
            "POS,Posyandu,Melati,PKM,99.01.01.2001",
            "PKM,puskesmas,Utara,,",
        ),
        file(
            "wilayah.csv",
            "kode,level,nama,kode_induk",
            "99.01,kabupaten,Contoh,",
            "99.01.01.2001,desa,Satu,99.01",
        ),
        file("sasaran.csv", "indikator,wilayah,tahun,nilai,sumber", "spm04,PKM,2026,120,Proyeksi"),
    ]
    for _ in range(2):
        code, out, _ = run("places", "load", *files)
        assert code == 0 and "fasilitas: 2 baris" in out
    assert [area.code for area in areas.area_path("POS")] == ["99.01", "PKM", "POS"]
    assert register.targets(2026)["spm04", "PKM"].value == 120
    words = ("user", "add", "bidan", "--role", "kader", "--place", "POS")
    assert run(*words, typed="sawah-hijau-2031\n")[0] == 0

    bad = [
        file("a.csv", "kode,jenis,nama,induk", "X,klinik,Lain,TIDAK"),
        file("b.csv", "apa,saja", "1,2"),
        file("c.csv", "fasilitas,desa,sejak", "PKM,99.01.01.9999,kemarin"),
    ]
    code, _, err = run("places", "load", *bad)
    assert code == 1
    assert sorted(line.split()[0] for line in err.splitlines()) == ["W01", "W04", "W05", "W05", "W06"]
    assert "a.csv:2" in err and areas.place_or_facility("X") is None


def test_the_doctor_finds_what_is_not_well_and_says_what_to_do(run: Run, ani: int) -> None:
    run("state", "rebuild")
    code, out, _ = run("doctor", "--deep", "--format", "json")
    assert [check["check"] for check in json.loads(out) if not check["well"]] == []
    assert code == 0
    from django.apps import apps

    apps.get_model("register.Person")._default_manager.filter(id=ani).update(name="Diubah diam-diam")
    apps.get_model("care.Record")._default_manager.filter(person_id=ani).exclude(id=ani).delete()
    code, out, _ = run("doctor", "--deep", "--format", "json")
    sick = {check["check"]: check["todo"] for check in json.loads(out) if not check["well"]}
    assert code == 1
    assert sick["register"] == "siklus state rebuild --register"


def test_migrate_is_safe_to_run_twice(run: Run, transactional_db: None) -> None:
    assert run("migrate")[0] == run("migrate")[0] == 0
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
