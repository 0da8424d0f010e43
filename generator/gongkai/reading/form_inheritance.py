"""Inheritance of forms (继承), resolved on their nodes before the forms are validated."""

from collections.abc import Iterator, Mapping

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import UNKNOWN_KEY, Level, Problem
from gongkai.model.schema import suggest_nearest

PARENT = "继承"
_SECTIONS = "部分"
_NAME_KEYS = ("名称", "键")
"""Keys that identify a section, so that an heir can change it."""
_DROP = "删去"


def resolve_inheritance(
    nodes: Mapping[str, MappingNode],
) -> tuple[dict[str, MappingNode], list[Problem]]:
    """Return the nodes of all forms with inherited values, and the problems; omit faulty heirs.

    A key of the heir replaces the parent's; mappings are merged; a section (部分) is merged with
    the parent's section of the same 名称 or 键, dropped with “删去: 是”, or appended. Every other
    list is replaced.
    """
    resolved: dict[str, MappingNode] = {}
    problems: list[Problem] = []
    for name in nodes:
        chain = list(_ancestry(nodes, name))
        last = nodes[chain[-1]].get(PARENT)
        if isinstance(last, ScalarNode) and last.text:
            problems.append(_inheritance_problem(nodes, chain, last))
            continue
        node = nodes[chain[-1]]
        for heir in reversed(chain[:-1]):
            node = _merge_mappings(node, nodes[heir])
        resolved[name] = node
    return resolved, problems


def _ancestry(nodes: Mapping[str, MappingNode], name: str) -> Iterator[str]:
    """Yield the form, its parent and so on, until the chain ends or closes a circle."""
    seen: set[str] = set()
    while name in nodes and name not in seen:
        yield name
        seen.add(name)
        parent = nodes[name].get(PARENT)
        name = parent.text if isinstance(parent, ScalarNode) else ""


def _inheritance_problem(
    nodes: Mapping[str, MappingNode], chain: list[str], last: ScalarNode
) -> Problem:
    own = nodes[chain[0]].get(PARENT)
    position = own.position if own else last.position
    if last.text in nodes:
        circle = " → ".join([*chain, last.text])
        message = f"继承成了一个圈：{circle}；请改掉其中一处“{PARENT}”"
    else:
        hint = suggest_nearest(last.text, [form for form in nodes if form not in chain])
        message = f"继承的表式“{last.text}”不存在；{hint}"
    return Problem(UNKNOWN_KEY, Level.E, position, message)


def _merge_mappings(parent: MappingNode, heir: MappingNode) -> MappingNode:
    values = {key: value for key, value in parent.values.items() if key != PARENT}
    for key, own in heir.values.items():
        values[key] = _merge_values(values[key], key, own) if key in values else own
    places = ((heir if key in heir.values else parent).key_position(key) for key in values)
    return MappingNode(values, heir.position, key_marks=tuple(places))


def _merge_values(parent: Node, key: str, heir: Node) -> Node:
    if isinstance(parent, MappingNode) and isinstance(heir, MappingNode):
        return _merge_mappings(parent, heir)
    if key == _SECTIONS and isinstance(parent, SequenceNode) and isinstance(heir, SequenceNode):
        return _merge_sections(parent, heir)
    return heir


def _merge_sections(parent: SequenceNode, heir: SequenceNode) -> SequenceNode:
    changed = {_section_name(section): section for section in heir.items if _section_name(section)}
    sections: list[Node] = []
    for section in parent.items:
        own = changed.pop(_section_name(section), None)
        if own is None:
            sections.append(section)
        elif (
            isinstance(section, MappingNode)
            and isinstance(own, MappingNode)
            and not _is_dropped(own)
        ):
            sections.append(_merge_mappings(section, own))
    added = [
        section
        for section in heir.items
        if not _section_name(section) or _section_name(section) in changed
    ]
    return SequenceNode((*sections, *added), heir.position)


def _section_name(section: Node) -> str:
    names = (section.get(key) for key in _NAME_KEYS) if isinstance(section, MappingNode) else ()
    return next((name.text for name in names if isinstance(name, ScalarNode) and name.text), "")


def _is_dropped(section: MappingNode) -> bool:
    value = section.get(_DROP)
    return isinstance(value, ScalarNode) and value.text == "是"
