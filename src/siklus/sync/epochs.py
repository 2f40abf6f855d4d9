"""The life of this database, as a word: a restored copy gets another one, so that no cursor of before is believed."""

from __future__ import annotations

import secrets

from siklus.register import actions as register_actions
from siklus.register import queries as register

_NAME = "sync-epoch"
TABLE = "register_installation"
"""Where it is kept."""


def epoch() -> str:
    """The word; made when it is asked for first."""
    return register.installation_fact(_NAME) or begin_epoch()


def begin_epoch() -> str:
    """A new word: every phone loads its area again. Whoever restores a backup calls this."""
    return register_actions.set_installation_fact(_NAME, secrets.token_hex(8))
