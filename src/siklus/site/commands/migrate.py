"""`siklus migrate`: brings the tables up to date."""

from __future__ import annotations

import argparse

from siklus.site.usage import start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("migrate", help="memperbarui tabel-tabel basis data")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Safe to run twice."""
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    print("Basis data siap.")
    return 0
