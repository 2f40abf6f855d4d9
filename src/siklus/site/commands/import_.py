"""`siklus import FILE --place CODE`: judges a file row by row, saves good rows, tells of others; `--undo NUMBER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from siklus.site.output import write_json
from siklus.site.usage import UsageError, add_day, existing_file, place, start_django, today_or


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
    parser.add_argument("--user", default="", metavar="NAMA_MASUK", help="atas nama pengguna ini")
    parser.add_argument("--dry-run", action="store_true", help="hanya periksa, jangan simpan")
    parser.add_argument("--why", default="Dibatalkan dari baris perintah", help="alasan pembatalan")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    add_day(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every row went in, 1 when some wait or were refused."""
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


def _take_in(args: argparse.Namespace, author: object) -> int:
    from siklus.access.queries import User
    from siklus.access.scope import NotInScope, access_area
    from siklus.exchange.excel import actions
    from siklus.register.areas import place_or_facility

    assert author is None or isinstance(author, User)
    if not args.place:
        raise UsageError("Tuliskan juga --place: wilayah orang-orang di berkas ini.")
    try:
        area = place_or_facility(args.place) if author is None else access_area(author, args.place)
    except NotInScope:
        area = None
    if area is None:
        raise UsageError(f"Wilayah '{args.place}' tidak ada, atau di luar wilayah pengguna ini.")
    on = today_or(args.on)
    content = sys.stdin.buffer.read() if str(args.file) == "-" else Path(args.file).read_bytes()
    batch = actions.stage(
        content, file_name=Path(args.file).name, area=area, author=author, today=on, layout=args.layout
    )
    saved = None if args.dry_run else actions.save(batch, author=author, today=on)
    verdicts = {
        name: batch.rows.filter(verdict=name).count()
        for name in ("new", "match", "conflict", "reject", "skip")
    }
    if args.format == "json":
        figures = {"batch": batch.pk, "rows": sum(verdicts.values()), "verdicts": verdicts}
        write_json({**figures, "saved": saved.rows if saved else 0, "records": saved.records if saved else 0})
    else:
        words = {
            "new": "baru",
            "match": "sudah dikenal",
            "conflict": "ragu",
            "reject": "ditolak",
            "skip": "dilewati",
        }
        print(f"Impor {batch.pk}: " + ", ".join(f"{count} {words[name]}" for name, count in verdicts.items()))
        if saved is not None:
            print(f"{saved.rows} baris disimpan menjadi {saved.records} catatan.")
    refused = saved.refused if saved is not None else 0
    return 1 if verdicts["conflict"] + verdicts["reject"] + refused else 0


def _undo(args: argparse.Namespace, author: object) -> int:
    from siklus.access.queries import User
    from siklus.exchange.excel import actions
    from siklus.exchange.excel.models import Batch

    assert author is None or isinstance(author, User)
    batch = Batch.objects.filter(pk=args.undo).first()
    if batch is None:
        raise UsageError(f"Impor nomor {args.undo} tidak ada.")
    done = actions.undo(batch, author=author, today=today_or(args.on), why=args.why)
    print(f"Impor {args.undo} dibatalkan: {done.records} catatan; {len(done.kept)} orang tetap terdaftar.")
    return 1 if done.kept else 0
