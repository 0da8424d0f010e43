"""Handing in with real git and bare remotes: exactly the unit's files, nothing lost, no English."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.authoring.editor.approvals import approve, changes_of_branch, list_branches
from gongkai.authoring.editor.edit_state import load_file
from gongkai.authoring.editor.hand_in import (
    HandInResult,
    HandInStatus,
    Identity,
    describe_changes,
    hand_in,
    hand_in_state,
    read_identity,
    set_identity,
)
from gongkai.authoring.editor.merging import Choice, Side
from gongkai.authoring.editor.saving import FileEdits, save
from gongkai.authoring.editor.value_trees import EditError, ValueEdit
from gongkai.runtime.git import GitError, run_git, run_remote_git
from tests.folders import TODAY, example_data, replace_in_file

UNIT = "shili"
OVERALL = "data/units/shili/2022/overall.yml"
REPORT = "data/units/shili/2022/report.md"
STATUS = HandInStatus
ENGLISH = re.compile(r"fatal|error|hint|[a-z]+ [a-z]+ [a-z]+ [a-z]+")
"""Words of git, or an English sentence."""


@pytest.fixture(autouse=True, scope="module")
def _no_settings_of_the_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("GIT_"):
                patch.delenv(name)
        patch.setenv("HOME", f"{home}")
        patch.setenv("XDG_CONFIG_HOME", f"{home}")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bare repository of the synthetic unit, and a clerk's clone of it."""
    root = tmp_path_factory.mktemp("origin")
    run_git("init", "--quiet", "--bare", "--initial-branch=main", "远程.git", folder=root)
    first = root / "first"
    first.mkdir()
    example_data(first)
    run_git("init", "--quiet", "--initial-branch=main", folder=first)
    set_identity(first, Identity("示例管理员", "guanli@gongkai.example"))
    run_git("add", "--all", folder=first)
    run_git("commit", "--quiet", "-m", "示例", folder=first)
    run_git("push", "--quiet", f"{root / '远程.git'}", "main", folder=first)
    shutil.rmtree(first)
    clone(root, "填报员")
    return root


@pytest.fixture
def clerk(origin: Path, tmp_path: Path) -> Path:
    """A clerk's clone of a bare repository with the synthetic unit."""
    shutil.copytree(origin, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "填报员"
    run_git("remote", "set-url", "origin", f"{tmp_path / '远程.git'}", folder=folder)
    return folder


def clone(root: Path, name: str) -> Path:
    run_git("clone", "--quiet", f"{root / '远程.git'}", name, folder=root)
    set_identity(root / name, Identity(name, "shili@gongkai.example"))
    return root / name


def change(folder: Path, old: str, new: str, path: str = OVERALL) -> None:
    replace_in_file(folder / path, {old: new})


def hand_in_from(folder: Path, choices: dict[str, Choice] | None = None) -> HandInResult:
    result = hand_in(folder / "data", UNIT, "示例单位：改了一处", choices=choices)
    assert not ENGLISH.search(result.message), result.message
    assert hand_in_state(folder / "data", UNIT).has_git
    return result


def log(folder: Path, *options: str) -> list[str]:
    return run_git("log", "--format=%s", *options, folder=folder).splitlines()


def show(folder: Path, revision: str, path: str = OVERALL) -> str:
    return run_git("show", f"{revision}:{path}", folder=folder)


def line_with(folder: Path, start: str, path: str = OVERALL) -> str:
    return next(
        line
        for line in (folder / path).read_text("utf-8").splitlines()
        if line.strip().startswith(start)
    )


def test_exactly_the_files_of_the_unit_are_handed_in(clerk: Path, tmp_path: Path) -> None:
    old = line_with(clerk, "总分:")
    change(clerk, old, "总分: {分值: 100, 得分: 90}")
    (clerk / "data/units/shili/2022/projects/xin.yml").write_text("项目名称: 示例新项目\n", "utf-8")
    (clerk / "data/site.yml").write_text("# 管理员正在改\n", "utf-8")
    run_git("add", "data/site.yml", folder=clerk)
    (clerk / "随手记.txt").write_text("示例", "utf-8")
    (clerk / "data/units/shili/2022/原件.docx").write_text("示例", "utf-8")
    state = hand_in_state(clerk / "data", UNIT)
    assert (state.branch, state.remote, state.message) == ("main", "origin", "")
    assert state.files == (OVERALL, "data/units/shili/2022/projects/xin.yml")
    word = "data/units/shili/2022/原件.docx"
    assert set(state.other_files) == {"data/site.yml", "随手记.txt", word}

    result = hand_in_from(clerk)

    assert (result.status, result.message) == (STATUS.PUSHED, "已提交并上传到远程仓库")
    names = run_git("show", "--name-only", "--format=%an <%ae>", "HEAD", folder=clerk).split("\n")
    assert names[0] == "填报员 <shili@gongkai.example>"
    assert set(names[2:-1]) == {*state.files}
    assert run_git("diff", "--cached", "--name-only", folder=clerk).split() == ["data/site.yml"]
    assert show(tmp_path / "远程.git", "main").count("得分: 90}") == 1
    assert hand_in_state(clerk / "data", UNIT).unpushed == 0
    assert hand_in_from(clerk).status is STATUS.NOTHING


def test_what_changed_is_said_in_words(clerk: Path) -> None:
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 90}")
    (clerk / "data/site.yml").write_text("# 管理员正在改\n", "utf-8")
    review = describe_changes(clerk / "data", UNIT, TODAY)
    (disclosure,) = review.disclosures
    (value,) = disclosure.changes
    assert (value.document, value.new) == ("部门整体自评表", "90")


def test_another_value_pushed_meanwhile_is_merged(clerk: Path, tmp_path: Path) -> None:
    other = clone(tmp_path, "同事")
    change(other, line_with(other, "总分:"), "总分: {分值: 100, 得分: 90}  # 同事核过")
    assert hand_in_from(other).status is STATUS.PUSHED
    change(clerk, "\n绩效指标:", "\n标题: 示例新标题\n绩效指标:")
    result = hand_in_from(clerk)
    assert (result.status, result.merged_files) == (STATUS.PUSHED, (OVERALL,))
    assert result.message == "已提交并上传到远程仓库；别人同时改过的文件，已逐项合并"
    text = show(tmp_path / "远程.git", "main")
    assert "标题: 示例新标题" in text
    assert "得分: 90}  # 同事核过" in text
    assert (clerk / OVERALL).read_text("utf-8") == text
    assert run_git("status", "--porcelain", folder=clerk) == ""


@pytest.mark.parametrize("side", Side)
def test_the_same_value_pushed_meanwhile_is_a_choice(
    clerk: Path, tmp_path: Path, side: Side
) -> None:
    other = clone(tmp_path, "同事")
    change(other, line_with(other, "总分:"), "总分: {分值: 100, 得分: 90}")
    assert hand_in_from(other).status is STATUS.PUSHED
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 91}")
    result = hand_in_from(clerk)
    assert result.status is STATUS.CONFLICTS
    assert result.message == "已提交在本机，还没有上传：别人改过同样的地方；请逐项选定，再交一次"
    (file,) = result.conflicts
    (conflict,) = file.conflicts
    assert (file.path, conflict.words) == (OVERALL, "总分/得分")
    assert (conflict.mine, conflict.theirs) == ("91", "90")
    assert line_with(clerk, "总分:") == "总分: {分值: 100, 得分: 91}"
    assert run_git("status", "--porcelain", folder=clerk) == ""

    settled = hand_in_from(clerk, {conflict.id: Choice(side, "92")})
    assert settled.status is STATUS.PUSHED
    expected = {Side.MINE: "91", Side.THEIRS: "90", Side.OTHER: "92"}[side]
    assert f"得分: {expected}}}" in show(tmp_path / "远程.git", "main")
    assert len(log(clerk, "--merges")) == 1


def test_a_report_and_a_file_that_is_no_data(clerk: Path, tmp_path: Path) -> None:
    other = clone(tmp_path, "同事")
    for folder, text in ((other, "同事的一段。"), (clerk, "填报员的一段。")):
        path = folder / REPORT
        body = path.read_text("utf-8")
        is_other = folder == other
        path.write_text(
            f"{body.rstrip()}\n\n{text}\n"
            if is_other
            else body.replace("\n\n", f"\n\n{text}\n\n", 1),
            "utf-8",
        )
        (folder / "data/units/shili/2022/坏的.yml").write_text(f"<html>{text}", "utf-8")
    assert hand_in_from(other).status is STATUS.PUSHED
    result = hand_in_from(clerk)
    (file,) = result.conflicts
    assert (file.path, file.conflicts[0].words) == ("data/units/shili/2022/坏的.yml", "整个文件")
    settled = hand_in_from(clerk, {file.conflicts[0].id: Choice(Side.MINE)})
    assert settled.status is STATUS.PUSHED
    text = show(tmp_path / "远程.git", "main", REPORT)
    assert "同事的一段。" in text
    assert "填报员的一段。" in text
    assert show(tmp_path / "远程.git", "main", file.path) == "<html>填报员的一段。"


def test_a_file_that_one_deleted_and_the_other_changed(clerk: Path, tmp_path: Path) -> None:
    other = clone(tmp_path, "同事")
    (other / OVERALL).unlink()
    assert hand_in_from(other).status is STATUS.PUSHED
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 91}")
    result = hand_in_from(clerk)
    conflict = result.conflicts[0].conflicts[0]
    assert conflict.words == "整个文件"
    assert hand_in_from(clerk, {conflict.id: Choice(Side.THEIRS)}).status is STATUS.PUSHED
    assert not (clerk / OVERALL).exists()


def test_without_git_the_files_are_saved_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = example_data(tmp_path)
    result = hand_in(data, UNIT, "示例")
    assert (result.status, result.message) == (
        STATUS.SAVED_ONLY,
        "文件已保存在本机；这个目录没有用 git，请照本单位的办法上交（例如把目录拷给财政部门）",
    )
    assert not hand_in_state(data, UNIT).has_git
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert "这台电脑没有装 git" in hand_in(data, UNIT, "示例").message


def test_the_first_commit_of_a_repository(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    run_git("init", "--quiet", "--initial-branch=main", folder=tmp_path)
    result = hand_in(data, UNIT, "示例")
    assert result.status is STATUS.NO_IDENTITY
    assert "请填姓名和邮箱" in result.message
    set_identity(data, Identity(" 示例员 ", "shili@gongkai.example"))
    assert read_identity(data) == Identity("示例员", "shili@gongkai.example")
    result = hand_in(data, UNIT, "示例")
    assert (result.status, result.message) == (
        STATUS.COMMITTED,
        "已提交在本机；没有设远程仓库，不用上传",
    )
    assert hand_in(data, UNIT, "示例").status is STATUS.NOTHING


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "a@b.cn"), ("<甲>", "a@b.cn"), ("甲\n乙", "a@b.cn"), ("甲", "甲"), ("甲", "a@b")],
)
def test_a_name_that_cannot_be_used_is_refused(clerk: Path, name: str, email: str) -> None:
    with pytest.raises(EditError):
        set_identity(clerk, Identity(name, email))


def detach(clerk: Path) -> None:
    run_git("switch", "--quiet", "--detach", folder=clerk)


def lock_index(clerk: Path) -> None:
    (clerk / ".git/index.lock").touch()


def leave_merge_open(clerk: Path) -> None:
    (clerk / ".git/MERGE_HEAD").write_text(run_git("rev-parse", "HEAD", folder=clerk))


def refuse_in_hook(clerk: Path) -> None:
    hook = clerk / ".git/hooks/pre-commit"
    hook.write_text(
        "#!/bin/sh\necho 'overall.yml:3:1: 总分不对（DF-03 得分合计）'\necho broken tree\nexit 1\n",
        "utf-8",
    )
    hook.chmod(0o755)


def refuse_silently(clerk: Path) -> None:
    hook = clerk / ".git/hooks/commit-msg"
    hook.write_text("#!/bin/sh\necho no such luck today >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)


REFUSALS = {
    "detached": (detach, "现在看的是一个旧版本，不在任何分支上，不能交；填的内容都已保存，请管理员用 git switch 分支名 切回分支，再交一次"),
    "locked": (lock_index, "另一个 git 命令正在运行，或者上一个没有正常结束；请等它结束，确认没有别的 git 在运行后删去 FOLDER/.git/index.lock"),
    "merging": (leave_merge_open, "上一次合并还没有做完，现在不能交；填的内容都已保存，请管理员先做完或放弃那次合并"),
    "hook": (refuse_in_hook, "提交前的核对没有放行，没有提交；文件都已保存，请照提示改正再交\noverall.yml:3:1: 总分不对（DF-03 得分合计）"),
    "unexplained": (refuse_silently, "git 没有做成这一步；填的内容都已保存在本机，请把“详情”里的话给管理员看"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_hinders_a_commit_is_said_in_chinese(clerk: Path, case: str) -> None:
    prepare, message = REFUSALS[case]
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 90}")
    before = run_git("rev-parse", "HEAD", folder=clerk)
    prepare(clerk)
    result = hand_in_from(clerk)
    assert result.status is STATUS.REFUSED
    assert result.message.replace(f"{clerk}", "FOLDER") == message
    assert run_git("rev-parse", "HEAD", folder=clerk) == before
    assert line_with(clerk, "总分:") == "总分: {分值: 100, 得分: 90}"


def remove_remote(clerk: Path) -> None:
    shutil.rmtree(clerk.parent / "远程.git")


def lose_network(clerk: Path) -> None:
    run_git("remote", "set-url", "origin", "http://127.0.0.1:9/x.git", folder=clerk)


def lose_key(clerk: Path) -> None:
    pretend_ssh(clerk, "echo 'git@example: Permission denied (publickey).' >&2; exit 255")


def pretend_ssh(clerk: Path, script: str) -> None:
    program = clerk.parent / "ssh"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    run_git("remote", "set-url", "origin", "git@gongkai.example:x.git", folder=clerk)
    run_git("config", "core.sshCommand", f"'{program}'", folder=clerk)


def distrust_host(clerk: Path) -> None:
    pretend_ssh(clerk, "echo 'Host key verification failed.' >&2; exit 255")


def protect_branch(clerk: Path) -> None:
    hook = clerk.parent / "远程.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho protected; exit 1\n", "utf-8")
    hook.chmod(0o755)


UNREACHABLE = {
    "no repository": (remove_remote, "远程的地址上没有这个仓库；请用 git remote -v 核对地址"),
    "no network": (lose_network, "连不上远程的 git 仓库；请核对网络和地址"),
    "no key": (lose_key, "远程仓库没有认出身份（用户名、密码或密钥不对）；请找管理员配好后再试"),
    "unknown host": (distrust_host, "还没有确认过远程的主机；请在终端里运行一次 git fetch，照提示确认主机的指纹"),
    "protected": (protect_branch, "远程仓库不准这样上传（例如分支受保护）；请照仓库的规定另开分支，或找管理员"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREACHABLE)
def test_what_hinders_a_push_leaves_the_commit(clerk: Path, case: str) -> None:
    prepare, reason = UNREACHABLE[case]
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 90}")
    prepare(clerk)
    result = hand_in_from(clerk)
    assert result.status is STATUS.NOT_PUSHED
    assert result.message == f"已提交在本机，没有上传：{reason}；下次再交会一并上传"
    assert log(clerk)[0] == "示例单位：改了一处"
    assert hand_in_state(clerk / "data", UNIT).unpushed == 1
    again = hand_in_from(clerk)
    assert again.status is STATUS.NOT_PUSHED
    assert again.message == f"没有上传：{reason}；以前的提交都在本机，下次再交会一并上传"


def test_a_commit_that_was_not_pushed_is_pushed_the_next_time(clerk: Path, tmp_path: Path) -> None:
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 90}")
    remote = tmp_path / "远程.git"
    remote.rename(tmp_path / "gone")
    assert hand_in_from(clerk).status is STATUS.NOT_PUSHED
    (tmp_path / "gone").rename(remote)
    assert hand_in_from(clerk).status is STATUS.PUSHED
    assert "得分: 90}" in show(remote, "main")


def test_changes_that_are_not_committed_are_not_overwritten(clerk: Path, tmp_path: Path) -> None:
    other = clone(tmp_path, "同事")
    site = "data/site.yml"
    (other / site).write_text((other / site).read_text("utf-8") + "# 同事\n", "utf-8")
    run_git("commit", "--quiet", "--all", "-m", "站点", folder=other)
    run_git("push", "--quiet", folder=other)
    (clerk / site).write_text((clerk / site).read_text("utf-8") + "# 本机\n", "utf-8")
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 90}")
    result = hand_in_from(clerk)
    assert result.status is STATUS.NOT_PUSHED
    assert (
        f"这些文件有没有提交的改动，合并会盖掉它们，没有合并：{site}；请先提交或移走"
        in result.message
    )
    assert (clerk / site).read_text("utf-8").endswith("# 本机\n")
    assert "得分: 90}" in (clerk / OVERALL).read_text("utf-8")


def test_a_remote_that_does_not_answer_is_given_up(clerk: Path) -> None:
    pretend_ssh(clerk, "exec sleep 60")
    start = time.monotonic()
    with pytest.raises(GitError, match=r"等了 0\.5 秒没有回应；请核对网络"):
        run_remote_git("fetch", "origin", folder=clerk, timeout=0.5)
    assert time.monotonic() - start < 20


def test_a_pull_while_a_file_is_open_is_merged_or_shown(clerk: Path, tmp_path: Path) -> None:
    loaded = load_file(clerk, OVERALL)
    other = clone(tmp_path, "同事")
    change(other, line_with(other, "总分:"), "总分: {分值: 100, 得分: 90}")
    assert hand_in_from(other).status is STATUS.PUSHED
    run_git("pull", "--quiet", folder=clerk)
    title = FileEdits(OVERALL, loaded.digest, (ValueEdit(("标题",), "示例新标题"),))
    (saved,) = save(clerk, [title]).files
    assert saved.is_merged
    assert line_with(clerk, "总分:") == "总分: {分值: 100, 得分: 90}"
    assert line_with(clerk, "标题:") == "标题: 示例新标题"
    score = FileEdits(OVERALL, loaded.digest, (ValueEdit(("总分", "得分"), "91"),))
    (conflicts,) = save(clerk, [score]).conflicts
    assert conflicts.conflicts[0].words == "总分/得分"
    assert hand_in_state(clerk / "data", UNIT).other_files == (), "nothing of the editor's own"
    assert hand_in_from(clerk).status is STATUS.PUSHED


# The reviewer


@pytest.fixture
def branch(clerk: Path, tmp_path: Path) -> str:
    """A branch in the remote repository that changes a score, and the total with it wrongly."""
    other = clone(tmp_path, "同事")
    run_git("switch", "--quiet", "--create", "shili-2022", folder=other)
    change(other, line_with(other, "总分:"), "总分: {分值: 100, 得分: 90}")
    assert hand_in_from(other).status is STATUS.PUSHED
    assert list_branches(clerk / "data") == []
    return "origin/shili-2022"


def test_a_reviewer_sees_changes_and_findings_and_approves(clerk: Path, branch: str) -> None:
    (summary,) = list_branches(clerk / "data", fetches=True)
    assert (summary.name, summary.author.name, summary.commits) == (branch, "同事", 1)
    review = changes_of_branch(clerk / "data", TODAY, branch)
    (disclosure,) = review.review.disclosures
    assert [value.new for value in disclosure.changes] == ["90"]
    assert {problem.rule.id for problem in review.new_problems} >= {"DF-03"}
    (clerk / "随手记.txt").write_text("示例", "utf-8")
    result = approve(clerk / "data", branch)
    assert result.status is STATUS.COMMITTED
    assert result.message == f"已合并“{branch}”到本机的分支；要上传的，请再交一次"
    assert log(clerk)[0] == f"同意公开：{branch}"
    assert line_with(clerk, "总分:") == "总分: {分值: 100, 得分: 90}"
    assert list_branches(clerk / "data") == []
    assert approve(clerk / "data", branch).status is STATUS.REFUSED
    assert hand_in_from(clerk).status is STATUS.PUSHED


def test_a_branch_that_conflicts_is_settled_by_value(clerk: Path, branch: str) -> None:
    change(clerk, line_with(clerk, "总分:"), "总分: {分值: 100, 得分: 91}")
    assert hand_in_from(clerk).status is STATUS.PUSHED
    list_branches(clerk / "data", fetches=True)
    review = changes_of_branch(clerk / "data", TODAY, branch)
    conflict = review.conflicts[0].conflicts[0]
    assert (conflict.mine, conflict.theirs) == ("91", "90")
    result = approve(clerk / "data", branch)
    assert (result.status, result.message) == (
        STATUS.CONFLICTS,
        "两边改了同样的地方；请逐项选定，再试一次",
    )
    assert approve(clerk / "data", branch, choices={conflict.id: Choice(Side.THEIRS)}).revision
    assert line_with(clerk, "总分:") == "总分: {分值: 100, 得分: 90}"


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_a_kill_while_handing_in_loses_nothing(clerk: Path, tmp_path: Path) -> None:
    """Killed at 20 moments, git's own lock is the only thing that may be in the way."""
    other = clone(tmp_path, "同事")
    duration = 0.0
    for number in range(20):
        change(other, line_with(other, "总分:"), f"总分: {{分值: 100, 得分: {number}}}")
        assert hand_in_from(other).status is STATUS.PUSHED
        first = (clerk / OVERALL).read_text("utf-8")
        title = f"标题: 示例标题{number}\n"
        text = re.sub("^标题: .*\n", "", first, flags=re.MULTILINE).replace(
            "绩效指标:", f"{title}绩效指标:", 1
        )
        (clerk / OVERALL).write_text(text, "utf-8")
        start = time.monotonic()
        process = os.fork()
        if process == 0:
            hand_in(clerk / "data", UNIT, "示例")
            os._exit(0)
        if number:
            time.sleep(duration * number / 20)
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        duration = duration or time.monotonic() - start
        time.sleep(0.3)  # The git command that was running ends by itself.
        (clerk / ".git/index.lock").unlink(missing_ok=True)
        assert title in (clerk / OVERALL).read_text("utf-8")
        assert hand_in_from(clerk).status in {STATUS.PUSHED, STATUS.NOTHING}
        merged = show(tmp_path / "远程.git", "main")
        assert title in merged
        assert f"得分: {number}}}" in merged
        run_git("pull", "--quiet", "--ff-only", folder=other)
