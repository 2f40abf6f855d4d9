"""The audit: who looked at or did what. Lines are only added, each chained to the one before (`chain`).

A line is written while the head of the chain is locked, so numbers have no gaps and no two lines follow the same one;
SQLite has one writer anyway. The lock lasts as long as the transaction around it: write the line last, or outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from siklus.access.chain import FIRST, Break, Link, breaks_of, hash_of
from siklus.access.models import AuditEntry, AuditHead, User
from siklus.register import asking

ANCHORS_FILE = "audit-anchors.txt"
_HEAD = 1
_LOCK = "SELECT count, hash FROM access_audithead WHERE id = %s"
_ADD = (
    'INSERT INTO access_auditentry (number, hash, at, user_id, "action", subject, detail)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_MOVE = "UPDATE access_audithead SET count = %s, hash = %s WHERE id = %s"
_AT_ONCE = 2000


@transaction.atomic(savepoint=False)
def add_entry(user: User | None, action: str, subject: str, detail: str) -> int:
    """One line at the end of the chain; gives its number."""
    while not (head := asking.rows(_LOCK + asking.locked(), _HEAD)):
        AuditHead.objects.get_or_create(pk=_HEAD, defaults={"count": 0, "hash": FIRST})
    count, former = head[0]
    link = Link(
        number=count + 1, at=timezone.now(), user_id=None if user is None else user.pk, action=action,
        subject=subject, detail=detail,
    )  # fmt: skip
    said = hash_of(link, former)
    at = connection.ops.adapt_datetimefield_value(link.at)
    asking.tell(_ADD, link.number, said, at, link.user_id, action, subject, detail)
    asking.tell(_MOVE, link.number, said, _HEAD)
    return link.number


def head_of() -> tuple[int, str]:
    """(how many lines there are, the hash of the last)."""
    head = AuditHead.objects.filter(pk=_HEAD).first()
    return (0, FIRST) if head is None else (head.count, head.hash)


def verify(anchors: Iterable[tuple[int, str]] = ()) -> list[Break]:
    """Where the chain breaks; an empty list when it holds."""
    return list(breaks_of(_links(), head_of(), dict(anchors)))


def read_anchors(path: Path) -> list[tuple[int, str]]:
    """The anchors of a file, one a line: when, how many lines, the hash of the last. ValueError for anything else."""
    if not path.exists():
        return []
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(int(count), said) for _when, count, said in lines]


def anchors_file() -> Path:
    """Where anchors are kept unless somebody says otherwise: beside what this server writes."""
    return Path(settings.VAR) / ANCHORS_FILE


def anchor_daily() -> bool:
    """An anchor for this day, if there is none yet; True when one was written."""
    path, today = anchors_file(), f"{timezone.now():%Y-%m-%d}"
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    if any(line.startswith(today) for line in lines[-2:]):
        return False
    write_anchor(path)
    return True


def write_anchor(path: Path) -> str:
    """Adds the end of the chain as it is now to a file of anchors; gives the line."""
    count, said = head_of()
    line = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {count} {said}"
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page of the audit is narrowed to; empty means all. `offices` limits it to users of these places."""

    username: str = ""
    action: str = ""
    subject: str = ""
    offices: frozenset[str] | None = None


def entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    """The lines, newest first."""
    rows = AuditEntry.objects.select_related("user").order_by("-number")
    if wanted.offices is not None:
        rows = rows.filter(user__scope_code__in=wanted.offices)
    if wanted.username:
        rows = rows.filter(user__username=wanted.username)
    for name in ("action", "subject"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    return rows


def actions_known() -> list[str]:
    """What has been done so far, by the words of the lines."""
    return sorted(AuditEntry.objects.order_by().values_list("action", flat=True).distinct())


def _links() -> Iterator[Link]:
    columns = ("number", "at", "user_id", "action", "subject", "detail", "hash")
    rows = AuditEntry.objects.order_by("number").values_list(*columns)
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield Link(**dict(zip(columns, row, strict=True)))
