"""`siklus rules try` and `siklus rules use`: what a later rule book would change, and switching it on.

A book is switched on only when all its examples and all kept cases of the district come out right. Figures are then
made again by it in the background, and only when they are ready does it serve.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from siklus.kernel.problems import Problem, ProblemError
from siklus.library import installed as books
from siklus.library.examples import wrong_examples
from siklus.library.loading import Book, book_in_force, book_to_make_by, knowledge_folder, read_book
from siklus.library.switching import keep, pin_what_serves, read_next
from siklus.rules.reason_words import STATUS_WORDS
from siklus.site.output import write_json, write_rows
from siklus.site.usage import UsageError, add_day, start_django, today_or

if TYPE_CHECKING:
    from siklus.bulk.compare import Change, Comparison

_ONLY_OWNER = 0o600
_NAME_COLUMNS = ("nomor", "nama", "lahir", "desa", "posyandu", "kebutuhan", "sebelum", "sesudah")
_DAYS_MOVE = "hanya tanggalnya bergeser"


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the actions to those of `siklus rules`."""
    trial = actions.add_parser(
        "try", help="siapa yang akan berubah oleh buku aturan baru; tidak mengganti apa pun"
    )
    _add_book(trial)
    add_day(trial)
    trial.add_argument("--by", choices=("puskesmas", "desa"), default="puskesmas", help="tempat yang dirinci")
    trial.add_argument("--names", type=Path, metavar="BERKAS", help="tulis nama-namanya ke berkas csv ini")
    trial.add_argument(
        "--user", default="", metavar="NAMA_MASUK", help="nama hanya dari wilayah pengguna ini"
    )
    trial.add_argument("--format", choices=("table", "json"), default="table")
    trial.set_defaults(run=run_try)
    use = actions.add_parser(
        "use", help="memakai buku aturan baru, bila semua contoh dan kasus kabupaten lulus"
    )
    _add_book(use)
    use.add_argument("--back", action="store_true", help="kembali ke buku aturan sebelumnya")
    use.set_defaults(run=run_use)


def _add_book(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", nargs="?", type=Path, metavar="FOLDER", help="folder pengetahuan yang baru")
    parser.add_argument(
        "--choose", action="append", default=[], type=_choice, metavar="NILAI=PILIHAN",
        help="pilihan daerah, misalnya selang_sadanis=tabel (boleh berulang)",
    )  # fmt: skip


def run_try(args: argparse.Namespace) -> int:
    """1 when some example or kept case would keep the book from being used."""
    start_django()
    from siklus.bulk.compare import compare

    old, (new, gone) = book_in_force(), _asked_for(args)
    on = today_or(args.on)
    wrong = _failing(new)
    found = compare(old, new, on, _to_stderr)
    if args.names is not None:
        _write_names(args, new, old, found)
    if args.format == "json":
        write_json(
            {
                "on": iso(on), "old": old.hash, "new": new.hash, "choices": dict(new.choices),
                "choices_gone": list(gone), "failing": [str(problem) for problem in wrong], "asked": found.asked,
                "persons": found.persons, "changes": [asdict(change) for change in found.changes],
            }
        )  # fmt: skip
    else:
        _tell_gone(gone)
        _tell_changes(found, old, new, on, args.by)
        _tell_failing(wrong, new)
    return 1 if wrong else 0


def run_use(args: argparse.Namespace) -> int:
    """1, with every failing example and case by name, when the book may not be used; nothing has changed then."""
    start_django()
    if args.back:
        if args.book is not None or args.choose:
            raise UsageError("--back berdiri sendiri: tanpa folder dan tanpa --choose.")
        return _go_back()
    new, gone = _asked_for(args)
    _tell_gone(gone)
    wrong = _failing(new)
    _tell_failing(wrong, new)
    if wrong:
        print(f"Buku aturan {new.hash} tidak dipakai; yang berlaku tetap {book_in_force().hash}.")
        return 1
    pin_what_serves()
    if books.installed().serving is None:
        raise ProblemError([
            Problem("B13", str(knowledge_folder()), "isi folder berubah selama perintah ini berjalan", todo="Ulangi.")
        ])  # fmt: skip
    _announce(keep(new))
    return 0


def _go_back() -> int:
    edition = books.announce_former()
    book = read_book(edition.folder, dict(edition.choices))
    for problem in _failing(book):
        print(f"perhatian: {problem}")  # the way back is never barred, but what it costs is said
    _announced(edition)
    return 0


def _announce(edition: books.Edition) -> None:
    books.announce(edition)
    _announced(edition)


def _announced(edition: books.Edition) -> None:
    """Says when it serves; where nobody is registered there is nothing to make again, and it serves at once."""
    from siklus.register.queries import is_empty

    if is_empty():
        books.take_over(edition.hash)
    if books.installed().coming is None:
        print(f"Buku aturan {edition.hash} berlaku.")
    else:
        print(
            f"Buku aturan {edition.hash} lulus dan terpasang. Ia berlaku setelah semua angka dibuat ulang dengannya:"
            " oleh `siklus serve` di latar belakang, atau sekarang dengan `siklus state rebuild`."
        )


def _asked_for(args: argparse.Namespace) -> tuple[Book, tuple[str, ...]]:
    """The book of the folder, else the one that is to serve, with the choices asked for beside those made before."""
    if args.book is None and not args.choose:
        raise UsageError("Tuliskan folder buku aturan yang baru, atau --choose NILAI=PILIHAN.")
    present = book_to_make_by()
    folder: Path = args.book or present.folder or knowledge_folder()
    if not (folder / "packages").is_dir():
        raise UsageError(f"'{folder}' bukan folder buku aturan: tidak ada folder packages di dalamnya.")
    return read_next(folder, dict(args.choose), dict(present.choices))


def _failing(book: Book) -> list[Problem]:
    """What keeps the book from serving: examples of its own sources, and kept cases under its choices.

    Examples are the tests of the sources, written for the first variant of each value; choices do not make them wrong.
    """
    from siklus.trials.queries import failing

    plain = read_book(book.folder) if book.choices and book.folder is not None else book
    return [*wrong_examples(plain), *(_of_case(kept, verdict) for kept, verdict in failing(book))]


def _of_case(kept: Any, verdict: Any) -> Problem:
    where = f'kasus {kept.id} "{kept.title}" ({kept.expected.need})'
    if verdict.problems:
        return Problem("B14", where, "; ".join(_without_case(problem) for problem in verdict.problems))
    return Problem("B15", where, "; ".join(map(str, verdict.differences)), todo=verdict.reason)


def _without_case(problem: Problem) -> str:
    """The problem without the number by which the case was read."""
    return str(
        Problem(problem.code, problem.where.partition(", ")[2], problem.found, problem.expected, problem.todo)
    )


def _tell_gone(gone: Iterable[str]) -> None:
    for name in gone:
        print(f"perhatian: pilihan daerah untuk '{name}' tidak ada lagi dalam buku ini, jadi tidak dibawa.")


def _tell_failing(wrong: list[Problem], book: Book) -> None:
    for problem in wrong:
        print(problem)
    if wrong:
        print(f"{len(wrong)} contoh atau kasus tidak lulus dengan buku aturan {book.hash}.")
    else:
        print(f"Semua contoh dan kasus kabupaten lulus dengan buku aturan {book.hash}.")


def _tell_changes(found: Comparison, old: Book, new: Book, on: int, place: str) -> None:
    print(f"Buku {old.hash} -> {new.hash} per {iso(on)}: {found.persons} dari {found.asked} orang berubah.")
    if not found.changes:
        return
    by_need: Counter[tuple[str, str]] = Counter()
    by_place: Counter[tuple[str, str]] = Counter()
    names = _area_names(found.changes)
    for change in found.changes:
        said = _said(change.before, change.after)
        by_need[change.need, said] += change.persons
        code = change.puskesmas_code if place == "puskesmas" else change.desa_code
        by_place[names.get(code, code) or "(tempat tinggal belum diketahui)", f"{change.need}: {said}"] += (
            change.persons
        )
    rows = [{"kebutuhan": need, "perubahan": said, "orang": n} for (need, said), n in by_need.items()]
    write_rows(rows, ("kebutuhan", "perubahan", "orang"), "table")
    print()
    rows = [{place: name, "perubahan": said, "orang": n} for (name, said), n in sorted(by_place.items())]
    write_rows(rows, (place, "perubahan", "orang"), "table")


def _said(before: str, after: str) -> str:
    if before == after:
        return f"{STATUS_WORDS[before]}, {_DAYS_MOVE}"
    return f"{STATUS_WORDS[before]} -> {STATUS_WORDS[after]}"


def _area_names(changes: Iterable[Change]) -> Mapping[str, str]:
    from siklus.register.areas import names_of

    return names_of(
        {code for change in changes for code in (change.puskesmas_code, change.desa_code) if code}
    )


def _write_names(args: argparse.Namespace, new: Book, old: Book, found: Comparison) -> None:
    """Names go to a file that only its owner reads, never to the screen or a log; that it was made is in the audit."""
    from siklus.access.actions import note
    from siklus.access.queries import operator

    try:
        user = operator(args.user)
    except LookupError:
        raise UsageError(f"Pengguna '{args.user}' tidak ada.") from None
    titles = {need.name: need.title for book in (old, new) for need in book.needs}
    handle = os.open(args.names, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _ONLY_OWNER)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        lines = [dict(zip(_NAME_COLUMNS, line, strict=True)) for line in _name_lines(user, found, titles)]
        write_rows(lines, _NAME_COLUMNS, "csv", file)
    note(user, "unduh nama perubahan aturan", f"{old.hash} {new.hash}", f"{len(lines)} baris")
    _to_stderr(f"{len(lines)} baris dengan nama di {args.names}: simpan terkunci, hapus setelah dipakai.")


def _name_lines(user: Any, found: Comparison, titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    from siklus.access.queries import person_lines

    persons = person_lines(user, dict.fromkeys(person for person, *_ in found.named))
    for key, need, before, after in found.named:
        line = persons.get(key)
        if line is not None:
            after_words = f"{STATUS_WORDS[after]} ({_DAYS_MOVE})" if before == after else STATUS_WORDS[after]
            yield (
                format_record_id(key), line.name, "" if line.birth is None else iso(line.birth), line.desa_name,
                line.posyandu_name, titles.get(need, need), STATUS_WORDS[before], after_words,
            )  # fmt: skip


def _choice(text: str) -> tuple[str, str]:
    name, sign, variant = text.partition("=")
    if not (name and sign and variant):
        raise argparse.ArgumentTypeError(f"'{text}' bukan pilihan; tulis seperti selang_sadanis=tabel")
    return name.strip(), variant.strip()


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
