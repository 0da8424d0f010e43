"""Trees of indicators as printed in tables: names, points, printed texts; what is the same in all."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.form_drafts.layout import PageCell, PageRow
from gongkai.authoring.office.cells import clean_value, normalize_label
from gongkai.authoring.office.tables import PLACEHOLDERS

_POINTS = (
    re.compile(
        r"^(?P<name>.+?)(?P<open>\s*[（(]\s*)(?P<points>\d+(?:\.\d+)?)(?P<close>\s*分\s*[)）])$",
        re.DOTALL,
    ),
    re.compile(
        r"^(?P<name>.*?[^\s（(\d.])(?P<open>\s*)(?P<points>\d+(?:\.\d+)?)(?P<close>\s*分)$",
        re.DOTALL,
    ),
)
_SHARE = re.compile(
    r"^(?P<name>.*?[^\s（(\d.])(?P<open>\s*[（(]\s*)(?P<points>\d+(?:\.\d+)?)(?P<close>\s*%\s*[)）])$",
    re.DOTALL,
)
_NO_POINTS = re.compile(
    r"^(?P<name>.*?[^\s（(])(?P<open>\s*[（(]\s*)(?P<points>)(?P<close>[分%]\s*[)）])$", re.DOTALL
)


class NamedPoints(NamedTuple):
    """A printed name, taken apart."""

    name: str
    points: str
    """Empty if none are printed with the name."""
    before: str
    after: str
    """What stands before and behind the points: “（” and “分）”."""

    @property
    def has_format(self) -> bool:
        """Whether there is a place for points behind the name."""
        return bool(self.before or self.after)


def parse_name(text: str, *, is_first: bool = False) -> NamedPoints:
    """Return the name of an indicator and its points: 产出指标（50分）."""
    cleaned = clean_value(text)
    match = next(filter(None, (pattern.match(cleaned) for pattern in _POINTS)), None)
    match = match or _NO_POINTS.match(cleaned)
    match = match or (_SHARE.match(cleaned) if is_first else None)
    if match is None:
        return NamedPoints(cleaned, "", "", "")
    return NamedPoints(match["name"].strip(), match["points"], match["open"], match["close"])


@dataclass(slots=True)
class IndicatorNode:
    """An indicator of a table."""

    name: NamedPoints
    level: int
    children: dict[str, "IndicatorNode"] = field(default_factory=dict)
    """By normalized name."""
    texts: dict[int, str] = field(default_factory=dict)
    """The other cells of its first row, by column number of the table's list of columns."""

    @property
    def key(self) -> str:
        """Its name, normalized."""
        return normalize_label(self.name.name)


@dataclass(slots=True)
class IndicatorTree:
    """The indicators of one table."""

    roots: dict[str, IndicatorNode]
    formats: dict[int, Counter[tuple[str, str]]]
    """How often points stand behind the names of a level, by what is around them."""
    is_blank: bool = False
    """Whether nothing is filled in, so that all names are the form's own."""


def read_tree(
    rows: Sequence[PageRow],
    levels: Sequence[int],
    columns: Sequence[int],
    *,
    blocks: int = 0,
    keeps_leaf_points: bool = False,
) -> IndicatorTree:
    """Return the tree of the indicators in these rows; `levels` and `columns` are their places.

    The first `blocks` levels may be blank. Points behind names of the last level are only taken as
    such with `keeps_leaf_points`.
    """
    tree = IndicatorTree({}, {})
    path: list[IndicatorNode | None] = [None] * len(levels)
    for row in rows:
        cells = [row.cell_at(column) for column in levels]
        if len({id(cell) for cell in cells if cell}) < sum(cell is not None for cell in cells):
            continue  # A cell merged over several levels is no indicator.
        for level, cell in enumerate(cells):
            if cell is None or not _begins(cell, row, path[level], is_block=level < blocks):
                continue
            path[level + 1 :] = [None] * (len(levels) - level - 1)
            siblings = tree.roots if level == 0 else _children(path[level - 1])
            if siblings is None:
                continue
            is_last = level + 1 == len(levels)
            name = parse_name(cell.text, is_first=level == 0)
            if is_last and len(levels) > 1 and not keeps_leaf_points:
                name = NamedPoints(clean_value(cell.text), "", "", "")
            node = IndicatorNode(name, level)
            node = siblings.setdefault(node.key, node)
            path[level] = node
            if name.has_format:
                counter = tree.formats.setdefault(level, Counter())
                counter[name.before, name.after] += 1
            _take_texts(node, row, cell, columns)
    return tree


def _begins(cell: PageCell, row: PageRow, current: IndicatorNode | None, *, is_block: bool) -> bool:
    """Return whether an indicator begins in a row: a blank cell continues the one above."""
    if is_block and current is None:
        return True
    if cell.is_blank or normalize_label(cell.text) in PLACEHOLDERS:
        return False
    return cell.row == row.number or current is None


def _children(node: IndicatorNode | None) -> dict[str, IndicatorNode] | None:
    return None if node is None else node.children


def _take_texts(node: IndicatorNode, row: PageRow, cell: PageCell, columns: Sequence[int]) -> None:
    """Set the texts of the columns in the first row of an indicator."""
    if node.texts:
        return
    for number, column in enumerate(columns):
        value = row.cell_at(column)
        if value is not None and not value.is_blank and value.row >= cell.row:
            node.texts[number] = value.text.strip()


def iter_nodes(nodes: dict[str, IndicatorNode]) -> Iterator[IndicatorNode]:
    """Yield indicators with all those below them."""
    for node in nodes.values():
        yield node
        yield from iter_nodes(node.children)


class Merged(NamedTuple):
    """An indicator that the form prints, as the tables agree on it."""

    name: NamedPoints
    """The points are empty where the tables differ."""
    level: int
    texts: dict[int, str]
    """The texts that are the same in all tables, by column."""
    is_certain: bool
    """Whether more than one table, or an empty one, has it."""
    children: tuple["Merged", ...]


@dataclass(frozen=True, slots=True)
class TreeMerger:
    """Finds what the form prints in the trees of several tables."""

    last_level: int
    """Level of the indicators themselves."""
    is_rubric: bool
    common: frozenset[str]
    """Normalized names that are the same all over the country."""

    def merge(self, trees: Sequence[IndicatorTree]) -> tuple[Merged, ...]:
        """Return the indicators that the form prints; an empty table settles the matter."""
        blank = [tree for tree in trees if tree.is_blank]
        return self._merge_level([tree.roots for tree in blank or trees], 0, is_blank=bool(blank))

    def _merge_level(
        self, groups: Sequence[dict[str, IndicatorNode]], level: int, *, is_blank: bool
    ) -> tuple[Merged, ...]:
        keys = dict.fromkeys(key for group in groups for key in group)
        merged = [
            self._merge_nodes(
                [group[key] for group in groups if key in group],
                is_blank=is_blank,
                is_certain=is_blank or len(groups) > 1 or key in self.common or self.is_rubric,
            )
            for key in keys
            if self._is_printed(key, groups, is_blank=is_blank, level=level)
        ]
        return tuple(merged)

    def _is_printed(
        self, key: str, groups: Sequence[dict[str, IndicatorNode]], *, is_blank: bool, level: int
    ) -> bool:
        in_all = all(key in group for group in groups)
        if is_blank:
            return True
        if len(groups) > 1:
            return in_all or (level < self.last_level and key in self.common)
        return level < self.last_level or self.is_rubric

    def _merge_nodes(
        self, nodes: Sequence[IndicatorNode], *, is_blank: bool, is_certain: bool
    ) -> Merged:
        first = nodes[0]
        points = {node.name.points for node in nodes}
        name = first.name if len(points) == 1 else first.name._replace(points="")
        texts = {
            number: text
            for number, text in first.texts.items()
            if all(node.texts.get(number) == text for node in nodes)
        }
        below = [node.children for node in nodes]
        children = self._merge_level(below, first.level + 1, is_blank=is_blank)
        return Merged(name, first.level, texts, is_certain, children)


def complete_names(
    merged: tuple[Merged, ...], families: Sequence[Mapping[str, tuple[str, ...]]]
) -> tuple[tuple[Merged, ...], list[str]]:
    """Return the indicators with the names that the unit left out, and the names that were added.

    One filled table shows only the rows in use; what is missing is that of a well-known family of
    names, if there is one with all of the table's names.
    """
    shown = {node.name.name: {child.name.name for child in node.children} for node in merged}
    fitting = (names for names in families if _is_of_family(shown, names))
    family = max(fitting, key=lambda names: len(names.keys() & shown.keys()), default=None)
    added: list[str] = []
    if family is None:
        return merged, added
    own = {node.name.name: node for node in merged}
    completed = [node for node in merged if node.name.name not in family]
    completed += [
        _complete_node(own.get(name) or _new_node(name, merged[0].level), names, added)
        for name, names in family.items()
    ]
    added += [name for name in family if name not in shown]
    return tuple(completed), added


def iter_merged(nodes: Sequence[Merged]) -> Iterator[Merged]:
    """Yield indicators with all those below them."""
    for node in nodes:
        yield node
        yield from iter_merged(node.children)


def _is_of_family(shown: Mapping[str, set[str]], family: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether several names on level 1 are of a family, and all those below them."""
    known = {name: below for name, below in shown.items() if name in family}
    return len(known) > 1 and all(below <= set(family[name]) for name, below in known.items())


def _complete_node(node: Merged, names: Sequence[str], added: list[str]) -> Merged:
    """Return an indicator with all of these names below it."""
    below = {child.name.name: child for child in node.children}
    added += [name for name in names if name not in below]
    children = (below.get(name) or _new_node(name, node.level + 1) for name in names)
    return node._replace(children=tuple(children))


def _new_node(name: str, level: int) -> Merged:
    return Merged(NamedPoints(name, "", "", ""), level, {}, is_certain=True, children=())
