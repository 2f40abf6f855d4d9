"""`siklus rules who-is-owed "bayi 9 bulan"`: what somebody described in words is owed, where, by whom and why."""

from __future__ import annotations

import argparse

from siklus.library.education import load_education
from siklus.library.loading import load_book
from siklus.library.persona import load_persona, read_phrase, who_is_owed
from siklus.library.persona.telling import as_json, lines_of
from siklus.site.output import write_json
from siklus.site.usage import UsageError, add_day, start_django, today_or


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the action to those of `siklus rules`."""
    who = actions.add_parser("who-is-owed", help="siapa berhak apa, dengan kata-kata")
    who.add_argument("phrase", metavar="ORANGNYA", nargs="+", help="misalnya: ibu hamil")
    who.add_argument(
        "--all", action="store_true", help="juga yang kelak, yang lewat, dan yang bukan untuknya"
    )
    who.add_argument("--format", choices=("text", "json"), default="text")
    add_day(who)
    who.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all was understood; 1 when a word was not, or no age can be told: the rest is answered still."""
    if args.on is None:
        start_django()
    on, text = today_or(args.on), " ".join(args.phrase)
    if not text.strip():
        raise UsageError("tulis orangnya, misalnya: siklus rules who-is-owed lansia")
    book, persona, education = load_book(), load_persona(), load_education()
    owing = who_is_owed(book, persona, read_phrase(text, persona, on))
    if args.format == "json":
        write_json(as_json(owing, book, education, is_whole=args.all))
    else:
        for line in lines_of(owing, book, education, is_whole=args.all):
            print(line)
    return 1 if owing.reading.strange or owing.reading.needs_age else 0
