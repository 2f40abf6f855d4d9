"""The verdict on each row, and the records it will write: new, match, conflict (waits for a person), reject, skip.

First who each row means, in the order of the file, so that later rows may be the person of an earlier one; then, for
those already known, what the register lacks. What the register already says is never overwritten, only remarked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siklus.exchange.excel.columns import ImportRules, Layout
from siklus.exchange.excel.matching import (
    CONFLICT,
    MATCH,
    NEW,
    Candidate,
    Identity,
    People,
    Recognised,
    identity_of,
)
from siklus.exchange.excel.places import Found, PlaceBook
from siklus.exchange.excel.plans import KnownHousehold, KnownPerson, Planner
from siklus.exchange.excel.rows import At, RowDraft
from siklus.exchange.excel.words import Finding
from siklus.rules.vocabulary import Vocabulary

REJECT, SKIP = "reject", "skip"
VERDICTS = (NEW, MATCH, CONFLICT, REJECT, SKIP)
SAME, AS_NEW = "same", "new"
Records = Mapping[int, Sequence[Mapping[str, Any]]]
RecordsOf = Callable[[Iterable[int], Sequence[str], tuple[int, int]], Records]
PersonsOf = Callable[[Iterable[int]], Mapping[int, KnownPerson]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said of a doubtful row: `same` as whom (a person's id, or minus a row of the file), `new` or `skip`."""

    choice: str
    who: int | None = None


@dataclass(frozen=True, kw_only=True)
class Around:
    """What rows are judged against. `fingerprints` are rows imported before, with the person they became.

    `persons` are those that fingerprints and decisions name; the others are asked for when it is known who is meant.
    """

    layout: Layout
    vocabulary: Vocabulary
    rules: ImportRules
    places: PlaceBook
    people: People
    persons: Mapping[int, KnownPerson]
    households: Mapping[str, KnownHousehold]
    persons_of: PersonsOf
    records_of: RecordsOf
    today: int
    fingerprints: Mapping[str, int] = field(default_factory=dict)
    decisions: Mapping[int, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. `person` is the known person, `follows` the earlier row that is the same one."""

    draft: RowDraft
    verdict: str
    found: Found
    person: int | None = None
    follows: int | None = None
    score: int | None = None
    faults: tuple[At, ...] = ()
    remarks: tuple[At, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    may_be_same: bool = True
    plan: tuple[dict[str, Any], ...] = ()


def judge_all(drafts: Iterable[RowDraft], around: Around) -> list[Judged]:
    """All rows with their verdicts and plans, in the order of the file."""
    recognised = _Recogniser(around)
    judged = [recognised.judge(draft) for draft in drafts]
    known = {row.person for row in judged if row.verdict == MATCH and row.person is not None}
    planner = Planner(
        layout=around.layout, vocabulary=around.vocabulary, persons=around.persons_of(known),
        households=around.households, records=_records(judged, around), places=around.places, today=around.today,
    )  # fmt: skip
    return [_planned(row, planner) for row in judged]


def _records(judged: Iterable[Judged], around: Around) -> Records:
    """What the log says of those already known, of the kinds and days the rows speak of: the rest of a life is long."""
    known = [row for row in judged if row.verdict == MATCH and row.person is not None]
    days = [one.on for row in known for one in row.draft.measured]
    persons = {row.person for row in known if row.person is not None}
    return around.records_of(persons, around.layout.kinds, (min(days), max(days))) if days else {}


class _Recogniser:
    """Goes through the rows once; remembers each as somebody later rows may mean."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.verdict_of: dict[int, str] = {}

    def judge(self, draft: RowDraft) -> Judged:
        found = self.around.places.find(
            kecamatan=draft.place.get("kecamatan", ""),
            desa=draft.place.get("desa", ""),
            posyandu=draft.place.get("posyandu", ""),
        )
        faults = (*draft.faults, *self._place_faults(draft, found))
        if faults:
            return self._keep(Judged(draft, REJECT, found, faults=faults, remarks=draft.remarks))
        decision = self._decision(draft)
        if decision is not None and decision.choice == SKIP:
            self.around.people.add(self._wanted(draft))
            return self._keep(Judged(draft, SKIP, found, remarks=draft.remarks))
        if decision is not None and decision.choice == AS_NEW:
            draft = self._without_taken_nik(draft)
        wanted = self._wanted(draft)
        seen = self._decided(decision, wanted) if decision else self._recognise(draft, wanted)
        return self._keep(self._as_judged(draft, found, wanted, seen))

    def _recognise(self, draft: RowDraft, wanted: Identity) -> Recognised:
        before = self.around.fingerprints.get(draft.fingerprint)
        if before is not None and not (
            wanted.nik and self.around.persons[before].nik not in ("", wanted.nik)
        ):
            return Recognised(MATCH, before, 100)
        no_kk = draft.household.get("no_kk")
        family = self.around.households.get(no_kk) if no_kk else None
        if family is not None and not family.is_here:
            return Recognised(CONFLICT, finding=Finding("kk_outside"), may_be_same=False)
        return self.around.people.recognise(wanted)

    def _decision(self, draft: RowDraft) -> Decision | None:
        """What somebody decided of this row, as long as the person they chose is still there."""
        decision = self.around.decisions.get(draft.number)
        if decision is None or decision.choice != SAME or decision.who is None:
            return decision
        is_there = decision.who in self.around.persons or -decision.who in self.verdict_of
        return decision if is_there else None

    def _without_taken_nik(self, draft: RowDraft) -> RowDraft:
        """Somebody registered as new keeps no NIK that is another's."""
        nik = draft.person.get("nik")
        if not nik or not self.around.people.has_nik(nik):
            return draft
        person = {name: value for name, value in draft.person.items() if name != "nik"}
        return replace(draft, person=person, remarks=(*draft.remarks, At("NIK", nik, Finding("nik_taken"))))

    def _decided(self, decision: Decision, wanted: Identity) -> Recognised:
        if decision.choice == SAME and decision.who is not None:
            return Recognised(MATCH, decision.who)
        return Recognised(NEW)

    def _as_judged(self, draft: RowDraft, found: Found, wanted: Identity, seen: Recognised) -> Judged:
        remarks = list(draft.remarks)
        person, follows = seen.id if seen.verdict == MATCH else None, None
        verdict = seen.verdict
        if seen.finding is not None:
            remarks.append(At("", "", seen.finding))
        if seen.id is not None and seen.id < 0:
            person, follows = None, -seen.id
            if self.verdict_of.get(follows) in (CONFLICT, SKIP):
                verdict = self.verdict_of[follows]
                code = "follows_doubtful" if verdict == CONFLICT else "follows_skipped"
                remarks.append(At("", "", Finding(code, {"row": str(follows)})))
            else:
                remarks.append(At("", "", Finding("same_in_file", {"row": str(follows)})))
        # Whoever this row is, later rows may mean them by what this row says.
        if follows is None or verdict == MATCH:
            known_as = seen.id if verdict == MATCH and seen.id is not None else -draft.number
            self.around.people.add(wanted if wanted.id == known_as else replace(wanted, id=known_as))
        return Judged(
            draft, verdict, found, person, follows, seen.score, remarks=tuple(remarks), candidates=seen.candidates,
            may_be_same=seen.may_be_same,
        )  # fmt: skip

    def _keep(self, judged: Judged) -> Judged:
        self.verdict_of[judged.draft.number] = judged.verdict
        return judged

    def _place_faults(self, draft: RowDraft, found: Found) -> tuple[At, ...]:
        if found.finding is None:
            return ()
        columns = self.around.layout.columns.values()
        title = next((column.title for column in columns if column.to == f"place.{found.level}"), found.level)
        return (At(title, draft.place.get(found.level, ""), found.finding),)

    def _wanted(self, draft: RowDraft) -> Identity:
        person = draft.person
        parents = person.get("nama_ortu")
        return identity_of(
            -draft.number, person["nama"], nik=person.get("nik", ""), birth=draft.birth, sex=person.get("sex", ""),
            families=[parents] if parents else [], no_kk=draft.household.get("no_kk", ""),
        )  # fmt: skip


def _planned(row: Judged, planner: Planner) -> Judged:
    if row.verdict not in (NEW, MATCH):
        return row
    if row.verdict == NEW:
        plan, remarks = planner.register(row.draft, row.found)
    elif row.person is not None:
        plan, remarks = planner.complete(row.draft, row.found, row.person)
    else:
        assert row.follows is not None
        plan, remarks = planner.follow(row.draft, row.follows)
    return replace(row, plan=tuple(plan), remarks=(*row.remarks, *remarks))
