"""Permanent anchors of an evaluation's figures and indicators."""

from collections.abc import Mapping
from hashlib import blake2b

from gongkai.model.documents import Indicator, Record, cache_on_record, iter_shared_cells
from gongkai.model.figures import filed_figures


def document_anchor(record: Record) -> str:
    """Return the anchor of a document on its page."""
    return record.form.kind.anchor


@cache_on_record
def figure_anchors(record: Record) -> Mapping[str, str]:
    """Map key paths of the cells that hold an evaluation's figures to their anchors."""
    prefix = document_anchor(record)
    anchors = {cell.where: f"{prefix}-{figure.name}" for figure, cell in filed_figures(record)}
    for shared in iter_shared_cells(record):  # A printed cell has one anchor.
        places = [cell.where for cell in shared if cell.where in anchors]
        for where in places[1:]:
            anchors[where] = anchors[places[0]]
    return anchors


def indicator_anchor(indicator: Indicator) -> str:
    """Return an indicator's anchor, which stays the same while its name and its parents' do.

    It is a hash of the key path (部门整体自评表/绩效指标/产出指标/…), unique within a disclosure.
    """
    return f"i-{blake2b(indicator.name.where.encode(), digest_size=5).hexdigest()}"
