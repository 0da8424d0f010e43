"""Checks of filing and publication dates (RQ)."""

import datetime as dt
import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, additional_check, check, finding_at
from gongkai.model.dates import FiledDate, find_dates, find_impossible_dates, parse_date
from gongkai.model.documents import Cell, Record, body_lines, cache_on_record
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import Kind
from gongkai.reading.dataset import Dataset

_PUBLISHED_ON = "公开目录/发布日期"
_FILED_ON = "填报日期"
_PLANNED = re.compile(
    r"下一步|明年|将|拟|预计|计划(?!生育)|规划|力争|确保|期限|有效期|期至|到期|前完成|之前|起施行|起执行"
)
"""Words that mark a date as planned, so that it may be later than the filing."""
_PUBLICATION_PERIOD = 20
"""Longest time from approval to publication, in days (预算法 §14)."""


@check("RQ-01", "填报晚于年度", of=Disclosure)
def filed_before_the_year_ended(disclosure: Disclosure) -> Iterator[Finding]:
    """填报日期不早于次年 1 月 1 日：一年没有过完，不能评价这一年。

    为什么：年中就填好的“自评”，完成值不可能是实际的。
    怎么改：核对日期的年份；确为原件如此的，写“差异说明”。
    """
    first = dt.date(disclosure.year + 1, 1, 1)
    for cell, filed in _filing_dates(disclosure):
        day = filed.exact_date
        if day and day < first:
            message = f"填报日期是 {cell.filed}，{disclosure.year} 年度还没有结束"
            yield finding_at(cell, message, "请核对日期", computed=f"不早于 {first}")


@check("RQ-02", "日期完整合法", Level.W, Level.E, of=Dataset, dated=True)
def date_incomplete(dataset: Dataset) -> Iterator[Finding]:
    """填报日期要写全年月日，不晚于今天和发布日期；写在哪里的日期都须是真有的一天。

    为什么：“6月29日”不知道是哪一年。
    怎么改：写成 2023年3月1日 的样子。
    """
    for disclosure in dataset.disclosures:
        published = disclosure.facts.catalogue.published
        for cell, filed in _filing_dates(disclosure):
            if reason := filed.impossibility:
                message = f"填报日期“{cell.filed}”不是真有的一天：{reason}"
                yield finding_at(cell, message, "请核对是哪一天")
            elif filed.exact_date is None:
                message = f"填报日期“{cell.filed}”没有写全年月日"
                yield finding_at(cell, message, "请写成 2023年3月1日 的样子", level=Level.W)
            elif filed.exact_date > dataset.today:
                message = f"填报日期 {cell.filed} 晚于今天（{dataset.today}）"
                yield finding_at(cell, message, "请核对日期")
            elif published and filed.exact_date > published:
                message = f"填报日期 {cell.filed} 晚于发布日期 {published}"
                yield finding_at(cell, message, "请核对两个日期")


@additional_check(date_incomplete.rule, of=Disclosure)
def date_impossible(disclosure: Disclosure) -> Iterator[Finding]:
    """Find days that no calendar has (2月30日), in dates, texts and reports."""
    created, where = disclosure.facts.catalogue.created, "公开目录/生成日期"
    for _, text, reason in find_impossible_dates(created):
        message = f"生成日期“{text}”不是真有的一天：{reason}"
        position = disclosure.key_positions[where]
        yield Finding(position, message, "请核对是哪一天", where, created)
    for record in disclosure.all_records:
        for cell in record.cells:
            if cell.value.number is None and "日" in cell.filed and cell.spec.key != _FILED_ON:
                for _, text, reason in find_impossible_dates(cell.filed):
                    message = f"“{cell.spec.key}”里的“{text}”不是真有的一天：{reason}"
                    level = Level.E if cell.spec.kind is Kind.DATE else Level.W
                    yield finding_at(cell, message, "请核对是哪一天", level=level)
        for position, line in body_lines(record):
            for column, text, reason in find_impossible_dates(line):
                place = position._replace(column=position.column + column)
                message = f"正文里的“{text}”不是真有的一天：{reason}"
                where = f"{record.name}/正文日期"
                yield Finding(place, message, "请核对是哪一天", where, text, level=Level.W)


@check("RQ-03", "正文时点", of=Disclosure)
def text_is_later_than_filing(disclosure: Disclosure) -> Iterator[Finding]:
    """报告正文说到的已经发生的事，不能晚于填报日期。

    为什么：6 月填报的报告，说不出 12 月的结果。
    怎么改：核对填报日期与正文；说的是计划的，写明“计划”。
    """
    days = [filed.exact_date for _, filed in _filing_dates(disclosure) if filed.exact_date]
    report = disclosure.record(DocumentKind.REPORT)
    if not days or report is None:
        return
    filed_on = max(days)
    latest: tuple[dt.date, Finding] | None = None
    for position, line in body_lines(report):
        for column, filed in find_dates(line):
            day = filed.earliest_date
            is_planned = _PLANNED.search(_sentence(line, column))
            if day and day > filed_on and not is_planned and (latest is None or day > latest[0]):
                place = position._replace(column=position.column + column)
                text = f"{filed.year}年{filed.month}月" + (f"{filed.day}日" if filed.day else "")
                message = f"正文说到 {text} 的事，填报日期却是 {filed_on}"
                where = f"{report.name}/正文时点"
                latest = day, Finding(place, message, "请核对填报日期", where, text, str(filed_on))
    if latest:
        yield latest[1]


@check("RQ-04", "公开时限", Level.W, of=Disclosure)
def published_late(disclosure: Disclosure) -> Iterator[Finding]:
    """决算经批复后 20 日内公开，绩效自评随决算公开。

    为什么：晚公开等于不公开。
    来源：预算法第十四条；中发〔2018〕34号。
    怎么改：核对批复日期与发布日期。
    """
    approved, published = disclosure.facts.approved, disclosure.facts.catalogue.published
    if approved and published and (published - approved).days > _PUBLICATION_PERIOD:
        days = (published - approved).days
        message = (
            f"{approved} 批复，{published} 发布，相隔 {days} 日，超过 {_PUBLICATION_PERIOD} 日"
        )
        yield Finding(
            disclosure.key_positions[_PUBLISHED_ON],
            message,
            "请核对两个日期",
            _PUBLISHED_ON,
            level=Level.W,
        )


@check("RQ-05", "发布日期真实", of=Dataset, dated=True)
def dated_in_the_future(dataset: Dataset) -> Iterator[Finding]:
    """发布日期不得晚于今天。

    为什么：写成将来的日期，属于伪造发稿日期。
    来源：国办秘函〔2019〕19号。
    怎么改：写实际的日期。
    """
    for disclosure in dataset.disclosures:
        day = disclosure.facts.catalogue.published
        if day and day > dataset.today:
            message = f"发布日期 {day} 晚于今天（{dataset.today}）"
            yield Finding(
                disclosure.key_positions[_PUBLISHED_ON],
                message,
                "请写实际的日期",
                _PUBLISHED_ON,
                str(day),
            )


def _sentence(line: str, column: int) -> str:
    """Return the sentence around a column."""
    start = max(line.rfind(stop, 0, column) for stop in "。；") + 1
    ends = [end for stop in "。；" if (end := line.find(stop, column)) >= 0]
    return line[start : min(ends, default=len(line))]


def _filing_dates(disclosure: Disclosure) -> Iterator[tuple[Cell, FiledDate]]:
    """Yield the readable filing dates, once per position (documents may share one)."""
    seen: set[object] = set()
    for record in disclosure.all_records:
        for cell in _filing_date_cells(record):
            filed = parse_date(cell.filed)
            if filed and cell.position not in seen:
                seen.add(cell.position)
                yield cell, filed


@cache_on_record
def _filing_date_cells(record: Record) -> list[Cell]:
    """Return the filled cells 填报日期."""
    return [cell for cell in record.cells if cell.filed and cell.spec.key == _FILED_ON]
