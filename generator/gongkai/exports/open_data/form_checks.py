"""What is checked on a form, in sentences with the form's own labels and points."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks.registry import RULES
from gongkai.model.forms import Earning, Form
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal
from gongkai.pages.rules import rule_link
from gongkai.pages.views.common import Link
from gongkai.pages.views.open_data import FormCheck

_WITHIN = re.compile(r"^\s*其中\s*[：:]\s*")
_RULES = {rule.id: rule for rule in RULES}


def form_checks(form: Form) -> tuple[FormCheck, ...]:
    """Return what the form's own labels, sums and points lead to, each with its rule."""
    return tuple(FormCheck(text, _link(rule)) for text, rule in _iter_checks(form))


def _link(rule: str) -> Link:
    return rule_link(_RULES[rule])


def _iter_checks(form: Form) -> Iterator[tuple[str, str]]:
    if required := "、".join(_required_labels(form)):
        yield f"必须填写：{required}", "JG-03"
    for section in form.sections:
        if isinstance(section, FieldsSpec | TableSpec):
            yield from _sum_checks(section)
    yield from _execution_checks(form)
    yield from _point_checks(form)
    roles = {spec.role for section in form.sections for spec in section.all_fields}
    if {Role.TARGET, Role.ACTUAL} <= roles:
        yield "完成值没有达到目标值的，要写原因", "ZB-11"
    if {Role.POINTS, Role.SCORE} <= roles:
        yield "每个指标的得分不超过分值", "DF-07"
    if {Role.POINTS, Role.SCORE, Role.DEVIATION} <= roles:
        yield "扣了分的指标，要写原因", "DF-04"
    if form.outline:
        yield f"各章齐全、次序不乱：{'、'.join(form.outline)}", "WB-06"
    if form.grades:
        bands = "、".join(
            f"{grade}（{_number(lowest)} 以上）" for grade, lowest in form.grades.items()
        )
        yield f"等级与总分相符：{bands}", "DF-06"
    if form.quality_bands:
        bands = "、".join(
            f"{band.name}（{_number(band.highest)}%～{_number(band.lowest)}%）"
            for band in form.quality_bands
        )
        yield f"定性指标的得分落在档内：{bands}", "DF-08"


def _required_labels(form: Form) -> Iterator[str]:
    for section in form.sections:
        if section.required and not isinstance(section, FieldsSpec):
            yield _bare(section.printed_label)
        yield from (_label(spec) for spec in section.all_fields if spec.required)


def _sum_checks(section: FieldsSpec | TableSpec) -> Iterator[tuple[str, str]]:
    specs: Sequence[FieldSpec | RowSpec] = section.all_fields
    if isinstance(section, TableSpec):
        specs = (*specs, *section.rows)
    labels = {spec.key: _label(spec) for spec in specs}
    for spec in specs:
        if spec.parts:
            yield f"{_label(spec)} = {' + '.join(labels[part] for part in spec.parts)}", "ZJ-02"


def _execution_checks(form: Form) -> Iterator[tuple[str, str]]:
    roles = {spec.role for section in form.sections for spec in section.all_fields}
    if {Role.EXECUTION_RATE, Role.SPENT} <= roles:
        yield "执行率 = 全年执行数 ÷ 预算数", "ZJ-04"
    points = form.execution.points if form.execution else None
    if form.execution and points and form.execution.earning is not Earning.NOT_AT_ALL:
        how = (
            "按执行率的比例得分"
            if form.execution.earning is Earning.IN_PROPORTION
            else "按执行率分档得分"
        )
        yield f"执行率 {_number(points)} 分，{how}", "ZJ-05"


def _point_checks(form: Form) -> Iterator[tuple[str, str]]:
    tables = [section for section in form.sections if isinstance(section, IndicatorsSpec)]
    presets = [preset for table in tables for preset in table.presets]
    if presets:
        names = "、".join(
            preset.name
            if preset.points is None
            else f"{preset.name}（{_number(preset.points)} 分）"
            for preset in presets
        )
        yield f"一级指标齐全：{names}", "ZB-01"
    if form.total_points is not None and tables:
        yield f"分值合计 {_number(form.total_points)} 分", "DF-01"
    if any(isinstance(section, TotalSpec) for section in form.sections):
        yield "总分的得分 = 各项得分之和", "DF-03"


def _label(spec: FieldSpec | RowSpec) -> str:
    return _bare(spec.label or spec.key)


def _bare(label: str) -> str:
    return _WITHIN.sub("", label).strip(" ：:\u3000")


def _number(value: Decimal) -> str:
    return format_decimal(value)
