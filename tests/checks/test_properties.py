"""Random correct disclosures have no problems; a changed figure has."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.model.problems import Level
from tests.checking import find_problems
from tests.folders import GOLDEN, example_data

TODAY = dt.date(2024, 1, 1)
YEAR = "units/shili/2022"
FIGURE = re.compile(r"(?<=[: ≥≤])(\d+(?:\.\d+)?)(?=[,}\n]|%|公里|万元|户)")
FACTORS = ("0.5", "0.9", "1.1", "2")
CHANGES = 12
"""Figures changed in a disclosure, one after the other."""


def format_hundredths(number: int) -> str:
    """Format hundredths as a decimal without trailing zeros."""
    text = f"{number / 100:.2f}"
    return text.rstrip("0").rstrip(".")


@st.composite
def parts_of(draw: st.DrawFn, total: int, count: int) -> list[int]:
    """Positive integers that add up to the total."""
    cuts = st.lists(
        st.integers(1, total - 1), min_size=count - 1, max_size=count - 1, unique=True
    ).map(sorted)
    return [end - start for start, end in pairwise([0, *draw(cuts), total])]


@st.composite
def project_files(draw: st.DrawFn, name: str, budget: int) -> str:
    """A project's documents; `budget` is in hundredths of 万元, all of it spent."""
    appropriation, carry_over = draw(parts_of(budget, 2))
    amounts = f"全年预算数: {format_hundredths(budget)}, 全年执行数: {format_hundredths(budget)}"
    output_points = draw(parts_of(40, 3))
    length, target = draw(st.integers(20, 300)), draw(st.integers(80, 99))
    actual = draw(st.integers(70, target - 1))
    benefit_score = round(20 * actual / target)
    reason = "              偏差原因分析及改进措施: 示例原因\n"
    return f"""项目名称: {name}
自评报告:
  表式: hunan-2022-project-report
  部门概况:
    专项名称: {name}
    年度预算金额: {format_hundredths(budget)}万元
    项目主管部门: 示例交通局
自评表:
  表式: hunan-2022-project
  项目名称: {name}
  主管部门: 示例交通局
  实施单位: 示例单位
  项目资金:
    年度资金总额: {{年初预算数: {format_hundredths(budget)}, {amounts}, 分值: 10, 执行率: 100%, 得分: 10}}
    当年财政拨款: {{年初预算数: {format_hundredths(appropriation)}, 全年预算数: {format_hundredths(appropriation)}, 全年执行数: {format_hundredths(appropriation)}}}
    上年结转资金: {{年初预算数: {format_hundredths(carry_over)}, 全年预算数: {format_hundredths(carry_over)}, 全年执行数: {format_hundredths(carry_over)}}}
    其他资金: {{年初预算数: 0, 全年预算数: 0, 全年执行数: 0}}
  绩效指标:
    - 一级指标: 成本指标
      分值: 20
      下级:
        - 二级指标: 经济成本指标
          下级:
            - 三级指标: 项目总成本
              年度指标值: ≤{format_hundredths(budget)}万元
              实际完成值: {format_hundredths(budget)}万元
              分值: 20
              得分: 20
    - 一级指标: 产出指标
      分值: 40
      下级:
        - 二级指标: 数量指标
          下级:
            - 三级指标: 养护里程
              年度指标值: ≥{length}公里
              实际完成值: {length}公里
              分值: {output_points[0]}
              得分: {output_points[0]}
        - 二级指标: 质量指标
          下级:
            - 三级指标: 验收合格率
              年度指标值: ≥{target}%
              实际完成值: {target}%
              分值: {output_points[1]}
              得分: {output_points[1]}
        - 二级指标: 时效指标
          下级:
            - 三级指标: 按时完成率
              年度指标值: ≥{target}%
              实际完成值: {target}%
              分值: {output_points[2]}
              得分: {output_points[2]}
    - 一级指标: 效益指标
      分值: 20
      下级:
        - 二级指标: 社会效益指标
          下级:
            - 三级指标: 示例路况优良率
              年度指标值: ≥{target}%
              实际完成值: {actual}%
              分值: 20
              得分: {benefit_score}
{reason}    - 一级指标: 满意度指标
      分值: 10
      下级:
        - 二级指标: 服务对象满意度指标
          下级:
            - 三级指标: 示例居民满意度
              年度指标值: ≥{target}%
              实际完成值: {target}%
              分值: 10
              得分: 10
  总分: {{分值: 100, 得分: {80 + benefit_score}}}
"""


@st.composite
def correct_disclosures(draw: st.DrawFn) -> dict[str, str]:
    """The files of a disclosure in which everything adds up, by name."""
    budgets = draw(st.lists(st.integers(200, 90_000), min_size=1, max_size=4))
    names = [f"示例道路{number}号" for number in range(len(budgets))]
    basic, spent = draw(st.integers(10_000, 99_999)), sum(budgets)
    changes = {
        "disclosure.yml": {"  - shili-daolu\n": "  - shili-0\n"},
        "baseline.yml": {
            "部门基本支出: {上年决算数: 190, 本年预算数: 200, 本年决算数: 200}": (
                f"部门基本支出: {{上年决算数: {format_hundredths(basic)}, 本年预算数: {format_hundredths(basic)}, 本年决算数: {format_hundredths(basic)}}}"
            ),
            "小计: {上年决算数: 80, 本年预算数: 100, 本年决算数: 100}": (
                f"小计: {{上年决算数: {format_hundredths(spent)}, 本年预算数: {format_hundredths(spent)}, 本年决算数: {format_hundredths(spent)}}}"
            ),
            "    - {名称: 示例道路维护, 上年决算数: 80, 本年预算数: 100, 本年决算数: 100}\n": "".join(
                f"    - {{名称: {name}, 上年决算数: {format_hundredths(budget)}, 本年预算数: {format_hundredths(budget)}, 本年决算数: {format_hundredths(budget)}}}\n"
                for name, budget in zip(names, budgets, strict=True)
            ),
        },
        "overall.yml": {
            "300": format_hundredths(basic + spent),
            "基本支出: 200, 项目支出: 100": f"基本支出: {format_hundredths(basic)}, 项目支出: {format_hundredths(spent)}",
        },
        "report.md": {
            "全年支出300万元。": (
                f"全年支出{format_hundredths(basic + spent)}万元，其中：基本支出{format_hundredths(basic)}万元，"
                f"项目支出{format_hundredths(spent)}万元。"
            )
        },
    }
    files = {
        f"projects/shili-{number}.yml": draw(project_files(name, budget))
        for number, (name, budget) in enumerate(zip(names, budgets, strict=True))
    }
    for file, replacements in changes.items():
        text = (GOLDEN / "data" / YEAR / file).read_text("utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        files[file] = text
    return files


def write_disclosure(data: Path, files: dict[str, str]) -> None:
    """Write the files of a disclosure; delete projects that it does not have."""
    for path in (data / YEAR / "projects").iterdir():
        path.unlink()
    for name, text in files.items():
        (data / YEAR / name).write_text(text, "utf-8")


def reported_problems(data: Path) -> list[str]:
    """Return the errors and warnings about a data folder."""
    problems = find_problems(data, TODAY)
    return [
        f"{problem.level.value} {problem}" for problem in problems if problem.level is not Level.I
    ]


@pytest.mark.parametrize("examples", [15, pytest.param(500, marks=pytest.mark.long)])
def test_correct_disclosure_has_no_problems(tmp_path: Path, examples: int) -> None:
    data = example_data(tmp_path)

    @settings(max_examples=examples)
    @given(correct_disclosures())
    def check(files: dict[str, str]) -> None:
        write_disclosure(data, files)
        assert reported_problems(data) == []

    check()


def is_repeated(file: str, line: str, before: str) -> bool:
    """Whether other figures depend on this one: not on targets and results, nor most of 基础数据表."""
    if re.match(r" *(年度指标值|实际完成值)", line):
        return False
    if file == "baseline.yml":
        return bool(re.match(" *(小计|- {名称)", line))
    return not (file == "overall.yml" and before.endswith("年度资金总额: {年初预算数: "))


@pytest.mark.parametrize("examples", [6, pytest.param(100, marks=pytest.mark.long)])
def test_changed_figure_is_reported(tmp_path: Path, examples: int) -> None:
    """Always if another figure depends on it, and mostly otherwise."""
    data = example_data(tmp_path)
    results: list[tuple[str, set[str]]] = []

    @settings(max_examples=examples)
    @given(correct_disclosures(), st.randoms(use_true_random=True))
    def check(files: dict[str, str], rnd: Random) -> None:
        names = [name for name in files if name.endswith(".yml") and name != "disclosure.yml"]
        for _ in range(CHANGES):
            name = rnd.choice(names)
            match = rnd.choice(list(FIGURE.finditer(files[name])))
            number = round(Decimal(match[1]) * Decimal(rnd.choice(FACTORS)) + 3, 2)
            if number == Decimal(match[1]):
                continue
            before, after = match.string[: match.start()], match.string[match.end() :]
            write_disclosure(data, files | {name: f"{before}{number.normalize():f}{after}"})
            rules = {problem.rpartition("（")[2][:5] for problem in reported_problems(data)}
            line = match.string.splitlines()[before.count("\n")]
            assert rules or not is_repeated(name, line, before), (name, line, number)
            results.append((f"{name}: {line.strip()} → {number}", rules))

    check()
    missed = [change for change, rules in results if not rules]
    found_rules = Counter(rule for _, rules in results for rule in rules)
    rate = 1 - len(missed) / len(results)
    print(f"\n{rate:.3f} of {len(results)} found", found_rules.most_common(), *missed, sep="\n")  # noqa: T201
    assert rate > 0.85
    assert {"DF-03", "ZJ-02", "GJ-02", "DF-01"} <= set(found_rules)
