"""`siklus needs`: what a person is owed, who in a place is owed what, or (with --cases) what made-up ones would be."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from siklus.kernel.dates import NEVER, iso
from siklus.kernel.ids import format_record_id
from siklus.kernel.problems import Problem, ProblemError
from siklus.library.loading import load_book
from siklus.rules.answers import STATUSES, NeedAnswer
from siklus.site.output import write_json, write_rows
from siklus.site.usage import (
    UsageError,
    add_day,
    add_format,
    existing_file,
    person,
    place,
    start_django,
    today_or,
)

DAYS = ("opens", "due", "overdue", "until")
COLUMNS = ("id", "need", "status", *DAYS, "missing", "reason")
PLACE_COLUMNS = ("person", "need", "status", "occurrence", *DAYS, "missing")


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("needs", help="kebutuhan seseorang, suatu wilayah, atau kasus rekaan")
    of = parser.add_mutually_exclusive_group(required=True)
    of.add_argument(
        "--cases", type=existing_file, metavar="BERKAS", help="kasus rekaan (JSON); tanpa basis data"
    )
    of.add_argument("--person", type=person, metavar="NOMOR", help="satu orang, misalnya 1-23")
    of.add_argument("--place", type=place, metavar="KODE", help="semua orang di wilayah atau fasilitas ini")
    parser.add_argument("--need", default="", metavar="KEBUTUHAN", help="hanya kebutuhan ini")
    parser.add_argument("--status", action="append", choices=STATUSES, default=[], help="hanya status ini")
    parser.add_argument("--user", default="", metavar="NAMA_MASUK", help="dalam wilayah pengguna ini")
    add_day(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Cases answer without Django; 1 when some could not be read."""
    if args.cases is not None:
        return _cases(args)
    start_django()
    return _person(args) if args.person is not None else _place(args)


def _cases(args: argparse.Namespace) -> int:
    from siklus.library.cases import answer_cases

    try:
        text = sys.stdin.read() if str(args.cases) == "-" else args.cases.read_text(encoding="utf-8-sig")
        cases = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ProblemError([Problem("C00", str(args.cases), "isinya bukan JSON", "", str(error))]) from None
    replies = answer_cases(load_book(), cases)
    if args.format == "json":
        write_json([reply.as_json() for reply in replies])
    else:
        rows = [
            {"id": reply.id, "need": name, **need} for reply in replies for name, need in reply.needs.items()
        ]
        write_rows(rows, COLUMNS, args.format)
        for problem in (problem for reply in replies for problem in reply.problems):
            print(problem, file=sys.stderr)
    return 1 if any(reply.problems for reply in replies) else 0


def _person(args: argparse.Namespace) -> int:
    from siklus.access.scope import NotInScope, access_person
    from siklus.care.queries import life_of

    on = today_or(args.on)
    try:
        survivor = access_person(_visitor(args), args.person).id
    except NotInScope:
        raise ProblemError(
            [Problem("P01", "", "orang dengan nomor ini tidak terdaftar di wilayah ini")]
        ) from None
    book, life = load_book(), life_of(survivor, on)
    from siklus.rules.explain import reason

    facts = {(unit, known["id"]): known for unit, known, _ in book.engine.units(life)}
    rows = [
        {
            "id": format_record_id(survivor),
            "need": answer.need,
            "unit": answer.unit,
            "unit_id": format_record_id(answer.unit_id),
            "status": answer.status,
            **_days(answer),
            "missing": list(answer.asks),
            "reason": reason(
                book.rules, book.need(answer.need), answer, facts[answer.unit, answer.unit_id], life, on
            ),
        }
        for answer in sorted(book.engine.needs(life, on), key=lambda answer: STATUSES.index(answer.status))
        if args.need in ("", answer.need) and (not args.status or answer.status in args.status)
    ]
    if args.format == "json":
        names = ("need", "unit", "unit_id", "status", *DAYS, "missing", "reason")
        needs = [{name: row[name] for name in names} for row in rows]
        write_json({"id": format_record_id(survivor), "on": iso(on), "needs": needs})
    else:
        write_rows(rows, COLUMNS, args.format)
    return 0


def _place(args: argparse.Namespace) -> int:
    from siklus.access.scope import NotInScope, access_area
    from siklus.care.queries import NeedFilter, needs_on

    user = _visitor(args)
    try:
        area = access_area(user, args.place)
    except NotInScope:
        raise UsageError(f"Wilayah '{args.place}' tidak ada, atau di luar wilayah pengguna ini.") from None
    if area.kind not in _LISTED:
        raise UsageError(f"{area.name} adalah {area.kind}; pilih puskesmas, desa atau posyandu.")
    statuses = tuple(args.status) or tuple(status for status in STATUSES if status in _ASKING)
    at = {kind: area.code if area.kind == kind else "" for kind in _LISTED}
    wanted = NeedFilter(
        puskesmas=at["puskesmas"], desa=at["desa"], posyandu=at["posyandu"], need=args.need, statuses=statuses
    )
    write_rows(list(_rows(needs_on(user, wanted, today_or(args.on)))), PLACE_COLUMNS, args.format)
    return 0


_LISTED = ("puskesmas", "desa", "posyandu")
_ASKING = ("overdue", "due", "unknown", "refused", "missed")


def _rows(answers: Iterator[tuple[int, NeedAnswer]]) -> Iterator[dict[str, Any]]:
    for who, answer in answers:
        yield {
            "person": format_record_id(who),
            "need": answer.need,
            "status": answer.status,
            "occurrence": iso(answer.occurrence) if answer.occurrence else None,
            **_days(answer),
            "missing": list(answer.asks),
        }


def _visitor(args: argparse.Namespace) -> Any:
    from siklus.access.queries import operator

    try:
        return operator(args.user)
    except LookupError:
        raise UsageError(f"Pengguna '{args.user}' tidak ada.") from None


def _days(answer: NeedAnswer) -> dict[str, str | None]:
    days = {name: getattr(answer, name) for name in DAYS}
    return {name: None if day is None or day >= NEVER else iso(day) for name, day in days.items()}
