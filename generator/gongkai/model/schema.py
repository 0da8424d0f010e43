"""Validation of YAML nodes against pydantic models, with Chinese messages and positions."""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from gongkai.model.dates import parse_date
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import REQUIRED_BLANK, UNKNOWN_KEY, UNREADABLE, Level, Position, Problem
from gongkai.model.terms import UNIT_LEVELS


class StrictModel(BaseModel):
    """Base of models of files: frozen, unknown keys forbidden; keys in files are the aliases."""

    model_config = ConfigDict(frozen=True, extra="forbid")


ModelT = TypeVar("ModelT", bound=StrictModel)


def _yes_or_no(value: Any) -> bool:  # noqa: ANN401 - where YAML enters
    if value is True or value == "是":
        return True
    if value is False or value == "否":
        return False
    raise ValueError("应写“是”或“否”")


def _known_level(value: Any) -> str:  # noqa: ANN401 - where YAML enters
    if value in UNIT_LEVELS:
        return str(value)
    nearest = next((level for level in UNIT_LEVELS if f"{value}"[:1] == level[0]), "")
    advice = f"；是否应为“{nearest}”？" if nearest else ""
    raise PydanticCustomError("unit_level", "", {"advice": advice})


UnitLevel = Annotated[
    str, BeforeValidator(_known_level), WithJsonSchema({"enum": [*UNIT_LEVELS, None]})
]
"""级别: one of UNIT_LEVELS."""
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["是", "否", None]})]
"""是 or 否."""


def validate_node(model: type[ModelT], node: Node) -> tuple[ModelT | None, list[Problem]]:
    """Validate a node: return an instance of the model, or None and the problems."""
    if not isinstance(node, MappingNode):
        return None, [_unreadable(node.position, "文件开头应是“键: 值”的形式")]
    try:
        return model.model_validate(_to_plain(node)), []
    except ValidationError as error:
        return None, [_problem(model, node, details) for details in error.errors()]


def suggest_nearest(key: str, known: Iterable[str]) -> str:
    """Return a Chinese hint that names the most similar known key, or lists the known keys."""
    candidates = list(known)
    close = difflib.get_close_matches(key, candidates, n=1, cutoff=0.5)
    if close:
        return f"是否应为“{close[0]}”？"
    if not candidates:
        return "这里没有可用的名称"
    names = "、".join(candidates[:12])
    return f"可用的有：{names}{' 等' if len(candidates) > 12 else ''}"  # noqa: PLR2004


def find_key_positions(node: Node, path: str = "") -> dict[str, Position]:
    """Return the positions of all keys and list entries by path (公开目录/发布日期, 勘误/0)."""
    positions = {path: node.position} if path else {}
    prefix = f"{path}/" if path else ""
    if isinstance(node, MappingNode):
        children = list(node.values.items())
    elif isinstance(node, SequenceNode):
        children = [(str(number), child) for number, child in enumerate(node.items)]
    else:
        children = []
    for name, child in children:
        positions |= find_key_positions(child, f"{prefix}{name}")
    return positions


def _to_plain(node: Node) -> Any:  # noqa: ANN401 - where YAML enters
    """Convert a node to dicts, lists and texts, leaving out blank values of mappings."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [_to_plain(child) for child in node.items]
    return {key: _to_plain(value) for key, value in node.values.items() if not _is_blank(value)}


def _is_blank(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.text


def _problem(model: type[StrictModel], root: MappingNode, details: ErrorDetails) -> Problem:
    """Convert a pydantic error to a problem with the position in the file."""
    *parent_path, key = details["loc"] or ("",)
    parent = _descend(root, parent_path)
    child = _child(parent, key)
    position = child.position if child else parent.position
    if details["type"] == "missing":
        if child is not None:
            return Problem(REQUIRED_BLANK, Level.E, position, f"“{key}”必填，这里是空的；请填写")
        return Problem(UNKNOWN_KEY, Level.E, position, f"缺少必填的键“{key}”；请补上“{key}: …”")
    if details["type"] == "extra_forbidden":
        hint = suggest_nearest(str(key), _known_keys(model, parent_path))
        message = f"不认识的键“{key}”；{hint}"
        return Problem(UNKNOWN_KEY, Level.E, _key_position(parent, key), message)
    return _unreadable(position, f"“{key}”{_reason(details)}")


_REASONS = {
    "string_type": "应是一段文字，这里是列表或嵌套的键；文字里若有 [ ] {{ }} 请给整个值加引号",
    "tuple_type": "应是列表，每项以“- ”开头",
    "list_type": "应是列表，每项以“- ”开头",
    "dict_type": "应是“键: 值”的形式",
    "model_type": "应是“键: 值”的形式",
    "model_attributes_type": "应是“键: 值”的形式",
    "int_parsing": "应是整数",
    "decimal_parsing": "应是数字",
    "date_from_datetime_parsing": "应是日期，例如 2023-06-29",
    "date_from_datetime_inexact": "应是日期，例如 2023-06-29",
    "date_parsing": "应是日期，例如 2023-06-29",
    "int_from_float": "应是整数",
    "literal_error": "不在可选的范围内：{expected}",
    "enum": "不在可选的范围内：{expected}",
    "union_tag_invalid": "不在可选的范围内：{expected_tags}",
    "union_tag_not_found": "缺少键“形式”",
    "string_pattern_mismatch": "不合规定的格式",
    "value_error": "{error}",
    "unit_level": f"应从{'、'.join(UNIT_LEVELS)}中选一个",
}


def _reason(details: ErrorDetails) -> str:
    template = _REASONS.get(details["type"], "写法不合要求")
    context = {key: _to_chinese_list(str(value)) for key, value in details.get("ctx", {}).items()}
    actual = f"，这里写的是“{details['input']}”" if isinstance(details["input"], str) else ""
    date = parse_date(f"{details['input']}") if details["type"].startswith("date") else None
    impossibility = f"；{date.impossibility}" if date and date.impossibility else ""
    advice = context.get("advice", impossibility)
    return f"{template.format_map(context)}{actual}{advice}"


def _to_chinese_list(text: str) -> str:
    """Convert pydantic's list of quoted words to a Chinese list."""
    return re.sub(r"'([^']*)'(?:, | or )?", r"\1、", text).rstrip("、")


def _descend(node: Node, path: Iterable[str | int]) -> Node:
    """Follow a path of keys and indices, skipping steps without a node (union tags)."""
    for step in path:
        node = _child(node, step) or node
    return node


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return node.get(str(step))
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _key_position(node: Node, key: str | int) -> Position:
    if isinstance(node, MappingNode) and isinstance(key, str) and key in node.values:
        return node.key_position(key)
    return node.position


def _known_keys(model: type[StrictModel], path: list[str | int]) -> list[str]:
    """Return the keys allowed at a path, according to the model's JSON Schema."""
    root_schema = model.model_json_schema(by_alias=True)
    schema = root_schema
    for step in path:
        schema = _subschema(root_schema, schema, step)
    return list(_resolve(root_schema, schema).get("properties", {}))


def _resolve(root_schema: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow $ref and the first alternative of anyOf."""
    while True:
        if "$ref" in schema:
            schema = root_schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            schema = schema["anyOf"][0]
        else:
            return schema


def _subschema(
    root_schema: dict[str, Any], schema: dict[str, Any], step: str | int
) -> dict[str, Any]:
    """Return the schema of a property, of a list's entries or of a union's member."""
    schema = _resolve(root_schema, schema)
    tags = schema.get("discriminator", {}).get("mapping", {})
    if step in tags:
        return {"$ref": tags[step]}
    if isinstance(step, int):
        return dict(schema.get("items", schema))
    properties = schema.get("properties", {})
    return dict(properties.get(step, schema.get("additionalProperties") or schema))


def _unreadable(position: Position, message: str) -> Problem:
    return Problem(UNREADABLE, Level.E, position, message)
