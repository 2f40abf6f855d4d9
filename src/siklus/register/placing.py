"""Which puskesmas somebody belongs to: through their posyandu, else through the village and who serves it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from siklus.records.persons import ProjectedHousehold, ProjectedPerson

PUSKESMAS = "puskesmas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where a person or family counts: codes, empty where unknown."""

    desa: str = ""
    posyandu: str = ""
    puskesmas: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Facilities as they stand: `parent`, `kind` and `desa` of each, and `puskesmas_by_desa` from service areas."""

    parent: Mapping[str, str]
    kind: Mapping[str, str]
    desa: Mapping[str, str]
    puskesmas_by_desa: Mapping[str, str]

    def puskesmas_of(self, facility: str) -> str:
        """The facility itself or the puskesmas above it; empty when there is none."""
        for _ in self.parent:  # a circle of parents, entered by mistake, must not hang
            if self.kind.get(facility) == PUSKESMAS or not facility:
                break
            facility = self.parent.get(facility, "")
        return facility if self.kind.get(facility) == PUSKESMAS else ""

    def residence(self, desa: str, posyandu: str) -> Residence:
        """The residence told by a village, a posyandu or both."""
        desa = desa or self.desa.get(posyandu, "")
        return Residence(
            desa=desa,
            posyandu=posyandu,
            puskesmas=self.puskesmas_of(posyandu) or self.puskesmas_by_desa.get(desa, ""),
        )

    def of_household(self, household: ProjectedHousehold) -> Residence:
        """Where a family lives."""
        return self.residence(household.desa, household.posyandu)

    def of_person(self, person: ProjectedPerson, family: Residence | None) -> Residence:
        """As told of the person, else of the family; a family's posyandu holds in its own village only."""
        home = self.residence(person.desa, person.posyandu)
        if family is not None:
            desa = home.desa or family.desa
            home = self.residence(desa, home.posyandu or (family.posyandu if desa == family.desa else ""))
        if home.puskesmas:
            return home
        # Nobody may fall out of every list: without a known residence the writer's own puskesmas looks after them.
        return replace(home, puskesmas=self.puskesmas_of(person.registered_at))
