"""Random correct disclosures have no problems; a changed figure has."""

import datetime as dt
import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from gongkai.checks.registry import check_dataset
from gongkai.model.problems import Level
from gongkai.reading.dataset import read_dataset
from tests.folders import GOLDEN, ROOT

SEEDS = range(6)
CHANGES = 40
TODAY = dt.date(2024, 1, 1)
FIGURE = re.compile(r"(?<=[: ≥≤])(\d+(?:\.\d+)?)(?=[,}\n]|%|公里|万元|户)")


def format_hundredths(number: int) -> str:
    """Format hundredths as a decimal without trailing zeros."""
    text = f"{number / 100:.2f}"
    return text.rstrip("0").rstrip(".")


def split_total(total: int, parts: int, rnd: random.Random) -> list[int]:
    """Return positive integers that add up to the total."""
    cuts = sorted(rnd.sample(range(1, total), parts - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, total], strict=True)]


def project_yaml(name: str, budget: int, rnd: random.Random) -> str:
    """Return a project's documents; `budget` is in hundredths of 万元, all of it spent."""
    appropriation, carry_over = split_total(budget, 2, rnd)
    amounts = f"全年预算数: {format_hundredths(budget)}, 全年执行数: {format_hundredths(budget)}"
    output_points = split_total(40, 3, rnd)
    length, target = rnd.randint(20, 300), rnd.randint(80, 99)
    actual = rnd.randint(70, target - 1)
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


def write_disclosure(folder: Path, seed: int) -> Path:
    """Write a data folder with a random disclosure in which everything adds up."""
    rnd = random.Random(seed)  # noqa: S311 - the same every time
    data = folder / "data"
    shutil.copytree(GOLDEN / "data", data)
    shutil.copytree(ROOT / "data" / "forms", data / "forms")
    year = data / "units/shili/2022"
    budgets = [rnd.randint(200, 90_000) for _ in range(rnd.randint(1, 4))]
    names = [f"示例道路{number}号" for number in range(len(budgets))]
    (year / "projects/shili-daolu.yml").unlink()
    for number, (name, budget) in enumerate(zip(names, budgets, strict=True)):
        path = year / f"projects/shili-{number}.yml"
        path.write_text(project_yaml(name, budget, rnd), "utf-8")
    basic, spent = rnd.randint(10_000, 99_999), sum(budgets)
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
    for file, replacements in changes.items():
        text = (year / file).read_text("utf-8")
        for old, new in replacements.items():
            text = text.replace(old, new)
        (year / file).write_text(text, "utf-8")
    return data


def reported_problems(data: Path) -> list[str]:
    """Return the errors and warnings about a data folder."""
    problems = check_dataset(read_dataset(data, "data", TODAY)).problems
    return [
        f"{problem.level.value} {problem}" for problem in problems if problem.level is not Level.I
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_correct_disclosure_has_no_problems(seed: int, tmp_path: Path) -> None:
    assert reported_problems(write_disclosure(tmp_path, seed)) == []


def test_changed_figure_is_reported(tmp_path: Path) -> None:
    """Figures that nothing else repeats (a target, last year's column) may change unnoticed."""
    found_rules: Counter[str] = Counter()
    missed: list[str] = []
    for seed in SEEDS:
        data = write_disclosure(tmp_path / str(seed), seed)
        rnd = random.Random(seed)  # noqa: S311 - the same every time
        files = [
            path for path in data.glob("units/shili/2022/**/*.yml") if path.stem != "disclosure"
        ]
        for _ in range(CHANGES):
            path = rnd.choice(files)
            text = path.read_text("utf-8")
            match = rnd.choice(list(FIGURE.finditer(text)))
            number = f"{float(match[1]) * rnd.choice((0.5, 0.9, 1.1, 2)) + 3:.2f}".rstrip(
                "0"
            ).rstrip(".")
            path.write_text(f"{text[: match.start()]}{number}{text[match.end() :]}", "utf-8")
            rules = {line.rpartition("（")[2][:5] for line in reported_problems(data)}
            found_rules.update(rules)
            if not rules:
                line = text[: match.end()].count("\n")
                missed.append(f"{path.stem}: {text.splitlines()[line].strip()} → {number}")
            path.write_text(text, "utf-8")
    total = len(SEEDS) * CHANGES
    rate = 1 - len(missed) / total
    print(f"\n{rate:.3f} of {total} found", dict(found_rules.most_common()), *missed, sep="\n")  # noqa: T201
    assert rate > 0.9
    assert {"DF-03", "ZJ-02", "GJ-02", "DF-01"} <= set(found_rules)
