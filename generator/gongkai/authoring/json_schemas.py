"""JSON Schemas for editors, which complete and check the Chinese keys."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongkai.authoring.hints import field_hint
from gongkai.model.forms import Form
from gongkai.model.publication import DisclosureFacts, Site, UnitFacts
from gongkai.model.schema import StrictModel
from gongkai.model.specs import (
    PLACEHOLDER,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    SectionSpec,
    TableSpec,
    placeholder_names,
)
from gongkai.model.values import Kind
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from gongkai.reading.form_plan import CHILDREN_KEY, SCORE_GROUP_KEY

Schema = dict[str, Any]
SCHEMA_FOLDER = "schemas"
"""Folder of the schemas within the data folder."""
DOCUMENT_SCHEMA, PROJECT_SCHEMA = "document", "project"
"""Names of the schemas of a unit's document and a project file, for any form."""
_DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALAR = ["string", "number", "null"]
_FILE_MODELS: dict[str, type[StrictModel]] = {
    "site": Site,
    "unit": UnitFacts,
    "disclosure": DisclosureFacts,
}
"""Models of the files that depend on no form."""


def build_schemas(forms: Iterable[Form]) -> dict[str, Schema]:
    """Return all schemas by file name without suffix."""
    all_forms = list(forms)
    usable = [form for form in all_forms if form.is_complete]
    schemas = {f"form-{form.id}": form_schema(form) for form in all_forms}
    schemas |= {name: _model_schema(model) for name, model in _FILE_MODELS.items()}
    schemas["form"] = _derived_form_schema(_model_schema(Form))
    unit_forms = [form for form in usable if not form.kind.is_about_project]
    schemas[DOCUMENT_SCHEMA] = {"$schema": _DRAFT, **_schema_by_form(unit_forms)}
    documents = {
        key: _schema_by_form([form for form in usable if form.kind is kind])
        for key, kind in PROJECT_DOCUMENTS.items()
    }
    project = {"项目名称": _scalar_schema("项目的名称，必填"), **documents}
    schemas[PROJECT_SCHEMA] = {"$schema": _DRAFT, **_object_schema(project, required=["项目名称"])}
    return schemas


def form_schema(form: Form) -> Schema:
    """Return the schema of a document filed with a form."""
    properties: Schema = {"表式": {"const": form.id, "description": form.name}}
    required = ["表式"]
    sign_off = {key: _scalar_schema("文字") for key in form.sign_off_keys}
    properties |= {
        "标题": _scalar_schema(f"与“{form.title}”不同时才写"),
        "填报": _object_schema(sign_off),
    }
    patterns: Schema = {}
    for section in form.sections:
        if isinstance(section, FieldsSpec) and not section.key:
            properties |= _field_properties(section.fields, form)
            patterns |= _label_patterns(section.fields, form)
            required += _required_keys(section.fields)
            continue
        properties |= {
            name: _section_schema(section, form) for name in (section.key, *section.aliases)
        }
        required += [section.key] if section.required else []
    return {"$schema": _DRAFT, "title": form.name, **_object_schema(properties, required, patterns)}


def _section_schema(section: SectionSpec, form: Form) -> Schema:
    """Return the schema of a section."""
    match section:
        case TableSpec():
            return _table_schema(section, form)
        case IndicatorsSpec():
            return _indicators_schema(section, form, 0, section.presets)
        case FieldsSpec():
            return _fields_schema(section.fields, form)
        case _:
            return _fields_schema(section.columns, form)


def _table_schema(table: TableSpec, form: Form) -> Schema:
    """Return the schema of a table."""
    columns = _fields_schema(table.columns, form)
    if not table.rows:
        return columns
    named_row = {"名称": _scalar_schema("名称，必填"), **_field_properties(table.columns, form)}
    rows = {"type": ["array", "null"], "items": _object_schema(named_row, ["名称"])}
    properties: Schema = {}
    patterns: Schema = {}
    for row_spec in table.rows:
        row_schema = rows if row_spec.is_open else columns
        properties |= dict.fromkeys((row_spec.key, *row_spec.aliases), row_schema)
        if row_spec.label and not row_spec.is_open:
            patterns[_label_pattern(row_spec.label)] = row_schema
    properties |= {block.key: _fields_schema(block.rows, form) for block in table.blocks}
    return _object_schema(properties, patterns=patterns)


def _indicators_schema(
    section: IndicatorsSpec, form: Form, level: int, presets: Sequence[PresetSpec]
) -> Schema:
    """Return the schema of the indicators of one level, including those below."""
    spec = section.levels[level]
    is_leaf = level + 1 == len(section.levels)
    wordings = [spec.name_format, *(preset.label for preset in presets)]
    in_name = {brace for wording in wordings for brace in placeholder_names(wording)}
    columns = [
        column
        for column in section.columns
        if column in section.level_columns(level) or column.key in in_name
    ]
    names = [preset.name for preset in presets] if level >= section.first_level else []
    name: Schema = {"description": f"{spec.key}的名称，必填"}
    name |= {"anyOf": [{"enum": names}, {"type": _SCALAR}]} if names else {"type": _SCALAR}
    properties: Schema = dict.fromkeys((spec.key, *spec.aliases), name)
    properties |= _field_properties(columns, form)
    properties[SCORE_GROUP_KEY] = _scalar_schema(
        "原表几行合用一个得分的，这几行写同一个记号，得分只填在第一行"
    )
    if not is_leaf:
        child_presets = (
            presets
            if level < section.first_level
            else [c for preset in presets for c in preset.children]
        )
        properties[CHILDREN_KEY] = _indicators_schema(section, form, level + 1, child_presets)
    return {
        "type": ["array", "null"],
        "items": _object_schema(properties, [spec.key], _label_patterns(columns, form)),
    }


def _fields_schema(specs: Sequence[FieldSpec], form: Form) -> Schema:
    """Return the schema of a section with these fields."""
    return _object_schema(
        _field_properties(specs, form), _required_keys(specs), _label_patterns(specs, form)
    )


def _required_keys(specs: Iterable[FieldSpec]) -> list[str]:
    """Return the keys that are required; a key with aliases may be filed under one of them."""
    return [spec.key for spec in specs if spec.required and not spec.aliases and not spec.label]


def _field_properties(specs: Iterable[FieldSpec], form: Form) -> Schema:
    """Return the properties of fields, by key and alias."""
    return {name: _field_schema(spec, form) for spec in specs for name in (spec.key, *spec.aliases)}


def _label_patterns(specs: Iterable[FieldSpec], form: Form) -> Schema:
    """Return the schemas by label pattern; labels are keys too, {年度} etc. match any text."""
    return {_label_pattern(spec.label): _field_schema(spec, form) for spec in specs if spec.label}


def _label_pattern(label: str) -> str:
    """Return the pattern property of a label."""
    plain = PLACEHOLDER.sub("\0", label.strip(" \u3000"))
    escaped = re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", plain)
    return f"^{escaped}$".replace("\0", ".*")


def _field_schema(spec: FieldSpec, form: Form) -> Schema:
    """Return the schema of a field's value."""
    schema = _scalar_schema(field_hint(spec, form.money))
    if spec.kind is Kind.CHOICE:
        answer: Schema = {"enum": [*spec.choices, None]}
        if spec.has_several:
            several = {"type": "array", "items": {"enum": [*spec.choices]}}
            answer = {"anyOf": [answer, several, {"type": "string"}]}
        return {**answer, "description": schema["description"]}
    return schema


def _scalar_schema(description: str) -> Schema:
    """Return the schema of a text, a number or a blank."""
    return {"type": _SCALAR, "description": description}


def _object_schema(
    properties: Mapping[str, Any], required: Sequence[str] = (), patterns: Schema | None = None
) -> Schema:
    """Return the schema of a mapping without other keys; it may be blank."""
    schema: Schema = {"type": ["object", "null"], "properties": dict(properties)}
    if required:
        schema["required"] = list(required)
    if patterns:
        schema["patternProperties"] = patterns
    return {**schema, "additionalProperties": False}


def _schema_by_form(forms: Sequence[Form]) -> Schema:
    """Return the schema of a document of one of these forms, selected by its 表式."""
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


def _model_schema(model: type[StrictModel]) -> Schema:
    """Return the schema of a pydantic model."""
    schema: Schema = _loosen(model.model_json_schema(by_alias=True))
    if catalogue := schema.get("$defs", {}).get("Catalogue"):
        catalogue["additionalProperties"] = True  # Keys of site.yml: 目录别名, 目录另加.
    return {"$schema": _DRAFT, **schema}


def _derived_form_schema(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Relax the schema of forms for a derived form, which states only its differences."""
    if isinstance(schema, list):
        return [_derived_form_schema(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    relaxed = {key: _derived_form_schema(value) for key, value in schema.items()}
    for key in ("required", "discriminator"):
        relaxed.pop(key, None)
    if "oneOf" in relaxed:
        relaxed["anyOf"] = relaxed.pop("oneOf")
    if "形式" in relaxed.get("properties", {}):
        relaxed["properties"]["删去"] = {"enum": ["是"]}
    return relaxed


def _loosen(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Drop English titles and descriptions; allow numbers for texts, and blanks."""
    if isinstance(schema, list):
        return [_loosen(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = ("title", "description", "default")
    loosened = {
        key: _loosen(value)
        for key, value in schema.items()
        if key not in left_out or not isinstance(value, str | int | float | bool | None)
    }
    if loosened.get("type") == "string":
        loosened["type"] = _SCALAR
        loosened.pop("format", None)
    elif loosened.get("type") in {"array", "object"}:
        loosened["type"] = [loosened["type"], "null"]
    return loosened
