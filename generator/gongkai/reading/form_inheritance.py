"""Forms that state only what differs: 继承 is resolved before a form is read."""

from collections.abc import Iterator, Mapping

from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.nodes import Node, Scalar, Sequence
from gongkai.model.problems import UNKNOWN_KEY, Level, Problem
from gongkai.model.schema import nearest

PARENT = "继承"
_PARTS = "部分"
_NAMES = ("名称", "键")
"""What names a part, so that an heir can change it."""
_DROPPED = "删去"


def inherited(
    nodes: Mapping[str, MappingNode],
) -> tuple[dict[str, MappingNode], list[Problem]]:
    """Each form's node with what it inherits, and what is wrong; faulty heirs are left out.

    A key of the heir replaces the parent's; groups of keys are merged; a part (部分) is merged
    with the parent's part of the same 名称 or 键, or dropped with “删去: 是”, or added at the end.
    Every other list is replaced whole.
    """
    resolved: dict[str, MappingNode] = {}
    problems: list[Problem] = []
    for name in nodes:
        chain = list(_chain(nodes, name))
        last = nodes[chain[-1]].get(PARENT)
        if isinstance(last, Scalar) and last.text:
            problems.append(_broken(nodes, chain, last))
            continue
        node = nodes[chain[-1]]
        for heir in reversed(chain[:-1]):
            node = _merged(node, nodes[heir])
        resolved[name] = node
    return resolved, problems


def _chain(nodes: Mapping[str, MappingNode], name: str) -> Iterator[str]:
    """The form, its parent, and so on, as far as it leads without a circle."""
    seen: set[str] = set()
    while name in nodes and name not in seen:
        yield name
        seen.add(name)
        parent = nodes[name].get(PARENT)
        name = parent.text if isinstance(parent, Scalar) else ""


def _broken(nodes: Mapping[str, MappingNode], chain: list[str], last: Scalar) -> Problem:
    own = nodes[chain[0]].get(PARENT)
    place = own.position if own else last.position
    if last.text in nodes:
        circle = " → ".join([*chain, last.text])
        message = f"继承成了一个圈：{circle}；请改掉其中一处“{PARENT}”"
    else:
        hint = nearest(last.text, [each for each in nodes if each not in chain])
        message = f"继承的表式“{last.text}”不存在；{hint}"
    return Problem(UNKNOWN_KEY, Level.E, place, message)


def _merged(parent: MappingNode, heir: MappingNode) -> MappingNode:
    values = {key: value for key, value in parent.values.items() if key != PARENT}
    for key, own in heir.values.items():
        values[key] = _both(values[key], key, own) if key in values else own
    places = ((heir if key in heir.values else parent).place(key) for key in values)
    return MappingNode(values, heir.position, places=tuple(places))


def _both(parent: Node, key: str, heir: Node) -> Node:
    if isinstance(parent, MappingNode) and isinstance(heir, MappingNode):
        return _merged(parent, heir)
    if key == _PARTS and isinstance(parent, Sequence) and isinstance(heir, Sequence):
        return _parts(parent, heir)
    return heir


def _parts(parent: Sequence, heir: Sequence) -> Sequence:
    changed = {_name(each): each for each in heir.items if _name(each)}
    items: list[Node] = []
    for part in parent.items:
        own = changed.pop(_name(part), None)
        if own is None:
            items.append(part)
        elif isinstance(part, MappingNode) and isinstance(own, MappingNode) and not _drops(own):
            items.append(_merged(part, own))
    added = [each for each in heir.items if not _name(each) or _name(each) in changed]
    return Sequence((*items, *added), heir.position)


def _name(part: Node) -> str:
    named = (part.get(each) for each in _NAMES) if isinstance(part, MappingNode) else ()
    return next((each.text for each in named if isinstance(each, Scalar) and each.text), "")


def _drops(part: MappingNode) -> bool:
    told = part.get(_DROPPED)
    return isinstance(told, Scalar) and told.text == "是"
