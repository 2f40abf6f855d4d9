"""`siklus tidy`: takes away what has no use any more; records, refusals and the audit are never among it."""

from __future__ import annotations

import argparse

from siklus.site.output import write_json
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser(
        "tidy", help="menghapus yang tidak berguna lagi (bukan catatan); lihat retention.md"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line for each sort."""
    start_django()
    from django.utils import timezone

    from siklus.library.retention import load_retention
    from siklus.site.upkeep.tidy import tidy

    done = tidy(timezone.now())
    if args.format == "json":
        write_json(done)
        return 0
    for name, each in load_retention().removed.items():
        print(f"{each.what}: {done[name]}")
    return 0
