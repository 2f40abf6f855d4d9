"""An import taken back: the same content as before, no record deleted; and many persons settled in bulk."""

from __future__ import annotations

from typing import Any

import pytest

from siklus.care import actions as care
from siklus.care import queries as care_queries
from siklus.care.models import Need, Record
from siklus.exchange.excel import actions, settling
from siklus.monitoring.models import Coverage, CoverageUnit
from siklus.records.drafts import DraftRecord
from siklus.register.models import Person
from tests.integration.exchange import world
from tests.integration.exchange.taking_in import (
    SARI,
    children,
    counts,
    saved,
    staged,
    staged_bytes,
)
from tests.integration.exchange.world import TODAY, content, user
from tests.numbers import nik

pytestmark = pytest.mark.usefixtures("planted")


def test_undoing_brings_back_the_same_content_and_deletes_no_record() -> None:
    saved(staged_bytes(children(SARI)))
    before, records = content(), set(Record.objects.values_list("id", flat=True))
    batch = staged("eppgbm_bersih.xlsx")
    saved(batch)
    assert content() != before
    written = set(Record.objects.values_list("id", flat=True))
    would = actions.try_undo(batch, today=TODAY)
    assert set(Record.objects.values_list("id", flat=True)) == written
    done = actions.undo(batch, author=user("pkm"), today=TODAY, why="salah berkas")
    assert done == would == actions.Undone(records=len(written - records), kept=())
    assert content() == before
    assert written <= set(Record.objects.values_list("id", flat=True))
    again = staged("eppgbm_bersih.xlsx")
    assert counts(again) == {"rows": 17, "new": 15, "match": 2}


def test_undoing_an_import_that_filled_in_facts_takes_them_out_again() -> None:
    saved(staged_bytes(children(SARI.replace("9902216902240001", ""))))
    before = content()
    batch = staged_bytes(children(SARI.replace("12,4", "12,9").replace("08/10", "09/10")))
    assert counts(batch) == {"rows": 1, "match": 1}
    saved(batch)
    assert nik(Person.objects.get()) == "9902216902240001"
    actions.undo(batch, author=user("pkm"), today=TODAY, why="keliru")
    assert content() == before


@pytest.mark.parametrize("second", ["eppgbm_bersih.xlsx", "bnba.xlsx"])
def test_undoing_the_second_of_two_imports_leaves_what_the_first_one_wrote(second: str) -> None:
    saved(staged("eppgbm_kotor.xlsx"))
    before = content()
    saved(batch := staged(second))
    assert content() != before
    actions.undo(batch, author=user("pkm"), today=TODAY, why="keliru")
    assert content() == before


def test_somebody_others_have_written_of_since_stays_when_the_import_is_undone() -> None:
    batch = staged("eppgbm_bersih.xlsx")
    saved(batch)
    alya = Person.objects.get(name="Alya Zahira")
    later = DraftRecord(kind="vitamin_a", on=TODAY, data={"kapsul": "merah"}, person=alya.id)
    assert care.append_records([later], author=user("pkm"), today=TODAY)[0].is_accepted
    would = actions.try_undo(batch, today=TODAY)
    done = actions.undo(batch, author=user("pkm"), today=TODAY, why="salah berkas")
    assert done == would and done.kept == (alya.id,)
    assert [person.name for person in Person.objects.all()] == ["Alya Zahira"]
    counted = {event.kind for event in care_queries.time_line(alya.id) if not event.is_void}
    assert counted == {"daftar_orang", "vitamin_a"}, "the weighings of the import count no more"


def test_a_bulk_run_that_fails_leaves_the_records_and_says_that_sums_are_old(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(settling, "FEW", 0)
    settings.SIKLUS_REBUILD = f"{__name__}.broken"
    done = saved(staged("eppgbm_bersih.xlsx"))
    assert (done.settled, done.records) == (False, 32)
    assert Person.objects.count() == 15


def broken(_today: int, _year: int) -> None:
    """A bulk run that cannot finish."""
    raise RuntimeError


class TestManyPersons:
    """Large imports are settled by the bulk run, which reads what is committed."""

    @pytest.fixture
    def planted(self, transactional_db: None) -> None:
        world.plant()

    def test_many_persons_are_settled_in_bulk_with_the_same_needs_and_coverage(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = staged("eppgbm_bersih.xlsx")
        saved(first)
        one_by_one = said_of_children()
        actions.undo(first, author=user("pkm"), today=TODAY, why="ulang")
        assert said_of_children() == set()
        monkeypatch.setattr(settling, "FEW", 0)
        assert saved(staged("eppgbm_bersih.xlsx")).settled
        assert said_of_children() == one_by_one


def said_of_children() -> set[tuple[Any, ...]]:
    """Needs and coverage by name and place, whatever ids the children have."""
    names = dict(Person.objects.values_list("id", "name"))
    needs = Need.objects.values_list("person_id", "need", "occurrence", "status", "due", "overdue", "until")
    units = CoverageUnit.objects.values_list(
        "person_id", "indicator", "counted", "reached", "complete", "lacking"
    )
    sums = Coverage.objects.values_list("indicator", "desa_code", "registered", "reached", "complete")
    return {(names[person], *rest) for person, *rest in [*needs, *units]} | set(sums)
