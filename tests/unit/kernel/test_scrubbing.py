"""Logs hold no NIK, no card number and no text of a fault."""

from __future__ import annotations

import io
import logging

import pytest

from siklus.kernel.scrubbing import HIDDEN, Scrub, scrubbed

NIK = "9902214507230003"


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"/cari/?q={NIK}",
        "9902 2145 0723 0003",
        "990221.450723.0003",
        f"NIK={NIK};",
        f"x{NIK}y",
        "0812-3456-7890",
    ],
)
def test_a_number_of_a_person_is_hidden_however_it_is_written(text: str) -> None:
    assert sum(c.isdigit() for c in scrubbed(text)) == 0
    assert HIDDEN in scrubbed(text)


@pytest.mark.parametrize(
    "text", ["catatan 12-345", "2026-11-22 09:41:07", "GET /orang/12-345/", "17.02.06.1004"]
)
def test_days_places_and_small_ids_stay(text: str) -> None:
    assert scrubbed(text) == text


def test_a_fault_is_told_by_its_kind_and_its_lines_and_by_no_word_of_its_message() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Scrub())
    log = logging.Logger("coba")
    log.addHandler(handler)
    try:
        try:
            raise KeyError("Alya Zahira")
        except KeyError as error:
            raise ValueError(f"Failing row contains (Alya Zahira, {NIK})") from error
    except ValueError as error:
        log.exception("gagal menyimpan %s: %s", NIK, error)
    told = out.getvalue()
    assert "Alya" not in told and "Failing" not in told and NIK not in told
    assert "builtins.ValueError" in told and "builtins.KeyError" in told and "test_scrubbing.py:" in told
    assert "gagal menyimpan [nomor]: ValueError" in told
