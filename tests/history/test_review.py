"""gongkai diff: differences between revisions as text, Markdown and JSON."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from gongkai.cli import main
from tests.histories import (
    CORRECTION,
    FACTS,
    OVERALL,
    PROJECT,
    UNIT,
    DataRepository,
    create_publisher,
)

RATE = "效益指标·履职效益·示例路况优良率 实际完成值"


@pytest.fixture
def repository(tmp_path: Path) -> DataRepository:
    """A repository with one commit."""
    repository = create_publisher(tmp_path)
    repository.commit("2023-07-01", "2023-07-01")
    return repository


def run_diff(repository: DataRepository, *args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["diff", *args, "--data", str(repository.data)])
    return result.exit_code, result.stdout, result.stderr


def test_no_differences(repository: DataRepository) -> None:
    assert run_diff(repository, "HEAD") == (0, "公开的内容没有改动。\n", "")
    assert run_diff(repository, "HEAD", "HEAD", "--exit-code")[0] == 0
    assert run_diff(repository, "HEAD", "--format", "markdown")[1] == "## 公开的内容没有改动。\n"


def test_working_folder_is_compared_by_default(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.append_to_file(FACTS, CORRECTION)
    expected = (
        "示例单位2022年度（shili）：修改 1 处\n"
        f"  部门整体自评表：{RATE} 96%→97%（勘误：示例笔误，2023-08-01）\n"
    )
    assert run_diff(repository, "HEAD", "--exit-code") == (1, expected, "")
    assert run_diff(repository, "HEAD") == (0, expected, "")
    assert run_diff(repository, "2023-07-01") == (0, expected, ""), (
        "a release may be named by its day"
    )


def test_markdown_escapes_filed_text(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97% | <b>_示例_</b> `x`"})
    _, markdown, _ = run_diff(repository, "HEAD", "--format", "markdown")
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    assert "<td>97% | &lt;b&gt;_示例_&lt;/b&gt; `x`</td>" in html
    assert "<h3>示例单位2022年度：修改 1 处</h3>" in html
    assert html.count("<th>") == 5


def test_json(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    _, output, _ = run_diff(repository, "HEAD", "--format", "json")
    assert json.loads(output) == {
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


def test_renames_between_two_revisions(repository: DataRepository) -> None:
    new = PROJECT.replace("shili/", "shili-xin/").replace("shili-daolu", "gonglu")
    repository.run_git("mv", f"data/{UNIT}", "data/units/shili-xin")
    repository.run_git("mv", f"data/{PROJECT.replace('shili/', 'shili-xin/')}", f"data/{new}")
    repository.edit_file(FACTS.replace("shili/", "shili-xin/"), {"- shili-daolu": "- gonglu"})
    repository.edit_file(new, {"实际完成值: 92%": "实际完成值: 93%"})
    repository.append_to_file("units/shili-xin/unit.yml", "曾用代号:\n  - shili\n")
    repository.commit("2023-08-01")
    repository.edit_file("site.yml", {"示例站点": "示例站"})
    assert run_diff(repository, "HEAD~1", "HEAD") == (
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


def test_added_removed_unreadable_and_other_files(repository: DataRepository) -> None:
    shutil.copytree(repository.data / UNIT, repository.data / "units/shili-er")
    repository.append_to_file(FACTS, "坏: [\n")
    repository.edit_file("site.yml", {"示例站点": "示例站"})
    assert run_diff(repository, "HEAD")[1] == (
        "示例单位2022年度（shili）：读不出\n"
        "示例单位2022年度（shili-er）：新公开\n"
        "文件 site.yml 有改动\n"
    )
    repository.run_git("checkout", "-q", ".")
    shutil.rmtree(repository.data / UNIT)
    assert run_diff(repository, "HEAD")[1].startswith("示例单位2022年度（shili）：撤下\n")


@pytest.mark.parametrize("name", ["没有", "2023-09-01", "--all"])
def test_unknown_revision(repository: DataRepository, name: str) -> None:
    result = CliRunner().invoke(main, ["diff", "--data", str(repository.data), "--", name])
    message = f"没有名为“{name}”的版本；可以写提交编号、分支名，或发布的名称（git tag --list 列出）"
    assert (result.exit_code, result.stderr) == (1, f"错误：{message}\n")


def test_without_repository(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    shutil.rmtree(repository.folder / ".git")
    code, _, errors = run_diff(repository, "HEAD")
    assert (code, "不在 git 仓库里" in errors) == (1, True)
