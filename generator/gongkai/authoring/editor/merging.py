"""Three-way merge by value: what both sides changed differently is a conflict, all else is merged."""

import hashlib
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias

from gongkai.authoring.editor.tree_diffs import diff_trees, match_entries
from gongkai.authoring.editor.value_trees import (
    BODY,
    Place,
    Tree,
    ValueEdit,
    apply_edits,
    clean_tree,
    same_values,
)

WHOLE_FILE = "整个文件"
"""The words of a conflict between two versions of a file that cannot be merged value by value."""
_PARAGRAPH = re.compile(r".+?(?:\n[ \t]*\n\s*|\Z)", re.DOTALL)


class Missing:
    """A value that one side does not have: its key or entry was removed, or is not there yet."""

    def __repr__(self) -> str:
        """Return a short name for test reports."""
        return "MISSING"


MISSING = Missing()
MaybeTree: TypeAlias = "Tree | Missing"


class Side(StrEnum):
    """Whose value a conflict is settled with."""

    MINE = "mine"
    THEIRS = "theirs"
    OTHER = "other"
    """A third value, typed when settling."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a conflict is settled."""

    side: Side
    value: Tree = None
    """The value of OTHER."""


@dataclass(frozen=True, slots=True)
class ValueConflict:
    """A value that both sides changed differently."""

    place: Place
    """In their version; in mine if they removed it."""
    words: str
    """The place in words, with the names of rows: 绩效指标/产出指标/数量指标/得分."""
    base: MaybeTree
    """The value before either change."""
    mine: MaybeTree
    theirs: MaybeTree

    @property
    def id(self) -> str:
        """A name by which a Choice refers to it; another one if any of the values changes."""
        parts = [
            None if isinstance(value, Missing) else [value]
            for value in (self.base, self.mine, self.theirs)
        ]
        text = json.dumps([self.place, parts], ensure_ascii=False)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome of a merge."""

    tree: Tree
    """The merged values; their values where there is a conflict that no choice settles."""
    edits: tuple[ValueEdit, ...]
    """The edits that turn their version into the merged one."""
    conflicts: tuple[ValueConflict, ...]
    """Those that no choice settles, in the order of the file."""


def merge_values(
    base: Tree, mine: Tree, theirs: Tree, choices: Mapping[str, Choice] | None = None
) -> Merge:
    """Merge the changes that two sides made to the same values.

    `choices` settle conflicts, by the conflicts' ids. Rows of lists are recognised by their names
    and values, wherever they stand.
    """
    merger = _Merger(choices or {})
    merged = merger.merge(base, mine, theirs, (), "")
    tree = theirs if isinstance(merged, Missing) else merged
    return Merge(tree, tuple(diff_trees(theirs, tree)), tuple(merger.conflicts))


def rebase_edits(
    base: Tree,
    edits: Iterable[ValueEdit],
    current: Tree,
    choices: Mapping[str, Choice] | None = None,
) -> Merge:
    """Merge edits made to an older version of a file with its present values."""
    return merge_values(base, apply_edits(base, edits), current, choices)


@dataclass(frozen=True, slots=True)
class _Merger:
    choices: Mapping[str, Choice]
    conflicts: list[ValueConflict] = field(default_factory=list)

    def merge(
        self, base: MaybeTree, mine: MaybeTree, theirs: MaybeTree, place: Place, words: str
    ) -> MaybeTree:
        """Return the merged value of a place."""
        if _same(mine, theirs) or _same(base, mine):
            return theirs
        if _same(base, theirs):
            return mine
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self.merge_mappings(base, mine, theirs, place, words)
        if isinstance(mine, list) and isinstance(theirs, list):
            entries = base if isinstance(base, list) else []
            return self.merge_lists(entries, mine, theirs, place, words)
        if place == BODY and isinstance(mine, str) and isinstance(theirs, str):
            return self.merge_bodies(base if isinstance(base, str) else "", mine, theirs)
        return self.settle(ValueConflict(place, words, base, mine, theirs))

    def settle(self, conflict: ValueConflict) -> MaybeTree:
        """Return the value that a choice names; else theirs, and note the conflict."""
        choice = self.choices.get(conflict.id)
        if choice is None:
            self.conflicts.append(conflict)
            return conflict.theirs
        match choice.side:
            case Side.MINE:
                return conflict.mine
            case Side.THEIRS:
                return conflict.theirs
            case Side.OTHER:
                return clean_tree(choice.value)

    def merge_mappings(
        self,
        base: MaybeTree,
        mine: dict[str, Tree],
        theirs: dict[str, Tree],
        place: Place,
        words: str,
    ) -> Tree:
        old = base if isinstance(base, dict) else {}
        merged: dict[str, Tree] = {}
        for key in dict.fromkeys([*theirs, *mine]):
            before, my_value, their_value = (side.get(key, MISSING) for side in (old, mine, theirs))
            name = f"{words}/{key}".lstrip("/")
            value = self.merge(before, my_value, their_value, (*place, key), name)
            if not isinstance(value, Missing):
                merged[key] = value
        return merged

    def merge_lists(
        self,
        base: list[Tree],
        mine: list[Tree],
        theirs: list[Tree],
        place: Place,
        words: str,
    ) -> MaybeTree:
        my_ids, their_ids = _entry_ids(base, mine, theirs)
        my_order = [entry for entry in my_ids if entry in their_ids and isinstance(entry, int)]
        their_order = [entry for entry in their_ids if entry in my_order]
        mine_moved, theirs_moved = my_order != sorted(my_order), their_order != sorted(their_order)
        if mine_moved and theirs_moved and my_order != their_order:
            return self.settle(ValueConflict(place, words, base, mine, theirs))
        first, second = (my_ids, their_ids) if mine_moved else (their_ids, my_ids)
        merged: list[Tree] = []
        for entry in _join_orders(first, second):
            old = base[entry] if isinstance(entry, int) else MISSING
            my_value = mine[my_ids.index(entry)] if entry in my_ids else MISSING
            their_value = theirs[their_ids.index(entry)] if entry in their_ids else MISSING
            position = (their_ids if entry in their_ids else my_ids).index(entry)
            name = _entry_name([my_value, their_value, old]) or f"第{position + 1}项"
            value = self.merge(old, my_value, their_value, (*place, position), f"{words}/{name}")
            if not isinstance(value, Missing):
                merged.append(value)
        return merged

    def merge_bodies(self, base: str, mine: str, theirs: str) -> str:
        """Merge a report's body paragraph by paragraph."""
        old, my_parts, their_parts = (_PARAGRAPH.findall(text) for text in (base, mine, theirs))
        my_changes, their_changes = _changes(old, my_parts), _changes(old, their_parts)
        merged: list[str] = []
        at = 0
        while my_changes or their_changes:
            start = min(changes[0].start for changes in (my_changes, their_changes) if changes)
            end, mine_here, theirs_here = _overlap(start, my_changes, their_changes)
            merged += old[at:start]
            number = len(merged) + 1
            before = "".join(old[start:end])
            my_text = _replaced(old, mine_here, start, end)
            their_text = _replaced(old, theirs_here, start, end)
            name = f"{BODY[0]}第{number}段"
            value = self.merge(before, my_text, their_text, (*BODY, start), name)
            merged += [value] if isinstance(value, str) and value else []
            at = end
        merged += old[at:]
        return "\n\n".join(part.strip("\n") for part in merged)


@dataclass(frozen=True, slots=True)
class _Change:
    """Paragraphs start to end of the old text, and what replaces them."""

    start: int
    end: int
    new: tuple[str, ...]


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    before, after = [part.strip() for part in old], [part.strip() for part in new]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        _Change(start, end, tuple(new[new_start:new_end]))
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _overlap(
    start: int, my_changes: list[_Change], their_changes: list[_Change]
) -> tuple[int, list[_Change], list[_Change]]:
    """Take the changes that overlap from `start` on; return where they end, and both sides' ones."""
    end, taken = start, ([], [])  # type: tuple[int, tuple[list[_Change], list[_Change]]]
    growing = True
    while growing:
        growing = False
        for changes, here in zip((my_changes, their_changes), taken, strict=True):
            while changes and (changes[0].start < end or changes[0].start == start):
                here.append(changes.pop(0))
                end, growing = max(end, here[-1].end), True
    return end, *taken


def _replaced(old: Sequence[str], changes: Iterable[_Change], start: int, end: int) -> str:
    """Return some of the old paragraphs as one side has them."""
    parts: list[str] = []
    for change in changes:
        parts += [*old[start : change.start], *change.new]
        start = change.end
    return "".join([*parts, *old[start:end]])


def _same(one: MaybeTree, other: MaybeTree) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one is other
    return same_values(one, other)


def _entry_ids(
    base: list[Tree], mine: list[Tree], theirs: list[Tree]
) -> tuple[list[Hashable], list[Hashable]]:
    """Return what identifies the entries of both sides: the position in the base, or a name."""
    my_matches = match_entries(base, mine, by_name=True)
    their_matches = match_entries(base, theirs, by_name=True)
    my_new = [index for index in range(len(mine)) if index not in my_matches]
    their_new = [index for index in range(len(theirs)) if index not in their_matches]
    both = match_entries(
        [theirs[index] for index in their_new], [mine[index] for index in my_new], by_name=True
    )
    my_ids: list[Hashable] = [my_matches.get(index, ("mine", index)) for index in range(len(mine))]
    for my_index, their_index in both.items():
        my_ids[my_new[my_index]] = ("theirs", their_new[their_index])
    their_ids: list[Hashable] = [
        their_matches.get(index, ("theirs", index)) for index in range(len(theirs))
    ]
    return my_ids, their_ids


def _join_orders(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Hashable]:
    """Return the first order, with the entries that only the second has after their predecessors."""
    joined = list(first)
    for number, entry in enumerate(second):
        if entry in joined:
            continue
        before = next((known for known in reversed(second[:number]) if known in joined), None)
        joined.insert(0 if before is None else joined.index(before) + 1, entry)
    return joined


def _entry_name(values: Iterable[MaybeTree]) -> str:
    """Return the first text of an entry, as a name in messages."""
    for value in values:
        first = next(iter(value.values()), "") if isinstance(value, dict) else value
        if isinstance(first, str) and first:
            return first
    return ""
