"""`siklus keys show|rotate|drop`: the keys that seal and find NIK and No. KK, changed while everything serves."""

from __future__ import annotations

import argparse

from siklus.site.output import say
from siklus.site.usage import UsageError, start_django

_ROUNDS = 5


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("keys", help="kunci NIK dan No. KK: show, rotate, drop")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    show = actions.add_parser("show", help="kunci mana yang dipakai, dan berapa baris tersegel dengannya")
    show.set_defaults(run=run_show)
    rotate = actions.add_parser("rotate", help="kunci baru; semua nomor disegel ulang sambil tetap melayani")
    rotate.add_argument("--index", action="store_true", help="juga kunci pencarian (HMAC)")
    rotate.add_argument(
        "--resume", action="store_true", help="tanpa kunci baru: hanya menyegel ulang sisanya"
    )
    rotate.set_defaults(run=run_rotate)
    drop = actions.add_parser("drop", help="membuang kunci lama yang tidak dipakai lagi")
    drop.add_argument("key", metavar="KUNCI", help="nama kunci, seperti pada 'siklus keys show'")
    drop.set_defaults(run=run_drop)


def run_show(args: argparse.Namespace) -> int:
    """Names of keys only; never a key."""
    start_django()
    from siklus.register.identity import keyring
    from siklus.register.resealing import keys_in_use

    ring, used = keyring(), keys_in_use()
    for word, keys, current in (
        ("segel", ring.seals, ring.seal_with),
        ("pencarian", ring.indexes, ring.index_with),
    ):
        for key in keys:
            mark = "dipakai" if key == current else "lama"
            print(f"{word:<10} {key}  {mark:<8} {used.get(key, 0)} orang dan keluarga")
    return 0


def run_rotate(args: argparse.Namespace) -> int:
    """Rounds until nothing is left: another process may go on with the older key for a second."""
    start_django()
    from siklus.access.second_step import reseal as reseal_second_steps
    from siklus.care.resealing import reseal_log
    from siklus.exchange.excel.resealing import reseal_rows
    from siklus.kernel.sealing import with_new_keys
    from siklus.register import identity
    from siklus.register.resealing import reseal_register
    from siklus.sync.resealing import reseal_edge, reseal_refusals

    if not args.resume:
        _must_be_a_file()
        identity.keep_keyring(with_new_keys(identity.keyring(), seal=True, index=args.index))
        identity.wait_until_noticed()
    for _ in range(_ROUNDS):
        steps = (
            ("orang dan keluarga", reseal_register),
            ("catatan", reseal_log),
            ("baris impor", reseal_rows),
            ("kiriman yang ditolak", reseal_refusals),
            ("simpul puskesmas", reseal_edge),
            ("kode masuk", reseal_second_steps),
        )
        written = 0
        for word, step in steps:
            count = step()
            say(f"   {word}: {count} baris disegel ulang")
            written += count
        if not written:
            print(
                f"Semua tersegel dengan kunci {identity.keyring().seal_with}. Kunci lama: 'siklus keys drop'."
            )
            return 0
    say("   masih ada yang disegel dengan kunci lama: jalankan 'siklus keys rotate --resume'")
    return 1


def run_drop(args: argparse.Namespace) -> int:
    """Only after everything was sealed anew. A backup made before holds the key that it needs."""
    start_django()
    from siklus.access.second_step import reseal as reseal_second_steps
    from siklus.care.resealing import reseal_log
    from siklus.exchange.excel.resealing import reseal_rows
    from siklus.kernel.sealing import without_key
    from siklus.register import identity
    from siklus.register.resealing import reseal_register
    from siklus.sync.resealing import reseal_edge, reseal_refusals

    _must_be_a_file()
    try:
        ring = without_key(identity.keyring(), args.key)
    except LookupError:
        raise UsageError(f"'{args.key}' bukan kunci lama; lihat 'siklus keys show'.") from None
    steps = (reseal_register, reseal_log, reseal_rows, reseal_refusals, reseal_edge, reseal_second_steps)
    if left := sum(step() for step in steps):
        say(f"   {left} baris masih memakainya dan baru disegel ulang; ulangi perintah ini")
        return 1
    identity.keep_keyring(ring)
    print(f"Kunci {args.key} dibuang.")
    return 0


def _must_be_a_file() -> None:
    from django.conf import settings

    if settings.SIKLUS_KEYS:
        raise UsageError("kunci ada di SIKLUS_KEYS: ganti di sana, lalu 'siklus keys rotate --resume'.")
