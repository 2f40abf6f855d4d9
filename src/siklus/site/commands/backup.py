"""`siklus backup`: a sealed copy of the database while it serves, restored once before it counts."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from siklus.site.output import say
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser(
        "backup", help="membuat cadangan terkunci, dan memeriksanya dengan memulihkannya"
    )
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="folder cadangan (SIKLUS_BACKUP_FOLDER)")
    parser.add_argument("--key", metavar="BERKAS", type=Path, help="berkas kunci (SIKLUS_BACKUP_KEY)")
    parser.add_argument(
        "--keep", metavar="N", type=int, help="berapa cadangan disimpan (SIKLUS_BACKUP_KEEP, 14)"
    )
    parser.add_argument("--new-key", metavar="BERKAS", type=Path, help="membuat kunci baru, lalu selesai")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tells where the good backup is."""
    from siklus.site.upkeep.sealed_file import make_key

    if args.new_key is not None:
        key = make_key(args.new_key)
        print(f"Kunci {key.name} ada di {args.new_key}. Simpan salinannya di tempat lain yang aman,")
        print("terpisah dari cadangan. Tanpa kunci ini cadangan tidak dapat dibuka siapa pun.")
        return 0
    start_django()
    from siklus.site.upkeep.backup import back_up
    from siklus.site.upkeep.plan import plan

    chosen = plan()
    chosen = replace(
        chosen,
        folder=args.to or chosen.folder,
        key_file=args.key or chosen.key_file,
        keep=max(1, args.keep) if args.keep is not None else chosen.keep,
    )
    made = back_up(chosen, say)
    print(f"Cadangan baik: {made.file} ({made.file.stat().st_size / 1e6:.1f} MB)")
    print(f"{made.contents.records} catatan, urutan terakhir {made.contents.last_seq}.")
    if made.contents.has_holes:
        print("PERIKSA: ada urutan yang hilang di basis data itu sendiri. Jalankan: siklus doctor")
    if made.removed:
        print(f"Cadangan lama dihapus: {len(made.removed)}.")
    return 0
