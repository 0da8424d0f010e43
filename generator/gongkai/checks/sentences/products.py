"""Totals that a number and an amount for one give: 5栋校舍每栋36具，合计180具 (GJ-01)."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from gongkai.checks.sentences.arithmetic import StatedResult
from gongkai.checks.sentences.clauses import Sentence, quote_from
from gongkai.checks.sentences.quantities import Quantity, format_in_unit

_RATE = re.compile(r"(?:每|按每)(?P<unit>[\u4e00-\u9fff])(?:[^，。；：、0-9]{0,10})$")
_TOTAL = re.compile(
    r"^\s*(?:[，,、（(]|的标准)?\s*[^，。；：、0-9]{0,8}?(?:合计|共计?|总计|总共)[^，。；：、0-9]{0,6}$"
)
_MOST_BACK, _NEAR = 4, 14


def find_wrong_products(sentence: Sentence, text: str) -> Iterator[StatedResult]:
    """Yield totals that are not the number of things times the amount for one of them."""
    if "每" not in sentence.text:
        return
    quantities = sentence.quantities
    for index, (rate, total) in enumerate(pairwise(quantities)):
        column = rate.column - sentence.start
        match = _RATE.search(sentence.text[max(column - _NEAR, 0) : column])
        gap = sentence.text[rate.end - sentence.start : total.column - sentence.start]
        if not match or not _TOTAL.match(gap) or rate.base_unit != total.base_unit:
            continue
        counts = _counts_of(match["unit"], quantities[max(index - _MOST_BACK, 0) : index])
        if not counts or any(figure.is_rough for figure in (rate, total, *counts)):
            continue
        count, sums = counts[-1], accumulate(figure.base_value for figure in reversed(counts))
        product = count.base_value * rate.base_value
        if all(number * rate.base_value != total.base_value for number in sums):
            shown = format_in_unit(product, total)
            quote = quote_from(sentence, text, count, total)
            yield StatedResult(total.column, total.text, shown, "合计", quote)


def _counts_of(unit: str, before: tuple[Quantity, ...]) -> list[Quantity]:
    """Return the figures of things of a unit; 人, 名 and 位 are one."""
    unit = "人" if unit in "名位" else unit
    return [figure for figure in before if figure.base_unit == unit]
