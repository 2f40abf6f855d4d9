"""Closed lists nobody would write: facts and fields of every type, kinds of record, episodes formed in every way.

For comparing engines under rules drawn at random. A name ending in `_pasti` can never be unknown.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

_TYPES = {
    "hari": "date",
    "angka": "int",
    "ya": "bool",
    "ukur": "decimal(1)",
    "takar": "decimal(2)",
    "warna": "code(warna)",
    "bentuk": "code(bentuk)",
}
_INDEXES = ("wfa", "lhfa", "wfl", "bmifa")
_WARNA = ("merah", "biru", "hijau", "kuning", "ungu", "jingga")
_BENTUK = ("bulat", "lonjong", "pipih")
_SPANS = ("30 days", "6 weeks", "45 weeks", "3 months", "1 year", "never")
EPISODES = ("masa", "susulan", "gangguan")
KINDS = ("timbang", "suntik", "kunjungan")
"""Kinds of record that belong to nothing, besides those that open, close and attach."""
MEASURED = "timbang"
"""The kind of record that holds the sizes of a child, and what is worked out from them."""
_SIZES = {
    "berat": {"type": "decimal(2)?", "unit": "kg", "possible": [1, 60], "plausible": [2, 30]},
    "tinggi": {"type": "decimal(1)?", "unit": "cm", "possible": [20, 200], "plausible": [45, 130]},
    "cara": "code(cara)?",
}
_MEASURES = {"weight": "berat", "length": "tinggi", "position": "cara"}
ATTACHED = "periksa"
"""A kind of record that attaches to the first of the episodes."""
OF_HOUSEHOLD = ("tinjau", "sumur")
"""Kinds of record of a household."""


def random_vocabulary(chance: random.Random, growth: Mapping[str, Any]) -> dict[str, Any]:
    """One document of a vocabulary; `growth` says how children are judged."""
    measured = {
        "fields": {**_kind(chance), **_SIZES},
        "measures": _MEASURES,
        "derived": {
            "imt": "bmi(berat, tinggi)",
            "z_pertama": f"zscore({chance.choice(_INDEXES)})",
            "z_kedua": f"zscore({chance.choice(_INDEXES)})",
        },
    }
    warna = chance.sample(_WARNA, chance.randint(3, len(_WARNA)))
    return {
        "codes": {
            "peran": ["kader", "bidan", "dokter"],
            "tempat": ["rumah", "pustu"],
            "urusan": ["kontrol", "lain"],
            "warna": warna,
            "bentuk": list(_BENTUK),
            "jk": list(growth["sexes"].values()),
            "cara": list(growth["positions"].values()),
        },
        "growth": growth,
        "groups": {
            "nakes": {"of": "peran", "are": ["bidan", "dokter"]},
            "hangat": {"of": "warna", "are": warna[:2]},
            "bersudut": {"of": "bentuk", "are": [_BENTUK[2]]},
        },
        "person": {
            "birth": "date?",
            "sex": "code(jk)?",
            **_fields(chance, chance.randint(6, 10)),
            **_one_of_each(chance),
        },
        "household": _one_of_each(chance),
        "kinds": {
            **{name: _kind(chance) for name in KINDS},
            MEASURED: measured,
            "buka": {**_kind(chance), "awal": "date?", "kira": "date?", "bentuk": "code(bentuk)"},
            "tutup": _kind(chance, at_most=2),
            "gugur": {},
            ATTACHED: {"fields": _kind(chance), "for": EPISODES[0]},
            "janji": {"urusan": "code(urusan)", "tanggal": "date"},
            "penolakan": {"kebutuhan": "need"},
            "meninggal": {"register": True, "fields": {}},
            **{name: {"of": "household", "fields": _kind(chance)} for name in OF_HOUSEHOLD},
            "penolakan_keluarga": {"of": "household", "fields": {"kebutuhan": "need"}},
        },
        "episodes": {
            EPISODES[0]: {
                "opened_by": "buka",
                "closed_by": chance.choice([["tutup", "gugur"], ["tutup"], []]),
                "lasts": chance.choice(_SPANS[1:4]),
                "facts": ["awal", "kira"],
                "start": chance.choice(["first_known(awal, kira - 280 days)", "awal", "opened"]),
                "closing_alone": chance.random() < 0.6,
            },
            EPISODES[1]: {
                "opened_by": "tutup",
                "closed_by": chance.choice([["gugur"], []]),
                "lasts": chance.choice(_SPANS),
                "facts": [],
                "start": "opened",
            },
            EPISODES[2]: {
                "opened_by": f"buka where bentuk = {_BENTUK[0]}",
                "closed_by": [f"buka where bentuk = {_BENTUK[1]}"],
                "lasts": chance.choice(_SPANS),
                "facts": ["kira"],
                "start": chance.choice(["kira", "opened"]),
                "closing_alone": chance.random() < 0.3,
            },
        },
        "values": {
            "refusal_holds": {"is": chance.choice(["90 days", "3 months", "1 week"]), "cites": "acak"},
            "appointment_grace": {"is": chance.choice(["7 days", "1 month"]), "cites": "acak"},
        },
    }


def _kind(chance: random.Random, at_most: int = 5) -> dict[str, str]:
    return {**_fields(chance, chance.randint(1, at_most)), "nilai": "int?", "warna": "code(warna)"}


def _fields(chance: random.Random, count: int) -> dict[str, str]:
    found = {}
    for number in range(count):
        name = chance.choice(list(_TYPES))
        found[f"{name}_{number}"] = _TYPES[name] + chance.choice(["?", "?", ""])
    return {f"{name}_pasti" if not of.endswith("?") else name: of for name, of in found.items()}


def _one_of_each(chance: random.Random) -> dict[str, str]:
    """A fact of every type, so that a value of each can be asked for."""
    return {f"{name}_a": of + chance.choice(["?", ""]) for name, of in _TYPES.items()}
