"""`siklus growth`: WHO z-scores and flags of the children in a file, in the columns of WHO's own programs."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.growth_files import Program, read_programs, scored
from siklus.library.loading import knowledge_folder
from siklus.library.standards import load_growth
from siklus.site.usage import UsageError, existing_file

AUTO = "auto"
_TOLD_AT_MOST = 50


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("growth", help="nilai z WHO anak dalam berkas CSV")
    parser.add_argument(
        "--file", type=existing_file, required=True, metavar="BERKAS", help="CSV; - untuk masukan baku"
    )
    parser.add_argument(
        "--standard", default=AUTO, metavar="BAKU", help="2006, 2007, atau auto (menurut judul kolom)"
    )
    parser.add_argument("--out", type=Path, metavar="BERKAS", help="hasil (biasanya ke layar)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """1 when some cell could not be read: it is told, and every other value is there."""
    header, rows = _read(args.file)
    program = _program(args.standard, header)
    growth = load_growth(knowledge_folder())
    kept = [column for column in header if column not in program.writes]
    problems: list[Problem] = []
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow([*kept, *program.writes])
    given = list(rows)
    for row, (found, bad) in zip(given, scored(growth, program, given), strict=True):
        out.writerow([*(row.get(column, "") for column in kept), *found.values()])
        problems += bad
    if args.out is None:
        sys.stdout.write(written.getvalue())
    else:
        try:
            args.out.write_text(written.getvalue(), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"'{args.out}' tidak dapat ditulis: {error.strerror}.") from None
    for problem in problems[:_TOLD_AT_MOST]:
        print(problem, file=sys.stderr)
    if len(problems) > _TOLD_AT_MOST:
        print(f"... dan {len(problems) - _TOLD_AT_MOST} sel lain.", file=sys.stderr)
    return 1 if problems else 0


def _read(path: Path) -> tuple[list[str], Iterator[dict[str, str]]]:
    """The heading and the rows; a short row lacks its last cells, and what stands beyond the heading is left out."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProblemError(
            [Problem("G00", str(path), "bukan CSV yang dapat dibaca", "", str(error))]
        ) from None
    if not lines or not any(lines[0]):
        raise ProblemError([Problem("G00", str(path), "berkas ini kosong")])
    header = [column.strip() for column in lines[0]]
    return header, (dict(zip(header, line, strict=False)) for line in lines[1:])


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _program(asked: str, header: list[str]) -> Program:
    programs = read_programs(knowledge_folder())
    if asked in programs:
        return programs[asked]
    if asked != AUTO:
        raise UsageError(f"Baku '{asked}' tidak ada; yang ada: {', '.join(programs)}, {AUTO}.")
    found = next((each for each in programs.values() if each.fits(header)), None)
    if found is None:
        known = "; ".join(f"{each.title}: {', '.join(each.reads.values())}" for each in programs.values())
        raise UsageError(f"Judul kolom umur tidak ditemukan. Kolom yang dibaca: {known}.")
    return found
