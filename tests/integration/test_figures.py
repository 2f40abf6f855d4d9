"""Figures of a month: sums open to as many people, parts add up, secrets stay with the puskesmas, looks are logged."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from seed.plant import plant
from siklus.access.models import AuditEntry
from siklus.access.queries import NotInScope, User
from siklus.bulk.figures import count_figures
from siklus.kernel import periods
from siklus.kernel.dates import iso, parse_day, year_of
from siklus.library.loading import load_book
from siklus.monitoring import figures
from siklus.monitoring.openings import ALL, HAVING, LACKING, UNKNOWN, figure_names
from siklus.monitoring.queries import spm_page

TODAY = parse_day("2026-11-21")
MONTH = periods.parse_period("2026-10")
YEARLY = periods.yearly(year_of(TODAY), TODAY)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counted() -> None:
    """A posyandu of the seed, counted for October and the year."""
    plant("posyandu", 3, TODAY, people=150, processes=0)
    count_figures((*YEARLY, MONTH), TODAY)


def officer() -> User:
    return User.objects.get(role="puskesmas")


def monthly() -> set[str]:
    return {each.name for each in load_book().indicators if each.period == MONTH.kind}


@pytest.fixture
def client(settings: object) -> Iterator[Client]:
    settings.SIKLUS_TODAY = iso(TODAY)  # type: ignore[attr-defined]
    yield Client()


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return html.unescape(response.content.decode())


def test_figures_of_a_month_hold(counted: None, client: Client) -> None:
    """One seed for all: planting it takes longest."""
    user = officer()
    found = figures.figures_at(user, user.scope_code, [MONTH.name], monthly())
    assert len(found) > 10

    # SKDN adds up: whoever was weighed gained, did not, was away last month, or came for the first time.
    skdn = found[MONTH.name, "skdn"]
    assert skdn.of("ditimbang") > 0
    parts = ("naik", "tidak_naik", "bulan_lalu_tidak", "baru")
    not_known = skdn.component("naik")[2]
    assert sum(map(skdn.of, parts)) + not_known == skdn.of("ditimbang")

    # Every number opens to as many people, whichever component and whichever of its three values.
    for (_period, name), here in found.items():
        listed = figure_names(user, name, MONTH, user.scope_code, TODAY, look=ALL, size=10_000)
        assert listed.total == here.of("registered"), name
        for component in list(here.sums.components)[:2]:
            numbers = dict.fromkeys((HAVING, LACKING, UNKNOWN), 0)
            for look in numbers:
                numbers[look] = figure_names(
                    user, name, MONTH, user.scope_code, TODAY, component=component, look=look
                ).total
            assert tuple(numbers.values()) == here.component(component), (name, component)

    # The parts of a place, the groups of sex and age, and those of disability add up to it.
    for (_period, name), here in found.items():
        below = figures.figures_under(user, user.scope_code, [MONTH.name], [name])
        sums = [part.found[MONTH.name, name].of("registered") for part in below if part.found]
        assert sum(sums) == here.of("registered"), name
        assert sum(here.split("registered").values()) == here.of("registered"), name
        by_disability = here.split("registered", "disabilitas")
        assert sum(by_disability.values()) == here.of("registered"), name
    with pytest.raises(NotInScope):
        figures.figures_at(user, "99.01", [MONTH.name], ["skdn"])

    # Whoever was never asked about a disability is counted apart from who has none.
    answers = {
        group.partition(":")[2] for group in found[MONTH.name, "sakit"].split("registered", "disabilitas")
    }
    assert {"tidak", ""} <= answers <= {"ya", "tidak", ""}

    # The year split by sex and age group is the SPM page.
    for row in spm_page(user, year_of(TODAY)).rows:
        names = [period.name for period in YEARLY]
        yearly = figures.figures_at(user, user.scope_code, names, [row.indicator]).values()
        assert [(each.of("registered"), each.of("complete"), each.of("unclear")) for each in yearly] in (
            [], [(row.registered, row.complete, row.unclear)],
        )  # fmt: skip

    # The pages: numbers open, looks are logged, secrets are refused to the Dinkes, a kader sees none of it.
    client.force_login(user)
    shown = read(client, "/indikator/?dasbor=skdn&bulan=2026-10")
    assert "D/S" in shown
    door = re.search(r'href="(/indikator/skdn/\?[^"]*komponen=ditimbang[^"]*)"', shown)
    assert door is not None
    opened = read(client, door.group(1))
    assert opened.count("data-row") == min(skdn.of("ditimbang"), 50)
    assert AuditEntry.objects.filter(subject="skdn", detail__contains="2026-10 having ditimbang").exists()
    assert "Disabilitas belum diketahui" in read(client, "/indikator/?dasbor=utama&bulan=2026-10&baris=1-1")
    for dashboard in ("utama", "klaster_2", "klaster_3", "pws_kia", "gizi", "imunisasi", "iks"):
        read(client, f"/indikator/?dasbor={dashboard}&bulan=2026-10")
        read(client, f"/indikator/?dasbor={dashboard}&bulan=2026-10&baris=1-1")
    secret = "/indikator/sakit_rahasia/?bulan=2026-10"
    read(client, secret)
    client.force_login(User.objects.get(role="dinkes"))
    assert client.get(secret).status_code == 403
    client.force_login(User.objects.filter(role="kader").first())  # type: ignore[arg-type]
    assert client.get("/indikator/").status_code == 403
