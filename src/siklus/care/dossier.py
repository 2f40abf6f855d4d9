"""Everything held of one person, as it stands in the log: for the person themselves, who may ask for it (UU 27/2022).

Numbers are open here. What is closed to the asking user (records of a secret class) is counted and left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from siklus.access.may import absent_needs
from siklus.access.queries import looks_at, person_lines, user_names
from siklus.access.scope import Visitor
from siklus.care import log
from siklus.care.models import Need, Record
from siklus.care.queries import seen_line, time_line
from siklus.kernel.dates import iso
from siklus.kernel.ids import format_record_id
from siklus.library.loading import load_book
from siklus.register import queries as register
from siklus.register.identity import opened_data
from siklus.register.queries import Person

Told = dict[str, Any]
ALSO: dict[str, Callable[[int], list[Told]]] = {}
"""What other rooms hold of a person, by its title; each adds itself when the program starts."""


def dossier(user: Visitor, who: Person) -> Told:
    """All of it in JSON values. `who` is somebody this user may see."""
    persons = [who.id, *register.absorbed_into([who.id]).get(who.id, ())]
    records, closed = _records(user, who.id, persons)
    return {
        "orang": _person(user, who, persons),
        "catatan": records,
        "ditutup": closed,
        "kebutuhan": _needs(user, persons),
        "dibuka": [
            {"waktu": look.at.isoformat(timespec="seconds"), "siapa": look.who, "apa": look.action}
            for look in looks_at([format_record_id(person) for person in persons])
        ],
        **{title: [row for person in persons for row in rows(person)] for title, rows in ALSO.items()},
    }


def _person(user: Visitor, who: Person, persons: list[int]) -> Told:
    line = person_lines(user, [who.id])[who.id]
    facts = register.briefs([who.id])[who.id].facts
    return {
        "nomor": format_record_id(who.id),
        "nomor_lain": [format_record_id(person) for person in persons[1:]],
        "nama": who.name,
        "nik": line.nik,
        "no_kk": line.no_kk,
        "lahir": _day(who.birth),
        "jenis_kelamin": who.sex,
        "ibu": line.mother_name,
        "hubungan": who.relation,
        "desa": line.desa_name,
        "posyandu": line.posyandu_name,
        "hp": who.phone,
        "jkn": who.jkn,
        "meninggal": _day(who.died),
        "pindah_keluar": _day(who.left),
        "fakta": {name: value for name, value in facts.items() if value is not None},
    }


def _records(user: Visitor, who: int, persons: list[int]) -> tuple[list[Told], int]:
    kinds = load_book().vocabulary.kinds
    open_to = {event.key for event in seen_line(user, time_line(who))}
    rows = list(Record.objects.filter(person_id__in=persons).order_by("on", "seq"))
    names = user_names({row.author_id for row in rows if row.author_id is not None})
    told = [
        {
            "nomor": format_record_id(row.id),
            "tanggal": iso(row.on),
            "jenis": row.kind,
            "judul": kinds[row.kind].title if row.kind in kinds else row.kind,
            "isi": dict(opened_data(log.read_data(row.data))),
            "oleh": row.by_role,
            "tempat": row.place_kind,
            "fasilitas": row.facility_code,
            "penulis": names.get(row.author_id or 0, ""),
            "ditulis": row.created_at.isoformat(timespec="seconds"),
            "mengganti": None if row.root == row.id else format_record_id(row.root),
            "dibatalkan": row.is_void,
            "alasan": row.why,
            "berkas_impor": row.batch_id,
        }
        for row in rows
        if row.root in open_to
    ]
    return told, len(rows) - len(told)


def _needs(user: Visitor, persons: list[int]) -> list[Told]:
    titles = {need.name: need.title for need in load_book().needs}
    rows = Need.objects.filter(person_id__in=persons).exclude(need__in=absent_needs(user)).order_by("need")
    return [
        {"kebutuhan": titles.get(row.need, row.need), "status": row.status, "sejak": _day(row.due)}
        for row in rows
    ]


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)
