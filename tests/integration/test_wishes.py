"""Somebody who objects to a use of their data is left out of it, and of nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from siklus.care import actions
from siklus.care.wishes import objecting
from siklus.site import cli
from tests.integration.area import TODAY, child, label, write_one

pytestmark = pytest.mark.usefixtures("area")
OUT, STUDY = "pihak_luar", "penelitian"


def needs(key: int) -> list[Any]:
    rows = apps.get_model("care.Need")._default_manager.filter(person_id=key)
    return sorted(rows.values_list("need", "status", "due"))


def test_the_last_word_on_each_purpose_counts_and_can_be_taken_back() -> None:
    ani, budi, cici = child("Ani"), child("Budi"), child("Cici")
    before = needs(ani)
    no = write_one("keberatan_data", "2026-03-01", of=ani, tujuan=OUT)
    write_one("persetujuan_data", "2026-03-01", of=budi, tujuan=OUT, setuju=False)
    assert (objecting(OUT), objecting(STUDY)) == ({ani, budi}, frozenset())
    write_one("persetujuan_data", "2026-04-01", of=budi, tujuan=OUT, setuju=True)
    assert (objecting(OUT), objecting(OUT, until=no and TODAY)) == ({ani}, {ani})
    merged = write_one("gabung_orang", of=cici, orang=label(ani))
    assert objecting(OUT) == {ani, cici}, "whoever they are one with objects too"
    for key in (merged, no):
        assert actions.void_record(key, author=None, why="Keliru", today=TODAY).is_accepted
    assert objecting(OUT) == frozenset()
    assert needs(ani) == before, "care goes on as before"
    with pytest.raises(KeyError):
        objecting("iklan")


@pytest.mark.django_db(transaction=True)
def test_an_extract_for_a_purpose_leaves_out_who_objects_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ani, _ = child("Ani"), child("Budi")
    write_one("keberatan_data", "2026-11-01", of=ani, tujuan=STUDY)
    told = []
    for more in ((), ("--for", OUT), ("--for", STUDY)):
        assert cli.main(["bulk", "extract", "--out", str(tmp_path / "keluar"), *more]) == 0
        told.append(capsys.readouterr().out.split(" orang")[0])
    assert told == ["2", "2", "1"]
