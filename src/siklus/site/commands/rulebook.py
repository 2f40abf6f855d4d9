"""`siklus rules handbook` and `siklus rules diff`: a whole rule book in words, and what sets two of them apart."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from siklus.library.handbook import handbook
from siklus.library.loading import knowledge_folder, load_book, read_book

PROJECT = Path(__file__).resolve().parents[4]
HANDBOOK = PROJECT / "docs" / "handbook"


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the actions to those of `siklus rules`."""
    book = actions.add_parser("handbook", help="menulis buku pegangan dari aturan (docs/handbook)")
    book.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    book.add_argument("--out", type=Path, metavar="FOLDER", default=HANDBOOK, help="ditulis ke sini")
    book.add_argument("--check", action="store_true", help="hanya periksa; 1 bila ada yang usang")
    book.set_defaults(run=run_handbook)


def run_handbook(args: argparse.Namespace) -> int:
    """Writes what has changed and removes what has no rule any more; with --check only says so."""
    book = load_book() if args.folder is None else read_book(args.folder)
    pages = {
        args.out / name: text for name, text in handbook(book, args.folder or knowledge_folder()).items()
    }
    changed, left_over = stale(pages, args.out)
    if args.check:
        for path in (*changed, *left_over):
            print(f"{path} usang; jalankan: siklus rules handbook")
        return 1 if changed or left_over else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path], encoding="utf-8")
    for path in left_over:
        path.unlink()
    print(
        f"Buku pegangan {book.hash}: {len(pages)} berkas, {len(changed)} ditulis, {len(left_over)} dihapus ({args.out})"
    )
    return 0


def stale(pages: Mapping[Path, str], folder: Path) -> tuple[list[Path], list[Path]]:
    """(pages that are not on disk as they must be, files on disk that are no page)."""
    changed = [
        path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    on_disk = (path for path in sorted(folder.rglob("*")) if path.suffix in (".md", ".svg"))
    return changed, [path for path in on_disk if path not in pages]
