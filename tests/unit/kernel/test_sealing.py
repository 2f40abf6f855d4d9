"""Numbers that name somebody are sealed, opened and found again, whatever becomes of the keys."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode

import pytest

from siklus.kernel.sealing import (
    SealError,
    new_keyring,
    read_keyring,
    with_new_keys,
    without_key,
    write_keyring,
)

NIK = "9902214507230003"


def test_a_number_is_sealed_the_same_each_time_and_opens_again() -> None:
    ring = new_keyring()
    sealed = ring.seal("nik", NIK)
    assert sealed == ring.seal("nik", NIK) == ring.seal("nik", sealed)
    assert NIK not in sealed and ring.opened("nik", sealed) == NIK
    assert (ring.seal("nik", ""), ring.index("nik", ""), ring.opened("nik", NIK)) == ("", "", NIK)


def test_the_index_is_hmac_sha256_and_the_same_for_sealed_and_clear() -> None:
    ring = new_keyring()
    index = ring.index("nik", NIK)
    assert index == read_keyring(write_keyring(ring)).index("nik", ring.seal("nik", NIK))
    whole = hmac.digest(ring.indexes[ring.index_with], f"nik:{NIK}".encode(), hashlib.sha256)
    assert urlsafe_b64decode(index.partition(".")[2] + "==") == whole[:16]
    assert index != ring.index("kk", NIK), "a NIK that is also a card number is not found as one"


def test_a_number_sealed_for_one_sort_or_changed_by_a_letter_does_not_open() -> None:
    ring = new_keyring()
    sealed = ring.seal("nik", NIK)
    with pytest.raises(SealError):
        ring.opened("kk", sealed)
    other = "A" if sealed[-2] != "A" else "B"
    with pytest.raises(SealError):
        ring.opened("nik", sealed[:-2] + other + sealed[-1])
    with pytest.raises(SealError, match="kunci"):
        new_keyring().opened("nik", sealed)


def test_after_a_change_of_keys_the_old_still_opens_and_finds_until_it_is_dropped() -> None:
    old = new_keyring()
    sealed, found_by = old.seal("nik", NIK), old.index("nik", NIK)
    ring = read_keyring(write_keyring(with_new_keys(old, seal=True, index=True)))
    assert ring.opened("nik", sealed) == NIK and not ring.is_current(sealed)
    anew = ring.seal("nik", sealed)
    assert ring.is_current(anew) and ring.index("nik", anew) != found_by
    assert set(ring.all_indexes("nik", NIK)) == {found_by, ring.index("nik", anew)}
    ring = without_key(without_key(ring, old.seal_with), old.index_with)
    assert ring.opened("nik", anew) == NIK and ring.all_indexes("nik", NIK) == (ring.index("nik", NIK),)
    with pytest.raises(SealError):
        ring.opened("nik", sealed)
    with pytest.raises(LookupError):
        without_key(ring, ring.seal_with)


@pytest.mark.parametrize("text", ["", "{}", '{"seal": 1}', '{"seal": {"current": "a", "keys": {}}}'])
def test_a_file_that_holds_no_keys_is_told_without_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="berkas kunci identitas tidak dapat dibaca"):
        read_keyring(text)


def test_a_ring_shows_no_key_when_it_is_printed() -> None:
    ring = new_keyring()
    shown = repr(ring)
    assert ring.seal_with in shown, "which keys are at hand may be read"
    assert not any(
        repr(key) in shown or key.hex() in shown for key in {**ring.seals, **ring.indexes}.values()
    )


def test_a_sealed_file_opens_whole_for_its_sort_or_not_at_all() -> None:
    ring = new_keyring()
    content = b"\x00~packed." * 999
    sealed = ring.seal_file("snapshot", content)
    later = with_new_keys(ring, seal=True, index=False)
    assert later.opened_file("snapshot", sealed) == content and b"packed" not in sealed
    dropped = without_key(later, ring.seal_with)
    for reader, sort, told in (
        (ring, "teks", sealed), (ring, "snapshot", sealed[:-1]), (dropped, "snapshot", sealed),
        (ring, "snapshot", content), (ring, "snapshot", b""),
    ):  # fmt: skip
        with pytest.raises(SealError):
            reader.opened_file(sort, told)
