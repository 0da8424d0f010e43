"""Amounts in a project's texts that are an amount of its funds table but for zeros or the order of digits (GJ-12)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding
from gongkai.checks.sentences.clauses import Sentence, clause_before, split_sentences
from gongkai.checks.sentences.closeness import Closeness, closeness_of
from gongkai.checks.sentences.quantities import Quantity
from gongkai.checks.texts.passages import LAST_YEAR_WORDS, Passage, find_passages, names_other_year
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import budget_cells
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, format_decimal, parse_decimal, round_half_up

_WHOLE = re.compile(
    r"实际(?:支出|到位|支付|拨付|使用|投入)|到位|(?:项目|预算|专项|补助|财政|财政拨款|资助|奖补)(?:资金|经费|总额)|年初预算|预算(?:数|总额|安排)|追加|追减|调[增减]|"
    r"结余|结转|未(?:支出|使用|支付)|总投资|共(?:支出|投入|安排|发放)|(?:资金|经费|金|款|补贴|补助)(?:共计?|合计|总额|总计|累计)"
)
"""Words before an amount of all of a project's money, or of a whole row."""
_UNPAID_AFTER = re.compile(r"的?[\u4e00-\u9fff]{0,4}?(?:尾款|余款|结余|结转|未支付|未付)")
"""Words after an amount of what was not spent: 36万元尾款."""
_BARE = re.compile("(?:全年|本年|实际|累计)?(?:支出|支付|使用资金)")
_SURELY_WHOLE = re.compile("实际(?:支出|到位|支付|使用)")
_PART = re.compile(
    r"其中|费|另|每|人均|户均|单价|成本|合同价|中标|招标|限额|标准|上年|去年|下年|明年|以上|以下|目标|计划(?!生育)|节约|收入|产值|销售|债"
)
"""Words before an amount of something else."""
_OTHER_UNIT = (Decimal(10_000), Decimal("0.0001"))
"""元 for 万元 and the other way round."""
_MOST = 40
"""How many amounts of a sentence are read."""
_ENOUGH_DIGITS = 2


class _Fact(NamedTuple):
    """An amount that a funds table has, or the difference of two."""

    amount: Decimal
    """In 元."""
    shown: str


def find_near_amounts(disclosure: Disclosure) -> Iterator[Finding]:
    """Find amounts that have an amount's digits, in another order or with other zeros.

    Nothing is found where the table has the amount, too.
    """
    documents = [(disclosure.record(DocumentKind.OVERALL), disclosure.records)]
    documents += [
        (project.record(DocumentKind.PROJECT), project.records) for project in disclosure.projects
    ]
    for table, records in documents:
        facts = list(_facts_of(table)) if table else []
        if table is None or not facts:
            continue
        for record in records:
            for passage in find_passages(record):
                if "元" in passage.text and passage.role is not Role.OBJECTIVE:
                    yield from _check_passage(passage, facts, disclosure.year)
                if "预算" in passage.text or _MOVED.search(passage.text):
                    yield from _check_change(passage, table)


def _facts_of(table: Record) -> Iterator[_Fact]:
    scale = MONEY_UNITS[table.form.money]
    groups = [("", rate_row(table))]
    groups += [(row.spec.key, row.cells) for part in table.tables() for row in part.rows]
    for label, cells in groups:
        if cells is None:
            continue
        budgets = [cell for cell in budget_cells(cells) if cell.value.number]
        initial, spent = cells.with_role(Role.INITIAL), cells.with_role(Role.SPENT)
        for cell in (*budgets, initial, spent):
            if cell and cell.value.number:
                shown = f"{label}“{cell.spec.key}”是 {cell.filed}"
                yield _Fact(cell.value.number * scale, shown)
        others = [initial, spent]
        for budget in budgets[:1]:
            for other in others:
                if other and other.value.number is not None and other is not budget:
                    amount = abs(budget.value.or_zero - other.value.number)
                    shown = f"{label}“{budget.spec.key}”与“{other.spec.key}”相差 {format_decimal(amount)}"
                    if amount:
                        yield _Fact(amount * scale, shown)


def _check_passage(passage: Passage, facts: Sequence[_Fact], year: int) -> Iterator[Finding]:
    known = {fact.amount for fact in facts}
    for sentence in split_sentences(passage.text):
        amounts = [figure for figure in sentence.quantities if figure.is_money][:_MOST]
        for figure in amounts:
            begin = sentence.text.rfind("；", 0, figure.column - sentence.start)
            beside = [other for other in amounts if other.column > sentence.start + begin]
            is_known = any(other.base_value in known for other in beside)
            is_known = is_known and not any(
                fact.amount and figure.base_value / fact.amount in _OTHER_UNIT for fact in facts
            )
            if is_known and not _SURELY_WHOLE.search(clause_before(sentence, figure)[0]):
                continue
            fact = next((fact for fact in facts if _is_slip(figure, fact)), None)
            if fact and _is_of_whole(sentence, figure, passage, year):
                words = f"{clause_before(sentence, figure)[0].strip()}{figure.text}"
                yield Finding(
                    passage.position_at(figure.column),
                    f"“{words}”，自评表里{fact.shown}",
                    "请核对数字和单位",
                    passage.where_at(words),
                    figure.text,
                    fact.shown.rpartition(" ")[2],
                    Level.W,
                )


def _is_slip(figure: Quantity, fact: _Fact) -> bool:
    digits = len(figure.number.normalize().as_tuple().digits)
    ratio = figure.base_value / fact.amount if fact.amount else None
    if ratio in _OTHER_UNIT:
        return True
    return digits >= _ENOUGH_DIGITS and closeness_of(figure, fact.amount) is Closeness.SLIP


def _is_of_whole(sentence: Sentence, figure: Quantity, passage: Passage, year: int) -> bool:
    clause = clause_before(sentence, figure)[0]
    after = sentence.text[figure.end - sentence.start :]
    is_of_whole = (
        _WHOLE.search(clause) or _BARE.fullmatch(clause.strip()) or _UNPAID_AFTER.match(after)
    )
    if figure.is_rough or figure.is_rate or not is_of_whole or _PART.search(clause):
        return False
    written = passage.text[sentence.start : sentence.start + len(sentence.text)]
    if names_other_year(written, year) or any(word in written for word in LAST_YEAR_WORDS):
        return False
    before = sentence.text[: figure.column - sentence.start]
    return "其中" not in before


_CHANGE = re.compile(
    r"(?:比|较)(?:本年)?年初预算(?:数|安排)?(?P<word>增加|增长|调增|追加|上升|减少|下降|调减|压减)了?(?P<rate>[0-9]+(?:\.[0-9]+)?)[%％]"
)


_UNCHANGED = re.compile(
    "(?:预算|年内|全年|年中)[^，。；0-9]{0,10}?[，,]?(?:年内|年中|全年)?(?:均)?(?:未作|没有|未进行|未做|未发生|无)(?:任何)?(?:预算)?(?:调整|追加|变动|调剂)(?:[，。；]|$)"
)
_MOVED = re.compile(r"(?P<up>调增|追加|核增|增加)|(?P<down>调减|追减|核减|压减)")
_MOVED_BY = re.compile(
    r"(?:(?P<up>调增|追加|核增|增加)|(?P<down>调减|追减|核减|压减))了?(?:项目|年初|年度|财政|本级|县级|市级)*(?:预算|资金|经费)?(?P<amount>[0-9]+(?:\.[0-9]+)?)(?P<unit>万?元)"
)


def _check_direction(
    passage: Passage, changes: Sequence[tuple[Cell, Cell]], scale: Decimal
) -> Iterator[Finding]:
    """Check whether a budget is said to have risen that has fallen by as much, or the other way round."""
    for match in _MOVED_BY.finditer(passage.text):
        amount = parse_decimal(match["amount"]) * MONEY_UNITS[match["unit"]]
        signed = amount if match["up"] else -amount
        moves = [
            ((budget.value.or_zero - initial.value.or_zero) * scale, initial, budget)
            for initial, budget in changes
        ]
        if signed in {move for move, _, _ in moves}:
            continue
        for move, initial, budget in moves:
            if move == -signed:
                word = "增加" if move > 0 else "减少"
                yield Finding(
                    passage.position_at(match.start()),
                    f"“{match[0]}”，自评表里“{initial.spec.key}”是 {initial.filed}，“{budget.spec.key}”是 {budget.filed}，是{word}",
                    "请核对",
                    passage.where_at(match[0]),
                    match[0],
                    word,
                    Level.W,
                )
                break


def _check_change(passage: Passage, table: Record) -> Iterator[Finding]:
    """Check by how much a project's budget is said to have changed."""
    groups = [rate_row(table)]
    groups += [row.cells for part in table.tables() for row in part.rows]
    changes = []
    for cells in groups:
        initial = cells.with_role(Role.INITIAL) if cells else None
        budget = next(iter(budget_cells(cells)), None)
        if initial and budget and initial.value.number and budget.value.number is not None:
            changes.append((initial, budget))
    yield from _check_direction(passage, changes, MONEY_UNITS[table.form.money])
    for match in _UNCHANGED.finditer(passage.text):
        moved = [pair for pair in changes if pair[0].value.or_zero != pair[1].value.or_zero]
        if moved:
            initial, budget = moved[0]
            yield Finding(
                passage.position_at(match.start()),
                f"“{match[0]}”，自评表里“{initial.spec.key}”是 {initial.filed}，“{budget.spec.key}”是 {budget.filed}",
                "请核对",
                passage.where_at(match[0]),
                match[0],
                budget.filed,
                Level.W,
            )
    own = [
        pair
        for pair in changes
        if pair[0].where.rpartition("/")[0] == passage.where.rpartition("/")[0]
    ]
    for match in _CHANGE.finditer(passage.text) if changes else ():
        rate = parse_decimal(match["rate"])
        exponent = rate.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        rates = {}
        for initial, budget in changes:
            share = (budget.value.or_zero / initial.value.or_zero - 1) * 100
            rates[round_half_up(abs(share), places)] = initial, budget
        if rate in rates:
            continue
        initial, budget = (own or changes)[0]
        share = round_half_up(abs(budget.value.or_zero / initial.value.or_zero - 1) * 100, places)
        if not share:
            continue
        shown = f"{format_decimal(share)}%"
        yield Finding(
            passage.position_at(match.start()),
            f"“{match[0]}”，自评表里“{initial.spec.key}”是 {initial.filed}，“{budget.spec.key}”是 {budget.filed}，变动 {shown}",
            "请重算",
            passage.where_at(match[0]),
            f"{match['rate']}%",
            shown,
            Level.W,
        )
