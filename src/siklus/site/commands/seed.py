"""`siklus seed`: an empty database filled with a fictional district on real places."""

from __future__ import annotations

import argparse

from siklus.kernel import periods
from siklus.kernel.dates import MONTHS_PER_YEAR, year_of
from siklus.site.commands.figures import last_months
from siklus.site.output import say
from siklus.site.usage import add_day, start_django, today_or


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    from seed import SCALES

    parser = parsers.add_parser("seed", help="mengisi basis data kosong dengan data contoh (orang rekaan)")
    parser.add_argument(
        "--scale", choices=SCALES, default="puskesmas", help="seluas apa (biasanya puskesmas)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="BENIH", help="angka yang sama membuat data yang sama"
    )
    add_day(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tells what it does while it works; the logins come last, where they are seen."""
    start_django()
    from django.conf import settings

    from seed.logins import LOGINS_FILE, describe
    from seed.plant import plant
    from siklus.bulk.figures import count_figures
    from siklus.doubles.keeping import look_at_everybody

    today = today_or(args.on)
    planted = plant(args.scale, args.seed, today, folder=settings.VAR, say=say)
    count_figures((*periods.yearly(year_of(today), today), *last_months(today, MONTHS_PER_YEAR)), today, say)
    look_at_everybody()
    answers = planted.answers
    print(
        f"{answers.people} orang, {answers.records} catatan, {planted.seconds:.0f} detik; cakupan {answers.year}:"
    )
    for indicator, (registered, complete) in answers.coverage().items():
        print(f"  {indicator}  {complete} dari {registered} ({100 * complete / max(registered, 1):.1f} %)")
    print(f"\n{describe(planted.logins)}\n(juga di {settings.VAR / LOGINS_FILE})")
    return 0
