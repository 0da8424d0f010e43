"""Every form, drafted anew from its own tables without any form to copy from.

The golden file has a section for every kind of file and of tables: for every form whether roles,
levels, points and sums are those of the form, and whether the data come back cell by cell, then what
is different. So it has for tables with other words in their labels and columns in other places
(form_variants.py). One filled table alone cannot say which names of indicators are printed, nor that
a unit has changed one; an empty one cannot show what is only seen in use. Of a form whose source has
not been seen whole (完整: 否), indicators that only the table has are listed, but are no fault.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from gongkai.authoring.form_drafts.drafting import DraftRequest, draft_form, read_table
from gongkai.authoring.form_drafts.judge import judge_form
from gongkai.authoring.form_drafts.proposals import label_words
from gongkai.authoring.office.cells import Line
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.skeletons import document_skeleton
from gongkai.exports.office.excel_writer import render_excel
from gongkai.exports.office.libreoffice import convert_file, find_libreoffice
from gongkai.exports.office.print_layout import AttachmentLayout, attachment_layout, record_layout
from gongkai.exports.office.word_writer import render_word
from gongkai.model.documents import Record
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode
from gongkai.model.terms import DocumentKind
from gongkai.pages.tables.html import grid_html
from gongkai.reading.document import load_document
from gongkai.reading.form_plan import LabelContext
from gongkai.reading.source import parse_source
from tests.authoring.form_facts import fact_differences, form_facts
from tests.authoring.form_variants import write_varied_forms
from tests.folders import GOLDEN
from tests.office_data import FOLDERS, copy_data, load_dataset

TABLE = GOLDEN / "drafted_forms.txt"
LEAST_SHARE = 0.9
"""Share of the forms that must come out without a touch of hand, if one of the tables is filled in."""
MOST_DIFFERENCES = 6
"""Most differences that the golden file lists of a form."""
CASES = {"空表和填好的表": ("filled", "blank"), "填好的表": ("filled",), "空表": ("blank",)}
VARIED_CASES = {
    "改了叫法、挪了列的空表和填好的表": ("filled", "blank"),
    "改了叫法、挪了列的填好的表": ("filled",),
}
ALL_CASES = CASES | VARIED_CASES
_POINTS = 2
"""Place of the points among the facts."""


class Sample(NamedTuple):
    """A form with its tables."""

    form: Form
    filled: AttachmentLayout
    blank: AttachmentLayout


def blank_record(form: Form, record: Record) -> Record:
    """Return a document of a form in which nothing is filled in."""
    node = parse_source(document_skeleton(form).encode(), "blank.yml").root
    assert isinstance(node, MappingNode)
    context = LabelContext(dict(record.placeholders))
    return load_document(form, node, context, name="空表")[0]


@cache
def samples(*, varied: bool = False) -> list[Sample]:
    """Return every form of which there is a filled document, with the first such document."""
    found: dict[str, Sample] = {}
    for name in FOLDERS:
        with TemporaryDirectory() as folder:
            data = copy_data(name, Path(folder))
            dataset = load_dataset(data)
            if varied:
                write_varied_forms(dataset.forms, data / "forms")
                dataset = load_dataset(data)
        for disclosure in dataset.disclosures:
            for record in disclosure.all_records:
                form = record.form
                if form.kind is not DocumentKind.REPORT and form.id not in found:
                    filled = attachment_layout(record, disclosure)
                    blank = record_layout(blank_record(form, record))
                    found[form.id] = Sample(form, filled, blank)
    return [found[name] for name in sorted(found)]


def render_page(layout: AttachmentLayout) -> bytes:
    """Return a web page of an attachment."""
    lines = [f"<h1>{layout.title}</h1>", *(f"<p>{line}</p>" for line in layout.opening)]
    for grid in layout.grids:
        caption = f"<p>{grid.caption}</p>" if grid.shows_caption else ""
        table = re.sub("<caption>.*?</caption>", "", grid_html(grid), flags=re.DOTALL)
        lines += [caption, table]
    lines += [f"<p>{line}</p>" for line in (*layout.notes, *layout.sign_off)]
    return f"<!DOCTYPE html><html><body>{''.join(lines)}</body></html>".encode()


def render_pdf(layout: AttachmentLayout) -> bytes:
    return convert_file(render_word([layout]), ".docx", ".pdf")


FORMATS = {
    ".docx": lambda layout: render_word([layout]),
    ".xlsx": lambda layout: render_excel([layout]),
    ".html": render_page,
    ".pdf": render_pdf,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def table_lines(layout: AttachmentLayout, suffix: str, path: Path) -> Sequence[Line]:
    """Return the lines of an exported table as they are read again."""
    path = path.with_suffix(suffix)
    if not path.exists():
        path.write_bytes(FORMATS[suffix](layout))
    return read_office_file(path).lines


class DraftJudgement(NamedTuple):
    """What is the same in a form and its draft."""

    marks: list[str]
    """Of roles, levels, points, sums, data."""
    differences: list[str]
    beyond: list[str]
    """Indicators that a form lacks because its source has not been seen whole."""


def judge_sample(sample: Sample, suffix: str, case: str, folder: Path) -> DraftJudgement:
    tables = "varied" if case in VARIED_CASES else "own"
    lines = {
        name: table_lines(layout, suffix, folder / f"{sample.form.id}-{tables}-{name}")
        for name, layout in (("filled", sample.filled), ("blank", sample.blank))
    }
    drafted = draft_form(
        [read_table(name, lines[name]) for name in ALL_CASES[case]], DraftRequest("drafted")
    )
    assert drafted.form, [problem.sentence for problem in drafted.problems]
    expected, own = form_facts(sample.form), form_facts(drafted.form)
    names = ("roles", "levels", "points", "sums")
    differences = [fact_differences(getattr(expected, name), getattr(own, name)) for name in names]
    fidelity = judge_form(drafted.form, lines["filled"], label_words(drafted.year))
    data = [f"{place} {text[:30]!r} {reason}" for place, text, reason in fidelity.differences]
    beyond = (
        []
        if sample.form.is_complete
        else [line for line in differences[_POINTS] if "：没有 → " in line]
    )
    differences[_POINTS] = [line for line in differences[_POINTS] if line not in beyond]
    marks = ["是" if not lines else "否" for lines in differences]
    back = f"{fidelity.same + fidelity.moved}/{fidelity.cells}"
    marks.append(back if fidelity.is_complete else f"{back}否")
    return DraftJudgement(marks, [line for lines in (*differences, data) for line in lines], beyond)


def section_of(suffix: str, case: str, folder: Path) -> tuple[str, float]:
    """Return the golden section of one kind, and the share of forms without a difference."""
    rows: list[str] = []
    whole = 0
    tables = samples(varied=case in VARIED_CASES)
    for sample in tables:
        marks, differences, beyond = judge_sample(sample, suffix, case, folder)
        whole += not differences
        rows.append(f"{sample.form.id}  {' '.join(marks)}")
        rows += [f"    {line}" for line in differences[:MOST_DIFFERENCES]]
        if len(differences) > MOST_DIFFERENCES:
            rows.append(f"    还有 {len(differences) - MOST_DIFFERENCES} 处")
        if beyond:
            rows.append(f"    原件不全，表上另有 {len(beyond)} 个指标")
    head = f"# {suffix} {case}：{whole} / {len(tables)}（角色 层级 分值 合计 数据）"
    return "\n".join([head, *rows, ""]), whole / len(tables)


def known_sections() -> dict[str, str]:
    """Return the sections of the golden file by the words before the colon."""
    text = TABLE.read_text("utf-8") if TABLE.exists() else ""
    sections = re.split(r"\n(?=# )", text) if text else []
    return {section.partition("：")[0]: section.rstrip("\n") + "\n" for section in sections}


def iter_kinds() -> Iterator[tuple[str, str]]:
    yield from ((suffix, case) for suffix in FORMATS for case in CASES)
    yield from ((".docx", case) for case in VARIED_CASES)


def check_section(suffix: str, case: str, folder: Path, *, updates: bool) -> float:
    """Compare a section with the golden file; return the share of forms without a difference."""
    section, share = section_of(suffix, case, folder)
    sections = known_sections()
    key = section.partition("：")[0]
    if updates:
        sections[key] = section
        order = [f"# {suffix} {case}" for suffix, case in iter_kinds()]
        TABLE.write_text("\n".join(sections[name] for name in order if name in sections), "utf-8")
    assert section == sections.get(key)
    return share


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_forms_come_out_of_their_tables(
    suffix: str, case: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    updates = bool(request.config.getoption("--update-golden"))
    share = check_section(suffix, case, folder, updates=updates)
    if "filled" in CASES[case]:
        assert share >= LEAST_SHARE


@pytest.mark.long
@pytest.mark.parametrize("case", VARIED_CASES)
def test_forms_come_out_whatever_the_wording(
    case: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    updates = bool(request.config.getoption("--update-golden"))
    assert check_section(".docx", case, folder, updates=updates) >= LEAST_SHARE


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES)
def test_forms_come_out_of_pdf_files(
    case: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    assert find_libreoffice(), (
        "没有找到 LibreOffice：请运行 make test-nightly，它会安装，或者说明怎样安装"
    )
    updates = bool(request.config.getoption("--update-golden"))
    check_section(".pdf", case, folder, updates=updates)
