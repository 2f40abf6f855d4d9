"""The `siklus` command. Exit codes: 0 all well, 1 problems were found and told, 2 the command was not understood.

Each subcommand is a module of `siklus.site.commands` with `add(parsers)`; it says in `run=` what is called. Django is
started only by the commands that need a database.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from siklus.kernel.problems import ProblemError
from siklus.site.usage import UsageError, kind_sentence

OK, PROBLEMS, WRONG_USE = 0, 1, 2
_INTERRUPTED = 130
COMMANDS = (
    "serve",
    "migrate",
    "seed",
    "places",
    "import_",
    "needs",
    "coverage",
    "figures",
    "growth",
    "rules",
    "knowledge",
    "forms",
    "state",
    "bulk",
    "user",
    "edge",
    "audit",
    "doubles",
    "tidy",
    "backup",
    "restore",
    "upgrade",
    "keys",
    "person",
    "doctor",
    "docs",
)


class Parser(argparse.ArgumentParser):
    """argparse with one kind Indonesian sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(kind_sentence(message, self.prog))


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code; nothing but a fault of Siklus itself ends in a traceback."""
    try:
        args = build_parser().parse_args(argv)
        code: int = args.run(args)
        sys.stdout.flush()
    except UsageError as error:
        print(f"siklus: {error}", file=sys.stderr)
        return WRONG_USE
    except ProblemError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return PROBLEMS
    except BrokenPipeError:  # somebody closed `| head`: not our problem, and nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        said = _of_the_machine(error)
        if not said:
            raise
        print(said, file=sys.stderr)
        return PROBLEMS
    return code


def _of_the_machine(error: Exception) -> str:
    """What to say of a fault that is the disk's and not ours; empty for any other."""
    from siklus.site.faults import FULL, READ_ONLY, kind_of

    return {
        FULL: "U17 disk penuh. Yang lama tetap ada; yang baru tidak jadi. Kosongkan disk, lalu ulangi.",
        READ_ONLY: "U18 disk atau basis data tidak dapat ditulisi. Tidak ada yang berubah. Periksa disknya.",
    }.get(kind_of(error), "")


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="siklus", description="Siklus: dari catatan ke kebutuhan menurut nama ke cakupan SPM."
    )
    parsers = parser.add_subparsers(dest="command", required=True, metavar="PERINTAH", parser_class=Parser)
    for name in COMMANDS:
        import_module(f"siklus.site.commands.{name}").add(parsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
