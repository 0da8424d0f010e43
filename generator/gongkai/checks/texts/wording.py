"""Checks of wording (WB): wrong words, chapter numbers, empty phrases, the outline of a report."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.sentences.quantities import UNIT
from gongkai.checks.texts.passages import find_passages
from gongkai.model.documents import Record, body_lines
from gongkai.model.problems import Level, Position
from gongkai.model.terms import Role
from gongkai.model.values import Kind, ValueState, parse_han_number
from gongkai.reading.dataset import Dataset

_HEADING = re.compile(r"^(#{2,3})\s+(.*?)\s*$")
_HAN = "[零〇一二三四五六七八九十百千]{1,8}"
_NUMBER = re.compile(rf"^(?:（({_HAN})）|({_HAN})[、.．])\s*")
_DIGITS = "零一二三四五六七八九"
_WORD_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.MEASURED, Kind.CHOICE)
_LETTER_IN_FIGURE = re.compile(
    rf"(?<![A-Za-z0-9.])(?:[lIO](?=[0-9.]*[0-9])[0-9.,]+|[0-9][0-9.,]*[OolI][0-9.,OolI]*)(?=(?:万|亿)?{UNIT})(?!l)"
)
"""A letter that stands for a digit in a text: l2.6万亩, 4O人."""
_DIGITS_MEANT = str.maketrans("OolI", "0011")
_TEN_THOUSAND = 10_000
_SHORT = 10
"""Shortest 实际完成情况, in characters, that is not too short."""


@check("WB-01", "错字", Level.W, Level.E, of=Dataset)
def wrong_word(dataset: Dataset) -> Iterator[Finding]:
    """公文里常见的错字、严肃性差错：拔付（拨付）、光爱（关爱）、档和政府（党和政府）等；文字里的数混进了字母（l2.6万亩）。

    为什么：错字损害政府公信力，严肃性差错会被网站抽查扣分。
    来源：国办秘函〔2019〕19号；词表在程序的 words.yml，站点可以在 data/words.yml 增加“错字”和“例外”。
    怎么改：改正；原件如此的，写“差异说明”。
    """
    for disclosure in dataset.disclosures:
        for record in disclosure.all_records:
            cells = tuple(record.cells_of_kind(*_WORD_KINDS))
            texts = "\n".join([cell.filed for cell in cells])
            for cell in cells if any(dataset.lexicon.find_wrong_words(texts)) else ():
                for _, slip in dataset.lexicon.find_wrong_words(cell.filed):
                    message = f"“{slip.wrong}”疑为“{slip.right}”"
                    place, filed = cell.position, slip.wrong
                    yield Finding(
                        place, message, "请核对", cell.where, filed, slip.right, Level(slip.level)
                    )
            yield from _letters_in_figures(record)
            for position, line in body_lines(record):
                for column, slip in dataset.lexicon.find_wrong_words(line):
                    message = f"“{slip.wrong}”疑为“{slip.right}”"
                    place = position._replace(column=column + 1)
                    where = f"{record.name}/{line[max(0, column - 8) : column + len(slip.wrong)]}"
                    yield Finding(
                        place, message, "请核对", where, slip.wrong, slip.right, Level(slip.level)
                    )


@check("WB-02", "编号连续", Level.W, of=Record)
def numbers_not_continuous(record: Record) -> Iterator[Finding]:
    """报告各章的编号（一、二、三……）要连续，不断号、不重号、不漏号；每章里的（一）（二）也一样。

    为什么：断号的地方，读者会以为少了一章。
    怎么改：补上或改正编号。
    """
    headings = list(_headings(record))
    chapters = [heading for heading in headings if heading[1] == 2]  # noqa: PLR2004 - “## ”
    yield from _check_numbers(record, chapters, "章")
    sections: list[tuple[Position, int, str]] = []
    for heading in [*headings, None]:
        if heading is None or heading[1] == 2:  # noqa: PLR2004 - “## ”
            yield from _check_numbers(record, sections, "节")
            sections = []
        else:
            sections.append(heading)


def _headings(record: Record) -> Iterator[tuple[Position, int, str]]:
    """Yield (position, level, title) of the headings of a report."""
    for position, line in body_lines(record):
        match = _HEADING.match(line)
        if match:
            yield position, len(match[1]), match[2]


def _check_numbers(
    record: Record, headings: list[tuple[Position, int, str]], label: str
) -> Iterator[Finding]:
    numbers = [_parse_number(title) for _, _, title in headings]
    if not any(numbers):
        return
    for expected, (position, _, title) in enumerate(headings, start=1):
        number = numbers[expected - 1]
        if number != expected:
            actual = f"编号是{to_han_numeral(number)}" if number else "没有编号"
            message = (
                f"第 {expected} {label}“{title}”{actual}，按顺序应是{to_han_numeral(expected)}"
            )
            yield Finding(position, message, "请核对编号", f"{record.name}/{title}", level=Level.W)


def _parse_number(title: str) -> int:
    """Return the number of a heading; 0 if it has none."""
    match = _NUMBER.match(title)
    text = (match[1] or match[2]) if match else ""
    if not text:
        return 0
    number = int(parse_han_number(text))
    return number if to_han_numeral(number) == text.replace("〇", "零") else 0


def to_han_numeral(number: int) -> str:
    """Return a number in Chinese numerals: 240 is 二百四十; from ten thousand on in digits."""
    if number >= _TEN_THOUSAND:
        return f"{number}"
    text = ""
    for digit, place in zip(f"{number:04}", "千百十 ", strict=True):
        text += f"{_DIGITS[int(digit)]}{place}" if digit != "0" else "零"
    text = re.sub("零+", "零", text.replace(" ", "")).strip("零") or "零"
    return text.removeprefix("一") if text.startswith("一十") else text


@check("WB-05", "空泛错填", Level.I, Level.W, of=Record)
def says_nothing(record: Record) -> Iterator[Finding]:
    """总体目标与完成情况要说出内容：不能空着，不能只有数字，不能照抄目标，不能只有几个字而没有一个数。

    有了目标而完成情况空着的，是警告。

    为什么：完成情况照抄目标，读者不知道做没做到。
    怎么改：写出完成了什么、做到什么程度。
    """
    objective, achievement = (
        record.field_with_role(Role.OBJECTIVE),
        record.field_with_role(Role.ACHIEVEMENT),
    )
    for cell in (objective, achievement):
        if cell and cell.filed and re.fullmatch(r"[0-9.%％\s]+", cell.filed):
            yield finding_at(
                cell, f"“{cell.spec.key}”只有数字“{cell.filed}”", "请写出内容", level=Level.I
            )
    if achievement is None or achievement.value.state is ValueState.NOT_APPLICABLE:
        return
    if achievement.is_blank:
        if objective and objective.filed:
            message = f"写了“{objective.spec.key}”，“{achievement.spec.key}”却是空的"
            yield finding_at(achievement, message, "请写出完成了什么", level=Level.W)
        return
    if objective and achievement.filed == objective.filed:
        message = f"“{achievement.spec.key}”与“{objective.spec.key}”一字不差"
        yield finding_at(achievement, message, "请写出完成了什么", level=Level.I)
    elif len(achievement.filed) < _SHORT and not re.search(r"\d", achievement.filed):
        message = f"“{achievement.spec.key}”只有“{achievement.filed}”"
        yield finding_at(achievement, message, "请写出完成了什么", level=Level.I)


@check("WB-06", "报告提纲", Level.W, of=Record)
def outline_not_followed(record: Record) -> Iterator[Finding]:
    """文字报告要有表式提纲规定的各章，顺序一致。

    为什么：各单位的报告同样的章节，才能对照着读。
    来源：表式的“提纲”。
    怎么改：补上缺少的章；没有内容的写“无”。
    """
    headings = [_comparable_title(title) for _, level, title in _headings(record) if level == 2]  # noqa: PLR2004
    if not (record.form.outline and record.body.strip()):
        return
    positions = [(chapter, _find_chapter(chapter, headings)) for chapter in record.form.outline]
    missing = [chapter for chapter, index in positions if index is None]
    if missing:
        message = f"报告缺少：{'、'.join(missing)}"
        advice = "请补上，没有内容的写“无”"
        yield Finding(record.position, message, advice, record.name, level=Level.W)
    yield from _empty_chapters(record)
    indexes = [index for _, index in positions if index is not None]
    if indexes != sorted(indexes):
        message = "报告各章的顺序与提纲不同"
        yield Finding(record.position, message, "请按提纲的顺序", record.name, level=Level.W)


def _letters_in_figures(record: Record) -> Iterator[Finding]:
    """Yield figures of texts in which a letter stands for a digit."""
    for passage in find_passages(record):
        letters = any(letter in passage.text for letter in "OolI")
        for match in _LETTER_IN_FIGURE.finditer(passage.text) if letters else ():
            digits = match[0].translate(_DIGITS_MEANT)
            message = f"“{match[0]}”疑混进了字母，应为“{digits}”"
            place, where = passage.position_at(match.start()), passage.where_at(match[0])
            yield Finding(place, message, "请改正", where, match[0], digits, Level.W)


def _empty_chapters(record: Record) -> Iterator[Finding]:
    """Yield the headings that have nothing below them."""
    lines = [(position, line) for position, line in body_lines(record) if line.strip()]
    following = [*lines[1:], (record.position, "# ")]
    for (position, line), (_, after) in zip(lines, following, strict=True):
        depth, below = (len(text) - len(text.lstrip("#")) for text in (line, after))
        if depth > 1 and 0 < below <= depth:
            title = line.lstrip("# ")
            message = f"“{title}”下面没有内容"
            advice = "请补上，没有内容的写“无”"
            yield Finding(position, message, advice, record.name, title, level=Level.W)


def _find_chapter(chapter: str, headings: list[str]) -> int | None:
    """Return the index of the heading that matches a chapter of the outline."""
    expected = _comparable_title(chapter)
    matches = (
        index
        for index, title in enumerate(headings)
        if title and (expected in title or title in expected)
    )
    return next(matches, None)


def _comparable_title(title: str) -> str:
    """Return a title without number, spaces and punctuation."""
    return re.sub(r"[\s。，、：；]", "", _NUMBER.sub("", title))
