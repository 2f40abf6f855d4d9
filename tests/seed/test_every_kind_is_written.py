"""The seeded district uses the whole vocabulary: a kind of record that nothing writes there is found here."""

from __future__ import annotations

from collections import Counter

from seed.days import day_of
from siklus.library.forms import load_forms
from siklus.library.loading import load_book
from tests.seed.lives import told

ON = day_of(2026, 11, 21)
NEVER_WRITTEN: dict[str, str] = {}
"""Kinds that the seed leaves out, each with the reason."""


def written() -> Counter[str]:
    return Counter(entry.kind for seed in range(4) for entry in told(seed, ON, 900)[0])


def test_every_kind_of_record_is_written_in_the_seeded_district_or_has_a_reason() -> None:
    kinds = set(load_book().vocabulary.kinds)
    assert kinds - set(written()) == set(NEVER_WRITTEN)


def test_every_form_that_is_for_people_is_filled_in() -> None:
    filled = Counter(
        entry.data.partition('"isian":"')[2].partition("/")[0]
        for seed in range(4)
        for entry in told(seed, ON, 900)[0]
        if '"isian":"' in entry.data
    )
    forms = {form.name for form in load_forms().current if form.group != "register"}
    assert forms - set(filled) == set()
