"""Checks of dates (RQ)."""

import datetime as dt
from collections.abc import Iterator

from generator.checks.frame import Finding, check
from generator.dataset import Dataset
from generator.publication import Disclosure


@check("RQ-05", "发布日期真实", of=Dataset)
def dated_in_the_future(dataset: Dataset) -> Iterator[Finding]:
    """发布日期、差异说明和勘误的日期，不得晚于今天。

    为什么：写成将来的日期，属于伪造发稿日期。
    来源：国办秘函〔2019〕19号。
    怎么改：写实际的日期。
    """
    for disclosure in dataset.disclosures:
        for path, day in _days(disclosure):
            if day > dataset.today:
                message = f"日期 {day.isoformat()} 晚于今天（{dataset.today.isoformat()}）"
                place = disclosure.places[path]
                yield Finding(place, message, "请写实际的日期", path, day.isoformat())


def _days(disclosure: Disclosure) -> Iterator[tuple[str, dt.date]]:
    facts = disclosure.facts
    if facts.catalogue.published:
        yield "公开目录/发布日期", facts.catalogue.published
    for number, entry in enumerate(facts.explanations):
        yield f"差异说明/{number}/日期", entry.date
    for number, correction in enumerate(facts.corrections):
        yield f"勘误/{number}/日期", correction.date
