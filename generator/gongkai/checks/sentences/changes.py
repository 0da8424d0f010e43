"""Changes as sentences state them: 由X增至Y, 比上年的X减少Y，下降Z%."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from gongkai.checks.sentences.clauses import Sentence
from gongkai.checks.sentences.itemized import rounding_tolerance
from gongkai.checks.sentences.quantities import Quantity, format_in_unit
from gongkai.model.values import format_decimal, parse_decimal, round_half_up

_RISE = (
    "增加|增长|增多|上升|提高|上涨|提升|上调|扩大|攀升|超出|超支|超额|增|升|涨|超"
    "|(?<![许很大过最较])多|(?<![最较])高"
)
_FALL = (
    "减少|下降|降低|压减|下跌|下滑|下调|回落|缩减|缩小|收窄|削减|精简|压缩|节约|节省|减|降"
    "|(?<![至不最较])少|(?<![最较])低"
)
_DIRECTION = rf"(?P<rise>{_RISE})|(?P<fall>{_FALL})"
_VERB = "(?:[\u4e00-\u9fff]{1,4}?)"
"""What a change is one of: 多支出, 少安排, 增加床位."""
_HAS_WORD = re.compile(rf"{_RISE}|{_FALL}").search
_WITH_EARLIER = re.compile(r"(?P<subject>[^，,；;：:、]*?)(?:比|较)[^，。；：、0-9]{0,14}$")
"""Words before the earlier figure: 基本支出比上年的."""
_AGAINST = re.compile(r"(?P<subject>[^，,；;：:、]*?)(?:与|同|和|跟|在)[^，。；：、0-9]{0,14}$")
_AGAINST_END = re.compile(r"\s*(?:相比较?|比较|对比|比|的?基础上)[，,]?")
"""Around an earlier figure: 与上年的……相比, 在上年……的基础上."""
_DIRECTION_BEFORE = re.compile(rf"(?:{_DIRECTION})(?:(?P<to>至|到|为)|{_VERB})?(?:了|约)?\s*$")
_WITHOUT_EARLIER = re.compile(
    rf"(?:比|较|同比|环比)[^，。；：、0-9]{{0,12}}?(?:{_DIRECTION}){_VERB}?(?:了|约)?\s*$"
)
_DIRECTION_AFTER = re.compile(rf"[^，。；：、0-9]{{0,4}}?(?:{_DIRECTION})")
_FROM = re.compile(r"(?:由|从)[^，。；：、0-9]{0,16}$")
_TO = re.compile(
    rf"\s*[^，。；：、0-9]{{0,4}}?(?:{_DIRECTION}|调整|变化|变动|发展)?(?:至|到|为|成)[^，。；：、0-9]{{0,12}}"
)
_FOLLOWING = re.compile(
    rf"\s*[，,、]\s*(?:同比|环比)?(?P<noun>[^，。；：、0-9比较]{{0,8}}?)(?:{_DIRECTION})"
    rf"(?:幅度?|率|比例|额|速|{_VERB})?(?:为|了|达到?|是)?\s*"
)
_ARRIVES = re.compile(
    r"\s*[，,]\s*(?:达到?|为|增至|升至|降至|提高到|降到|上升到|下降到|增加到|减少到)\s*"
)
_EARLIER = re.compile(r"预算|计划|目标|上年|去年|上一年|年初|期初|原|○○○○年")
_LATER = re.compile(r"决算|实际|执行|支出|完成|本年|今年|当年|年末|期末|○○○○年")
_THIS_YEAR, _LAST_YEAR = re.compile(r"今年|本年|当年"), re.compile(r"去年|上年|上一年")
_NOT_PRESENT = re.compile(
    rf"预算|计划(?!生育)|目标|上年|去年|上一年|[比较]|(?:{_RISE}|{_FALL})[了约的]?\s*$"
)
"""Words before a figure that is not what is compared."""
_PERIOD = re.compile(r"^(?:○○○○年度?|全年|本年度?|当年|年度|部门|单位)+|[为是共]$")
_MAX_BACK = 5
"""How many sentences or figures back the present figure of a change is looked for."""


class ChangeFault(StrEnum):
    """What is wrong with a stated change."""

    AMOUNT = "变动额"
    RATE = "变动率"
    DIRECTION = "增减方向"
    POINTS = "百分点"


@dataclass(frozen=True, slots=True)
class WrongChange:
    """A stated change that does not follow from its figures."""

    fault: ChangeFault
    figure: Quantity
    """The figure that is wrong."""
    computed: str
    message: str
    """What was found and what is expected, in Chinese."""
    start: int
    """Where the statement begins in the text."""
    end: int


@dataclass(slots=True)
class _Change:
    current: Quantity | None = None
    previous: Quantity | None = None
    amount: Quantity | None = None
    rate: Quantity | None = None
    rises: bool | None = None
    """Whether the word before the amount is one of rising; None if there is none."""
    rate_rises: bool | None = None
    candidates: tuple[Quantity, ...] = ()
    """Figures of the same name, of which the last is taken for the present one."""
    points: Quantity | None = None
    """A rate of change that is written in 百分点 though an amount or a number changes."""
    is_guess: bool = False
    """Whether the present figure is one of the sentence before."""

    def add(self, figure: Quantity, *, rises: bool) -> None:
        """Add an amount or a rate."""
        if figure.is_percentage and not self.is_of_percentages:
            self.rate, self.rate_rises = figure, rises
        else:
            self.amount = figure
        self.rises = rises if self.rises is None else self.rises

    @property
    def is_of_percentages(self) -> bool:
        """Whether what changes is a percentage."""
        known = self.previous or self.current
        return known is not None and known.is_percentage

    def has_unit_of(self, figure: Quantity) -> bool:
        """Tell whether what changes is counted like a figure."""
        known = self.previous or self.current
        return known is None or _same_unit(known, figure)

    @property
    def figures(self) -> list[Quantity]:
        """All its figures, in the text's order."""
        figures = (self.current, self.previous, self.amount, self.rate)
        return sorted(filter(None, figures), key=lambda figure: figure.column)


_GROWN = re.compile(r"(?:增长|增加|提高|上升|多)了?(?P<times>[1-9](?:\.[0-9])?)倍")


def _find_wrong_times(sentence: Sentence) -> Iterator[WrongChange]:
    """Yield “增长2倍” where twice as much is meant: 2 680 to 5 360 has grown by once as much."""
    for match in _GROWN.finditer(sentence.text) if "倍" in sentence.text else ():
        column = sentence.start + match.start()
        before = [figure for figure in sentence.quantities if figure.column < column]
        if len(before) < 2 or any(figure.is_rough for figure in before[-2:]):  # noqa: PLR2004
            continue
        one, other = before[-2:]
        if not _same_unit(one, other) or not one.base_value or not other.base_value:
            continue
        smaller, larger = sorted((one.base_value, other.base_value))
        times = parse_decimal(match["times"])
        if smaller * times == larger and times > 1:
            shown = f"{format_decimal(times - 1)}倍"
            message = f"写的是增长 {match['times']}倍，按前后两个数（{one.text}、{other.text}）是增长 {shown}（即 {match['times']}倍）"
            figure = Quantity(match[0], times, "倍", column, column + len(match[0]), "倍")
            yield WrongChange(
                ChangeFault.RATE, figure, shown, message, one.column, column + len(match[0])
            )


_FROM_TARGET = re.compile(
    r"\s*[，,]?\s*(?:比|较)?(?:超出|高出|超过|高于|低于|超|高|低)了?(?:年度|年初|预期)?(?:目标|预期|指标)值?\s*"
)
"""Between a rate and by how much it is beyond its target, or short of it."""
_MUCH_LESS = 3
"""A figure that is not even a third of a rate is not its target but the difference."""


def _find_wrong_points(sentence: Sentence) -> Iterator[WrongChange]:
    """Yield differences of a rate and its target in percent: 满意度93%，超出目标值3%."""
    if "目标" not in sentence.text and "预期" not in sentence.text:
        return
    for rate, difference in pairwise(sentence.quantities):
        gap = sentence.text[rate.end - sentence.start : difference.column - sentence.start]
        if not (rate.is_percentage and difference.is_percentage and _FROM_TARGET.fullmatch(gap)):
            continue
        is_of_all = abs(rate.number - 100) == difference.number
        if difference.number * _MUCH_LESS < rate.number and not is_of_all:
            message = f"写的是 {difference.text}；两个百分数之差用“个百分点”"
            shown = f"{format_decimal(difference.number)}个百分点"
            yield WrongChange(
                ChangeFault.POINTS, difference, shown, message, rate.column, difference.end
            )


def find_wrong_changes(sentence: Sentence, text: str) -> Iterator[WrongChange]:
    """Yield the changes that a sentence of a text states wrongly."""
    yield from _find_wrong_times(sentence)
    yield from _find_wrong_points(sentence)
    if len(sentence.quantities) > 1 and _HAS_WORD(sentence.text):
        for change in _find_changes(sentence, text):
            yield from _check_change(change)


def _find_changes(sentence: Sentence, text: str) -> Iterator[_Change]:
    quantities = sentence.quantities
    gaps = _gaps(sentence)
    for index, quantity in enumerate(quantities):
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        after = gaps[index + 1]
        if following and _same_unit(quantity, following) and _FROM.search(gaps[index]):
            to = _TO.fullmatch(after)
            if to:
                change = _Change(following, quantity, rises=_rises(to))
                yield _with_following(change, sentence, gaps, index + 2)
                continue
        earlier = _WITH_EARLIER.search(gaps[index])
        if end := _AGAINST_END.match(after):
            earlier = earlier or _AGAINST.search(gaps[index])
            gaps[index + 1] = after[end.end() :]
        if earlier and not _WITHOUT_EARLIER.search(gaps[index]):
            yield from _read_comparison(sentence, gaps, index, earlier)
        elif earlier and index:
            direction = _WITHOUT_EARLIER.search(gaps[index])
            if direction and not gaps[index][: direction.start()].strip(" ，,、"):
                change = _Change(quantities[index - 1])
                change.add(quantity, rises=bool(direction["rise"]))
                yield _with_following(change, sentence, gaps, index + 1)
        elif index > 1:
            yield from _read_difference(sentence, gaps, index, text)


def _gaps(sentence: Sentence) -> list[str]:
    """Return the texts before, between and after the figures of a sentence."""
    gaps, at = [], 0
    for quantity in sentence.quantities:
        gaps.append(sentence.text[at : quantity.column - sentence.start])
        at = quantity.end - sentence.start
    return [*gaps, sentence.text[at:]]


def _rises(match: re.Match[str]) -> bool | None:
    return None if match["rise"] is match["fall"] is None else bool(match["rise"])


def _same_unit(one: Quantity, other: Quantity) -> bool:
    return one.base_unit == other.base_unit


def _read_comparison(
    sentence: Sentence, gaps: list[str], index: int, earlier: re.Match[str]
) -> Iterator[_Change]:
    """Yield the change in “(X，)比上年的Y减少Z”, whose Y is the figure at an index."""
    quantities, previous = sentence.quantities, sentence.quantities[index]
    change = _Change(previous=previous)
    subject = earlier["subject"].strip()
    if not subject and index and _same_unit(quantities[index - 1], previous):
        change.current = quantities[index - 1]
    after = gaps[index + 1]
    direction = _DIRECTION_BEFORE.search(after)
    if index + 1 < len(quantities) and direction and not re.search(r"[，,；;：:、]", after):
        if direction["to"]:
            change.current, change.rises = quantities[index + 1], _rises(direction)
        else:
            change.add(quantities[index + 1], rises=bool(direction["rise"]))
        change = _with_following(change, sentence, gaps, index + 2)
    elif bare := _DIRECTION_AFTER.match(after):
        change.rises = _rises(bare)
    if change.current is None and subject:
        change.candidates = tuple(_find_named(sentence, subject, previous))
        change.current = change.candidates[-1] if change.candidates else None
    elif not subject:
        change.candidates = tuple(_figures_before(sentence, gaps, index, previous))
        change.current = change.current or next(iter(change.candidates), None)
        if change.current is None and not index and sentence.previous:
            earlier_sentence = sentence.previous
            before, count = _gaps(earlier_sentence), len(earlier_sentence.quantities)
            change.candidates = tuple(_figures_before(earlier_sentence, before, count, previous))
            change.current = next(iter(change.candidates), None)
            change.is_guess = True
    yield change


def _figures_before(
    sentence: Sentence, gaps: list[str], index: int, previous: Quantity
) -> Iterator[Quantity]:
    """Yield the figures before a comparison without a subject that may be the present one, the last first."""
    for figure, gap in zip(
        reversed(sentence.quantities[max(index - _MAX_BACK, 0) : index]),
        reversed(gaps[max(index - _MAX_BACK, 0) : index]),
        strict=True,
    ):
        clause = re.split(r"[，,；;：:]", gap)[-1]
        if _same_unit(figure, previous) and not _NOT_PRESENT.search(clause):
            yield figure


def _find_named(sentence: Sentence, subject: str, previous: Quantity) -> Iterator[Quantity]:
    """Yield the figures of a name before a comparison, in the sentence and those before it."""
    name = _PERIOD.sub("", subject)
    if len(name) < 3:  # noqa: PLR2004 - 支出 alone says little
        return
    chain = [sentence]
    while len(chain) <= _MAX_BACK and chain[0].previous:
        chain.insert(0, chain[0].previous)
    for earlier in chain:
        for quantity, gap in zip(earlier.quantities, _gaps(earlier), strict=False):
            if quantity.column >= previous.column:
                return
            words = _PERIOD.sub("", re.split(r"[，,；;：:、]", gap)[-1].strip())
            if words == name and _same_unit(quantity, previous):
                yield quantity


def _with_following(change: _Change, sentence: Sentence, gaps: list[str], index: int) -> _Change:
    """Return a change with the amounts and rates in the clauses after it."""
    for figure, gap in zip(sentence.quantities[index : index + 2], gaps[index:], strict=False):
        if change.current is None and _ARRIVES.fullmatch(gap):
            change.current = figure
            continue
        words = _FOLLOWING.fullmatch(gap)
        if not words or (words["noun"] and not figure.is_percentage and change.amount):
            break
        if not (figure.is_percentage or change.is_of_percentages or change.has_unit_of(figure)):
            if figure.base_unit == "个百分点" and not words["noun"]:
                change.points = figure
            break  # Another thing's change, and so is the rate after it.
        if figure.is_percentage and not change.is_of_percentages:
            if change.rate or words["noun"]:
                break
        elif change.amount:
            break
        change.add(figure, rises=bool(words["rise"]))
    return change


def _read_difference(
    sentence: Sentence, gaps: list[str], index: int, text: str
) -> Iterator[_Change]:
    """Yield the change in “预算A，决算B，增加C”, whose C is the figure at an index."""
    previous, current, amount = sentence.quantities[index - 2 : index + 1]
    words = _FOLLOWING.fullmatch(gaps[index])
    if not words or not _same_unit(previous, current):
        return
    names = [re.split(r"[，,；;：:]", gap)[-1] for gap in gaps[index - 2 : index]]
    names[1] = gaps[index - 1]
    if _THIS_YEAR.search(names[0]) and _LAST_YEAR.search(names[1]):
        previous, current = current, previous
    elif not (_EARLIER.search(names[0]) and _LATER.search(names[1])):
        return
    if "其中" in gaps[index - 1]:
        return
    is_point = previous.is_percentage and amount.base_unit in {"个百分点", "%"}
    if not is_point and not _same_unit(amount, current):
        return
    change = _Change(current, previous)
    change.add(amount, rises=bool(words["rise"]))
    if "节约" in gaps[index] or not _years_ascend(sentence, previous, current, text):
        change.rises = None
    yield _with_following(change, sentence, gaps, index + 1)


def _years_ascend(sentence: Sentence, one: Quantity, other: Quantity, text: str) -> bool:
    """Tell whether the years before two figures ascend, if they have any."""
    years = [
        re.findall(
            r"((?:19|20)\d\d)年", text[max(figure.column - 20, sentence.start) : figure.column]
        )
        for figure in (one, other)
    ]
    return not (years[0] and years[1]) or years[0][-1] < years[1][-1]


def _check_change(change: _Change) -> Iterator[WrongChange]:
    """Yield what is wrong with a change."""
    current, previous = change.current, change.previous
    if change.points and (known := previous or current) and not known.is_percentage:
        message = (
            f"写的是 {change.points.text}；{known.text}这样的数增减多少用“%”，"
            "两个百分数之差才用“个百分点”"
        )
        yield _wrong(change, ChangeFault.POINTS, change.points, "", message)
    if current and previous and not _same_unit(current, previous):
        return
    figure = change.amount or change.rate
    if (
        figure
        and None not in {change.rises, change.rate_rises}
        and (change.rises is not change.rate_rises)
    ):
        yield _wrong(change, ChangeFault.DIRECTION, figure, "", "前后两个增减的词相反")
        return
    if current and previous:
        difference = current.base_value - previous.base_value
        figures = _moved_by(change, previous) or change.candidates or (current,)
        current = current if current in figures else figures[0]
        is_contrary = change.rises is not None and all(
            figure.base_value != previous.base_value
            and (figure.base_value > previous.base_value) is not change.rises
            for figure in figures
        )
        if is_contrary:
            figure = change.amount or change.rate or current
            words = "增加" if difference > 0 else "减少"
            message = f"增减的词与前后两个数相反：{previous.text}到 {current.text}是{words}"
            yield _wrong(change, ChangeFault.DIRECTION, figure, words, message)
            return
        if change.is_of_percentages:
            yield from _check_points(change, current, previous)
            return
        if not change.is_guess:
            yield from _check_amount(change, current, previous)
    yield from _check_rate(change)


def _moved_by(change: _Change, previous: Quantity) -> tuple[Quantity, ...]:
    """Return the figures that may be the present one and differ from the earlier one by the stated amount."""
    amount = change.amount
    if amount is None or not _same_unit(amount, previous):
        return ()
    return tuple(
        figure
        for figure in change.candidates
        if abs(abs(figure.base_value - previous.base_value) - amount.base_value)
        <= rounding_tolerance(amount, [figure, previous])
    )


def _check_points(change: _Change, current: Quantity, previous: Quantity) -> Iterator[WrongChange]:
    amount = change.amount
    if amount is None or any(figure.is_rough for figure in change.figures):
        return
    points = abs(current.number - previous.number)
    differences = {abs(figure.number - previous.number) for figure in change.candidates}
    if amount.base_unit == "个百分点" and amount.number in differences:
        return
    shown = f"{format_decimal(points)}个百分点"
    both = f"{previous.text}到 {current.text}相差 {shown}"
    if amount.base_unit == "个百分点" and amount.number != points:
        yield _wrong(change, ChangeFault.POINTS, amount, shown, f"{both}，写的是 {amount.text}")
    elif amount.is_percentage and previous.number:
        relative = round_half_up(points / previous.number * 100, amount.decimals)
        if amount.number in {points, *differences} or amount.number != relative:
            message = f"{both}，写的是 {amount.text}；两个百分数之差用“个百分点”"
            yield _wrong(change, ChangeFault.POINTS, amount, shown, message)


def _check_amount(change: _Change, current: Quantity, previous: Quantity) -> Iterator[WrongChange]:
    amount = change.amount
    if amount is None or not _same_unit(amount, current):
        return
    if any(figure.is_rough for figure in (current, previous, amount)):
        return
    figures = change.candidates or (current,)
    if any(
        abs(abs(figure.base_value - previous.base_value) - amount.base_value)
        <= rounding_tolerance(amount, [figure, previous])
        for figure in figures
    ):
        return
    shown = format_in_unit(abs(current.base_value - previous.base_value), amount)
    both = f"按前后两个数（{previous.text}、{current.text}）计算为 {shown}"
    message = f"变动写的是 {amount.text}，{both}"
    yield _wrong(change, ChangeFault.AMOUNT, amount, shown, message)


def _check_rate(change: _Change) -> Iterator[WrongChange]:
    rate, current, previous, amount = change.rate, change.current, change.previous, change.amount
    if rate is None or any(figure.is_rough for figure in change.figures):
        return
    if current and previous and not change.candidates:
        before, moved, basis = previous.base_value, current.base_value, "按前后两个数"
        moved = abs(moved - before)
    elif amount and (known := previous or current) and _same_unit(amount, known):
        moved, basis = amount.base_value, "按变动额"
        before = known.base_value
        if previous is None:
            before += -moved if change.rises else moved
    else:
        return
    if before <= 0:
        return
    computed = round_half_up(moved / before * 100, rate.decimals)
    if computed != rate.number:
        shown = f"{format_decimal(computed)}%"
        message = f"变动率写的是 {rate.text}，{basis}计算为 {shown}"
        yield _wrong(change, ChangeFault.RATE, rate, shown, message)


def _wrong(
    change: _Change, fault: ChangeFault, figure: Quantity, computed: str, message: str
) -> WrongChange:
    figures = change.figures
    nearby = [other for other in figures if abs(other.column - figure.column) < _NEAR]
    return WrongChange(fault, figure, computed, message, nearby[0].column, nearby[-1].end)


_NEAR = 120
