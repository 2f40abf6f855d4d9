"""The lines of the audit in words. Whom they are about stands there by id, as it does in the audit itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from siklus.desk import figures, words


class Entry(Protocol):
    """A line as the audit keeps it."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def user(self) -> object | None: ...
    @property
    def action(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def detail(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line; `who` is the name by which somebody logs in."""

    number: str
    when: str
    who: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Everything the page shows."""

    crumbs: Sequence[tuple[str, str]]
    choices: tuple[figures.Choice, ...]
    username: str
    subject: str
    lines: tuple[AuditLine, ...]
    pager: figures.Pager
    here: str


def line_of(entry: Entry) -> AuditLine:
    """The words of a line."""
    return AuditLine(
        number=words.number(entry.number),
        when=words.moment(entry.at),
        who=str(getattr(entry.user, "username", "")) or _("tanpa nama masuk"),
        action=entry.action,
        subject=entry.subject,
        detail=entry.detail,
    )
