"""What the register knows that the rows of a file may speak of: places, persons, families, within one area.

Only those who could be meant are fetched: same NIK, birth date or name key. Nothing outside the area is shown; of a
NIK or family card in use elsewhere only that fact is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from siklus.care import queries as care
from siklus.exchange.excel.columns import ImportRules
from siklus.exchange.excel.matching import Identity, People, folded_name
from siklus.exchange.excel.models import SAVED, Row
from siklus.exchange.excel.places import Desa, PlaceBook, Posyandu
from siklus.exchange.excel.plans import KnownHousehold, KnownPerson, person_facts
from siklus.exchange.excel.rows import RowDraft
from siklus.kernel.places import parent_of
from siklus.register import areas
from siklus.register import queries as register
from siklus.register.areas import Area
from siklus.register.identity import KK, NIK, indexes, opened

_FEW_BIRTHS = 800
_IDENTITY = (
    "id", "name", "name_key", "sealed_nik", "birth", "sex", "household__sealed_kk", "mother__name_key", "facts",
)  # fmt: skip
_PERSON = (
    "id", "name", "sealed_nik", "birth", "sex", "relation", "phone", "jkn", "facts", "household_id", "desa_code",
    "posyandu_code", "died", "left",
)  # fmt: skip
_PARENT = "nama_ortu"
_Tuple = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The register as one file needs it. `persons` are those an earlier import or a decision named."""

    people: People
    persons: Mapping[int, KnownPerson]
    households: Mapping[str, KnownHousehold]
    fingerprints: Mapping[str, int]


def within(area: Area) -> Q:
    """Rows with desa_code, posyandu_code and puskesmas_code that lie in the area."""
    if area.kind == "puskesmas":
        return Q(puskesmas_code=area.code)
    if area.kind == "posyandu":
        return Q(posyandu_code=area.code)
    if area.kind == "pustu":
        return Q(desa_code__in=[desa.code for desa in areas.areas_under(area.code, areas.DESA)])
    return Q(desa_code=area.code) | Q(desa_code__startswith=f"{area.code}.")


def place_book(area: Area, rules: ImportRules) -> PlaceBook:
    """The villages and posyandu of an area, by name."""
    desas = areas.areas_under(area.code, areas.DESA)
    posyandus = areas.areas_under(area.code, "posyandu")
    kecamatan = areas.names_of({parent_of(desa.code) or "" for desa in desas})
    desa_of = register.placing().desa
    return PlaceBook(
        area.name,
        tuple(Desa(desa.code, desa.name, kecamatan.get(parent_of(desa.code) or "", "")) for desa in desas),
        tuple(Posyandu(one.code, one.name, desa_of.get(one.code, "")) for one in posyandus),
        rules,
    )


def gather(drafts: Sequence[RowDraft], area: Area, rules: ImportRules, chosen: Iterable[int] = ()) -> Known:
    """Everybody in the area a row may mean, and what is in use elsewhere. `chosen` are persons somebody decided for."""
    niks = {str(draft.person["nik"]) for draft in drafts if draft.person.get("nik")}
    people = People(rules)
    here: set[int] = set()
    for person, name, key, nik, birth, sex, no_kk, mother, facts in _identities(drafts, area, niks):
        here.add(person)
        parent = folded_name(json.loads(facts).get(_PARENT) or "") if _PARENT in facts else ""
        families = tuple(dict.fromkeys(told for told in (mother, parent) if told))
        people.add(
            Identity(
                id=person, name=name, key=key, nik=opened(NIK, nik), birth=birth, sex=sex, families=families,
                no_kk=opened(KK, no_kk or ""),
            )
        )  # fmt: skip
    in_use = register.by_nik(niks)
    people.niks_elsewhere = frozenset(nik for nik, ids in in_use.items() if not here.intersection(ids))
    found_before = _fingerprints(drafts)
    persons = persons_of(area, {*found_before.values(), *chosen})
    prints = {print_: person for print_, person in found_before.items() if person in persons}
    return Known(people, persons, _households(drafts, area), prints)


def persons_of(area: Area, ids: Iterable[int]) -> dict[int, KnownPerson]:
    """What the register says of these persons of the area, for comparing."""
    everybody = register.people().filter(within(area))
    rows = (
        row
        for some in register.chunks(sorted(set(ids)))
        for row in everybody.filter(id__in=some).values(*_PERSON)
    )
    return {row["id"]: _known_person(row) for row in rows}


def records_of(
    person_ids: Iterable[int], kinds: Sequence[str], days: tuple[int, int]
) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """The effective records of these persons, kinds and days (first and last), in values of the engines."""
    return care.records_within(person_ids, kinds, days)


def _identities(drafts: Sequence[RowDraft], area: Area, niks: set[str]) -> Iterator[_Tuple]:
    """Those born on a day of the file, with a NIK of it, or with a name of it. Of a large file, all born in its years:
    one walk through the table is quicker than hundreds of questions, and a slip of the year stays within them.
    """
    everybody = register.people().filter(within(area))
    births = {draft.birth for draft in drafts if draft.birth is not None}
    questions: list[tuple[str, set[Any]]] = [("nik_index", set(indexes(NIK, niks)))]
    seen: set[int] = set()
    if len(births) > _FEW_BIRTHS:
        born = everybody.filter(birth__gte=min(births), birth__lte=max(births))
        yield from _new(born.values_list(*_IDENTITY).iterator(chunk_size=5000), seen)
    else:
        keys = {folded_name(draft.person["nama"]) for draft in drafts if "nama" in draft.person}
        questions += [("birth", births), ("name_key", keys)]
    for column, values in questions:
        for some in register.chunks(sorted(values)):
            yield from _new(everybody.filter(**{f"{column}__in": some}).values_list(*_IDENTITY), seen)


def _new(rows: Iterable[_Tuple], seen: set[int]) -> Iterator[_Tuple]:
    """Each person once."""
    for row in rows:
        if row[0] not in seen:
            seen.add(row[0])
            yield row


def _known_person(row: Mapping[str, Any]) -> KnownPerson:
    nik = opened(NIK, row["sealed_nik"])
    told = person_facts(
        name=row["name"], nik=nik, birth=row["birth"], sex=row["sex"], relation=row["relation"],
        phone=row["phone"], jkn=row["jkn"], facts=json.loads(row["facts"]),
    )  # fmt: skip
    return KnownPerson(
        id=row["id"], name=row["name"], nik=nik, birth=row["birth"], facts=told,
        household_id=row["household_id"], desa=row["desa_code"], posyandu=row["posyandu_code"],
        died=row["died"], left=row["left"],
    )  # fmt: skip


def _households(drafts: Sequence[RowDraft], area: Area) -> dict[str, KnownHousehold]:
    """Families by card number; of two with one number the one in the area, then the older record."""
    numbers = {str(draft.household["no_kk"]) for draft in drafts if draft.household.get("no_kk")}
    found: dict[str, KnownHousehold] = {}
    by_index = indexes(KK, numbers)
    for some in register.chunks(sorted(by_index)):
        rows = register.households().filter(kk_index__in=some)
        here = set(rows.filter(within(area)).values_list("id", flat=True))
        for key, index, desa in rows.order_by("-id").values_list("id", "kk_index", "desa_code"):
            no_kk = by_index[index]
            family = KnownHousehold(id=key, no_kk=no_kk, desa=desa, is_here=key in here)
            if family.is_here or not (no_kk in found and found[no_kk].is_here):
                found[no_kk] = family
    return found


def _fingerprints(drafts: Sequence[RowDraft]) -> dict[str, int]:
    """Rows of earlier imports that say the same of somebody, with the person they became; never two persons."""
    wanted = {draft.fingerprint for draft in drafts if draft.person.get("nama")}
    found: dict[str, set[int]] = {}
    for some in register.chunks(sorted(wanted)):
        rows = Row.objects.filter(
            saved=True, batch__state=SAVED, fingerprint__in=some, person_id__isnull=False
        )
        for print_, person in rows.values_list("fingerprint", "person_id").distinct():
            found.setdefault(print_, set()).add(person or 0)
    return {print_: persons.pop() for print_, persons in found.items() if len(persons) == 1}
