"""Texts that YAML would read differently, typed in the browser: they read back as typed."""

import random
import shutil
from difflib import ndiff
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gongkai.authoring.editor.form_tables import is_fillable
from gongkai.authoring.editor.unit_years import read_unit_year
from gongkai.authoring.editor.value_trees import clean_text, read_tree, value_at
from gongkai.reading.dataset import read_common_data
from tests.authoring.editor.serving import serve_editor, settle
from tests.folders import ROOT, TODAY
from tests.site_pages import open_page

FILES = ("overall.yml", "baseline.yml", "projects/liuchu-renkou.yml")
EDITS = 20
ODD = (
    "甲: 乙", "# 不是注释", "- 一项", "“引号”'单'\"双\"", "no", "012", "12:30", "[1, 2]", "{甲}", "*甲",
    "&甲", "!甲", "| 竖", "> 大于", "%比", "@甲", "`甲`", "≥95%", "—", "0", "两行\n第二行", "a\\b", "甲 #乙",
)  # fmt: skip


@pytest.mark.long
def test_odd_texts_read_back_as_typed(chromium: Browser, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    year = data / "units/xintian-jsx/2022"
    seed = read_unit_year(read_common_data(data, "data", TODAY), "xintian-jsx", 2022, {})
    with (
        serve_editor(data) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        typed = {}
        for file in FILES:
            page.goto(f"{server.address}units/xintian-jsx/2022/{file}")
            settle(page)
            documents = seed.records(file)
            spots = [
                spot
                for document in documents
                for place, spot in document.spots.items()
                if is_fillable(spot) and place not in document.lines and not spot.is_shared
            ]
            for spot in chance.sample(spots, min(EDITS, len(spots))):
                text = chance.choice(ODD)
                page.locator(f"[data-place={quote(spot.place.id)}]").click()
                page.keyboard.press("Control+a")
                page.keyboard.insert_text(text)
                typed[spot.place] = text
            settle(page)
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert errors == []
    for file in FILES:
        before = (ROOT / "data/units/xintian-jsx/2022" / file).read_text("utf-8")
        after = (year / file).read_text("utf-8")
        own = {place.path: text for place, text in typed.items() if place.file == file}
        tree = read_tree(after)
        assert {path: value_at(tree, path) for path in own} == {
            path: clean_text(text) for path, text in own.items()
        }
        removed = [line for line in ndiff(before.split("\n"), after.split("\n")) if line[0] == "-"]
        assert len(removed) <= len(own)


def quote(text: str) -> str:
    """Return a text as a CSS string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
