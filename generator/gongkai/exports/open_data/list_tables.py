"""The lists of the site as tables: the rows that a page shows, in its order."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.exports.open_data.tables import Column, Table, Type
from gongkai.model.values import plain
from gongkai.pages.sort_keys import sort_key
from gongkai.pages.views.lists import ListView, ShortfallsView, UnitLine, View
from gongkai.pages.views.registers import CorrectionsView, StatusView

Row = Sequence[object]
_UNIT = Column("unit_name", "单位", "单位名称", required=True)
_DEPARTMENT = Column("department", "主管部门", "unit.yml 的“主管部门”")
_ADDRESS = Column("url", "网址", "网页的地址", required=True)


def _number(name: str, title: str, of: str) -> Column:
    return Column(name, title, f"从“{of}”读出的数字；读不出的为空", Type.DECIMAL)


UNITS = Table(
    "units_list",
    "各单位自评结果",
    "每个单位一行：一个年度的部门整体支出绩效自评",
    (
        _UNIT,
        _DEPARTMENT,
        Column("level", "级别", "unit.yml 的“级别”"),
        Column("year", "年度", "自评的年度；尚未公开的为空", Type.WHOLE),
        Column("score", "自评得分", "填报的原文"),
        Column("computed", "复算得分", "与填报的得分不一致时，各项得分相加的结果"),
        Column("grade", "等级", "优、良、中、差"),
        Column("budget", "全年预算", "填报的全年预算数，没有的取年初预算数；带单位"),
        Column("spent", "全年支出", "填报的全年执行数，带单位"),
        Column("rate", "执行率", "填报的原文"),
        Column("missed", "未达目标", "没有达到目标的指标有几项，连同各项目", Type.WHOLE),
        Column("projects", "项目数", "公开了几个项目", Type.WHOLE),
        _number("score_number", "得分数值", "自评得分"),
        _number("budget_number", "全年预算（万元）", "全年预算"),
        _number("spent_number", "全年支出（万元）", "全年支出"),
        _ADDRESS,
    ),
    ("url",),
)
SHORTFALLS = Table(
    "shortfalls_list",
    "未达标与扣分的指标",
    "扣了分或没有达到目标的指标，每项一行",
    (
        _UNIT,
        Column("evaluation", "自评表", "哪一张自评表", required=True),
        Column("dimension", "类别", "一级指标"),
        Column("indicator", "指标", "三级指标", required=True),
        Column("target", "年度指标值", "填报的原文"),
        Column("actual", "实际完成值", "填报的原文"),
        Column("missed", "未达目标", "没有达到的写“未达到”；达到了或无法比较的为空"),
        Column("lost", "扣分", "分值减得分；没有扣分的为空", Type.DECIMAL),
        Column("reason", "填报的原因", "填报的偏差原因；没有说明的为空"),
        _ADDRESS,
    ),
    (),
)
STATUS = Table(
    "status_list",
    "各单位公开情况",
    "每个年度、每个单位一行",
    (
        Column("year", "年度", "自评的年度", Type.WHOLE, required=True),
        Column("due", "公开期限", "site.yml 的“公开期限”；未设定的为空", Type.DATE),
        _UNIT,
        _DEPARTMENT,
        Column("state", "情况", "已公开、逾期公开、尚未公开、免予公开", required=True),
        Column("published", "发布日期", "填报的发布日期；原件未载的为空", Type.DATE),
        Column("reason", "依据", "免予公开的依据"),
        _ADDRESS,
    ),
    ("year", "url"),
)
CORRECTIONS = Table(
    "corrections_list",
    "更正",
    "公开以后的更正，每处一行",
    (
        Column("date", "日期", "更正的日期", Type.DATE, required=True),
        _UNIT,
        Column("disclosure", "公开件", "哪个年度的公开件", required=True),
        Column("place", "位置", "在哪张表的哪一行、哪一栏"),
        Column("old", "原值", "更正以前的填报值"),
        Column("new", "新值", "更正以后的填报值"),
        Column("reason", "原因", "更正的原因"),
        _ADDRESS,
    ),
    (),
)


class ListTable(NamedTuple):
    """What a page lists."""

    table: Table
    rows: tuple[Row, ...]


def list_table(view: View, site_url: str) -> ListTable:
    """The rows of a page that holds a list."""
    address = partial(urljoin, site_url) if site_url else str
    match view:
        case ListView():
            return ListTable(UNITS, tuple(_unit(each, address) for each in view.lines))
        case ShortfallsView():
            return ListTable(SHORTFALLS, tuple(_shortfalls(view, address)))
        case StatusView():
            return ListTable(STATUS, tuple(_status(view, address)))
        case CorrectionsView():
            return ListTable(CORRECTIONS, tuple(_corrections(view, address)))
        case _:
            raise TypeError(f"{type(view)} is no list")


def _unit(each: UnitLine, address: Callable[[str], str]) -> Row:
    line, disclosed = each.line, each.year is not None
    return (
        each.unit.title,
        each.department,
        each.level,
        each.year or "",
        *(line.score, line.computed, line.grade, line.budget, line.spent, line.rate),
        each.missed if disclosed else "",
        line.projects if disclosed else "",
        *map(sort_key, (line.score, line.budget, line.spent)),
        address(each.unit.url),
    )


def _shortfalls(view: ShortfallsView, address: Callable[[str], str]) -> Iterator[Row]:
    for each in view.lines:
        row = each.row
        yield (
            each.unit.title,
            each.page.title,
            *(row.dimension, row.name, row.target, row.actual),
            "未达到" if row.missed else "",
            plain(row.lost) if row.lost else "",
            row.reason,
            f"{address(each.page.url)}#{row.anchor}",
        )


def _status(view: StatusView, address: Callable[[str], str]) -> Iterator[Row]:
    for year in view.years:
        for each in year.lines:
            page = (each.page or each.unit).url
            facts = (each.unit.title, each.department, each.state, each.published, each.reason)
            yield year.year, year.due, *facts, address(page)


def _corrections(view: CorrectionsView, address: Callable[[str], str]) -> Iterator[Row]:
    for each in view.lines:
        told = (each.place, each.old, each.new, each.why)
        yield each.date, each.unit.title, each.page.title, *told, address(each.page.url)
