"""Any form filled so that everything adds up: what a careful unit would have filed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

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
from gongkai.model.values import MONEY, Kind, plain
from tests.benchmarks.words import indicator, reason, story

Document = dict[str, Any]
_LEVEL_POINTS = {"产出": 50, "效益": 30, "满意": 10, "成本": 20}
_FIELDS = {
    Role.DEPARTMENT: "示例主管局",
    Role.GRADE: "优",
}


@dataclass(slots=True)
class Filler:
    """One document under way."""

    form: Form
    unit: str
    project: str
    budget: int
    """In hundredths of 万元."""
    rnd: Random
    tree: Random
    """What the indicators are drawn from: with the same, two forms get the same ones."""
    points: int = 0
    score: int = 0

    def document(self) -> Document:
        """The filled form, as YAML has it."""
        made: Document = {"表式": self.form.id}
        later: list[tuple[str, TotalSpec | FieldsSpec]] = []
        for section in self.form.sections:
            match section:
                case TableSpec():
                    made[section.key] = self._table(section)
                case IndicatorsSpec():
                    made[section.key] = self._tree(section)
                case TotalSpec():
                    later.append((section.key, section))
                    made[section.key] = {}
                case FieldsSpec() if section.key:
                    made[section.key] = self._fields(section.fields)
                case FieldsSpec():
                    made |= self._fields(section.fields)
        for key, section in later:
            made[key] = self._total(section)
        return made

    def _money(self, hundredths: int) -> str:
        amount = Decimal(hundredths) / 100 * MONEY["万元"] / MONEY[self.form.money]
        return plain(amount)

    def _fields(self, specs: Sequence[FieldSpec]) -> Document:
        return {spec.key: self._field(spec) for spec in specs}

    def _field(self, spec: FieldSpec) -> str:
        if spec.role is Role.PROJECT_NAME:
            return self.project
        if spec.role in {Role.UNIT_NAME, Role.IMPLEMENTER}:
            return self.unit
        if spec.role and spec.role in _FIELDS:
            return _FIELDS[spec.role]
        if spec.kind is Kind.AMOUNT:
            return "0" if spec.role is Role.OTHER else self._money(self.budget)
        if spec.kind is Kind.LONG_TEXT:
            return story(self.rnd, self.rnd.randint(1, 4))
        return "示例填写"

    def _table(self, spec: TableSpec) -> Document:
        parts = [row for row in spec.rows if row.parent]
        return {
            row.key: {
                column.key: filed
                for column in spec.columns
                if (filed := self._money_cell(column, row.role, first=row in parts[:1]))
                and column.key not in row.printed
            }
            for row in spec.rows
        }

    def _money_cell(self, column: FieldSpec, role: Role | None, *, first: bool) -> str:
        whole = role is Role.TOTAL
        execution = self.form.execution
        if column.kind is Kind.AMOUNT:
            return self._money(self.budget) if whole or first else "0"
        if not whole:
            return ""
        if column.role is Role.EXECUTION_RATE:
            return "100%"
        if column.role is Role.POINTS and execution and execution.points:
            self.points += int(execution.points)
            return plain(execution.points)
        if column.role is Role.SCORE and execution and execution.points:
            self.score += int(execution.points)
            return plain(execution.points)
        return ""

    def _tree(self, spec: IndicatorsSpec) -> list[Document]:
        keys = [level.key for level in spec.levels]
        return [self._branch(spec, keys, 0, each, None) for each in spec.presets]

    def _branch(
        self,
        spec: IndicatorsSpec,
        keys: list[str],
        level: int,
        preset: PresetSpec,
        points: int | None,
    ) -> Document:
        own = int(preset.points) if preset.points else points
        if level == 0 and own is None:
            own = _LEVEL_POINTS[preset.name[:2]]
        made: Document = {keys[level]: preset.name}
        scored = any(column.role is Role.POINTS for column in spec.columns)
        if level + 1 == len(keys):
            self._leaf(spec, made, preset.name, own or 0, name=preset.name)
            return made
        if scored and preset.points:
            made |= {c.key: str(own) for c in spec.own(level) if c.role is Role.POINTS} or (
                {"分值": str(own)} if "{分值}" in spec.levels[level].wording else {}
            )
        made["下级"] = list(self._below(spec, keys, level, preset, own or 0))
        return made

    def _below(
        self, spec: IndicatorsSpec, keys: list[str], level: int, preset: PresetSpec, own: int
    ) -> Iterator[Document]:
        if preset.children:
            shares = _shares(own, len(preset.children))
            for child, share in zip(preset.children, shares, strict=True):
                yield self._branch(spec, keys, level + 1, child, share)
            return
        count = self.tree.randint(1, 3) if own >= 9 else 1
        for share in _shares(own, count):
            leaf: Document = {}
            name = f"{indicator(self.tree)}{preset.name[:2]}"
            leaf[keys[level + 1]] = name
            self._leaf(spec, leaf, preset.name, share, name=name)
            yield leaf

    def _leaf(
        self, spec: IndicatorsSpec, made: Document, aspect: str, points: int, *, name: str
    ) -> None:
        rates = "数量" not in aspect and "成本" not in aspect
        target = self.tree.randint(80, 98) if rates else self.tree.randint(3, 400)
        missed = self.tree.random() < 0.1 and points >= 8 and rates
        actual = target // 2 if missed else target
        score = points * actual // target if missed else points
        roles = {column.role for column in spec.columns}
        at_most = "成本" in aspect
        measure = "%" if rates else "万元" if at_most else "个"
        sign = "≤" if at_most else "≥"
        for column in spec.columns:
            filed = {
                Role.COMPARISON: sign,
                Role.TARGET: f"{'' if Role.COMPARISON in roles else sign}{target}"
                + ("" if Role.MEASURE in roles else measure),
                Role.MEASURE: measure,
                Role.ACTUAL: f"{actual}{'' if Role.MEASURE in roles else measure}",
                Role.POINTS: str(points),
                Role.SCORE: str(score),
                Role.DEVIATION: reason(self.rnd) if missed else "",
            }.get(column.role or Role.UNIT_NAME, name if column.role is None else "")
            if filed:
                made[column.key] = filed
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
        return {each.key: filed[each.role] for each in columns if each.role in filed}


def _shares(whole: int, count: int) -> list[int]:
    """Whole points, as even as can be."""
    return [whole // count + (number < whole % count) for number in range(count)]
