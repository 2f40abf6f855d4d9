"""An e-PPGBM-like workbook made up for a population: its own children measured once more, and children nobody knows yet."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from siklus.kernel.dates import add_months, date_of

COLUMNS = (
    "No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu", "Prov", "Kab/Kota", "Kec", "Pukesmas",
    "Desa/Kel", "Posyandu", "RT", "RW", "Alamat", "Usia Saat Ukur", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur",
    "LiLA", "BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan", "PMT Diterima (kg)",
    "Jml Vit A", "KPSP", "KIA",
)  # fmt: skip
_CHILDREN = """
SELECT child.sealed_nik, child.name, child.sex, child.birth, mother.name, village.name, upper_place.name, posyandu.name,
  household.rt, household.rw
FROM register_person AS child
LEFT JOIN register_person AS mother ON mother.id = child.mother_id
LEFT JOIN register_household AS household ON household.id = child.household_id
JOIN register_place AS village ON village.code = child.desa_code
JOIN register_place AS upper_place ON upper_place.code = village.parent_code
JOIN register_facility AS posyandu ON posyandu.code = child.posyandu_code
WHERE child.birth >= %s AND child.died IS NULL AND child.left IS NULL AND child.merged_into IS NULL
ORDER BY child.id
"""
_SYLLABLES = (
    "ba",
    "di",
    "ra",
    "na",
    "su",
    "mi",
    "ta",
    "ri",
    "wa",
    "lo",
    "ke",
    "yu",
    "fa",
    "ze",
    "pu",
    "ni",
    "sa",
    "gu",
)
_MONTHS_OF_CHILDHOOD = 59
Row = Sequence[Any]


def make_workbook(rows: int, on: int) -> tuple[bytes, int]:
    """An xlsx of that many rows measured in the month of this day, and how many of its children are registered."""
    from django.db import connection

    from siklus.register.identity import NIK, opened

    draw = random.Random(7)
    with connection.cursor() as cursor:
        cursor.execute(
            _CHILDREN.replace("child.left", 'child."left"'), [add_months(on, -_MONTHS_OF_CHILDHOOD)]
        )
        children = cursor.fetchall()
    known = [(opened(NIK, child[0]), *child[1:]) for child in children[:rows]]
    places = sorted({child[5:8] for child in children})
    strangers = (_stranger(draw, places[n % len(places)], n, on) for n in range(rows - len(known)))
    measured = [_row(draw, n, child, on) for n, child in enumerate([*known, *strangers], 1)]
    draw.shuffle(measured)
    return _workbook(measured), len(known)


def _stranger(draw: random.Random, place: Row, number: int, on: int) -> Row:
    """A child with an invented name; every second one has a NIK of the region 99, which is nobody's."""
    sex = draw.choice("lp")
    birth = on - draw.randrange(30, 1700)
    day = date_of(birth)
    nik = (
        f"990101{day.day + (40 if sex == 'p' else 0):02d}{day:%m%y}{number % 10000:04d}" if number % 2 else ""
    )
    village, kecamatan, posyandu = place
    return (
        nik, _name(draw), sex, birth, _name(draw), village, kecamatan, posyandu,
        f"{draw.randrange(1, 9):02d}", f"{draw.randrange(1, 5):02d}",
    )  # fmt: skip


def _name(draw: random.Random) -> str:
    return " ".join("".join(draw.choices(_SYLLABLES, k=3)).title() for _ in range(2))


def _row(draw: random.Random, number: int, child: Row, on: int) -> Row:
    nik, name, sex, birth, mother, village, kecamatan, posyandu, rt, rw = child
    months = max(0, (on - birth) // 30)
    measured = on - draw.randrange(0, 20)
    weight = round(3.2 + months * 0.19 + draw.random(), 1)
    height = round(50 + months * 1.0 + draw.random() * 3, 1)
    return (
        number, nik, name, sex.upper() if sex else "", f"{date_of(birth):%d/%m/%Y}", "", "", mother or "", "BENGKULU",
        "REJANG LEBONG", kecamatan, "", village, posyandu, rt or "", rw or "", "", f"{months // 12} Tahun",
        f"{date_of(max(measured, birth)):%Y-%m-%d}", str(weight).replace(".", ","), str(height), "Telentang", "", "Normal",
        "-0,5", "Normal", "-0,4", "Gizi Baik", "-0,2", draw.choice(("N", "T", "O")), "", "1", "", "Ada",
    )  # fmt: skip


def _workbook(rows: Sequence[Row]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("Balita")
    for place, line in _lines(rows):
        for column, value in enumerate(line):
            if value != "":
                sheet.write(place, column, value)
    book.close()
    return buffer.getvalue()


def _lines(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    yield 0, COLUMNS
    yield from enumerate(rows, 1)
