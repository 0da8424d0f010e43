"""Checks of a disclosure's documents as a set (JG-09, JG-10, JG-11): complete, and of one year."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, additional_check, check, finding_at
from gongkai.model.documents import Cell, Project, Record
from gongkai.model.problems import OTHER_YEAR, Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role

_PROJECT_KINDS = (DocumentKind.PROJECT_REPORT, DocumentKind.PROJECT)
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\s*年)")


@check("JG-09", "附件齐全", Level.E, Level.W, of=Disclosure, needs_complete=True)
def attachment_missing(disclosure: Disclosure) -> Iterator[Finding]:
    """disclosure.yml 所列的附件都要有，编号不重复；列了项目自评报告和自评表的，每个项目都要有这两份。

    一个年度、一个项目，至少要有一份表。一种材料只列一次。

    为什么：“每个项目支出分别填报自评报告和自评表”。
    来源：各省公开通知；项目自评表的备注。
    怎么改：补上文件，或从“附件”里删去这一项。
    """
    kinds = [attachment.kind for attachment in disclosure.facts.attachments]
    for number, kind in enumerate(kinds):
        if not kind.is_about_project and disclosure.record(kind) is None:
            place = disclosure.key_positions[f"附件/{number}"]
            message = f"附件里列了{kind}，却没有这份文件"
            yield Finding(place, message, "请补上文件，或删去这一项", f"附件/{kind}")
        if kind in kinds[:number]:
            place = disclosure.key_positions[f"附件/{number}"]
            message = f"附件里列了两次{kind}"
            yield Finding(place, message, "请只留一项", f"附件/{kind}", level=Level.W)
    yield from _check_numbers(disclosure)
    if not disclosure.all_records:
        place = disclosure.key_positions["年度"]
        message = f"{disclosure.year} 年度一份表、一份报告也没有"
        yield Finding(place, message, "请补上文件，或删去这个年度的文件夹", "年度")
    for project in disclosure.projects:
        if not project.records:
            message = f"项目“{project.name}”的文件里没有自评表，也没有自评报告"
            place = Position(project.file)
            yield Finding(place, message, "请补上，或删去这个文件", project.name)
            continue
        for kind in _PROJECT_KINDS:
            if kind in kinds and project.record(kind) is None:
                message = f"项目“{project.name}”没有{kind}"
                yield _project_finding(
                    project, disclosure, message, "请补上", f"{project.name}/{kind}"
                )


def _check_numbers(disclosure: Disclosure) -> Iterator[Finding]:
    """Find attachments of one number but different kinds."""
    kinds: dict[str, DocumentKind] = {}
    for position, attachment in enumerate(disclosure.facts.attachments):
        other = kinds.setdefault(attachment.number, attachment.kind)
        if other is not attachment.kind:
            place = disclosure.key_positions[f"附件/{position}"]
            message = f"“{attachment.number}”既是{other}，又是{attachment.kind}"
            where = f"附件/{attachment.kind}"
            yield Finding(place, message, "请核对编号", where, level=Level.W)


def _project_finding(
    project: Project, disclosure: Disclosure, message: str, advice: str, where: str
) -> Finding:
    """Return a finding about a project, placed at its first document if it has any."""
    records = project.records
    place = records[0].position if records else disclosure.key_positions["年度"]
    return Finding(place, message, advice, where)


@check("JG-10", "项目一一对应", Level.E, Level.W, of=Disclosure, needs_complete=True)
def projects_do_not_match(disclosure: Disclosure) -> Iterator[Finding]:
    """基础数据表的项目行、项目目录与各项目的自评表、自评报告，名称要一一对应，一字不差，一个项目一行。

    报告、部门整体自评表的文字写了某个项目花的钱，或用引号写了某个项目的进度、资金、绩效，这个项目也要有自评；“共 3 个项目”的个数须与有自评的项目数相同；这两条只提醒。

    为什么：名称不同，读者不知道说的是不是同一个项目。
    怎么改：统一名称；漏报的补上。
    """
    for project in disclosure.projects:
        for record in project.records:
            cell = record.field_with_role(Role.PROJECT_NAME)
            if (
                cell
                and cell.filed
                and _comparable_name(cell.filed) != _comparable_name(project.name)
            ):
                message = f"项目名称填的是“{cell.filed}”，本项目文件的名称是“{project.name}”"
                yield finding_at(cell, message, "请统一名称", computed=project.name)
    baseline = disclosure.record(DocumentKind.BASELINE)
    cells = list(_project_name_cells(baseline)) if baseline else []
    if baseline is None or not (cells and disclosure.projects):
        return
    project_names = {_comparable_name(project.name) for project in disclosure.projects}
    baseline_names = {_comparable_name(cell.filed) for cell in cells}
    seen: set[str] = set()
    for cell in cells:
        name = _comparable_name(cell.filed)
        if name in seen:
            message = f"项目“{cell.filed}”在基础数据表里写了两行"
            yield finding_at(cell, message, "请核对是否重复")
        seen.add(name)
        if name not in project_names:
            message = f"基础数据表有项目“{cell.filed}”，却没有它的自评"
            yield finding_at(cell, message, "请补上或统一名称")
    for project in disclosure.projects:
        if _comparable_name(project.name) not in baseline_names:
            message = f"项目“{project.name}”不在基础数据表的项目支出里"
            yield _project_finding(
                project, disclosure, message, "请补上或统一名称", f"{project.name}/基础数据表"
            )


def _project_name_cells(record: Record) -> Iterator[Cell]:
    for table in record.tables():
        for row in table.rows:
            if row.spec.role is Role.PROJECT_ROW and "名称" in row.cells:
                yield row.cells["名称"]


def _comparable_name(text: str) -> str:
    """Return a name without spaces, its punctuation in half width."""
    return re.sub(r"\s", "", text).translate(str.maketrans("（），；：", "(),;:"))


@additional_check(OTHER_YEAR, of=Disclosure)
def title_of_another_year(disclosure: Disclosure) -> Iterator[Finding]:
    """Find titles and catalogue names that state another year only."""
    for record in disclosure.all_records:
        title = record.title
        for year in _other_year(title, disclosure.year):
            message = f"标题“{title}”写的是 {year} 年，这是 {disclosure.year} 年度的公开件"
            yield Finding(record.position, message, "请核对标题", f"{record.name}/标题", title)
    name = disclosure.facts.catalogue.name
    for year in _other_year(name, disclosure.year):
        message = f"目录名称“{name}”写的是 {year} 年，这是 {disclosure.year} 年度的公开件"
        where = "公开目录/名称"
        yield Finding(disclosure.key_positions[where], message, "请核对名称", where, name)


def _other_year(title: str, year: int) -> list[str]:
    """Return the first year in a title, if the title does not name this year."""
    years = _TITLE_YEAR.findall(title)
    return [] if str(year) in years else years[:1]
