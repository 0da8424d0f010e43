"""JSON Schemas, so that editors complete and check the Chinese keys while one types."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongkai.authoring.hints import wanted
from gongkai.model.forms import Form
from gongkai.model.publication import DisclosureFacts, Site, UnitFacts
from gongkai.model.schema import Strict
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    SectionSpec,
    TableSpec,
    braces,
)
from gongkai.model.values import Kind
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from gongkai.reading.indicators import CHILDREN, GROUP

Schema = dict[str, Any]
FOLDER = "schemas"
"""Where in the data folder the schemas lie."""
DOCUMENT, PROJECT = "document", "project"
"""The schemas of a unit's document and of a project's file, whatever their forms."""
_DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALAR = ["string", "number", "null"]
_FIXED: dict[str, type[Strict]] = {
    "site": Site,
    "unit": UnitFacts,
    "disclosure": DisclosureFacts,
}
"""Files whose keys are the same for everybody."""


def all_schemas(forms: Iterable[Form]) -> dict[str, Schema]:
    """Every schema by its file's name without ending."""
    known = list(forms)
    usable = [form for form in known if form.complete]
    schemas = {f"form-{form.id}": form_schema(form) for form in known}
    schemas |= {name: _fixed(shape) for name, shape in _FIXED.items()}
    schemas["form"] = _heritable(_fixed(Form))
    ours = [form for form in usable if not form.kind.of_project]
    schemas[DOCUMENT] = {"$schema": _DRAFT, **_by_form(ours)}
    parts = {
        key: _by_form([form for form in usable if form.kind is kind])
        for key, kind in PROJECT_DOCUMENTS.items()
    }
    project = {"项目名称": _scalar("项目的名称，必填"), **parts}
    schemas[PROJECT] = {"$schema": _DRAFT, **_object(project, required=["项目名称"])}
    return schemas


def form_schema(form: Form) -> Schema:
    """The schema of a document that is filed with a form."""
    properties: Schema = {"表式": {"const": form.id, "description": form.name}}
    required = ["表式"]
    sign_off = {key: _scalar("文字") for key in form.sign_off_keys}
    properties |= {"标题": _scalar(f"与“{form.title}”不同时才写"), "填报": _object(sign_off)}
    patterns: Schema = {}
    for part in form.sections:
        if isinstance(part, FieldsSpec) and not part.key:
            properties |= _fields(part.fields, form)
            patterns |= _patterns(part.fields, form)
            required += _required(part.fields)
            continue
        properties |= {name: _section(part, form) for name in (part.key, *part.aliases)}
        required += [part.key] if part.required else []
    return {"$schema": _DRAFT, "title": form.name, **_object(properties, required, patterns)}


def _section(part: SectionSpec, form: Form) -> Schema:
    match part:
        case TableSpec():
            return _table(part, form)
        case IndicatorsSpec():
            return _tree(part, form, 0, part.presets)
        case FieldsSpec():
            return _columns(part.fields, form)
        case _:
            return _columns(part.columns, form)


def _table(part: TableSpec, form: Form) -> Schema:
    row = _columns(part.columns, form)
    if not part.rows:
        return row
    named = {"名称": _scalar("名称，必填"), **_fields(part.columns, form)}
    many = {"type": ["array", "null"], "items": _object(named, ["名称"])}
    properties: Schema = {}
    patterns: Schema = {}
    for spec in part.rows:
        shape = many if spec.open else row
        properties |= dict.fromkeys((spec.key, *spec.aliases), shape)
        if spec.label and not spec.open:
            patterns[_pattern(spec.label)] = shape
    properties |= {block.key: _columns(block.rows, form) for block in part.blocks}
    return _object(properties, patterns=patterns)


def _tree(part: IndicatorsSpec, form: Form, level: int, presets: Sequence[PresetSpec]) -> Schema:
    """The list of indicators of one level, each with those below it."""
    spec = part.levels[level]
    leaf = level + 1 == len(part.levels)
    wordings = [spec.wording, *(preset.label for preset in presets)]
    in_name = {word for wording in wordings for word in braces(wording)}
    columns = [each for each in part.columns if each in part.own(level) or each.key in in_name]
    names = [preset.name for preset in presets] if level >= part.first else []
    name: Schema = {"description": f"{spec.key}的名称，必填"}
    name |= {"anyOf": [{"enum": names}, {"type": _SCALAR}]} if names else {"type": _SCALAR}
    properties: Schema = dict.fromkeys((spec.key, *spec.aliases), name)
    properties |= _fields(columns, form)
    properties[GROUP] = _scalar("原表几行合用一个得分的，这几行写同一个记号，得分只填在第一行")
    if not leaf:
        below = presets if level < part.first else [c for each in presets for c in each.children]
        properties[CHILDREN] = _tree(part, form, level + 1, below)
    return {
        "type": ["array", "null"],
        "items": _object(properties, [spec.key], _patterns(columns, form)),
    }


def _columns(specs: Sequence[FieldSpec], form: Form) -> Schema:
    return _object(_fields(specs, form), _required(specs), _patterns(specs, form))


def _required(specs: Iterable[FieldSpec]) -> list[str]:
    """The keys that must stand there; those that have other names may stand under one of them."""
    return [each.key for each in specs if each.required and not each.aliases and not each.label]


def _fields(specs: Iterable[FieldSpec], form: Form) -> Schema:
    return {name: _field(spec, form) for spec in specs for name in (spec.key, *spec.aliases)}


def _patterns(specs: Iterable[FieldSpec], form: Form) -> Schema:
    """Labels as printed are keys too; {年度} and the like stand for anything."""
    return {_pattern(spec.label): _field(spec, form) for spec in specs if spec.label}


def _pattern(label: str) -> str:
    plain = re.sub(r"\{\w+\}", "\0", label.strip(" \u3000"))
    escaped = re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", plain)
    return f"^{escaped}$".replace("\0", ".*")


def _field(spec: FieldSpec, form: Form) -> Schema:
    told = _scalar(wanted(spec, form.money))
    if spec.kind is Kind.CHOICE:
        return {"enum": [*spec.choices, None], "description": told["description"]}
    return told


def _scalar(description: str) -> Schema:
    return {"type": _SCALAR, "description": description}


def _object(
    properties: Mapping[str, Any], required: Sequence[str] = (), patterns: Schema | None = None
) -> Schema:
    shape: Schema = {"type": ["object", "null"], "properties": dict(properties)}
    if required:
        shape["required"] = list(required)
    if patterns:
        shape["patternProperties"] = patterns
    return {**shape, "additionalProperties": False}


def _by_form(forms: Sequence[Form]) -> Schema:
    """A document of one of these forms, as its 表式 says."""
    branches = [
        {
            "if": {"properties": {"表式": {"const": form.id}}, "required": ["表式"]},
            "then": {"$ref": f"form-{form.id}.json"},
        }
        for form in forms
    ]
    ids = [form.id for form in forms]
    return {
        "type": ["object", "null"],
        "required": ["表式"],
        "properties": {"表式": {"enum": ids, "description": "用哪张表"}},
        "allOf": branches,
    }


def _fixed(shape: type[Strict]) -> Schema:
    schema: Schema = _loosened(shape.model_json_schema(by_alias=True))
    return {"$schema": _DRAFT, **schema}


def _heritable(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """The schema of forms, of which an heir states only what differs."""
    if isinstance(schema, list):
        return [_heritable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: _heritable(value) for key, value in schema.items()}
    for key in ("required", "discriminator"):
        told.pop(key, None)
    if "oneOf" in told:
        told["anyOf"] = told.pop("oneOf")
    if "形式" in told.get("properties", {}):
        told["properties"]["删去"] = {"enum": ["是"]}
    return told


def _loosened(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Without English words; a text may look like a number, and be left blank."""
    if isinstance(schema, list):
        return [_loosened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = ("title", "description", "default")
    told = {
        key: _loosened(value)
        for key, value in schema.items()
        if key not in left_out or not isinstance(value, str | int | float | bool | None)
    }
    if told.get("type") == "string":
        told["type"] = _SCALAR
        told.pop("format", None)
    elif told.get("type") in {"array", "object"}:
        told["type"] = [told["type"], "null"]
    return told
