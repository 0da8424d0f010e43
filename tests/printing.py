"""A page as it comes out on paper: its lines sheet by sheet, and what went wrong on the way."""

import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

_SPACES = re.compile(r"\s+")
_PAGE_NUMBER = re.compile(r"第?\d+页?[/共,，]*\d*页?")
_AS_WRITTEN = str.maketrans(
    "⺠⺟⻁⻂⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰戶",
    "民母虎衣西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙户",
) | {ord("⸺"): "——"}
"""Signs that fonts make of characters and that Unicode does not undo."""
KEY = 8
"""How many characters a cell is known by; more might be broken over two lines of other cells."""
_TOLD = """() => {  // 下载数据 is for the screen: paper cannot be pressed.
  const main = document.querySelector("main") || document.body;
  const text = each => each.innerText;
  return {
    headings: [...main.querySelectorAll(":is(h1, h2, h3, h4, h5, h6):not(#download)")].map(text),
    tables: [...main.querySelectorAll("table")].map(table => [
      [...table.querySelectorAll("thead th")].map(text),
      [...table.querySelectorAll("tbody :is(th, td)")].map(text),
    ]),
  };
}"""


class Table(NamedTuple):
    """A table of the page, in plain text."""

    head: list[str]
    cells: list[str]


class Sheet(NamedTuple):
    """One side of paper."""

    drawn: str
    """Its text as it was drawn: cell by cell."""
    lines: list[tuple[int, str]]
    """Its text as it lies there, from top to bottom, with the height."""


@dataclass(frozen=True)
class Printed:
    """A page on A4, its text without blanks."""

    sheets: list[Sheet]
    headings: list[str]
    tables: list[Table]

    def missing(self) -> Iterator[str]:
        """Headings that are not on the paper in their order, and short cells that are not all there."""
        whole = "".join(sheet.drawn for sheet in self.sheets)
        at = 0
        for heading in self.headings:
            found = whole.find(heading, at)
            yield from [heading] * (found < 0)
            at = max(at, found)
        times = Counter(text for table in self.tables for part in table for text in part)
        for text, count in times.items():
            if len(text) <= KEY and whole.count(text) < count:
                yield text

    def orphans(self) -> Iterator[str]:
        """Headings that stand alone at the foot of a sheet."""
        running = self._running()
        for sheet in self.sheets[:-1]:
            lines = [
                line
                for line in sheet.lines
                if line not in running and not _PAGE_NUMBER.fullmatch(line[1])
            ]
            last = lines[-1][1] if lines else ""
            for heading in self.headings:
                if last == heading or (len(last) >= KEY and heading.endswith(last)):
                    yield heading

    def headless(self) -> Iterator[str]:
        """Tables that go on on a sheet without their head, named by it."""
        whole = "".join(sheet.drawn for sheet in self.sheets)
        for table in self.tables:
            own = [cell for cell in table.cells if whole.count(cell[:KEY]) == 1]
            for number, sheet in enumerate(self.sheets, start=1):
                there = any(cell[:KEY] in sheet.drawn for cell in own)
                if there and not all(head in sheet.drawn for head in table.head):
                    yield f"sheet {number}: {' '.join(table.head)}"

    def _running(self) -> frozenset[tuple[int, str]]:
        """The lines that stand at the same place on every sheet."""
        return frozenset.intersection(*(frozenset(sheet.lines) for sheet in self.sheets))


def printed(page: Page) -> Printed:
    """What the browser prints of a page."""
    page.emulate_media(media="print")
    told = page.evaluate(_TOLD)
    data = page.pdf(format="A4", prefer_css_page_size=True)
    tables = [
        Table(*(list(filter(None, map(plain, part))) for part in each)) for each in told["tables"]
    ]
    return Printed(
        [_sheet(each) for each in PdfReader(io.BytesIO(data)).pages],
        [each for each in map(plain, told["headings"]) if each],
        tables,
    )


def plain(text: str) -> str:
    """A text as it can be compared: no blanks, characters as written."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).translate(_AS_WRITTEN)


def _sheet(page: PageObject) -> Sheet:
    """The characters of a sheet, as drawn and as they lie."""
    rows: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    drawn: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if letters := plain(text):
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            rows[round(y)].append((x, letters))
            drawn.append(letters)

    page.extract_text(visitor_text=visit)
    lines = [(y, "".join(each for _, each in sorted(rows[y]))) for y in sorted(rows, reverse=True)]
    return Sheet("".join(drawn), lines)
