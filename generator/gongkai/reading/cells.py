"""Reading one document: nodes become cells, and what does not fit becomes problems."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from gongkai.model.documents import Cell, Cells
from gongkai.model.forms import Form, filled
from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.nodes import Node, Scalar
from gongkai.model.nodes import Sequence as Items
from gongkai.model.problems import (
    FORM_DIFFERS,
    REQUIRED_BLANK,
    UNKNOWN_KEY,
    UNREADABLE,
    Fix,
    Level,
    Position,
    Problem,
    Rule,
)
from gongkai.model.schema import nearest
from gongkai.model.specs import FieldSpec, LevelSpec, RowSpec
from gongkai.model.terms import Role
from gongkai.model.values import Misread, State, Value, parser

Plan = TypeVar("Plan")
_new: Any = tuple.__new__
"""See source: there is a place for every value, and nearly all values of a site are made here."""


class Place(NamedTuple):
    """Where something stands: in the document's own words, and in the file."""

    where: str
    position: Position

    def below(self, key: str, node: Node | None = None) -> "Place":
        """The place of a key; the file's place is the node's, where it is filed."""
        position = self.position if node is None else node.position
        place: Place = _new(Place, (f"{self.where}/{key}", position))
        return place


class Names(dict[str, str]):
    """Keys by what the data may call them."""

    __slots__ = ("own",)

    def __init__(self, names: Iterable[tuple[str, str]] | Mapping[str, str]) -> None:
        """`own` are the keys themselves: a mapping with no other names is as it should be."""
        super().__init__(names)
        self.own = frozenset(name for name, key in self.items() if name == key)


class Columns(NamedTuple):
    """What the fillings of the same columns have in common."""

    each: tuple[tuple[FieldSpec, str, str, Callable[[str], Value | Misread], bool], ...]
    """Spec, key, the end of its cells' key paths, what reads it, whether not every value will do."""
    roles: Mapping[Role, str]
    """The columns' keys by role; where several have one, the first."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the forms' labels ask for in braces, and what was worked out with it.

    All documents of a unit and year share it. What is worked out is kept by the ids of specs, for
    the forms outlive the reading.
    """

    words: dict[str, str]
    """年度, 上年, 单位, 级别."""
    names: dict[tuple[int, ...], Names] = field(default_factory=dict)
    """What the data may call the specs."""
    columns: dict[tuple[int, ...], Columns] = field(default_factory=dict)
    """How columns are read."""
    plans: dict[int, Any] = field(default_factory=dict)
    """How documents, tables and trees are read."""

    def plan(self, spec: object, work_out: Callable[[], Plan]) -> Plan:
        """How what a spec describes is read; worked out once."""
        plan: Plan | None = self.plans.get(id(spec))
        if plan is None:
            plan = self.plans[id(spec)] = work_out()
        return plan


_NOTHING_PRINTED: Mapping[str, str] = {}
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of one document needs to know, and the problems met so far."""

    form: Form
    wording: Wording
    problems: list[Problem] = field(default_factory=list)

    def report(self, rule: Rule, position: Position, message: str, level: Level = Level.E) -> None:
        """Note a problem; reading goes on."""
        self.problems.append(Problem(rule, level, position, message))

    def label(self, label: str, **more: str) -> str:
        """A label as printed: {年度} and other words in braces filled in."""
        return filled(label, self.wording.words | more) if "{" in label else label

    def mapping(self, node: Node | None, what: str) -> MappingNode | None:
        """The node as a mapping; None where it is blank or something else (which is reported)."""
        if isinstance(node, MappingNode):
            return node
        if node is None or _blank(node):
            return None
        found, advice = "，这里是列表", ""
        if isinstance(node, Scalar):
            found = f"，这里写的是“{node.text}”"
            advice = "；冒号请用半角，后面空一格" if "：" in node.text or ":" in node.text else ""
        self.report(UNREADABLE, node.position, f"“{what}”下面应是“键: 值”的形式{found}{advice}")
        return None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The node as a list; empty where it is blank or something else (which is reported)."""
        if isinstance(node, Items):
            return node.items
        if node is None or _blank(node):
            return ()
        self.report(UNREADABLE, node.position, f"“{what}”应是列表，每项以“- ”开头")
        return ()

    def value(self, spec: FieldSpec, node: Node) -> Value:
        """What is filed at a node, read as the form's type asks."""
        if not isinstance(node, Scalar):
            message = (
                f"“{spec.key}”应是一个值，这里是列表或嵌套的键；"
                "值里有 [ ] { } 或“: ”时，请给整个值加英文双引号"
            )
            self.report(UNREADABLE, node.position, message)
            return Value()
        return self._fit(spec, node, parser(spec.kind, self.form.money)(node.text))

    def _fit(self, spec: FieldSpec, node: Scalar, value: Value | Misread) -> Value:
        """What was read, where it will do; what is wrong with it is reported."""
        if isinstance(value, Misread):
            change = Fix(node.text, value.better) if value.better else None
            message = f"“{spec.key}”{value.reason}"
            self.problems.append(Problem(UNREADABLE, Level.E, node.position, message, fix=change))
            return Value(node.text, State.FILED)
        if spec.required and not value.text:
            self.report(REQUIRED_BLANK, node.position, f"“{spec.key}”必填，这里是空的；请填写")
        if (spec.choices or spec.pattern) and (reason := _unfit(spec, value)):
            self.report(UNREADABLE, node.position, f"“{spec.key}”{reason}")
        return value

    def known(
        self, mapping: MappingNode | None, names: Names, also: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The mapping's values by key; `names` gives each name's key, others are reported."""
        if mapping is None or mapping.values.keys() <= names.own:
            return mapping.values if mapping else {}
        found: dict[str, Node] = {}
        for key, node in mapping.values.items():
            name = names.get(key)
            if name is not None and name not in found:
                found[name] = node
            elif name is not None:
                first = next(each for each, value in mapping.values.items() if value is found[name])
                twins = f"“{first}”和“{key}”是同一项"
                self.report(UNKNOWN_KEY, mapping.place(key), f"{twins}；请只留一处")
            elif key not in also:
                hint = nearest(key, dict.fromkeys([*names.values(), *also]))
                self.report(UNKNOWN_KEY, mapping.place(key), f"不认识的键“{key}”；{hint}")
        return found

    def names(self, specs: Iterable[FieldSpec | RowSpec | LevelSpec]) -> Names:
        """What the data may call each spec: its key, an alias, or its label as printed."""
        asked = tuple(specs)
        ids = tuple(map(id, asked))
        names = self.wording.names.get(ids)
        if names is None:
            pairs = [(name, spec.key) for spec in asked for name in _called(spec)]
            called = ((self.label(name).strip(" \u3000"), key) for name, key in pairs if name)
            names = Names(called)
            self.wording.names[ids] = names
        return names

    def columns(self, specs: Sequence[FieldSpec]) -> Columns:
        """How these columns are read."""
        ids = tuple(map(id, specs))
        columns = self.wording.columns.get(ids)
        if columns is None:
            money = self.form.money
            each = tuple(
                (spec, spec.key, f"/{spec.key}", parser(spec.kind, money), _particular(spec))
                for spec in specs
            )
            roles = {spec.role: spec.key for spec in reversed(specs) if spec.role}
            columns = Columns(each, roles)
            self.wording.columns[ids] = columns
        return columns

    def cells(
        self,
        columns: Columns,
        found: Mapping[str, Node],
        at: Place,
        printed: Mapping[str, str] = _NOTHING_PRINTED,
    ) -> Cells:
        """A cell for every column; those that are not filed stand at `at`, their row's place.

        `printed` is what the form itself prints, by column.
        """
        cells = Cells(columns.roles)
        self._fill(cells, columns, found, at, printed)
        return cells

    def cell(self, columns: Columns, found: Mapping[str, Node], at: Place) -> Cell:
        """The cell of a lone column."""
        cells: dict[str, Cell] = {}
        self._fill(cells, columns, found, at, _NOTHING_PRINTED)
        return cells.popitem()[1]

    def _fill(
        self,
        cells: dict[str, Cell],
        columns: Columns,
        found: Mapping[str, Node],
        at: Place,
        printed: Mapping[str, str],
    ) -> None:
        row, words = at.where, ""
        for spec, key, tail, read, particular in columns.each:
            node = found.get(key)
            if printed:
                words = printed.get(key, "")
            if type(node) is Scalar:
                told, position = read(node[0]), node[1]
                if particular or not isinstance(told, Value):
                    value = self._fit(spec, node, told)
                else:
                    value = told
            elif node is not None:
                value, position = self.value(spec, node), node.position
            else:
                value, position = _BLANK, at.position
                if particular and spec.required and not words:
                    message = f"缺少必填的键“{key}”；请补上“{key}: …”"
                    self.report(UNKNOWN_KEY, position, message)
            cell: Cell = _new(Cell, (spec, value, position, row + tail, value[0], words))
            if words:
                self._overwritten(cell)
            cells[key] = cell

    def _overwritten(self, cell: Cell) -> None:
        """Report what is filed where the form prints something of its own."""
        if not cell.printed or cell.blank or cell.filed == cell.printed:
            return
        if not cell.struck:
            message = (
                f"“{cell.spec.key}”与表式印好的文字不同，页面照填报的显示；"
                f"表式印的是“{_short(cell.printed)}”"
            )
            self.report(FORM_DIFFERS, cell.position, message, Level.W)
        elif cell.value.state is State.FILED:
            message = (
                f"表式在这一格印“{cell.printed}”，不填写“{cell.spec.key}”，"
                f"这里写的是“{cell.filed}”；请删去"
            )
            self.report(UNKNOWN_KEY, cell.position, message)


_BLANK = Value()


def _called(spec: FieldSpec | RowSpec | LevelSpec) -> tuple[str, ...]:
    return (spec.key, *spec.aliases, spec.label)


def _particular(spec: FieldSpec) -> bool:
    """Whether a value that could be read may still be refused."""
    return bool(spec.required or spec.choices or spec.pattern)


def _unfit(spec: FieldSpec, value: Value) -> str:
    """Why a value is none of the spec's choices or does not match its pattern."""
    if value.state is not State.FILED:
        return ""
    if spec.choices and value.text not in spec.choices:
        choices = "".join(f"“{each}”" for each in spec.choices)
        return f"应从{choices}中选一个，这里写的是“{value.text}”"
    if spec.pattern and not re.fullmatch(spec.pattern, value.text):
        wanted = spec.pattern_words or f"应符合格式 {spec.pattern}"
        return f"{wanted}，这里写的是“{value.text}”"
    return ""


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text
