"""Released values do not change without a 勘误."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gongkai.release.tags import newest_tag
from tests.cli.test_git_hook import OVERALL, repository
from tests.commands import run_gongkai, run_program
from tests.folders import example_data, replace_in_file

__all__ = ["repository"]
CORRECTION = """勘误:
  - 位置: 部门整体自评表/年度总体目标/预期目标
    原值: 示例道路畅通，示例服务到位。
    新值: 示例公路畅通，示例服务到位。
    原因: 示例笔误
    日期: 2023-07-01
"""


@pytest.fixture
def released_repository(repository: Path) -> Path:
    done = run_gongkai("release", "--demo", "--today", "2023-07-01", folder=repository)
    assert (done.returncode, done.stderr) == (
        0,
        "已标记为 released/2023-07-01；撤销用 git tag -d released/2023-07-01\n",
    )
    return repository


def test_a_change_without_correction_is_reported(released_repository: Path) -> None:
    assert run_gongkai("check", folder=released_repository).returncode == 0
    replace_in_file(
        released_repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"}
    )
    done = run_gongkai("check", folder=released_repository)
    assert done.returncode == 1
    assert done.stdout == (
        f"错误 data/{OVERALL}:8:9: “部门整体自评表/年度总体目标/预期目标”已公开的值是“示例道路畅通，示例服务到位。”，"
        "现在是“示例公路畅通，示例服务到位。”，没有勘误；请写勘误（GK-05 改动无勘误）\n"
    )


def test_a_change_with_correction_is_accepted(released_repository: Path) -> None:
    replace_in_file(
        released_repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"}
    )
    facts = released_repository / "data/units/shili/2022/disclosure.yml"
    facts.write_text(facts.read_text("utf-8") + CORRECTION, "utf-8")
    done = run_gongkai("check", folder=released_repository)
    assert (done.returncode, done.stdout) == (0, "")
    run_program("git", "commit", "-qam", "勘误", folder=released_repository)
    again = run_gongkai("release", "--demo", "--today", "2023-07-01", folder=released_repository)
    assert "released/2023-07-01-2" in again.stderr


def test_the_newest_release_is_found_by_name(released_repository: Path) -> None:
    """A lost tag that is restored later is no newer release."""
    run_program("git", "commit", "--allow-empty", "-qm", "再发布", folder=released_repository)
    run_gongkai("release", "--demo", "--today", "2023-07-01", folder=released_repository)
    run_program("git", "tag", "-d", "released/2023-07-01", folder=released_repository)
    late_date = {"GIT_COMMITTER_DATE": "2040-01-01T00:00:00Z"}
    command = ("git", "tag", "-am", "补", "released/2023-07-01", "HEAD~1")
    subprocess.run(command, cwd=released_repository, env=os.environ | late_date, check=True)
    assert newest_tag(released_repository / "data") == "released/2023-07-01-2"


def test_a_removed_disclosure_is_reported(released_repository: Path) -> None:
    (released_repository / "data/units/shili/2022/disclosure.yml").unlink()
    done = run_gongkai("check", folder=released_repository)
    assert "示例单位2022年度的公开件已经发布，现在没有了" in done.stdout


def test_uncommitted_data_is_not_released(repository: Path) -> None:
    replace_in_file(
        repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"}
    )
    done = run_gongkai("release", "--demo", folder=repository)
    assert done.returncode == 1
    assert (
        "数据里还有改动没有提交（data/units/shili/2022/overall.yml 等）；请先 git add"
        in done.stderr
    )


def test_data_that_git_ignores_is_not_released(repository: Path) -> None:
    (repository / ".gitignore").write_text("data\n", "utf-8")
    run_program("git", "rm", "-rq", "--cached", "data", folder=repository)
    run_program("git", "add", ".gitignore", folder=repository)
    run_program("git", "commit", "-qm", "忽略", folder=repository)
    done = run_gongkai("release", "--demo", folder=repository)
    assert done.returncode == 1
    assert "git 里没有这个数据目录的文件，多半是写进了 .gitignore" in done.stderr


def test_check_compares_with_a_given_revision(released_repository: Path) -> None:
    replace_in_file(
        released_repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"}
    )
    run_program("git", "commit", "-qam", "改字", folder=released_repository)
    assert run_gongkai("check", "--released", "HEAD", folder=released_repository).returncode == 0
    assert run_gongkai("check", "--released", "HEAD~1", folder=released_repository).returncode == 1
    assert (
        "git 里没有版本“nothing”"
        in run_gongkai("check", "--released", "nothing", folder=released_repository).stderr
    )


def test_checking_one_unit_does_not_report_others_as_removed(released_repository: Path) -> None:
    folder = released_repository / "data/units/shili"
    done = run_gongkai("check", str(folder), folder=released_repository)
    assert (done.returncode, done.stdout) == (0, "")
    (released_repository / "data/units/shili-er").mkdir()
    (released_repository / "data/units/shili-er/unit.yml").write_text("名称: 示例二单位\n", "utf-8")
    done = run_gongkai(
        "check",
        str(released_repository / "data/units/shili-er"),
        folder=released_repository,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_data_folder_can_be_the_repository(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    run_program("git", "init", "-q", folder=data)
    run_program("git", "add", ".", folder=data)
    run_program("git", "commit", "-qm", "示例", folder=data)
    assert run_gongkai("release", "--demo", "--data", ".", folder=data).returncode == 0
    assert run_gongkai("check", "--data", ".", folder=data).returncode == 0
    replace_in_file(data / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    assert "GK-05" in run_gongkai("check", "--data", ".", folder=data).stdout
    run_gongkai("hook", "install", "--data", ".", folder=data)
    replace_in_file(data / OVERALL, {"得分: 98}": "得分: 97}"})
    run_program("git", "add", ".", folder=data)
    hook = run_gongkai("hook", "run", "--data", ".", folder=data)
    assert (hook.returncode, "DF-03" in hook.stdout) == (1, True)


FACTS = "units/shili/2022/disclosure.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"


def unannounced_changes(folder: Path) -> list[str]:
    """Return the messages about changes without a 勘误."""
    lines = run_gongkai("check", folder=folder).stdout.splitlines()
    return [line for line in lines if "GK-05" in line]


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_one_correction_covers_a_renamed_indicator(released_repository: Path) -> None:
    name = re.search(r"三级指标: (.+)", (released_repository / "data" / OVERALL).read_text("utf-8"))
    assert name
    replace_in_file(
        released_repository / "data" / OVERALL, {f"三级指标: {name[1]}": "三级指标: 示例新名"}
    )
    messages = unannounced_changes(released_repository)
    assert len(messages) > 2
    place = re.search(r"“(部门整体自评表/[^”]*/示例新名/三级指标)”", "".join(messages))
    assert place
    append(
        released_repository / "data" / FACTS,
        f"勘误:\n  - 位置: {place[1]}\n    原值: {name[1]}\n    新值: 示例新名\n"
        "    原因: 示例笔误\n    日期: 2023-07-02\n",
    )
    assert run_gongkai("check", folder=released_repository).stdout == ""


def test_a_project_may_be_renamed_and_a_removed_one_is_reported_once(
    released_repository: Path,
) -> None:
    replace_in_file(
        released_repository / "data" / PROJECT,
        {"项目名称: 示例道路维护\n自评": "项目名称: 示例公路维护\n自评"},
    )
    assert unannounced_changes(released_repository) == []
    (released_repository / "data" / PROJECT).unlink()
    (line,) = unannounced_changes(released_repository)
    assert "项目“示例道路" in line
    assert "已经发布，现在没有了" in line


def test_removing_a_published_correction_is_reported(released_repository: Path) -> None:
    replace_in_file(
        released_repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"}
    )
    facts = released_repository / "data" / FACTS
    before = facts.read_text("utf-8")
    append(facts, CORRECTION)
    run_program("git", "commit", "-qam", "勘误", folder=released_repository)
    assert (
        run_gongkai(
            "release", "--demo", "--today", "2023-07-02", folder=released_repository
        ).returncode
        == 0
    )
    facts.write_text(before, "utf-8")
    (line,) = unannounced_changes(released_repository)
    assert "公开过的勘误“部门整体自评表/年度总体目标/预期目标”（2023-07-01）删去或改动了" in line


def test_a_personal_number_that_was_published_can_be_corrected(released_repository: Path) -> None:
    number = "138" + "0013" + "8000"
    text = (released_repository / "data" / OVERALL).read_text("utf-8")
    run_program("git", "tag", "-d", "released/2023-07-01", folder=released_repository)
    replace_in_file(
        released_repository / "data" / OVERALL, {"预期目标: 示例道路畅通": f"预期目标: {number}"}
    )
    run_program("git", "commit", "-qam", "号码", folder=released_repository)
    run_program("git", "tag", "released/2023-07-01", folder=released_repository)
    (released_repository / "data" / OVERALL).write_text(text, "utf-8")
    (line,) = unannounced_changes(released_repository)
    assert number not in line
    place = CORRECTION.splitlines()[1]
    append(
        released_repository / "data" / FACTS,
        f"勘误:\n{place}\n    原值: {number[:3]}****{number[-4:]}，示例服务到位。\n"
        "    新值: 示例道路畅通，示例服务到位。\n    原因: 遮住号码\n    日期: 2023-07-02\n",
    )
    assert run_gongkai("check", folder=released_repository).stdout == ""


def test_a_renamed_folder_needs_its_former_name(released_repository: Path) -> None:
    units = released_repository / "data/units"
    (units / "shili").rename(units / "shili-xin")
    run_program("git", "add", "-A", folder=released_repository)
    (line,) = unannounced_changes(released_repository)
    assert "曾用代号" in line
    append(units / "shili-xin/unit.yml", "曾用代号:\n  - shili\n")
    assert run_gongkai("check", folder=released_repository).stdout == ""


def test_a_disclosure_withdrawn_with_its_reason_may_be_removed(released_repository: Path) -> None:
    shutil.rmtree(released_repository / "data/units/shili/2022")
    (line,) = unannounced_changes(released_repository)
    assert "撤回" in line
    append(
        released_repository / "data/units/shili/unit.yml",
        "撤回:\n  - 年度: 2022\n    原因: 示例依据\n    日期: 2023-07-02\n",
    )
    assert unannounced_changes(released_repository) == []
