"""Comparison of a report's staff, budget and project figures with the tables (GJ-02, GJ-03)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, finding_at
from gongkai.checks.sentences.itemized import Part
from gongkai.checks.sentences.prose import TextBlock
from gongkai.checks.sentences.quotes import quote_match
from gongkai.checks.sentences.statements import itemized_totals
from gongkai.model.documents import Record, body_lines, cell_with_role
from gongkai.model.figures import BUDGET_ROLES
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, format_decimal, parse_decimal

_STAFF_FIGURES = (
    (
        re.compile(r"编制(?:数|人数)?(?:为|是|共|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*[名人个]"),
        Role.STAFF_QUOTA,
    ),
    (
        re.compile(
            r"在职(?:人员|职工|人数|在编人员)?(?:为|是|共有?|有|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*[名人](?!次)"
        ),
        Role.STAFF,
    ),
)
"""How reports state the cells of the baseline's 财政供养人员."""
_OTHER_STAFF = re.compile(r"下属|直属|二级|基层|借调|派驻|编外")
"""Words before staff of others than the unit."""
_OWN_DESCRIPTION = re.compile(r"[是为系][^，。；]{0,24}?(?:下属|直属|所属|二级)[^，。；]{0,12}单位")
"""What the unit is: X是Y局下属的事业单位."""
_BUDGET = re.compile(r"部门预算(?:收入|支出)(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)")
_MIN_PARTS = 2
_SOURCE = re.compile(
    r"(?:其中)?(?:中央|[省市县区州镇]级|上级|本级|地方|财政)[\u4e00-\u9fff]{0,6}|上年结转|自筹(?:资金)?"
)
"""Names of a total that is itself a part by source."""
_PROJECT_SPENDING = re.compile(
    r"(?:(?<=[，。；：、“（\s])|(?<=全年)|(?<=年度)|(?<=本年)|(?<=当年)|^)(?:专项(?:经费|资金)|项目(?:经费|资金)?)支出(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)"
)


def check_project_spending(disclosure: Disclosure, spent: Decimal) -> Iterator[Finding]:
    """Compare the project spending in the report with `spent`, the sum of the projects in 元."""
    report = disclosure.record(DocumentKind.REPORT)
    for position, line in body_lines(report) if report else ():
        for match in _PROJECT_SPENDING.finditer(line):
            if report and _is_about_other_year(line, match.start(), report):
                continue
            if parse_decimal(match[1]) * MONEY_UNITS[match[2]] != spent:
                shown = f"{format_decimal(spent / MONEY_UNITS[match[2]])}{match[2]}"
                message = f"“{quote_match(line, match)}”，各项目自评表的执行数合计为 {shown}"
                place = position._replace(column=match.start(1) + 1)
                where = f"{report.name if report else ''}/{quote_match(line, match)}"
                filed = f"{match[1]}{match[2]}"
                yield Finding(place, message, "请核对两边的数", where, filed, shown)


def check_report(disclosure: Disclosure) -> Iterator[Finding]:
    """Compare staff, budget and the projects' amounts in the report with the tables."""
    report = disclosure.record(DocumentKind.REPORT)
    if report is None:
        return
    baseline, overall = (
        disclosure.record(kind) for kind in (DocumentKind.BASELINE, DocumentKind.OVERALL)
    )
    for position, line in body_lines(report):
        if baseline:
            yield from _check_staff(line, report, baseline, position)
        yield from _check_budget(line, report, overall, position)
    yield from _check_listed_amounts(disclosure, report)


def _check_staff(
    line: str, report: Record, baseline: Record, position: Position
) -> Iterator[Finding]:
    """Compare the staff that a line states with the baseline, and say so at both places."""
    for pattern, role in _STAFF_FIGURES:
        matches = [
            match
            for match in pattern.finditer(line)
            if not _is_about_other_year(line, match.start(), report)
            and not _is_of_others(re.split(r"[。；]", line[: match.start()])[-1])
        ]
        groups = baseline.iter_cell_groups(role) if matches else ()
        cells = (cell_with_role(cells, role) for cells in groups)
        known = next((cell for cell in cells if cell and cell.value.number is not None), None)
        stated = {parse_decimal(match[1]) for match in matches}
        stated.add(sum((parse_decimal(match[1]) for match in matches), Decimal(0)))
        if known is None or known.value.number in stated:
            continue
        for match in matches:
            message = f"“{match[0]}”，基础数据表的“{known.spec.key}”是 {known.filed}"
            place = position._replace(column=match.start(1) + 1)
            where = f"{report.name}/{match[0]}"
            yield Finding(place, message, "请核对后统一", where, match[1], known.filed)
        message = f"“{known.spec.key}”填报 {known.filed}，{report.name}写的是“{matches[0][0]}”"
        yield finding_at(known, message, "请核对后统一", computed=matches[0][1], level=Level.W)


def _is_of_others(before: str) -> bool:
    """Tell whether the words of a sentence before staff say that it is of others than the unit."""
    return bool(_OTHER_STAFF.search(_OWN_DESCRIPTION.sub("", before)))


def _check_budget(
    line: str, report: Record, overall: Record | None, position: Position
) -> Iterator[Finding]:
    matches = list(_BUDGET.finditer(line))
    row = rate_row(overall) if overall and matches else None
    cells = [cell_with_role(row, role) for role in (Role.INITIAL, Role.ADJUSTED)] if row else []
    known = [cell for cell in cells if cell and cell.value.number is not None]
    scale = MONEY_UNITS[overall.form.money] if overall else Decimal(1)
    for match in matches:
        stated = parse_decimal(match[1]) * MONEY_UNITS[match[2]]
        if (
            known
            and not _is_about_other_year(line, match.start(), report)
            and all((cell.value.number or 0) * scale != stated for cell in known)
        ):
            message = f"“{match[0]}”，部门整体自评表的“{known[0].spec.key}”是 {known[0].filed}"
            place = position._replace(column=match.start(1) + 1)
            where = f"{report.name}/{quote_match(line, match)}"
            filed = f"{match[1]}{match[2]}"
            yield Finding(place, message, "请核对后统一", where, filed, known[0].filed)


def _check_listed_amounts(disclosure: Disclosure, report: Record) -> Iterator[Finding]:
    """Compare parts of totals with earlier lists of the same total and with the projects' tables.

    Parts are the same if their names or their document numbers (文号) are. Parts by source, as
    中央 and 省级资金, are of one total: another project has its own.
    """
    seen: dict[tuple[str, Decimal, str], Part] = {}
    for block, itemized in itemized_totals(report):
        total = itemized.total
        if total is None or not total.is_money or len(itemized.parts) < _MIN_PARTS:
            continue
        for part in itemized.parts:
            labels = [label for label in (part.reference, _comparable_name(part.name)) if label]
            for label in labels:
                key = (label, total.base_value, itemized.name)
                first = seen.setdefault(key, part)
                if first.quantity.base_value != part.quantity.base_value:
                    message = (
                        f"“{part.name}”这里是 {part.quantity.text}，"
                        f"前文“{first.name}”是 {first.quantity.text}"
                    )
                    if label == part.reference:
                        message += f"（同为{label}）"
                    yield _part_finding(block, part, message, first.quantity.text)
                    break
            is_other_year = _is_about_other_year(block.text, part.quantity.column, report)
            if not _SOURCE.fullmatch(itemized.name) and not is_other_year:
                yield from _check_project_amount(disclosure, block, part)


def _check_project_amount(
    disclosure: Disclosure, block: TextBlock, part: Part
) -> Iterator[Finding]:
    name, quantity = part.name, part.quantity
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        row = rate_row(record) if record else None
        if (
            record is None
            or row is None
            or _comparable_name(project.name) != _comparable_name(name)
        ):
            continue
        roles = (Role.SPENT, *BUDGET_ROLES)
        cells = [cell for role in roles if (cell := cell_with_role(row, role))]
        scale = MONEY_UNITS[record.form.money]
        known = {cell.value.number * scale for cell in cells if cell.value.number is not None}
        if known and quantity.base_value not in known:
            spent = cells[0].filed
            message = f"“{name}”这里是 {quantity.text}，项目自评表是 {spent}"
            yield _part_finding(block, part, message, spent)


def _part_finding(block: TextBlock, part: Part, message: str, computed: str) -> Finding:
    where = f"{block.where}/{part.name}{part.quantity.text}"
    place = block.position_at(part.quantity.column)
    return Finding(place, message, "请核对后统一", where, part.quantity.text, computed)


def _comparable_name(name: str) -> str:
    return re.sub(r"\s|计划生育|计生", "", name)


def _is_about_other_year(line: str, column: int, report: Record) -> bool:
    """Whether the words before a column name another year than the report's."""
    before = re.split(r"[。；\n]", line[max(column - 80, 0) : column])[-1]
    years = re.findall(r"(20\d\d)年", before[-20:])
    last_year = re.search(r"上年|去年|上一年", before[-12:])
    return bool(last_year) or bool(years and years[-1] != report.placeholders["年度"])
