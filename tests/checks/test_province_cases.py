"""Real disclosures of other provinces, published through their forms, to the character.

tests/golden/cases/units holds them as YAML, originals/ as they stood on their sites (cut off where
the source was), differences.yml what the page shows otherwise and why, problems.txt what the checks
say of them, pages/ the pages. `pytest --update-golden` writes the last two anew.
"""

import datetime as dt
import re
import shutil
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from gongkai.build.render import all_pages
from gongkai.checks.registry import judged
from gongkai.model.terms import DocumentKind
from gongkai.pages.markdown import markdown
from gongkai.reading.dataset import Dataset, read_dataset
from tests.folders import GOLDEN, ROOT

CASES = GOLDEN / "cases"
ORIGINALS = sorted(path.stem for path in (CASES / "originals").glob("*.txt"))
DIFFERENCES: dict[str, Any] = yaml.safe_load((CASES / "differences.yml").read_text("utf-8"))
_PARTS = {kind.anchor for kind in DocumentKind}
_NOT_TEXT = re.compile(r"[\s|\u3000]|（(?:窗口在此)?截断）")
"""What the originals' transcription puts between cells, and where it is cut off."""


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
    """The pages of disclosures and projects, by path."""
    assert dataset.site
    made = all_pages(dataset, judged(dataset), dataset.site)
    return {page.path: markdown(page) for page in made if re.match(r"units/.*/\d{4}/", page.path)}


def test_what_the_checks_say(dataset: Dataset, request: pytest.FixtureRequest) -> None:
    problems = judged(dataset).problems
    told = "".join(f"{each.level.value} {each}\n" for each in problems)
    kept = CASES / "problems.txt"
    if request.config.getoption("--update-golden"):
        kept.write_text(told, "utf-8")
    assert told == kept.read_text("utf-8")


def test_pages(pages: dict[str, str], request: pytest.FixtureRequest) -> None:
    kept = CASES / "pages"
    if request.config.getoption("--update-golden"):
        shutil.rmtree(kept, ignore_errors=True)
        for path, text in pages.items():
            (kept / path).parent.mkdir(parents=True, exist_ok=True)
            (kept / path).write_text(text, "utf-8")
    assert pages == {
        path.relative_to(kept).as_posix(): path.read_text("utf-8") for path in kept.rglob("*.md")
    }


def test_every_form_has_a_case(dataset: Dataset) -> None:
    """Of each form a page is kept: here, or of the synthetic unit, or of the seed."""
    filed = {record.form.id for each in dataset.disclosures for record in each.all_records}
    others = re.findall(
        r"表式: ([\w-]+)",
        "".join(
            path.read_text("utf-8")
            for folder in (GOLDEN / "data", ROOT / "data" / "units")
            for path in folder.rglob("*")
            if path.suffix in {".yml", ".md"}
        ),
    )
    assert {form.id for form in dataset.forms} - filed - set(others) == set()


@pytest.mark.parametrize("name", ORIGINALS)
def test_page_is_the_original_to_the_character(pages: dict[str, str], name: str) -> None:
    case = DIFFERENCES[name]
    text = (CASES / "originals" / f"{name}.txt").read_text("utf-8")
    original = _NOT_TEXT.sub("", text.replace(case.get("分隔", "|"), ""))
    for each in case["不同"]:
        assert original.count(each["原件"]) == 1, each
        assert each["缘由"]
        original = original.replace(each["原件"], each["页面"])
    shown = "".join(_printed(pages[path]) for path in case["页面"])
    assert shown == original


def _printed(page: str) -> str:
    """What a page prints of its documents: titles, lines, tables, without spaces."""
    documents = page.split("\n## ")[1:]
    anchors = [(each, re.match(r".*\{#([\w-]+)\}", each)) for each in documents]
    return "".join(_document(each) for each, found in anchors if found and found[1] in _PARTS)


def _document(text: str) -> str:
    title, _, rest = text.partition("\n")
    soup = BeautifulSoup(rest, "html.parser")
    for hidden in soup.select(".gk-untitled caption"):
        hidden.decompose()
    heading = BeautifulSoup(re.sub(r" \{#.*\}$", "", title), "html.parser")
    parts = [heading.get_text(), *(tag.get_text() for tag in soup if isinstance(tag, Tag))]
    return re.sub(r"\s", "", "".join(parts))


def test_forms_never_seen_before(request: pytest.FixtureRequest) -> None:
    """tests/golden/unseen: forms written from the handbook alone, their documents, their pages."""
    folder = GOLDEN / "unseen"
    dataset = read_dataset(folder, "data", dt.date(2026, 1, 1))
    judgement = judged(dataset)
    assert {problem.rule.id for problem in judgement.problems} == {"GK-01"}
    assert {form.id for form in dataset.forms} == {
        "shili-2024-project",
        "shili-2024-rubric",
        "shili-2025-project",
    }
    assert dataset.site
    made = {page.path: markdown(page) for page in all_pages(dataset, judgement, dataset.site)}
    for path in ("units/shili/2024/index.md", "units/shili/2024/projects/dao-lu.md"):
        kept = folder / "pages" / path.replace("/", "-")
        if request.config.getoption("--update-golden"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(made[path], "utf-8")
        assert made[path] == kept.read_text("utf-8")


@pytest.mark.parametrize("folder", ["cases/pages", "pages", "unseen/pages"])
def test_rows_of_a_table_are_equally_wide(folder: str) -> None:
    """Counting what spans in from the rows above."""
    tables = 0
    for path in (GOLDEN / folder).rglob("*.md"):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for table in soup.find_all("table"):
            for part in table.find_all(["thead", "tbody", "tfoot"]):
                assert isinstance(part, Tag)
                assert len(set(_widths(part))) == 1, f"{path.name}: {_widths(part)}"
            tables += 1
    assert tables


def _widths(part: Tag) -> list[int]:
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
