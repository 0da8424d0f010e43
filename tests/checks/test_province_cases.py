"""Pages of real disclosures from other provinces equal the originals, character by character.

tests/golden/cases has the disclosures as YAML in units/, the original texts in originals/ (truncated
where the source was), intended differences with reasons in differences.yml, the reported problems in
problems.txt and the pages in pages/. `pytest --update-golden` rewrites the last two.
"""

import datetime as dt
import re
import shutil
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from gongkai.checks.registry import check_dataset
from gongkai.model.terms import DocumentKind
from gongkai.pages.markdown import render_markdown
from gongkai.reading.dataset import Dataset, read_dataset
from tests.folders import GOLDEN, ROOT
from tests.rendering import render_pages

CASES = GOLDEN / "cases"
ORIGINALS = sorted(path.stem for path in (CASES / "originals").glob("*.txt"))
DIFFERENCES: dict[str, Any] = yaml.safe_load((CASES / "differences.yml").read_text("utf-8"))
_DOCUMENT_ANCHORS = {kind.anchor for kind in DocumentKind}
_SEPARATORS = re.compile(r"[\s|\u3000]|（(?:窗口在此)?截断）")
"""Cell separators and truncation marks in the transcribed originals."""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    data = tmp_path_factory.mktemp("cases")
    for name in ("units", "site.yml"):
        source = CASES / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, data / name)
    shutil.copytree(ROOT / "data" / "forms", data / "forms")
    return read_dataset(data, "data", dt.date(2026, 1, 1), drafts=True)


@pytest.fixture(scope="module")
def pages(dataset: Dataset) -> dict[str, str]:
    """Return the Markdown of the pages of disclosures and projects, by path."""
    return {
        page.path: render_markdown(page)
        for page in render_pages(dataset)
        if re.match(r"units/.*/\d{4}/", page.path)
    }


def test_reported_problems(dataset: Dataset, request: pytest.FixtureRequest) -> None:
    problems = check_dataset(dataset).problems
    lines = "".join(f"{problem.level.value} {problem}\n" for problem in problems)
    golden = CASES / "problems.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(lines, "utf-8")
    assert lines == golden.read_text("utf-8")


def test_pages(pages: dict[str, str], request: pytest.FixtureRequest) -> None:
    golden = CASES / "pages"
    if request.config.getoption("--update-golden"):
        shutil.rmtree(golden, ignore_errors=True)
        for path, text in pages.items():
            (golden / path).parent.mkdir(parents=True, exist_ok=True)
            (golden / path).write_text(text, "utf-8")
    assert pages == {
        path.relative_to(golden).as_posix(): path.read_text("utf-8")
        for path in golden.rglob("*.md")
    }


def test_every_form_has_a_case(dataset: Dataset) -> None:
    """Every form is used by a case here, by the synthetic unit or by the seed."""
    used_here = {
        record.form.id for disclosure in dataset.disclosures for record in disclosure.all_records
    }
    used_elsewhere = re.findall(
        r"表式: ([\w-]+)",
        "".join(
            path.read_text("utf-8")
            for folder in (GOLDEN / "data", ROOT / "data" / "units")
            for path in folder.rglob("*")
            if path.suffix in {".yml", ".md"}
        ),
    )
    assert {form.id for form in dataset.forms} - used_here - set(used_elsewhere) == set()


@pytest.mark.parametrize("name", ORIGINALS)
def test_page_equals_the_original(pages: dict[str, str], name: str) -> None:
    case = DIFFERENCES[name]
    text = (CASES / "originals" / f"{name}.txt").read_text("utf-8")
    original = _SEPARATORS.sub("", text.replace(case.get("分隔", "|"), ""))
    for difference in case["不同"]:
        assert original.count(difference["原件"]) == 1, difference
        assert difference["缘由"]
        original = original.replace(difference["原件"], difference["页面"])
    shown = "".join(_documents_text(pages[path]) for path in case["页面"])
    assert shown == original


def _documents_text(page: str) -> str:
    """Return the text of a page's documents (titles, lines, tables) without spaces."""
    sections = page.split("\n## ")[1:]
    anchors = [(section, re.match(r".*\{#([\w-]+)\}", section)) for section in sections]
    return "".join(
        _section_text(section)
        for section, anchor in anchors
        if anchor and anchor[1] in _DOCUMENT_ANCHORS
    )


def _section_text(text: str) -> str:
    title, _, rest = text.partition("\n")
    soup = BeautifulSoup(rest, "html.parser")
    for hidden in soup.select(".gk-untitled caption"):
        hidden.decompose()
    heading = BeautifulSoup(re.sub(r" \{#.*\}$", "", title), "html.parser")
    parts = [heading.get_text(), *(tag.get_text() for tag in soup if isinstance(tag, Tag))]
    return re.sub(r"\s", "", "".join(parts))


def test_unseen_forms(request: pytest.FixtureRequest) -> None:
    """tests/golden/unseen holds forms written from the handbook alone, with documents and pages."""
    folder = GOLDEN / "unseen"
    dataset = read_dataset(folder, "data", dt.date(2026, 1, 1))
    judgement = check_dataset(dataset)
    assert {problem.rule.id for problem in judgement.problems} == {"GK-01"}
    assert {record.form.id for filed in dataset.disclosures for record in filed.all_records} <= {
        "shili-2024-project",
        "shili-2024-rubric",
        "shili-2025-project",
    }
    markdown_by_path = {page.path: render_markdown(page) for page in render_pages(dataset)}
    for path in ("units/shili/2024/index.md", "units/shili/2024/projects/dao-lu.md"):
        golden = folder / "pages" / path.replace("/", "-")
        if request.config.getoption("--update-golden"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(markdown_by_path[path], "utf-8")
        assert markdown_by_path[path] == golden.read_text("utf-8")


@pytest.mark.parametrize("folder", ["cases/pages", "pages", "unseen/pages"])
def test_rows_of_a_table_are_equally_wide(folder: str) -> None:
    """Cells that span in from the rows above count."""
    count = 0
    for path in (GOLDEN / folder).rglob("*.md"):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for table in soup.find_all("table"):
            for part in table.find_all(["thead", "tbody", "tfoot"]):
                assert isinstance(part, Tag)
                assert len(set(_row_widths(part))) == 1, f"{path.name}: {_row_widths(part)}"
            count += 1
    assert count


def _row_widths(part: Tag) -> list[int]:
    """Return the number of columns that every row covers."""
    widths: list[int] = []
    spanning: list[tuple[int, int]] = []
    for row in part.find_all("tr"):
        spanning = [(rows - 1, columns) for rows, columns in spanning if rows > 1]
        cells = [
            (int(str(cell.get("rowspan", "1"))), int(str(cell.get("colspan", "1"))))
            for cell in row.find_all(["th", "td"])
        ]
        widths.append(sum(columns for _, columns in [*spanning, *cells]))
        spanning += cells
    return widths
