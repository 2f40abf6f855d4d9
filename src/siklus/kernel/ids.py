"""Record ids: `device-number`, both positive whole numbers, packed into one sortable key.

Each device numbers its own records 1, 2, 3 ... without gaps, so a server can prove that it holds everything a
phone wrote. The key orders as (device, number) does, fits a signed 64-bit column and is exact in JavaScript
(device below 2**21).
"""

from __future__ import annotations

import re

MAX_DEVICE = 2**21 - 1
MAX_NUMBER = 2**32 - 1
KEY_BITS = MAX_DEVICE.bit_length() + MAX_NUMBER.bit_length()
"""Every key lies below two to this power: what is added above it moves a copy to ids of its own."""
DEVICE, NUMBER = "[1-9][0-9]{0,6}", "[1-9][0-9]{0,9}"
RECORD_ID = f"{DEVICE}-{NUMBER}"
"""The shape of an id, for whoever must find one in other text; only `parse_record_id` says whether it is in range."""
_PATTERN = re.compile(f"({DEVICE})-({NUMBER})")


def record_key(device: int, number: int) -> int:
    """One number for the pair; ValueError outside the ranges above."""
    if not (1 <= device <= MAX_DEVICE and 1 <= number <= MAX_NUMBER):
        raise ValueError(f"record id out of range: {device}-{number}")
    return device << 32 | number


def parse_record_id(text: str) -> int:
    """The key of `device-number`; ValueError when the text is not one."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a record id: {text!r}")
    return record_key(int(match[1]), int(match[2]))


def format_record_id(key: int) -> str:
    """`device-number` of a key."""
    return f"{device_of(key)}-{number_of(key)}"


def device_of(key: int) -> int:
    """The device that wrote the record."""
    return key >> 32


def number_of(key: int) -> int:
    """The record's number on its device."""
    return key & MAX_NUMBER
