"""Shares and rates that a sentence works out: A占B的10%, 发放A份，收回B份，收回率10%."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from gongkai.checks.sentences.arithmetic import StatedResult
from gongkai.checks.sentences.clauses import Sentence, clause_before, quote_from
from gongkai.checks.sentences.quantities import Quantity
from gongkai.model.values import format_decimal, round_half_up

_MAX_TERMS = 12
_PAIR = 2
_NEAR = 8
"""How far a share is from its part, in characters."""
_WHOLE_OF = re.compile(r"^[^，。；：、0-9]{0,10}?中(?![央心学小期级型])")
_SPENT, _BUDGET = "支出|执行|决算|使用|实际|支付|拨付|兑付", "预算|安排|下达|批复|资金|投资"
_RATES = {
    "执行": (_SPENT, _BUDGET),
    "支出": (_SPENT, f"{_BUDGET}|到位"),
    "支付": ("支付|支出", f"{_BUDGET}|到位|合同"),
    "拨付": ("拨付|支付", f"{_BUDGET}|到位|合同"),
    "到位": ("到位", _BUDGET),
    "控制": ("在职|实有|实际|年末", "编制|核定"),
    "结余": ("结余|剩余", _BUDGET),
    "收回": ("收回|回收", "发放|发出|下发"),
    "回收": ("收回|回收", "发放|发出|下发"),
    "办结": ("办结", "受理|收到|接到|接收"),
    "合格": ("合格", "抽检|检测|检查|抽查|验收|参训|培训|检验"),
    "完成": ("", "目标|计划(?!生育)|任务|应|年初"),
    "就业": ("在岗|就业|留", "就业|上岗|安置|训|推荐|毕业"),
    "稳岗": ("在岗|就业|留", "就业|上岗|安置|招"),
    "留存": ("在岗|留|存", "就业|上岗|引进|招|引种"),
    "成活": ("活", "植|种|栽|放|投"),
    "出勤": ("到|出勤|参加", "应|编|人"),
    "整改": ("整改", "隐患|问题|发现|查出"),
    "修复": ("修复|修|整改", "损|坏|应|发现|隐患|故障"),
}
"""Words of the two figures of a rate, by its name: the part, the whole."""
_ANY_RATE = re.compile(
    r"\s*(?:其中)?(?:[\u4e00-\u9fff]{0,8}?)(?P<name>[\u4e00-\u9fff]{2})率(?:为|是|达到?了?)?\s?"
)
_NO_SHARE = frozenset(["增长", "下降", "提高", "降低", "上升", "减少", "增加", "执行", "满意"])
"""Names of rates that are not a part of the whole before it."""
_FARTHEST = 12
"""A rate that is off by more percentage points is one of something else."""
_OF_PLAN = re.compile(
    r"\s*(?:仅|已|只|实际|共)*(?:完成|占|为|达到?|相当于|执行)了?(?:全年|年初|年度|当年|调整后?的?)*"
    r"(?P<whole>预算|目标|计划|任务|合同)(?:数|额|总额|总数|安排|资金|任务|目标)?的\s*"
)
"""Words between what was done and the share of what was planned: 决算119.4万元，完成预算的98.5%."""
_OF_THOSE_DUE = ("实", "应")
"""Words of any other rate: 应检500辆，实检480辆，受检率96%."""
_RATE_NAME = re.compile(
    r"\s*(?:(?:政府)?采购)?(?:预算|资金|实际|目标|任务|年度|全年|项目|问卷|有效|计划|稳定|隐患|问题|苗木|人员|活动)?(?P<name>[\u4e00-\u9fff]{2})(?:率|进度)"
    r"(?:为|达到?|是)?\s?"
)
_FILLER = re.compile(r"[全总的比重例该其约占]|总数|总额|总量")


def find_wrong_shares(sentence: Sentence, text: str) -> Iterator[StatedResult]:
    """Yield shares (占……%) and rates (收回率……%) that are not what the two figures give."""
    if "%" not in sentence.text:
        return
    for index, percentage in enumerate(sentence.quantities):
        if percentage.is_rough or not percentage.is_percentage:
            continue
        nearest = sentence.quantities[max(index - _MAX_TERMS, 0) : index]
        if sentence.in_brackets and sentence.owner:
            nearest = (sentence.owner, *nearest)
        pair = (
            _pair_of_share(sentence, percentage, nearest)
            or _pair_of_rate(sentence, percentage, nearest)
            or _pair_of_plan(sentence, percentage, nearest)
            or _pair_of_name(sentence, percentage, nearest)
        )
        if pair is None:
            continue
        part, wholes = pair
        places = percentage.decimals
        rates = [_share_of(part, whole, places) for whole in wholes if whole.base_value]
        if not rates or percentage.number in rates or _some_pair_gives(percentage, nearest):
            continue
        first = min((part, *wholes), key=lambda quantity: quantity.column)
        shown = f"{format_decimal(rates[-1])}%"
        quote = quote_from(sentence, text, first, percentage)
        yield StatedResult(percentage.column, percentage.text, shown, "占比或比率", quote)


def _share_of(part: Quantity, whole: Quantity, places: int) -> Decimal:
    return round_half_up(part.base_value / whole.base_value * 100, places)


def _some_pair_gives(percentage: Quantity, figures: Sequence[Quantity]) -> bool:
    """Tell whether two of the figures before a percentage give it."""
    places = percentage.decimals
    return any(
        _share_of(part, whole, places) == percentage.number
        for part, whole in permutations(figures, 2)
        if part.base_unit == whole.base_unit and whole.base_value and not part.is_percentage
    )


def _pair_of_share(
    sentence: Sentence, percentage: Quantity, nearest: Sequence[Quantity]
) -> tuple[Quantity, list[Quantity]] | None:
    """Return the part and the possible wholes of “占……%”; None if they are not clear."""
    clause, start = clause_before(sentence, percentage)
    at = clause.find("占")
    if at < 0 or clause[:at].strip(" 约"):
        return None
    inside = [figure for figure in nearest if start <= figure.column]
    before = _figures_before(nearest, start)
    if not before or before[-1].is_rough or start - before[-1].end > _NEAR:
        return None
    part = before[-1]
    if inside:
        wholes = [figure for figure in inside if figure.base_unit == part.base_unit]
    else:
        wholes = _wholes_of(sentence, part, before[:-1], clause[at:])
    return (part, wholes) if wholes else None


def _figures_before(nearest: Sequence[Quantity], column: int) -> list[Quantity]:
    """Return the figures before a column that may be a part or a whole."""
    return [
        figure
        for figure in nearest
        if figure.column < column and not (figure.is_percentage or figure.is_rate)
    ]


def _wholes_of(
    sentence: Sentence, part: Quantity, before: list[Quantity], words: str
) -> list[Quantity]:
    """Return the wholes of a part in “W中A，占……%” and “W，其中A，占……%”; none if not clear."""
    origin = before[0].column - sentence.start if before else 0
    head = sentence.text[max(origin - _NEAR, 0) : part.column - sentence.start]
    origin = part.column - len(head)
    among = head.find("其中")
    same = [
        figure
        for figure in before
        if figure.base_unit == part.base_unit
        and not figure.is_rough
        and (among < 0 or figure.end - origin <= among)
    ]
    if not same or (among < 0 and not _WHOLE_OF.match(head[same[-1].end - origin :])):
        return []
    named = _FILLER.sub("", words)
    pairs = {named[index : index + 2] for index in range(len(named) - 1)}
    return same if not named or any(pair in head for pair in pairs) else []


def _pair_of_rate(
    sentence: Sentence, percentage: Quantity, nearest: Sequence[Quantity]
) -> tuple[Quantity, list[Quantity]] | None:
    """Return the two figures of a rate named after the second: 发放300份，收回288份，收回率96%."""
    clause, start = clause_before(sentence, percentage)
    match = _RATE_NAME.fullmatch(clause)
    words = _RATES.get(match["name"], _OF_THOSE_DUE) if match else None
    before = _figures_before(nearest, start)
    if words is None or len(before) < _PAIR or before[-1].is_rough:
        return None
    if words is _RATES["完成"] and (planned := _planned_before(sentence, before, words[1])):
        return planned
    part = before[-1]
    same = [figure for figure in before[:-1] if figure.base_unit == part.base_unit]
    wholes = [figure for figure in same if re.search(words[1], _name_of(sentence, figure))]
    if not wholes or wholes[-1].is_rough:
        return None
    name = _name_of(sentence, part)
    if not re.search(words[0], name) or "其中" in name or start - part.end > 1:
        return None
    return part, [*(figure for figure in same if figure not in wholes), *wholes]


def _pair_of_plan(
    sentence: Sentence, percentage: Quantity, nearest: Sequence[Quantity]
) -> tuple[Quantity, list[Quantity]] | None:
    """Return what was done and what was planned in “预算120万元，决算119.4万元，完成预算的99.5%”."""
    clause, start = clause_before(sentence, percentage)
    match = _OF_PLAN.fullmatch(clause)
    before = _figures_before(nearest, start)
    if match is None or len(before) < _PAIR or before[-1].is_rough:
        return None
    part, word = before[-1], match["whole"]
    wholes = [
        figure
        for figure in before[:-1]
        if figure.base_unit == part.base_unit and word in _name_of(sentence, figure)
    ]
    is_done = word not in _name_of(sentence, part) and start - part.end <= _NEAR
    return (part, wholes[-1:]) if wholes and is_done and not wholes[-1].is_rough else None


def _pair_of_name(
    sentence: Sentence, percentage: Quantity, nearest: Sequence[Quantity]
) -> tuple[Quantity, list[Quantity]] | None:
    """Return the part that has a rate's name and the figure before it: 2400人次，合格2316人次，结业合格率96.5%.

    None if the rate is far from theirs: then it is one of something else.
    """
    clause, start = clause_before(sentence, percentage)
    match = _ANY_RATE.fullmatch(clause)
    before = _figures_before(nearest, start)
    if match is None or match["name"] in _NO_SHARE or len(before) < _PAIR:
        return None
    part = before[-1]
    if part.is_rough or start - part.end > 1 or match["name"] not in _name_of(sentence, part):
        return None
    wholes = [
        figure
        for figure in before[:-1]
        if figure.base_unit == part.base_unit and figure.base_value >= part.base_value
    ]
    if not wholes or wholes[-1].is_rough or not wholes[-1].base_value:
        return None
    rate = part.base_value / wholes[-1].base_value * 100
    return (part, wholes) if abs(rate - percentage.number) <= _FARTHEST else None


def _planned_before(
    sentence: Sentence, before: Sequence[Quantity], planned: str
) -> tuple[Quantity, list[Quantity]] | None:
    """Return what was done and what was planned in “举办42场（计划40场），完成率105%”."""
    done, plan = before[-_PAIR:]
    if done.base_unit != plan.base_unit or done.is_rough:
        return None
    is_planned = bool(re.search(planned, _name_of(sentence, plan)))
    is_done = not re.search(planned, _name_of(sentence, done))
    return (done, [plan]) if is_planned and is_done else None


def _name_of(sentence: Sentence, figure: Quantity) -> str:
    """Return the words of a figure's clause before it; none for the one before the brackets."""
    return "" if figure is sentence.owner else clause_before(sentence, figure)[0]
