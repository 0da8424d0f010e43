"""The parts of a form: fields, rows, tables and indicators, each as the form file tells them."""

import re
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from gongkai.model.schema import Strict, YesNo
from gongkai.model.terms import Role
from gongkai.model.values import Kind


class FieldSpec(Strict):
    """One field or column."""

    key: str = Field(alias="键")
    """What the data files call it."""
    aliases: tuple[str, ...] = Field((), alias="别名")
    """Other names by which the data may call it."""
    label: str = Field("", alias="标签")
    """What is printed, where that differs from the key; may hold {年度}, {上年}, {级别}, {单位}."""
    titled: YesNo = Field(default=True, alias="印名")
    """否: the form prints the value without a label."""
    heading: str = Field("", alias="表头")
    """A heading above this column, printed once over neighbours that have the same."""
    kind: Kind = Field(Kind.TEXT, alias="类型")
    role: Role | None = Field(None, alias="角色")
    required: YesNo = Field(default=False, alias="必填")
    beside: YesNo = Field(default=False, alias="并排")
    """Printed in the same row as the field before it."""
    choices: tuple[str, ...] = Field((), alias="选项")
    """The answers of which one is chosen."""
    boxes: str = Field("", alias="勾选")
    """How the form prints each answer, with {序号}, {选项} and {框}, which is ☑ or □."""
    pattern: str = Field("", alias="格式")
    """A regular expression that the whole value must match."""
    pattern_words: str = Field("", alias="格式说明")
    """The same in words, with an example; told to who does not match it."""
    level: str = Field("", alias="层级")
    """Of a column of indicators: the level at which it stands, merged over what is below."""
    own_column: YesNo = Field(default=True, alias="单列")
    """否: printed within the indicator's name only."""
    parts: tuple[str, ...] = Field((), alias="合计")
    """The columns of the same row whose sum it is."""
    under: str = Field("", alias="对齐")
    """In the row of totals: the column under which it stands, where that has another key."""


class RowSpec(Strict):
    """One row of a table with fixed rows."""

    key: str = Field(alias="键")
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    """May hold {序号} and {名称} where the row is open."""
    role: Role | None = Field(None, alias="角色")
    parent: str = Field("", alias="上级")
    """The row of which this one is a part."""
    parts: tuple[str, ...] = Field((), alias="合计")
    """The rows whose sum this row is."""
    open: YesNo = Field(default=False, alias="开放")
    """In the data a list: as many rows as there are things (一个项目一行), each with its 名称."""
    printed: dict[str, str] = Field(default_factory=dict, alias="印")
    """What the form itself prints in a column: “—” where it strikes the cell out, or its words."""


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
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    titled: YesNo = Field(default=True, alias="印名")
    """否: the form prints no heading over this part."""
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
    corner: str = Field("", alias="行头")
    """The heading of the column that names the rows."""
    columns: tuple[FieldSpec, ...] = Field(alias="列", min_length=1)
    rows: tuple[RowSpec, ...] = Field((), alias="行")
    blocks: tuple[BlockSpec, ...] = Field((), alias="分解")


def _by(key: str) -> BeforeValidator:
    """A lone name stands for the object of that name."""

    def named(value: Any) -> Any:  # noqa: ANN401 - where YAML enters
        return {key: value} if isinstance(value, str) else value

    return BeforeValidator(named, json_schema_input_type=str | dict[str, Any])


class LevelSpec(Strict):
    """One level of indicators."""

    key: str = Field(alias="键")
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    titled: YesNo = Field(default=True, alias="印名")
    """否: the form prints nothing over the column of this level."""
    wording: str = Field("", alias="写法")
    """How a name is printed, with {名称} and keys of columns: {名称}（{分值}分）."""
    block: YesNo = Field(default=False, alias="分块")
    """Stands above the level-1 indicators: 年度绩效目标1, 2 …."""


class PresetSpec(Strict):
    """An indicator that the form itself prints, at any level."""

    name: str = Field(alias="名称")
    label: str = Field("", alias="标签")
    """What is printed; may hold {分值} and other columns' keys, as filed."""
    points: Decimal | None = Field(None, alias="分值")
    children: tuple[Annotated["PresetSpec", _by("名称")], ...] = Field((), alias="下级")
    printed: dict[str, str] = Field(default_factory=dict, alias="印")
    """What the form itself prints in a column (指标解释, 评分标准 …)."""


class IndicatorsSpec(_SectionSpec):
    """指标表: a tree of indicators, one row a leaf."""

    shape: Literal["指标表"] = Field(alias="形式")
    heading: str = Field("", alias="表头")
    """A heading above the columns of the levels."""
    numbered: YesNo = Field(default=False, alias="序号")
    """A first column that numbers the indicators."""
    levels: tuple[Annotated[LevelSpec, _by("键")], ...] = Field(alias="层级", min_length=1)
    """From 一级指标 down."""
    columns: tuple[FieldSpec, ...] = Field(alias="列")
    presets: tuple[Annotated[PresetSpec, _by("名称")], ...] = Field((), alias="一级")
    """The level-1 indicators of the form."""

    @property
    def first(self) -> int:
        """Which level holds the level-1 indicators: the first below the blocks."""
        return next(number for number, each in enumerate(self.levels) if not each.block)

    def own(self, level: int) -> tuple[FieldSpec, ...]:
        """The columns that stand at a level."""
        return self._by_level[level]

    @cached_property
    def _by_level(self) -> tuple[tuple[FieldSpec, ...], ...]:
        return tuple(
            tuple(each for each in self.columns if self.level_of(each) == level)
            for level in range(len(self.levels))
        )

    def level_of(self, column: FieldSpec) -> int:
        """At which level a column stands: the last where the form says nothing."""
        keys = [each.key for each in self.levels]
        return keys.index(column.level) if column.level else len(keys) - 1


class TotalSpec(_SectionSpec):
    """合计行: the last row of the indicators, under their columns of the same keys."""

    shape: Literal["合计行"] = Field(alias="形式")
    columns: tuple[FieldSpec, ...] = Field(alias="列")


SectionSpec = Annotated[
    FieldsSpec | TableSpec | IndicatorsSpec | TotalSpec, Field(discriminator="shape")
]


def braces(text: str) -> tuple[str, ...]:
    """The words in braces that a label asks for."""
    return tuple(re.findall(r"\{(\w+)\}", text))
