"""Drafts of 指标表 and 合计行: levels, columns, the indicators that the form prints."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gongkai.authoring.form_drafts.entries import FormEntry
from gongkai.authoring.form_drafts.indicator_trees import (
    IndicatorTree,
    Merged,
    TreeMerger,
    complete_names,
    iter_merged,
    iter_nodes,
    read_tree,
)
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
from gongkai.authoring.form_drafts.layout import PageRow
from gongkai.authoring.form_drafts.parts import IndicatorRows, PageColumn, TotalLine
from gongkai.authoring.form_drafts.vocabulary import LabelTerm, Use
from gongkai.model.terms import Role
from gongkai.model.values import Kind

_TARGETS = frozenset({Role.TARGET, Role.INITIAL_TARGET, Role.ACTUAL})
_SCORES = frozenset({Role.POINTS, Role.SCORE, Role.REVIEW_SCORE})
_SIGNS = re.compile(r"[≥≤=＝><≧≦═＞＜≈]|大于|小于|等于|不低于|不高于")
_MAX_CHOICES = 3
_YES_NO = frozenset({"是", "否"})
_LONG_TEXT = 20
"""Shortest text of an unknown column, in characters, that a form may print itself."""


@dataclass(slots=True)
class IndicatorDraft:
    """A drafted table of indicators, and what other parts have to know about it."""

    section: FormEntry
    levels: list[FormEntry] = field(default_factory=list)
    level_columns: list[PageColumn] = field(default_factory=list)
    columns: list[FormEntry] = field(default_factory=list)
    places: list[PageColumn] = field(default_factory=list)
    """Where the columns are."""
    first_level: int = 0
    points_key: str = ""
    is_rubric: bool = False

    @property
    def has_unknown_columns(self) -> bool:
        """Whether nobody knows what some of its columns are for."""
        return any(column.remarks for column in self.columns)

    @property
    def roles(self) -> set[str]:
        """The roles of its columns."""
        return {column.get("角色") for column in self.columns if column.get("角色")}


def draft_indicators(
    part: IndicatorRows, others: Sequence[IndicatorRows], wording: Wording, name: str
) -> IndicatorDraft:
    """Return a table of indicators; `others` are the same table in other files."""
    draft = IndicatorDraft(FormEntry({"形式": "指标表"}))
    _put_name(draft.section, part, wording, name)
    columns = _without_number(part, draft)
    last = _last_level(columns, wording)
    for number, column in enumerate(columns):
        if number <= last:
            _add_level_or_beside(column, draft, part, wording)
        else:
            _add_column(column, draft, part, wording)
    _settle_roles(draft)
    draft.is_rubric = not draft.roles & _TARGETS and Role.SCORE in draft.roles
    trees = [_tree(draft, part, rows) for rows in (part, *others)]
    _put_formats(draft, trees)
    _put_levels_of_columns(draft, part)
    _put_presets(draft, trees, wording)
    return draft


def _put_name(section: FormEntry, part: IndicatorRows, wording: Wording, name: str) -> None:
    caption = part.caption
    if caption is None or caption.is_blank:
        section.put("键", make_key(name, wording.keys))
        section.put("印名", "否")
    else:
        label = wording.template(caption.text)
        section.put("键", make_key(label, wording.keys))
        put_label(section, label)
    wording.keys.add(section.get("键"))
    section.put("必填", "是")


def _without_number(part: IndicatorRows, draft: IndicatorDraft) -> list[PageColumn]:
    """Return the columns without the running number."""
    if part.columns[0].label.name in {"序号", "编号"}:
        draft.section.put("序号", "是")
        return part.columns[1:]
    return part.columns


def _last_level(columns: Sequence[PageColumn], wording: Wording) -> int:
    """Return the number of the last column with names of indicators."""
    last = wording.words.last_level([wording.template(column.label.text) for column in columns])
    while last > 0 and not _is_level(columns, last, wording):
        last -= 1
    return max(last, 0)


def _is_level(columns: Sequence[PageColumn], number: int, wording: Wording) -> bool:
    """Return whether a column that may be a level stands before the first target or score."""
    before = columns[1:number]
    terms = [wording.find(Use.INDICATOR_COLUMN, column.label.text) for column in before]
    return not any(term and term.role in _TARGETS for term in terms)


def _add_level_or_beside(
    column: PageColumn, draft: IndicatorDraft, part: IndicatorRows, wording: Wording
) -> None:
    label = wording.template(column.label.text)
    term = wording.find(Use.INDICATOR_COLUMN, label)
    if term and term.role in _SCORES and draft.levels and not wording.find(Use.LEVEL, label):
        level = draft.levels[-1]
        entry = _column_entry(column, term, draft, part, wording)
        taken = {other.get("键") for other in draft.columns}
        short = f"{level.get('键')}".replace("指标", "")
        entry.values["键"] = make_key(f"{short}{entry.get('键')}", taken)
        entry.values.pop("标签", None)
        put_label(entry, label)
        entry.put("层级", level.get("键"))
        entry.put("随层级", "是")
        _append_column(entry, column, draft)
        return
    level = _level_entry(column, draft, part, wording)
    if column.heading is not None and not draft.section.get("表头"):
        draft.section.put("表头", wording.template(column.heading.text))
    draft.levels.append(level)
    draft.level_columns.append(column)


def _level_entry(
    column: PageColumn, draft: IndicatorDraft, part: IndicatorRows, wording: Wording
) -> FormEntry:
    label = wording.template(column.label.text)
    taken = {level.get("键") for level in draft.levels}
    names = texts_of(row.cell_at(column.number) for row in part.rows)
    if column.label.is_blank or _names_itself(column, part):
        stem = (
            re.sub(r"[0-9一二三四五六七八九十]*\s*([（(].*)?$", "", names[0].strip())
            if names
            else ""
        )
        is_goal = bool(re.search("目标", stem))
        level = FormEntry({"键": make_key(stem if is_goal else "部分", taken), "印名": "否"})
        level.put("分块", "是")
        draft.first_level = len(draft.levels) + 1
        level.remarks.append(
            "在一级指标之上的一层，名称由各单位自己填；如果只是表的标题，请删去这一级"
        )
        return level
    level = FormEntry({"键": make_key(label, taken)})
    put_label(level, label)
    if wording.find(Use.LEVEL, label) is None:
        level.remarks.append(f"“{quote_label(label)}”当作一级指标名称（紧挨着已知的一级）；请核对")
    return level


def _names_itself(column: PageColumn, part: IndicatorRows) -> bool:
    """Return whether the heading is the first of the names below: a cell over head and rows."""
    return bool(part.rows) and column.label.last_row >= part.rows[0].number


def _column_entry(
    column: PageColumn,
    term: LabelTerm | None,
    draft: IndicatorDraft,
    part: IndicatorRows,
    wording: Wording,
) -> FormEntry:
    label = wording.template(column.label.text)
    heading = wording.template(column.heading.text) if column.heading else ""
    entry = FormEntry({"键": make_key(label)})
    put_label(entry, label)
    if heading and heading != draft.section.get("表头"):
        entry.put("表头", heading)
    values = texts_of(row.cell_at(column.number) for row in part.rows)
    put_kind(entry, term.kind if term else kind_of_values(label, values))
    put_role(entry, term.role if term else None)
    if term is None:
        entry.remarks.append(unknown_label_remark(label, "一列"))
    _put_choices(entry, values)
    return entry


def _put_choices(entry: FormEntry, values: Sequence[str]) -> None:
    """Make a column a choice if its few values show that it is one."""
    distinct = list(dict.fromkeys(value.strip() for value in values))
    role = entry.get("角色")
    is_sign = role == Role.COMPARISON
    if is_sign and distinct and not any(map(_SIGNS.search, distinct)):
        del entry.values["角色"]
        entry.remarks.append("填的不是 ≥ ≤ = 这样的符号，角色空着；请核对")
    is_other = is_sign and "角色" not in entry.values
    if set(distinct) == _YES_NO or (is_other and 1 < len(distinct) <= _MAX_CHOICES):
        entry.values["类型"] = str(Kind.CHOICE)
        entry.put("选项", ["是", "否"] if set(distinct) == _YES_NO else distinct)


def _add_column(
    column: PageColumn, draft: IndicatorDraft, part: IndicatorRows, wording: Wording
) -> None:
    label = wording.template(column.label.text)
    heading = wording.template(column.heading.text) if column.heading else ""
    both = wording.find(Use.INDICATOR_COLUMN, f"{label}{heading}") if heading else None
    term = wording.find(Use.INDICATOR_COLUMN, label) or both
    if both and both.role is Role.REVIEW_SCORE:
        term = both
    entry = _column_entry(column, term, draft, part, wording)
    if any(other.get("键") == entry.get("键") for other in draft.columns):
        taken = {other.get("键") for other in draft.columns}
        entry.values["键"] = make_key(f"{entry.get('表头') or ''}{entry.get('键')}", taken)
        put_label(entry, label)
    _append_column(entry, column, draft)


def _append_column(entry: FormEntry, column: PageColumn, draft: IndicatorDraft) -> None:
    draft.columns.append(entry)
    draft.places.append(column)


def _settle_roles(draft: IndicatorDraft) -> None:
    """Leave every role with one column of a level; the only target at the year's start is the target."""
    roles = draft.roles
    for column in draft.columns:
        if column.get("角色") == Role.INITIAL_TARGET and Role.TARGET not in roles:
            column.values["角色"] = str(Role.TARGET)
    seen: set[tuple[str, str]] = set()
    for column in draft.columns:
        pair = (column.get("角色", ""), column.get("层级", ""))
        if pair[0] and pair in seen:
            del column.values["角色"]
            column.remarks.append(f"前面已经有“{pair[0]}”一列，这一列的角色空着")
        seen.add(pair)


def _tree(draft: IndicatorDraft, main: IndicatorRows, part: IndicatorRows) -> IndicatorTree:
    """Return the tree of a table with the same columns, wherever they are in its own grid."""
    places = dict(
        zip(map(id, main.columns), (column.number for column in part.columns), strict=True)
    )
    levels = [places[id(column)] for column in draft.level_columns]
    columns = [places[id(column)] for column in draft.places]
    names = [cell.text for row in part.rows if (cell := row.cell_at(levels[-1])) is not None]
    keeps = draft.is_rubric and sum(map(_has_points, names)) * 2 > len(names)
    blocks = draft.first_level
    tree = read_tree(part.rows, levels, columns, blocks=blocks, keeps_leaf_points=keeps)
    tree.is_blank = part.is_blank
    return tree


def _has_points(text: str) -> bool:
    return bool(re.search(r"\d\s*分\s*[)）]?$", text.strip()))


def _put_formats(draft: IndicatorDraft, trees: Sequence[IndicatorTree]) -> None:
    """Set how names are printed with their points, and the column of the points."""
    points = next(
        (
            column
            for column in draft.columns
            if column.get("角色") == Role.POINTS and not column.get("随层级")
        ),
        None,
    )
    levels = [level for level in range(len(draft.levels)) if _format(level, trees)]
    if levels and points is None:
        key = make_key("分值", {column.get("键") for column in draft.columns})
        points = FormEntry({"键": key, "类型": str(Kind.POINTS), "角色": str(Role.POINTS)})
        if max(levels) + 1 < len(draft.levels):
            points.put("层级", draft.levels[max(levels)].get("键"))
        points.put("单列", "否")
        draft.columns.insert(0, points)
    draft.points_key = points.get("键") if points else ""
    for level in levels:
        before, after = _format(level, trees)
        draft.levels[level].put("写法", f"{{名称}}{before}{{{draft.points_key}}}{after}")


def _format(level: int, trees: Sequence[IndicatorTree]) -> tuple[str, str]:
    """Return what usually stands around the points of a level; empty if no points are printed."""
    for tree in trees:
        if counter := tree.formats.get(level):
            return counter.most_common(1)[0][0]
    return ()  # type: ignore[return-value]


def _put_levels_of_columns(draft: IndicatorDraft, part: IndicatorRows) -> None:
    """Set 层级 of the columns whose cells cover the same rows as the names of a level."""
    for entry, column in zip(_printed_columns(draft), draft.places, strict=True):
        if entry.get("层级") or not _has_merged_cells(column, part.rows):
            continue
        level = _aligned_level(column, draft, part.rows)
        if entry.get("角色") in _SCORES:
            entry.remarks.append(
                "有几行合用一格：当作几个指标合用一个（得分组）；各级各有一个的，请写“层级”"
            )
        elif level is None:
            entry.remarks.append("有几行合用一格，与哪一级都对不齐；导入时只归第一行，请核对")
        else:
            entry.put("层级", draft.levels[level].get("键"))


def _printed_columns(draft: IndicatorDraft) -> list[FormEntry]:
    return [column for column in draft.columns if column.get("单列") != "否"]


def _has_merged_cells(column: PageColumn, rows: Sequence[PageRow]) -> bool:
    cells = (row.cell_at(column.number) for row in rows)
    return any(cell is not None and cell.last_row > cell.row for cell in cells)


def _aligned_level(
    column: PageColumn, draft: IndicatorDraft, rows: Sequence[PageRow]
) -> int | None:
    """Return the level whose names cover the same rows as the cells of a column."""
    for level in reversed(range(len(draft.levels) - 1)):
        place = draft.level_columns[level].number
        pairs = [(row.cell_at(column.number), row.cell_at(place)) for row in rows]
        if all(
            cell is not None
            and name is not None
            and (cell.row, cell.last_row) == (name.row, name.last_row)
            for cell, name in pairs
        ):
            return level
    return None


def _put_presets(draft: IndicatorDraft, trees: Sequence[IndicatorTree], wording: Wording) -> None:
    """Set the levels, the columns and the indicators that the form prints."""
    section = draft.section
    section.put("层级", [_short_level(level) for level in draft.levels])
    section.put("列", draft.columns)
    merger = TreeMerger(len(draft.levels) - 1, draft.is_rubric, wording.words.common_indicators)
    merged = merger.merge([_below_blocks(tree, draft.first_level) for tree in trees])
    if len(draft.levels) == 1 and not draft.is_rubric and not any(t.is_blank for t in trees):
        merged = tuple(node for node in merged if len(trees) > 1)
    writer = _PresetWriter(draft, trees)
    added: list[str] = []
    if _is_lone(trees) and not draft.is_rubric and len(draft.levels) - draft.first_level > 2:  # noqa: PLR2004
        merged, added = complete_names(merged, wording.words.families)
    section.put("一级", [writer.write(node) for node in merged])
    if added:
        section.remarks.append(
            "只有一份填好的表，单位没有用的行看不到：照全国通行的一套补上了这些名称，"
            f"表上没有的请删去：{'、'.join(added)}"
        )
    uncertain = [node for node in iter_merged(merged) if not node.is_certain]
    if uncertain:
        names = "、".join(dict.fromkeys(node.name.name for node in uncertain))
        section.remarks.append(
            f"只有一份填好的表，看不出这些名称是表上印的还是单位填的，先当作印的：{names}"
        )


def _is_lone(trees: Sequence[IndicatorTree]) -> bool:
    """Return whether there is nothing but one filled table."""
    return len(trees) == 1 and not trees[0].is_blank


def _short_level(level: FormEntry) -> FormEntry | str:
    return level if set(level.values) > {"键"} or level.remarks else str(level.get("键"))


def _below_blocks(tree: IndicatorTree, first_level: int) -> IndicatorTree:
    """Return the tree from the level-1 indicators down."""
    roots = tree.roots
    for _ in range(first_level):
        below: dict[str, object] = {}
        for node in roots.values():
            for key, child in node.children.items():
                below.setdefault(key, child)
        roots = below  # type: ignore[assignment]
    return IndicatorTree(roots, tree.formats, tree.is_blank)


@dataclass(frozen=True, slots=True)
class _PresetWriter:
    """Writes the indicators that a form prints."""

    draft: IndicatorDraft
    trees: Sequence[IndicatorTree]

    def write(self, node: Merged) -> FormEntry | str:
        """Return an indicator with those below it."""
        entry = FormEntry({"名称": node.name.name})
        before_after = _format(node.level, self.trees)
        own = (node.name.before, node.name.after)
        if node.name.has_format and before_after and own != before_after:
            entry.put("标签", f"{node.name.name}{own[0]}{{{self.draft.points_key}}}{own[1]}")
        printed = dict(self.printed_texts(node))
        points = node.name.points or printed.pop(self.draft.points_key, "")
        printed.pop(self.draft.points_key, None)
        if self.are_points_filed(node):
            points = ""
        if re.fullmatch(r"\d+(\.\d+)?", points or ""):
            entry.put("分值", points)
        entry.put("下级", [self.write(child) for child in node.children])
        entry.put("印", printed)
        return entry if len(entry.values) > 1 else node.name.name

    def are_points_filed(self, node: Merged) -> bool:
        """Return whether units set the points behind a name: below level 1, in a table with targets."""
        is_below = node.level > self.draft.first_level
        return is_below and _is_lone(self.trees) and not self.draft.is_rubric

    def printed_texts(self, node: Merged) -> Iterator[tuple[str, str]]:
        """Yield the texts that the form prints in the columns of an indicator."""
        is_known = any(tree.is_blank for tree in self.trees) or len(self.trees) > 1
        level_key = self.draft.levels[node.level].get("键")
        is_last = node.level + 1 == len(self.draft.levels)
        for number, entry in enumerate(_printed_columns(self.draft)):
            text = node.texts.get(number, "")
            role = entry.get("角色")
            own_level = entry.get("层级") == level_key or (is_last and not entry.get("层级"))
            if not text or not own_level or role in {Role.SCORE, Role.REVIEW_SCORE, Role.ACTUAL}:
                continue
            is_points = role == Role.POINTS and (self.draft.is_rubric or is_known)
            is_text = role is None and (
                is_known or entry.get("类型") == Kind.LONG_TEXT or len(text) > _LONG_TEXT
            )
            is_target = is_known and role in {Role.TARGET, Role.MEASURE, Role.COMPARISON}
            if is_points or (is_text and (is_known or self.draft.is_rubric)) or is_target:
                yield entry.get("键"), text


def draft_total(part: TotalLine, draft: IndicatorDraft, wording: Wording) -> FormEntry:
    """Return the row of totals under a table of indicators."""
    label = wording.template(part.label.text)
    section = FormEntry({"形式": "合计行", "键": make_key(label, wording.keys)})
    wording.keys.add(section.get("键"))
    put_label(section, label)
    section.put("必填", "是")
    columns: list[FormEntry] = []
    for entry, column in zip(_printed_columns(draft), draft.places, strict=True):
        cell = part.row.cell_at(column.number)
        if cell is None or cell is part.label or entry.get("随层级"):
            continue
        grade = None if cell.is_blank else wording.find(Use.TOTAL_COLUMN, cell.text)
        if entry.get("角色") in _SCORES:
            copy = {key: entry.get(key) for key in ("键", "标签", "类型", "角色") if entry.get(key)}
            columns.append(FormEntry(copy))
        elif grade is not None:
            columns.append(
                FormEntry(
                    {"键": "等级", "角色": str(Role.GRADE), "对齐": entry.get("键")},
                    [f"合计行的“{entry.get('键')}”一列填的是“{cell.text.strip()}”，当作自评等级"],
                )
            )
        elif not cell.is_blank:
            columns.append(
                FormEntry(
                    {"键": entry.get("键")},
                    [f"合计行的这一格填有“{quote_label(cell.text)}”；请核对"],
                )
            )
    section.put("列", columns)
    return section


def level_names(tree: IndicatorTree) -> set[str]:
    """Return all names of a tree, normalized."""
    return {node.key for node in iter_nodes(tree.roots)}
