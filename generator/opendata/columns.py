"""The tables of the open data and their columns: one list, from which all else follows.

CSV headings, JSON Schema, Table Schema, SQLite, Parquet and the data dictionary are made of it.
A column is never renamed, and none changes its meaning; new ones are put last.
"""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What a column holds."""

    TEXT = "string"
    WHOLE = "integer"
    DECIMAL = "decimal"
    """Exact, written as filed: 292.30 keeps its zero."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    """English, for programs."""
    title: str
    """Chinese, for people."""
    about: str
    """What it is, and where it comes from."""
    type: Type = Type.TEXT
    required: bool = False
    """Whether it always holds something."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that together name a row."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(each.name for each in self.columns)

    @property
    def titles(self) -> tuple[str, ...]:
        """The columns' headings."""
        return tuple(each.title for each in self.columns)


_UNIT = Column("unit", "单位代号", "单位在网址里的代号，永不改变", required=True)
_UNIT_NAME = Column("unit_name", "单位", "单位名称（unit.yml 的“名称”）", required=True)
_YEAR = Column("year", "年度", "自评的年度", Type.WHOLE, required=True)
_PROJECT = Column("project", "项目代号", "项目在网址里的代号；整个单位的文件为空")
_PROJECT_NAME = Column("project_name", "项目", "项目名称；整个单位的文件为空")

VALUES = Table(
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
        Column("number", "数值", "从填报值读出的数字；读不出数字的为空", Type.DECIMAL),
        Column("measure", "计量单位", "数值的单位，例如 万元、%、户；没有写明的为空"),
        Column("comparison", "比较", "≥、>、=、≤、<；没有写明的为空"),
        Column("sequence", "序号", "在这个公开件里是第几个值，从 1 起", Type.WHOLE, required=True),
    ),
    ("unit", "year", "sequence"),
)
