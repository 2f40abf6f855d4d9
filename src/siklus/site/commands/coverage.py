"""`siklus coverage`: the SPM indicators of a place in a year, four figures each."""

from __future__ import annotations

import argparse

from siklus.kernel.dates import iso
from siklus.site.output import write_json, write_rows
from siklus.site.usage import (
    UsageError,
    add_day,
    add_format,
    place,
    start_django,
    today_or,
    year,
    year_of_day,
)

COLUMNS = (
    "indicator", "title", "target", "registered", "reached", "complete", "lacking", "unclear", "percent",
    "percent_of",
)  # fmt: skip


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("coverage", help="cakupan SPM suatu wilayah")
    parser.add_argument("--place", type=place, metavar="KODE", help="kode wilayah atau fasilitas")
    parser.add_argument("--year", type=year, metavar="TAHUN", help="tahun cakupan (biasanya tahun ini)")
    parser.add_argument("--indicator", default="", metavar="KODE", help="hanya indikator ini, misalnya spm04")
    parser.add_argument("--user", default="", metavar="NAMA_MASUK", help="dalam wilayah pengguna ini")
    add_day(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """1 when the year was never counted; the figures are those of the last rebuild, as `as_of` says."""
    start_django()
    from siklus.access.queries import operator
    from siklus.access.scope import NotInScope
    from siklus.library.loading import load_book
    from siklus.monitoring.queries import spm_page

    wanted = year_of_day(args.year, today_or(args.on))
    titles = {indicator.name: indicator.title for indicator in load_book().indicators}
    if args.indicator and args.indicator not in titles:
        raise UsageError(f"Indikator '{args.indicator}' tidak ada; yang ada: {', '.join(titles)}.")
    try:
        page = spm_page(operator(args.user), wanted, args.place or "")
    except LookupError:
        raise UsageError(f"Pengguna '{args.user}' tidak ada.") from None
    except NotInScope:
        raise UsageError(f"Wilayah '{args.place}' tidak ada, atau di luar wilayah pengguna ini.") from None
    rows = [
        {name: getattr(row, name, None) for name in COLUMNS}
        | {"title": titles[row.indicator]}
        | _percent(row.complete, row.target, row.registered)
        for row in page.rows
        if args.indicator in ("", row.indicator)
    ]
    if args.format == "json":
        as_of = None if page.as_of is None else iso(page.as_of.on_day)
        write_json({"year": page.year, "place": page.place, "as_of": as_of, "indicators": rows})
    else:
        write_rows(rows, COLUMNS, args.format)
    return 1 if page.as_of is None else 0


def _percent(complete: int, target: int | None, registered: int) -> dict[str, object]:
    """Complete out of the projected target where there is one, else of the registered; above 100 stays as it is."""
    of = target if target else registered
    share = round(100 * complete / of, 1) if of else None
    return {"percent": share, "percent_of": "target" if target else "registered"}
