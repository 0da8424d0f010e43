"""What differs between two versions of a file's values, as edits; entries of lists are recognised."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

from gongkai.authoring.editor.value_trees import (
    EditKind,
    Place,
    Tree,
    ValueEdit,
    is_blank,
    iter_places,
    same_values,
)

_SIMILAR = 0.5
"""Least share of characters that a name has in common with what it was renamed to."""


def diff_trees(old: Tree, new: Tree, place: Place = ()) -> list[ValueEdit]:
    """Return edits that, made one after another, turn one version of a value into another."""
    return list(_iter_edits(old, new, place))


def _iter_edits(old: Tree, new: Tree, place: Place) -> Iterator[ValueEdit]:
    if same_values(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        for key in new:
            if key in old:
                yield from _iter_edits(old[key], new[key], (*place, key))
            else:
                yield ValueEdit((*place, key), new[key])
        for key in old:
            if key not in new:
                yield ValueEdit((*place, key), kind=EditKind.REMOVE)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _iter_list_edits(old, new, place)
    else:
        yield ValueEdit(place, new)


def _iter_list_edits(old: list[Tree], new: list[Tree], place: Place) -> Iterator[ValueEdit]:
    matches = match_entries(old, new)
    if not matches:  # The list is never empty in between: it keeps its style.
        for position, entry in enumerate(new):
            yield ValueEdit((*place, position), entry, EditKind.INSERT)
        for index in reversed(range(len(old))):
            yield ValueEdit((*place, len(new) + index), kind=EditKind.REMOVE)
        return
    kept = set(matches.values())
    for index in reversed(range(len(old))):
        if index not in kept:
            yield ValueEdit((*place, index), kind=EditKind.REMOVE)
    order = sorted(kept)
    for position, entry in enumerate(new):
        if position not in matches:
            yield ValueEdit((*place, position), entry, EditKind.INSERT)
            order.insert(position, -1)
            continue
        at = order.index(matches[position])
        if at != position:
            yield ValueEdit((*place, at), kind=EditKind.MOVE, to=position)
            order.insert(position, order.pop(at))
        yield from _iter_edits(old[matches[position]], entry, (*place, position))


def match_entries(
    old: Sequence[Tree], new: Sequence[Tree], *, by_name: bool = False
) -> dict[int, int]:
    """Return, by position in the new list, the positions of the same entries in the old one.

    Entries are the same if they are equal, or have the same name (their first value), or have at
    least half of their values in common; with `by_name` a changed name has to be similar as well,
    so that a row that was replaced is not taken for one that was renamed.
    """
    matches: dict[int, int] = {}
    _match_by(matches, [_frozen(entry) for entry in old], [_frozen(entry) for entry in new])
    old_names, new_names = [_name(entry) for entry in old], [_name(entry) for entry in new]
    _match_by(matches, old_names, new_names, only_unique=True)
    _match_similar(matches, old, new, by_name=by_name)
    _match_by(matches, old_names, new_names)
    return matches


def _match_by(
    matches: dict[int, int],
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    *,
    only_unique: bool = False,
) -> None:
    """Match the unmatched entries that have the same key, those with the same key in order."""
    taken = set(matches.values())
    free_old = [index for index in range(len(old)) if index not in taken and old[index] is not None]
    free_new = [index for index in range(len(new)) if index not in matches]
    counts = Counter(old[index] for index in free_old), Counter(new[index] for index in free_new)
    for index in free_new:
        key = new[index]
        if only_unique and not counts[0][key] == counts[1][key] == 1:
            continue
        source = next((candidate for candidate in free_old if old[candidate] == key), None)
        if source is not None:
            matches[index] = source
            free_old.remove(source)


def _match_similar(
    matches: dict[int, int], old: Sequence[Tree], new: Sequence[Tree], *, by_name: bool
) -> None:
    taken = set(matches.values())
    leaves = {
        index: _leaves(entry)
        for index, entry in enumerate(old)
        if index not in taken and isinstance(entry, dict)
    }
    for index, entry in enumerate(new):
        if index in matches or not isinstance(entry, dict):
            continue
        own = _leaves(entry)
        candidates = [
            source for source in leaves if not by_name or _have_similar_names(old[source], entry)
        ]
        best = max(candidates, key=lambda source: len(own & leaves[source]), default=None)
        if best is None or not own & leaves[best]:
            continue
        if 2 * len(own & leaves[best]) >= max(len(own), len(leaves[best])):
            matches[index] = best
            del leaves[best]


def _have_similar_names(one: Tree, other: Tree) -> bool:
    """Tell whether the names of two entries have half of their characters in common."""
    names = _name(one), _name(other)
    if names[0] is None or names[1] is None or names[0][0] != names[1][0]:
        return names[0] == names[1]
    return SequenceMatcher(None, names[0][1], names[1][1], autojunk=False).ratio() >= _SIMILAR


def _leaves(entry: Tree) -> set[tuple[Place, str]]:
    return {(place, text) for place, text in iter_places(entry) if isinstance(text, str) and text}


def _name(entry: Tree) -> tuple[str, str] | None:
    """Return the first key and value of a mapping; None if it has none."""
    if isinstance(entry, dict):
        key = next(iter(entry), "")
        if isinstance(value := entry.get(key), str) and value:
            return key, value
    return None


def _frozen(entry: Tree) -> Hashable:
    if isinstance(entry, dict):
        return frozenset((key, _frozen(value)) for key, value in entry.items())
    if isinstance(entry, list):
        return tuple(_frozen(value) for value in entry)
    return "" if is_blank(entry) else f"{entry}"
