"""`siklus docs reference`: the pages of docs that are made from the knowledge and the code."""

from __future__ import annotations

import argparse
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("docs", help="halaman rujukan dari pengetahuan")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    reference = actions.add_parser("reference", help="menulis ulang docs/reference")
    reference.add_argument("--check", action="store_true", help="hanya periksa; 1 bila ada yang usang")
    reference.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes what has changed; with --check only says so."""
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text() != text]
    for path in stale:
        name = path.relative_to(PROJECT).as_posix()
        if args.check:
            print(f"{name} usang; jalankan: siklus docs reference")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path])
            print(f"{name} ditulis")
    return 1 if args.check and stale else 0


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    from siklus.bulk.tables import bulk_tables_page
    from siklus.library import load_book
    from siklus.library.conflicts import conflicts_page, read_settled, sources_page
    from siklus.library.loading import knowledge_folder
    from siklus.library.record_kinds import record_kinds_page
    from siklus.library.retention import read_retention, retention_page
    from siklus.library.sources import citations, read_sources

    folder, knowledge, book = PROJECT / "docs/reference", knowledge_folder(), load_book()
    texts = [text for _, text in citations(knowledge)]
    return {
        folder / "record-kinds.md": record_kinds_page(book.vocabulary),
        folder / "bulk-tables.md": bulk_tables_page(),
        folder / "sources.md": sources_page(read_sources(knowledge), texts),
        folder / "retention.md": retention_page(read_retention(knowledge / "retention.yaml")),
        PROJECT / "docs/explanation/conflicts-of-sources.md": conflicts_page(book, read_settled(knowledge)),
    }
