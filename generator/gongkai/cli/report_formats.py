"""Output formats for problems: GitHub and GitLab annotations, SARIF, HTML."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gongkai.checks.registry import RULES
from gongkai.model.problems import Level, Problem

LEVELS = {Level.E: "错误", Level.W: "警告", Level.I: "提示"}
_GITHUB_LEVELS = {Level.E: "error", Level.W: "warning", Level.I: "notice"}
_GITLAB_SEVERITIES = {Level.E: "major", Level.W: "minor", Level.I: "info"}
_SARIF_LEVELS = {Level.E: "error", Level.W: "warning", Level.I: "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def unexplained_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without a 差异说明."""
    return [problem for problem in problems if not problem.explanation]


def render_github(problems: Iterable[Problem]) -> str:
    """Render workflow commands, which GitHub shows at the lines of a change."""
    return "".join(_github_command(problem) for problem in unexplained_problems(problems))


def _github_command(problem: Problem) -> str:
    file, line, column = problem.position
    title = _escape_property(f"{problem.rule.id} {problem.rule.name}")
    return (
        f"::{_GITHUB_LEVELS[problem.level]} file={_escape_property(file)},line={line},col={column},"
        f"title={title}::{_escape(problem.sentence)}\n"
    )


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def render_gitlab(problems: Iterable[Problem]) -> str:
    """Render a Code Quality report, which GitLab shows at the lines of a merge request."""
    issues = [
        {
            "description": f"{problem.sentence}（{problem.rule.id} {problem.rule.name}）",
            "check_name": problem.rule.id,
            "fingerprint": _fingerprint(problem),
            "severity": _GITLAB_SEVERITIES[problem.level],
            "location": {
                "path": problem.position.file,
                "lines": {"begin": problem.position.line},
            },
        }
        for problem in unexplained_problems(problems)
    ]
    return json_text(issues, indent=1)


def json_text(value: object, indent: int | None = None) -> str:
    """Return a line of JSON; bytes of file names that are not UTF-8 become “?”."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return f"{text.encode(errors='replace').decode()}\n"


def _fingerprint(problem: Problem) -> str:
    """Return a hash of the problem that does not change when its line moves."""
    identity = (problem.rule.id, problem.position.file, problem.where, problem.message)
    return hashlib.sha256("\0".join(identity).encode(errors="surrogatepass")).hexdigest()[:32]


def render_sarif(problems: Iterable[Problem]) -> str:
    """Render a SARIF 2.1.0 log."""
    reported = unexplained_problems(problems)
    rule_ids = {problem.rule.id for problem in reported}
    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.name},
            "help": {"text": rule.text or rule.name},
        }
        for rule in RULES
        if rule.id in rule_ids
    ]
    driver = {"name": "gongkai", "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(problem) for problem in reported]}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(log, indent=1)


def _sarif_result(problem: Problem) -> dict[str, Any]:
    location = {
        "artifactLocation": {"uri": problem.position.file},
        "region": {
            "startLine": problem.position.line,
            "startColumn": problem.position.column,
        },
    }
    return {
        "ruleId": problem.rule.id,
        "level": _SARIF_LEVELS[problem.level],
        "message": {"text": problem.sentence},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"gongkai/v1": _fingerprint(problem)},
    }


def render_html(problems: Iterable[Problem]) -> str:
    """Render a self-contained HTML page, for offices without a code host."""
    environment = Environment(
        loader=PackageLoader("gongkai.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    listed = list(problems)
    files = [
        (file, list(group))
        for file, group in groupby(listed, lambda problem: problem.position.file)
    ]
    levels = Counter(problem.level for problem in unexplained_problems(listed))
    counts = [(LEVELS[level], levels[level]) for level in Level]
    template = environment.get_template("check.html.jinja")
    return template.render(files=files, counts=counts, levels=LEVELS)
