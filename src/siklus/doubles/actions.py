"""What people decide of a pair: one person, or not; and a merge taken back.

Each has its reason and a line of the audit. Who decides must see both. The caller settles the outcomes, in the same
transaction.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from siklus.access.actions import note
from siklus.access.may import MERGE_PERSONS, may
from siklus.access.queries import User
from siklus.access.scope import NotInScope, access_everybody
from siklus.care import actions as care
from siklus.care.queries import newest_version
from siklus.doubles.models import DIFFERENT, MERGED, NEW, Pair
from siklus.kernel.ids import format_record_id
from siklus.records.drafts import DraftRecord, Outcome
from siklus.records.persons import MERGE, person_named

LONGEST = 300


class Decided(Exception):
    """Somebody was quicker: this pair waits for nobody any more."""


@transaction.atomic
def tell_apart(pair_id: int, *, user: User, why: str) -> None:
    """They are two: the pair does not come back unless what is known of them changes."""
    pair = _open_pair(pair_id, user, why)
    _decide(pair, DIFFERENT, user, why)
    note(user, "bukan orang yang sama", _subject(pair), why[:LONGEST])


@transaction.atomic
def merge(pair_id: int, *, keep: int, user: User, why: str, today: int) -> Outcome:
    """They are one, and `keep` stands for both. A refusal of the door leaves the pair open."""
    pair = _open_pair(pair_id, user, why)
    if keep not in (pair.one, pair.other):
        raise NotInScope(keep)
    absorbed = pair.other if keep == pair.one else pair.one
    draft = DraftRecord(
        kind=MERGE, on=today, person=keep, data={"orang": format_record_id(absorbed)}, why=why[:LONGEST]
    )
    (outcome,) = care.append_records([draft], author=user, today=today, refresh=False)
    if outcome.is_accepted:
        pair.merge = outcome.key
        _decide(pair, MERGED, user, why)
        note(user, "gabungkan orang", _subject(pair), why[:LONGEST])
    return outcome


@transaction.atomic
def part(merge_id: int, *, user: User, why: str, today: int) -> Outcome:
    """A merge is taken back: every record is again of the person for whom it was written."""
    _allow(user, why)
    record = newest_version(merge_id)
    if record is None or record.kind != MERGE or record.is_void or record.person is None:
        raise NotInScope(merge_id)
    absorbed = person_named(record.data, "orang") or 0
    both = {record.person, absorbed}
    if access_everybody(user).filter(id__in=both).count() != len(both):
        raise NotInScope(merge_id)
    outcome = care.void_record(record.root, author=user, why=why[:LONGEST], today=today, refresh=False)
    if outcome.is_accepted:
        for pair in Pair.objects.filter(merge=record.root):
            pair.merge = None
            _decide(pair, DIFFERENT, user, why)
        note(user, "pisahkan orang", format_record_id(absorbed), why[:LONGEST])
    return outcome


def _open_pair(pair_id: int, user: User, why: str) -> Pair:
    """The pair, locked; Decided when it waits no more, NotInScope when the user does not see both."""
    _allow(user, why)
    pair = Pair.objects.select_for_update().filter(pk=pair_id).first()
    if pair is None or not _sees_both(user, pair):
        raise NotInScope(pair_id)
    if pair.state != NEW:
        raise Decided(pair_id)
    return pair


def _sees_both(user: User, pair: Pair) -> bool:
    both = (pair.one, pair.other)
    return access_everybody(user).filter(id__in=both).count() == len(both)


def _allow(user: User, why: str) -> None:
    if not may(user, MERGE_PERSONS):
        raise PermissionDenied
    if not why.strip():
        raise ValueError("why")


def _decide(pair: Pair, state: str, user: User, why: str) -> None:
    pair.state, pair.decided_by, pair.decided_at, pair.why = (
        state,
        user,
        timezone.now(),
        why.strip()[:LONGEST],
    )
    pair.save(update_fields=["state", "decided_by", "decided_at", "why", "merge"])


def _subject(pair: Pair) -> str:
    return f"{format_record_id(pair.one)} {format_record_id(pair.other)}"
