"""Proof that the site shows what was filed: the original compared with data/ and with the pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.folders import ROOT
from tests.seed.original import OMITTED, SEED, OriginalAttachment, Row, parse_original
from tests.seed.transcribed import Files, build_attachments, parse_yaml, read_files

UNIT = ROOT / "data" / "units" / "xintian-jsx"
TEXT = SEED.read_text("utf-8")
ORIGINAL = parse_original(TEXT)

OVERALL, REPORT = "units/xintian-jsx/2022", "units/xintian-jsx/2022/report"
FIRST, SECOND = (f"{OVERALL}/projects/{name}" for name in ("liuchu-renkou", "jisheng-xiehui"))
PAGES = (OVERALL, OVERALL, FIRST, SECOND, FIRST, SECOND, REPORT)
"""URL of the page of every attachment, in order."""

NOT_FILED = {
    "表式": "指明用哪张表，是本站的写法",
    "类型": "附件的种类，是本站的写法",
    "差异说明": "本站整理者写的",
    "勘误": "本站整理者写的",
}
"""Keys whose values need not occur in the original, and why."""
FILE_NAMES = ("disclosure", "项目")
"""Path of the projects' file names in disclosure.yml, which are not in the original either."""


@pytest.fixture
def files() -> Files:
    return read_files(UNIT / "2022")


def test_original_contains_no_mobile_number() -> None:
    assert not re.search(r"1[3-9]\d{9}", TEXT)
    assert TEXT.count("138****3461") == 6


def test_parsed_original_is_complete() -> None:
    """Every character of the original is in a cell or a line, except the words in OMITTED."""
    texts = (text for attachment in ORIGINAL for text in _texts(attachment))
    characters = Counter("".join(texts))
    characters += Counter("".join(word * TEXT.count(word) for word in OMITTED))
    assert _without_spaces(characters) == _without_spaces(Counter(TEXT))
    sizes = [(part.number, len(part.rows), len(part.lines)) for part in ORIGINAL]
    assert sizes == [
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
def test_data_equals_the_original(files: Files, number: int) -> None:
    """Compare rows, cells (blank ones too) and lines."""
    filed = build_attachments(files)[number]
    assert filed.rows == ORIGINAL[number].rows
    assert filed.lines == ORIGINAL[number].lines
    assert filed.number == ORIGINAL[number].number


def test_data_contains_nothing_else(files: Files) -> None:
    """Every value of the documents, disclosure.yml and unit.yml occurs in the original."""
    original = "\n".join(text for attachment in ORIGINAL for text in _texts(attachment))
    unit = parse_yaml((UNIT / "unit.yml").read_text("utf-8"))
    invented = [
        (path, text)
        for path, text, _ in _scalars({**files, "unit": unit, "paragraphs": []})
        if text not in original and not NOT_FILED.keys() & set(path) and path[:2] != FILE_NAMES
    ]
    assert invented == []


def test_any_changed_digit_is_detected(files: Files) -> None:
    """Change every digit of every value once; values without digits get one."""
    assert build_attachments(files) == ORIGINAL
    change_count = 0
    for path, text, set_value in _scalars(_documents(files)):
        if NOT_FILED.keys() & set(path):
            continue
        for changed in _changes(text):
            set_value(changed)
            assert build_attachments(files) != ORIGINAL, f"{path}: {text!r} → {changed!r}"
            change_count += 1
        set_value(text)
    assert build_attachments(files) == ORIGINAL
    assert change_count > 1000


@pytest.mark.parametrize("url", sorted(set(PAGES)))
def test_site_shows_every_row_and_line(built_site: Path, url: str) -> None:
    """Rows and lines are in the order of the original, on the attachment's page."""
    page = _page(built_site, url)
    text, rows = _page_text(page), _page_rows(page)
    attachments = [part for part, page_url in zip(ORIGINAL, PAGES, strict=True) if page_url == url]
    lines = [line for attachment in attachments for line in attachment.lines]
    expected_rows = [_trim(row) for attachment in attachments for row in attachment.rows]
    assert [part.number for part in attachments if part.number not in text] == []
    assert _missing_lines(text, lines) == []
    assert _missing_rows(rows, expected_rows) == []


def _texts(attachment: OriginalAttachment) -> list[str]:
    return [
        attachment.number,
        *attachment.lines,
        *(cell for row in attachment.rows for cell in row),
    ]


def _without_spaces(characters: Counter[str]) -> dict[str, int]:
    return {char: count for char, count in characters.items() if not char.isspace()}


def _documents(files: Files) -> Files:
    """Return the content of the original, without catalogue, explanations and file names."""
    facts = {key: files["disclosure"][key] for key in ("附件", "填报")}
    keys = ("自评报告", "自评表")
    projects = [{key: project[key] for key in keys} for project in files["projects"]]
    return {**files, "disclosure": facts, "projects": projects}


def _scalars(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield every value with its path and a function that replaces it."""
    children = list(node.items() if isinstance(node, dict) else enumerate(node))
    for key, value in children:
        child_path = (*path, str(key))
        if isinstance(value, str):
            yield child_path, value, lambda text, node=node, key=key: node.__setitem__(key, text)
        else:
            yield from _scalars(value, child_path)


def _changes(text: str) -> Iterator[str]:
    positions = [position for position, char in enumerate(text) if char in "0123456789"]
    for position in positions:
        yield text[:position] + str(9 - int(text[position])) + text[position + 1 :]
    if not positions:
        yield text + "0"


def _page(site: Path, url: str) -> Tag:
    """Return the article of a page, without the links to notes."""
    soup = BeautifulSoup((site / url / "index.html").read_text("utf-8"), "html.parser")
    for note_ref in soup.find_all("sup"):
        note_ref.decompose()
    article = soup.find("article")
    assert isinstance(article, Tag)
    return article


def _page_rows(page: Tag) -> list[Row]:
    """Return the rows of all tables, the first one preceded by the table's caption.

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


def _trim(row: Row) -> Row:
    """Return a row without the blank cells at its ends (merged with cells above, or blank)."""
    filled = [column for column, cell in enumerate(row) if cell]
    return row[filled[0] : filled[-1] + 1]


def _missing_rows(rows: Sequence[Row], expected: Sequence[Row]) -> list[Row]:
    """Return expected rows that are not, in this order, consecutive cells of a row."""
    missing, start = [], 0
    for row in expected:
        matches = (n for n in range(start, len(rows)) if _contains(rows[n], row))
        match = next(matches, None)
        if match is None:
            missing.append(row)
        else:
            start = match + 1
    return missing


def _contains(row: Row, expected: Row) -> bool:
    width = len(expected)
    return any(row[n : n + width] == expected for n in range(len(row) - width + 1))


def _missing_lines(text: str, expected: Sequence[str]) -> list[str]:
    """Return expected lines that do not occur, in this order, in the text."""
    missing, start = [], 0
    for line in expected:
        position = text.find(line, start)
        if position < 0:
            missing.append(line)
        else:
            start = position + len(line)
    return missing
