"""Checks of filing and publication dates (RQ)."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from gongkai.checks.base import Finding, additional_check, check, finding_at
from gongkai.checks.texts.passages import Passage, find_passages, sentence_around
from gongkai.model.dates import (
    FiledDate,
    find_dates,
    find_impossible_dates,
    is_date_serial,
    parse_date,
    recognize_date,
)
from gongkai.model.documents import Cell, Record, body_lines, cache_on_record
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.values import Kind, ValueState
from gongkai.reading.dataset import Dataset

_PUBLISHED_ON = "公开目录/发布日期"
_DATED_KINDS = (Kind.DATE, Kind.TEXT, Kind.LONG_TEXT, Kind.MEASURED)
_CREATED_ON = "公开目录/生成日期"
_FILED_ON = "填报日期"
_SIGNED_ON = "填报/填报日期"
_BLANK_DATE = re.compile(r"[年月日\W]*")
"""The words that a form prints for a date, and signs."""
_WRITE_DATE = "请写成 2023年3月1日 的样子"
_PLANNED = re.compile(
    r"下一步|明年|下一?年|次年|(?<!已)将|拟|预计|计划(?!生育)|规划|力争|争取|确保|期限|有效期|期至|到期|期满|工期|合同期|质保|保修"
    r"|前完成|[年月日底末]前|以前|之前|届时|尚未|未到|[应需须]于|约定|延期|推迟|延长|起施行|起执行|起实施|目标"
)
"""Words that mark a date as planned, so that it may be later than the filing."""
_OF_PLANS = re.compile(r"措施|下一步|计划|打算|建议|目标|用途|立项|依据")
"""Headings of texts on what is to come: there only what is said to be over counts."""
_OVER = re.compile(r"已|了|截[至止]")
_END_OF_PERIOD = re.compile(r"(?<!截)[至到—–~-]\s*$")
_DOCUMENT = re.compile(
    r"《(?P<title>[^《》]{2,40})》\s?[（(]?\s?(?P<issuer>[\u4e00-\u9fff]{1,10})"
    r"[〔\[（(【](?P<year>(?:19|20)\d\d)[〕\]）)】]\s?第?(?P<number>\d{1,5})号"
)
"""A document with its title and number: 《示例办法》（示财〔2020〕15号）."""
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[（(【](?P<year>20\d\d)[〕\]）)】]\s?第?\d{1,5}号")
_BASIS = re.compile(r"立项|批复|下达|追加|追减|安排|拨付|预算指标|实施方案|申报|招标|采购|开工")
_LATER = re.compile(
    r"评价|自评|绩效管理|考核|审计|决算|公开|检查|验收|次年|下年|下一年|明年|结转|修订|印发后|十[三四五]五|规划|标准|办法|规定"
)
"""Words of a sentence on documents of the next year: on the evaluation itself, and on what comes after."""
_PUBLICATION_PERIOD = 20
"""Longest time from approval to publication, in days (预算法 §14)."""


@check("RQ-01", "填报晚于年度", of=Disclosure)
def filed_before_the_year_ended(disclosure: Disclosure) -> Iterator[Finding]:
    """填报日期、报告的日期、生成日期不早于次年 1 月 1 日：一年没有过完，不能评价这一年。年初的绩效目标表不在此列。

    为什么：年中就填好的“自评”，完成值不可能是实际的。
    怎么改：核对日期的年份；确为原件如此的，写“差异说明”。
    """
    first = dt.date(disclosure.year + 1, 1, 1)
    evaluations = _evaluations(disclosure)
    for cell, filed in _filing_dates(evaluations):
        day = filed.exact_date
        if day and day < first:
            message = f"填报日期是 {cell.filed}，{disclosure.year} 年度还没有结束"
            yield finding_at(cell, message, "请核对日期", computed=f"不早于 {first}")
    for cell in _report_dates(evaluations):
        day = _earliest_date(cell.filed)
        if day and day < first:
            message = f"“{cell.spec.key}”是 {cell.filed}，{disclosure.year} 年度还没有结束"
            yield finding_at(cell, message, "请核对日期", computed=f"不早于 {first}")
    created = disclosure.facts.catalogue.created
    day = _earliest_date(created)
    if day and day < first and evaluations:
        message = f"生成日期是 {created}，{disclosure.year} 年度还没有结束"
        place = disclosure.key_positions[_CREATED_ON]
        yield Finding(place, message, "请核对日期", _CREATED_ON, created, f"不早于 {first}")


@check("RQ-02", "日期完整合法", Level.W, Level.E, of=Dataset, dated=True)
def date_incomplete(dataset: Dataset) -> Iterator[Finding]:
    """填报日期要写全年月日，不晚于今天和发布日期；写在哪里的日期都须是真有的一天。

    为什么：“6月29日”不知道是哪一年。
    怎么改：写成 2023年3月1日 的样子。
    """
    for disclosure in dataset.disclosures:
        published = disclosure.facts.catalogue.published
        for cell in _odd_filing_dates(disclosure.all_records):
            message, advice = f"填报日期“{cell.filed}”看不出是哪一天", _advise_date(cell.filed)
            yield finding_at(cell, message, advice, level=Level.W)
        for cell, filed in _filing_dates(disclosure.all_records):
            if reason := filed.impossibility:
                message = f"填报日期“{cell.filed}”不是真有的一天：{reason}"
                yield finding_at(cell, message, "请核对是哪一天")
            elif filed.exact_date is None:
                message = f"填报日期“{cell.filed}”没有写全年月日"
                yield finding_at(cell, message, _WRITE_DATE, level=Level.W)
            elif filed.exact_date > dataset.today:
                message = f"填报日期 {cell.filed} 晚于今天（{dataset.today}）"
                yield finding_at(cell, message, "请核对日期")
            elif published and filed.exact_date > published:
                message = f"填报日期 {cell.filed} 晚于发布日期 {published}"
                yield finding_at(cell, message, "请核对两个日期")
        signed = parse_date(disclosure.facts.sign_off.get(_FILED_ON, ""))
        signed_on = signed.exact_date if signed else None
        is_in_documents = any(_filing_dates(disclosure.all_records))
        if signed and signed.impossibility and not is_in_documents:
            filed_text = disclosure.facts.sign_off[_FILED_ON]
            message = f"填报日期“{filed_text}”不是真有的一天：{signed.impossibility}"
            place = disclosure.key_positions.get(
                _SIGNED_ON, disclosure.key_positions[_PUBLISHED_ON]
            )
            yield Finding(place, message, "请核对是哪一天", _SIGNED_ON, filed_text)
        is_after = signed_on and published and published < signed_on <= dataset.today
        if signed_on and is_after and not is_in_documents:
            message = f"填报日期 {signed_on} 晚于发布日期 {published}"
            place = disclosure.key_positions.get(
                _SIGNED_ON, disclosure.key_positions[_PUBLISHED_ON]
            )
            yield Finding(place, message, "请核对两个日期", _SIGNED_ON, f"{signed_on}")


@additional_check(date_incomplete.rule, of=Disclosure)
def date_impossible(disclosure: Disclosure) -> Iterator[Finding]:
    """Find days that no calendar has (2月30日), in dates, texts and reports."""
    created, where = disclosure.facts.catalogue.created, _CREATED_ON
    for _, text, reason in find_impossible_dates(created):
        message = f"生成日期“{text}”不是真有的一天：{reason}"
        position = disclosure.key_positions[where]
        yield Finding(position, message, "请核对是哪一天", where, created)
    for record in disclosure.all_records:
        for cell in record.cells_of_kind(*_DATED_KINDS):
            if cell.value.number is None and "日" in cell.filed and cell.spec.key != _FILED_ON:
                for _, text, reason in find_impossible_dates(cell.filed):
                    message = f"“{cell.spec.key}”里的“{text}”不是真有的一天：{reason}"
                    level = Level.E if cell.spec.kind is Kind.DATE else Level.W
                    yield finding_at(cell, message, "请核对是哪一天", level=level)
        for position, line in body_lines(record):
            for column, text, reason in find_impossible_dates(line):
                place = position._replace(column=position.column + column)
                message = f"正文里的“{text}”不是真有的一天：{reason}"
                where = f"{record.name}/正文日期"
                yield Finding(place, message, "请核对是哪一天", where, text, level=Level.W)


@check("RQ-03", "正文时点", of=Disclosure)
def text_is_later_than_filing(disclosure: Disclosure) -> Iterator[Finding]:
    """报告和表里的文字说到的已经发生的事，不能晚于填报日期（表里没有的，看 disclosure.yml 的“填报”）；没有填报日期的，不能晚于生成日期和发布日期。

    为什么：6 月填报的报告，说不出 12 月的结果。
    怎么改：核对填报日期与文字；说的是计划的，写明“计划”。
    """
    filed_on, name = _latest_filing(disclosure)
    for record in disclosure.all_records if filed_on else ():
        latest: tuple[dt.date, Finding] | None = None
        for passage in find_passages(record):
            for column, filed in find_dates(passage.text) if "20" in passage.text else ():
                day = filed.earliest_date
                if (
                    day is None
                    or filed_on is None
                    or day <= filed_on
                    or (latest and day <= latest[0])
                ):
                    continue
                if not _is_over(passage, column):
                    continue
                text = f"{filed.year}年{filed.month}月" + (f"{filed.day}日" if filed.day else "")
                subject = "文字" if passage.is_cell else "正文"
                finding = Finding(
                    passage.position_at(column),
                    f"{subject}说到 {text} 的事，{name}却是 {filed_on}",
                    f"请核对{name}",
                    f"{passage.where}/{subject}时点",
                    text,
                    str(filed_on),
                )
                latest = day, finding
        if latest:
            yield latest[1]


def _latest_filing(disclosure: Disclosure) -> tuple[dt.date | None, str]:
    """Return the latest day on which the texts may have been written, and its name."""
    records = _evaluations(disclosure) or disclosure.all_records
    days = [filed.exact_date for _, filed in _filing_dates(records) if filed.exact_date]
    if days:
        return max(days), _FILED_ON
    signed = parse_date(disclosure.facts.sign_off.get(_FILED_ON, ""))
    if signed and signed.exact_date:
        return signed.exact_date, _FILED_ON
    dates = (parse_date(cell.filed) for cell in _report_dates(records))
    days = [date.exact_date for date in dates if date and date.exact_date]
    if days:
        return max(days), "报告的日期"
    catalogue = disclosure.facts.catalogue
    created = parse_date(catalogue.created)
    known = {"生成日期": created and created.exact_date, "发布日期": catalogue.published}
    days_by_name = {name: day for name, day in known.items() if day}
    name = max(days_by_name, key=lambda key: days_by_name[key], default="")
    return days_by_name.get(name), name


def _is_over(passage: Passage, column: int) -> bool:
    """Tell whether a passage says that something has happened on the date at a column."""
    start, sentence = sentence_around(passage.text, column)
    if _PLANNED.search(sentence) or _END_OF_PERIOD.search(sentence[: column - start]):
        return False
    is_plan = passage.kind.has_targets_only or _OF_PLANS.search(passage.heading)
    return not is_plan or bool(_OVER.search(sentence))


@check("RQ-07", "文号年份", Level.W, of=Disclosure)
def document_number_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """同一份文件的文号，在一份公开件里年份要相同；本年度立项、批复、下达、追加所依据的文号，不能是以后年度的。

    为什么：文号错了一年，读者找不到这份文件。
    怎么改：查对原文件的文号。
    """
    seen: dict[tuple[str, str, str], re.Match[str]] = {}
    catalogue, where = disclosure.facts.catalogue, "公开目录/文号"
    own = _NUMBER.search(catalogue.document_number)
    if own and catalogue.published and int(own["year"]) > catalogue.published.year:
        message = f"文号 {own[0]} 的年份晚于发布日期 {catalogue.published}"
        place = disclosure.key_positions[where]
        yield Finding(place, message, "请核对文号的年份", where, own[0], level=Level.W)
    for record in disclosure.all_records:
        for passage in find_passages(record):
            for match in _DOCUMENT.finditer(passage.text) if "《" in passage.text else ():
                first = seen.setdefault((match["title"], match["issuer"], match["number"]), match)
                if first["year"] != match["year"]:
                    number, other = _number_of(match), _number_of(first)
                    message = f"《{match['title']}》的文号这里是 {number}，前面是 {other}"
                    place = passage.position_at(match.start("issuer"))
                    where = passage.where_at(number)
                    yield Finding(place, message, "请核对文号", where, number, other, Level.W)
            for match in _NUMBER.finditer(passage.text) if "号" in passage.text else ():
                start, sentence = sentence_around(passage.text, match.start())
                if int(match["year"]) <= disclosure.year or not _BASIS.search(sentence):
                    continue
                if (
                    _LATER.search(sentence)
                    or f"{match['year']}年" in sentence[: match.start() - start]
                ):
                    continue
                message = f"“{match[0]}”是 {match['year']} 年的文件，本年度是 {disclosure.year}"
                place, where = passage.position_at(match.start()), passage.where_at(match[0])
                yield Finding(place, message, "请核对文号的年份", where, match[0], level=Level.W)


def _number_of(match: re.Match[str]) -> str:
    return f"{match['issuer']}〔{match['year']}〕{match['number']}号"


@check("RQ-04", "公开时限", Level.W, of=Disclosure)
def published_late(disclosure: Disclosure) -> Iterator[Finding]:
    """决算经批复后 20 日内公开，绩效自评随决算公开。

    为什么：晚公开等于不公开。
    来源：预算法第十四条；中发〔2018〕34号。
    怎么改：核对批复日期与发布日期。
    """
    approved, published = disclosure.facts.approved, disclosure.facts.catalogue.published
    if approved and published and (published - approved).days > _PUBLICATION_PERIOD:
        days = (published - approved).days
        message = (
            f"{approved} 批复，{published} 发布，相隔 {days} 日，超过 {_PUBLICATION_PERIOD} 日"
        )
        yield Finding(
            disclosure.key_positions[_PUBLISHED_ON],
            message,
            "请核对两个日期",
            _PUBLISHED_ON,
            level=Level.W,
        )


@check("RQ-05", "发布日期真实", Level.E, Level.W, of=Dataset, dated=True)
def dated_in_the_future(dataset: Dataset) -> Iterator[Finding]:
    """发布日期不得晚于今天，不应早于生成日期；差异说明、勘误的日期也不应晚于今天。

    为什么：写成将来的日期，属于伪造发稿日期；文件还没有生成，不会发布。
    来源：国办秘函〔2019〕19号。
    怎么改：写实际的日期。
    """
    for disclosure in dataset.disclosures:
        day = disclosure.facts.catalogue.published
        if day and day > dataset.today:
            message = f"发布日期 {day} 晚于今天（{dataset.today}）"
            yield Finding(
                disclosure.key_positions[_PUBLISHED_ON],
                message,
                "请写实际的日期",
                _PUBLISHED_ON,
                str(day),
            )
        made = parse_date(disclosure.facts.catalogue.created)
        made_on = made.exact_date if made else None
        if day and made_on and day < made_on:
            message, advice = f"发布日期 {day} 早于生成日期 {made_on}", "请核对两个日期"
            place = disclosure.key_positions[_PUBLISHED_ON]
            yield Finding(place, message, advice, _PUBLISHED_ON, str(day), level=Level.W)
        yield from _dates_of_entries(disclosure, dataset.today)


def _dates_of_entries(disclosure: Disclosure, today: dt.date) -> Iterator[Finding]:
    """Yield the dates of explanations and corrections that are still to come."""
    facts, positions = disclosure.facts, disclosure.key_positions
    dates = {f"差异说明/{number}": entry.date for number, entry in enumerate(facts.explanations)}
    dates |= {f"勘误/{number}": entry.date for number, entry in enumerate(facts.corrections)}
    for where, day in dates.items():
        if day > today:
            message = f"{where.partition('/')[0]}的日期 {day} 晚于今天（{today}）"
            place = positions[f"{where}/日期"]
            yield Finding(place, message, "请写实际的日期", where, str(day), level=Level.W)


def _evaluations(disclosure: Disclosure) -> list[Record]:
    """Return the documents that are filed after the year: all but those of targets."""
    return [record for record in disclosure.all_records if not record.form.kind.has_targets_only]


def _filing_dates(records: Iterable[Record]) -> Iterator[tuple[Cell, FiledDate]]:
    """Yield the readable filing dates, once per position (documents may share one)."""
    seen: set[object] = set()
    for record in records:
        for cell in _filing_date_cells(record):
            filed = parse_date(cell.filed)
            if filed and cell.position not in seen:
                seen.add(cell.position)
                yield cell, filed


def _odd_filing_dates(records: Iterable[Record]) -> Iterator[Cell]:
    """Yield the filing dates that cannot be read, once per position."""
    seen: set[object] = set()
    for record in records:
        for cell in _filing_date_cells(record):
            is_odd = cell.value.state is ValueState.FILED and parse_date(cell.filed) is None
            if is_odd and cell.position not in seen and not _BLANK_DATE.fullmatch(cell.filed):
                seen.add(cell.position)
                yield cell


def _advise_date(filed: str) -> str:
    """Return in Chinese how to write a filing date that cannot be read."""
    day = recognize_date(filed)
    if day is None:
        return _WRITE_DATE
    serial = "这是 Excel 里日期的序号，" if is_date_serial(filed) else ""
    return f"{serial}请写成 {day.year}年{day.month}月{day.day}日"


@cache_on_record
def _filing_date_cells(record: Record) -> list[Cell]:
    """Return the filled cells 填报日期."""
    cells = (*record.cells_of_kind(Kind.DATE), *record.sign_off.values())
    return [cell for cell in cells if cell.filed and cell.spec.key == _FILED_ON]


def _report_dates(records: Iterable[Record]) -> list[Cell]:
    """Return the dates on the covers of the unit's documents."""
    return [
        cell
        for record in records
        if not record.project
        for cell in record.cells
        if cell.filed and cell.spec.kind is Kind.DATE and cell.spec.key == "日期"
    ]


def _earliest_date(text: str) -> dt.date | None:
    """Return the first day that a date with at least year and month can mean."""
    filed = parse_date(text)
    return filed.earliest_date if filed and filed.month else None
