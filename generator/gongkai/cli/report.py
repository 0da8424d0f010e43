"""Problems as text: for people, for other programs, and as 差异说明 to fill in."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import yaml

from gongkai.build.state import Outcome
from gongkai.cli.report_formats import LEVELS, github, gitlab, page, sarif, unexplained
from gongkai.model.nodes import Source
from gongkai.model.problems import Level, Problem

_PRIVATE = "YS"
"""Rules whose lines are not shown: personal data stands in them."""
_AROUND = 34
"""How many characters of a line are shown on either side of the place."""
_COLOURS = {Level.E: "red", Level.W: "yellow", Level.I: "blue"}
_CODES = {"red": 31, "yellow": 33, "blue": 34, "bold": 1}


def within(problems: Iterable[Problem], paths: Sequence[Path]) -> list[Problem]:
    """The problems in these files and folders; all where none is named."""
    folders = [path.absolute() for path in paths]
    return [
        problem
        for problem in problems
        if not folders
        or any(Path(problem.position.file).absolute().is_relative_to(each) for each in folders)
    ]


def units_of(paths: Sequence[Path], data: Path) -> frozenset[str]:
    """The units that these files and folders belong to; empty where one belongs to none."""
    top = (data / "units").absolute()
    inside = [path.absolute() for path in paths]
    if not all(path != top and path.is_relative_to(top) for path in inside):
        return frozenset()
    return frozenset(path.relative_to(top).parts[0] for path in inside)


def lines(problems: Iterable[Problem]) -> str:
    """One line a problem; explained ones are left out."""
    return "".join(f"{LEVELS[each.level]} {each}\n" for each in unexplained(problems))


def text(problems: Iterable[Problem], sources: Iterable[Source], *, colours: bool = False) -> str:
    """Grouped by file, each with its line and a caret; explained ones are left out."""
    written = {source.file: source.text.splitlines() for source in sources}
    told: list[str] = []
    for file, group in groupby(unexplained(problems), lambda each: each.position.file):
        told.append(_painted(file, "bold", colours))
        for each in group:
            place = f"{each.position.line}:{each.position.column}"
            level = _painted(LEVELS[each.level], _COLOURS[each.level], colours)
            told.append(f"  {place} {level} {each.sentence}（{each.rule.id} {each.rule.name}）")
            told.extend(_excerpt(each, written.get(file, [])))
        told.append("")
    return "".join(f"{line}\n" for line in told)


def _excerpt(problem: Problem, written: Sequence[str]) -> list[str]:
    """The offending line, cut to a readable length, and a caret under the place."""
    line, column = problem.position.line, problem.position.column
    if (
        problem.rule.id.startswith(_PRIVATE)
        or not 0 < line <= len(written)
        or not written[line - 1].strip()
    ):
        return []
    whole = written[line - 1].rstrip()
    start = max(0, column - 1 - _AROUND)
    shown = ("…" if start else "") + whole[start : start + 2 * _AROUND]
    before = ("…" if start else "") + whole[start : column - 1]
    width = sum(1 + (east_asian_width(each) in "WF") for each in before)
    number = f"{line:>6}"
    return [f"{number} │ {shown}", f"{' ' * len(number)} │ {' ' * width}^"]


def _painted(word: str, colour: str, colours: bool) -> str:  # noqa: FBT001 - as it was asked for
    return f"\x1b[{_CODES[colour]}m{word}\x1b[0m" if colours else word


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


STYLES: dict[str, Callable[[Iterable[Problem]], str]] = {
    "lines": lines,
    "json": as_json,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "html": page,
}
"""What gongkai check can write, besides text."""


def closing(problems: Sequence[Problem], files: int) -> str:
    """The last line: how many problems of which kind in how many files, and what that means."""
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


def built(outcome: Outcome, site: str) -> str:
    """The last line of a build."""
    told = f"{outcome.files} 个数据文件，用时 {outcome.seconds:.1f} 秒"
    others = outcome.tally.others
    noted = f"，{others} 处警告和提示" if others else ""
    if outcome.blocked:
        return f"数据有 {len(outcome.tally.blocking)} 处错误，没有生成网站；原有的网站没有改动。{told}。"
    changes = f"改动 {outcome.changed} 个文件，删去 {outcome.gone} 个"
    return f"网站共 {outcome.pages} 个网页，{changes}；{told}{noted}：{site}"


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
