"""Low execution rates and changed budgets that no document explains (ZJ-11)."""

import re
from collections.abc import Iterable, Iterator

from gongkai.checks import amounts
from gongkai.checks.base import Finding, additional_check, finding_at
from gongkai.checks.texts.passages import find_passages
from gongkai.model.documents import Cell, Cells, Record, cell_with_role
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import format_decimal

_CHANGE = re.compile(
    r"追[加减]|调[增减]|核[增减]|压[减缩]|增拨|收回|统筹|盘活|调整.*(?:预算|资金|经费)|(?:预算|资金|经费).*调整"
)
"""Words of a sentence that explains a changed budget."""
_OWN_CHANGE = re.compile(
    r"(?:新增|增加|减少|下达|结转|变更|年中).*(?:预算|资金|经费|元)|(?:预算|资金|经费|元).*(?:新增|增加|减少|下达|结转|变更|年中)"
)
"""Words that explain it too in a project's own documents; in the unit's they are of other things."""
_MOVED = re.compile(
    r"追|调[增减整剂]|增|减|新|下达|结余|结转|变更|上级|补助|收回|统筹|因|由于|原因|导致|未|流标|节约|无$|见"
)
"""Words of a reason that may say why a budget was changed."""
_MONEY = re.compile(r"执行|支出|支付|付款|资金|预算|经费|款|采购|招标|合同|结算|决算|审计|未付|拨")
_REASON = re.compile(
    r"未|尚|结余|结转|节约|节省|压减|收回|跨年|延|推迟|滞后|流标|较晚|次年|下年|尾款|质保|较?低|不足|因|由于|原因|主要是|影响|缓|减少|退回|取消|变更|追减|财政|见附件"
)
"""Words of a sentence on money that explains a low execution rate."""
_SMALLEST_SHARE = 100
"""A change of less than 1/100 of the budget needs no word."""


@additional_check(amounts.low_rate_unexplained.rule, of=Disclosure, needs_complete=True)
def budget_explained_nowhere(disclosure: Disclosure) -> Iterator[Finding]:
    """Find low rates and changed budgets in tables without a column for reasons.

    Nothing is said where a text was left out (……), which may explain.
    """
    overall = disclosure.record(DocumentKind.OVERALL)
    if overall:
        findings = list(_check_table(overall, disclosure.all_records, ()))
        yield from findings if findings and not _is_shortened(disclosure.records) else ()
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        if table:
            findings = list(_check_table(table, project.records, disclosure.records))
            yield from findings if findings and not _is_shortened(project.records) else ()


def _check_table(
    table: Record, own: tuple[Record, ...], others: tuple[Record, ...]
) -> Iterator[Finding]:
    cells = rate_row(table)
    reason = cell_with_role(cells, Role.DEVIATION) if cells else None
    if cells is None:
        return
    if reason:
        if reason.filed and not _MOVED.search(reason.filed):
            yield from _check_change(cells, own, others, reason)
        return
    rate = cell_with_role(cells, Role.EXECUTION_RATE)
    percent = rate.value.number if rate else None
    if rate and percent is not None and 1 < percent < table.form.alerts.low_rate:
        sentences = [*_sentences(own), *_sentences(others)]
        if not any(_MONEY.search(sentence) and _REASON.search(sentence) for sentence in sentences):
            message = f"“{rate.spec.key}”{rate.filed}，低于 {format_decimal(table.form.alerts.low_rate)}%，各附件都没有写原因"
            advice = "请在完成情况、偏差原因或报告里写明"
            yield finding_at(rate, message, advice, level=Level.W)
    yield from _check_change(cells, own, others)


def _is_shortened(records: Iterable[Record]) -> bool:
    """Tell whether a text of the documents was left out."""
    return any("……" in passage.text for record in records for passage in find_passages(record))


def _check_change(
    cells: Cells,
    own: tuple[Record, ...],
    others: tuple[Record, ...],
    reason: Cell | None = None,
) -> Iterator[Finding]:
    initial, adjusted = cell_with_role(cells, Role.INITIAL), cell_with_role(cells, Role.ADJUSTED)
    before = initial.value.number if initial else None
    after = adjusted.value.number if adjusted else None
    if initial is None or adjusted is None or not before or after is None:
        return
    if abs(after - before) * _SMALLEST_SHARE < before:
        return
    if any(_CHANGE.search(sentence) for sentence in (*_sentences(own), *_sentences(others))):
        return
    if any(_OWN_CHANGE.search(sentence) for sentence in _sentences(own)):
        return
    changed = (
        f"预算由“{initial.spec.key}” {initial.filed} 变为“{adjusted.spec.key}” {adjusted.filed}"
    )
    if reason:
        message = f"{changed}，“{reason.spec.key}”只写“{reason.filed}”，没有说为什么调整"
        yield finding_at(reason, message, "请写明预算调整的原因和金额", level=Level.W)
        return
    message = f"{changed}，各附件都没有写原因"
    yield finding_at(adjusted, message, "请在完成情况、偏差原因或报告里写明", level=Level.W)


def _sentences(records: Iterable[Record]) -> Iterator[str]:
    """Yield the sentences of documents, with reasons and names of indicators (预算调整率)."""
    for record in records:
        texts = [passage.text for passage in find_passages(record)]
        texts += [leaf.name.filed for leaf in record.leaves if "预算" in leaf.name.filed]
        texts += [
            cell.filed
            for leaf in record.leaves
            if (cell := cell_with_role(leaf.cells, Role.DEVIATION)) and cell.filed
        ]
        for text in texts:
            yield from re.split(r"[。；;\n]", text)
