"""`never:` of a need: the statuses that cannot come about though no slot tells so, each with the reason."""

from __future__ import annotations

from siklus.rules.answers import STATUSES
from siklus.rules.source import Faults, MarkedMap, did_you_mean, mapping_of


def check_never(faults: Faults, item: MarkedMap) -> None:
    """Only statuses, and none without a reason."""
    with faults.guard():
        said = mapping_of(item, "never")
        for status, reason in said.items():
            if status not in STATUSES:
                faults.add(
                    "R06", said.key_marks[status], f"'{status}' is no status.", did_you_mean(status, STATUSES)
                )
            elif not isinstance(reason, str) or not reason.strip():
                faults.add(
                    "R03", said.at(status), f"why is the need never {status}?", "write the reason in words"
                )
