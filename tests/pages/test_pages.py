"""Pages: golden files, and templates that use exactly the fields of their views."""

import datetime as dt
import re
from pathlib import Path
from typing import get_type_hints

import pytest

from gongkai.build.render import render_site
from gongkai.build.state import BuildRequest
from gongkai.pages.page_types import PAGE_TYPES
from gongkai.pages.tables.grid import Grid, GridCell
from gongkai.pages.tables.html import grid_html
from tests.folders import GOLDEN, ROOT, example_data

TEMPLATES = ROOT / "generator/gongkai/pages/templates"


def test_pages(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Compare every page of the synthetic disclosure; --update-golden rewrites the golden files."""
    out = tmp_path / "out"
    build_request = BuildRequest(example_data(tmp_path), dt.date(2024, 1, 1))
    render_site(build_request, out, tmp_path / "no-content", site_url="")
    pages = _read_pages(out)
    if request.config.getoption("--update-golden"):
        for path, text in pages.items():
            (GOLDEN / "pages" / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / "pages" / path).write_text(text, "utf-8")
    golden = _read_pages(GOLDEN / "pages")
    for path, text in pages.items():
        assert text == golden.get(path, text), path
    assert set(pages) == set(golden)


def _read_pages(folder: Path) -> dict[str, str]:
    """Return the Markdown files of a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.md")
    }


def test_templates_use_all_fields_of_their_views() -> None:
    for page_type in PAGE_TYPES:
        text = (TEMPLATES / f"{page_type.template}.md.jinja").read_text("utf-8")
        fields = set(re.findall(r"\bview\.(\w+)", text))
        assert fields | {"head"} == set(get_type_hints(page_type.view)), page_type.name


def test_notes_precede_the_permalink_of_a_name() -> None:
    name = GridCell("甲<乙\n丙", "row", note_refs=(1, 2), anchor="i-1")
    html = grid_html(Grid("表", body=((name, GridCell("5")),)))
    row = html.partition("<tr>\n")[2].partition("\n</tr>")[0]
    note_html, link_html = '<sup class="gk-mark">', '<a class="gk-anchor" href="#i-1"'
    assert row.startswith('<th scope="row" id="i-1">甲&lt;乙<br>丙<sup')
    assert row.endswith("</a></th>\n<td>5</td>")
    assert row.count(note_html) == 2
    assert row.rindex(note_html) < row.index(link_html)


def test_code_names_no_form_or_region() -> None:
    forms = {path.stem for path in (ROOT / "data" / "forms").glob("*.yml")}
    texts = [path.read_text("utf-8") for path in (ROOT / "data" / "forms").glob("*.yml")]
    regions = {name[:2] for text in texts for name in re.findall(r"地区: (\S+)", text)}
    assert len(regions) > 8
    words = forms | regions | {"新田", "黄石", "银川", "广水", "寿县", "达州"}
    for path in (ROOT / "generator").rglob("*.py"):
        if path.parent.name == "demo":
            continue  # The made-up county files what counties file.
        text = path.read_text("utf-8")
        if path.name == "publisher_files.py":
            text = text.replace("北京|天津|上海|重庆", "")  # Cities that are provinces.
        assert not [word for word in words if word in text], path.name
