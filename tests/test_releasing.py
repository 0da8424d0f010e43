"""What was released does not change without a 勘误."""

from pathlib import Path

import pytest

from tests.folders import change, example
from tests.test_hooks import OVERALL, repository, run

__all__ = ["repository"]
CORRECTION = """勘误:
  - 位置: 部门整体自评表/年度总体目标/预期目标
    原值: 示例道路畅通，示例服务到位。
    新值: 示例公路畅通，示例服务到位。
    原因: 示例笔误
    日期: 2023-07-01
"""


@pytest.fixture
def released(repository: Path) -> Path:
    done = run("gongkai", "release", "--today", "2023-07-01", folder=repository)
    assert (done.returncode, done.stderr) == (
        0,
        "已标记为 released/2023-07-01；撤销用 git tag -d released/2023-07-01\n",
    )
    return repository


def test_a_change_without_correction_is_told(released: Path) -> None:
    assert run("gongkai", "check", folder=released).returncode == 0
    change(released / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    done = run("gongkai", "check", folder=released)
    assert done.returncode == 1
    assert done.stdout == (
        f"错误 data/{OVERALL}:8:9: “部门整体自评表/年度总体目标/预期目标”已公开的值是“示例道路畅通，示例服务到位。”，"
        "现在是“示例公路畅通，示例服务到位。”，没有勘误；请写勘误（GK-05 改动无勘误）\n"
    )


def test_a_correction_settles_it(released: Path) -> None:
    change(released / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    facts = released / "data/units/shili/2022/disclosure.yml"
    facts.write_text(facts.read_text("utf-8") + CORRECTION, "utf-8")
    done = run("gongkai", "check", folder=released)
    assert (done.returncode, done.stdout) == (0, "")
    run("git", "commit", "-qam", "勘误", folder=released)
    again = run("gongkai", "release", "--today", "2023-07-01", folder=released)
    assert "released/2023-07-01-2" in again.stderr


def test_a_withdrawn_disclosure_is_told(released: Path) -> None:
    (released / "data/units/shili/2022/disclosure.yml").unlink()
    done = run("gongkai", "check", folder=released)
    assert "示例单位2022年度的公开件已经发布，现在没有了" in done.stdout


def test_uncommitted_data_is_not_released(repository: Path) -> None:
    change(repository / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    done = run("gongkai", "release", folder=repository)
    assert (done.returncode, "请先 git commit" in done.stderr) == (1, True)


def test_another_revision_can_be_named(released: Path) -> None:
    change(released / "data" / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    run("git", "commit", "-qam", "改字", folder=released)
    assert run("gongkai", "check", "--released", "HEAD", folder=released).returncode == 0
    assert run("gongkai", "check", "--released", "HEAD~1", folder=released).returncode == 1
    assert "没有成功" in run("gongkai", "check", "--released", "nothing", folder=released).stderr


def test_other_units_are_not_withdrawn_when_one_is_checked(released: Path) -> None:
    folder = released / "data/units/shili"
    done = run("gongkai", "check", str(folder), folder=released)
    assert (done.returncode, done.stdout) == (0, "")
    (released / "data/units/shili-er").mkdir()
    (released / "data/units/shili-er/unit.yml").write_text("名称: 示例二单位\n", "utf-8")
    done = run("gongkai", "check", str(released / "data/units/shili-er"), folder=released)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_repository_that_is_the_data_folder(tmp_path: Path) -> None:
    data = example(tmp_path)
    run("git", "init", "-q", folder=data)
    run("git", "add", ".", folder=data)
    run("git", "commit", "-qm", "示例", folder=data)
    assert run("gongkai", "release", "--data", ".", folder=data).returncode == 0
    assert run("gongkai", "check", "--data", ".", folder=data).returncode == 0
    change(data / OVERALL, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    assert "GK-05" in run("gongkai", "check", "--data", ".", folder=data).stdout
    run("gongkai", "hook", "install", "--data", ".", folder=data)
    change(data / OVERALL, {"得分: 98}": "得分: 97}"})
    run("git", "add", ".", folder=data)
    hook = run("gongkai", "hook", "run", "--data", ".", folder=data)
    assert (hook.returncode, "DF-03" in hook.stdout) == (1, True)
