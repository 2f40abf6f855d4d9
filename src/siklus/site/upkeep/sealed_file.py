"""The sealed file of a backup: compressed, encrypted in pieces, and impossible to shorten or change unseen.

One line of plain JSON (who made it, when, which key: no names), then pieces of AES-256-GCM over a zstd stream. The key
of a file is derived from the operator's key, a salt and that very line, so the line cannot be changed either. Each
piece is numbered and the last one says so: a file that was cut does not open.
The operator's key is one line in a file of its own, readable by its owner only, kept apart from the backups.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from siklus.kernel.problems import Problem, ProblemError

FORMAT = "siklus-cadangan-1"
_KEY_FORMAT = "siklus-kunci-1:"
_KEY_BYTES = 32
_PIECE = 1 << 20
_TAG = 16
_LONGEST_HEADER = 1 << 16
_LEVEL = 3


@dataclass(frozen=True)
class Key:
    """The operator's secret; `name` may be shown, it tells one key from another."""

    secret: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(b"siklus key name" + self.secret).hexdigest()[:12]

    def of_file(self, header: bytes) -> AESGCM:
        """The cipher of the file that begins with this line."""
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=FORMAT.encode() + header).derive(self.secret)
        return AESGCM(derived)


def make_key(path: Path) -> Key:
    """A new key in a file of its own (0600); ProblemError when there is a file already: a key is never overwritten."""
    secret = secrets.token_bytes(_KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise problem("U01", f"{path} sudah ada", "Kunci tidak pernah ditimpa. Pilih berkas lain.") from None
    with os.fdopen(handle, "w") as file:
        file.write(f"{_KEY_FORMAT}{base64.urlsafe_b64encode(secret).decode()}\n")
    return Key(secret)


def read_key(path: Path) -> Key:
    """The key in the file; ProblemError when it is no key, or when others than its owner may read it."""
    try:
        text, mode = path.read_text().strip(), path.stat().st_mode & 0o777
    except (OSError, UnicodeDecodeError):
        raise problem("U02", f"kunci {path} tidak dapat dibaca", "Periksa SIKLUS_BACKUP_KEY.") from None
    if mode & 0o077:
        raise problem("U03", f"kunci {path} dapat dibaca orang lain", f"chmod 600 {path}")
    try:
        secret = base64.urlsafe_b64decode(text.removeprefix(_KEY_FORMAT))
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(_KEY_FORMAT) or len(secret) != _KEY_BYTES:
        raise problem("U02", f"{path} bukan kunci cadangan", "Periksa SIKLUS_BACKUP_KEY.")
    return Key(secret)


class SealedWriter(io.RawIOBase):
    """Takes plain bytes; what reaches the file is compressed and encrypted. Only `close` makes it whole."""

    def __init__(self, file: IO[bytes], key: Key, about: Mapping[str, Any]) -> None:
        salt = secrets.token_hex(16)
        header = json.dumps({"format": FORMAT, **about, "key": key.name, "salt": salt}).encode() + b"\n"
        file.write(header)
        self._file, self._cipher, self._count = file, key.of_file(header), 0
        self._squeeze = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += self._squeeze.compress(bytes(data))
        while len(self._waiting) > _PIECE:  # strictly: the last piece is written by close, and is never empty
            self._put(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def finish(self) -> None:
        """The last piece; the file stays open, its owner decides when it is safe on the disk."""
        self._waiting += self._squeeze.flush()
        while len(self._waiting) > _PIECE:
            self._put(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._count, is_last), piece, None))
        self._count += 1


class _Pieces(io.RawIOBase):
    """The compressed stream behind the pieces."""

    def __init__(self, file: IO[bytes], cipher: AESGCM) -> None:
        self._file, self._cipher, self._count = file, cipher, 0
        self._left, self._next = b"", file.read(_PIECE + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and self._next:
            sealed, self._next = self._next, self._file.read(_PIECE + _TAG)
            try:
                self._left = self._cipher.decrypt(_nonce(self._count, not self._next), sealed, None)
            except InvalidTag:
                raise problem(
                    "U04", "cadangan rusak atau terpotong", "Pakai cadangan lain; periksa disknya."
                ) from None
            self._count += 1
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def read_header(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The plain first line, as values and as it stands; ProblemError when this is no backup of ours."""
    line = file.readline(_LONGEST_HEADER)
    try:
        about = json.loads(line)
    except ValueError:
        about = None
    if not isinstance(about, dict) or about.get("format") != FORMAT or not line.endswith(b"\n"):
        raise problem("U05", "berkas ini bukan cadangan Siklus", "Pilih berkas .siklus.")
    return about, line


def open_sealed(file: IO[bytes], key: Key) -> tuple[dict[str, Any], io.BufferedReader]:
    """What the first line says, and the plain bytes behind it."""
    about, line = read_header(file)
    if about.get("key") != key.name:
        raise problem(
            "U06", f"cadangan ini dikunci dengan kunci {about.get('key')}, bukan {key.name}",
            "Pakai --key dengan berkas kunci yang dulu dipakai.",
        )  # fmt: skip
    pieces = io.BufferedReader(_Pieces(file, key.of_file(line)), _PIECE)
    plain = zstandard.ZstdDecompressor().stream_reader(pieces, read_across_frames=False)
    return about, io.BufferedReader(plain, _PIECE)


def problem(code: str, found: str, todo: str) -> ProblemError:
    """One problem of upkeep."""
    return ProblemError([Problem(code, "", found, "", todo)])


def _nonce(count: int, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])
