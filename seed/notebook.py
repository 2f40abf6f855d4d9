"""Everything one posyandu's device wrote, kept in the order it was written down and numbered only at the end.

A story writes a record on the day of the service; it is entered the same day or, as in life, days or weeks later.
Whoever writes gets an index by which later records may name this one (a person, a family, the record to correct);
`finish` sorts all by day of entry, numbers them 1, 2, 3 ... as a real device does, and turns indexes into ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Ref = int
"""Index of a record in its notebook."""

DEVICE_BITS = 32
_Links = Mapping[str, Ref]
_Seal = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Entry(NamedTuple):
    """One record with its final ids, in the order of `siklus.care.bulk_load.LoadedRecord`."""

    id: int
    kind: str
    person: int | None
    household: int | None
    on: int
    root: int
    is_void: bool
    why: str
    data: str
    by_role: str
    place_kind: str
    facility_code: str
    entered: int


def compact(data: Mapping[str, Any]) -> str:
    """JSON text as the record log keeps it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class Notebook:
    """Records of one device, still without numbers. `last_day` is today: nothing can be entered after it."""

    def __init__(self, device: int, last_day: int, facility_by_place: Mapping[str, str]) -> None:
        self.device = device
        self.last_day = last_day
        self._facility_by_place = facility_by_place
        self._entered: list[int] = []
        self._rows: list[tuple[Any, ...]] = []
        self._keys: list[int] = []

    def __len__(self) -> int:
        return len(self._rows)

    def write(
        self,
        kind: str,
        person: Ref | None,
        on: int,
        data: str = "{}",
        role: str = "",
        place: str = "",
        entered: int = 0,
        household: Ref | None = None,
    ) -> Ref:
        """A service to a person or a family on a day; entered that day unless another is given, never after today."""
        self._entered.append(min(entered, self.last_day) if entered > on else on)
        self._rows.append((kind, person, household, on, None, False, "", data, role, place, None))
        return len(self._rows) - 1

    def register(
        self,
        kind: str,
        on: int,
        data: Mapping[str, Any],
        links: _Links | None = None,
        person: Ref | None = None,
        household: Ref | None = None,
        entered: int = 0,
    ) -> Ref:
        """A register record. `links` are fields of the data that name a person or a family by its own registration.

        Without `person` and `household` the record registers a new one, of which it is itself the identity.
        """
        own = len(self._rows)
        if person is None and household is None:
            if kind == "daftar_keluarga":
                household = own
            else:
                person = own
        self._entered.append(min(max(entered, on), self.last_day))
        self._rows.append((kind, person, household, on, None, False, "", data, "", "", links or {}))
        return own

    def correct(
        self, ref: Ref, data: str | Mapping[str, Any], why: str, entered: int, on: int | None = None
    ) -> Ref:
        """A new record that stands for an earlier one, with other data (and another day, if given)."""
        kind, person, household, day, _, _, _, _, role, place, links = self._rows[ref]
        self._entered.append(min(max(entered, self._entered[ref]), self.last_day))
        self._rows.append(
            (kind, person, household, day if on is None else on, ref, False, why, data, role, place, links)
        )
        return len(self._rows) - 1

    def void(self, ref: Ref, why: str, entered: int) -> Ref:
        """A record that strikes out an earlier one."""
        kind, person, household, day = self._rows[ref][:4]
        self._entered.append(min(max(entered, self._entered[ref]), self.last_day))
        self._rows.append((kind, person, household, day, ref, True, why, "{}", "", "", None))
        return len(self._rows) - 1

    def finish(self, sealed: _Seal = dict) -> Iterator[tuple[Any, ...]]:
        """All records as plain `Entry` tuples in the order of entry, numbered from 1; afterwards `key` knows them.

        `sealed` gives the values of a registration as the log keeps them.
        """
        order = sorted(range(len(self._rows)), key=self._entered.__getitem__)
        keys = [0] * len(order)
        first = self.device << DEVICE_BITS
        for number, index in enumerate(order, 1):
            keys[index] = first | number
        self._keys = keys
        facility = self._facility_by_place
        for index in order:
            kind, person, household, on, root, is_void, why, data, role, place, links = self._rows[index]
            if links is not None and not isinstance(data, str):
                data = compact(sealed({**data, **{name: self._text(ref) for name, ref in links.items()}}))
            yield (
                keys[index],
                kind,
                None if person is None else keys[person],
                None if household is None else keys[household],
                on,
                keys[index] if root is None else keys[root],
                is_void,
                why,
                data,
                role,
                place,
                facility.get(place, ""),
                self._entered[index],
            )

    def person_of(self, ref: Ref) -> Ref:
        """The person a record is about: itself, for a registration."""
        person: Ref | None = self._rows[ref][1]
        return ref if person is None else person

    def key(self, ref: Ref) -> int:
        """The id of a record, once the notebook is finished."""
        return self._keys[ref]

    def _text(self, ref: Ref) -> str:
        key = self._keys[ref]
        return f"{key >> DEVICE_BITS}-{key & (1 << DEVICE_BITS) - 1}"
