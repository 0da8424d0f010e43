"""Dates as people write them: 2022年6月29日, 2023.6.28, 6月29日."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from gongkai.model.values import parse_han_number

_COMPACT = re.compile(r"(?:19|20)\d{6}")
"""Year, month and day without anything between them: 20230630."""
_SERIAL = re.compile(r"[34]\d{4}")
"""A day as Excel stores it: days after 1899-12-30, here from 1982 to 2036."""
_SERIAL_START = dt.date(1899, 12, 30)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FULL = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(\d{1,2})\s*日?|\s*月)?")
_PARTIAL = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_WRITTEN = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}(?!\d|-))|\d{1,2}月\d{1,2}日)"
)
_HAN = re.compile(r"(?<=[年月])[一二三四五六七八九十]{1,3}(?=[月日])")
"""A month or a day in Chinese numerals: 十八 of 四月十八日."""
_LEAP_YEAR = 2000
"""The year of a date without one, so that 29 February may be meant."""


@dataclass(frozen=True, slots=True)
class FiledDate:
    """A date as filed; parts may be missing."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def exact_date(self) -> dt.date | None:
        """The day; None if a part is missing or there is no such day."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return dt.date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def impossibility(self) -> str:
        """Why there is no such day, in Chinese; empty if there is one, as far as it is stated."""
        year, month, day = self.year, self.month, self.day
        if year == 0:
            return "没有公元 0 年"
        if month is not None and not 1 <= month <= 12:  # noqa: PLR2004 - months
            return f"一年只有 12 个月，没有 {month} 月"
        if month is None or day is None:
            return ""
        days = calendar.monthrange(year or _LEAP_YEAR, month)[1]
        named_year = f"{year} 年 " if year and month == 2 else ""  # noqa: PLR2004 - February
        if not 1 <= day <= days:
            return f"{named_year}{month} 月只有 {days} 天，没有 {day} 日"
        return ""

    @property
    def is_complete(self) -> bool:
        """Whether year, month and day are all stated."""
        return None not in {self.year, self.month, self.day}

    @property
    def earliest_date(self) -> dt.date | None:
        """The first day that it can mean; None without a year or if there is no such day."""
        if self.year is None:
            return None
        try:
            return dt.date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return None


def parse_date(text: str) -> FiledDate | None:
    """Parse the date at the start of a text, or return None."""
    ascii_text = _HAN.sub(lambda match: f"{parse_han_number(match[0])}", text.strip())
    ascii_text = ascii_text.translate(_NUMERALS)
    match = _FULL.match(ascii_text)
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        return FiledDate(year, month, day)
    match = _PARTIAL.match(ascii_text)
    return FiledDate(None, int(match[1]), int(match[2])) if match else None


def recognize_date(text: str) -> dt.date | None:
    """Return the day that a text surely means; None if it means none, or several may be meant."""
    text = text.strip()
    if _SERIAL.fullmatch(text):
        return _SERIAL_START + dt.timedelta(days=int(text))
    if _COMPACT.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    date = parse_date(text)
    return date.exact_date if date else None


def is_date_serial(text: str) -> bool:
    """Return whether a text is a day as Excel stores it: 45107."""
    return bool(_SERIAL.fullmatch(text.strip()))


def find_impossible_dates(text: str) -> list[tuple[int, str, str]]:
    """Return (offset, text, reason) for the dates in a text that no calendar has: 2月30日, 2023-13-01."""
    dates: list[tuple[int, str, str]] = []
    for match in _WRITTEN.finditer(text):
        date = parse_date(match[0])
        if date and date.day is not None and (reason := date.impossibility):
            dates.append((match.start(), match[0], reason))
    return dates


def find_dates(text: str) -> list[tuple[int, FiledDate]]:
    """Return (offset, date) for the dates in a text that have at least year and month."""
    dates: list[tuple[int, FiledDate]] = []
    for match in _FULL.finditer(text):
        if re.match(r"\d{4}\s*[./-]\s*\d", match[0]) and match[3] is None:
            continue  # 2022.5 is a number more often than a month.
        if "年" in match[0] and "月" not in match[0]:
            continue  # 2022年12 begins 2022年1200万元.
        year, month, day = (int(part) if part else None for part in match.groups())
        if year is not None and 1990 <= year <= 2100 and month and 1 <= month <= 12:  # noqa: PLR2004
            dates.append((match.start(), FiledDate(year, month, day)))
    return dates
