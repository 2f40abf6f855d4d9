"""Whole tables replaced from outside Django: all or nothing, and nothing that arrives meanwhile is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest
from django.apps import apps
from django.db import connection, transaction

from siklus.bulk.database import reach_site_database
from siklus.bulk.rebuild import rebuild
from siklus.bulk.writing import Replaced, replacing
from siklus.kernel.dates import iso, year_of
from siklus.kernel.problems import ProblemError
from siklus.monitoring.queries import as_of
from tests.integration import contents
from tests.integration.area import TODAY, child

pytestmark = [pytest.mark.usefixtures("small_rules"), pytest.mark.django_db(transaction=True)]


def states(*unit_ids: int, column: str = "body") -> pa.Table:
    """Rows of State; another `column` makes them rows of nothing."""
    count = len(unit_ids)
    ids = pa.array(unit_ids, pa.int64())
    names = ["unit", "unit_id", "person_id", "plan", column]
    return pa.table([["person"] * count, ids, ids, ["plan"] * count, ["{}"] * count], names=names)


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "care_state"))


def test_rows_replace_rows_and_the_indexes_are_as_before(area: None) -> None:
    child("Ani")
    before = index_names()
    with replacing(reach_site_database(), [Replaced("care_state")]) as writer:
        writer.put("care_state", states(1, 2))
        writer.complete("care_state")
    assert [row[1] for row in contents.rows("care.State")] == [1, 2]
    assert index_names() == before


def test_only_the_rows_named_are_replaced(area: None) -> None:
    key = child("Ani")
    with replacing(reach_site_database(), [Replaced("care_state", "unit_id = 1")]) as writer:
        writer.put("care_state", states(1))
    assert [row[1] for row in contents.rows("care.State")] == sorted([1, key])


@pytest.mark.parametrize("fails_in", ["database", "computing"])
def test_an_error_anywhere_leaves_everything_as_it_was(area: None, fails_in: str) -> None:
    child("Ani")
    before, indexes = contents.derived(), index_names()
    with (
        pytest.raises(Exception, match="tubuh" if fails_in == "database" else "computing"),
        replacing(reach_site_database(), [Replaced("care_state"), Replaced("care_need")]) as writer,
    ):
        for unit_id in range(
            1, 9
        ):  # more than may wait: whoever computes must not hang when the database has failed
            writer.put("care_state", states(unit_id, column="tubuh" if fails_in == "database" else "body"))
        if fails_in == "computing":
            raise RuntimeError("computing")
    assert (contents.derived(), index_names()) == (before, indexes)


def test_a_rebuild_refuses_to_run_inside_a_transaction(area: None) -> None:
    with pytest.raises(ProblemError, match="B02"), transaction.atomic():
        rebuild(TODAY, year_of(TODAY))


def test_a_rebuild_says_what_it_does_and_leaves_word_of_when_it_ran(area: None) -> None:
    child("Ani")
    said: list[str] = []
    report = rebuild(TODAY, year_of(TODAY), said.append)
    assert (report.persons, report.records, report.states, report.late) == (1, 0, 1, 0)
    assert said[0] == "Membaca catatan ..." and said[-1].startswith(
        f"Selesai per {iso(TODAY)}: {report.needs} kebutuhan"
    )
    run = as_of(year_of(TODAY))
    assert run is not None and run.is_current_book
    assert (run.on_day, run.year, as_of(year_of(TODAY) - 1)) == (TODAY, year_of(TODAY), None)


_ANOTHER_PROCESS = """
import django
django.setup()
from django.conf import settings
from siklus.kernel.dates import parse_day
from siklus.care.actions import append_records
from siklus.records.drafts import DraftRecord
drafts = [DraftRecord(kind="imunisasi", on=parse_day("2026-02-10"), person={person}, data={{"vaksin": "bcg"}})]
assert append_records(drafts, author=None, today={today}, refresh=False)[0].is_accepted
"""


def write_meanwhile(person: int) -> None:
    """A record from another process: a phone, the desk."""
    database: dict[str, Any] = connection.settings_dict
    if "sqlite" in database["ENGINE"]:
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    code = _ANOTHER_PROCESS.format(person=person, today=TODAY)
    environment = {**os.environ, "SIKLUS_DATABASE_URL": url}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_record_that_arrives_while_everything_is_rebuilt_is_not_lost(area: None) -> None:
    key = child("Ani")
    assert "bcg" in needs_of(key)

    def progress(line: str) -> None:
        if line.startswith("Melipat"):
            write_meanwhile(key)

    report = rebuild(TODAY, year_of(TODAY), progress)
    assert (report.records, report.late) == (0, 1)
    assert "bcg" not in needs_of(key)


def needs_of(person: int) -> set[str]:
    rows = apps.get_model("care.Need")._default_manager.filter(person_id=person)
    return set(rows.values_list("need", flat=True))
