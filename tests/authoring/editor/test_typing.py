"""This repository's own data, typed in by a person's means: keys, clicks and pasted blocks."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.authoring.editor.form_tables import is_fillable
from gongkai.authoring.editor.places import EditableRecord, Spot
from gongkai.authoring.editor.unit_years import UnitYear, read_unit_year
from gongkai.authoring.editor.value_trees import BODY_KEY, Tree, read_tree
from gongkai.model.documents import Indicator
from gongkai.reading.dataset import read_common_data
from tests.authoring.editor.serving import paste, serve_editor, settle
from tests.folders import ROOT, TODAY
from tests.site_pages import open_page

UNIT = "xintian-jsx"
SEED = ROOT / "data/units" / UNIT / "2022"


class Person:
    """Types values into cells, and counts the keystrokes."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.keystrokes = 0

    def begin_year(self, projects: dict[str, str]) -> dict[str, str]:
        """Begin the year and its projects, whose names are given by file; return their own files."""
        page = self.page
        page.goto(self.address)
        page.click("text=新的一年")
        page.fill("[name=year]", "2022")
        page.click(".new-year .primary")
        page.wait_for_url("**/2022/*.yml")
        files = {}
        for file, name in projects.items():
            page.click("#new-project")
            page.fill("#dialog [name=name]", name)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            files[file] = page.url.split("/2022/")[1]
        return files

    def open_file(self, file: str) -> None:
        """Go to a document by its link."""
        self.page.click(f'.documents [data-file="{file}"]')
        expect(self.page.locator(".documents [aria-current]")).to_have_attribute("data-file", file)
        settle(self.page)

    def fill_in(self, where: str, text: str) -> None:
        """Click on a cell and type its value."""
        [target] = self.page.locator(f"[data-where={json.dumps(where, ensure_ascii=False)}]").all()
        if target.input_value() == text:
            return
        target.click()
        self.page.keyboard.insert_text(text)  # As an input method does.
        self.keystrokes += len(text)

    def paste_block(self, place: str, rows: list[list[str]]) -> None:
        """Paste rows from a spreadsheet, and add those that are lacking."""
        self.page.locator(f"[data-place={json.dumps(place, ensure_ascii=False)}]").click()
        paste(self.page, "".join("\t".join(row) + "\r\n" for row in rows))
        if len(rows) > 1:
            # The last group of a table has nowhere else to go, and is simply extended.
            dialogue = self.page.locator("#dialog")
            pasted = self.page.locator("#status", has_text="贴了")
            expect(dialogue.or_(pasted).first).to_be_visible()
            if dialogue.is_visible():
                self.page.keyboard.press("Enter")
        expect(self.page.locator("#status")).to_contain_text(f"贴了 {len(rows)} 行")
        self.keystrokes += 2

    def fill_in_catalogue(self) -> None:
        """Fill in 公开目录 and 填报 as published."""
        self.open_file("disclosure.yml")
        facts = read_tree((SEED / "disclosure.yml").read_text("utf-8"))
        assert isinstance(facts, dict)
        for part in ("公开目录", "填报"):
            values = facts[part]
            assert isinstance(values, dict)
            for key, value in values.items():
                if value:
                    self.fill_in(f"本页/{part}/{key}", f"{value}")

    def fill_in_document(self, document: EditableRecord, file: str) -> None:
        """Fill in a document as published."""
        for spot in own_cells(document):
            self.fill_in(spot.cell.where, spot.cell.filed)
        for place, rows in blocks(document, file):
            self.paste_block(place, rows)
        for place in document.signed:
            spot = document.spots[place]
            self.fill_in(spot.cell.where, spot.cell.filed)


@pytest.fixture
def seed() -> UnitYear:
    """The published data."""
    return read_unit_year(read_common_data(ROOT / "data", "data", TODAY), UNIT, 2022, {})


@pytest.fixture
def empty_unit(tmp_path: Path) -> Path:
    """A data folder with the unit, and no year yet."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    shutil.rmtree(data / "units" / UNIT / "2022")
    return data


def own_cells(document: EditableRecord) -> Iterator[Spot]:
    """Yield the filed cells outside the list of indicators and of open rows."""
    for place, spot in document.spots.items():
        line = document.lines.get(place)
        is_typed = spot.cell.filed and is_fillable(spot) and not spot.is_shared
        is_name = line is not None and spot.place.path[-1] == line.label
        is_single = line is None or (line.is_printed and not is_name)
        if is_typed and is_single and place not in document.signed:
            yield spot


def blocks(document: EditableRecord, file: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the rows below every category, and the place of the first one's name."""

    def below(indicators: tuple[Indicator, ...]) -> Iterator[tuple[str, list[list[str]]]]:
        leaves = [leaf for leaf in indicators if not leaf.children and leaf.name.filed]
        if leaves and leaves[0].level == 2:
            _, *path = json.loads(leaves[0].name.where)
            rows = [
                [leaf.name.filed, *(own.filed for own in leaf.cells.values())] for leaf in leaves
            ]
            yield json.dumps([file, *path], ensure_ascii=False), rows
        for indicator in indicators:
            yield from below(indicator.children)

    for table in document.record.indicator_tables:
        yield from below(table.roots)
    for part in document.record.tables():
        opened = [row for row in part.rows if row.spec.is_open and row.cells["名称"].filed]
        if opened:
            _, *path = json.loads(opened[0].cells["名称"].where)
            rows = [[own.filed for own in row.cells.values()] for row in opened]
            yield json.dumps([file, *path], ensure_ascii=False), rows


def filed_values(tree: Tree) -> Tree:
    """Return what is filed: without blank values, and titles that are the form's own."""
    if isinstance(tree, dict):
        kept = {key: filed_values(value) for key, value in tree.items() if key != "标题"}
        return {key: value for key, value in kept.items() if value not in ("", {}, [], None)}
    if isinstance(tree, list):
        return [filed_values(entry) for entry in tree]
    return tree


@pytest.mark.long
def test_the_published_data_is_typed_in(
    seed: UnitYear, empty_unit: Path, chromium: Browser
) -> None:
    projects = {file: seed.project_name(file) for file in seed.sources if "/" in file}
    with (
        serve_editor(empty_unit, UNIT) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        person = Person(page, server.address)
        files = {"baseline.yml": "baseline.yml", "overall.yml": "overall.yml"}
        files |= person.begin_year(projects)
        person.fill_in_catalogue()
        for file, own in files.items():
            person.open_file(own)
            for document in seed.records(file):
                person.fill_in_document(document, own)
            settle(page)
        person.open_file("report.md")
        page.click("#source")
        page.keyboard.press("Control+a")
        body = seed.sources["report.md"].body
        paste(page, body)
        settle(page)
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert errors == []
    folder = empty_unit / "units" / UNIT / "2022"
    for file, own in files.items():
        typed = read_tree((folder / own).read_text("utf-8"))
        assert filed_values(typed) == filed_values(read_tree((SEED / file).read_text("utf-8"))), (
            file
        )
    report = read_tree((folder / "report.md").read_text("utf-8"), is_report=True)
    assert isinstance(report, dict)
    assert f"{report[BODY_KEY]}".split() == body.split()
