"""When the disk is full or the database does not take a record: a kind page that says what is saved and what is not.

Every save is one transaction, so a fault leaves nothing half-saved. One case cannot be known from here: the answer of
the database was lost on the way, or the page failed after the record was kept. Then the page says so.
"""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

from siklus.site.measures import count_fault

FULL, READ_ONLY, BUSY, GONE = "full", "read_only", "busy", "gone"
ANSWERED = "siklus_view_answered"
_RETRY_SECONDS = {FULL: 300, READ_ONLY: 300, BUSY: 5, GONE: 30}
_OF_SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY}
_OF_STATE = {"53100": FULL, "25006": READ_ONLY, "55P03": BUSY, "40P01": BUSY, "40001": BUSY}
_OF_SQLITE = (
    ("database or disk is full", FULL),
    ("readonly database", READ_ONLY),
    ("locked", BUSY),
)
_READING = ("GET", "HEAD", "OPTIONS")
_log = logging.getLogger("siklus.faults")


@dataclass(frozen=True)
class Fault:
    """What failed, and whether what was sent is surely not saved."""

    kind: str
    is_reading: bool
    is_surely_unsaved: bool


def kind_of(error: BaseException | None) -> str:
    """Which of the four it is; empty for a fault of Siklus itself."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    for one in chain:
        kind = _OF_STATE.get(getattr(one, "sqlstate", None) or "")
        kind = kind or (_OF_SYSTEM.get(one.errno or 0) if isinstance(one, OSError) else None)
        if isinstance(one, OperationalError):
            kind = kind or next((kind for words, kind in _OF_SQLITE if words in str(one)), None)
        if kind:
            return kind
    return GONE if any(isinstance(one, OperationalError | InterfaceError) for one in chain) else ""


@requires_csrf_token
def told(request: HttpRequest) -> HttpResponse:
    """Django's handler of errors: the kind page for these faults, the usual one for any other."""
    kind = kind_of(sys.exc_info()[1])
    if not kind:
        return server_error(request)
    fault = Fault(
        kind=kind,
        is_reading=request.method in _READING,
        is_surely_unsaved=kind != GONE and not getattr(request, ANSWERED, False),
    )
    count_fault(kind)
    _log.error("fault", extra={"event": {"fault": kind, "method": request.method or ""}})
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(
            {"status": 503, "fault": kind, "saved": False if fault.is_surely_unsaved else None}, status=503
        )
    else:
        answer = HttpResponse(render_to_string("503.html", {"fault": fault}), status=503)
    answer.headers["Retry-After"] = str(_RETRY_SECONDS[kind])
    return answer
