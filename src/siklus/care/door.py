"""The door of the record log: each draft is judged against the vocabulary, the calendar and what is known.

Nothing is written here, and a bad draft never holds up the good ones beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from siklus.care.known import (
    HOUSEHOLD_REFERENCES,
    PERSON_REFERENCES,
    REGISTERING,
    Known,
    KnownPerson,
    day_told,
    id_told,
)
from siklus.kernel.ids import format_record_id
from siklus.kernel.problems import Problem
from siklus.library.loading import Book
from siklus.records.checks import Checked, Surroundings, check_record
from siklus.records.drafts import ACCEPTED, ALREADY, REFUSED, DraftRecord, Outcome, StoredRecord
from siklus.records.naming import OwnRecord
from siklus.records.persons import HOUSEHOLD_REGISTRATION, MERGE, REGISTER_KINDS
from siklus.records.quick import QuickCheck
from siklus.register.identity import opened_data
from siklus.rules.episode_spec import NAMED
from siklus.rules.vocabulary import HOUSEHOLD

Judged = tuple[Outcome, StoredRecord | None]
_REFERENCES = (*PERSON_REFERENCES, *HOUSEHOLD_REFERENCES)
_NOBODY, _VOID = KnownPerson(), Checked()


@dataclass(slots=True)
class _Case:
    """A draft on its way through the door: whom it is about and what it says once references stand as ids."""

    index: int
    where: str
    draft: DraftRecord
    data: Mapping[str, Any]
    person: int | None = None
    household: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, found: str, todo: str = "") -> None:
        """One more reason why it stays out."""
        self.problems.append(Problem(code, self.where, found, "", todo))


@lru_cache(maxsize=2)
def _prepared(book: Book) -> tuple[frozenset[str], QuickCheck]:
    """The names of needs and the quick look at a record, once for a book: a door opens for each batch."""
    needs = frozenset(need.name for need in book.needs)
    return needs, QuickCheck(book.vocabulary, needs)


class Door:
    """Judges the drafts of one batch in their order; later ones may lean on earlier ones.

    `new_key` gives the next record key; it is asked only for a draft that is let in, so that numbers have no gaps.
    With `keeps_unread` kinds and fields the rule book does not know are kept as they came: a newer app wrote them.
    `facility` is where a draft was written that does not say so itself.
    """

    def __init__(
        self,
        book: Book,
        known: Known,
        today: int,
        new_key: Callable[[], int],
        keeps_unread: bool = False,
        facility: str = "",
    ) -> None:
        self.book, self.known, self.today, self.new_key = book, known, today, new_key
        self.keeps_unread, self.facility = keeps_unread, facility
        self.needs, self.quick = _prepared(book)

    def judge(self, index: int, draft: DraftRecord) -> Judged:
        """What becomes of one draft, and the row to write when it is let in (its seq is still 0)."""
        outcome, row = self._judge(index, draft)
        if draft.ref:
            self.known.refs[draft.ref] = outcome.key
        if row is not None:
            self.known.add(row)
        return outcome, row

    def _judge(self, index: int, draft: DraftRecord) -> Judged:
        where = f"catatan {format_record_id(draft.id)}" if draft.id else f"catatan ke-{index + 1}"
        case = _Case(index, where, draft, draft.data)
        self._resolve(case)
        kept = None if draft.id is None else self.known.by_id.get(draft.id)
        if kept is not None:
            return self._sent_before(case, kept)
        if draft.root is not None:
            self._replace(case, draft.root)
        if not case.problems:
            self._find_subject(case)
        checked = _VOID if draft.is_void else self._checked(case)
        case.problems += checked.problems
        if not case.problems and draft.kind == MERGE and not draft.is_void:
            self._judge_merge(case)
        if case.problems:
            problems = tuple(case.problems)
            return Outcome(index=index, status=REFUSED, problems=problems, odd=checked.odd), None
        row = self._row(case, checked)
        return (
            Outcome(
                index=index, status=ACCEPTED, key=row.id, kind=row.kind, root=row.root, person_id=row.person,
                household_id=row.household, odd=checked.odd,
            ),
            row,
        )  # fmt: skip

    def _sent_before(self, case: _Case, kept: StoredRecord) -> Judged:
        """Sending a record twice does no harm; another record under the same number is refused."""
        if self._says_the_same(case, kept):
            outcome = Outcome(
                index=case.index, status=ALREADY, key=kept.id, seq=kept.seq, kind=kept.kind, root=kept.root,
                person_id=kept.person, household_id=kept.household,
            )  # fmt: skip
            return outcome, None
        problem = Problem(
            "D06", case.where, "nomor ini sudah dipakai catatan lain", "", "Beri nomor yang belum dipakai."
        )
        return Outcome(index=case.index, status=REFUSED, problems=(problem,)), None

    def _says_the_same(self, case: _Case, kept: StoredRecord) -> bool:
        draft, is_void = case.draft, case.draft.is_void
        said = _VOID if is_void else self._checked(case)
        root = kept.id if draft.root is None else draft.root
        same = (kept.kind, kept.on, kept.root, kept.is_void) == (draft.kind, draft.on, root, is_void)
        if not same or dict(opened_data(kept.data)) != dict(opened_data(said.data)):
            return False
        if draft.root is not None or draft.kind in REGISTERING:
            return True  # of whom it speaks follows from the record itself
        return (kept.person, kept.household) == (case.person, case.household)

    def _row(self, case: _Case, checked: Checked) -> StoredRecord:
        draft, person, household = case.draft, case.person, case.household
        key = draft.id if draft.id is not None else self.new_key()
        if draft.root is None and draft.kind in REGISTERING:
            person, household = (None, key) if draft.kind == HOUSEHOLD_REGISTRATION else (key, None)
        return StoredRecord(
            id=key, seq=0, kind=draft.kind, person=person, household=household, on=draft.on,
            root=key if draft.root is None else draft.root, is_void=draft.is_void, data=checked.data,
            by_role=checked.by_role, place_kind=checked.place_kind, facility_code=draft.facility_code or self.facility,
        )  # fmt: skip

    def _resolve(self, case: _Case) -> None:
        """Puts the `@refs` of earlier drafts as ids."""
        kind = self.book.vocabulary.kinds.get(case.draft.kind)
        is_for_episode = kind is not None and kind.episode is not None
        for name in (*_REFERENCES, *((NAMED,) if is_for_episode else ())):
            value = case.data.get(name)
            if isinstance(value, str) and value[:1] == "@":
                key = self._id_of(case, value)
                case.data = {**case.data, name: None if key is None else format_record_id(key)}
        case.person, case.household = (
            self._id_of(case, case.draft.person),
            self._id_of(case, case.draft.household),
        )

    def _id_of(self, case: _Case, value: int | str | None) -> int | None:
        if value is None or isinstance(value, int):
            return value
        key = self.known.refs.get(value[1:]) if value[:1] == "@" else id_told(value)
        if key is None:
            case.refuse("D03", f"catatan '{value}' yang ditunjuk tidak masuk", "Betulkan dahulu catatan itu.")
        return key

    def _replace(self, case: _Case, root: int) -> None:
        """A correction or void speaks of whom the replaced record speaks of."""
        draft = case.draft
        if not draft.why.strip():
            case.refuse("D05", "alasan belum diisi", "Tulis mengapa catatan ini diganti.")
        newest = self.known.newest(root)
        if newest is None:
            case.refuse("D04", f"catatan {format_record_id(root)} yang hendak diganti tidak ada")
            return
        if newest.is_void:
            case.refuse("D04", "catatan yang hendak diganti sudah dibatalkan", "Tulislah catatan baru.")
        if newest.kind != draft.kind:
            case.refuse("D09", f"jenis '{draft.kind}' lain dari '{newest.kind}' yang diganti")
        leaning = self.known.leaning.get(root)
        if draft.is_void and newest.kind in REGISTERING and leaning:
            found = f"masih ada {len(leaning)} catatan lain tentang orang atau keluarga ini"
            case.refuse("D07", found, "Batalkan dahulu catatan itu.")
        case.person, case.household = newest.person, newest.household

    def _find_subject(self, case: _Case) -> None:
        draft = case.draft
        kind = self.book.vocabulary.kinds.get(draft.kind)
        if draft.root is None and draft.kind in REGISTERING:
            return
        if kind is None:
            persons, homes = self.known.persons, self.known.households
            is_known = case.person is None or case.person in persons
            is_known, what = (
                is_known and (case.household is None or case.household in homes),
                "orang atau keluarga",
            )
            if not self.keeps_unread:
                return
        elif kind.of == HOUSEHOLD:
            is_known, what = case.household in self.known.households, "keluarga"
        else:
            is_known, what = case.person in self.known.persons, "orang"
        if not is_known:
            case.refuse("D01", f"{what} yang ditunjuk tidak terdaftar", "Daftarkan dahulu.")

    def _checked(self, case: _Case) -> Checked:
        draft, data = case.draft, case.data
        person = self.known.persons.get(case.person or 0, _NOBODY)
        # What registers or changes a person may itself correct the birth date: its own is judged, not the one known.
        is_register = draft.kind in REGISTER_KINDS
        around = Surroundings(
            today=self.today,
            birth=day_told(data.get("birth")) if is_register else person.birth,
            died=person.died,
            needs=self.needs,
            records=self._named(case),
        )
        if self.keeps_unread and draft.kind not in self.book.vocabulary.kinds:
            return Checked(data=data, by_role=draft.by_role, place_kind=draft.place_kind)
        checked = self.quick.check(draft.kind, draft.on, data, draft.by_role, draft.place_kind, around)
        if checked is None:
            checked = check_record(
                kind=draft.kind, on=draft.on, data=data, by_role=draft.by_role, place_kind=draft.place_kind,
                vocabulary=self.book.vocabulary, around=around, where=case.where, keeps_unread=self.keeps_unread,
            )  # fmt: skip
        dangling = tuple(self._dangling(case)) if is_register else ()
        return replace(checked, problems=(*checked.problems, *dangling)) if dangling else checked

    def _named(self, case: _Case) -> Mapping[str, OwnRecord] | None:
        """The record that is named as the opening of an episode.

        Whatever became of it since, a correction may leave a name as it was.
        """
        name, root = case.data.get(NAMED), case.draft.root
        if name is None:
            return None
        versions = () if root is None else self.known.versions.get(root, ())
        if any(version.data.get(NAMED) == name for version in versions):
            return None
        found = self.known.own_record(case.person, name)
        return {} if found is None else {name: found}

    def _dangling(self, case: _Case) -> Iterable[Problem]:
        for names, known, what in (
            (PERSON_REFERENCES, self.known.persons, "orang"),
            (HOUSEHOLD_REFERENCES, self.known.households, "keluarga"),
        ):
            for name in names:
                value = case.data.get(name)
                if value and id_told(value) not in known:
                    found = f"{what} '{value}' tidak terdaftar"
                    yield Problem("D02", f"{case.where}, {name}", found, "", "Periksa nomornya.")

    def _judge_merge(self, case: _Case) -> None:
        persons, absorbed = self.known.persons, id_told(case.data.get("orang"))
        if absorbed == case.person:
            case.refuse("D08", "seseorang tidak dapat digabung dengan dirinya sendiri")
            return
        if persons.get(absorbed or 0, _NOBODY).merged_into is not None:
            found = "orang yang hendak digabung sudah digabung"
            case.refuse("D08", found, "Batalkan dahulu penggabungan yang lama.")
        if persons.get(case.person or 0, _NOBODY).merged_into is not None:
            case.refuse("D08", "orang tujuan sendiri sudah digabung ke orang lain", "Gabungkan ke orang itu.")
