"""Places, facilities, the villages they serve and sasaran from CSV files: how a district sets up its own area.

A file is known by its header (`LAYOUTS`); files may come in any order and again later, changed. Everything is read and
checked first: either all of it is taken in, or nothing is and every fault is told with its file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from siklus.kernel.dates import parse_day
from siklus.kernel.places import is_place_code, level_of
from siklus.kernel.problems import Problem, ProblemError
from siklus.register import actions
from siklus.register.models import Facility, Place

LAYOUTS = {
    "wilayah": ("kode", "level", "nama"),
    "fasilitas": ("kode", "jenis", "nama"),
    "wilayah kerja": ("fasilitas", "desa"),
    "sasaran": ("indikator", "wilayah", "tahun", "nilai"),
}
_KINDS = ("puskesmas", "pustu", "posyandu")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, known by where it stands."""

    where: str
    row: Row

    def get(self, name: str) -> str:
        """The value of a column, without blanks around it; empty when there is no such column."""
        return (self.row.get(name) or "").strip()


def load_place_files(paths: Iterable[Path], today: int) -> dict[str, int]:
    """Takes in the files; gives how many lines of each layout. ProblemError lists every fault of every file."""
    lines: dict[str, list[Line]] = {layout: [] for layout in LAYOUTS}
    problems: list[Problem] = []
    for path in paths:
        try:
            layout, found = _read(path)
            lines[layout] += found
        except ProblemError as error:
            problems += error.problems
    problems += _Checks(lines).problems()
    if problems:
        raise ProblemError(problems)
    with transaction.atomic():
        for layout, found in lines.items():
            # A facility stands below another one: puskesmas first.
            for line in sorted(found, key=lambda line: _rank(line.get("jenis"))):
                _TAKE_IN[layout](line, today)
    return {layout: len(found) for layout, found in lines.items() if found}


def _read(path: Path) -> tuple[str, list[Line]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        header = {(name or "").strip().casefold() for name in reader.fieldnames or ()}
        layout = next((name for name, columns in LAYOUTS.items() if header.issuperset(columns)), None)
        if layout is None:
            known = "; ".join(f"{name}: {','.join(columns)}" for name, columns in LAYOUTS.items())
            raise ProblemError([Problem("W01", path.name, "judul kolom tidak dikenal", known)])
        rows = ({(name or "").strip().casefold(): value for name, value in row.items()} for row in reader)
        return layout, [Line(f"{path.name}:{number}", row) for number, row in enumerate(rows, 2)]


class _Checks:
    """Judges all lines together, as one file may name what another one brings."""

    def __init__(self, lines: Mapping[str, list[Line]]) -> None:
        self.lines = lines
        self.places = set(Place.objects.values_list("code", flat=True))
        self.places |= {line.get("kode") for line in lines["wilayah"]}
        self.facilities = set(Facility.objects.values_list("code", flat=True))
        self.facilities |= {line.get("kode") for line in lines["fasilitas"]}

    def problems(self) -> Iterator[Problem]:
        for line in self.lines["wilayah"]:
            code, parent = line.get("kode"), line.get("kode_induk")
            if not is_place_code(code):
                yield Problem("W02", line.where, f"'{code}' bukan kode wilayah", "seperti 17.02.06.1004")
            elif parent and parent not in self.places:
                yield Problem("W03", line.where, f"wilayah induk '{parent}' tidak ada")
        for line in self.lines["fasilitas"]:
            if line.get("jenis").casefold() not in _KINDS:
                yield Problem(
                    "W04", line.where, f"jenis '{line.get('jenis')}' tidak dikenal", ", ".join(_KINDS)
                )
            yield from self.known(line, "induk", self.facilities, "fasilitas")
            yield from self.known(line, "desa", self.places, "desa")
        for line in self.lines["wilayah kerja"]:
            yield from self.known(line, "fasilitas", self.facilities, "fasilitas", required=True)
            yield from self.known(line, "desa", self.places, "desa", required=True)
            if line.get("sejak") and _day(line.get("sejak")) is None:
                yield Problem("W06", line.where, f"'{line.get('sejak')}' bukan tanggal", "tahun-bulan-hari")
        for line in self.lines["sasaran"]:
            yield from self.known(line, "wilayah", self.places | self.facilities, "wilayah", required=True)
            if not (line.get("tahun").isdigit() and line.get("nilai").isdigit()):
                yield Problem("W07", line.where, "tahun dan nilai harus bilangan bulat")

    def known(
        self, line: Line, column: str, codes: set[str], what: str, *, required: bool = False
    ) -> Iterator[Problem]:
        code = line.get(column)
        if (code or required) and code not in codes:
            yield Problem("W05", f"{line.where}, {column}", f"{what} '{code}' tidak ada")


def _place(line: Line, today: int) -> None:
    code = line.get("kode")
    level = line.get("level") or level_of(code)
    actions.save_place(code=code, level=level, name=line.get("nama"), parent_code=line.get("kode_induk"))


def _facility(line: Line, today: int) -> None:
    actions.save_facility(
        code=line.get("kode"), kind=line.get("jenis").casefold(), name=line.get("nama"),
        parent=line.get("induk") or None, desa_code=line.get("desa"), klass=line.get("kelas"),
        confidence=line.get("keyakinan"), note=line.get("catatan"),
    )  # fmt: skip


def _area(line: Line, today: int) -> None:
    since = _day(line.get("sejak"))
    actions.serve_village(
        facility=line.get("fasilitas"), desa_code=line.get("desa"), since=today if since is None else since,
        confidence=line.get("keyakinan"), note=line.get("catatan"),
    )  # fmt: skip


def _target(line: Line, today: int) -> None:
    actions.set_target(
        indicator=line.get("indikator"), place_code=line.get("wilayah"), year=int(line.get("tahun")),
        value=int(line.get("nilai")), source=line.get("sumber"), confidence=line.get("keyakinan"),
    )  # fmt: skip


_TAKE_IN: dict[str, Callable[[Line, int], None]] = {
    "wilayah": _place,
    "fasilitas": _facility,
    "wilayah kerja": _area,
    "sasaran": _target,
}


def _rank(kind: str) -> int:
    return _KINDS.index(kind.casefold()) if kind.casefold() in _KINDS else 0


def _day(text: str) -> int | None:
    try:
        return parse_day(text)
    except ValueError:
        return None
