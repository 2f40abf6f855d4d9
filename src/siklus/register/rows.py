"""Projected persons and families as rows of their tables; the same whether one is written or a whole district."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from siklus.records.names import name_key
from siklus.records.persons import ProjectedHousehold, ProjectedPerson
from siklus.register import identity
from siklus.register.appending import Row
from siklus.register.models import Household, Person
from siklus.register.placing import Residence

HOUSEHOLD = (
    "id", "sealed_kk", "kk_index", "alamat", "rt", "rw", "desa_code", "posyandu_code", "puskesmas_code", "facts",
)  # fmt: skip
"""Without `head_id`: it follows from the members."""
PERSON = (
    "id", "name", "name_key", "sealed_nik", "nik_index", "birth", "sex", "household_id", "relation", "mother_id",
    "posyandu_code", "puskesmas_code", "desa_code", "phone", "jkn", "died", "left", "facts", "merged_into",
)  # fmt: skip


def _width(model: type[Household | Person], name: str) -> int | None:
    width: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return width


_NAME, _PHONE = (_width(Person, name) for name in ("name", "phone"))
_STREET, _RT, _RW = (_width(Household, name) for name in ("alamat", "rt", "rw"))
"""What somebody wrote longer than its column is cut in lists; the record keeps all of it."""
_WRITE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def household_row(family: ProjectedHousehold, home: Residence) -> Row:
    """The values of HOUSEHOLD."""
    card = identity.columns(identity.KK, family.no_kk)
    return (
        family.id, *card, family.alamat[:_STREET], family.rt[:_RT], family.rw[:_RW], home.desa, home.posyandu,
        home.puskesmas, _facts(family.facts),
    )  # fmt: skip


def person_row(person: ProjectedPerson, home: Residence, into: Mapping[int, int]) -> Row:
    """The values of PERSON; `into` is {absorbed: survivor}."""
    mother, number = person.mother_id, identity.columns(identity.NIK, person.nik)
    return (
        person.id, person.name[:_NAME], name_key(person.name)[:_NAME], *number, person.birth, person.sex,
        person.household_id, person.relation, None if mother is None else into.get(mother, mother),
        home.posyandu, home.puskesmas, home.desa, person.phone[:_PHONE], person.jkn, person.died, person.left,
        _facts(person.facts), into.get(person.id),
    )  # fmt: skip


def _facts(facts: Mapping[str, Any]) -> str:
    return _WRITE(facts) if facts else "{}"
