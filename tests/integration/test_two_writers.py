"""Two who write at once: nobody is refused for it, numbers have no gaps, the order of the log is that of commits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, transaction

from siklus.access.actions import add_device
from siklus.care import actions
from siklus.kernel.ids import number_of
from tests.integration.area import POSYANDU, TODAY, draft, lay_area

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks: Callable[[], object]) -> None:
    failures: list[BaseException] = []

    def run(task: Callable[[], object]) -> None:
        try:
            task()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def records() -> list[tuple[int, int]]:
    rows = apps.get_model("care.Record")._default_manager.order_by("seq")
    return list(rows.values_list("seq", "id"))


def test_many_writers_share_one_order_and_each_device_its_own_numbers() -> None:
    lay_area()
    devices = [add_device(kind="desk"), add_device(kind="import")]

    def writer(device: int) -> Callable[[], None]:
        def write() -> None:
            for name in ("Ani", "Budi", "Citra"):
                registered = draft("daftar_orang", nama=name, posyandu=POSYANDU[0], birth="2026-01-02")
                outcomes = actions.append_records([registered], author=None, device=device, today=TODAY)
                assert outcomes[0].is_accepted

        return write

    at_once(*(writer(device) for device in devices for _ in range(2)))
    seqs, keys = zip(*records(), strict=True)
    assert list(seqs) == list(range(1, 13))
    for device in devices:
        assert sorted(number_of(key) for key in keys if key >> 32 == device) == list(range(1, 7))


def test_a_sequence_number_is_seen_only_when_all_before_it_are_there() -> None:
    """A reader who pulls "after N" while a slow writer is still open must not pass by its records."""
    lay_area()
    slow, quick = add_device(kind="desk"), add_device(kind="desk")
    has_written, may_commit = threading.Event(), threading.Event()
    seen: list[list[int]] = []

    def register(device: int) -> None:
        actions.append_records([draft("daftar_orang", nama="Ani")], author=None, device=device, today=TODAY)

    def slowly() -> None:
        with transaction.atomic():
            register(slow)
            has_written.set()
            may_commit.wait(10)

    def quickly() -> None:
        has_written.wait(10)
        threading.Timer(0.3, may_commit.set).start()
        register(quick)
        seen.append([seq for seq, _ in records()])

    at_once(slowly, quickly)
    assert seen == [[1, 2]], "the quick writer waited for the slow one"
