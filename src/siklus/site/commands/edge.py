"""`siklus edge enrol|sync|status`: this installation as the server of a puskesmas that syncs with its district."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from siklus.kernel.problems import ProblemError
from siklus.site.output import say, write_json
from siklus.site.usage import UsageError, start_django

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
        went_well, said = _round()
        print(said, flush=True) if went_well else say(said)
        if args.every is None:
            return 0 if went_well else 1
        wait = args.every if went_well else min(2 * wait, max(MOST_BETWEEN_SECONDS, args.every))
        time.sleep(wait)


def _round() -> tuple[bool, str]:
    """False where it was cut short; and what was done, or why not."""
    from django.db import OperationalError, close_old_connections

    from siklus.library.loading import book_in_force, holding
    from siklus.site.faults import BUSY, kind_of
    from siklus.site.upkeep.erasing import erase, erased
    from siklus.sync.edge import actions
    from siklus.sync.edge.calling import Denied, Unreached

    if erased() is not None:
        return _erased()
    close_old_connections()
    try:
        with holding(book_in_force()):
            done = actions.run_round(lambda farewell: erase(farewell.as_json()), _figures)
        if done.farewell is not None:
            return _erased()
    except OperationalError as error:
        if kind_of(error) != BUSY:
            raise
        return False, "basis data sedang sibuk; dicoba lagi. Catatan aman di sini."
    except (Denied, Unreached) as error:
        return False, f"belum terhubung: {str(error).rstrip('.')}. Catatan aman di sini."
    except ProblemError as error:
        return False, "; ".join(problem.found for problem in error.problems)
    refused = f", {done.refused} ditolak kabupaten" if done.refused else ""
    return True, f"dikirim {done.sent} catatan{refused}, diterima {done.received}"


def _figures() -> bool:
    """Needs and coverage of everybody, in a process of its own: it reads the database through another library."""
    from django.db import connections

    connections.close_all()
    words = [sys.executable, "-m", "siklus.site.cli", "state", "rebuild"]
    return subprocess.run(words, check=False, stdout=subprocess.DEVNULL).returncode == 0


def _erased() -> tuple[bool, str]:
    """What is left of it goes, and the district hears it."""
    from siklus.site.upkeep.erasing import erase, erased, note_told
    from siklus.sync.edge.calling import Denied, Unreached
    from siklus.sync.edge.leaving import Farewell, tell

    note = erased()
    if note is None or note.is_told:
        return True, _said_of_wipe()
    try:
        erase(note.farewell)
        tell(Farewell(**note.farewell))
    except (Denied, Unreached) as error:
        return False, f"{_said_of_wipe()} Kabupaten belum diberi tahu: {str(error).rstrip('.')}; dicoba lagi."
    except ProblemError as error:
        return False, "; ".join(problem.found for problem in error.problems)
    note_told(note)
    return True, _said_of_wipe()


def _said_of_wipe() -> str:
    from siklus.site.upkeep.erasing import erased, left_outside

    note = erased()
    if note is None:
        return ""
    lost = (
        f"{note.lost} catatan belum sampai di kabupaten dan hilang"
        if note.lost
        else "tidak ada catatan yang hilang"
    )
    outside = f" Hapus sendiri dari lingkungan: {', '.join(left_outside())}." if left_outside() else ""
    at = note.at.isoformat(timespec="minutes")
    return f"Isi server ini dihapus atas permintaan kabupaten pada {at}; {lost}.{outside}"


def run_status(args: argparse.Namespace) -> int:
    """Exit code 2 where this is no edge."""
    start_django()
    from siklus.site.upkeep.erasing import erased
    from siklus.sync.edge.queries import status

    if erased() is not None:
        raise UsageError(_said_of_wipe())
    found = status()
    if found is None:
        raise UsageError("pemasangan ini bukan server puskesmas; lihat 'siklus edge enrol'")
    moments = {"last_contact": found.last_contact, "last_round": found.last_round}
    if args.format == "json":
        told = {name: at.isoformat() if at else None for name, at in moments.items()}
        counts = {"waiting": found.waiting, "refused": found.refused, "fault": found.fault}
        if found.coming is not None:
            counts |= {"area_done": found.coming.done, "area_all": found.coming.all}
        write_json({"district": found.url, "place": found.scope_code, **told, **counts})
        return 0
    print(f"kabupaten            {found.url}")
    print(f"terakhir terhubung   {found.last_contact.isoformat() if found.last_contact else 'belum pernah'}")
    print(f"menunggu dikirim     {found.waiting} catatan")
    print(f"ditolak kabupaten    {found.refused} catatan")
    if now := found.coming:
        print(f"mengambil wilayah    {now.done} dari {now.all} catatan ({now.percent} %)")
    if found.fault:
        print(f"percobaan terakhir   {found.fault}")
    return 0
