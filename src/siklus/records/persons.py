"""What register records make of a person: facts, family, residence, death. The projection `Person` is exactly this.

Records are read in order (day, id); the last known value wins and an empty field never erases. Residence is told in
three ways: a family (whose address counts), a village, a posyandu; a newer way replaces what an older one said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siklus.kernel.dates import parse_day
from siklus.kernel.ids import parse_record_id
from siklus.records.drafts import StoredRecord

BIRTH = "lahir"
REGISTRATIONS = frozenset({"daftar_orang", BIRTH})
HOUSEHOLD_REGISTRATION, HOUSEHOLD_CHANGE = "daftar_keluarga", "ubah_keluarga"
CHANGE, MOVE, NEW_FAMILY, DEATH, MERGE = "ubah_orang", "pindah", "ganti_keluarga", "meninggal", "gabung_orang"
ENTRUSTING = "titip_layanan"
PERSON_KINDS = (*sorted(REGISTRATIONS), CHANGE, MOVE, NEW_FAMILY, DEATH, MERGE, ENTRUSTING)
HOUSEHOLD_KINDS = (HOUSEHOLD_REGISTRATION, HOUSEHOLD_CHANGE)
REGISTER_KINDS = frozenset((*PERSON_KINDS, *HOUSEHOLD_KINDS))
TELLING = REGISTRATIONS | {CHANGE}
# Values that have a place of their own in ProjectedPerson; every other value of a registration or change is a fact.
_OWN = frozenset(
    {"nama", "nik", "birth", "sex", "ibu", "keluarga", "hubungan", "posyandu", "desa", "hp", "jkn"}
)

_TEXTS = (("nama", "name"), ("nik", "nik"), ("sex", "sex"), ("hubungan", "relation"), ("hp", "phone"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedPerson:
    """A person as the records say. `facts` are JSON values by name; days are numbers; empty text is unknown.

    `registered_at` is the facility that wrote the registration: whoever tells no residence belongs there for now.
    """

    id: int
    name: str = ""
    nik: str = ""
    birth: int | None = None
    sex: str = ""
    household_id: int | None = None
    relation: str = ""
    mother_id: int | None = None
    desa: str = ""
    posyandu: str = ""
    phone: str = ""
    jkn: bool | None = None
    died: int | None = None
    left: int | None = None
    registered_at: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedHousehold:
    """A family as the records say."""

    id: int
    no_kk: str = ""
    alamat: str = ""
    rt: str = ""
    rw: str = ""
    desa: str = ""
    posyandu: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def project_person(person_id: int, records: Iterable[StoredRecord]) -> ProjectedPerson | None:
    """One person from their own effective register records, sorted; None when nothing registers them (any more)."""
    told: dict[str, Any] = {}
    is_registered = False
    facts: dict[str, Any] = {}
    for record in records:
        if record.kind in TELLING:
            if record.kind in REGISTRATIONS and record.id == person_id:
                is_registered = True
                told["registered_at"] = record.facility_code
            _tell(told, record.data)
            _settle(told, record.data)
            facts.update({k: v for k, v in record.data.items() if k not in _OWN and v not in (None, "")})
        elif record.kind == MOVE:
            _move(told, record)
        elif record.kind == NEW_FAMILY:
            _settle(told, record.data)
            told["relation"] = _text(record.data, "hubungan")
        elif record.kind == DEATH:
            told["died"] = min(told.get("died", record.on), record.on)
    return ProjectedPerson(id=person_id, facts=facts, **told) if is_registered else None


def project_household(household_id: int, records: Iterable[StoredRecord]) -> ProjectedHousehold | None:
    """One family from its effective register records, sorted; None when nothing registers it."""
    told: dict[str, Any] = {}
    is_registered = False
    for record in records:
        if record.kind == HOUSEHOLD_REGISTRATION and record.id == household_id:
            is_registered = True
        if record.kind in HOUSEHOLD_KINDS:
            if _text(record.data, "desa") and not _text(record.data, "posyandu"):
                told.pop("posyandu", None)  # another village has other posyandu
            told.update({k: v for k, v in record.data.items() if v not in (None, "")})
    if not is_registered:
        return None
    names = ("no_kk", "alamat", "rt", "rw", "desa", "posyandu")
    own = {name: _text(told, name) for name in names}
    return ProjectedHousehold(id=household_id, facts={k: v for k, v in told.items() if k not in names}, **own)


def survivors(merges: Iterable[StoredRecord]) -> dict[int, int]:
    """Who stands for whom: {absorbed: final survivor} from the effective merge records, in order (day, id).

    A merge that would absorb somebody a second time, or close a circle, changes nothing.
    """
    into: dict[int, int] = {}
    for record in sorted(merges, key=lambda row: (row.on, row.id)):
        absorbed, survivor = person_named(record.data, "orang"), record.person
        if absorbed is None or survivor is None or absorbed in into or _final(into, survivor) == absorbed:
            continue
        into[absorbed] = survivor
    return {absorbed: _final(into, survivor) for absorbed, survivor in into.items()}


def fill_gaps(survivor: ProjectedPerson, absorbed: Sequence[ProjectedPerson]) -> ProjectedPerson:
    """The survivor, with what only the absorbed know; the death of any of them is the death of the one they are."""
    for other in absorbed:
        has_home = survivor.household_id is not None or survivor.desa or survivor.posyandu
        home = survivor if has_home else other
        survivor = replace(
            survivor,
            nik=survivor.nik or other.nik,
            birth=survivor.birth if survivor.birth is not None else other.birth,
            sex=survivor.sex or other.sex,
            household_id=home.household_id,
            relation=survivor.relation or (other.relation if home is other else ""),
            mother_id=survivor.mother_id if survivor.mother_id is not None else other.mother_id,
            desa=home.desa,
            posyandu=home.posyandu,
            phone=survivor.phone or other.phone,
            jkn=survivor.jkn if survivor.jkn is not None else other.jkn,
            died=min((day for day in (survivor.died, other.died) if day is not None), default=None),
            facts={**other.facts, **survivor.facts},
        )
    return survivor


def person_named(data: Mapping[str, Any], name: str) -> int | None:
    """The id of the person (or family) a value names in its text form; None when empty or not an id."""
    value = data.get(name)
    if not value:
        return None
    try:
        return parse_record_id(str(value))
    except ValueError:
        return None


def _tell(told: dict[str, Any], data: Mapping[str, Any]) -> None:
    """What a registration or change says of the person goes into `told`; what it is silent about stays."""
    for name, key in _TEXTS:
        if text := _text(data, name):
            told[key] = text
    birth, jkn, mother = _day(data, "birth"), data.get("jkn"), person_named(data, "ibu")
    if birth is not None:
        told["birth"] = birth
    if mother is not None:
        told["mother_id"] = mother
    if isinstance(jkn, bool):
        told["jkn"] = jkn


def _settle(told: dict[str, Any], data: Mapping[str, Any]) -> None:
    """The residence a record tells: by a family, a village or a posyandu."""
    household, desa, posyandu = person_named(data, "keluarga"), _text(data, "desa"), _text(data, "posyandu")
    if household is not None:
        told["household_id"] = household
    if household is not None or desa:
        told["desa"], told["posyandu"] = desa, posyandu
    elif posyandu:
        told["posyandu"] = posyandu


def _move(told: dict[str, Any], record: StoredRecord) -> None:
    """A move to a village without naming a family leaves the old one: its address no longer holds."""
    if record.data.get("keluar") is True:
        told["left"] = record.on
        return
    _settle(told, record.data)
    if _text(record.data, "desa") and person_named(record.data, "keluarga") is None:
        told["household_id"], told["relation"] = None, ""
    told["left"] = None


def _final(into: Mapping[int, int], person: int) -> int:
    while person in into:
        person = into[person]
    return person


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _day(data: Mapping[str, Any], name: str) -> int | None:
    text = _text(data, name)
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError:
        return None
