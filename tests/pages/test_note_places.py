"""Every note has a place: the cell that it is about, or the document, refers to it exactly once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from gongkai.checks.points import points_of_parts_differ
from gongkai.checks.runner import check_data
from gongkai.model.problems import Explanation, Level, Problem
from gongkai.model.publication import Disclosure, Site
from gongkai.pages.render import render_archived_disclosure
from tests.benchmarks.corpus import write_corpus
from tests.folders import GOLDEN, ROOT, TODAY, copy_publisher, example_data

SITE = Site.model_validate({"站点名称": "示例站点", "主办单位": "示例单位", "展示警告": "是"})


def place_faults(disclosure: Disclosure, problems: Iterable[Problem]) -> list[str]:
    """Return the notes of a disclosure's pages that have no place, or several, on their page."""
    faults: list[str] = []
    for page in render_archived_disclosure(disclosure, list(problems), SITE):
        ids = Counter(re.findall(r'\bid="([^"]+)"', page.body))
        links = re.findall(r'href="#((?:mark|note)-\d+)"', page.body)
        faults += [f"{page.head.url}#{link}" for link in links if ids[link] != 1]
        faults += [f"{page.head.url} id={name}" for name, count in ids.items() if count > 1]
    return faults


def problems_everywhere(disclosure: Disclosure) -> Iterator[Problem]:
    """Yield an explained problem and a warning for every value of every document."""
    rule = points_of_parts_differ.rule
    for record in disclosure.all_records:
        for cell in record.cells:
            problem = Problem(
                rule, Level.E, cell.position, "示例", where=cell.where, filed="1", computed="2"
            )
            explanation = Explanation(
                rule.id, cell.where, "1", "2", "示例", "示例员", "2023-07-01", cell.position
            )
            yield problem._replace(explanation=explanation)
            yield problem._replace(level=Level.W)


def golden_folders(folder: Path) -> Iterator[Path]:
    yield example_data(folder / "example")
    yield ROOT / "data"
    yield GOLDEN / "unseen"
    yield GOLDEN / "cases"


@pytest.mark.parametrize("number", range(4))
def test_every_value_of_the_golden_cases_can_have_notes(number: int, tmp_path: Path) -> None:
    folder = list(golden_folders(tmp_path))[number]
    data = tmp_path / "data"
    data.mkdir()
    for path in folder.iterdir():
        (data / path.name).symlink_to(path)
    if not (data / "forms").exists():
        (data / "forms").symlink_to(ROOT / "data" / "forms")
    disclosures = check_data(data, TODAY, drafts=True).dataset.disclosures
    assert disclosures
    for disclosure in disclosures:
        assert place_faults(disclosure, problems_everywhere(disclosure)) == []


def test_every_value_of_made_up_disclosures_can_have_notes(tmp_path: Path) -> None:
    """The made-up units use all forms."""
    write_corpus(copy_publisher(tmp_path), 60, seed=7)
    for disclosure in check_data(tmp_path / "data", TODAY).dataset.disclosures:
        assert place_faults(disclosure, problems_everywhere(disclosure)) == []
