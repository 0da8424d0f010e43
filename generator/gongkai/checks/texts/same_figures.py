"""Figures of one thing that the texts of two documents state differently (GJ-03)."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.checks.base import Finding, additional_check
from gongkai.checks.sentences.clauses import Sentence, clause_before, split_sentences
from gongkai.checks.sentences.closeness import closeness_of
from gongkai.checks.sentences.indicator_names import NO_NAME, core_of
from gongkai.checks.sentences.quantities import Quantity
from gongkai.checks.texts import cross_document
from gongkai.checks.texts.passages import LAST_YEAR_WORDS, Passage, find_passages, names_other_year
from gongkai.model.documents import Record
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure

_OTHER = re.compile(
    r"计划(?!生育)|目标|预期|预计|同比|同期|原|将|拟|力争|下年|下一年|明年|下一步|规划|季度|上半年|下半年|月|[一二三四五六七八九十]期|标段|增加|减少|增长|"
    r"下降|提高|降低|超|多|少|每|平均|人均|不足|不到|以上|另|截|以来|剩余|其他|其余"
)
"""Words of a clause whose figure is not simply that of the year."""
_SHORTEST = 4
_GENERAL = re.compile(
    r"^(?:合计|共计|总计|项目|资金|经费|收入|支出|预算|决算|结转|结余|拨款|财政|部门|单位|整体|年初|年中|年末|全年|年度|本年|"
    r"当年|实际|调整|下达|安排|投入|到位|使用|执行|完成|其中|金额|总额|总|数|满意度?|群众|人员|人数)*$"
)
_HAS_FIGURE = re.compile("[0-9０-９]").search

_Key = tuple[str, str]
"""What a figure is of, and its unit."""


class _Mention(NamedTuple):
    """A figure that a text states of something."""

    passage: Passage
    quantity: Quantity
    words: str
    owner: str


@additional_check(cross_document.same_fact_differs.rule, of=Disclosure, needs_complete=True)
def same_figure_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """Find figures of the same thing, in the same words and unit, that differ a little between documents.

    Each document states one figure of it; a project's documents are compared with one another and with
    those of the unit, if no other project has the thing.
    """
    of_unit = [_mentions(record, disclosure.year) for record in disclosure.records]
    of_projects = [
        [_mentions(record, disclosure.year) for record in project.records]
        for project in disclosure.projects
    ]
    for number, documents in enumerate(of_projects):
        others = [
            key
            for other, found in enumerate(of_projects)
            if other != number
            for mentions in found
            for key in mentions
        ]
        seen = dict[_Key, _Mention]()
        for mentions in documents:
            yield from _compare(seen, mentions)
            seen.update({key: mention for key, mention in mentions.items() if key not in seen})
        for mentions in of_unit:
            own = {key: mention for key, mention in mentions.items() if key not in others}
            yield from _compare(own, seen)


def _compare(known: dict[_Key, _Mention], mentions: dict[_Key, _Mention]) -> Iterator[Finding]:
    for key, mention in mentions.items():
        other = known.get(key)
        if other and closeness_of(mention.quantity, other.quantity.base_value):
            yield Finding(
                mention.passage.position_at(mention.quantity.column),
                f"“{mention.words}”，{other.owner}里写的是“{other.words}”",
                "请核对后统一，不是一件事的请写明",
                mention.passage.where_at(mention.words),
                mention.quantity.text,
                other.quantity.text,
                Level.W,
            )


def _mentions(record: Record, year: int) -> dict[_Key, _Mention]:
    """Return the things of which a document states one figure."""
    found: dict[_Key, _Mention] = {}
    several: set[_Key] = set()
    for passage in find_passages(record):
        if not passage.states_results or not _HAS_FIGURE(passage.text):
            continue
        for sentence in split_sentences(passage.text):
            for key, mention in _mentions_in(sentence, passage, record, year):
                first = found.setdefault(key, mention)
                if first.quantity.base_value != mention.quantity.base_value:
                    several.add(key)
    return {key: mention for key, mention in found.items() if key not in several}


def _mentions_in(
    sentence: Sentence, passage: Passage, record: Record, year: int
) -> Iterable[tuple[_Key, _Mention]]:
    written = passage.text[sentence.start : sentence.start + len(sentence.text)]
    if names_other_year(written, year) or any(word in written for word in LAST_YEAR_WORDS):
        return
    for quantity in sentence.quantities:
        if quantity.is_rough or quantity.is_rate or quantity.is_percentage:
            continue
        clause = re.split(r"[、和及]", clause_before(sentence, quantity)[0])[-1].strip()
        core = core_of(NO_NAME.sub("", clause))
        if (
            len(core) < _SHORTEST
            or re.search("[0-9]", core)
            or _OTHER.search(clause)
            or _GENERAL.match(core)
        ):
            continue
        mention = _Mention(passage, quantity, f"{clause}{quantity.text}", record.name)
        yield (core, quantity.base_unit), mention
