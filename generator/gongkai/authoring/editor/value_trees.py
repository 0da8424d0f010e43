"""Values of a data file as plain texts, lists and dicts, and edits of single places."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from gongkai.model.nodes import MappingNode, Node, ScalarNode, Source
from gongkai.reading.encoding import decode_text
from gongkai.reading.source import parse_report, parse_source

Place = tuple[str | int, ...]
"""Keys, as the file writes them, and positions in lists, from 0: ("绩效指标", 0, "下级", 1, "得分")."""
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
"""A value: a text, a mapping, a list; None and the empty text are both a blank value."""
KeyOrder = Callable[[Place], Sequence[str]]
"""Returns the keys of the mapping at a place in the form's order; empty if that is not known."""
BODY_KEY = "正文"
BODY: Place = (BODY_KEY,)
"""The place of a report's Markdown, below its front matter."""
_SPACES = " \t\n\xa0"
_BLANKS: tuple[Tree, ...] = (None, "", [], {})


class EditKind(StrEnum):
    """What an edit does at its place."""

    SET = "set"
    """Give a value to a place, whose key may be missing yet."""
    REMOVE = "remove"
    """Remove a key with its value, or an entry of a list."""
    INSERT = "insert"
    """Insert an entry into a list; the place's last part is the position that it gets."""
    MOVE = "move"
    """Move an entry of a list to the position `to`."""


@dataclass(frozen=True, slots=True)
class ValueEdit:
    """One edit of one place."""

    place: Place
    value: Tree = None
    """The new value; of a text the characters that read back (see clean_text)."""
    kind: EditKind = EditKind.SET
    to: int = 0
    """The position that a moved entry gets."""


class EditError(Exception):
    """An edit cannot be made; the message is in Chinese. The text is as it was."""


def any_order(_: Place) -> Sequence[str]:
    """Know no form: new keys come last."""
    return ()


def clean_text(text: str) -> str:
    """Return a typed text as the reader will return it.

    Invisible characters are left out, lookalikes of digits replaced, line ends made uniform, and
    spaces and line ends at both ends removed. What is inside stays.
    """
    return decode_text(text.replace("\x00", "").encode(errors="ignore")).clean.strip(_SPACES)


def clean_tree(tree: Tree) -> Tree:
    """Return a value with all its texts and keys cleaned; a blank value is the empty text."""
    if isinstance(tree, dict):
        return {clean_text(key): clean_tree(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [clean_tree(entry) for entry in tree]
    return clean_text(tree or "")


def read_tree(text: str, *, is_report: bool = False) -> Tree:
    """Return the values of a data file; those of a report include its body.

    Raise EditError if the reader cannot make sense of the file.
    """
    source = parse_file(text, is_report=is_report)
    if source.root is None:
        raise fault_of(source)
    tree = tree_of(source.root)
    return (
        {**tree, BODY_KEY: source.body.strip("\n")}
        if is_report and isinstance(tree, dict)
        else tree
    )


def parse_file(text: str, *, is_report: bool) -> Source:
    """Return a data file's text as the reader reads it."""
    data = text.encode(errors="surrogatepass")
    return parse_report(data, "") if is_report else parse_source(data, "")


def fault_of(source: Source) -> EditError:
    """Return the error of a file whose values cannot be edited, with the first fault in it."""
    if not source.problems:
        return EditError("文件的写法有误，不能在表里改；请先照提示改正")
    problem = source.problems[0]
    line = problem.position.line
    return EditError(f"第 {line} 行的写法有误，不能在表里改：{problem.message}")


def tree_of(node: Node) -> Tree:
    """Return a node's values without their positions."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, MappingNode):
        return {key: tree_of(value) for key, value in node.values.items()}
    return [tree_of(entry) for entry in node.items]


def value_at(tree: Tree, place: Place) -> Tree:
    """Return the value at a place. Raise EditError if there is none."""
    for depth, part in enumerate(place):
        if isinstance(tree, dict) and part in tree:
            tree = tree[str(part)]
        elif isinstance(tree, list) and isinstance(part, int) and 0 <= part < len(tree):
            tree = tree[part]
        else:
            raise EditError(f"文件里没有“{show_place(place[: depth + 1])}”；请重新打开这个文件")
    return tree


def has_place(tree: Tree, place: Place) -> bool:
    """Tell whether a tree has a value, blank or not, at a place."""
    try:
        value_at(tree, place)
    except EditError:
        return False
    return True


def show_place(place: Place) -> str:
    """Return a place in words: 绩效指标/第1项/下级/第2项/得分."""
    return "/".join(part if isinstance(part, str) else f"第{part + 1}项" for part in place)


def is_blank(tree: Tree) -> bool:
    """Tell whether nothing is filed: no text, an empty list or mapping."""
    return tree in _BLANKS


def same_values(one: Tree, other: Tree) -> bool:
    """Tell whether two values are equal: what is blank is, keys have no order, last line ends do not count."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_values(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_values, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.rstrip("\n") == other.rstrip("\n")
    return False


def keep_line_ends(old: Tree, new: str) -> str:
    """Return a new text with the line ends at the end of the old one: block scalars have them."""
    if not new or not isinstance(old, str):
        return new
    return new + old[len(old.rstrip("\n")) :]


def apply_edits(tree: Tree, edits: Iterable[ValueEdit]) -> Tree:
    """Return the values after some edits, made one after another."""
    result: Tree = _copy(tree)
    for edit in edits:
        result = _apply(result, edit.place, edit, edit.place)
    return result


def _copy(tree: Tree) -> Any:  # noqa: ANN401 - lists and dicts to change
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(entry) for entry in tree] if isinstance(tree, list) else tree


def _apply(tree: Any, place: Place, edit: ValueEdit, whole: Place) -> Any:  # noqa: ANN401
    """Return a tree with an edit at a place within it; the tree may be changed."""
    if not place:
        return _set(tree, edit.value)
    part, rest = place[0], place[1:]
    if is_blank(tree) and (edit.kind is EditKind.INSERT or edit.kind is EditKind.SET):
        tree = {} if isinstance(part, str) else []
    is_fitting = isinstance(tree, dict if isinstance(part, str) else list)
    if not is_fitting:
        raise EditError(f"“{show_place(whole[: len(whole) - len(rest) - 1])}”里不能有下级；请核对")
    if rest:
        return _apply_below(tree, place, edit, whole)
    if isinstance(part, str) and edit.kind is EditKind.SET:
        tree[part] = _set(tree.get(part), edit.value)
        return tree
    if isinstance(part, int) and _insert_or_move(tree, part, edit):
        return tree
    if not has_place(tree, (part,)) or edit.kind not in {EditKind.SET, EditKind.REMOVE}:
        raise EditError(f"文件里没有“{show_place(whole)}”；请重新打开这个文件")
    if edit.kind is EditKind.SET:
        tree[part] = _set(tree[part], edit.value)
    else:
        del tree[part]
    return tree


def _apply_below(tree: Any, place: Place, edit: ValueEdit, whole: Place) -> Any:  # noqa: ANN401
    part, rest = place[0], place[1:]
    is_creating = edit.kind in {EditKind.SET, EditKind.INSERT}
    if has_place(tree, (part,)):
        tree[part] = _apply(tree[part], rest, edit, whole)
    elif isinstance(part, str) and is_creating:
        tree[part] = _apply("", rest, edit, whole)
    elif is_creating and part == len(tree):
        tree.append(_apply("", rest, edit, whole))
    else:
        raise EditError(f"文件里没有“{show_place(whole)}”；请重新打开这个文件")
    return tree


def _insert_or_move(entries: list[Any], position: int, edit: ValueEdit) -> bool:
    """Insert or move an entry of a list; return False if the edit is of another kind, or does not fit."""
    is_new = edit.kind is EditKind.INSERT or (
        edit.kind is EditKind.SET and position == len(entries)
    )
    if is_new and 0 <= position <= len(entries):
        entries.insert(position, _copy(clean_tree(edit.value)))
        return True
    fits = 0 <= position < len(entries) and 0 <= edit.to < len(entries)
    if edit.kind is EditKind.MOVE and fits:
        entries.insert(edit.to, entries.pop(position))
        return True
    return False


def _set(old: Any, value: Tree) -> Any:  # noqa: ANN401
    new = clean_tree(value)
    if not isinstance(new, str):
        return _copy(new)
    return old if isinstance(old, str) and clean_text(old) == new else keep_line_ends(old, new)


def iter_places(tree: Tree, place: Place = ()) -> Iterator[tuple[Place, Tree]]:
    """Yield all places of a tree with their values, from the top down."""
    if place:
        yield place, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from iter_places(value, (*place, key))
    elif isinstance(tree, list):
        for position, entry in enumerate(tree):
            yield from iter_places(entry, (*place, position))
