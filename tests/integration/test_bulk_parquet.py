"""Extracts and answers as Parquet: what the site keeps, whatever the shards, from records or from what was kept."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command

from seed.plant import plant
from siklus.bulk import renewing
from siklus.bulk.answering import Question, check_extract
from siklus.bulk.extracting import write_extract
from siklus.bulk.folders import Extract, read_extract
from siklus.bulk.running import MEMORY, Means, answer
from siklus.bulk.tables import TABLES, bucket_of
from siklus.care.models import Need
from siklus.care.settling import LISTED
from siklus.kernel import periods
from siklus.kernel.dates import iso, parse_day, year_of
from siklus.kernel.problems import ProblemError
from siklus.library.loading import Book, load_book, read_book
from siklus.monitoring.models import Coverage, CoverageUnit
from siklus.site.cli import main
from tests.integration.area import TODAY, child, lay_area, write_one

pytestmark = pytest.mark.django_db(transaction=True)
SUMS = "indicator, desa_code, posyandu_code, puskesmas_code, registered, reached, complete, unclear"
YEAR = periods.year(year_of(TODAY))
NEED_COLUMNS = (
    "person, unit, unit_id, need, occurrence, status, opens, due, overdue, until, package, desa_code"
)


def rows(folder: Path, table: str, columns: str = "*", where: str = "true") -> list[tuple[Any, ...]]:
    """All rows of a table of answers, in order."""
    files = f"read_parquet('{folder}/{table}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)"
    return duckdb.sql(f"SELECT {columns} FROM {files} WHERE {where} ORDER BY ALL").fetchall()


def ask(
    extract: Extract, out: Path, *, book: Book | None = None, persons: int | None = None, keep: bool = False
) -> Path:
    """Needs and coverage of a day, so many persons at once."""
    for period in (None, YEAR):
        means = Means(MEMORY, threads=1, persons=persons)
        answer(
            book or load_book(), extract, Question(TODAY, period, keep=keep), out, means, lambda _line: None
        )
    return out


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All tables of answers."""
    return {table.name: rows(folder, table.name) for table in TABLES}


@dataclass(frozen=True)
class Seeded:
    """An extract of a settled site, and what the site kept then: needs, units of coverage and their sums."""

    extract: Extract
    needs: list[tuple[Any, ...]]
    units: list[tuple[Any, ...]]
    sums: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """Two hundred people of a posyandu, settled by the site as of today; planted once, and gone from the database."""
    with django_db_blocker.unblock():
        plant("posyandu", 7, TODAY, people=200, processes=0)
        folder = tmp_path_factory.mktemp("seeded") / "extract"
        extract = write_extract(load_book(), folder, None, MEMORY, lambda _line: None)
        of_year = CoverageUnit.objects.filter(period=YEAR.name)
        kept = Seeded(
            extract,
            list(Need.objects.values_list("person_id", *NEED_COLUMNS.split(", ")[1:])),
            [_unit(each) for each in of_year],
            list(Coverage.objects.filter(period=YEAR.name).values_list(*SUMS.split(", "))),
        )
        call_command("flush", verbosity=0, interactive=False)
    return kept


def _unit(each: CoverageUnit) -> tuple[Any, ...]:
    return (
        each.indicator, each.unit, each.unit_id, each.person_id, each.counted, each.reached, each.complete,
        json.loads(each.lacking), json.loads(each.unknown),
    )  # fmt: skip


@pytest.fixture(scope="module")
def some_rules(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Book:
    """Immunisations and the indicators of children: a book that is compiled and planned fast."""
    folder = tmp_path_factory.mktemp("knowledge")
    return book_of(project, folder, "packages/bayi_balita/imunisasi.yaml", "indicators/spm_anak.yaml")


def book_of(project: Path, folder: Path, *files: str) -> Book:
    """A rule book of these files alone, made in a folder."""
    for part in ("vocabulary", "standards"):
        shutil.copytree(project / "knowledge" / part, folder / part)
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / "knowledge" / file, folder / file)
    return read_book(folder)


def test_parquet_answers_are_what_the_site_keeps(seeded: Seeded, tmp_path: Path) -> None:
    out = ask(seeded.extract, tmp_path / "out")
    listed = ", ".join(f"'{status}'" for status in sorted(LISTED))
    days = re.sub(
        r"\b(occurrence|opens|due|overdue|until)\b", r"(\1 - DATE '1970-01-01')::INTEGER", NEED_COLUMNS
    )
    sought = ", ".join(f"'{name}'" for name in sorted(load_book().sought))
    found = rows(out, "needs", days, f"status IN ({listed}) AND need IN ({sought})")
    assert sorted(found, key=repr) == sorted(seeded.needs, key=repr)
    assert len(seeded.needs) > 100
    units = "indicator, unit, unit_id, person, counted, reached, complete, lacking, unknown"
    assert sorted(rows(out, "units", units), key=repr) == sorted(seeded.units, key=repr)
    assert sorted(rows(out, "coverage", SUMS)) == sorted(seeded.sums)


@pytest.mark.any_database
def test_the_files_have_the_columns_the_reference_tells(
    seeded: Seeded, tmp_path: Path, some_rules: Book
) -> None:
    out = ask(seeded.extract, tmp_path / "out", book=some_rules)
    for table in TABLES:
        for path in (out / table.name).rglob("*.parquet"):
            described = duckdb.sql(
                f"DESCRIBE FROM read_parquet('{path}', hive_partitioning = false)"
            ).fetchall()
            written = [(name, kind) for name, kind, *_ in described]
            assert written == [(column.name, column.kind) for column in table.columns], path.name


@pytest.mark.any_database
def test_spark_that_is_not_installed_is_said(
    seeded: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("siklus.bulk.spark.find_spec", lambda _name: None)
    words = ("--extract", str(seeded.extract.folder), "--out", str(tmp_path / "out"), "--on", iso(TODAY))
    assert main(("bulk", "needs", "--engine", "spark", *words)) == 1
    assert "Spark belum terpasang di sini" in capsys.readouterr().err


@pytest.mark.any_database
def test_shards_and_kept_folds_change_nothing(seeded: Seeded, tmp_path: Path, some_rules: Book) -> None:
    shutil.copytree(seeded.extract.folder, tmp_path / "extract")
    extract = read_extract(tmp_path / "extract")
    whole = everything(ask(extract, tmp_path / "whole", book=some_rules))
    assert all(whole.values())
    kept = ask(extract, tmp_path / "kept", book=some_rules, persons=90, keep=True)
    assert everything(kept) == whole
    assert {path.stem[-4:] for path in (kept / "needs").rglob("*.parquet")} == {"0003"}, "in three shards"
    for path in (extract.folder / "records").rglob("*.parquet"):
        path.unlink()
    again = ask(extract, tmp_path / "again", book=some_rules, persons=90)
    assert everything(again) == whole, "answered from what was kept, without a record"


@pytest.mark.any_database
def test_an_extract_of_fewer_fields_is_refused_by_name(seeded: Seeded, some_rules: Book) -> None:
    held = {kind: columns for kind, columns in seeded.extract.columns.items() if kind != "imunisasi"}
    with pytest.raises(ProblemError, match=r"imunisasi\.vaksin"):
        check_extract(replace(seeded.extract, columns=held), some_rules)


@pytest.mark.any_database
def test_an_extract_lies_by_kabupaten_and_is_sorted_by_bucket_and_person(seeded: Seeded) -> None:
    ((kabupaten, size),) = seeded.extract.kabupaten.items()
    assert re.fullmatch(r"\d\d\.\d\d", kabupaten)
    assert size.records == sum(
        duckdb.execute(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]
        for path in (seeded.extract.folder / "records").rglob("*.parquet")
    )
    path = seeded.extract.records("timbang", kabupaten)
    order = duckdb.sql(f"SELECT bucket, person, \"date\", id FROM '{path}'").fetchall()
    assert order == sorted(order)
    people = seeded.extract.person(kabupaten)
    asked = bucket_of("coalesce(household, id)")
    assert duckdb.sql(f"FROM '{people}' WHERE bucket <> {asked}").fetchall() == []
    apart = f"FROM '{path}' AS r JOIN '{people}' AS p ON p.id = r.person WHERE r.bucket <> p.bucket"
    assert duckdb.sql(apart).fetchall() == []


@pytest.mark.usefixtures("small_rules")
def test_an_extract_of_a_day_knows_nothing_later(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_area()
    baby = child("Ani")
    write_one("imunisasi", "2026-02-10", of=baby, vaksin="bcg")
    statuses = []
    for on in ("2026-02-09", "2026-02-10"):
        folder, out = str(tmp_path / "extract"), tmp_path / on
        assert main(("bulk", "extract", "--out", folder, "--on", on)) == 0
        assert main(("bulk", "needs", "--extract", folder, "--on", on, "--out", str(out))) == 0
        statuses += rows(out, "needs", "status, on_day::VARCHAR, kabupaten", "need = 'bcg'")
    assert statuses == [("overdue", "2026-02-09", "99.01"), ("done", "2026-02-10", "99.01")]
    assert read_extract(tmp_path / "extract").on == parse_day("2026-02-10")
    assert main(("bulk", "extract", "--out", str(tmp_path))) == 1
    assert "bukan folder hasil ekstrak" in capsys.readouterr().err
    assert tmp_path.is_dir(), "a folder of something else is never replaced"
    assert main(("bulk", "needs", "--extract", str(tmp_path), "--on", iso(TODAY), "--out", folder)) == 1


def renewed(out: Path) -> list[tuple[Any, ...]]:
    """The needs of the newest day, as the page of the tables says, but for the day each was worked out for."""
    needs, lasts = (f"'{out}/{table}/**/*.parquet'" for table in ("needs", "lasts"))
    newest = f"FROM {needs} AS needs ANTI JOIN {lasts} AS lasts "
    newest += "ON lasts.owner = CASE unit WHEN 'household' THEN unit_id ELSE needs.person END "
    newest += "AND coalesce(lasts.package, needs.package) = needs.package AND lasts.on_day > needs.on_day"
    found = duckdb.sql(f"SELECT * EXCLUDE (on_day, kabupaten) {newest} ORDER BY ALL")
    assert found is not None
    return found.fetchall()


@pytest.mark.any_database
def test_families_and_packages_are_renewed_each_alone(
    seeded: Seeded, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some by SQL and some by Python on the same day, beside what is still held of the same people."""
    monkeypatch.setattr(renewing, "_FEW", 10)
    files = ("lintas/anggota", "lintas/keluarga", "bayi_balita/imunisasi", "bayi_balita/tumbuh")
    book = book_of(project, tmp_path / "knowledge", *(f"packages/{file}.yaml" for file in files))
    means, out, whole = Means(MEMORY, threads=1), tmp_path / "out", tmp_path / "whole"
    answer(book, seeded.extract, Question(TODAY, keep=True), out, means, lambda _line: None)
    asked = 0
    for day in (TODAY + 9, parse_day("2026-12-01"), parse_day("2026-12-20")):
        asked += renewing.renew(book, seeded.extract, Question(day), out, means, lambda _line: None)["lasts"]
        answer(book, seeded.extract, Question(day), whole, means, lambda _line: None)
        assert renewed(out) == rows(whole, "needs", "* EXCLUDE (on_day, kabupaten)")
    assert asked > 0


@pytest.mark.parametrize("few", [0, 10**6], ids=["by SQL", "by Python"])
def test_days_renewed_one_after_another_are_what_each_day_alone_is(
    seeded: Seeded, some_rules: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(renewing, "_FEW", few)
    means, out, whole = Means(MEMORY, threads=1, persons=120), tmp_path / "out", tmp_path / "whole"
    answer(some_rules, seeded.extract, Question(TODAY, keep=True), out, means, lambda _line: None)
    asked = 0
    for day in (TODAY + 1, TODAY + 60, TODAY + 150):
        written = renewing.renew(some_rules, seeded.extract, Question(day), out, means, lambda _line: None)
        asked += written["lasts"]
        answer(some_rules, seeded.extract, Question(day), whole, means, lambda _line: None)
        assert renewed(out) == rows(whole, "needs", "* EXCLUDE (on_day, kabupaten)")
    assert 0 < asked < 200


@pytest.mark.any_database
def test_who_asks_for_an_earlier_day_or_of_another_extract_gets_everybody(
    seeded: Seeded, some_rules: Book, tmp_path: Path
) -> None:
    out, means = tmp_path / "out", Means(MEMORY, threads=1)

    def renew(extract: Extract, day: int) -> dict[str, int]:
        return renewing.renew(some_rules, extract, Question(day), out, means, lambda _line: None)

    assert "lasts" not in renew(seeded.extract, TODAY)
    assert renew(seeded.extract, TODAY) == {"needs": 0, "lasts": 0}
    assert "lasts" not in renew(seeded.extract, TODAY - 1)
    assert "lasts" not in renew(replace(seeded.extract, last_seq=seeded.extract.last_seq + 1), TODAY)
