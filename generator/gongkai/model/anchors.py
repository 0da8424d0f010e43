"""Anchors that never change: at the figures of an evaluation and at its indicators."""

from collections.abc import Iterator
from hashlib import blake2b

from gongkai.model.documents import Cell, Node, Record
from gongkai.model.figures import Figures


def document_anchor(record: Record) -> str:
    """The anchor of a document on its page."""
    return record.form.kind.anchor


def figure_anchors(record: Record, figures: Figures) -> dict[str, str]:
    """The anchors of the cells that hold an evaluation's figures, by their key paths; worked out once."""
    known: dict[str, str] | None = record.worked_out.get(__name__)
    if known is None:
        base = document_anchor(record)
        known = {cell.where: f"{base}-{name}" for name, cell in _named(figures)}
        record.worked_out[__name__] = known
    return known


def _named(figures: Figures) -> Iterator[tuple[str, Cell]]:
    found = {
        "initial": figures.initial,
        "budget": figures.adjusted,
        "spent": figures.spent,
        "rate": figures.rate,
        "score": figures.score,
    }
    return ((name, cell) for name, cell in found.items() if cell)


def indicator_anchor(node: Node) -> str:
    """The anchor of an indicator: the same as long as its name and those above it are.

    From its key path (部门整体自评表/绩效指标/产出指标/…), which differs within a disclosure.
    """
    return f"i-{blake2b(node.name.where.encode(), digest_size=5).hexdigest()}"
