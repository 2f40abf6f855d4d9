"""What the settings read from outside: the address of the database and the secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# Tried with six writing processes: Django's deferred default loses 40 % of transactions to "database is locked",
# IMMEDIATE none. WAL lets readers go on while one writes. FULL: a phone forgets what it was told is kept, so a commit
# must be on the disk before that is said, also when the power goes; it costs a write of the disk each.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
}


def database_from_url(url: str, var: Path) -> dict[str, Any]:
    """Django's database setting for `sqlite:///path` or `postgres://...`; empty means SQLite in the var folder."""
    if not url:
        return _sqlite(str(var / "siklus.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:]) or ":memory:")
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(
            f"SIKLUS_DATABASE_URL: '{parts.scheme}' tidak dikenal; tulis sqlite:///berkas atau postgres://..."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a server that was started again is found again by the next request
        "OPTIONS": query,
    }


def secret_key(path: Path) -> str:
    """The key in the file; made once, readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    key = secrets.token_urlsafe(50)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was a moment earlier; its key counts
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


def _sqlite(name: str) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(SQLITE_OPTIONS)}
