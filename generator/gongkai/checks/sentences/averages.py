"""Averages that a total and a number give: 38批次、214人次，平均每批次5.63人 (GJ-01)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.sentences.arithmetic import StatedResult
from gongkai.checks.sentences.clauses import Sentence, quote_from
from gongkai.checks.sentences.quantities import Quantity, format_in_unit
from gongkai.model.values import round_half_up

_AVERAGE = re.compile(
    r"(?:(?<!年)(?<!年人)(?P<by>[人户场村校班批次生亩])均|平均每(?:个|一|1)?(?P<per>批次|场次|人次|[\u4e00-\u9fff]))"
    r"(?P<what>[^，。；：、0-9]{0,8})$"
)
_SUBJECTS = {"生": "人", "名": "人", "位": "人"}
"""Units of those for whom an average is given, by the word in its name."""
_NO_TOTAL = re.compile("成本|标准|增收|收入|工资|单价|费用|上年|去年|目标|计划(?!生育)")
"""Words of an average that comes from figures which the sentence need not state."""
_NEAR, _MOST_BACK, _MOST_PAIRS = 16, 6, 4
_MOST_OFF = Decimal("0.35")
"""An average that is off by more is one of something else."""


def find_wrong_averages(sentence: Sentence, text: str) -> Iterator[StatedResult]:
    """Yield averages that no total and number before them in the sentence give."""
    if "均" not in sentence.text:
        return
    for index, average in enumerate(sentence.quantities):
        column = average.column - sentence.start
        match = _AVERAGE.search(sentence.text[max(column - _NEAR, 0) : column])
        is_exact = not average.is_rough or average.is_rate
        if not match or not is_exact or average.is_percentage or _NO_TOTAL.search(match["what"]):
            continue
        before = sentence.quantities[max(index - _MOST_BACK, 0) : index]
        exact = [figure for figure in before if not (figure.is_rough or figure.is_rate)]
        subject = match["by"] or match["per"]
        numbers = [figure for figure in exact if _is_number_of(figure, subject)]
        totals = [figure for figure in exact if _is_total_of(figure, average)]
        pairs = [
            (total, number)
            for total in totals
            for number in numbers
            if number is not total and number.base_value
        ]
        if not pairs or len(pairs) > _MOST_PAIRS:
            continue
        quotients = [total.base_value / number.base_value for total, number in pairs]
        place = average.last_place
        if any(
            round_half_up(value.scaleb(-place), 0).scaleb(place) == average.base_value
            for value in quotients
        ):
            continue
        nearest = min(quotients, key=lambda value: abs(value - average.base_value))
        if abs(nearest - average.base_value) > average.base_value * _MOST_OFF:
            continue
        rounded = round_half_up(nearest.scaleb(-place), 0).scaleb(place)
        first = min(pairs[quotients.index(nearest)], key=lambda figure: figure.column)
        quote = quote_from(sentence, text, first, average)
        shown = format_in_unit(rounded, average)
        yield StatedResult(average.column, average.text, shown, "平均数", quote)


def _is_number_of(figure: Quantity, subject: str) -> bool:
    unit = _SUBJECTS.get(subject, subject)
    return figure.base_unit.startswith(unit) and (unit != "人" or figure.base_unit == "人")


def _is_total_of(figure: Quantity, average: Quantity) -> bool:
    """Tell whether a figure may be the total of an average: 人次 for 人, too."""
    units = {average.base_unit, f"{average.base_unit}次"}
    return figure.base_unit in units and figure.base_value > average.base_value
