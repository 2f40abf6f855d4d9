"""A file into a batch: read, columns understood, every row judged and kept with its verdict. The log is not touched."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Count

from siklus.access.queries import User
from siklus.care import queries as care
from siklus.exchange.excel import known
from siklus.exchange.excel.columns import AUTO, Header, choose_sheet, load_layout, load_rules
from siklus.exchange.excel.models import STAGED, Batch, Row
from siklus.exchange.excel.rows import At, RowDraft, make_reader
from siklus.exchange.excel.sheets import Cell, read_sheets
from siklus.exchange.excel.suspicions import suspicions_of
from siklus.exchange.excel.verdicts import VERDICTS, Around, Decision, Judged, judge_all
from siklus.exchange.excel.words import Refused
from siklus.kernel.resting import collector_at_rest
from siklus.library.loading import load_book
from siklus.register.appending import append_rows
from siklus.register.areas import Area, place_or_facility
from siklus.register.identity import keyring
from siklus.register.sealed_text import sealed

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NAMES = (
    "batch_id", "number", "verdict", "name", "cells", "draft", "fingerprint", "plan", "findings", "candidates",
    "person_id", "follows", "score", "decision", "decided_person", "saved",
)  # fmt: skip


@collector_at_rest()
@transaction.atomic
def stage(
    content: bytes, *, file_name: str, area: Area, author: User | None, today: int, layout: str = AUTO
) -> Batch:
    """Read and judge a file for an area. Refused (with words) when the file as a whole cannot be taken."""
    began = time.monotonic()
    sheet, chosen, header = choose_sheet(read_sheets(content), layout)
    batch = Batch(
        file_name=file_name[-200:], digest=sha256(content).hexdigest(), size=len(content), layout=chosen.name,
        sheet=sheet.name[:100], header_row=header.row, header=json.dumps(header.texts), keys=json.dumps(header.keys),
        scores=json.dumps(header.scores), place_code=area.code, author=author, today=today,
        warnings=_json([finding_json(At("", "", one), fault=False) for one in suspicions_of(sheet, chosen, header)]),
    )  # fmt: skip
    batch.save()
    rows = dict(enumerate(sheet.rows[header.row :], start=header.row + 1))
    if not _judge(batch, rows, {}):
        raise Refused("no_rows", row=str(header.row))
    batch.seconds = round(time.monotonic() - began, 1)
    batch.save(update_fields=["seconds"])
    return batch


@collector_at_rest()
@transaction.atomic
def judge_again(batch: Batch, today: int, decisions: Mapping[int, Decision] | None = None) -> None:
    """Judge the rows that are not saved yet once more: another mapping, a choice, a decision, or a changed register.

    `decisions` are new ones; those taken before are kept.
    """
    kept = decisions_of(batch) | dict(decisions or {})
    rows = {row.number: json.loads(row.cells) for row in batch.rows.filter(saved=False).order_by("number")}
    batch.today = today
    _judge(batch, rows, kept)


def decisions_of(batch: Batch) -> dict[int, Decision]:
    """What was decided of the doubtful rows that are not saved yet."""
    rows = batch.rows.filter(saved=False).exclude(decision="")
    return {row.number: Decision(row.decision, row.decided_person) for row in rows}


def header_of(batch: Batch) -> Header:
    """The header of the batch with the meaning its columns have now."""
    return Header(
        batch.header_row,
        tuple(json.loads(batch.header)),
        tuple(json.loads(batch.keys)),
        tuple(json.loads(batch.scores)),
    )


def area_of(batch: Batch) -> Area:
    """The area the batch is for; Refused when it is no longer there."""
    area = place_or_facility(batch.place_code)
    if area is None:
        raise Refused("unknown_place", place=batch.place_code)
    return area


def _judge(batch: Batch, rows: Mapping[int, Sequence[Cell]], decisions: Mapping[int, Decision]) -> int:
    """Verdicts of these rows into the table; gives how many rows hold data."""
    layout, header, rules = load_layout(batch.layout), header_of(batch), load_rules()
    vocabulary = load_book().vocabulary
    reader = make_reader(
        layout, header, list(rows.values()), vocabulary=vocabulary, rules=rules, today=batch.today,
        substitutions=json.loads(batch.substitutions),
    )  # fmt: skip
    drafts = [reader.read(number, row) for number, row in rows.items() if reader.holds_data(row, number)]
    area = area_of(batch)
    chosen = [one.who for one in decisions.values() if one.who is not None and one.who > 0]
    found = known.gather(drafts, area, rules, chosen)
    around = Around(
        layout=layout, vocabulary=vocabulary, rules=rules, places=known.place_book(area, rules), people=found.people,
        persons=found.persons, households=found.households, persons_of=partial(known.persons_of, area),
        records_of=known.records_of, today=batch.today, fingerprints=found.fingerprints, decisions=decisions,
    )  # fmt: skip
    judged = judge_all(drafts, around)
    batch.rows.filter(saved=False).delete()
    keyring()  # as in `care.writing`: before rows are copied
    append_rows(
        Row,
        _NAMES,
        (_row(batch, row, rows[row.draft.number], decisions.get(row.draft.number)) for row in judged),
    )
    batch.seen = care.last_seq()
    batch.state = batch.state or STAGED
    count_rows(batch)
    return len(judged)


def count_rows(batch: Batch) -> None:
    """Keeps the sums of the batch: rows by verdict, faults, records to write."""
    counts = Counter(dict.fromkeys(VERDICTS, 0))
    counts.update(dict(batch.rows.order_by().values_list("verdict").annotate(rows=Count("id"))))
    counts["rows"] = sum(counts[verdict] for verdict in VERDICTS)
    counts["saved"] = batch.rows.filter(saved=True).count()
    refused = batch.rows.filter(verdict="reject").values_list("findings", flat=True)
    counts["faults"] = sum(sum(1 for one in json.loads(text) if one["fault"]) for text in refused)
    batch.counts = json.dumps(counts)
    batch.save()


def _row(batch: Batch, judged: Judged, cells: Sequence[Cell], decision: Decision | None) -> tuple[Any, ...]:
    """The values of a row, in the order of _NAMES."""
    draft = judged.draft
    name = str(draft.person.get("nama", ""))[:150]
    return (
        batch.pk, draft.number, judged.verdict, name, sealed(_json(cells)), sealed(_json(_draft_json(draft, judged))),
        draft.fingerprint if name else "", sealed(_json(judged.plan)), sealed(_json(_findings_json(judged))),
        _json([asdict(one) for one in judged.candidates]), judged.person, judged.follows, judged.score,
        decision.choice if decision else "", decision.who if decision else None, False,
    )  # fmt: skip


def _draft_json(draft: RowDraft, judged: Judged) -> dict[str, Any]:
    """What a preview shows of a row."""
    return {
        "person": dict(draft.person), "household": dict(draft.household), "desa": judged.found.desa,
        "posyandu": judged.found.posyandu, "may_be_same": judged.may_be_same,
        "measured": [[one.kind, one.on, dict(one.data)] for one in draft.measured],
    }  # fmt: skip


def _findings_json(judged: Judged) -> list[dict[str, Any]]:
    faults = [finding_json(one, fault=True) for one in judged.faults]
    return faults + [finding_json(one, fault=False) for one in judged.remarks]


def finding_json(at: At, *, fault: bool) -> dict[str, Any]:
    """A finding as it is stored: its code and values, not its sentence."""
    return {
        "column": at.column, "found": at.found, "code": at.finding.code, "values": dict(at.finding.values),
        "suggestion": at.finding.suggestion, "fault": fault,
    }  # fmt: skip


def _json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return _ENCODER.encode(value) if value else "[]"
