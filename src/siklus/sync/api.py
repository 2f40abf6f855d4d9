"""The wire over HTTP: who calls, in which version, and what they are answered. What is decided is decided elsewhere.

Every answer is JSON. A phone that may not sync is told so in Indonesian words it can show as they are.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from siklus.access import clock
from siklus.sync import actions, packing, paging, protocol, snapshots, telling
from siklus.sync.edge import district
from siklus.sync.models import ACTIVE, EMPTY, WIPE, Phone
from siklus.sync.openapi import document
from siklus.sync.outcomes import outcomes_after
from siklus.sync.pulling import LogSource
from siklus.sync.queries import has_writer, phone_of
from siklus.sync.wire import read_json

MOST_ITEMS, MOST_BYTES, MOST_OUTCOMES = 500, 4 * 1024 * 1024, 200
_FURTHEST = 2**31 - 1  # seconds, 68 years: as far as the column goes
_SCHEME = "Siklus "
_NDJSON = "application/x-ndjson"
View = Callable[..., HttpResponse]

_WORDS = {
    "token": "Ponsel ini belum terdaftar. Minta kode QR baru di puskesmas.",
    "state": "Ponsel ini dihentikan oleh puskesmas. Catatan Anda tetap aman di ponsel; hubungi puskesmas.",
    "wipe": "Puskesmas meminta isi ponsel ini dihapus.",
    "code": "Kode ini sudah dipakai atau sudah kedaluwarsa. Minta kode baru.",
    "body": "Kiriman tidak terbaca. Catatan Anda tetap di ponsel.",
    "edge": "Alamat ini untuk server puskesmas.",
    "large": "Kiriman terlalu besar. Kirim lebih sedikit sekaligus.",
    "method": "Alamat ini tidak menerima permintaan seperti itu.",
}


def speaking(method: str) -> Callable[[View], View]:
    """A view for phones: one method, a version that is spoken."""

    def guarding(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                answer = _said(request, 405, "method")
                answer.headers["Allow"] = method
                return answer
            asked = request.headers.get(protocol.HEADER, "")
            version = protocol.chosen(asked)
            if version is None:
                return _json(request, protocol.update_words(asked), 426)
            return view(request)

        return guarded

    return guarding


def known(view: View) -> View:
    """A view for an enrolled phone that may sync; what it says of itself is noted."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        phone = _phone(request)
        if phone is None:
            return _said(request, 401, "token")
        is_emptied = phone.state == EMPTY
        # Who is to send first and be wiped then gets nothing down any more.
        if phone.state == WIPE or (is_emptied and request.method == "GET"):
            return _said(request, 410, "wipe", wipe=True)
        actions.note_contact(
            phone,
            app_version=request.headers.get("Siklus-App", ""),
            protocol=protocol.chosen(request.headers.get(protocol.HEADER, "")) or 0,
            clock_offset=_offset(request.headers.get("Siklus-Clock", "")),
            pending=_count(request.headers.get("Siklus-Pending", "")),
        )
        if phone.state != ACTIVE and not is_emptied:
            return _said(request, 403, "state", state=phone.state)
        return view(request, phone)

    return guarded


def in_use(view: View) -> View:
    """A view for a phone on which somebody may still write: people who were stopped hear nothing new of others.

    What they had written is taken in all the same (`push`).
    """

    @wraps(view)
    def guarded(request: HttpRequest, phone: Phone) -> HttpResponse:
        return (
            view(request, phone) if has_writer(phone) else _said(request, 403, "state", state="tanpa pemakai")
        )

    return guarded


@speaking("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    """A phone shows the code of its QR and becomes a device."""
    body = _body(request)
    code = body.get("code") if body is not None else None
    if body is None or not isinstance(code, str):
        return _said(request, 400, "body")
    if body.get("edge") is True:
        return _enrolled_edge(request, code)
    key = actions.enrol(code)
    if key is None:
        return _said(request, 403, "code")
    return _json(request, {"protocol": protocol.NEWEST, "device": key.device, "token": key.token})


@speaking("POST")
@known
def push(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Records of a phone, answered one by one; everything answered is kept."""
    body = _body(request)
    items = body.get("records") if body is not None else None
    last, heard = (body or {}).get("last"), (body or {}).get("heard", 0)
    if not isinstance(items, list) or not _is_number(heard) or not (last is None or _is_number(last)):
        return _said(request, 400, "body")
    if len(items) > MOST_ITEMS:
        return _said(request, 413, "large", most=MOST_ITEMS)
    answers = actions.push(phone.device_id, items, last_number=last, today=clock.today())
    phone.refresh_from_db()
    outcomes = outcomes_after(phone, heard, MOST_OUTCOMES)
    told = {
        "protocol": protocol.NEWEST,
        "answers": telling.answers(answers),
        "outcomes": telling.outcomes(outcomes),
        "heard": outcomes[-1].number if outcomes else heard,
        "phone": telling.phone_card(phone),
    }
    return _json(request, told)


@speaking("GET")
@known
@in_use
def pull(request: HttpRequest, phone: Phone) -> HttpResponse:
    """What is new after a cursor; without one that holds the phone is sent to the snapshot."""
    text, heard = request.GET.get("after", ""), _count(request.GET.get("heard", "")) or 0
    today = clock.today()  # before anything is asked: what a midnight changes meanwhile the next page tells
    cursor = telling.standing_cursor(phone, text, today)
    if cursor is None:
        return _json(request, {"protocol": protocol.NEWEST, "snapshot": "/api/sync/snapshot"})
    page = paging.page(LogSource(phone, today), cursor.seq, day=cursor.day)
    outcomes = outcomes_after(phone, heard, MOST_OUTCOMES)
    places, word = telling.places(phone)
    actions.note_pulled(phone, page.upto)
    told = {
        "protocol": protocol.NEWEST,
        **telling.page(page),
        "outcomes": telling.outcomes(outcomes),
        "heard": outcomes[-1].number if outcomes else heard,
        "phone": telling.phone_card(phone),
        "book": telling.book(),
        "cursor": telling.cursor(phone, page.upto, day=today, places=word),
    }
    told["more"] = page.has_more or len(outcomes) == MOST_OUTCOMES
    if word != cursor.places:
        told["places"] = places
    return _json(request, told)


@speaking("GET")
@known
@in_use
def snapshot(request: HttpRequest, phone: Phone) -> HttpResponse:
    """All records of the area in one packed file; a broken download goes on by Range and If-Range."""
    encoding = packing.chosen(request.headers.get("Accept-Encoding", ""))
    wanted = request.headers.get("If-Range", "").strip('"') or request.headers.get("If-None-Match", "").strip(
        '"'
    )
    found, content = snapshots.snapshot_for(phone, encoding, clock.today(), wanted.partition("-")[0])
    tag = f'"{found.tag}-{encoding}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = _parts(request, content, tag)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers[protocol.HEADER] = str(protocol.NEWEST)
    patch_vary_headers(response, ["Accept-Encoding", "Authorization"])
    return response


@speaking("POST")
@known
def edge(request: HttpRequest, phone: Phone) -> HttpResponse:
    """An edge tells of its devices, and hears what it needs besides records: places and users."""
    if not phone.is_edge:
        return _said(request, 403, "edge")
    devices = _devices(_body(request) or {})
    if devices is None:
        return _said(request, 400, "body")
    answer = district.ground(phone, devices)
    district.note_seen(phone)
    return _json(request, {"protocol": protocol.NEWEST, "empty": phone.state == EMPTY, **answer})


@speaking("POST")
def wiped(request: HttpRequest) -> HttpResponse:
    """The phone has forgotten everything it was asked to forget. An edge says what it had not sent."""
    phone = _phone(request)
    if phone is None:
        return _said(request, 401, "token")
    if phone.state not in (WIPE, EMPTY):
        return _said(request, 403, "state", state=phone.state)
    body = (_body(request) or {}) if phone.is_edge else {}
    district.keep_devices(phone, _devices(body) or ())
    district.note_seen(phone)
    actions.note_wiped(phone, body["lost"] if _is_number(body.get("lost")) else None)
    return _json(request, {"protocol": protocol.NEWEST})


def openapi(request: HttpRequest) -> HttpResponse:
    """The document of this interface; nobody's data is in it."""
    if request.method not in ("GET", "HEAD"):
        return _said(request, 405, "method")
    return _json(request, document())


def _enrolled_edge(request: HttpRequest, code: str) -> HttpResponse:
    found = district.enrol(code)
    if found is None:
        return _said(request, 403, "code")
    key, block = found
    told = {"device": key.device, "token": key.token, "last_device": block[-1]}
    return _json(request, {"protocol": protocol.NEWEST, **told})


def _parts(request: HttpRequest, content: bytes, tag: str) -> HttpResponse:
    part = packing.part_of(request.headers.get("Range", ""), len(content))
    if part is None or request.headers.get("If-Range", tag) != tag:
        return HttpResponse(content, content_type=_NDJSON)
    if part.start >= part.stop:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{len(content)}"
        return response
    response = HttpResponse(content[part.start : part.stop], content_type=_NDJSON, status=206)
    response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return response


def _phone(request: HttpRequest) -> Phone | None:
    given = request.headers.get("Authorization", "")
    device, _, token = given.removeprefix(_SCHEME).partition(".")
    if not given.startswith(_SCHEME) or not (
        device.isascii() and device.isdecimal() and len(device) < len("10000000")
    ):
        return None
    return phone_of(int(device), token)


def _body(request: HttpRequest) -> Mapping[str, Any] | None:
    if (_count(request.headers.get("Content-Length", "")) or 0) > MOST_BYTES:
        return None
    try:
        told = request.body
    except RawPostDataException:  # a form with files, read as one before it came here: no phone sends that
        return None
    plain = packing.unpacked(told, request.headers.get("Content-Encoding", ""), MOST_BYTES)
    try:
        found = read_json(plain) if plain is not None else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _devices(body: Mapping[str, Any]) -> list[district.Told] | None:
    """The devices an edge speaks of; None when it does not."""
    told = body.get("devices")
    if not isinstance(told, list):
        return None
    return [
        district.Told(
            each["device"], str(each.get("name", "")), each["last"],
            each["pending"] if _is_number(each.get("pending")) else None,
        )
        for each in told
        if isinstance(each, dict) and _is_number(each.get("device")) and _is_number(each.get("last"))
    ]  # fmt: skip


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else None


def _offset(text: str) -> int | None:
    """By how many seconds the phone's clock is ahead of this one; None when it does not say."""
    try:
        told = datetime.datetime.fromisoformat(text)
        ahead = round((told - timezone.now()).total_seconds()) if told.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return None if ahead is None else max(-_FURTHEST, min(_FURTHEST, ahead))


def _said(request: HttpRequest, status: int, error: str, **more: object) -> HttpResponse:
    return _json(request, {"error": error, "words": _WORDS[error], **more}, status)


def _json(request: HttpRequest, told: object, status: int = 200) -> HttpResponse:
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    encoding = (
        packing.chosen(request.headers.get("Accept-Encoding", ""))
        if len(plain) > packing.SMALL
        else "identity"
    )
    response = HttpResponse(packing.packed(plain, encoding), content_type="application/json", status=status)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.headers[protocol.HEADER] = str(protocol.NEWEST)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
