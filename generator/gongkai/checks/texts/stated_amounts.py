"""Checks of what texts state of the money against the tables (GJ-12): amounts, rises and falls."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding, check
from gongkai.checks.texts.labelled_amounts import (
    BOUNDARY,
    AmountColumn,
    LabelledAmount,
    find_labelled_amounts,
)
from gongkai.checks.texts.near_amounts import find_near_amounts
from gongkai.checks.texts.passages import LAST_YEAR_WORDS, Passage, find_passages, names_other_year
from gongkai.model.documents import Cell, Cells, Record, Row, cell_with_role
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, format_decimal

_ROW_COLUMNS = (
    (Role.FINAL, AmountColumn.FINAL),
    (Role.BUDGET, AmountColumn.BUDGET),
    (Role.PRIOR_FINAL, AmountColumn.PRIOR),
)
_FUNDS_COLUMNS = (
    (Role.INITIAL, AmountColumn.INITIAL),
    (Role.ADJUSTED, AmountColumn.ADJUSTED),
    (Role.SPENT, AmountColumn.FINAL),
)
_BUDGETS = (AmountColumn.BUDGET, AmountColumn.ADJUSTED, AmountColumn.INITIAL)
SAME_COLUMNS = {
    AmountColumn.INITIAL: (AmountColumn.INITIAL, AmountColumn.BUDGET),
    AmountColumn.ADJUSTED: (AmountColumn.ADJUSTED, AmountColumn.BUDGET),
    AmountColumn.BUDGET: _BUDGETS,
    AmountColumn.FINAL: (AmountColumn.FINAL,),
    AmountColumn.PRIOR: (AmountColumn.PRIOR,),
}
"""Columns of the tables that may hold the amount of a text: 本年预算数 may be either budget."""
_TEXT_KINDS = frozenset({DocumentKind.PROJECT, DocumentKind.PROJECT_REPORT, DocumentKind.TARGETS})
_SUBJECT_WORDS = {
    "三公": Role.THREE_PUBLIC,
    "公务接待": Role.RECEPTION,
    "公务用车": Role.VEHICLES,
    "因公出国": Role.ABROAD,
    "基本支出": Role.BASIC,
    "公用经费": Role.PUBLIC,
    "项目支出": Role.PROJECT_SPENDING,
}
_DIRECTION = re.compile(
    rf"{BOUNDARY}"
    rf"(?P<subject>“?三公”?经费|公务接待费?|公务用车(?:购置(?:及|和)运行(?:维护)?)费|因公出国（境）费?|{'|'.join(list(_SUBJECT_WORDS)[4:])})"
    r"(?:支出|决算|经费|费用?|总额|数|实际|发生|也|均|的)*"
    r"[比较与同](?:上年|去年|上一年|(?P<year>20\d\d)年)度?(?:相比|同期|决算数?|支出|的)*[，,]?\s*"
    r"(?P<degree>(?:有所|略有|稍有|小幅|明显|大幅|基本|均|都|继续|出现|呈|也)*)"
    r"(?P<word>上升|增加|增长|提高|上涨|下降|减少|降低|压减|持平|不变)(?![^，,。；;]{0,6}[0-9])"
)
_TREND = re.compile(
    r"(?P<subject>“?三公”?经费|公务接待费|公务用车(?:购置(?:及|和))?运行(?:维护)?费)"
    r"[0-9.,万元支出决算经费用额总数为是共计控制在预算以内年初全部的“”，、\s]{1,40}?"
    r"(?:[比较与同](?:上年|去年|上一年|(?P<year>20\d\d)年)度?(?:相比|同期|决算数?|支出|的)*[，,]?|同比)"
    r"(?P<degree>(?:有所|略有|稍有|小幅|明显|大幅|基本|均|都|继续|出现|呈|也)*)"
    r"(?P<word>上升|增加|增长|提高|上涨|下降|减少|降低|压减|持平|不变)"
)
"""The same after the amount itself: “三公”经费支出13.2万元，较上年有所增加."""
_RISES = frozenset({"上升", "增加", "增长", "提高", "上涨"})
_SAME = frozenset({"持平", "不变"})
_SAME_SHARE, _ABOUT_SAME_SHARE = Decimal("0.05"), Decimal("0.1")
"""Largest changes, as shares of last year's amount, that a text may call 持平 and 基本持平."""


_COMPARING = ("比", "较", "与", "同")


class _Fact(NamedTuple):
    """An amount of the tables."""

    amount: Decimal
    """In 元."""
    shown: str
    """As filed; a sum in 万元."""
    place: str
    """How messages name its place."""
    cell: Cell | None = None


_Facts = Mapping[tuple[Role | str, AmountColumn], list[_Fact]]


@check("GJ-12", "文字与表的金额", Level.W, of=Disclosure, needs_complete=True)
def text_differs_from_tables(disclosure: Disclosure) -> Iterator[Finding]:
    """文字里写的基本支出、公用经费、“三公”经费、政府采购、预算数、支出数和它们的增减，须与表里同一项的数相同。

    项目的文字与项目自评表比，报告、部门整体自评表、基础数据表的文字与基础数据表、部门整体自评表比；写“比上年”的与上年决算数比。两处不同，在文字和表里各提一次。写的是约数、累计数、部分月份或别的年度的，程序读不懂的，不作判断。
    项目的文字里写全部资金、到位、支出、追加、结余的金额，与项目自评表的数只差几个零或数字颠倒的，也提。

    为什么：文字和表说的是同一笔钱，两个数总有一个错。
    怎么改：核对后统一；两处口径不同的，在文字里写明。
    """
    found: list[Finding] = []
    for finding in _find_differing(disclosure):
        found.append(finding)
        yield finding
    for finding in find_near_amounts(disclosure):
        line = finding.position.file, finding.position.line
        is_known = any(
            (other.position.file, other.position.line) == line and finding.filed in other.filed
            for other in found
        )
        if not is_known:
            yield finding


def _find_differing(disclosure: Disclosure) -> Iterator[Finding]:
    """Find labelled amounts that differ from those of the tables."""
    unit_facts: _Facts | None = None
    for record in disclosure.records:
        passages = [
            passage
            for passage in find_passages(record)
            if "元" in passage.text or "年" in passage.text
        ]
        if passages and unit_facts is None:
            unit_facts = collect_unit_facts(disclosure)
        for passage in passages:
            yield from _compare_amounts(passage, unit_facts or {}, disclosure.year)
            yield from _compare_directions(passage, disclosure)
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        facts = collect_funds_facts(table) if table else {}
        for record in project.records if facts else ():
            for passage in find_passages(record):
                if "元" in passage.text:
                    yield from _compare_amounts(passage, facts, disclosure.year)


def collect_unit_facts(disclosure: Disclosure) -> _Facts:
    """Return the amounts of a unit's tables by subject and column."""
    facts: dict[tuple[Role | str, AmountColumn], list[_Fact]] = {}
    baseline = disclosure.record(DocumentKind.BASELINE)
    for table in baseline.tables() if baseline else ():
        for row in table.rows:
            if baseline and row.spec.role is not Role.PROJECT_ROW:
                _add_row(facts, row, baseline)
    overall = disclosure.record(DocumentKind.OVERALL)
    if overall:
        for (_, column), found in collect_funds_facts(overall).items():
            facts.setdefault((Role.TOTAL, column), []).extend(found)
        for table in overall.tables():
            for block in table.blocks:
                _add_block(facts, block.cells, overall)
    _add_project_sums(facts, disclosure)
    return facts


def _add_row(
    facts: dict[tuple[Role | str, AmountColumn], list[_Fact]], row: Row, record: Record
) -> None:
    subject = row.spec.role or row.spec.key
    for role, column in _ROW_COLUMNS:
        cell = cell_with_role(row.cells, role)
        if cell and cell.value.number is not None:
            place = f"{record.form.kind}“{row.spec.key}”的“{cell.spec.key}”"
            fact = _Fact(
                cell.value.number * MONEY_UNITS[record.form.money], cell.filed, place, cell
            )
            facts.setdefault((subject, column), []).append(fact)


def collect_funds_facts(record: Record) -> dict[tuple[Role | str, AmountColumn], list[_Fact]]:
    """Return the amounts of a document's funds table."""
    facts: dict[tuple[Role | str, AmountColumn], list[_Fact]] = {}
    scale = MONEY_UNITS[record.form.money]
    for role, column in _FUNDS_COLUMNS:
        cell = cell_with_role(rate_row(record), role)
        if cell and cell.value.number is not None:
            place = f"{record.form.kind}的“{cell.spec.key}”"
            fact = _Fact(cell.value.number * scale, cell.filed, place, cell)
            for subject in (Role.TOTAL, Role.PROJECT_SPENDING):
                facts[subject, column] = [fact]
    return facts


def _add_block(
    facts: dict[tuple[Role | str, AmountColumn], list[_Fact]], cells: Cells, record: Record
) -> None:
    """Add the amounts of a breakdown: of spending if that is what they add up to."""
    column = column_of_block(cells, record)
    for role in (Role.BASIC, Role.PROJECT_SPENDING):
        cell = cell_with_role(cells, role)
        if column and cell and cell.value.number is not None:
            place = f"{record.form.kind}的“{cell.spec.key}”"
            fact = _Fact(
                cell.value.number * MONEY_UNITS[record.form.money], cell.filed, place, cell
            )
            facts.setdefault((role, column), []).append(fact)


def column_of_block(cells: Cells, record: Record) -> AmountColumn | None:
    """Return the column of the funds table that a breakdown adds up to; None if not one only."""
    total = sum((cell.value.or_zero for cell in cells.values()), Decimal(0))
    row, columns = rate_row(record), set()
    for role, column in _FUNDS_COLUMNS:
        cell = cell_with_role(row, role)
        if cell and cell.value.number == total:
            columns.add(AmountColumn.FINAL if column is AmountColumn.FINAL else AmountColumn.BUDGET)
    return columns.pop() if len(columns) == 1 else None


def _add_project_sums(
    facts: dict[tuple[Role | str, AmountColumn], list[_Fact]], disclosure: Disclosure
) -> None:
    tables = [project.record(DocumentKind.PROJECT) for project in disclosure.projects]
    for role, column in _FUNDS_COLUMNS:
        total = Decimal(0)
        for table in tables:
            cell = cell_with_role(rate_row(table), role) if table else None
            if table is None or cell is None or cell.value.number is None:
                break
            total += cell.value.number * MONEY_UNITS[table.form.money]
        else:
            if tables:
                shown = f"{format_decimal(total / MONEY_UNITS['万元'])}万元"
                fact = _Fact(total, shown, "各项目自评表的合计")
                facts.setdefault((Role.PROJECT_SPENDING, column), []).append(fact)


def _compare_amounts(passage: Passage, facts: _Facts, year: int) -> Iterator[Finding]:
    is_about_project = passage.kind in _TEXT_KINDS
    for stated in find_labelled_amounts(passage.text, year):
        if (stated.subject, stated.column) == (
            Role.PROJECT_SPENDING,
            AmountColumn.FINAL,
        ) and not is_about_project:
            continue  # GJ-02 compares it.
        if (
            stated.column is AmountColumn.BUDGET
            and stated.subject is Role.TOTAL
            and not is_about_project
        ):
            continue  # It may be the budget of anything.
        known = [
            fact
            for column in SAME_COLUMNS[stated.column]
            for fact in facts.get((stated.subject, column), ())
        ]
        if not known or any(stated.equals(fact.amount) for fact in known):
            continue
        if stated.text.startswith(_COMPARING) and _is_of_other(stated, facts):
            continue  # 公务接待费5.20万元，比上年决算数14.20万元减少: of the sum before.
        yield from _amount_findings(passage, stated, known[0])


def _is_of_other(stated: LabelledAmount, facts: _Facts) -> bool:
    """Tell whether an amount is the one of another subject in the same column."""
    return any(
        stated.equals(fact.amount)
        for (_, column), found in facts.items()
        if column in SAME_COLUMNS[stated.column]
        for fact in found
    )


def _amount_findings(passage: Passage, stated: LabelledAmount, fact: _Fact) -> Iterator[Finding]:
    place, where = passage.position_at(stated.offset), passage.where_at(stated.text)
    message = f"“{stated.text}”，{fact.place}是 {fact.shown}"
    yield Finding(place, message, "请核对后统一", where, stated.text, fact.shown, Level.W)
    if fact.cell:
        message = f"{fact.place}是 {fact.shown}，{passage.kind}里写的是“{stated.text}”"
        cell = fact.cell
        yield Finding(
            cell.position, message, "请核对后统一", cell.where, cell.filed, stated.text, Level.W
        )


def compare_prior_amounts_in_texts(previous: Disclosure, current: Disclosure) -> Iterator[Finding]:
    """Compare last year's amounts in the texts with last year's tables, where this year's have none."""
    facts: tuple[_Facts, _Facts] | None = None
    for record in current.records:
        for passage in find_passages(record):
            if "元" not in passage.text or not any(
                map(passage.text.__contains__, (*LAST_YEAR_WORDS, f"{previous.year}年"))
            ):
                continue
            facts = facts or (collect_unit_facts(previous), collect_unit_facts(current))
            for stated in find_labelled_amounts(passage.text, current.year):
                if (
                    stated.column is not AmountColumn.PRIOR
                    or (stated.subject, AmountColumn.PRIOR) in facts[1]
                ):
                    continue
                known = facts[0].get((stated.subject, AmountColumn.FINAL), [])
                if known and not any(stated.equals(fact.amount) for fact in known):
                    message = f"“{stated.text}”，{previous.year} 年度公开的{known[0].place}是 {known[0].shown}"
                    yield Finding(
                        passage.position_at(stated.offset),
                        message,
                        "请核对两年的数",
                        passage.where_at(stated.text),
                        stated.text,
                        known[0].shown,
                        Level.W,
                    )


def _compare_directions(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    """Compare rises and falls that a text states without a number with the baseline."""
    if not any(word in passage.text for word in (*LAST_YEAR_WORDS, f"{disclosure.year - 1}年")):
        return
    baseline = disclosure.record(DocumentKind.BASELINE)
    trends = [*_DIRECTION.finditer(passage.text)] if baseline else []
    known = {match.start("word") for match in trends}
    if baseline:
        trends += [
            match
            for match in _TREND.finditer(passage.text)
            if match.start("word") not in known and not _is_of_other_thing(passage.text, match)
        ]
    for match in trends:
        if match["year"] not in {None, f"{disclosure.year - 1}"}:
            continue
        if names_other_year(passage.text[: match.start("subject")], disclosure.year):
            continue
        role = next(role for word, role in _SUBJECT_WORDS.items() if word in match["subject"])
        row = baseline.row_with_role(role) if baseline else None
        old, new = (
            cell_with_role(row.cells, column) if row else None
            for column in (Role.PRIOR_FINAL, Role.FINAL)
        )
        if row is None or old is None or new is None:
            continue
        before, after = old.value.number, new.value.number
        if before is None or after is None or _agrees(match, before, after):
            continue
        word = "上升" if after > before else "下降" if after < before else "持平"
        quotation = passage.text[match.start("subject") : match.end()]
        message = f"“{quotation}”，基础数据表“{row.spec.key}”由上年的 {old.filed} 变为 {new.filed}，是{word}"
        place, where = passage.position_at(match.start("subject")), passage.where_at(quotation)
        yield Finding(place, message, "请核对文字与表", where, match["word"], word, Level.W)


def _is_of_other_thing(text: str, match: re.Match[str]) -> bool:
    """Tell whether the amount between a subject and its trend is that of a budget, or the trend a budget's."""
    return "预算" in text[match.start() : match.start("word")][-14:]


def _agrees(match: re.Match[str], before: Decimal, after: Decimal) -> bool:
    if match["word"] in _SAME:
        share = _ABOUT_SAME_SHARE if "基本" in match["degree"] else _SAME_SHARE
        return abs(after - before) <= abs(before) * share
    return after > before if match["word"] in _RISES else after < before
