"""The only clock of care: today's calendar date in the district. Everything below takes "today" as an argument."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from siklus.kernel.dates import day_of, parse_day


def local_day(moment: datetime.datetime) -> int:
    """The day number of a moment in Asia/Jakarta."""
    return day_of(moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date())


def today() -> int:
    """The day number of SIKLUS_TODAY when it is set, else of the date in Asia/Jakarta."""
    if settings.SIKLUS_TODAY:
        return parse_day(settings.SIKLUS_TODAY)
    return local_day(timezone.now())
