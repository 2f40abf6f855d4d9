"""What may be written to a log: no NIK, no No. KK, no phone number, and of a fault where it is and not what it held.

A name cannot be told from other words, so no text that came from data gets this far: the message of an exception may
quote a row, therefore only its kind and its lines of code are kept. Our own messages name records by their ids.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

HIDDEN = "[nomor]"
# A NIK or card may be written with spaces, dots or dashes between its digits; ids of records and days are shorter.
_NUMBER = re.compile(r"(?<![\w.-])\+?\d(?:[ .\-]?\d){11,}(?![\w])|\d{10,}")
_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def scrubbed(text: str) -> str:
    """The text without any number long enough to name somebody."""
    return _NUMBER.sub(HIDDEN, text)


def told_fault(error: BaseException) -> str:
    """A fault for a log: kinds of exceptions and lines of code, outermost first, without any message."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        kind = type(one)
        state = getattr(
            one, "sqlstate", None
        )  # PostgreSQL's code of a fault; its message would quote the row
        lines += [f"{kind.__module__}.{kind.__qualname__}" + (f" {state}" if isinstance(state, str) else "")]
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(one.__traceback__)
        ]
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(lines)


class Scrub(logging.Filter):
    """Stands at every handler: what passes holds no number of a person and no text of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; changes the record."""
        record.msg = scrubbed(_message(record))
        record.args = None
        caught: _Caught | None = record.exc_info if isinstance(record.exc_info, tuple) else None
        if caught is not None and caught[1] is not None:
            record.exc_text = told_fault(caught[1])
        record.exc_info = None
        return True


def _message(record: logging.LogRecord) -> str:
    """Exceptions among the arguments are told by their kind: their text may quote data."""
    args = record.args
    if isinstance(args, tuple):
        record.args = tuple(type(each).__name__ if isinstance(each, BaseException) else each for each in args)
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)
