"""`siklus serve`: the desk in gunicorn, and the figures kept as of today.

Style files are collected under names that change with their content.
"""

from __future__ import annotations

import argparse
import os

from siklus.site.serving import serve
from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("serve", help="menjalankan server")
    parser.add_argument("--host", default="127.0.0.1", help="alamat yang didengarkan (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port (8000)")
    parser.add_argument("--workers", type=int, default=2, help="jumlah proses (2)")
    parser.add_argument("--threads", type=int, default=4, help="utas tiap proses (4)")
    parser.add_argument(
        "--no-rebuild",
        action="store_true",
        help="jangan hitung ulang kebutuhan dan cakupan saat hari berganti",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Until the server ends."""
    os.environ["SIKLUS_HASHED_STATIC"] = "1"
    start_django()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"Siklus: http://{args.host}:{args.port}/  (Ctrl-C mengakhiri)", flush=True)
    return serve(
        args.host, args.port, workers=args.workers, threads=args.threads, keeps_fresh=not args.no_rebuild
    )
