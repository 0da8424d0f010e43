"""Parts of a table as laid out: fields, tables of figures, indicators, totals, lines of text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.form_drafts.layout import PageCell, PageRow
from gongkai.authoring.form_drafts.vocabulary import Use, Vocabulary
from gongkai.authoring.office.form_recognition import ATTACHMENT_NUMBER
from gongkai.model.values import Kind

_OPENING_TEXT = re.compile(r"^[（(]?\s*20\d\d\s*年度?\s*[)）]?$|[:：].|单位\s*[:：]")
_NUMBERED_GOAL = re.compile(r"目标\s*[0-9一二三四五六七八九十]")
_POINTS = re.compile(r"\d\s*分\s*[)）]?$")
_MAX_LABEL = 40
"""Longest text that is taken for a label, in characters."""


class PageColumn(NamedTuple):
    """A column of a table with its headings."""

    label: PageCell
    heading: PageCell | None
    """The heading above, if it covers several columns."""

    @property
    def number(self) -> int:
        """Where its cells are."""
        return self.label.column


class Pair(NamedTuple):
    """A label and the cell of its value."""

    label: PageCell | None
    value: PageCell | None


@dataclass(slots=True)
class FieldRows:
    """填写项 in rows."""

    lead: PageCell | None
    """The label left of the rows that it covers."""
    rows: list[list[Pair]] = field(default_factory=list)


@dataclass(slots=True)
class FieldColumns:
    """填写项 with the labels above the values (分栏)."""

    caption: PageCell | None
    columns: list[PageColumn]
    values: PageRow


@dataclass(slots=True)
class FigureTable:
    """行列表."""

    caption: PageCell | None
    corner: PageCell | None
    """The heading over the names of the rows; None if there are no row names."""
    columns: list[PageColumn]
    rows: list[PageRow]
    breakdowns: list[PageRow] = field(default_factory=list)
    """Rows below that hold labels with their amounts side by side (分解)."""


@dataclass(slots=True)
class IndicatorRows:
    """指标表."""

    caption: PageCell | None
    columns: list[PageColumn]
    rows: list[PageRow]
    is_blank: bool = False
    """Whether nothing in the file is filled in."""


@dataclass(slots=True)
class TotalLine:
    """合计行."""

    label: PageCell
    row: PageRow


Part = FieldRows | FieldColumns | FigureTable | IndicatorRows | TotalLine


@dataclass(slots=True)
class PageParts:
    """A table file, part by part."""

    opening: list[PageCell] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    closing: list[PageCell] = field(default_factory=list)


class _Head(NamedTuple):
    """The heading rows of a table."""

    lead: PageCell | None
    columns: list[PageColumn]
    bottom: int
    """The last heading row."""


@dataclass(slots=True)
class _Splitter:
    """Splits rows into parts."""

    rows: Sequence[PageRow]
    words: Vocabulary
    result: PageParts = field(default_factory=PageParts)
    caption: PageCell | None = None
    """A line that stands above a table."""
    heading: PageCell | None = None
    """A line within a table that stands above all of its headings."""
    number: int = 0

    def split(self) -> PageParts:
        last = max((row.number for row in self.rows if len(row.cells) > 1), default=-1)
        while self.number < len(self.rows):
            row = self.rows[self.number]
            if row.is_line or (not self.result.parts and self.is_opening(row)):
                self.take_line(row, last)
                self.number += 1
            elif not row.filled:
                self.number += 1
            elif self.is_heading(row):
                self.heading = row.cells[1]
                self.number += 1
            else:
                self.take_rows(row)
                self.caption = self.heading = None
        return self.result

    def is_opening(self, row: PageRow) -> bool:
        """Return whether a row above the tables only holds lines of text: 部门：… | 单位：万元."""
        following = self.rows[row.number + 1] if row.number + 1 < len(self.rows) else None
        lone = len(row.filled) == 1 and row.cells[0] in row.filled and len(row.cells) > 2  # noqa: PLR2004
        if lone and following is not None and not self.words.find(Use.FIELD, row.filled[0].text):
            return not _covers_rows(row.filled[0])
        marks = (":", "：")
        stated = any(mark in cell.text.strip()[:-1] for mark in marks for cell in row.filled)
        known = any(self.words.is_label(cell.text, Use.FIELD, Use.LEVEL) for cell in row.filled)
        return stated and not known and len(row.filled) > 1

    def take_line(self, row: PageRow, last: int) -> None:
        """Use a line: a caption, a value without a label, or text above or below the tables."""
        for cell in row.filled:
            if self.has_title and row.is_line and self.stands_above_head(row):
                is_heading = row.width > 1 and self.caption is not None
                self.caption, self.heading = (self.caption if is_heading else cell), cell
                self.heading = cell if is_heading else None
            elif not self.result.parts:
                self.result.opening.append(cell)
            elif row.width > 1 and row.number < last:
                self.add_pairs(None, [Pair(None, cell)])
            else:
                self.result.closing.append(cell)

    @property
    def has_title(self) -> bool:
        """Whether a line above is the title, so that further ones may be captions."""
        numbered = (ATTACHMENT_NUMBER.fullmatch(cell.text.strip()) for cell in self.result.opening)
        return bool(self.result.parts) or not all(numbered)

    def stands_above_head(self, row: PageRow) -> bool:
        """Return whether headings follow, with at most one line of a table between."""
        if self.caption is None and any(map(_is_opening_text, (cell.text for cell in row.filled))):
            return False
        below = self.rows[row.number + 1 :][:2]
        if len(below) > 1 and below[0].is_line and below[0].width > 1:
            below = below[1:]
        return bool(below) and not below[0].is_line and self.is_head_row(below[0])

    def is_head_row(self, row: PageRow) -> bool:
        head = self.head_of(row)
        kinds = (self.is_indicator_head, self.is_figure_head, self.is_goal_head)
        return any(is_kind(head) for is_kind in kinds) or self.is_unknown_head(head)

    def head_of(self, row: PageRow) -> _Head:
        """Return the headings that begin in a row, if it is one."""
        first, rest = row.cells[0], [cell for cell in row.cells[1:] if cell.row == row.number]
        bottom = max((cell.last_row for cell in rest), default=row.number)
        has_lead = first.last_row > bottom or first.row < row.number
        tops = [cell for cell in row.cells if cell.row == row.number]
        tops = [cell for cell in tops if not has_lead or cell is not first]
        columns = list(self._columns(tops, bottom))
        return _Head(first if has_lead else None, columns, bottom)

    def _columns(self, tops: Sequence[PageCell], bottom: int) -> Iterator[PageColumn]:
        below = self.rows[bottom] if bottom < len(self.rows) else None
        for top in tops:
            cells = [] if below is None or top.last_row >= bottom else list(below.cells)
            covered = [
                cell
                for cell in cells
                if top.column <= cell.column <= top.last_column and cell is not top
            ]
            if covered:
                yield from (PageColumn(cell, top) for cell in covered)
            else:
                yield PageColumn(top, None)

    def is_indicator_head(self, head: _Head) -> bool:
        labels = [column.label for column in head.columns if not column.label.is_blank]
        levels = sum(self.words.is_label(cell.text, Use.LEVEL) for cell in labels)
        columns = sum(self.words.is_label(cell.text, Use.INDICATOR_COLUMN) for cell in labels)
        has_figures = any(map(_has_figure, head.columns))
        is_known = levels > 1 or (levels > 0 and levels + columns > 2)  # noqa: PLR2004
        return is_known and len(labels) > 2 and not has_figures  # noqa: PLR2004

    def is_figure_head(self, head: _Head) -> bool:
        labels = [column.label for column in head.columns if not column.label.is_blank]
        known = sum(self.words.is_label(cell.text, Use.MONEY_COLUMN) for cell in labels)
        has_figures = any(map(_has_figure, head.columns))
        if known == len(labels) == 1 and len(head.columns) == 2:  # noqa: PLR2004
            return head.columns[0].label.is_blank and self._has_row_below(head)
        return known > 1 and known * 2 > len(labels) and not has_figures and not _alternates(head)

    def is_goal_head(self, head: _Head) -> bool:
        labels = [column.label for column in head.columns]
        is_known = all(
            not cell.is_blank and self.words.is_label(cell.text, Use.GOAL) for cell in labels
        )
        return len(labels) > 1 and is_known and self._has_row_below(head)

    def is_unknown_head(self, head: _Head) -> bool:
        """Return whether unknown labels stand above a row of figures or blanks."""
        labels = [column.label for column in head.columns if not column.label.is_blank]
        known = any(self._is_text_label(cell.text) for cell in labels)
        short = all(len(cell.text) <= _MAX_LABEL for cell in labels) and not any(
            map(_has_figure, head.columns)
        )
        if len(labels) < 3 or known or not short or not self._has_row_below(head):  # noqa: PLR2004
            return False
        below = [self.rows[head.bottom + 1].cell_at(column.number) for column in head.columns]
        return all(cell is not None and (cell.is_number or cell.is_blank) for cell in below[1:])

    def _is_text_label(self, text: str) -> bool:
        """Return whether a label is known as that of a field with a text."""
        term = self.words.find(Use.FIELD, text)
        return term is not None and term.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.DATE}

    def _has_row_below(self, head: _Head) -> bool:
        """Return whether the cells of the next row stand under these headings."""
        if head.bottom + 1 >= len(self.rows):
            return False
        below = self.rows[head.bottom + 1]
        starts = {cell.column for cell in below.cells if cell.row == below.number}
        return {column.number for column in head.columns} <= starts

    def is_heading(self, row: PageRow) -> bool:
        """Return whether a row is a label and one text, which stands above the headings below it."""
        lead, following = row.cells[0], self.rows[row.number + 1 :][:1]
        own = [cell for cell in row.cells[1:] if cell.row == row.number]
        shares = any(lead in below.cells for below in following)
        return len(own) == 1 and len(row.cells) == 2 and shares and self.is_head_row(following[0])  # noqa: PLR2004

    def take_rows(self, row: PageRow) -> None:
        """Use the part that begins in a row."""
        head = self.head_of(row)
        if self.is_indicator_head(head):
            self.take_indicators(head)
        elif self.is_total(row):
            self.number += 1
        elif self.is_figure_head(head) or (
            (self.caption or head.lead) and self.is_unknown_head(head)
        ):
            self.take_figures(head)
        elif self.is_goal_head(head):
            columns = [
                column._replace(heading=column.heading or self.heading) for column in head.columns
            ]
            below = self.rows[head.bottom + 1]
            self.result.parts.append(FieldColumns(head.lead or self.caption, columns, below))
            self.number = head.bottom + 2
        else:
            self.take_fields(row)
            self.number += 1

    def is_total(self, row: PageRow) -> bool:
        """Use a row of totals below indicators; return whether it is one."""
        indicators = [part for part in self.result.parts if isinstance(part, IndicatorRows)]
        labels = [cell for cell in row.cells if cell.row == row.number][:2]
        label = next((cell for cell in labels if self.words.is_label(cell.text, Use.TOTAL)), None)
        if not indicators or label is None or label.column > indicators[-1].columns[0].number + 1:
            return False
        self.result.parts.append(TotalLine(label, row))
        return True

    def take_indicators(self, head: _Head) -> None:
        rows = list(self._indicator_rows(head))
        columns = _with_lead(head, rows) if self.is_level(head, rows) else head.columns
        caption = self.caption if columns is not head.columns else head.lead or self.caption
        self.result.parts.append(IndicatorRows(caption, columns, rows))
        self.number = head.bottom + 1 + len(rows)

    def is_level(self, head: _Head, rows: Sequence[PageRow]) -> bool:
        """Return whether the names left of headings and rows are a level: 年度绩效目标1 …."""
        lead = head.lead
        if lead is None:
            return False
        names = {cell.name for row in rows for cell in row.cells if cell.column == lead.column}
        follows = any(isinstance(part, IndicatorRows) for part in self.result.parts)
        is_numbered = bool(_NUMBERED_GOAL.search(lead.text))
        return len(names) > 1 or is_numbered or (follows and bool(_POINTS.search(lead.text)))

    def _indicator_rows(self, head: _Head) -> Iterator[PageRow]:
        """Yield the rows of indicators below their headings."""
        last_level = self.last_level(head.columns)
        for row in self.rows[head.bottom + 1 :]:
            if row.is_line or (row.filled and self.is_head_row(row)):
                return
            label = next((cell for cell in row.cells if not cell.is_blank), None)
            covers = label is not None and label.last_column >= last_level
            is_total = label is not None and self.words.is_label(label.text, Use.TOTAL)
            starts = {cell.column for cell in row.cells}
            fits = {column.number for column in head.columns[-2:]} <= starts
            if (covers or is_total) and label is not None and label.column < last_level:
                return
            if not fits and row.filled:
                return
            if row.filled:
                yield row

    def last_level(self, columns: Sequence[PageColumn]) -> int:
        """Return the column of the last level of indicators."""
        return columns[
            max(self.words.last_level([column.label.text for column in columns]), 0)
        ].number

    def take_figures(self, head: _Head) -> None:
        first = head.columns[0]
        is_value = self.words.is_label(first.label.text, Use.MONEY_COLUMN)
        has_names = first.label.is_blank or not is_value
        corner = first.label if has_names else None
        columns = head.columns[1:] if has_names else head.columns
        table = FigureTable(head.lead or self.caption, corner, columns, [])
        limit = None if has_names else 1
        for row in self.rows[head.bottom + 1 :][:limit]:
            if row.is_line or not self._is_figure_row(row, table, head):
                break
            table.rows.append(row)
        self.number = head.bottom + 1 + len(table.rows)
        self._take_breakdowns(table)
        self.result.parts.append(table)

    def _is_figure_row(self, row: PageRow, table: FigureTable, head: _Head) -> bool:
        """Return whether a row has a cell under every heading."""
        if head.lead is not None and head.lead not in row.cells:
            return False
        values = [cell for cell in row.cells if cell.column >= table.columns[0].number]
        is_labelled = any(self.words.is_label(cell.text, Use.GOAL, Use.FIELD) for cell in values)
        name = next((cell for cell in row.cells if cell.row == row.number), None)
        is_goal = name is not None and self.words.is_label(name.text, Use.GOAL)
        if self.is_head_row(row) or is_labelled or is_goal:
            return False
        starts = {cell.column for cell in row.cells}
        first = row.cell_at(table.columns[0].number)
        begins = first is not None and first.row == row.number
        return begins and {column.number for column in table.columns} <= starts

    def _take_breakdowns(self, table: FigureTable) -> None:
        """Use rows in which labels with their amounts stand side by side: 其中：基本支出：…."""
        if self.number >= len(self.rows) or table.corner is None:
            return
        first = self.rows[self.number]
        labels = [cell for cell in first.filled if cell.row == first.number]
        marks = (":", "：")
        if len(labels) < 2 or not all(cell.text.strip().endswith(marks) for cell in labels):  # noqa: PLR2004
            return
        while self.number < len(self.rows):
            row = self.rows[self.number]
            if row.is_line or not all(
                any(mark in cell.text for mark in marks) for cell in row.filled
            ):
                return
            table.breakdowns.append(row)
            self.number += 1

    def take_fields(self, row: PageRow) -> None:
        """Use a row of labels and values."""
        first, cells = row.cells[0], [cell for cell in row.cells if cell.row == row.number]
        lead = first if _covers_rows(first) and len(row.cells) > 1 else None
        rest = [cell for cell in cells if cell is not lead]
        if len(rest) % 2 and len(rest) > 2 and lead is None:  # noqa: PLR2004
            lead, rest = rest[0], rest[1:]
        if len(rest) == 1:
            pairs = [Pair(None, rest[0])]
        else:
            pairs = [
                Pair(label, value)
                for label, value in zip(rest[::2], [*rest[1::2], None], strict=False)
            ]
        if pairs:
            self.add_pairs(lead, pairs)

    def add_pairs(self, lead: PageCell | None, pairs: list[Pair]) -> None:
        """Add a row of fields to the part that it belongs to; a label is printed with one part only."""
        captions = [
            part.caption
            for part in self.result.parts
            if not isinstance(part, FieldRows | TotalLine)
        ]
        lead = None if any(caption is lead for caption in captions) else lead
        last = self.result.parts[-1] if self.result.parts else None
        if isinstance(last, FieldRows) and last.lead is lead:
            last.rows.append(pairs)
        else:
            self.result.parts.append(FieldRows(lead, [pairs]))


def _is_opening_text(text: str) -> bool:
    """Return whether a line states a year, a unit of money or a value, so that it is no caption."""
    return bool(_OPENING_TEXT.search(text.strip()))


def _has_figure(column: PageColumn) -> bool:
    return column.label.is_number or (column.heading is not None and column.heading.is_number)


def _covers_rows(cell: PageCell) -> bool:
    return cell.last_row > cell.row


def _alternates(head: _Head) -> bool:
    """Return whether labels and blanks alternate: those are fields, not headings."""
    labels = [column.label for column in head.columns]
    return len(labels) > 1 and all(
        cell.is_blank == bool(number % 2) for number, cell in enumerate(labels)
    )


def _with_lead(head: _Head, rows: Sequence[PageRow]) -> list[PageColumn]:
    """Return the columns, with one for the names left of them."""
    return [PageColumn(head.lead, None), *head.columns] if head.lead and rows else head.columns


def split_parts(rows: Sequence[PageRow], words: Vocabulary) -> PageParts:
    """Return the parts of a table file."""
    return _Splitter(rows, words).split()
