"""Documents of a disclosure: forms filled in, with their tables, indicators and cells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.problems import Position
from gongkai.model.specs import (
    BlockSpec,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import NOT_APPLICABLE_TEXTS, Kind, Value, ValueState

ResultT = TypeVar("ResultT")


class Cell(NamedTuple):
    """One value of a document: as filed, as parsed, and its position."""

    spec: FieldSpec
    value: Value
    position: Position
    where: str
    """Key path in the form's terms, for instance 部门整体自评表/总分/得分."""
    filed: str
    """The text as filed; empty if blank."""
    printed: str = ""
    """The text that the form itself prints here; “—” if it strikes the cell out."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filed (0 and 不适用 are not blank)."""
        return self.value.state is ValueState.BLANK

    @property
    def is_struck_out(self) -> bool:
        """Whether the form strikes the cell out, so that nothing is to be filed."""
        return self.printed in NOT_APPLICABLE_TEXTS


class Cells(dict[str, Cell]):
    """Cells by the key of their column, in the form's order."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[Role, str]) -> None:
        """Start empty; `keys` maps roles to column keys, the first of several columns."""
        self._keys = keys

    def with_role(self, role: Role) -> Cell | None:
        """Return the cell whose column has a role."""
        key = self._keys.get(role)
        return None if key is None else self[key]


def cell_with_role(cells: Cells | None, role: Role) -> Cell | None:
    """Return the cell whose column has a role, or None if there is none or no cells at all."""
    return cells.with_role(role) if cells else None


@dataclass(frozen=True, slots=True)
class Fields:
    """填写项, filled in."""

    spec: FieldsSpec
    cells: Cells


class Row(NamedTuple):
    """One row of a table; an open row spec (开放) has as many rows as the unit filed."""

    spec: RowSpec
    label: str
    cells: Cells
    depth: int = 0
    """Number of its ancestors in the row tree."""


@dataclass(frozen=True, slots=True)
class Block:
    """分解, filled in: a breakdown into named amounts."""

    spec: BlockSpec
    cells: Cells


@dataclass(frozen=True, slots=True)
class Table:
    """行列表, filled in."""

    spec: TableSpec
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...] = ()

    def row(self, key: str) -> Row | None:
        """Return the first row with a key."""
        return next((row for row in self.rows if row.spec.key == key), None)


class Indicator(NamedTuple):
    """An indicator at any level (一级, 二级, 三级指标), with the cells filed at it."""

    name: Cell
    level: int
    """Index into the form's levels, from 0."""
    label: str
    """The name as printed, for instance 产出指标(50分)."""
    cells: Cells
    children: tuple["Indicator", ...] = ()
    score_group: str = ""
    """得分组: indicators of the same group share one score."""


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """指标表, filled in."""

    spec: IndicatorsSpec
    roots: tuple[Indicator, ...]
    """The top-level indicators."""

    def leaves(self) -> tuple[Indicator, ...]:
        """Return the indicators of the last level; categories without children are left out."""
        return tuple(find_leaves(self.roots, len(self.spec.levels) - 1))


def find_leaves(indicators: Iterable[Indicator], level: int) -> list[Indicator]:
    """Return the childless indicators of a level, at any depth, without rows of dots (……)."""
    childless: list[Indicator] = []
    for indicator in indicators:
        if indicator.children:
            childless += find_leaves(indicator.children, level)
        elif indicator.level == level and not indicator.name.printed:
            childless.append(indicator)
    return childless


@dataclass(frozen=True, slots=True)
class TotalRow:
    """合计行, filled in."""

    spec: TotalSpec
    cells: Cells


Section = Fields | Table | IndicatorTable | TotalRow


@dataclass(frozen=True)
class Record:
    """One document of a disclosure: a form, filled in."""

    form: Form
    name: str
    """Its name, unique within the disclosure, for instance 项目自评表（某某项目）."""
    placeholders: Mapping[str, str]
    """Values of the placeholders in the form's labels: 年度, 上年, 单位."""
    title: str
    sections: tuple[Section, ...]
    sign_off: Cells
    position: Position
    project: str = ""
    """The project's file name without extension; empty for documents of the whole unit."""
    body: str = ""
    """The Markdown of a narrative report."""
    body_line: int = 0
    """Line number in the file at which the body starts."""

    def printed_label(self, label: str) -> str:
        """Return a label of the form as printed, its {年度} and other placeholders filled in."""
        return fill_placeholders(label, self.placeholders)

    memo: dict[Callable[..., Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Results of functions of this record (see cache_on_record)."""

    @cached_property
    def amounts(self) -> tuple[Cell, ...]:
        """The cells that hold an amount of money."""
        amounts = self.cells_of_kind(Kind.AMOUNT)
        return tuple(cell for cell in amounts if cell.value.number is not None)

    def cells_of_kind(self, *kinds: Kind) -> Iterator[Cell]:
        """Return the cells of some types, one type after another, each in the form's order."""
        return chain.from_iterable(self._cells_by_kind.get(kind, ()) for kind in kinds)

    @cached_property
    def _cells_by_kind(self) -> Mapping[Kind, list[Cell]]:
        by_kind: defaultdict[Kind, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            by_kind[cell.spec.kind].append(cell)
        return by_kind

    @cached_property
    def indicator_tables(self) -> tuple[IndicatorTable, ...]:
        """The indicator tables (指标表)."""
        return tuple(section for section in self.sections if isinstance(section, IndicatorTable))

    @cached_property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators of the last level, of all tables."""
        return tuple(leaf for table in self.indicator_tables for leaf in table.leaves())

    @cached_property
    def total(self) -> TotalRow | None:
        """The total row (合计行), if the form has one."""
        return next((section for section in self.sections if isinstance(section, TotalRow)), None)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, in the form's order."""
        cells: list[Cell] = []
        for section in self.sections:
            match section:
                case Fields() | TotalRow():
                    cells.extend(section.cells.values())
                case Table():
                    for row in section.rows:
                        cells.extend(row.cells.values())
                    for block in section.blocks:
                        cells.extend(block.cells.values())
                case IndicatorTable():
                    _append_cells(section.roots, cells)
        cells.extend(self.sign_off.values())
        return tuple(cells)

    def field_with_role(self, role: Role) -> Cell | None:
        """Return the field (outside tables) with a role."""
        sections = (section for section in self.sections if isinstance(section, Fields))
        return next((cell for part in sections if (cell := cell_with_role(part.cells, role))), None)

    def tables(self) -> Iterator[Table]:
        """Return the tables with rows (行列表)."""
        return (section for section in self.sections if isinstance(section, Table))

    def iter_cell_groups(self, role: Role | None = None) -> Iterator[Cells]:
        """Yield the cells of every table row and of every field group, for sums and ratios.

        With a role, skip sections that have no column of that role.
        """
        for section in self.sections:
            groups: Sequence[Cells] = ()
            if isinstance(section, Table):
                groups = [row.cells for row in section.rows]
            elif isinstance(section, Fields):
                groups = [section.cells]
            if groups and (role is None or groups[0].with_role(role)):
                yield from groups

    def row_with_role(self, role: Role) -> Row | None:
        """Return the first row with a role, of any table."""
        rows = (row for table in self.tables() for row in table.rows)
        return next((row for row in rows if row.spec.role is role), None)

    def overall_cell(self, role: Role) -> Cell | None:
        """Return 得分, 分值 or 等级 of the document: from the total row, else from a field."""
        total = cell_with_role(self.total.cells, role) if self.total else None
        return total or self.field_with_role(role)


def cache_on_record(function: Callable[[Record], ResultT]) -> Callable[[Record], ResultT]:
    """Decorator: compute a function of a record once, and keep the result with the record."""

    @wraps(function)
    def read_memo(record: Record) -> ResultT:
        try:
            result: ResultT = record.memo[function]
        except KeyError:
            result = record.memo[function] = function(record)
        return result

    return read_memo


def _append_cells(indicators: Iterable[Indicator], cells: list[Cell]) -> None:
    """Append all cells of some indicators and their descendants."""
    for indicator in indicators:
        cells.append(indicator.name)
        cells.extend(indicator.cells.values())
        if indicator.children:
            _append_cells(indicator.children, cells)


def iter_shared_cells(record: Record) -> Iterator[list[Cell]]:
    """Yield the values that are printed in one cell, for every cell with several blanks."""
    for section in record.sections:
        if isinstance(section, Fields):
            specs, groups = section.spec.printed_fields, [section.cells]
        elif isinstance(section, Table):
            specs, groups = section.spec.printed_columns, [row.cells for row in section.rows]
        else:
            continue
        for spec in [spec for spec in specs if spec.blanks]:
            yield from ([cells[blank.key] for blank in spec.blanks] for cells in groups)


def body_lines(record: Record) -> tuple[tuple[Position, str], ...]:
    """Return the lines of a narrative report with their positions in the file."""
    if not record.body:
        return ()
    file, lines = record.position.file, enumerate(record.body.split("\n"), record.body_line)
    return tuple((Position(file, number), line) for number, line in lines)


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a disclosure and the documents about it."""

    slug: str
    """Its file name without extension; part of its URL."""
    name: str
    file: str
    records: tuple[Record, ...] = field(default=())

    def record(self, kind: DocumentKind) -> Record | None:
        """Return the project's document of a kind."""
        return next((record for record in self.records if record.form.kind is kind), None)
