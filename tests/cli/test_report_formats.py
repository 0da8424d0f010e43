"""Output formats of gongkai check."""

import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.cli.report import STYLES, render_text
from gongkai.model.problems import Level, Position, Problem, Rule
from gongkai.reading.source import parse_source
from tests.folders import PERSONAL_NUMBERS, example_data

OVERALL = "units/shili/2022/overall.yml"
FAULT = {OVERALL: {"得分: 98}": "得分: 97}", "年度指标值: ≥100公里": "年度指标值: 100"}}


def check_output(data: Path, style: str) -> str:
    """Run gongkai check on faulty data; return its output with paths relative to the data."""
    arguments = ["check", "--format", style, "--data", str(data)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 1
    return result.stdout.replace(f"{data.as_posix()}/", "")


def test_text_shows_the_line_with_a_caret(tmp_path: Path) -> None:
    assert check_output(example_data(tmp_path, FAULT), "text") == (
        f"{OVERALL}\n"
        "  17:20 警告 “维护示例道路”的目标“100”没有单位；请在数字后写上单位，例如 240户、95%（ZB-03 度量单位）\n"
        "    17 │             年度指标值: 100\n"
        "       │                         ^\n"
        "  39:19 错误 总分填报 97，各项得分合计为 98，相差 1；请核对各项得分与总分（DF-03 得分合计）\n"
        "    39 │ 总分: {分值: 100, 得分: 97}\n"
        "       │                         ^\n"
        "\n"
    )


def test_text_never_shows_personal_data(tmp_path: Path) -> None:
    data = example_data(tmp_path, {OVERALL: {"示例道路全年畅通": "请电 MOBILE 示例"}})
    assert PERSONAL_NUMBERS["MOBILE"] not in "".join(
        check_output(data, style) for style in ("text", *STYLES)
    )


def test_colours_only_on_a_terminal() -> None:
    rule = Rule("DF-03", "得分合计")
    problem = Problem(rule, Level.E, Position("a.yml", 1, 1), "示例")
    source = parse_source("总分: 1\n".encode(), "a.yml")
    assert "\x1b[31m错误\x1b[0m" in render_text([problem], [source], colours=True)
    assert "\x1b" not in render_text([problem], [source])


def test_annotations_of_code_hosts(tmp_path: Path) -> None:
    data = example_data(tmp_path, FAULT)
    github = check_output(data, "github").splitlines()
    assert github[1] == (
        f"::error file={OVERALL},line=39,col=19,title=DF-03 得分合计"
        "::总分填报 97，各项得分合计为 98，相差 1；请核对各项得分与总分"
    )
    assert "95%25" in github[0]
    gitlab = json.loads(check_output(data, "gitlab"))
    assert [(issue["check_name"], issue["severity"]) for issue in gitlab] == [
        ("ZB-03", "minor"),
        ("DF-03", "major"),
    ]
    assert gitlab[1]["location"] == {"path": OVERALL, "lines": {"begin": 39}}
    assert len({issue["fingerprint"] for issue in gitlab}) == 2


def test_sarif(tmp_path: Path) -> None:
    log = json.loads(check_output(example_data(tmp_path, FAULT), "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == ["DF-03", "ZB-03"]
    assert {result["ruleId"] for result in run["results"]} == set(ids)
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 39, "startColumn": 19}


def test_html_is_self_contained(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {OVERALL: {"得分: 98}": "得分: 97}", "示例单位\n年": "<b>示例</b>\n年"}}
    )
    page = check_output(data, "html")
    soup = BeautifulSoup(page, "html.parser")
    assert "错误 1 处" in soup.get_text()
    assert soup.find("b") is None
    assert not re.search(r"https?://|<script|<link", page)
