"""`siklus edge enrol|sync|status`: this installation as the server of a puskesmas that syncs with its district."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from siklus.kernel.problems import ProblemError
from siklus.site.output import say, write_json
from siklus.site.usage import UsageError, start_django

if TYPE_CHECKING:
    from siklus.sync.edge.actions import Round

MOST_BETWEEN_SECONDS = 3600


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("edge", help="server puskesmas: enrol, sync, status")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    enrolling = actions.add_parser("enrol", help="mendaftarkan pemasangan baru ini di kabupaten")
    enrolling.add_argument("url", metavar="ALAMAT", help="alamat server kabupaten, https")
    enrolling.add_argument("code", metavar="KODE", help="kode dari halaman Perangkat di kabupaten")
    enrolling.set_defaults(run=run_enrol)
    syncing = actions.add_parser("sync", help="satu kali bertukar dengan kabupaten, atau terus-menerus")
    syncing.add_argument("--every", type=int, metavar="DETIK", help="ulangi; bila terputus, makin jarang")
    syncing.set_defaults(run=run_sync)
    standing = actions.add_parser("status", help="kapan terakhir terhubung, berapa yang menunggu")
    standing.add_argument("--format", choices=("table", "json"), default="table")
    standing.set_defaults(run=run_status)


def run_enrol(args: argparse.Namespace) -> int:
    """Once, on a new installation; then the first round."""
    start_django()
    from siklus.sync.edge import actions
    from siklus.sync.edge.calling import Denied, Unreached

    try:
        actions.enrol(args.url, args.code)
    except (Denied, Unreached) as error:
        raise UsageError(str(error)) from None
    print("Terdaftar. Ambil wilayah dan pengguna dengan 'siklus edge sync'.")
    return 0


def run_sync(args: argparse.Namespace) -> int:
    """Exit code 1 when one round was asked for and the district was not reached: weeks without it are no harm."""
    if args.every is not None and args.every < 1:
        raise UsageError("--every: sedikitnya 1 detik")
    start_django()
    wait = args.every or 0
    while True:
        done, said = _round()
        say(said) if done is None else print(said, flush=True)
        if args.every is None:
            return 0 if done is not None else 1
        wait = args.every if done is not None else min(2 * wait, max(MOST_BETWEEN_SECONDS, args.every))
        time.sleep(wait)


def _round() -> tuple[Round | None, str]:
    """What was done, and how it is said; nothing done where it was cut short."""
    from django.db import close_old_connections

    from siklus.library.loading import book_in_force, holding
    from siklus.sync.edge import actions
    from siklus.sync.edge.calling import Denied, Unreached

    close_old_connections()
    try:
        with holding(book_in_force()):
            done = actions.run_round()
    except (Denied, Unreached) as error:
        return None, f"belum terhubung: {str(error).rstrip('.')}. Catatan aman di sini."
    except ProblemError as error:
        return None, "; ".join(problem.found for problem in error.problems)
    refused = f", {done.refused} ditolak kabupaten" if done.refused else ""
    return done, f"dikirim {done.sent} catatan{refused}, diterima {done.received}"


def run_status(args: argparse.Namespace) -> int:
    """Exit code 2 where this is no edge."""
    start_django()
    from siklus.sync.edge.queries import status

    found = status()
    if found is None:
        raise UsageError("pemasangan ini bukan server puskesmas; lihat 'siklus edge enrol'")
    moments = {"last_contact": found.last_contact, "last_round": found.last_round}
    if args.format == "json":
        told = {name: at.isoformat() if at else None for name, at in moments.items()}
        counts = {"waiting": found.waiting, "refused": found.refused, "fault": found.fault}
        write_json({"district": found.url, "place": found.scope_code, **told, **counts})
        return 0
    print(f"kabupaten            {found.url}")
    print(f"terakhir terhubung   {found.last_contact.isoformat() if found.last_contact else 'belum pernah'}")
    print(f"menunggu dikirim     {found.waiting} catatan")
    print(f"ditolak kabupaten    {found.refused} catatan")
    if found.fault:
        print(f"percobaan terakhir   {found.fault}")
    return 0
