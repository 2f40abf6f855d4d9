"""Every row of the guideline's package tables is answered for, and nothing answers that is not there.

The guideline is not in the tree. Two of its tables stand here as they were read; the variable `SIKLUS_GUIDELINE` names
a file with the whole transcription, and then all tables are looked at.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siklus.kernel.problems import ProblemError
from siklus.library.guideline import COLUMNS, COVERAGE, TABLES, Item, read_coverage, read_tables
from siklus.library.loading import load_book
from siklus.library.yaml_text import plain_yaml

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
GAPS = KNOWLEDGE.parent / "docs/explanation/guideline-gaps.md"
# The first line and the lines from there, as transcribed; "|" ends a line.
TABLE_8 = (
    1828,
    r"12 bulan||PCV3||8 minggu dari PCV2||18 - 23 bulan||DPT-HB-Hib 4||12 bulan dari DPT-HB-Hib 3"
    r"||Campak-Rubela 2||6 bulan dari Campak-Rubela dosis pertama||\*\*\*) setelah imunisasi dasar",
)
TABLE_17 = (
    3319,
    "Kelas 1||Campak/MR Dt||Agustus||November||1 kali||1 kali||Kelas 2||Td||November||1 kali||Kelas 5||Td"
    "||HPV dosis 1||November||Agustus||1 kali||1 kali||Kelas 6||HPV dosis 2||Agustus",
)


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return read_coverage(KNOWLEDGE, load_book())


def _tables() -> dict[int, dict[str, Any]]:
    whole = plain_yaml(KNOWLEDGE / TABLES)
    return {table["table"]: table for table in whole["tables"]}


def _lines(places: str) -> Iterator[int]:
    for place in places.split():
        first, _, last = place.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _unclaimed(table: dict[str, Any], items: tuple[Item, ...], text: dict[int, str]) -> list[int]:
    """Lines of a table that say something and that no item points at; bold ones are headings of columns."""
    mine = [line for item in items if item.table == str(table["table"]) for line in _lines(item.lines)]
    first, last = table["span"]
    known = {*mine, *_lines(table.get("beside", ""))}
    return [
        line
        for line in range(first, last + 1)
        if line not in known and text[line].strip() and not text[line].startswith("**")
    ]


def test_no_row_of_any_table_is_missing(items: tuple[Item, ...]) -> None:
    printed = {table.number: (table.rows, table.items) for table in read_tables(KNOWLEDGE)}
    rows = Counter(int(row[1:3]) for row in {item.row[:-1] for item in items})
    acts = Counter(int(item.table) for item in items)
    assert {number: (rows[number], acts[number]) for number in printed} == printed
    assert set(printed) == {4, 5, 6, 7, 8, 9, 12, 17, 19, 28, 29, 32}
    assert (sum(rows.values()), sum(acts.values())) == (95, 258)


def test_the_acts_of_a_row_are_lettered_and_the_rows_numbered_without_a_gap(items: tuple[Item, ...]) -> None:
    letters, numbers = defaultdict(list), defaultdict(set)
    for item in items:
        letters[item.row[:-1]].append(item.row[-1])
        numbers[item.table].add(int(item.row[4:6]))
    assert [row for row, found in letters.items() if found != list("abcdefghij"[: len(found)])] == []
    assert [table for table, found in numbers.items() if found != set(range(1, len(found) + 1))] == []


def test_every_line_says_where_it_stands_and_in_which_words(items: tuple[Item, ...]) -> None:
    tables = _tables()
    for item in items:
        first, last = tables[int(item.table)]["span"]
        assert item.service and item.text and all(first <= line <= last for line in _lines(item.lines)), (
            item.row
        )
        assert bool(item.tier) == (int(item.table) not in (6, 7, 8, 17)), item.row


def test_no_line_of_the_guideline_is_left_unread(items: tuple[Item, ...]) -> None:
    tables = _tables()
    if given := os.environ.get("SIKLUS_GUIDELINE"):
        whole = Path(given).read_bytes()
        wanted = plain_yaml(KNOWLEDGE / TABLES)["transcription"]["sha256"]
        assert hashlib.sha256(whole).hexdigest() == wanted, "another version of the transcription"
        text = dict(enumerate(whole.decode().split("\n"), 1))
        looked_at = [table for table in tables.values() if "span" in table]
    else:
        excerpts = (TABLE_8, TABLE_17)
        text = {first + n: line for first, said in excerpts for n, line in enumerate(said.split("|"))}
        looked_at = [tables[8], tables[17]]
    assert [_unclaimed(table, items, text) for table in looked_at] == [[]] * len(looked_at)
    fewer = tuple(item for item in items if item.row not in ("t08-02b", "t17-04a"))
    assert _unclaimed(tables[8], fewer, text) == [1840, 1842, 1844]
    assert _unclaimed(tables[17], fewer, text) == [3353, 3355, 3357]


def test_a_place_where_no_named_need_may_be_done_is_owned_up_to(items: tuple[Item, ...]) -> None:
    places = {need.name: {performer.at for performer in need.by} for need in load_book().needs}
    for item in items:
        if named := [places[name] for name in item.ids if name in places]:
            elsewhere = set(item.tier).difference(*named)
            assert not elsewhere or item.planned or item.note, f"{item.row}: {elsewhere}"


def test_the_page_of_gaps_names_each_planned_id_with_its_rows(items: tuple[Item, ...]) -> None:
    wanted = defaultdict(list)
    for item in items:
        for name in item.planned:
            wanted[name].append(item.row)
    told = re.findall(r"^\| `([\w.]+)` \|.*\| (t[^|]*) \|$", GAPS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: rows.split() for name, rows in told} == wanted and len(told) == len(wanted)


def test_the_page_of_gaps_counts_what_the_file_holds(items: tuple[Item, ...]) -> None:
    how = Counter(item.standing for item in items)
    said = "{} are carried whole, {} partly, {} are only planned, {} ask for nothing"
    wanted = said.format(how["carried"], how["partly"], how["planned"], how["none"])
    assert wanted in GAPS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "change", "told"),
    [
        ("t07-02a", {"ids": "bcgg"}, "L03 {line}: 'bcgg' tidak ada dalam buku aturan. Maksudnya 'bcg'?"),
        ("t07-02a", {"ids": "", "carried_by": "none"}, "L06 {line}: t07-02a memerlukan ids atau planned"),
        ("t07-02a", {"why": "tidak perlu"}, "L06 {line}: t07-02a memerlukan ids atau planned"),
        ("t07-02a", {"planned": "hb0"}, "L04 {line}: 'hb0' sudah ada. Pindahkan dari kolom planned"),
        ("t07-02a", {"carried_by": "none"}, "L05 {line}: carried_by 'none' tidak cocok"),
        ("t07-02a", {"carried_by": "field"}, "L05 {line}: carried_by 'field' tidak cocok"),
        ("t07-02a", {"tier": "pustu rumah"}, "L02 {line}: 'rumah' tidak dikenal; yang ada: posyandu"),
        ("t07-02a", {"table": "8"}, "L09 coverage_of_kmk.csv: 't07-02a' tidak cocok dengan tabel '8'"),
        ("t07-02a", {"row": "t07-02b"}, "L07 coverage_of_kmk.csv: t07-02b tertulis 2 kali"),
        (
            "t07-07a",
            None,
            "L08 coverage_of_kmk.csv: tabel 7 punya 6 baris dan 17 butir; dalam pedoman 7 baris dan 18",
        ),
    ],
)  # fmt: skip
def test_a_line_that_does_not_hold_is_refused(
    tmp_path: Path, row: str, change: dict[str, str] | None, told: str
) -> None:
    with (KNOWLEDGE / COVERAGE).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    changed = [
        line | change if line["row"] == row and change else line
        for line in lines
        if line["row"] != row or change is not None
    ]
    with (tmp_path / COVERAGE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(changed)
    (tmp_path / TABLES).write_bytes((KNOWLEDGE / TABLES).read_bytes())
    with pytest.raises(ProblemError) as refused:
        read_coverage(tmp_path, load_book())
    place = 2 + [line["row"] for line in lines].index(row)
    wanted = told.format(line=f"{COVERAGE}:{place}")
    assert any(str(problem).startswith(wanted) for problem in refused.value.problems), str(refused.value)


def test_columns_of_another_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / COVERAGE).write_text("row,table\n", encoding="utf-8")
    with pytest.raises(ProblemError, match="L01"):
        read_coverage(tmp_path, load_book())
