"""Chart selection: the charts of an evaluation, a disclosure and a unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.model.documents import Cells, Record, cell_with_role
from gongkai.model.figures import BUDGET, SPENT, figures_of
from gongkai.model.outcomes import cell_number
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import (
    Contradictions,
    RecomputedFigure,
    dimension_note,
    find_contradictions,
    recomputed_cells,
    recomputed_dimensions,
    recomputed_figures,
)
from gongkai.model.terms import Role
from gongkai.pages.charts.charts import (
    DimensionScore,
    Spending,
    YearMoney,
    money_chart,
    scores_chart,
    three_public_chart,
)
from gongkai.pages.links import main_evaluation
from gongkai.pages.views.common import CaptionedChart

_FEWEST_BARS = 2
"""Fewer bars say no more than the figures themselves."""
_THREE_PUBLIC_ROLES = {
    "公务用车": Role.VEHICLES,
    "出国（境）": Role.ABROAD,
    "公务接待": Role.RECEPTION,
}


def evaluation_charts(
    record: Record | None, contradictions: Contradictions
) -> tuple[CaptionedChart, ...]:
    """Return the chart of scores by level-1 indicator; none if the form gives no points."""
    if record is None:
        return ()
    scores = list(_dimension_scores(record, contradictions))
    if len(scores) < _FEWEST_BARS:
        return ()
    name, caption = f"{record.form.kind.anchor}-scores", "各类指标得分"
    return (CaptionedChart(caption, scores_chart(name, caption, scores), f"chart-{name}"),)


def _dimension_scores(record: Record, contradictions: Contradictions) -> Iterator[DimensionScore]:
    for filed, recomputed in recomputed_dimensions(record, contradictions):
        if filed.points is not None and filed.score is not None:
            note = dimension_note(filed, recomputed)
            yield DimensionScore(filed.name, filed.score, filed.points, note)


def disclosure_charts(
    main: Record | None, baseline: Record | None, year: int, contradictions: Contradictions
) -> tuple[CaptionedChart, ...]:
    """Return the chart of scores, and that of 三公经费 if the 基础数据表 has any."""
    three_public = _three_public_charts(baseline, year, contradictions) if baseline else ()
    return (*evaluation_charts(main, contradictions), *three_public)


def _three_public_charts(
    baseline: Record, year: int, contradictions: Contradictions
) -> Iterator[CaptionedChart]:
    rows = ((name, baseline.row_with_role(role)) for name, role in _THREE_PUBLIC_ROLES.items())
    recomputed = recomputed_cells(baseline, contradictions)
    kinds = [_spending(name, row.cells, recomputed) for name, row in rows if row]
    kinds = [kind for kind in kinds if any((kind.prior, kind.budget, kind.final))]
    if kinds:
        money = baseline.form.money
        chart = three_public_chart("three-public", "三公经费", money, year, kinds)
        yield CaptionedChart("三公经费", chart, "chart-three-public")


def _spending(name: str, cells: Cells, recomputed: Mapping[str, RecomputedFigure]) -> Spending:
    roles = (Role.PRIOR_FINAL, Role.BUDGET, Role.FINAL)
    row_cells = [cell_with_role(cells, role) for role in roles]
    prior, budget, final = map(cell_number, row_cells)
    found = [recomputed.get(cell.where) if cell else None for cell in row_cells]
    before, planned, spent = map(_amount_note, found)
    return Spending(name, prior, budget, final, (before, planned, spent))


def _amount_note(recomputed: RecomputedFigure | None) -> str:
    """Return the recomputed amount; where a text says otherwise, that it does."""
    if recomputed is None:
        return ""
    return "与报告不一致" if recomputed.number is None else recomputed.label


def unit_charts(
    disclosures: Sequence[Disclosure], problems: Mapping[str, Sequence[Problem]]
) -> tuple[CaptionedChart, ...]:
    """Return the chart of budget and spending over the years, in 万元.

    `problems` are those of the disclosures, by their files.
    """
    years = sorted(_yearly_money(disclosures, problems), key=lambda year: year.year)
    if len(years) < _FEWEST_BARS:
        return ()
    caption = "历年预算与支出"
    return (CaptionedChart(caption, money_chart("money", caption, "万元", years), "chart-money"),)


def _yearly_money(
    disclosures: Iterable[Disclosure], problems: Mapping[str, Sequence[Problem]]
) -> Iterator[YearMoney]:
    for disclosure in disclosures:
        record = main_evaluation(disclosure)
        if record:
            figures = figures_of(record)
            budget, spent = map(figures.amount, (figures.budget, figures.spent))
            contradictions = find_contradictions(problems[disclosure.file])
            recomputed = recomputed_figures(record, contradictions)
            notes = (
                recomputed[BUDGET].label if BUDGET in recomputed else "",
                recomputed[SPENT].label if SPENT in recomputed else "",
            )
            yield YearMoney(disclosure.year, budget, spent, notes)
