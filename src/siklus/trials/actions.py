"""What changes in trials: a case is kept, changed or taken out, each with a line of the audit.

From the first kept case on, the rule book is changed by `siklus rules use` alone, which asks the cases first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from siklus.access.actions import note
from siklus.access.queries import User
from siklus.library.expected import Expected
from siklus.library.switching import pin_what_serves
from siklus.trials.models import KeptCase

TITLE_LENGTH = 120


def keep_case(*, user: User | None, title: str, life: Mapping[str, Any], expected: Expected) -> int:
    """A new case of the set; its number."""
    pin_what_serves()
    row = KeptCase(author=user)
    _fill(row, title, life, expected)
    with transaction.atomic():
        row.save()
        if user is not None:
            note(user, "simpan kasus uji", f"kasus {row.pk}", expected.need)
    return row.pk


@transaction.atomic
def change_case(case_id: int, *, user: User, title: str, life: Mapping[str, Any], expected: Expected) -> None:
    """The same case, written anew; LookupError when it was taken out meanwhile."""
    row = KeptCase.objects.filter(pk=case_id).first()
    if row is None:
        raise LookupError(case_id)
    _fill(row, title, life, expected)
    row.changed_by, row.changed_at = user, timezone.now()
    row.save()
    note(user, "ubah kasus uji", f"kasus {case_id}", expected.need)


@transaction.atomic
def drop_case(case_id: int, *, user: User) -> None:
    """Takes a case out of the set; what it said stays in the audit."""
    row = KeptCase.objects.filter(pk=case_id).first()
    if row is not None:
        note(user, "hapus kasus uji", f"kasus {case_id}", f"{row.need} {row.status} {row.life}")
        row.delete()


def _fill(row: KeptCase, title: str, life: Mapping[str, Any], expected: Expected) -> None:
    row.title = title[:TITLE_LENGTH]
    row.life = json.dumps(life, ensure_ascii=False, sort_keys=True)
    row.need, row.status = expected.need, expected.status
    row.due, row.overdue = expected.due, expected.overdue
