"""Keeps needs and coverage as of today: `python -m siklus.site.keeping`, started beside the server by `siklus serve`.

It anchors the audit once a day (`siklus audit`), and makes the backups when their folder and key are chosen
(`upkeep/plan.py`).

When the day turns, whom the day can change is computed again; when another rule book is to serve, everything is. Both
in a process of its own (a rebuild reads the database file through a library that must not share a process with Django);
until that is done the pages go on showing the figures of before, with their date.
In between it computes those whom phones brought records of (docs/decisions/0038), and packs the area of a place for
which a phone is about to be enrolled.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

from siklus.site.usage import start_django

LOOK_EVERY_SECONDS = 30.0
WAIT_AFTER_FAILURE_SECONDS = 600.0
_log = logging.getLogger(__name__)


def is_behind() -> bool:
    """True when there are people, and the last rebuild was for another day or by another book than is to serve.

    Never while the server's clock stands before its own records: a wrong day must not become everybody's.
    """
    from siklus.access.clock import today
    from siklus.library.installed import installed
    from siklus.monitoring.queries import last_rebuild
    from siklus.register.queries import is_empty
    from siklus.site.fitness import clock_went_back

    if clock_went_back():
        _log.error("the clock of this server went back; nothing is brought to its day")
        return False
    last = last_rebuild()
    is_fresh = last is not None and last.on_day == today() and last.is_current_book
    is_fresh = is_fresh and installed().coming is None
    return not is_fresh and not is_empty()


def look() -> bool:
    """Brings everything to today if it is behind; False when that failed. Lets go of the database either way."""
    from django.db import connections

    try:
        behind = is_behind()
    finally:
        connections.close_all()
    if not behind:
        return True
    return all(_does(*command) for command in (("state", "newday"), ("figures",), ("doubles",), ("tidy",)))


def look_at_backup() -> bool:
    """Makes a backup when the last good one is too old; False when that failed."""
    from siklus.site.upkeep.plan import is_backup_due

    return not is_backup_due() or _does("backup")


def look_at_audit() -> bool:
    """An anchor of the audit once a day; False when that failed. Lets go of the database either way."""
    from django.db import connections

    from siklus.access.audit import anchor_daily

    try:
        anchor_daily()
    except OSError:
        return False
    finally:
        connections.close_all()
    return True


def settle() -> int:
    """Computes some of those whom phones brought records of; how many. What fails stays noted, and is tried again."""
    from django.db import DatabaseError, close_old_connections

    from siklus.access.clock import today
    from siklus.library.loading import book_in_force, holding
    from siklus.sync.settling import settle_waiting

    close_old_connections()
    try:
        with holding(book_in_force()):
            return settle_waiting(today())
    except DatabaseError:
        _log.warning("settling after a push failed; it is tried again", exc_info=True)
        return 0


def prepare() -> None:
    """The packed area of a place whose code is shown on the desk: its phone finds it made."""
    from django.db import DatabaseError

    from siklus.access.clock import today
    from siklus.library.loading import book_in_force, holding
    from siklus.sync.snapshots import prepare

    try:
        with holding(book_in_force()):
            prepare(today())
    except (DatabaseError, OSError):
        _log.warning("the packed area of a place was not made; its phone waits for it", exc_info=True)


def judge() -> None:
    """Judges again what waits for a record that came from elsewhere since."""
    from django.db import DatabaseError

    from siklus.access.clock import today
    from siklus.library.loading import book_in_force, holding
    from siklus.sync.actions import judge_waiting

    try:
        with holding(book_in_force()):
            judge_waiting(today())
    except DatabaseError:
        _log.warning("judging held records again failed; it is tried again", exc_info=True)


def _does(*command: str) -> bool:
    done = subprocess.run([sys.executable, "-m", "siklus.site.cli", *command], check=False)
    return done.returncode == 0


def main() -> int:
    """Looks until the server that started it is gone, or everything here was erased."""
    start_django()
    from siklus.site.upkeep.erasing import erased
    from siklus.sync.edge.gate import coming

    server = os.getppid()
    wait = 0.0
    while os.getppid() == server and erased() is None:
        if coming() is not None:  # figures of half an area are of no use, and its steps want the database
            time.sleep(1)
            continue
        if wait <= 0:
            judge()
            went_well = [look(), look_at_audit(), look_at_backup()]
            wait = LOOK_EVERY_SECONDS if all(went_well) else WAIT_AFTER_FAILURE_SECONDS
        if settle():
            continue
        prepare()
        time.sleep(1)
        wait -= 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
