"""From one rule book to the next: tried, refused, installed, taking over when everything is made by it, and back."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siklus.access.models import AuditEntry
from siklus.access.queries import User
from siklus.bulk.compare import compare
from siklus.bulk.rebuild import rebuild
from siklus.care.models import Need, State
from siklus.care.settling import LISTED
from siklus.kernel.dates import iso, parse_day, year_of
from siklus.library.expected import Expected
from siklus.library.installed import installed, take_over
from siklus.library.loading import load_book, own_folder, read_book
from siklus.monitoring import actions as monitoring
from siklus.monitoring.queries import last_rebuild
from siklus.site import keeping
from siklus.site.cli import main
from siklus.trials.actions import keep_case
from tests.integration.area import TODAY, child, lay_area, users, write_one

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

IMMUNISATION = "packages/bayi_balita/imunisasi.yaml"
TITLE, OTHER_TITLE = "title: Campak-rubela 1 (MR1)", "title: Campak-rubela pertama (MR1)"
AT_NINE = "opens: birth + 9 months\n        overdue: birth + 12 months"
AT_TEN = "opens: birth + 10 months\n        overdue: birth + 12 months"
ENDEMIC = "provinsi_endemis_je"
Run = Callable[..., tuple[int, str]]
MR1_IS_DUE = Expected("mr1", "due")
NINE_MONTHS_OLD = {"on": "2026-02-28", "person": {"birth": "2025-05-31", "sex": "p"}, "records": []}


@pytest.fixture(scope="module")
def small_book(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """The immunisations alone: a book that is read and compiled in a quarter of a second."""
    folder = tmp_path_factory.mktemp("knowledge")
    for part in ("vocabulary", "standards"):
        shutil.copytree(project / "knowledge" / part, folder / part)
    for file in ("stages.yaml", "kader.yaml", IMMUNISATION, "indicators/spm_anak.yaml"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / "knowledge" / file, folder / file)
    return folder


@pytest.fixture
def district(
    transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_book: Path
) -> dict[str, User]:
    """The small area on its day, with a small rule book and a store of its own."""
    settings.SIKLUS_TODAY = iso(TODAY)
    monkeypatch.setenv("SIKLUS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SIKLUS_KNOWLEDGE", str(small_book))
    lay_area()
    return users()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["rules", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out + (said.err if code else "")

    return command


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A rule book like the program's own but for some words of the immunisations; examples may go too."""

    def copy(name: str, *words: tuple[str, str], with_examples: bool = True) -> Path:
        folder = tmp_path / name
        shutil.copytree(own_folder(), folder)
        page = folder / IMMUNISATION
        text = page.read_text(encoding="utf-8")
        for old, new in words:
            assert text.count(old) == 1
            text = text.replace(old, new)
        if not with_examples:
            text = "".join(
                line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("- {say:")
            )
            text = text.replace("examples:\n", "examples: []\n")
        page.write_text(text, encoding="utf-8")
        return folder

    return copy


def two_children() -> tuple[int, int]:
    """One at nine months and one at ten, in the north and in the south; both without MR1."""
    return child("Ani Contoh", 1, "2026-02-10"), child("Beni Contoh", 3, "2026-01-10")


def test_a_trial_tells_whom_a_book_would_change_by_need_and_place_and_changes_nothing(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    two_children()
    later = changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False)
    code, said = run("try", later, "--format", "json")
    found = json.loads(said)
    assert (code, found["asked"], found["persons"], found["failing"]) == (0, 2, 2, [])
    assert [tuple(change.values()) for change in found["changes"] if change["need"] == "mr1"] == [
        ("mr1", "due", "due", "P-SELATAN", "99.01.02.2003", 1),
        ("mr1", "due", "not_yet", "P-UTARA", "99.01.01.2001", 1),
    ]
    assert installed().serving is None
    code, said = run("try", later, "--on", "2026-12-10")
    assert code == 0
    assert "mr1        Waktunya, hanya tanggalnya bergeser  2" in said
    code, said = run("try", later, "--by", "desa")
    assert "Desa 1  mr1: Waktunya -> Belum waktunya" in said


def test_the_switch_then_does_what_the_trial_said(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    for month in range(1, 13):
        child(f"Anak {month}", 1 + month % 4, f"2025-{month:02}-15")
    two_children()
    rebuild(TODAY, year_of(TODAY))
    later = changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False)
    found = compare(load_book(), read_book(later), TODAY, lambda _line: None)
    expected = listed()
    for person, need, before, after in found.named:
        if before != after:
            expected -= {(person, need, before)}
            expected |= {(person, need, after)} & {(person, need, status) for status in LISTED}
    assert expected != listed()
    assert run("use", later)[0] == 0
    rebuild(TODAY, year_of(TODAY))
    assert listed() == expected


def listed() -> set[tuple[int, str, str]]:
    """Who stands in the lists, with what in which status."""
    return set(Need.objects.values_list("person_id", "need", "status"))


def test_records_of_after_the_day_asked_are_not_counted_yet(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    ani, _ = two_children()
    write_one("imunisasi", "2026-11-15", of=ani, vaksin="mr")
    later = changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False)

    def mr1(on: str) -> set[tuple[str, str]]:
        changes = json.loads(run("try", later, "--on", on, "--format", "json")[1])["changes"]
        mine = [each for each in changes if (each["need"], each["puskesmas_code"]) == ("mr1", "P-UTARA")]
        return {(each["before"], each["after"]) for each in mine}

    assert mr1("2026-11-14") == {("due", "not_yet")}
    assert mr1("2026-11-20") == {("done", "not_yet")}


def test_names_go_to_a_file_within_a_scope_and_never_to_the_screen(
    district: dict[str, User], changed: Callable[..., Path], run: Run, tmp_path: Path
) -> None:
    two_children()
    later = changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False)
    names = tmp_path / "nama.csv"
    code, said = run("try", later, "--names", names, "--user", "utara")
    assert code == 0
    assert "Contoh" not in said
    lines = [
        line
        for line in csv.DictReader(names.open(encoding="utf-8"))
        if line["kebutuhan"].startswith("Campak")
    ]
    assert {line["nama"] for line in lines} == {"Ani Contoh"}
    assert names.stat().st_mode & 0o777 == 0o600
    entry = AuditEntry.objects.get(action="unduh nama perubahan aturan")
    assert entry.user == district["utara"]


def test_a_book_whose_own_examples_come_out_otherwise_is_not_used(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    code, said = run("use", changed("sepuluh", (AT_NINE, AT_TEN)))
    assert code == 1
    assert 'contoh "genap 9 bulan (akhir Februari)": expected due, got not_yet' in said
    assert installed().coming is None


def test_a_case_of_the_district_keeps_a_book_out_and_says_what_was_expected_and_what_came(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    keep_case(user=district["dinkes"], title="Genap 9 bulan", life=NINE_MONTHS_OLD, expected=MR1_IS_DUE)
    before = installed()
    assert before.serving is not None, (
        "from the first case on, an update of the program changes no rule unasked"
    )
    later = changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False)
    for action in ("try", "use"):
        code, said = run(action, later)
        assert code == 1
        assert '"Genap 9 bulan" (mr1): status: diharapkan Waktunya, keluar Belum waktunya' in said
    assert "tidak dipakai" in said
    assert installed() == before
    assert run("use", changed("kata", (TITLE, OTHER_TITLE)))[0] == 0


def test_a_case_about_a_need_that_is_no_more_keeps_the_book_out(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    keep_case(user=district["dinkes"], title="Genap 9 bulan", life=NINE_MONTHS_OLD, expected=MR1_IS_DUE)
    code, said = run("use", changed("lain", ("- need: mr1\n", "- need: mr_satu\n"), with_examples=False))
    assert code == 1
    assert "'mr1' bukan kebutuhan yang dikenal" in said


def test_a_faulty_book_and_a_folder_that_is_none_are_told(
    district: dict[str, User], changed: Callable[..., Path], run: Run, tmp_path: Path
) -> None:
    assert run("use", changed("rusak", (AT_NINE, "opens: brith + 9 months")))[0] == 1
    assert run("use", tmp_path)[0] == 2
    assert run("use")[0] == 2
    assert run("use", "--choose", ENDEMIC)[0] == 2
    code, said = run("use", "--choose", f"{ENDEMIC}=endemi")
    assert code == 1
    assert "salah satu dari: bukan, endemis" in said
    assert installed().serving is None


def test_the_old_book_serves_until_everything_is_made_by_the_new_one(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    two_children()
    client = Client()
    client.force_login(district["dinkes"])
    rebuild(TODAY, year_of(TODAY))
    old = load_book()
    assert not keeping.is_behind()
    assert run("use", changed("kata", (TITLE, OTHER_TITLE)))[0] == 0
    coming = installed().coming
    assert coming is not None
    assert load_book().hash == old.hash
    assert old.hash[:8] in client.get("/kebutuhan/").content.decode()
    assert keeping.is_behind()
    rebuild(TODAY, year_of(TODAY))
    assert installed().serving == coming
    assert not keeping.is_behind()
    made = last_rebuild()
    assert made is not None and made.rulebook == coming.hash and made.is_current_book
    assert set(State.objects.values_list("plan", flat=True)) == {coming.hash}
    page = client.get("/kebutuhan/?puskesmas=P-UTARA").content.decode()
    assert coming.hash[:8] in page
    assert load_book().need("mr1").title == "Campak-rubela pertama (MR1)"

    assert run("use", "--back") == (0, run_said(old.hash))
    rebuild(TODAY, year_of(TODAY))
    assert load_book().hash == old.hash
    assert run("use", "--back", "--choose", f"{ENDEMIC}=endemis")[0] == 2


def run_said(hash_: str) -> str:
    return (
        f"Buku aturan {hash_} lulus dan terpasang. Ia berlaku setelah semua angka dibuat ulang dengannya:"
        " oleh `siklus serve` di latar belakang, atau sekarang dengan `siklus state rebuild`.\n"
    )


def test_the_way_back_is_told_where_there_is_none(district: dict[str, User], run: Run) -> None:
    code, said = run("use", "--back")
    assert code == 1
    assert "belum pernah ada buku aturan lain" in said


def test_where_nobody_is_registered_a_book_serves_at_once(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    assert run("use", changed("kata", (TITLE, OTHER_TITLE)))[0] == 0
    assert load_book().need("mr1").title == "Campak-rubela pertama (MR1)"


def test_a_choice_of_the_district_goes_the_same_way_and_stays_with_the_next_book(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    plain = load_book().hash
    assert run("use", "--choose", f"{ENDEMIC}=endemis")[0] == 0
    assert load_book().choices == ((ENDEMIC, "endemis"),)
    assert run("use", changed("kata", (TITLE, OTHER_TITLE)))[0] == 0
    assert load_book().choices == ((ENDEMIC, "endemis"),)
    assert load_book().need("mr1").title == "Campak-rubela pertama (MR1)"
    assert run("use", own_folder(), "--choose", f"{ENDEMIC}=bukan")[0] == 0
    assert (load_book().hash, load_book().choices) == (plain, ())


def test_a_choice_that_a_book_no_longer_offers_is_left_behind_aloud(
    district: dict[str, User], changed: Callable[..., Path], run: Run
) -> None:
    assert run("use", "--choose", f"{ENDEMIC}=endemis")[0] == 0
    folder = changed("lain", ("- {name: endemis, is: true", "- {name: endemik, is: true"))
    code, said = run("use", folder)
    assert code == 0
    assert f"pilihan daerah untuk '{ENDEMIC}' tidak ada lagi" in said
    assert load_book().choices == ()


def test_who_settles_while_a_book_takes_over_settles_again_by_the_new_one(
    district: dict[str, User], changed: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani, _ = two_children()
    assert run("use", changed("sepuluh", (AT_NINE, AT_TEN), with_examples=False))[0] == 0
    coming = installed().coming
    assert coming is not None
    settle, books = monitoring._settle, []

    def slowly(persons: Any, households: Any, today: int) -> None:
        books.append(load_book().hash)
        settle(persons, households, today)
        take_over(coming.hash)

    monkeypatch.setattr(monitoring, "_settle", slowly)
    monitoring.settle([ani], parse_day("2026-11-21"))
    assert books[1:] == [coming.hash]
    assert not Need.objects.filter(person_id=ani, need="mr1").exists()
    assert set(State.objects.filter(person_id=ani).values_list("plan", flat=True)) == {coming.hash}
