"""`siklus doctor`: is this installation well? One line a check, with what to do; 1 when something is not."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from siklus.kernel.problems import ProblemError
from siklus.site.output import write_rows
from siklus.site.usage import add_format, start_django

COLUMNS = ("check", "well", "found", "todo")


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `todo` only when it is not well."""

    check: str
    well: bool
    found: str
    todo: str = ""


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("doctor", help="memeriksa pemasangan ini")
    parser.add_argument(
        "--deep", action="store_true", help="juga bandingkan register dengan catatannya (lama)"
    )
    parser.add_argument(
        "--deploy", action="store_true", help="juga apa yang harus benar sebelum data orang sungguhan masuk"
    )
    add_format(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Every check is run, also after one that failed."""
    start_django()
    checks = [
        _knowledge,
        _database,
        _tables,
        _cases,
        _log,
        _freshness,
        _secret,
        _keys,
        *([_deep, _audit] if args.deep else []),
        *([_deploy] if args.deploy else []),
    ]
    findings = [finding for check in checks for finding in _tried(check)]
    write_rows(
        [
            {
                "check": f.check,
                "well": f.well if args.format == "json" else _word(f.well),
                "found": f.found,
                "todo": f.todo,
            }
            for f in findings
        ],
        COLUMNS,
        args.format,
    )
    return 0 if all(finding.well for finding in findings) else 1


def _tried(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    from django.db import DatabaseError

    try:
        return list(check())
    except ProblemError as error:
        return [Finding(check.__name__.strip("_"), False, str(error.problems[0]), "siklus rules check")]
    except DatabaseError as error:
        return [Finding(check.__name__.strip("_"), False, str(error).splitlines()[0], "siklus migrate")]


def _word(well: bool) -> str:
    return "baik" if well else "PERIKSA"


def _knowledge() -> Iterator[Finding]:
    from siklus.library.loading import load_book
    from siklus.library.switching import book_waiting, is_untouched

    book = load_book()
    yield Finding(
        "buku aturan", True, f"{book.hash}: {len(book.needs)} kebutuhan, {len(book.indicators)} indikator"
    )
    if waiting := book_waiting():
        yield Finding("buku aturan lain", True, waiting)
    if not is_untouched():
        yield Finding(
            "salinan buku aturan", False, f"isi {book.folder} telah diubah", "siklus rules use FOLDER_ASLINYA"
        )


def _cases() -> Iterator[Finding]:
    """A kept case that does not come out is no fault of the installation; it waits for a better book."""
    from siklus.library.loading import load_book
    from siklus.trials.queries import judged

    found = judged(load_book())
    wrong = sum(not verdict.is_right for _case, verdict in found)
    if found:
        yield Finding(
            "kasus kabupaten", True, f"{len(found)} kasus, {wrong} tidak sesuai dengan buku aturan ini"
        )


def _database() -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            answer = cursor.fetchone()[0]
            yield Finding(
                "basis data",
                answer == "ok",
                f"SQLite, quick_check: {answer}",
                "" if answer == "ok" else "Pulihkan cadangan.",
            )
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            yield Finding(
                "mode tulis",
                mode in ("wal", "memory"),
                mode,
                "" if mode in ("wal", "memory") else "PRAGMA journal_mode=WAL",
            )
        else:
            cursor.execute("SHOW server_version")
            yield Finding("basis data", True, f"PostgreSQL {cursor.fetchone()[0]}")


def _tables() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    found = f"{len(waiting)} perubahan tabel menunggu" if waiting else "mutakhir"
    yield Finding("tabel", not waiting, found, "siklus migrate" if waiting else "")


def _log() -> Iterator[Finding]:
    from siklus.care.health import gaps_in_numbers, log_size

    records, last = log_size()
    well = records == last
    yield Finding(
        "catatan",
        well,
        f"{records} catatan, urutan terakhir {last}",
        "" if well else "Periksa cadangan: ada urutan yang hilang.",
    )
    gaps = gaps_in_numbers()
    found = ", ".join(f"alat {device}: {count} nomor hilang" for device, count in gaps) or "tanpa celah"
    yield Finding(
        "nomor catatan", not gaps, found, "Periksa cadangan dan pengiriman alat itu." if gaps else ""
    )


def _freshness() -> Iterator[Finding]:
    from siklus.access.clock import today
    from siklus.kernel.dates import iso
    from siklus.monitoring.queries import last_rebuild
    from siklus.register.queries import is_empty

    run_before = last_rebuild()
    if run_before is None:
        well = is_empty()
        yield Finding(
            "kebutuhan dan cakupan",
            well,
            "belum pernah dihitung semua",
            "" if well else "siklus state rebuild",
        )
        return
    well = run_before.on_day == today() and run_before.is_current_book
    found = f"per {iso(run_before.on_day)}" + ("" if run_before.is_current_book else ", buku aturan lama")
    yield Finding("kebutuhan dan cakupan", well, found, "" if well else "siklus state rebuild")


def _secret() -> Iterator[Finding]:
    from django.conf import settings

    path = settings.VAR / "secret-key"
    if not path.exists():
        yield Finding("kunci rahasia", True, "dari SIKLUS_SECRET_KEY")
        return
    mode = path.stat().st_mode & 0o777
    well = mode & 0o077 == 0
    yield Finding("kunci rahasia", well, f"hak berkas {mode:o}", "" if well else f"chmod 600 {path}")


def _keys() -> Iterator[Finding]:
    from siklus.register.identity import faults, keyring

    found = faults()
    told = "; ".join(found) or f"segel {keyring().seal_with}, pencarian {keyring().index_with}"
    todo = "chmod 600, atau kembalikan kunci dari cadangannya" if found else ""
    yield Finding("kunci NIK dan No. KK", not found, told, todo)


def _deep() -> Iterator[Finding]:
    from siklus.care.health import register_differs

    changed = register_differs()
    found = f"{changed} baris berbeda dari catatannya" if changed else "sama dengan catatannya"
    yield Finding("register", not changed, found, "siklus state rebuild --register" if changed else "")


def _audit() -> Iterator[Finding]:
    from siklus.access.audit import anchors_file, head_of, read_anchors, verify

    breaks = verify(read_anchors(anchors_file()))
    found = breaks[0].why if breaks else f"utuh: {head_of()[0]} baris"
    yield Finding("rantai catatan akses", not breaks, found, "siklus audit verify" if breaks else "")


def _deploy() -> Iterator[Finding]:
    from django.conf import settings

    from siklus.site.commands.doctor_deploy import findings

    for each in findings(settings):
        yield Finding(each.check, each.well, each.found, "" if each.well else each.todo)
