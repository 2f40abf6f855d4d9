"""`siklus audit verify|anchor`: whether the audit is whole, and the mark that shows when its end is cut off."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.site.output import write_json
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("audit", help="catatan siapa melihat dan mengubah apa: verify, anchor")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    verifying = actions.add_parser("verify", help="memeriksa rantai catatan; keluar 1 bila putus")
    verifying.add_argument("--format", choices=("table", "json"), default="table")
    anchoring = actions.add_parser("anchor", help="menulis jangkar: jumlah baris dan hash terakhir")
    for each in (verifying, anchoring):
        each.add_argument(
            "--anchors",
            type=Path,
            metavar="BERKAS",
            help="berkas jangkar (biasanya audit-anchors.txt di SIKLUS_VAR)",
        )
    verifying.set_defaults(run=run_verify)
    anchoring.set_defaults(run=run_anchor)


def run_verify(args: argparse.Namespace) -> int:
    """Every line is hashed again; a break is told with its line."""
    start_django()
    from siklus.access.audit import head_of, read_anchors, verify

    anchors = read_anchors(_file(args))
    breaks, (count, last) = verify(anchors), head_of()
    if args.format == "json":
        told = [{"number": each.number, "why": each.why} for each in breaks]
        write_json({"lines": count, "hash": last, "anchors": len(anchors), "breaks": told})
    else:
        for each in breaks:
            print(each.why)
        if not breaks:
            print(f"utuh: {count} baris, {len(anchors)} jangkar, hash terakhir {last}")
    return 1 if breaks else 0


def run_anchor(args: argparse.Namespace) -> int:
    """The line is printed too, to be kept elsewhere."""
    start_django()
    from siklus.access.audit import write_anchor

    print(write_anchor(_file(args)))
    return 0


def _file(args: argparse.Namespace) -> Path:
    from siklus.access.audit import anchors_file

    return args.anchors or anchors_file()
