"""What a form says of its table, in labels: roles, levels, points and sums, whatever its keys are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.authoring.office.cells import normalize_label
from gongkai.model.forms import Form
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import Role

Facts = dict[str, object]


@dataclass(slots=True)
class FormFacts:
    """The facts of a form by what they are of."""

    roles: Facts = field(default_factory=dict)
    levels: Facts = field(default_factory=dict)
    points: Facts = field(default_factory=dict)
    sums: Facts = field(default_factory=dict)


def form_facts(form: Form) -> FormFacts:
    """Return the facts of a form."""
    facts = FormFacts()
    columns: dict[str, str] = {}
    tables = 0
    for section in form.sections:
        match section:
            case FieldsSpec():
                _add_fields(facts, section)
            case TableSpec():
                _add_table(facts, section)
            case IndicatorsSpec():
                tables += 1
                columns = {column.key: _column_label(column) for column in section.columns}
                _add_indicators(facts, section, tables)
            case TotalSpec():
                _add_totals(facts, section, columns)
    facts.points["执行率"] = (form.execution.points or None) if form.execution else None
    facts.points["总分"] = form.total_points
    return facts


def _label(spec: FieldSpec | RowSpec) -> str:
    return normalize_label(spec.label or spec.key)


def _column_label(spec: FieldSpec) -> str:
    return normalize_label(f"{spec.heading}{spec.label or spec.key}")


def _add_fields(facts: FormFacts, section: FieldsSpec) -> None:
    labels = {spec.key: _label(spec) for spec in section.fields}
    for spec in section.fields:
        facts.roles[f"项 {_label(spec) if spec.shows_label else '（无标签）'}"] = spec.role
        if spec.parts:
            facts.sums[f"项 {_label(spec)}"] = [labels[part] for part in spec.parts]


def _add_table(facts: FormFacts, section: TableSpec) -> None:
    labels = {column.key: _label(column) for column in section.columns}
    labels |= {row.key: _label(row) for row in section.rows}
    for column in section.columns:
        facts.roles[f"列 {_column_label(column)}"] = column.role
        if column.parts:
            facts.sums[f"列 {_label(column)}"] = [labels[part] for part in column.parts]
    for row in section.rows:
        facts.roles[f"行 {'（开放）' if row.is_open else _label(row)}"] = row.role
        if row.parts:
            facts.sums[f"行 {_label(row)}"] = [labels[part] for part in row.parts]
    for block in section.blocks:
        for spec in block.rows:
            facts.roles[f"分解 {_label(spec)}"] = spec.role


def _add_indicators(facts: FormFacts, section: IndicatorsSpec, number: int) -> None:
    points = next((column.key for column in section.columns if column.role is Role.POINTS), "")
    for position, level in enumerate(section.levels):
        label = normalize_label(level.label or level.key) if level.shows_label else ""
        name_format = normalize_label(level.name_format.replace(f"{{{points}}}", "{分值}"))
        facts.levels[f"指标表{number} 第{position + 1}级"] = (label, level.is_block, name_format)
    for column in section.columns:
        label = _column_label(column) if column.has_own_column else "（印在名称里的分值）"
        facts.roles[f"指标表{number} {label}"] = (column.role, section.level_of(column))
    for path, preset in _presets(section.presets, f"指标表{number}"):
        facts.points[path] = preset.points


def _presets(presets: Sequence[PresetSpec], path: str) -> Iterator[tuple[str, PresetSpec]]:
    for preset in presets:
        name = f"{path}/{normalize_label(preset.name)}"
        yield name, preset
        yield from _presets(preset.children, name)


def _add_totals(facts: FormFacts, section: TotalSpec, columns: Mapping[str, str]) -> None:
    for column in section.columns:
        label = columns.get(column.aligned_with or column.key, "（没有这一列）")
        facts.roles[f"合计行 {label}"] = column.role


def fact_differences(expected: Facts, drafted: Facts) -> list[str]:
    """Return the facts that are not the same, in Chinese."""
    return [
        f"{key}：{_describe(expected, key)} → {_describe(drafted, key)}"
        for key in dict.fromkeys((*expected, *drafted))
        if expected.get(key, "没有") != drafted.get(key, "没有")
    ]


def _describe(facts: Facts, key: str) -> str:
    if key not in facts:
        return "没有"
    value = facts[key]
    if isinstance(value, tuple):
        return "，".join("空" if part is None else f"{part}" for part in value)
    return "空" if value is None else f"{value}"
