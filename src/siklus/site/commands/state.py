"""`siklus state rebuild`: state, needs and coverage of everybody made again from all records."""

from __future__ import annotations

import argparse
import sys

from siklus.site.output import write_json
from siklus.site.usage import add_day, start_django, today_or, year, year_of_day


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("state", help="keadaan terlipat: rebuild")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    rebuild = actions.add_parser("rebuild", help="membuat ulang keadaan, kebutuhan dan cakupan semua orang")
    add_day(rebuild)
    rebuild.add_argument(
        "--year", type=year, metavar="TAHUN", help="tahun cakupan (biasanya tahun tanggalnya)"
    )
    rebuild.add_argument("--register", action="store_true", help="lebih dahulu proyeksi orang dan keluarga")
    rebuild.add_argument("--format", choices=("table", "json"), default="table")
    rebuild.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Steps are told while they run, on the error output, so that the result stays clean."""
    start_django()
    from siklus.bulk.rebuild import rebuild
    from siklus.care.actions import rebuild_register

    on = today_or(args.on)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if args.register:
        say(f"register: {rebuild_register()} orang")
    report = rebuild(on, year_of_day(args.year, on), say)
    figures = {
        name: getattr(report, name) for name in ("persons", "records", "states", "needs", "units", "late")
    }
    if args.format == "json":
        write_json({**figures, "seconds": report.seconds})
    else:
        print(
            f"{report.persons} orang, {report.records} catatan, {report.needs} kebutuhan: {report.total_seconds:.1f} s"
        )
    return 0
