"""The home of an area: one sentence to act on, dangers first, then who waits, by stage of life and by place.

Every number opens the list of needs filtered to exactly those people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siklus.desk import figures, statuses, words
from siklus.desk.pages.dangers import DangerLine
from siklus.library.stages import Stages
from siklus.rules.book import Package

SHOWN = ("danger", "overdue", "due", "unknown")


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
class Addresses:
    """Where the numbers lead: dangers to their own list, everything else to the list of needs."""

    needs: str
    dangers: str

    def of(self, status: str, query: Mapping[str, str]) -> str:
        """The list of exactly those people."""
        if status == "danger":
            return self.dangers + "?" + figures.encoded(query)
        return self.needs + "?" + figures.encoded({**query, "status": status})


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
    as_of: figures.AsOf
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    dangers: tuple[DangerLine, ...]
    dangers_all: figures.Door
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
    counts: Iterable[PackageCount], packages: Sequence[Package], stages: Stages, addresses: Addresses
) -> tuple[GroupRow, ...]:
    """One row a package, under the rings of the stages in the order of life; packages of no stage follow.

    Every row is shown, also the quiet ones.
    """
    by_package = {(count.package, count.status): count.persons for count in counts}
    staged = [
        (stage.key, package)
        for stage in stages.of_life
        for package in packages
        if package.name in stage.packages
    ]
    staged += [("", package) for package in packages if stages.of_package(package.name) is None]
    return tuple(_row(stage, package, by_package, addresses) for stage, package in staged)


def _row(
    stage: str, package: Package, by_package: Mapping[tuple[str, str], int], addresses: Addresses
) -> GroupRow:
    doors = tuple(
        figures.door(by_package.get((package.name, status), 0), addresses.of(status, {"paket": package.name}))
        for status in SHOWN
    )
    return GroupRow(stage, package.title, _("Klaster %(k)s") % {"k": package.klaster}, doors)


def totals_of(persons: Mapping[str, int], addresses: Addresses) -> tuple[figures.Door, ...]:
    """Persons in each column, each person once a column."""
    return tuple(figures.door(persons.get(status, 0), addresses.of(status, {})) for status in SHOWN)


def place_rows(places: Iterable[PlaceCount], parameter: str, addresses: Addresses) -> tuple[PlaceRow, ...]:
    """The places, most overdue first."""
    ordered = sorted(places, key=lambda place: (-place.persons.get("overdue", 0), place.name))
    return tuple(
        PlaceRow(
            place.name,
            tuple(
                figures.door(place.persons.get(status, 0), addresses.of(status, {parameter: place.code}))
                for status in ("overdue", "due")
            ),
        )
        for place in ordered
    )


def lead_of(persons: Mapping[str, int]) -> tuple[figures.Part, ...]:
    """What waits, in the order of the statuses; or that nothing does."""
    said = []
    if persons.get("danger"):
        said.append(
            _("**%(n)s orang dalam bahaya** menunggu penanganan.") % {"n": words.number(persons["danger"])}
        )
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
        said.append(_("Tidak ada yang menunggu di wilayah Anda."))
    return figures.sentence(" ".join(said))


def openings_words(count: int) -> str:
    """That somebody outside opened the data of people of this area, and nobody here has looked at it yet."""
    said = ngettext("%(n)s pembukaan darurat belum dibaca", "%(n)s pembukaan darurat belum dibaca", count)
    return said % {"n": words.number(count)}
