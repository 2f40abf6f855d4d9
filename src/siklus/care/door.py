"""The door of the record log: each draft is judged against the vocabulary, the calendar and what is known.

Nothing is written here, and a bad draft never holds up the good ones beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from siklus.care.known import (
    HOUSEHOLD_REFERENCES,
    PERSON_REFERENCES,
    REGISTERING,
    KnownPerson,
    day_told,
    gather,
    id_told,
)
from siklus.kernel.ids import format_record_id
from siklus.kernel.problems import Problem
from siklus.library.loading import Book
from siklus.records.checks import Checked, Surroundings, check_record
from siklus.records.drafts import ACCEPTED, ALREADY, REFUSED, DraftRecord, Outcome, StoredRecord
from siklus.records.persons import HOUSEHOLD_REGISTRATION, MERGE, REGISTER_KINDS
from siklus.rules.vocabulary import HOUSEHOLD

Judged = tuple[Outcome, StoredRecord | None]


class Door:
    """Judges the drafts of one batch in their order; later ones may lean on earlier ones.

    `new_key` gives the next record key; it is asked only for a draft that is let in, so that numbers have no gaps.
    """

    def __init__(
        self, book: Book, drafts: Sequence[DraftRecord], today: int, new_key: Callable[[], int]
    ) -> None:
        self.book, self.today, self.new_key = book, today, new_key
        self.needs = frozenset(need.name for need in book.needs)
        self.known = gather(drafts)

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
        draft, problems = self._resolved(draft, where)
        kept = None if draft.id is None else self._kept(draft.id)
        if kept is not None:
            return self._sent_before(index, draft, kept, where)
        if draft.root is not None:
            draft, faults = self._replacing(draft, where)
            problems += faults
        problems += self._subject_problems(draft, where) if not problems else []
        checked = Checked() if draft.is_void else self._checked(draft, where)
        problems += checked.problems
        if not problems and draft.kind == MERGE and not draft.is_void:
            problems += self._merge_problems(draft, where)
        if problems:
            return Outcome(index=index, status=REFUSED, problems=tuple(problems), odd=checked.odd), None
        row = self._row(draft, checked)
        return (
            Outcome(
                index=index, status=ACCEPTED, key=row.id, person_id=row.person, household_id=row.household,
                odd=checked.odd,
            ),
            row,
        )  # fmt: skip

    def _kept(self, key: int) -> StoredRecord | None:
        return next((row for row in self.known.versions.get(key, ()) if row.id == key), None)

    def _sent_before(self, index: int, draft: DraftRecord, kept: StoredRecord, where: str) -> Judged:
        """Sending a record twice does no harm; another record under the same number is refused."""
        checked = self._checked(draft, where)
        if (kept.kind, kept.on, dict(kept.data)) == (draft.kind, draft.on, dict(checked.data)):
            outcome = Outcome(
                index=index, status=ALREADY, key=kept.id, person_id=kept.person, household_id=kept.household
            )
            return outcome, None
        problem = Problem(
            "D06", where, "nomor ini sudah dipakai catatan lain", "", "Beri nomor yang belum dipakai."
        )
        return Outcome(index=index, status=REFUSED, problems=(problem,)), None

    def _row(self, draft: DraftRecord, checked: Checked) -> StoredRecord:
        key = draft.id if draft.id is not None else self.new_key()
        person, household = id_told(draft.person), id_told(draft.household)
        if draft.root is None and draft.kind in REGISTERING:
            person, household = (None, key) if draft.kind == HOUSEHOLD_REGISTRATION else (key, None)
        return StoredRecord(
            id=key, seq=0, kind=draft.kind, person=person, household=household, on=draft.on,
            root=key if draft.root is None else draft.root, is_void=draft.is_void, data=checked.data,
            by_role=checked.by_role, place_kind=checked.place_kind, facility_code=draft.facility_code,
        )  # fmt: skip

    def _resolved(self, draft: DraftRecord, where: str) -> tuple[DraftRecord, list[Problem]]:
        """The draft with the `@refs` of earlier drafts put as ids."""
        problems: list[Problem] = []

        def resolve(value: object) -> int | None:
            key = (
                self.known.refs.get(value[1:])
                if isinstance(value, str) and value[:1] == "@"
                else id_told(value)
            )
            if key is None and value is not None:
                found = f"catatan '{value}' yang ditunjuk tidak masuk"
                problems.append(Problem("D03", where, found, "", "Betulkan dahulu catatan itu."))
            return key

        data = draft.data
        for name in (*PERSON_REFERENCES, *HOUSEHOLD_REFERENCES):
            value = data.get(name)
            if isinstance(value, str) and value[:1] == "@":
                key = resolve(value)
                data = {**data, name: None if key is None else format_record_id(key)}
        person, household = resolve(draft.person), resolve(draft.household)
        if (person, household, data) != (draft.person, draft.household, draft.data):
            draft = replace(draft, person=person, household=household, data=data)
        return draft, problems

    def _replacing(self, draft: DraftRecord, where: str) -> tuple[DraftRecord, list[Problem]]:
        """A correction or void speaks of whom the replaced record speaks of."""
        assert draft.root is not None
        problems = []
        if not draft.why.strip():
            problems.append(
                Problem("D05", where, "alasan belum diisi", "", "Tulis mengapa catatan ini diganti.")
            )
        newest = self.known.newest(draft.root)
        if newest is None:
            found = f"catatan {format_record_id(draft.root)} yang hendak diganti tidak ada"
            return draft, [*problems, Problem("D04", where, found)]
        if newest.is_void:
            found = "catatan yang hendak diganti sudah dibatalkan"
            problems.append(Problem("D04", where, found, "", "Tulislah catatan baru."))
        if newest.kind != draft.kind:
            problems.append(
                Problem("D09", where, f"jenis '{draft.kind}' lain dari '{newest.kind}' yang diganti")
            )
        leaning = self.known.leaning.get(newest.root)
        if draft.is_void and newest.kind in REGISTERING and leaning:
            found = f"masih ada {len(leaning)} catatan lain tentang orang atau keluarga ini"
            problems.append(Problem("D07", where, found, "", "Batalkan dahulu catatan itu."))
        return replace(draft, person=newest.person, household=newest.household), problems

    def _subject_problems(self, draft: DraftRecord, where: str) -> list[Problem]:
        kind = self.book.vocabulary.kinds.get(draft.kind)
        if kind is None or (draft.root is None and draft.kind in REGISTERING):
            return []
        if kind.of == HOUSEHOLD:
            is_known, what = draft.household in self.known.households, "keluarga"
        else:
            is_known, what = draft.person in self.known.persons, "orang"
        if is_known:
            return []
        return [Problem("D01", where, f"{what} yang ditunjuk tidak terdaftar", "", "Daftarkan dahulu.")]

    def _checked(self, draft: DraftRecord, where: str) -> Checked:
        person = self.known.persons.get(id_told(draft.person) or 0, KnownPerson())
        # What registers or changes a person may itself correct the birth date: its own is judged, not the one known.
        is_register = draft.kind in REGISTER_KINDS
        around = Surroundings(
            today=self.today,
            birth=day_told(draft.data.get("birth")) if is_register else person.birth,
            died=person.died,
            needs=self.needs,
        )
        checked = check_record(
            kind=draft.kind, on=draft.on, data=draft.data, by_role=draft.by_role, place_kind=draft.place_kind,
            vocabulary=self.book.vocabulary, around=around, where=where,
        )  # fmt: skip
        dangling = tuple(self._dangling(draft, where)) if is_register else ()
        return replace(checked, problems=(*checked.problems, *dangling)) if dangling else checked

    def _dangling(self, draft: DraftRecord, where: str) -> Iterable[Problem]:
        for names, known, what in (
            (PERSON_REFERENCES, self.known.persons, "orang"),
            (HOUSEHOLD_REFERENCES, self.known.households, "keluarga"),
        ):
            for name in names:
                value = draft.data.get(name)
                if value and id_told(value) not in known:
                    yield Problem(
                        "D02",
                        f"{where}, {name}",
                        f"{what} '{value}' tidak terdaftar",
                        "",
                        "Periksa nomornya.",
                    )

    def _merge_problems(self, draft: DraftRecord, where: str) -> list[Problem]:
        persons, absorbed = self.known.persons, id_told(draft.data.get("orang"))
        if absorbed == draft.person:
            return [Problem("D08", where, "seseorang tidak dapat digabung dengan dirinya sendiri")]
        problems = []
        if persons.get(absorbed or 0, KnownPerson()).merged_into is not None:
            found = "orang yang hendak digabung sudah digabung"
            problems.append(Problem("D08", where, found, "", "Batalkan dahulu penggabungan yang lama."))
        if persons.get(id_told(draft.person) or 0, KnownPerson()).merged_into is not None:
            found = "orang tujuan sendiri sudah digabung ke orang lain"
            problems.append(Problem("D08", where, found, "", "Gabungkan ke orang itu."))
        return problems
