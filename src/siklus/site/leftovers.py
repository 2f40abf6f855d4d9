"""What a server says whose content its district had erased: one page, to everybody, about nothing else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from siklus.site.upkeep.erasing import erased, left_outside

_GONE, _UNFIT, _FORBIDDEN = 410, 503, 403
# Not the answer that wipes a phone: what it has not sent yet is only there now.
_PHONES = {
    "error": "state",
    "state": "terhapus",
    "words": "Isi server puskesmas ini sudah dihapus. Catatan Anda tetap aman di ponsel; hubungi puskesmas.",
}


class OnlyThatItWasErased:
    """Before anything reads the database: it is not there any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note = erased()
        if note is None:
            return self.get_response(request)
        if request.path == "/health":
            return JsonResponse({"status": "unfit"}, status=_UNFIT)
        if request.path.startswith("/api/"):
            return JsonResponse(_PHONES, status=_FORBIDDEN)
        holding = [each for each in note.farewell["devices"] if each["pending"]]
        context = {"note": note, "outside": left_outside(), "holding": holding}
        return HttpResponse(render_to_string("410.html", context), status=_GONE)
