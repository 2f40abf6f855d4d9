"""`siklus rules handbook` and `siklus rules diff`: a whole rule book in words, and what sets two of them apart."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from siklus.library.differences import Edition, differences
from siklus.library.handbook import handbook
from siklus.library.loading import knowledge_folder, load_book, read_book
from siklus.library.sources import read_sources
from siklus.site.output import write_rows
from siklus.site.usage import UsageError

PROJECT = Path(__file__).resolve().parents[4]
HANDBOOK = PROJECT / "docs" / "handbook"
_ABOUT = {
    "value": "Nilai",
    "package": "Paket",
    "need": "Kebutuhan",
    "classification": "Penggolongan",
    "indicator": "Indikator",
    "source": "Sumber",
    "kind": "Jenis catatan",
    "code": "Daftar kata",
}


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the actions to those of `siklus rules`."""
    book = actions.add_parser("handbook", help="menulis buku pegangan dari aturan (docs/handbook)")
    book.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    book.add_argument("--out", type=Path, metavar="FOLDER", default=HANDBOOK, help="ditulis ke sini")
    book.add_argument("--check", action="store_true", help="hanya periksa; 1 bila ada yang usang")
    book.set_defaults(run=run_handbook)
    diff = actions.add_parser("diff", help="beda dua buku aturan, dengan kata-kata")
    diff.add_argument("old", type=Path, metavar="LAMA", help="folder pengetahuan yang lama")
    diff.add_argument("new", type=Path, metavar="BARU", help="folder pengetahuan yang baru")
    diff.add_argument("--format", choices=("table", "json", "csv"), default="table")
    diff.add_argument("--exit-code", action="store_true", help="1 bila ada bedanya")
    diff.set_defaults(run=run_diff)


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


def run_diff(args: argparse.Namespace) -> int:
    """Every difference in words; with --exit-code 1 when there is any."""
    old, new = _edition(args.old), _edition(args.new)
    found = differences(old, new)
    if args.format == "table":
        for about, title in _ABOUT.items():
            mine = [difference for difference in found if difference.about == about]
            if mine:
                print(f"{title}:")
            for difference in mine:
                print(f"  - {difference}")
        print(f"Buku aturan {old.book.hash} -> {new.book.hash}: {len(found)} perbedaan.")
    else:
        columns = ("about", "name", "title", "what", "old", "new", "says")
        rows = [{**asdict(difference), "says": str(difference)} for difference in found]
        write_rows(rows, columns, args.format)
    return 1 if found and args.exit_code else 0


def _edition(folder: Path) -> Edition:
    if not folder.is_dir():
        raise UsageError(f"{folder} bukan folder")
    return Edition(read_book(folder), read_sources(folder))


def stale(pages: Mapping[Path, str], folder: Path) -> tuple[list[Path], list[Path]]:
    """(pages that are not on disk as they must be, files on disk that are no page)."""
    changed = [
        path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    on_disk = (path for path in sorted(folder.rglob("*")) if path.suffix in (".md", ".svg"))
    return changed, [path for path in on_disk if path not in pages]
