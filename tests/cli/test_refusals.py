"""What commands say where something is missing: forms, releases, executors, git."""

from pathlib import Path

import pytest

from tests.commands import run_gongkai, run_program
from tests.folders import example_data


def refusal(*arguments: object) -> str:
    """Return what a command that fails says."""
    done = run_gongkai(*arguments)
    assert done.returncode != 0
    return done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> None:
    assert run_program("git", *arguments, folder=folder).returncode == 0


NO_DATA = "找不到数据目录；请在仓库根目录运行，或用 --data 指定"


@pytest.mark.parametrize("command", [("forms",), ("schemas",), ("template", "x"), ("forms", "x")])
def test_folder_without_data(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run_gongkai(*command, folder=tmp_path)
    assert done.returncode != 0
    assert NO_DATA in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["得分合计", "ＤＦ－０３", "df-03"])
def test_rule_by_its_name(name: str) -> None:
    assert run_gongkai("rules", name).stdout.startswith("DF-03 得分合计\n")


def test_rules_of_a_group() -> None:
    lines = run_gongkai("rules", "rq").stdout.splitlines()
    assert lines
    assert all(line.startswith("RQ-") for line in lines)


def test_unknown_rule() -> None:
    assert refusal("rules", "没有") == "没有规则“没有”；全部规则用 gongkai rules 列出\n"
    assert refusal("rules", "DF-99") == "没有规则“DF-99”；是否应为“DF-09”？\n"


def test_folder_without_releases(tmp_path: Path) -> None:
    for options in ((), ("--list",), ("2026-01-01",)):
        message = f"错误：{tmp_path} 里还没有发布；请写 gongkai release 发布到的目录\n"
        assert refusal("rollback", tmp_path, *options) == message


def test_verify_elsewhere(tmp_path: Path) -> None:
    """A folder that is no release is not called changed."""
    (tmp_path / "a.html").write_text("示例", "utf-8")
    text = refusal("verify", tmp_path)
    assert "这里不是 gongkai release 发布的网站" in text
    assert "与发布时不同" not in text


def test_scan_of_an_empty_folder(tmp_path: Path) -> None:
    message = f"错误：{tmp_path} 里没有文件；请写 gongkai build 生成的网站目录\n"
    assert refusal("scan", tmp_path) == message


def test_import_of_an_empty_folder(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    (tmp_path / "空").mkdir()
    text = refusal("import", tmp_path / "空", "--unit", "shili", "--year", "2022", "--data", data)
    assert "没有找到要导入的文件；请写填好的 Word、Excel 表，或它们所在的目录" in text


def test_form_of_a_project_without_a_project(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    assert refusal("new", "xin", "2023", "--form", "hunan-2022-project", "--data", data) == (
        "“hunan-2022-project”是项目自评表，每个项目一个文件；请用 --project 写明项目代号\n"
    )
    assert not (data / "units/xin").exists()


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        ("meiyou", "找不到执行器“meiyou:”：没有这个模块，或者其中没有这个函数；可用的有 dask、dask:tcp://地址:端口、模块:函数"),
        ("os:meiyou", "找不到执行器“os:meiyou”：没有这个模块，或者其中没有这个函数；可用的有 dask、dask:tcp://地址:端口、模块:函数"),
        ("os:getcwd", "“os:getcwd”给出的不是 concurrent.futures 的执行器"),
    ],
)  # fmt: skip
def test_executor_that_is_not_there(executor: str, message: str, tmp_path: Path) -> None:
    arguments = ("build", "-d", tmp_path / "site", "--executor", executor)
    assert refusal(*arguments).endswith(f"错误：{message}\n")


def test_address_of_dask_without_a_port(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    text = refusal("build", "-d", tmp_path / "site", "--executor", "dask:tcp://")
    assert text.endswith(
        "错误：“dask:tcp://”里的地址不对；应写成 dask:tcp://192.0.2.1:8786 的样子\n"
    )


def test_repository_without_commits(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    git(tmp_path, "init")
    advice = "错误：git 仓库里还没有提交；请先 git add data，再 git commit\n"
    assert refusal("diff", "HEAD", "--data", data) == advice
    assert "没有与已公开的数据比较" not in run_gongkai("check", "--data", data).stderr


def test_damaged_repository(tmp_path: Path) -> None:
    """A check says that it could not compare; a comparison does not blame the revision's name."""
    data = example_data(tmp_path)
    git(tmp_path, "init")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message", "公开")
    git(tmp_path, "tag", "released/2023-07-01")
    for path in (tmp_path / ".git/objects").glob("??/*"):
        path.unlink()
    damage = "git 仓库里有内容损坏或缺少；请运行 git fsck 检查，或重新 git clone"
    assert refusal("diff", "HEAD", "--data", data) == f"错误：{damage}\n"
    assert f"没有与已公开的数据比较：{damage}\n" in run_gongkai("check", "--data", data).stderr


def test_two_revisions_in_one_word(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    git(tmp_path, "init")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message", "公开")
    message = "错误：“HEAD..main”是两个版本；请分开写：gongkai diff HEAD main\n"
    assert refusal("diff", "HEAD..main", "--data", data) == message
    assert refusal("diff", "meiyou", "--data", data) == (
        "错误：没有名为“meiyou”的版本；可以写提交编号、分支名，或发布的名称（git tag --list 列出）\n"
    )
