"""`siklus bulk extract|needs|coverage`: everybody at once, from the database to Parquet and from Parquet to Parquet."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.bulk.running import LEAST_MEMORY, MEMORY
from siklus.kernel.periods import Period, parse_period
from siklus.kernel.periods import year as whole_year
from siklus.site.output import say
from siklus.site.usage import UsageError, add_day, day, start_django, year_of_day

_ENGINES = ("duckdb", "spark")


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("bulk", help="semua orang sekaligus, lewat berkas Parquet")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    extract = actions.add_parser("extract", help="dari basis data ke Parquet, menurut kabupaten")
    extract.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tempat hasilnya")
    add_day(extract)
    extract.add_argument(
        "--for", dest="purpose", metavar="TUJUAN", help="tanpa yang berkeberatan atas tujuan ini"
    )
    _add_memory(extract)
    extract.set_defaults(run=_extract)
    needs = actions.add_parser("needs", help="kebutuhan semua orang pada suatu hari")
    coverage = actions.add_parser("coverage", help="indikator semua orang dalam suatu masa")
    for parser in (needs, coverage):
        parser.add_argument(
            "--extract", type=Path, required=True, metavar="FOLDER", help="hasil bulk extract"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tempat jawabannya")
        parser.add_argument("--on", type=day, required=True, metavar="TANGGAL", help="per tanggal ini")
        parser.add_argument("--keep", action="store_true", help="simpan lipatannya untuk hari lain")
        parser.add_argument("--engine", choices=_ENGINES, default="duckdb", help="biasanya duckdb")
        parser.add_argument("--master", default="local[2]", metavar="ALAMAT", help="gugus Spark")
        parser.add_argument("--shard-persons", type=_count, metavar="JUMLAH", help="orang sekali olah")
        _add_memory(parser)
        parser.set_defaults(run=_answer, period=None)
    needs.add_argument("--renew", action="store_true", help="bawa jawaban di --out ke tanggal ini saja")
    coverage.add_argument("--period", type=_period, metavar="MASA", help="2026, 2026-Q1, 2026-03 ...")
    coverage.set_defaults(is_coverage=True, renew=False)
    needs.set_defaults(is_coverage=False)


def _add_memory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--memory",
        type=_count,
        default=MEMORY,
        metavar="MB",
        help=f"memori paling banyak (biasanya {MEMORY})",
    )


def _extract(args: argparse.Namespace) -> int:
    start_django()
    from siklus.bulk.extracting import write_extract
    from siklus.bulk.running import Means
    from siklus.care.wishes import purposes
    from siklus.library.loading import load_book

    purpose = args.purpose or ""
    if purpose and purpose not in purposes():
        raise UsageError(f"'{purpose}' bukan tujuan; salah satu dari {', '.join(purposes())}.")
    made = write_extract(load_book(), args.out, args.on, Means(_memory(args)).for_extracting, say, purpose)
    persons = sum(size.persons for size in made.kabupaten.values())
    records = sum(size.records for size in made.kabupaten.values())
    print(f"{persons} orang, {records} catatan, {len(made.kabupaten)} kabupaten: {args.out}")
    return 0


def _answer(args: argparse.Namespace) -> int:
    """No Django: an extract is answered wherever it lies."""
    from siklus.bulk.answering import Question
    from siklus.bulk.folders import read_extract
    from siklus.bulk.running import Means, answer
    from siklus.library.loading import load_book

    period = (args.period or whole_year(year_of_day(None, args.on))) if args.is_coverage else None
    asked = Question(args.on, period, keep=args.keep)
    extract, means = read_extract(args.extract), Means(_memory(args), persons=args.shard_persons)
    if args.renew and args.engine != "duckdb":
        raise UsageError("--renew hanya dengan --engine duckdb.")
    if args.renew:
        from siklus.bulk.renewing import renew

        rows = renew(load_book(), extract, asked, args.out, means, say)
    elif args.engine == "spark":
        from siklus.bulk.spark import answer_in_spark

        rows = answer_in_spark(args.master, load_book(), extract, [asked], args.out, means, say)
    else:
        rows = answer(load_book(), extract, asked, args.out, means, say)
    print(", ".join(f"{name}: {count} baris" for name, count in rows.items()))
    return 0


def _memory(args: argparse.Namespace) -> int:
    if args.memory < LEAST_MEMORY:
        raise UsageError(f"--memory paling sedikit {LEAST_MEMORY} MB.")
    memory: int = args.memory
    return memory


def _count(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' bukan bilangan bulat di atas nol")
    return int(text)


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' bukan masa; tulis seperti 2026, 2026-Q1, 2026-03"
        ) from None
