"""Which pictures an evaluation, a disclosure and a unit are shown with."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gongkai.model.documents import Cells, Record, by_role
from gongkai.model.figures import dimensions_of, figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.terms import Role
from gongkai.model.values import MONEY
from gongkai.pages.charts.charts import (
    Earned,
    Spending,
    YearMoney,
    money_chart,
    scores_chart,
    three_public_chart,
)
from gongkai.pages.links import evaluation
from gongkai.pages.views.common import Picture

_FEWEST = 2
"""From how many bars on a picture says more than the figures."""
_KINDS = {"公务用车": Role.VEHICLES, "出国（境）": Role.ABROAD, "公务接待": Role.RECEPTION}


def evaluation_charts(record: Record | None) -> tuple[Picture, ...]:
    """The scores by level-1 indicator, where the form gives points."""
    if record is None:
        return ()
    bars = [Earned(*each) for each in _scored(record)]
    if len(bars) < _FEWEST:
        return ()
    name, caption = f"{record.form.kind.anchor}-scores", "各类指标得分"
    return (Picture(caption, scores_chart(name, caption, bars)),)


def _scored(record: Record) -> Iterator[tuple[str, Decimal, Decimal]]:
    for name, points, score in dimensions_of(record):
        if points is not None and score is not None:
            yield name, score, points


def disclosure_charts(
    main: Record | None, baseline: Record | None, year: int
) -> tuple[Picture, ...]:
    """The scores, and 三公经费 where the 基础数据表 tells them."""
    return (*evaluation_charts(main), *(_three_public(baseline, year) if baseline else ()))


def _three_public(baseline: Record, year: int) -> Iterator[Picture]:
    rows = ((name, baseline.row(role)) for name, role in _KINDS.items())
    kinds = [_spending(name, row.cells) for name, row in rows if row]
    if any(value is not None for each in kinds for value in (each.prior, each.budget, each.final)):
        money = baseline.form.money
        chart = three_public_chart("three-public", "三公经费", money, year, kinds)
        yield Picture("三公经费", chart)


def _spending(name: str, cells: Cells) -> Spending:
    roles = (Role.PRIOR_FINAL, Role.BUDGET, Role.FINAL)
    found = (by_role(cells, role) for role in roles)
    prior, budget, final = (cell.value.number if cell else None for cell in found)
    return Spending(name, prior, budget, final)


def unit_charts(disclosures: Sequence[Disclosure]) -> tuple[Picture, ...]:
    """Budget and spending over the years, in 万元."""
    years = sorted(_years(disclosures), key=lambda each: each.year)
    if len(years) < _FEWEST:
        return ()
    caption = "历年预算与支出"
    return (Picture(caption, money_chart("money", caption, "万元", years)),)


def _years(disclosures: Iterable[Disclosure]) -> Iterator[YearMoney]:
    for each in disclosures:
        record = evaluation(each)
        if record:
            figures = figures_of(record)
            worth = MONEY[record.form.money] / MONEY["万元"]
            cells = (figures.adjusted or figures.initial, figures.spent)
            numbers = (cell.value.number if cell else None for cell in cells)
            budget, spent = (None if number is None else number * worth for number in numbers)
            yield YearMoney(each.year, budget, spent)
