"""What has no use any more goes; a record, a refusal, a decision, a line of the audit never does."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone

from siklus.access.queries import User
from siklus.doubles.models import DIFFERENT, Pair
from siklus.library.retention import load_retention
from siklus.site.upkeep.tidy import tidy
from siklus.sync import actions
from siklus.sync.models import Enrolment, Phone
from tests.integration import contents
from tests.integration.area import POSYANDU, child, enter_as, label, write_one

KEPT = (
    "care.Record",
    "sync.Phone",
    "sync.Refusal",
    "access.AuditEntry",
    "register.Person",
    "trials.KeptCase",
)


def test_what_lost_its_use_goes_and_nothing_else(
    users: dict[str, User], settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    one, other = child("Ani"), child("Anni")
    write_one("gabung_orang", of=one, orang=label(other))
    Pair.objects.create(one=one, other=other, score=99, print="", state=DIFFERENT)
    Pair.objects.create(one=one, other=77, score=99, print="", state=DIFFERENT)
    codes = [_code(users) for _ in range(3)]
    assert actions.enrol(codes[0]) is not None
    long_ago = timezone.now() - timedelta(days=load_retention().removed["codes"].after_days + 1)
    Enrolment.objects.exclude(pk=Enrolment.objects.latest("pk").pk).update(expires_at=long_ago)
    enter_as(users)("utara"), enter_as(users)("selatan")
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=long_ago)
    old, new = tmp_path / "sync" / "y1" / "1", tmp_path / "sync" / "y1" / "2"
    old.parent.mkdir(parents=True)
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    before = {name: contents.rows(name) for name in KEPT}

    assert tidy(timezone.now()) == {"sessions": 1, "codes": 2, "gone_pairs": 1, "snapshots": 1}
    assert tidy(timezone.now()) == {"sessions": 0, "codes": 0, "gone_pairs": 0, "snapshots": 0}
    assert {name: contents.rows(name) for name in KEPT} == before
    assert (Phone.objects.count(), Enrolment.objects.count(), Session.objects.count()) == (1, 1, 1)
    assert Pair.objects.get().other == other and new.exists()


@pytest.mark.django_db
def test_every_sort_of_the_file_is_one_the_command_knows() -> None:
    assert tidy(timezone.now()).keys() == load_retention().removed.keys()
    assert apps.get_model("care.Record")._default_manager.count() == 0


def _code(users: dict[str, User]) -> str:
    return actions.offer(by=users["utara"], name="HP", scope_code=POSYANDU[0], users=[users["kader1"].pk])
