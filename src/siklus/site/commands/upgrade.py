"""`siklus upgrade`: the tables of a new program, rehearsed on a copy first."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from siklus.site.output import say
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser(
        "upgrade", help="memperbarui basis data untuk program baru, dengan latihan dahulu"
    )
    parser.add_argument("--rehearse", action="store_true", help="hanya latihan: yang sebenarnya tidak diubah")
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="folder cadangan (SIKLUS_BACKUP_FOLDER)")
    parser.add_argument("--key", metavar="BERKAS", type=Path, help="berkas kunci (SIKLUS_BACKUP_KEY)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tells how to go back."""
    start_django()
    from siklus.site.upkeep.plan import plan
    from siklus.site.upkeep.upgrade import upgrade

    chosen = plan()
    chosen = replace(chosen, folder=args.to or chosen.folder, key_file=args.key or chosen.key_file)
    done = upgrade(chosen, say, only_rehearse=args.rehearse)
    if not done.is_real:
        print("Latihan berhasil. Basis data yang sebenarnya tidak diubah.")
        print("Berikutnya: hentikan server, siklus upgrade, jalankan server.")
        return 0
    print("Basis data sudah diperbarui. Jalankan server; kebutuhan dan cakupan dihitung ulang olehnya.")
    print(f"Untuk kembali: pasang program yang lama, lalu siklus restore --over-newer {done.backup}")
    return 0
