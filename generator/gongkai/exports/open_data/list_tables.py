"""List pages of the site as tables: the rows of the page, in its order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.exports.open_data.tables import Column, ColumnType, DataTable
from gongkai.model.figures import (
    BUDGET,
    FIRST_LISTED_FIGURES,
    GRADE,
    LATER_LISTED_FIGURES,
    RATE,
    SCORE,
    SPENT,
    Figure,
    FigureKind,
)
from gongkai.model.values import format_decimal
from gongkai.pages.views.common import EvaluationLine, View
from gongkai.pages.views.lists import (
    DepartmentsView,
    DepartmentView,
    IndicatorsView,
    ListView,
    ShortfallsView,
    UnitLine,
)
from gongkai.pages.views.registers import ContradictionsView, CorrectionsView, StatusView

ListRow = Sequence[object]
"""One value per column."""
_UNIT = Column("unit_name", "单位", "单位名称", required=True)
_DEPARTMENT = Column("department", "主管部门", "unit.yml 的“主管部门”")
_COMPUTED = Column("computed", "复算得分", "与填报的得分不一致时，各项得分相加的结果")
_COMPUTED_LATER = (GRADE, BUDGET, SPENT, RATE)
"""Figures whose recomputed values are in the last columns."""
_NUMBER_TITLES = {FigureKind.POINTS: "{heading}数值", FigureKind.MONEY: "{label}（万元）"}
"""Headings of columns with the number in a text."""
_ADDRESS = Column("url", "网址", "网页的地址", required=True)


def _text_columns(figures: Iterable[Figure]) -> Iterator[Column]:
    for figure in figures:
        yield Column(figure.name, figure.label, figure.list_note)
        if figure is SCORE:
            yield _COMPUTED


def _number_columns(figures: Iterable[Figure]) -> Iterator[Column]:
    """Yield a column with the number in every score and amount, which are texts as filed."""
    for figure in figures:
        if suffix := _NUMBER_TITLES.get(figure.kind):
            label = figure.label
            title = suffix.format(heading=figure.title, label=label)
            meaning = f"从“{label}”读出的数字；读不出的为空"
            yield Column(f"{figure.name}_number", title, meaning, ColumnType.DECIMAL)


UNITS = DataTable(
    "units_list",
    "各单位自评结果",
    "每个单位一行：一个年度的部门整体支出绩效自评",
    (
        _UNIT,
        _DEPARTMENT,
        Column("level", "级别", "unit.yml 的“级别”"),
        Column("year", "年度", "自评的年度；尚未公开的为空", ColumnType.WHOLE),
        *_text_columns(FIRST_LISTED_FIGURES),
        Column(
            "missed",
            "未达目标",
            "没有达到目标的指标有几项，连同各项目；无法判断的为空",
            ColumnType.WHOLE,
        ),
        Column("projects", "项目数", "公开了几个项目", ColumnType.WHOLE),
        *_number_columns(FIRST_LISTED_FIGURES),
        _ADDRESS,
        *_text_columns(LATER_LISTED_FIGURES),
        *_number_columns(LATER_LISTED_FIGURES),
        *(
            Column(f"{figure.name}_computed", f"复算{figure.label}", "与填报的不一致时，复算的结果")
            for figure in _COMPUTED_LATER
        ),
        Column("unscored", "没有得分的原因", "例如 本表不打分、只有绩效目标；有得分的为空"),
        Column("unjudged", "无法判断的原因", "为什么无法判断是否达到目标；能判断的为空"),
    ),
    ("url",),
)
SHORTFALLS = DataTable(
    "shortfalls_list",
    "未达标与扣分的指标",
    "扣了分或没有达到目标的指标，每项一行",
    (
        _UNIT,
        Column("evaluation", "自评表", "哪一张自评表", required=True),
        Column("dimension", "类别", "一级指标"),
        Column("indicator", "指标", "三级指标", required=True),
        Column("target", "年度指标值", "填报的原文；指标性质、度量单位另栏填报的，加在前后"),
        Column("actual", "实际完成值", "填报的原文；度量单位另栏填报的，加在后面"),
        Column("missed", "未达目标", "没有达到的写“未达到”；达到了或无法比较的为空"),
        Column("lost", "扣分", "分值减得分；没有扣分的为空", ColumnType.DECIMAL),
        Column("reason", "填报的原因", "填报的偏差原因；没有说明的为空"),
        _ADDRESS,
        Column("lost_computed", "复算扣分", "与填报的不一致时，按复算的得分", ColumnType.DECIMAL),
        Column("target_computed", "复算年度指标值", "与别处不一致时，别处填报的"),
        Column("actual_computed", "复算实际完成值", "与别处不一致时，别处填报的"),
    ),
    (),
)
CONTRADICTIONS = DataTable(
    "contradictions_list",
    "对不上的数",
    "填报的数与复算的、与别处的不一致，每处一行",
    (
        _UNIT,
        _DEPARTMENT,
        Column("year", "年度", "自评的年度", ColumnType.WHOLE, required=True),
        Column("certainty", "是否确定", "对不上；待核对的可能有正当的原因", required=True),
        Column("rule", "规则", "核对规则的编号", required=True),
        Column("meaning", "哪里对不上", "用一句话说", required=True),
        Column("place", "在哪里", "哪一张表的哪一行、哪一栏", required=True),
        Column("filed", "填报", "填报的数，金额带单位", required=True),
        Column("computed", "复算或别处", "复算的数，或别处填报的数", required=True),
        Column(
            "difference", "相差（万元）", "两个金额相差多少；不是金额的为空", ColumnType.DECIMAL
        ),
        Column("reason", "说明", "差异说明和说明人；没有的为空"),
        _ADDRESS,
    ),
    (),
)
DEPARTMENTS = DataTable(
    "departments_list",
    "各主管部门",
    "每个主管部门一行：最近一个年度，所属单位填报的合计；与复算不一致的按复算的数",
    (
        Column("department", "主管部门", "unit.yml 的“主管部门”", required=True),
        Column("units", "单位数", "所属的单位", ColumnType.WHOLE, required=True),
        Column("evaluated", "公开自评", "公开了自评的单位", ColumnType.WHOLE, required=True),
        Column("budget", "预算（万元）", "预算合计；没有单位填报的为空", ColumnType.DECIMAL),
        Column("spent", "支出（万元）", "支出合计；没有单位填报的为空", ColumnType.DECIMAL),
        Column("filed", "填报预算的单位", "合计里有几个单位", ColumnType.WHOLE, required=True),
        Column("missed", "未达目标", "没有达到目标的指标，无法判断的为空", ColumnType.WHOLE),
        Column("contradictions", "数对不上", "有几处数对不上", ColumnType.WHOLE, required=True),
        _ADDRESS,
    ),
    ("url",),
)
SATISFACTION = DataTable(
    "satisfaction_list",
    "各单位的满意度指标",
    "满意度指标每项一行",
    (
        _UNIT,
        Column("evaluation", "自评表", "哪一张自评表", required=True),
        Column("indicator", "指标", "三级指标", required=True),
        Column("target", "年度指标值", "填报的原文；指标性质、度量单位另栏填报的，加在前后"),
        Column("actual", "实际完成值", "填报的原文；度量单位另栏填报的，加在后面"),
        Column("reached", "是否达到", "达到、未达到、无法判断", required=True),
        _ADDRESS,
        Column("target_computed", "复算年度指标值", "与别处不一致时，别处填报的"),
        Column("actual_computed", "复算实际完成值", "与别处不一致时，别处填报的"),
    ),
    (),
)
STATUS = DataTable(
    "status_list",
    "各单位公开情况",
    "每个年度、每个单位一行",
    (
        Column("year", "年度", "自评的年度", ColumnType.WHOLE, required=True),
        Column("due", "公开期限", "site.yml 的“公开期限”；未设定的为空", ColumnType.DATE),
        _UNIT,
        _DEPARTMENT,
        Column("state", "情况", "已公开、逾期公开、尚未公开、免予公开", required=True),
        Column("published", "发布日期", "填报的发布日期；原件未载的为空", ColumnType.DATE),
        Column("reason", "依据", "免予公开的依据"),
        _ADDRESS,
    ),
    ("year", "url"),
)
CORRECTIONS = DataTable(
    "corrections_list",
    "更正",
    "公开以后的更正，每处一行",
    (
        Column("date", "日期", "更正的日期", ColumnType.DATE, required=True),
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
    """The table schema and the rows of a list page."""

    table: DataTable
    rows: tuple[ListRow, ...]


def list_table(view: View, site_url: str) -> ListTable:
    """Return the rows of a list page; links are absolute if `site_url` is known."""
    resolve_url = partial(urljoin, site_url) if site_url else str
    rows: Iterable[ListRow]
    match view:
        case ListView() | DepartmentView():
            table, rows = UNITS, (_unit_row(line, resolve_url) for line in view.lines)
        case ShortfallsView():
            table, rows = SHORTFALLS, _shortfall_rows(view, resolve_url)
        case IndicatorsView():
            table, rows = SATISFACTION, _satisfaction_rows(view, resolve_url)
        case DepartmentsView():
            table, rows = DEPARTMENTS, _department_rows(view, resolve_url)
        case ContradictionsView():
            table, rows = CONTRADICTIONS, _contradiction_rows(view, resolve_url)
        case StatusView():
            table, rows = STATUS, _status_rows(view, resolve_url)
        case CorrectionsView():
            table, rows = CORRECTIONS, _correction_rows(view, resolve_url)
        case _:
            raise TypeError(f"{type(view)} is no list")
    return ListTable(table, tuple(rows))


def _unit_row(line: UnitLine, resolve_url: Callable[[str], str]) -> ListRow:
    evaluation, disclosed = line.evaluation, line.year is not None
    return (
        line.unit.title,
        line.department,
        line.level,
        line.year or "",
        *_texts(evaluation, FIRST_LISTED_FIGURES),
        "" if line.missed is None else line.missed,
        evaluation.projects if disclosed else "",
        *_numbers(evaluation, FIRST_LISTED_FIGURES),
        resolve_url(line.unit.url),
        *_texts(evaluation, LATER_LISTED_FIGURES),
        *_numbers(evaluation, LATER_LISTED_FIGURES),
        *(_computed_text(evaluation, figure) for figure in _COMPUTED_LATER),
        evaluation.unscored,
        line.unjudged,
    )


def _texts(evaluation: EvaluationLine, figures: Iterable[Figure]) -> Iterator[str]:
    for figure in figures:
        yield evaluation.text(figure)
        if figure is SCORE:
            yield _computed_text(evaluation, figure)


def _computed_text(evaluation: EvaluationLine, figure: Figure) -> str:
    computed = evaluation.recomputed_value(figure)
    return computed.text if computed else ""


def _numbers(evaluation: EvaluationLine, figures: Iterable[Figure]) -> Iterator[str]:
    for figure in figures:
        if figure.kind in _NUMBER_TITLES:
            yield evaluation.number(figure)


def _shortfall_rows(view: ShortfallsView, resolve_url: Callable[[str], str]) -> Iterator[ListRow]:
    for line in view.lines:
        row = line.shortfall
        yield (
            line.unit.title,
            line.page.title,
            *(row.dimension, row.name, row.target, row.actual),
            "未达到" if row.is_missed else "",
            format_decimal(row.points_lost) if row.points_lost else "",
            row.reason,
            f"{resolve_url(line.page.url)}#{row.anchor}",
            "" if row.recomputed_lost is None else format_decimal(row.recomputed_lost),
            row.recomputed_target.text if row.recomputed_target else "",
            row.recomputed_actual.text if row.recomputed_actual else "",
        )


def _satisfaction_rows(
    view: IndicatorsView, resolve_url: Callable[[str], str]
) -> Iterator[ListRow]:
    for line in view.lines:
        row = line.row
        yield (
            *(line.unit.title, row.page.title, row.name, row.target, row.actual, line.reached),
            f"{resolve_url(row.page.url)}#{row.anchor}",
            row.recomputed_target.text if row.recomputed_target else "",
            row.recomputed_actual.text if row.recomputed_actual else "",
        )


def _contradiction_rows(
    view: ContradictionsView, resolve_url: Callable[[str], str]
) -> Iterator[ListRow]:
    for line in view.lines:
        row = line.row
        yield (
            *(line.unit.title, line.department, line.year),
            *("对不上" if row.is_certain else "待核对", row.rule, row.meaning),
            *(f"{row.page.title}：{row.place}", row.filed, row.computed),
            "" if row.difference is None else format_decimal(row.difference),
            row.explanation,
            resolve_url(row.page.url),
        )


def _department_rows(view: DepartmentsView, resolve_url: Callable[[str], str]) -> Iterator[ListRow]:
    for line in view.lines:
        yield (
            *(line.page.title, line.units, line.evaluated),
            format_decimal(line.budget) if line.budget_text else "",
            format_decimal(line.spent) if line.spent_text else "",
            line.filed,
            "" if line.missed is None else line.missed,
            line.contradictions,
            resolve_url(line.page.url),
        )


def _status_rows(view: StatusView, resolve_url: Callable[[str], str]) -> Iterator[ListRow]:
    for year in view.years:
        for line in year.lines:
            link = line.page or line.unit
            facts = (line.unit.title, line.department, line.state, line.published, line.reason)
            yield year.year, year.due, *facts, resolve_url(link.url)


def _correction_rows(view: CorrectionsView, resolve_url: Callable[[str], str]) -> Iterator[ListRow]:
    for line in view.lines:
        values = (line.place, line.old, line.new, line.displayed_reason)
        yield line.date, line.unit.title, line.page.title, *values, resolve_url(line.page.url)
