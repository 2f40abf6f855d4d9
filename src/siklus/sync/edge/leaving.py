"""An edge is wiped by its district: it sends what it still has when it is asked to, says what is lost, and is erased.

What is erased, and how, is the installation's matter and handed in (`siklus.site.upkeep.erasing`). From the last look
at what is unsent until everything is gone nobody else writes: whoever tries is told that nothing was saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, transaction

from siklus.access import actions as access
from siklus.sync.edge import queries
from siklus.sync.edge.calling import Denied, District
from siklus.sync.models import Link, Phone


@dataclass(frozen=True, slots=True)
class Farewell:
    """What an edge still has to tell its district once nothing else of it is left.

    `lost`: records that never came there. `devices`: as `told_devices` says.
    """

    url: str
    device: int
    token: str
    place: str
    lost: int
    devices: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """To be kept beside nothing else."""
        return asdict(self)


Erase = Callable[[Farewell], object]


def told_devices(own: range) -> list[dict[str, Any]]:
    """The devices that write here: their last number, and what each phone said it still holds."""
    pending = dict(Phone.objects.values_list("device_id", "pending"))
    return [
        {"device": number, "name": name or kind, "last": last, "pending": pending.get(number)}
        for number, kind, name, last in access.devices_of(own)
    ]


def leave(erase: Erase, send: Callable[[], None]) -> Farewell:
    """Sends what is left, then everything goes. Unreached or Denied while it sends: then nothing has gone."""
    gone: Farewell | None = None
    try:
        with transaction.atomic():
            link = Link.objects.select_for_update().get()
            send()
            status = queries.status()
            own = range(link.device_id, link.last_device + 1)
            farewell = Farewell(
                url=link.url, device=link.device_id, token=link.token, place=link.scope_code,
                lost=status.waiting if status is not None else 0, devices=tuple(told_devices(own)),
            )  # fmt: skip
            erase(farewell)
            gone = farewell
            transaction.set_rollback(True)
    except DatabaseError:
        if gone is None:
            raise
    return farewell


def tell(farewell: Farewell) -> None:
    """The district hears that nothing is left, and what was lost. Unreached or Denied: it is to be told again."""
    told = {"lost": farewell.lost, "devices": list(farewell.devices)}
    try:
        District(farewell.url, farewell.device, farewell.token).post("/api/sync/wiped", told)
    except Denied as error:
        if error.status != HTTPStatus.UNAUTHORIZED:  # else it has heard it, and knows this token no more
            raise
