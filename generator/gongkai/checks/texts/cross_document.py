"""Checks across the documents of one unit and year (GJ-02, GJ-03, GJ-10)."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.texts.labelled_amounts import AmountColumn
from gongkai.checks.texts.places import advise_place
from gongkai.checks.texts.report_vs_tables import check_project_spending, check_report
from gongkai.checks.texts.stated_amounts import column_of_block
from gongkai.checks.texts.unit_names import (
    check_names,
    differ_by_one,
    has_words_inserted,
    is_same_body,
)
from gongkai.model.documents import Cell, Cells, Record, cell_with_role
from gongkai.model.figures import budget_cells
from gongkai.model.problems import Level
from gongkai.model.publication import CrossCheck, Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS, Kind, format_decimal

_COLUMN_PAIRS = ((Role.FINAL, Role.SPENT, "执行数"), (Role.BUDGET, Role.ADJUSTED, "预算数"))
"""Columns of the baseline, and the columns of the projects' tables that they must equal."""


@check("GJ-02", "项目汇总", of=Disclosure, needs_complete=True)
def project_spending_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """基础数据表、部门整体自评表、报告正文的项目支出，须等于各项目自评表之和；每个项目的行也须相同。

    为什么：项目花的钱，在总表里不能凭空少了或多了。
    来源：基础数据表的填表说明。
    怎么改：核对两边的数；确为原件如此的，写“差异说明”。
    """
    projects = [(project, project.record(DocumentKind.PROJECT)) for project in disclosure.projects]
    tables_by_name = [(project.name, table) for project, table in projects if table]
    if not tables_by_name or len(tables_by_name) < len(projects):
        return
    all_tables = [table for _, table in tables_by_name]
    spent = _sum_of(all_tables, Role.SPENT, Decimal(1))
    if spent is not None:
        yield from check_project_spending(disclosure, spent)
    for record in disclosure.records:
        for table in record.tables():
            for row in table.rows:
                if row.spec.role is Role.PROJECT_SPENDING:
                    yield from _compare_columns(row.cells, record, all_tables, "各项目")
                elif row.spec.role is Role.PROJECT_ROW and "名称" in row.cells:
                    name = row.cells["名称"].filed
                    own = [own_table for own_name, own_table in tables_by_name if own_name == name]
                    yield from _compare_columns(row.cells, record, own, f"项目“{name}”")
            for block in table.blocks:
                cell = cell_with_role(block.cells, Role.PROJECT_SPENDING)
                if cell:
                    label = "各项目自评表的执行数"
                    yield from _compare_sum(cell, record, all_tables, Role.SPENT, label)


def _compare_columns(
    cells: Cells, record: Record, tables: list[Record], owner: str
) -> Iterator[Finding]:
    for column, role, word in _COLUMN_PAIRS:
        cell = cell_with_role(cells, column)
        if cell:
            yield from _compare_sum(cell, record, tables, role, f"{owner}自评表的{word}")


def _compare_sum(
    cell: Cell, record: Record, tables: list[Record], role: Role, label: str
) -> Iterator[Finding]:
    filed, total = cell.value.number, _sum_of(tables, role, MONEY_UNITS[record.form.money])
    if filed is None or total is None or filed == total:
        return
    shown = format_decimal(total * cell.value.scale)
    message = f"“{cell.spec.key}”填报 {cell.filed}，{label}为 {shown}"
    yield finding_at(cell, message, "请核对两边的数", computed=shown)


def _sum_of(tables: list[Record], role: Role, scale: Decimal) -> Decimal | None:
    """Return the sum over the projects' tables, in units of `scale` 元; None if one has no number."""
    total = Decimal(0)
    for table in tables:
        cell = cell_with_role(rate_row(table), role)
        if cell is None or cell.value.number is None:
            return None
        total += cell.value.number * MONEY_UNITS[table.form.money] / scale
    return total if tables else None


@check("GJ-03", "同值", Level.E, Level.W, of=Disclosure, needs_complete=True)
def same_fact_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """同一件事在几份附件里要写得一样：单位名称、主管部门、项目的预算数、基本支出、编制数、在职人数、部门预算、同一文号的金额。

    名称写简称、只写后半的，算同一个单位；实施单位可以是主管部门下属的任何单位。数在两份附件里不同的，两处都提。
    各处文字和公开目录里，单位、主管部门的名称差一个字的，换了别的县、市的，学校、医院等把服务对象写成别家的，都提；学习、协作、帮扶一类说别的单位的句子不提。
    基本支出加项目支出的决算数等于部门整体的执行数的，预算数也要相等；项目的年初目标表与自评表的年初预算数要相同。

    为什么：两份附件各说各的，读者不知道信哪一个。
    怎么改：核对后统一；确为原件如此的，写“差异说明”。
    """
    for project in disclosure.projects:
        report = project.record(DocumentKind.PROJECT_REPORT)
        table = project.record(DocumentKind.PROJECT)
        if report and table:
            yield from _compare_departments(report, table, disclosure.unit.facts.department)
            yield from _compare_budgets(report, table)
        targets = project.record(DocumentKind.TARGETS)
        if targets and table:
            yield from _compare_initial_budgets(targets, table)
    yield from _check_department(disclosure)
    yield from check_names(disclosure)
    yield from _compare_basic_spending(disclosure)
    yield from _compare_budget_totals(disclosure)
    yield from check_report(disclosure)


def _compare_departments(report: Record, table: Record, known: str) -> Iterator[Finding]:
    in_report, in_table = (
        report.field_with_role(Role.DEPARTMENT),
        table.field_with_role(Role.DEPARTMENT),
    )
    if not (in_report and in_table and in_report.filed and in_table.filed):
        return
    shorter, longer = sorted((in_report.filed, in_table.filed), key=len)
    message = f"主管部门在自评报告里是“{in_report.filed}”，在自评表里是“{in_table.filed}”"
    if not is_same_body(in_report.filed, in_table.filed):
        yield finding_at(in_report, message, "请核对后统一", computed=in_table.filed)
    elif has_words_inserted(longer, shorter) and in_report.filed != known:
        advice = "请核对名称后统一"
        yield finding_at(in_report, message, advice, computed=in_table.filed, level=Level.W)


def _compare_budgets(report: Record, table: Record) -> Iterator[Finding]:
    cell = report.field_with_role(Role.ADJUSTED)
    budgets = budget_cells(rate_row(table))
    known = [budget for budget in budgets if budget.value.number is not None]
    if cell is None or cell.value.number is None or not known:
        return
    in_report = cell.value.number * MONEY_UNITS[report.form.money]
    scale = MONEY_UNITS[table.form.money]
    in_table = [(budget.value.number or Decimal(0)) * scale for budget in known]
    if in_report not in in_table:
        message = f"“{cell.spec.key}”在自评报告里是 {cell.filed}，自评表里是 {known[0].filed}"
        yield finding_at(cell, message, "请核对后统一", computed=known[0].filed)


def _compare_basic_spending(disclosure: Disclosure) -> Iterator[Finding]:
    """Compare 基本支出 in the overall table with the baseline."""
    overall = disclosure.record(DocumentKind.OVERALL)
    baseline = disclosure.record(DocumentKind.BASELINE)
    row = baseline.row_with_role(Role.BASIC) if baseline else None
    blocks = [block for table in overall.tables() for block in table.blocks] if overall else []
    cells = (cell_with_role(block.cells, Role.BASIC) for block in blocks)
    cell = next(filter(None, cells), None)
    if baseline is None or overall is None or row is None or cell is None:
        return
    block = next(block for block in blocks if cell_with_role(block.cells, Role.BASIC) is cell)
    is_spending = column_of_block(block.cells, overall) is AmountColumn.FINAL
    roles = (Role.FINAL,) if is_spending else (Role.FINAL, Role.BUDGET)
    row_cells = [cell_with_role(row.cells, role) for role in roles]
    known = [row_cell for row_cell in row_cells if row_cell and row_cell.value.number is not None]
    scale, number = MONEY_UNITS[baseline.form.money], cell.value.number
    if number is None or not known:
        return
    amount = number * MONEY_UNITS[overall.form.money]
    if all((row_cell.value.number or Decimal(0)) * scale != amount for row_cell in known):
        budget = cell_with_role(row.cells, Role.BUDGET)
        is_swapped = is_spending and budget and (budget.value.number or 0) * scale == amount
        advice = "预算、决算两栏疑填反，请核对" if is_swapped else "请核对后统一"
        message = (
            f"“{cell.spec.key}”填报 {cell.filed}，基础数据表的“{row.spec.key}”是 {known[0].filed}"
        )
        yield finding_at(cell, message, advice, computed=known[0].filed)
        message = f"“{known[0].spec.key}”填报 {known[0].filed}，{overall.form.kind}的“{cell.spec.key}”是 {cell.filed}"
        yield finding_at(known[0], message, advice, computed=cell.filed, level=Level.W)


def _compare_initial_budgets(targets: Record, table: Record) -> Iterator[Finding]:
    """Compare the budget of a table of targets with the initial one of the evaluation."""
    planned = targets.field_with_role(Role.INITIAL) or cell_with_role(
        rate_row(targets), Role.INITIAL
    )
    initial = cell_with_role(rate_row(table), Role.INITIAL)
    if not (planned and initial) or planned.value.number is None or initial.value.number is None:
        return
    amounts = [
        (cell.value.number or Decimal(0)) * MONEY_UNITS[record.form.money]
        for cell, record in ((planned, targets), (initial, table))
    ]
    if amounts[0] != amounts[1]:
        message = f"“{planned.spec.key}”在年初的目标表里是 {planned.filed}，自评表的“{initial.spec.key}”是 {initial.filed}"
        yield finding_at(planned, message, "请核对后统一", computed=initial.filed, level=Level.W)


def _compare_budget_totals(disclosure: Disclosure) -> Iterator[Finding]:
    """Compare 基本支出 and 项目支出 of the baseline with the budget of the overall table.

    Only where they come to what was spent in all, so that the two tables are of the same money.
    """
    overall = disclosure.record(DocumentKind.OVERALL)
    baseline = disclosure.record(DocumentKind.BASELINE)
    funds = rate_row(overall) if overall else None
    if baseline is None or overall is None or funds is None:
        return
    rows = [baseline.row_with_role(role) for role in (Role.BASIC, Role.PROJECT_SPENDING)]
    sums: list[Decimal] = []
    for role in (Role.FINAL, Role.BUDGET):
        cells = [cell_with_role(row.cells, role) if row else None for row in rows]
        if any(cell is None or cell.value.number is None for cell in cells):
            return
        numbers = [cell.value.or_zero for cell in cells if cell]
        sums.append(sum(numbers, Decimal(0)) * MONEY_UNITS[baseline.form.money])
    spent = cell_with_role(funds, Role.SPENT)
    scale = MONEY_UNITS[overall.form.money]
    budgets = [cell for cell in budget_cells(funds) if cell.value.number is not None]
    if spent is None or spent.value.or_zero * scale != sums[0] or not budgets:
        return
    if all(cell.value.or_zero * scale != sums[1] for cell in budgets):
        basic = rows[0]
        cell = cell_with_role(basic.cells, Role.BUDGET) if basic else None
        shown = format_decimal(sums[1] / MONEY_UNITS[baseline.form.money])
        known = "、".join(f"“{budget.spec.key}” {budget.filed}" for budget in budgets)
        if cell:
            message = (
                f"基本支出与项目支出的“{cell.spec.key}”合计为 {shown}，{overall.form.kind}是{known}"
            )
            yield finding_at(
                cell, message, "请核对后统一", computed=budgets[0].filed, level=Level.W
            )


def _check_department(disclosure: Disclosure) -> Iterator[Finding]:
    """Compare the department of the projects' tables with unit.yml.

    It may be the unit itself, and any where unit.yml names the government above it.
    """
    facts = disclosure.unit.facts
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        cell = record.field_with_role(Role.DEPARTMENT) if record else None
        own = facts.department or facts.name
        if cell and differ_by_one(cell.filed, own):
            message = f"主管部门填的是“{cell.filed}”，unit.yml 里是“{own}”"
            yield finding_at(cell, message, "请核对名称", computed=own, level=Level.W)
    if not facts.department or "人民政府" in facts.department:
        return
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        cell = record.field_with_role(Role.DEPARTMENT) if record else None
        if not cell or not cell.filed:
            continue
        message = f"主管部门填的是“{cell.filed}”，unit.yml 里是“{facts.department}”"
        advice = "请核对后统一"
        if not any(is_same_body(cell.filed, name) for name in (facts.department, facts.name)):
            yield finding_at(cell, message, advice, computed=facts.department)
        elif has_words_inserted(cell.filed, facts.department):
            yield finding_at(cell, message, advice, computed=facts.department, level=Level.W)


@check("GJ-10", "勾稽核对", of=Disclosure, needs_complete=True)
def stated_relation_fails(disclosure: Disclosure) -> Iterator[Finding]:
    """disclosure.yml 的“勾稽核对”所写的关系要成立：“相等”的各处相同，“合计”等于各“分项”之和。

    为什么：有些数只有人知道是同一件事，写下来，程序以后每次都替你核对。
    怎么改：核对各处的数；位置照抄校验结果里的写法（例如 部门整体自评表/总分/得分）。
    """
    cells = disclosure.cells_by_path() if disclosure.facts.cross_checks else {}
    for number, relation in enumerate(disclosure.facts.cross_checks):
        place = disclosure.key_positions[f"勾稽核对/{number}"]
        places = [*relation.equal, *([relation.total] if relation.total else []), *relation.parts]
        if fault := _incomplete_relation(relation):
            yield Finding(place, f"“{relation.name}”{fault}", "请补上", f"勾稽核对/{relation.name}")
            continue
        missing = [where for where in places if where not in cells]
        unread = [where for where in places if where in cells and cells[where].value.number is None]
        if missing or unread:
            wrong = (missing or unread)[0]
            fault = "没有这个位置" if missing else f"不是数，写的是“{cells[wrong].filed}”"
            advice = advise_place(wrong, cells) if missing else "请填写，或改写位置"
            message = f"“{relation.name}”：“{wrong}”{fault}"
            yield Finding(place, message, advice, f"勾稽核对/{relation.name}")
            continue
        amounts = {where: _amount_of(cells[where], disclosure) for where in places}
        for where in relation.equal[1:]:
            if amounts[where] != amounts[relation.equal[0]]:
                first, other = cells[relation.equal[0]], cells[where]
                message = f"“{relation.name}”：{first.where}是 {first.filed}，这里是 {other.filed}"
                yield finding_at(other, message, "请核对两处", computed=first.filed)
        if relation.total and relation.parts:
            total, computed = cells[relation.total], sum(amounts[part] for part in relation.parts)
            if amounts[relation.total] != computed:
                shown = format_decimal(Decimal(computed) / _scale_of(total, disclosure))
                message = f"“{relation.name}”合计填报 {total.filed}，各分项相加为 {shown}"
                yield finding_at(total, message, "请核对各分项", computed=shown)


def _incomplete_relation(relation: CrossCheck) -> str:
    """Return in Chinese what a stated relation lacks; empty if it relates at least two places."""
    if relation.total and not relation.parts:
        return "写了“合计”，没有写“分项”"
    if relation.parts and not relation.total:
        return "写了“分项”，没有写“合计”"
    if len(relation.equal) == 1 or not (relation.equal or relation.total):
        return "没有写要核对的两处：“相等”至少写两个位置，或写“合计”和“分项”"
    return ""


def _amount_of(cell: Cell, disclosure: Disclosure) -> Decimal:
    """Return the number of a cell, amounts in 元."""
    return (cell.value.number or Decimal(0)) * _scale_of(cell, disclosure)


def _scale_of(cell: Cell, disclosure: Disclosure) -> Decimal:
    if cell.spec.kind is not Kind.AMOUNT:
        return Decimal(1)
    owner = next(
        record for record in disclosure.all_records if cell.where.startswith(f"{record.name}/")
    )
    return MONEY_UNITS[owner.form.money]
