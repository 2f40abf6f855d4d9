"""One person as the comparison sees them: keys of names, days, codes. NIK and family card only as what finds them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from siklus.kernel import dates
from siklus.library.doubles import DoublesModel
from siklus.records.names import name_key
from siklus.records.persons import ProjectedPerson
from siklus.register import queries as register
from siklus.register.identity import NIK, indexes
from siklus.register.placing import Residence

_COLUMNS = (
    "id", "name_key", "birth", "sex", "mother_id", "mother__name_key", "facts", "household_id", "relation",
    "household__kk_index", "household__rt", "household__rw", "posyandu_code", "desa_code", "puskesmas_code",
    "nik_index", "phone", "died",
)  # fmt: skip
_HEAD, _SPOUSES = "kepala_keluarga", ("suami", "istri")
_PARENT, _ORDER = "nama_ortu", "anak_ke"
_NOT_DIGITS = re.compile(r"\D+")
_COUNTRY = re.compile(r"^(62|0)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Empty and unknown are None. `name`, `mother` and `spouse` are keys of names; `rt` stands with its village."""

    id: int
    name: str | None = None
    birth: int | None = None
    is_rounded: bool = False
    sex: str | None = None
    mother_id: int | None = None
    mother: str | None = None
    spouse: str | None = None
    family: int | None = None
    card: str | None = None
    rt: str | None = None
    posyandu: str | None = None
    desa: str | None = None
    puskesmas: str | None = None
    nik: str | None = None
    phone: str | None = None
    birth_order: int | None = None
    is_living: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name."""
        return tuple(sorted((self.name or "").split()))

    def row(self) -> dict[str, Any]:
        """The columns the bulk engine compares."""
        date = None if self.birth is None else dates.date_of(self.birth)
        order = (self.name or "").split()
        own = {name: getattr(self, name) for name in self.__slots__ if name != "id"}
        return {
            "unique_id": self.id, **own, "words": list(self.words),
            "mother_words": sorted((self.mother or "").split()),
            "spouse_words": sorted((self.spouse or "").split()),
            "first": order[0] if order else None, "last": order[-1] if order else None,
            "exact_birth": None if self.is_rounded else self.birth,
            "day": date.day if date else None, "month": date.month if date else None,
            "year": date.year if date else None,
        }  # fmt: skip


def is_rounded(birth: int | None, model: DoublesModel) -> bool:
    """True of a day that people write when they know the year only."""
    return birth is not None and dates.iso(birth)[-5:] in model.rounded_days


def phone_key(text: str) -> str | None:
    """The digits of a number without what stands for the country; None when there are none."""
    return _COUNTRY.sub("", _NOT_DIGITS.sub("", text)) or None


def everybody(model: DoublesModel) -> Iterator[Who]:
    """All persons who stand for themselves, the dead and those who left too, in the order of their ids."""
    spouses = _spouses(register.people())
    rows = register.people().order_by("id").values_list(*_COLUMNS)
    for row in rows.iterator(chunk_size=5000):
        yield _who(row, spouses, model)


def of_persons(ids: Iterable[int], model: DoublesModel) -> dict[int, Who]:
    """These persons by id; absent and merged ones are left out."""
    found: dict[int, Who] = {}
    for some in register.chunks(sorted(set(ids))):
        rows = list(register.people().filter(id__in=some).values_list(*_COLUMNS))
        homes = {row[7] for row in rows if row[7] is not None}
        spouses = _spouses(register.people().filter(household_id__in=homes))
        found.update((row[0], _who(row, spouses, model)) for row in rows)
    return found


def of_newcomer(person: ProjectedPerson, model: DoublesModel) -> Who:
    """Somebody who is about to be registered, as their records would say; their id is 0."""
    home = register.households().filter(id=person.household_id).first() if person.household_id else None
    family = None if home is None else Residence(
        desa=home.desa_code, posyandu=home.posyandu_code, puskesmas=home.puskesmas_code
    )  # fmt: skip
    lives = register.placing().of_person(person, family)
    mothers = [] if person.mother_id is None else register.everybody().filter(id=person.mother_id)
    mother = next((each.name_key for each in mothers), "") or name_key(person.facts.get(_PARENT) or "")
    return Who(
        id=0, name=name_key(person.name) or None, birth=person.birth, is_rounded=is_rounded(person.birth, model),
        sex=person.sex or None, mother_id=person.mother_id, mother=mother or None, family=person.household_id,
        card=(home.kk_index or None) if home is not None else None,
        rt=f"{lives.desa}/{home.rw}/{home.rt}" if home is not None and home.rt and lives.desa else None,
        posyandu=lives.posyandu or None, desa=lives.desa or None, puskesmas=lives.puskesmas or None,
        nik=next(iter(indexes(NIK, [person.nik])), None) if person.nik else None, phone=phone_key(person.phone),
        birth_order=person.facts.get(_ORDER),
    )  # fmt: skip


def _who(row: tuple[Any, ...], spouses: Mapping[int, str], model: DoublesModel) -> Who:
    (
        key, name, birth, sex, mother_id, mother, facts, family, _relation, card, rt, rw, posyandu, desa, puskesmas,
        nik, phone, died,
    ) = row  # fmt: skip
    told = json.loads(facts) if _PARENT in facts or _ORDER in facts else {}
    parent = mother or name_key(told.get(_PARENT) or "")
    return Who(
        id=key, name=name or None, birth=birth, is_rounded=is_rounded(birth, model), sex=sex or None,
        mother_id=mother_id, mother=parent or None, spouse=spouses.get(key), family=family, card=card or None,
        rt=f"{desa}/{rw or ''}/{rt}" if rt and desa else None, posyandu=posyandu or None, desa=desa or None,
        puskesmas=puskesmas or None, nik=nik or None, phone=phone_key(phone), birth_order=told.get(_ORDER),
        is_living=died is None,
    )  # fmt: skip


def _spouses(persons: Any) -> dict[int, str]:
    """{person: name key of husband or wife} where a family has one head and one husband or wife of theirs."""
    heads: dict[int, list[tuple[int, str]]] = {}
    others: dict[int, list[tuple[int, str]]] = {}
    rows = persons.filter(relation__in=(_HEAD, *_SPOUSES), household_id__isnull=False)
    for key, name, family, relation in rows.values_list(
        "id", "name_key", "household_id", "relation"
    ).iterator():
        (heads if relation == _HEAD else others).setdefault(family, []).append((key, name))
    found: dict[int, str] = {}
    for family, mates in others.items():
        head = heads.get(family, [])
        if len(mates) == len(head) == 1 and mates[0][1] and head[0][1]:
            found[mates[0][0]], found[head[0][0]] = head[0][1], mates[0][1]
    return found
