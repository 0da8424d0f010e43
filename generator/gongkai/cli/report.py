"""Reports of problems: text for people, JSON for programs, 差异说明 to fill in, summary lines."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import yaml

from gongkai.authoring.explanation_drafts import draft_corrections, draft_explanations
from gongkai.cli.report_formats import (
    LEVELS,
    json_text,
    render_github,
    render_gitlab,
    render_html,
    render_sarif,
    unexplained_problems,
)
from gongkai.model.nodes import Source
from gongkai.model.problems import Level, Problem
from gongkai.reading.disclosure import DISCLOSURE_FILE

_PRIVATE = "YS"
"""Prefix of the rules whose lines are not shown, because they contain personal data."""
_YEAR_FOLDER = re.compile(r".*?units/[^/]+/\d{4}/")
_CONTEXT = 34
"""Characters of a line shown on either side of the position."""
_COLOURS = {Level.E: "red", Level.W: "yellow", Level.I: "blue"}
_CODES = {"red": 31, "yellow": 33, "blue": 34, "bold": 1}


def problems_within(problems: Iterable[Problem], paths: Sequence[Path]) -> list[Problem]:
    """Return the problems in the files and folders; all problems if `paths` is empty."""
    folders = [path.absolute() for path in paths]
    return [
        problem
        for problem in problems
        if not folders
        or any(Path(problem.position.file).absolute().is_relative_to(folder) for folder in folders)
    ]


def units_of(paths: Sequence[Path], data: Path) -> frozenset[str]:
    """Return the units that the paths belong to; empty if a path is not in a unit's folder."""
    top = (data / "units").absolute()
    absolute_paths = [path.absolute() for path in paths]
    if not all(path != top and path.is_relative_to(top) for path in absolute_paths):
        return frozenset()
    return frozenset(path.relative_to(top).parts[0] for path in absolute_paths)


def render_lines(problems: Iterable[Problem]) -> str:
    """Render one line per problem that is not explained."""
    return "".join(
        f"{LEVELS[problem.level]} {problem}\n" for problem in unexplained_problems(problems)
    )


def render_text(
    problems: Iterable[Problem], sources: Iterable[Source], *, colours: bool = False
) -> str:
    """Render the unexplained problems by file, with the source line and a caret."""
    source_lines = {source.file: source.text.splitlines() for source in sources}
    lines: list[str] = []
    by_file = groupby(unexplained_problems(problems), lambda problem: problem.position.file)
    for file, group in by_file:
        lines.append(_paint(file, "bold", colours))
        for problem in group:
            position, rule = problem.position, problem.rule
            level = _paint(LEVELS[problem.level], _COLOURS[problem.level], colours)
            lines.append(
                f"  {position.line}:{position.column} {level} {problem.sentence}（{rule.id} {rule.name}）"
            )
            lines.extend(_excerpt(problem, source_lines.get(file, [])))
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _excerpt(problem: Problem, source_lines: Sequence[str]) -> list[str]:
    """Return the line of the problem, shortened, and a caret under the position."""
    line, column = problem.position.line, problem.position.column
    if (
        problem.rule.id.startswith(_PRIVATE)
        or not 0 < line <= len(source_lines)
        or not source_lines[line - 1].strip()
    ):
        return []
    text = source_lines[line - 1].rstrip()
    start = max(0, column - 1 - _CONTEXT)
    ellipsis = "…" if start else ""
    excerpt = ellipsis + text[start : start + 2 * _CONTEXT]
    before = ellipsis + text[start : column - 1]
    width = sum(1 + (east_asian_width(character) in "WF") for character in before)
    number = f"{line:>6}"
    return [f"{number} │ {excerpt}", f"{' ' * len(number)} │ {' ' * width}^"]


def _paint(text: str, colour: str, colours: bool) -> str:  # noqa: FBT001 - the option of render_text
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if colours else text


def render_json(problems: Iterable[Problem]) -> str:
    """Render one JSON object per line, explained problems included."""
    return "".join(json_text(_json_fields(problem)) for problem in problems)


def _json_fields(problem: Problem) -> dict[str, str | int | bool]:
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
    "lines": render_lines,
    "json": render_json,
    "github": render_github,
    "gitlab": render_gitlab,
    "sarif": render_sarif,
    "html": render_html,
}
"""Renderers of the output formats of gongkai check, except text."""


def summary_line(problems: Sequence[Problem], files: int, *, is_empty: bool = False) -> str:
    """Return the last line of a check: counts of files and problems, and the verdict.

    `is_empty` says that there is no disclosure to judge.
    """
    errors = sum(problem.is_blocking for problem in problems)
    explained = sum(problem.explanation is not None for problem in problems)
    warnings = sum(problem.level is Level.W for problem in problems)
    hints = sum(problem.level is Level.I for problem in problems)
    counts = [
        f"{count} 处{name}"
        for count, name in ((errors, "错误"), (warnings, "警告"), (hints, "提示"))
        if count
    ]
    counts += [f"{explained} 处差异已有说明"] if explained else []
    verdict = "请改正后再提交" if errors else "可以公开"
    if is_empty and not errors:
        verdict = "还没有任何年度的公开件，用 gongkai new 单位代号 年度 新建"
    return f"核对了 {files} 个文件：{'，'.join(counts) or '没有发现问题'}。{verdict}。"


def render_explanations(problems: Sequence[Problem]) -> str:
    """Render 差异说明 and 勘误 entries of the problems, to be completed in disclosure.yml."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        if folder := _YEAR_FOLDER.match(problem.position.file):
            by_file.setdefault(f"{folder[0]}{DISCLOSURE_FILE}", []).append(problem)
    blocks = [
        f"# 填好后放进 {file}；那里已有同名的键的，只加“- ”起的各行\n{entries}"
        for file, own in by_file.items()
        if (entries := _render_entries(own))
    ]
    return "\n".join(blocks) or "# 没有需要说明的差异\n"


def _render_entries(problems: Sequence[Problem]) -> str:
    """Render the entries of one disclosure.yml; empty if it needs none."""
    entries = {"差异说明": draft_explanations(problems), "勘误": draft_corrections(problems)}
    filled = {key: listed for key, listed in entries.items() if listed}
    if not filled:
        return ""
    return yaml.dump(filled, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


class _Dumper(yaml.SafeDumper):
    """Dumps YAML in the style of data files: sequences indented, None as a blank value."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        super().increase_indent(flow, indentless=False)


_Dumper.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)
