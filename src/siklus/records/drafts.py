"""A record before and after it is accepted: the draft somebody hands in, the row kept, the outcome of each draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from siklus.kernel.problems import Problem

ACCEPTED, ALREADY, REFUSED = "accepted", "already", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """What a writer hands in. `data` holds JSON as on the wire: codes as text, decimals as numbers, dates as ISO text.

    `person` and `household` are ids, or `"@name"` for the one registered by an earlier draft of the same batch whose
    `ref` is that name; so may `keluarga`, `ibu` and `orang` in `data`. A registration has neither.
    `root` names the record that this one corrects, or voids when `is_void`; then `why` is required.
    """

    kind: str
    on: int
    data: Mapping[str, Any] = field(default_factory=dict)
    person: int | str | None = None
    household: int | str | None = None
    ref: str = ""
    by_role: str = ""
    place_kind: str = ""
    facility_code: str = ""
    id: int | None = None
    root: int | None = None
    is_void: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A row of the record log. `root` is the record's own id unless it corrects or voids another one."""

    id: int
    seq: int
    kind: str
    person: int | None
    household: int | None
    on: int
    root: int
    is_void: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    by_role: str = ""
    place_kind: str = ""
    facility_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one draft. `odd` are values that were kept but should be looked at again.

    `already` means that this very record (same id, same content) was kept before: sending twice does no harm.
    Of what is kept `seq` is its place in the log, `kind` and `root` are those of its row.
    """

    index: int
    status: str
    key: int | None = None
    seq: int | None = None
    kind: str = ""
    root: int | None = None
    person_id: int | None = None
    household_id: int | None = None
    problems: tuple[Problem, ...] = ()
    odd: tuple[Problem, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """True when the record is in the log, now or since before."""
        return self.status != REFUSED

    def at(self, seq: int) -> Outcome:
        """The same, now that its place in the log is known."""
        return Outcome(
            index=self.index, status=self.status, key=self.key, seq=seq, kind=self.kind, root=self.root,
            person_id=self.person_id, household_id=self.household_id, problems=self.problems, odd=self.odd,
        )  # fmt: skip


def touched_persons(outcomes: Iterable[Outcome]) -> list[int]:
    """The persons of newly accepted records, each once, in order of first appearance."""
    persons = (o.person_id for o in outcomes if o.status == ACCEPTED and o.person_id is not None)
    return list(dict.fromkeys(persons))


def newcomers(outcomes: Iterable[Outcome]) -> list[int]:
    """Whom newly accepted records registered: a person bears the id of that record. Doubles of them are looked for."""
    return [o.key for o in outcomes if o.status == ACCEPTED and o.key is not None and o.key == o.person_id]
