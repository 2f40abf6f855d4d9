"""Is this server fit to serve? What /health says and /metrics counts: figures and dates, never a name.

Unfit (503) is what loses work: no database, a database that takes no writes, no room on the disk. What somebody ought
to look at soon (an old backup, figures of yesterday, a clock that went back) is a warning.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from siklus.access.clock import today
from siklus.care.health import last_written
from siklus.library.installed import installed
from siklus.library.loading import load_book
from siklus.monitoring.queries import last_rebuild
from siklus.register.queries import is_empty
from siklus.site.upkeep.plan import last_backup, plan

_LEAST_FREE_MB = "SIKLUS_DISK_MIN_MB"
_USUAL_LEAST_MB = 200
_MB = 1_000_000
CLOCK_TOLERANCE_SECONDS = 60.0
_LATE_BACKUP = 1.5
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Check:
    """One thing looked at; `is_fit` False makes the server unfit, `warning` says what to look at."""

    name: str
    found: dict[str, Value]
    is_fit: bool = True
    warning: str = ""


@dataclass(frozen=True)
class Fitness:
    """All of them."""

    checks: tuple[Check, ...]

    @property
    def is_fit(self) -> bool:
        """True when people can work."""
        return all(check.is_fit for check in self.checks)

    @property
    def word(self) -> str:
        """ok, warning or unfit."""
        if not self.is_fit:
            return "unfit"
        return "warning" if any(check.warning for check in self.checks) else "ok"

    def as_json(self) -> dict[str, object]:
        """For who keeps the server."""
        return {
            "status": self.word,
            "warnings": [check.warning for check in self.checks if check.warning],
            **{check.name: check.found for check in self.checks},
        }

    def as_numbers(self) -> dict[str, float]:
        """For /metrics, by name."""
        numbers = {
            f"siklus_{check.name}_{name}": float(value)
            for check in self.checks
            for name, value in check.found.items()
            if isinstance(value, int | float)
        }
        return {"siklus_fit": float(self.is_fit), **numbers}


def look() -> Fitness:
    """Everything, cheaply: no table is counted."""
    checks = [_disk(), _backup()]
    try:
        checks = [_database(), *checks, _clock(), _figures()]
    except (DatabaseError, OSError) as error:
        lost = Check(
            "database", {"ok": False, "error": type(error).__name__}, False, "basis data tidak menjawab"
        )
        checks = [lost, *checks]
    return Fitness(tuple(checks))


def seconds_clock_is_behind() -> float:
    """How far the server's clock stands before the moment of the newest record; 0.0 when it does not."""
    written = last_written()
    return max(0.0, written.timestamp() - time.time()) if written is not None else 0.0


def clock_went_back() -> bool:
    """True when it is too far back to be chance."""
    return seconds_clock_is_behind() > CLOCK_TOLERANCE_SECONDS


def _database() -> Check:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
            takes_writes = bool(cursor.fetchone()[0])
        else:
            cursor.execute("PRAGMA query_only")
            file = str(connection.settings_dict["NAME"])
            takes_writes = not cursor.fetchone()[0] and (not Path(file).exists() or os.access(file, os.W_OK))
    found: dict[str, Value] = {
        "ok": True,
        "kind": connection.vendor,
        "writable": takes_writes,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
    }
    return Check("database", found, takes_writes, "" if takes_writes else "basis data tidak menerima tulisan")


def _disk() -> Check:
    free = shutil.disk_usage(settings.VAR).free // _MB
    least = int(os.environ.get(_LEAST_FREE_MB, "") or _USUAL_LEAST_MB)
    well = free >= least
    return Check(
        "disk", {"ok": well, "free_mb": free, "least_mb": least}, well, "" if well else "disk hampir penuh"
    )


def _backup() -> Check:
    chosen, last = plan(), last_backup()
    if last is None:
        return Check(
            "backup", {"ok": False, "age_seconds": None}, warning="belum pernah ada cadangan yang baik"
        )
    age = max(0.0, time.time() - last.at)
    late = bool(chosen.every_seconds) and age > _LATE_BACKUP * chosen.every_seconds
    warning = (
        "cadangan terakhir sudah lama" if late else "ada urutan catatan yang hilang" if last.has_holes else ""
    )
    found: dict[str, Value] = {
        "ok": not warning,
        "age_seconds": round(age),
        "records": last.records,
        "bytes": last.bytes,
    }
    return Check("backup", found, warning=warning)


def _clock() -> Check:
    behind = seconds_clock_is_behind()
    well = behind <= CLOCK_TOLERANCE_SECONDS
    warning = "" if well else "jam server mundur: ada catatan dari waktu yang belum tiba"
    return Check("clock", {"ok": well, "behind_seconds": round(behind)}, warning=warning)


def _figures() -> Check:
    book, last, waits = load_book(), last_rebuild(), installed().coming is not None
    late = None if last is None else max(0, today() - last.on_day)
    well = (is_empty() if last is None else late == 0 and last.is_current_book) and not waits
    found: dict[str, Value] = {"ok": well, "rule_book": book.hash, "days_late": late, "book_waits": waits}
    return Check("figures", found, warning="" if well else "kebutuhan dan cakupan belum per hari ini")
