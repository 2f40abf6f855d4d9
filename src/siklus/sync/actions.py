"""What changes in sync: phones are enrolled, stopped and wiped; a push is taken in; refusals are settled by people."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siklus.access import actions as access
from siklus.access import clock
from siklus.access.queries import User
from siklus.access.scope import NotInScope, access_area
from siklus.care import actions as care
from siklus.care import queries as log
from siklus.kernel.ids import MAX_NUMBER, device_of, number_of
from siklus.kernel.problems import Problem, ProblemError
from siklus.records.drafts import Outcome
from siklus.register import areas
from siklus.sync import area, gaps, settling
from siklus.sync.ledger import PhoneLedger, held_of
from siklus.sync.models import (
    ACTIVE,
    DISMISSED,
    EMPTY,
    LOST,
    MENDED,
    OPEN,
    SUSPENDED,
    WIPE,
    WIPED,
    Enrolment,
    Phone,
    PhoneUser,
    Refusal,
)
from siklus.sync.outcomes import settle_refusal
from siklus.sync.queries import body_of
from siklus.sync.taking import ACCEPTED, Answer, again, take
from siklus.sync.wire import part_of, read_item

CODE_LASTS = timedelta(minutes=30)
_CODE_BYTES, _TOKEN_BYTES = 16, 32
_KIND = "phone"
_MOVES = {
    SUSPENDED: {ACTIVE},
    ACTIVE: {SUSPENDED, LOST},
    LOST: {ACTIVE, SUSPENDED, EMPTY, WIPE},
    EMPTY: {ACTIVE, SUSPENDED, LOST},
    WIPE: {ACTIVE, SUSPENDED, LOST, EMPTY},
}
"""Which state may come after which; a wiped phone is enrolled anew, under another number."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a phone gets once: its number, and the secret that stands for it. Only the hash of that is kept here."""

    device: int
    token: str


@transaction.atomic
def offer(*, by: User, name: str, scope_code: str, users: Collection[int]) -> str:
    """A code that enrols one phone for a place, once, within CODE_LASTS. ProblemError tells what does not fit."""
    place = access_area(by, scope_code)
    known = _writers(by, place, users)
    problems = []
    if place.kind not in area.SCOPE_KINDS:
        problems.append(Problem("E01", "wilayah", f"{place.name} bukan posyandu, pustu atau puskesmas"))
    if not name.strip():
        problems.append(Problem("E02", "nama", "nama perangkat belum diisi"))
    if len(known) != len(set(users)) or not known:
        problems.append(Problem("E03", "pemakai", "pilih sedikitnya satu pemakai dari wilayah itu"))
    if problems:
        raise ProblemError(problems)
    code = new_code()
    row = Enrolment.objects.create(
        code_hash=hashed(code), name=name.strip()[:100], scope_kind=place.kind, scope_code=place.code, made_by=by,
        expires_at=timezone.now() + CODE_LASTS, **codes_of(place.code),
    )  # fmt: skip
    row.users.set(known)
    access.note(by, "buat kode perangkat", place.code)
    return code


@transaction.atomic
def enrol(code: str) -> Key | None:
    """The phone that shows this code becomes a device; None for a code that is unknown, used or too old."""
    row = Enrolment.objects.select_for_update().filter(code_hash=hashed(code), is_edge=False).first()
    if row is None or row.phone_id is not None or row.expires_at < timezone.now():
        return None
    device = access.add_device(kind=_KIND, name=row.name)
    token = new_token()
    phone = Phone.objects.create(
        device_id=device, name=row.name, scope_kind=row.scope_kind, scope_code=row.scope_code, enrolled_by=row.made_by,
        token_hash=hashed(token), desa_code=row.desa_code, posyandu_code=row.posyandu_code,
        puskesmas_code=row.puskesmas_code, pulled=log.last_seq(),
    )  # fmt: skip
    PhoneUser.objects.bulk_create(PhoneUser(phone=phone, user=user) for user in row.users.all())
    row.phone = phone
    row.save(update_fields=["phone"])
    if row.made_by is not None:
        access.note(row.made_by, "perangkat terdaftar", str(device))
    return Key(device, token)


def drop_codes_before(moment: datetime) -> int:
    """Takes away the codes that ended before, used or not; how many. A phone that came by one stays as it is."""
    rows = Enrolment.objects.filter(expires_at__lt=moment)
    count = rows.count()
    rows.delete()
    return count


@transaction.atomic
def change_state(phone: Phone, state: str, *, by: User, why: str) -> None:
    """Suspend, let work again, report lost, order the wipe. ValueError for a step that does not exist."""
    row = Phone.objects.select_for_update().get(pk=phone.pk)
    if row.state not in _MOVES.get(state, ()) or not why.strip() or (state == EMPTY and not row.is_edge):
        raise ValueError(state)
    row.state, row.why = state, why.strip()[:200]
    row.save(update_fields=["state", "why"])
    access.note(by, f"perangkat: {state}", str(row.pk), row.why)


def note_wiped(phone: Phone, lost: int | None = None) -> None:
    """The phone says that it has forgotten everything; its token is worth nothing from now on.

    `lost`: how many records it had that never came here; None where it does not say.
    """
    told: dict[str, Any] = {"state": WIPED, "token_hash": "", "last_contact": timezone.now()}
    if lost is not None:
        told["pending"] = lost
    if (
        Phone.objects.filter(pk=phone.pk, state__in=(EMPTY, WIPE)).update(**told)
        and phone.enrolled_by is not None
    ):
        detail = "" if lost is None else f"{lost} catatan tidak terkirim"
        access.note(phone.enrolled_by, f"perangkat: {WIPED}", str(phone.pk), detail)


@transaction.atomic
def set_writers(phone: Phone, *, by: User, users: Collection[int], new_pin: Collection[int] = ()) -> None:
    """Who may write on a phone from now on, and who is to choose a new PIN."""
    known = _writers(by, access_area(by, phone.scope_code), users)
    if not known:
        raise ValueError("users")
    PhoneUser.objects.filter(phone=phone).exclude(user_id__in=known).update(may_write=False)
    for key in known:
        PhoneUser.objects.update_or_create(phone=phone, user_id=key, defaults={"may_write": True})
    PhoneUser.objects.filter(phone=phone, user_id__in=list(new_pin)).update(pin_round=F("pin_round") + 1)
    access.note(by, "pemakai perangkat", str(phone.pk), f"{len(known)}")


def note_contact(
    phone: Phone, *, app_version: str, protocol: int, clock_offset: int | None, pending: int | None
) -> None:
    """What a phone says of itself whenever it calls."""
    told: dict[str, Any] = {
        "last_contact": timezone.now(), "app_version": app_version[:40], "protocol": protocol,
        "clock_offset": clock_offset,
    }  # fmt: skip
    if pending is not None:
        told["pending"] = pending
    Phone.objects.filter(pk=phone.pk).update(**told)


def note_pulled(phone: Phone, seq: int) -> None:
    """How far a phone has been given the log."""
    Phone.objects.filter(pk=phone.pk).update(pulled=seq, last_pull=timezone.now())


@transaction.atomic
def push(device: int, items: Sequence[object], *, last_number: int | None, today: int) -> list[Answer]:
    """Takes in a batch. Everything answered here is committed: the answer is written after this returns."""
    phone = Phone.objects.select_for_update().get(pk=device)  # one push of a phone after the other
    ledger = PhoneLedger(phone, today)
    _judge_ripe(phone, ledger)
    answers = take(items, ledger, phone.own)
    keys = [answer.sent.key for answer in answers if answer.sent.key is not None]
    numbers = [number_of(key) for key in keys if device_of(key) == device]
    phone.last_number = max(phone.last_number, min(last_number or 0, MAX_NUMBER), *numbers, 0)
    is_plain = not (ledger.has_refusals or ledger.has_taken_out)
    phone.seen_until = gaps.seen_until(gaps.of_phone(phone), is_plain=is_plain)
    Phone.objects.filter(pk=device).update(
        last_number=phone.last_number, seen_until=phone.seen_until, last_push=timezone.now()
    )
    settling.note_touched(ledger.outcomes)
    if kept := sum(answer.status == ACCEPTED for answer in answers):
        access.note(ledger.only_author(), "terima dari perangkat", str(device), f"{kept} catatan")
    return answers


@transaction.atomic
def judge_waiting(today: int) -> int:
    """Judges again what waits for a record that came from elsewhere; how many phones were looked at."""
    rows = Refusal.objects.filter(state=OPEN, waits_for__isnull=False)
    keys = {key for key in rows.values_list("waits_for", flat=True) if key is not None}
    ripe = log.seqs_of(keys).keys()
    phones = sorted({row.phone_id for row in rows if row.waits_for in ripe})
    for phone in Phone.objects.select_for_update().filter(pk__in=phones).order_by("pk"):
        ledger = PhoneLedger(phone, today)
        _judge_ripe(phone, ledger)
        settling.note_touched(ledger.outcomes)
    return len(phones)


@transaction.atomic
def mend(refusal: Refusal, *, by: User, changes: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Writes a refused record after all, with some parts of it put right; the problems when it is refused again.

    It keeps its number: others may speak of it. What the phone sent stays among the refusals as it was.
    """
    phone = Phone.objects.select_for_update().get(pk=refusal.phone_id)
    row = Refusal.objects.get(pk=refusal.pk)
    body = body_of(row)
    said = {**body, **changes, "data": {**part_of(body, "data"), **part_of(changes, "data")}}
    said["data"] = {name: value for name, value in said["data"].items() if value is not None}
    sent = read_item(said)
    if row.state != OPEN or row.is_conflict or sent.draft is None or sent.problems:
        return sent.problems or sent.refused("S08", "catatan ini tidak dapat dibetulkan dari sini").problems
    today = clock.today()
    author = row.author if row.author is not None else by
    (outcome,) = care.append_records(
        [sent.draft], author=author, device=phone.pk, today=today, refresh=False, keeps_unread=True,
        facility=phone.scope_code,
    )  # fmt: skip
    if not outcome.is_accepted:
        return outcome.problems
    _let_in(phone, row, outcome, by, today)
    return ()


@transaction.atomic
def dismiss(refusal: Refusal, *, by: User, reason: str) -> None:
    """It will never come into the log, and why; its phone hears it. ValueError without a reason."""
    if not reason.strip():
        raise ValueError("reason")
    if settle_refusal(refusal.pk, DISMISSED, reason=reason.strip(), by=by):
        access.note(by, "kesampingkan catatan", str(refusal.pk), reason.strip())


def _let_in(phone: Phone, row: Refusal, outcome: Outcome, by: User, today: int) -> None:
    seq = log.seqs_of({row.key or 0}).get(row.key or 0)
    settle_refusal(row.pk, MENDED, seq=seq, by=by)
    access.note(by, "betulkan catatan ditolak", str(row.pk), row.kind)
    ledger = PhoneLedger(phone, today)
    _judge_ripe(phone, ledger)
    settling.note_touched([outcome, *ledger.outcomes])


def _judge_ripe(phone: Phone, ledger: PhoneLedger) -> None:
    """Refusals of a phone whose record has come from elsewhere, round after round until nothing more comes of it."""
    while ledger.has_refusals:
        rows = list(Refusal.objects.filter(phone=phone, state=OPEN, waits_for__isnull=False))
        come = log.seqs_of({row.waits_for for row in rows if row.waits_for is not None})
        ripe = [held_of(row) for row in rows if row.waits_for in come]
        if not ripe:
            return
        for _ in again(ledger, ripe):
            pass  # each one is settled, or held for what else it lacks


def _writers(by: User, place: areas.Area, users: Collection[int]) -> list[int]:
    """Those of the users who work in the place or below it."""
    found = []
    for user in User.objects.filter(pk__in=list(users), is_active=True).order_by("pk"):
        try:
            inside = user.scope_code == place.code or place.code in {
                step.code for step in areas.area_path(user.scope_code)
            }
            access_area(by, user.scope_code)
        except NotInScope:
            inside = False
        if inside:
            found.append(user.pk)
    return found


def codes_of(code: str) -> dict[str, str]:
    """The columns by which the desk finds what belongs to a place."""
    path = areas.area_path(code)
    codes = {
        f"{step.kind}_code": step.code for step in path if step.kind in ("puskesmas", "posyandu", "desa")
    }
    desas = [each.code for each in areas.areas_under(code, areas.DESA)]
    return {"desa_code": desas[0] if desas else "", **codes}


def new_code() -> str:
    """What enrols a device, once."""
    return secrets.token_urlsafe(_CODE_BYTES)


def new_token() -> str:
    """What a device shows at each call."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hashed(secret: str) -> str:
    """Secrets of 128 bits and more need no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
