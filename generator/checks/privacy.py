"""Checks for personal data (YS): everything in the data folder is public."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from generator.checks.frame import Finding, check
from generator.dataset import Dataset
from generator.nodes import Source
from generator.problems import Position
from generator.values import Kind

_MOBILE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?"
    r"1[3-9](?:\d{9}|\d[- ]\d{4}[- ]\d{4}|\d[- ]\d{3}[- ]\d{5}|\d{3}[- ]\d{6})"
    r"(?![0-9A-Za-z])"
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NARROW = {wide: ord(unicodedata.normalize("NFKC", chr(wide))) for wide in range(0xFF01, 0xFF5F)}


@check("YS-01", "手机号", of=Dataset, explainable=False)
def mobile_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方（包括注释）都不得有完整的手机号，遮蔽为 138****0000 的样子。

    为什么：data/ 里的一切都会公开；个人信息不公开。
    来源：政府信息公开条例、个人信息保护法。
    怎么改：中间四位换成 ****；金额栏里的数字不受影响。
    """
    for source, match in _matches(dataset, _MOBILE):
        digits = "".join(filter(str.isdigit, match[0]))
        masked = f"{digits[-11:-8]}****"
        message = f"这里有一个完整的手机号（{masked}…）"
        advice = "请改成“138****0000”的样子再提交"
        yield Finding(_position(source, match.start()), message, advice, filed=masked)


@check("YS-02", "身份证号", of=Dataset, explainable=False)
def identity_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方都不得有居民身份证号（18 位，校验码与出生日期均合法者）。

    为什么：data/ 里的一切都会公开；个人信息不公开。
    来源：GB 11643-1999；个人信息保护法。
    怎么改：删去，或只留末位以外均遮蔽的写法。
    """
    for source, match in _matches(dataset, _IDENTITY):
        if is_identity_number(match[0]):
            place = _position(source, match.start())
            yield Finding(place, "这里有一个身份证号", "它不应公开，请删去再提交", filed="******")


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters are an identity number: check digit and birth date (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    if _CHECK_DIGITS[total % 11] != digits[17].upper():
        return False
    try:
        born = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return born.year >= 1900  # noqa: PLR2004 - nobody alive was born before


def _matches(dataset: Dataset, pattern: re.Pattern[str]) -> Iterator[tuple[Source, re.Match[str]]]:
    amounts = _amounts(dataset)
    for source in dataset.sources:
        for match in pattern.finditer(source.text.translate(_NARROW)):
            if _position(source, match.start()) not in amounts:
                yield source, match


def _amounts(dataset: Dataset) -> frozenset[Position]:
    """Where amounts stand: in 元 they may look like a mobile number."""
    return frozenset(
        cell.position
        for disclosure in dataset.disclosures
        for record in disclosure.all_records
        for cell in record.cells()
        if cell.spec.kind is Kind.AMOUNT and cell.value.number is not None
    )


def _position(source: Source, index: int) -> Position:
    line = source.text.count("\n", 0, index) + 1
    column = index - (source.text.rfind("\n", 0, index) + 1) + 1
    return Position(source.file, line, column)
