"""Files whose shape is fixed (site.yml, unit.yml, disclosure.yml, forms): typed, with places."""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from gongkai.model.nodes import Mapping, Node, Scalar, Sequence
from gongkai.model.problems import REQUIRED_BLANK, UNKNOWN_KEY, UNREADABLE, Level, Position, Problem


class Strict(BaseModel):
    """A shape that knows all its keys; in files they are Chinese (the aliases)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Shape = TypeVar("Shape", bound=Strict)


def _yes_or_no(value: Any) -> bool:  # noqa: ANN401 - where YAML enters
    if value is True or value == "是":
        return True
    if value is False or value == "否":
        return False
    raise ValueError("应写“是”或“否”")


YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["是", "否", None]})]
"""是 or 否."""


def validated(shape: type[Shape], node: Node) -> tuple[Shape | None, list[Problem]]:
    """The node as an object of the shape, or what is wrong with it."""
    if not isinstance(node, Mapping):
        return None, [_unreadable(node.position, "文件开头应是“键: 值”的形式")]
    try:
        return shape.model_validate(_plain(node)), []
    except ValidationError as error:
        return None, [_problem(shape, node, details) for details in error.errors()]


def nearest(key: str, known: Iterable[str]) -> str:
    """A hint naming the known key that looks most like this one."""
    candidates = list(known)
    close = difflib.get_close_matches(key, candidates, n=1, cutoff=0.5)
    if close:
        return f"是否应为“{close[0]}”？"
    if not candidates:
        return "这里没有可用的名称"
    listed = "、".join(candidates[:12])
    return f"可用的有：{listed}{' 等' if len(candidates) > 12 else ''}"  # noqa: PLR2004


def places(node: Node, path: str = "") -> dict[str, Position]:
    """Where each key and list item stands, by its path (公开目录/发布日期, 勘误/0)."""
    found = {path: node.position} if path else {}
    prefix = f"{path}/" if path else ""
    if isinstance(node, Mapping):
        below = list(node.values.items())
    elif isinstance(node, Sequence):
        below = [(str(number), item) for number, item in enumerate(node.items)]
    else:
        below = []
    for name, child in below:
        found |= places(child, f"{prefix}{name}")
    return found


def _plain(node: Node) -> Any:  # noqa: ANN401 - where YAML enters
    """The node as dicts, lists and texts; blank values are left out."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key: _plain(value) for key, value in node.values.items() if not _blank(value)}


def _blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text


def _problem(shape: type[Strict], root: Mapping, details: ErrorDetails) -> Problem:
    *parents, last = details["loc"] or ("",)
    holder = _walk(root, parents)
    found = _entry(holder, last)
    position = found.position if found else holder.position
    if details["type"] == "missing":
        if found is not None:
            return Problem(REQUIRED_BLANK, Level.E, position, f"“{last}”必填，这里是空的；请填写")
        return Problem(UNKNOWN_KEY, Level.E, position, f"缺少必填的键“{last}”；请补上“{last}: …”")
    if details["type"] == "extra_forbidden":
        key = _key(holder, last)
        hint = nearest(str(last), _known(shape, parents))
        return Problem(UNKNOWN_KEY, Level.E, key, f"不认识的键“{last}”；{hint}")
    return _unreadable(position, f"“{last}”{_reason(details)}")


_EXPECTED = {
    "string_type": "应是一段文字，这里是列表或嵌套的键；文字里若有 [ ] {{ }} 请给整个值加引号",
    "tuple_type": "应是列表，每项以“- ”开头",
    "list_type": "应是列表，每项以“- ”开头",
    "dict_type": "应是“键: 值”的形式",
    "model_type": "应是“键: 值”的形式",
    "model_attributes_type": "应是“键: 值”的形式",
    "int_parsing": "应是整数",
    "decimal_parsing": "应是数字",
    "date_from_datetime_parsing": "应是日期，例如 2023-06-29",
    "date_parsing": "应是日期，例如 2023-06-29",
    "literal_error": "不在可选的范围内：{expected}",
    "enum": "不在可选的范围内：{expected}",
    "union_tag_invalid": "不在可选的范围内：{expected_tags}",
    "union_tag_not_found": "缺少键“形式”",
    "string_pattern_mismatch": "不合规定的格式",
    "value_error": "{error}",
}


def _reason(details: ErrorDetails) -> str:
    words = _EXPECTED.get(details["type"], "写法不合要求")
    context = {key: _listed(str(value)) for key, value in details.get("ctx", {}).items()}
    found = f"，这里写的是“{details['input']}”" if isinstance(details["input"], str) else ""
    return words.format_map(context) + found


def _listed(words: str) -> str:
    """The allowed words, which pydantic lists in quotes, as a Chinese list."""
    return re.sub(r"'([^']*)'(?:, | or )?", r"\1、", words).rstrip("、")


def _walk(node: Node, path: Iterable[str | int]) -> Node:
    """Follow a path of keys and numbers as far as it leads (union tags lead nowhere)."""
    for step in path:
        node = _entry(node, step) or node
    return node


def _entry(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _key(node: Node, name: str | int) -> Position:
    if isinstance(node, Mapping) and isinstance(name, str) and name in node.values:
        return node.place(name)
    return node.position


def _known(shape: type[Strict], parents: list[str | int]) -> list[str]:
    """The keys that may stand at this place, read off the shape's JSON schema."""
    schema = shape.model_json_schema(by_alias=True)
    here = schema
    for step in parents:
        here = _below(schema, here, step)
    return list(_resolved(schema, here).get("properties", {}))


def _resolved(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in here:
            here = here["anyOf"][0]
        else:
            return here


def _below(schema: dict[str, Any], here: dict[str, Any], step: str | int) -> dict[str, Any]:
    here = _resolved(schema, here)
    tags = here.get("discriminator", {}).get("mapping", {})
    if step in tags:
        return {"$ref": tags[step]}
    if isinstance(step, int):
        return dict(here.get("items", here))
    return dict(here.get("properties", {}).get(step, here.get("additionalProperties") or here))


def _unreadable(position: Position, message: str) -> Problem:
    return Problem(UNREADABLE, Level.E, position, message)
