"""Fill any form with consistent random values: amounts, points and scores add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from gongkai.authoring.demo.words import deviation_reason, indicator_name, narrative
from gongkai.model.forms import Form
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, Kind, format_decimal

Document = dict[str, Any]
_LEVEL_POINTS = {"产出": 50, "效益": 30, "满意": 10, "成本": 20}
_GRADE = "优"
_DIVISIBLE_POINTS = 9
"""Fewest points that several indicators share."""
_MISSED_POINTS, _MISSED_SHARE = 8, 0.1
"""Fewest points of an indicator whose target may be missed, and how often it is."""


@dataclass(slots=True)
class Filler:
    """State while one form is filled."""

    form: Form
    unit: str
    project: str
    budget: int
    """In 0.01 万元."""
    rnd: Random
    tree: Random
    """Source of the indicators: forms filled with equal ones get the same indicators."""
    department: str = "示例主管局"
    """主管部门"""
    points: int = 0
    """Sum of 分值 so far."""
    score: int = 0
    """Sum of 得分 so far."""

    def document(self) -> Document:
        """Return the filled form as the content of a YAML file."""
        content: Document = {"表式": self.form.id}
        totals: list[tuple[str, TotalSpec | FieldsSpec]] = []
        for section in self.form.sections:
            match section:
                case TableSpec():
                    content[section.key] = self._table(section)
                case IndicatorsSpec():
                    content[section.key] = self._indicator_tree(section)
                case TotalSpec():
                    totals.append((section.key, section))
                    content[section.key] = {}
                case FieldsSpec() if section.key:
                    content[section.key] = self._fields(section.fields)
                case FieldsSpec():
                    content |= self._fields(section.fields)
        for key, section in totals:
            content[key] = self._total(section)
        return content

    def _money(self, hundredths: int) -> str:
        amount = Decimal(hundredths) / 100 * MONEY_UNITS["万元"] / MONEY_UNITS[self.form.money]
        return format_decimal(amount)

    def _fields(self, specs: Sequence[FieldSpec]) -> Document:
        return {spec.key: self._field(spec) for spec in specs}

    def _field(self, spec: FieldSpec) -> str:
        texts = {
            Role.PROJECT_NAME: self.project,
            Role.UNIT_NAME: self.unit,
            Role.IMPLEMENTER: self.unit,
            Role.DEPARTMENT: self.department,
            Role.GRADE: _GRADE,
        }
        if spec.role in texts:
            return texts[spec.role]
        if spec.kind is Kind.AMOUNT:
            return "0" if spec.role is Role.OTHER else self._money(self.budget)
        if spec.kind is Kind.LONG_TEXT:
            return narrative(self.rnd, self.rnd.randint(1, 4))
        return "示例填写"

    def _table(self, spec: TableSpec) -> Document:
        component_rows = [row for row in spec.rows if row.parent]
        return {
            row.key: {
                column.key: filed
                for column in spec.columns
                if (filed := self._money_cell(column, row.role, first=row in component_rows[:1]))
                and column.key not in row.printed
            }
            for row in spec.rows
        }

    def _money_cell(self, column: FieldSpec, role: Role | None, *, first: bool) -> str:
        is_total = role is Role.TOTAL
        execution = self.form.execution
        if column.kind is Kind.AMOUNT:
            return self._money(self.budget) if is_total or first else "0"
        if not is_total:
            return ""
        if column.role is Role.EXECUTION_RATE:
            return "100%"
        if column.role is Role.POINTS and execution and execution.points:
            self.points += int(execution.points)
            return format_decimal(execution.points)
        if column.role is Role.SCORE and execution and execution.points:
            self.score += int(execution.points)
            return format_decimal(execution.points)
        return ""

    def _indicator_tree(self, spec: IndicatorsSpec) -> list[Document]:
        keys = [level.key for level in spec.levels]
        return [self._branch(spec, keys, 0, preset, None) for preset in spec.presets]

    def _branch(
        self,
        spec: IndicatorsSpec,
        keys: list[str],
        level: int,
        preset: PresetSpec,
        points: int | None,
    ) -> Document:
        own_points = int(preset.points) if preset.points else points
        if level == 0 and own_points is None:
            own_points = _LEVEL_POINTS[preset.name[:2]]
        branch: Document = {keys[level]: preset.name}
        has_points = any(column.role is Role.POINTS for column in spec.columns)
        if level + 1 == len(keys):
            self._fill_leaf(spec, branch, preset.name, own_points or 0, name=preset.name)
            return branch
        if has_points and preset.points:
            point_columns = [
                column for column in spec.level_columns(level) if column.role is Role.POINTS
            ]
            branch |= {column.key: str(own_points) for column in point_columns} or (
                {"分值": str(own_points)} if "{分值}" in spec.levels[level].name_format else {}
            )
        branch["下级"] = list(self._children(spec, keys, level, preset, own_points or 0))
        return branch

    def _children(
        self, spec: IndicatorsSpec, keys: list[str], level: int, preset: PresetSpec, points: int
    ) -> Iterator[Document]:
        if preset.children:
            shares = _split_points(points, len(preset.children))
            for child, share in zip(preset.children, shares, strict=True):
                yield self._branch(spec, keys, level + 1, child, share)
            return
        count = self.tree.randint(1, 3) if points >= _DIVISIBLE_POINTS else 1
        for share in _split_points(points, count):
            leaf: Document = {}
            name = f"{indicator_name(self.tree)}{preset.name[:2]}"
            leaf[keys[level + 1]] = name
            self._fill_leaf(spec, leaf, preset.name, share, name=name)
            yield leaf

    def _fill_leaf(
        self, spec: IndicatorsSpec, leaf: Document, aspect: str, points: int, *, name: str
    ) -> None:
        is_rate = "数量" not in aspect and "成本" not in aspect
        target = self.tree.randint(80, 98) if is_rate else self.tree.randint(3, 400)
        missed = self.tree.random() < _MISSED_SHARE and points >= _MISSED_POINTS and is_rate
        actual = target // 2 if missed else target
        score = points * actual // target if missed else points
        roles = {column.role for column in spec.columns}
        at_most = "成本" in aspect
        measure = "%" if is_rate else "万元" if at_most else "个"
        comparison = "≤" if at_most else "≥"
        for column in spec.columns:
            filed = {
                Role.COMPARISON: comparison,
                Role.TARGET: f"{'' if Role.COMPARISON in roles else comparison}{target}"
                + ("" if Role.MEASURE in roles else measure),
                Role.MEASURE: measure,
                Role.ACTUAL: f"{actual}{'' if Role.MEASURE in roles else measure}",
                Role.POINTS: str(points),
                Role.SCORE: str(score),
                Role.DEVIATION: deviation_reason(self.rnd) if missed else "",
            }.get(column.role or Role.UNIT_NAME, name if column.role is None else "")
            if filed:
                leaf[column.key] = filed
        self.points += points
        self.score += score

    def _total(self, section: TotalSpec | FieldsSpec) -> Document:
        columns = section.columns if isinstance(section, TotalSpec) else section.fields
        grade = self.form.grade_of(Decimal(self.score))
        filed = {
            Role.POINTS: str(self.points),
            Role.SCORE: str(self.score),
            Role.GRADE: str(grade or ""),
        }
        return {column.key: filed[column.role] for column in columns if column.role in filed}


def _split_points(points: int, count: int) -> list[int]:
    """Split points into whole numbers as evenly as possible."""
    return [points // count + (number < points % count) for number in range(count)]
