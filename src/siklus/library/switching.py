"""From one rule book to the next: what a district chose among values, and keeping a copy of each book that serves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library import installed
from siklus.library.installed import Edition
from siklus.library.loading import Book, book_in_force, hash_of, own_folder, read_book
from siklus.records.checks import did_you_mean


def read_next(
    folder: Path, asked: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[Book, tuple[str, ...]]:
    """The book of a folder with the choices asked for, and of those kept from before the ones it still offers.

    Also which kept choices fell away. ProblemError for faults of the book, and for a choice it does not offer.
    """
    plain = read_book(folder)
    offered = variants_of(plain)
    problems = [problem for name, variant in asked.items() if (problem := _refused(offered, name, variant))]
    if problems:
        raise ProblemError(problems)
    gone = tuple(
        sorted(name for name, variant in kept.items() if _refused(offered, name, variant) is not None)
    )
    wanted = {**{name: variant for name, variant in kept.items() if name not in gone}, **asked}
    # The first variant is what the book says anyway: choosing it is no choice, and gives the same book.
    chosen = {name: variant for name, variant in wanted.items() if offered[name][0] != variant}
    return (read_book(folder, chosen) if chosen else plain), gone


def variants_of(book: Book) -> dict[str, list[str]]:
    """{name of a value: names of its variants}, the default first."""
    return {
        value.name: [str(variant.get("name", place)) for place, variant in enumerate(value.variants)]
        for value in book.rules.values
    }


def keep(book: Book) -> Edition:
    """A copy of a book read from a folder, in the store; how it is called there."""
    assert book.folder is not None
    edition = Edition(book.hash, book.choices)
    installed.keep_copy(book.folder, edition)
    return edition


def pin_what_serves() -> None:
    """From now on only `siklus rules use` changes the book: a copy of the one in force serves, whatever comes with an
    update of the program.

    Left for the next time when the files on disk are already others than those this process works by.
    """
    book = book_in_force()
    if installed.installed().serving is not None or book.folder is None:
        return
    if hash_of(book.folder, dict(book.choices)) == book.hash:
        installed.pin(keep(book))


def book_waiting() -> str:
    """What the program's own folder brings when that is another book than the one installed; empty when it is not."""
    now = installed.installed()
    serving = now.coming or now.serving
    if serving is None or hash_of(own_folder(), dict(serving.choices)) == serving.hash:
        return ""
    return (
        f"Folder {own_folder()} berisi buku aturan lain dari yang terpasang ({serving.hash})."
        f" Coba dan pakai: siklus rules try {own_folder()}"
    )


def is_untouched() -> bool:
    """True when the installed copy that serves still is what was installed."""
    serving = installed.installed().serving
    return serving is None or hash_of(serving.folder, dict(serving.choices)) == serving.hash


def _refused(offered: Mapping[str, list[str]], name: str, variant: str) -> Problem | None:
    if name not in offered:
        todo = did_you_mean(name, offered) or f"Yang ada: {', '.join(offered)}."
        return Problem("B11", "pilihan", f"tidak ada nilai bernama '{name}'", todo=todo)
    if variant not in offered[name]:
        return Problem(
            "B12", f"pilihan {name}", f"tidak ada '{variant}'", f"salah satu dari: {', '.join(offered[name])}"
        )
    return None
