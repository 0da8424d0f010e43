"""What each indicator was to reach, what it reached, and whether that is a success."""

from decimal import Decimal
from typing import NamedTuple

from gongkai.model.comparison import reached
from gongkai.model.documents import Cell, Node, Record
from gongkai.model.terms import Role
from gongkai.model.values import State, Value, comparison_of

_NAME_LENGTH = 20
_NO_REASON = frozenset({"", "无", "0", "没有"})


class Outcome(NamedTuple):
    """One indicator, read across all the columns that tell of it."""

    node: Node
    path: tuple[str, ...]
    """The names above it, for instance 产出指标, 数量指标."""
    target: Cell | None
    """Where the target stands: the adjusted one, or the initial one where only that is filed."""
    actual: Cell | None
    reason: Cell | None
    """偏差原因; None where the form has no such column."""
    points: Cell | None
    score: Cell | None
    wanted: Value
    """The target with its comparison and measure, wherever they stand."""
    got: Value
    """The actual value, in its own measure or that of the column 度量单位."""

    @property
    def name(self) -> str:
        """The indicator's name, shortened for a sentence."""
        name = self.node.name.filed
        return name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH]}…"

    @property
    def aspect(self) -> str:
        """The category right above it."""
        return self.path[-1] if self.path else ""

    @property
    def explained(self) -> bool:
        """Whether a reason is given for what was missed or lost."""
        return self.reason is not None and gives_reason(self.reason)

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where nobody can tell.

        Without a sign a lower figure may be the better one (控制率): then full points say it was
        no miss.
        """
        met = reached(self.wanted, self.got)
        doubtful = met is False and not self.wanted.comparison and self._full
        return None if doubtful else met

    @property
    def _full(self) -> bool:
        points, score = number_in(self.points), number_in(self.score)
        return points is not None and score is not None and score >= points


def gives_reason(cell: Cell) -> bool:
    """Whether a cell says more than nothing, 无 or 0."""
    return cell.filed not in _NO_REASON and cell.value.state is State.FILED


def number_in(cell: Cell | None) -> Decimal | None:
    """The number that a cell holds."""
    return cell.value.number if cell else None


def outcomes(record: Record) -> tuple[Outcome, ...]:
    """The indicators proper of all tables; worked out once."""
    known: tuple[Outcome, ...] | None = record.worked_out.get(__name__)
    if known is None:
        found: list[Outcome] = []
        for tree in record.trees:
            last = len(tree.spec.levels) - 1
            for node in tree.nodes:
                _gather(node, (), last, found)
        known = record.worked_out[__name__] = tuple(found)
    return known


def _gather(node: Node, path: tuple[str, ...], last: int, found: list[Outcome]) -> None:
    if node.level == last:
        found.append(_outcome(node, path))
    if node.children:
        below = (*path, node.name.filed)
        for child in node.children:
            _gather(child, below, last, found)


def _outcome(node: Node, path: tuple[str, ...]) -> Outcome:
    role = node.cells.role
    target, initial = role(Role.TARGET), role(Role.INITIAL_TARGET)
    if target is None or (target.blank and initial and not initial.blank):
        target = initial
    actual, sign, measure = map(role, (Role.ACTUAL, Role.COMPARISON, Role.MEASURE))
    comparison = comparison_of(sign.filed) if sign else None
    wanted = _measured(target.value if target else Value(), measure)
    return Outcome(
        node=node,
        path=path,
        target=target,
        actual=actual,
        reason=role(Role.DEVIATION),
        points=role(Role.POINTS),
        score=role(Role.SCORE),
        wanted=wanted._replace(comparison=comparison)
        if comparison and not wanted.comparison
        else wanted,
        got=_measured(actual.value if actual else Value(), measure),
    )


def _measured(value: Value, measure: Cell | None) -> Value:
    filed = measure.filed if measure and measure.value.state is State.FILED else ""
    if not filed or value.measure or value.number is None:
        return value
    return value._replace(measure=filed.replace("％", "%").replace("百分比", "%"))
