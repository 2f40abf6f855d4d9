"""How a value is written for people, in Indonesian: days, numbers, lengths of time, codes, yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from siklus.kernel.dates import DAYS_PER_WEEK, MONTHS_PER_YEAR, NEVER, date_of
from siklus.rules.vocabulary import HOUSEHOLD, PERSON, Field, Vocabulary

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
NOT_KNOWN = "belum diketahui"
_FROM_HERE_IN_WEEKS = 28
_UNITS = {PERSON: "orang", HOUSEHOLD: "keluarga"}


def unit_title(vocabulary: Vocabulary, unit: str) -> str:
    """What a rule is about, inside a sentence: `orang`, `keluarga`, `kehamilan`."""
    if unit in _UNITS:
        return _UNITS[unit]
    return vocabulary.episodes[unit].title.lower()


def shown_day(day: int) -> str:
    """`21 Nov 2026`; never is `tanpa batas`."""
    if day >= NEVER:
        return "tanpa batas"
    date = date_of(day)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def number(value: float) -> str:
    """`8,3` and `1.310`: decimal comma, points between thousands."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def length(count: int, in_months: bool, weeks: bool = True) -> str:
    """`9 bulan`, `5 tahun`, `14 hari`, `12 minggu`; of a newborn child people count days, so `weeks` can be denied."""
    if in_months:
        years, months = divmod(count, MONTHS_PER_YEAR)
        return f"{count} bulan" if months or not years else f"{years} tahun"
    if weeks and count >= _FROM_HERE_IN_WEEKS and count % DAYS_PER_WEEK == 0:
        return f"{count // DAYS_PER_WEEK} minggu"
    return f"{count} hari"


def shown(vocabulary: Vocabulary, kind: str, value: Any, unit: str = "") -> str:
    """A value of a type of the tree; unknown is said to be so."""
    if value is None:
        return NOT_KNOWN
    if kind == "bool":
        return "ya" if value else "tidak"
    if kind == "date":
        return shown_day(value)
    if kind.startswith("code:"):
        return code_label(vocabulary, kind[len("code:") :], value)
    if kind.startswith("dec:"):
        value = value / 10 ** int(kind[len("dec:") :])
    elif kind not in ("int", "dec"):
        return str(value)
    return f"{number(value)} {unit}".strip()


def shown_field(vocabulary: Vocabulary, field: Field, value: Any) -> str:
    """The value of a fact or of a record's field, with its unit."""
    return shown(vocabulary, field.type, value, field.unit)


def code_label(vocabulary: Vocabulary, codes: str, word: str) -> str:
    """The label of a code; the word itself when the list does not know it."""
    known = vocabulary.codes[codes].get(word)
    return inner(known.label) if known else word


def inner(label: str) -> str:
    """A label inside a sentence: `Berat badan` -> `berat badan`; `HPL`, `LiLA` and `Hb` keep their capitals."""
    first, blank, rest = label.partition(" ")
    is_plain = len(first) > len("Hb") and first[1:].replace("-", "").islower()
    return (first.lower() if is_plain else first) + blank + rest


def joined(label: str, value: str) -> str:
    """`warna kapsul biru` of `warna kapsul` and `kapsul biru`: what ends one and begins the other stands once."""
    first, blank, rest = value.partition(" ")
    return f"{label} {rest}" if blank and label.split(" ")[-1] == first else f"{label} {value}"


def listed(parts: Sequence[str], joint: str) -> str:
    """`a, b dan c` with the joint `dan`."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"
