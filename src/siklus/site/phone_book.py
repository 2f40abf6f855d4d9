"""`/aturan/`: the rule book for phones, from our own origin. What has a hash in its name may be kept for ever."""

from __future__ import annotations

import gzip
from functools import lru_cache
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from siklus.library import Book, load_book
from siklus.library.phone import MANIFEST, phone_files

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {".js": "text/javascript", ".json": "application/json", ".ts": "text/plain"}


@require_safe
def phone_file(request: HttpRequest, name: str) -> HttpResponse:
    """One file of the rule book of today; nobody's data is in it, so nobody has to log in."""
    files = _files(load_book())
    if name not in files:
        raise Http404(name)
    plain, packed = files[name]
    tag = f'"{sha256(plain).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        wants_packed = "gzip" in request.headers.get("Accept-Encoding", "")
        suffix = name[name.rindex(".") :]
        response = HttpResponse(
            packed if wants_packed else plain, content_type=f"{_TYPES[suffix]}; charset=utf-8"
        )
        if wants_packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _ASK_AGAIN if name == MANIFEST else _FOR_EVER
    response.headers["ETag"] = tag
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=2)
def _files(book: Book) -> dict[str, tuple[bytes, bytes]]:
    """Each file as it is and packed, made once for each book."""
    texts = {name: text.encode() for name, text in phone_files(book).items()}
    return {name: (text, gzip.compress(text, mtime=0)) for name, text in texts.items()}
