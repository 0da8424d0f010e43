"""Printing a page to PDF, and the faults of the print: lost text, orphaned headings and tables."""

import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

_SPACES = re.compile(r"\s+")
_PAGE_NUMBER = re.compile(r"第?\d+页?[/共,，]*\d*页?")
_GLYPH_REPLACEMENTS = str.maketrans(
    "⺠⺟⻁⻂⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰戶",
    "民母虎衣西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙户",
) | {ord("⸺"): "——"}
"""Glyphs that fonts substitute for characters and that NFKC does not map back."""
KEY_LENGTH = 8
"""Number of characters that identify a cell; longer texts may be broken by lines of other cells."""
PAGE_STRUCTURE_JS = """() => {  // 下载数据 is for the screen only.
  const main = document.querySelector("main") || document.body;
  const text = element => element.innerText;
  return {
    headings: [...main.querySelectorAll("h1, h2, h3, h4, h5, h6")]
      .filter(heading => heading.id !== "download").map(text),
    tables: [...main.querySelectorAll("table")].map(table => [
      [...table.querySelectorAll("thead th")].map(text),
      [...table.querySelectorAll("tbody th, tbody td")].map(text),
    ]),
  };
}"""


class PrintedTable(NamedTuple):
    """A table of the page, as normalized text."""

    head: list[str]
    cells: list[str]


class Sheet(NamedTuple):
    """One printed page."""

    drawn_text: str
    """The text in drawing order, cell by cell."""
    lines: list[tuple[int, str]]
    """(height, text) of the lines, from top to bottom."""


@dataclass(frozen=True)
class PrintedPage:
    """A page printed on A4, its text without spaces."""

    sheets: list[Sheet]
    headings: list[str]
    tables: list[PrintedTable]

    def find_missing(self) -> Iterator[str]:
        """Yield headings missing from the print or out of order, and short cells missing from it."""
        whole = "".join(sheet.drawn_text for sheet in self.sheets)
        offset = 0
        for heading in self.headings:
            index = whole.find(heading, offset)
            yield from [heading] * (index < 0)
            offset = max(offset, index)
        counts = Counter(text for table in self.tables for part in table for text in part)
        for text, count in counts.items():
            if len(text) <= KEY_LENGTH and whole.count(text) < count:
                yield text

    def find_orphaned_headings(self) -> Iterator[str]:
        """Yield headings that are the last line of a sheet."""
        running = self._running_lines()
        for sheet in self.sheets[:-1]:
            lines = [
                line
                for line in sheet.lines
                if line not in running and not _PAGE_NUMBER.fullmatch(line[1])
            ]
            last = lines[-1][1] if lines else ""
            for heading in self.headings:
                if last == heading or (len(last) >= KEY_LENGTH and heading.endswith(last)):
                    yield heading

    def find_headless_tables(self) -> Iterator[str]:
        """Yield tables that continue on a sheet without their head."""
        whole = "".join(sheet.drawn_text for sheet in self.sheets)
        for table in self.tables:
            unique_cells = [cell for cell in table.cells if whole.count(cell[:KEY_LENGTH]) == 1]
            for number, sheet in enumerate(self.sheets, start=1):
                continues = any(cell[:KEY_LENGTH] in sheet.drawn_text for cell in unique_cells)
                if continues and not all(head in sheet.drawn_text for head in table.head):
                    yield f"sheet {number}: {' '.join(table.head)}"

    def _running_lines(self) -> frozenset[tuple[int, str]]:
        """Return the lines that are at the same place on every sheet."""
        return frozenset.intersection(*(frozenset(sheet.lines) for sheet in self.sheets))


def print_page(page: Page) -> PrintedPage:
    """Print a page in the browser and read the PDF."""
    page.emulate_media(media="print")
    structure = page.evaluate(PAGE_STRUCTURE_JS)
    return read_print(structure, page.pdf(format="A4", prefer_css_page_size=True))


def read_print(structure: Mapping[str, Any], pdf: bytes) -> PrintedPage:
    """Read the PDF of a page, given what PAGE_STRUCTURE_JS returned there."""
    tables = [
        PrintedTable(*(list(filter(None, map(comparable_text, part))) for part in parts))
        for parts in structure["tables"]
    ]
    return PrintedPage(
        [_read_sheet(sheet) for sheet in PdfReader(io.BytesIO(pdf)).pages],
        [heading for heading in map(comparable_text, structure["headings"]) if heading],
        tables,
    )


def comparable_text(text: str) -> str:
    """Normalize text for comparison: NFKC, no spaces, glyph substitutions undone."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).translate(_GLYPH_REPLACEMENTS)


def _read_sheet(page: PageObject) -> Sheet:
    """Read a sheet's text in drawing order and by lines."""
    rows: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    drawn: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if letters := comparable_text(text):
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            rows[round(y)].append((x, letters))
            drawn.append(letters)

    page.extract_text(visitor_text=visit)
    lines = [
        (y, "".join(text for _, text in sorted(rows[y], key=itemgetter(0))))  # stable: one x a run
        for y in sorted(rows, reverse=True)
    ]
    return Sheet("".join(drawn), lines)
