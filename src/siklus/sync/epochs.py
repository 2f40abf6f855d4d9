"""The life of this database, as a word: a restored copy gets another one, so that no cursor of before is believed."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db.models import F

from siklus.access import actions as access
from siklus.register import actions as register_actions
from siklus.register import queries as register
from siklus.sync.models import Phone

_NAME = "sync-epoch"
TABLE = "register_installation"
"""Where it is kept."""
_OUTCOMES_SKIPPED = 2**20


def epoch() -> str:
    """The word; made when it is asked for first."""
    return register.installation_fact(_NAME) or begin_epoch()


def begin_epoch() -> str:
    """A new word: every phone loads its area again."""
    return register_actions.set_installation_fact(_NAME, secrets.token_hex(8))


def live_again(tables: Collection[str]) -> None:
    """A backup was put back that has these tables: no place, number or outcome of its former life is believed or given
    a second time.

    A database from before there were phones gets its word when the first phone asks.
    """
    if TABLE in tables:
        begin_epoch()
        access.number_afresh()
    if Phone._meta.db_table in tables:
        Phone.objects.update(told=F("told") + _OUTCOMES_SKIPPED)
