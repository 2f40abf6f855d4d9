"""When the server of a puskesmas shows nobody: its content was erased, or its first area is still coming."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from siklus.site.upkeep.erasing import erased, left_outside
from siklus.sync.edge.gate import Coming, coming

_GONE, _UNFIT, _FORBIDDEN = 410, 503, 403
_RETRY_SECONDS = 60
# Not the answer that wipes a phone: what it has not sent yet is only there now.
_PHONES = {
    "error": "state",
    "state": "terhapus",
    "words": "Isi server puskesmas ini sudah dihapus. Catatan Anda tetap aman di ponsel; hubungi puskesmas.",
}


class ShowsNobody:
    """Before anything reads the database: it is not there any more, or holds half of what it ought to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note = erased()
        if note is None:
            now = coming()
            return self.get_response(request) if now is None else _not_yet(request, now)
        if request.path == "/health":
            return JsonResponse({"status": "unfit"}, status=_UNFIT)
        if request.path.startswith("/api/"):
            return JsonResponse(_PHONES, status=_FORBIDDEN)
        holding = [each for each in note.farewell["devices"] if each["pending"]]
        context = {"note": note, "outside": left_outside(), "holding": holding}
        return HttpResponse(render_to_string("410.html", context), status=_GONE)


def _not_yet(request: HttpRequest, now: Coming) -> HttpResponse:
    if request.path == "/health" or request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"status": "unfit", "saved": False}, status=_UNFIT)
    else:
        answer = HttpResponse(render_to_string("503_area.html", {"coming": now}), status=_UNFIT)
    answer.headers["Retry-After"] = str(_RETRY_SECONDS)
    return answer
