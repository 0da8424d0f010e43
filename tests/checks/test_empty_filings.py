"""A year or a project for which nothing is filed is an error (JG-09)."""

from pathlib import Path

from gongkai.checks.runner import check_data
from tests.folders import TODAY, example_data


def missing_attachments(data: Path) -> list[str]:
    """Return the findings of JG-09."""
    problems = check_data(data, TODAY, display_name="data").judgement.problems
    return [f"{problem}" for problem in problems if problem.rule.id == "JG-09"]


def test_project_with_a_name_only(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    (data / "units/shili/2022/projects/shili-kong.yml").write_text(
        "项目名称: 示例空项目\n", "utf-8"
    )
    expected = (
        "data/units/shili/2022/projects/shili-kong.yml:1:1: 项目“示例空项目”的文件里没有自评表，"
        "也没有自评报告；请补上，或删去这个文件（JG-09 附件齐全）"
    )
    assert missing_attachments(data) == [expected]


def test_year_without_documents(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    year = data / "units/shili/2021"
    year.mkdir()
    (year / "disclosure.yml").write_text(
        "年度: 2021\n单位: 示例单位\n公开目录:\n  名称: 示例单位2021年度绩效自评\n", "utf-8"
    )
    expected = (
        "data/units/shili/2021/disclosure.yml:1:5: 2021 年度一份表、一份报告也没有；"
        "请补上文件，或删去这个年度的文件夹（JG-09 附件齐全）"
    )
    assert missing_attachments(data) == [expected]
