"""The home of an area: one sentence to act on, dangers first, then who waits, by stage of life and by place.

Every number opens the list of needs filtered to exactly those people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from siklus.desk import figures, statuses, words
from siklus.library.stages import Stages
from siklus.rules.book import Package

SHOWN = ("overdue", "due", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCount:
    """Persons with an open need of a package in a status."""

    package: str
    status: str
    persons: int


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """Persons of a place by status."""

    name: str
    code: str
    persons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DangerLine:
    """Somebody who is to be seen at once."""

    name: str
    href: str
    said: str
    what: str
    since: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One stage of life, or a package under its own title."""

    stage: str
    title: str
    klaster: str
    doors: tuple[figures.Door, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place."""

    title: str
    doors: tuple[figures.Door, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An SPM service behind its pace."""

    title: str
    href: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything the page shows."""

    greeting: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    dangers: tuple[DangerLine, ...]
    groups_title: str
    columns: tuple[str, ...]
    groups: tuple[GroupRow, ...]
    totals: tuple[figures.Door, ...]
    places_title: str
    places: tuple[PlaceRow, ...]
    shortfalls: tuple[Shortfall, ...]
    spm_href: str


def greeting_at(hour: int, name: str) -> str:
    """Selamat pagi, siang, sore or malam, and the first name."""
    if hour < 11:
        hello = _("Selamat pagi")
    elif hour < 15:
        hello = _("Selamat siang")
    elif hour < 19:
        hello = _("Selamat sore")
    else:
        hello = _("Selamat malam")
    return f"{hello}, {name.split()[0]}" if name else hello


def columns() -> tuple[str, ...]:
    """The statuses of the table by their words."""
    return tuple(str(statuses.WORDS[status]) for status in SHOWN)


def group_rows(
    counts: Iterable[PackageCount], packages: Sequence[Package], stages: Stages, needs_href: str
) -> tuple[GroupRow, ...]:
    """The table by stage, in the order of life; packages of no stage follow. Every row is shown, also the quiet ones.

    A person with needs of two packages of one stage is counted once per package by the database; the row takes the
    packages together only where one package alone stands under the stage, else it lists them one by one.
    """
    by_package: dict[tuple[str, str], int] = {(c.package, c.status): c.persons for c in counts}
    rows = []
    for stage in stages.of_life:
        rows += [_row(stage.key, p, by_package, needs_href) for p in packages if p.name in stage.packages]
    rows += [_row("", p, by_package, needs_href) for p in packages if stages.of_package(p.name) is None]
    return tuple(rows)


def _row(
    stage: str, package: Package, by_package: Mapping[tuple[str, str], int], needs_href: str
) -> GroupRow:
    doors = tuple(
        figures.door(
            by_package.get((package.name, status), 0),
            needs_href + "?" + figures.encoded({"paket": package.name, "status": status}),
        )
        for status in SHOWN
    )
    return GroupRow(stage, package.title, _("Klaster %(k)s") % {"k": package.klaster}, doors)


def totals_of(persons: Mapping[str, int], needs_href: str) -> tuple[figures.Door, ...]:
    """Persons with at least one need in each status, each person once a column."""
    return tuple(
        figures.door(persons.get(status, 0), needs_href + "?" + figures.encoded({"status": status}))
        for status in SHOWN
    )


def place_rows(places: Iterable[PlaceCount], parameter: str, needs_href: str) -> tuple[PlaceRow, ...]:
    """The places, most overdue first."""
    ordered = sorted(places, key=lambda place: (-place.persons.get("overdue", 0), place.name))
    return tuple(
        PlaceRow(
            place.name,
            tuple(
                figures.door(
                    place.persons.get(status, 0),
                    needs_href + "?" + figures.encoded({parameter: place.code, "status": status}),
                )
                for status in ("overdue", "due")
            ),
        )
        for place in ordered
    )


def lead_of(persons: Mapping[str, int], dangers: int, registered: int) -> tuple[figures.Part, ...]:
    """What waits, in the order of the statuses; that nothing does, with how many were looked at."""
    said = []
    if dangers:
        said.append(_("**%(n)s bahaya** menunggu penanganan.") % {"n": words.number(dangers)})
    if persons.get("overdue"):
        said.append(_("**%(n)s orang** terlambat dilayani.") % {"n": words.number(persons["overdue"])})
    if persons.get("due"):
        said.append(_("**%(n)s orang** sudah waktunya.") % {"n": words.number(persons["due"])})
    if persons.get("unknown"):
        said.append(
            _("**%(n)s orang** belum dapat ditentukan: keterangannya kurang.")
            % {"n": words.number(persons["unknown"])}
        )
    if not said:
        said.append(_("Tidak ada yang terlambat. Diperiksa %(n)s orang.") % {"n": words.number(registered)})
    return figures.sentence(" ".join(said))
