"""Checks of dates (RQ)."""

from collections.abc import Iterator

from generator.checks.frame import Finding, check
from generator.dataset import Dataset

_DAY = "公开目录/发布日期"


@check("RQ-05", "发布日期真实", of=Dataset)
def dated_in_the_future(dataset: Dataset) -> Iterator[Finding]:
    """发布日期不得晚于今天。

    为什么：写成将来的日期，属于伪造发稿日期。
    来源：国办秘函〔2019〕19号。
    怎么改：写实际的日期。
    """
    for disclosure in dataset.disclosures:
        day = disclosure.facts.catalogue.published
        if day and day > dataset.today:
            message = f"发布日期 {day} 晚于今天（{dataset.today}）"
            yield Finding(disclosure.places[_DAY], message, "请写实际的日期", _DAY, str(day))
