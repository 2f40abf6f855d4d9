"""`siklus import` as a script would call it: good rows in, every other row named, undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from siklus.kernel.dates import iso
from siklus.register import queries as register
from siklus.site.cli import main
from tests.integration.exchange import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], settings: Any) -> Any:
    settings.SIKLUS_TODAY = iso(world.TODAY)
    world.plant()

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["import", *words])
        return code, *capsys.readouterr()

    return call


def sample(name: str) -> str:
    return str(world.SAMPLES / name)


def test_a_messy_file_keeps_its_good_rows_and_names_each_bad_one_and_is_undone(
    run: Any, tmp_path: Path
) -> None:
    refused = tmp_path / "ditolak.xlsx"
    code, out, _ = run(
        sample("eppgbm_kotor.xlsx"), "--place", world.PUSKESMAS, "--format", "json", "--refused", str(refused)
    )
    told = json.loads(out)
    assert code == 1
    assert (told["rows"], told["saved"], told["verdicts"]["reject"]) == (17, 9, 8)
    assert {finding["row"] for finding in told["findings"]} == set(range(17, 25))
    assert all(finding["why"] for finding in told["findings"])
    assert refused.read_bytes().startswith(b"PK")
    code, out, _ = run("--undo", str(told["batch"]))
    assert code == 0 and "dibatalkan" in out
    assert register.is_empty()


def test_a_clean_file_ends_with_0_and_says_how_to_take_it_back(run: Any) -> None:
    code, out, _ = run(sample("eppgbm_bersih.csv"), "--place", world.PUSKESMAS)
    assert code == 0
    assert "17 baris: 15 baru, 2 sudah dikenal." in out and "siklus import --undo" in out


def test_a_dry_run_writes_nothing(run: Any) -> None:
    code, out, _ = run(sample("eppgbm_bersih.csv"), "--place", world.PUSKESMAS, "--dry-run")
    assert code == 0 and "Tidak ada yang disimpan." in out
    assert register.is_empty()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([sample("jahat_rumus.xlsx"), "--place", world.PUSKESMAS], 1),
        ([sample("eppgbm_bersih.csv")], 2),
        ([sample("eppgbm_bersih.csv"), "--place", "P0000000000"], 2),
        ([sample("eppgbm_bersih.csv"), "--place", world.PUSKESMAS, "--user", "tetangga"], 2),
        (["--undo", "99"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Any, words: list[str], code: int) -> None:
    found, out, err = run(*words)
    assert (found, out) == (code, "") and err.strip()
    assert register.is_empty()
