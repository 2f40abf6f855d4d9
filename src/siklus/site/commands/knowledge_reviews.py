"""`siklus knowledge reviews`: what a district said of the rules, for who keeps the book.

YAML is written as the key `reviews` of `knowledge/registry.yaml`: a maintainer puts it there, and the desk of every
installation shows it beside the rule. It approves nothing: the status of a file is changed by hand, by who may.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml

from siklus.kernel.dates import iso
from siklus.site.output import write_json, write_rows
from siklus.site.usage import start_django

COLUMNS = (
    "kind",
    "rule",
    "version",
    "is_current",
    "act",
    "on",
    "name",
    "role",
    "position",
    "office",
    "words",
    "number",
    "about",
)
_HEAD = (
    "# Telaah aturan menurut orang-orang di kabupaten ini. Pindahkan isi 'reviews' ke knowledge/registry.yaml.\n"
    "# Ini bukan persetujuan buku: 'status' diubah pengelola buku. 'version' menunjuk bunyi aturan hari itu.\n"
)  # fmt: skip


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to those of `siklus knowledge`."""
    reviews = actions.add_parser("reviews", help="persetujuan dan pertanyaan tentang tiap aturan")
    reviews.add_argument("--format", choices=("table", "yaml", "csv", "json"), default="table")
    reviews.add_argument("--open", action="store_true", help="hanya pertanyaan yang belum selesai")
    reviews.add_argument("--out", type=Path, metavar="BERKAS", help="tulis ke berkas ini, bukan ke layar")
    reviews.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Every row, oldest first."""
    start_django()
    rows = _open_rows() if args.open else _rows()
    if args.out is None:
        _write(rows, args.format)
        return 0
    from contextlib import redirect_stdout

    with args.out.open("w", encoding="utf-8", newline="") as file, redirect_stdout(file):
        _write(rows, args.format)
    print(f"{args.out}: {len(rows)} baris")
    return 0


def _write(rows: list[dict[str, Any]], form: str) -> None:
    if form == "yaml":
        text = yaml.safe_dump({"reviews": rows}, allow_unicode=True, sort_keys=False, width=1000)
        print(_HEAD + text, end="")
    elif form == "json":
        write_json({"reviews": rows})
    else:
        write_rows(rows, COLUMNS, form)


def _rows() -> list[dict[str, Any]]:
    from siklus.access.clock import local_day
    from siklus.library.reviewable import load_reviewables
    from siklus.reviews.queries import all_said

    versions = {rule.key: rule.version for rule in load_reviewables()}
    return [
        {
            "kind": one.kind,
            "rule": one.rule,
            "version": one.version,
            "is_current": versions.get((one.kind, one.rule)) == one.version,
            "act": one.act,
            "on": iso(local_day(one.at)),
            "name": one.name,
            "role": one.role,
            "position": one.position,
            "office": one.office,
            "words": one.words,
            "number": one.id,
            "about": one.about,
        }
        for one in all_said()
    ]


def _open_rows() -> list[dict[str, Any]]:
    """Questions that nobody has settled, with their answers."""
    rows = _rows()
    settled = {row["about"] for row in rows if row["act"] == "tutup"}
    asked = {row["number"] for row in rows if row["act"] == "tanya"} - settled
    return [row for row in rows if row["number"] in asked or row["about"] in asked]
