"""/health and /metrics, for the machine itself and for who has the token; everybody else learns one word or nothing.

A proxy on the same machine makes every visitor look local: a request that was handed on is never taken for local.
"""

from __future__ import annotations

import hmac
import ipaddress
import os

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from siklus.site.fitness import look
from siklus.site.measures import as_text

_TOKEN = "SIKLUS_METRICS_TOKEN"  # noqa: S105  the name of a variable
_HANDED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when people can work, 503 when not."""
    found = look()
    told = found.as_json() if _may_know(request) else {"status": "ok" if found.is_fit else "unfit"}
    return JsonResponse(told, status=200 if found.is_fit else 503, json_dumps_params={"ensure_ascii": False})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; for others there is no such page."""
    if not _may_know(request):
        raise Http404
    return HttpResponse(as_text(look().as_numbers()), content_type=_TEXT)


def _may_know(request: HttpRequest) -> bool:
    token = os.environ.get(_TOKEN, "")
    said = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return True
    if any(name in request.META for name in _HANDED_ON):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
