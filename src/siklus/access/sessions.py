"""How long a login is believed: not past some hours, nor past some minutes in which nothing was asked.

The figures are those of OWASP ASVS 4.0.3, V3.3.2 level 2 (12 hours, or 30 minutes of inactivity), in the settings.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from siklus.access import actions

BEGAN, SEEN = "masuk_pada", "terakhir_pada"
_WRITE_EVERY = 60


class BelievedForAWhile:
    """Logs out whoever came in too long ago or has been silent too long; the page then asks for a login as ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            began, seen = request.session.setdefault(BEGAN, now), request.session.setdefault(SEEN, now)
            if now - began > settings.SIKLUS_SESSION_SECONDS or now - seen > settings.SIKLUS_IDLE_SECONDS:
                actions.note(request.user, "masuk habis waktu")
                logout(request)
            elif now - seen >= _WRITE_EVERY:
                request.session[SEEN] = now
        return self.get_response(request)
