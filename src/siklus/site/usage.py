"""What the commands share: kind words for a wrong call, the types of arguments, the start of Django."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from siklus.kernel.dates import parse_day, year_of
from siklus.kernel.ids import parse_record_id
from siklus.kernel.places import is_place_code

FORMATS = ("table", "json", "csv")
Parsers = "argparse._SubParsersAction[argparse.ArgumentParser]"


class UsageError(Exception):
    """The command was not understood; the text is one sentence for the reader."""


def start_django() -> None:
    """Settings and apps, for the commands that need a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siklus.site.settings")
    import django

    django.setup()


def today_or(day: int | None) -> int:
    """The day asked for, else today; Django must have been started."""
    from siklus.access.clock import today

    return today() if day is None else day


def add_format(parser: argparse.ArgumentParser, default: str = "table") -> None:
    """`--format json|csv|table`."""
    parser.add_argument(
        "--format", choices=FORMATS, default=default, help=f"bentuk hasil (biasanya {default})"
    )


def add_day(parser: argparse.ArgumentParser) -> None:
    """`--on DATE`."""
    parser.add_argument("--on", type=day, metavar="TANGGAL", help="keadaan per tanggal ini, tahun-bulan-hari")


def day(text: str) -> int:
    """A day number from `2026-11-21`."""
    try:
        return parse_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' bukan tanggal; tulis tahun-bulan-hari seperti 2026-11-21"
        ) from None


def year(text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"\d{4}", text):
        raise argparse.ArgumentTypeError(f"'{text}' bukan tahun; tulis empat angka seperti 2026")
    return int(text)


def person(text: str) -> int:
    """A person's id: `1-23`, or the plain key."""
    try:
        return int(text) if text.isdigit() else parse_record_id(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' bukan nomor orang; tulis seperti 1-23") from None


def place(text: str) -> str:
    """A place or facility code; whether it exists is asked later."""
    if is_place_code(text) or re.fullmatch(r"[A-Za-z0-9._-]{1,40}", text):
        return text
    raise argparse.ArgumentTypeError(
        f"'{text}' bukan kode wilayah; tulis seperti 17.02.06.1004 atau kode puskesmas"
    )


def existing_file(text: str) -> Path:
    """A file that is there; `-` is the standard input."""
    path = Path(text)
    if text != "-" and not path.is_file():
        raise argparse.ArgumentTypeError(f"berkas '{text}' tidak ada")
    return path


def year_of_day(asked: int | None, on: int) -> int:
    """The year asked for, else that of the day."""
    return year_of(on) if asked is None else asked


_Rewrite = Callable[[re.Match[str]], str]


def _choice(match: re.Match[str]) -> str:
    known = re.findall(r"[\w.+-]+", match["known"])
    near = get_close_matches(match["word"].strip("'"), known, n=1)
    guess = f" Maksudnya '{near[0]}'?" if near else f" Pilihannya: {', '.join(known)}."
    return f"'{match['word'].strip(chr(39))}' tidak dikenal.{guess}"


_SENTENCES: tuple[tuple[str, _Rewrite], ...] = (
    (r"argument .*?: invalid choice: (?P<word>'.*?'|\S+) \(choose from (?P<known>.*)\)", _choice),
    (r"argument .*?: (?P<say>'.*' bukan .*|berkas .*)", lambda m: f"{m['say']}."),
    (r"argument (?P<name>[^:]+): expected .*", lambda m: f"Sesudah {_long(m['name'])} harus ada nilainya."),
    (r"argument (?P<a>[^:]+): not allowed with argument (?P<b>.+)",
     lambda m: f"Pilih salah satu: {_long(m['a'])} atau {_long(m['b'])}."),
    (r"the following arguments are required: (?P<names>.+)", lambda m: f"Tuliskan juga {m['names']}."),
    (r"one of the arguments (?P<names>.+) is required", lambda m: f"Tuliskan salah satu dari {m['names']}."),
    (r"unrecognized arguments: (?P<names>.+)", lambda m: f"'{m['names']}' tidak dikenal di sini."),
    (r"argument (?P<name>[^:]+): .*", lambda m: f"Nilai {_long(m['name'])} tidak dapat dibaca."),
)  # fmt: skip


def kind_sentence(message: str, command: str) -> str:
    """argparse's message as one Indonesian sentence, with where to read more."""
    for pattern, rewrite in _SENTENCES:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match is not None:
            return f"{rewrite(match)} Selengkapnya: {command} --help"
    return f"Perintah ini belum lengkap. Selengkapnya: {command} --help"


def _long(names: str) -> str:
    return names.split("/")[-1]
