"""`siklus person export NOMOR`: everything held of one person, as JSON. Taking it out is logged."""

from __future__ import annotations

import argparse

from siklus.site.output import write_json
from siklus.site.usage import UsageError, person, start_django


def add(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = parsers.add_parser("person", help="semua data tentang seseorang: export")
    actions = parser.add_subparsers(dest="action", required=True, metavar="TINDAKAN")
    export = actions.add_parser("export", help="semua yang disimpan tentang orang ini, sebagai JSON")
    export.add_argument("person", type=person, metavar="NOMOR", help="nomor orang, misalnya 1-23")
    export.add_argument(
        "--user", default="", metavar="NAMA_MASUK", help="atas nama dan dalam wilayah pengguna ini"
    )
    export.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """What is closed to the user is counted and left out."""
    start_django()
    from django.http import Http404

    from siklus.access.actions import note
    from siklus.access.may import HAND_OUT, may
    from siklus.access.queries import access_person, operator
    from siklus.care.dossier import dossier
    from siklus.kernel.ids import format_record_id

    try:
        user = operator(args.user)
        who = access_person(user, args.person)
    except LookupError:
        raise UsageError(f"tidak ada pengguna '{args.user}'.") from None
    except Http404:
        raise UsageError(f"tidak ada orang {format_record_id(args.person)} di wilayah ini.") from None
    if not may(user, HAND_OUT):
        raise UsageError("pengguna ini tidak boleh menyerahkan data orang.")
    note(user, "unduh data orang", format_record_id(who.id))
    write_json(dossier(user, who))
    return 0
