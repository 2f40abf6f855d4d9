"""Sealing of numbers that name a person (NIK, No. KK): AES-SIV to keep them, HMAC to find them again.

Sealing is deterministic: the same number under the same key is the same text, so that a projection made twice is equal
and a record sent twice is known. The index is a keyed hash with a key of its own: it finds a whole
number and no part of one.
Both texts begin with the id of their key, so that keys can be changed while everything is in use.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MARK, DOT = "~", "."
_KEY_BYTES, _INDEX_BYTES, _ID_BYTES = 64, 16, 2
_REMEMBERED = 20_000


class SealError(Exception):
    """A sealed text that no key at hand opens. Says which key, never what was sealed."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id: `seals` open what was sealed, `indexes` find it. The current ones write."""

    seals: Mapping[str, bytes] = field(repr=False)
    seal_with: str
    indexes: Mapping[str, bytes] = field(repr=False)
    index_with: str
    _known: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def seal(self, what: str, text: str) -> str:
        """The text sealed by the current key, for a value of this sort; what is sealed already is sealed anew."""
        if not text or self.is_current(text):
            return text
        clear = self.opened(what, text)
        told = _cipher(self.seals[self.seal_with]).encrypt(clear.encode(), [what.encode()])
        sealed = f"{MARK}{self.seal_with}{DOT}{_text(told)}"
        self._remember(what, sealed, clear)
        return sealed

    def opened(self, what: str, text: str) -> str:
        """The number itself; a text that was never sealed is given back as it is."""
        if text[:1] != MARK:
            return text
        key, _, told = text[1:].partition(DOT)
        if key not in self.seals:
            raise SealError(f"kunci '{key}' tidak ada")
        try:
            return _cipher(self.seals[key]).decrypt(_bytes(told), [what.encode()]).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError(f"segel dengan kunci '{key}' rusak") from error

    def seal_file(self, what: str, content: bytes) -> bytes:
        """The content of a file of this sort, sealed by the current key; the same content gives the same bytes."""
        mark = f"{MARK}{self.seal_with}{DOT}".encode()
        return mark + _cipher(self.seals[self.seal_with]).encrypt(content, [what.encode()])

    def opened_file(self, what: str, sealed: bytes) -> bytes:
        """The content again; SealError for what was not sealed, was changed, or is of a key that is gone."""
        mark, _, told = sealed.partition(DOT.encode())
        key = mark.removeprefix(MARK.encode()).decode(errors="replace")
        if key not in self.seals:
            raise SealError(f"kunci '{key[:8]}' tidak ada")
        try:
            return _cipher(self.seals[key]).decrypt(told, [what.encode()])
        except (InvalidTag, ValueError) as error:
            raise SealError(f"segel dengan kunci '{key}' rusak") from error

    def is_current(self, text: str) -> bool:
        """True for what the current key has sealed."""
        return text.startswith(f"{MARK}{self.seal_with}{DOT}")

    def index(self, what: str, text: str) -> str:
        """What the current key finds a number by, sealed or not; empty for an empty one."""
        if not text:
            return ""
        known = self._known.get((what, text))
        return known or _index(self.index_with, self.indexes[self.index_with], what, self.opened(what, text))

    def all_indexes(self, what: str, text: str) -> tuple[str, ...]:
        """What any of the keys finds a number by: while keys are being changed some rows have the older one."""
        return tuple(_index(key, secret, what, text) for key, secret in self.indexes.items()) if text else ()

    def _remember(self, what: str, sealed: str, clear: str) -> None:
        """Who seals many numbers asks for their index next. Holds no clear number."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[what, sealed] = _index(self.index_with, self.indexes[self.index_with], what, clear)


def new_keyring() -> Keyring:
    """A first key of each sort."""
    seal, index = _new_id(()), _new_id(())
    return Keyring(
        {seal: secrets.token_bytes(_KEY_BYTES)}, seal, {index: secrets.token_bytes(_KEY_BYTES)}, index
    )


def with_new_keys(ring: Keyring, *, seal: bool, index: bool) -> Keyring:
    """The ring with new current keys; the older ones still open and find."""
    seals, seal_with, indexes, index_with = ring.seals, ring.seal_with, ring.indexes, ring.index_with
    if seal:
        seal_with = _new_id(seals)
        seals = {**seals, seal_with: secrets.token_bytes(_KEY_BYTES)}
    if index:
        index_with = _new_id(indexes)
        indexes = {**indexes, index_with: secrets.token_bytes(_KEY_BYTES)}
    return Keyring(seals, seal_with, indexes, index_with)


def without_key(ring: Keyring, key: str) -> Keyring:
    """The ring without an older key; LookupError for the current one or one that is not there."""
    if key in (ring.seal_with, ring.index_with) or key not in {*ring.seals, *ring.indexes}:
        raise LookupError(key)
    seals = {name: secret for name, secret in ring.seals.items() if name != key}
    indexes = {name: secret for name, secret in ring.indexes.items() if name != key}
    return Keyring(seals, ring.seal_with, indexes, ring.index_with)


def write_keyring(ring: Keyring) -> str:
    """The text of a file of keys."""
    told = {
        "seal": {"current": ring.seal_with, "keys": {name: _text(key) for name, key in ring.seals.items()}},
        "index": {
            "current": ring.index_with,
            "keys": {name: _text(key) for name, key in ring.indexes.items()},
        },
    }
    return json.dumps(told, indent=1) + "\n"


def read_keyring(text: str) -> Keyring:
    """The keys of such a text. ValueError, without any of the text, where it is none."""
    try:
        told = json.loads(text)
        (seals, seal_with), (indexes, index_with) = (_keys(told[sort]) for sort in ("seal", "index"))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError("berkas kunci identitas tidak dapat dibaca") from None
    return Keyring(seals, seal_with, indexes, index_with)


def _keys(told: Mapping[str, Any]) -> tuple[dict[str, bytes], str]:
    keys = {str(name): _bytes(secret) for name, secret in told["keys"].items()}
    if any(len(secret) != _KEY_BYTES for secret in keys.values()) or told["current"] not in keys:
        raise ValueError("kunci")
    return keys, str(told["current"])


def _new_id(taken: Mapping[str, bytes] | tuple[()]) -> str:
    while (name := secrets.token_hex(_ID_BYTES)) in taken:
        pass
    return name


def _index(key: str, secret: bytes, what: str, clear: str) -> str:
    """HMAC-SHA256, cut to 128 bits: `hmac.digest` asks OpenSSL for its algorithm each time and takes thrice as long."""
    inner, outer = (prepared.copy() for prepared in _hmac(secret))
    inner.update(f"{what}:{clear}".encode())
    outer.update(inner.digest())
    return f"{key}{DOT}{_text(outer.digest()[:_INDEX_BYTES])}"


@lru_cache(maxsize=8)
def _hmac(secret: bytes) -> tuple[Any, Any]:
    block = secret.ljust(hashlib.sha256().block_size, b"\0")
    return tuple(hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))  # type: ignore[return-value]


@lru_cache(maxsize=8)
def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(secret)


def _text(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def _bytes(told: str) -> bytes:
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
