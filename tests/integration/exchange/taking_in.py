"""How the tests take a file in: staged, looked at, saved."""

from __future__ import annotations

import json
from typing import Any

from siklus.exchange.excel import actions
from siklus.exchange.excel.models import Batch, Row
from siklus.exchange.excel.words import Finding
from tests.integration.exchange import world
from tests.integration.exchange.world import TODAY, area, sample, user


def staged(name: str, **rest: Any) -> Batch:
    return staged_bytes(sample(name), name, **rest)


def staged_bytes(
    data: bytes, name: str = "daftar.csv", *, by: str = "pkm", where: str = world.PUSKESMAS
) -> Batch:
    return actions.stage(data, file_name=name, area=area(where), author=user(by), today=TODAY)


def saved(batch: Batch) -> actions.Saved:
    done = actions.save(batch, author=user("pkm"), today=TODAY)
    batch.refresh_from_db()
    return done


def counts(batch: Batch) -> dict[str, int]:
    batch.refresh_from_db()
    return {name: number for name, number in json.loads(batch.counts).items() if number and name != "saved"}


def faults(batch: Batch) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, one["column"], one["found"], one["code"])
        for row in batch.rows.order_by("number")
        for one in json.loads(row.findings)
        if one["fault"]
    ]


def findings(row: Row) -> list[Finding]:
    return [Finding(one["code"], one["values"], one["suggestion"]) for one in json.loads(row.findings)]


def children(*lines: str) -> bytes:
    head = "NIK;Nama;JK;Tgl Lahir;Nama Ortu;Desa/Kel;Posyandu;Tanggal Pengukuran;Berat"
    return "\n".join([head, *lines]).encode()


SARI = "9902216902240001;Sari Contoh;P;29/02/2024;Ibu Contoh;Apur;Aster;08/10/2026;12,4"
