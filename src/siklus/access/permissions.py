"""Who may do what, as `permissions.yaml` beside this module says it; read once, checked word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from siklus.library.yaml_text import plain_yaml

FILE = Path(__file__).with_name("permissions.yaml")
ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its words, the kind of place it has, and who fills it in the words of forms."""

    name: str
    title: str
    place: str
    professions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Secret:
    """The roles that may read or write what is of a class, and those told only that somebody is to be seen."""

    read: frozenset[str]
    write: frozenset[str]
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Emergency:
    """Looking beyond the own area: how often a day, how much is shown, how long a reason is at least, since when so."""

    since: date
    a_day: int
    records: int
    reason_letters: int


@dataclass(frozen=True, slots=True)
class EntrustingLimits:
    """Entrusting somebody to a second area: for how many days at most, since when so."""

    since: date
    most_days: int


@dataclass(frozen=True, slots=True)
class Permissions:
    """The whole file."""

    roles: Mapping[str, Role]
    acts: Mapping[str, frozenset[str]]
    secrets: Mapping[str, Secret]
    manages: Mapping[str, frozenset[str]]
    second_step: frozenset[str]
    emergency: Emergency
    entrusting: EntrustingLimits
    cites: str
    confidence: str


@lru_cache(maxsize=1)
def permissions() -> Permissions:
    """What holds here."""
    return read_permissions(plain_yaml(FILE))


def read_permissions(entries: Mapping[str, Any]) -> Permissions:
    """The permissions of a file's content; ValueError for a role nobody has or a slot nobody asks for."""
    roles = {
        name: Role(name, str(spec["title"]), str(spec["place"]), frozenset(spec["professions"]))
        for name, spec in entries["roles"].items()
    }

    def known(names: Any, where: str) -> frozenset[str]:
        unknown = set(names) - set(roles)
        if unknown:
            raise ValueError(f"{where}: no such role: {', '.join(sorted(unknown))}")
        return frozenset(names)

    slots = {slot.name for slot in fields(Secret)}
    for name, spec in entries["secrets"].items():
        if set(spec) != slots:
            raise ValueError(f"{name}: says {', '.join(sorted(spec))}, should say {', '.join(sorted(slots))}")
    return Permissions(
        roles=roles,
        acts={act: known(names, act) for act, names in entries["acts"].items()},
        secrets={
            name: Secret(**{slot: known(spec[slot], f"{name}.{slot}") for slot in slots})
            for name, spec in entries["secrets"].items()
        },
        manages={name: known(names, f"manages {name}") for name, names in entries["manages"].items()},
        second_step=known(entries["second_step"], "second_step"),
        emergency=_emergency(entries["emergency"]),
        entrusting=_entrusting(entries["entrusting"]),
        cites=str(entries["cites"]),
        confidence=str(entries["confidence"]),
    )


def _emergency(told: Mapping[str, Any]) -> Emergency:
    numbers = {name: int(told[name]) for name in ("a_day", "records", "reason_letters")}
    return Emergency(since=date.fromisoformat(str(told["since"])), **numbers)


def _entrusting(told: Mapping[str, Any]) -> EntrustingLimits:
    return EntrustingLimits(date.fromisoformat(str(told["since"])), int(told["most_days"]))
