"""The units of 示例县, and what they file over four years, release by release."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from gongkai.authoring.demo.filling import Document, Filler
from gongkai.authoring.demo.words import narrative, project_name
from gongkai.model.forms import Form

YEARS = (2021, 2022, 2023, 2024)
RELEASES = tuple(
    dt.date.fromisoformat(day)
    for day in ("2022-07-15", "2023-07-15", "2024-07-15", "2025-07-15", "2025-09-15")
)
UNITS = 40
_PROJECTS = 302
"""Projects of all years; two are withdrawn again."""
_DEPARTMENTS = {
    "jiaoyu": ("教育局", ("第一中学", "中心小学", "幼儿园", "教师进修学校", "考试服务中心", "电化教育站")),
    "nongye": ("农业农村局", ("农技推广站", "种子服务站", "畜牧站", "农机服务站", "渔业站", "茶叶站")),
    "jiaotong": ("交通运输局", ("公路养护站", "客运服务中心", "航道站", "质量监测站", "农村公路站")),
    "shuili": ("水利局", ("河道管理站", "水库管理站", "水文站", "灌区服务中心", "饮水服务站")),
    "weijian": ("卫生健康局", ("人民医院", "中医院", "妇幼保健院", "疾控中心", "卫生监督站", "急救中心")),
    "wenlv": ("文化旅游局", ("图书馆", "文化馆", "博物馆", "体育馆", "档案馆", "非遗中心")),
}  # fmt: skip
"""Slug → department and its units."""
_TABLES = ("mof-2020-project", "mof-2021-project-cost", "hunan-2022-project")
_RENAMED, _WITHDRAWN, _EXEMPT, _TARGETS_ONLY, _SILENT = 5, 11, 17, 23, 29
"""Numbers of the units that are special."""
_LATE = 6
"""One unit of so many is late."""
_FAULTY = 7
"""One unit of so many files a total that its scores do not add up to."""
_MISQUOTING = 9
"""One unit of so many quotes last year's spending otherwise than it was published."""
_CORRECTED = 8
"""One unit of so many corrects figures in the last release."""


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of 示例县."""

    number: int
    slug: str
    name: str
    department: str


@dataclass(slots=True)
class Filing:
    """What a unit files for a year: contents of YAML files, and texts, by name."""

    unit: DemoUnit
    year: int
    documents: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Path of the year within the data folder."""
        return f"units/{self.unit.slug}/{self.year}"


def demo_units() -> list[DemoUnit]:
    """Return all units: departments first, then theirs in turn."""
    units: list[DemoUnit] = []
    for slug, (department, _) in _DEPARTMENTS.items():
        units.append(DemoUnit(len(units) + 1, slug, f"示例县{department}", f"示例县{department}"))
    for number in range(max(len(names) for _, names in _DEPARTMENTS.values())):
        for slug, (department, names) in _DEPARTMENTS.items():
            if number < len(names):
                unit_slug = f"{slug}-{number + 1}"
                name, own = f"示例县{names[number]}", f"示例县{department}"
                units.append(DemoUnit(len(units) + 1, unit_slug, name, own))
    return units[:UNITS]


def unit_document(unit: DemoUnit, day: dt.date) -> Document:
    """Return unit.yml as of a release."""
    facts: Document = {
        "名称": unit.name,
        "级别": "县级",
        "行政区划": {"县": "示例县"},
        "主管部门": unit.department,
        "单位性质": "事业单位",
    }
    if unit.number == _RENAMED and day >= RELEASES[2]:
        facts |= {"曾用名": [f"{unit.name}筹备组"], "曾用代号": [f"{unit.slug}-jiu"]}
    if unit.number == _EXEMPT:
        facts["公开义务"] = "免予公开：示例依据，本单位不单独编制预算"
    if unit.number == _WITHDRAWN and day >= RELEASES[3]:
        withdrawal = {"年度": "2021", "原因": "示例原因：文件发错", "日期": "2025-07-01"}
        facts["撤回"] = [withdrawal]
    return facts


def slug_at(unit: DemoUnit, day: dt.date) -> str:
    """Return a unit's slug as of a release; one is renamed."""
    is_old = unit.number == _RENAMED and day < RELEASES[2]
    return f"{unit.slug}-jiu" if is_old else unit.slug


def is_public(filing: Filing, day: dt.date) -> bool:
    """Whether a filing is public as of a release."""
    if filing.unit.number == _WITHDRAWN and filing.year == YEARS[0] and day >= RELEASES[3]:
        return False
    return dt.date(filing.year + 1, 7, 15) <= day


def demo_filings(forms: Iterable[Form]) -> list[Filing]:
    """Return all filings as they stand before any correction."""
    by_id = {form.id: form for form in forms}
    filings = [
        Filing(unit, year)
        for unit in demo_units()
        for year in YEARS
        if unit.number not in {_EXEMPT, _SILENT} or (unit.number == _SILENT and year < YEARS[-1])
    ]
    full = [filing for filing in filings if filing.unit.number != _TARGETS_ONLY]
    for position, filing in enumerate(full):
        count = _PROJECTS // len(full) + (position < _PROJECTS % len(full))
        _fill(filing, by_id, count)
    for filing in filings:
        if filing.unit.number == _TARGETS_ONLY:
            _fill_targets(filing, by_id)
    return filings


def _fill(filing: Filing, forms: Mapping[str, Form], projects: int) -> None:
    unit, year = filing.unit, filing.year
    rnd = Random(f"{unit.slug}{year}")  # noqa: S311 - reproducible
    documents = filing.documents
    documents["disclosure.yml"] = _disclosure(filing, rnd)
    table = forms[_TABLES[unit.number % len(_TABLES)]]
    budgets, last_year = (
        [_project_budget(unit, number, of_year) for number in range(1, projects + 1)]
        for of_year in (year, year - 1)
    )
    for number, budget in enumerate(budgets, start=1):
        name = project_name(10 * unit.number + number, Random(f"{unit.slug}{number}"))  # noqa: S311
        content: Document = {"项目名称": name}
        if unit.number % 3 == 0:
            report = forms["hunan-2022-project-report"]
            content["自评报告"] = _fill_form(report, unit, name, budget, rnd)
        content["自评表"] = _fill_form(table, unit, name, budget, rnd)
        if unit.number % _FAULTY == 0 and number == 1:
            _spoil_total(content["自评表"])
        documents[f"projects/xiangmu-{number}.yml"] = content
    overall = forms["hunan-2022-overall"]
    documents["overall.yml"] = _fill_form(overall, unit, "", sum(budgets), rnd)
    if unit.number % 2:
        if unit.number % _MISQUOTING == 0:
            last_year[0] = last_year[0] * 9 // 10
        documents["baseline.yml"] = _baseline(documents, budgets, last_year)
        filing.texts["report.md"] = _report(unit, year, rnd)


def _fill_targets(filing: Filing, forms: Mapping[str, Form]) -> None:
    """Fill the filing of the unit that sets targets only."""
    rnd = Random(f"{filing.unit.slug}{filing.year}")  # noqa: S311 - reproducible
    filing.documents["disclosure.yml"] = _disclosure(filing, rnd, "部门整体绩效目标")
    form = forms["overall-targets"]
    targets = _fill_form(form, filing.unit, "", rnd.randint(200, 9_000), rnd)
    tasks = targets["年度主要任务"]
    total = tasks.pop("金额合计")
    task = {"名称": "示例任务", "主要内容": narrative(rnd, 1), **total}
    targets["年度主要任务"] = {"任务": [task], "金额合计": total | {"其他资金": "0"}}
    task["其他资金"] = "0"
    filing.documents["targets.yml"] = targets


def _fill_form(form: Form, unit: DemoUnit, project: str, budget: int, rnd: Random) -> Document:
    tree = Random(f"{unit.slug}{project}")  # noqa: S311 - reproducible
    filler = Filler(form, unit.name, project, budget, rnd, tree, unit.department)
    return filler.document()


def _disclosure(filing: Filing, rnd: Random, subject: str = "绩效自评") -> Document:
    unit, year = filing.unit, filing.year
    is_late = unit.number % _LATE == 0
    day = (
        f"{year + 1}-07-{rnd.randint(5, 12):02}"
        if is_late
        else f"{year + 1}-06-{rnd.randint(10, 28)}"
    )
    name = unit.name
    catalogue = {
        "名称": f"{name}{year}年度{subject}",
        "索引号": f"SL/{year}-{unit.number:06}",
        "生成日期": day,
        "发布日期": day,
        "发布机构": name,
        "主题分类": "财政",
        "公开方式": "主动公开",
    }
    sign = {"填表人": "示例员", "填报日期": f"{year + 1}年3月{rnd.randint(1, 28)}日"}
    return {"年度": f"{year}", "单位": name, "公开目录": catalogue, "填报": sign}


def _spoil_total(table: Document) -> None:
    """File a total that is one point less than the scores add up to."""
    for key, total in table.items():
        if key.startswith("总") and isinstance(total, dict) and total.get("得分"):
            total["得分"] = f"{int(total['得分']) - 1}"


def _project_budget(unit: DemoUnit, number: int, year: int) -> int:
    """Return the budget of a project, in 百元 (0.01 万元); it changes a little from year to year."""
    rnd = Random(f"{unit.slug}{number}")  # noqa: S311 - reproducible
    budget = rnd.randint(200, 90_000)
    for _ in range(YEARS[0], year + 1):
        budget = budget * rnd.randint(88, 116) // 100
    return budget


def _baseline(
    documents: Mapping[str, Document], budgets: list[int], last_year: list[int]
) -> Document:
    names = [document["项目名称"] for document in documents.values() if "项目名称" in document]
    costs = ("办公费", "水费、电费、差旅费", "会议费、培训费")
    public = (
        *("三公经费", "公务用车购置和维护经费", "公务车购置", "公务车运行维护", "出国经费"),
        *("公务接待", "政府采购金额", "部门基本支出预算调整"),
    )
    projects = [
        {"名称": name, **_amounts(budget, past)}
        for name, budget, past in zip(names, budgets, last_year, strict=True)
    ]
    return {
        "表式": "hunan-2022-baseline",
        "财政供养人员情况": {"编制数": "12", "实际在职人数": "12", "控制率": "100%"},
        "经费控制情况": {
            "部门基本支出": _amounts(200_00, 200_00),
            "公用经费": _amounts(60_00, 60_00),
            **{name: _amounts(20_00, 20_00) for name in costs},
            **{name: _amounts(0, 0) for name in public},
            "项目支出小计": _amounts(sum(budgets), sum(last_year)),
            "项目": projects,
        },
        "楼堂馆所控制情况": dict.fromkeys(
            ("批复规模", "实际规模", "规模控制率", "预算投资", "实际投资", "投资概算控制率"), "—"
        ),
        "厉行节约保障措施": "示例措施。",
    }


def _amounts(amount: int, last_year: int) -> dict[str, str]:
    """Return a row of amounts, given in 百元: all of the year's budget was spent."""
    spent, past = (f"{Decimal(number) / 100:f}" for number in (amount, last_year))
    return {"上年决算数": past, "本年预算数": spent, "本年决算数": spent}


def _report(unit: DemoUnit, year: int, rnd: Random) -> str:
    titles = (
        *("部门（单位）基本情况", "一般公共预算支出情况", "政府性基金预算支出情况"),
        *("国有资本经营预算支出情况", "社会保险基金预算支出情况", "部门整体支出绩效情况"),
        *("存在的问题及原因分析", "下一步改进措施"),
        *("部门整体支出绩效自评结果拟应用和公开情况", "其他需要说明的情况"),
    )
    chapters = (
        f"## {numeral}、{title}\n\n{narrative(rnd, 3)}\n"
        for numeral, title in zip("一二三四五六七八九十", titles, strict=True)
    )
    head = f"---\n表式: hunan-2022-report\n单位名称: {unit.name}\n---\n\n{year}年度示例报告。\n\n"
    return head + "\n".join(chapters)


def correct_filings(filings: Iterable[Filing]) -> Iterator[Filing]:
    """Change figures of the last year, with their 勘误, as the last release does."""
    for filing in filings:
        baseline = filing.documents.get("baseline.yml")
        if filing.year != YEARS[-1] or baseline is None or filing.unit.number % _CORRECTED != 1:
            continue
        staff, place = baseline["财政供养人员情况"], "基础数据表/财政供养人员情况"
        staff |= {"编制数": "15", "控制率": "80%"}
        common = {"原因": "示例原因：编制数填成了在职人数", "日期": "2025-09-10"}
        filing.documents["disclosure.yml"]["勘误"] = [
            {"位置": f"{place}/编制数", "原值": "12", "新值": "15", **common},
            {"位置": f"{place}/控制率", "原值": "100%", "新值": "80%", **common},
        ]
        yield filing
