"""`siklus forms`: in order (check), which there are (list), one as its reader sees it (show), tally, for phones."""

from __future__ import annotations

import argparse
from pathlib import Path

from siklus.kernel.problems import ProblemError
from siklus.library.forms.catalogue import Catalogue, load_forms, read_forms
from siklus.library.forms.model import Form
from siklus.library.forms.phone import form_json, phone_texts
from siklus.library.forms.reports import Report, words_of
from siklus.library.forms.showing import COLUMNS, Shown
from siklus.library.loading import load_book, read_book
from siklus.records.checks import did_you_mean
from siklus.rules.vocabulary import HOUSEHOLD
from siklus.site.commands import forms_tally
from siklus.site.output import write_json, write_rows
from siklus.site.usage import UsageError, add_format

LISTED = (
    "formulir",
    "judul",
    "kelompok",
    "versi",
    "sejak",
    "bagian",
    "isian",
    "catatan",
    "di",
    "oleh",
    "keyakinan",
)


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands."""
    parser = parsers.add_parser("forms", help="formulir: check, list, show, tally, javascript")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    check = actions.add_parser("check", help="memeriksa semua formulir")
    check.add_argument("--folder", type=Path, metavar="FOLDER", help="folder pengetahuan lain")
    check.add_argument("--format", choices=("table", "json"), default="table")
    check.set_defaults(run=run_check)
    listed = actions.add_parser("list", help="formulir yang ada")
    add_format(listed)
    listed.set_defaults(run=run_list)
    show = actions.add_parser("show", help="satu formulir, seperti dilihat yang mengisinya")
    show.add_argument("form", metavar="FORMULIR", help="misalnya kartu_balita")
    show.add_argument("--version", type=int, metavar="VERSI", help="versi lama; biasanya yang terbaru")
    add_format(show)
    show.set_defaults(run=run_show)
    forms_tally.add(actions)
    javascript = actions.add_parser("javascript", help="menulis formulir untuk telepon genggam")
    javascript.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder tujuan")
    javascript.set_defaults(run=run_javascript)


def run_check(args: argparse.Namespace) -> int:
    """Every fault of every file; 1 when there is any."""
    problems: tuple[str, ...] = ()
    forms: Catalogue | None = None
    try:
        forms = load_forms() if args.folder is None else read_forms(args.folder, read_book(args.folder))
    except ProblemError as error:
        problems = tuple(map(str, error.problems))
    current = forms.current if forms else ()
    questions = sum(len(form.questions) for form in current)
    if args.format == "json":
        digest = forms.hash if forms else None
        write_json(
            {
                "hash": digest,
                "forms": len(current),
                "questions": questions,
                "reports": len(forms.reports) if forms else 0,
                "wrong": list(problems),
            }
        )
    else:
        for problem in problems:
            print(problem)
        print(f"{len(current)} formulir, {questions} isian; {len(problems)} salah.")
    return 1 if problems else 0


def run_list(args: argparse.Namespace) -> int:
    """The newest version of each form."""
    rows = [_line(form) for form in load_forms().current]
    write_rows(rows, LISTED, args.format)
    return 0


def run_show(args: argparse.Namespace) -> int:
    """One form: as a table for its reader, as CSV, or as the JSON a phone is given."""
    forms = load_forms()
    if args.form in forms.reports:
        return _show_report(forms.reports[args.form], args.format)
    if args.form not in forms.by_name:
        guess = did_you_mean(args.form, [*forms.by_name, *forms.reports])
        raise UsageError(f"'{args.form}' bukan formulir yang dikenal. {guess}".strip())
    try:
        form = forms.form(args.form, args.version)
    except KeyError:
        raise UsageError(f"'{args.form}' tidak punya versi {args.version}.") from None
    if args.format == "json":
        write_json(form_json(form))
        return 0
    shown = Shown(form, load_book().vocabulary)
    if args.format == "csv":
        write_rows(list(shown.rows()), COLUMNS, "csv")
        return 0
    for name, text in shown.head().items():
        if text:
            print(f"{name.capitalize()}: {text}")
    for section in form.sections:
        when = shown.condition(section.show)
        print(f"\n{section.title}{f' [bila {when}]' if when else ''}")
        if section.note:
            print(f"  {section.note}")
        for item in section.items:
            own = {**shown.row(section, item), "bila": shown.condition(item.show)}
            print(f"  {_said(own, item.hint)}")
    return 0


def _show_report(report: Report, form: str) -> int:
    """The columns of a recapitulation sheet and whom each counts."""
    vocabulary = load_book().vocabulary
    rows = [
        {
            "kolom": column.name,
            "kelompok": column.group,
            "judul": column.title,
            "satuan": "keluarga" if column.of == HOUSEHOLD else "orang",
            "dihitung": words_of(report, column, vocabulary),
        }
        for column in report.columns
    ]
    if form == "table":
        print(f"{report.title} (versi {report.version}). Sumber: {report.cites}\n{report.note}\n")
    write_rows(rows, tuple(rows[0]), form)
    return 0


def run_javascript(args: argparse.Namespace) -> int:
    """Writes every version of every form, and one module with their conditions."""
    forms = load_forms()
    told, module = phone_texts(forms)
    args.out.mkdir(parents=True, exist_ok=True)
    texts = {f"forms-{forms.hash}.json": told, f"forms-{forms.hash}.js": module}
    for name, text in texts.items():
        (args.out / name).write_text(text, encoding="utf-8")
        print(f"{args.out / name}: {len(text.encode())} byte")
    return 0


def _line(form: Form) -> dict[str, object]:
    values = (
        form.name,
        form.title,
        form.group,
        form.version,
        form.since.isoformat(),
        len(form.sections),
        len(form.questions),
        sorted({written.kind for written in form.records.values()}),
        list(form.at),
        list(form.who),
        form.confidence,
    )
    return dict(zip(LISTED, values, strict=True))


def _said(row: dict[str, str], hint: str) -> str:
    about = [row["jenis"], row["satuan"], row["batas"], row["pilihan"]]
    parts = [f"{row['isian']}: {', '.join(filter(None, about))}"]
    if row["wajib"]:
        parts.append("(wajib)")
    if row["bila"]:
        parts.append(f"[bila {row['bila']}]")
    if row["oleh"] or row["di"]:
        parts.append(f"[hanya {', '.join(filter(None, (row['oleh'], row['di'])))}]")
    if hint:
        parts.append(f"– {hint}")
    return " ".join(parts)
