"""Is the person of this row already known? By NIK; else by name, birth date and mother or family card, with a score.

Only two things are taken without asking: the same NIK with a likely name or birth date, and the same name, birth date
and family. What lies between is doubtful and waits for a person; the points stand in
`knowledge/exchange/import.yaml`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from siklus.exchange.excel.columns import ImportRules
from siklus.exchange.excel.words import Finding
from siklus.kernel import dates
from siklus.records.names import name_key
from siklus.records.words import shown_day

NEW, MATCH, CONFLICT = "new", "match", "conflict"
_MOST_CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one person from another. `families` are name keys of parents; `id` below 0 is a row of the file."""

    id: int
    name: str
    key: str
    nik: str = ""
    birth: int | None = None
    sex: str = ""
    families: tuple[str, ...] = ()
    no_kk: str = ""

    @property
    def row(self) -> int | None:
        """The row of the file, where this is one."""
        return -self.id if self.id < 0 else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the same person; `reasons` are tokens of REASONS, as in `name:87,birth_same`."""

    id: int
    score: int
    reasons: str
    name: str = ""
    birth: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The answer: new, match (with whom) or conflict (why, and who may be meant)."""

    verdict: str
    id: int | None = None
    score: int | None = None
    finding: Finding | None = None
    candidates: tuple[Candidate, ...] = ()
    may_be_same: bool = True


@dataclass
class People:
    """Everybody who could be meant: the persons in scope, the NIKs in use elsewhere, and earlier rows of the file."""

    rules: ImportRules
    niks_elsewhere: frozenset[str] = frozenset()
    _by_nik: dict[str, list[Identity]] = field(default_factory=lambda: defaultdict(list))
    _by_birth: dict[int, list[Identity]] = field(default_factory=lambda: defaultdict(list))
    _by_key: dict[str, list[Identity]] = field(default_factory=lambda: defaultdict(list))

    def add(self, identity: Identity) -> None:
        """Make somebody findable. The same id may be added again with more that is known of it."""
        if identity.nik:
            self._by_nik[identity.nik].append(identity)
        if identity.birth is not None:
            self._by_birth[identity.birth].append(identity)
            self._by_key[identity.key].append(identity)

    def has_nik(self, nik: str) -> bool:
        """True when the NIK is somebody's, here or elsewhere."""
        return nik in self._by_nik or nik in self.niks_elsewhere

    def recognise(self, wanted: Identity) -> Recognised:
        """Who the wanted person is, as far as can be told."""
        same_nik = self._by_nik.get(wanted.nik, []) if wanted.nik else []
        if same_nik:
            return self._by_number(wanted, same_nik)
        if wanted.nik in self.niks_elsewhere:
            return Recognised(CONFLICT, finding=Finding("nik_outside"), may_be_same=False)
        return self._by_likeness(wanted)

    def _by_number(self, wanted: Identity, known: list[Identity]) -> Recognised:
        if len(known) == 1 and known[0].birth == wanted.birth:
            return Recognised(MATCH, known[0].id, 100)
        scored = _ranked(self._score(wanted, one) for one in known)
        if len(scored) > 1:
            return _several(scored)
        best = scored[0]
        one = next(item for item in known if item.id == best.id)
        if one.birth == wanted.birth or likeness(wanted.key, one.key) >= self.rules.nik_name_floor:
            return Recognised(MATCH, best.id, 100)
        finding = (
            Finding("same_nik_in_file", {"row": str(one.row)})
            if one.row is not None
            else Finding("same_nik_other_person", {"known": _who(one.name, one.birth)})
        )
        return Recognised(CONFLICT, finding=finding, score=best.score, candidates=(best,))

    def _by_likeness(self, wanted: Identity) -> Recognised:
        if wanted.birth is None:
            return Recognised(NEW)
        near = [one for one in self._by_key.get(wanted.key, ()) if is_near(one.birth, wanted.birth)]
        pool = (*self._by_birth.get(wanted.birth, ()), *near)
        ranked = _ranked(self._score(wanted, one) for one in _likely(wanted.key, pool, self.rules.name_floor))
        ranked = [candidate for candidate in ranked if candidate.score >= self.rules.doubtful]
        if not ranked:
            return Recognised(NEW)
        best = ranked[0]
        certain = [one for one in ranked if one.score >= self.rules.match and "name:" not in one.reasons]
        if len(certain) == 1:
            return Recognised(MATCH, best.id, best.score)
        if len(certain) > 1:
            return _several(certain)
        values = {"score": str(best.score), "reasons": best.reasons}
        finding = (
            Finding("maybe_same_in_file", {"row": str(-best.id), **values})
            if best.id < 0
            else Finding("maybe_same", {"known": _who(best.name, best.birth), **values})
        )
        return Recognised(
            CONFLICT, finding=finding, score=best.score, candidates=tuple(ranked[:_MOST_CANDIDATES])
        )

    def _score(self, wanted: Identity, one: Identity) -> Candidate:
        points = self.rules.points
        alike = likeness(wanted.key, one.key)
        score = points["name"] * alike
        reasons = ["name_same" if wanted.key == one.key else f"name:{round(alike * 100)}"]
        if wanted.birth is not None and wanted.birth == one.birth:
            score += points["birth"]
            reasons.append("birth_same")
        elif is_near(wanted.birth, one.birth):
            score += points["birth_near"]
            reasons.append("birth_near")
        family = self._family(wanted, one)
        if family is None:
            reasons.append("family_unknown")
        else:
            score += family[0]
            reasons.append(family[1])
        if wanted.sex and one.sex and wanted.sex != one.sex:
            score += points["sex_differs"]
            reasons.append("sex_differs")
        if wanted.nik and one.nik and wanted.nik != one.nik:
            score += points["nik_differs"]
            reasons.append("nik_differs")
        return Candidate(one.id, max(0, round(score)), ",".join(reasons), one.name, one.birth)

    def _family(self, wanted: Identity, one: Identity) -> tuple[float, str] | None:
        """(points, reason); None when one side says nothing of the family."""
        points = self.rules.points
        if wanted.no_kk and wanted.no_kk == one.no_kk:
            return points["family"], "household_same"
        alike = max((likeness(a, b) for a in wanted.families for b in one.families), default=None)
        if alike is None:
            return (0.0, "household_differs") if wanted.no_kk and one.no_kk else None
        if alike >= self.rules.family_floor:
            return points["family"] * alike, "mother_same"
        return points["mother_differs"], "mother_differs"


def identity_of(
    key: int, name: str, *, nik: str = "", birth: int | None = None, sex: str = "",
    families: Iterable[str] = (), no_kk: str = "",
) -> Identity:  # fmt: skip
    """An identity with the keys of its names, for a row of a file: persons of the register have theirs."""
    keys = tuple(dict.fromkeys(folded for family in families if (folded := folded_name(family))))
    return Identity(
        id=key, name=name, key=folded_name(name), nik=nik, birth=birth, sex=sex, families=keys, no_kk=no_kk
    )


@lru_cache(maxsize=100_000)
def folded_name(name: str) -> str:
    """The key of a name; a file and the register say most names several times."""
    return name_key(name)


def _likely(key: str, pool: Iterable[Identity], floor: float) -> list[Identity]:
    """Those of the pool whose name is alike enough; `likeness` for many of whom few are."""
    pairs = _pairs(key)
    return [
        one
        for one in pool
        if one.key == key
        and key
        or pairs
        and 2 * len(pairs & (other := _pairs(one.key))) >= floor * (len(pairs) + len(other))
    ]


def likeness(one: str, other: str) -> float:
    """How alike two name keys are, 0 to 1: Dice's coefficient of their letter pairs, word by word, in any order."""
    if one == other:
        return 1.0 if one else 0.0
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def is_near(one: int | None, other: int | None) -> bool:
    """Dates that differ as slips of the pen do: one of day, month, year; or day and month exchanged."""
    if one is None or other is None or one == other:
        return one is not None and one == other
    a, b = dates.date_of(one), dates.date_of(other)
    agree = (a.day == b.day) + (a.month == b.month) + (a.year == b.year)
    return agree >= 2 or (a.year == b.year and (a.day, a.month) == (b.month, b.day))


@lru_cache(maxsize=200_000)
def _pairs(key: str) -> frozenset[str]:
    return frozenset(f" {word} "[at : at + 2] for word in key.split() for at in range(len(word) + 1))


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Best first, each person once with the best score; earlier ids first among equals."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        if candidate.id not in best or candidate.score > best[candidate.id].score:
            best[candidate.id] = candidate
    return sorted(best.values(), key=lambda one: (-one.score, abs(one.id)))


def _several(candidates: list[Candidate]) -> Recognised:
    who = "; ".join(_who(one.name, one.birth) for one in candidates[:_MOST_CANDIDATES])
    finding = Finding("several", {"count": str(len(candidates)), "known": who})
    best = tuple(candidates[:_MOST_CANDIDATES])
    return Recognised(CONFLICT, finding=finding, score=best[0].score, candidates=best)


def _who(name: str, birth: int | None) -> str:
    return name if birth is None else f"{name} ({shown_day(birth)})"
