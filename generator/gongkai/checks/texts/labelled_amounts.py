"""Amounts of money that a text states of something the tables have as well: 基本支出878.6万元."""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from gongkai.checks.texts.passages import LAST_YEAR_WORDS, names_other_year, sentence_around
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, parse_decimal, round_half_up

MONEY = re.compile(
    r"(?<![0-9.,，]|[A-Za-z])([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)"
    r"(?![/／]|以[上下内外]|之内|左右|上下|多|余|至|—|～)"
)
_LONGEST_LABEL = 48
BOUNDARY = (
    r"(?:^|[，,。；;：:、（(“”\s]|20\d\d年度?|年末|部门|单位|[我本全][局委站所馆院校会办厅处队部室园镇乡街]|中心|[本该]项目|其中|支出中)"
    r"(?:全年(?!预算)|年度|本年度?|当年|实际|共|决算)*"
)
"""What comes before a subject that stands for the whole unit's or project's amount."""
_LABEL = re.compile(
    rf"{BOUNDARY}"
    r"(?P<subject>“?三公”?经费|公务接待费?|公务用车(?:购置(?:及|和)运行(?:维护)?|运行维护)费|因公出国（境）|"
    r"基本支出|公用经费|商品和服务支出|项目支出|项目(?=(?:支出)?(?:年初|全年|调整)|(?:实际|全年)支出)|"
    r"(?:决算|总|整体|实际)支出|(?<=全年)支出|(?<=决算)支出|(?<=实际)支出|支出总额|政府采购|办公费|(?=(?:年初|全年|调整后的?)预算|预算(?:安排|数|资金|总额)))"
    r"(?P<rest>(?:支出|决算|预算|执行|费用?|资金|经费|金额|规模|总额|数|为|是|共计?|合计|达到?|[:：]|实际|完成|累计|全年|年初|年度|调整后?|安排|发生|的|\s)*)"
    r"(?:[比较与同](?P<prior>上年|去年|上一年|20\d\d年)度?(?:的|决算数?|支出|同期)*)?$"
)
_COMPARED = re.compile(
    r"[，,]\s*[比较与同](?P<prior>上年|去年|上一年|20\d\d年)度?(?:的|决算数?|支出|同期)*$"
)
_PRIOR_LABEL = re.compile(
    r"(?:^|[，,。；;：:（(])(?:上年|去年|上一年)度?的?"
    r"(?P<subject>基本支出|公用经费|项目支出|“?三公”?经费|公务接待费|政府采购)(?:支出|决算|数|金额|为|是|共)*$"
)
"""Last year's amount stated by itself: 上年基本支出为862.4万元."""
_UNSURE = re.compile(
    r"累计|以来|年均|平均|下年|下一年|明年|计划(?!生育)|拟|预计|将|截至|截止|季度|上半年|其余|除|约$|近$|超$|超过$|逾$|不超过$|控制在$"
)
"""Words before an amount that make it another one: of a part of the year, of several years, of a plan."""
_SUBJECTS: dict[str, Role | str] = {
    "三公": Role.THREE_PUBLIC,
    "接待": Role.RECEPTION,
    "购置": Role.VEHICLES,
    "用车": "公务车运行维护",
    "出国": Role.ABROAD,
    "基本": Role.BASIC,
    "公用经费": Role.PUBLIC,
    "商品和服务": Role.PUBLIC,
    "项目": Role.PROJECT_SPENDING,
    "办公费": "办公费",
    "政府采购": "政府采购金额",
}
"""The role or key of the row that a word in a label stands for."""


class AmountColumn(Enum):
    """Which amount of a subject a text states."""

    INITIAL = auto()
    ADJUSTED = auto()
    BUDGET = auto()
    FINAL = auto()
    PRIOR = auto()


class LabelledAmount(NamedTuple):
    """An amount with what it is about."""

    subject: Role | str
    """Role or key of the row with the same amount; Role.TOTAL for all spending."""
    column: AmountColumn
    amount: Decimal
    """In 元."""
    step: Decimal
    """Value of its last decimal, in 元."""
    text: str
    """The amount as written, with the words before it back to the last punctuation."""
    offset: int
    """AmountColumn of the number in the passage, from 0."""

    def equals(self, amount: Decimal) -> bool:
        """Tell whether an exact amount, in 元, may be written like this one."""
        return round_half_up(amount / self.step, 0) * self.step == self.amount


def find_labelled_amounts(text: str, year: int) -> Iterator[LabelledAmount]:
    """Yield the amounts of a year, and those of the year before that are compared with them."""
    sentence_start, subject, is_budget = -1, None, False
    for match in MONEY.finditer(text):
        start, sentence = sentence_around(text, match.start())
        if start != sentence_start:
            sentence_start, subject, is_budget = start, None, False
        before = sentence[: match.start() - start]
        words = before[-_LONGEST_LABEL:]
        label, compared = _LABEL.search(words), _COMPARED.search(words)
        if not label and (prior_label := _PRIOR_LABEL.search(words)):
            if not (_UNSURE.search(before) or names_other_year(before, year)):
                subject = _subject_of(prior_label["subject"])
                yield _build(subject, AmountColumn.PRIOR, match, before)
            continue
        if label:
            carried = subject if is_budget and not label["subject"] else None
            subject, column = carried or _subject_of(label["subject"]), _column_of(label)
            is_budget = column not in {AmountColumn.FINAL, AmountColumn.PRIOR}
        elif compared and subject:
            column = AmountColumn.PRIOR
        else:
            continue
        prior = label["prior"] if label else compared and compared["prior"]
        if _is_of_year(before, prior or "", year):
            yield _build(subject, column, match, before)


def _is_of_year(before: str, prior: str, year: int) -> bool:
    """Tell whether an amount is one of the year or, if compared with, of the year before."""
    if _UNSURE.search(before):
        return False
    if prior:
        before = before[: before.rindex(prior)]
        return prior in {*LAST_YEAR_WORDS, f"{year - 1}年"} and not names_other_year(before, year)
    return not names_other_year(before, year) and not any(map(before.__contains__, LAST_YEAR_WORDS))


def _subject_of(words: str) -> Role | str:
    for word, subject in _SUBJECTS.items():
        if word in words:
            return subject
    return Role.TOTAL


def _column_of(label: re.Match[str]) -> AmountColumn:
    words = f"{label['subject']}{label['rest']}"
    if label["prior"]:
        return AmountColumn.PRIOR
    if "预算" not in words:
        return AmountColumn.FINAL
    if "年初" in words:
        return AmountColumn.INITIAL
    return AmountColumn.ADJUSTED if "调整" in words or "全年" in words else AmountColumn.BUDGET


def _build(
    subject: Role | str, column: AmountColumn, match: re.Match[str], before: str
) -> LabelledAmount:
    number, scale = parse_decimal(match[1]), MONEY_UNITS[match[2]]
    exponent = number.as_tuple().exponent
    step = scale.scaleb(exponent if isinstance(exponent, int) else 0)
    words = re.split(r"[，,。；;：:、（(]", before)[-1].strip()
    return LabelledAmount(
        subject, column, number * scale, step, f"{words}{match[0]}", match.start()
    )
