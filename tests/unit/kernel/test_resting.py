"""The collector of garbage rests while a file is worked through, and is back afterwards, whatever happened."""

from __future__ import annotations

import gc

import pytest

from siklus.kernel.resting import collector_at_rest


def test_the_collector_comes_back_after_the_outermost_block_and_after_an_error() -> None:
    with pytest.raises(ValueError, match="rusak"), collector_at_rest():
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ValueError("rusak")
    assert gc.isenabled()


def test_who_turned_the_collector_off_finds_it_off() -> None:
    gc.disable()
    try:
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
