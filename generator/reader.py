"""Reading one document: nodes become cells, and what does not fit becomes problems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from generator.forms import FieldSpec, Form, filled
from generator.model import Cell, Cells
from generator.nodes import Mapping, Node, Scalar
from generator.nodes import Sequence as Items
from generator.problems import (
    REQUIRED_BLANK,
    UNKNOWN_KEY,
    UNREADABLE,
    Level,
    Position,
    Problem,
    Rule,
)
from generator.schema import nearest
from generator.values import Misread, State, Value, parse


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: in the document's own words, and in the file."""

    where: str
    position: Position

    def below(self, key: str, node: Node | None = None) -> "Place":
        """The place of a key; the file's place is the node's, where it is filed."""
        return Place(f"{self.where}/{key}", self.position if node is None else node.position)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of one document needs to know, and the problems met so far."""

    form: Form
    words: dict[str, str]
    """年度, 上年, 单位: what the form's labels ask for in braces."""
    problems: list[Problem] = field(default_factory=list)

    def report(self, rule: Rule, position: Position, message: str) -> None:
        """Note a problem; reading goes on."""
        self.problems.append(Problem(rule, Level.E, position, message))

    def label(self, label: str, **more: str) -> str:
        """A label as printed: {年度} and other words in braces filled in."""
        return filled(label, self.words | more)

    def mapping(self, node: Node | None, what: str) -> Mapping | None:
        """The node as a mapping; None where it is blank or something else (which is reported)."""
        if node is None or isinstance(node, Mapping) or _blank(node):
            return node if isinstance(node, Mapping) else None
        found, advice = "，这里是列表", ""
        if isinstance(node, Scalar):
            found = f"，这里写的是“{node.text}”"
            advice = "；冒号请用半角，后面空一格" if "：" in node.text or ":" in node.text else ""
        self.report(UNREADABLE, node.position, f"“{what}”下面应是“键: 值”的形式{found}{advice}")
        return None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The node as a list; empty where it is blank or something else (which is reported)."""
        if node is None or isinstance(node, Items) or _blank(node):
            return node.items if isinstance(node, Items) else ()
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
        value = parse(spec.kind, node.text, self.form.money)
        if isinstance(value, Misread):
            self.report(UNREADABLE, node.position, f"“{spec.key}”{value.reason}")
            return Value(node.text, State.FILED)
        if spec.required and not value.text:
            self.report(REQUIRED_BLANK, node.position, f"“{spec.key}”必填，这里是空的；请填写")
        return value

    def known(
        self, mapping: Mapping | None, names: dict[str, str], also: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The mapping's values by key; `names` gives each name's key, others are reported."""
        found: dict[str, Node] = {}
        for key, node in mapping.entries if mapping else ():
            if key.text in names:
                found[names[key.text]] = node
            elif key.text not in also:
                hint = nearest(key.text, dict.fromkeys([*names.values(), *also]))
                self.report(UNKNOWN_KEY, key.position, f"不认识的键“{key.text}”；{hint}")
        return found

    def names(self, specs: Iterable[FieldSpec]) -> dict[str, str]:
        """What the data may call each spec: its key, or its label as printed."""
        pairs = [(name, spec.key) for spec in specs for name in (spec.key, spec.label)]
        return {self.label(name).strip(" \u3000"): key for name, key in pairs if name}

    def cells(self, specs: Sequence[FieldSpec], found: dict[str, Node], at: Place) -> Cells:
        """A cell for every spec; those that are not filed stand at `at`, their row's place."""
        cells: dict[str, Cell] = {}
        for spec in specs:
            node = found.get(spec.key)
            if node is None and spec.required:
                message = f"缺少必填的键“{spec.key}”；请补上“{spec.key}: …”"
                self.report(UNKNOWN_KEY, at.position, message)
            value = Value() if node is None else self.value(spec, node)
            here = at.below(spec.key, node)
            cells[spec.key] = Cell(spec, value, here.position, here.where)
        return cells


def _blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text
