"""`siklus places load FILE...`: a district's own places, facilities, service areas and sasaran, from CSV files."""

from __future__ import annotations

import argparse

from siklus.site.usage import add_day, existing_file, start_django, today_or


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("places", help="wilayah dan fasilitas: load")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    load = actions.add_parser(
        "load", help="memasukkan wilayah, fasilitas, wilayah kerja dan sasaran dari CSV"
    )
    load.add_argument("files", nargs="+", type=existing_file, metavar="BERKAS")
    add_day(load)
    load.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """All or nothing; 1 with every fault named by file and line."""
    start_django()
    from siklus.register.place_files import load_place_files
    from siklus.register.queries import is_empty

    for layout, lines in load_place_files(args.files, today_or(args.on)).items():
        print(f"{layout}: {lines} baris")
    if not is_empty():
        print("Tempatkan ulang orang-orangnya: siklus state rebuild --register")
    return 0
