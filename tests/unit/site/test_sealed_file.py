"""A sealed file opens whole, with its own key, unchanged; in any other case it says so."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from siklus.kernel.problems import ProblemError
from siklus.site.upkeep.parts import read_parts, write_part
from siklus.site.upkeep.sealed_file import Key, SealedWriter, make_key, open_sealed, read_key

KEY = Key(bytes(range(32)))
LARGE = os.urandom(3 << 20)


def sealed(content: bytes, key: Key = KEY) -> bytes:
    file = io.BytesIO()
    out = SealedWriter(file, key, {"made_at": "2026-11-22"})
    write_part(out, "satu", [content[: len(content) // 2], content[len(content) // 2 :]])
    write_part(out, "dua", [])
    out.finish()
    return file.getvalue()


def opened(file: bytes, key: Key = KEY) -> dict[str, bytes]:
    about, plain = open_sealed(io.BytesIO(file), key)
    assert about["made_at"] == "2026-11-22"
    return {name: b"".join(blocks) for name, blocks in read_parts(plain)}


def code(told: pytest.ExceptionInfo[ProblemError]) -> str:
    return told.value.problems[0].code


@pytest.mark.parametrize("content", [b"", b"catatan", LARGE])
def test_what_was_sealed_comes_out(content: bytes) -> None:
    file = sealed(content)
    assert opened(file) == {"satu": content, "dua": b""}
    assert not content or content[:64] not in file


def test_the_same_content_never_gives_the_same_file() -> None:
    assert sealed(b"catatan") != sealed(b"catatan")


def test_another_key_is_named_and_refused() -> None:
    with pytest.raises(ProblemError) as told:
        opened(sealed(b"catatan"), Key(bytes(32)))
    assert code(told) == "U06"


@pytest.mark.parametrize("cut", [1, 100, 1 << 20, (1 << 20) + 16])
def test_a_file_that_was_cut_does_not_open(cut: int) -> None:
    with pytest.raises(ProblemError) as told:
        opened(sealed(LARGE)[:-cut])
    assert code(told) == "U04"


def test_a_file_cut_between_two_pieces_does_not_open() -> None:
    file = sealed(LARGE)
    begin = file.index(b"\n") + 1
    with pytest.raises(ProblemError) as told:
        opened(file[: begin + (1 << 20) + 16])
    assert code(told) == "U04"


@pytest.mark.parametrize("place", [20, -1, -(1 << 20)])
def test_a_changed_letter_is_seen(place: int) -> None:
    file = bytearray(sealed(LARGE))
    file[file.index(b"2026") if place == 20 else place] ^= 1
    with pytest.raises((ProblemError, AssertionError)):
        opened(bytes(file))


def test_any_other_file_is_no_backup() -> None:
    for other in (b"", b"{}\n", b"SQLite format 3\0"):
        with pytest.raises(ProblemError) as told:
            opened(other)
        assert code(told) == "U05"


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "apart" / "key"
    key = make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == key
    with pytest.raises(ProblemError) as told:
        make_key(path)
    assert code(told) == "U01"
    path.chmod(0o640)
    with pytest.raises(ProblemError) as told:
        read_key(path)
    assert code(told) == "U03"
    path.chmod(0o600)
    path.write_text("bukan kunci")
    with pytest.raises(ProblemError) as told:
        read_key(path)
    assert code(told) == "U02"
