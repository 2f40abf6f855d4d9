"""Which numbers of a phone the server has not seen: neither in the log nor among what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

from siklus.care import queries as log
from siklus.kernel.ids import MAX_NUMBER, number_of, record_key
from siklus.sync.models import Phone, Refusal, TakenOut

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A device with what is known of its numbers; `phone` is who sends them."""

    phone: int
    device: int
    seen_until: int
    last_number: int


def of_phone(phone: Phone) -> Counted:
    """A phone, or an edge as its own desk writes."""
    return Counted(phone.device_id, phone.device_id, phone.seen_until, phone.last_number)


def seen_until(device: Counted, *, is_plain: bool = False) -> int:
    """The highest number up to which nothing is missing; only the log is looked at where all that came is there."""
    last = device.seen_until
    for number in _seen(device, last, is_plain):
        if number > last + 1:
            break
        last = max(last, number)
    return last


def missing(device: Counted, limit: int) -> list[Run]:
    """Runs of numbers (first, last) that have not come, up to the last one it spoke of; at most `limit` runs."""
    runs: list[Run] = []
    before = device.seen_until
    for number in _seen(device, before):
        if number > before + 1:
            runs.append((before + 1, number - 1))
        before = max(before, number)
        if len(runs) >= limit:
            return runs
    if before < device.last_number:
        runs.append((before + 1, device.last_number))
    return runs


def _seen(device: Counted, after: int, is_plain: bool = False) -> Iterator[int]:
    """Numbers above one that are or were here, rising; one may come more than once."""
    if after >= MAX_NUMBER:
        return iter(())
    first, last = record_key(device.device, after + 1), record_key(device.device, MAX_NUMBER)
    kept = log.keys_between(first, last)
    if is_plain:
        return map(number_of, kept)
    refused = Refusal.objects.filter(phone=device.phone, key__range=(first, last)).order_by("key")
    keys = (key for key in refused.values_list("key", flat=True) if key is not None)
    out = TakenOut.objects.filter(key__range=(first, last)).order_by("key").values_list("key", flat=True)
    return map(number_of, merge(kept, keys, out))
