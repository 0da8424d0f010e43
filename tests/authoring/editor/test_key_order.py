"""New keys in data files stand where their form has them."""

from pathlib import Path

import pytest

from gongkai.authoring.editor.edit_state import load_file
from gongkai.authoring.editor.key_order import key_order
from gongkai.authoring.editor.saving import FileEdits, save
from gongkai.authoring.editor.value_trees import Place, Tree, ValueEdit, iter_places, read_tree
from gongkai.reading.dataset import read_common_data
from tests.folders import GOLDEN, ROOT, TODAY, example_data

FORMS = read_common_data(ROOT / "data", "data", TODAY).forms
FILES = [
    path
    for folder in (ROOT / "data/units", GOLDEN / "data/units", GOLDEN / "cases/units")
    for path in sorted(folder.rglob("*.yml"))
    if path.name != "disclosure.yml"
]
"""Documents and facts of units, written by hand in the order of their forms."""


def mappings(tree: Tree) -> list[tuple[Place, list[str]]]:
    places: list[tuple[Place, Tree]] = [((), tree), *iter_places(tree)]
    return [(place, [*value]) for place, value in places if isinstance(value, dict)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.relative_to(ROOT)}")
def test_written_files_are_in_this_order(path: Path) -> None:
    tree = read_tree(path.read_text("utf-8"))
    order = key_order(tree, FORMS)
    known_places = 0
    for place, keys in mappings(tree):
        if not place and "项目名称" in keys:
            continue  # The documents of a project are in the order of its attachments.
        known = [key for key in order(place) if key in keys]
        known_places += bool(known)
        assert sorted(known, key=keys.index) == known, place
    assert known_places


def test_a_reason_is_written_behind_the_score(tmp_path: Path) -> None:
    example_data(tmp_path)
    path = "data/units/shili/2022/overall.yml"
    loaded = load_file(tmp_path, path)
    tree = read_tree(loaded.text)
    row = next(place[:-1] for place, _ in iter_places(tree) if place[-1] == "三级指标")
    edits = (
        ValueEdit((*row, "偏差原因分析及改进措施"), "示例原因"),
        ValueEdit(("填报", "填表人"), "示例员"),
    )
    result = save(tmp_path, [FileEdits(path, loaded.digest, edits)], forms=FORMS)
    new = result.files[0].text
    added = [line for line in new.splitlines() if line not in loaded.text.splitlines()]
    assert [line.strip() for line in added] == [
        "偏差原因分析及改进措施: 示例原因",
        "填报:",
        "填表人: 示例员",
    ]
    lines = new.splitlines()
    assert lines[lines.index(added[0]) - 1].strip().startswith("得分: ")
