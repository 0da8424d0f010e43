"""Figures of one evaluation: how they are found, named and written, and where they are shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from gongkai.model.documents import (
    Cell,
    Cells,
    Indicator,
    Record,
    cache_on_record,
    cell_with_role,
)
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.scores import rate_row, scored_indicators, total_points
from gongkai.model.terms import NOT_STATED, Grade, Role
from gongkai.model.values import MONEY_UNITS, ValueState

BUDGET_ROLES = (Role.ADJUSTED, Role.INITIAL)
"""Columns that state the budget, by preference: 全年预算数, else 年初预算数."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Loss:
    """An indicator that did not earn all its points."""

    indicator: Indicator
    points: Decimal
    score: Decimal
    reason: str
    """偏差原因 as filed; empty if none was given."""


@dataclass(frozen=True, slots=True)
class EvaluationFigures:
    """The figures of an evaluation; None if the document does not state them."""

    money: str
    """Unit of the amounts, fixed by the form: 元, 万元 or 亿元."""
    initial: Cell | None
    """年初预算数 of the total row."""
    budgets: tuple[Cell, ...]
    """全年预算数 and 年初预算数 of the total row as far as filed, the preferred one first."""
    spent: Cell | None
    """全年执行数 of the total row."""
    rate: Cell | None
    """执行率, as filed."""
    score: Cell | None
    """总分 as filed: in the total row, or in a field at the head."""
    total_points: Decimal | None
    """满分: as filed, else as the form fixes it."""
    grade: Grade | None
    """As filed if the form has a grade field, else by the form's bands from the score as filed."""
    filed_grade: str
    """The grade's word as filed; empty if the form has no grade field or nothing was filed."""
    indicators: tuple[Indicator, ...]
    """The indicators of the last level."""
    reached_indicators: tuple[Indicator, ...]
    """Indicators whose actual value reaches the target."""
    missed_indicators: tuple[Indicator, ...]
    """Indicators whose actual value is worse than the target; incomparable ones are in neither."""
    losses: tuple[Loss, ...]
    unfiled_count: int = 0
    """Number of indicators without an actual value."""

    @property
    def judged_count(self) -> int:
        """Number of indicators whose actual value can be compared with the target."""
        return len(self.reached_indicators) + len(self.missed_indicators)

    @property
    def incomparable_count(self) -> int:
        """Number of indicators with an actual value that cannot be compared with the target."""
        return len(self.indicators) - self.judged_count - self.unfiled_count

    @property
    def budget(self) -> Cell | None:
        """全年预算数, or 年初预算数 if only that is filed."""
        return next(iter(self.budgets), None)

    @property
    def grade_word(self) -> str:
        """The grade as filed, else by the form's bands; empty if unknown."""
        return self.filed_grade or f"{self.grade or ''}"

    @property
    def score_percent(self) -> Decimal | None:
        """The score in percent of the points."""
        score = self.score.value.number if self.score else None
        if score is None or not self.total_points:
            return None
        return score / self.total_points * _HUNDRED

    def amount(self, cell: Cell | None) -> Decimal | None:
        """Return an amount in 万元; None if no number is filed."""
        number = cell.value.number if cell else None
        factor: Decimal = MONEY_UNITS[self.money] / MONEY_UNITS["万元"]
        return None if number is None else number * factor

    def exact_value(self, figure: "Figure") -> str | int:
        """Return a figure for data tables: decimals as text with their zeros; empty if not filed."""
        value = figure.value(self)
        plain = value.value.number if isinstance(value, Cell) else value
        if plain is None:
            return ""
        return f"{plain:f}" if isinstance(plain, Decimal) else plain

    def json_value(self, figure: "Figure") -> str | int:
        """Return a figure for JSON files: as in data tables, but rates as filed (100%)."""
        value = figure.value(self)
        if figure.kind is FigureKind.RATE and isinstance(value, Cell):
            return value.filed
        return self.exact_value(figure)

    def number(self, figure: "Figure") -> Decimal | None:
        """Return a figure as a number, an amount in 万元; None if it is none or not filed."""
        value = figure.value(self)
        if isinstance(value, Cell):
            return self.amount(value) if figure.kind is FigureKind.MONEY else value.value.number
        return Decimal(value) if isinstance(value, (Decimal, int)) else None

    def filed_text(self, figure: "Figure") -> str:
        """Return a figure for readers: as filed, an amount with its unit; empty if not filed.

        The grade is 优, 良, 中 or 差, whatever word the form has for it.
        """
        if figure.kind is FigureKind.GRADE:
            return f"{self.grade or ''}"
        value = figure.value(self)
        if isinstance(value, Cell):
            return self.amount_text(value) if figure.kind is FigureKind.MONEY else value.filed
        return f"{self.exact_value(figure)}"

    def amount_text(self, cell: Cell) -> str:
        """Return an amount as filed; the form's unit of money is added if none was filed."""
        has_unit = cell.filed.endswith(("元", "万", "亿"))
        is_number = cell.value.state is ValueState.FILED and cell.value.number is not None
        unit = cell.spec.money or self.money
        return cell.filed + unit if is_number and not has_unit else cell.filed


class FigureKind(Enum):
    """What a figure measures, which decides how it is written."""

    POINTS = auto()
    GRADE = auto()
    MONEY = auto()
    """An amount, in the form's unit of money."""
    RATE = auto()
    """A percentage."""
    COUNT = auto()
    UNIT = auto()
    """The unit of the amounts."""


FigureValue = Cell | Decimal | str | int | None
"""A figure in the document, or what follows from it; None if the document does not state it."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure of evaluations: its names, and its value in EvaluationFigures.

    A new one is added here, to the tuples below and to compare.js; its term, to the page 名词解释.
    """

    name: str
    """Name in data tables, JSON files and anchors; never changes."""
    term: str
    """Official term, as on cards and in the API."""
    kind: FigureKind
    value: Callable[[EvaluationFigures], FigureValue]
    short: str = ""
    """Label in lists and sentences, if it is not the term."""
    heading: str = ""
    """Heading in data tables and in the comparison, if it is not the term."""
    description: str = ""
    """Meaning and source in data tables."""
    api_note: str = ""
    """Meaning in the API, where the term does not say it all."""
    list_note: str = ""
    """Meaning in the data files of lists; only figures in lists need one."""
    anchor: str = ""
    """Anchor on the page 名词解释; empty if the term is not explained there."""
    meaning: str = ""
    """One phrase in everyday language."""

    @property
    def label(self) -> str:
        """Label in lists and sentences."""
        return self.short or self.term

    @property
    def title(self) -> str:
        """Heading in data tables and in the comparison."""
        return self.heading or self.term


SCORE = Figure(
    "score",
    "自评得分",
    FigureKind.POINTS,
    lambda figures: figures.score,
    heading="得分",
    description="自评总分，照填报的",
    list_note="填报的原文",
    anchor="score",
    meaning="单位按自评表给自己打的分",
)
POINTS = Figure(
    "points",
    "满分",
    FigureKind.POINTS,
    lambda figures: figures.total_points,
    description="一共可得多少分：填报的，没有填的按表式",
)
GRADE = Figure(
    "grade",
    "等级",
    FigureKind.GRADE,
    lambda figures: figures.grade_word,
    description="优、良、中、差：填报的，没有填的按表式的分数段",
    api_note="填报的；没有填报的，按表式的分档",
    list_note="优、良、中、差",
    anchor="grade",
    meaning="按得分分为优、良、中、差",
)
INITIAL = Figure(
    "initial",
    "年初预算数",
    FigureKind.MONEY,
    lambda figures: figures.initial,
    short="年初预算",
    description="合计行的年初预算数，单位见“金额单位”",
    anchor="initial-budget",
    meaning="年初批准可以花的钱",
)
BUDGET = Figure(
    "budget",
    "全年预算数",
    FigureKind.MONEY,
    lambda figures: figures.budget,
    short="全年预算",
    description="合计行的全年预算数；没有的是年初预算数",
    api_note="没有的，是年初预算数",
    list_note="填报的全年预算数，没有的取年初预算数；带单位",
    anchor="adjusted-budget",
    meaning="年中调整以后全年可以花的钱",
)
SPENT = Figure(
    "spent",
    "全年执行数",
    FigureKind.MONEY,
    lambda figures: figures.spent,
    short="全年支出",
    description="合计行的全年执行数，单位见“金额单位”",
    list_note="填报的全年执行数，带单位",
    anchor="spent",
    meaning="全年实际花的钱",
)
RATE = Figure(
    "rate",
    "执行率",
    FigureKind.RATE,
    lambda figures: figures.rate,
    description="合计行的预算执行率，照填报的，单位是 %",
    api_note="填报的原文，例如 100%",
    list_note="填报的原文",
    anchor="execution-rate",
    meaning="全年执行数占全年预算数的比例",
)
MONEY = Figure(
    "money",
    "金额单位",
    FigureKind.UNIT,
    lambda figures: figures.money,
    description="这一行金额的单位：元、万元、亿元；没有自评表的为空",
    api_note="元、万元或亿元",
)
INDICATORS = Figure(
    "indicators", "指标数", FigureKind.COUNT, lambda figures: len(figures.indicators)
)
MISSED = Figure(
    "missed",
    "未达目标",
    FigureKind.COUNT,
    lambda figures: len(figures.missed_indicators),
    heading="未达到目标的指标（不含项目）",
    anchor="target",
    meaning="实际完成值没有达到年度指标值",
)
LOST = Figure("lost", "被扣分的指标", FigureKind.COUNT, lambda figures: len(figures.losses))

FIRST_EXPORTED_FIGURES = (SCORE, POINTS, GRADE, INITIAL, BUDGET, SPENT, RATE, MONEY)
"""Figures of data tables and API since their first edition."""
LATER_EXPORTED_FIGURES: tuple[Figure, ...] = ()
"""Figures added since then, in columns after all others: published columns keep their order."""
EXPORTED_FIGURES = (*FIRST_EXPORTED_FIGURES, *LATER_EXPORTED_FIGURES)
COUNTED_FIGURES = (INDICATORS, MISSED, LOST)
"""Figures that only the comparison shows of every evaluation."""
FIGURES = (*EXPORTED_FIGURES, *COUNTED_FIGURES)
"""All figures: those of figures.json and of the comparison (compare.js)."""
CARD_FIGURES = (SCORE, GRADE, INITIAL, BUDGET, SPENT, RATE, MISSED)
"""Key figures at the top of an evaluation's page."""
FIRST_LISTED_FIGURES = (SCORE, GRADE, BUDGET, SPENT, RATE)
"""Columns of lists since the first edition of their data files."""
LATER_LISTED_FIGURES: tuple[Figure, ...] = ()
"""Columns added since then; in the data files they follow all others."""
LISTED_FIGURES = (*FIRST_LISTED_FIGURES, *LATER_LISTED_FIGURES)


@cache_on_record
def figures_of(record: Record) -> EvaluationFigures:
    """Return the figures of a record."""
    funds = rate_row(record)
    score = _filed(record.overall_cell(Role.SCORE))
    outcomes = [(outcome.indicator, outcome.is_reached) for outcome in indicator_outcomes(record)]
    number = score.value.number if score else None
    grade_by_bands = record.form.grade_of(number) if number is not None else None
    grade_cell = record.overall_cell(Role.GRADE)
    grade_word = grade_cell.filed if grade_cell else ""
    return EvaluationFigures(
        money=record.form.money,
        initial=_filed_cell(funds, Role.INITIAL),
        budgets=tuple(filter(_filed, budget_cells(funds))),
        spent=_filed_cell(funds, Role.SPENT),
        rate=_filed_cell(funds, Role.EXECUTION_RATE),
        score=score,
        total_points=total_points(record),
        grade=(grade_word and record.form.grade_from_word(grade_word)) or grade_by_bands,
        filed_grade=grade_word,
        indicators=record.leaves,
        reached_indicators=tuple(indicator for indicator, is_met in outcomes if is_met is True),
        missed_indicators=tuple(indicator for indicator, is_met in outcomes if is_met is False),
        losses=tuple(_find_losses(record)),
        unfiled_count=_count_unfiled(record),
    )


def _count_unfiled(record: Record) -> int:
    """Count the indicators without an actual value."""
    filed = {
        outcome.indicator.name.position
        for outcome in indicator_outcomes(record)
        if outcome.has_actual
    }
    return sum(leaf.name.position not in filed for leaf in record.leaves)


@cache_on_record
def filed_figures(record: Record) -> tuple[tuple[Figure, Cell], ...]:
    """Return the figures that are cells; a cell that states two of them (budget) only once."""
    figures = figures_of(record)
    cells = ((figure, figure.value(figures)) for figure in FIGURES)
    by_place: dict[str, tuple[Figure, Cell]] = {}
    for figure, cell in cells:
        if isinstance(cell, Cell):
            by_place.setdefault(cell.where, (figure, cell))
    return tuple(by_place.values())


def budget_cells(cells: Cells | None) -> Iterator[Cell]:
    """Yield the cells that state the budget, blank ones too, the preferred one first."""
    for role in BUDGET_ROLES:
        if cell := cell_with_role(cells, role):
            yield cell


def _filed_cell(cells: Cells | None, role: Role) -> Cell | None:
    return _filed(cell_with_role(cells, role))


def _filed(cell: Cell | None) -> Cell | None:
    """Return a cell unless it is blank or says that the original states nothing (原件未载)."""
    return cell if cell and not cell.is_blank and cell.filed != NOT_STATED else None


def _find_losses(record: Record) -> Iterator[Loss]:
    for indicator, points, score in scored_indicators(record):
        if score < points:
            reason = indicator.cells.with_role(Role.DEVIATION)
            yield Loss(indicator, points, score, reason.filed if reason else "")
