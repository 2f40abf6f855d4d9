"""How numbers, shares, days, hours and ages are written: 1.310 · 66,5 % · 08.41 · 12 Nov 2026 · 1 th 4 bl.

Indonesian first; English follows its own separators. Unknown is written as a question mark, never as 0 or a blank.
Pure functions of their arguments and of the language in use; "today" is always handed in.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from siklus.kernel import dates

UNKNOWN = "?"
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_LONG_MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip

_FINE_SHARE_FROM = 100
"""From this many people a share has one decimal; fewer people do not carry it."""
_COUNT_LEADS_BELOW = 10
"""Below this many people a share misleads; the two counts stand instead."""
_THOUSAND = 1000
_COMPACT_FROM = 100 * _THOUSAND
_MONTHS_SHOWN_BELOW = 6
"""Ages in years: completed months are added while a child is younger than this."""


def number(value: int | None) -> str:
    """1.310; unknown is a question mark."""
    if value is None:
        return UNKNOWN
    return f"{value:,}".replace(",", "." if is_indonesian() else ",")


def compact(value: int) -> str:
    """A count for a narrow place: 8.227, but 177 rb from a hundred thousand."""
    if value < _COMPACT_FROM:
        return number(value)
    return _("%(n)s rb") % {"n": number(value // _THOUSAND)}


def decimal(value: int, places: int) -> str:
    """A measurement kept as an integer of 10^-places: 820 with two places is 8,2."""
    sign, digits = ("-" if value < 0 else ""), f"{abs(value):0{places + 1}}"
    whole, rest = (digits[:-places], digits[-places:].rstrip("0")) if places else (digits, "")
    whole = number(int(whole))
    return sign + (whole + ("," if is_indonesian() else ".") + rest if rest else whole)


def share(part: int | None, whole: int | None) -> str:
    """66,5 % of a hundred people and more, 67 % of fewer, "7 dari 8" under ten; above 100 % is not clipped.

    Rounded half up, but what is not complete never reads as 100 %. Unknown, or no denominator, is a question mark.
    """
    if part is None or whole is None or whole <= 0:
        return UNKNOWN
    if count_leads(whole):
        return _("%(part)s dari %(whole)s") % {"part": number(part), "whole": number(whole)}
    places = 1 if whole >= _FINE_SHARE_FROM else 0
    scale = 100 * 10**places
    steps = (2 * part * scale + whole) // (2 * whole)
    if part < whole:
        steps = min(steps, scale - 1)
    text = f"{steps // 10}{',' if is_indonesian() else '.'}{steps % 10}" if places else str(steps)
    return f"{text} %"


def day(value: int | None) -> str:
    """12 Nov 2026."""
    if value is None:
        return UNKNOWN
    date = dates.date_of(value)
    return f"{date.day} {_month_names()[date.month - 1]} {date.year}"


def day_near(value: int | None, today: int) -> str:
    """12 Nov, with the year only when it is not this year."""
    if value is None:
        return UNKNOWN
    text = day(value)
    return text.rpartition(" ")[0] if dates.year_of(value) == dates.year_of(today) else text


def day_slashed(value: int | None) -> str:
    """12/11/2026, as typed into fields and written into workbooks."""
    return UNKNOWN if value is None else f"{dates.date_of(value):%d/%m/%Y}"


def month(value: int) -> str:
    """November 2026, of any day in it."""
    date = dates.date_of(value)
    return f"{(_LONG_MONTHS['id'] if is_indonesian() else _LONG_MONTHS['en'])[date.month - 1]} {date.year}"


def hour(moment: datetime.datetime) -> str:
    """08.41 of a local time."""
    return f"{moment:%H.%M}" if is_indonesian() else f"{moment:%H:%M}"


def moment(at: datetime.datetime) -> str:
    """12 Nov 2026 08.41, of any moment, as the clock here showed it."""
    here = timezone.localtime(at)
    return f"{day(dates.day_of(here.date()))} {hour(here)}"


def age(birth: int | None, on: int) -> str:
    """6 hari, 10 bulan, 1 th 4 bl, 71 th; words when the birth date is unknown."""
    if birth is None:
        return _("umur belum diketahui")
    months = dates.age_months(birth, on)
    if months < 1:
        return _("%(n)s hari") % {"n": number(on - birth)}
    years, rest = divmod(months, dates.MONTHS_PER_YEAR)
    if years < 1:
        return _("%(n)s bulan") % {"n": months}
    if years < _MONTHS_SHOWN_BELOW and rest:
        return _("%(years)s th %(months)s bl") % {"years": years, "months": rest}
    return _("%(n)s th") % {"n": years}


def nik_masked(nik: str | None) -> str:
    """990211 •••••• 0007: enough to compare with a card, too little to copy. Unknown in words."""
    if not nik:
        return _("belum ada")
    return f"{nik[:6]} •••••• {nik[-4:]}" if len(nik) == len("9902111101260007") else "••••"


def titled(title: str, title_en: object) -> str:
    """The title of something in `knowledge/`, in English where it has one and English is read."""
    return str(title_en) if title_en and not is_indonesian() else title


def count_leads(whole: int | None) -> bool:
    """True when there are so few that `share` writes the two counts."""
    return whole is not None and whole < _COUNT_LEADS_BELOW


def listed(parts: Sequence[str]) -> str:
    """a, b dan c."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s dan %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def _month_names() -> tuple[str, ...]:
    return _MONTHS["id" if is_indonesian() else "en"]


def is_indonesian() -> bool:
    """True unless the reader chose English."""
    return not (get_language() or "id").startswith("en")
