"""Names as they are looked for: one spelling of what is written in many ways, for search and for recognising a person.

`Moch. Yoesoef`, `MUHAMMAD YUSUF` and `Muh Yusuf` have one key. The key is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_LETTERS = re.compile(r"[^a-z ]+")
_TITLES = frozenset(
    "h hj ny nyonya tn tuan an anak by bayi bp bpk bapak ibu sdr sdri alm almh dr drg ir drs dra kh".split()
)
_DEGREES = re.compile(
    r",.*$|\b(s\.? ?pd|s\.? ?kep|s\.? ?km|s\.? ?h|s\.? ?e|s\.? ?ag|s\.? ?sos|s\.? ?t|a\.?md(\.? ?keb|\.? ?kep)?)\.?$"
)
_MUHAMMAD = frozenset(("muh", "moh", "moch", "mch", "mhd", "muhd", "mohd", "muhamat"))
_MUHA = re.compile(r"^m[ou]c?ha")
# Old spelling and sounds written in two ways; applied in this order, before doubled letters become one.
_SOUNDS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"), ("sj", "sy"),
    ("ph", "f"), ("v", "f"), ("q", "k"), ("x", "ks"), ("z", "s"),
    ("th", "t"), ("dh", "d"), ("kh", "h"), ("sy", "s"), ("y", "i"),
)  # fmt: skip


def name_key(name: str) -> str:
    """The key of a name: small letters, one blank between words, without titles and degrees; empty for no name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    plain = _DEGREES.sub("", plain.strip())
    words = _NOT_LETTERS.sub(" ", plain).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(_word_key(word) for word in words)


@lru_cache(maxsize=50_000)  # the words of names are few and come again and again
def _word_key(word: str) -> str:
    word = _MUHA.sub("muha", re.sub(r"(.)\1+", r"\1", word))
    if word in _MUHAMMAD:
        return "muhamad"
    for written, key in _SOUNDS:
        word = word.replace(written, key)
    return re.sub(r"(.)\1+", r"\1", word)
