"""Names of indicators and of things in texts, without words for the year, for completing and for counting."""

import re
from functools import lru_cache

_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+是|[（(]?\d+[）)]?[.、．])?(?:截至年底|全年|年度|年内|本年度?|当年|\d{4}年度?|实际|已|共|共计|累计|圆满|按期|按计划|顺利|全部|完成了?|实现了?|组织|并|同时|为)+"
)
_TRAILING = re.compile(r"(?:完成|实际|为|是|达到?了?|到|共|共计|合计|有|总计|了|的|:|：|\s)+$")
_MEASURE_WORD = re.compile(
    r"(?:总数|数量|人数|人次数?|户数|次数|场次|场数|期数|[个份件条篇处座天株辆套册所家名台批亩]数|面积|里程|长度|规模|数|量)$"
)
"""What a name says of how its indicator is counted."""
NO_NAME = re.compile(r"[（(][^）)]*[）)]|[“”《》*\s]")
"""What names and texts may differ in: additions in brackets, quotation marks."""


@lru_cache(maxsize=20_000)
def core_of_name(name: str) -> str:
    """Return the core of an indicator's name, without additions in brackets and quotation marks."""
    return core_of(NO_NAME.sub("", name))


@lru_cache(maxsize=20_000)
def core_of(name: str) -> str:
    """Return a name without words for the year, for completing, and for how it is counted."""
    core = _TRAILING.sub("", _LEADING.sub("", name))
    return _MEASURE_WORD.sub("", core)
