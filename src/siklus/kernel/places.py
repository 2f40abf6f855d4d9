"""Kemendagri place codes: `17` province, `17.02` kabupaten, `17.02.06` kecamatan, `17.02.06.1004` desa or kelurahan."""

from __future__ import annotations

import re

LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa")
_PATTERN = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")


def is_place_code(text: str) -> bool:
    """True for a well-formed code of any of the four levels."""
    return _PATTERN.fullmatch(text) is not None


def level_of(code: str) -> str:
    """One of LEVELS; ValueError when the text is not a place code."""
    if not is_place_code(code):
        raise ValueError(f"not a place code: {code!r}")
    return LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """The code one level up; None for a province."""
    return code.rpartition(".")[0] or None


def ancestors_of(code: str) -> tuple[str, ...]:
    """The codes above, from the province down, without the code itself."""
    parts = code.split(".")
    return tuple(".".join(parts[:n]) for n in range(1, len(parts)))


def is_within(code: str, ancestor: str) -> bool:
    """True when the code is the ancestor or lies below it."""
    return code == ancestor or code.startswith(ancestor + ".")
