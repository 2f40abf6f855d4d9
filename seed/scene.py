"""One neighbourhood while its story is told: its people, its notebook, its posyandu days, its account."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from seed.account import Account
from seed.assumptions import Assumptions
from seed.days import date_of, day_of, month_later, months
from seed.geography import Neighbourhood
from seed.notebook import Notebook, Ref
from seed.people import House, Soul

POSYANDU, PUSTU, PUSKESMAS, HOSPITAL, HOME, SCHOOL = (
    "posyandu", "pustu", "puskesmas", "rs", "kunjungan_rumah", "sekolah",
)  # fmt: skip
KADER, GURU, BIDAN, PERAWAT, DOKTER = "kader", "guru", "bidan", "perawat", "dokter"


@dataclass(slots=True, eq=False)
class Resident:
    """A person of the story as the register holds them. Stories happen from `first_day` to `last_day`.

    `known_from` is the day on which the registration was typed in; nothing about the person is entered before it.
    """

    soul: Soul
    house: House
    ref: Ref
    name: str
    first_day: int
    last_day: int
    known_from: int
    knows_birth: bool
    desa_code: str
    is_unmarried: bool = False
    """The register says so; false also when nobody asked."""
    death: int | None = None
    leaving: int | None = None

    @property
    def is_here(self) -> bool:
        """Alive and living in the district on the last day told."""
        return self.death is None and self.leaving is None


@dataclass(slots=True, eq=False)
class Scene:
    """What every story of a neighbourhood needs. `start` and `on` are the first and the last day told."""

    spot: Neighbourhood
    others: Sequence[Neighbourhood]
    start: int
    on: int
    rng: Random
    assumptions: Assumptions
    notebook: Notebook
    account: Account
    open_units: dict[Ref, str] = field(default_factory=dict)
    """What is going on with a person on the last day: the name of an episode of the rules."""
    pregnancies: list[tuple[Resident, int, int | None]] = field(default_factory=list)
    """Every pregnancy that became known: whose, since when it is known, and the day of the test for HIV."""
    findings: list[tuple[Resident, str, int, Any]] = field(default_factory=list)
    """What a later story may follow up: who, what was found, on which day, and what else it needs to know."""
    clinic: str = field(init=False)
    aside: Random = field(init=False)
    """Dice for what stands beside the story and moves no other throw."""
    open_days: list[int] = field(init=False)
    open_day_set: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """The posyandu opens once a month, on a day of its own; staff receive patients at the pustu if there is one."""
        rules = self.assumptions.posyandu
        self.aside = Random(f"{self.spot.posyandu_code} {self.on}")
        day = self.rng.randint(rules.first_day, rules.last_day)
        earliest = month_later(self.on, -rules.remembered_months)
        opened = [month + day - 1 for month in months(earliest, self.on)]
        self.open_days = [day for day in opened if day <= self.on]
        self.open_day_set = frozenset(self.open_days)
        self.clinic = PUSTU if self.spot.pustu_code else PUSKESMAS

    @property
    def year(self) -> int:
        """The year of the last day: the account knows its coverage."""
        return date_of(self.on).year

    @property
    def new_year(self) -> int:
        """1 January of that year."""
        return day_of(self.year)

    @property
    def school_year(self) -> int:
        """The first day of the school year of the last day."""
        begins = day_of(self.year, self.assumptions.school.begins_in)
        return begins if begins <= self.on else day_of(self.year - 1, self.assumptions.school.begins_in)

    def chance(self, probability: float) -> bool:
        """A throw of the dice."""
        return self.rng.random() < probability

    def between(self, first: int, last: int) -> int:
        """A day (or number) from first to last, both included; the first when they are out of order."""
        return first if last <= first else self.rng.randint(first, last)

    def opened(self, first: int, last: int) -> list[int]:
        """The posyandu days from first to last, both included."""
        return self.open_days[bisect_left(self.open_days, first) : bisect_left(self.open_days, last + 1)]

    def some_day(self, first: int, last: int) -> int:
        """A day on which people come: mostly a posyandu day, else any; always from first to last."""
        opened = self.opened(first, last)
        if opened and self.chance(self.assumptions.posyandu.share_of_visits):
            return opened[self.rng.randrange(len(opened))]
        return self.between(first, last)

    def note(
        self,
        resident: Resident,
        kind: str,
        on: int,
        data: str = "{}",
        role: str = KADER,
        place: str = POSYANDU,
    ) -> Ref:
        """Writes a record of a person; now and then it is typed in days or weeks late."""
        entered = on
        entry = self.assumptions.entry
        if self.rng.random() < entry.late:
            entered += self.rng.randint(1, entry.late_days)
        if entered < resident.known_from:
            entered = resident.known_from
        return self.notebook.write(kind, resident.ref, on, data, role, place, entered)
