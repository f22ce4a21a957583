"""Tables as spreadsheets and learning platforms write them: read with any usual encoding and separator, written safely.

Excel writes semicolons where the comma separates decimals, a byte order mark or none, UTF-16 for "Unicode text", and
Windows-1252 for plain "CSV"; all of these are read.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.classbook import harmless_cell
from autograder.errors import GraderError
from autograder.results import write_whole

SEPARATORS = (",", ";", "\t")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# A number is no formula, nor is a lone dash, which Moodle writes where there is no date.
_PLAIN = re.compile(r"-|[-+]?\d+(?:[.,]\d+)?\s?%?")


@dataclass(frozen=True)
class Sheet:
    """A table with a heading; every row has as many cells. `marked`: whether it began with a byte order mark."""

    place: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    marked: bool = False

    def column(self, name: str) -> int | None:
        """The place of a column, capitals aside; None if there is none."""
        names = [heading.strip().casefold() for heading in self.header]
        wanted = name.strip().casefold()
        return names.index(wanted) if wanted in names else None


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file; GraderError if it is none, has no rows, or has rows longer than its heading."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GraderError(f"{path}: expected a CSV file that can be read, got: {error.strerror}") from None
    text = _decode(data, path)
    separator, text = _find_separator(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise GraderError(f"{path}: expected CSV, got: {error}; export it again as CSV") from None
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    if len(filled) < 2:
        raise GraderError(f"{path}: expected a heading and rows below it, found {len(filled)} lines; export it again")
    header = tuple(cell.strip() for cell in filled[0][1])
    rows = []
    for number, line in filled[1:]:
        if any(cell.strip() for cell in line[len(header) :]):
            raise GraderError(
                f"{path}: row {number}: expected {len(header)} cells as in the heading, got {len(line)}; export again"
            )
        rows.append(tuple([*line, *[""] * len(header)][: len(header)]))
    return Sheet(path, header, tuple(rows), separator, data.startswith(codecs.BOM_UTF8))


def write_sheet(
    path: Path, rows: Iterable[Sequence[str | float | None]], separator: str = ",", marked: bool = True
) -> None:
    """Write a CSV file in UTF-8, whole. No cell starts a formula; None is an empty cell, numbers stay numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    write_whole(path, codecs.BOM_UTF8 * marked + text.getvalue().encode(errors="replace"))


def parse_number(text: str) -> float | None:
    """A number with point or comma; None if the cell holds none."""
    cleaned = text.strip().rstrip("%").strip().replace(",", ".")
    return float(cleaned) if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", cleaned) else None


def _safe(cell: str | float | None) -> str | float:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) and _PLAIN.fullmatch(cell) else harmless_cell(cell)


def _decode(data: bytes, path: Path) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise GraderError(f"{path}: expected text in UTF-8, UTF-16 or Windows-1252, got something else; export it as CSV")


def _find_separator(text: str) -> tuple[str, str]:
    """What separates the cells of the heading, and the text without Excel's line `sep=;`."""
    named = re.match(r"sep=([,;\t])\r?\n", text)
    if named:
        return named[1], text[named.end() :]
    first = next(iter(text.lstrip().splitlines()), "")
    widths = {separator: len(next(csv.reader([first], delimiter=separator), [])) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: widths[separator]), text
