"""Each form that writes carries a ticket, used in the transaction that keeps it: sent twice, it is kept once.

The session cannot hold them: when the answer of the database is lost, the session is lost with it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from siklus.access.models import UsedTicket

_LONGEST = 64


def new() -> str:
    """A ticket for a form that is about to be shown."""
    return secrets.token_urlsafe()


def is_used(ticket: str) -> bool:
    """Whether the form with this ticket was kept before."""
    return UsedTicket.objects.filter(code=ticket[:_LONGEST]).exists()


def use(ticket: str) -> bool:
    """Uses it up with whatever else the transaction keeps; False when another one was first. None at all is new."""
    now = timezone.now()
    UsedTicket.objects.filter(used_at__lt=now - timedelta(seconds=settings.SIKLUS_SESSION_SECONDS)).delete()
    _, is_first = UsedTicket.objects.get_or_create(code=ticket[:_LONGEST] or new(), defaults={"used_at": now})
    return is_first
