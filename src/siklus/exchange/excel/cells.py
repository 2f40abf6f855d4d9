"""One cell -> a value, nothing, or a finding that says what is wrong and what to do. No row, no register, no clock.

Excel spoils much on the way: long numbers lose digits, decimals become dates, dates become numbers. What can be
understood without guessing is taken; what would be a guess is refused with the guess as a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from siklus.exchange.excel.columns import Column, ImportRules
from siklus.exchange.excel.guard import EXACT
from siklus.exchange.excel.sheets import Cell, is_error
from siklus.exchange.excel.words import Finding
from siklus.kernel import dates
from siklus.records import measures
from siklus.records.words import code_word, number, shown_day
from siklus.rules.vocabulary import Field, Vocabulary

NIK_DIGITS = 16
_SERIALS = (1, 80_000)  # Excel's day numbers: 1900 to 2118
_SERIAL_ZERO = dates.day_of(date(1899, 12, 30))
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d+)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_NAMED_MONTH = re.compile(r"(\d{1,2})[-/. ]*([A-Za-z]+)[-/., ]*(\d{4}|\d{2})")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_TIME = re.compile(r"[ T]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?$")
_UNIT = re.compile(r"(?i)\s*(kg|kilogram|cm|gr|gram|g)\.?$")
_GRAMS = frozenset({"gr", "gram", "g"})
_QUOTES = "'`’‘\"“”"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: a value (None = not filled), a fault that refuses it, a remark on a value that is kept."""

    value: Any = None
    fault: Finding | None = None
    remark: Finding | None = None


NOTHING = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellContext:
    """What all cells of a column share. `numbers_are_exact`: this column's 16-digit numbers kept their last digit."""

    column: Column
    field: Field | None
    vocabulary: Vocabulary
    rules: ImportRules
    insurance: Mapping[str, Any]
    yes_no: Mapping[str, Any]
    today: int
    numbers_are_exact: bool = False


def read_cell(cell: Cell, context: CellContext) -> Reading:
    """The reading of one cell, by what its column holds."""
    if cell is None or _is_empty(cell, context):
        return NOTHING
    if is_error(cell):
        return _fault("error_cell")
    return _READERS[context.column.reads](cell, context)


def numbers_kept_exact(cells: list[Cell]) -> bool:
    """True when some 16-digit number of the column ends in something but 0: then a program wrote them, not Excel.

    Excel itself keeps 15 digits and writes 0 for the sixteenth.
    """
    return any(isinstance(cell, float) and 10**15 <= cell < EXACT and cell % 10 != 0 for cell in cells)


def plain_text(cell: Cell) -> str:
    """The cell as a person reads it: 3 for 3.0, blanks trimmed."""
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return " ".join((cell or "").split())


def _is_empty(cell: Cell, context: CellContext) -> bool:
    text = plain_text(cell).strip(_QUOTES).casefold()
    return not text or text in context.rules.empty_words


def _fault(code: str, suggestion: str = "", **values: str) -> Reading:
    return Reading(fault=Finding(code, values, suggestion))


# Text


def _text(cell: Cell, context: CellContext) -> Reading:
    text = plain_text(cell).strip(_QUOTES)
    limit = context.rules.longest["text"]
    if len(text) > limit:
        return _fault("too_long", found=str(len(text)), limit=str(limit))
    return Reading(text)


def _name(cell: Cell, context: CellContext) -> Reading:
    text = plain_text(cell).strip(_QUOTES + " ")
    limit = context.rules.longest["name"]
    if not any(letter.isalpha() for letter in text):
        return _fault("name_not_text")
    if len(text) > limit:
        return _fault("too_long", found=str(len(text)), limit=str(limit))
    return Reading(text)


def _rt(cell: Cell, context: CellContext) -> Reading:
    text = re.sub(r"(?i)^r\.?[tw]\.?[\s:]*", "", plain_text(cell).strip(_QUOTES)).strip()
    if not text.isascii() or not text.isdigit() or len(text) > context.rules.longest["rt"]:
        return _fault("not_rt")
    return NOTHING if int(text) == 0 else Reading(f"{int(text):02}")


def _phone(cell: Cell, context: CellContext) -> Reading:
    text = re.sub(r"[\s().+-]+", "", plain_text(cell).strip(_QUOTES))
    if text.startswith("62"):
        text = "0" + text[2:]
    elif text.startswith("8"):
        text = "0" + text
    low, high = context.rules.phone_digits
    if not text.isascii() or not text.isdigit() or not low <= len(text) <= high:
        return _fault("not_a_phone")
    return Reading(text)


def _insurance(cell: Cell, context: CellContext) -> Reading:
    text = plain_text(cell).strip(_QUOTES).casefold()
    digits = re.sub(r"[\s.-]", "", text)
    if text in context.insurance["ya"] or (
        digits.isdigit() and len(digits) == context.insurance["card_digits"]
    ):
        return Reading(True)
    if text in context.insurance["tidak"]:
        return Reading(False)
    return _fault("not_yes_no")


def _yes_no(cell: Cell, context: CellContext) -> Reading:
    said = plain_text(cell).strip(_QUOTES + " .").casefold()
    if said in context.yes_no["ya"]:
        return Reading(True)
    return Reading(False) if said in context.yes_no["tidak"] else _fault("not_yes_no")


def _code(cell: Cell, context: CellContext) -> Reading:
    assert context.field is not None and context.field.codes is not None
    listed = context.vocabulary.codes[context.field.codes]
    text = plain_text(cell).strip(_QUOTES + " .")
    word = code_word(context.vocabulary, context.field.codes, text)
    spellings = {
        alias: code.name for code in listed.values() for alias in (_short(code.label), *code.aliases)
    }
    word = word or spellings.get(text.casefold())
    if word is not None:
        return Reading(word)
    near = get_close_matches(text.casefold(), list(spellings), n=1, cutoff=0.75)
    known = ", ".join(code.label for code in listed.values())
    return _fault("unknown_code", spellings[near[0]] if near else "", known=known)


def _short(label: str) -> str:
    """`Telentang (panjang badan)` as a list would write it: `telentang`."""
    return label.partition("(")[0].strip().casefold()


# Long numbers


def _sixteen_digits(kind: str) -> Callable[[Cell, CellContext], Reading]:
    def read(cell: Cell, context: CellContext) -> Reading:
        digits = _digits_of_number(cell, context) if isinstance(cell, float) else _digits_of_text(str(cell))
        if digits is None:
            return _fault(f"{kind}_lost")
        if not digits.isascii() or not digits.isdigit():
            return _fault(f"{kind}_not_digits")
        if len(digits) != NIK_DIGITS:
            return NOTHING if not digits.strip("0") else _fault(f"{kind}_length", found=str(len(digits)))
        if len(set(digits)) == 1:
            return Reading(remark=Finding(f"{kind}_same_digit"))
        return Reading(digits)

    return read


def _digits_of_number(cell: float, context: CellContext) -> str | None:
    if cell != int(cell):
        return plain_text(cell)
    if cell >= EXACT or (cell >= 10 ** (NIK_DIGITS - 1) and cell % 10 == 0 and not context.numbers_are_exact):
        return None
    return str(int(cell))


def _digits_of_text(cell: str) -> str | None:
    text = cell.strip().strip(_QUOTES).strip()
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        fraction = scientific[2] or ""
        whole = int(scientific[3]) == NIK_DIGITS - 1 == len(fraction)
        return scientific[1] + fraction if whole else None
    text = re.sub(r"[.,]0+$", "", text)
    return re.sub(r"[\s.-]", "", text)


# Dates


def _date(cell: Cell, context: CellContext) -> Reading:
    found = _day(cell, context)
    if isinstance(found, Finding):
        return Reading(fault=found)
    if found > context.today:
        return _fault("future", today=shown_day(context.today))
    if found < dates.add_months(context.today, -context.rules.oldest_years * dates.MONTHS_PER_YEAR):
        return _fault("too_long_ago", years=str(context.rules.oldest_years))
    return Reading(dates.iso(found))


def _day(cell: Cell, context: CellContext) -> int | Finding:
    text = plain_text(cell).strip(_QUOTES)
    if isinstance(cell, float) or re.fullmatch(r"\d{5}([.,]\d+)?", text):
        serial = float(text.replace(",", "."))
        compact = _COMPACT.fullmatch(text)
        if compact:
            return _calendar(int(compact[1] + compact[2]), int(compact[3]), int(compact[4]))
        if not _SERIALS[0] <= serial < _SERIALS[1]:
            return Finding("not_a_date")
        return _SERIAL_ZERO + int(serial)
    text = _TIME.sub("", text).rstrip("Z")
    if match := _ISO.fullmatch(text):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.fullmatch(text):
        return _calendar(int(match[1] + match[2]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(text):
        return (
            Finding("short_year")
            if len(match[3]) == 2
            else _calendar(int(match[3]), int(match[2]), int(match[1]))
        )
    if match := _NAMED_MONTH.fullmatch(text):
        month = context.rules.months.get(match[2].casefold())
        if month is None:
            return Finding("not_a_date")
        return Finding("short_year") if len(match[3]) == 2 else _calendar(int(match[3]), month, int(match[1]))
    return Finding("not_a_date")


def _calendar(year: int, month: int, day: int) -> int | Finding:
    try:
        return dates.day_of(date(year, month, day))
    except ValueError:
        pass
    if month > dates.MONTHS_PER_YEAR >= day >= 1 and month <= 31:
        return Finding("month_day_swapped", {"found": str(month), "hint": f"{month:02}/{day:02}/{year}"})
    if 1 <= month <= dates.MONTHS_PER_YEAR and 28 < day <= 31 and 1 <= year <= 9998:
        first = dates.day_of(date(year, month, 1))
        last = dates.date_of(dates.add_months(first, 1) - 1)
        return Finding("no_such_date", {"hint": last.strftime("%d/%m/%Y")})
    return Finding("not_a_date")


# Measures


def _number(cell: Cell, context: CellContext) -> Reading:
    spec = context.field
    assert spec is not None
    if isinstance(cell, float):
        value, in_grams = cell, False
    else:
        text = plain_text(cell).strip(_QUOTES)
        if mangled := _ISO.match(text):
            hint = f"{int(mangled[3])},{int(mangled[2])}"
            return _fault("number_became_date", hint=hint)
        parsed = _parse_number(text)
        if parsed is None:
            return _fault("not_a_number")
        value, in_grams = parsed
    if value == 0 and context.column.zero_is_empty:
        return NOTHING
    return _measure(value, in_grams, spec, context)


def _parse_number(text: str) -> tuple[float, bool] | None:
    """(value, was it written in grams). The last of comma and point is decimal; repeated ones part thousands."""
    unit = _UNIT.search(text)
    plain = (text[: unit.start()] if unit else text).replace(" ", "")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        plain = plain.replace("." if comma > point else ",", "")
    if plain.count(",") > 1 or plain.count(".") > 1:
        plain = plain.replace(",", "").replace(".", "")
    if not re.fullmatch(r"-?\d+([.,]\d*)?", plain) or not plain.isascii():
        return None
    try:
        value = float(Decimal(plain.replace(",", ".")))
    except (InvalidOperation, OverflowError):
        return None
    return value, unit is not None and unit[1].casefold() in _GRAMS


def _measure(value: float, in_grams: bool, spec: Field, context: CellContext) -> Reading:
    remark = None
    for unit, factor in context.column.also:
        if in_grams or not _within(value, spec.possible) and _within(value * factor, spec.possible):
            remark = Finding("other_unit", {
                "column": context.column.title, "found": f"{number(value)} {unit}",
                "value": number(round(value * factor, spec.places)), "unit": spec.unit,
            })  # fmt: skip
            value *= factor
            break
    value = round(value + 0.0, spec.places)
    bounds = {"unit": spec.unit}
    if spec.possible is not None:
        bounds |= {"low": number(spec.possible[0]), "high": number(spec.possible[1])}
        if not _within(value, spec.possible):
            guess = measures.likely(value, spec.plausible or spec.possible, spec.places)
            if guess is None:
                return _fault("impossible", **bounds)
            return _fault("impossible_maybe", hint=number(guess), **bounds)
    if spec.plausible is not None and not _within(value, spec.plausible):
        low, high = spec.plausible
        remark = Finding("odd", {
            "column": context.column.title, "found": number(value), "low": number(low), "high": number(high),
            "unit": spec.unit,
        })  # fmt: skip
    return Reading(value if spec.places else int(value), remark=remark)


def _within(value: float, bounds: tuple[float, float] | None) -> bool:
    return bounds is None or bounds[0] <= value <= bounds[1]


_READERS: dict[str, Callable[[Cell, CellContext], Reading]] = {
    "text": _text,
    "name": _name,
    "place": _text,
    "rt": _rt,
    "phone": _phone,
    "insurance": _insurance,
    "yes_no": _yes_no,
    "code": _code,
    "nik": _sixteen_digits("nik"),
    "kk": _sixteen_digits("kk"),
    "date": _date,
    "number": _number,
}
