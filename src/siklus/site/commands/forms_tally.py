"""`siklus forms tally`: a recapitulation sheet of a place, counted from records."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.kernel.dates import iso
from siklus.kernel.periods import Period, parse_period
from siklus.library.forms.catalogue import load_forms
from siklus.library.forms.reports import MONTH, words_of
from siklus.library.loading import load_book
from siklus.records.checks import did_you_mean
from siklus.site.output import say, write_json, write_rows
from siklus.site.usage import FORMATS, UsageError, add_day, place, start_django, today_or

COLUMNS = ("nomor", "kolom", "kelompok", "judul", "jumlah", "belum_jelas", "dihitung", "catatan")
XLSX = "xlsx"


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to `siklus forms`."""
    parser = actions.add_parser("tally", help="rekapitulasi suatu tempat, dihitung dari catatan")
    parser.add_argument("form", metavar="FORMULIR", help="misalnya rekap_balita atau kr_mingguan")
    parser.add_argument(
        "--place", type=place, required=True, metavar="KODE", help="posyandu, desa, puskesmas"
    )
    parser.add_argument(
        "--period", type=period, required=True, metavar="MASA", help="bulan 2026-10 atau minggu 2026-W42"
    )
    parser.add_argument("--user", default="", metavar="NAMA_MASUK", help="dalam wilayah pengguna ini")
    parser.add_argument("--format", choices=(*FORMATS, XLSX), default="table", help="bentuk hasil")
    parser.add_argument("--out", type=Path, metavar="BERKAS", help="berkas xlsx tujuan")
    add_day(parser)
    parser.set_defaults(run=run)


def period(text: str) -> Period:
    """A month or a week."""
    try:
        return parse_period(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' bukan masa; tulis bulan seperti 2026-10 atau minggu seperti 2026-W42"
        ) from None


def run(args: argparse.Namespace) -> int:
    """Figures of the records as they are now."""
    reports, vocabulary = load_forms().reports, load_book().vocabulary
    if args.form not in reports:
        raise UsageError(
            f"'{args.form}' bukan rekapitulasi yang dikenal. {did_you_mean(args.form, list(reports))}".strip()
        )
    if reports[args.form].every != args.period.kind:
        each = "bulan seperti 2026-10" if reports[args.form].every == MONTH else "minggu seperti 2026-W42"
        raise UsageError(f"'{args.form}' dihitung per {each}.")
    if args.format == XLSX and args.out is None:
        raise UsageError("Bentuk xlsx ditulis ke berkas: tambahkan --out BERKAS.")
    start_django()
    from siklus.access.queries import operator
    from siklus.access.scope import NotInScope
    from siklus.monitoring.sheet_book import cells, workbook_of
    from siklus.monitoring.sheets import sheet_of

    try:
        sheet = sheet_of(operator(args.user), args.form, args.place, args.period, today_or(args.on))
    except LookupError:
        raise UsageError(f"Pengguna '{args.user}' tidak ada.") from None
    except NotInScope:
        raise UsageError(f"Wilayah '{args.place}' tidak ada, atau di luar wilayah pengguna ini.") from None
    if args.format == XLSX:
        args.out.write_bytes(workbook_of(sheet))
        say(f"{args.out} ditulis.")
        return 0
    report = sheet.report
    rows = [
        {
            "nomor": n,
            "kolom": column.name,
            "kelompok": column.group,
            "judul": column.title,
            "jumlah": value,
            "belum_jelas": unclear if column.is_counted else None,
            "dihitung": words_of(report, column, vocabulary),
            "catatan": column.note,
        }
        for n, (column, value, unclear) in enumerate(cells(sheet), start=1)
    ]
    if args.format == "json":
        write_json(
            {
                "report": report.name,
                "version": report.version,
                "title": report.title,
                "place": sheet.area.code,
                "name": sheet.area.name,
                "period": sheet.period.name,
                "as_of": iso(sheet.as_of),
                "columns": rows,
            }
        )
        return 0
    shown = COLUMNS if args.format == "csv" else COLUMNS[:6]
    if args.format == "table":
        print(f"{report.title}. {sheet.area.name}, {sheet.period.name}, keadaan per {iso(sheet.as_of)}.\n")
    write_rows(rows, shown, args.format)
    if args.format == "table":
        print(f"\n{report.note}\nSumber: {report.cites}.")
    return 0
