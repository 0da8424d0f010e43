"""JSON as the open data writes it: compact, the same for the same, nothing that is empty."""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import Any

VERSION = "1.0"
"""Of the API: the first number is that of its address; the second grows when fields are added."""
API = "api/v1/"
"""Where the API lies, from the site's root."""
_NAMES = {"schema": "$schema"}
"""Fields whose names Python does not allow."""


def way_up(path: str) -> str:
    """From a file or page to the site's root."""
    return "../" * path.count("/")


def _filled(what: object) -> dict[str, Any]:
    """The fields of a dataclass but for those that hold their empty default."""
    if not is_dataclass(what) or isinstance(what, type):
        raise TypeError(what)
    return {
        key: value
        for name, key, always in _names(type(what))
        if (value := getattr(what, name)) or always
    }


def schema_of(name: str, here: str) -> str:
    """The way from a file to its JSON Schema."""
    return f"{way_up(here)}{API}schemas/{name}.json"


@cache
def _names(shape: type) -> list[tuple[str, str, bool]]:
    """The fields, what JSON calls them, and whether they are always there."""
    return [
        (each.name, _NAMES.get(each.name, each.name), each.default is MISSING)
        for each in fields(shape)
    ]


json_text = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_filled).encode
"""Dataclasses, lists and mappings as JSON; fields that are empty are left out."""
quoted = encode_basestring
"""A text as JSON: the same as json_text of it, at once."""
