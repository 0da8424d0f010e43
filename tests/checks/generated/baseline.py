"""A generated 基础数据表: staff, spending of two years, 三公经费, projects, buildings."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from gongkai.model.terms import Role
from gongkai.model.values import format_decimal
from tests.checks.generated.amounts import percentage, share_of, split
from tests.checks.generated.documents import FiledCell
from tests.checks.generated.texts import Facts

_COLUMNS = ("上年决算数", "本年预算数", "本年决算数")
_MONEY = "经费控制情况"
_NOTHING = (Decimal(0), Decimal(0), Decimal(0))
Amounts = tuple[Decimal, Decimal, Decimal]
"""Last year's amount, this year's budget, this year's amount."""


class Baseline:
    """The table, and what the report repeats of it."""

    def __init__(self, form: str, unit: Facts, projects: Sequence[Facts], rnd: Random) -> None:
        self.data: dict[str, Any] = {"表式": form}
        self.cells: list[FiledCell] = []
        self._form, self._rnd = form, rnd
        self.staff = rnd.randint(5, 60)
        self.quota = self.staff + rnd.randint(0, 6)
        staff = {"编制数": self.quota, "实际在职人数": self.staff}
        self._put_ratios("财政供养人员情况", staff, {"控制率": (self.staff, self.quota)})
        rows = [self._project_amounts(facts) for facts in projects]
        self.amounts = self._draw_amounts(unit, rows)
        self._put_amounts(projects, rows)
        self._put_buildings()
        self.data["厉行节约保障措施"] = "严格执行示例制度。"

    def _put_ratios(
        self, key: str, numbers: dict[str, int], rates: dict[str, tuple[int, int]]
    ) -> None:
        values = {name: str(number) for name, number in numbers.items()}
        for name, (part, whole) in rates.items():
            values[name] = f"{format_decimal(percentage(Decimal(part), Decimal(whole)))}%"
        self.data[key] = values
        self._remember(values, values, key)

    def _remember(self, values: dict[str, str], keys: Iterable[str], where: str) -> None:
        self.cells += [FiledCell(self._form, f"{where}/{key}", values, key) for key in keys]

    def _put_buildings(self) -> None:
        size, cost = self._rnd.randint(100, 900), self._rnd.randint(50, 900)
        real, paid = size - self._rnd.randint(0, 50), cost - self._rnd.randint(0, 20)
        self._put_ratios(
            "楼堂馆所控制情况",
            {"批复规模": size, "实际规模": real, "预算投资": cost, "实际投资": paid},
            {"规模控制率": (real, size), "投资概算控制率": (paid, cost)},
        )

    def _put_amounts(self, projects: Sequence[Facts], rows: Sequence[Amounts]) -> None:
        table = self.data[_MONEY] = {}
        for key, amounts in self.amounts.items():
            table[key] = self._put_row(amounts, {}, key)
            if key == "项目支出小计":
                table["项目"] = [
                    self._put_row(row, {"名称": facts.name}, "项目")
                    for facts, row in zip(projects, rows, strict=True)
                ]

    def _put_row(self, amounts: Amounts, values: dict[str, str], key: str) -> dict[str, str]:
        values |= dict(zip(_COLUMNS, map(format_decimal, amounts), strict=True))
        self._remember(values, _COLUMNS, f"{_MONEY}/{key}")
        return values

    def _project_amounts(self, facts: Facts) -> Amounts:
        return self._last_years(facts.funds.spent), facts.funds.adjusted, facts.funds.spent

    def _draw_amounts(self, unit: Facts, projects: Sequence[Amounts]) -> dict[str, Amounts]:
        rnd, basic = self._rnd, unit.breakdown[Role.BASIC]
        public = share_of(basic, rnd.randint(20, 40))
        office, utilities, meetings, vehicles, reception = split(rnd, share_of(public, 66), 5)
        run, host = self._no_more_than_last_year(vehicles), self._no_more_than_last_year(reception)
        return {
            "部门基本支出": self._about_last_years(basic),
            "公用经费": self._about_last_years(public),
            "办公费": self._about_last_years(office),
            "水费、电费、差旅费": self._about_last_years(utilities),
            "会议费、培训费": self._about_last_years(meetings),
            "三公经费": _sum_of([run, host]),
            "公务用车购置和维护经费": run,
            "公务车购置": _NOTHING,
            "公务车运行维护": run,
            "出国经费": _NOTHING,
            "公务接待": host,
            "项目支出小计": _sum_of(projects),
            "政府采购金额": self._about_last_years(share_of(public, 25)),
            "部门基本支出预算调整": _NOTHING,
        }

    def _about_last_years(self, amount: Decimal) -> Amounts:
        return self._last_years(amount), amount, amount

    def _last_years(self, amount: Decimal) -> Decimal:
        """Return last year's amount, so near that the change needs no explanation."""
        return share_of(amount, self._rnd.randint(85, 115))

    def _no_more_than_last_year(self, amount: Decimal) -> Amounts:
        return share_of(amount, self._rnd.randint(100, 120)), amount, amount


def _sum_of(rows: Sequence[Amounts]) -> Amounts:
    last, budget, final = (sum(column, Decimal(0)) for column in zip(*rows, strict=True))
    return last, budget, final
