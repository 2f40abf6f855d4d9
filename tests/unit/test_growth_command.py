"""`siklus growth`: a file of WHO's program comes back as that program wrote it; whatever else stands in it is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siklus.library.growth_files import read_programs, scored
from siklus.library.standards import load_growth
from siklus.site.cli import main

PROJECT = Path(__file__).resolve().parents[2]
GOLDEN = PROJECT / "tests/data/growth"
GROWTH = load_growth(PROJECT / "knowledge")
PROGRAMS = read_programs(PROJECT / "knowledge")


@pytest.mark.parametrize("year", ["2006", "2007"])
@pytest.mark.parametrize("asked", ["auto", "own"])
def test_the_file_of_whos_program_comes_back_letter_by_letter(tmp_path: Path, year: str, asked: str) -> None:
    golden, out = GOLDEN / f"who{year}_golden.csv", tmp_path / "out.csv"
    standard = year if asked == "own" else asked
    assert main(["growth", "--file", str(golden), "--standard", standard, "--out", str(out)]) == 0
    assert out.read_text() == golden.read_text()


def test_a_file_with_only_some_columns_and_commas_for_points_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "anak.csv"
    file.write_text("nama;sex;age_days;weight\nA;L;100;6,5\nB;P;100;\n;;;\nD;f;100\n", encoding="utf-8-sig")
    assert main(["growth", "--file", str(file)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["nama"], row["csex"], row["zwei"], row["fwei"]) for row in rows] == [
        ("A", "1", "-0.09", "0"),
        ("B", "2", "", ""),
        ("", "", "", ""),
        ("D", "2", "", ""),
    ]


def test_a_cell_that_cannot_be_read_is_told_by_row_and_column_and_the_others_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "anak.csv"
    file.write_text(
        "sex,age_days,weight,lenhei,oedema\n1,100,berat,60,n\nx,100,6.5,-3,\n2,1e999,0,60,mungkin\n"
    )
    assert main(["growth", "--file", str(file)]) == 1
    output = capsys.readouterr()
    first, *_ = csv.DictReader(output.out.splitlines())
    assert first["zlen"] == "-1.06"
    told = output.err.splitlines()
    assert told[0] == "G01 baris 2, kolom weight: 'berat': bukan angka. Dianggap tidak diisi."
    assert told[1].startswith("G01 baris 3, kolom sex: 'x': diharapkan salah satu dari: 1, m, l,")
    assert told[2] == "G01 baris 3, kolom lenhei: '-3': diharapkan lebih dari 0. Dianggap tidak diisi."
    assert [line.partition(":")[0] for line in told[3:]] == [
        f"G01 baris 4, kolom {column}" for column in ("age_days", "weight", "oedema")
    ]


@pytest.mark.parametrize(
    ("content", "words", "code", "said"),
    [
        (b"", [], 1, "berkas ini kosong"),
        (b"\xff\xfe\x00a", [], 1, "bukan CSV yang dapat dibaca"),
        (b"a,b\n1,2\n", [], 2, "Judul kolom umur tidak ditemukan."),
        (b"age_days\n1\n", ["--standard", "2005"], 2, "Baku '2005' tidak ada; yang ada: 2006, 2007, auto."),
        (b"age_days\n1\n", ["--out", "/dev/null/x"], 2, "tidak dapat ditulis"),
    ],
)
def test_what_is_no_file_of_children_is_refused_in_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    words: list[str],
    code: int,
    said: str,
) -> None:
    file = tmp_path / "anak.csv"
    file.write_bytes(content)
    assert main(["growth", "--file", str(file), *words]) == code
    assert said in capsys.readouterr().err


cell = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "1", "2", "m", "f", "l", "h", "y", "n", "nan", "inf", "-inf", "1e308", "1e-320", "٣", "-0"]
    ),
    st.floats().map(str),
    st.integers(min_value=-10, max_value=2000).map(str),
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(PROGRAMS)))
def test_no_cell_stops_the_file(data: st.DataObject, name: str) -> None:
    program = PROGRAMS[name]
    columns = list(program.reads.values())
    rows = data.draw(st.lists(st.dictionaries(st.sampled_from(columns), cell), max_size=4))
    found = list(scored(GROWTH, program, rows))
    assert [list(written) for written, _ in found] == [list(program.writes)] * len(rows)
