"""What we refuse to open, decided from the bytes before any spreadsheet library sees them.

An .xlsx is a zip of XML; a small file can unpack to gigabytes, carry programs, or place one cell in column XFD of row
1,048,576 so that a dense grid of 17 billion cells is made. Every member is therefore really unpacked here with a
limit (a header may lie), sheets are measured, and only then read. Limits are ours: four times the largest real list.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from siklus.exchange.excel.words import Refused

MEGABYTE = 1024 * 1024
MAX_FILE = 25 * MEGABYTE
MAX_UNPACKED = 150 * MEGABYTE
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_AREA = 5_000_000
MAX_SHARED_TEXT = 256 * MEGABYTE
MAX_MEMBERS = 2_000
EXACT = 2**53
"""From here on a double no longer holds every whole number."""
_CHUNK = MEGABYTE
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = "xl/workbook.xml"
# The first letters are literal so that the search runs at memory speed; a false alarm only costs an exact look.
_FAR_ROW = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{0,3}(?:[6-9]\d{4}|\d{6,})[\"']")
_NEAR_ROWS = 9_999
_PAST_NEAR_ROWS = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{0,3}\d{5,}[\"']")
_BEYOND = (  # (columns at most, a reference beyond them), narrow first
    (26, re.compile(rb"r\s*=\s*[\"'][A-Za-z]{2,3}\d")),
    (78, re.compile(rb"r\s*=\s*[\"'](?:[A-Za-z]{3}|[C-Zc-z][A-Za-z])\d")),
    (MAX_COLUMNS, re.compile(rb"r\s*=\s*[\"'](?:[A-Za-z]{3}|[H-Zh-z][A-Za-z]|[Gg][S-Zs-z])\d")),
)
_LONG_VALUE = re.compile(rb"v>\d{16}<")
_LONG_CELL = re.compile(
    rb"<(?:\w+:)?c\b[^<>]*\br=[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{16})<"
)
_SHEET_TAG = re.compile(rb"<(\w+:)?worksheet\b")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet as the zip holds it: its name, and the first cell with a formula (empty if none).

    `long_numbers` are cells (row and column from 0) with a whole number too long for a double, as they are written.
    """

    name: str
    formula: str
    long_numbers: Mapping[tuple[int, int], str]


def kind_of(content: bytes) -> str:
    """`xlsx` or `csv`, by what is in the file and not by its name; everything else is refused with what to do."""
    if not content:
        raise Refused("file_empty")
    if len(content) > MAX_FILE:
        raise Refused("file_too_big", size=str(len(content) // MEGABYTE + 1), limit=str(MAX_FILE // MEGABYTE))
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused("encrypted" if encrypted else "old_excel")
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"%pdf", b"{\\rtf")):
        is_page = (
            b"<table" in content[:100_000].lower() or b"<html" in start
        )  # many "xls" exports are web pages
        raise Refused("old_excel" if is_page else "not_a_spreadsheet")
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("not_a_spreadsheet")
    return "csv"


def inspect_workbook(content: bytes) -> list[SheetPart]:
    """The worksheets of an .xlsx that is safe to read, in the order of the workbook; Refused otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
            parts = _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refused("damaged") from error
    shared = parts.get("xl/sharedStrings.xml", b"")
    sheets = []
    for name, path in _sheet_paths(parts):
        data = parts.get(path)
        if data is not None:
            _check_size(name, data)
            _check_shared_text(name, data, shared)
            sheets.append(SheetPart(name, _first_formula(data), _long_numbers(data)))
    if not sheets:
        raise Refused("not_a_spreadsheet")
    return sheets


def _check_members(archive: zipfile.ZipFile) -> None:
    names = [info.filename for info in archive.infolist()]
    lower = {name.lower() for name in names}
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise Refused("encrypted")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise Refused("macros")
    if "xl/workbook.bin" in lower:
        raise Refused("other_format", format="Excel biner (.xlsb)")
    if "content.xml" in lower and "mimetype" in lower:
        raise Refused("other_format", format="OpenDocument (.ods)")
    if _WORKBOOK not in lower:
        raise Refused("not_a_spreadsheet")
    if len(lower) != len(names) or len(names) > MAX_MEMBERS:
        raise Refused("damaged")
    declared = sum(info.file_size for info in archive.infolist())
    if declared > MAX_UNPACKED:
        raise Refused("zip_bomb", size=str(declared // MEGABYTE))


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML parts we look at; all members are read to the end, since a declared size may be a lie."""
    total = 0
    kept: dict[str, bytes] = {}
    for info in archive.infolist():
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged")
        keep = info.filename.startswith("xl/") and info.filename.endswith((".xml", ".rels"))
        chunks: list[bytes] = []
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    raise Refused("zip_bomb", size=str(total // MEGABYTE))
                if keep:
                    chunks.append(chunk)
        if keep:
            kept[info.filename] = b"".join(chunks)
    types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
    if b"macroEnabled" in types:
        raise Refused("macros")
    return kept


def _sheet_paths(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    """(name, path in the zip) of each worksheet, by the workbook and its relations."""
    workbook, relations = _xml(parts.get(_WORKBOOK)), _xml(parts.get("xl/_rels/workbook.xml.rels"))
    if workbook is None or relations is None:
        raise Refused("damaged")
    target_by_id = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    paths = []
    for element in workbook.iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((value for key, value in element.items() if key.endswith("}id")), None)
        target = target_by_id.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        paths.append((element.get("name", ""), path))
    return paths


def _xml(data: bytes | None) -> ElementTree.Element | None:
    """Small XML without a document type: entities cannot be declared, so none can multiply."""
    if data is None or len(data) > MEGABYTE or b"<!DOCTYPE" in data:
        return None
    try:
        return ElementTree.fromstring(data)  # noqa: S314  no document type came this far
    except ElementTree.ParseError:
        return None


def _check_size(name: str, data: bytes) -> None:
    """Refuse a sheet whose written cells span too much. Cheap look first; an exact one only where that seems odd."""
    columns = next((most for most, beyond in _BEYOND if not beyond.search(data)), None)
    rows = _NEAR_ROWS if not _PAST_NEAR_ROWS.search(data) else MAX_ROWS
    if columns is not None and columns * rows <= MAX_AREA and not _FAR_ROW.search(data):
        return
    rows, columns = _extent(data)
    if columns > MAX_COLUMNS:
        raise Refused("too_many_columns", sheet=name, found=str(columns), limit=str(MAX_COLUMNS))
    if rows > MAX_ROWS + 100:
        raise Refused("too_many_rows", sheet=name, limit=_thousands(MAX_ROWS))
    if rows * columns > MAX_AREA:
        raise Refused("too_large_sheet", sheet=name)


def _extent(data: bytes) -> tuple[int, int]:
    """Last row and column that hold a value; formatted but empty cells do not count."""
    last = [0, 0]
    here = [0, 0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            here[0] = int(attributes.get("r", here[0] + 1))
            here[1] = 0
        elif tag == "c":
            here[1] += 1
            match = re.fullmatch(r"([A-Za-z]+)(\d+)", attributes.get("r", ""))
            if match:
                here[0], here[1] = int(match[2]), _column_number(match[1].encode())
        elif tag in ("v", "t", "f"):
            last[0], last[1] = max(last[0], here[0]), max(last[1], here[1])

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise Refused("damaged") from error
    return last[0], last[1]


def _check_shared_text(name: str, data: bytes, shared: bytes) -> None:
    """One long shared text repeated in a million cells would be a million copies."""
    longest = max((len(text) for text in shared.split(b"</si>")), default=0)
    references = data.count(b'"s"') + data.count(b"'s'")
    if longest * references <= MAX_SHARED_TEXT:
        return
    lengths = [len(text) for text in re.split(rb"</(?:\w+:)?si>", shared)]
    total = 0
    for index in re.findall(rb"<(?:\w+:)?v>(\d{1,9})</", data):
        total += lengths[int(index)] if int(index) < len(lengths) else 0
        if total > MAX_SHARED_TEXT:
            raise Refused("too_large_sheet", sheet=name)


def _first_formula(data: bytes) -> str:
    """Address of the first cell with a formula. Lists of a drop-down (`xm:f`) are not formulas of cells."""
    tag = _SHEET_TAG.search(data)
    prefix = (tag[1] or b"") if tag else b""
    found = re.search(rb"<" + re.escape(prefix) + rb"f[\s/>]", data)
    if found is None:
        return ""
    before = re.findall(
        rb"\br\s*=\s*[\"']([A-Za-z]{1,3}\d+)[\"']", data[max(0, found.start() - 4096) : found.start()]
    )
    return before[-1].decode() if before else "?"


def _long_numbers(data: bytes) -> dict[tuple[int, int], str]:
    """Numbers of 16 digits that every reader would round: the text in the file still has them all."""
    if not _LONG_VALUE.search(data):
        return {}
    return {
        (int(row) - 1, _column_number(letters) - 1): digits.decode()
        for letters, row, digits in _LONG_CELL.findall(data)
        if int(digits) >= EXACT
    }


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
