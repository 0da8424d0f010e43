"""The proof that the site shows what was filed: the original against data/, and against the pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.folders import ROOT
from tests.seed.original import OMITTED, SEED, Attachment, Row, read_original
from tests.seed.transcribed import Files, parse, read_files, read_transcription

UNIT = ROOT / "data" / "units" / "xintian-jsx"
TEXT = SEED.read_text("utf-8")
ORIGINAL = read_original(TEXT)

OVERALL, REPORT = "units/xintian-jsx/2022", "units/xintian-jsx/2022/report"
FIRST, SECOND = (f"{OVERALL}/projects/{name}" for name in ("liuchu-renkou", "jisheng-xiehui"))
PAGES = (OVERALL, OVERALL, FIRST, SECOND, FIRST, SECOND, REPORT)
"""On which page each attachment stands."""

NOT_FILED = {
    "表式": "指明用哪张表，是本站的写法",
    "类型": "附件的种类，是本站的写法",
    "差异说明": "本站整理者写的",
    "勘误": "本站整理者写的",
}
"""Keys whose values need not stand in the original, and why."""
FILE_NAMES = ("disclosure", "项目")
"""The projects' file names in disclosure.yml are ours too."""


@pytest.fixture
def files() -> Files:
    return read_files(UNIT / "2022")


def test_copy_of_the_original_holds_no_mobile_number() -> None:
    assert not re.search(r"1[3-9]\d{9}", TEXT)
    assert TEXT.count("138****3461") == 6


def test_reading_of_the_original_loses_nothing() -> None:
    """Every character of the original is in a cell or a line; only what is listed is left out."""
    read = Counter("".join(text for each in ORIGINAL for text in _texts(each)))
    read += Counter("".join(word * TEXT.count(word) for word in OMITTED))
    assert _solid(read) == _solid(Counter(TEXT))
    assert [(each.number, len(each.rows), len(each.lines)) for each in ORIGINAL] == [
        ("附件1", 21, 6),
        ("附件2", 23, 5),
        ("附件3", 9, 6),
        ("附件3", 9, 6),
        ("附件4", 22, 6),
        ("附件4", 23, 6),
        ("附件5", 0, 48),
    ]


@pytest.mark.parametrize(
    "number", range(len(ORIGINAL)), ids=[f"{n}-{page}" for n, page in enumerate(PAGES)]
)
def test_data_is_the_original_to_the_character(files: Files, number: int) -> None:
    """Row by row, cell by cell, blank cells too; and line by line."""
    filed = read_transcription(files)[number]
    assert filed.rows == ORIGINAL[number].rows
    assert filed.lines == ORIGINAL[number].lines
    assert filed.number == ORIGINAL[number].number


def test_data_holds_nothing_else(files: Files) -> None:
    """Every value stands in the original: in the documents, disclosure.yml and unit.yml."""
    original = "\n".join(text for each in ORIGINAL for text in _texts(each))
    unit = parse((UNIT / "unit.yml").read_text("utf-8"))
    invented = [
        (path, text)
        for path, text, _ in _scalars({**files, "unit": unit, "paragraphs": []})
        if text not in original and not NOT_FILED.keys() & set(path) and path[:2] != FILE_NAMES
    ]
    assert invented == []


def test_changing_any_digit_of_the_data_is_found(files: Files) -> None:
    """Every digit of every value is changed once; what has no digit gets one."""
    assert read_transcription(files) == ORIGINAL
    changes = 0
    for path, text, put in _scalars(_documents(files)):
        if NOT_FILED.keys() & set(path):
            continue
        for changed in _changes(text):
            put(changed)
            assert read_transcription(files) != ORIGINAL, f"{path}: {text!r} → {changed!r}"
            changes += 1
        put(text)
    assert read_transcription(files) == ORIGINAL
    assert changes > 1000


@pytest.mark.parametrize("url", sorted(set(PAGES)))
def test_site_shows_every_row_and_line(built_site: Path, url: str) -> None:
    """In the order of the original, on the page where the attachment stands."""
    page = _page(built_site, url)
    text, rows = _page_text(page), _page_rows(page)
    shown = [each for each, place in zip(ORIGINAL, PAGES, strict=True) if place == url]
    assert [each.number for each in shown if each.number not in text] == []
    assert _missing_lines(text, [line for each in shown for line in each.lines]) == []
    assert _missing_rows(rows, [_trimmed(row) for each in shown for row in each.rows]) == []


def _texts(attachment: Attachment) -> list[str]:
    return [
        attachment.number,
        *attachment.lines,
        *(cell for row in attachment.rows for cell in row),
    ]


def _solid(characters: Counter[str]) -> dict[str, int]:
    return {each: count for each, count in characters.items() if not each.isspace()}


def _documents(files: Files) -> Files:
    """What the original holds: not the catalogue, the explanations, the file names."""
    facts = {key: files["disclosure"][key] for key in ("附件", "填报")}
    projects = [{key: each[key] for key in ("自评报告", "自评表")} for each in files["projects"]]
    return {**files, "disclosure": facts, "projects": projects}


def _scalars(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Every value with its path, and a function that puts another in its place."""
    items = list(node.items() if isinstance(node, dict) else enumerate(node))
    for key, value in items:
        here = (*path, str(key))
        if isinstance(value, str):
            yield here, value, lambda text, holder=node, place=key: holder.__setitem__(place, text)
        else:
            yield from _scalars(value, here)


def _changes(text: str) -> Iterator[str]:
    digits = [place for place, character in enumerate(text) if character in "0123456789"]
    for place in digits:
        yield text[:place] + str(9 - int(text[place])) + text[place + 1 :]
    if not digits:
        yield text + "0"


def _page(site: Path, url: str) -> Tag:
    """The article of a page, without the marks of notes."""
    soup = BeautifulSoup((site / url / "index.html").read_text("utf-8"), "html.parser")
    for mark in soup.find_all("sup"):
        mark.decompose()
    article = soup.find("article")
    assert isinstance(article, Tag)
    return article


def _page_rows(page: Tag) -> list[Row]:
    """The rows of all tables; the label left of a table's first row may be its caption.

    The original prints that label in the corner, above the rows' labels, or left of the corner.
    """
    rows: list[Row] = []
    for table in page.find_all("table"):
        caption = table.find("caption")
        label = _text_of(caption) if isinstance(caption, Tag) else ""
        for number, row in enumerate(table.find_all("tr")):
            cells = [_text_of(cell) for cell in row.find_all(["th", "td"])]
            rows.append(tuple(cells) if number else (label, *cells))
            if number == 0 and not cells[0]:
                rows.append((label, *cells[1:]))
    return rows


def _text_of(element: Tag) -> str:
    return element.get_text().strip()


def _page_text(page: Tag) -> str:
    return re.sub(r"[ \n]+", " ", page.get_text())


def _trimmed(row: Row) -> Row:
    """A row without the blank cells at its ends: merged over from above, or not filled in."""
    filled = [place for place, cell in enumerate(row) if cell]
    return row[filled[0] : filled[-1] + 1]


def _missing_rows(rows: Sequence[Row], wanted: Sequence[Row]) -> list[Row]:
    """The wanted rows that do not stand, in this order, in consecutive cells of a row."""
    missing, start = [], 0
    for each in wanted:
        places = (n for n in range(start, len(rows)) if _holds(rows[n], each))
        place = next(places, None)
        if place is None:
            missing.append(each)
        else:
            start = place + 1
    return missing


def _holds(row: Row, wanted: Row) -> bool:
    width = len(wanted)
    return any(row[at : at + width] == wanted for at in range(len(row) - width + 1))


def _missing_lines(text: str, wanted: Sequence[str]) -> list[str]:
    """The wanted lines that do not stand, in this order, in the text."""
    missing, start = [], 0
    for each in wanted:
        place = text.find(each, start)
        if place < 0:
            missing.append(each)
        else:
            start = place + len(each)
    return missing
