"""A backup taken while others write holds every record of before, equals a direct read, and comes back as it was."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from siklus.access.actions import BLOCKS_FROM, add_device, allot_block, desk_device
from siklus.care import actions
from siklus.kernel.ids import device_of
from siklus.kernel.problems import ProblemError
from siklus.site.cli import main
from siklus.site.upkeep import plan as plans
from siklus.site.upkeep import sealed_file
from siklus.site.upkeep.backup import back_up, backups_in, check
from siklus.site.upkeep.plan import Plan, is_backup_due, last_backup
from siklus.site.upkeep.restore import restore
from siklus.site.upkeep.sealed_file import make_key
from siklus.sync.epochs import epoch
from tests.integration.area import POSYANDU, TODAY, child, draft, lay_area

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen(tmp_path: Path, settings: Any) -> Iterator[Plan]:
    settings.VAR = tmp_path / "var"
    (settings.VAR / "knowledge").mkdir(parents=True)
    make_key(tmp_path / "apart" / "key")
    yield Plan(tmp_path / "backups", tmp_path / "apart" / "key", keep=2, every_seconds=3600)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(sebelum|siklus)_'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP SCHEMA "{name}" CASCADE')


def quiet(_line: str) -> None:
    """Nobody listens."""


def log() -> list[tuple[Any, ...]]:
    return list(apps.get_model("care.Record")._default_manager.order_by("seq").values_list())


def register(name: str) -> None:
    wanted = draft("daftar_orang", nama=name, posyandu=POSYANDU[0], birth="2026-01-02")
    (outcome,) = actions.append_records([wanted], author=None, today=TODAY, refresh=False)
    assert outcome.is_accepted


class Writer(threading.Thread):
    """Registers one person after another until told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.enough, self.is_writing, self.failure = threading.Event(), threading.Event(), ""

    def run(self) -> None:
        number = 0
        try:
            while not self.enough.is_set():
                register(f"Anak {(number := number + 1)}")
                if number == 3:
                    self.is_writing.set()
        except BaseException as failure:
            self.failure = repr(failure)
        finally:
            self.is_writing.set()
            connection.close()

    def __enter__(self) -> Writer:
        self.start()
        assert self.is_writing.wait(30)
        return self

    def __exit__(self, *_error: object) -> None:
        self.enough.set()
        self.join(30)
        assert self.failure == ""


def test_a_backup_under_load_comes_back_equal_to_the_log_it_was_taken_from(chosen: Plan) -> None:
    lay_area()
    child("Ani")
    with Writer():
        before = log()
        made = back_up(chosen, quiet)
        after = log()
        while (
            len(after) <= made.contents.last_seq
        ):  # somebody must have written since, to be told "newer" below
            after = log()
    assert len(before) <= made.contents.records < len(after), (
        "every record committed before it began is in it"
    )
    assert not made.contents.has_holes
    direct = after[: made.contents.records]
    with pytest.raises(ProblemError) as refused:
        restore(made.file, chosen.key())
    assert [problem.code for problem in refused.value.problems] == ["U14"]
    remembered = epoch()
    connection.close()
    done = restore(made.file, chosen.key(), over_newer=True)
    assert epoch() != remembered, "phones load their area again"
    assert done.kept and done.before[1] > done.contents.last_seq
    assert log() == direct, "record by record"
    assert [row[1] for row in direct] == list(range(1, len(direct) + 1)), "no holes"
    register("Sesudah")
    assert log()[-1][1] == len(direct) + 1, "writing goes on where the backup ended"


def test_only_the_newest_good_backups_are_kept_and_the_last_is_remembered(chosen: Plan) -> None:
    lay_area()
    child("Ani")
    made = [back_up(chosen, quiet).file for _ in range(3)]
    assert backups_in(chosen.folder or Path()) == made[1:]
    last = last_backup()
    assert last is not None and last.file == str(made[-1]) and last.records == 1
    assert {file.stat().st_mode & 0o777 for file in made[1:]} == {0o600}


@pytest.mark.any_database
def test_a_backup_whose_database_changed_unseen_never_gets_its_name(
    chosen: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_area()
    child("Ani")
    honest = plans.SqliteStore.export

    def lying(self: plans.SqliteStore, out: Any) -> Any:
        child("Budi")
        found = honest(self, out)
        child("Citra")
        return self.contents() if found else found

    monkeypatch.setattr(plans.SqliteStore, "export", lying)
    with pytest.raises(ProblemError) as told:
        back_up(chosen, quiet)
    assert [problem.code for problem in told.value.problems] == ["U12"]
    assert list((chosen.folder or Path()).iterdir()) == []
    assert last_backup() is None


@pytest.mark.any_database
def test_the_commands_say_in_indonesian_what_they_did(
    chosen: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    lay_area()
    child("Ani")
    monkeypatch.setenv("SIKLUS_BACKUP_FOLDER", str(chosen.folder))
    assert main(["backup"]) == 1
    assert "siklus backup --new-key" in capsys.readouterr().err
    monkeypatch.setenv("SIKLUS_BACKUP_KEY", str(chosen.key_file))
    assert is_backup_due()
    (settings.VAR / "knowledge" / "installed.json").write_text("{}")
    assert main(["backup"]) == 0
    assert not is_backup_due() and is_backup_due(now=1e12)
    (made,) = backups_in(chosen.folder or Path())
    assert f"Cadangan baik: {made}" in capsys.readouterr().out
    connection.close()
    assert main(["restore", "--check", str(made)]) == 0
    assert "Basis data tidak diubah." in capsys.readouterr().out
    (settings.VAR / "knowledge" / "installed.json").write_text('{"lain": 1}')
    guarded: list[str] = []
    settings.SIKLUS_AUDIT_GUARDED = True
    monkeypatch.setattr("siklus.access.guarding.guard", guarded.append)
    assert main(["restore", str(made)]) == 0
    assert "Dipulihkan: 1 catatan, urutan terakhir 1." in capsys.readouterr().out
    assert guarded == ["default"], "a copy of the tables does not bring the guards of the audit"
    assert (settings.VAR / "knowledge" / "installed.json").read_text() == "{}"
    assert check(made, chosen.key()).records == 1


def test_no_number_is_given_again_that_was_given_after_the_backup(chosen: Plan) -> None:
    lay_area()
    child("Ani")
    made = back_up(chosen, quiet)
    gone, newcomer = child("Budi"), add_device(kind="ponsel")
    block = allot_block("PC puskesmas")
    connection.close()
    restore(made.file, chosen.key(), over_newer=True)
    assert device_of(child("Citra")) != device_of(gone), (
        "a phone that still speaks of Budi does not mean Citra"
    )
    assert add_device(kind="ponsel") > newcomer
    assert allot_block("PC lain")[0] > block[0]
    assert desk_device() < BLOCKS_FROM


@pytest.mark.any_database
def test_a_disk_that_is_full_is_told_in_indonesian_and_leaves_the_older_backup(
    chosen: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_area()
    monkeypatch.setenv("SIKLUS_BACKUP_FOLDER", str(chosen.folder))
    monkeypatch.setenv("SIKLUS_BACKUP_KEY", str(chosen.key_file))
    assert main(["backup"]) == 0

    def full(_self: object, _piece: bytes, *, is_last: bool) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sealed_file.SealedWriter, "_put", full)
    before = backups_in(chosen.folder or Path())
    assert main(["backup"]) == 1
    assert "disk penuh" in capsys.readouterr().err
    assert backups_in(chosen.folder or Path()) == before
    assert list((chosen.folder or Path()).iterdir()) == before, "nothing half-made lies there"
