"""Problems for other programs: annotations of code hosts, SARIF, a page of HTML."""

import hashlib
import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gongkai.checks.registry import RULES
from gongkai.model.problems import Level, Problem

LEVELS = {Level.E: "错误", Level.W: "警告", Level.I: "提示"}
_GITHUB = {Level.E: "error", Level.W: "warning", Level.I: "notice"}
_GITLAB = {Level.E: "major", Level.W: "minor", Level.I: "info"}
_SARIF = {Level.E: "error", Level.W: "warning", Level.I: "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def unexplained(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that no 差异说明 explains."""
    return [problem for problem in problems if not problem.explanation]


def github(problems: Iterable[Problem]) -> str:
    """Workflow commands, which GitHub shows at the lines of a change."""
    return "".join(
        f"::{_GITHUB[each.level]} file={_property(each.position.file)},line={each.position.line},"
        f"col={each.position.column},title={_property(f'{each.rule.id} {each.rule.name}')}"
        f"::{_escaped(each.sentence)}\n"
        for each in unexplained(problems)
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(problems: Iterable[Problem]) -> str:
    """A Code Quality report, which GitLab shows at the lines of a merge request."""
    found = [
        {
            "description": f"{each.sentence}（{each.rule.id} {each.rule.name}）",
            "check_name": each.rule.id,
            "fingerprint": _fingerprint(each),
            "severity": _GITLAB[each.level],
            "location": {
                "path": each.position.file,
                "lines": {"begin": each.position.line},
            },
        }
        for each in unexplained(problems)
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _fingerprint(problem: Problem) -> str:
    """The same for the same problem, wherever its line has moved."""
    told = (problem.rule.id, problem.position.file, problem.where, problem.message)
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:32]


def sarif(problems: Iterable[Problem]) -> str:
    """SARIF 2.1.0."""
    shown = unexplained(problems)
    used = {each.rule.id for each in shown}
    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.name},
            "help": {"text": rule.text or rule.name},
        }
        for rule in RULES
        if rule.id in used
    ]
    driver = {"name": "gongkai", "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_result(each) for each in shown]}
    told = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _result(problem: Problem) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": problem.position.file},
        "region": {
            "startLine": problem.position.line,
            "startColumn": problem.position.column,
        },
    }
    return {
        "ruleId": problem.rule.id,
        "level": _SARIF[problem.level],
        "message": {"text": problem.sentence},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"gongkai/v1": _fingerprint(problem)},
    }


def page(problems: Iterable[Problem]) -> str:
    """One HTML page that needs nothing else, for offices without a code host."""
    environment = Environment(
        loader=PackageLoader("gongkai.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    every = list(problems)
    files = [(name, list(group)) for name, group in groupby(every, lambda each: each.position.file)]
    counts = [(LEVELS[level], sum(p.level is level for p in unexplained(every))) for level in Level]
    template = environment.get_template("check.html.jinja")
    return template.render(files=files, counts=counts, levels=LEVELS)
