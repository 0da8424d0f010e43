"""Sites with git history: incremental builds equal cold ones, and a repeated release is identical."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from gongkai.build.list_pages import list_pages
from gongkai.pages.corrections import corrections_view, corrections_year_view
from gongkai.pages.entries import CorrectionEntry
from gongkai.pages.pagination import MAX_ROWS
from gongkai.runtime.workers import Workers
from tests.build.test_incremental import SiteFolder, backdate_files, publisher
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai
from tests.edits import EDITS
from tests.folders import copy_publisher
from tests.histories import CORRECTION, FACTS, OVERALL, PROJECT, DataRepository, create_publisher
from tests.pages.test_registers import entry, site, unit

__all__ = ["publisher"]


def commit(publisher: SiteFolder, release: str = "") -> None:
    repository = DataRepository(publisher.folder)
    repository.run_git("add", "-A", "data")
    repository.run_git("commit", "-qm", "示例", "--allow-empty", day="2026-11-20")
    if release:
        repository.run_git("tag", "-f", f"released/{release}")


def replace_in_project(publisher: SiteFolder) -> Path:
    """Change a text of a project, and return the project's file."""
    project = sorted(publisher.data.glob("units/danwei-2/2022/projects/*.yml"))[3]
    text = project.read_text("utf-8")
    project.write_text(text.replace("任务按计划推进", "任务按期完成", 1), "utf-8")
    return project


@pytest.mark.parametrize(
    ("seed", "builds"),
    [
        pytest.param(2, 2, id="short"),
        *(pytest.param(seed, 14, id=f"{seed}", marks=pytest.mark.long) for seed in range(2)),
    ],
)
def test_incremental_builds_equal_cold_ones(publisher: SiteFolder, seed: int, builds: int) -> None:
    """Random edits, some of them committed, some released."""
    rnd = Random(100 + seed)  # noqa: S311 - which edits are made
    DataRepository(publisher.folder).run_git("init", "-q", "-b", "main")
    published_count, published = 0, publisher.folder / "published"
    commit(publisher, "2026-11-01")
    replace_in_project(publisher)
    commit(publisher, "2026-11-02")  # So that there is an event, whatever the edits are.
    shutil.copytree(publisher.data, published)
    for number in range(builds):
        for edit in rnd.sample(EDITS, rnd.choice((1, 2, 3))):
            publisher.today = edit(publisher.data, rnd) or publisher.today
        if rnd.random() < 0.8:
            commit(publisher, f"2026-11-{number + 2:02}" if rnd.random() < 0.5 else "")
        result = publisher.build(Workers(2) if number % 7 == 6 else Workers(1))
        cold_result, files = publisher.build_cold()
        assert (result.tally, result.note) == (cold_result.tally, cold_result.note)
        if result.blocked:
            shutil.rmtree(publisher.data)
            shutil.copytree(published, publisher.data)
            continue
        published_count += 1
        assert hashes(publisher.workspace.site) == files
        shutil.rmtree(published)
        shutil.copytree(publisher.data, published)
    assert published_count >= builds * 5 // 14
    pages = publisher.workspace.site.glob("units/*/*/index.html")
    texts = [page.read_text("utf-8") for page in pages]
    assert all("公开与修改记录" in text for text in texts)
    assert any("gk-events" in text for text in texts)


def test_a_commit_rebuilds_the_pages_of_its_unit_only(publisher: SiteFolder) -> None:
    DataRepository(publisher.folder).run_git("init", "-q", "-b", "main")
    commit(publisher, "2026-11-01")
    backdate_files(publisher.data)
    publisher.build()
    project = replace_in_project(publisher)
    publisher.build()
    commit(publisher)
    before = hashes(publisher.workspace.site)
    publisher.build()
    after = hashes(publisher.workspace.site)
    changed = {path for path in after if before.get(path) != after[path]}
    pages = {path for path in changed if path.endswith(".html")}
    here = f"units/danwei-2/2022/projects/{project.stem}/index.html"
    archived = {"as-of/index.html", "as-of/2026-11-01/index.html", f"as-of/2026-11-01/{here}"}
    assert pages - archived == {"corrections/index.html", "units/danwei-2/2022/index.html", here}
    assert archived < pages
    state_time = publisher.workspace.state_file.stat().st_mtime_ns
    assert publisher.build().changed == 0
    assert publisher.workspace.state_file.stat().st_mtime_ns == state_time


def test_a_tag_that_moves_changes_the_list_of_releases(publisher: SiteFolder) -> None:
    """No page of a unit changes, as nothing was published first by that release."""
    repository = DataRepository(publisher.folder)
    repository.run_git("init", "-q", "-b", "main")
    for release in ("2026-11-01", "2026-11-02", "2026-11-03"):
        commit(publisher, release)
    publisher.build()
    before = hashes(publisher.workspace.site)
    commit(publisher, "2026-11-02")
    publisher.build()
    assert hashes(publisher.workspace.site) == publisher.build_cold()[1] != before


def test_rendered_markdown_has_history_sections(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    repository.commit("2023-06-30", "2023-07-01")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.commit("2023-08-01", "2023-08-01")
    done = run_gongkai("render", "out", "--today", "2024-01-01", folder=repository.folder)
    assert done.returncode == 0, done.stderr
    text = (repository.folder / "out/units/shili/2022/index.md").read_text("utf-8")
    assert "示例路况优良率 实际完成值 96%→97%" in text
    assert "未作勘误说明" in (repository.folder / "out/corrections/index.md").read_text("utf-8")


@pytest.fixture
def released_repository(tmp_path: Path) -> DataRepository:
    """A publisher's folder that has been released once."""
    repository = create_publisher(tmp_path)
    copy_publisher(repository.folder)
    (repository.folder / ".gitignore").write_text("/site\n/live\n.gongkai\n")
    repository.commit("2023-06-30")
    release(repository, "2023-07-01")
    return repository


def release(repository: DataRepository, day: str) -> subprocess.CompletedProcess[str]:
    done = run_gongkai("release", "--demo", "live", "--today", day, folder=repository.folder)
    assert done.returncode == 0, done.stderr
    return done


def page(repository: DataRepository, url: str) -> str:
    """Return the text of a live page."""
    html = (repository.folder / "live/current" / url / "index.html").read_text("utf-8")
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_pages_of_a_release_show_its_date(released_repository: DataRepository) -> None:
    """Pages of the first release show its date, and a repeated release is identical."""
    assert "2023-07-01在本站首次公开，此后没有修改。" in page(
        released_repository, "units/shili/2022"
    )
    assert "完全相同" in release(released_repository, "2023-07-02").stderr
    released_repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    released_repository.append_to_file(FACTS, CORRECTION)
    released_repository.edit_file(
        PROJECT, {"    改进措施: 错峰施工\n": "    改进措施: 错峰分段施工\n"}
    )
    released_repository.append_to_file(FACTS, SECOND)
    released_repository.edit_file(FACTS, {"发布机构: 示例单位": "发布机构: 示例办公室"})
    released_repository.commit("2023-08-01")
    release(released_repository, "2023-08-02")
    disclosure = page(released_repository, "units/shili/2022")
    rate = "效益指标·履职效益·示例路况优良率 实际完成值 96%→97%"
    assert (
        f"2023-08-02 修改 3 处 公开目录：发布机构 示例单位→示例办公室 部门整体自评表：{rate}"
        in disclosure
    )
    assert "勘误：示例笔误（2023-08-01）" in disclosure
    project = page(released_repository, "units/shili/2022/projects/shili-daolu")
    assert "2023-08-02 修改 1 处 项目自评报告（示例道路维护）：" in project
    assert "错峰施工→错峰分段施工 勘误：示例漏字（2023-08-01）" in project
    corrections = page(released_repository, "corrections")
    assert "公开后共改动 3 处：2 处写有勘误，1 处是从数据的版本记录（git）里看出来的" in corrections
    assert "公开目录：发布机构 示例单位 示例办公室 未作勘误说明" in corrections
    api = released_repository.folder / "live/current/api/v1"
    changes = json.loads((api / "changes/2023-08/pages/1.json").read_text("utf-8"))["changes"]
    assert sorted((change["date"], change["kind"], change["new"]) for change in changes) == [
        ("2023-08-01", "勘误", "97%"),
        ("2023-08-01", "勘误", "错峰分段施工"),
        ("2023-08-02", "改动", "示例办公室"),
    ]
    assert json.loads((api / "index.json").read_text("utf-8"))["counts"]["changes"] == 3
    assert "完全相同" in release(released_repository, "2023-08-03").stderr


SECOND = """  - 位置: 项目自评报告（示例道路维护）/存在的问题分析及改进措施/改进措施
    原值: 错峰施工
    新值: 错峰分段施工
    原因: 示例漏字
    日期: 2023-08-01
"""


def test_a_build_logs_once_why_there_is_no_history(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    copy_publisher(repository.folder)
    shutil.rmtree(repository.folder / ".git")
    done = run_gongkai("build", "--today", "2023-07-01", folder=repository.folder)
    assert done.returncode == 0
    assert done.stderr.count("没有修改记录") == 1
    assert "公开与修改记录" not in (
        repository.folder / "site/units/shili/2022/index.html"
    ).read_text("utf-8")


def test_many_corrections_are_split_by_year() -> None:
    corrections = tuple(
        CorrectionEntry(f"{2020 + n % 3}-07-01", f"某处{n:05}", "1", "2", "示例")
        for n in range(MAX_ROWS + 2)
    )
    units = [unit(1, entry(2022)._replace(corrections=corrections))]
    view = corrections_view(units)
    assert view.lines == ()
    assert [part.link.url for part in view.parts] == [
        f"corrections/{year}/" for year in (2022, 2021, 2020)
    ]
    assert sum(part.count for part in view.parts) == MAX_ROWS + 2
    assert len(corrections_year_view("2021", units).lines) == view.parts[1].count
    paths = [
        page.site_path for page in list_pages(units, site()) if page.type.template == "corrections"
    ]
    assert paths == [
        "corrections/index.html",
        *(f"corrections/{y}/index.html" for y in (2022, 2021, 2020)),
    ]


def test_a_withdrawn_year_is_marked_and_its_old_versions_are_not_shown(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    copy_publisher(repository.folder)
    repository.commit("2023-06-30", "2023-07-01")
    shutil.rmtree(repository.data / "units/shili/2022")
    withdrawn = "撤回:\n  - 年度: 2022\n    原因: 示例依据\n    日期: 2023-08-01\n"
    repository.append_to_file("units/shili/unit.yml", withdrawn)
    repository.commit("2023-08-01", "2023-08-01")
    done = run_gongkai("build", "--today", "2024-01-01", folder=repository.folder)
    assert done.returncode == 0, done.stderr
    site = repository.folder / "site"
    old = (site / "as-of/2023-07-01/units/shili/2022/index.html").read_text("utf-8")
    assert "已经撤回：示例依据（2023-08-01）" in old
    assert "示例路况优良率" not in old
    for page in ("units/shili/index.html", "corrections/index.html"):
        assert "示例依据" in (site / page).read_text("utf-8"), page


def test_a_deleted_correction_that_was_public_is_still_listed(tmp_path: Path) -> None:
    repository = create_publisher(tmp_path)
    repository.commit("2023-06-30", "2023-07-01")
    facts = (repository.data / FACTS).read_text("utf-8")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.append_to_file(FACTS, CORRECTION)
    repository.commit("2023-08-01", "2023-08-01")
    (repository.data / FACTS).write_text(facts, "utf-8")
    repository.commit("2023-09-01", "2023-09-01")
    done = run_gongkai("render", "out", "--today", "2024-01-01", folder=repository.folder)
    assert done.returncode == 0, done.stderr
    text = (repository.folder / "out/corrections/index.md").read_text("utf-8")
    assert "示例笔误" in text
