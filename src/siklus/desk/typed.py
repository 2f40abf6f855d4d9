"""One value as it is typed on the desk: days as dd/mm/yyyy, numbers with a comma, yes or no; empty is unknown.

What is read is JSON as the record log and cases keep it; what cannot be read gets its problem in words.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from siklus.desk import words
from siklus.kernel.dates import parse_day
from siklus.kernel.problems import Problem
from siklus.rules.vocabulary import Field

YES, NO = "ya", "tidak"
TOO_LONG = 200
"""More letters than anybody types into one field."""
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,4})?")


def read_value(spec: Field | None, text: str) -> tuple[Any, str]:
    """(value, problem). Without a field it is a day. Codes are judged by the reader of records, which knows them."""
    if spec is None or spec.type == "date":
        return read_day(text)
    if spec.type == "bool":
        return {YES: True, NO: False}.get(text), ""
    if spec.type == "int" or spec.places:
        if not _NUMBER.fullmatch(text):
            return None, _("'%(text)s' bukan angka. Tulis seperti 12 atau 8,2.") % {"text": text}
        number = float(text.replace(",", "."))
        return (int(number) if number == int(number) else number), ""
    return text, ""


def read_day(text: str) -> tuple[str | None, str]:
    """(day in ISO, problem)."""
    if not text:
        return None, _("Tanggalnya belum diisi. Tulis hari/bulan/tahun seperti 21/11/2026.")
    match = _SLASHED.fullmatch(text)
    iso = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else text
    try:
        parse_day(iso)
    except ValueError:
        said = _("%(text)s tidak ada di kalender.") if match else _("'%(text)s' bukan tanggal.")
        return None, said % {"text": text} + " " + _("Tulis hari/bulan/tahun seperti 21/11/2026.")
    return iso, ""


def slashed(iso: Any) -> str:
    """A day in ISO as it is typed; nothing for no day."""
    return words.day_slashed(parse_day(iso)) if isinstance(iso, str) and iso else ""


def as_typed(spec: Field, value: Any) -> str:
    """A value as somebody would have typed it."""
    if value is None:
        return ""
    if spec.type == "bool":
        return YES if value else NO
    if spec.type == "date":
        return slashed(value)
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def sentence(problem: Problem) -> str:
    """A problem with what was typed, in one breath: found; expected. What to do."""
    said = problem.found + (f"; {problem.expected}" if problem.expected else "")
    said = f"{said[:1].upper()}{said[1:].rstrip('.')}."
    return f"{said} {problem.todo}" if problem.todo else said
