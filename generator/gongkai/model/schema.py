"""Validation of YAML nodes against pydantic models, with Chinese messages and positions."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from gongkai.model.dates import is_date_serial, parse_date, recognize_date
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import REQUIRED_BLANK, UNKNOWN_KEY, UNREADABLE, Level, Position, Problem
from gongkai.model.terms import UNIT_LEVELS


class StrictModel(BaseModel):
    """Base of models of files: frozen, unknown keys forbidden; keys in files are the aliases."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_MOST_NAMES = 12
"""Most names that a message lists."""
_QUOTES = "“”‘’\"'【】《》"
_NO_SPACES = {ord(space): None for space in " \t\u3000\xa0"}
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
    raise PydanticCustomError("choice", "", {"choices": UNIT_LEVELS, "nearest": nearest})


UnitLevel = Annotated[
    str, BeforeValidator(_known_level), WithJsonSchema({"enum": [*UNIT_LEVELS, None]})
]
"""级别: one of UNIT_LEVELS."""
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["是", "否", None]})]
"""是 or 否."""


def validate_node(model: type[ModelT], node: Node) -> tuple[ModelT | None, list[Problem]]:
    """Validate a node: return an instance of the model, or None and the problems."""
    if not isinstance(node, MappingNode):
        actual = "列表" if isinstance(node, SequenceNode) else "一段文字"
        keys = _known_keys(model, [])
        message = f"文件应由“键: 值”组成，这里是{actual}；请写成“{keys[0]}: …”的样子"
        return None, [_unreadable(node.position, message)]
    try:
        return model.model_validate(_to_plain(node)), []
    except ValidationError as error:
        return None, list(_problems(model, node, error.errors()))


def find_nearest(key: str, known: Iterable[str]) -> str:
    """Return the most similar known key; empty if none is similar."""
    candidates = list(known)
    plain = key.strip(_QUOTES).translate(_NO_SPACES)
    if plain in candidates:
        return plain
    return next(iter(difflib.get_close_matches(key, candidates, n=1, cutoff=0.5)), "")


def suggest_nearest(key: str, known: Iterable[str]) -> str:
    """Return a Chinese hint that names the most similar known key, or lists the known keys."""
    candidates = list(known)
    if nearest := find_nearest(key, candidates):
        return f"是否应为“{nearest}”？"
    if not candidates:
        return "这里没有可用的名称"
    return f"可用的有：{_list_names(candidates)}"


def _list_names(names: Sequence[str]) -> str:
    """Return a list of names, shortened to fit into a message."""
    return f"{'、'.join(names[:_MOST_NAMES])}{' 等' if len(names) > _MOST_NAMES else ''}"


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


def _problems(
    model: type[StrictModel], root: MappingNode, errors: Sequence[ErrorDetails]
) -> Iterable[Problem]:
    """Yield the problems of pydantic's errors: a key that is only misspelt is not missing too."""
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    for error in errors:
        *parent_path, key = error["loc"] or ("",)
        if error["type"] != "missing" or not any(
            list(path) == parent_path and find_nearest(f"{other}", [f"{key}"])
            for *path, other in unknown
        ):
            yield _problem(model, root, error)


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
    below = [*parent_path, key]
    names = _known_keys(model, below if _is_pairs(details) else [*below, 0])
    return _unreadable(position, f"{_name_of(parent_path, key)}{_reason(details, names)}")


def _name_of(parent_path: Sequence[str | int], key: str | int) -> str:
    """Return how a message names a value: by its key, or by its list and number."""
    named = [step for step in parent_path if step != _KEY]
    parent = named[-1] if named else ""
    if key == _KEY:
        return f"“{named[-2] if named[1:] else ''}”下面的键“{parent}”"
    if isinstance(key, int):
        return f"“{parent}”的第 {key + 1} 项"
    return f"“{parent}”下面的“{key}”" if key.isdecimal() else f"“{key}”"


_KEY = "[key]"
"""Last step of pydantic's path to a key that is wrong itself."""
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""Pattern of a name used as a URL component."""
URL_PATTERN = r"^(https?://\S+)?$"
"""Pattern of a complete http(s) URL, or nothing."""
SITE_CODE_PATTERN = r"^(\d{10})?$"
"""Pattern of 网站标识码, or nothing."""
DOMAIN_PATTERN = r"^([^\s/:]+(:\d+)?)?$"
"""Pattern of a host name, or nothing."""
_PATTERN_HINTS = {
    SLUG_PATTERN: "只能用小写英文字母、数字和连字符，例如 jsx-2",
    URL_PATTERN: "应是完整的网址，以 https:// 开头",
    SITE_CODE_PATTERN: "应是十位数字，没有的留空",
    DOMAIN_PATTERN: "只写域名，不写 https:// 和斜线，例如 gongkai.example",
}
"""What to write, by pattern."""
_PAIRS = "应是“键: 值”的形式"
_LIST = "应是列表，每项以“- ”开头"
_NUMBER = "应是数字，例如 2022"
_DATE = "应是日期，例如 2023-06-29"
_CHOICE = "应从{choices}中选一个"
_SEPARATORS = re.compile(r"[、，；,;\s]+")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_REASONS = {
    "string_type": "应是一段文字，这里是列表或嵌套的键；文字里若有 [ ] {{ }} 请给整个值加引号",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _PAIRS,
    "model_type": _PAIRS,
    "model_attributes_type": _PAIRS,
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "decimal_parsing": "应是数字",
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "int_from_float": _NUMBER,
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "union_tag_invalid": _CHOICE,
    "choice": _CHOICE,
    "union_tag_not_found": "缺少键“形式”",
    "string_too_short": "至少要写 {min_length} 个字",
    "string_too_long": "最多写 {max_length} 个字",
    "too_short": "至少要有 {min_length} 项",
    "string_pattern_mismatch": "{hint}",
    "value_error": "{error}",
}
_CHOICE_LISTS = {
    "literal_error": "expected",
    "enum": "expected",
    "union_tag_invalid": "expected_tags",
}
"""Where pydantic's errors have the words to choose from."""


def _is_pairs(details: ErrorDetails) -> bool:
    return _REASONS.get(details["type"]) == _PAIRS


def _reason(details: ErrorDetails, names: Sequence[str]) -> str:
    """Return in Chinese why a value is rejected, what it is and what to write.

    `names` are the keys that may be below it, or in the items of the list that it should be.
    """
    kind, filed = details["type"], details["input"]
    template = _REASONS.get(kind, "写法不合要求，请核对")
    context = dict(details.get("ctx", {}))
    listed = context.get(_CHOICE_LISTS.get(kind, ""), "")
    choices = context.get("choices") or re.findall("'([^']*)'", f"{listed}")
    choices = [choice for choice in choices if choice]
    context["choices"] = _list_names(choices)
    context["hint"] = _PATTERN_HINTS.get(context.get("pattern", ""), "不合规定的格式，请核对")
    actual = f"，这里写的是“{filed}”" if isinstance(filed, str) else ""
    nearest = context.get("nearest") or find_nearest(f"{filed}", choices)
    advise = _ADVICE.get(template)
    advice = advise(filed, names) if advise else ""
    advice = f"；是否应为“{nearest}”？" if nearest else advice
    return f"{template.format_map(context)}{actual}{advice}"


def _advise_list(filed: Any, names: Sequence[str]) -> str:  # noqa: ANN401 - as pydantic has it
    if isinstance(filed, dict) and filed:
        return f"；请在每一项的第一行行首写“- ”，例如“- {next(iter(filed))}: …”"
    if names:
        return f"；每一项请另起一行缩进，写成“- {names[0]}: …”，没有的留空"
    return f"；请写成“[{', '.join(_SEPARATORS.split(filed))}]”" if isinstance(filed, str) else ""


def _advise_pairs(_filed: Any, names: Sequence[str]) -> str:  # noqa: ANN401 - as pydantic has it
    if not names:
        return ""
    return f"；请另起一行缩进，写成“{names[-1]}: …”，可用的键有：{_list_names(names)}"


def _advise_year(filed: Any, _names: Sequence[str]) -> str:  # noqa: ANN401 - as pydantic has it
    year = _find_year(f"{filed}")
    return f"；请写成 {year}" if year else "；请写四位数字的年度"


def _advise_date(filed: Any, _names: Sequence[str]) -> str:  # noqa: ANN401 - as pydantic has it
    date, day = parse_date(f"{filed}"), recognize_date(f"{filed}")
    serial = "这是 Excel 里日期的序号，" if is_date_serial(f"{filed}") else ""
    if day:
        return f"；{serial}请写成 {day}"
    return f"；{date.impossibility}" if date and date.impossibility else "；请写全年月日"


_ADVICE = {_LIST: _advise_list, _PAIRS: _advise_pairs, _NUMBER: _advise_year, _DATE: _advise_date}
"""What to write instead of a value, by the reason why it is rejected."""


def _find_year(text: str) -> str:
    """Return the only year in a text, in ASCII digits; empty if there is none, or several."""
    plain = unicodedata.normalize("NFKC", text).translate(_HAN_DIGITS)
    years = re.findall(r"\d{4}", plain)
    return years[0] if len(years) == 1 else ""


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
