"""What people want done with their data beyond care: who objects to a purpose, by the last thing they said of it.

Consent that was refused or taken back counts as an objection; a later consent ends one. Care itself is recorded all the
same: neither kind changes a need, a list or a figure.
"""

from __future__ import annotations

from siklus.care import log
from siklus.care.models import Record
from siklus.library.loading import load_book
from siklus.records.effective import effective

CONSENT, OBJECTION = "persetujuan_data", "keberatan_data"
_PURPOSE, _AGREES, _PURPOSES = "tujuan", "setuju", "tujuan_data"


def purposes() -> tuple[str, ...]:
    """The uses of data that somebody may object to."""
    return tuple(load_book().vocabulary.codes[_PURPOSES])


def objecting(purpose: str, until: int | None = None) -> frozenset[int]:
    """Everybody whose data may not be used for this purpose (as said up to a day), with all who are one with them.

    KeyError for a purpose nobody can object to: a use that was forgotten here must not pass.
    """
    if purpose not in purposes():
        raise KeyError(purpose)
    into = log.survivors_now()
    last: dict[int, bool] = {}
    said = effective(log.stored(Record.objects.filter(kind__in=(CONSENT, OBJECTION))))
    for row in sorted(said, key=lambda row: (row.on, row.id)):
        if row.person is None or row.data.get(_PURPOSE) != purpose or (until is not None and row.on > until):
            continue
        last[into.get(row.person, row.person)] = row.kind == OBJECTION or row.data.get(_AGREES) is not True
    told = {person for person, objects in last.items() if objects}
    return frozenset(told | {absorbed for absorbed, survivor in into.items() if survivor in told})
