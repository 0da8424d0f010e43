"""Equations and balances that a sentence works out: A+B=C, 收A支B余C."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from gongkai.checks.sentences.clauses import Sentence, clause_before, quote_from
from gongkai.checks.sentences.quantities import NUMBER, SCALES, UNIT, Quantity, format_in_unit
from gongkai.model.values import format_decimal, parse_decimal, round_half_up

_MAX_TERMS = 12
"""Longest equation that is read."""


@dataclass(frozen=True, slots=True)
class StatedResult:
    """A figure that a sentence works out, and what it comes to."""

    column: int
    """Its column in the text."""
    filed: str
    computed: str
    label: str
    """What it is: 得数, 结余, 占比 ….."""
    sentence: str


_TERM = rf"{NUMBER}\s?(?:亿|千万|百万|万)?(?:{UNIT}(?:[/／·][\u4e00-\u9fff·/]{{1,6}})?)?"
_NAME = r"[\u4e00-\u9fff]{0,12}"
_OPERATOR = r"[+\-−—×xX*÷/＋－]"
_EQUATION = re.compile(
    rf"(?<![0-9A-Za-z.%）)+\-×*/÷=])"
    rf"(?P<left>{_TERM}(?:\s?{_OPERATOR}\s?{_NAME}{_TERM}){{1,{_MAX_TERMS}}})"
    rf"\s?=\s?{_NAME}(?P<right>{_TERM})(?!\s?(?:{_OPERATOR})\s?[0-9])"
)
_TERMS = re.compile(
    rf"({_OPERATOR})?\s?{_NAME}({NUMBER})\s?(亿|千万|百万|万)?({UNIT}?)(?:[/／·][\u4e00-\u9fff·/]{{1,6}})?"
)


def find_wrong_equations(sentence: Sentence, text: str) -> Iterator[StatedResult]:
    """Yield results of equations that are not what the left side comes to."""
    if "=" not in sentence.text:
        return
    for match in _EQUATION.finditer(sentence.text):
        result = _TERMS.match(match["right"])
        if result is None:
            continue
        values = [_evaluate(match["left"], scaled=scaled) for scaled in (True, False)]
        places = len(result[2].partition(".")[2])
        unit = match["right"][result.end(2) :].strip()
        exponents = (SCALES.get(result[3] or "", 0), 0)
        filed = parse_decimal(result[2])
        if unit == "%":
            values = [value and value * 100 for value in values]
        shown = [
            round_half_up(value.scaleb(-exponent), places)
            for value, exponent in zip(values, exponents, strict=True)
            if value is not None
        ]
        if shown and filed not in shown:
            column = sentence.start + match.start("right")
            computed = f"{format_decimal(shown[0].normalize())}{unit}"
            quote = text[sentence.start + match.start() : sentence.start + match.end()]
            yield StatedResult(column, match["right"], computed, "得数", quote)


def _evaluate(expression: str, *, scaled: bool) -> Decimal | None:
    """Return what an expression comes to, × and ÷ before + and −; None if it has no value.

    `scaled` says whether 万 and 亿 count.
    """
    total, product = Decimal(0), Decimal(0)
    for match in _TERMS.finditer(expression):
        value = parse_decimal(match[2])
        if scaled:
            value = value.scaleb(SCALES.get(match[3] or "", 0))
        value = value / 100 if match[4] == "%" else value
        try:
            if match[1] is None or match[1] in "+＋":
                total, product = total + product, value
            elif match[1] in "-−—－":
                total, product = total + product, -value
            elif match[1] in "÷/":
                product /= value
            else:
                product *= value
        except (DivisionByZero, InvalidOperation):
            return None
    return total + product


_ROLES = (
    ("opening", re.compile(r"(?:上年|年初|期初|上期|上月)(?:结余|结转|余额|库存|存量)(?:资金)?$")),
    (
        "closing",
        re.compile(
            r"(?:^|[年期月末])(?:结余|结转|余额|库存|存量|剩余|节余|节约|余)(?:资金|下年|下一年|至下年)?$"
            r"|(?:结转下年|结转至?下一?年度?|年末结余|结余|节约|节余|剩余|尚余|未支出|未使用|未执行)(?:资金|了)?$"
        ),
    ),
    (
        "expense",
        re.compile(
            r"(?:支出?|实际|实际支出|执行|使用|已支付|决算|实际执行|发放|出库|领用|消耗|调出)(?:数|了|资金|为)?$"
        ),
    ),
    (
        "income",
        re.compile(
            r"(?:收入?|预算数?|安排|下达|到位|批复|划拨|拨款|拨入|共计|资金|购入|入库|新增|采购|调入)(?:数|资金|为)?$"
        ),
    ),
)
_SKIPPED = re.compile(r"其中|含|比|较|每")


def find_wrong_balances(sentence: Sentence, text: str) -> Iterator[StatedResult]:
    """Yield balances (结余) that are not income less expense."""
    quantities = sentence.quantities
    roles = [_role_of(sentence, quantity) for quantity in quantities]
    for index, (quantity, role) in enumerate(zip(quantities, roles, strict=True)):
        if role != "closing" or quantity.is_rough:
            continue
        terms: list[tuple[str, Quantity]] = []
        for number in range(index - 1, max(index - 5, -1), -1):
            other = quantities[number]
            if other.base_unit != quantity.base_unit or roles[number] in {"", "closing"}:
                break
            terms.insert(0, (roles[number], other))
        kinds = [kind for kind, _ in terms]
        if sorted(kinds) not in (["expense", "income"], ["expense", "income", "opening"]) or any(
            other.is_rough for _, other in terms
        ):
            continue
        signed = [
            (-other.base_value if kind == "expense" else other.base_value) for kind, other in terms
        ]
        results = {sum(signed, Decimal(0))}
        if "opening" in kinds:
            results.add(
                sum(
                    (
                        value
                        for (kind, _), value in zip(terms, signed, strict=True)
                        if kind != "opening"
                    ),
                    Decimal(0),
                )
            )
        if _outside(sentence, terms[0][1], quantity) or quantity.base_value in results:
            continue
        computed = sum(signed, Decimal(0))
        if computed < 0:
            continue
        shown = format_in_unit(computed, quantity)
        quote = quote_from(sentence, text, terms[0][1], quantity)
        yield StatedResult(quantity.column, quantity.text, shown, "余额", quote)


_UNSPENT = re.compile(
    r"(?P<subject>[^，,；;：:、0-9]{0,24}?)(?:未支出|未执行|未使用|结转下年|结转至?下一?年度?|(?<!上年)结转|(?<!上年)结余)"
    r"(?:资金|了)?(?:的|为)?$"
)
_UNPAID_AFTER = re.compile(
    r"[^，,。；;：:0-9]{0,24}?[，,]?(?:尚未|仍未|还未|未)(?:支付|支出|使用|执行|拨付)"
)
_OF_WHICH = re.compile(r"(?P<subject>[^，,；;：:、0-9]{2,24}?)(?:中|内)?(?:还|仍|尚|另)?有")
"""单位资金中有2万元因合同跨年尚未支付."""
_NOT_OF_THIS_YEAR = re.compile(
    r"上年|年初|期初|使用|动用|消化|盘活|累计|其中|账户|工会|往年|历年|以前年度"
)


def find_unspent(sentence: Sentence) -> Iterator[tuple[Quantity, str]]:
    """Yield the amounts that a sentence says were not spent, with the words that say of what.

    Sentences with other amounts are left out: they say themselves what it is the rest of.
    """
    if sentence.in_brackets:
        return
    amounts = [quantity for quantity in sentence.quantities if quantity.is_money]
    for figure in amounts if len(amounts) == 1 else ():
        clause = clause_before(sentence, figure)[0].strip()
        match = _UNSPENT.fullmatch(clause)
        after = sentence.text[figure.end - sentence.start :]
        if not match and _UNPAID_AFTER.match(after):
            match = _OF_WHICH.fullmatch(clause)
        if match and not figure.is_rough and not _NOT_OF_THIS_YEAR.search(sentence.text):
            yield figure, match["subject"]


def _outside(sentence: Sentence, first: Quantity, last: Quantity) -> bool:
    """Tell whether words between two figures say that more belongs to the sum, or less."""
    between = sentence.text[first.column - sentence.start : last.column - sentence.start]
    return bool(_SKIPPED.search(between))


def _role_of(sentence: Sentence, quantity: Quantity) -> str:
    """Return the role of a figure in a balance, by the words before it; empty if it has none."""
    if quantity.is_rate or quantity.is_percentage:
        return ""
    head = sentence.text[: quantity.column - sentence.start][-24:]
    name = re.split(r"[，,；;、：:\s]|[0-9]", head)[-1].rstrip("的为是")
    return next((role for role, pattern in _ROLES if pattern.search(name)), "")
