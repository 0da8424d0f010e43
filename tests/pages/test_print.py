"""Pages printed on A4: nothing is cut off, no orphaned headings, repeated table heads."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.printing import print_page
from tests.serving import serve_site
from tests.site_pages import open_page, visit_page

_TABLE = """<main><h2>示例表</h2><table><thead><tr><th>示例表头甲</th><th>示例表头乙</th></tr></thead>
<tbody>{}</tbody></table></main>"""
_ROWS = "".join(f"<tr><td>{n:03}行的示例内容</td><td>{n}</td></tr>" for n in range(200))


@pytest.mark.parametrize(
    "name",
    [
        "disclosure",
        "report",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("project", "dictionary", "form")),
    ],
)
def test_a_page_is_printed_completely(built_site: Path, chromium: Browser, name: str) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        visit_page(page, base, name)
        paper = print_page(page)
    assert len(paper.sheets) > 1
    assert len(paper.headings) > 2
    assert list(paper.find_missing()) == []
    assert list(paper.find_orphaned_headings()) == []
    assert list(paper.find_headless_tables()) == []


def test_a_long_table_repeats_its_head(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(_TABLE.format(_ROWS))
    paper = print_page(page)
    assert len(paper.sheets) > 3
    assert [
        *paper.find_missing(),
        *paper.find_orphaned_headings(),
        *paper.find_headless_tables(),
    ] == []


def test_a_missing_table_head_is_detected(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(_TABLE.format(_ROWS) + "<style>thead {display: table-row-group}</style>")
    paper = print_page(page)
    sheets = range(2, len(paper.sheets) + 1)
    assert list(paper.find_headless_tables()) == [
        f"sheet {n}: 示例表头甲 示例表头乙" for n in sheets
    ]


def test_an_orphaned_heading_is_detected(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<main><p>示例</p><h2>示例标题</h2><p class=next>示例正文</p></main>")
    page.add_style_tag(content="h2 {break-after: auto} .next {break-before: page}")
    assert list(print_page(page).find_orphaned_headings()) == ["示例标题"]


def test_clipped_content_is_detected(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<main><div class=box>" + _TABLE.format(_ROWS) + "</div></main>")
    page.add_style_tag(content=".box {width: 5em; overflow: hidden} table {width: 40em}")
    assert "示例表头乙" in list(print_page(page).find_missing())
