"""`siklus state rebuild|newday`: state, needs and coverage of everybody made again, or brought to a new day."""

from __future__ import annotations

import argparse

from siklus.site.output import say, write_json
from siklus.site.usage import add_day, start_django, today_or, year, year_of_day


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("state", help="keadaan terlipat: rebuild, newday")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    rebuild = actions.add_parser("rebuild", help="membuat ulang keadaan, kebutuhan dan cakupan semua orang")
    add_day(rebuild)
    rebuild.add_argument(
        "--year", type=year, metavar="TAHUN", help="tahun cakupan (biasanya tahun tanggalnya)"
    )
    rebuild.add_argument("--register", action="store_true", help="lebih dahulu proyeksi orang dan keluarga")
    rebuild.add_argument("--format", choices=("table", "json"), default="table")
    rebuild.set_defaults(run=run)
    newday = actions.add_parser("newday", help="membawa semuanya ke hari ini, hanya siapa yang dapat berubah")
    add_day(newday)
    newday.set_defaults(run=run_newday)


def run(args: argparse.Namespace) -> int:
    """Steps are told while they run, on the error output, so that the result stays clean."""
    start_django()
    from siklus.bulk.rebuild import rebuild
    from siklus.care.actions import rebuild_register

    on = today_or(args.on)
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


def run_newday(args: argparse.Namespace) -> int:
    """Everybody, as `rebuild` would, where the day cannot be brought in otherwise."""
    start_django()
    from siklus.bulk.rebuild import rebuild
    from siklus.monitoring.turning import turn_day

    on = today_or(args.on)
    turned = turn_day(on, say)
    if turned is not None:
        print(f"{turned.persons} dari {turned.of} orang dihitung lagi: {turned.seconds:.1f} s")
        return 0
    report = rebuild(on, year_of_day(None, on), say)
    print(f"{report.persons} orang, semuanya dihitung lagi: {report.total_seconds:.1f} s")
    return 0
