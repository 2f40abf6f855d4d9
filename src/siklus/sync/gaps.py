"""Which numbers of a phone the server has not seen: neither in the log nor among what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

from siklus.care import queries as log
from siklus.kernel.ids import MAX_NUMBER, number_of, record_key
from siklus.sync.models import Phone, Refusal

Run = tuple[int, int]


def seen_until(phone: Phone, *, has_refusals: bool = True) -> int:
    """The highest number up to which nothing is missing; nothing is looked for among refusals where there are none."""
    last = phone.seen_until
    for number in _seen(phone, last, has_refusals):
        if number > last + 1:
            break
        last = max(last, number)
    return last


def missing(phone: Phone, limit: int) -> list[Run]:
    """Runs of numbers (first, last) that have not come, up to the last one the phone spoke of; at most `limit` runs."""
    runs: list[Run] = []
    before = phone.seen_until
    for number in _seen(phone, before):
        if number > before + 1:
            runs.append((before + 1, number - 1))
        before = max(before, number)
        if len(runs) >= limit:
            return runs
    if before < phone.last_number:
        runs.append((before + 1, phone.last_number))
    return runs


def _seen(phone: Phone, after: int, has_refusals: bool = True) -> Iterator[int]:
    """Numbers above one that are here, rising; one may come twice."""
    if after >= MAX_NUMBER:
        return iter(())
    first, last = record_key(phone.device_id, after + 1), record_key(phone.device_id, MAX_NUMBER)
    kept = log.keys_between(first, last)
    if not has_refusals:
        return map(number_of, kept)
    refused = Refusal.objects.filter(phone=phone, key__range=(first, last)).order_by("key")
    keys = (key for key in refused.values_list("key", flat=True) if key is not None)
    return map(number_of, merge(kept, keys))
