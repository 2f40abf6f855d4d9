"""The seeded district uses the whole vocabulary and all forms: what nothing writes there is found here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from seed.days import day_of
from siklus.library.forms import load_forms
from siklus.library.loading import load_book
from tests.seed.lives import told

ON = day_of(2026, 11, 21)
NEVER = {
    "selesai_arv": "a treatment for life: nobody ends it within the two years that are told",
    "persetujuan_data": "what people want done with their data says nothing of care",
    "keberatan_data": "what people want done with their data says nothing of care",
    "titip_layanan": "who is a guest of a second area says nothing of care; tests entrust whom they need",
    "tugas": "what somebody at a desk asks of somebody by name",
    "jawaban_tugas": "what somebody at a desk asks of somebody by name",
}
"""Kinds that nothing in the seed writes, each with the reason."""
SELDOM = {
    **dict.fromkeys(
        ("kematian_keluarga", "lapor_kematian", "otopsi_verbal", "kajian_kematian"),
        "a newborn dies: a few in the whole district",
    ),
    **dict.fromkeys(
        ("konfirmasi_hiv", "obati_infeksi", "mulai_arv", "kontrol_arv"),
        "somebody's test is reactive: a few in the whole district",
    ),
    "kekerasan_selesai": "the end of what another sheet began, of the same person by lot",
    "pantau_hewan": "looks after what another sheet began, of the same person by lot",
    "kontrol_tpt": "only of contacts who take tablets and were visited again",
    "selesai_tpt": "only of contacts who have taken all tablets",
}
"""Kinds that a district has and a few small posyandu may lack."""
SELDOM_FILLED_IN = {
    "neonatal": "few newborns are registered within their first four weeks",
    "tpt": "of contacts of somebody with tuberculosis, while they take tablets",
    "jawaban_rujukan": "of people whose referral waits for its answer",
    "tiba_rujukan": "of people whose referral waits for its answer",
}


FOR_PEOPLE = {form.name for form in load_forms().current if form.group != "register"}
MANY = 12
"""Populations of 900 people looked at before something counts as never written; usually four or five show all."""


@cache
def unwritten() -> tuple[set[str], set[str]]:
    """The kinds of record and the forms that no population has, told until nothing is left that should be there."""
    kinds, forms = set(load_book().vocabulary.kinds), set(FOR_PEOPLE)
    for seed in range(MANY):
        for entry in told(seed, ON, 900)[0]:
            kinds.discard(entry.kind)
            forms.discard(entry.data.partition('"isian":"')[2].partition("/")[0])
        if kinds <= {*NEVER, *SELDOM} and forms <= set(SELDOM_FILLED_IN):
            break
    return kinds, forms


def test_every_kind_of_record_is_written_in_the_seeded_district_or_has_a_reason() -> None:
    assert unwritten()[0] - set(SELDOM) == set(NEVER)


@pytest.mark.parametrize("kind", sorted(SELDOM))
def test_what_is_seldom_written_stands_in_a_story_or_a_form(kind: str, project: Path) -> None:
    stories = "".join(path.read_text() for path in (project / "seed").rglob("*.py"))
    stories += (project / "seed/data/assumptions.yaml").read_text()
    kinds = {written.kind for form in load_forms().current for written in form.records.values()}
    assert kind in kinds or f'"{kind}"' in stories


def test_every_form_is_filled_in_but_those_that_register_somebody() -> None:
    assert unwritten()[1] <= set(SELDOM_FILLED_IN)
