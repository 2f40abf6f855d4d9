"""A row of the sheet -> a draft: the person, the family, the measurements and the place it names. Nothing is looked up.

A row with a fault is refused as a whole, with every fault told at once. A fault in a `soft` column (a phone number)
only leaves that value out, with a remark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from siklus.exchange.excel.cells import (
    NOTHING,
    CellContext,
    Reading,
    numbers_kept_exact,
    plain_text,
    read_cell,
)
from siklus.exchange.excel.columns import Column, Header, ImportRules, Layout, fold
from siklus.exchange.excel.sheets import Cell
from siklus.exchange.excel.words import Finding
from siklus.kernel import dates
from siklus.records.words import shown_day
from siklus.rules.vocabulary import Field, Vocabulary

PERSON, HOUSEHOLD, PLACE, DATE = "person", "household", "place", "date"
_PRINT = 32
_FEMALE_DAYS = 40  # in a NIK a woman's day of birth is written plus 40
_ONE_OF_A_KIND = frozenset({"nik", "kk", "name", "phone"})
Substitutions = Mapping[str, Mapping[str, str]]
"""Column key -> folded text of the cell -> what the clerk chose to read there."""


@dataclass(frozen=True, slots=True)
class At:
    """A finding with the column and cell it speaks of (both empty when it speaks of the row)."""

    column: str
    found: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Measured:
    """One service record a row becomes; `data` is JSON as on the wire."""

    kind: str
    on: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class RowDraft:
    """What a row says. `place` holds the texts of kecamatan, desa, posyandu; `faults` refuse it, `remarks` do not."""

    number: int
    person: Mapping[str, Any]
    household: Mapping[str, Any]
    measured: tuple[Measured, ...]
    place: Mapping[str, str]
    faults: tuple[At, ...] = ()
    remarks: tuple[At, ...] = ()

    @cached_property
    def birth(self) -> int | None:
        """Day of birth, if the row has one."""
        text = self.person.get("birth")
        return None if text is None else dates.parse_day(text)

    @cached_property
    def fingerprint(self) -> str:
        """What the row says of who somebody is and where: the same line of next month's file has the same.

        Without a number that is kept sealed elsewhere: it could be guessed from here.
        """
        told = (
            self.person.get("nama"), self.person.get("birth"), self.person.get("sex"),
            self.person.get("nama_ortu"), self.place.get("desa"), self.place.get("posyandu"),
        )  # fmt: skip
        text = "|".join(value or "" for value in told).casefold()
        return sha256(text.encode()).hexdigest()[:_PRINT]


@dataclass(slots=True)
class _Slot:
    """A column whose content goes somewhere, prepared for reading: where it stands, where to, what empty means there.

    Weights, dates and villages repeat thousands of times in a list, so what a cell means is kept (`known`).
    """

    position: int
    context: CellContext
    head: str
    name: str
    empty: Reading
    repeats: bool
    known: dict[Cell, Reading] = field(default_factory=dict)

    def read(self, cell: Cell) -> Reading:
        """What the cell says; a required one that says nothing is a fault."""
        reading = self.known.get(cell)
        if reading is None:
            reading = read_cell(cell, self.context)
            if reading == NOTHING:
                reading = self.empty
            if self.repeats:
                self.known[cell] = reading
        return reading


@dataclass(frozen=True)
class RowReader:
    """Reads the rows under one header; made once for a sheet."""

    layout: Layout
    header: Header
    contexts: tuple[tuple[int, CellContext], ...]
    substitutions: Substitutions = field(default_factory=dict)

    @cached_property
    def _slots(self) -> list[_Slot]:
        """The columns whose content goes somewhere."""
        return [
            _Slot(
                position, context, *context.column.target,
                empty=Reading(fault=_required(context.column)) if context.column.required else NOTHING,
                repeats=context.column.reads not in _ONE_OF_A_KIND,
            )
            for position, context in self.contexts
            if context.column.to
        ]  # fmt: skip

    @cached_property
    def _titles(self) -> list[tuple[int, str]]:
        """Where the stored columns stand, and their folded titles."""
        return [(slot.position, fold(self.header.texts[slot.position])) for slot in self._slots]

    @cached_property
    def _days(self) -> list[tuple[str, Column]]:
        """The kinds of record a row may become, each with the column of its day."""
        by_target = {column.to: column for column in self.layout.columns.values()}
        return [(kind, by_target[f"{kind}.{DATE}"]) for kind in self.layout.kinds]

    @cached_property
    def unread(self) -> list[Column]:
        """Required columns the sheet does not have; every row would be refused for them."""
        present = set(self.header.keys)
        return [
            column for column in self.layout.columns.values() if column.required and column.key not in present
        ]

    def read_all(self, rows: Sequence[Sequence[Cell]]) -> Iterator[RowDraft]:
        """Drafts of all rows below the header that hold something. Repeated headers and numbering rows are passed."""
        for number, row in enumerate(rows[self.header.row :], start=self.header.row + 1):
            if self.holds_data(row, number):
                yield self.read(number, row)

    def holds_data(self, row: Sequence[Cell], number: int) -> bool:
        """False for empty rows, the header once more, and the row (1) (2) (3) some tables have under their header."""
        width = len(row)
        for position, title in self._titles:
            cell = row[position] if position < width else None
            if cell is not None and not (isinstance(cell, str) and fold(cell) == title):
                break
        else:
            return False
        if number > self.header.row + 2:
            return True
        filled = ((p, row[p]) for p, _ in self._titles if p < width and row[p] is not None)
        return not all(plain_text(cell).strip("() ") == str(p + 1) for p, cell in filled)

    def read(self, number: int, row: Sequence[Cell]) -> RowDraft:
        """The draft of one row."""
        parts: dict[str, dict[str, Any]] = {PERSON: {}, HOUSEHOLD: {}, PLACE: {}}
        faults: list[At] = []
        remarks: list[At] = []
        found_in: dict[str, tuple[str, str]] = {}
        width = len(row)
        for slot in self._slots:
            cell = row[slot.position] if slot.position < width else None
            if self.substitutions:
                cell = self._substituted(slot.context.column.key, cell)
            reading = slot.empty if cell is None else slot.read(cell)
            if reading is NOTHING:
                continue
            finding = reading.fault or reading.remark
            if finding is not None:
                column = slot.context.column
                refuses = reading.fault is not None and not column.soft
                (faults if refuses else remarks).append(At(column.title, plain_text(cell), finding))
            if reading.value is not None:
                if slot.head in parts:
                    parts[slot.head][slot.name] = reading.value
                else:
                    parts[slot.head] = {slot.name: reading.value}
                if slot.name == DATE:
                    column = slot.context.column
                    found_in[column.to] = (column.title, plain_text(cell))
        faults += [At(column.title, "", _required(column)) for column in self.unread]
        remarks += _nik_and_birth(parts[PERSON])
        measured = self._measured(parts, found_in, faults)
        return RowDraft(
            number, parts[PERSON], parts[HOUSEHOLD], measured, parts[PLACE], tuple(faults), tuple(remarks)
        )

    def _substituted(self, key: str, cell: Cell) -> Cell:
        chosen = self.substitutions.get(key)
        return cell if not chosen else chosen.get(fold(plain_text(cell)), cell)

    def _measured(
        self,
        parts: Mapping[str, Mapping[str, Any]],
        found_in: Mapping[str, tuple[str, str]],
        faults: list[At],
    ) -> tuple[Measured, ...]:
        measured = []
        birth = parts[PERSON].get("birth")
        for kind, when in self._days:
            if kind not in parts:
                continue
            data = dict(parts[kind])
            on = data.pop(DATE, None)
            if not data or any(fault.column == when.title for fault in faults):
                continue
            if on is None:
                faults.append(At(when.title, "", Finding("measured_no_date")))
            elif birth is not None and on < birth:
                shown = {"birth": shown_day(dates.parse_day(birth))}
                faults.append(At(*found_in[f"{kind}.{DATE}"], Finding("before_birth", shown)))
            else:
                measured.append(Measured(kind, dates.parse_day(on), data))
        return tuple(measured)


def make_reader(
    layout: Layout,
    header: Header,
    data: Sequence[Sequence[Cell]],
    *,
    vocabulary: Vocabulary,
    rules: ImportRules,
    today: int,
    substitutions: Substitutions | None = None,
) -> RowReader:
    """A reader for the rows of one sheet; `data` are the rows below the header."""
    contexts = []
    for position, key in enumerate(header.keys):
        if key is None:
            continue
        column = layout.columns[key]
        exact = column.reads in ("nik", "kk") and numbers_kept_exact(
            [row[position] for row in data if position < len(row)]
        )
        context = CellContext(
            column=column, field=_field(column, layout, vocabulary), vocabulary=vocabulary, rules=rules,
            insurance=layout.insurance, yes_no=layout.yes_no, today=today, numbers_are_exact=exact,
        )  # fmt: skip
        contexts.append((position, context))
    return RowReader(layout, header, tuple(contexts), substitutions or {})


def _field(column: Column, layout: Layout, vocabulary: Vocabulary) -> Field | None:
    """The field of the vocabulary a column fills: its possible range and code list stand there, not here."""
    head, name = column.target
    kind = {PERSON: layout.registers, HOUSEHOLD: layout.household}.get(head, head)
    return vocabulary.kinds[kind].fields.get(name) if kind in vocabulary.kinds else None


def _required(column: Column) -> Finding:
    return Finding("empty_name") if column.reads == "name" else Finding("empty", {"column": column.title})


def _nik_and_birth(person: Mapping[str, Any]) -> list[At]:
    """A NIK holds the day of birth; where it says another one than the row, somebody should look."""
    nik, birth = person.get("nik"), person.get("birth")
    if nik is None or birth is None:
        return []
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day -= _FEMALE_DAYS if day > _FEMALE_DAYS else 0
    known = date.fromisoformat(birth)
    if (day, month, year) == (known.day, known.month, known.year % 100) or not (
        1 <= day <= 31 and 1 <= month <= 12
    ):
        return []
    told = {"nik_birth": f"{day:02}/{month:02}/{year:02}", "birth": known.strftime("%d/%m/%Y")}
    return [At("NIK", nik, Finding("nik_birth_differs", told))]
