"""`siklus restore FILE`: the database as it was in a backup; `--check` only tries it beside the real one."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from siklus.site.usage import existing_file, start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("restore", help="memulihkan basis data dari cadangan")
    parser.add_argument("file", metavar="CADANGAN", type=existing_file, help="berkas .siklus")
    parser.add_argument("--key", metavar="BERKAS", type=Path, help="berkas kunci (SIKLUS_BACKUP_KEY)")
    parser.add_argument("--check", action="store_true", help="hanya mencoba: basis data tidak diubah")
    parser.add_argument(
        "--over-newer", action="store_true", help="pulihkan juga bila basis data ini lebih baru dari cadangan"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tells what was done, and what to do next."""
    start_django()
    from django.core.management import call_command

    from siklus.site.upkeep.backup import check
    from siklus.site.upkeep.plan import alone, plan
    from siklus.site.upkeep.restore import restore

    key = replace(plan(), key_file=args.key or plan().key_file).key()
    if args.check:
        with alone():
            found = check(args.file, key)
        print(f"Cadangan ini dapat dipulihkan: {found.records} catatan, urutan terakhir {found.last_seq}.")
        print("Basis data tidak diubah.")
        return 0
    done = restore(args.file, key, over_newer=args.over_newer)
    print(f"Dipulihkan: {done.contents.records} catatan, urutan terakhir {done.contents.last_seq}.")
    print(f"Sebelumnya: {done.before[0]} catatan, urutan terakhir {done.before[1]}.")
    if done.kept:
        print(f"Isi yang lama disimpan di {done.kept}. Hapus bila sudah pasti tidak dipakai.")
    if done.files:
        print(f"Berkas di samping basis data yang ikut dipulihkan: {len(done.files)}.")
    # What a copy of the tables does not bring (triggers of the audit), and what a newer program added since.
    call_command("migrate", verbosity=0, interactive=False)
    print("Tabel dan penjaganya sudah mutakhir. Berikutnya: siklus doctor, lalu jalankan ulang server.")
    return 0
