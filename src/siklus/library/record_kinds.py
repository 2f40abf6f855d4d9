"""The page `docs/reference/record-kinds.md`: every kind of record with its fields, made from the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from siklus.library.forms.showing import limits
from siklus.rules.fields import RECORD
from siklus.rules.shown import number
from siklus.rules.vocabulary import HOUSEHOLD, Field, Kind, Vocabulary

COMMAND = "siklus docs reference"
_INTRODUCTION = """\
Setiap catatan punya `kind` (jenisnya) dan `on` (tanggalnya, tahun-bulan-hari), dan boleh punya `oleh` (peran yang
melayani) dan `tempat`. Isian dengan tanda * wajib; yang lain boleh kosong, dan kosong berarti belum diketahui.
Kata pada isian kode boleh juga ditulis dengan salah satu nama lainnya; yang disimpan selalu kata pertama.

Catatan yang terkait dengan suatu masa (kehamilan, nifas ...) boleh menyebutnya dengan `episode`: nomor catatan yang
membuka masa itu, misalnya `12-345` dari pendaftaran kehamilan. Catatan yang menyebutnya masuk ke masa itu, kapan pun
tanggalnya. Bila kosong, atau bila catatan yang disebut kemudian dibatalkan, tanggalnya yang menentukan.

Catatan di berkas kasus `siklus needs --cases` boleh juga punya `id`, dan bila membetulkan catatan lain `replaces`
(id catatan itu); dengan `"void": true` catatan itu dibatalkan. Di situ `episode` berisi `id`, bukan nomor. Contoh:

```json
[{"id": "anak-1", "on": "2026-11-21", "person": {"sex": "P", "birth": "2026-01-02"},
  "records": [{"kind": "imunisasi", "on": "2026-02-02", "vaksin": "bcg", "oleh": "bidan", "tempat": "posyandu"}],
  "ask": ["bcg", "mr1"]},
 {"id": "ibu-1", "on": "2026-11-21", "person": {"sex": "P", "birth": "1998-05-02"},
  "records": [{"id": "daftar", "kind": "daftar_kehamilan", "on": "2026-09-01"},
              {"kind": "kunjungan_anc", "on": "2026-08-20", "episode": "daftar", "oleh": "bidan"}]}]
```"""
_IMPLIED = ("date", "oleh", "tempat")
_TYPES = {
    "bool": "ya/tidak (`true`/`false`)",
    "int": "bilangan bulat",
    "date": "tanggal",
    "text": "tulisan",
    RECORD: "nomor catatan",
}


def record_kinds_page(vocabulary: Vocabulary) -> str:
    """The whole page; the same vocabulary gives the same text."""
    return "\n".join(_page(vocabulary)) + "\n"


def _page(vocabulary: Vocabulary) -> Iterator[str]:
    yield f"<!-- Made by `{COMMAND}` from knowledge/vocabulary. Change the vocabulary, not this page. -->"
    yield "# Jenis catatan"
    yield ""
    yield _INTRODUCTION
    kinds = list(vocabulary.kinds.values())
    yield from _section("Pelayanan", (kind for kind in kinds if not kind.register), vocabulary)
    yield from _section("Register: orang dan keluarga", (kind for kind in kinds if kind.register), vocabulary)
    yield "\n## Fakta tentang orang (`person`)\n"
    yield from _table(vocabulary.person.values())
    yield "\n## Daftar kata\n"
    for name, codes in vocabulary.codes.items():
        yield f"\n### {name}\n"
        yield "| kata | artinya | boleh juga ditulis |"
        yield "|---|---|---|"
        for code in codes.values():
            yield f"| `{code.name}` | {_cell(code.label)} | {_cell(', '.join(code.aliases))} |"


def _section(title: str, kinds: Iterable[Kind], vocabulary: Vocabulary) -> Iterator[str]:
    yield f"\n## {title}"
    for kind in kinds:
        yield f"\n### {kind.name}\n"
        about = ["Tentang keluarga."] if kind.of == HOUSEHOLD else []
        if kind.episode is not None:
            about.append(f"Terkait dengan {vocabulary.episodes[kind.episode].title.lower()}.")
        yield " ".join([f"{kind.title}.", *about])
        fields = [field for field in kind.fields.values() if field.name not in _IMPLIED]
        if fields:
            yield ""
            yield from _table(fields)
        if kind.derived:
            named = (f"`{name}` ({_cell(each.field.label)})" for name, each in kind.derived.items())
            yield f"\nDihitung, tidak ditulis: {', '.join(named)}."


def _table(fields: Iterable[Field]) -> Iterator[str]:
    yield "| isian | artinya | jenis | yang mungkin |"
    yield "|---|---|---|---|"
    for field in fields:
        mark = "" if field.nullable else " *"
        yield f"| `{field.name}`{mark} | {_cell(field.label)} | {_type(field)} | {_limits(field)} |"


def _type(field: Field) -> str:
    if field.codes is not None:
        return f"kode [{field.codes}](#{field.codes})"
    if field.places:
        return f"angka, {field.places} di belakang koma"
    return _TYPES.get(field.type, "nama kebutuhan")


def _limits(field: Field) -> str:
    words = {"tidak sebelum": field.not_before, "tidak sesudah": field.not_after}
    days = [f"{word} {'tanggal catatan' if of == 'date' else f'`{of}`'}" for word, of in words.items() if of]
    if field.type == "date":
        days += filter(None, (limits(field),))
    return ", ".join(days) or _range(field)


def _range(field: Field) -> str:
    if field.possible is None:
        return field.unit
    low, high = field.possible
    return f"{number(low)} sampai {number(high)} {field.unit}".rstrip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
