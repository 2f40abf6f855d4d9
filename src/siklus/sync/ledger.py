"""The server behind `taking`: the door of the log and the table of refusals, for one phone in one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from siklus.access.queries import User
from siklus.access.scope import Visitor, access_facilities, is_at_home
from siklus.care import actions as care
from siklus.care import queries as log
from siklus.kernel.problems import Problem
from siklus.records.drafts import ALREADY, DraftRecord, Outcome
from siklus.records.persons import ENTRUSTING, HOUSEHOLD_REGISTRATION, MERGE, REGISTRATIONS
from siklus.register import asking
from siklus.register import queries as register
from siklus.sync import area
from siklus.sync.models import ACCEPTED as LET_IN
from siklus.sync.models import MENDED, OPEN, Phone, Refusal, TakenOut
from siklus.sync.outcomes import settle_refusal
from siklus.sync.taking import ACCEPTED, CONFLICT, DUPLICATE, REFUSED, Held, Written
from siklus.sync.wire import Sent, read_item, text_of

_REGISTERING = REGISTRATIONS | {HOUSEHOLD_REGISTRATION}


class PhoneLedger:
    """What one phone's push leans on. `outcomes` are those of the log, for whoever settles needs and coverage after."""

    def __init__(self, phone: Phone, today: int) -> None:
        self.phone, self.today = phone, today
        self.eyes = area.eyes_of(phone)
        self.outcomes: list[Outcome] = []
        self._users: dict[int, User | None] = {}
        self._has_refusals: bool | None = None

    @cached_property
    def authors(self) -> set[int]:
        """Everybody who writes or ever wrote on this phone."""
        found = asking.rows("SELECT user_id FROM sync_phoneuser WHERE phone_id = %s", self.phone.pk)
        return {user for (user,) in found}

    @property
    def has_refusals(self) -> bool:
        """Whether anything of this phone was ever refused; of most phones nothing was."""
        if self._has_refusals is None:
            found = asking.rows("SELECT 1 FROM sync_refusal WHERE phone_id = %s LIMIT 1", self.phone.pk)
            self._has_refusals = bool(found)
        return self._has_refusals

    @cached_property
    def has_taken_out(self) -> bool:
        """Whether this server is an edge that ever took a record out of its log."""
        return bool(asking.rows("SELECT 1 FROM sync_takenout LIMIT 1"))

    def only_author(self) -> Visitor:
        """Who wrote what came, where only one person ever wrote on this phone; else nobody is named."""
        only = self._user(next(iter(self.authors))) if len(self.authors) == 1 else None
        return AnonymousUser() if only is None else only

    def held(self, digests: Collection[str]) -> Mapping[str, Held]:
        """Refusals of this phone by the digest of what it sent."""
        found: dict[str, Held] = {}
        for some in register.chunks(digests if self.has_refusals else ()):
            rows = Refusal.objects.filter(phone=self.phone, digest__in=some)
            found.update((row.digest, held_of(row)) for row in rows)
        return found

    def taken_out(self, keys: Collection[int]) -> Collection[int]:
        """Records that this server, an edge, took in once and gave back or forgot since."""
        found: set[int] = set()
        for some in register.chunks(keys if self.has_taken_out else ()):
            found.update(TakenOut.objects.filter(key__in=some).values_list("key", flat=True))
        return found

    def head(self) -> int:
        """The last place in the log."""
        return log.last_seq()

    def waiting(self, keys: Collection[int]) -> Sequence[Held]:
        """Open refusals that wait for one of these records. Those of other phones are judged at their next push."""
        rows: list[Refusal] = []
        for some in register.chunks(keys if self.has_refusals else ()):
            rows += Refusal.objects.filter(phone=self.phone, state=OPEN, waits_for__in=some)
        return [held_of(row) for row in rows]

    def faults(self, sents: Sequence[Sent]) -> Mapping[int, Problem]:
        """By place: why this phone may not write that."""
        told: dict[int, Problem] = {}
        drafts = [sent.draft for sent in sents if sent.draft is not None]
        roots = log.subjects_of({draft.root for draft in drafts if draft.root is not None})
        subjects = [_subject(draft, roots) for draft in drafts]
        persons = {person for person, _ in subjects if person is not None}
        homes = {home for _, home in subjects if home is not None}
        inside = log.within(self.eyes, persons, homes)
        # Only of those elsewhere is asked who they are; whom nobody knows yet is the door's to judge.
        known = register.person_ids({key for key in persons if ("person", key) not in inside})
        families = register.household_ids({key for key in homes if ("household", key) not in inside})
        before: dict[int, set[tuple[str, int]]] = {}
        for place, (sent, (person, home)) in enumerate(zip(sents, subjects, strict=True)):
            if sent.author is None and len(self.authors) > 1 and not self.phone.is_edge:
                told[place] = sent.refused("S02", "penulisnya belum disebut").problems[-1]
            elif sent.author is not None and sent.author not in self.authors:
                told[place] = sent.refused("S03", "penulisnya tidak terdaftar di perangkat ini").problems[-1]
            elif sent.draft is not None and not self._may_write(sent.draft):
                told[place] = sent.refused(
                    "S04", "jenis catatan ini tidak ditulis di perangkat ini"
                ).problems[-1]
            elif _is_entrusting(sent.draft) and person is not None and not is_at_home(self.eyes, person):
                told[place] = sent.refused("S04", "hanya wilayah asal menitipkan orang ini").problems[-1]
            elif ("person", person) not in inside:
                unit = (
                    ("person", person)
                    if person in known
                    else ("household", home)
                    if home in families
                    else None
                )
                if unit is None:
                    continue
                since = sent.seen if sent.seen is not None else self.phone.pulled
                if since not in before:
                    before[since] = log.stood_here(self.eyes, persons, homes, since)
                if unit not in before[since] and not self._was_guest(sent, person):
                    told[place] = sent.refused(
                        "S01", "orang atau keluarga ini bukan di wilayah perangkat ini", "",
                        "Minta puskesmas memeriksa wilayahnya.",
                    ).problems[-1]  # fmt: skip
        return self._new_ones(sents, told)

    def _new_ones(self, sents: Sequence[Sent], told: Mapping[int, Problem]) -> Mapping[int, Problem]:
        """Without those of records that are in the log: what comes once more is known, whoever may write it by now."""
        keys = {place: key for place in told if (key := sents[place].key) is not None}
        kept = log.seqs_of(keys.values()) if keys else {}
        return {place: problem for place, problem in told.items() if keys.get(place) not in kept}

    def _was_guest(self, sent: Sent, person: int | None) -> bool:
        """Was this written of a day before the end of a time that has ended since?"""
        last = self._last_days.get(person or 0)
        return last is not None and sent.draft is not None and sent.draft.on <= last

    @cached_property
    def _last_days(self) -> Mapping[int, int]:
        return log.last_days_as_guest(self.eyes, self.today)

    def _may_write(self, draft: DraftRecord) -> bool:
        """At an edge there is a desk too: who is whom is said there."""
        is_by_desk = self.phone.is_edge and draft.kind == MERGE
        return is_by_desk or area.may_write(self.eyes, draft.kind, draft.data)

    def _placed(self, draft: DraftRecord, sent: Sent) -> DraftRecord:
        """Where it was written: an edge says which of its places, a phone has one."""
        told = sent.body.get("facility", "") if self.phone.is_edge else ""
        return replace(draft, facility_code=told) if told in self._places else draft

    @cached_property
    def _places(self) -> frozenset[str]:
        if not self.phone.is_edge:
            return frozenset()
        return frozenset(each.code for each in access_facilities(self.eyes))

    def append(self, sents: Sequence[Sent]) -> Sequence[Written]:
        """Through the door of the log, in this order; each with its own author."""
        results: list[Written] = []
        is_alone = len(self.authors) == 1 and not self.phone.is_edge
        only = next(iter(self.authors)) if is_alone else None
        for author, run in groupby(sents, key=lambda sent: sent.author or only):
            results += self._append(list(run), self._user(author))
        return results

    def _append(self, sents: Sequence[Sent], author: User | None) -> Iterable[Written]:
        drafts = [self._placed(sent.draft, sent) for sent in sents if sent.draft is not None]
        outcomes = care.append_records(
            drafts, author=author, device=self.phone.device_id, today=self.today, refresh=False, keeps_unread=True,
            facility=self.phone.scope_code,
        )  # fmt: skip
        self.outcomes += outcomes
        for outcome in outcomes:
            status = (
                REFUSED if not outcome.is_accepted else DUPLICATE if outcome.status == ALREADY else ACCEPTED
            )
            yield Written(status=status, seq=outcome.seq, problems=outcome.problems, odd=outcome.odd)

    def missing(self, keys: Collection[int]) -> Collection[int]:
        """Those of the ids of which there is no record."""
        return set(keys) - log.seqs_of(keys).keys()

    def hold(self, sent: Sent, problems: Sequence[Problem], waits_for: int | None) -> None:
        """Keeps what was refused, once; a second time with the reasons of today."""
        told = text_of([[each.code, each.where, each.found, each.expected, each.todo] for each in problems])
        draft, self._has_refusals = sent.draft, True
        row, is_new = Refusal.objects.get_or_create(
            phone=self.phone, digest=sent.digest,
            defaults={
                "key": sent.key, "kind": str(sent.body.get("kind", ""))[:40], "body": text_of(dict(sent.body)),
                "person_id": draft.person if draft is not None and isinstance(draft.person, int) else None,
                "author_id": sent.author if sent.author in self.authors else None, "problems": told,
                "waits_for": waits_for, "is_conflict": any(each.code == CONFLICT for each in problems),
                "desa_code": self.phone.desa_code, "posyandu_code": self.phone.posyandu_code,
                "puskesmas_code": self.phone.puskesmas_code,
            },
        )  # fmt: skip
        if not is_new and row.state == OPEN:
            Refusal.objects.filter(pk=row.pk).update(problems=told, waits_for=waits_for, times=F("times") + 1)

    def settle(self, held: Held, seq: int | None) -> None:
        """It came into the log after all."""
        settle_refusal(held.id, LET_IN, seq=seq)

    def _user(self, author: int | None) -> User | None:
        if author is not None and author not in self._users:
            self._users[author] = get_user_model().objects.filter(pk=author).first()
        return None if author is None else self._users[author]


def held_of(row: Refusal) -> Held:
    """A row as `taking` wants it."""
    seq = row.seq if row.state in (LET_IN, MENDED) else None
    return Held(
        id=row.pk, sent=read_item(json.loads(row.body)), is_open=row.state == OPEN, seq=seq, reason=row.reason
    )


def _is_entrusting(draft: DraftRecord | None) -> bool:
    """Does it entrust somebody to another area? A guest's hosts may not, nor prolong what they were granted."""
    return draft is not None and draft.kind == ENTRUSTING


def _subject(
    draft: DraftRecord, roots: Mapping[int, tuple[int | None, int | None]]
) -> tuple[int | None, int | None]:
    """Whom a draft speaks of, when that is known before the door looks at it."""
    if draft.root is not None:
        return roots.get(draft.root, (None, None))
    if draft.kind in _REGISTERING:
        return None, None
    person = draft.person if isinstance(draft.person, int) else None
    home = draft.household if isinstance(draft.household, int) else None
    return person, home
