"""NIK and No. KK stand nowhere in the database; they are found whole, shown where they were, and their keys change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from siklus.access import queries as access
from siklus.care import actions
from siklus.care.log import newest_version
from siklus.care.resealing import reseal_log
from siklus.kernel.problems import ProblemError
from siklus.kernel.sealing import with_new_keys, without_key
from siklus.library.loading import load_book
from siklus.records.drafts import ALREADY, DraftRecord
from siklus.register import identity
from siklus.register import queries as register
from siklus.register.resealing import keys_in_use, reseal_register
from siklus.rules.reading import fields_read
from siklus.site import cli
from tests.integration import contents
from tests.integration.area import NORTH, POSYANDU, TODAY, child, label, write_one

pytestmark = pytest.mark.usefixtures("area")
NIK, CARD = "9902214507230003", "9902211001150001"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Keys of its own for each test, for some change them."""
    settings.SIKLUS_KEYS_FILE = tmp_path / "keys.json"
    yield
    settings.SIKLUS_KEYS = ""


def family_with_child() -> tuple[int, int]:
    home = write_one("daftar_keluarga", posyandu=POSYANDU[0], no_kk=CARD)
    return home, child("Citra", keluarga=label(home), nik=NIK)


def in_clear() -> list[str]:
    """Tables that hold one of the numbers, searched as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            for column in model._meta.concrete_fields:
                name = connection.ops.quote_name(column.column)
                cursor.execute(
                    f"SELECT count(*) FROM {table} WHERE CAST({name} AS text) LIKE %s OR CAST({name} AS text) LIKE %s",
                    [f"%{NIK}%", f"%{CARD}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{name}")
    return found


def correct(key: int, **changes: Any) -> None:
    assert actions.correct_record(key, author=None, why="Salah", changes=changes, today=TODAY).is_accepted


def find(text: str) -> list[int]:
    return [line.id for line in access.find_persons(access.operator(), text, 10).persons]


def test_no_table_holds_a_number_in_clear_and_a_whole_number_finds_its_person() -> None:
    home, citra = family_with_child()
    other = child("Dian")
    write_one("ubah_orang", of=other, nik="9902214507230004")
    assert in_clear() == []
    assert (find(NIK), find("9902 2145 0723 0003"), find(CARD)) == ([citra], [citra], [citra])
    assert (find(NIK[:15]), find(NIK[-6:]), find("9902214507230004")) == ([], [], [other])
    line = access.person_lines(access.operator(), [citra])[citra]
    assert (line.nik, line.no_kk) == (NIK, CARD)
    card = register.family(home)
    assert card is not None and card.no_kk == CARD
    assert register.by_nik([NIK, "9900000000000000"]) == {NIK: [citra]}


def test_a_record_is_known_again_corrected_and_taken_back_with_its_number_sealed() -> None:
    citra = child("Citra", nik=NIK)
    record = newest_version(citra)
    assert record is not None and record.data["nik"] != NIK
    sent = DraftRecord(kind=record.kind, on=record.on, id=citra, data=identity.opened_data(record.data))
    (again,) = actions.append_records([sent], author=None, today=TODAY)
    assert again.status == ALREADY
    correct(citra, nama="Citra Ayu")
    assert (find(NIK), in_clear()) == ([citra], [])
    correct(citra, nik=None)
    assert find(NIK) == []


def test_keys_change_while_records_come_and_the_old_keys_can_go() -> None:
    _, citra = family_with_child()
    before, old = contents.derived(), identity.keyring()
    identity.keep_keyring(with_new_keys(old, seal=True, index=True))
    ring = identity.keyring()
    assert find(NIK) == [citra], "found by the older key before anything is sealed anew"
    dian = child("Dian", nik="9902214507230004")
    assert reseal_register() == 2 and reseal_log() == 2
    assert reseal_register() + reseal_log() == 0
    assert set(keys_in_use()) == {ring.seal_with, ring.index_with}
    for key in (old.seal_with, old.index_with):
        identity.keep_keyring(without_key(identity.keyring(), key))
    assert (find(NIK), find(CARD), find("9902214507230004")) == ([citra], [citra], [dian])
    actions.rebuild_register()
    assert find(NIK) == [citra]
    assert len(contents.derived()) == len(before)


def test_the_commands_change_keys_and_drop_none_that_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "wait_until_noticed", lambda: None)
    _, citra = family_with_child()
    old = identity.keyring()
    assert cli.main(["keys", "rotate", "--index"]) == 0
    new = identity.keyring()
    assert cli.main(["keys", "drop", new.seal_with]) == 2
    assert cli.main(["keys", "drop", old.seal_with]) == 0
    assert cli.main(["keys", "show"]) == 0
    told = capsys.readouterr().out
    assert new.seal_with in told and not any(key.hex() in told for key in new.seals.values())
    assert (find(NIK), old.seal_with in identity.keyring().seals) == ([citra], False)


def test_lost_keys_are_told_and_never_replaced_by_new_ones(settings: Any) -> None:
    family_with_child()
    path = Path(settings.SIKLUS_KEYS_FILE)
    assert path.stat().st_mode & 0o077 == 0
    path.rename(path.with_name("elsewhere.json"))
    settings.SIKLUS_KEYS_FILE = path.with_name("none.json")
    with pytest.raises(ProblemError, match="hilang"):
        identity.keyring()
    assert identity.faults() == ["kunci untuk NIK dan No. KK hilang"]
    settings.SIKLUS_KEYS = path.with_name("elsewhere.json").read_text()
    assert len(find(NIK)) == 1, "the environment may hold them"


def test_records_of_an_older_installation_are_sealed_where_they_stand() -> None:
    _, citra = family_with_child()
    rows = apps.get_model("care.Record")._default_manager.filter(id=citra)
    data = {**json.loads(rows.get().data), "nik": NIK}
    rows.update(data=json.dumps(data))
    assert reseal_log() == 1
    assert in_clear() == [] and find(NIK) == [citra]


def test_no_rule_and_no_extract_reads_a_number_that_names_somebody() -> None:
    book = load_book()
    numbers = book.vocabulary.identifiers
    assert numbers == {"nik": "nik", "no_kk": "kk"}
    assert not any(set(names) & numbers.keys() for names in fields_read(book.rules).values())
    assert (
        not numbers.keys() & book.vocabulary.person.keys()
        and not numbers.keys() & book.vocabulary.household.keys()
    )


def test_a_file_waiting_to_be_imported_is_kept_sealed() -> None:
    from siklus.exchange.excel import actions as excel
    from siklus.exchange.excel.models import Row
    from siklus.register.areas import place_or_facility

    where = place_or_facility(NORTH)
    assert where is not None
    head = "NIK;Nama;JK;Tgl Lahir;Nama Ortu;Desa/Kel;Posyandu;Tanggal Pengukuran;Berat"
    line = f"{NIK};Citra;P;05-07-2023;Wati;;;01-11-2026;12.1"
    excel.stage(f"{head}\n{line}\n".encode(), file_name="daftar.csv", area=where, author=None, today=TODAY)
    assert in_clear() == []
    assert NIK in Row.objects.get().cells
