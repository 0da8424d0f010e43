"""Checks of documents against their form (JG): prompts left in, forms made for other units."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from gongkai.checks.base import Finding, additional_check, check, finding_at
from gongkai.model.applicability import (
    find_applicable_forms,
    iter_unit_mismatches,
    iter_year_mismatches,
)
from gongkai.model.documents import (
    Cell,
    Fields,
    Record,
    Row,
    Table,
    TotalRow,
    body_lines,
    cache_on_record,
)
from gongkai.model.problems import FORM_DIFFERS, Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.spreadsheet_errors import explain_spreadsheet_error
from gongkai.model.terms import UNIT_LEVELS, DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, Kind, ValueState, format_decimal
from gongkai.reading.dataset import Dataset

_PROMPTS = frozenset({
    "(一个项目一行)", "……", "…", "...", "......", "(此页为封面)", "(100字以内)", "(200字以内)", "XX", "XXX", "年 月 日", "年月日",
    "TODO", "NaN", "null", "None", "待填", "待定", "待补充",
})  # fmt: skip
"""Prompts common in forms and placeholders of programs, in half-width characters."""
_UNPARSED_KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.MEASURED, Kind.DATE, Kind.CHOICE)
"""Kinds that may hold words: for the others reading reports everything that is no number (JG-01)."""
_ELLIPSES = frozenset({"……", "…", "...", "......"})
_FIGURE_KINDS = frozenset({Kind.AMOUNT, Kind.NUMBER})
_FEW_FIGURES = 2
"""How many figures of a row, none of them 0, make a blank one among them look forgotten."""
_SHORT_UNIT = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)[万亿](?=[，。；、,;）)]|$)")


@check("JG-04", "空与零", Level.W, of=Record)
def figures_left_blank(record: Record) -> Iterator[Finding]:
    """应填数的行不要整行空着，也不要别的格都填了、只空一格：没有就填 0，不适用的填“—”。表上印着方框让人勾的，要勾一个。

    一格填了“—”、其余空着的也算整行空着。

    资金表的各分项空着算 0，不提；资金总额一行只缺金额的，见 ZJ-14。

    为什么：空着不等于没有，读者分不清是零还是漏填。
    来源：财预〔2020〕10号“内容完整”。
    怎么改：填 0、“—”或“不适用”；方框照原件写选中的答案。
    """
    for table in record.tables():
        has_funds = any(column.role is Role.SPENT for column in table.spec.columns)
        blank_rows = [
            row
            for row in table.rows
            if _is_blank(row) and not (has_funds and (row.spec.parent or _is_begun(row)))
        ]
        if blank_rows:
            names = "、".join(
                row.label.strip() or record.printed_label(table.spec.printed_label)
                for row in blank_rows
            )
            first = next(
                cell
                for cell in blank_rows[0].cells.values()
                if cell.spec.kind in _FIGURE_KINDS and cell.is_blank
            )
            message = f"没有填数：{names}"
            yield finding_at(first, message, "没有的请填 0，不适用的填“—”", level=Level.W)


@additional_check(figures_left_blank.rule, of=Record)
def one_figure_left_blank(record: Record) -> Iterator[Finding]:
    """Find the only blank figure of a row, in a column that most other rows have filled."""
    for table in record.tables():
        if any(column.role is Role.SPENT for column in table.spec.columns):
            continue  # ZJ-14 knows which figures of the funds are needed.
        rows = [(row, _figures(row)) for row in table.rows]
        filled = Counter(key for _, cells in rows for key, cell in cells.items() if cell.filed)
        begun = sum(any(cell.filed for cell in cells.values()) for _, cells in rows)
        for row, cells in rows:
            blank = [cell for cell in cells.values() if cell.is_blank]
            has_amounts = sum(bool(cell.value.number) for cell in cells.values()) >= _FEW_FIGURES
            if len(blank) == 1 and has_amounts and filled[blank[0].spec.key] * 2 >= begun:
                key = blank[0].spec.key
                message = f"“{row.label.strip() or record.name}”的“{key}”空着，同一行别的数都填了"
                advice = "请补上，没有的填 0，不适用的填“—”"
                yield finding_at(blank[0], message, advice, level=Level.W)


def _figures(row: Row) -> dict[str, Cell]:
    return {
        key: cell
        for key, cell in row.cells.items()
        if cell.spec.kind in _FIGURE_KINDS and not cell.is_struck_out
    }


@additional_check(figures_left_blank.rule, of=Record)
def boxes_left_blank(record: Record) -> Iterator[Finding]:
    """Find choices printed with boxes of which none is ticked, in fields and in rows that are filled."""
    for cells in _filled_groups(record) if record.form.has_boxes else ():
        for cell in cells:
            if cell.spec.choice_format and cell.is_blank and not cell.spec.required:
                choices = "".join(f"“{choice}”" for choice in cell.spec.choices)
                several = "一个或几个" if cell.spec.has_several else "一个"
                message = f"“{cell.spec.key}”的方框一个也没有勾"
                advice = f"请从{choices}中选{several}，不适用的填“—”"
                yield finding_at(cell, message, advice, level=Level.W)


def _filled_groups(record: Record) -> Iterator[list[Cell]]:
    """Yield the cells of every group of fields, of every filled row and of every filled indicator."""
    for section in record.sections:
        if isinstance(section, Fields | TotalRow):
            yield list(section.cells.values())
        elif isinstance(section, Table):
            rows = [list(row.cells.values()) for row in section.rows]
            yield from (cells for cells in rows if not all(cell.is_blank for cell in cells))
    for indicator in record.leaves:
        cells = list(indicator.cells.values())
        if not all(cell.is_blank for cell in cells):
            yield cells


def _is_blank(row: Row) -> bool:
    cells = [
        cell
        for cell in row.cells.values()
        if cell.spec.kind in _FIGURE_KINDS and not cell.is_struck_out
    ]
    return any(cell.is_blank for cell in cells) and all(
        cell.value.state is not ValueState.FILED for cell in cells
    )


def _is_begun(row: Row) -> bool:
    """Tell whether a cell without a figure (执行率, 得分) is filled, so that ZJ-14 says what is missing."""
    return any(cell.value.state is ValueState.FILED for cell in row.cells.values())


@check("JG-05", "签章", Level.I, of=Disclosure)
def not_signed(disclosure: Disclosure) -> Iterator[Finding]:
    """单位负责人签字一栏为空；报告封面上要盖章的单位名称为空也提。

    为什么：自评由单位负责人审定。
    来源：各省表式。
    怎么改：写上负责人姓名；网上不公开签字的，不必改。
    """
    cells = [cell for record in disclosure.all_records for cell in record.sign_off.values()]
    first_by_key = {cell.spec.key: cell for cell in reversed(cells)}
    signatures = [
        cell
        for cell in first_by_key.values()
        if any(word in cell.spec.key for word in ("签字", "签章", "负责人"))
    ]
    report = disclosure.record(DocumentKind.REPORT)
    covers = (
        [section for section in report.sections if isinstance(section, Fields)] if report else []
    )
    on_cover = [
        cell for cover in covers for cell in cover.cells.values() if "盖章" in cell.spec.label
    ]
    for cell in (*signatures, *on_cover):
        if cell.is_blank:
            yield finding_at(cell, f"“{cell.spec.key}”是空的", "请核对", level=Level.I)


@check("JG-08", "单位写法", Level.I, of=Record)
def money_units_mixed(record: Record) -> Iterator[Finding]:
    """同一张表里，金额的单位要么都写、要么都不写，与表上印的一样；“8.23万”要写成“8.23万元”。

    为什么：有的写有的不写，容易看错一万倍。
    怎么改：统一写法。
    """
    with_unit = [cell for cell in record.amounts if cell.filed[-1] in "元万亿"]
    if with_unit and len(with_unit) < len(record.amounts):
        message = f"有的金额写了单位（如“{with_unit[0].filed}”），有的没有"
        yield finding_at(with_unit[0], message, "请统一写法", level=Level.I)
    for cell in with_unit:
        money = cell.spec.money or record.form.money
        if cell.value.filed_money != money:
            size = MONEY_UNITS[record.form.money] / MONEY_UNITS[money]
            own = f"{format_decimal(cell.value.or_zero * size)}{money}"
            message = f"“{cell.spec.key}”的单位是“{money}”，这里写的是“{cell.filed}”，即 {own}"
            yield finding_at(cell, message, "请核对单位，能统一的请统一", level=Level.I)
        elif cell.filed[-1] in "万亿":
            yield finding_at(
                cell, f"金额写成了“{cell.filed}”", f"请写成“{cell.filed}元”", level=Level.I
            )
    for position, line in body_lines(record):
        matches = list(_SHORT_UNIT.finditer(line))
        if matches:
            place = position._replace(column=position.column + matches[0].start())
            message = f"金额写成了“{'”“'.join(match[0] for match in matches)}”"
            yield Finding(place, message, f"请写成“{matches[0][0]}元”", record.name, level=Level.I)


@check("JG-06", "样板文字残留", of=Record)
def prompt_left_in(record: Record) -> Iterator[Finding]:
    """整格或整行只有表式的提示语（“（一个项目一行）”“……”“（100字以内）”等）或 Excel 的错误值（“#REF!”等），等于没有填。

    指标表里印着“……”、此外什么也没有的一行，是表式的续行，不提。

    为什么：系统预置的提示语原样公开，读者会当成单位写的内容。
    来源：各地公开件中的实例；表式自己的提示语写在“样板文字”里。
    怎么改：写上实际内容，没有的写“无”；确为原件如此的，写“差异说明”。
    """
    prompts, longest = _known_prompts(record.form.prompts)
    for cell in record.cells_of_kind(*_UNPARSED_KINDS):
        filed = cell.filed
        if not filed or cell.value.number is not None or len(filed) > longest:
            continue
        if filed == cell.printed:
            continue
        advice = "请写上实际内容" if cell.spec.choices else "请写上实际内容，没有的写“无”"
        if _to_half_width(filed) in prompts:
            if filed in _ELLIPSES and cell.position in _continuation_rows(record):
                continue
            shown = cell.filed if len(cell.filed) <= 20 else f"{cell.filed[:20]}…"  # noqa: PLR2004
            yield finding_at(cell, f"“{cell.spec.key}”只有表式的提示语“{shown}”", advice)
        elif meaning := explain_spreadsheet_error(filed):
            yield finding_at(cell, f"“{cell.spec.key}”：{meaning}", f"{advice}，不要照抄错误值")
    for position, line in body_lines(record):
        if 0 < len(line.strip()) <= longest and _to_half_width(line.strip()) in prompts:
            message = f"这一行只有表式的提示语“{line.strip()}”"
            where = f"{record.name}/{line.strip()}"
            yield Finding(position, message, "请写上实际内容，或删去这一行", where, line.strip())


@cache_on_record
def _continuation_rows(record: Record) -> frozenset[Position]:
    """Return the positions of the names of indicators that consist of “……” and nothing else."""
    pending = [root for tree in record.indicator_tables for root in tree.roots]
    positions: set[Position] = set()
    while pending:
        indicator = pending.pop()
        pending += indicator.children
        texts = {cell.filed for cell in indicator.cells.values()}
        if texts <= {"", *_ELLIPSES} and not indicator.children:
            positions.add(indicator.name.position)
    return frozenset(positions)


@cache
def _known_prompts(form_prompts: tuple[str, ...]) -> tuple[frozenset[str], int]:
    """Return the form's and the general prompts, and the length of the longest text that can match."""
    prompts = _PROMPTS | {_to_half_width(prompt) for prompt in form_prompts}
    return prompts, 2 * max(map(len, prompts))  # NFKC may shorten a text.


@lru_cache(maxsize=20_000)
def _to_half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("…", "\0")).replace("\0", "…").strip()


@additional_check(FORM_DIFFERS, of=Dataset)
def form_made_for_others(dataset: Dataset) -> Iterator[Finding]:
    """Find forms made for other regions, levels or years, and printed labels of another level.

    A form may be in use before and after the years known; another year is a fault only where the
    same kind has a form for it.
    """
    for disclosure in dataset.disclosures:
        facts = disclosure.unit.facts
        first_by_form = {record.form.id: record for record in reversed(disclosure.all_records)}
        for record in first_by_form.values():
            advice = "请核对表式与 unit.yml"
            for reason in iter_unit_mismatches(record.form, facts):
                message = f"表式“{record.form.id}”{reason}"
                yield Finding(record.position, message, advice, record.name, level=Level.W)
            for reason in iter_year_mismatches(record.form, disclosure.year):
                forms = find_applicable_forms(dataset.forms, facts, disclosure.year)
                region = record.form.scope.region
                other = next(
                    (
                        form
                        for form in forms.get(record.form.kind, ())
                        if form.scope.region == region
                    ),
                    None,
                )
                if other:
                    message = f"表式“{record.form.id}”{reason}，这一年度的表式是“{other.id}”"
                    yield Finding(record.position, message, advice, record.name, level=Level.W)
            yield from _labels_of_other_level(record, facts.level)


def _labels_of_other_level(record: Record, level: str) -> Iterator[Finding]:
    """Find labels of units and departments that begin with another level; 省级财政资金 is a source."""
    for cell in record.cells if level else ():
        if cell.spec.kind is not Kind.TEXT:
            continue
        printed = record.printed_label(cell.spec.label or cell.spec.key)
        is_name = printed.removesuffix("名称").endswith(("部门", "单位"))
        if is_name and printed.startswith(UNIT_LEVELS) and level not in {printed[:2], printed[:3]}:
            message = f"表内印的是“{printed}”，本单位是{level}"
            yield finding_at(cell, message, "请核对是否用错了表", level=Level.W)
