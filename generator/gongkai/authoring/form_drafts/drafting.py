"""Forms drafted from tables: one file, or several of which the same is printed and the rest filled in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.authoring.form_drafts.entries import FormEntry, iter_remarks, write_entries
from gongkai.authoring.form_drafts.fields import draft_field_columns, draft_field_rows
from gongkai.authoring.form_drafts.figures import draft_figure_table, execution_points
from gongkai.authoring.form_drafts.indicators import (
    IndicatorDraft,
    draft_indicators,
    draft_total,
)
from gongkai.authoring.form_drafts.labels import Wording
from gongkai.authoring.form_drafts.layout import PageCell, PageRow, iter_cells, lay_out
from gongkai.authoring.form_drafts.lines import Lines, draft_lines, find_year
from gongkai.authoring.form_drafts.parts import (
    FieldColumns,
    FieldRows,
    FigureTable,
    IndicatorRows,
    PageParts,
    Pair,
    Part,
    TotalLine,
    split_parts,
)
from gongkai.authoring.form_drafts.vocabulary import Use, Vocabulary, load_vocabulary
from gongkai.authoring.office.cells import Line
from gongkai.authoring.office.money_units import stated_unit
from gongkai.model.forms import Form
from gongkai.model.problems import Problem
from gongkai.model.schema import validate_node
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, Kind
from gongkai.reading.form_validation import check_form
from gongkai.reading.source import parse_source

_FULL_POINTS = Decimal(100)
_SECTION_NAMES = ("表头", "说明栏", "结论", "其他", "其他二", "其他三", "其他四")
_FILED_ROLES = frozenset({
    Role.ACTUAL, Role.SCORE, Role.REVIEW_SCORE, Role.TARGET, Role.INITIAL_TARGET, Role.PROGRESS,
})  # fmt: skip
"""Columns of indicators that are blank in an empty form."""


@dataclass(slots=True)
class TableFile:
    """A table to draft a form from."""

    name: str
    """The file's name, for remarks."""
    lines: Sequence[Line]
    rows: list[PageRow]
    parts: PageParts
    is_blank: bool
    """Whether nothing is filled in."""

    def mark_blank(self, *, is_blank: bool) -> None:
        """State whether nothing is filled in."""
        self.is_blank = is_blank
        for part in self.parts.parts:
            if isinstance(part, IndicatorRows):
                part.is_blank = is_blank

    @property
    def texts(self) -> frozenset[str]:
        """All its texts, normalized."""
        return frozenset(cell.name for cell in iter_cells(self.rows) if not cell.is_blank)


@dataclass(slots=True)
class DraftRequest:
    """What is known about a form beside its tables."""

    form_id: str
    name: str = ""
    """名称; empty to take the title."""
    region: str = ""
    year: int = 0
    """年度 of the tables; 0 to look for it in them."""


@dataclass(slots=True)
class DraftedForm:
    """A drafted form."""

    entry: FormEntry
    form: Form | None
    """None if the draft has faults."""
    problems: list[Problem]
    year: int
    disagreements: list[str] = field(default_factory=list)
    """Where the tables differ in what a form prints, in Chinese."""

    @property
    def text(self) -> str:
        """The form file."""
        return write_entries(self.entry)

    @property
    def remarks(self) -> list[str]:
        """What is to be confirmed."""
        return list(iter_remarks(self.entry))


def read_table(name: str, lines: Sequence[Line]) -> TableFile:
    """Return a table as laid out in a file."""
    words = load_vocabulary()
    rows = lay_out(lines)
    parts = split_parts(rows, words)
    file = TableFile(name, lines, rows, parts, is_blank=False)
    file.mark_blank(is_blank=not any(True for _ in _filled_values(parts, words)))
    return file


def _filled_values(parts: PageParts, words: Vocabulary) -> Iterator[PageCell]:
    """Yield the cells that somebody filled in."""
    for part in parts.parts:
        match part:
            case FieldRows():
                values = [pair.value for pairs in part.rows for pair in pairs]
                yield from (cell for cell in values if cell and _is_filled(cell))
            case FieldColumns():
                cells = (part.values.cell_at(column.number) for column in part.columns)
                yield from (cell for cell in cells if cell and _is_filled(cell))
            case FigureTable():
                for column in part.columns:
                    term = words.find(Use.MONEY_COLUMN, column.label.text)
                    if term is None or term.kind in {Kind.AMOUNT, Kind.NUMBER, Kind.RATE}:
                        cells = (row.cell_at(column.number) for row in part.rows)
                        yield from (cell for cell in cells if cell and _is_filled(cell))
            case IndicatorRows():
                for column in part.columns:
                    term = words.find(Use.INDICATOR_COLUMN, column.label.text)
                    if term is not None and term.role in _FILED_ROLES:
                        cells = (row.cell_at(column.number) for row in part.rows)
                        yield from (cell for cell in cells if cell and _is_filled(cell))
            case _:
                pass


def _is_filled(cell: PageCell) -> bool:
    return not (cell.is_blank or cell.is_struck or re.search(r"[□☐○]|_{2,}", cell.text))


def draft_form(files: Sequence[TableFile], request: DraftRequest) -> DraftedForm:
    """Return the form that these tables are filled in with."""
    settle_blank_files(files)
    main = max(files, key=lambda file: (not file.is_blank, len(file.texts)))
    others = [file for file in files if file is not main]
    year = request.year or find_year(_texts_with_years(main))
    wording = Wording(load_vocabulary(), year, _printed_texts(files))
    wording.money = _money_unit(main)
    drafter = _Drafter(main, others, wording)
    drafter.draft_parts()
    entry = drafter.form_entry(request)
    drafted = validate_draft(entry, year)
    faults = [problem.message for problem in drafted.problems]
    if faults and all("分值" in fault for fault in faults):
        entry.values["完整"] = "否"
        entry.remarks += [f"分值合不上，表可能没有印全：{fault}" for fault in faults]
        entry.remarks.append("分值核对以后，把“完整”改成“是”，才能用来填报")
        return validate_draft(entry, year)
    return drafted


def settle_blank_files(files: Sequence[TableFile]) -> None:
    """Leave only the file with the fewest texts an empty one: the others have names filled in."""
    blank = [file for file in files if file.is_blank]
    for file in blank:
        file.mark_blank(is_blank=file is min(blank, key=lambda other: len(other.texts)))


def validate_draft(entry: FormEntry, year: int) -> DraftedForm:
    """Return a drafted form as it will be read from its file."""
    file = f"{entry.get('表式')}.yml"
    root = parse_source(write_entries(entry).encode(), file).root
    form, problems = validate_node(Form, root) if root is not None else (None, [])
    if form is not None and root is not None:
        problems = check_form(form, root)  # type: ignore[arg-type]
    return DraftedForm(entry, None if problems else form, list(problems), year)


def _texts_with_years(file: TableFile) -> list[str]:
    opening = [cell.text for cell in file.parts.opening]
    labels = [
        column.label.text
        for part in file.parts.parts
        if isinstance(part, FigureTable)
        for column in part.columns
    ]
    return [*opening, *reversed(labels)]


def _printed_texts(files: Sequence[TableFile]) -> frozenset[str] | None:
    """Return the texts that the form itself prints: those of an empty table, or of all tables."""
    blank = [file.texts for file in files if file.is_blank]
    if blank:
        return frozenset().union(*blank)
    if len(files) < 2:  # noqa: PLR2004 - a single table cannot tell
        return None
    return frozenset.intersection(*(file.texts for file in files))


def _money_unit(file: TableFile) -> str:
    """Return the unit of money that the table states first; empty if it states none."""
    captions = [
        part.caption.text
        for part in file.parts.parts
        if isinstance(part, FigureTable | FieldColumns | IndicatorRows) and part.caption
    ]
    lines = [cell.text for cell in (*file.parts.opening, *file.parts.closing)]
    labels = [cell.text for cell in iter_cells(file.rows) if len(cell.text) < 30]  # noqa: PLR2004
    units = (stated_unit(text) for text in (*lines, *captions, *labels))
    return next((unit for unit in units if unit in MONEY_UNITS), "")


@dataclass(slots=True)
class _Drafter:
    """Drafts the sections of a form, part by part."""

    main: TableFile
    others: list[TableFile]
    wording: Wording
    sections: list[FormEntry] = field(default_factory=list)
    indicators: list[IndicatorDraft] = field(default_factory=list)
    execution: str = ""
    lines: Lines = field(default_factory=lambda: Lines("", [], [], [], [], [], []))
    names: list[str] = field(default_factory=lambda: list(_SECTION_NAMES))

    def draft_parts(self) -> None:
        self.lines = draft_lines(
            self.main.parts.opening, self.main.parts.closing, self.wording, self._own_names()
        )
        parts = list(self.main.parts.parts)
        parts += [FieldRows(None, [[Pair(None, cell)]]) for cell in self.lines.untitled]
        self._add_line_fields(parts)
        for part in parts:
            self.sections.append(self.draft_part(part))

    def draft_part(self, part: object) -> FormEntry:
        match part:
            case FieldRows():
                is_led = part.lead is not None and not part.lead.is_blank
                return draft_field_rows(part, self.wording, "" if is_led else self.next_name())
            case FieldColumns():
                name = "" if part.caption else self.next_name()
                return draft_field_columns(part, self.wording, name)
            case FigureTable():
                section = draft_figure_table(part, self.wording, "资金情况")
                self.execution = self.execution or execution_points(section, part)
                return section
            case IndicatorRows():
                number = len(self.indicators)
                others = [
                    found
                    for file in self.others
                    for found in [_nth_indicators(file, number)]
                    if found is not None and len(found.columns) == len(part.columns)
                ]
                name = "绩效指标" if not number else f"绩效指标{number + 1}"
                draft = draft_indicators(part, others, self.wording, name)
                self.indicators.append(draft)
                return draft.section
            case TotalLine():
                return draft_total(part, self.indicators[-1], self.wording)
            case _:
                raise ValueError(part)

    def _add_line_fields(self, parts: list[Part]) -> None:
        """Put the fields in the lines above the tables before the first ones in a table."""
        pairs = [[Pair(label, value) for label, value in self.lines.fields]]
        if not self.lines.fields:
            return
        if parts and isinstance(parts[0], FieldRows) and parts[0].lead is None:
            parts[0] = FieldRows(None, [*pairs, *parts[0].rows])
        else:
            parts.insert(0, FieldRows(None, pairs))

    def next_name(self) -> str:
        return self.names.pop(0) if self.names else f"填写项{len(self.sections)}"

    def _own_names(self) -> list[str]:
        """Return the names of project and unit as filled in, the longest first."""
        found = [
            pair.value.text.strip()
            for part in self.main.parts.parts
            if isinstance(part, FieldRows)
            for pairs in part.rows
            for pair in pairs
            if pair.label is not None and pair.value is not None
            for term in [self.wording.find(Use.FIELD, pair.label.text)]
            if term is not None and term.role in {Role.PROJECT_NAME, Role.UNIT_NAME}
        ]
        return sorted(found, key=len, reverse=True)

    def roles(self) -> set[str]:
        """Return the roles of all fields and columns."""
        return {
            spec.get("角色")
            for section in self.sections
            for key in ("项", "列", "行")
            for spec in section.get(key, [])
            if isinstance(spec, FormEntry) and spec.get("角色")
        }

    def kind(self) -> tuple[DocumentKind, bool]:
        """Return the kind of the form, and whether that is certain."""
        roles, title = self.roles(), self.lines.title
        has_results = bool(roles & {Role.SCORE, Role.ACTUAL, Role.ACHIEVEMENT, Role.PROGRESS})
        is_project = Role.PROJECT_NAME in roles or "项目" in title
        if not self.indicators and "报告" in title:
            return DocumentKind.PROJECT_REPORT, is_project
        if not self.indicators:
            return DocumentKind.BASELINE, "基础数据" in title or "数据表" in title
        if not has_results:
            kinds = (DocumentKind.OVERALL_TARGETS, DocumentKind.TARGETS)
            return kinds[is_project], not any(part.has_unknown_columns for part in self.indicators)
        if is_project:
            return DocumentKind.PROJECT, Role.PROJECT_NAME in roles
        if all(draft.is_rubric for draft in self.indicators):
            return DocumentKind.RUBRIC, True
        return DocumentKind.OVERALL, True

    def form_entry(self, request: DraftRequest) -> FormEntry:
        """Return the whole form."""
        kind, is_certain = self.kind()
        entry = FormEntry({"表式": request.form_id})
        title = self.lines.title or request.name or self.main.name
        bare_title = re.sub(r"[（(]?\s*\{(年度|上年)\}\s*(年度|年)?\s*[)）]?", "", title).strip()
        named = bare_title.startswith(request.region[:2])
        entry.put(
            "名称", request.name or (bare_title if named else f"{request.region}{bare_title}")
        )
        entry.put("类型", str(kind))
        entry.put("标题", title)
        entry.put("来源", f"由文件“{self.main.name}”起草，请改成规定这张表的文件")
        entry.put("完整", "是")
        scope = FormEntry()
        scope.put("地区", request.region)
        scope.put("年度起", self.wording.year)
        entry.put("适用", scope if scope.values else None)
        self.put_money(entry)
        if not is_certain:
            entry.remarks.append(f"“类型”像是{kind}，请核对")
        if is_certain and kind in {DocumentKind.TARGETS, DocumentKind.OVERALL_TARGETS}:
            self.make_initial()
        if not self.indicators and Role.OBJECTIVE not in self.roles():
            self.drop_achievements()
        self.put_points(entry)
        entry.put("抬头", self.lines.opening)
        entry.put("部分", self.sections)
        entry.put("附注", self.lines.notes)
        entry.put("落款", self.lines.sign_off)
        entry.remarks += self.lines.remarks
        return entry

    def put_money(self, entry: FormEntry) -> None:
        entry.put("金额单位", self.wording.money or "万元")
        has_amounts = any(
            spec.get("类型") == Kind.AMOUNT
            for section in self.sections
            for key in ("项", "列")
            for spec in section.get(key, [])
        )
        if not self.wording.money and has_amounts:
            entry.remarks.append("表上没有写金额的单位，先按“万元”；请核对")
        if self.wording.money == "元":
            entry.put("小数位", "2")

    def make_initial(self) -> None:
        """Make the budget of a table of targets the initial one: nothing has been adjusted yet."""
        for section in self.sections:
            for key in ("项", "列"):
                for spec in section.get(key, []):
                    if spec.get("角色") == Role.ADJUSTED and Role.INITIAL not in self.roles():
                        spec.values["角色"] = str(Role.INITIAL)

    def drop_achievements(self) -> None:
        """Leave a text on what was achieved without its role in a report that states no objective."""
        for section in self.sections:
            for spec in section.get("项", []):
                if spec.get("角色") == Role.ACHIEVEMENT:
                    del spec.values["角色"]

    def put_points(self, entry: FormEntry) -> None:
        """Set 总分 and 执行率, as far as the table states points."""
        roles = self.roles()
        if Role.SCORE not in roles:
            if Role.EXECUTION_RATE in roles and Role.ACTUAL in roles:
                entry.put("执行率", FormEntry({"计分": "不计分"}))
            return
        printed = self.printed_points()
        whole = None if printed is None else printed + Decimal(self.execution or 0)
        if whole is not None and whole < _FULL_POINTS and self.is_whole_rubric():
            entry.remarks.append(f"印好的分值合计 {whole} 分，不是 100 分，没有写“总分”；请核对")
        else:
            entry.put("总分", "100")
        if self.execution:
            entry.put("执行率", FormEntry({"分值": self.execution, "计分": "按比例"}))

    def is_whole_rubric(self) -> bool:
        """Return whether the form is a list of criteria with points, without targets."""
        return bool(self.indicators) and all(draft.is_rubric for draft in self.indicators)

    def printed_points(self) -> Decimal | None:
        """Return the sum of the points of all level-1 indicators; None if some are not printed."""
        total = Decimal(0)
        for draft in self.indicators:
            presets = draft.section.get("一级", [])
            points = [
                preset.get("分值") if isinstance(preset, FormEntry) else None for preset in presets
            ]
            if not points or not all(points):
                return None
            total += sum((Decimal(value) for value in points if value), Decimal(0))
        return total if self.indicators else None


def _nth_indicators(file: TableFile, number: int) -> IndicatorRows | None:
    tables = [part for part in file.parts.parts if isinstance(part, IndicatorRows)]
    return tables[number] if number < len(tables) else None
