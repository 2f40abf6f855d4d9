"""What a row writes: the records of somebody new, or what is still missing of somebody known. Nothing is overwritten.

A plan is a list of drafts as JSON objects: `kind`, `on`, `data`, and who they are about: an id, or `@r12` for the
person of row 12 and `@k<No. KK>` for a family registered in the same import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from siklus.exchange.excel.columns import Layout
from siklus.exchange.excel.matching import folded_name
from siklus.exchange.excel.places import Found, PlaceBook
from siklus.exchange.excel.rows import At, Measured, RowDraft
from siklus.exchange.excel.words import Finding
from siklus.kernel.dates import iso, parse_day
from siklus.kernel.ids import format_record_id
from siklus.records.values import to_engine, to_wire
from siklus.records.words import number, shown_day
from siklus.rules.vocabulary import Vocabulary

Plan = list[dict[str, Any]]
Remarks = list[At]
CHANGE, NEW_FAMILY = "ubah_orang", "ganti_keluarga"
_FAMILY_FACTS = ("alamat", "rt", "rw")
_FAMILY_KEY = "no_kk"
COMPLETED = "dilengkapi dari berkas impor"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody of the register, as far as a list may say the same or something else. `facts` are by vocabulary name."""

    id: int
    name: str
    nik: str
    birth: int | None
    facts: Mapping[str, Any]
    household_id: int | None
    desa: str
    posyandu: str
    died: int | None
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHousehold:
    """A family of the register; `is_here` when it lives in the area of the import."""

    id: int
    no_kk: str
    desa: str
    is_here: bool


@dataclass
class Planner:
    """Makes the plans of one file; remembers what earlier rows will already write."""

    layout: Layout
    vocabulary: Vocabulary
    persons: Mapping[int, KnownPerson]
    households: Mapping[str, KnownHousehold]
    records: Mapping[int, Sequence[Mapping[str, Any]]]
    places: PlaceBook
    today: int
    _planned: dict[tuple[int, str, int], dict[str, Any]] = field(default_factory=dict)
    _filled: set[tuple[int, str]] = field(default_factory=set)

    def register(self, draft: RowDraft, found: Found) -> tuple[Plan, Remarks]:
        """The registration of somebody new with their family and measurements."""
        data = dict(draft.person)
        plan, family = self._family(draft, found)
        if family is None:
            data.update({name: value for name in _FAMILY_FACTS if (value := draft.household.get(name))})
            data.update(_home(found))
        else:
            data["keluarga"] = family
        ref = f"r{draft.number}"
        plan.append({"kind": self.layout.registers, "on": self.today, "data": data, "ref": ref})
        records, remarks = self._measurements(draft.measured, -draft.number, f"@{ref}")
        return plan + records, remarks

    def follow(self, draft: RowDraft, first: int) -> tuple[Plan, Remarks]:
        """Another row of somebody an earlier row registers: only its measurements."""
        return self._measurements(draft.measured, -first, f"@r{first}")

    def complete(self, draft: RowDraft, found: Found, person: int) -> tuple[Plan, Remarks]:
        """What the register lacks of somebody known."""
        plan, remarks = self._facts(draft, found, self.persons[person])
        records, more = self._measurements(draft.measured, person, person)
        plan, remarks = plan + records, remarks + more
        if not plan:
            remarks.append(At("", "", Finding("nothing_new")))
        return plan, remarks

    def _family(self, draft: RowDraft, found: Found) -> tuple[Plan, str | None]:
        """The record of a new family, and the id or reference of the family of this row; None without a card number."""
        no_kk = draft.household.get(_FAMILY_KEY)
        if not no_kk or not self.layout.household:
            return [], None
        known = self.households.get(no_kk)
        if known is not None:
            return [], format_record_id(known.id)
        ref = f"k{no_kk}"
        data = {**draft.household, **_home(found)}
        return [{"kind": self.layout.household, "on": self.today, "data": data, "ref": ref}], f"@{ref}"

    def _facts(self, draft: RowDraft, found: Found, known: KnownPerson) -> tuple[Plan, Remarks]:
        lacking: dict[str, Any] = {}
        remarks: Remarks = []
        for name, value in draft.person.items():
            self._compare(name, value, known, lacking, remarks)
        home = _home(found)
        plan: Plan = []
        if (
            known.household_id is None
            and draft.household.get(_FAMILY_KEY)
            and self._is_first(known, "keluarga")
        ):
            plan, family = self._family(draft, found)
            relation = {key: lacking.pop(key) for key in ("hubungan",) if key in lacking}
            moved = {"keluarga": family, **relation}
            plan.append({"kind": NEW_FAMILY, "on": self.today, "data": moved, "person": known.id})
        elif known.desa and home["desa"] != known.desa:
            told = {"known": self.places.desa_name(known.desa), "found": self.places.desa_name(home["desa"])}
            remarks.append(At("", "", Finding("lives_elsewhere", told)))
        elif not known.posyandu and "posyandu" in home and self._is_first(known, "posyandu"):
            lacking |= home
        if lacking:
            plan.append({"kind": CHANGE, "on": self.today, "data": lacking, "person": known.id})
            names = ", ".join(self._label(name) for name in lacking)
            remarks.append(At("", "", Finding("fact_filled", {"found": names})))
        state = "meninggal" if known.died is not None else "pindah" if known.left is not None else ""
        if state:
            remarks.append(At("", "", Finding("died_or_left", {"known": state})))
        return plan, remarks

    def _compare(
        self, name: str, value: Any, known: KnownPerson, lacking: dict[str, Any], remarks: Remarks
    ) -> None:
        """One fact of the row beside that of the register: filled where empty, remarked where other."""
        if name not in self.vocabulary.kinds[CHANGE].fields:
            return
        told = known.facts.get(name)
        if told in (None, ""):
            if self._is_first(known, name):
                lacking[name] = value
            return
        is_name = name.startswith("nama")
        is_same = told == value or (is_name and folded_name(str(told)) == folded_name(str(value)))
        if not is_same:
            values = {
                "field": self._label(name),
                "known": self._shown(name, told),
                "found": self._shown(name, value),
            }
            remarks.append(At("", "", Finding("fact_differs", values)))

    def _is_first(self, known: KnownPerson, name: str) -> bool:
        """True for the first row that would fill this; the rows after it need not."""
        is_first = (known.id, name) not in self._filled
        self._filled.add((known.id, name))
        return is_first

    def _measurements(self, measured: Sequence[Measured], who: int, about: int | str) -> tuple[Plan, Remarks]:
        """Service records not there yet. A record of that day is completed where it is silent, never changed."""
        plan: Plan = []
        remarks: Remarks = []
        for one in measured:
            entry = self._entry(one, who, about)
            kept = entry["data"]
            lacking = {name: value for name, value in one.data.items() if kept.get(name) is None}
            other = [name for name in one.data if name not in lacking and self._differs(one, name, kept)]
            known = self.persons.get(who)
            if known is not None and known.died is not None and one.on > known.died:
                remarks.append(At("", "", Finding("after_death", self._day(one))))
            elif other:
                label = self.vocabulary.kinds[one.kind].fields[other[0]].label.lower()
                values = {
                    "field": label,
                    "known": _plain(kept[other[0]]),
                    "found": _plain(one.data[other[0]]),
                }
                remarks.append(At("", "", Finding("recorded_otherwise", {**self._day(one), **values})))
            elif not lacking:
                remarks.append(At("", "", Finding("already_recorded", self._day(one))))
            else:
                kept.update(lacking)
                if (who, one.kind, one.on) not in self._planned:
                    self._planned[who, one.kind, one.on] = entry
                    plan.append(entry)
        return plan, remarks

    def _day(self, one: Measured) -> dict[str, str]:
        return {"kind": self.vocabulary.kinds[one.kind].title, "date": shown_day(one.on)}

    def _entry(self, one: Measured, who: int, about: int | str) -> dict[str, Any]:
        """What stands of this kind on this day: planned by an earlier row, in the log (to be completed), nothing."""
        planned = self._planned.get((who, one.kind, one.on))
        if planned is not None:
            return planned
        entry: dict[str, Any] = {"kind": one.kind, "on": one.on, "data": {}, "person": about}
        fields = self.vocabulary.kinds[one.kind].fields
        for record in self.records.get(who, ()):
            if record["kind"] == one.kind and record["date"] == one.on:
                told = {
                    name: to_wire(fields[name], record[name])
                    for name in fields
                    if record.get(name) is not None
                }
                entry["root"], entry["why"] = record["id"], COMPLETED
                entry["oleh"], entry["tempat"] = told.pop("oleh", ""), told.pop("tempat", "")
                told.pop("date", None)
                entry["data"] |= told
        return entry

    def _differs(self, one: Measured, name: str, kept: Mapping[str, Any]) -> bool:
        """True where something else is written, through the engine's eyes: 8.2 and 8.20 are one value."""
        spec = self.vocabulary.kinds[one.kind].fields[name]
        return bool(to_engine(spec, kept[name]) != to_engine(spec, one.data[name]))

    def _label(self, name: str) -> str:
        spec = self.vocabulary.kinds[CHANGE].fields.get(name)
        return (spec.label.partition("(")[0].strip() or name) if spec else name

    def _shown(self, name: str, value: Any) -> str:
        spec = self.vocabulary.kinds[CHANGE].fields[name]
        if spec.type == "date":
            return shown_day(parse_day(value))
        if spec.codes is not None:
            return self.vocabulary.codes[spec.codes][value].label
        return _plain(value)


def person_facts(
    *, name: str, nik: str, birth: int | None, sex: str, relation: str, phone: str, jkn: bool | None,
    facts: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The register's columns of a person by the names the vocabulary has for them, as JSON values."""
    return {
        **facts, "nama": name, "nik": nik, "birth": None if birth is None else iso(birth), "sex": sex,
        "hubungan": relation, "hp": phone, "jkn": jkn,
    }  # fmt: skip


def _home(found: Found) -> dict[str, str]:
    return {"desa": found.desa, **({"posyandu": found.posyandu} if found.posyandu else {})}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return number(value) if isinstance(value, int | float) else str(value)
