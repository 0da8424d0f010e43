"""The objects of the field: units, disclosures, and the documents that they file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gongkai.model.forms import Form, filled
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
from gongkai.model.values import NOT_APPLICABLE, Kind, State, Value


class Cell(NamedTuple):
    """One value of a document: as filed, as read, and where it stands."""

    spec: FieldSpec
    value: Value
    position: Position
    where: str
    """Its key path in the form's words, for instance 部门整体自评表/总分/得分."""
    filed: str
    """The text as filed, empty where blank."""
    printed: str = ""
    """What the form itself prints here: “—” where it strikes the cell out, or its words."""

    @property
    def blank(self) -> bool:
        """Whether nothing was filed (0 and 不适用 are something)."""
        return self.value.state is State.BLANK

    @property
    def struck(self) -> bool:
        """Whether the form strikes the cell out, so that nothing is to be filed."""
        return self.printed in NOT_APPLICABLE


class Cells(dict[str, Cell]):
    """Cells by the key of their column, in the form's order."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[Role, str]) -> None:
        """No cells yet; `keys` gives the column of each role, of several the first."""
        self._keys = keys

    def role(self, role: Role) -> Cell | None:
        """The cell whose column has this role."""
        key = self._keys.get(role)
        return None if key is None else self[key]


def by_role(cells: Cells | None, role: Role) -> Cell | None:
    """The cell whose column has this role; None where there is none, or there are no cells."""
    return cells.role(role) if cells else None


@dataclass(frozen=True, slots=True)
class Fields:
    """填写项, filled."""

    spec: FieldsSpec
    cells: Cells


class Row(NamedTuple):
    """One row of a table; of an open row there are as many as the unit filed."""

    spec: RowSpec
    label: str
    cells: Cells
    depth: int = 0
    """How many rows stand above it in the tree."""


@dataclass(frozen=True, slots=True)
class Block:
    """A breakdown, filled: named amounts."""

    spec: BlockSpec
    cells: Cells


@dataclass(frozen=True, slots=True)
class Table:
    """行列表, filled."""

    spec: TableSpec
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...] = ()

    def row(self, key: str) -> Row | None:
        """The first row with this key."""
        return next((row for row in self.rows if row.spec.key == key), None)


class Node(NamedTuple):
    """An indicator at any level, with the cells that stand at it."""

    name: Cell
    level: int
    """Its place in the form's levels, from 0."""
    label: str
    """The name as printed, for instance 产出指标(50分)."""
    cells: Cells
    children: tuple["Node", ...] = ()
    score_group: str = ""
    """得分组: indicators with the same mark share one score."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """指标表, filled."""

    spec: IndicatorsSpec
    nodes: tuple[Node, ...]

    def leaves(self) -> tuple[Node, ...]:
        """The indicators proper: leaves at the last level (an empty category is none)."""
        return tuple(leaves(self.nodes, len(self.spec.levels) - 1))


def leaves(nodes: Iterable[Node], level: int) -> list[Node]:
    """The indicators without parts at a level, these ones and those below them."""
    found: list[Node] = []
    for node in nodes:
        if node.children:
            found += leaves(node.children, level)
        elif node.level == level:
            found.append(node)
    return found


@dataclass(frozen=True, slots=True)
class Total:
    """合计行, filled."""

    spec: TotalSpec
    cells: Cells


Section = Fields | Table | Indicators | Total


@dataclass(frozen=True, slots=True)
class Record:
    """One document of a disclosure: a form, filled."""

    form: Form
    name: str
    """What names it within its disclosure, for instance 项目自评表（某某项目）."""
    words: Mapping[str, str]
    """年度, 上年, 单位: what the form's labels ask for in braces."""
    title: str
    sections: tuple[Section, ...]
    sign_off: Cells
    position: Position
    project: str = ""
    """The project's file name without its ending; empty for documents of the whole unit."""
    body: str = ""
    """The Markdown of a narrative report."""
    body_line: int = 0

    def label(self, label: str) -> str:
        """A label of the form as printed: {年度} and other words in braces filled in."""
        return filled(label, self.words)

    amounts: tuple[Cell, ...] = field(init=False, repr=False, compare=False)
    """The cells that hold an amount of money."""
    _every: tuple[Cell, ...] = field(init=False, repr=False, compare=False)
    leaves: tuple[Node, ...] = field(init=False, repr=False, compare=False)
    """The indicators proper, of all tables."""
    trees: tuple[Indicators, ...] = field(init=False, repr=False, compare=False)
    """The tables of indicators."""
    total: Total | None = field(init=False, repr=False, compare=False)
    """The row of totals, where the form has one."""
    worked_out: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What others have worked out from the record, lest they do it again."""

    def __post_init__(self) -> None:
        """Gather once what nearly every check walks over."""
        trees = tuple(part for part in self.sections if isinstance(part, Indicators))
        leaves = [leaf for tree in trees for leaf in tree.leaves()]
        every = tuple(self._gathered())
        amounts = [
            cell
            for cell in every
            if cell.spec.kind is Kind.AMOUNT and cell.value.number is not None
        ]
        object.__setattr__(self, "_every", every)
        object.__setattr__(self, "amounts", tuple(amounts))
        object.__setattr__(self, "trees", trees)
        object.__setattr__(self, "leaves", tuple(leaves))
        totals = (part for part in self.sections if isinstance(part, Total))
        object.__setattr__(self, "total", next(totals, None))

    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in the form's order."""
        return self._every

    def _gathered(self) -> list[Cell]:
        found: list[Cell] = []
        for section in self.sections:
            match section:
                case Fields() | Total():
                    found.extend(section.cells.values())
                case Table():
                    for row in section.rows:
                        found.extend(row.cells.values())
                    for block in section.blocks:
                        found.extend(block.cells.values())
                case Indicators():
                    _gather(section.nodes, found)
        found.extend(self.sign_off.values())
        return found

    def field(self, role: Role) -> Cell | None:
        """The field (outside the tables) with this role."""
        fields = (section for section in self.sections if isinstance(section, Fields))
        return next((cell for part in fields if (cell := by_role(part.cells, role))), None)

    def tables(self) -> Iterator[Table]:
        """The tables with rows."""
        return (section for section in self.sections if isinstance(section, Table))

    def lines(self, role: Role | None = None) -> Iterator[Cells]:
        """The rows of the tables, and each group of fields: what may be summed or divided.

        Where a role is given, only those that have a column of it.
        """
        for section in self.sections:
            lines: Sequence[Cells] = ()
            if isinstance(section, Table):
                lines = [row.cells for row in section.rows]
            elif isinstance(section, Fields):
                lines = [section.cells]
            if lines and (role is None or lines[0].role(role)):
                yield from lines

    def row(self, role: Role) -> Row | None:
        """The first row with this role in any table."""
        rows = (row for table in self.tables() for row in table.rows)
        return next((row for row in rows if row.spec.role is role), None)

    def overall(self, role: Role) -> Cell | None:
        """得分, 分值 or 等级 of the whole: in the row of totals, or in a field at the head."""
        total = by_role(self.total.cells, role) if self.total else None
        return total or self.field(role)


def _gather(nodes: Iterable[Node], found: list[Cell]) -> None:
    """Add all cells of these indicators to what was found."""
    for node in nodes:
        found.append(node.name)
        found.extend(node.cells.values())
        if node.children:
            _gather(node.children, found)


def body_lines(record: Record) -> tuple[tuple[Position, str], ...]:
    """The lines of a narrative report, each with its place in the file; worked out once."""
    if not record.body:
        return ()
    known: tuple[tuple[Position, str], ...] | None = record.worked_out.get(__name__)
    if known is None:
        file, lines = record.position.file, enumerate(record.body.split("\n"), record.body_line)
        known = tuple((Position(file, number), line) for number, line in lines)
        record.worked_out[__name__] = known
    return known


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a disclosure and the documents about it."""

    slug: str
    """Its file name without the ending; part of its address."""
    name: str
    file: str
    records: tuple[Record, ...] = field(default=())

    def record(self, kind: DocumentKind) -> Record | None:
        """Its document of this kind."""
        return next((record for record in self.records if record.form.kind is kind), None)
