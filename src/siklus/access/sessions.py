"""How long a login is believed, what must come before anything opens, and what is asked again before a dangerous act.

The figures of time are those of OWASP ASVS 4.0.3, V3.3.2 level 2 (12 hours, or 30 minutes of inactivity); they stand
in the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from siklus.access import actions, second_step
from siklus.access.models import User

BEGAN, SEEN, SURE, PASSED = "masuk_pada", "terakhir_pada", "yakin_pada", "langkah_kedua"
CODE, SET_UP, OWN_PASSWORD, AGAIN = "desk:code", "desk:second_step", "desk:password", "desk:sure"
_ALWAYS = ("desk:login", "desk:logout", "set_language", "health", "metrics")
_WRITE_EVERY = 60
View = Callable[..., HttpResponse]


class BelievedForAWhile:
    """Logs out whoever came in too long ago or has been silent too long; the page then asks for a login as ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = _now()
            began, seen = request.session.setdefault(BEGAN, now), request.session.setdefault(SEEN, now)
            if now - began > settings.SIKLUS_SESSION_SECONDS or now - seen > settings.SIKLUS_IDLE_SECONDS:
                actions.note(request.user, "masuk habis waktu")
                logout(request)
            elif now - seen >= _WRITE_EVERY:
                request.session[SEEN] = now
        return self.get_response(request)


class NothingBeforeThat:
    """A second step that is wanted, then a password of one's own, come before every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = what_comes_first(request)
        if first is None or request.path == reverse(first) or request.path in map(reverse, _ALWAYS):
            return self.get_response(request)
        return HttpResponseRedirect(f"{reverse(first)}?{urlencode({'next': _back_to(request)})}")


def what_comes_first(request: HttpRequest) -> str | None:
    """The page on which this user still has to do something before anything else opens."""
    user = request.user
    if not isinstance(user, User):
        return None
    if request.session.get(PASSED) != user.pk and second_step.is_wanted(user):
        return CODE if second_step.has(user) else SET_UP
    return OWN_PASSWORD if user.has_given_password else None


def pass_second_step(request: HttpRequest) -> None:
    """The code was right, in this session."""
    request.session.cycle_key()
    request.session[PASSED] = request.user.pk
    be_sure(request)


def be_sure(request: HttpRequest) -> None:
    """They have just shown once more who they are."""
    request.session[SURE] = _now()


def is_sure(request: HttpRequest) -> bool:
    """Have they shown lately who they are?"""
    return 0 <= _now() - int(request.session.get(SURE, 0)) <= settings.SIKLUS_SURE_SECONDS


def asking_again(view: View) -> View:
    """A view that opens only to who has shown lately who they are: a desk left alone makes no users and no copies."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User) and not is_sure(request):
            return HttpResponseRedirect(f"{reverse(AGAIN)}?{urlencode({'next': _back_to(request)})}")
        return view(request, *args, **kwargs)

    return guarded


def note_login(request: HttpRequest, **_kwargs: Any) -> None:
    """Django's signal `user_logged_in` (connected by `apps`): who has just come in has just shown who they are."""
    be_sure(request)


def _back_to(request: HttpRequest) -> str:
    """Where they were going; what they were sending is sent anew."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path


def _now() -> int:
    return int(timezone.now().timestamp())
