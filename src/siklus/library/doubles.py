"""When two persons of the register may be one, from `knowledge/doubles.yaml`: what is compared and what it weighs.

Weights are in bits: log2(m / u), where m is how often a state is found with two data of one person, u with any two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import knowledge_folder
from siklus.library.yaml_text import plain_yaml

OTHER, ONE_BIRTH = "other", "one_birth"
STATES: Mapping[str, tuple[str, ...]] = {
    "name": ("same", "same_words", "slip", "contained", "husband", "first", OTHER),
    "birth": ("same_rounded", "same", "slip", "same_year", OTHER),
    "sex": ("same", OTHER),
    "mother": ("same", "slip", "contained", OTHER),
    "spouse": ("same", "slip", "contained", OTHER),
    "place": ("family", "rt", "posyandu", "desa", "puskesmas", OTHER),
    "nik": ("same", OTHER),
    "phone": ("same", OTHER),
}
"""What can be compared, and the states each may be found in; the engines know how each is seen."""
COLUMNS = frozenset(
    ("nik", "name", "year", "desa", "birth", "exact_birth", "first", "last", "mother", "phone", "card")
)
"""The words of a person by which pairs may be brought together."""


@dataclass(frozen=True, slots=True)
class Level:
    """One state of one comparison. `by_frequency`: a rare value weighs more than a common one."""

    state: str
    m: float
    u: float
    says: str
    by_frequency: bool = False

    @property
    def bits(self) -> float:
        """What the state weighs."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class OneBirth:
    """Two of one family or mother, born on one day, who may be one written twice: never likelier than `at_most`.

    `plural` are the fields, by kind of record, by which their mother's records of so many days before say twins.
    """

    at_most: float
    says: str
    plural: Mapping[str, str]
    within_days: int


@dataclass(frozen=True)
class DoublesModel:
    """The whole file. Probabilities are 0 to 1; `rounded_days` are "MM-DD"."""

    prior: float
    shown_from: float
    likely_from: float
    rounded_days: frozenset[str]
    people_behind_u: int
    one_letter_in: int
    together: tuple[tuple[str, ...], ...]
    compared: Mapping[str, tuple[Level, ...]]
    one_birth: OneBirth
    cites: str
    confidence: str

    @property
    def prior_bits(self) -> float:
        """What stands before anything is compared; below 0."""
        return bits_of(self.prior)

    @property
    def by_frequency(self) -> Level | None:
        """The state of a name that weighs by how common the name is."""
        return next((level for level in self.compared["name"] if level.by_frequency), None)

    def share(self, bearers: int, people: int) -> float:
        """How large a part of everybody bears a name, 0 to 1; `u` counts as so many people who were asked before."""
        u = self.by_frequency.u if self.by_frequency is not None else 0.0
        return (bearers + self.people_behind_u * u) / (people + self.people_behind_u)

    def says(self, comparison: str, state: str) -> str:
        """The state in Indonesian words; empty for one the file does not know."""
        if comparison == ONE_BIRTH:
            return self.one_birth.says
        return next((level.says for level in self.compared.get(comparison, ()) if level.state == state), "")


def bits_of(probability: float) -> float:
    """log2 of the odds."""
    return math.log2(probability / (1 - probability))


def probability_of(bits: float) -> float:
    """0 to 1; the other way round."""
    return 1 / (1 + 2**-bits)


def load_doubles() -> DoublesModel:
    """The model of this installation, read once. ProblemError for a word that no engine knows."""
    return read_doubles(knowledge_folder() / "doubles.yaml")


@lru_cache(maxsize=2)
def read_doubles(path: Path) -> DoublesModel:
    """The model of a file."""
    told = plain_yaml(path)
    compared = {
        name: tuple(
            Level(
                each["is"], float(each["m"]), float(each["u"]), each["says"], each.get("by_frequency", False)
            )
            for each in levels
        )
        for name, levels in told["compared"].items()
    }
    together = tuple(tuple(words) for words in told["together"])
    faults = [f"{name}: bukan perbandingan" for name in compared.keys() - STATES.keys()]
    for name, levels in compared.items():
        faults += [
            f"{name}.{each.state}: tidak dikenal" for each in levels if each.state not in STATES.get(name, ())
        ]
        if not levels or levels[-1].state != OTHER:
            faults.append(f"{name}: keadaan terakhir harus '{OTHER}'")
    faults += [
        f"together: '{word}' tidak dikenal" for words in together for word in words if word not in COLUMNS
    ]
    one_birth = told[ONE_BIRTH]
    if not float(told["shown_from"]) <= float(one_birth["at_most"]) < float(told["likely_from"]):
        faults.append(f"{ONE_BIRTH}.at_most: di antara shown_from dan likely_from")
    if faults:
        raise ProblemError([Problem("K01", "knowledge/doubles.yaml", fault) for fault in faults])
    return DoublesModel(
        prior=float(told["prior"]), shown_from=float(told["shown_from"]), likely_from=float(told["likely_from"]),
        rounded_days=frozenset(told["rounded_days"]), one_letter_in=int(told["one_letter_in"]), together=together,
        people_behind_u=int(told["people_behind_u"]),
        compared=compared,
        one_birth=OneBirth(
            float(one_birth["at_most"]), one_birth["says"], dict(one_birth["plural"]), int(one_birth["within_days"])
        ),
        cites=str(told["cites"]), confidence=str(told["confidence"]),
    )  # fmt: skip
