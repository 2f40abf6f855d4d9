"""The edge calls its district over HTTP. What goes wrong is one of two: nobody is reached, or the district says no."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import zstandard

from siklus.kernel.problems import Problem, ProblemError
from siklus.sync import protocol

TIMEOUT_SECONDS = 60.0
_FILE_SECONDS = 600.0  # the file of a large area is made while we wait, where nobody made it before
_CUT, _UNREAD = "sambungan terputus di tengah jalan", "jawaban kabupaten tidak terbaca"
_FAULTS: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], str]] = (
    (ssl.SSLCertVerificationError, "sertifikat server kabupaten tidak sah"),
    (socket.gaierror, "alamat kabupaten tidak ditemukan; periksa internet"),
    (TimeoutError, "server kabupaten terlalu lama tidak menjawab"),
    # An answer that never began counts as none, though its class is that of a cut.
    ((ConnectionRefusedError, http.client.RemoteDisconnected), "server kabupaten tidak menjawab"),
    ((ConnectionError, http.client.IncompleteRead, EOFError), _CUT),
    ((http.client.HTTPException, gzip.BadGzipFile, zlib.error, zstandard.ZstdError, ValueError), _UNREAD),
    (Exception, "server kabupaten tidak terjangkau; periksa internet"),
)
_SAID = {  # the district says these as to a phone
    "token": "Server ini belum terdaftar di kabupaten.",
    "state": "Server ini dihentikan oleh kabupaten. Hubungi kabupaten.",
    "wipe": "Kabupaten meminta isi server ini dihapus.",
}
_NEAR = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST, _PIECE = 2**30, 2**16


class Pieces(Protocol):
    """Where a file is kept that comes in pieces."""

    @property
    def tag(self) -> str:
        """Which file it is."""

    def size(self) -> int:
        """How many bytes of it have come."""

    def begin(self, tag: str) -> None:
        """Another file: nothing of it has come."""

    def add(self, content: bytes) -> None:
        """What came next."""


class Unreached(Exception):
    """No answer that could be read: no network, a cut, a time that ran out. It is tried again; its words are shown."""


class Denied(Exception):
    """The district answered, and said no; `words` are for people. `is_wipe`: it orders that all goes from here."""

    def __init__(self, status: int, words: str, *, is_wipe: bool = False) -> None:
        super().__init__(words)
        self.status, self.words, self.is_wipe = status, words, is_wipe


@dataclass(frozen=True, slots=True)
class District:
    """Where the district is, and who calls."""

    url: str
    device: int = 0
    token: str = ""

    def post(self, path: str, body: object) -> dict[str, Any]:
        """The answer to something told. Unreached, or Denied."""
        return self._json("POST", path, json.dumps(body, separators=(",", ":")).encode())

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a question."""
        return self._json("GET", path)

    def load(self, path: str, into: Pieces) -> None:
        """A file, packed as it is kept there; what has come of it before a cut stays, and is not asked for again."""
        start = into.size()
        more = {"Accept-Encoding": "zstd"}
        if start:
            more |= {"Range": f"bytes={start}-", "If-Range": into.tag}
        with self._asked("GET", path, more=more, patience=_FILE_SECONDS) as told:
            if told.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
                return  # all of it has come already
            if told.status not in (http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT):
                raise Denied(told.status, f"berkas wilayah: {told.status}")
            is_part = told.status == http.HTTPStatus.PARTIAL_CONTENT
            if not is_part:
                into.begin(told.headers.get("ETag", ""))
            while piece := told.read(_PIECE):
                into.add(piece)
            if told.length:
                raise Unreached(_CUT)

    def _json(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        with self._asked(method, path, body) as told:
            found = json.loads(_unpacked(told.read(), told.headers.get("Content-Encoding", "")))
            if told.status == http.HTTPStatus.OK and isinstance(found, dict):
                return found
            if not isinstance(found, dict) or "words" not in found:
                raise Unreached(_UNREAD)
            raise Denied(
                told.status, _SAID.get(found.get("error", ""), str(found["words"])),
                is_wipe=found.get("wipe") is True,
            )  # fmt: skip

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        more: Mapping[str, str] | None = None,
        patience: float = TIMEOUT_SECONDS,
    ) -> Iterator[http.client.HTTPResponse]:
        sent = {
            protocol.HEADER: str(protocol.NEWEST), "Accept-Encoding": "zstd, gzip",
            "Authorization": f"Siklus {self.device}.{self.token}", **(more or {}),
        }  # fmt: skip
        if body:
            sent |= {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        connection = _connect(self.url, patience)
        try:
            packed = gzip.compress(body) if body else None
            connection.request(method, urlsplit(self.url).path.rstrip("/") + path, packed, sent)
            yield connection.getresponse()
        except (
            OSError,
            http.client.HTTPException,
            zlib.error,
            zstandard.ZstdError,
            EOFError,
            ValueError,
        ) as error:
            raise Unreached(next(said for kinds, said in _FAULTS if isinstance(error, kinds))) from error
        finally:
            connection.close()


def checked_url(text: str) -> str:
    """The address of a district; ProblemError for one that would carry names and numbers in clear."""
    parts = urlsplit(text.strip())
    is_near = parts.scheme == "http" and parts.hostname in _NEAR
    if not parts.hostname or not (parts.scheme == "https" or is_near):
        problem = Problem(
            "N01", "alamat", f"'{text}' bukan alamat https", "misalnya https://siklus.kabupaten.go.id"
        )
        raise ProblemError([problem])
    return text.strip().rstrip("/")


def _connect(url: str, patience: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=patience, context=context
        )
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=patience)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=_MOST)
    return gzip.decompress(body) if encoding == "gzip" else body
