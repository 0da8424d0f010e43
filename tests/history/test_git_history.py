"""History from git: real repositories with renames, reverts, merges, corrections, releases."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gongkai.history.changes import DisclosureHistory, EventKind
from gongkai.history.past import DataHistory
from tests.folders import PERSONAL_NUMBERS, example_data
from tests.histories import (
    CORRECTION,
    FACTS,
    OVERALL,
    PROJECT,
    REPORT,
    UNIT,
    YEAR,
    DataRepository,
    create_publisher,
)

RATE = "部门整体自评表：效益指标·履职效益·示例路况优良率 实际完成值 96%→97%"


@pytest.fixture
def repository(tmp_path: Path) -> DataRepository:
    """A repository with a release on 2023-07-01."""
    repository = create_publisher(tmp_path)
    repository.commit("2023-06-30", "2023-07-01")
    return repository


def test_unchanged_disclosure_has_no_events(repository: DataRepository) -> None:
    revision = repository.run_git("rev-parse", "HEAD")
    assert repository.unit_history() == {
        2022: DisclosureHistory("2023-07-01", "2023-07-01", revision)
    }


def test_change_has_the_key_path_of_its_place(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-08-02", "2023-08-03")
    assert repository.event_summaries() == [("2023-08-03", "修改", [RATE])]
    (change,) = repository.unit_history()[2022].events[0].changes
    assert not change.is_announced
    assert change.where == "部门整体自评表/绩效指标/效益指标/履职效益/示例路况优良率/实际完成值"


def test_correction_gives_the_reason_of_a_change(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.append_to_file(FACTS, CORRECTION)
    repository.commit("2023-08-02", "2023-08-03")
    (change,) = repository.unit_history()[2022].events[0].changes
    assert (change.reason, change.corrected) == ("示例笔误", "2023-08-01")


def test_chained_corrections_announce_a_change(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 98%"})
    second = CORRECTION.split("\n", 1)[1].replace("97%", "98%").replace("96%", "97%")
    repository.append_to_file(FACTS, CORRECTION + second.replace("示例笔误", "再次核对"))
    repository.commit("2023-08-02", "2023-08-03")
    (change,) = repository.unit_history()[2022].events[0].changes
    assert change.reason == "示例笔误；再次核对"


def test_changes_reverted_between_releases_do_not_count(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-07-10")
    repository.run_git("revert", "--no-edit", "HEAD", day="2023-07-11")
    repository.commit("2023-07-12", "2023-07-13")
    assert repository.event_summaries() == []


def test_without_releases_every_commit_counts_if_the_site_requests_history(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    repository.commit("2023-06-30")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-07-10")
    repository.run_git("revert", "--no-edit", "HEAD", day="2023-07-11")
    assert repository.unit_history() == {}
    assert "还没有发布过" in repository.read_history().note
    reverted = RATE.replace("96%→97%", "97%→96%")
    assert repository.event_summaries(setting="是") == [
        ("2023-07-10", "修改", [RATE]),
        ("2023-07-11", "修改", [reverted]),
    ]
    assert repository.unit_history(setting="是")[2022].first_day == "2023-06-30"


def test_unreleased_change_is_dated_by_the_commit_that_changed_it(
    repository: DataRepository,
) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    revision = repository.commit("2023-07-10")
    (repository.folder / "README").write_text("示例")
    repository.commit("2023-07-20")
    (event,) = repository.unit_history()[2022].events
    assert (event.day, event.release, event.revision) == ("2023-07-10", "", revision)


def test_history_is_the_same_before_and_after_a_release(repository: DataRepository) -> None:
    """Pages built for a release equal those built after it."""
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-07-10")
    before = repository.unit_history(release="2023-07-15")
    repository.run_git("tag", "released/2023-07-15")
    assert repository.unit_history() == before == repository.unit_history(release="2023-07-15-2")


def test_merged_change_is_dated_by_the_merge(repository: DataRepository) -> None:
    repository.run_git("checkout", "-qb", "danwei")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-07-10")
    repository.run_git("checkout", "-q", "main")
    repository.edit_file(REPORT, {"全年支出300万元。": "全年支出共300万元。"})
    repository.commit("2023-07-20", "2023-07-20")
    repository.run_git("merge", "-q", "--no-ff", "--no-edit", "danwei", day="2023-07-30")
    report = "部门自评报告：正文第4段 全年支出300万元。→全年支出共300万元。"
    assert repository.event_summaries() == [
        ("2023-07-20", "修改", [report]),
        ("2023-07-30", "修改", [RATE]),
    ]


def test_releases_off_the_first_parent_line_count(repository: DataRepository) -> None:
    """Merging the published branch into another makes the other branch the first parent."""
    repository.run_git("checkout", "-qb", "danwei", "HEAD")
    repository.edit_file(REPORT, {"全年支出300万元。": "全年支出共300万元。"})
    repository.commit("2023-07-10")
    repository.run_git("checkout", "-q", "main")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-07-20", "2023-07-20")
    repository.run_git("checkout", "-q", "danwei")
    repository.run_git("merge", "-q", "--no-ff", "--no-edit", "main", day="2023-07-30")
    report = "部门自评报告：正文第4段 全年支出300万元。→全年支出共300万元。"
    assert repository.event_summaries() == [
        ("2023-07-20", "修改", [RATE]),
        ("2023-07-30", "修改", [report]),
    ]
    assert repository.unit_history()[2022].first_day == "2023-07-01"


def test_unit_is_followed_through_a_rename(repository: DataRepository) -> None:
    repository.run_git("mv", f"data/{UNIT}", "data/units/shili-xin")
    repository.commit("2023-08-01")
    repository.edit_file(
        OVERALL.replace("shili/", "shili-xin/"), {"实际完成值: 96%": "实际完成值: 97%"}
    )
    repository.commit("2023-09-01", "2023-09-02")
    assert repository.event_summaries("shili-xin") == [("2023-09-02", "修改", [RATE])]
    assert repository.unit_history("shili-xin")[2022].first_day == "2023-07-01"
    assert repository.unit_history("shili") == {}


def test_unit_is_followed_by_its_former_slug_if_git_sees_no_rename(
    repository: DataRepository,
) -> None:
    shutil.move(repository.data / UNIT, repository.folder / "aside")
    repository.commit("2023-08-01")
    shutil.move(repository.folder / "aside", repository.data / "units/shili-xin")
    repository.append_to_file("units/shili-xin/unit.yml", "曾用代号:\n  - shili\n")
    repository.commit("2023-08-02", "2023-08-02")
    assert repository.unit_history("shili-xin")[2022].first_day == "2023-07-01"
    assert repository.event_summaries("shili-xin") == []


def test_project_is_followed_through_a_rename(repository: DataRepository) -> None:
    new = PROJECT.replace("shili-daolu", "gonglu")
    repository.edit_file(PROJECT, {"实际完成值: 92%": "实际完成值: 93%"})
    repository.commit("2023-08-01", "2023-08-01")
    repository.run_git("mv", f"data/{PROJECT}", f"data/{new}")
    repository.edit_file(FACTS, {"- shili-daolu": "- gonglu"})
    repository.commit("2023-09-01", "2023-09-01")
    repository.edit_file(new, {"实际完成值: 93%": "实际完成值: 94%"})
    repository.commit("2023-10-01", "2023-10-01")
    smoothness = "项目自评表（示例道路维护）：产出指标·质量指标·路面平整度 实际完成值"
    assert repository.event_summaries() == [
        ("2023-08-01", "修改", [f"{smoothness} 92%→93%"]),
        ("2023-09-01", "修改", ["：项目“示例道路维护”的网址代号 shili-daolu→gonglu"]),
        ("2023-10-01", "修改", [f"{smoothness} 93%→94%"]),
    ]
    events = repository.unit_history()[2022].events
    assert {change.project for event in events for change in event.changes} == {"gonglu"}


def test_added_and_removed_rows_documents_and_projects(repository: DataRepository) -> None:
    copy = PROJECT.replace("shili-daolu", "qiaoliang")
    shutil.copy(repository.data / PROJECT, repository.data / copy)
    text = (repository.data / copy).read_text("utf-8").replace("示例道路维护", "示例桥梁维护")
    (repository.data / copy).write_text(text, "utf-8")
    repository.edit_file(
        PROJECT,
        {
            "            - 三级指标: 路面平整度\n              年度指标值: ≥90%\n"
            "              实际完成值: 92%\n              分值: 5\n              得分: 5\n": "",
            "三级指标: 养护里程": "三级指标: 全年养护里程",
        },
    )
    (repository.data / REPORT).unlink()
    repository.edit_file(FACTS, {"发布机构: 示例单位": "发布机构: 示例办公室"})
    repository.commit("2023-08-01", "2023-08-01")
    table = "项目自评表（示例道路维护）"
    removed = "年度指标值 ≥90%，实际完成值 92%，分值 5，得分 5"
    assert repository.event_summaries() == [
        (
            "2023-08-01",
            "修改",
            [
                "公开目录：发布机构 示例单位→示例办公室",
                "：删去部门自评报告",
                f"{table}：产出指标·数量指标 三级指标 养护里程→全年养护里程",
                f"{table}：删去产出指标·质量指标·路面平整度：{removed}",
                "：新增项目“示例桥梁维护”",
            ],
        )
    ]
    repository.run_git("rm", "-q", f"data/{copy}")
    repository.commit("2023-09-01", "2023-09-01")
    assert repository.event_summaries()[1] == ("2023-09-01", "修改", ["：删去项目“示例桥梁维护”"])


def test_unreadable_version_is_an_event_and_the_next_version_has_its_changes(
    repository: DataRepository,
) -> None:
    before = (repository.data / OVERALL).read_text("utf-8")
    repository.append_to_file(OVERALL, "坏: [\n")
    repository.commit("2023-08-01", "2023-08-01")
    (repository.data / OVERALL).write_text(before, "utf-8")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-09-01", "2023-09-01")
    assert repository.event_summaries() == [
        ("2023-08-01", "读不出", []),
        ("2023-09-01", "修改", [RATE]),
    ]


def test_old_versions_are_read_with_the_forms_of_their_time(repository: DataRepository) -> None:
    """A renamed form would make the old table unreadable."""
    form = repository.data / "forms/hunan-2022-overall.yml"
    text = form.read_text("utf-8").replace("表式: hunan-2022-overall", "表式: shili-overall")
    form.with_stem("shili-overall").write_text(text, "utf-8")
    form.unlink()
    repository.edit_file(OVERALL, {"表式: hunan-2022-overall": "表式: shili-overall"})
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-08-01", "2023-08-01")
    form_changed = "部门整体自评表：表式 hunan-2022-overall→shili-overall"
    assert repository.event_summaries() == [("2023-08-01", "修改", [form_changed, RATE])]


def test_withdrawn_and_restored(repository: DataRepository) -> None:
    shutil.move(repository.data / YEAR, repository.folder / "aside")
    repository.commit("2023-08-01", "2023-08-01")
    shutil.move(repository.folder / "aside", repository.data / YEAR)
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-09-01", "2023-09-01")
    assert repository.event_summaries() == [
        ("2023-08-01", "撤下", []),
        ("2023-09-01", "重新公开", [RATE]),
    ]


def test_personal_data_of_old_versions_is_masked(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    number = PERSONAL_NUMBERS["MOBILE"]
    repository.edit_file(FACTS, {"填表人: 示例员": f"填表人: 示例员 {number}"})
    repository.commit("2023-06-30", "2023-07-01")
    repository.edit_file(FACTS, {f"填表人: 示例员 {number}": "填表人: 示例员"})
    repository.commit("2023-07-10", "2023-07-10")
    histories = repository.unit_history()
    assert histories[2022].events[0].changes
    assert number not in f"{histories}"
    assert f"{number[:3]}****{number[-4:]}" in f"{histories}"


def test_long_texts_are_cut_around_their_difference(repository: DataRepository) -> None:
    long = "示例道路全年保持畅通，" * 12
    repository.edit_file(OVERALL, {"示例道路全年畅通，示例服务到位。": f"{long}共100公里。"})
    repository.commit("2023-08-01", "2023-08-01")
    repository.edit_file(OVERALL, {f"{long}共100公里。": f"{long}共120公里。"})
    repository.commit("2023-09-01", "2023-09-01")
    (change,) = repository.unit_history()[2022].events[1].changes
    assert (change.old, change.new) == (
        "…例道路全年保持畅通，共100公里。",
        "…例道路全年保持畅通，共120公里。",
    )


@pytest.mark.parametrize(
    ("obstacle", "note"),
    [
        ("no repository", "网页上没有修改记录：数据不在 git 仓库里"),
        ("no commit", "网页上没有修改记录：git 仓库里还没有提交"),
        (
            "shallow",
            "网页上没有修改记录：这个 git 仓库是浅克隆，历史不全；请运行 git fetch --unshallow --tags",
        ),
        ("no git", "网页上没有修改记录：没有找到 git；请先安装 git"),
        ("untracked", "数据没有提交到 git，网页上没有修改记录"),
    ],
)
def test_note_explains_missing_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str, note: str
) -> None:
    if obstacle == "no repository":
        repository = DataRepository(tmp_path)
        example_data(tmp_path)
    else:
        repository = create_publisher(tmp_path)
    if obstacle in {"shallow", "no git"}:
        repository.commit("2023-06-30")
        repository.commit("2023-07-01", "2023-07-01")
    if obstacle == "untracked":
        (repository.folder / ".gitignore").write_text("data\n")
        repository.commit("2023-07-01", "2023-07-01")
    if obstacle == "shallow":
        shallow = tmp_path / "shallow"
        command = [
            "git",
            "clone",
            "-q",
            "--depth",
            "1",
            f"file://{repository.folder}",
            f"{shallow}",
        ]
        subprocess.run(command, check=True, capture_output=True)
        repository = DataRepository(shallow)
    if obstacle == "no git":
        monkeypatch.setenv("PATH", f"{tmp_path}")
    past = repository.read_history("是")
    assert (past.note, past.unit_hash("shili")) == (note, "")


def test_uncommitted_changes_are_left_out_with_a_note(repository: DataRepository) -> None:
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    assert repository.read_history().note == "数据有没有提交的改动；修改记录只到最近一次提交"
    assert repository.event_summaries() == []


def test_site_may_turn_history_off(repository: DataRepository) -> None:
    assert repository.read_history("否") == DataHistory("")


def test_unchanged_history_is_reused(repository: DataRepository) -> None:
    first = repository.read_history()
    assert repository.read_history(old=first).lineages is first.lineages
    repository.commit("2023-08-01", "2023-08-01")
    second = repository.read_history(old=first)
    assert second.lineages is not first.lineages
    assert second.unit_hash("shili") == first.unit_hash("shili")


def test_event_kinds() -> None:
    assert {kind.value for kind in EventKind} == {"修改", "撤下", "重新公开", "读不出"}
