"""A synthetic province: units with 2 to 5 years of an overall evaluation and ten projects."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

from gongkai.authoring.demo.filling import Document, Filler
from gongkai.authoring.demo.words import narrative, project_name, unit_name
from gongkai.authoring.demo.yaml_text import yaml_text
from gongkai.model.forms import Form
from gongkai.model.specs import FieldSpec, FieldsSpec
from gongkai.model.terms import DocumentKind
from gongkai.reading.dataset import read_common_data
from tests.folders import GOLDEN, ROOT

PROJECTS = 10
"""Projects per unit and year."""
_LAST = 2024
_CODE = "510000" + "21R" + "0" * 12 + "-"
"""Prefix of project names for forms that require a code."""
_WITH_TARGETS = "mof-2020-project"
_CHAPTERS = (
    *("部门（单位）基本情况", "一般公共预算支出情况", "政府性基金预算支出情况"),
    *("国有资本经营预算支出情况", "社会保险基金预算支出情况", "部门整体支出绩效情况"),
    *("存在的问题及原因分析", "下一步改进措施", "部门整体支出绩效自评结果拟应用和公开情况"),
    "其他需要说明的情况",
)


@dataclass(frozen=True, slots=True)
class Size:
    """Actual size of a corpus."""

    units: int
    files: int
    pages: int
    """Pages of units, disclosures, reports and projects."""


def write_corpus(folder: Path, pages: int, seed: int = 1) -> Size:
    """Write data/ with at least so many pages."""
    data, forms = _prepare_data(folder)
    rnd = Random(seed)  # noqa: S311 - reproducible
    units = files = page_count = 0
    while page_count < pages:
        units += 1
        unit = _Unit(data / "units" / f"danwei-{units}", unit_name(units, rnd), forms, units)
        unit_files, unit_pages = unit.write(rnd)
        files, page_count = files + unit_files, page_count + unit_pages
    return Size(units, files, page_count)


def write_small_units(folder: Path, units: int) -> None:
    """Write data/ with so many small units: one year, no projects."""
    data, forms = _prepare_data(folder)
    rnd = Random(1)  # noqa: S311 - reproducible
    for number in range(1, units + 1):
        name = unit_name(number, rnd)
        unit = _Unit(data / "units" / f"danwei-{number}", name, forms, 2 * number - 1, projects=0)
        unit.write_profile({"主管部门": f"示例主管{number % 20}局"})
        unit.write_year(_LAST, rnd)


def _prepare_data(folder: Path) -> tuple[Path, list[Form]]:
    """Create a data folder without units; return it and the forms to fill."""
    data = folder / "data"
    data.mkdir(parents=True)
    shutil.copy(GOLDEN / "data" / "site.yml", data)
    shutil.copytree(ROOT / "data" / "forms", data / "forms")
    forms = read_common_data(data, "data", dt.date(_LAST + 1, 6, 1)).forms
    return data, [form for form in forms.values() if form and form.is_complete]


def _three_amounts(amount: str) -> dict[str, str]:
    return dict.fromkeys(("上年决算数", "本年预算数", "本年决算数"), amount)


def _head_fields(form: Form) -> tuple[FieldSpec, ...]:
    """Return the fields above the first table of a form."""
    first = form.sections[0]
    return first.fields if isinstance(first, FieldsSpec) else ()


@dataclass(slots=True)
class _Unit:
    folder: Path
    name: str
    forms: list[Form]
    number: int
    projects: int = PROJECTS
    """Projects per year."""

    def write(self, rnd: Random) -> tuple[int, int]:
        """Write the unit; return the number of files and pages."""
        self.write_profile()
        files = pages = 1
        for year in range(_LAST - rnd.randint(1, 4), _LAST + 1):
            year_files, year_pages = self.write_year(year, rnd)
            files, pages = files + year_files, pages + year_pages
        return files, pages

    def write_profile(self, extra: Document | None = None) -> None:
        """Write unit.yml."""
        profile = {"名称": self.name, "级别": "县级", "行政区划": {"县": "示例县"}}
        self._write_yaml("unit.yml", profile | (extra or {}))

    def write_year(self, year: int, rnd: Random) -> tuple[int, int]:
        """Write a disclosure; return the number of files and pages."""
        day = f"{year + 1}-06-{rnd.randint(10, 28)}"
        catalogue = {
            "名称": f"{self.name}{year}年度绩效自评",
            "索引号": f"SL/{year}-{self.number:06}",
            "生成日期": day,
            "发布日期": day,
            "发布机构": self.name,
            "主题分类": "财政",
            "公开方式": "主动公开",
        }
        sign = {
            "填表人": "示例员",
            "填报日期": f"{year + 1}年3月{rnd.randint(1, 28)}日",
            "单位负责人签字": "示例长",
        }
        self._write_yaml(
            f"{year}/disclosure.yml",
            {"年度": str(year), "单位": self.name, "公开目录": catalogue, "填报": sign},
        )
        tables = self._forms_of(DocumentKind.PROJECT)
        table = tables[self.number % len(tables)]
        targets = self._forms_of(DocumentKind.TARGETS)[0] if table.id == _WITH_TARGETS else None
        coded = any(field.pattern for field in _head_fields(table))
        names = [
            f"{_CODE if coded else ''}{project_name(number, rnd)}"
            for number in range(1, self.projects + 1)
        ]
        budgets = [rnd.randint(200, 90_000) for _ in range(self.projects)]
        for number, (name, budget) in enumerate(zip(names, budgets, strict=True), start=1):
            document: Document = {"项目名称": name}
            report = self._forms_of(DocumentKind.PROJECT_REPORT)[0]
            if self.number % 3 == 0:
                document["自评报告"] = self._fill_form(report, name, budget, rnd)
            document["自评表"] = self._fill_form(table, name, budget, rnd)
            if targets:
                document["绩效目标表"] = self._fill_form(targets, name, budget, rnd)
            self._write_yaml(f"{year}/projects/xiangmu-{number}.yml", document)
        kinds = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
        overall = self._forms_of(kinds[self.number % 2])[0]
        self._write_yaml(f"{year}/overall.yml", self._fill_form(overall, "", sum(budgets), rnd))
        if self.number % 2:
            return 2 + self.projects, 1 + self.projects
        self._write_yaml(f"{year}/baseline.yml", self._baseline(names, budgets))
        self._report(year, rnd)
        return 4 + self.projects, 2 + self.projects

    def _baseline(self, names: list[str], budgets: list[int]) -> Document:
        form = self._forms_of(DocumentKind.BASELINE)[0]
        costs = {
            name: _three_amounts("20")
            for name in ("办公费", "水费、电费、差旅费", "会议费、培训费")
        }
        public = ("三公经费", "公务用车购置和维护经费", "出国经费", "公务接待", "政府采购金额")
        projects = [
            {"名称": name, **_three_amounts(f"{budget / 100:.2f}")}
            for name, budget in zip(names, budgets, strict=True)
        ]
        return {
            "表式": form.id,
            "财政供养人员情况": {"编制数": "12", "实际在职人数": "12", "控制率": "100%"},
            "经费控制情况": {
                "部门基本支出": _three_amounts("200"),
                "公用经费": _three_amounts("60"),
                **costs,
                **{name: _three_amounts("0") for name in public},
                "项目支出小计": _three_amounts(f"{sum(budgets) / 100:.2f}"),
                "项目": projects,
            },
            "厉行节约保障措施": "示例措施。",
        }

    def _fill_form(self, form: Form, project: str, budget: int, rnd: Random) -> Document:
        tree = Random(f"{self.name}{project}{budget}")  # noqa: S311 - reproducible
        return Filler(form, self.name, project, budget, rnd, tree).document()

    def _report(self, year: int, rnd: Random) -> None:
        form = self._forms_of(DocumentKind.REPORT)[0]
        numerals = "一二三四五六七八九十"
        chapters = "\n".join(
            f"## {numeral}、{title}\n\n{narrative(rnd, 3)}\n\n{narrative(rnd, 4)}\n"
            for numeral, title in zip(numerals, _CHAPTERS, strict=True)
        )
        front = f"---\n表式: {form.id}\n单位名称: {self.name}\n---\n\n"
        (self.folder / f"{year}" / "report.md").write_text(front + chapters, "utf-8")

    def _forms_of(self, kind: DocumentKind) -> list[Form]:
        return [form for form in self.forms if form.kind is kind]

    def _write_yaml(self, name: str, document: Document) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml_text(document), "utf-8")
