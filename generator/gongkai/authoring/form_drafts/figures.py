"""Drafts of 行列表: tables with named columns and rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gongkai.authoring.form_drafts.entries import FormEntry
from gongkai.authoring.form_drafts.fields import adds_up, keep_first_roles
from gongkai.authoring.form_drafts.labels import (
    Wording,
    kind_of_values,
    make_key,
    put_kind,
    put_label,
    put_role,
    quote_label,
    texts_of,
    unknown_label_remark,
)
from gongkai.authoring.form_drafts.layout import PageCell, PageRow
from gongkai.authoring.form_drafts.parts import FigureTable, PageColumn
from gongkai.authoring.form_drafts.vocabulary import LabelTerm, Use
from gongkai.authoring.office.cells import normalize_label
from gongkai.model.terms import Role
from gongkai.model.values import Kind

_CHAPTER = re.compile(r"^\s*[一二三四五六七八九十]{1,3}、")
_NUMBERED = re.compile(r"^\s*[（(]?\d{1,2}[)）.、．]\s*")
_WITHIN = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、．])?\s*其中")
_TOTAL = re.compile("合计|总计|小计|总额")
_POINT_ROLES = frozenset({Role.POINTS, Role.SCORE, Role.REVIEW_SCORE, Role.EXECUTION_RATE})
_AMOUNT_ROLES = frozenset({
    Role.INITIAL, Role.ADJUSTED, Role.SPENT, Role.PRIOR_FINAL, Role.BUDGET, Role.FINAL,
})  # fmt: skip


@dataclass(slots=True)
class _Row:
    """A named row under construction."""

    row: PageRow
    name: PageCell
    entry: FormEntry
    term: LabelTerm | None
    depth: int = 0
    parent: "_Row | None" = None
    children: list["_Row"] = field(default_factory=list)


def draft_figure_table(part: FigureTable, wording: Wording, name: str) -> FormEntry:
    """Return a table of figures."""
    section = FormEntry({"形式": "行列表"})
    _put_name(section, part, wording, name)
    columns = [_draft_column(column, part, wording) for column in part.columns]
    _make_unique(columns)
    keep_first_roles(columns, "列")
    _add_column_sums(columns, part)
    section.put("列", columns)
    if part.corner is not None:
        rows = _draft_rows(part, columns, wording)
        section.put("行", [row.entry for row in rows])
    if part.breakdowns:
        section.put("分解", list(_draft_breakdowns(part, wording)))
    return section


def _put_name(section: FormEntry, part: FigureTable, wording: Wording, name: str) -> None:
    """Set key, label and corner; a single heading over the row names may be the table's own."""
    caption, corner = part.caption, part.corner
    if caption is None and corner is not None and not corner.is_blank:
        caption, corner = corner, None
    label = wording.template(caption.text) if caption else name
    section.put("键", make_key(label, wording.keys))
    wording.keys.add(section.get("键"))
    put_label(section, label)
    if caption is None:
        section.put("印名", "否")
    if corner is not None and not corner.is_blank:
        section.put("行头", wording.template(corner.text))


def _draft_column(column: PageColumn, part: FigureTable, wording: Wording) -> FormEntry:
    label = wording.template(column.label.text)
    heading = wording.template(column.heading.text) if column.heading else ""
    term = wording.find(Use.MONEY_COLUMN, label) or wording.find(
        Use.MONEY_COLUMN, f"{heading}{label}"
    )
    entry = FormEntry({"键": make_key(label)})
    put_label(entry, label)
    entry.put("表头", heading)
    values = texts_of(row.cell_at(column.number) for row in part.rows)
    kind = term.kind if term else kind_of_values(label + heading, values)
    if term is None and kind is Kind.TEXT and values and all(map(_is_figure, values)):
        kind = Kind.AMOUNT if _is_money_table(part) else Kind.NUMBER
    put_kind(entry, kind)
    if kind is Kind.AMOUNT:
        entry.put("金额单位", wording.amount_unit(label) or wording.amount_unit(heading))
    put_role(entry, term.role if term else None)
    if term is None:
        entry.remarks.append(unknown_label_remark(label, "一列"))
    return entry


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,.]+", text.strip())) or text.strip() in {"—", "/", "-"}


def _is_money_table(part: FigureTable) -> bool:
    return part.caption is not None and "元" in part.caption.text


def _make_unique(columns: Sequence[FormEntry]) -> None:
    """Give columns with the same key the words of their heading, or a number."""
    taken: set[str] = set()
    for column in columns:
        key = column.get("键")
        if key in taken:
            label = column.get("标签") or key
            column.values["键"] = make_key(f"{column.get('表头', '')}{key}", taken)
            put_label(column, label)
        taken.add(column.get("键"))


def _add_column_sums(columns: Sequence[FormEntry], part: FigureTable) -> None:
    """Add 合计 to a total column: the other amounts under the same heading."""
    for number, column in enumerate(columns):
        heading = column.get("表头")
        total = _TOTAL.search(f"{column.get('键')}")
        if not total or not heading or column.get("类型") != Kind.AMOUNT:
            continue
        others = [
            (index, other)
            for index, other in enumerate(columns)
            if other.get("表头") == heading and index != number and other.get("类型") == Kind.AMOUNT
        ]
        checks = [
            adds_up(
                row.cell_at(part.columns[number].number),
                [row.cell_at(part.columns[index].number) for index, _ in others],
            )
            for row in part.rows
        ]
        if others and False not in checks:
            column.put("合计", [other.get("键") for _, other in others])


def _draft_rows(part: FigureTable, columns: Sequence[FormEntry], wording: Wording) -> list[_Row]:
    """Return the rows with their names, tree, sums and printed texts."""
    rows: list[_Row] = []
    taken: set[str] = set()
    open_name = _open_name(part, wording)
    first = part.columns[0].number
    for page_row in part.rows:
        name = next((cell for cell in reversed(page_row.cells) if cell.column < first), None)
        if name is None:
            continue
        row = _draft_row(page_row, name, wording, taken)
        if _is_open(row, rows, open_name):
            if rows and rows[-1].entry.get("开放"):
                continue
            row = _open_row(row, open_name, taken)
        elif name.is_blank:
            continue
        rows.append(row)
        taken.add(row.entry.get("键"))
        _place_row(rows)
    _adopt_loose_rows(rows)
    for row in rows:
        _put_parts(row, rows, part)
        _put_printed(row, part, columns, wording)
        if row.parent is not None:
            _insert_parent(row)
    return rows


def _draft_row(row: PageRow, name: PageCell, wording: Wording, taken: set[str]) -> _Row:
    label = wording.template(name.text)
    term = wording.find(Use.MONEY_ROW, label)
    entry = FormEntry({"键": make_key(label, taken)})
    put_label(entry, label)
    put_role(entry, term.role if term else None)
    return _Row(row, name, entry, term)


def _open_name(part: FigureTable, wording: Wording) -> str:
    """Return what the rows of an open table are called: 任务 under 任务名称; empty if none are open."""
    corner = wording.template(part.corner.text) if part.corner else ""
    return re.sub("名称$", "", corner) if corner.endswith("名称") else ""


def _is_open(row: _Row, rows: Sequence[_Row], open_name: str) -> bool:
    """Return whether a row is one of any number that the unit itself names."""
    if open_name:
        return row.term is None
    above = rows[-1] if rows else None
    label = f"{row.name.text}".strip()
    is_numbered = bool(_NUMBERED.match(label)) or not _NUMBERED.sub("", label)
    if above is None or not is_numbered or row.term is not None:
        return False
    below_projects = above.entry.get("角色") == Role.PROJECT_SPENDING
    return below_projects or bool(above.entry.get("开放"))


def _open_row(row: _Row, open_name: str, taken: set[str]) -> _Row:
    entry = FormEntry({"键": make_key(open_name or "项目", taken)})
    if not open_name:
        entry.put("标签", "{序号}.{名称}")
        entry.put("角色", str(Role.PROJECT_ROW))
    entry.put("开放", "是")
    entry.remarks.append("有几项写几行，名称由各单位自己填；如果是表上印好的几行，请改成逐行写")
    return _Row(row.row, row.name, entry, None)


def _place_row(rows: Sequence[_Row]) -> None:
    """Set the parent of the last row, by its numbering and “其中”."""
    row, before = rows[-1], rows[:-1]
    label = row.name.text
    above = before[-1] if before else None
    if above is None or _CHAPTER.match(label):
        return
    if row.entry.get("开放") or _NUMBERED.match(label):
        row.parent = _numbered_parent(row, before)
    elif _WITHIN.match(label):
        row.parent = above
    elif _NUMBERED.match(above.name.text) and not _WITHIN.match(above.name.text):
        row.parent = None
    else:
        row.parent = above.parent
    if row.parent is not None:
        row.parent.children.append(row)


def _numbered_parent(row: _Row, before: Sequence[_Row]) -> _Row | None:
    """Return the parent of a numbered row: that of the number before it; of a first one the row above."""
    number = _number(row)
    for above in reversed(before):
        if number > 1 and _number(above) == number - 1:
            return above.parent
        if _CHAPTER.match(above.name.text):
            break
    return before[-1]


def _number(row: _Row) -> int:
    """Return the running number of a row; 0 if it has none, the first for a list without end."""
    match = _NUMBERED.match(row.name.text)
    return int(re.sub(r"\D", "", match[0])) if match else int(bool(row.entry.get("开放")))


def _adopt_loose_rows(rows: Sequence[_Row]) -> None:
    """Make the rows behind a total its parts, if nothing on the page says whose parts they are."""
    roots = [row for row in rows if row.parent is None]
    first = rows[0] if rows else None
    if first is None or not _is_total(first) or first.children or len(roots) < len(rows):
        return
    for row in rows[1:]:
        row.parent = first
        first.children.append(row)


def _is_total(row: _Row) -> bool:
    return bool(row.term and row.term.is_sum) or bool(_TOTAL.search(row.name.text))


def _put_parts(row: _Row, rows: Sequence[_Row], part: FigureTable) -> None:
    """Set 合计: of a total its parts; of another row those that add up to it wherever it is filled."""
    parts = row.children
    if not parts and _is_total(row) and row is rows[-1] and len(rows) > 1:
        parts = [other for other in rows[:-1] if other.parent is None]
    named = _is_total(row)
    if not parts or (len(parts) < 2 and not (named and parts[0].entry.get("开放"))):  # noqa: PLR2004
        return
    checks = (
        [] if any(child.entry.get("开放") for child in parts) else list(_sums(row, parts, part))
    )
    if named or (True in checks and False not in checks):
        row.entry.put("合计", [child.entry.get("键") for child in parts])
    if named and False in checks:
        row.entry.remarks.append(
            f"“{quote_label(row.name.text)}”按标签是下面几行之和，可是填的数加起来不等；请核对“合计”"
        )


def _sums(row: _Row, parts: Sequence[_Row], part: FigureTable) -> Iterator[bool]:
    for column in part.columns:
        cells = [child.row.cell_at(column.number) for child in parts]
        total = row.row.cell_at(column.number)
        if (total and "%" in total.text) or (verdict := adds_up(total, cells)) is None:
            continue
        if not all(cell is None or cell.is_blank or cell.is_struck for cell in cells):
            yield verdict


def _put_printed(
    row: _Row, part: FigureTable, columns: Sequence[FormEntry], wording: Wording
) -> None:
    """Set 印: the cells that the form strikes out or fills in itself."""
    if row.entry.get("开放"):
        return
    printed: dict[str, str] = {}
    for column, entry in zip(part.columns, columns, strict=True):
        cell = row.row.cell_at(column.number)
        if cell is None or cell.is_blank or cell.row != row.row.number:
            continue
        known = wording.is_printed(cell.text)
        role = entry.get("角色")
        is_struck = cell.is_struck and (role in _POINT_ROLES or entry.get("类型") != Kind.AMOUNT)
        term = wording.find(Use.MONEY_COLUMN, column.label.text)
        is_text = bool(term and term.is_printed) and known is not False
        if (is_struck and known is not False) or is_text:
            printed[entry.get("键")] = cell.text.strip()
    row.entry.put("印", printed)


def _insert_parent(row: _Row) -> None:
    """Set 上级 before the sums and printed texts."""
    if row.parent is not None:
        values = row.entry.values
        tail = [(key, values.pop(key)) for key in ("合计", "印") if key in values]
        row.entry.put("上级", row.parent.entry.get("键"))
        values.update(tail)


def _draft_breakdowns(part: FigureTable, wording: Wording) -> Iterator[FormEntry]:
    """Yield the breakdowns side by side under a table."""
    head, *rows = part.breakdowns
    taken: set[str] = set()
    for title in head.filled:
        label = wording.template(title.text)
        block = FormEntry({"键": make_key(label)})
        put_label(block, label)
        lines: list[FormEntry] = []
        for row in rows:
            cell = row.cell_at(title.column)
            if cell is not None and not cell.is_blank:
                lines.append(_draft_breakdown_line(cell, wording))
        taken |= {line.get("键") for line in lines}
        block.put("行", lines)
        yield block


def _draft_breakdown_line(cell: PageCell, wording: Wording) -> FormEntry:
    match = re.match(r"^(.*[:：])\s*[^:：]*$", cell.text.strip(), re.DOTALL)
    label = match[1] if match else cell.text.strip()
    entry = FormEntry({"键": make_key(label)})
    if label != entry.get("键"):
        entry.put("标签", label)
    put_kind(entry, Kind.AMOUNT)
    term = wording.find(Use.BREAKDOWN, label)
    put_role(entry, term.role if term else None)
    return entry


def execution_points(section: FormEntry, part: FigureTable) -> str:
    """Return the points of the execution rate that a table states; empty if it states none."""
    if not any(column.get("角色") == Role.EXECUTION_RATE for column in section.get("列", [])):
        return ""
    for column, entry in zip(part.columns, section.get("列"), strict=True):
        if entry.get("角色") == Role.POINTS and part.rows:
            cell = part.rows[0].cell_at(column.number)
            if cell and re.fullmatch(r"\d+(?:\.\d+)?", cell.text.strip()):
                return cell.text.strip()
    labels = [part.caption.text if part.caption else ""]
    labels += [column.label.text for column in part.columns]
    matches = (re.search(r"(\d+(?:\.\d+)?)\s*分", normalize_label(label)) for label in labels)
    return next((match[1] for match in matches if match), "")
