"""Check of starts and ends in texts (RQ-08): nothing ends before it starts."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.checks.texts.prose import text_blocks
from gongkai.model.documents import Record
from gongkai.model.problems import Level

_DATE = r"(?:(?P<{0}_year>20\d\d)\s?[年./-]\s?)?(?P<{0}_month>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<{0}_day>\d{{1,2}})(?![\d.])(?:日|号)?)?(?:[上中下]旬|[初底末])?"
_FROM, _TO = _DATE.format("start"), _DATE.format("end")
_ADVERBS = (
    "正式|全面|全部|陆续|如期|按期|顺利|圆满|基本|已|项目|工程|组织|破土|进场|通过|竣工|主体|集中"
)
_STARTED = rf"(?:{_ADVERBS}){{0,3}}(?:开工|动工|启动|开始|施工|开班|开幕|立项|进场|开馆|开展|实施)(?:建设|施工|实施)?"
_ENDED = rf"(?:{_ADVERBS}){{0,3}}(?:完工|竣工|结束|验收|交付|投入使用|建成|闭幕|结业|结项|完成(?!\w)|完结|终止|止)"
_EVENTS = re.compile(
    rf"(?<!\d){_FROM}{_STARTED}\s?[、，,]?\s?(?:并|随后|其后)?[于在至到]?\s?{_TO}{_ENDED}"
)
"""7月10日开工、6月28日完工, of one thing: no other subject stands between."""
_PERIOD = re.compile(rf"(?<!\d){_FROM}起?\s?(?:至|到|—|–|-|~|～){{1,2}}\s?{_TO}")
"""7月10日至6月28日."""
_MOST_MONTHS = 2
"""How many months earlier an end without its year is taken for a slip, not for one in the next year."""


@check("RQ-08", "起止先后", Level.W, of=Record)
def ends_before_it_starts(record: Record) -> Iterator[Finding]:
    """文字里同一件事的结束不能早于开始：“7月10日开工、6月28日完工”“2022年9月15日至2022年9月3日”。

    没有写年份的，只在相差不到三个月时提出：“11月开工，3月完工”可能是次年三月。中间写了另一个主语的，不作判断。

    为什么：时间颠倒，读者不知道工期是多长。
    怎么改：核对两个日期；跨年的写明年份。
    """
    for block in text_blocks(record):
        if block.text.count("月") < 2 and block.text.count("20") < 2:  # noqa: PLR2004 - two dates
            continue
        for pattern in (_EVENTS, _PERIOD):
            for match in pattern.finditer(block.text):
                if _is_reversed(match, is_period=pattern is _PERIOD):
                    message = f"“{match[0]}”结束早于开始"
                    place, where = block.position_at(match.start()), f"{block.where}/{match[0]}"
                    advice = "请核对两个日期，跨年的写明年份"
                    yield Finding(place, message, advice, where, match[0], level=Level.W)


def _is_reversed(match: re.Match[str], *, is_period: bool) -> bool:
    """Tell whether the second of two dates is surely before the first."""
    start_year, end_year = match["start_year"], match["end_year"]
    months = int(match["start_month"]), int(match["end_month"])
    if not all(1 <= month <= 12 for month in months) or (end_year and not start_year):  # noqa: PLR2004
        return False
    days = match["start_day"], match["end_day"]
    start = int(start_year or 0), months[0], int(days[0] or 0)
    end = int(end_year or start_year or 0), months[1], int(days[1] or 0)
    if not all(days):
        start, end = (*start[:2], 0), (*end[:2], 0)
    if end >= start:
        return False
    return bool(end_year) or months[0] - months[1] <= (0 if is_period else _MOST_MONTHS)
