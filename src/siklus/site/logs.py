"""One line of JSON for each event, without names and numbers of people.

What an exception or a path says may hold a name, a NIK, a word somebody searched for. So a line carries the kind of an
error and where it happened, never its text (but of faults of disk and database, whose texts hold no rows); of a request
its route, never its address; and any run of digits as long as a NIK, a KK or a telephone number is taken out.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from django.db import OperationalError
from gunicorn.glogging import Logger

EVENT = "event"
TAKEN_OUT = "[nomor]"
_NUMBERS = re.compile(r"\d(?:[ .\-]?\d){15}|\d{10,}")
_LONGEST = 2000


def scrub(text: str) -> str:
    """The text without long numbers."""
    return _NUMBERS.sub(TAKEN_OUT, text)[:_LONGEST]


class JsonLines(logging.Formatter):
    """The line of one event."""

    def format(self, record: logging.LogRecord) -> str:
        """Keys stand in the order in which one reads them."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(_message(record)),
        }
        event = getattr(record, EVENT, None)
        if isinstance(event, dict):
            line |= {name: scrub(value) if isinstance(value, str) else value for name, value in event.items()}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = [_told(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn tells no types
    """gunicorn's own lines in the same form."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn does, then with our form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


def handler_to(stream: TextIO) -> logging.Handler:
    """A handler that writes such lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    return handler


def route_of(request: Any) -> str:
    """The pattern a request's address fits, with no value in it."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match is not None else "(tidak ada)"


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None:  # Django's own lines about a request have its address in them
        return f"{getattr(request, 'method', '')} {route_of(request)}".strip()
    if record.name.startswith(("gunicorn", "django")):  # theirs too: addresses, hosts, texts of errors
        args = record.args if isinstance(record.args, tuple) else ()
        known = tuple(value if isinstance(value, int | float) else "…" for value in args)
        try:
            return str(record.msg) % known if known else str(record.msg)
        except (TypeError, ValueError):
            return str(record.msg)
    return record.getMessage()


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (error := error.__cause__ or error.__context__) and error not in found:  # type: ignore[assignment]
        found.append(error)
    return found


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, OSError):
        told["because"] = error.strerror or ""
    elif isinstance(error, OperationalError):
        told["because"] = scrub(str(error).splitlines()[0] if str(error) else "")
    return told
