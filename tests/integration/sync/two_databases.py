"""A second installation in the same process: an SQLite database of its own, which is `default` for a while.

The district's server is asked by Django's own client, so what travels is what the wire carries.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils.module_loading import import_string

from siklus.sync.edge.calling import Denied, Pieces, Unreached

_ENGINE = "django.db.backends.sqlite3"


@dataclass
class Installation:
    """One database, with a folder and keys of its own if it has any. `inside` makes it the one that Siklus works on."""

    wrapper: BaseDatabaseWrapper
    folder: Path | None = None
    keys: Path | None = None

    @contextmanager
    def inside(self) -> Iterator[None]:
        before = connections["default"], settings.VAR, settings.SIKLUS_KEYS_FILE
        connections["default"] = self.wrapper
        if self.folder is not None:
            settings.VAR, settings.SIKLUS_KEYS_FILE = self.folder, self.keys
        try:
            yield
        finally:
            connections["default"], settings.VAR, settings.SIKLUS_KEYS_FILE = before


def district() -> Installation:
    """The database of the test."""
    return Installation(connections["default"], settings.VAR, settings.SIKLUS_KEYS_FILE)


def new_installation(path: Path) -> Installation:
    """An empty one, as `siklus migrate` leaves it."""
    kept = connections["default"]
    if kept.vendor == "sqlite":
        with (
            closing(sqlite3.connect(kept.settings_dict["NAME"])) as here,
            closing(sqlite3.connect(path)) as there,
        ):
            here.backup(there)
    told = {
        **kept.settings_dict,
        "ENGINE": _ENGINE,
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
    found = Installation(import_string(f"{_ENGINE}.base.DatabaseWrapper")(told, alias="default"))
    if kept.vendor != "sqlite":
        with found.inside():
            call_command("migrate", verbosity=0)
    return found


@dataclass
class Line:
    """A way to the district that can be cut, also at one address: what `calling.District` is over a socket."""

    there: Installation
    is_cut: bool = False
    breaks_at: str = ""
    device: int = 0
    token: str = ""

    def to(self, url: str, device: int = 0, token: str = "") -> Line:
        """What `actions` makes of its link."""
        self.device, self.token = device, token
        return self

    def post(self, path: str, body: object) -> dict[str, Any]:
        return self._json("post", path, data=json.dumps(body), content_type="application/json")

    def get(self, path: str) -> dict[str, Any]:
        return self._json("get", path)

    def load(self, path: str, into: Pieces) -> None:
        answer = self._ask("get", path, encoding="zstd")
        into.begin(answer.headers["ETag"])
        into.add(answer.content)

    def _json(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = self._ask(method, path, **body)
        found: dict[str, Any] = answer.json()
        if answer.status_code != 200:
            raise Denied(answer.status_code, found["words"], is_wipe=found.get("wipe") is True)
        return found

    def _ask(self, method: str, path: str, *, encoding: str = "identity", **body: Any) -> Any:
        if self.is_cut or path == self.breaks_at:
            raise Unreached("terputus")
        headers = {
            "Siklus-Protocol": "1", "Accept-Encoding": encoding, "Authorization": f"Siklus {self.device}.{self.token}",
        }  # fmt: skip
        with self.there.inside():
            return getattr(Client(), method)(path, headers=headers, **body)
