"""`siklus doubles`: looks through everybody for who stands in the register twice; the keeper does so every night."""

from __future__ import annotations

import argparse

from siklus.site.output import write_json
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("doubles", help="mencari orang yang mungkin tercatat dua kali")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Finds pairs only; whether they are one person is decided by people."""
    start_django()
    from siklus.doubles.keeping import look_at_everybody

    looked = look_at_everybody()
    if args.format == "json":
        write_json({name: getattr(looked, name) for name in ("people", "pairs", "new", "gone")})
    else:
        print(
            f"{looked.people} orang, {looked.pairs} pasangan mungkin ganda: {looked.new} baru, {looked.gone} tidak lagi"
        )
    return 0
