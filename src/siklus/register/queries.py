"""Questions to the register. Nothing here looks at who asks: what a user may see is settled in `siklus.access`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from siklus.records.names import name_key
from siklus.register import asking, identity
from siklus.register.models import (
    PUSKESMAS,
    Facility,
    Guest,
    Household,
    Installation,
    Person,
    Place,
    ServiceArea,
    Target,
)
from siklus.register.placing import Placing, Residence

__all__ = ["Household", "Person"]  # the names other rooms may use for the types of rows

_CHUNK = 800
_BRIEFS = (
    'SELECT id, birth, died, "left", merged_into, desa_code, posyandu_code, puskesmas_code, sex, facts'
    " FROM register_person WHERE id {among}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBrief:
    """What the door and the engines need of a person; `facts` are JSON values, birth and sex among them."""

    id: int
    birth: int | None
    died: int | None
    left: int | None
    merged_into: int | None
    desa_code: str
    posyandu_code: str
    puskesmas_code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValue:
    """Sasaran proyeksi with where it comes from."""

    value: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a family."""

    id: int
    name: str
    relation: str
    birth: int | None
    sex: str
    died: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCard:
    """A family, its address and its living members (head first, then by age)."""

    id: int
    no_kk: str
    alamat: str
    rt: str
    rw: str
    desa_code: str
    posyandu_code: str
    puskesmas_code: str
    head_id: int | None


def people() -> QuerySet[Person]:
    """Everybody who stands in lists: all but those absorbed by a merge."""
    return Person.objects.filter(merged_into__isnull=True)


def everybody() -> QuerySet[Person]:
    """All persons, also those absorbed by a merge: each with what its own records say."""
    return Person.objects.all()


def households() -> QuerySet[Household]:
    """All families."""
    return Household.objects.all()


def briefs(person_ids: Iterable[int]) -> dict[int, PersonBrief]:
    """What is known of these persons, by id; absent ones are left out."""
    wanted = set(person_ids)
    return {row[0]: _brief(*row) for row in asking.rows(_BRIEFS, asking.keys(wanted))} if wanted else {}


def vitals(person_ids: Iterable[int]) -> dict[int, tuple[int | None, int | None, int | None]]:
    """(birth, died, merged into) of these persons by id; absent ones are left out."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    statement = "SELECT id, birth, died, merged_into FROM register_person WHERE id {among}"
    return {
        key: (birth, died, into) for key, birth, died, into in asking.rows(statement, asking.keys(wanted))
    }


def residences(person_ids: Iterable[int]) -> dict[int, PersonBrief]:
    """Where these persons live, whether they left, died or were merged."""
    return briefs(person_ids)


def places_of_persons(person_ids: Iterable[int]) -> dict[int, Residence]:
    """Where these persons count: who was absorbed by a merge, where the survivor does. Absent ones are left out."""
    columns = ("id", "desa_code", "posyandu_code", "puskesmas_code", "merged_into")
    own: dict[int, Residence] = {}
    into: dict[int, int] = {}
    wanted = set(person_ids)
    while wanted:
        ids, wanted = wanted, set()
        for some in chunks(ids):
            for key, desa, posyandu, puskesmas, survivor in Person.objects.filter(id__in=some).values_list(
                *columns
            ):
                own[key] = Residence(desa=desa, posyandu=posyandu, puskesmas=puskesmas)
                if survivor is not None:
                    into[key] = survivor
                    wanted |= {survivor} - own.keys()
    return {key: own.get(into.get(key, key), home) for key, home in own.items()}


def places_of_households(household_ids: Iterable[int]) -> dict[int, Residence]:
    """Where these families live; absent ones are left out."""
    found: dict[int, Residence] = {}
    for ids in chunks(household_ids):
        rows = Household.objects.filter(id__in=ids)
        for key, desa, posyandu, puskesmas in rows.values_list(
            "id", "desa_code", "posyandu_code", "puskesmas_code"
        ):
            found[key] = Residence(desa=desa, posyandu=posyandu, puskesmas=puskesmas)
    return found


def person_ids(ids: Iterable[int]) -> set[int]:
    """Those of the ids that are persons."""
    found: set[int] = set()
    for some in chunks(ids):
        found.update(Person.objects.filter(id__in=some).values_list("id", flat=True))
    return found


def household_ids(ids: Iterable[int]) -> set[int]:
    """Those of the ids that are families."""
    found: set[int] = set()
    for some in chunks(ids):
        found.update(Household.objects.filter(id__in=some).values_list("id", flat=True))
    return found


def members_of(household_ids: Iterable[int]) -> set[int]:
    """Persons whose records put them into these families, also the dead, moved and merged."""
    found: set[int] = set()
    for ids in chunks(household_ids):
        found.update(Person.objects.filter(household_id__in=ids).values_list("id", flat=True))
    return found


def children_of(person_ids: Iterable[int]) -> set[int]:
    """Persons whose mother is one of these."""
    found: set[int] = set()
    for ids in chunks(person_ids):
        found.update(Person.objects.filter(mother_id__in=ids).values_list("id", flat=True))
    return found


def merged() -> dict[int, int]:
    """{absorbed: survivor} of all persons merged at present."""
    rows = Person.objects.filter(merged_into__isnull=False).values_list("id", "merged_into")
    return {absorbed: into for absorbed, into in rows if into is not None}


def absorbed_into(person_ids: Iterable[int]) -> dict[int, list[int]]:
    """The persons whose records count for each of these; those who absorbed nobody are left out."""
    found: dict[int, list[int]] = {}
    for ids in chunks(person_ids):
        rows = Person.objects.filter(merged_into__in=ids).order_by("id").values_list("merged_into", "id")
        for survivor, absorbed in rows:
            if survivor is not None:
                found.setdefault(survivor, []).append(absorbed)
    return found


def matching(queryset: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those a search means: digits are a whole NIK or No KK, else every word of it begins a word of the name.

    An empty search finds nobody.
    """
    digits = "".join(c for c in text if c not in " .-'")
    if digits.isdigit():
        # The families first: one condition over both tables would have to look at everybody.
        cards, numbers = (list(identity.indexes(what, [digits])) for what in (identity.KK, identity.NIK))
        homes = list(Household.objects.filter(kk_index__in=cards).values_list("id", flat=True))
        return queryset.filter(Q(nik_index__in=numbers) | Q(household_id__in=homes))
    words = name_key(text).split()
    if not words:
        return queryset.none()
    for word in words:
        queryset = queryset.filter(Q(name_key__startswith=word) | Q(name_key__contains=f" {word}"))
    return queryset.order_by("name_key", "id")


def beginning(matches: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those of the matches whose name begins with the first word: found in the order of the index, so quickly."""
    first = name_key(text).split()[:1]
    return matches.filter(name_key__gte=first[0], name_key__startswith=first[0]) if first else matches.none()


def in_walking_order(person_ids: QuerySet[Any, int]) -> Iterable[tuple[int, int | None]]:
    """(person, family) of these persons in the order somebody walks: village, RW, RT, family, the eldest first."""
    walk = ("desa_code", "household__rw", "household__rt", "household_id", "birth", "id")
    return people().filter(id__in=person_ids).order_by(*walk).values_list("id", "household_id")


def by_nik(niks: Iterable[str]) -> dict[str, list[int]]:
    """Persons of each NIK, merged ones left out."""
    found: dict[str, list[int]] = {}
    by_index = identity.indexes(identity.NIK, (nik for nik in niks if nik))
    for some in chunks(by_index):
        for index, person in people().filter(nik_index__in=some).values_list("nik_index", "id"):
            found.setdefault(by_index[index], []).append(person)
    return found


def targets(year: int, indicators: Collection[str] | None = None) -> dict[tuple[str, str], TargetValue]:
    """Sasaran proyeksi of a year by (indicator, code of place or facility)."""
    rows = Target.objects.filter(year=year)
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    return {
        (row.indicator, row.place_code): TargetValue(
            value=row.value, source=row.source, confidence=row.confidence
        )
        for row in rows
    }


def is_sample() -> bool:
    """True when the people of this installation are invented ("Data contoh")."""
    return Installation.objects.filter(name="sample").exists()


def installation_fact(name: str) -> str:
    """A fact about this installation; empty where nobody wrote it."""
    return Installation.objects.filter(name=name).values_list("value", flat=True).first() or ""


def family(household_id: int) -> FamilyCard | None:
    """The card of one family."""
    row = Household.objects.filter(id=household_id).first()
    if row is None:
        return None
    return FamilyCard(
        id=row.id, no_kk=identity.opened(identity.KK, row.sealed_kk), alamat=row.alamat, rt=row.rt, rw=row.rw,
        desa_code=row.desa_code,
        posyandu_code=row.posyandu_code, puskesmas_code=row.puskesmas_code, head_id=row.head_id,
    )  # fmt: skip


def head_names(household_ids: Iterable[int]) -> dict[int, str]:
    """The name of the head of each of these families; those without one are left out."""
    found: dict[int, str] = {}
    for ids in chunks(household_ids):
        heads = dict(
            Household.objects.filter(id__in=ids, head_id__isnull=False)
            .values_list("head_id", "id")
            .order_by()
        )
        for person, name in Person.objects.filter(id__in=list(heads)).values_list("id", "name"):
            found[heads[person]] = name
    return found


def household_members(household_id: int) -> tuple[Member, ...]:
    """Members who live here: not dead, not moved away, not merged; the head first, then by age, unknown births last."""
    rows = people().filter(household_id=household_id, died__isnull=True, left__isnull=True)
    head = Household.objects.filter(id=household_id).values_list("head_id", flat=True).first()
    ordered = sorted(rows, key=lambda p: (p.id != head, p.birth is None, p.birth or 0, p.id))
    return tuple(
        Member(id=p.id, name=p.name, relation=p.relation, birth=p.birth, sex=p.sex, died=p.died)
        for p in ordered
    )


def placing() -> Placing:
    """Facilities and service areas as they stand, for placing persons. Where two serve a village, the later rules."""
    facilities = list(Facility.objects.values_list("code", "parent_id", "kind", "desa_code"))
    areas = (
        ServiceArea.objects.filter(facility__kind=PUSKESMAS, valid_to__isnull=True)
        .order_by("valid_from", "-facility_id")
        .values_list("desa_code", "facility_id")
    )
    return Placing(
        parent={code: parent or "" for code, parent, _, _ in facilities},
        kind={code: kind for code, _, kind, _ in facilities},
        desa={code: desa for code, _, _, desa in facilities},
        puskesmas_by_desa=dict(areas),
    )


def survivor_of(person_id: int) -> int:
    """The person who stands for this one after a merge, else the person itself."""
    return Person.objects.filter(id=person_id).values_list("merged_into", flat=True).first() or person_id


def kabupatens() -> set[str]:
    """Codes of the kabupaten whose villages are served by facilities of this installation."""
    served = ServiceArea.objects.values_list("desa_code", flat=True).distinct()
    standing = Facility.objects.exclude(desa_code="").values_list("desa_code", flat=True).distinct()
    return {".".join(desa.split(".")[:2]) for desa in (*served, *standing)}


def desas_served(facility_code: str, today: int) -> list[str]:
    """Villages this facility serves today."""
    rows = ServiceArea.objects.filter(facility_id=facility_code, valid_from__lte=today)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    return sorted(set(rows.values_list("desa_code", flat=True)))


def is_empty() -> bool:
    """True before anybody is registered."""
    return not Person.objects.exists()


def places() -> QuerySet[Place]:
    """All places of the tree."""
    return Place.objects.all()


def fingerprints() -> dict[tuple[str, int], int]:
    """A number for the content of each person and family, to see whether two states of the register are equal."""
    found: dict[tuple[str, int], int] = {}
    for model in (Person, Household, Guest):
        names = [column.attname for column in model._meta.concrete_fields]
        for row in model._default_manager.values_list(*names).iterator(chunk_size=5000):
            found[model.__name__, row[0]] = hash(row)
    return found


def chunks(ids: Iterable[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """Lists of at most `size`, so that a query never holds more parameters than SQLite takes."""
    rest = iter(ids)
    while some := list(islice(rest, size)):
        yield some


def _brief(
    key: int, birth: int | None, died: int | None, left: int | None, into: int | None, desa: str, posyandu: str,
    puskesmas: str, sex: str, facts: str,
) -> PersonBrief:  # fmt: skip
    return PersonBrief(
        id=key, birth=birth, died=died, left=left, merged_into=into, desa_code=desa, posyandu_code=posyandu,
        puskesmas_code=puskesmas, facts={**json.loads(facts), "sex": sex or None},
    )  # fmt: skip
