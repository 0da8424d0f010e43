"""Random right disclosures raise nothing; one figure of them changed is found."""

import datetime as dt
import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from gongkai.checks.registry import judged
from gongkai.model.problems import Level
from gongkai.reading.dataset import read_dataset
from tests.folders import GOLDEN, ROOT

SEEDS = range(6)
CHANGES = 40
TODAY = dt.date(2024, 1, 1)
FIGURE = re.compile(r"(?<=[: ≥≤])(\d+(?:\.\d+)?)(?=[,}\n]|%|公里|万元|户)")


def money(number: int) -> str:
    """Hundredths as people write them."""
    text = f"{number / 100:.2f}"
    return text.rstrip("0").rstrip(".")


def split(whole: int, parts: int, rnd: random.Random) -> list[int]:
    """Whole numbers above 0 that come to the whole."""
    cuts = sorted(rnd.sample(range(1, whole), parts - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]


def project(name: str, budget: int, rnd: random.Random) -> str:
    """One project's documents; `budget` in hundredths of 万元, all of it spent."""
    fiscal, carried = split(budget, 2, rnd)
    both = f"全年预算数: {money(budget)}, 全年执行数: {money(budget)}"
    output = split(40, 3, rnd)
    length, rate = rnd.randint(20, 300), rnd.randint(80, 99)
    missed = rnd.randint(70, rate - 1)
    benefit = round(20 * missed / rate)
    reason = "              偏差原因分析及改进措施: 示例原因\n"
    return f"""项目名称: {name}
自评报告:
  表式: hunan-2022-project-report
  部门概况:
    专项名称: {name}
    年度预算金额: {money(budget)}万元
    项目主管部门: 示例交通局
自评表:
  表式: hunan-2022-project
  项目名称: {name}
  主管部门: 示例交通局
  实施单位: 示例单位
  项目资金:
    年度资金总额: {{年初预算数: {money(budget)}, {both}, 分值: 10, 执行率: 100%, 得分: 10}}
    当年财政拨款: {{年初预算数: {money(fiscal)}, 全年预算数: {money(fiscal)}, 全年执行数: {money(fiscal)}}}
    上年结转资金: {{年初预算数: {money(carried)}, 全年预算数: {money(carried)}, 全年执行数: {money(carried)}}}
    其他资金: {{年初预算数: 0, 全年预算数: 0, 全年执行数: 0}}
  绩效指标:
    - 一级指标: 成本指标
      分值: 20
      下级:
        - 二级指标: 经济成本指标
          下级:
            - 三级指标: 项目总成本
              年度指标值: ≤{money(budget)}万元
              实际完成值: {money(budget)}万元
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
              分值: {output[0]}
              得分: {output[0]}
        - 二级指标: 质量指标
          下级:
            - 三级指标: 验收合格率
              年度指标值: ≥{rate}%
              实际完成值: {rate}%
              分值: {output[1]}
              得分: {output[1]}
        - 二级指标: 时效指标
          下级:
            - 三级指标: 按时完成率
              年度指标值: ≥{rate}%
              实际完成值: {rate}%
              分值: {output[2]}
              得分: {output[2]}
    - 一级指标: 效益指标
      分值: 20
      下级:
        - 二级指标: 社会效益指标
          下级:
            - 三级指标: 示例路况优良率
              年度指标值: ≥{rate}%
              实际完成值: {missed}%
              分值: 20
              得分: {benefit}
{reason}    - 一级指标: 满意度指标
      分值: 10
      下级:
        - 二级指标: 服务对象满意度指标
          下级:
            - 三级指标: 示例居民满意度
              年度指标值: ≥{rate}%
              实际完成值: {rate}%
              分值: 10
              得分: 10
  总分: {{分值: 100, 得分: {80 + benefit}}}
"""


def disclosure(folder: Path, seed: int) -> Path:
    """A random disclosure in which everything adds up."""
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
        path.write_text(project(name, budget, rnd), "utf-8")
    basic, spent = rnd.randint(10_000, 99_999), sum(budgets)
    pairs = {
        "disclosure.yml": {"  - shili-daolu\n": "  - shili-0\n"},
        "baseline.yml": {
            "部门基本支出: {上年决算数: 190, 本年预算数: 200, 本年决算数: 200}": (
                f"部门基本支出: {{上年决算数: {money(basic)}, 本年预算数: {money(basic)}, 本年决算数: {money(basic)}}}"
            ),
            "小计: {上年决算数: 80, 本年预算数: 100, 本年决算数: 100}": (
                f"小计: {{上年决算数: {money(spent)}, 本年预算数: {money(spent)}, 本年决算数: {money(spent)}}}"
            ),
            "    - {名称: 示例道路维护, 上年决算数: 80, 本年预算数: 100, 本年决算数: 100}\n": "".join(
                f"    - {{名称: {name}, 上年决算数: {money(b)}, 本年预算数: {money(b)}, 本年决算数: {money(b)}}}\n"
                for name, b in zip(names, budgets, strict=True)
            ),
        },
        "overall.yml": {
            "300": money(basic + spent),
            "基本支出: 200, 项目支出: 100": f"基本支出: {money(basic)}, 项目支出: {money(spent)}",
        },
        "report.md": {
            "全年支出300万元。": (
                f"全年支出{money(basic + spent)}万元，其中：基本支出{money(basic)}万元，"
                f"项目支出{money(spent)}万元。"
            )
        },
    }
    for file, changes in pairs.items():
        text = (year / file).read_text("utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (year / file).write_text(text, "utf-8")
    return data


def told(data: Path) -> list[str]:
    problems = judged(read_dataset(data, "data", TODAY)).problems
    return [f"{each.level.value} {each}" for each in problems if each.level is not Level.I]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_disclosure_raises_nothing(seed: int, tmp_path: Path) -> None:
    assert told(disclosure(tmp_path, seed)) == []


def test_a_changed_figure_is_found(tmp_path: Path) -> None:
    """Figures that nothing else tells of (a target, last year's column) may change unseen."""
    found: Counter[str] = Counter()
    missed: list[str] = []
    for seed in SEEDS:
        data = disclosure(tmp_path / str(seed), seed)
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
            rules = {line.rpartition("（")[2][:5] for line in told(data)}
            found.update(rules)
            if not rules:
                line = text[: match.end()].count("\n")
                missed.append(f"{path.stem}: {text.splitlines()[line].strip()} → {number}")
            path.write_text(text, "utf-8")
    total = len(SEEDS) * CHANGES
    rate = 1 - len(missed) / total
    print(f"\n{rate:.3f} of {total} found", dict(found.most_common()), *missed, sep="\n")  # noqa: T201
    assert rate > 0.9
    assert {"DF-03", "ZJ-02", "GJ-02", "DF-01"} <= set(found)
