"""Projects that texts name or count against those with a self-evaluation (JG-10)."""

import re
from collections.abc import Iterator

from gongkai.checks import attachments
from gongkai.checks.base import Finding, additional_check
from gongkai.checks.texts.labelled_amounts import MONEY
from gongkai.checks.texts.passages import (
    LAST_YEAR_WORDS,
    Passage,
    find_passages,
    names_other_year,
    sentence_around,
)
from gongkai.checks.texts.unit_names import differ_by_one, is_same_body
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import parse_decimal, parse_han_number

_SPENT_ON = re.compile(
    r"(?P<name>“[^”]{3,30}”|[\u4e00-\u9fffA-Za-z0-9（）]{4,30}?)项目[，,]?(?:全年|本年|共|共计|实际|当年|年内)*(?:安排|支出|投入|使用)(?:资金|经费|预算)?(?:为|共计?)?(?=[0-9])"
)
"""A project and what was spent on it: 实施X项目，支出32万元."""
_SPENT_BY = re.compile(
    rf"(?:投入|安排|支出|使用)(?:资金|经费)?(?:共|共计)?{MONEY.pattern}[，,]?(?:用于|资金)?(?:实施|建设|开展|完成)(?:了)?(?P<name>“[^”]{{3,30}}”|[\u4e00-\u9fff（）]{{4,30}}?)项目"
)
"""The same the other way round: 投入15万元实施X项目."""
_QUOTED = re.compile(r"“(?P<name>[^“”]{4,30})”(?:专项|建设|实施)?项目(?![库组部群类])")
"""A project in quotation marks: “示例道路维护”项目."""
_PLANNED = re.compile(r"拟|计划|下一?步|下一?年|明年")
_OF_ITS_YEAR = re.compile(r"支出|执行|进度|资金|预算|支付|自评|绩效|得分|完成|未|不足|不够|偏")
_NO_OWN = re.compile(
    r"下一?步|下一?年|明年|计划(?!生育)|拟|申报|争取|储备|入库|将|建议|上级|省级|国家|全[省市县区]|参与|配合|行动|工程$|规划|试点|称号|荣誉|"
    r"不再|不作|不参加|不纳入|完结|结项|移交|划转|并入|取消|停止|免于|暂缓|往年|以前年度"
)
"""Words of a sentence on a project that need not be one of the unit's in the year."""
_LEADING = re.compile(
    r"^(?:另外?|还|同时|并|新|全年|本年|年内|其中|\d{4}年度?|共|已|组织|开展|实施|完成|启动|推进|承担|安排|继续|了|我[局委站所馆院校]|本[局委站所馆院校])+"
)
_GENERAL = re.compile(
    r"[各本该其等]|所有|全部|重点|专项$|上级|中央|[省市县本]级|政府采购|基本建设|财政|债券|预算|部门|单位|以上|上述|一个|[0-9一二三四五六七八九十两]个|类$"
)
"""Words of a name that is not that of one project."""
_SHORTEST_NAME = 4
_COUNT = r"(?P<{}>[0-9]+|[一二两三四五六七八九十]+)个"
_COUNTED = re.compile(
    r"(?:共有?|共计|共实施|共安排|本年度|全年|[我本](?:单位|部门|[局委站所馆院校中心]))[^，,。；;0-9]{0,8}?"
    + _COUNT.format("first")
    + r"(?:(?:预算|专项|支出|财政)?项目(?!负责|资金库)|专项(?![一-龥]))"
    + r"|(?:共|本年度|全年|[我本](?:单位|部门|[局委站所馆院校中心]))[^，,。；;0-9]{0,4}?(?:实施|安排|开展|有)?(?:预算|专项|支出)?项目"
    + _COUNT.format("second")
    + r"|"
    + _COUNT.format("third")
    + r"项目(?:支出)?的?(?:绩效)?自评"
    + r"|(?:^|(?<=[，。；：]))"
    + _COUNT.format("fourth")
    + r"项目(?:均|全部|都)"
)
"""All projects of the year, counted."""
_OTHER_COUNT = re.compile(r"其中|子项目|下一?年|明年|计划|拟|全[省市州县区镇乡]|辖区|申报|争取")
"""Words of a sentence that counts other projects."""
_SHORTEST_MISSPELT = 6
_ABSTRACT = "公开目录/内容概述"


@additional_check(attachments.projects_do_not_match.rule, of=Disclosure, needs_complete=True)
def projects_in_texts_do_not_match(disclosure: Disclosure) -> Iterator[Finding]:
    """Find projects that a text of the whole unit spends money on, or counts, beyond those filed."""
    if not disclosure.projects:
        return
    for record in disclosure.records:
        if record.form.kind in {DocumentKind.REPORT, DocumentKind.OVERALL, DocumentKind.BASELINE}:
            for passage in find_passages(record):
                if "项目" in passage.text:
                    yield from _find_unfiled(passage, disclosure)
                yield from _find_counts(passage, disclosure)
                yield from _find_misspelt(passage, disclosure)
    abstract = disclosure.facts.catalogue.abstract
    for match in _wrong_counts(abstract, disclosure):
        place = disclosure.key_positions[_ABSTRACT]
        yield _count_finding(disclosure, place=place, where=_ABSTRACT, match=match)


def _find_unfiled(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    for match in _SPENT_ON.finditer(passage.text):
        amount = MONEY.match(passage.text, match.end())
        if amount:
            yield from _check_name(passage, match, f"{match[0]}{amount[0]}", disclosure)
    for match in _SPENT_BY.finditer(passage.text):
        yield from _check_name(passage, match, match[0], disclosure)
    yield from _find_quoted(passage, disclosure)


def _find_misspelt(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    """Find names of projects with one wrong character before an amount."""
    for project in disclosure.projects:
        name = project.name
        if len(name) < _SHORTEST_MISSPELT or name in passage.text:
            continue
        for start in _starts_of_similar(name, passage.text):
            end = start + len(name)
            written = passage.text[start:end]
            if differ_by_one(written, name) and MONEY.match(passage.text, end):
                place, where = passage.position_at(start), passage.where_at(written)
                message = f"项目名称写的是“{written}”，自评表是“{name}”"
                advice = "请核对后统一"
                yield Finding(place, message, advice, where, written, name, Level.W)


def _starts_of_similar(name: str, text: str) -> Iterator[int]:
    """Yield where a text may have a name with one wrong character: where it has half of it."""
    half = len(name) // 2
    for part, offset in ((name[:half], 0), (name[half:], half)):
        at = text.find(part)
        while at >= 0:
            if at >= offset:
                yield at - offset
            at = text.find(part, at + 1)


def _find_quoted(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    """Find projects in quotation marks that a text judges, and that no document names."""
    for match in _QUOTED.finditer(passage.text) if "”" in passage.text else ():
        _, sentence = sentence_around(passage.text, match.start())
        if _NO_OWN.search(sentence) or not _OF_ITS_YEAR.search(sentence):
            continue
        if not _is_named_elsewhere(match["name"], disclosure):
            yield from _check_name(passage, match, f"{match['name']}项目", disclosure)


def _is_named_elsewhere(name: str, disclosure: Disclosure) -> bool:
    """Tell whether a cell of the unit's documents names a project."""
    return any(
        name in cell.filed
        for record in disclosure.all_records
        for cell in record.cells
        if len(cell.filed) >= len(name)
    )


def _check_name(
    passage: Passage, match: re.Match[str], quotation: str, disclosure: Disclosure
) -> Iterator[Finding]:
    start, sentence = sentence_around(passage.text, match.start())
    before = sentence[: match.end() - start]
    name = _LEADING.sub("", match["name"].strip("“”"))
    if len(name) < _SHORTEST_NAME or _GENERAL.search(name) or _PLANNED.search(before):
        return
    if names_other_year(before, disclosure.year) or any(map(before.__contains__, LAST_YEAR_WORDS)):
        return
    names = [project.name for project in disclosure.projects]
    if not any(is_same_body(name, known) for known in names):
        message = f"“{quotation}”，项目“{name}”没有自评表；有自评表的是{_list_names(names)}"
        place, where = passage.position_at(match.start("name")), passage.where_at(name)
        yield Finding(
            place, message, "请补上这个项目的自评，或核对名称", where, name, level=Level.W
        )


def _find_counts(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    for match in _wrong_counts(passage.text, disclosure):
        place, where = passage.position_at(match.start()), passage.where_at(match[0])
        yield _count_finding(disclosure, place=place, where=where, match=match)


def _wrong_counts(text: str, disclosure: Disclosure) -> Iterator[re.Match[str]]:
    """Yield the counts of all projects that are not that of the projects filed."""
    if "项目" not in text and "专项" not in text:
        return
    matches = list(_COUNTED.finditer(text))
    if any(_count_of(match) == len(disclosure.projects) for match in matches):
        return
    for match in matches:
        _, sentence = sentence_around(text, match.start())
        is_other = names_other_year(sentence, disclosure.year) or any(
            map(sentence.__contains__, LAST_YEAR_WORDS)
        )
        is_part = match["fourth"] and _count_of(match) < len(disclosure.projects)
        if not (is_other or is_part or _OTHER_COUNT.search(sentence)):
            yield match


def _count_of(match: re.Match[str]) -> int:
    digits = next(filter(None, match.group("first", "second", "third", "fourth")))
    return int(parse_decimal(digits) if digits[0].isascii() else parse_han_number(digits))


def _count_finding(
    disclosure: Disclosure, *, place: Position, where: str, match: re.Match[str]
) -> Finding:
    names = [project.name for project in disclosure.projects]
    message = f"“{match[0]}”，有自评的项目是 {len(names)} 个：{_list_names(names)}"
    return Finding(
        place, message, "请核对个数，或补上缺少的自评", where, match[0], f"{len(names)}", Level.W
    )


def _list_names(names: list[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown}等 {len(names)} 个"  # noqa: PLR2004
