"""Writes the sample files beside it: `python tests/data/import/make_samples.py`. The same files every time.

Every person is invented (NIK region 99). Villages are those of the demonstration puskesmas, Tanjung Agung, so that the
files can be tried on a seeded system: `siklus import tests/data/import/eppgbm_bersih.xlsx --place P1702033201`.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from csv import DictReader
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
EXPORT = (
    "NIK;Nama;JK;Tgl Lahir;BB Lahir;TB Lahir;Nama Ortu;Prov;Kab/Kota;Kec;Pukesmas;Desa/Kel;Posyandu;RT;RW;Alamat;"
    "Usia Saat Ukur;Tanggal Pengukuran;Berat;Tinggi;Cara Ukur;LiLA;BB/U;ZS BB/U;TB/U;ZS TB/U;BB/TB;ZS BB/TB;"
    "Naik Berat Badan;PMT Diterima (kg);Jml Vit A;KPSP;KIA;Detail"
).split(";")
BNBA = "No;NIK;No KK;Nama;Tanggal Lahir;JK;Hubungan;Alamat;RT;RW;Desa;Posyandu;HP;JKN".split(";")
Row = dict[str, object]


def nik(birth: str, sex: str, serial: int) -> str:
    """A NIK of the region 99, which does not exist, with the birthday a real one would tell."""
    year, month, day = birth[2:4], birth[5:7], int(birth[8:10]) + (40 if sex == "P" else 0)
    return f"990221{day:02}{month}{year}{serial:04}"


def child_rows() -> list[Row]:
    """The clean rows, one for each weighing; who is weighed twice has one NIK."""
    rows: list[Row] = []
    serials: dict[str, int] = {}
    for one in DictReader((HERE / "penimbangan.csv").open(encoding="utf-8"), delimiter=";"):
        serial = serials.setdefault(one["nama"], len(serials) + 1)
        birth, sex = one["lahir"], one["jk"]
        rows.append({
            "NIK": nik(birth, sex, serial), "Nama": one["nama"], "JK": sex, "Tgl Lahir": birth,
            "BB Lahir": float(one["berat_lahir"]), "TB Lahir": float(one["panjang_lahir"]),
            "Nama Ortu": one["orang_tua"],
            "Prov": "BENGKULU", "Kab/Kota": "REJANG LEBONG", "Kec": "SINDANG BELITI ULU", "Pukesmas": "TANJUNG AGUNG",
            "Desa/Kel": one["desa"].upper(), "Posyandu": one["posyandu"].upper(), "RT": one["rt"], "RW": "0",
            "Alamat": f"Dusun {1 + serial % 3}", "Tanggal Pengukuran": one["hari"], "Berat": float(one["berat"]),
            "Tinggi": float(one["panjang"]), "Cara Ukur": one["cara"], "LiLA": 0, "Naik Berat Badan": "N",
            "Jml Vit A": 1, "KIA": "Ya", "Detail": "-",
        })  # fmt: skip
    return rows


def slash(iso: str) -> str:
    """dd/mm/yyyy of an ISO date."""
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}"


def clean() -> list[list[object]]:
    """As the application exports it."""
    return [EXPORT, *([row.get(name) for name in EXPORT] for row in child_rows())]


def messy() -> list[list[object]]:
    """As it comes back from a puskesmas: titles above, other names and order, every habit of writing, and faults.

    The rows that are good are good in spite of all that; the bad ones (see tests) each have a reason.
    """
    good = child_rows()
    changes: dict[int, Row] = {
        0: {
            "NIK": "'" + str(good[0]["NIK"]),
            "Tgl Lahir": slash(str(good[0]["Tgl Lahir"])),
            "Berat": "11,2",
            "JK": "Perempuan",
        },
        1: {
            "Tgl Lahir": datetime.date(2024, 3, 12),
            "Tanggal Pengukuran": datetime.date(2026, 10, 8),
            "Berat": "11,5 kg",
        },
        2: {
            "NIK": f"{str(good[2]['NIK'])[0]}.{str(good[2]['NIK'])[1:]}E+15",
            "JK": "Laki-laki",
            "BB Lahir": 2900,
        },
        3: {"NIK": "-", "Desa/Kel": "Desa Apur", "Posyandu": "Posyandu Aster Apur"},
        4: {"Tgl Lahir": "21 Mei 2026", "Cara Ukur": "L", "RT": "RT 01"},
        6: {"Tanggal Pengukuran": "12-10-2026", "Tinggi": "98,3 cm", "Posyandu": "kenanga"},
        7: {"NIK": "", "LiLA": "-", "RT": "Dusun III"},
        8: {"Tgl Lahir": 45537, "JK": "Pr"},
        9: {"Berat": 158},
        10: {"NIK": "9,90221E+15"},
        11: {"Tgl Lahir": "31/02/2023"},
        12: {"Nama": None},
        13: {"Desa/Kel": "Tj. Agungg", "Posyandu": "Flamboyan"},
        14: {"JK": "Lelaki?", "Tanggal Pengukuran": "14/12/2026"},
        15: {"Tanggal Pengukuran": None},
        16: {"NIK": "99022110102300"},
    }
    order = ["Nama", "NIK", "Tgl Lahir", "JK", "Nama Ortu", "Desa/Kel", "Posyandu", "RT", "BB Lahir",
             "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur", "LiLA", "Jml Vit A"]  # fmt: skip
    titles = {"Nama": "Nama Anak", "Tgl Lahir": "TGL. LAHIR", "JK": "L/P", "Tanggal Pengukuran": "Tangal Pengukuran",
              "Berat": "BB (kg)", "Tinggi": "TB/PB", "Desa/Kel": "Desa", "Nama Ortu": "Nama Orang Tua"}  # fmt: skip
    rows: list[list[object]] = [
        ["DINAS KESEHATAN KABUPATEN REJANG LEBONG"], ["PENIMBANGAN BALITA PUSKESMAS TANJUNG AGUNG, OKTOBER 2026"], [],
        [titles.get(name, name) for name in order] + ["Keterangan petugas"], [n + 1 for n in range(len(order))],
    ]  # fmt: skip
    for number, row in enumerate(good):
        row = {**row, **changes.get(number, {})}
        rows.append([row.get(name) for name in order] + ["ok" if number % 2 else None])
        if number == 8:
            rows += [[], [titles.get(name, name) for name in order]]
    return rows


def hostile() -> list[list[object]]:
    """A list that tries to hurt whoever reads it: every text must stay text, every identity must be asked for."""
    base = child_rows()
    evil: list[Row] = [
        {"Nama": "<script>alert(1)</script>", "NIK": "", "Alamat": '"><img src=x onerror=alert(1)>'},
        {"Nama": "'); DROP TABLE register_person;--", "NIK": None},
        {"Nama": "=HYPERLINK(A1)", "NIK": ""},
        {"Nama": "@SUM(A1)", "NIK": "", "Alamat": "+cmd|calc"},
        {"Nama": "{{ request.user }} {% load x %}", "NIK": ""},
        {"Nama": "Anak \u202eterbalik\u202c 😀", "NIK": ""},
        {"Nama": "A" * 4000, "NIK": ""},
        {"Nama": "Nama Dengan NIK Orang Lain", "Tgl Lahir": "2020-01-01", "NIK": base[0]["NIK"]},
        {"Nama": "Angka Arab", "NIK": "٩٩٠٢٢١١٢٠٣٢٤٠٠٠١"},
        {"Nama": "Tahun Jauh", "NIK": "", "Tgl Lahir": "12/03/0024"},
        {"Nama": "Berat Tak Hingga", "NIK": "", "Berat": "1E+999"},
        {"Nama": "Berat Minus", "NIK": "", "Berat": "-11,2"},
        {"Nama": "Desa Orang", "NIK": "", "Desa/Kel": "../../etc/passwd"},
    ]
    rows = [base[0]]
    for number, change in enumerate(evil):
        birth = f"2024-01-{number + 1:02}"
        rows.append({**base[2], "Tgl Lahir": birth, "Nama Ortu": f"Orang Tua {number}", **change})
    return [EXPORT, *([row.get(name) for name in EXPORT] for row in rows)]


def families() -> list[list[object]]:
    """A by-name-by-address list: two families, one person without a family card, and three faults."""
    kk = ("9902211001150001", "9902211001150002")
    adults = [
        (
            kk[0],
            "Supriyadi",
            "1985-04-09",
            "L",
            "Kepala Keluarga",
            "01",
            "Apur",
            "Aster",
            "0812-3456-7001",
            "PBI",
        ),
        (kk[0], "Yuni Astuti", "1990-09-21", "P", "Istri", "01", "Apur", "Aster", 81234567002, "PBI"),
        (kk[0], "Alya Zahira", "2024-03-12", "P", "Anak", "01", "Apur", "Aster", None, "0001234567890"),
        (kk[1], "Darman", "1957-01-02", "L", "Kepala Keluarga", "02", "Lubuk Alai", "Kenanga", None, "Tidak"),
        (
            kk[1],
            "Rohani",
            "1960-12-30",
            "P",
            "Istri",
            "02",
            "Lubuk Alai",
            "Kenanga",
            "tidak punya hp",
            "Non PBI",
        ),
        (None, "Mbah Karto", "1948-08-17", "L", None, "03", "Lubuk Alai", None, None, None),
        (kk[1], "Tanpa Tanggal", None, "L", "Anak", "02", "Lubuk Alai", "Kenanga", None, None),
        ("99022110", "Nomor Pendek", "1999-01-01", "L", "Anak", "02", "Lubuk Alai", "Kenanga", None, None),
        (kk[1], "Salah Desa", "1999-01-01", "L", "Anak", "02", "Lubuk Alaai", "Kenanga", None, None),
    ]
    rows: list[list[object]] = [["DAFTAR SASARAN BY NAME BY ADDRESS"], BNBA]
    for number, (card, name, birth, sex, relation, rt, desa, posyandu, phone, jkn) in enumerate(
        adults, start=1
    ):
        person = nik(birth, sex, 1 if name == "Alya Zahira" else 100 + number) if birth else None
        rows.append(
            [number, person, card, name, slash(birth) if birth else None, sex, relation, "Jalan Lintas", rt, "00", desa,
             posyandu, phone, jkn]
        )  # fmt: skip
    return rows


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """An .xlsx; texts stay texts, dates become dates of Excel."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        page.write_datetime(number, position, value, day)
                    elif isinstance(value, str):
                        page.write_string(number, position, value)
                    elif value is not None:
                        page.write(number, position, value)
    return buffer.getvalue()


def csv(rows: Iterable[Sequence[object]]) -> bytes:
    """As Excel saves it on an Indonesian computer: semicolons, decimal commas, a byte-order mark."""

    def cell(value: object) -> str:
        text = (
            "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)
        )
        return f'"{text}"' if ";" in text or "," in text else text

    return "\ufeff".encode() + "".join(";".join(map(cell, row)) + "\r\n" for row in rows).encode()


def formulas() -> bytes:
    """A weight that is a sum."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties({"created": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)})
        page = book.add_worksheet("Balita")
        for number, row in enumerate(clean()[:3]):
            page.write_row(number, 0, row)
        page.write_formula(2, EXPORT.index("Berat"), "=11+0.5", value=11.5)
    return buffer.getvalue()


def with_member(content: bytes, name: str, data: bytes) -> bytes:
    """The zip with one member more."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    """Write every sample."""
    plain = workbook({"Balita": clean()})
    files = {
        "eppgbm_bersih.xlsx": plain,
        "eppgbm_bersih.csv": csv(clean()),
        "eppgbm_kotor.xlsx": workbook(
            {"Sampul": [["Laporan bulanan"], ["Nama petugas", "Bidan"]], "Balita": messy()}
        ),
        "eppgbm_jahat.xlsx": workbook({"Balita": hostile()}),
        "bnba.xlsx": workbook({"BNBA": families()}),
        "jahat_rumus.xlsx": formulas(),
        "jahat_makro.xlsm": with_member(plain, "xl/vbaProject.bin", b"bukan makro sungguhan"),
        "jahat_seribu_kolom.xlsx": workbook(
            {"Balita": [EXPORT + [f"Kolom {n}" for n in range(1000)], clean()[1]]}
        ),
        "jahat_terkunci.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le"),
    }
    for name, content in files.items():
        (HERE / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
