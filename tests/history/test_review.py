"""gongkai diff: the same words for whoever reviews a change."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from gongkai.cli import main
from tests.histories import CORRECTION, FACTS, OVERALL, PROJECT, UNIT, Publisher, publisher_in

RATE = "效益指标·履职效益·示例路况优良率 实际完成值"


@pytest.fixture
def made(tmp_path: Path) -> Publisher:
    """A repository with one commit."""
    made = publisher_in(tmp_path)
    made.commit("2023-07-01", "2023-07-01")
    return made


def ran(made: Publisher, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["diff", *words, "--data", str(made.data)])
    return done.exit_code, done.stdout, done.stderr


def test_nothing_differs(made: Publisher) -> None:
    assert ran(made, "HEAD") == (0, "公开的内容没有改动。\n", "")
    assert ran(made, "HEAD", "HEAD", "--exit-code")[0] == 0
    assert ran(made, "HEAD", "--format", "markdown")[1] == "## 公开的内容没有改动。\n"


def test_the_working_folder_is_compared_if_nothing_else_is_named(made: Publisher) -> None:
    made.edit(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    made.append(FACTS, CORRECTION)
    told = (
        "示例单位2022年度（shili）：修改 1 处\n"
        f"  部门整体自评表：{RATE} 96%→97%（勘误：示例笔误，2023-08-01）\n"
    )
    assert ran(made, "HEAD", "--exit-code") == (1, told, "")
    assert ran(made, "HEAD") == (0, told, "")
    assert ran(made, "2023-07-01") == (0, told, ""), "a release may be named by its day"


def test_markdown_holds_whatever_is_filed(made: Publisher) -> None:
    made.edit(OVERALL, {"实际完成值: 96%": "实际完成值: 97% | <b>_示例_</b> `x`"})
    _, told, _ = ran(made, "HEAD", "--format", "markdown")
    html = MarkdownIt("commonmark").enable("table").render(told)
    assert "<td>97% | &lt;b&gt;_示例_&lt;/b&gt; `x`</td>" in html
    assert "<h3>示例单位2022年度：修改 1 处</h3>" in html
    assert html.count("<th>") == 5


def test_json_is_for_programs(made: Publisher) -> None:
    made.edit(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    _, told, _ = ran(made, "HEAD", "--format", "json")
    assert json.loads(told) == {
        "disclosures": [
            {
                "unit": "shili",
                "unit_name": "示例单位",
                "year": 2022,
                "what": "修改",
                "changes": [
                    {
                        "kind": "改动",
                        "project": "",
                        "document": "部门整体自评表",
                        "place": RATE,
                        "old": "96%",
                        "new": "97%",
                        "where": "部门整体自评表/绩效指标/效益指标/履职效益/示例路况优良率/实际完成值",
                        "reason": "",
                        "corrected": "",
                    }
                ],
            }
        ],
        "others": [],
    }


def test_between_two_revisions_with_renames(made: Publisher) -> None:
    new = PROJECT.replace("shili/", "shili-xin/").replace("shili-daolu", "gonglu")
    made.git("mv", f"data/{UNIT}", "data/units/shili-xin")
    made.git("mv", f"data/{PROJECT.replace('shili/', 'shili-xin/')}", f"data/{new}")
    made.edit(FACTS.replace("shili/", "shili-xin/"), {"- shili-daolu": "- gonglu"})
    made.edit(new, {"实际完成值: 92%": "实际完成值: 93%"})
    made.append("units/shili-xin/unit.yml", "曾用代号:\n  - shili\n")
    made.commit("2023-08-01")
    made.edit("site.yml", {"示例站点": "示例站"})
    assert ran(made, "HEAD~1", "HEAD") == (
        0,
        (
            "示例单位（shili-xin）：修改 1 处\n"
            "  单位信息：曾用代号 空白→shili\n"
            "示例单位2022年度（shili-xin）：修改 2 处\n"
            "  项目“示例道路维护”的网址代号 shili-daolu→gonglu\n"
            "  项目自评表（示例道路维护）：产出指标·质量指标·路面平整度 实际完成值 92%→93%\n"
        ),
        "",
    )


def test_new_gone_unreadable_and_other_files(made: Publisher) -> None:
    shutil.copytree(made.data / UNIT, made.data / "units/shili-er")
    made.append(FACTS, "坏: [\n")
    made.edit("site.yml", {"示例站点": "示例站"})
    assert ran(made, "HEAD")[1] == (
        "示例单位2022年度（shili）：读不出\n"
        "示例单位2022年度（shili-er）：新公开\n"
        "文件 site.yml 有改动\n"
    )
    made.git("checkout", "-q", ".")
    shutil.rmtree(made.data / UNIT)
    assert ran(made, "HEAD")[1].startswith("示例单位2022年度（shili）：撤下\n")


@pytest.mark.parametrize("name", ["没有", "2023-09-01", "--all"])
def test_an_unknown_revision_is_told(made: Publisher, name: str) -> None:
    done = CliRunner().invoke(main, ["diff", "--data", str(made.data), "--", name])
    message = f"没有名为“{name}”的版本；可以写提交编号、分支名，或发布的名称（git tag --list 列出）"
    assert (done.exit_code, done.stderr) == (1, f"Error: {message}\n")


def test_without_git_it_says_so(tmp_path: Path) -> None:
    made = publisher_in(tmp_path)
    shutil.rmtree(made.folder / ".git")
    code, _, told = ran(made, "HEAD")
    assert (code, "不在 git 仓库里" in told) == (1, True)
