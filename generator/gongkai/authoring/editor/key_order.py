"""The order of the keys in data files: that of their form, or of the site's own files."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from gongkai.authoring.editor.value_trees import KeyOrder, Place, Tree
from gongkai.model.forms import Form
from gongkai.model.publication import DisclosureFacts, UnitFacts
from gongkai.model.specs import FieldSpec, FieldsSpec, IndicatorsSpec, TableSpec, TotalSpec
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from gongkai.reading.form_plan import (
    CHILDREN_KEY,
    DOCUMENT_KEYS,
    OPEN_NAME,
    SCORE_GROUP_KEY,
    SIGN_OFF_KEY,
)

_FORM_KEY = "表式"
_PROJECT_NAME = "项目名称"
_Shape = dict[str, "_Shape"]
"""Keys in order, each with the keys below it; lists have the keys of their entries."""


def key_order(tree: Tree, forms: Mapping[str, Form | None]) -> KeyOrder:
    """Return the order of the keys in a file with these values; `forms` are by id."""
    shape = _file_shape(tree, forms)

    def order(place: Place) -> tuple[str, ...]:
        below = shape
        for part in place:
            if isinstance(part, str):
                below = below.get(part, {})
        return tuple(below)

    return order


def _file_shape(tree: Tree, forms: Mapping[str, Form | None]) -> _Shape:
    if not isinstance(tree, dict):
        return {}
    if _FORM_KEY in tree:
        return _document_shape(tree, forms)
    if _PROJECT_NAME in tree or PROJECT_DOCUMENTS.keys() & tree.keys():
        parts = {key: _document_shape(tree.get(key), forms) for key in PROJECT_DOCUMENTS}
        return {_PROJECT_NAME: {}, **parts}
    return _model_shape(DisclosureFacts if "年度" in tree else UnitFacts)


def _document_shape(tree: Tree, forms: Mapping[str, Form | None]) -> _Shape:
    form_id = tree.get(_FORM_KEY) if isinstance(tree, dict) else None
    form = forms.get(form_id) if isinstance(form_id, str) else None
    shape: _Shape = {key: {} for key in DOCUMENT_KEYS if key != SIGN_OFF_KEY}
    if form:
        for section in form.sections:
            below = _section_shape(section)
            shape |= {section.key: below} if section.key else below
        shape[SIGN_OFF_KEY] = {key: {} for key in form.sign_off_keys}
    return shape


def _section_shape(section: Any) -> _Shape:  # noqa: ANN401 - one of four kinds
    match section:
        case IndicatorsSpec():
            return _level_shape(section, 0)
        case TableSpec():
            columns = _keys(section.columns)
            open_columns = {OPEN_NAME.key: _Shape()} | columns
            rows = {row.key: open_columns if row.is_open else columns for row in section.rows}
            blocks = {block.key: _keys(block.rows) for block in section.blocks}
            return (rows or columns) | blocks
        case FieldsSpec() | TotalSpec():
            return _keys(section.fields if isinstance(section, FieldsSpec) else section.columns)
        case _:
            return {}


def _level_shape(section: IndicatorsSpec, level: int) -> _Shape:
    """Return the keys of an indicator: its name, its columns, those further below, its children."""
    shape = {section.levels[level].key: _Shape()} | _keys(section.level_columns(level))
    shape |= {key: below for key, below in _keys(section.columns).items() if key not in shape}
    shape[SCORE_GROUP_KEY] = {}
    if level + 1 < len(section.levels):
        shape[CHILDREN_KEY] = _level_shape(section, level + 1)
    return shape


def _keys(specs: Iterable[FieldSpec]) -> _Shape:
    return {spec.key: {} for spec in specs}


def _model_shape(model: type[BaseModel]) -> _Shape:
    """Return the keys of a model's fields, and of the models in them."""
    shape: _Shape = {}
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        below = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        shape[field.alias or name] = _model_shape(below[0]) if below else {}
    return shape
