"""CPU seconds of each step over a synthetic county: python -m tests.benchmarks [UNITS ...]."""

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mkdocs.commands.build import build
from mkdocs.config import load_config

from generator.checks.catalogue import judged
from generator.clock import today
from generator.dataset import read_dataset
from generator.memory import uncollected
from generator.settings import DATA
from generator.site import Run, pages
from tests.folders import ROOT, example

PROJECTS = 10
"""Projects a unit."""
Result = TypeVar("Result")


def county(folder: Path, units: int) -> Path:
    """A data folder of so many synthetic units, each with PROJECTS projects."""
    data = example(folder)
    first = data / "units" / "shili"
    year = first / "2022"
    project = year / "projects" / "shili-daolu.yml"
    names = [f"示例道路{number}号" for number in range(PROJECTS)]
    for number, name in enumerate(names):
        text = project.read_text("utf-8").replace("示例道路", name)
        project.with_name(f"shili-{number}.yml").write_text(text, "utf-8")
    project.unlink()
    row = "    - {名称: %s维护, 上年决算数: 80, 本年预算数: 100, 本年决算数: 100}\n"
    spent = 100 * PROJECTS
    _change(year / "disclosure.yml", {"  - shili-daolu\n": "  - shili-0\n"})
    _change(
        year / "baseline.yml",
        {
            row % "示例道路": "".join(row % name for name in names),
            "小计: {上年决算数: 80, 本年预算数: 100, 本年决算数: 100}": (
                f"小计: {{上年决算数: {80 * PROJECTS}, 本年预算数: {spent}, 本年决算数: {spent}}}"
            ),
        },
    )
    _change(year / "overall.yml", {"项目支出: 100": f"项目支出: {spent}", "300": f"{200 + spent}"})
    for number in range(1, units):
        copy = first.with_name(f"shili-{number}")
        shutil.copytree(first, copy)
        for path in copy.rglob("*.*"):
            text = path.read_text("utf-8").replace("示例单位", f"示例单位{number}号")
            path.write_text(text.replace("SL/2023-00001", f"SL/2023-{number:05}1"), "utf-8")
    return data


def _change(path: Path, pairs: dict[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in pairs.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def timed(name: str, count: int, step: Callable[[], Result]) -> Result:
    """Run a step and print its CPU seconds, in all and for each of `count` things."""
    started = time.process_time()
    result = step()
    seconds = time.process_time() - started
    print(f"| {name} | {count} | {seconds:.2f} | {seconds / count * 1000:.2f} |")  # noqa: T201
    return result


def measure(units: int) -> None:
    """One row for each step, at one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = county(folder, units)
        files = len(list(data.rglob("*.*")))
        with uncollected():
            dataset = timed("read", files, lambda: read_dataset(data, "data", today()))
            judgement = timed("check", files, lambda: judged(dataset))
        run = Run(dataset, judgement)
        made = timed("render", units * (PROJECTS + 3), lambda: list(pages(run)))
        os.environ[DATA] = str(data)
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder / "site"))
        timed("everything, MkDocs included", len(made), lambda: build(config))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| peak memory, MB | {len(made)} | {peak:.0f} | |")  # noqa: T201


def main() -> None:
    """Measure at the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("units", nargs="*", type=int, default=[8, 80], help="units at each size")
    print("| step | things | CPU seconds | ms each |\n|---|---|---|---|")  # noqa: T201
    for units in parser.parse_args().units:
        measure(units)


main()
