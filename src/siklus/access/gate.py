"""Logging in: a wrong password is counted per user name, in the audit; after a few the name waits a quarter of an hour.

Counted in the database, not in memory, so that several server processes agree. Whether a name exists is never said.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth import authenticate, login
from django.http import HttpRequest
from django.utils import timezone

from siklus.access.models import AuditEntry, User

MOST_TRIES = 5
WAIT = datetime.timedelta(minutes=15)
REFUSED, ENTERED = "masuk ditolak", "masuk"
_NAME = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a try: in, or how many tries are left; none left means waiting."""

    is_in: bool
    tries_left: int


def enter(request: HttpRequest, *, username: str, password: str) -> Entry:
    """Log in with a name and a password; every try leaves a line in the audit."""
    subject = username.casefold()[:_NAME]
    tries = _refusals(subject)
    if tries >= MOST_TRIES:
        return Entry(is_in=False, tries_left=0)
    user = authenticate(request, username=username, password=password)
    if user is None:
        AuditEntry.objects.create(user=None, action=REFUSED, subject=subject)
        return Entry(is_in=False, tries_left=MOST_TRIES - tries - 1)
    assert isinstance(user, User)
    login(request, user)
    AuditEntry.objects.create(user=user, action=ENTERED, subject=subject)
    return Entry(is_in=True, tries_left=MOST_TRIES)


def _refusals(subject: str) -> int:
    """Wrong passwords for this name within the wait, since it last got in."""
    recent = AuditEntry.objects.filter(subject=subject, at__gt=timezone.now() - WAIT)
    last_entry = recent.filter(action=ENTERED).order_by("-at").values_list("at", flat=True).first()
    refused = recent.filter(action=REFUSED)
    return (refused if last_entry is None else refused.filter(at__gt=last_entry)).count()
