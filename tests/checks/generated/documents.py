"""A form filled in right: sums, rates, points, scores and texts agree."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from gongkai.model.forms import Form
from gongkai.model.specs import FieldSpec, FieldsSpec, RowSpec, TableSpec, TotalSpec
from gongkai.model.terms import Role
from gongkai.model.values import Kind, format_decimal, round_half_up
from tests.checks.generated.amounts import Funds, percentage, split, split_funds
from tests.checks.generated.indicators import GeneratedIndicator
from tests.checks.generated.texts import Facts, achievement, objective

_FIGURE_KINDS = frozenset({
    Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE, Kind.MEASURED, Kind.LONG_TEXT,
})  # fmt: skip
_LATE = frozenset({Role.SCORE, Role.GRADE, Role.OBJECTIVE, Role.ACHIEVEMENT, Role.DEVIATION})
"""Fields that state totals and texts, which are filled in last."""
CODED_NAME = "51000021R000000012345-{}"
"""A project's name with its code, where the form wants one."""


@dataclass(slots=True)
class FiledCell:
    """A value of a document that has figures, and where it stands."""

    form: str
    column: str
    """Section, row and column as the form names them; of indicators without the row."""
    holder: Any
    """The mapping or list that holds the value."""
    key: Any
    role: Role | None = None
    indicator: GeneratedIndicator | None = None

    @property
    def text(self) -> str:
        """The value as filed."""
        return str(self.holder[self.key])


class Document:
    """A document being filled in."""

    def __init__(self, form: Form, facts: Facts, rnd: Random) -> None:
        self.form, self.facts, self.rnd = form, facts, rnd
        self.data: dict[str, Any] = {"表式": form.id}
        self.cells: list[FiledCell] = []
        self.scores: list[Decimal] = []
        self.remarks: list[str] = []
        """Reasons for missed targets, where the form has no column for them."""

    def put(
        self,
        holder: dict[str, Any],
        spec: FieldSpec,
        text: str,
        where: str,
        indicator: GeneratedIndicator | None = None,
    ) -> None:
        """File a value; remember it if it has figures."""
        holder[spec.key] = text
        if spec.kind in _FIGURE_KINDS and any(character.isdigit() for character in text):
            column = f"{where}/{spec.key}" if where else spec.key
            cell = FiledCell(self.form.id, column, holder, spec.key, spec.role, indicator)
            self.cells.append(cell)

    def holder_of(self, key: str) -> dict[str, Any]:
        """Return the mapping of a part of the form, or of the whole document."""
        holder: dict[str, Any] = self.data.setdefault(key, {}) if key else self.data
        return holder

    def fill_parts(self) -> None:
        """Fill in the fields and tables; indicators have a module of their own."""
        for section in self.form.sections:
            if isinstance(section, FieldsSpec):
                self._fill_fields(section)
            elif isinstance(section, TableSpec):
                self._fill_table(section)

    def fill_totals(self) -> None:
        """Fill in the total score, and the texts that state what the tables have."""
        self.facts.score = sum(self.scores, Decimal(0))
        for section in self.form.sections:
            if isinstance(section, FieldsSpec):
                specs = section.fields
            elif isinstance(section, TotalSpec):
                specs = section.columns
            else:
                continue
            for spec in specs:
                if text := self._total_text(spec):
                    self.put(self.holder_of(section.key), spec, text, section.key)

    def _total_text(self, spec: FieldSpec) -> str:
        """Return a field's text if it states a total, a grade or what the indicators say."""
        facts = self.facts
        texts = {
            Role.POINTS: format_decimal(self.form.total_points or Decimal(100)),
            Role.SCORE: format_decimal(facts.score),
            Role.GRADE: f"{self.form.grade_of(facts.score)}",
            Role.DEVIATION: "".join([facts.funds.explanation, *self.remarks]) or "无",
        }
        if spec.role is Role.OBJECTIVE:
            return objective(self.rnd, facts)
        if spec.role is Role.ACHIEVEMENT:
            return achievement(self.rnd, facts, self.form.money)
        return texts.get(spec.role, "") if spec.role else ""

    def _fill_fields(self, section: FieldsSpec) -> None:
        holder, funds = self.holder_of(section.key), self.facts.funds
        amounts = {
            Role.INITIAL: funds.initial,
            Role.ADJUSTED: funds.adjusted,
            Role.SPENT: funds.spent,
        }
        specs = {spec.key: spec for spec in section.fields}
        parts = {key for spec in section.fields for key in spec.parts}
        for spec in section.fields:
            if spec.role in _LATE or spec.role is Role.REVIEW_SCORE or spec.key in parts:
                continue
            if spec.role is Role.EXECUTION_RATE:
                self.put(holder, spec, f"{format_decimal(funds.rate)}%", section.key)
            elif spec.role in amounts:
                amount = amounts[spec.role]
                self.put(holder, spec, format_decimal(amount), section.key)
                shares = split(self.rnd, amount, len(spec.parts)) if spec.parts else []
                for key, share in zip(spec.parts, shares, strict=True):
                    self.put(holder, specs[key], format_decimal(share), section.key)
            else:
                holder[spec.key] = self._plain_text(spec)

    def _plain_text(self, spec: FieldSpec) -> str:
        """Return the text of a field without figures."""
        facts = self.facts
        by_role = {
            Role.PROJECT_NAME: CODED_NAME.format(facts.name) if spec.pattern else facts.name,
            Role.UNIT_NAME: facts.unit,
            Role.DEPARTMENT: facts.department,
            Role.IMPLEMENTER: facts.unit,
            Role.PURPOSE: "保障示例设施正常运行，方便群众。",
        }
        if spec.role in by_role:
            return by_role[spec.role]
        if spec.choices:
            return self.rnd.choice(spec.choices)
        if spec.kind is Kind.DATE:
            return f"{facts.year + 1}年3月5日"
        return f"{spec.key}按规定办理，资料齐全。" if spec.kind is Kind.LONG_TEXT else "示例"

    def _fill_table(self, table: TableSpec) -> None:
        roles = {spec.role for spec in table.columns}
        if Role.SPENT in roles or not any(row.is_open for row in table.rows):
            self._fill_funds(table)
        elif Role.INITIAL in roles:
            self._fill_tasks(table)
        for block in table.blocks:
            values = self.holder_of(table.key).setdefault(block.key, {})
            known = [self.facts.breakdown.get(spec.role) for spec in block.rows if spec.role]
            shares = known or split(self.rnd, self.facts.funds.spent, len(block.rows))
            for spec, share in zip(block.rows, shares, strict=True):
                text = format_decimal(share or Decimal(0))
                self.put(values, spec, text, f"{table.key}/{block.key}")

    def _fill_funds(self, table: TableSpec) -> None:
        funds = self.facts.funds
        total = next(row for row in table.rows if row.role is Role.TOTAL)
        self._fill_funds_row(table, total, funds)
        rows = {row.key: row for row in table.rows}
        parts = split_funds(self.rnd, funds, len(total.parts)) if total.parts else []
        for key, part in zip(total.parts, parts, strict=True):
            self._fill_funds_row(table, rows[key], part)

    def _fill_funds_row(self, table: TableSpec, row: RowSpec, funds: Funds) -> None:
        values = self.holder_of(table.key).setdefault(row.key, {})
        texts = self._funds_texts(table, funds, is_total=row.role is Role.TOTAL)
        for spec in table.columns:
            if spec.role in texts and spec.key not in row.printed:
                self.put(values, spec, texts[spec.role], f"{table.key}/{row.key}")

    def _funds_texts(self, table: TableSpec, funds: Funds, *, is_total: bool) -> dict[Role, str]:
        """Return the texts of a row of funds by role."""
        has_adjusted = any(spec.role is Role.ADJUSTED for spec in table.columns)
        budget = funds.adjusted if has_adjusted else funds.initial
        texts = {
            Role.INITIAL: format_decimal(funds.initial),
            Role.ADJUSTED: format_decimal(funds.adjusted),
            Role.SPENT: format_decimal(funds.spent),
        }
        if budget:
            texts[Role.EXECUTION_RATE] = f"{format_decimal(percentage(funds.spent, budget))}%"
        points = self.form.execution.points if self.form.execution else None
        if is_total and points:
            score = round_half_up(percentage(funds.spent, budget) * points / 100, 2)
            self.scores.append(score)
            texts |= {Role.POINTS: format_decimal(points), Role.SCORE: format_decimal(score)}
        if is_total:
            texts[Role.DEVIATION] = funds.explanation or "无"
        return texts

    def _fill_tasks(self, table: TableSpec) -> None:
        """Fill in a table of open rows, each a total of its own parts, and their sum."""
        open_row = next(row for row in table.rows if row.is_open)
        total_row = next(row for row in table.rows if row.parts)
        columns = {spec.key: spec for spec in table.columns}
        total = next(spec for spec in table.columns if spec.parts)
        sums = dict.fromkeys([total.key, *total.parts], Decimal(0))
        entries = self.holder_of(table.key)[open_row.key] = []
        for name, amount in zip("一二", split(self.rnd, self.facts.funds.initial, 2), strict=True):
            values: dict[str, Any] = {"名称": f"示例任务{name}", "主要内容": "示例任务的主要内容"}
            entries.append(values)
            shares = split(self.rnd, amount, len(total.parts))
            for key, share in zip(sums, [amount, *shares], strict=True):
                sums[key] += share
                where = f"{table.key}/{open_row.key}"
                self.put(values, columns[key], format_decimal(share), where)
        values = self.holder_of(table.key).setdefault(total_row.key, {})
        for key, amount in sums.items():
            self.put(values, columns[key], format_decimal(amount), f"{table.key}/{total_row.key}")
