"""`python -m bench NAME [--quick]`: one figure, its last line one JSON object. `all` runs every one and writes them down.

A full run of a figure is kept; `page` writes docs/reference/performance.md from the newest of each.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time

from bench.figure import Figure, figure_from
from bench.kept import keep, kept
from bench.machine import machine
from bench.populations import HELD, PROJECT, digest_of_sources, say

FIGURES = {
    "load_book": "bench.load_book",
    "seed": "bench.seeding",
    "person": "bench.person",
    "phone": "bench.phone",
    "rebuild": "bench.rebuilding",
    "bulk": "bench.bulk",
    "rules": "bench.rules",
    "newday": "bench.newday",
    "scale": "bench.scaling",
    "posyandu": "bench.posyandu",
    "spm": "bench.pages",
    "import": "bench.importing",
    "growth": "bench.growth",
    "ingest": "bench.ingest",
    "sync": "bench.first_sync",
    "faults": "bench.faults",
}
"""In the order of `all`: the seed comes first, because the others use the populations it plants."""
_ALSO = {"faults": ("faults", "missing", "doubled", "refused_visible")}
"""What stands in the last line by itself too."""


LONG = {"faults"}
"""Asked by name, or with --quick: whole, it takes longer than all the others together."""


def main() -> int:
    """0 when what was measured was also right."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=[*FIGURES, "all", "page"])
    parser.add_argument("--quick", action="store_true", help="smaller, most of them under a minute")
    parser.add_argument(
        "--faults", type=int, metavar="N", help="of `faults`: how many, on both databases together"
    )
    args = parser.parse_args()
    if args.name == "all":
        return _all(args.quick)
    if args.name == "page":
        return _page()
    began = time.monotonic()
    more = {"faults": args.faults} if args.name == "faults" else {}
    figure: Figure = importlib.import_module(FIGURES[args.name]).measure(args.quick, **more)
    for line in _lines(figure):
        print(line)
    seconds = round(time.monotonic() - began, 1)
    found = {
        **figure.as_json(),
        "quick": args.quick or args.faults is not None,
        "seconds": seconds,
        "machine": machine(),
    }
    if figure.is_right:
        keep(found)
    print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0 if figure.is_right else 1


def _lines(figure: Figure) -> list[str]:
    """The figure for a reader at a terminal."""
    table = [figure.heading, *figure.rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(figure.heading))]
    return [
        figure.title,
        *(
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in table
        ),
        *(f"  goal   {goal.words}" for goal in figure.goals),
        *(f"  check  {what}: {'right' if right else 'WRONG'}" for what, right in figure.checks.items()),
        *(f"  note   {note}" for note in figure.notes),
    ]


def _all(quick: bool) -> int:
    """Each figure in a process of its own, so that none sees the memory or the settings of another."""
    # Somebody may be working on the sources meanwhile: the populations of this run are those it began with.
    os.environ[HELD] = digest_of_sources()
    figures, failed = [], []
    for name in (each for each in FIGURES if quick or each not in LONG):
        say(f"== {name}")
        command = [sys.executable, "-m", "bench", name, *(["--quick"] if quick else [])]
        done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
        *lines, last = done.stdout.strip().splitlines() or [""]
        print("\n".join(lines), flush=True)
        try:
            found = json.loads(last)
        except ValueError:
            failed.append(name)
            continue
        figures.append(figure_from(found))
        if done.returncode:
            failed.append(name)
    if not quick:
        _page()
    summary = {
        "figure": "all",
        "quick": quick,
        "failed": failed,
        "missed": [goal.words for figure in figures for goal in figure.goals if not goal.is_met],
        "machine": machine(),
    }
    print(json.dumps(summary, ensure_ascii=False))
    return 1 if failed else 0


def _page() -> int:
    """The page of all figures, from the newest full run of each."""
    from bench.report import write_report

    say(f"wrote {write_report(PROJECT, kept(list(FIGURES))).relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
