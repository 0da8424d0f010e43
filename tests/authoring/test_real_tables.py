"""Forms drafted from real tables of other provinces, rebuilt as one grid in Word and on a web page.

The golden file has a line for every table: whether roles, levels, points and sums are those of the
form that was written for it by hand (which the draft does not see), and how many of its texts come
back; then the remarks of the draft, and what is different. Most are cut off where the source was.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gongkai.authoring.form_drafts.drafting import DraftRequest, draft_form, read_table
from gongkai.authoring.form_drafts.judge import judge_form
from gongkai.authoring.form_drafts.proposals import label_words
from gongkai.authoring.office.read import read_office_file
from gongkai.exports.office.print_layout import AttachmentLayout
from gongkai.exports.office.word_writer import render_word
from gongkai.pages.tables.grid import Grid, GridCell
from gongkai.reading.dataset import read_dataset
from gongkai.runtime.html import escape_html
from tests.authoring.form_facts import fact_differences, form_facts
from tests.folders import GOLDEN, ROOT, TODAY

TABLES = GOLDEN / "real_tables"
RESULTS = GOLDEN / "real_tables.txt"
FORMS = {
    "anhui": "anhui-2020-project",
    "chongqing": "chongqing-2021-overall",
    "dazhou": "dazhou-2019-rubric",
    "guangshui": "guangshui-2021-project",
    "haidian": "beijing-2016-project",
    "huangshi": "hubei-2022-project",
    "langzhong": "central-transfer-2021",
    "qingshen": "sichuan-0013zp-project",
    "shouxian": "shouxian-2023-rubric",
    "tianjin": "tianjin-2023-targets",
    "yinchuan": "yinchuan-2021-project",
    "yongde": "yunnan-2022-project",
}
"""The form that was written by hand, by the table."""
MOST_DIFFERENCES = 8
"""Most differences that the golden file lists of a table."""


class GridText(NamedTuple):
    """A cell of a rebuilt table."""

    text: str
    columns: int
    rows: int


def read_blocks(name: str) -> Iterator[str | list[list[GridText]]]:
    """Yield the lines (after “= ”) and the tables of a rebuilt file; <2x3> is a cell's columns and rows."""
    rows: list[list[GridText]] = []
    for line in (TABLES / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("= "):
            if rows:
                yield rows
                rows = []
            yield line.removeprefix("= ")
        else:
            rows.append([read_cell(cell) for cell in re.split(r" \|(?: |$)", line)])
    if rows:
        yield rows


def read_cell(cell: str) -> GridText:
    match = re.match(r"<(\d+)(?:x(\d+))?>", cell)
    if match is None:
        return GridText(cell.strip(), 1, 1)
    return GridText(cell[match.end() :].strip(), int(match[1]), int(match[2] or 1))


def write_page(name: str, path: Path) -> None:
    parts: list[str] = []
    for block in read_blocks(name):
        if isinstance(block, str):
            parts.append(f"<p>{escape_html(block)}</p>")
            continue
        rows = (
            "".join(
                f'<td colspan="{columns}" rowspan="{rows}">{escape_html(text)}</td>'
                for text, columns, rows in row
            )
            for row in block
        )
        parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    path.write_text(f"<html><body>{''.join(parts)}</body></html>", "utf-8")


def write_document(name: str, path: Path) -> None:
    blocks = list(read_blocks(name))
    tables = [number for number, block in enumerate(blocks) if not isinstance(block, str)]
    lines = [block for block in blocks[: tables[0]] if isinstance(block, str)]
    notes = [block for block in blocks[tables[0] :] if isinstance(block, str)]
    grids = [
        Grid("", body=tuple(tuple(map(grid_cell, row)) for row in block), shows_caption=False)
        for block in blocks
        if not isinstance(block, str)
    ]
    title, others = lines[0], tuple(lines[1:])
    layout = AttachmentLayout("", title, name, (), tuple(grids), tuple(notes), (), cover=others)
    path.write_bytes(render_word([layout]))


def grid_cell(cell: GridText) -> GridCell:
    return GridCell(cell.text, row_span=cell.rows, column_span=cell.columns)


WRITERS = {".html": write_page, ".docx": write_document}


def describe(name: str, suffix: str, folder: Path) -> str:
    """Return the golden section of a table."""
    path = folder / f"{name}{suffix}"
    WRITERS[suffix](name, path)
    lines = read_office_file(path).lines
    drafted = draft_form([read_table(name, lines)], DraftRequest("drafted"))
    assert drafted.form, [problem.sentence for problem in drafted.problems]
    dataset = read_dataset(ROOT / "data", "data", TODAY, drafts=True)
    expected = form_facts(next(form for form in dataset.forms if form.id == FORMS[name]))
    own = form_facts(drafted.form)
    differences = [
        fact_differences(getattr(expected, kind), getattr(own, kind))
        for kind in ("roles", "levels", "points", "sums")
    ]
    fidelity = judge_form(drafted.form, lines, label_words(drafted.year))
    marks = " ".join("否" if found else "是" for found in differences)
    back = f"{fidelity.same + fidelity.moved}/{fidelity.cells}"
    texts = [f"{place} {text[:30]!r} {reason}" for place, text, reason in fidelity.differences]
    section = [f"{name}  {marks} {back}", *(f"  # {remark}" for remark in drafted.remarks)]
    listed = [line for found in (*differences, texts) for line in found]
    section += [f"    {line}" for line in listed[:MOST_DIFFERENCES]]
    if len(listed) > MOST_DIFFERENCES:
        section.append(f"    还有 {len(listed) - MOST_DIFFERENCES} 处")
    return "\n".join(section)


@pytest.mark.long
@pytest.mark.parametrize("suffix", WRITERS)
def test_real_tables(suffix: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = "".join(f"{describe(name, suffix, tmp_path)}\n" for name in sorted(FORMS))
    if request.config.getoption("--update-golden"):
        RESULTS.write_text(text, "utf-8")
    assert text == RESULTS.read_text("utf-8")
