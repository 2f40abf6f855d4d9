"""The known answers: whom the stories served, told by the stories themselves and never read back from the records.

For every indicator the account knows, by village, who is in the denominator, who got everything and of whom a fact is
missing; for a few needs it knows how they must stand on the last day for the persons it is sure about.
People who died or left are kept apart (`gone`), so that a reader may decide what to do with them.
"""

from __future__ import annotations

import gzip
import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMPLETE, LACKING, UNCLEAR = "complete", "lacking", "unclear"
DONE, OWED, WAITING, REFUSED = "done", "owed", "not_yet", "refused"
"""How a need stands; `owed` is due or overdue."""
_STATUSES = (DONE, OWED, WAITING, REFUSED)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of an indicator: a person or an episode. `ref` is a place in a notebook until it becomes an id."""

    ref: int
    desa_code: str
    verdict: str
    is_gone: bool


class Account:
    """What one neighbourhood's stories say of themselves."""

    def __init__(self) -> None:
        self.units: dict[str, list[Unit]] = {}
        self.needs: dict[str, list[tuple[int, str]]] = {}

    def count(self, indicator: str, ref: int, desa_code: str, verdict: str, is_gone: bool = False) -> None:
        """This unit belongs to the indicator this year, and this is how it ended."""
        self.units.setdefault(indicator, []).append(Unit(ref, desa_code, verdict, is_gone))

    def expect(self, need: str, ref: int, status: str) -> None:
        """On the last day the need of this person or episode stands so."""
        self.needs.setdefault(need, []).append((ref, status))


def _ids(keys: Iterable[int] = ()) -> array[int]:
    """Ids as the machine keeps numbers: a district holds a million of them while the engines need the memory."""
    return array("q", keys)


@dataclass(slots=True)
class Tally:
    """One indicator in one village: ids of the units registered, complete and unclear, and of those who are gone."""

    registered: array[int] = field(default_factory=_ids)
    complete: array[int] = field(default_factory=_ids)
    unclear: array[int] = field(default_factory=_ids)
    gone: array[int] = field(default_factory=_ids)


@dataclass(slots=True)
class Standing:
    """How one need stands for whom: pairs of id and status, kept side by side."""

    keys: array[int] = field(default_factory=_ids)
    words: bytearray = field(default_factory=bytearray)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((key, _STATUSES[word]) for key, word in zip(self.keys, self.words, strict=True))

    def __len__(self) -> int:
        return len(self.keys)

    def extend(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Adds pairs at the end."""
        for key, status in pairs:
            self.keys.append(key)
            self.words.append(_STATUSES.index(status))


@dataclass(slots=True)
class KnownAnswers:
    """The account of a whole seed. `tallies` by indicator and village; `needs` by need: (unit id, status)."""

    scale: str
    seed: int
    on: int
    year: int
    people: int = 0
    records: int = 0
    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    needs: dict[str, Standing] = field(default_factory=dict)

    def add(self, account: Account, key: Callable[[int], int]) -> None:
        """Takes over one neighbourhood's account, its references turned into ids."""
        for indicator, units in account.units.items():
            villages = self.tallies.setdefault(indicator, {})
            for unit in units:
                _enter(villages.setdefault(unit.desa_code, Tally()), unit, key(unit.ref))
        for need, entries in account.needs.items():
            self.needs.setdefault(need, Standing()).extend((key(ref), status) for ref, status in entries)

    def registered(self, indicator: str) -> set[int]:
        """Units in the denominator, of those who live here."""
        return {unit for tally in self.tallies.get(indicator, {}).values() for unit in tally.registered}

    def complete(self, indicator: str) -> set[int]:
        """Units that got everything."""
        return {unit for tally in self.tallies.get(indicator, {}).values() for unit in tally.complete}

    def unclear(self, indicator: str) -> set[int]:
        """Units of which it cannot be said whether they belong."""
        return {unit for tally in self.tallies.get(indicator, {}).values() for unit in tally.unclear}

    def gone(self, indicator: str) -> set[int]:
        """Units of people who died or moved out of the district."""
        return {unit for tally in self.tallies.get(indicator, {}).values() for unit in tally.gone}

    def coverage(self) -> dict[str, tuple[int, int]]:
        """(registered, complete) of every indicator."""
        return {name: (len(self.registered(name)), len(self.complete(name))) for name in sorted(self.tallies)}

    def save(self, path: Path) -> None:
        """Writes everything as compressed JSON, the same bytes for the same account."""
        document = {
            "scale": self.scale, "seed": self.seed, "on": self.on, "year": self.year,
            "people": self.people, "records": self.records,
            "indicators": {
                indicator: {
                    desa: list(map(list, (tally.registered, tally.complete, tally.unclear, tally.gone)))
                    for desa, tally in sorted(villages.items())
                }
                for indicator, villages in sorted(self.tallies.items())
            },
            "needs": {need: list(standing) for need, standing in sorted(self.needs.items())},
        }  # fmt: skip
        text = json.dumps(document, separators=(",", ":"))
        with path.open("wb") as file:
            file.write(gzip.compress(text.encode(), mtime=0))


def load_known_answers(path: Path) -> KnownAnswers:
    """An account saved earlier."""
    document: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    indicators = document.pop("indicators")
    needs: dict[str, Standing] = {}
    for need, pairs in document.pop("needs").items():
        needs.setdefault(need, Standing()).extend((key, status) for key, status in pairs)
    tallies = {
        indicator: {desa: Tally(*map(_ids, lists)) for desa, lists in villages.items()}
        for indicator, villages in indicators.items()
    }
    return KnownAnswers(**document, tallies=tallies, needs=needs)


def merge(accounts: Iterable[KnownAnswers], into: KnownAnswers) -> None:
    """Adds the answers of several parts (whose units are all different) to one."""
    for part in accounts:
        into.people += part.people
        into.records += part.records
        for indicator, villages in part.tallies.items():
            for desa, tally in villages.items():
                whole = into.tallies.setdefault(indicator, {}).setdefault(desa, Tally())
                whole.registered += tally.registered
                whole.complete += tally.complete
                whole.unclear += tally.unclear
                whole.gone += tally.gone
        for need, entries in part.needs.items():
            into.needs.setdefault(need, Standing()).extend(entries)


def _enter(tally: Tally, unit: Unit, key: int) -> None:
    if unit.is_gone:
        tally.gone.append(key)
    elif unit.verdict == UNCLEAR:
        tally.unclear.append(key)
    else:
        tally.registered.append(key)
        if unit.verdict == COMPLETE:
            tally.complete.append(key)
