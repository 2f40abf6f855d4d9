"""`siklus rules parity`: are all engines equal? Random lives, random rules; each difference as small as it can be."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from siklus.library.loading import load_book
from siklus.rules.uses import CLOSED, lacking
from siklus.site.output import write_json
from siklus.site.usage import add_day

if TYPE_CHECKING:
    from siklus.bulk.proof.run import Found, Report

_PEOPLE, _RULES = 300, 0
_ENOUGH_FOR_ALL = 1_000
"""So many rules drawn at random that every word of the language must have occurred."""
_SHRUNK_AT_MOST = 6
_AROUND = "2026-11-21"
"""The day about which the lives are lived when none is given: the same command asks the same in any year."""


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command under `siklus rules`."""
    parser = actions.add_parser(
        "parity", help="membandingkan semua mesin aturan pada kehidupan dan aturan acak"
    )
    parser.add_argument("--people", type=int, default=_PEOPLE, metavar="N", help="banyaknya kehidupan acak")
    parser.add_argument("--rules", type=int, default=_RULES, metavar="N", help="banyaknya aturan acak")
    parser.add_argument(
        "--days", type=int, default=1, metavar="N", help="hari yang ditanyakan tiap kehidupan"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="benih: benih sama, pertanyaan sama")
    parser.add_argument("--engines", default="all", metavar="A,B", help="mesin; yang pertama menjadi ukuran")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="banyaknya proses")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="simpan tiap perbedaan sebagai kasus di sini"
    )
    add_day(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """1 when any engine differs anywhere, or when a word of the language never occurred in so many random rules."""
    from siklus.bulk.proof.cases import as_case, keep_case, shown
    from siklus.bulk.proof.engines import engines_named
    from siklus.bulk.proof.run import Wanted, prove
    from siklus.bulk.proof.shrinking import shrink
    from siklus.kernel.dates import parse_day

    began = time.monotonic()
    engines = tuple(engine.name for engine in engines_named(args.engines.split(",")))
    around = parse_day(_AROUND) if args.on is None else args.on
    wanted = Wanted(args.seed, around, engines, args.people, args.rules, args.days)
    book = load_book()

    def progress(report: Report) -> None:
        told = f"{report.people} kehidupan, {report.rules} aturan acak, {report.differences} perbedaan"
        print(f"  {told}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    report = prove(book, wanted, max(1, args.jobs), progress)
    never = lacking(report.uses) if args.rules >= _ENOUGH_FOR_ALL else []
    cases = [as_case(shrink(each)) for each in _one_of_each(report)[:_SHRUNK_AT_MOST]]
    kept = [str(keep_case(case, args.keep)) for case in cases] if args.keep else []
    seconds = time.monotonic() - began
    if args.format == "json":
        write_json(
            {
                "rulebook": book.hash,
                "engines": list(engines),
                "seed": args.seed,
                "people": report.people,
                "rules": report.rules,
                "answers": report.answers,
                "statuses": dict(sorted(report.statuses.items())),
                "differences": report.differences,
                "cases": cases,
                "kept": kept,
                "uses": {item: report.uses[item] for item in CLOSED} if args.rules else {},
                "never_used": never,
                "milliseconds": dict(report.milliseconds),
                "seconds": round(seconds, 1),
            }
        )
    else:
        if args.rules:
            _tell_uses(report.uses, never)
        for case in cases:
            print(shown(case))
        for path in kept:
            print(f"disimpan: {path}")
        _tell(report, engines, seconds)
    return 1 if report.differences or never else 0


def _one_of_each(report: Report) -> list[Found]:
    """One difference for each engine and rule."""
    found = {
        (each.difference.engine, each.difference.rule, bool(each.documents)): each for each in report.found
    }
    return list(found.values())


def _tell_uses(uses: Mapping[str, int], never: Sequence[str]) -> None:
    """How often each word of the language occurred in the random rules."""
    groups: dict[str, list[str]] = {}
    for item in CLOSED:
        group, _, word = item.partition(" ")
        groups.setdefault(group, []).append(f"{word} {uses.get(item, 0)}")
    for group, words in groups.items():
        print(f"{group}: {', '.join(words)}")
    for item in never:
        print(f"tidak pernah muncul: {item}")


def _tell(report: Report, engines: Sequence[str], seconds: float) -> None:
    statuses = ", ".join(f"{name} {count}" for name, count in sorted(report.statuses.items()))
    cost = ", ".join(f"{name} {report.milliseconds[name] / max(1, report.people):.2f} ms" for name in engines)
    print(f"Status: {statuses}")
    print(f"Waktu prosesor tiap kehidupan: {cost}")
    print(
        f"{report.people} kehidupan, {report.rules} aturan acak, {report.answers} jawaban,"
        f" mesin {', '.join(engines)}: {report.differences} perbedaan ({seconds:.0f} s)."
    )
