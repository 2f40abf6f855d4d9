"""`siklus rules`: is the rule book in order (check), what does a rule say (explain), files for phones (javascript)."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.kernel.problems import Problem, ProblemError
from siklus.library.education import Education, read_education
from siklus.library.education_fit import education_faults, untold
from siklus.library.examples import wrong_examples
from siklus.library.loading import Book, knowledge_folder, load_book, read_book
from siklus.library.phone import phone_files
from siklus.records.checks import did_you_mean
from siklus.rules.book import Need
from siklus.rules.explain import Explanation
from siklus.rules.reason_words import STATUS_WORDS
from siklus.rules.shown import shown_day
from siklus.rules.telling import meanings, performers, slots
from siklus.site.commands import rulebook, rules_parity, rules_switch, rules_who
from siklus.site.output import write_json
from siklus.site.usage import UsageError, add_day, person, start_django, today_or

_SLOTS = {
    "who": "Untuk siapa", "opens": "Boleh sejak", "due": "Waktunya", "appointment": "Janji", "overdue": "Terlambat",
    "until": "Batas", "done": "Selesai bila",
}  # fmt: skip


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands."""
    parser = parsers.add_parser(
        "rules", help="buku aturan: check, explain, who-is-owed, handbook, diff, parity, try, use, ..."
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    check = actions.add_parser("check", help="memeriksa semua aturan dan contohnya")
    check.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    check.add_argument("--format", choices=("table", "json"), default="table")
    check.set_defaults(run=run_check)
    explain = actions.add_parser("explain", help="menjelaskan satu aturan, atau jawabannya bagi satu orang")
    explain.add_argument("need", metavar="KEBUTUHAN", nargs="?", help="misalnya mr1")
    explain.add_argument("--need", dest="named", metavar="KEBUTUHAN", help="sama saja, sebagai pilihan")
    explain.add_argument("--person", type=person, metavar="NOMOR", help="jawabannya bagi orang ini")
    add_day(explain)
    explain.add_argument("--format", choices=("table", "json"), default="table")
    explain.set_defaults(run=run_explain)
    rules_who.add(actions)
    rulebook.add(actions)
    javascript = actions.add_parser("javascript", help="menulis buku aturan untuk telepon genggam")
    javascript.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder tujuan")
    javascript.set_defaults(run=run_javascript)
    rules_parity.add(actions)
    rules_switch.add(actions)


def run_check(args: argparse.Namespace) -> int:
    """Every fault of every file and every example that comes out otherwise; 1 when there is any.

    What has no words for the family yet is a warning: a district may work by a rule before it has found them.
    """
    book = load_book() if args.folder is None else read_book(args.folder)
    folder = args.folder or knowledge_folder()
    said_wrong = education_faults(folder, book)
    education = Education() if said_wrong else read_education(folder)
    silent = untold(education, book) if education.lessons else ()
    wrong = [*wrong_examples(book), *said_wrong]
    warnings = [*book.warnings, *(f"{name}: belum ada pesan untuk keluarga (education/)" for name in silent)]
    figures = {
        "rulebook": book.hash,
        "needs": len(book.needs),
        "indicators": len(book.indicators),
        "classifications": len(book.classifications),
        "lessons": len(education.lessons),
        "wrong": [str(problem) for problem in wrong],
        "warnings": warnings,
    }
    if args.format == "json":
        write_json(figures)
    else:
        for problem in wrong:
            print(problem)
        for warning in warnings:
            print(f"perhatian: {warning}")
        print(
            f"Buku aturan {book.hash}: {len(book.needs)} kebutuhan, {len(book.indicators)} indikator,"
            f" {len(book.classifications)} klasifikasi, {len(education.lessons)} pesan keluarga; {len(wrong)} salah."
        )
    return 1 if wrong else 0


def run_explain(args: argparse.Namespace) -> int:
    """The rule in words; with --person why it stands as it does for them on that day."""
    if args.person is not None:
        start_django()
    book, name = load_book(), args.named or args.need
    if name is None:
        raise UsageError("kebutuhan mana? Misalnya: siklus rules explain mr1")
    try:
        need = book.need(name)
    except KeyError:
        guess = did_you_mean(name, [each.name for each in book.needs])
        raise UsageError(f"'{name}' bukan kebutuhan yang dikenal. {guess}".strip()) from None
    if args.person is None:
        return _tell(book, need, args.format)
    return _explain(book, need, args)


def run_javascript(args: argparse.Namespace) -> int:
    """Writes the module, its types, the words and the manifest that names them."""
    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in phone_files(load_book()).items():
        (args.out / name).write_text(text, encoding="utf-8")
        print(f"{args.out / name}: {len(text.encode())} byte")
    return 0


def _tell(book: Book, need: Need, form: str) -> int:
    titles = {each.name: each.title for each in book.needs}
    told = slots(need, book.vocabulary, titles)
    if form == "json":
        head = {"need": need.name, "title": need.title, "cites": need.cites, "confidence": need.confidence}
        write_json({**head, "slots": dict(told), "names": dict(meanings(need, book.vocabulary, titles))})
        return 0
    print(f"{need.title} ({need.name})")
    for slot, words in told:
        print(f"  {_SLOTS[slot]}: {words}")
    for name, words in meanings(need, book.vocabulary, titles):
        print(f"  «{name}»: {words}")
    for performer in performers(need, book.vocabulary):
        print(f"  Di {performer}")
    print(f"  Sumber: {need.cites} ({need.confidence})")
    return 0


def _explain(book: Book, need: Need, args: argparse.Namespace) -> int:
    from siklus.care.queries import life_of
    from siklus.rules.explain import explain

    on = today_or(args.on)
    try:
        found = explain(book.rules, life_of(args.person, on), need.name, on)
    except LookupError:
        raise ProblemError([Problem("P01", "", "orang dengan nomor ini tidak terdaftar")]) from None
    if found is None:
        print(f"{need.title}: tidak ada {need.unit} yang tercatat.")
        return 0
    if args.format == "json":
        write_json(_as_json(found))
        return 0
    print(f"{found.title} ({found.need}) per {shown_day(on)}: {STATUS_WORDS[found.status]}")
    print(f"  {found.reason}")
    for label, value in found.values:
        print(f"  {label}: {value}")
    for performer in found.performers:
        print(f"  {performer}")
    print(f"  Sumber: {found.cites} ({found.confidence})")
    return 0


def _as_json(found: Explanation) -> dict[str, object]:
    from dataclasses import asdict

    from siklus.kernel.dates import iso

    days = ("opens", "due", "overdue", "until")
    shown = {name: None if getattr(found, name) is None else iso(getattr(found, name)) for name in days}
    return {**asdict(found), **shown, "values": dict(found.values)}
