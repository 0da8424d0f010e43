"""Document reader: turns nodes into cells and reports values that do not fit the form."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.model.choices import SEPARATOR, choice_fault
from gongkai.model.documents import Cell, Cells
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.linear_patterns import compile_pattern
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
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
from gongkai.model.schema import find_nearest, suggest_nearest
from gongkai.model.specs import FieldSpec
from gongkai.model.values import InvalidValue, Value, ValueState, value_parser
from gongkai.reading.form_plan import (
    UNSETTLED_KEY,
    CellsPlan,
    ColumnPlan,
    KeyNames,
    LabelContext,
)
from gongkai.runtime.fast_tuples import build_tuple


class Location(NamedTuple):
    """The location of a value in a document and in its file."""

    where: str
    """Key path in the form's words, as used in 差异说明."""
    position: Position

    def below(self, key: str, node: Node | None = None) -> "Location":
        """Return the location of a key below; its position is the node's, if the key is filed."""
        position = self.position if node is None else node.position
        return Location(f"{self.where}/{key}", position)


_UNSETTLED = (
    f"“{UNSETTLED_KEY}”下面列着导入时没有弄清的地方：没有下落的文字，要问填表人的数；"
    "请对照原文件，该改的改好，再删去这个键"
)
_NO_WORDS: Mapping[str, str] = {}
_MAX_QUOTATION = 30
"""Longest quotation in a message, in characters."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads the nodes of one document with its form, and collects problems."""

    form: Form
    context: LabelContext
    problems: list[Problem] = field(default_factory=list)
    misspelt: set[str] = field(default_factory=set)
    """Keys that unknown ones were taken for, so that they are not reported as missing."""

    def report(self, rule: Rule, position: Position, message: str, level: Level = Level.E) -> None:
        """Add a problem."""
        self.problems.append(Problem(rule, level, position, message))

    def label(self, label: str, **extra_words: str) -> str:
        """Return a label with {年度} and other placeholders filled in."""
        return fill_placeholders(label, self.context.words | extra_words) if "{" in label else label

    def mapping(
        self, node: Node | None, what: str, names: Iterable[str] = ()
    ) -> MappingNode | None:
        """Return the node as a mapping; None if it is blank or (reported) no mapping.

        `names` are the keys that it may have.
        """
        if isinstance(node, MappingNode):
            return node
        if node is None or _is_blank(node):
            return None
        key = next(iter(names), "键")
        actual, advice = "，这里是列表", "各项前面请不写“- ”"
        if isinstance(node, ScalarNode):
            actual, advice = f"，这里写的是“{node.text}”", f"请另起一行缩进，写成“{key}: …”"
            if "：" in node.text or ":" in node.text:
                advice = "冒号请用半角，后面空一格"
        elif node.is_flow:
            advice = "请把方括号“[ ]”改为花括号“{ }”"
        message = f"“{what}”下面应是“键: 值”的形式{actual}；{advice}"
        self.report(UNREADABLE, node.position, message)
        return None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """Return the items of a sequence; none if the node is blank or (reported) no sequence.

        Items that only lack their dashes are returned.
        """
        if isinstance(node, SequenceNode):
            return node.items
        if node is None or _is_blank(node):
            return ()
        message = f"“{what}”应是列表，每项以“- ”开头"
        if isinstance(node, MappingNode):
            if not node.is_flow:
                first = next(iter(node.values), "")
                message += f"；请在这一行的“{first}”前面写“- ”，下面各行与“{first}”对齐"
            self.report(UNREADABLE, node.position, message)
            return (node, *node.repeats)
        advice = "请另起一行缩进，每项写一个“- ”，没有的留空"
        self.report(UNREADABLE, node.position, f"{message}，这里写的是“{node.text}”；{advice}")
        return ()

    def value(self, spec: FieldSpec, node: Node) -> Value:
        """Return the value filed at a node, parsed as the type of the field."""
        if spec.has_several and isinstance(node, SequenceNode):
            node = _join_choices(node)
        if not isinstance(node, ScalarNode):
            actual = "列表" if isinstance(node, SequenceNode) else "嵌套的键"
            advice = f"请写在一行里；有几行的，写“{spec.key}: |”，下面各行缩进"
            if node.is_flow:
                advice = "值里有 [ ] { } 时，请给整个值加英文双引号"
            message = f"“{spec.key}”应是一个值，这里是{actual}；{advice}"
            self.report(UNREADABLE, node.position, message)
            return Value()
        parse = value_parser(spec.kind, spec.money or self.form.money, self.form.money)
        return self._check_value(spec, node, parse(node.text))

    def _check_value(self, spec: FieldSpec, node: ScalarNode, value: Value | InvalidValue) -> Value:
        """Return the parsed value; report values that are misread, missing or not allowed."""
        if isinstance(value, InvalidValue):
            fix = Fix(node.text, value.suggestion) if value.suggestion else None
            message = f"“{spec.key}”{value.reason}"
            self.problems.append(Problem(UNREADABLE, Level.E, node.position, message, fix=fix))
            return Value(node.text, ValueState.FILED)
        if spec.required and not value.text:
            self.report(REQUIRED_BLANK, node.position, f"“{spec.key}”必填，这里是空的；请填写")
        if (spec.choices or spec.pattern) and value.state is ValueState.FILED:
            reason, replacement = _rejection(spec, value)
            if reason:
                fix = Fix(node.text, replacement) if replacement else None
                message = f"“{spec.key}”{reason}"
                self.problems.append(Problem(UNREADABLE, Level.E, node.position, message, fix=fix))
        return value

    def nodes_by_key(
        self,
        mapping: MappingNode | None,
        names: KeyNames,
        also: Sequence[str] = (),
        columns_elsewhere: Container[str] = (),
        places: Callable[[], Mapping[str, str]] = dict,
    ) -> dict[str, Node]:
        """Return the mapping's nodes by canonical key; report unknown and duplicate keys.

        `names` gives the key of every allowed name; keys in `also` are ignored. `columns_elsewhere`
        are columns of other levels of an indicator table. `places` gives the keys below which
        other names belong.
        """
        if mapping is None or mapping.values.keys() <= names.canonical:
            return mapping.values if mapping else {}
        nodes: dict[str, Node] = {}
        for name, node in mapping.values.items():
            key = names.get(name)
            if key is not None and key not in nodes:
                nodes[key] = node
            elif key is not None:
                first = next(
                    other for other, value in mapping.values.items() if value is nodes[key]
                )
                twins = f"“{first}”和“{name}”是同一项"
                self.report(UNKNOWN_KEY, mapping.key_position(name), f"{twins}；请只留一处")
            elif name in columns_elsewhere:
                message = (
                    f"“{name}”在这一级没有自己的一格，填了印不出来；请删去，或在表式这一级的“写法”里"
                    f"写上 {{{name}}}，或给这一列写明“层级”"
                )
                self.report(UNKNOWN_KEY, mapping.key_position(name), message)
            elif name == UNSETTLED_KEY:
                self.report(UNKNOWN_KEY, mapping.key_position(name), _UNSETTLED)
            elif name not in also:
                known = list(dict.fromkeys([*names.values(), *also]))
                self.misspelt.add(find_nearest(name, known))
                message = f"不认识的键“{name}”；{suggest_nearest(name, known)}"
                if parent := places().get(name):
                    message = f"“{name}”是“{parent}”里的一项，却没有写在它下面；请移到“{parent}”下面，行首多空两格"
                self.report(UNKNOWN_KEY, mapping.key_position(name), message)
        return nodes

    def cells(
        self,
        plan: CellsPlan,
        nodes: Mapping[str, Node],
        location: Location,
        printed: Mapping[str, str] = _NO_WORDS,
    ) -> Cells:
        """Return a cell for every column; cells that are not filed get the row's location.

        `printed` gives the words that the form itself prints, by column.
        """
        cells = Cells(plan.roles)
        self._fill(cells, plan.columns, nodes, location, printed)
        return cells

    def cell(self, plan: CellsPlan, nodes: Mapping[str, Node], location: Location) -> Cell:
        """Return the cell of a single column."""
        cells: dict[str, Cell] = {}
        self._fill(cells, plan.columns, nodes, location, _NO_WORDS)
        return cells.popitem()[1]

    def _fill(
        self,
        cells: dict[str, Cell],
        columns: Iterable[ColumnPlan],
        nodes: Mapping[str, Node],
        location: Location,
        printed: Mapping[str, str],
    ) -> None:
        row, words = location.where, ""
        for spec, key, suffix, parse, restricted in columns:
            node = nodes.get(key)
            if printed:
                words = printed.get(key, "")
            if type(node) is ScalarNode:
                parsed, position = parse(node.text), node.position
                if restricted or not isinstance(parsed, Value):
                    value = self._check_value(spec, node, parsed)
                else:
                    value = parsed
            elif node is not None:
                value, position = self.value(spec, node), node.position
            else:
                value, position = _BLANK, location.position
                if restricted and spec.required and not words and key not in self.misspelt:
                    message = f"缺少必填的键“{key}”；请补上“{key}: …”"
                    self.report(UNKNOWN_KEY, position, message)
            cell = build_tuple(Cell, (spec, value, position, row + suffix, value.text, words))
            if words:
                self._check_printed(cell)
            cells[key] = cell

    def _check_printed(self, cell: Cell) -> None:
        """Report a value filed in a cell where the form prints its own words."""
        if not cell.printed or cell.is_blank or cell.filed == cell.printed:
            return
        if not cell.is_struck_out:
            message = (
                f"“{cell.spec.key}”与表式印好的文字不同，页面照填报的显示；"
                f"表式印的是“{_shorten(cell.printed)}”"
            )
            self.report(FORM_DIFFERS, cell.position, message, Level.W)
        elif cell.value.state is ValueState.FILED:
            message = (
                f"表式在这一格印“{cell.printed}”，不填写“{cell.spec.key}”，"
                f"这里写的是“{cell.filed}”；请删去"
            )
            self.report(UNKNOWN_KEY, cell.position, message)


_BLANK = Value()


def _join_choices(node: SequenceNode) -> Node:
    """Return a list of several choices as one text; the list itself if it holds anything else."""
    texts = [choice.text for choice in node.items if isinstance(choice, ScalarNode)]
    is_plain = len(texts) == len(node.items)
    return ScalarNode(SEPARATOR.join(texts), node.position) if is_plain else node


def _rejection(spec: FieldSpec, value: Value) -> tuple[str, str]:
    """Return in Chinese why a value is not allowed by choices or pattern, and what to write instead.

    Both are empty if it is allowed.
    """
    reason, replacement = choice_fault(spec, value.text) if spec.choices else ("", "")
    if not reason and spec.pattern and not compile_pattern(spec.pattern).fullmatch(value.text):
        expected = spec.pattern_hint or f"应符合格式 {spec.pattern}"
        reason = f"{expected}，这里写的是“{value.text}”"
    return reason, replacement


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_QUOTATION else f"{text[:_MAX_QUOTATION]}…"


def _is_blank(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.text
