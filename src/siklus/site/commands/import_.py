"""`siklus import FILE --place CODE`: judges a file row by row, saves good rows, names the others; `--undo NUMBER`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siklus.site.output import write_json, write_rows
from siklus.site.usage import FORMATS, UsageError, add_day, existing_file, place, start_django, today_or

if TYPE_CHECKING:
    from siklus.access.queries import User
    from siklus.exchange.excel.queries import Batch

WORDS = {"new": "baru", "match": "sudah dikenal", "conflict": "ragu", "reject": "ditolak", "skip": "dilewati"}
COLUMNS = ("row", "verdict", "column", "found", "why", "todo")


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("import", help="mengimpor daftar dari berkas xlsx atau csv")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=existing_file, metavar="BERKAS")
    what.add_argument("--undo", type=int, metavar="NOMOR", help="batalkan impor dengan nomor ini")
    parser.add_argument(
        "--place", type=place, metavar="KODE", help="wilayah berkas: puskesmas, desa atau posyandu"
    )
    parser.add_argument("--layout", default="auto", help="bentuk kolom (biasanya dikenali sendiri)")
    parser.add_argument(
        "--user", default="", metavar="NAMA_MASUK", help="atas nama dan dalam wilayah pengguna ini"
    )
    parser.add_argument("--dry-run", action="store_true", help="hanya periksa, jangan simpan")
    parser.add_argument("--refused", type=Path, metavar="XLSX", help="tulis baris yang ditolak ke berkas ini")
    parser.add_argument("--why", default="Dibatalkan dari baris perintah", help="alasan pembatalan")
    parser.add_argument("--format", choices=FORMATS, default="table")
    add_day(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every row went in, 1 when some wait for a person or were refused; each of these is named."""
    start_django()
    from siklus.access.queries import user_named
    from siklus.exchange.excel.words import Refused

    author = user_named(args.user) if args.user else None
    if args.user and author is None:
        raise UsageError(f"Pengguna '{args.user}' tidak ada.")
    try:
        return _undo(args, author) if args.undo is not None else _take_in(args, author)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _take_in(args: argparse.Namespace, author: User | None) -> int:
    from siklus.access.queries import operator
    from siklus.access.scope import NotInScope, access_area
    from siklus.exchange.excel import actions, queries

    if not args.place:
        raise UsageError("Tuliskan juga --place: wilayah orang-orang di berkas ini.")
    try:
        area = access_area(operator(args.user), args.place)
    except NotInScope:
        raise UsageError(f"Wilayah '{args.place}' tidak ada, atau di luar wilayah pengguna ini.") from None
    on = today_or(args.on)
    content = sys.stdin.buffer.read() if str(args.file) == "-" else Path(args.file).read_bytes()
    batch = actions.stage(
        content, file_name=Path(args.file).name, area=area, author=author, today=on, layout=args.layout
    )
    saved = None if args.dry_run else actions.save(batch, author=author, today=on)
    batch.refresh_from_db()
    counts = {name: queries.rows_of(batch, name).count() for name in WORDS}
    findings = list(_findings(batch))
    if args.refused is not None:
        from siklus.exchange.excel.refused import refused_workbook

        args.refused.write_bytes(refused_workbook(batch))
    if args.dry_run:
        actions.discard(batch, author=author)
    figures = {
        "batch": None if saved is None else batch.pk,
        "rows": sum(counts.values()),
        "verdicts": counts,
        "saved": 0 if saved is None else saved.rows,
        "records": 0 if saved is None else saved.records,
    }
    _tell(figures, findings, args.format)
    return 1 if counts["conflict"] + counts["reject"] else 0


def _tell(figures: dict[str, Any], findings: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        write_json({**figures, "findings": findings})
        return
    if form == "csv":
        write_rows(findings, COLUMNS, form)
        return
    for one in findings:
        where = f"baris {one['row']}" + (f", {one['column']}" if one["column"] else "")
        found = f" '{one['found']}'" if one["found"] else ""
        print(f"{where}: {WORDS[one['verdict']]}.{found} {one['why']} {one['todo']}".rstrip())
    said = ", ".join(f"{count} {WORDS[name]}" for name, count in figures["verdicts"].items() if count)
    print(f"{figures['rows']} baris: {said}.")
    if figures["batch"] is None:
        print("Tidak ada yang disimpan.")
    else:
        print(
            f"{figures['saved']} baris disimpan menjadi {figures['records']} catatan;"
            f" membatalkan: siklus import --undo {figures['batch']}"
        )


def _findings(batch: Batch) -> Iterator[dict[str, Any]]:
    """Why each refused row was refused, and why each doubtful one waits."""
    from siklus.exchange.excel import queries

    for verdict in ("reject", "conflict"):
        for row in queries.rows_of(batch, verdict).iterator(chunk_size=500):
            view = queries.RowView(row)
            for at in view.faults if verdict == "reject" else view.remarks:
                finding = {"why": at.finding.why(), "todo": at.finding.todo()}
                yield {
                    "row": row.number,
                    "verdict": verdict,
                    "column": at.column,
                    "found": at.found,
                    **finding,
                }


def _undo(args: argparse.Namespace, author: User | None) -> int:
    from siklus.access.queries import operator
    from siklus.access.scope import NotInScope
    from siklus.exchange.excel import actions, queries
    from siklus.kernel.ids import format_record_id

    try:
        batch = queries.batch_for(operator(args.user), args.undo)
    except NotInScope:
        raise UsageError(f"Impor nomor {args.undo} tidak ada.") from None
    done = actions.undo(batch, author=author, today=today_or(args.on), why=args.why)
    kept = [format_record_id(person) for person in done.kept]
    if args.format == "json":
        write_json({"batch": args.undo, "records": done.records, "kept": kept})
    else:
        print(f"Impor {args.undo} dibatalkan: {done.records} catatan.")
        if kept:
            print(f"Tetap terdaftar, karena sudah ada catatan lain tentang mereka: {', '.join(kept)}")
    return 1 if kept else 0
