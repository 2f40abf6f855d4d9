"""For every request: a line of the log, one content policy, one rule book; and only letters in what is typed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from siklus.library.loading import book_in_force, holding
from siklus.site.faults import ANSWERED
from siklus.site.logs import route_of
from siklus.site.measures import count_request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SERVER_ERROR = 500
_NUL, _SIGN = "\0", "\N{REPLACEMENT CHARACTER}"
_log = logging.getLogger("siklus.request")


class ToldAndCounted:
    """One line of the log and one count for each request: its route, who by number, how long; no address, no name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        method = request.method if request.method in _METHODS else "?"
        route, status = route_of(request), response.status_code
        count_request(method, route, status, seconds)
        event = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        who = getattr(
            getattr(request, "_cached_user", None), "pk", None
        )  # asking for the user would read the database
        _log.info("request", extra={"event": event | ({"user": who} if who is not None else {})})
        return response


class SaysItAnswered:
    """Innermost: marks that the view is done, so that a later fault (of the session) does not say nothing was saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        setattr(request, ANSWERED, response.status_code < _SERVER_ERROR)
        return response


class StrictContentPolicy:
    """Adds the policy to every answer, also to errors; and forbids shared caches to keep pages with names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class OnlyLetters:
    """NUL is no letter and PostgreSQL keeps none: in what is typed it is read as the sign for what cannot be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in ("GET", "POST"):
            setattr(request, name, _readable(getattr(request, name)))
        return self.get_response(request)


def _readable(typed: QueryDict) -> QueryDict:
    if not any(_NUL in word for name, values in typed.lists() for word in (name, *values)):
        return typed
    found = QueryDict(mutable=True)
    for name, values in typed.lists():
        found.setlist(name.replace(_NUL, _SIGN), [value.replace(_NUL, _SIGN) for value in values])
    return found


class OneRuleBook:
    """A page is made by one rule book from its first line to its last, also while another one takes over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with holding(book_in_force()):
            return self.get_response(request)
