"""Checks across the documents of one unit and year (GJ-02, GJ-03): one figure everywhere."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, at, check
from gongkai.checks.report_vs_tables import spending_stated, told_otherwise
from gongkai.model.documents import Cell, Cells, Record, by_role
from gongkai.model.figures import rate_row
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY, Kind, plain

_COLUMNS = ((Role.FINAL, Role.SPENT, "执行数"), (Role.BUDGET, Role.ADJUSTED, "预算数"))
"""Columns of the baseline, and what they must come to in the projects' tables."""


@check("GJ-02", "项目汇总", of=Disclosure, whole=True)
def project_spending_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """基础数据表、部门整体自评表、报告正文的项目支出，须等于各项目自评表之和；每个项目的行也须相同。

    为什么：项目花的钱，在总表里不能凭空少了或多了。
    来源：基础数据表的填表说明。
    怎么改：核对两边的数；确为原件如此的，写“差异说明”。
    """
    tables = [(project, project.record(DocumentKind.PROJECT)) for project in disclosure.projects]
    filed = [(project, record) for project, record in tables if record]
    if not filed or len(filed) < len(tables):
        return
    spent = _sum([record for _, record in filed], Role.SPENT, Decimal(1))
    if spent is not None:
        yield from spending_stated(disclosure, spent)
    for record in disclosure.records:
        for table in record.tables():
            for row in table.rows:
                if row.spec.role is Role.PROJECT_SPENDING:
                    yield from _columns(row.cells, record, [each for _, each in filed], "各项目")
                elif row.spec.role is Role.PROJECT_ROW and "名称" in row.cells:
                    name = row.cells["名称"].filed
                    same = [each for project, each in filed if project.name == name]
                    yield from _columns(row.cells, record, same, f"项目“{name}”")
            for block in table.blocks:
                cell = by_role(block.cells, Role.PROJECT_SPENDING)
                if cell:
                    projects = [each for _, each in filed]
                    yield from _compared(cell, record, projects, Role.SPENT, "各项目自评表的执行数")


def _columns(cells: Cells, record: Record, projects: list[Record], what: str) -> Iterator[Finding]:
    for column, role, word in _COLUMNS:
        cell = by_role(cells, column)
        if cell:
            yield from _compared(cell, record, projects, role, f"{what}自评表的{word}")


def _compared(
    cell: Cell, record: Record, projects: list[Record], role: Role, what: str
) -> Iterator[Finding]:
    filed, total = cell.value.number, _sum(projects, role, MONEY[record.form.money])
    if filed is None or total is None or filed == total:
        return
    message = f"“{cell.spec.key}”填报 {cell.filed}，{what}为 {plain(total)}"
    yield at(cell, message, "请核对两边的数", computed=plain(total))


def _sum(projects: list[Record], role: Role, unit: Decimal) -> Decimal | None:
    """What the projects come to, in a unit of so many 元; None where one does not say."""
    total = Decimal(0)
    for project in projects:
        cell = by_role(rate_row(project), role)
        if cell is None or cell.value.number is None:
            return None
        total += cell.value.number * MONEY[project.form.money] / unit
    return total if projects else None


@check("GJ-03", "同值", of=Disclosure, whole=True)
def same_thing_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """同一件事在几份附件里要写得一样：主管部门、项目的预算数、基本支出、编制数、部门预算、同一文号的金额。

    为什么：两份附件各说各的，读者不知道信哪一个。
    怎么改：核对后统一；确为原件如此的，写“差异说明”。
    """
    for project in disclosure.projects:
        report = project.record(DocumentKind.PROJECT_REPORT)
        table = project.record(DocumentKind.PROJECT)
        if report and table:
            yield from _department(report, table)
            yield from _budget(report, table)
    yield from _own_department(disclosure)
    yield from _basic(disclosure)
    yield from told_otherwise(disclosure)


def _department(report: Record, table: Record) -> Iterator[Finding]:
    one, other = report.field(Role.DEPARTMENT), table.field(Role.DEPARTMENT)
    if one and other and one.filed and other.filed and one.filed != other.filed:
        message = f"主管部门在自评报告里是“{one.filed}”，在自评表里是“{other.filed}”"
        yield at(one, message, "请核对后统一", computed=other.filed)


def _budget(report: Record, table: Record) -> Iterator[Finding]:
    one = report.field(Role.ADJUSTED)
    row = rate_row(table)
    budgets = [by_role(row, role) for role in (Role.ADJUSTED, Role.INITIAL)]
    known = [cell for cell in budgets if cell and cell.value.number is not None]
    if one is None or one.value.number is None or not known:
        return
    here = one.value.number * MONEY[report.form.money]
    there = [(cell.value.number or Decimal(0)) * MONEY[table.form.money] for cell in known]
    if here not in there:
        message = f"“{one.spec.key}”在自评报告里是 {one.filed}，自评表里是 {known[0].filed}"
        yield at(one, message, "请核对后统一", computed=known[0].filed)


def _basic(disclosure: Disclosure) -> Iterator[Finding]:
    """The basic spending of the overall table, which the baseline tells too."""
    overall = disclosure.record(DocumentKind.OVERALL)
    baseline = disclosure.record(DocumentKind.BASELINE)
    row = baseline.row(Role.BASIC) if baseline else None
    blocks = [block for table in overall.tables() for block in table.blocks] if overall else []
    cell = next((found for block in blocks if (found := by_role(block.cells, Role.BASIC))), None)
    if baseline is None or overall is None or row is None or cell is None:
        return
    known = [by_role(row.cells, role) for role in (Role.FINAL, Role.BUDGET)]
    told = [each for each in known if each and each.value.number is not None]
    worth, unit = MONEY[baseline.form.money], MONEY[overall.form.money]
    here = cell.value.number
    if here is None or not told:
        return
    if all((each.value.number or Decimal(0)) * worth != here * unit for each in told):
        message = (
            f"“{cell.spec.key}”填报 {cell.filed}，基础数据表的“{row.spec.key}”是 {told[0].filed}"
        )
        yield at(cell, message, "请核对后统一", computed=told[0].filed)


def _own_department(disclosure: Disclosure) -> Iterator[Finding]:
    """The department of the unit as unit.yml has it, against the projects' tables."""
    known = disclosure.unit.facts.department
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        cell = record.field(Role.DEPARTMENT) if record else None
        if known and cell and cell.filed and known not in cell.filed and cell.filed not in known:
            message = f"主管部门填的是“{cell.filed}”，unit.yml 里是“{known}”"
            yield at(cell, message, "请核对后统一", computed=known)


@check("GJ-10", "勾稽核对", of=Disclosure, whole=True)
def stated_relation_fails(disclosure: Disclosure) -> Iterator[Finding]:
    """disclosure.yml 的“勾稽核对”所写的关系要成立：“相等”的各处相同，“合计”等于各“分项”之和。

    为什么：有些数只有人知道是同一件事，写下来，程序以后每次都替你核对。
    怎么改：核对各处的数；位置照抄校验结果里的写法（例如 部门整体自评表/总分/得分）。
    """
    cells = disclosure.cells() if disclosure.facts.cross_checks else {}
    for number, relation in enumerate(disclosure.facts.cross_checks):
        place = disclosure.places[f"勾稽核对/{number}"]
        asked = [*relation.equal, *([relation.total] if relation.total else []), *relation.parts]
        absent = [where for where in asked if where not in cells]
        unread = [where for where in asked if where in cells and cells[where].value.number is None]
        if absent or unread:
            word = "没有这个位置" if absent else "不是数"
            message = f"“{relation.name}”：“{(absent or unread)[0]}”{word}"
            yield Finding(place, message, "请照抄校验结果里的位置", f"勾稽核对/{relation.name}")
            continue
        worth = {where: _worth(cells[where], disclosure) for where in asked}
        for where in relation.equal[1:]:
            if worth[where] != worth[relation.equal[0]]:
                first, other = cells[relation.equal[0]], cells[where]
                message = f"“{relation.name}”：{first.where}是 {first.filed}，这里是 {other.filed}"
                yield at(other, message, "请核对两处", computed=first.filed)
        if relation.total and relation.parts:
            total, computed = cells[relation.total], sum(worth[each] for each in relation.parts)
            if worth[relation.total] != computed:
                shown = plain(Decimal(computed) / _unit(total, disclosure))
                message = f"“{relation.name}”合计填报 {total.filed}，各分项相加为 {shown}"
                yield at(total, message, "请核对各分项", computed=shown)


def _worth(cell: Cell, disclosure: Disclosure) -> Decimal:
    """What a cell comes to, amounts in 元."""
    return (cell.value.number or Decimal(0)) * _unit(cell, disclosure)


def _unit(cell: Cell, disclosure: Disclosure) -> Decimal:
    if cell.spec.kind is not Kind.AMOUNT:
        return Decimal(1)
    owner = next(each for each in disclosure.all_records if cell.where.startswith(f"{each.name}/"))
    return MONEY[owner.form.money]
