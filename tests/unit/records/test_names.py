"""One key for what is written in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siklus.records.names import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUHAMMAD YUSUF", "Moch. Yoesoef"),
        ("Siti Aisyah", "sitti  aisyah"),
        ("Ny. Hj. Dewi Lestari, S.Pd", "Dewi Lestari"),
        ("Nur'aini", "Nuraini"),
        ("Soekarno", "Sukarno"),
        ("Fitri", "Vitri"),
        ("Zainab", "Sainab"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Siti", "Sita"), ("Budi Santoso", "Budi Susanto"), ("Ani", "Ana")]
)
def test_two_names_keep_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Ibu", "Hj", "An", "S"])
def test_a_name_that_looks_like_a_title_does_not_vanish(name: str) -> None:
    assert name_key(name)


@given(st.text(max_size=60))
def test_any_text_has_a_key_of_small_letters_and_single_blanks(text: str) -> None:
    key = name_key(text)
    assert key == " ".join(key.split()) and all(c == " " or "a" <= c <= "z" for c in key)
