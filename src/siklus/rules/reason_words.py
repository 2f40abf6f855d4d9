"""Every sentence a reason can be made of, in Indonesian: templates with gaps, so that any engine can fill them.

The desk, the command line and the phone fill the same templates; `reasons` says which one and with what.
"""

from __future__ import annotations

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    # one for each status
    "overdue": "Terlambat sejak {day}: {since}, belum tercatat.",
    "due": "Waktunya: {since}, belum tercatat.",
    "not_yet": "Belum waktunya: {since}.",
    "waits": "Belum waktunya: menunggu {before}, yang belum tercatat.",
    "missed": "Lewat batas sejak {day}: {given}{title} hanya boleh {limit}, tidak tercatat sampai hari itu; "
    "sekarang tidak dikerjakan lagi.",
    "missed_before": "Lewat batas sejak {day}: {given}{title} hanya boleh {limit}, {before} tidak tercatat; "
    "sekarang tidak dikerjakan lagi.",
    "done": "Sudah.",
    "done_with": "Sudah: {told}.",
    "refused": "Menolak pada {day}; ditanyakan lagi mulai {again}.",
    "refused_once": "Menolak.",
    "unknown": "Belum diketahui: {lacking}.",
    "unknown_ask": "Belum diketahui: {lacking}. {questions}",
    # why it does not concern somebody
    "not_applicable": "Tidak perlu.",
    "died": "Tidak perlu: meninggal {day}.",
    "only_if": "Tidak perlu: hanya bila {condition}.",
    "only_if_known": "Tidak perlu: hanya bila {condition}; {known}.",
    "not_met": "Tidak perlu: syaratnya tidak terpenuhi; {known}.",
    "chosen": "Tidak perlu: {said}.",
    "excluded": "Tidak perlu: {say}.",
    "excluded_because": "Tidak perlu: {say} ({given}).",
    # sentences that follow
    "late_from": "Terlambat mulai {day}.",
    "at_the_latest": "Paling lambat {day}.",
    "still_until": "Masih bisa sampai {day}.",
    "allowed_since": "Sudah boleh sejak {day}.",
    "next": "Berikutnya {day}.",
    "not_counted": "Catatan {day} tidak dihitung: {why}.",
    # parts
    "starts": "{title} mulai {when}",
    "starts_on": "{title} mulai {when} ({day})",
    "starts_that_day": "{title} mulai hari itu",
    "born": "lahir {day}",
    "step_on": "{title} tanggal {day}",
    "last_record": "{kind} terakhir {day}",
    "first_record": "{kind} pertama {day}",
    "value": "{label} {value}",
    "yes_no": "{label}: {value}",
    "that_day": "tanggal itu",
    "unknown_day": "tanggal yang belum diketahui",
    "too_early": "sebelum {day}",
    "too_late": "sesudah {day}",
    "step_before": "langkah sebelumnya",
    # what is lacking
    "lacks": "{label} tidak ada",
    "lacks_something": "keterangannya kurang",
    "lacks_on": "{label} {days} tidak tercatat",
    "lacks_record": "belum ada {event}",
    "lacks_members": "{label} belum diketahui dari {count} orang",
    "lacks_nth": "belum ada {event} yang ke-{number}",
    "not_sure": "{label} belum pasti",
    "not_sure_numbers": "{label} belum pasti (nomor yang tertulis lebih besar daripada banyaknya tanggal yang "
    "tercatat; mungkin yang sebelumnya sudah diberikan, cocokkan dengan Buku KIA)",
    "lacks_score": "{label} {days} tidak dapat dinilai",
    "score_implausible": " (nilainya {value}, tidak wajar: ukur ulang)",
    "score_oedema": " (tidak dinilai karena bengkak)",
    "score_outside": " (umur atau ukurannya di luar tabel)",
    "score_without": " (tanpa {label})",
    "date_of": "tanggal {title}",
    "field_of": "{field} pada {kind}",
}

STATUS_WORDS: Mapping[str, str] = {
    "not_yet": "Belum waktunya",
    "due": "Waktunya",
    "overdue": "Terlambat",
    "missed": "Lewat batas",
    "done": "Sudah",
    "refused": "Menolak",
    "unknown": "Belum diketahui",
    "not_applicable": "Tidak perlu",
}
"""A status by the word every screen shows, in the order of a life."""


def fill(name: str, **parts: str) -> str:
    """A template with its parts."""
    return TEMPLATES[name].format(**parts)
