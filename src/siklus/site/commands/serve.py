"""`siklus serve`: the desk in gunicorn, with its style files collected under names that change with their content."""

from __future__ import annotations

import argparse
import os
import sys

from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("serve", help="menjalankan server")
    parser.add_argument("--host", default="127.0.0.1", help="alamat yang didengarkan (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port (8000)")
    parser.add_argument("--workers", type=int, default=2, help="jumlah proses (2)")
    parser.add_argument("--threads", type=int, default=4, help="utas tiap proses (4)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Becomes the server: this process ends when gunicorn does."""
    os.environ["SIKLUS_HASHED_STATIC"] = "1"
    start_django()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"Siklus: http://{args.host}:{args.port}/  (Ctrl-C mengakhiri)", flush=True)
    command = [
        sys.executable, "-m", "gunicorn", "siklus.site.wsgi:application", "--bind", f"{args.host}:{args.port}",
        "--workers", str(args.workers), "--worker-class", "gthread", "--threads", str(args.threads),
        "--log-level", "warning", "--timeout", "120",
    ]  # fmt: skip
    os.execv(sys.executable, command)
