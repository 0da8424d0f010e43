"""Forms (表式): what a province's official table looks like, told by a file and never by code."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from generator.schema import Strict, YesNo
from generator.terms import DocumentKind, Grade, Role
from generator.values import Kind


class FieldSpec(Strict):
    """One field or column."""

    key: str = Field(alias="键")
    """What the data files call it."""
    label: str = Field("", alias="标签")
    """What is printed, where that differs from the key; may hold {年度} and {上年}."""
    kind: Kind = Field(Kind.TEXT, alias="类型")
    role: Role | None = Field(None, alias="角色")
    required: YesNo = Field(default=False, alias="必填")
    beside: YesNo = Field(default=False, alias="并排")
    """Printed in the same row as the field before it."""


class RowSpec(Strict):
    """One row of a table with fixed rows."""

    key: str = Field(alias="键")
    label: str = Field("", alias="标签")
    """May hold {序号} and {名称} where the row is open."""
    role: Role | None = Field(None, alias="角色")
    parent: str = Field("", alias="上级")
    """The row of which this one is a part."""
    parts: tuple[str, ...] = Field((), alias="合计")
    """The rows whose sum this row is."""
    open: YesNo = Field(default=False, alias="开放")
    """In the data a list: as many rows as there are things (一个项目一行), each with its 名称."""


class BlockSpec(Strict):
    """A breakdown of the total into named amounts, printed below the table's rows."""

    key: str = Field(alias="键")
    label: str = Field("", alias="标签")
    rows: tuple[FieldSpec, ...] = Field(alias="行")


class Layout(StrEnum):
    """How the fields of a section are printed."""

    ROWS = "逐行"
    """One row a field: label, value."""
    COLUMNS = "分栏"
    """A row of labels above a row of values."""


class _SectionSpec(Strict):
    name: str = Field("", alias="名称")
    """Not printed: what a form that inherits this one calls the part, where it has no 键."""
    key: str = Field(alias="键")
    label: str = Field("", alias="标签")
    required: YesNo = Field(default=False, alias="必填")
    """Whether a document without this key is refused."""

    @property
    def printed(self) -> str:
        """The label as the form prints it."""
        return self.label or self.key


class FieldsSpec(_SectionSpec):
    """填写项: labels with values; without 键 they stand at the top of the file."""

    shape: Literal["填写项"] = Field(alias="形式")
    key: str = Field("", alias="键")
    layout: Layout = Field(Layout.ROWS, alias="排列")
    fields: tuple[FieldSpec, ...] = Field(alias="项")


class TableSpec(_SectionSpec):
    """行列表: rows and columns; without 行 a single row of values."""

    shape: Literal["行列表"] = Field(alias="形式")
    columns: tuple[FieldSpec, ...] = Field(alias="列")
    rows: tuple[RowSpec, ...] = Field((), alias="行")
    blocks: tuple[BlockSpec, ...] = Field((), alias="分解")


class DimensionSpec(Strict):
    """One level-1 indicator of the form (一级指标)."""

    name: str = Field(alias="名称")
    label: str = Field("", alias="标签")
    """What is printed; may hold {分值}, the points as filed."""
    points: Decimal | None = Field(None, alias="分值")
    aspects: tuple[str, ...] = Field((), alias="下级")
    """The names of its level-2 indicators."""


class IndicatorsSpec(_SectionSpec):
    """指标表: a tree of indicators, one row a leaf."""

    shape: Literal["指标表"] = Field(alias="形式")
    levels: tuple[str, ...] = Field(alias="层级", min_length=1)
    """The label of each level, for instance 一级指标, 二级指标, 三级指标."""
    columns: tuple[FieldSpec, ...] = Field(alias="列")
    dimensions: tuple[DimensionSpec, ...] = Field((), alias="一级")


class TotalSpec(_SectionSpec):
    """合计行: the last row of the indicators, under their columns of the same keys."""

    shape: Literal["合计行"] = Field(alias="形式")
    columns: tuple[FieldSpec, ...] = Field(alias="列")


SectionSpec = Annotated[
    FieldsSpec | TableSpec | IndicatorsSpec | TotalSpec, Field(discriminator="shape")
]


class Scope(Strict):
    """适用: where, for which level and for which years a form was made."""

    region: str = Field("", alias="地区")
    levels: tuple[str, ...] = Field((), alias="级别")
    first_year: int | None = Field(None, alias="年度起")
    last_year: int | None = Field(None, alias="年度止")


class Form(Strict):
    """表式: the parts of one official form, in the order in which they are printed."""

    id: str = Field(alias="表式")
    parent: str = Field("", alias="继承")
    """The form from which this one differs; resolved before it is read."""
    name: str = Field(alias="名称")
    kind: DocumentKind = Field(alias="类型")
    title: str = Field(alias="标题")
    """The printed title; may hold {年度} and {单位}."""
    source: str = Field(alias="来源")
    """The document that prescribes the form, or the publication that shows it."""
    complete: YesNo = Field(alias="完整")
    """否: known only in part, to be listed but not filed with."""
    scope: Scope = Field(default_factory=lambda: Scope.model_validate({}), alias="适用")
    money: Literal["元", "万元", "亿元"] = Field("万元", alias="金额单位")
    total_points: Decimal | None = Field(None, alias="总分")
    grades: dict[Grade, Decimal] = Field(default_factory=dict, alias="等级")
    """Each grade's lowest total score, as shares of 总分 in percent."""
    sections: tuple[SectionSpec, ...] = Field((), alias="部分")
    notes: tuple[str, ...] = Field((), alias="附注")
    """Sentences printed under the tables by the form itself."""
    sign_off: tuple[str, ...] = Field((), alias="落款")
    """What is printed at the foot, each with the {key} of what is filled in."""
    outline: tuple[str, ...] = Field((), alias="提纲")
    """The chapters of a narrative report."""

    @property
    def sign_off_keys(self) -> tuple[str, ...]:
        """The keys that the sign-off asks for (填表人, 填报日期 …)."""
        return tuple(key for line in self.sign_off for key in re.findall(r"\{(\w+)\}", line))

    def grade_of(self, score: Decimal) -> Grade | None:
        """The grade that the form's bands give a total score; None where it has no bands."""
        bands = sorted(self.grades.items(), key=lambda band: -band[1])
        return next((grade for grade, lowest in bands if score >= lowest), None)


def filled(label: str, words: Mapping[str, str]) -> str:
    """A label with the words in braces filled in; other braces stay."""
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), label)
