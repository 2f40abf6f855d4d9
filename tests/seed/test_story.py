"""What is told of one neighbourhood: the same bytes for the same seed, with the gaps and slips of real life."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from seed.account import load_known_answers
from seed.days import day_of
from seed.notebook import Entry, Notebook
from siklus.care.bulk_load import LoadedRecord
from siklus.kernel.dates import parse_day
from siklus.library.loading import load_book
from siklus.records.checks import Surroundings, check_record
from tests.seed.lives import told

ON = day_of(2026, 11, 21)


def test_the_same_seed_tells_the_same_story() -> None:
    entries, answers = told(3, ON, 200)
    assert told.__wrapped__(3, ON, 200) == (entries, answers)
    assert told(4, ON, 200)[0] != entries


def test_the_story_does_not_hang_on_how_this_python_orders_its_sets(project: Path) -> None:
    story = f"told(3, {ON}, 200)"
    program = f"import zlib; from tests.seed.lives import told; print(zlib.crc32(repr({story}).encode()))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=project, env={**os.environ, "PYTHONHASHSEED": number}, check=True,
            capture_output=True, text=True,
        ).stdout
        for number in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_every_record_passes_the_check_of_the_door() -> None:
    book = load_book()
    needs = {need.name for need in book.needs}
    entries, _ = told(1, ON, 500)
    known: dict[int, dict[str, int]] = {}
    for entry in entries:
        person = known.setdefault(entry.person or 0, {})
        data = json.loads(entry.data)
        kind = book.vocabulary.kinds[entry.kind]
        birth = parse_day(data["birth"]) if "birth" in data else None
        around = Surroundings(
            today=entry.entered,
            birth=birth if kind.register else person.get("birth"),
            died=person.get("died"),
            needs=needs,
        )
        if not entry.is_void:
            checked = check_record(
                kind=entry.kind, on=entry.on, data=data, by_role=entry.by_role, place_kind=entry.place_kind,
                vocabulary=book.vocabulary, around=around,
            )  # fmt: skip
            assert checked.problems == (), entry
            assert (checked.data, checked.by_role, checked.place_kind) == (
                data,
                entry.by_role,
                entry.place_kind,
            )
        if birth is not None and entry.person is not None:
            person["birth"] = birth
        if entry.kind == "meninggal":
            person["died"] = entry.on


def test_real_life_has_left_its_marks() -> None:
    kinds: Counter[str] = Counter()
    slips: Counter[str] = Counter()
    for seed in range(12):
        entries, _ = told(seed, ON, 300)
        registered = {entry.id for entry in entries if entry.kind in ("daftar_orang", "lahir")}
        kinds.update(entry.kind for entry in entries)
        slips["late"] += sum(entry.entered > entry.on + 7 for entry in entries)
        slips["corrected"] += sum(entry.root != entry.id and not entry.is_void for entry in entries)
        slips["void"] += sum(entry.is_void for entry in entries)
        slips["no birth date"] += sum(
            entry.id in registered and '"birth"' not in entry.data for entry in entries
        )
        slips["left"] += sum(entry.kind == "pindah" and "keluar" in entry.data for entry in entries)
        slips["moved"] += sum(entry.kind == "pindah" and "posyandu" in entry.data for entry in entries)
        slips["implausible"] += sum(
            entry.kind == "timbang" and json.loads(entry.data).get("berat", 0) > 25 for entry in entries
        )
        slips["too early"] += len(_early_measles(entries))
    assert {"meninggal", "gabung_orang", "penolakan", "keguguran", "ubah_orang", "ubah_keluarga"} <= set(
        kinds
    )
    assert min(slips.values()) > 0, slips
    assert slips["late"] < 0.2 * kinds.total()


def test_records_are_numbered_without_gaps_in_the_order_they_were_written_down() -> None:
    entries, _ = told(1, ON, 500)
    assert [entry.id & 0xFFFFFFFF for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry.id >> 32 for entry in entries}) == 1
    days = [entry.entered for entry in entries]
    assert days == sorted(days)
    assert max(days) <= ON
    assert all(entry.on <= entry.entered for entry in entries)


def test_identity_numbers_are_fictional_and_given_once() -> None:
    entries, _ = told(1, ON, 500)
    niks = [nik for entry in entries if (nik := json.loads(entry.data).get("nik")) and entry.root == entry.id]
    assert len(set(niks)) == len(niks) > 400
    assert all(nik.startswith("99") and len(nik) == 16 for nik in niks)


def test_entries_have_the_shape_the_log_loads() -> None:
    assert Entry._fields == LoadedRecord._fields


def test_a_void_or_correction_names_the_first_record_and_comes_after_it() -> None:
    notebook = Notebook(5, ON, {})
    person = notebook.register("daftar_orang", ON - 10, {"nama": "Contoh"})
    weight = notebook.write("timbang", person, ON - 5, '{"berat":80.0}')
    notebook.correct(weight, '{"berat":8.0}', "Salah ketik", ON - 4)
    notebook.void(weight, "Anak lain", ON)
    first, second, third, fourth = (Entry._make(row) for row in notebook.finish())
    assert (first.person, first.root) == (first.id, first.id)
    assert [entry.root for entry in (second, third, fourth)] == [second.id] * 3
    assert (third.data, third.why, third.on) == ('{"berat":8.0}', "Salah ketik", ON - 5)
    assert (fourth.data, fourth.is_void, fourth.by_role) == ("{}", True, "")


def test_known_answers_are_kept_beside_the_database(tmp_path: Path) -> None:
    _, answers = told(1, ON, 200)
    path = tmp_path / "answers.json.gz"
    answers.save(path)
    assert load_known_answers(path) == answers


def _early_measles(entries: tuple[Entry, ...]) -> list[Entry]:
    births = {
        entry.id: parse_day(data["birth"])
        for entry in entries
        if entry.kind in ("daftar_orang", "lahir") and "birth" in (data := json.loads(entry.data))
    }
    return [
        entry
        for entry in entries
        if entry.kind == "imunisasi"
        and '"mr"' in entry.data
        and entry.on - births.get(entry.person or 0, 0) < 270
    ]
