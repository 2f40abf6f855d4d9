"""The monthly sheets on the desk and at the command line: counted from the log, within the scope of who asks."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siklus.care import actions as care
from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from siklus.site.cli import main
from tests.integration.area import DESAS, POSYANDU, TODAY, draft, enter_as, lay_area, users, words

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


def plant() -> None:
    """Two children of posyandu 1, one of posyandu 3; one of the first was weighed there in November, one moved away."""
    people = [
        draft("daftar_orang", "2026-01-05", ref=f"a{n}", nama=f"Anak {n}", birth="2025-11-01", sex="l",
              desa=DESAS[2 if n == 2 else 0], posyandu=POSYANDU[2 if n == 2 else 0])
        for n in range(4)
    ]  # fmt: skip
    keys = [outcome.key for outcome in care.append_records(people, author=None, today=TODAY, refresh=False)]
    assert None not in keys
    ids = [format_record_id(key) for key in keys if key is not None]
    later = [
        draft("timbang", "2026-11-10", of=ids[0], berat=9.1, panjang=75.0, tempat="posyandu", oleh="kader"),
        draft("skrining_tb", "2026-11-10", of=ids[0], gejala=2, tempat="posyandu", oleh="kader"),
        draft("timbang", "2026-10-10", of=ids[1], berat=9.1, tempat="posyandu", oleh="kader"),
        draft("pindah", "2026-10-20", of=ids[3], keluar=True),
    ]
    outcomes = care.append_records(later, author=None, today=TODAY, refresh=False)
    assert [str(problem) for outcome in outcomes for problem in outcome.problems] == []


@pytest.fixture
def as_user(settings: Any) -> Enter:
    settings.SIKLUS_TODAY = iso(TODAY)
    lay_area()
    known = users()
    plant()
    return enter_as(known)


def test_a_kader_opens_the_sheet_of_her_posyandu_and_reads_no_results_of_illness(as_user: Enter) -> None:
    shown = words(as_user("kader1"), "/rekapitulasi/rekap_balita/")
    assert "Melati 1, November 2026" in shown
    assert "Jumlah sasaran Balita 12-59 bln 2 " in shown and "Datang Balita 12-59 bln 1 " in shown
    assert "Bergejala TBC (memenuhi 2 gejala) dihitung tenaga kesehatan" in shown
    assert "Koordinator Kader Posyandu" in shown


def test_who_sees_more_than_one_posyandu_chooses_first(as_user: Enter) -> None:
    client = as_user("utara")
    assert "Pilih posyandu atau desa" in words(client, "/rekapitulasi/rekap_balita/")
    shown = words(client, f"/rekapitulasi/rekap_balita/?wilayah={POSYANDU[0]}&masa=2026-10")
    assert (
        "Oktober 2026" in shown
        and "Datang Balita 12-59 bln 0 " in shown
        and "Datang Bayi 0-11 bln 1 " in shown
    )
    assert "Bergejala TBC (memenuhi 2 gejala) 0 " in shown
    assert "Pilih posyandu atau desa" in words(as_user("dinkes"), "/rekapitulasi/rekap_balita/?wilayah=")


def test_nobody_counts_the_people_of_others(as_user: Enter) -> None:
    client = as_user("kader1")
    assert client.get(f"/rekapitulasi/rekap_balita/?wilayah={POSYANDU[2]}").status_code == 404
    assert client.get("/rekapitulasi/tidak_ada/").status_code == 404
    assert client.get("/rekapitulasi/rekap_balita/unduh/").status_code == 403
    assert Client().get("/rekapitulasi/rekap_balita/").status_code == 302


def test_the_sheets_stand_in_the_list_of_forms(as_user: Enter) -> None:
    listed = words(as_user("pustu"), "/formulir/")
    assert "Rekapitulasi mingguan kunjungan rumah Setiap minggu 14" in listed
    assert "Rekapitulasi bulanan: usia dewasa dan lanjut usia Setiap bulan 47" in listed


def test_the_workbook_is_the_printed_form(as_user: Enter) -> None:
    answer = as_user("utara").get(f"/rekapitulasi/rekap_balita/unduh/?wilayah={POSYANDU[0]}&masa=2026-11")
    assert answer.status_code == 200
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "Tidak naik / bawah garis merah / atas oranye" in book.read("xl/sharedStrings.xml").decode()
    assert 'orientation="landscape"' in book.read("xl/worksheets/sheet1.xml").decode()


def test_the_command_counts_the_same(
    as_user: Enter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = [
        "forms",
        "tally",
        "rekap_balita",
        "--place",
        POSYANDU[0],
        "--period",
        "2026-11",
        "--on",
        "2026-11-21",
    ]
    assert main([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    figures = {row["kolom"]: row["jumlah"] for row in told["columns"]}
    assert (figures["k1"], figures["k3"], figures["k6"], figures["k9"], figures["k25"]) == (
        "2026-11",
        2,
        1,
        1,
        1,
    )
    assert told["as_of"] == "2026-11-21" and len(told["columns"]) == 36
    assert main([*asked, "--format", "xlsx", "--out", str(tmp_path / "rekap.xlsx")]) == 0
    assert zipfile.is_zipfile(tmp_path / "rekap.xlsx")
    capsys.readouterr()
    assert main([*asked, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("1,k1,,Bulan dan tahun,2026-11,")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("rekap_balta --place POS-1 --period 2026-11", "Maksudnya 'rekap_balita'?"),
        ("rekap_balita --place POS-1 --period 2026-W42", "dihitung per bulan seperti 2026-10"),
        ("kr_mingguan --place POS-1 --period 2026-11", "dihitung per minggu seperti 2026-W42"),
        ("rekap_balita --place POS-1 --period oktober", "'oktober' bukan masa"),
        ("rekap_balita --place POS-9 --period 2026-11", "Wilayah 'POS-9' tidak ada"),
        ("rekap_balita --place POS-1 --period 2026-11 --format xlsx", "--out BERKAS"),
    ],
)
def test_a_wrong_call_is_told_kindly(
    asked: str, said: str, as_user: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "tally", *asked.split()]) == 2
    assert said in capsys.readouterr().err
