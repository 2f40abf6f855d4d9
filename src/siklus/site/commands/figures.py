"""`siklus figures`: the indicators of months counted for everybody, and of the year split by sex and age group."""

from __future__ import annotations

import argparse

from siklus.kernel import periods
from siklus.kernel.dates import MONTHS_PER_YEAR, date_of, year_of
from siklus.kernel.periods import Period
from siklus.site.output import say, write_json
from siklus.site.usage import add_day, start_django, today_or

LATE = 2
"""This month and the one before are counted by default: records of a month come in until the next one ends."""


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("figures", help="angka PWS dan indikator bulanan dihitung ulang")
    parser.add_argument(
        "--months",
        type=int,
        default=LATE,
        metavar="BANYAKNYA",
        help="bulan terakhir yang dihitung, biasanya 2",
    )
    add_day(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """After `siklus state rebuild` or `newday`, every night. Months of this year that were never counted are, too."""
    start_django()
    from siklus.bulk.figures import count_figures

    today = today_or(args.on)
    report = count_figures(
        (*periods.yearly(year_of(today), today), *last_months(today, args.months)), today, say
    )
    if args.format == "json":
        write_json(
            {
                "periods": list(report.periods),
                "persons": report.persons,
                "rows": report.rows,
                "seconds": report.seconds,
            }
        )
    else:
        print(
            f"{report.persons} orang, {', '.join(report.periods)}: {report.rows} baris, {report.seconds:.1f} s"
        )
    return 0


def last_months(today: int, count: int) -> list[Period]:
    """So many months, the last of them the running one, the oldest first."""
    date = date_of(today)
    last = date.year * MONTHS_PER_YEAR + date.month - 1
    return [
        periods.month(number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1)
        for number in range(last - count + 1, last + 1)
    ]
