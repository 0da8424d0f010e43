"""JSON serialisation of the open data: compact, deterministic, without empty optional fields."""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import Any

API_VERSION = "1.1"
"""Version of the API: the major number is part of the URL, the minor one grows with new fields."""
API_ROOT = "api/v1/"
"""Folder of the API, from the site's root."""
_JSON_NAMES = {"schema": "$schema"}
"""JSON keys that are not Python identifiers, by field name."""


def path_to_root(path: str) -> str:
    """Return the relative URL of the site's root, seen from a file or page."""
    return "../" * path.count("/")


def _non_empty_fields(value: object) -> dict[str, Any]:
    """Return a dataclass as a mapping, without fields that hold their empty default."""
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(value)
    return {
        key: content
        for name, key, required in _field_names(type(value))
        if (content := getattr(value, name)) or required
    }


def schema_reference(name: str, here: str) -> str:
    """Return the relative URL of a JSON Schema, seen from the file `here`."""
    return f"{path_to_root(here)}{API_ROOT}schemas/{name}.json"


@cache
def _field_names(shape: type) -> list[tuple[str, str, bool]]:
    """Return (field name, JSON key, whether it is required) of every field."""
    return [
        (field.name, _JSON_NAMES.get(field.name, field.name), field.default is MISSING)
        for field in fields(shape)
    ]


json_text = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_non_empty_fields).encode
"""Serialises dataclasses, lists and mappings; omits empty optional fields."""
quote_json = encode_basestring
"""Serialises a string; equals `json_text` of it, but is faster."""
