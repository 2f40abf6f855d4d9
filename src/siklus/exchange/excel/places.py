"""Names of villages and posyandu as lists write them -> codes of the register, within what the user may see.

Names are compared without "Desa", "Posyandu", punctuation and the choice between II and 2. A name that is still not
there is never guessed: the nearest names are offered, and one tap reads it so in the whole file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from siklus.exchange.excel.columns import ImportRules
from siklus.exchange.excel.words import Finding

KECAMATAN, DESA, POSYANDU = "kecamatan", "desa", "posyandu"
_WORD = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Desa:
    """A village the user may write for."""

    code: str
    name: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class Posyandu:
    """A posyandu the user may write for."""

    code: str
    name: str
    desa_code: str


@dataclass(frozen=True, slots=True)
class Found:
    """Codes of what was named, or the finding (with the level it speaks of)."""

    desa: str = ""
    posyandu: str = ""
    level: str = ""
    finding: Finding | None = None


@dataclass
class PlaceBook:
    """The villages and posyandu of one scope, looked up by name. `area` is the scope's name for the sentences."""

    area: str
    desas: tuple[Desa, ...]
    posyandus: tuple[Posyandu, ...]
    rules: ImportRules
    _desa_by_name: dict[str, list[Desa]] = field(init=False)
    _posyandu_by_name: dict[str, list[Posyandu]] = field(init=False)
    _name_by_desa: dict[str, str] = field(init=False)
    _kecamatans: set[str] = field(init=False)
    _found: dict[tuple[str, str, str], Found] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._desa_by_name, self._posyandu_by_name = defaultdict(list), defaultdict(list)
        for desa in self.desas:
            self._desa_by_name[self.fold(desa.name)].append(desa)
        self._name_by_desa = {desa.code: desa.name for desa in self.desas}
        self._kecamatans = {self.fold(name) for name in {desa.kecamatan for desa in self.desas}}
        for posyandu in self.posyandus:
            for name in dict.fromkeys((self.fold(posyandu.name), self._short(posyandu))):
                self._posyandu_by_name[name].append(posyandu)

    def fold(self, name: str) -> str:
        """A place name without its kind, punctuation, capitals and Roman numbers."""
        words = self._words(name)
        roman = self.rules.roman
        numbered = [str(roman[word]) if at and word in roman else word for at, word in enumerate(words)]
        return "".join(word.lstrip("0") or "0" if word.isdigit() else word for word in numbered)

    def _words(self, name: str) -> list[str]:
        words = _WORD.findall(name.casefold())
        for prefix in self.rules.place_prefixes:
            parts = prefix.split()
            if words[: len(parts)] == parts and len(words) > len(parts):
                words = words[len(parts) :]
                break
        return [word for word in words if word not in self.rules.place_noise] or words

    def _short(self, posyandu: Posyandu) -> str:
        """The name without that of its village: lists write "Melati" for "Posyandu Melati Cawang Lama"."""
        words, village = self._words(posyandu.name), self._words(self.desa_name(posyandu.desa_code))
        rest = words[: -len(village)] if words[-len(village) :] == village else words
        return self.fold(" ".join(rest or words))

    def find(self, *, kecamatan: str = "", desa: str = "", posyandu: str = "") -> Found:
        """The village and posyandu of these names."""
        key = (kecamatan, desa, posyandu)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def desa_name(self, code: str) -> str:
        """The name of a village of this scope; its code where it is outside."""
        return self._name_by_desa.get(code, code)

    def _find(self, kecamatan: str, desa: str, posyandu: str) -> Found:
        if not desa and not posyandu:
            return Found(level=DESA, finding=Finding("desa_missing"))
        village: Desa | None = None
        if desa:
            found = self._village(kecamatan, desa)
            if isinstance(found, Finding):
                return Found(level=DESA, finding=found)
            village = found
        if not posyandu:
            assert village is not None
            return Found(village.code)
        return self._posyandu(posyandu, village)

    def _village(self, kecamatan: str, desa: str) -> Desa | Finding:
        named = self._desa_by_name.get(self.fold(desa), [])
        if kecamatan:
            wanted = self.fold(kecamatan)
            within = [one for one in named if self.fold(one.kecamatan) == wanted]
            # A misspelt kecamatan must not refuse the only village of that name; another known one must.
            named = within if within or wanted in self._kecamatans else named
        if len(named) == 1:
            return named[0]
        if named:
            return Finding(
                "desa_double", {"near": ", ".join(f"{one.name}, {one.kecamatan}" for one in named)}
            )
        near = self._nearest(desa, [one.name for one in self.desas])
        if not near:
            return Finding("desa_unknown_far", {"area": self.area})
        return Finding("desa_unknown", {"area": self.area, "near": ", ".join(near)}, near[0])

    def _posyandu(self, posyandu: str, village: Desa | None) -> Found:
        named = self._posyandu_by_name.get(self.fold(posyandu), [])
        here = [one for one in named if village is None or one.desa_code == village.code]
        if len(here) == 1:
            return Found(here[0].desa_code, here[0].code)
        if here or (named and village is None):
            near = ", ".join(f"{one.name}, {self.desa_name(one.desa_code)}" for one in named)
            return Found(level=POSYANDU, finding=Finding("posyandu_double", {"near": near}))
        if named:
            near = ", ".join(dict.fromkeys(self.desa_name(one.desa_code) for one in named))
            return Found(level=POSYANDU, finding=Finding("posyandu_elsewhere", {"near": near}))
        area = village.name if village else self.area
        pool = [one for one in self.posyandus if village is None or one.desa_code == village.code]
        near_names = self._nearest(posyandu, [one.name for one in pool])
        if not near_names:
            return Found(level=POSYANDU, finding=Finding("posyandu_unknown_far", {"area": area}))
        values = {"area": area, "near": ", ".join(near_names)}
        return Found(level=POSYANDU, finding=Finding("posyandu_unknown", values, near_names[0]))

    def _nearest(self, name: str, names: Iterable[str]) -> list[str]:
        wanted = self.fold(name)
        scored = sorted(
            ((SequenceMatcher(None, wanted, self.fold(other)).ratio(), other) for other in set(names)),
            key=lambda pair: (-pair[0], pair[1]),
        )
        return [
            other
            for score, other in scored[: self.rules.place_suggestions]
            if score >= self.rules.place_floor
        ]
