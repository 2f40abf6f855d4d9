"""`siklus user add`: somebody who may log in, for a role and the place of their scope."""

from __future__ import annotations

import argparse
import getpass
import sys

from siklus.access.permissions import permissions
from siklus.site.usage import UsageError, place, start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("user", help="pengguna: tambah, lepas kode masuk")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    adding = actions.add_parser(
        "add", help="menambah pengguna; kata sandi ditanyakan atau dibaca dari masukan"
    )
    adding.add_argument("username", metavar="NAMA_MASUK")
    adding.add_argument("--role", required=True, choices=tuple(permissions().roles))
    adding.add_argument(
        "--place", required=True, type=place, metavar="KODE", help="kode kabupaten atau fasilitas"
    )
    adding.add_argument("--name", default="", help="nama lengkap")
    adding.set_defaults(run=run)
    freeing = actions.add_parser(
        "free-code", help="melepas kode masuk orang yang kehilangan ponsel dan kode pemulihannya"
    )
    freeing.add_argument("username", metavar="NAMA_MASUK")
    freeing.set_defaults(run=run_free)


def run(args: argparse.Namespace) -> int:
    """The password never stands on the command line, where others could read it."""
    start_django()
    from siklus.access.actions import add_user

    password = getpass.getpass("Kata sandi: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    user = add_user(
        username=args.username, password=password, role=args.role, scope_code=args.place, name=args.name
    )
    print(f"Pengguna {user.username} ({user.role}) siap masuk.")
    return 0


def run_free(args: argparse.Namespace) -> int:
    """The last way back in: for a keeper of the system whom nobody else manages."""
    start_django()
    from siklus.access import actions, second_step
    from siklus.access.queries import operator, user_named

    user = user_named(args.username)
    if user is None:
        raise UsageError(f"tidak ada pengguna '{args.username}'")
    second_step.take_away(user)
    actions.note(operator(), "kode masuk dilepas", f"pengguna {user.pk}", "dari konsol server")
    print(f"Kode masuk {user.username} dilepas; dipasang lagi saat masuk berikutnya.")
    return 0
