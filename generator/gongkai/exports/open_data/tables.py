"""Schema of the open data tables.

CSV headings, JSON Schema, Table Schema, SQLite, Parquet and the data dictionary are derived from it.
A column is never renamed and never changes its meaning; new columns are appended.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongkai.model.figures import (
    FIRST_EXPORTED_FIGURES,
    LATER_EXPORTED_FIGURES,
    Figure,
    FigureKind,
)
from gongkai.model.recomputed import RECOMPUTED_FIGURES


class ColumnType(StrEnum):
    """Type of a column."""

    TEXT = "string"
    WHOLE = "integer"
    DECIMAL = "decimal"
    """Exact decimal as text, written as filed: 292.30 keeps its trailing zero."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    """English name, for programs."""
    title: str
    """Chinese name, used as heading."""
    description: str
    """Meaning and source of the values, in Chinese."""
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    """Whether every row has a value."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of the open data."""

    name: str
    """English name, used in file names and as SQL name."""
    title: str
    """Chinese name."""
    description: str
    """Content of the table, in Chinese."""
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Names of the columns that identify a row."""
    parent: str = ""
    """Name of the table that the rows reference, by the columns of its key; empty for none."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """English names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def headings(self) -> tuple[str, ...]:
        """Chinese headings of the columns."""
        return tuple(column.title for column in self.columns)


_UNIT = Column("unit", "单位代号", "单位在网址里的代号，永不改变", required=True)
_UNIT_NAME = Column("unit_name", "单位", "单位名称（unit.yml 的“名称”）", required=True)
_YEAR = Column("year", "年度", "自评的年度", ColumnType.WHOLE, required=True)
_PROJECT = Column("project", "项目代号", "项目在网址里的代号；整个单位的文件为空")
_PROJECT_NAME = Column("project_name", "项目", "项目名称；整个单位的文件为空")
_REQUIRED_PROJECT = Column("project", "项目代号", "项目在网址里的代号", required=True)
_REQUIRED_PROJECT_NAME = Column("project_name", "项目", "项目名称", required=True)
_URL = Column("url", "网页", "在哪个网页上，从网站的根算起", required=True)
_SEQUENCE = Column(
    "sequence", "序号", "在这个公开件里是第几条，从 1 起", ColumnType.WHOLE, required=True
)
_PLACE = Column("place", "位置", "在公开件里的位置，用表式里的名称写，各级用“/”隔开", required=True)
_FIGURE_TYPES = {
    FigureKind.GRADE: ColumnType.TEXT,
    FigureKind.UNIT: ColumnType.TEXT,
    FigureKind.COUNT: ColumnType.WHOLE,
}
"""Types of figures that are no decimals."""


def _figure_columns(figures: Iterable[Figure]) -> Iterator[Column]:
    for figure in figures:
        kind = _FIGURE_TYPES.get(figure.kind, ColumnType.DECIMAL)
        yield Column(figure.name, figure.title, figure.description, kind)


def _recomputed_columns() -> Iterator[Column]:
    for figure in RECOMPUTED_FIGURES:
        kind = _FIGURE_TYPES.get(figure.kind, ColumnType.DECIMAL)
        meaning = f"与填报的{figure.term}不一致时，复算的结果；一致的为空"
        yield Column(f"{figure.name}_computed", f"复算{figure.title}", meaning, kind)


VALUES = DataTable(
    "values",
    "逐项数据",
    "公开件里的每一个值一行，照填报的原样，旁边是程序读出的数字",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        Column("attachment", "附件", "附件编号（disclosure.yml 的“附件”）；没有编号的为空"),
        Column("kind", "文件类型", "基础数据表、部门整体自评表、项目自评表等", required=True),
        Column("form", "表式", "所用表式的代号（data/forms/ 下的文件名）", required=True),
        _PROJECT,
        _PROJECT_NAME,
        Column("item", "行", "在哪一行、哪一项指标，从上级到下级用“/”隔开；表外的栏目为空"),
        Column("field", "栏目", "这个值的栏目，表式里的“键”", required=True),
        Column("row_role", "行的含义", "行的统一含义：各省叫法不同而含义相同的，这里相同"),
        Column("role", "栏目的含义", "栏目的统一含义，例如 分值、得分、目标值"),
        Column("filed", "填报值", "填报的原文，一字不改；空白为空"),
        Column("state", "状态", "已填、空白、不适用", required=True),
        Column("number", "数值", "从填报值读出的数字；读不出数字的为空", ColumnType.DECIMAL),
        Column("measure", "计量单位", "数值的单位，例如 万元、%、户；没有写明的为空"),
        Column("comparison", "比较", "≥、>、=、≤、<；没有写明的为空"),
        Column(
            "sequence", "序号", "在这个公开件里是第几个值，从 1 起", ColumnType.WHOLE, required=True
        ),
        Column("computed", "复算值", "与填报值不一致时，复算的或别处填报的；一致的为空"),
    ),
    ("unit", "year", "sequence"),
    "disclosures",
)

UNITS = DataTable(
    "units",
    "单位",
    "公开自评的单位一个一行",
    (
        _UNIT,
        _UNIT_NAME,
        Column("short_names", "简称", "有几个的用“、”隔开"),
        Column("former_names", "曾用名", "有几个的用“、”隔开"),
        Column("level", "级别", "例如 省级、市级、县级"),
        Column("province", "省", "行政区划的省"),
        Column("city", "市", "行政区划的市"),
        Column("county", "县", "行政区划的县"),
        Column("department", "主管部门", "unit.yml 的“主管部门”"),
        Column("nature", "单位性质", "unit.yml 的“单位性质”"),
        Column("credit_code", "统一社会信用代码", "18 位，unit.yml 的“统一社会信用代码”"),
        Column("duty", "公开义务", "unit.yml 的“公开义务”"),
        _URL,
    ),
    ("unit",),
)

DISCLOSURES = DataTable(
    "disclosures",
    "公开件",
    "一个单位一个年度的公开件一行，带主要数字",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        Column("title", "名称", "公开目录里的名称", required=True),
        Column("index_number", "索引号", "政府信息公开目录的索引号"),
        Column("abstract", "内容概述", "公开目录里的内容概述"),
        Column("created", "生成日期", "公开目录里的生成日期，照填报的"),
        Column("published", "发布日期", "公开目录里的发布日期", ColumnType.DATE),
        Column("publisher", "发布机构", "公开目录里的发布机构"),
        Column("document_number", "文号", "公开目录里的文号"),
        Column("subject", "主题分类", "公开目录里的主题分类"),
        Column("genre", "体裁分类", "公开目录里的体裁分类"),
        Column("manner", "公开方式", "公开目录里的公开方式"),
        Column("audience", "公开范围", "公开目录里的公开范围"),
        Column("validity", "时效性", "公开目录里的时效性"),
        Column("form", "表式", "整体自评表的表式代号；没有自评表的为空"),
        *_figure_columns(FIRST_EXPORTED_FIGURES),
        Column("projects", "项目数", "公开件里有几个项目", ColumnType.WHOLE, required=True),
        _URL,
        *_figure_columns(LATER_EXPORTED_FIGURES),
        *_recomputed_columns(),
    ),
    ("unit", "year"),
    "units",
)

PROJECTS = DataTable(
    "projects",
    "项目",
    "公开件里的项目一个一行，带主要数字",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        _REQUIRED_PROJECT,
        _REQUIRED_PROJECT_NAME,
        Column("form", "表式", "项目自评表的表式代号；没有自评表的为空"),
        *_figure_columns(FIRST_EXPORTED_FIGURES),
        _URL,
        *_figure_columns(LATER_EXPORTED_FIGURES),
        *_recomputed_columns(),
    ),
    ("unit", "year", "project"),
    "disclosures",
)

DOCUMENTS = DataTable(
    "documents",
    "文件",
    "公开件里的表和报告一份一行",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        Column(
            "document", "文件", "在这个公开件里的名称，例如 项目自评表（某项目）", required=True
        ),
        Column("kind", "文件类型", "基础数据表、部门整体自评表、项目自评表等", required=True),
        Column("title", "标题", "印在上面的标题", required=True),
        Column("form", "表式", "所用表式的代号（data/forms/ 下的文件名）", required=True),
        Column("form_name", "表式名称", "所用表式的名称", required=True),
        Column("attachment", "附件", "附件编号；没有编号的为空"),
        _PROJECT,
        _PROJECT_NAME,
        Column("money", "金额单位", "表里没有另写单位的金额，单位是这个", required=True),
        _URL,
    ),
    ("unit", "year", "document"),
    "disclosures",
)

EXPLANATIONS = DataTable(
    "explanations",
    "差异说明",
    "与复算不一致而说明了原因的，一处一行",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        _SEQUENCE,
        Column("rule", "规则", "核对规则的编号，例如 DF-03", required=True),
        Column("rule_name", "规则名称", "核对规则的名称", required=True),
        _PLACE,
        Column("message", "差异", "哪里不一致", required=True),
        Column("filed", "申报值", "填报的值"),
        Column("computed", "复算值", "复算得出的值"),
        Column("reason", "说明", "为什么不一致", required=True),
        Column("author", "说明人", "谁说明的", required=True),
        Column("date", "日期", "说明的日期", ColumnType.DATE, required=True),
    ),
    ("unit", "year", "sequence"),
    "disclosures",
)

CORRECTIONS = DataTable(
    "corrections",
    "勘误",
    "公开以后更正过的值，一处一行",
    (
        _UNIT,
        _UNIT_NAME,
        _YEAR,
        _SEQUENCE,
        _PLACE,
        Column("old", "原值", "更正以前的值；原来空白的为空"),
        Column("new", "新值", "更正以后的值；改为空白的为空"),
        Column("reason", "原因", "为什么更正", required=True),
        Column("date", "日期", "更正的日期", ColumnType.DATE, required=True),
    ),
    ("unit", "year", "sequence"),
    "disclosures",
)

TABLES = (UNITS, DISCLOSURES, PROJECTS, DOCUMENTS, VALUES, EXPLANATIONS, CORRECTIONS)
"""All tables of the bulk download; referenced tables precede those that reference them."""
