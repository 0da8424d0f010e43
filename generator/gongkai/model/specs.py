"""Specifications of a form's parts: fields, rows, tables, indicators, as in the form file."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from gongkai.model.schema import StrictModel, YesNo
from gongkai.model.terms import Role
from gongkai.model.values import Kind

PLACEHOLDER = re.compile(r"\{([^{}\n]+)\}")
"""A placeholder of a label; its name may have brackets: {分值（权重）}."""
BLANK_LINE = "____"
"""What a cell with several blanks has where nothing is filed."""
CHOICE, BOX = "选项", "框"
"""Placeholders of printed answers: its words, and its box."""
MoneyUnit = Literal["元", "万元", "亿元"]


def _strip_unit(value: Any) -> Any:  # noqa: ANN401 - where YAML enters
    return value.strip().removesuffix("分") if isinstance(value, str) else value


Points = Annotated[Decimal, BeforeValidator(_strip_unit)]
"""Points, which may be written with their unit: 100分."""


class FieldSpec(StrictModel):
    """项, 列: one field or column."""

    key: str = Field(alias="键")
    """Its key in data files."""
    aliases: tuple[str, ...] = Field((), alias="别名")
    """Alternative keys in data files."""
    label: str = Field("", alias="标签")
    """The printed label, if it differs from the key; may hold {年度}, {上年}, {级别}, {单位}."""
    shows_label: YesNo = Field(default=True, alias="印名")
    """否: the form prints the value without a label."""
    heading: str = Field("", alias="表头")
    """A heading above this column, printed once over adjacent columns with the same heading."""
    kind: Kind = Field(Kind.TEXT, alias="类型")
    money: MoneyUnit | None = Field(None, alias="金额单位")
    """Unit of its amounts, if it is not the form's."""
    role: Role | None = Field(None, alias="角色")
    required: YesNo = Field(default=False, alias="必填")
    is_same_row: YesNo = Field(default=False, alias="并排")
    """是: printed in the same row as the previous field."""
    choices: tuple[str, ...] = Field((), alias="选项")
    """The allowed answers."""
    has_several: YesNo = Field(default=False, alias="多选")
    """是: several answers may be chosen."""
    choice_format: str = Field("", alias="勾选")
    """Format of a printed answer, with {序号}, {选项} and {框}; or of all of them, with a {框} for
    every answer: {框}是 {框}否."""
    boxes: tuple[str, ...] = Field(("☑", "□"), alias="框")
    """The ticked box and the other one, as the form prints them."""
    pattern: str = Field("", alias="格式")
    """A regular expression that the whole value must match."""
    pattern_hint: str = Field("", alias="格式说明")
    """The pattern in words, with an example, for the error message."""
    level: str = Field("", alias="层级")
    """Of an indicator column: the level it belongs to; its cells span the levels below."""
    is_beside_level: YesNo = Field(default=False, alias="随层级")
    """是: printed right after the names of its level, not after all levels."""
    has_own_column: YesNo = Field(default=True, alias="单列")
    """否: printed within the indicator's name only."""
    parts: tuple[str, ...] = Field((), alias="合计")
    """The columns of the same row that it sums up."""
    aligned_with: str = Field("", alias="对齐")
    """In the total row: the column above it, if that has another key."""
    cell_format: str = Field("", alias="写法")
    """Of a cell with several blanks: its printed text, with their keys in braces."""
    blanks: tuple["FieldSpec", ...] = Field((), alias="空格")
    """The blanks of a cell, fields of their own; the cell itself then has no value."""

    @property
    def has_whole_format(self) -> bool:
        """Whether 勾选 is the printed text of all answers, not the format of one."""
        return CHOICE not in placeholder_names(self.choice_format)


def value_fields(printed: Iterable[FieldSpec]) -> tuple[FieldSpec, ...]:
    """Return the fields that have values: a cell with several blanks is replaced by those."""
    return tuple(spec for cell in printed for spec in cell.blanks or (cell,))


class RowSpec(StrictModel):
    """行: one row of a table."""

    key: str = Field(alias="键")
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    """May hold {序号} and {名称} if the row is open."""
    role: Role | None = Field(None, alias="角色")
    parent: str = Field("", alias="上级")
    """Key of the row of which this one is a part."""
    parts: tuple[str, ...] = Field((), alias="合计")
    """The rows that this row sums up."""
    is_open: YesNo = Field(default=False, alias="开放")
    """是: repeated; in the data a list with any number of rows (一个项目一行), which have a 名称."""
    printed: dict[str, str] = Field(default_factory=dict, alias="印")
    """Texts that the form itself prints, by column; “—” where it strikes the cell out."""


class BlockSpec(StrictModel):
    """分解: a breakdown of the total into named amounts, printed below the table's rows."""

    key: str = Field(alias="键")
    label: str = Field("", alias="标签")
    rows: tuple[FieldSpec, ...] = Field(alias="行")


class Layout(StrEnum):
    """排列: how the fields of a section are printed."""

    ROWS = "逐行"
    """One row per field: label, value."""
    COLUMNS = "分栏"
    """A row of labels above a row of values."""


_FIELD_LISTS = frozenset({"项", "列", "分解"})
"""Keys of a part whose lists have fields in them."""


class _SectionSpec(StrictModel):
    name: str = Field("", alias="名称")
    """Not printed: identifies a part without 键 in forms that inherit this one."""
    key: str = Field(alias="键")
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    shows_label: YesNo = Field(default=True, alias="印名")
    """否: the form prints no heading over this part."""
    required: YesNo = Field(default=False, alias="必填")
    """Whether a document must have this key."""
    money: MoneyUnit | None = Field(None, alias="金额单位")
    """Unit of the amounts in this part, if it is not the form's."""

    @model_validator(mode="before")
    @classmethod
    def _pass_on_money(cls, data: Any) -> Any:  # noqa: ANN401 - where YAML enters
        """Give the unit of money to the fields of the part that state none."""
        if not isinstance(data, dict) or not data.get("金额单位"):
            return data
        money = {"金额单位": data["金额单位"]}

        def with_money(entries: Any) -> Any:  # noqa: ANN401
            if not isinstance(entries, list):
                return entries
            return [with_money_below(entry) for entry in entries]

        def with_money_below(entry: Any) -> Any:  # noqa: ANN401
            if not isinstance(entry, dict):
                return entry
            below = {key: with_money(entry[key]) for key in ("行", "空格") if key in entry}
            return {**(money if entry.get("类型") == Kind.AMOUNT else {}), **entry, **below}

        return {
            key: with_money(value) if key in _FIELD_LISTS else value for key, value in data.items()
        }

    @property
    def printed_label(self) -> str:
        """The label that the form prints."""
        return self.label or self.key


class FieldsSpec(_SectionSpec):
    """填写项: labels with values; without 键 they are top-level keys of the file."""

    shape: Literal["填写项"] = Field(alias="形式")
    key: str = Field("", alias="键")
    layout: Layout = Field(Layout.ROWS, alias="排列")
    printed_fields: tuple[FieldSpec, ...] = Field(alias="项")
    """As the form prints them; a cell with several blanks is one."""

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """The fields that have values."""
        return value_fields(self.printed_fields)

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """All fields and columns."""
        return self.fields


class TableSpec(_SectionSpec):
    """行列表: rows and columns; without 行 a single row of values."""

    shape: Literal["行列表"] = Field(alias="形式")
    corner: str = Field("", alias="行头")
    """Heading of the column of row labels."""
    printed_columns: tuple[FieldSpec, ...] = Field(alias="列", min_length=1)
    """As the form prints them; a column of cells with several blanks is one."""
    rows: tuple[RowSpec, ...] = Field((), alias="行")
    blocks: tuple[BlockSpec, ...] = Field((), alias="分解")

    @cached_property
    def columns(self) -> tuple[FieldSpec, ...]:
        """The columns that have values."""
        return value_fields(self.printed_columns)

    def printed_texts(self, row: RowSpec) -> dict[str, str]:
        """Return the texts that the form prints in a row, by the columns that have values."""
        texts = row.printed
        for column in self.printed_columns if texts else ():
            if column.blanks and column.key in texts:
                keys = (blank.key for blank in column.blanks)
                texts = texts | dict.fromkeys(keys, texts[column.key])
        return texts

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """All fields and columns."""
        return (*self.columns, *(spec for block in self.blocks for spec in block.rows))


def _accept_bare(key: str) -> BeforeValidator:
    """Accept a bare text in place of a mapping with a single key."""

    def wrap(value: Any) -> Any:  # noqa: ANN401 - where YAML enters
        return {key: value} if isinstance(value, str) else value

    return BeforeValidator(wrap, json_schema_input_type=str | dict[str, Any])


class LevelSpec(StrictModel):
    """层级: one level of indicators."""

    key: str = Field(alias="键")
    aliases: tuple[str, ...] = Field((), alias="别名")
    label: str = Field("", alias="标签")
    shows_label: YesNo = Field(default=True, alias="印名")
    """否: the form prints nothing over the column of this level."""
    name_format: str = Field("", alias="写法")
    """Format of a printed name, with {名称} and column keys: {名称}（{分值}分）."""
    is_block: YesNo = Field(default=False, alias="分块")
    """是: a level above the level-1 indicators (年度绩效目标1, 2 …)."""


class PresetSpec(StrictModel):
    """一级, 下级: an indicator that the form itself prints, at any level."""

    name: str = Field(alias="名称")
    label: str = Field("", alias="标签")
    """The printed text; may hold {分值} and other column keys, as filed."""
    points: Points | None = Field(None, alias="分值")
    children: tuple[Annotated["PresetSpec", _accept_bare("名称")], ...] = Field((), alias="下级")
    printed: dict[str, str] = Field(default_factory=dict, alias="印")
    """Texts that the form itself prints, by column (指标解释, 评分标准 …)."""


class IndicatorsSpec(_SectionSpec):
    """指标表: a tree of indicators, one row per leaf."""

    shape: Literal["指标表"] = Field(alias="形式")
    heading: str = Field("", alias="表头")
    """A heading above the columns of the levels."""
    numbered: YesNo = Field(default=False, alias="序号")
    """是: a first column numbers the indicators."""
    levels: tuple[Annotated[LevelSpec, _accept_bare("键")], ...] = Field(alias="层级", min_length=1)
    """From 一级指标 down."""
    columns: tuple[FieldSpec, ...] = Field(alias="列")
    presets: tuple[Annotated[PresetSpec, _accept_bare("名称")], ...] = Field((), alias="一级")
    """The level-1 indicators that the form itself prints."""

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """All fields and columns."""
        return self.columns

    @property
    def first_level(self) -> int:
        """Index of the level of the level-1 indicators: the first that is not a block."""
        return next(index for index, level in enumerate(self.levels) if not level.is_block)

    def level_columns(self, level: int) -> tuple[FieldSpec, ...]:
        """Return the columns of a level."""
        return self._columns_by_level[level]

    @cached_property
    def _columns_by_level(self) -> tuple[tuple[FieldSpec, ...], ...]:
        return tuple(
            tuple(column for column in self.columns if self.level_of(column) == level)
            for level in range(len(self.levels))
        )

    @cached_property
    def columns_beside_levels(self) -> tuple[tuple[FieldSpec, ...], ...]:
        """The columns that the form prints right after the names of a level, by level."""
        return tuple(
            tuple(column for column in columns if column.is_beside_level and column.has_own_column)
            for columns in self._columns_by_level
        )

    @cached_property
    def last_columns(self) -> tuple[FieldSpec, ...]:
        """The columns that the form prints after all levels."""
        beside = {column.key for columns in self.columns_beside_levels for column in columns}
        own = (column for column in self.columns if column.has_own_column)
        return tuple(column for column in own if column.key not in beside)

    @cached_property
    def printed_columns(self) -> tuple[LevelSpec | FieldSpec, ...]:
        """The levels and the columns from left to right, as the form prints them."""
        printed: list[LevelSpec | FieldSpec] = []
        for level, beside in zip(self.levels, self.columns_beside_levels, strict=True):
            printed += (level, *beside)
        return (*printed, *self.last_columns)

    def level_of(self, column: FieldSpec) -> int:
        """Return the index of a column's level; the last if the form does not state it."""
        keys = [level.key for level in self.levels]
        return keys.index(column.level) if column.level else len(keys) - 1


class TotalSpec(_SectionSpec):
    """合计行: the row below the indicators, aligned with their columns of the same keys."""

    shape: Literal["合计行"] = Field(alias="形式")
    columns: tuple[FieldSpec, ...] = Field(alias="列")

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """All fields and columns."""
        return self.columns


SectionSpec = Annotated[
    FieldsSpec | TableSpec | IndicatorsSpec | TotalSpec, Field(discriminator="shape")
]


def placeholder_names(text: str) -> tuple[str, ...]:
    """Return the names of a label's placeholders in braces."""
    return tuple(PLACEHOLDER.findall(text))
