"""`siklus knowledge`: how much there is (report), what examples do not show (examples), what people say (reviews)."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.library.adequacy.drafts import drafts
from siklus.library.adequacy.gaps import Gap, gaps
from siklus.library.examples import examples_of_rule
from siklus.library.loading import Book, knowledge_folder, load_book, read_book
from siklus.library.report import figures_of
from siklus.library.yaml_text import line_of
from siklus.records.checks import did_you_mean
from siklus.rules.book import Classification, Need
from siklus.site.commands import knowledge_reviews
from siklus.site.output import write_json, write_rows
from siklus.site.usage import UsageError, add_format

MISSING = ("aturan", "kurang")
HELD = ("aturan", "judul", "contoh", "kurang")


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands."""
    parser = parsers.add_parser("knowledge", help="pengetahuan: report, examples, reviews")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    report = actions.add_parser("report", help="berapa banyak pengetahuan yang ada")
    report.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    report.add_argument("--format", choices=("table", "json"), default="table")
    report.set_defaults(run=run_report)
    shown = actions.add_parser("examples", help="cukupkah contoh tiap aturan")
    shown.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    shown.add_argument("--missing", action="store_true", help="sebutkan status dan batas tanpa contoh")
    shown.add_argument("--draft", action="store_true", help="tulis rancangan contoh untuk yang kurang (YAML)")
    only = shown.add_mutually_exclusive_group()
    only.add_argument("--need", metavar="NAMA", help="hanya kebutuhan atau klasifikasi ini")
    only.add_argument("--package", metavar="PAKET", help="hanya paket ini")
    add_format(shown)
    shown.set_defaults(run=run_examples)
    knowledge_reviews.add(actions)


def run_report(args: argparse.Namespace) -> int:
    """The figures, as JSON under fixed keys."""
    book, folder = _book(args)
    figures = figures_of(book, folder)
    if args.format == "json":
        write_json(figures)
    else:
        write_rows(
            [{"apa": name, "berapa": figure} for name, figure in figures.items()], ("apa", "berapa"), "table"
        )
    return 0


def run_examples(args: argparse.Namespace) -> int:
    """How many examples each rule has and lacks; what they lack; drafts. 1 when something was asked for and lacks."""
    book, _ = _book(args)
    names = _chosen(book, args)
    missing = [gap for gap in gaps(book) if gap.rule.name in names]
    if args.draft:
        _write_drafts(book, missing)
    elif args.missing:
        write_rows([{"aturan": gap.rule.name, "kurang": gap.what} for gap in missing], MISSING, args.format)
    else:
        rules = [rule for rule in _rules(book) if rule.name in names]
        write_rows(
            [
                {
                    "aturan": rule.name,
                    "judul": rule.title,
                    "contoh": len(examples_of_rule(book, rule)),
                    "kurang": sum(gap.rule.name == rule.name for gap in missing),
                }
                for rule in rules
            ],
            HELD,
            args.format,
        )
        return 0
    return 1 if missing else 0


def _write_drafts(book: Book, missing: list[Gap]) -> None:
    last = ""
    for draft in drafts(book, missing):
        if draft.need.name != last:
            print(f"# {draft.need.name}: {draft.need.title} ({draft.need.cites})")
            last = draft.need.name
        print(f"      - {line_of(draft.as_example())}")
    left = [gap for gap in missing if not gap.points]
    for gap in left:
        print(f"# {gap.rule.name}: {gap.what}")


def _book(args: argparse.Namespace) -> tuple[Book, Path]:
    if args.folder is not None:
        return read_book(args.folder), args.folder
    return load_book(), knowledge_folder()


def _rules(book: Book) -> tuple[Need | Classification, ...]:
    return (*book.needs, *book.classifications)


def _chosen(book: Book, args: argparse.Namespace) -> set[str]:
    """The names of the rules asked about."""
    rules = _rules(book)
    names = {rule.name for rule in rules}
    packages = {rule.package.name for rule in rules}
    if args.need is not None and args.need not in names:
        raise UsageError(f"'{args.need}' bukan aturan yang dikenal. {did_you_mean(args.need, names)}".strip())
    if args.package is not None and args.package not in packages:
        guess = did_you_mean(args.package, packages)
        raise UsageError(f"'{args.package}' bukan paket yang dikenal. {guess}".strip())
    if args.need is not None:
        return {args.need}
    return {rule.name for rule in rules if args.package in (None, rule.package.name)}
