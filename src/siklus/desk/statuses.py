"""The words and shapes of a status, and their one order: lists, sums and menus all follow it.

A status is told by shape, word and colour together; `chip` in `templatetags/desk.py` is the only maker of them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "danger": _("Bahaya"),
    "overdue": _("Terlambat"),
    "due": _("Waktunya"),
    "unknown": _("Belum diketahui"),
    "refused": _("Menolak"),
    "missed": _("Lewat batas"),
    "not_yet": _("Belum waktunya"),
    "not_applicable": _("Tidak perlu"),
    "done": _("Sudah"),
}
"""Every status in the order in which a reader has to act on it."""

ORDER = {status: place for place, status in enumerate(WORDS)}
OPEN = ("overdue", "due", "unknown", "refused")
"""What still asks for somebody's hands; lists show these unless another choice is made."""

MARKS = {"overdue": "▲", "due": "◐", "unknown": "?", "refused": "⊘"}
"""The shapes of what is open as letters that every font has, for the foot of a printed sheet."""


def worst(found: set[str]) -> str | None:
    """The status that comes first in the order; None of an empty set."""
    return min(found, key=ORDER.__getitem__, default=None)
