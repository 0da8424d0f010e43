"""Problems as text: for people, for other programs, and as 差异说明 to fill in."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import yaml

from generator.problems import Level, Problem
from generator.site import Run

_LEVELS = {Level.E: "错误", Level.W: "警告", Level.I: "提示"}


def within(problems: Iterable[Problem], paths: Sequence[Path]) -> list[Problem]:
    """The problems in these files and folders; all where none is named."""
    folders = [path.absolute() for path in paths]
    return [
        problem
        for problem in problems
        if not folders
        or any(Path(problem.position.file).absolute().is_relative_to(each) for each in folders)
    ]


def text(problems: Iterable[Problem]) -> str:
    """One line a problem; explained ones are left out."""
    shown = (problem for problem in problems if not problem.explanation)
    return "".join(f"{_LEVELS[problem.level]} {problem}\n" for problem in shown)


def as_json(problems: Iterable[Problem]) -> str:
    """One JSON object a line; explained problems are listed too."""
    return "".join(json.dumps(_fields(each), ensure_ascii=False) + "\n" for each in problems)


def _fields(problem: Problem) -> dict[str, str | int | bool]:
    return {
        "rule": problem.rule.id,
        "level": problem.level.value,
        "name": problem.rule.name,
        "file": problem.position.file,
        "line": problem.position.line,
        "column": problem.position.column,
        "where": problem.where,
        "filed": problem.filed,
        "computed": problem.computed,
        "message": problem.sentence,
        "explained": problem.explanation is not None,
    }


STYLES: dict[str, Callable[[Iterable[Problem]], str]] = {"text": text, "json": as_json}


def closing(problems: Sequence[Problem], run: Run) -> str:
    """The last line: how many problems of which kind, and what that means."""
    files = len(run.dataset.sources)
    blocking = sum(problem.blocks for problem in problems)
    explained = sum(problem.explanation is not None for problem in problems)
    warned = sum(problem.level is Level.W for problem in problems)
    informed = sum(problem.level is Level.I for problem in problems)
    counts = [
        f"{number} 处{name}"
        for number, name in ((blocking, "错误"), (warned, "警告"), (informed, "提示"))
        if number
    ]
    counts += [f"{explained} 处差异已有说明"] if explained else []
    verdict = "请改正后再提交" if blocking else "可以公开"
    return f"核对了 {files} 个文件：{'，'.join(counts) or '没有发现问题'}。{verdict}。"


def explanations(problems: Iterable[Problem]) -> str:
    """差异说明 for what may be explained, to be filled in and put into disclosure.yml."""
    entries = [
        {
            "规则": problem.rule.id,
            "位置": problem.where,
            "申报值": problem.filed,
            "复算值": problem.computed,
            "说明": None,
            "说明人": None,
            "日期": None,
        }
        for problem in problems
        if problem.blocks and problem.rule.explainable and problem.where
    ]
    if not entries:
        return "# 没有需要说明的差异\n"
    return yaml.dump(
        {"差异说明": entries}, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000
    )


class _Plain(yaml.SafeDumper):
    """YAML as our files are written: lists indented, blank values blank."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)


_Plain.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)
