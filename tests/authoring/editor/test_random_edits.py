"""Random edits of real data files: only the touched lines differ, and nothing else changes value."""

import copy
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gongkai.authoring.editor.merging import rebase_edits
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import (
    BODY,
    EditKind,
    Place,
    Tree,
    ValueEdit,
    clean_text,
    iter_places,
    read_tree,
    value_at,
)
from gongkai.authoring.skeletons import document_skeleton
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import ScalarPosition
from gongkai.reading.dataset import read_common_data
from gongkai.reading.source import parse_source
from tests.authoring.editor.styled_files import styled_texts
from tests.authoring.editor.test_value_edits import CERTAIN, LONG
from tests.folders import GOLDEN, ROOT, TODAY

FLOW = """# 合并的写法
表式: 例
金额: {年初: 1.5万元, 全年: , 执行: '0'}   # 说明
清单: [甲, "乙", '丙']
项目:
- {名称: 一, 数: 1}
- {名称: 二,
   数: 2}

# 说明
说明: >-
  第一行
  second line

  第二段
文字: |
    第一行

    第三行
空的: {}
无: []
深:
    - - 甲
      - 乙
    -
    - 名: 丙   # 丙
      # 里面
      值:
        "键: 一": 1
尾: 完"""


@cache
def real_files() -> dict[str, str]:
    """Return texts of data files that the reader reads without faults, by their paths."""
    folders = (ROOT / "data/units", ROOT / "data/forms", GOLDEN)
    paths = [path for folder in folders for path in sorted(folder.rglob("*.yml"))]
    texts = {f"{path.relative_to(ROOT)}": path.read_text("utf-8") for path in paths}
    return {"flow": FLOW} | {name: text for name, text in texts.items() if is_read(text)}


def draw_text(data: st.DataObject) -> str:
    if data.draw(st.booleans()):
        return data.draw(styled_texts().filter(is_read))
    text = real_files()[data.draw(st.sampled_from([*real_files()]))]
    ending = data.draw(st.sampled_from(["", "\n", "\n\n# 完\n"]))
    return f"{text.rstrip()}{ending}"


def is_read(text: str) -> bool:
    source = parse_source(text.encode(), "")
    return isinstance(source.root, MappingNode) and not source.problems


def tree_in(text: str) -> Any:
    """Return the values that the reader reads, by its own nodes."""

    def values(node: Node | None) -> Any:
        if isinstance(node, MappingNode):
            return {key: values(value) for key, value in node.values.items()}
        if isinstance(node, SequenceNode):
            return [values(entry) for entry in node.items]
        assert node is not None
        return node.text

    source = parse_source(text.encode(), "")
    assert not source.problems, source.problems
    return values(source.root)


def lines_of(text: str, place: Place) -> range:
    """Return the lines, from 0, that a value and its key have according to the reader."""
    node: Node | None = parse_source(text.encode(), "").root
    first, text_lines = 1, text.split("\n")
    for part in place:
        if isinstance(node, MappingNode):
            first = node.key_position(f"{part}").line
            node = node.get(f"{part}")
        elif isinstance(node, SequenceNode) and isinstance(part, int):
            is_flow = node.is_flow
            node = node.items[part]
            first = node.position.line
            while not is_flow and not text_lines[first - 1].lstrip().startswith("-"):
                first -= 1  # The dash stands on a line of its own.
    assert node is not None
    return range(min(first, node.position.line) - 1, last_line(node))


def last_line(node: Node) -> int:
    """Return the last line, from 1, of a node."""
    if isinstance(node, ScalarNode):
        position = node.position
        source = position.source if isinstance(position, ScalarPosition) else ""
        if not source.startswith(("|+", ">+")):  # Their last line ends belong to the value.
            source = source.rstrip()
        return position.line + source.removesuffix("\n").count("\n")
    children = node.values.values() if isinstance(node, MappingNode) else node.items
    return max([node.position.line, *map(last_line, children)])


def blank_is_same(tree: Any) -> Any:
    """Return a tree with empty lists and mappings as blank texts, and texts without last line ends."""
    if isinstance(tree, dict):
        return {key: blank_is_same(value) for key, value in tree.items()} or ""
    if isinstance(tree, list):
        return [blank_is_same(entry) for entry in tree] or ""
    return (tree or "").rstrip("\n")


def changed_lines(old: str, new: str) -> tuple[list[str], list[str], int]:
    """Return the lines between those that are the same above and below, and their number above."""
    before, after = old.split("\n"), new.split("\n")
    top = 0
    while top < min(len(before), len(after)) and before[top] == after[top]:
        top += 1
    bottom = 0
    while bottom < min(len(before), len(after)) - top and before[-1 - bottom] == after[-1 - bottom]:
        bottom += 1
    return before[top : len(before) - bottom], after[top : len(after) - bottom], top


TYPED = st.one_of(
    st.sampled_from([*CERTAIN, *LONG, ""]),
    st.text(st.sampled_from("一二三，。：:;#- '\"[]{}|>&*!%@`\\\n\t 0159.万元ab"), max_size=12),
    st.text(max_size=8),
)
SMALL_TREES: st.SearchStrategy[Tree] = st.recursive(
    TYPED,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["名", "值", "键: 一", "下级"]), inner, max_size=3),
    ),
    max_leaves=5,
)


def check_windows_file(text: str, edit: ValueEdit, new: str) -> None:
    """Check that a file with Windows' line ends and byte-order mark is edited in the same places."""

    def windows(content: str) -> str:
        return "\ufeff" + content.replace("\n", "\r\n")

    if "\n" in text:
        assert edit_values(windows(text), [edit]) == windows(new)


def check_typed_value(data: st.DataObject) -> None:
    """Type a text into a value, and check which lines differ and what is read."""
    text = draw_text(data)
    old = tree_in(text)
    scalars = [place for place, value in iter_places(old) if not isinstance(value, dict | list)]
    assume(scalars)
    place, typed = data.draw(st.sampled_from(scalars)), data.draw(TYPED)

    new = edit_values(text, [ValueEdit(place, typed)])

    expected = copy.deepcopy(old)
    parent: Any = value_at(expected, place[:-1])
    parent[place[-1]] = clean_text(typed)
    assert blank_is_same(tree_in(new)) == blank_is_same(expected)
    removed, _, top = changed_lines(text, new)
    assert {*range(top, top + len(removed))} <= {*lines_of(text, place)}
    check_windows_file(text, ValueEdit(place, typed), new)


def check_structure(data: st.DataObject) -> None:
    """Insert, remove, move or replace a key or an entry, and check which lines differ."""
    text = draw_text(data)
    old = tree_in(text)
    places = [(), *(place for place, _ in iter_places(old))]
    full = [place for place in places if value_at(old, place)]
    collections = [place for place in full if isinstance(value_at(old, place), dict | list)]
    place = data.draw(st.sampled_from(collections))
    parent: Any = value_at(old, place)
    edit = data.draw(
        key_edits(place, parent) if isinstance(parent, dict) else entry_edits(place, parent)
    )

    new = edit_values(text, [edit])

    expected = copy.deepcopy(old)
    change_parent(value_at(expected, place), edit)
    assert blank_is_same(tree_in(new)) == blank_is_same(expected)
    removed, added, top = changed_lines(text, new)
    if edit.kind is EditKind.INSERT and place not in flow_places(text):
        assert removed == []
    if edit.kind is EditKind.REMOVE:
        lines = lines_of(text, edit.place)
        is_first = isinstance(parent, dict) and edit.place[-1] == next(iter(parent))
        allowed = {*lines, lines.stop} if is_first else {*lines}  # The next key gets the dash.
        assert {*range(top, top + len(removed))} <= allowed
    if edit.kind is EditKind.MOVE:
        assert Counter("".join(removed)) == Counter("".join(added))
    check_windows_file(text, edit, new)


def key_edits(place: Place, parent: dict[str, Tree]) -> st.SearchStrategy[ValueEdit]:
    known, new = st.sampled_from([*parent]), st.sampled_from([*parent, "新键"])
    setting = st.builds(lambda key, value: ValueEdit((*place, key), value), new, SMALL_TREES)
    removing = st.builds(lambda key: ValueEdit((*place, key), kind=EditKind.REMOVE), known)
    return st.one_of(setting, removing) if place or len(parent) > 1 else setting


def entry_edits(place: Place, parent: list[Tree]) -> st.SearchStrategy[ValueEdit]:
    position = st.integers(0, len(parent) - 1)
    return st.builds(
        lambda at, value, kind, to: ValueEdit((*place, at), value, kind, to),
        position,
        SMALL_TREES,
        st.sampled_from(EditKind),
        position,
    )


def change_parent(parent: Any, edit: ValueEdit) -> None:
    """Make the edit in a mapping or list."""
    part, value = edit.place[-1], clean(edit.value)
    match edit.kind:
        case EditKind.SET:
            parent[part] = value
        case EditKind.REMOVE:
            del parent[part]
        case EditKind.INSERT:
            parent.insert(part, value)
        case EditKind.MOVE:
            parent.insert(edit.to, parent.pop(part))


def clean(tree: Tree) -> Any:
    if isinstance(tree, dict):
        return {clean_text(key): clean(value) for key, value in tree.items()}
    return [clean(entry) for entry in tree] if isinstance(tree, list) else clean_text(tree or "")


def flow_places(text: str) -> set[Place]:
    """Return the places of mappings and lists in braces and brackets."""
    places: set[Place] = set()

    def collect(node: Node | None, place: Place) -> None:
        if isinstance(node, MappingNode | SequenceNode) and node.is_flow:
            places.add(place)
        if isinstance(node, MappingNode):
            for key, value in node.values.items():
                collect(value, (*place, key))
        elif isinstance(node, SequenceNode):
            for position, entry in enumerate(node.items):
                collect(entry, (*place, position))

    collect(parse_source(text.encode(), "").root, ())
    return places


@given(st.data())
@settings(max_examples=40)
def test_a_typed_value_touches_only_its_lines(data: st.DataObject) -> None:
    check_typed_value(data)


@given(st.data())
@settings(max_examples=40)
def test_keys_and_entries_inserted_removed_and_moved(data: st.DataObject) -> None:
    check_structure(data)


@pytest.mark.long
@given(st.data())
@settings(max_examples=500, derandomize=False)
def test_many_typed_values(data: st.DataObject) -> None:
    check_typed_value(data)


@pytest.mark.long
@given(st.data())
@settings(max_examples=500, derandomize=False)
def test_many_keys_and_entries(data: st.DataObject) -> None:
    check_structure(data)


FORMS = read_common_data(ROOT / "data", "data", TODAY).forms


@pytest.mark.parametrize("form_id", sorted(FORMS))
def test_a_new_file_of_any_form_is_filled_in(form_id: str) -> None:
    """Every blank of a skeleton gets a value: only these lines change, and the hints stay."""
    form = FORMS[form_id]
    assert form
    text = document_skeleton(form)
    is_report = text.startswith("---")
    places = [
        place
        for place, value in iter_places(read_tree(text, is_report=is_report))
        if value == "" and place != BODY
    ]
    typed = [text for text in CERTAIN if clean_text(text)]
    edits = [ValueEdit(place, typed[number % len(typed)]) for number, place in enumerate(places)]
    new = edit_values(text, edits, is_report=is_report)
    tree = read_tree(new, is_report=is_report)
    assert [value_at(tree, place) for place in places] == [
        clean_text(f"{edit.value}") for edit in edits
    ]
    old_lines, new_lines = text.splitlines(), new.splitlines()
    assert len(old_lines) == len(new_lines)
    changed = [pair for pair in zip(old_lines, new_lines, strict=True) if pair[0] != pair[1]]
    assert len(changed) == len(places)
    for old_line, new_line in changed:
        head, colon, hint = old_line.partition(":")
        assert new_line.startswith(head + colon)
        assert new_line.endswith(hint)


@given(st.data())
@settings(max_examples=10)
def test_many_edits_one_after_another(data: st.DataObject) -> None:
    """A session: every edit is made in the file that the last one left, or all in one go."""
    text = draw_text(data)
    expected = tree_in(text)
    scalars = [place for place, value in iter_places(expected) if isinstance(value, str)]
    assume(scalars)
    places = data.draw(st.lists(st.sampled_from(scalars), min_size=1, max_size=20))
    edits = [ValueEdit(place, data.draw(TYPED)) for place in places]
    new = text
    for edit in edits:
        new = edit_values(new, [edit])
        parent: Any = value_at(expected, edit.place[:-1])
        parent[edit.place[-1]] = clean(edit.value)
    assert blank_is_same(tree_in(new)) == blank_is_same(expected)
    assert blank_is_same(tree_in(edit_values(text, edits))) == blank_is_same(expected)


@given(st.data())
@settings(max_examples=15)
def test_edits_of_two_people_are_both_in_the_merged_file(data: st.DataObject) -> None:
    text = draw_text(data)
    scalars = [place for place, value in iter_places(tree_in(text)) if isinstance(value, str)]
    assume(scalars)
    places = data.draw(st.lists(st.sampled_from(scalars), min_size=1, max_size=6, unique=True))
    mine = [ValueEdit(place, f"我的{number}") for number, place in enumerate(places[::2])]
    theirs = [ValueEdit(place, f"别人的{number}") for number, place in enumerate(places[1::2])]
    present = edit_values(text, theirs)
    merge = rebase_edits(read_tree(text), mine, read_tree(present))
    assert all(conflict.mine != conflict.theirs for conflict in merge.conflicts)
    if not merge.conflicts:  # Rows that both changed beyond recognition are shown.
        merged = edit_values(present, merge.edits)
        assert all(f"{edit.value}" in merged for edit in (*mine, *theirs))
