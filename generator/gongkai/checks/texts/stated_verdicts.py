"""What texts say in words of targets, of accidents and of money, against the tables (GJ-13, GJ-12)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks.base import Finding, additional_check
from gongkai.checks.sentences.closeness import share_of_pairs
from gongkai.checks.sentences.indicator_names import core_of_name
from gongkai.checks.texts import stated_amounts, stated_results
from gongkai.checks.texts.passages import (
    LAST_YEAR_WORDS,
    Passage,
    find_passages,
    names_other_year,
    sentence_around,
)
from gongkai.model.direction import BAD_WORDS, Direction
from gongkai.model.documents import Cells, Record, cell_with_role
from gongkai.model.figures import budget_cells
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role

_OF_TARGET = r"[^，,。；;：:、]{0,8}?(?:目标|预期|指标值|要求|计划)"
_ADVERBS = "(?:均|都|也|已|仍|全部|双双|圆满|如期|按期|略|稍|远|大幅|小幅|有所|基本|未能|没有能|略微|当年|最终|实际|还|又|再次|全年|则)*"
_VERDICT = re.compile(
    rf"{_ADVERBS}(?:(?P<missed>(?:未能?|没有?能?)(?:完全)?(?:达到|达成|完成(?!率)|实现|达)了?{_OF_TARGET}|低于{_OF_TARGET}|不达标|未达标|不及{_OF_TARGET})"
    rf"|(?P<met>(?:达到或)?(?:达到|达成|超过|高于|优于|好于|完成(?!率)|实现)了?{_OF_TARGET}|超额完成|(?<![不未])达标))"
)
"""Words that say whether a target is reached."""
_ALL_MET = re.compile(
    r"(?:各项|各个|所有|全部|设定的|[0-9一二三四五六七八九十]+[项个])(?:年度|年初|预期|绩效|考核|具体|产出|效益|量化)*(?:指标|目标)(?:值)?"
    r"(?:均|都|全部|已|全面|如期|圆满|按期|超额)*(?:达到|完成|实现|超过|达成|达标)"
)
"""All targets are reached."""
_EXCEPT = re.compile(
    r"除|外|但|不过|基本|大部分|大多|绝大|主要|多数|个别|未|没有|拟|将|确保|力争|争取|要求|推动|努力|计划(?!生育)"
)
_BUT = re.compile("除|以外|之外|但|不过|个别|只有|仅有|唯")
_NONE = re.compile(
    r"(?:没有|未|无|零|从未|杜绝)(?:再|有)?(?:发生|出现|接到|收到|产生|造成|接获|受理)?过?(?:任何|一[起件例次])?(?P<what>[^，,。；;：:、0-9]{2,14})"
)
"""Something has not happened."""
_GRAVE = re.compile("重大|较大|特大|重特大|责任|恶性|人为|严重|群体性|大规模")
_COUNTED = frozenset(("起", "件", "次", "人", "例", "宗", "处", "个", "名", "人次", "户", "条"))
_DEATHS = re.compile(r"[1-9][0-9]*(?:人|名)[^，,。；;：:、0-9]{0,4}(?:遇难|死亡|身亡|丧生|遇害)")
_NO_DEATHS = re.compile("死亡|伤亡|亡人")
_ALL_SPENT = re.compile(
    r"(?<![没有未不能])(?:全部|全额|均已?|都已?|已)(?:支付|支出|拨付|执行|使用|兑付|花|结清)完?(?:完毕)?(?=[，,。；;、]|$)|(?:支付|执行|支出|使用|拨付)完毕|足额到位并全部"
    r"|(?:没有|无|零|未产生|未发生)(?:任何|资金|预算)?(?:结余|结转|剩余)"
)
"""All the money is spent."""
_PLANNED = re.compile("将(?!军)|下一步|明年|确保|力争|争取|拟|要求|应当|必须|努力")
_OF_YEAR = re.compile("本年|年度|全年|当年|今年|已|[0-9]{4}年")
_MONEY = re.compile("预算|资金|经费|拨款|财政|款")
_RATES = re.compile("(?:执行|支付|支出|拨付)率?$")
_MOST_SPENT = Decimal("0.995")
_ENOUGH, _WHOLE = Decimal("0.6"), Decimal("0.99")
_SHORTEST = 3


@additional_check(
    stated_results.text_differs_from_indicator.rule, of=Disclosure, needs_complete=True
)
def text_contradicts_outcome(disclosure: Disclosure) -> Iterator[Finding]:
    """Find sentences that say that a target is reached, or missed, which it is not by the table.

    So also: that all targets are reached, that something has not happened, which an indicator counts,
    or that somebody has died, of which an indicator says 0.
    """
    overall = disclosure.record(DocumentKind.OVERALL)
    for record in disclosure.records:
        if overall and not record.form.kind.has_targets_only:
            yield from _check_document(record, overall, disclosure.year)
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        for record in project.records if table else ():
            if table and not record.form.kind.has_targets_only:
                yield from _check_document(record, table, disclosure.year)


def _check_document(record: Record, table: Record, year: int) -> Iterator[Finding]:
    outcomes = indicator_outcomes(table)
    for passage in find_passages(record):
        if passage.role in {Role.OBJECTIVE, Role.PURPOSE}:
            continue
        for found in _find_contradictions(passage, outcomes):
            match, outcome, words = found
            _, sentence = sentence_around(passage.text, match.start())
            if not passage.states_results and (
                _PLANNED.search(sentence) or not _OF_YEAR.search(sentence)
            ):
                continue
            if names_other_year(sentence, year) or any(
                word in sentence for word in LAST_YEAR_WORDS
            ):
                continue
            target = outcome.target.filed if outcome.target else ""
            actual = outcome.actual.filed if outcome.actual else ""
            yield Finding(
                passage.position_at(match.start()),
                f"“{words}”，{table.name}的指标“{outcome.name}”目标是“{target}”，完成“{actual}”",
                "请核对后统一",
                passage.where_at(words),
                words,
                actual,
                Level.W,
            )


_Contradiction = tuple[re.Match[str], IndicatorOutcome, str]
"""Words, the indicator that they contradict, and the quotation."""


def _find_contradictions(
    passage: Passage, outcomes: Sequence[IndicatorOutcome]
) -> Iterator[_Contradiction]:
    text = passage.text
    if any(word in text for word in ("标", "预期", "要求", "计划")):
        for match in _VERDICT.finditer(text):
            yield from _judge_verdict(text, match, outcomes)
        for match in _ALL_MET.finditer(text):
            yield from _judge_all_met(text, match, outcomes)
    if any(word in text for word in ("没有", "未", "无", "零", "杜绝")):
        for match in _NONE.finditer(text):
            found = (outcome for outcome in outcomes if _counts(outcome, match["what"]))
            yield from _first(match, found, match[0])
    for match in _DEATHS.finditer(text):
        yield from _first(match, filter(_says_no_deaths, outcomes), match[0])
    for match in _ALL_SPENT.finditer(text):
        start, sentence = sentence_around(text, match.start())
        before = sentence[: match.end() - start]
        found = (outcome for outcome in outcomes if _is_spent_less(outcome, before))
        yield from _first(match, found, _quote(before))


def _first(
    match: re.Match[str], outcomes: Iterator[IndicatorOutcome], quotation: str
) -> Iterator[_Contradiction]:
    outcome = next(outcomes, None)
    if outcome:
        yield match, outcome, quotation


def _says_no_deaths(outcome: IndicatorOutcome) -> bool:
    is_none = outcome.actual_value.number == 0
    return is_none and bool(_NO_DEATHS.search(outcome.indicator.name.filed))


def _judge_all_met(
    text: str, match: re.Match[str], outcomes: Sequence[IndicatorOutcome]
) -> Iterator[_Contradiction]:
    start, sentence = sentence_around(text, match.start())
    before, after = sentence[: match.start() - start], sentence[match.end() - start :]
    clause = re.split(r"[，,；;：:]", before)[-1]
    if _EXCEPT.search(f"{clause}{match[0]}") or _BUT.search(f"{before}，{after}"):
        return
    missed = (outcome for outcome in outcomes if _is_clearly_missed(outcome))
    yield from _first(match, missed, match[0])


def _judge_verdict(
    text: str, match: re.Match[str], outcomes: Sequence[IndicatorOutcome]
) -> Iterator[_Contradiction]:
    start, sentence = sentence_around(text, match.start())
    clauses = re.split(r"[，,；;：:]", sentence[: match.start() - start])
    subject = clauses[-1].strip()
    if not subject and len(clauses) > 1:
        subject = clauses[-2]
    if not subject or re.search("除|以外|之外", subject):
        return
    named = [
        (core, outcome)
        for outcome in outcomes
        if len(core := core_of_name(outcome.indicator.name.filed)) > _SHORTEST and core in subject
    ]
    for core, outcome in named:
        if any(core != other and core in other for other, _ in named):
            continue
        if outcome.is_met is None or outcome.actual_value.number is None:
            continue
        says_missed = bool(match["missed"])
        if says_missed is not outcome.is_met:
            continue
        if "低于" in match[0] and outcome.direction is not Direction.HIGHER:
            continue
        yield match, outcome, f"{subject}{match[0]}" if subject in sentence else match[0]


def _is_clearly_missed(outcome: IndicatorOutcome) -> bool:
    return outcome.is_met is False and outcome.has_full_points is not True


def _counts(outcome: IndicatorOutcome, what: str) -> bool:
    """Tell whether an indicator counts something bad that a text says has not happened."""
    name = outcome.indicator.name.filed
    bad = next((word for word in BAD_WORDS if word in name and word in what), None)
    number = outcome.actual_value.number
    if not bad or not number or outcome.direction is not Direction.LOWER:
        return False
    if (outcome.actual_value.measure or outcome.target_value.measure) not in _COUNTED:
        return False
    core = core_of_name(name)
    what = what[: what.rfind(bad) + len(bad)]
    if (grave := _GRAVE.search(what)) and grave[0] not in name:
        return False
    return share_of_pairs(core, what) >= _ENOUGH or share_of_pairs(what, name) >= _WHOLE


def _is_spent_less(outcome: IndicatorOutcome, before: str) -> bool:
    """Tell whether an indicator is the rate of spending of what a text says is all spent."""
    core = core_of_name(outcome.indicator.name.filed)
    rate = _RATES.sub("", core)
    number = outcome.actual_value.number
    if rate == core or len(rate) <= _SHORTEST or number is None or number >= 100 * _MOST_SPENT:
        return False
    return outcome.actual_value.measure == "%" and share_of_pairs(rate, before) >= _WHOLE


@additional_check(stated_amounts.text_differs_from_tables.rule, of=Disclosure, needs_complete=True)
def text_denies_spending(disclosure: Disclosure) -> Iterator[Finding]:
    """Find sentences that say that there was no spending of a kind that the baseline states."""
    baseline = disclosure.record(DocumentKind.BASELINE)
    rows = [
        (words, row.spec.key, cell)
        for words, role in _DENIED.items()
        if (row := baseline.row_with_role(role) if baseline else None)
        and (cell := cell_with_role(row.cells, Role.FINAL))
        and cell.value.number
    ]
    for record in disclosure.records if rows else ():
        for passage in find_passages(record):
            for match in _NO_SPENDING.finditer(passage.text):
                _, sentence = sentence_around(passage.text, match.start())
                if names_other_year(sentence, disclosure.year) or _EXCEPT_FOR.search(sentence):
                    continue
                if any(word in sentence for word in LAST_YEAR_WORDS):
                    continue
                for words, key, cell in rows:
                    if match["what"].startswith(words):
                        yield Finding(
                            passage.position_at(match.start()),
                            f"“{match[0]}”，基础数据表“{key}”的“{cell.spec.key}”是 {cell.filed}",
                            "请核对文字与表",
                            passage.where_at(match[0]),
                            match[0],
                            cell.filed,
                            Level.W,
                        )


_DENIED = {
    "公务接待": Role.RECEPTION,
    "因公出国": Role.ABROAD,
    "公务用车": Role.VEHICLES,
    "“三公": Role.THREE_PUBLIC,
    "三公": Role.THREE_PUBLIC,
}
_NO_SPENDING = re.compile(
    "(?:没有|未|无|零)(?:发生|产生|安排|支出|列支)?(?:任何)?(?P<what>(?:公务接待|因公出国|公务用车|“?三公)[^，。；：、0-9]{0,14})"
)
_EXCEPT_FOR = re.compile("除|外|超|违|不合规|购置|外宾|国（境）外|结余|预算安排")


@additional_check(stated_amounts.text_differs_from_tables.rule, of=Disclosure, needs_complete=True)
def text_says_all_is_spent(disclosure: Disclosure) -> Iterator[Finding]:
    """Find sentences of a project that say that all its money is spent, which it is not by the table."""
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        if table is None:
            continue
        rows = list(_unspent_rows(table))
        for record in project.records if rows else ():
            for passage in find_passages(record):
                if passage.states_results:
                    yield from _check_spent(passage, rows, rate_row(table))


def _unspent_rows(table: Record) -> Iterator[tuple[str, Cells]]:
    """Yield the rows of the funds of which some was not spent, the sum first."""
    groups = [("", rate_row(table))]
    groups += [(row.spec.key, row.cells) for part in table.tables() for row in part.rows]
    for label, cells in groups:
        spent = cells.with_role(Role.SPENT) if cells else None
        budgets = [cell for cell in budget_cells(cells) if cell.value.number is not None]
        if cells is None or spent is None or spent.value.number is None or not budgets:
            continue
        if spent.value.number < budgets[0].value.or_zero * _MOST_SPENT:
            yield label, cells


def _check_spent(
    passage: Passage, rows: Sequence[tuple[str, Cells]], total: Cells | None
) -> Iterator[Finding]:
    for match in _ALL_SPENT.finditer(passage.text):
        start, sentence = sentence_around(passage.text, match.start())
        before = sentence[: match.end() - start]
        own = [row for row in rows if any(cell.where == passage.where for cell in row[1].values())]
        named = [row for row in rows if row[0] and row[0] in before]
        whole = [row for row in rows if row[1] is total]
        is_of_all = re.search(
            r"(?:项目|全年|年度|预算|财政|本年)(?:全部)?(?:资金|预算|经费)|预算", before
        )
        found = own or named or (whole if is_of_all and not re.search("[0-9]", before) else [])
        if (
            not found
            or not _MONEY.search(f"{before}{found[0][0]}")
            or re.search("上年|去年|以前年度", before)
        ):
            continue
        label, cells = found[0]
        budget, spent = next(iter(budget_cells(cells))), cells.with_role(Role.SPENT)
        if spent is None:
            continue
        quote = _quote(before)
        yield Finding(
            passage.position_at(match.start()),
            f"“{quote}”，自评表里{label}的“{budget.spec.key}”是 {budget.filed}，“{spent.spec.key}”是 {spent.filed}",
            "请核对后统一",
            passage.where_at(quote),
            match[0],
            spent.filed,
            Level.W,
        )
        return


def _quote(before: str) -> str:
    """Return the clause that ends with the words in question, and the one before a short one."""
    clauses = re.split(r"(?<=[，,；;：:])", before)
    return "".join(clauses[-2:] if len(clauses[-1]) < 6 else clauses[-1:]).strip()  # noqa: PLR2004
