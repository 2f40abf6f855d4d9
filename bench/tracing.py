"""After the faults: each record that a phone was told of, looked for where it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.sending import Sender


@dataclass(frozen=True, slots=True)
class Traced:
    """`missing`: told as kept and not there as it was sent, or told as refused and not in sight. `doubled`: there twice, or
    at two places, or both kept and refused, or never told of and there all the same."""

    acknowledged: int
    missing: int
    doubled: int
    refused_visible: int
    is_without_gaps: bool
    breaks: int

    def as_json(self) -> dict[str, Any]:
        """For the last line."""
        return asdict(self)


def traced(senders: Sequence[Sender], first: int) -> Traced:
    """`first` is the first place in the log of this run."""
    from django.db import connection

    from siklus.access.audit import verify
    from siklus.care import log
    from siklus.care.models import Record
    from siklus.kernel.dates import iso
    from siklus.kernel.ids import device_of, format_record_id
    from siklus.register.identity import opened_data
    from siklus.sync.models import Refusal

    connection.close()  # the database may have been started again since
    missing = doubled = visible = acknowledged = 0
    rows = list(log.stored(Record.objects.filter(seq__gte=first).order_by("seq")))
    here = {format_record_id(row.id): row for row in rows}
    refused = {
        format_record_id(key)
        for key in Refusal.objects.filter(state="terbuka").values_list("key", flat=True)
        if key is not None
    }
    for sender in senders:
        acknowledged += len(sender.acknowledged)
        doubled += len(sender.wavered) + len(refused & sender.acknowledged.keys())
        for key, seq in sender.acknowledged.items():
            row, item = here.get(key), sender.sent[key]
            said = None if row is None else (row.seq, row.kind, iso(row.on), dict(opened_data(row.data)))
            missing += said != (seq, item["kind"], item["on"], item["data"])
        told = {key for key, answer in sender.answers.items() if answer["status"] == "refused"}
        visible += len(told & refused)
        missing += len(told - refused)
        own = {key for key, row in here.items() if device_of(row.id) == sender.device}
        doubled += len(own - sender.acknowledged.keys())
    doubled += len(rows) - len(here)
    return Traced(
        acknowledged=acknowledged, missing=missing, doubled=doubled, refused_visible=visible,
        is_without_gaps=[row.seq for row in rows] == list(range(first, first + len(rows))),
        breaks=len(verify()),
    )  # fmt: skip
