"""Right disclosures: all documents of a unit and year, from every form."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from gongkai.model.forms import Form
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import format_decimal
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from tests.checks.generated.amounts import Funds, draw_funds
from tests.checks.generated.baseline import Baseline
from tests.checks.generated.documents import CODED_NAME, Document, FiledCell
from tests.checks.generated.indicator_tables import fill_indicators
from tests.checks.generated.texts import Facts, amounts_in_words, comparison, results

_UNIT, _DEPARTMENT = "示例县示例养护中心", "示例县示例交通局"
_REGION = re.compile(r"(?P<省>..市|.+?(?:省|自治区))(?P<市>.+?市)?(?P<县>.+)?")
_HUNAN = "hunan-2022-"
_KEYS = {kind: key for key, kind in PROJECT_DOCUMENTS.items()}
_FRONT_LINES = 6
"""Lines of a report before its body."""


@dataclass(slots=True)
class GeneratedDisclosure:
    """A disclosure: its files, and their cells with figures."""

    year: int
    files: dict[str, Any]
    """Mappings by file name, relative to the unit's folder; the lines of report.md."""
    cells: list[FiledCell] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the unit's folder."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_render(content), "utf-8")

    def write_changed(self, folder: Path, cell: FiledCell, text: str) -> Path:
        """Write the file of a cell with another value, and return its path."""
        name = next(name for name, content in self.files.items() if _holds(content, cell.holder))
        filed, cell.holder[cell.key] = cell.holder[cell.key], text
        (folder / name).write_text(_render(self.files[name]), "utf-8")
        cell.holder[cell.key] = filed
        return folder / name

    def add(self, name: str, content: Any, cells: Sequence[FiledCell]) -> None:
        """Add a file of the year's folder."""
        self.files[f"{self.year}/{name}"] = content
        self.cells += cells


def _render(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(content)
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1_000_000)
    return text


def _holds(content: Any, holder: Any) -> bool:
    """Tell whether a mapping or list is part of a file."""
    if content is holder:
        return True
    parts = content.values() if isinstance(content, dict) else content
    return any(isinstance(part, dict | list) and _holds(part, holder) for part in parts)


def draw_disclosure(rnd: Random, form: Form, forms: Mapping[str, Form]) -> GeneratedDisclosure:
    """Return a right disclosure that uses a form."""
    if form.id.startswith(_HUNAN) or form.kind is DocumentKind.OVERALL_TARGETS:
        has_targets = form.kind is DocumentKind.OVERALL_TARGETS or rnd.random() < 0.5
        return _draw_full_set(rnd, forms, has_targets=has_targets)
    if form.kind is DocumentKind.REPORT:
        return _draw_unit_report(rnd, form, forms["overall-evaluation"])
    year = form.scope.last_year or max(form.scope.first_year or 2022, 2022)
    disclosure = GeneratedDisclosure(year, _unit_files(form, year, [form]))
    if form.kind in {DocumentKind.OVERALL, DocumentKind.RUBRIC}:
        document = _draw_document(rnd, form, _draw_facts(rnd, form, year, _UNIT))
        disclosure.add("overall.yml", document.data, document.cells)
        return disclosure
    documents = _documents_beside(rnd, form, forms)
    facts = _draw_facts(rnd, documents[0], year, "示例设施养护")
    _add_project(disclosure, rnd, documents, facts, "shili-xiangmu")
    return disclosure


def _documents_beside(rnd: Random, form: Form, forms: Mapping[str, Form]) -> list[Form]:
    """Return the forms of a project's documents, the evaluation first."""
    if form.kind is DocumentKind.TARGETS:
        return [forms["mof-2020-project"], form]
    if form.kind is DocumentKind.PROJECT_REPORT:
        evaluation = forms.get(form.id.removesuffix("-report"), forms["mof-2020-project"])
        return [evaluation, form]
    return [form, forms["project-targets"]] if rnd.random() < 0.5 else [form]


def _draw_facts(rnd: Random, form: Form, year: int, name: str) -> Facts:
    """Return facts that fit the columns of a form."""
    roles = {
        spec.role
        for section in form.sections
        for spec in (getattr(section, "columns", ()) or getattr(section, "fields", ()))
    }
    funds = draw_funds(rnd, 10_000 if form.money == "元" else 1)
    if Role.ADJUSTED not in roles:
        funds.adjusted, funds.spent = funds.initial, min(funds.spent, funds.initial)
    if Role.INITIAL not in roles:
        funds.initial = funds.adjusted
    if not roles & {Role.ACHIEVEMENT, Role.DEVIATION}:
        funds.spent = funds.adjusted  # There is no place to say why not all was spent.
    columns = (Role.INITIAL, Role.ADJUSTED, Role.SPENT)
    known = tuple(role for role in columns if role in roles)
    return Facts(year, _UNIT, _DEPARTMENT, name, funds, columns=known)


def _draw_document(rnd: Random, form: Form, facts: Facts) -> Document:
    document = Document(form, facts, rnd)
    document.fill_parts()
    fill_indicators(document)
    document.fill_totals()
    return document


def _repeat_targets(rnd: Random, form: Form, facts: Facts) -> Document:
    """Return a document with the targets of an evaluation."""
    document = Document(form, facts, rnd)
    document.fill_parts()
    fill_indicators(document, facts.indicators)
    score = facts.score
    document.fill_totals()
    facts.score = score
    return document


def _add_project(
    disclosure: GeneratedDisclosure, rnd: Random, forms: Sequence[Form], facts: Facts, slug: str
) -> None:
    """Add the file of a project: the first form is its evaluation."""
    is_coded = any(
        spec.pattern for section in forms[0].sections for spec in getattr(section, "fields", ())
    )
    name = CODED_NAME.format(facts.name) if is_coded else facts.name
    content: dict[str, Any] = {"项目名称": name}
    for form in forms:
        if form is forms[0]:
            document = _draw_document(rnd, form, facts)
        elif form.kind is DocumentKind.PROJECT_REPORT:
            document = _draw_project_report(rnd, form, facts)
        else:
            document = _repeat_targets(rnd, form, facts)
        if "项目名称" in document.data:
            document.data["项目名称"] = name
        content[_KEYS[form.kind]] = document.data
        disclosure.cells += document.cells
    disclosure.add(f"projects/{slug}.yml", content, ())
    disclosure.files[f"{disclosure.year}/disclosure.yml"].setdefault("项目", []).append(slug)


def _draw_project_report(rnd: Random, form: Form, facts: Facts) -> Document:
    document = Document(form, facts, rnd)
    document.fill_parts()
    amounts = amounts_in_words(facts, form.money)
    if not amounts:  # The evaluation has no table of funds.
        budget, spent = format_decimal(facts.funds.adjusted), format_decimal(facts.funds.spent)
        amounts = f"批复下达预算资金{budget}{form.money}，全年支出{spent}{form.money}"
    text = f"{amounts}，预算执行率{format_decimal(facts.funds.rate)}%。"
    for section in form.sections:
        for spec in getattr(section, "fields", ()):
            if any(word in spec.key for word in ("使用基本情况", "批复情况", "资金使用")):
                document.put(document.holder_of(section.key), spec, text, section.key)
            elif "目标完成情况" in spec.key:
                stated = results(rnd, facts)
                document.put(document.holder_of(section.key), spec, stated, section.key)
    return document


def _unit_files(form: Form, year: int, forms: Sequence[Form]) -> dict[str, Any]:
    """Return unit.yml and disclosure.yml."""
    region = _REGION.fullmatch(form.scope.region)
    parts = region.groupdict() if region else {}
    unit = {
        "名称": _UNIT,
        "级别": form.scope.levels[-1] if form.scope.levels else "县级",
        "行政区划": {key: parts.get(key) or "" for key in ("省", "市", "县")},
        "主管部门": _DEPARTMENT,
    }
    disclosure = {
        "年度": str(year),
        "单位": _UNIT,
        "公开目录": {
            "索引号": f"SL/{year}-00001",
            "名称": f"{_UNIT}{year}年度绩效自评",
            "生成日期": f"{year + 1}-04-10",
            "发布日期": f"{year + 1}-04-10",
            "发布机构": _UNIT,
            "公开方式": "主动公开",
            "主题分类": "财政",
        },
        "填报": {key: _sign_off(key, year) for used in forms for key in used.sign_off_keys},
    }
    return {"unit.yml": unit, f"{year}/disclosure.yml": disclosure}


def _sign_off(key: str, year: int) -> str:
    if "日期" in key:
        return f"{year + 1}年3月5日"
    return _UNIT if "单位" in key and "负责人" not in key else "示例员"


def _draw_full_set(
    rnd: Random, forms: Mapping[str, Form], *, has_targets: bool
) -> GeneratedDisclosure:
    """Return a disclosure of Hunan, whose attachments repeat each other's figures."""
    year = 2022
    used = {name.removeprefix(_HUNAN): forms[name] for name in forms if name.startswith(_HUNAN)}
    disclosure = GeneratedDisclosure(year, _unit_files(used["overall"], year, [*used.values()]))
    documents = [used["project"], used["project-report"]]
    if rnd.random() < 0.5:
        documents.append(forms["project-targets"])
    projects, names = [], set[str]()
    for number in range(rnd.randint(1, 3)):
        facts = _draw_facts(rnd, documents[0], year, f"示例{'甲乙丙'[number]}项目")
        facts.used_names = names
        projects.append(facts)
        _add_project(disclosure, rnd, documents, facts, f"shili-{number}")
    unit = _sum_projects(rnd, projects, year)
    unit.used_names = names
    overall = _draw_document(rnd, used["overall"], unit)
    disclosure.add("overall.yml", overall.data, overall.cells)
    baseline = Baseline(used["baseline"].id, unit, projects, rnd)
    disclosure.add("baseline.yml", baseline.data, baseline.cells)
    lines = list(_report_lines(rnd, used["report"].id, unit, baseline))
    _add_report(disclosure, used["report"], lines)
    if has_targets:
        targets = _repeat_targets(rnd, forms["overall-targets"], unit)
        disclosure.add("targets.yml", targets.data, targets.cells)
    return disclosure


def _draw_unit_report(rnd: Random, form: Form, evaluation: Form) -> GeneratedDisclosure:
    """Return a disclosure with the evaluation of a unit, and a report on it."""
    year = max(form.scope.first_year or 2022, 2022)
    disclosure = GeneratedDisclosure(year, _unit_files(form, year, [evaluation, form]))
    unit = _draw_facts(rnd, evaluation, year, _UNIT)
    overall = _draw_document(rnd, evaluation, unit)
    disclosure.add("overall.yml", overall.data, overall.cells)
    result = (
        f"{year}年{amounts_in_words(unit, form.money)}。{results(rnd, unit)}"
        f"整体支出绩效自评得分{format_decimal(unit.score)}分。"
    )
    date = f"日期: {year + 1}年3月5日"
    lines = ["---", f"表式: {form.id}", f"单位名称: {_UNIT}", date, "---", ""]
    for numeral, title in zip("一二三四五六七八九十", form.outline, strict=False):
        text = result if "绩效情况" in title else "按规定办理，资料齐全。"
        lines += [f"## {numeral}、{title}", "", text, ""]
    _add_report(disclosure, form, lines)
    return disclosure


def _add_report(disclosure: GeneratedDisclosure, form: Form, lines: list[str]) -> None:
    """Add report.md, with a cell per line of its body that has figures."""
    cells = [
        FiledCell(form.id, "正文", lines, number)
        for number, line in enumerate(lines)
        if number >= _FRONT_LINES and not line.startswith("#") and re.search(r"\d", line)
    ]
    disclosure.add("report.md", lines, cells)


def _sum_projects(rnd: Random, projects: Sequence[Facts], year: int) -> Facts:
    """Return the facts of a unit with these projects."""
    basic = Decimal(rnd.randint(10_000, 99_999)) / 100
    initial, adjusted, spent = (
        sum((getattr(facts.funds, name) for facts in projects), Decimal(0))
        for name in ("initial", "adjusted", "spent")
    )
    funds = Funds(basic + initial, basic + adjusted, basic + spent)
    breakdown = {Role.BASIC: basic, Role.PROJECT_SPENDING: spent}
    return Facts(year, _UNIT, _DEPARTMENT, _UNIT, funds, breakdown)


def _report_lines(rnd: Random, form: str, unit: Facts, baseline: Baseline) -> Iterator[str]:
    """Yield the lines of a report that repeats the figures of the tables."""

    def money(amount: Decimal) -> str:
        return f"{format_decimal(amount)}万元"

    basic, project = unit.breakdown[Role.BASIC], unit.breakdown[Role.PROJECT_SPENDING]
    amounts = baseline.amounts
    three = amounts["三公经费"]
    spending = (
        f"{unit.year}年{amounts_in_words(unit, '万元')}，其中：基本支出{money(basic)}，项目支出{money(project)}。"
        f"{comparison('基本支出', basic, amounts['部门基本支出'][0])}公用经费{money(amounts['公用经费'][2])}。"
        f"“三公”经费支出{money(three[2])}，其中：公务接待费{money(amounts['公务接待'][2])}，"
        f"公务用车运行维护费{money(amounts['公务车运行维护'][2])}，因公出国（境）费0万元。"
        f"{comparison('“三公”经费', three[2], three[0])}政府采购金额{money(amounts['政府采购金额'][2])}。"
    )
    chapters = {
        "部门（单位）基本情况": f"{_UNIT}是{_DEPARTMENT}下属单位，编制{baseline.quota}人，在职{baseline.staff}人。",
        "一般公共预算支出情况": spending,
        "政府性基金预算支出情况": "无",
        "国有资本经营预算支出情况": "无",
        "社会保险基金预算支出情况": "无",
        "部门整体支出绩效情况": f"{results(rnd, unit)}整体支出绩效自评得分{format_decimal(unit.score)}分。",
        "存在的问题及原因分析": "示例路段施工时间较长。",
        "下一步改进措施": "错峰施工。",
        "部门整体支出绩效自评结果拟应用和公开情况": "按要求公开。",
        "其他需要说明的情况": "无",
    }
    date = f"日期: {unit.year + 1}年3月5日"
    yield from ("---", f"表式: {form}", f"单位名称: {_UNIT}", date, "---", "")
    for numeral, (title, text) in zip("一二三四五六七八九十", chapters.items(), strict=True):
        yield from (f"## {numeral}、{title}", "", text, "")
