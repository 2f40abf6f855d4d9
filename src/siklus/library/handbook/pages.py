"""All pages and pictures of the handbook as texts by their paths; the same knowledge gives the same texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from siklus.library.education import read_education
from siklus.library.examples import Example, examples_of
from siklus.library.handbook.calendar import calendar_of, draw_calendar
from siklus.library.handbook.drawing import draw
from siklus.library.handbook.indicators import indicators_page
from siklus.library.handbook.markdown import page, plain, table
from siklus.library.handbook.packages import PICTURES, Material, calendar_name, package_page
from siklus.library.handbook.people import PEOPLE, people_page
from siklus.library.handbook.timeline import picture_of
from siklus.library.handbook.values import values_table
from siklus.library.loading import Book
from siklus.library.persona.words import FILE, read_persona
from siklus.library.sources import CONFIDENCE, read_sources
from siklus.library.stages import Stage, read_stages
from siklus.library.yaml_text import plain_yaml
from siklus.rules.book import Package

INDICATORS = "indikator"
_SHARED = "vocabulary/"
_STANDING = {
    "draft": "Naskah ini **draf**: belum ada yang menyetujuinya. Cocokkan tiap angka dengan sumbernya sebelum dipakai.",
    "diperiksa": "Naskah ini **sudah diperiksa**, belum disetujui.",
    "disetujui": "Naskah ini **disetujui**",
}


def handbook(book: Book, folder: Path) -> dict[str, str]:
    """{path: text} of every page and picture. `folder` is that of the knowledge, for sources and approvals."""
    examples: dict[str, list[Example]] = {}
    for example in examples_of(book):
        examples.setdefault(example.rule.name, []).append(example)
    education = read_education(folder)
    material = Material(book, read_sources(folder), examples, _standings(folder), _stages(folder), education)
    pages = {"README.md": page(_front(material))}
    for package in book.rules.packages:
        pages[f"{package.name}.md"] = package_page(material, package)
        calendar = calendar_of([need for need in book.needs if need.package.name == package.name])
        if calendar is not None:
            name = calendar_name(package)
            pages[f"{PICTURES}/{name}.svg"] = draw_calendar(calendar, package.title, name)
    pages[f"{INDICATORS}.md"] = indicators_page(material)
    if (folder / FILE).is_file():
        pages[f"{PEOPLE}.md"] = people_page(material, read_persona(folder / FILE, book))
    for need in book.needs:
        if need.name in examples:
            picture = picture_of(book, need, examples[need.name])
            pages[f"{PICTURES}/{need.name}.svg"] = draw(picture, need.title, need.name)
    return pages


def _standings(folder: Path) -> dict[str, str]:
    path = folder / "registry.yaml"
    entries = plain_yaml(path)["packages"] if path.is_file() else {}
    return {name: _standing(entry) for name, entry in entries.items()}


def _stages(folder: Path) -> tuple[Stage, ...]:
    path = folder / "stages.yaml"
    return read_stages(path).of_life if path.is_file() else ()


def _standing(entry: dict[str, object]) -> str:
    said = _STANDING[str(entry["status"])]
    if entry["status"] != "disetujui":
        return said
    return f"{said} oleh {entry['approved_by']} pada {entry['approved_on']}."


def _front(material: Material) -> Iterator[str]:
    book = material.book
    yield "<!-- Dibuat oleh `siklus rules handbook` dari knowledge/. Ubahlah pengetahuannya, bukan halaman ini. -->"
    yield "# Buku pegangan"
    yield ""
    yield (
        "Apa yang berhak diterima seorang anak, ibu, orang dewasa dan lansia, sejak kapan, sampai kapan, dan apa yang "
        "menyelesaikannya. Halaman-halaman ini adalah aturan yang sama dengan yang dijalankan di komputer dan di HP, "
        "ditulis dengan kata-kata."
    )
    yield ""
    yield "## Paket"
    heads = ("Masa hidup", "Paket", "Kebutuhan", "Penggolongan")
    yield from table(heads, _package_rows(material))
    yield f"Sasaran dan hitungan SPM: [indikator]({INDICATORS}.md)."
    yield ""
    yield f"Mulai dari orangnya, bukan dari paketnya: [siapa berhak apa]({PEOPLE}.md)."
    yield ""
    yield "## Cara membaca"
    yield ""
    yield from _HOW
    yield ""
    yield "| Keyakinan | Artinya |"
    yield "|---|---|"
    for word, meaning in CONFIDENCE.values():
        yield f"| *{word}* | {meaning} |"
    yield ""
    yield "## Nilai yang berlaku di semua paket"
    files = {value.mark.file for value in book.rules.values}
    yield from values_table(book, [file for file in sorted(files) if file.startswith(_SHARED)])


def _package_rows(material: Material) -> Iterator[tuple[str, ...]]:
    """The packages by stage of life; a stage is named once. What stands under none comes last."""
    packages = {package.name: package for package in material.book.rules.packages}
    named = [(stage.title, name) for stage in material.stages for name in stage.packages if name in packages]
    placed = {name for _, name in named}
    others = [("Lainnya", name) for name in packages if name not in placed]
    before = ""
    for stage, name in (*named, *others):
        yield ("" if stage == before else f"**{plain(stage)}**", *_package_row(material, packages[name]))
        before = stage


def _package_row(material: Material, package: Package) -> tuple[str, ...]:
    needs = sum(1 for need in material.book.needs if need.package.name == package.name)
    tables = sum(1 for each in material.book.classifications if each.package.name == package.name)
    return f"[{plain(package.title)}]({package.name}.md)", str(needs or "-"), str(tables or "-")


_HOW = (
    "- **Boleh sejak**: hari pertama yang sah. Catatan sebelum hari itu tidak dihitung.",
    "- **Waktunya**: sejak hari itu orangnya menunggu layanan. *Sama* berarti sejak boleh.",
    "- **Terlambat sejak**: sejak hari itu orangnya perlu dicari.",
    "- **Hari terakhir**: sesudahnya tidak dikerjakan lagi.",
    "- **Belum diketahui** tidak pernah dianggap sudah, dan tidak dianggap belum: tanyakan keterangan yang disebut.",
    "- Bila keluarga menolak, ditanyakan lagi sesudah beberapa waktu; bila ada janji dengan dokter, tanggal janji "
    "menggantikan waktunya.",
    "- Gambar menunjukkan beberapa contoh tiap kebutuhan: segitiga hitam hari yang ditanya, bulatan biru catatan, "
    "di kanan hasilnya. Semua contoh itu diuji pada setiap mesin hitung.",
)
