"""Incremental builds: only stale files are built, and the site equals a cold build's byte for byte."""

import datetime as dt
import os
import pickle
import shutil
import signal
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from gongkai.build.bulk_download import SUMS
from gongkai.build.pipeline import build_site
from gongkai.build.plan import plan_build, scan_data
from gongkai.build.state import BuildRequest, BuildResult, load_last_state
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.workspace import PublishPlan, Workspace
from gongkai.exports.open_data.about import BULK_FOLDER
from gongkai.runtime.workers import Workers
from gongkai.search.documents import INDEX_FOLDER
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_dying, run_gongkai, run_module
from tests.edits import DAYS, EDITS, change_text
from tests.folders import replace_in_file
from tests.site_pages import index_folder


@dataclass
class SiteFolder:
    """A publisher's folder with a built site."""

    folder: Path
    theme: ThemeOutput
    today: dt.date = DAYS[0]

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def workspace(self) -> Workspace:
        """The workspace of the site."""
        return Workspace(self.folder / "site")

    def build(
        self, workers: Workers | None = None, only: frozenset[str] = frozenset()
    ) -> BuildResult:
        """Bring the site up to date, as gongkai build does if the output of MkDocs is cached."""
        request = BuildRequest(self.data, self.today, units=only, workers=workers or Workers(1))
        with self.workspace.lock():
            state = load_last_state(self.workspace)
            return build_site(request, self.workspace, self.theme, state)

    def build_cold(self, workers: Workers | None = None) -> tuple[BuildResult, dict[str, str]]:
        """Build the same data without a cache; return result and file hashes."""
        cold = Workspace(self.folder / "cold")
        shutil.rmtree(cold.site, ignore_errors=True)
        shutil.rmtree(cold.folder, ignore_errors=True)
        with cold.lock():
            cold.mkdocs_output.symlink_to(self.workspace.mkdocs_output)
            request = BuildRequest(self.data, self.today, workers=workers or Workers(1))
            return build_site(request, cold, self.theme, None), hashes(cold.site)


def hashes_of_build(site: Path) -> dict[str, str]:
    """Return the hashes of a site's files, those of the search index by their paths in the build."""
    folder = f"{index_folder(site).relative_to(site)}/"
    return {path.replace(folder, INDEX_FOLDER): digest for path, digest in hashes(site).items()}


@pytest.fixture
def publisher(corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    """A publisher of four units."""
    return copy_built(corpus_folder, tmp_path / "publisher", monkeypatch)


@pytest.fixture
def small_publisher(
    example_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SiteFolder:
    """A publisher of one unit, for what does not depend on the amount of data."""
    return copy_built(example_folder, tmp_path / "publisher", monkeypatch)


def copy_built(folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    """Copy a publisher's folder with its built site, and go there."""
    shutil.copytree(folder, target, symlinks=True)
    monkeypatch.chdir(target)
    state = load_last_state(Workspace(target / "site"))
    assert state
    return SiteFolder(target, state.theme)


def backdate_files(data: Path) -> None:
    """Set old modification times, so that a build trusts its cached hashes."""
    for path in data.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.mark.parametrize(
    ("seed", "builds"),
    [
        pytest.param(5, 2, id="short"),
        *(pytest.param(seed, 15, id=f"{seed}", marks=pytest.mark.long) for seed in range(5)),
    ],
)
def test_incremental_builds_equal_cold_ones(publisher: SiteFolder, seed: int, builds: int) -> None:
    """Over a hundred random edits in all seeds, sometimes several between two builds."""
    rnd = Random(seed)  # noqa: S311 - which edits are made
    published_count, published = 0, publisher.folder / "published"
    shutil.copytree(publisher.data, published)
    for number in range(builds):
        for edit in rnd.sample(EDITS, rnd.choice((1, 1, 1, 2, 3))):
            publisher.today = edit(publisher.data, rnd) or publisher.today
        before = hashes(publisher.workspace.site)
        workers = Workers(2) if number % 7 == 6 else Workers(1)
        result = publisher.build(workers)
        cold_result, files = publisher.build_cold()
        assert result.tally == cold_result.tally
        assert result.source_count == cold_result.source_count
        if result.blocked:
            assert hashes(publisher.workspace.site) == before
            if rnd.random() < 0.9:  # Usually the data is corrected before the next edit.
                shutil.rmtree(publisher.data)
                shutil.copytree(published, publisher.data)
        else:
            published_count += 1
            assert hashes(publisher.workspace.site) == files
            assert result.page_count == cold_result.page_count
            shutil.rmtree(published)
            shutil.copytree(publisher.data, published)
    assert published_count >= max(1, builds * 2 // 7)


def test_one_file_changes_its_page_and_the_site_level_files(publisher: SiteFolder) -> None:
    backdate_files(publisher.data)
    publisher.build()
    project = sorted(publisher.data.glob("units/danwei-2/2022/projects/*.yml"))[3]
    text = project.read_text("utf-8")
    project.write_text(text.replace("任务按计划推进", "任务按期完成", 1), "utf-8")
    before = hashes_of_build(publisher.workspace.site)
    result = publisher.build()
    after = hashes_of_build(publisher.workspace.site)
    changed = {path for path in after if before.get(path) != after[path]}
    search_files = {path for path in changed if path.startswith("search/data")}
    page = f"units/danwei-2/2022/projects/{project.stem}/index"
    bulk_files = {
        "data/catalog.jsonld",
        "data/index.html",  # It shows the files' hashes.
        SUMS,
        *(f"{BULK_FOLDER}gongkai.{suffix}" for suffix in ("zip", "sqlite")),
    }
    assert changed - search_files - bulk_files == {
        f"{page}.{suffix}" for suffix in ("html", "json", "csv")
    }
    assert bulk_files < changed
    assert len([path for path in search_files if "/text/" in path]) == 1
    assert 0 < len([path for path in search_files if "/grams/" in path]) < 16
    assert len([path for path in search_files if "/contexts/" in path]) <= 16  # One per shard.
    assert len(search_files) <= 33  # The last one names the folder of the others.
    assert (result.changed, result.deleted) == (len(changed), 0)


def test_a_build_without_changes_writes_nothing(publisher: SiteFolder) -> None:
    backdate_files(publisher.data)
    publisher.build()
    state_time = publisher.workspace.state_file.stat().st_mtime_ns
    old_times = {path: path.stat().st_mtime_ns for path in publisher.workspace.site.rglob("*")}
    result = publisher.build()
    assert (result.changed, result.deleted) == (0, 0)
    assert publisher.workspace.state_file.stat().st_mtime_ns == state_time
    new_times = {path: path.stat().st_mtime_ns for path in publisher.workspace.site.rglob("*")}
    assert new_times == old_times


def test_the_bulk_download_is_rebuilt_only_if_the_data_has_changed(publisher: SiteFolder) -> None:
    database = publisher.workspace.site / BULK_FOLDER / "gongkai.sqlite"
    old_stat = database.stat()
    disclosure = next(publisher.data.glob("units/*/*/disclosure.yml"))
    disclosure.write_text(f"# 示例\n{disclosure.read_text('utf-8')}", "utf-8")
    assert publisher.build().blocked is False
    assert database.stat() == old_stat
    replace_in_file(publisher.data / "site.yml", {"整体下载: [CSV, SQLite]": "整体下载: [SQLite]"})
    publisher.build()
    assert [path.name for path in sorted(database.parent.iterdir())] == [
        "SHA256SUMS",
        database.name,
    ]
    assert database.stat().st_ino == old_stat.st_ino
    replace_in_file(publisher.data / "site.yml", {"整体下载: [SQLite]": "整体下载:"})
    publisher.build()
    assert not database.parent.exists()
    assert not list(publisher.workspace.index.glob("*.rows"))


@pytest.mark.long
def test_without_pyarrow_a_parquet_download_fails_the_build(publisher: SiteFolder) -> None:
    replace_in_file(publisher.data / "site.yml", {"[CSV, SQLite]": "[Parquet]"})
    command = ("build", "--today", f"{DAYS[0]}")
    assert run_gongkai(*command, folder=publisher.folder).returncode == 0
    before = hashes(publisher.workspace.site)
    assert f"{BULK_FOLDER}values.parquet" in before
    (publisher.folder / "pyarrow.py").write_text("raise ImportError", "utf-8")
    for path in (publisher.data / "units" / "danwei-2" / "unit.yml", publisher.data / "site.yml"):
        path.write_text(f"# 示例\n{path.read_text('utf-8')}", "utf-8")
        # The first change is built without MkDocs, the second with it.
        done = run_module("gongkai", *command, folder=publisher.folder, import_path=".")
        assert done.returncode == 1
        assert (
            (done.stdout + done.stderr)
            .rstrip()
            .endswith(
                "site.yml 的“整体下载”要 Parquet，而没有安装 pyarrow；"
                "请运行 .venv/bin/pip install pyarrow，或者去掉 Parquet"
            )
        )
        assert hashes(publisher.workspace.site) == before


def test_a_change_with_the_same_time_and_size_is_detected(publisher: SiteFolder) -> None:
    """A file that changes twice within one tick of the file system's clock keeps its time and size."""
    project = sorted(publisher.data.glob("units/danwei-2/2022/projects/*.yml"))[3]
    publisher.build()
    old_stat = project.stat()
    text = project.read_text("utf-8")
    project.write_text(text.replace("任务按计划推进", "任务按期限推进", 1), "utf-8")
    os.utime(project, ns=(old_stat.st_atime_ns, old_stat.st_mtime_ns))
    page = publisher.workspace.site / project.relative_to(publisher.data).with_suffix("")
    publisher.build()
    assert "任务按期限推进" in (page / "index.html").read_text("utf-8")


def test_a_later_day_affects_dated_rules_only(publisher: SiteFolder) -> None:
    publisher.build()
    publisher.today += dt.timedelta(days=400)
    result = publisher.build()
    cold_result, files = publisher.build_cold()
    assert (result.changed, result.tally) == (0, cold_result.tally)
    assert hashes(publisher.workspace.site) == files


@pytest.mark.parametrize(
    "workers",
    [
        Workers(1),
        Workers(2),
        pytest.param(Workers(3), marks=pytest.mark.long),
        Workers(2, "tests.executors:threads"),
    ],
    ids=str,
)
def test_every_executor_builds_the_same_site(publisher: SiteFolder, workers: Workers) -> None:
    _, files = publisher.build_cold(workers)
    assert files == hashes(publisher.workspace.site)


def test_an_unreadable_state_means_a_cold_build(small_publisher: SiteFolder) -> None:
    expected = hashes(small_publisher.workspace.site)
    content = small_publisher.workspace.state_file.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for state in (b"", b"garbage", content[:-100], flipped, with_checksum(FOREIGN_PICKLES[0])):
        small_publisher.workspace.state_file.write_bytes(state)
        assert load_last_state(small_publisher.workspace) is None
        small_publisher.build()
        assert hashes(small_publisher.workspace.site) == expected


FOREIGN_PICKLES = (
    b"cgongkai.build.no_such_module\nPlan\n.",
    b"cgongkai.build.workspace\nNoSuchPlan\n.",
    b"cgongkai.build.workspace\nPublishPlan\n(tR.",  # A class that has more fields now.
    b"cgongkai.model.terms\nGrade\n(S'no such grade'\ntR.",
    pickle.dumps("no plan at all"),
)
"""What other versions of the program may have written."""


def with_checksum(data: bytes) -> bytes:
    return data + zlib.crc32(data).to_bytes(4, "big")


def test_an_unreadable_next_state_means_a_cold_build(small_publisher: SiteFolder) -> None:
    expected = hashes(small_publisher.workspace.site)
    content = small_publisher.workspace.state_file.read_bytes()
    next_plan = small_publisher.workspace.state_file.with_name("next")
    damaged = (b"", content[:-1] + bytes([content[-1] ^ 1]))
    for plan in (*damaged, *map(with_checksum, FOREIGN_PICKLES)):
        next_plan.write_bytes(plan)
        # As if interrupted while the folders were swapped.
        small_publisher.workspace.site.replace(next_plan.with_name("old"))
        with small_publisher.workspace.lock():
            assert hashes(small_publisher.workspace.site) == expected
        small_publisher.build()
        assert hashes(small_publisher.workspace.site) == expected
        assert not next_plan.exists()


@pytest.mark.parametrize("suffix", [".unit", ""], ids=["result", "postings"])
def test_a_part_changed_secretly_means_a_cold_build(
    small_publisher: SiteFolder, suffix: str
) -> None:
    """Its size and time are as they were, but not its content."""
    workspace = small_publisher.workspace
    path = next(path for path in sorted(workspace.index.iterdir()) if path.suffix == suffix)
    data, stat = bytearray(path.read_bytes()), path.stat()
    path.write_bytes(data)
    assert load_last_state(workspace)
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert load_last_state(workspace) is None


def test_a_state_of_another_program_means_a_cold_build(small_publisher: SiteFolder) -> None:
    expected = hashes(small_publisher.workspace.site)
    state = load_last_state(small_publisher.workspace)
    assert state
    object.__setattr__(state, "program", "another")
    with small_publisher.workspace.lock():
        small_publisher.workspace.publish(PublishPlan(state, replaces_site=False, deleted=()))
    assert load_last_state(small_publisher.workspace) is None
    small_publisher.build()
    assert hashes(small_publisher.workspace.site) == expected


_SHARED_INPUTS = {
    "mkdocs.yml": ("language: zh-CN", "language: zh"),
    "overrides/base.html": ("<body>", '<body class="shili">'),
    "content/index.md": ("# ", "# 示例"),
    "overrides/assets/gongkai.css": ("{", "{ order: 1;"),
    "data/site.yml": ("主办单位: ", "主办单位: 示例"),
}


@pytest.mark.parametrize(
    ("fixture", "name"),
    [
        ("built_publisher", "content/index.md"),
        ("built_publisher", "data/site.yml"),
        *(
            pytest.param("built_publisher", name, marks=pytest.mark.long)
            for name in ("mkdocs.yml", "overrides/base.html", "overrides/assets/gongkai.css")
        ),
        *(pytest.param("publisher", name, marks=pytest.mark.long) for name in _SHARED_INPUTS),
    ],
)
def test_a_change_of_shared_inputs_rebuilds_all_pages(
    fixture: str, name: str, request: pytest.FixtureRequest
) -> None:
    """Theme, hand-written pages and settings change; the sites come from gongkai build itself."""
    publisher = request.getfixturevalue(fixture)
    folder = publisher.folder if isinstance(publisher, SiteFolder) else publisher
    old, new = _SHARED_INPUTS[name]
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    for site in ("site", "cold"):
        done = run_gongkai("build", "-d", site, "--today", DAYS[0], folder=folder)
        assert done.returncode == 0, done.stderr
    assert hashes(folder / "site") == hashes(folder / "cold")


def change_templates(theme: ThemeOutput, old: str, new: str) -> ThemeOutput:
    """Return an output of MkDocs whose templates differ."""
    templates = {
        name: replace(template, pieces=tuple(piece.replace(old, new) for piece in template.pieces))
        for name, template in theme.templates.items()
    }
    assert templates != theme.templates
    return replace(theme, key=f"{theme.key}+", templates=templates)


def find_refilled_units(publisher: SiteFolder) -> set[str]:
    request = BuildRequest(publisher.data, publisher.today)
    with publisher.workspace.lock():
        state = load_last_state(publisher.workspace)
        plan = plan_build(scan_data(request, state), publisher.theme, state)
    assert not plan.cached_units
    return set(plan.refilled_units)


@pytest.mark.parametrize(
    ("old", "new", "refills"),
    [
        ("<body", '<body data-example="示例"', True),
        ("</head>", "<!-- 示例 --></head>", True),
        ("</article>", "<p>示例</p></article>", False),
    ],
    ids=["body", "head", "article"],
)
def test_pages_are_filled_into_changed_templates(
    publisher: SiteFolder, old: str, new: str, *, refills: bool
) -> None:
    """What is within the article is indexed, so that it means to build the units."""
    publisher.build()
    units = {path.name for path in (publisher.data / "units").iterdir()}
    for change in ((old, new), (new, old)):
        publisher.theme = change_templates(publisher.theme, *change)
        assert find_refilled_units(publisher) == (units if refills else set())
        publisher.build()
        _, files = publisher.build_cold()
        assert hashes(publisher.workspace.site) == files


def test_a_page_changed_by_somebody_is_not_filled_into_a_template(publisher: SiteFolder) -> None:
    publisher.build()
    page = next(publisher.workspace.site.glob("units/*/2022/index.html"))
    page.write_text(page.read_text("utf-8").replace("绩效", "效绩"), "utf-8")
    publisher.theme = change_templates(publisher.theme, "<body", '<body data-example="示例"')
    assert find_refilled_units(publisher)
    publisher.build()
    _, files = publisher.build_cold()
    assert hashes(publisher.workspace.site) == files


def test_a_build_of_some_units(publisher: SiteFolder, tmp_path: Path) -> None:
    preview = Workspace(tmp_path / "preview")
    with preview.lock():
        preview.mkdocs_output.symlink_to(publisher.workspace.mkdocs_output)
        only = frozenset({"danwei-2"})
        request = BuildRequest(publisher.data, publisher.today, units=only, workers=Workers(1))
        result = build_site(request, preview, publisher.theme, None)
    units = {path.parent.name for path in preview.site.glob("units/*/index.html")}
    assert units == {"danwei-2"}
    assert not (preview.site / BULK_FOLDER).exists()
    assert 0 < result.source_count < len(list(publisher.data.rglob("*.*")))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((60,), id="short", marks=pytest.mark.long),
        pytest.param((1, 3, 7, 12, 20, 40, 60, 80), id="all", marks=pytest.mark.long),
    ],
)
def test_an_interrupted_build_is_resumed(publisher: SiteFolder, changes: tuple[int, ...]) -> None:
    """The build is killed at a change of the disk; the next build completes the site."""
    rnd = Random(1)  # noqa: S311 - which edits are made
    arguments = ("build", "--today", f"{DAYS[0]}", "-j", "1")
    for change in changes:
        for _ in range(3):
            change_text(publisher.data, rnd)
        replace_in_file(publisher.data / "site.yml", {"\n主办单位: ": "\n主办单位: 示例"})
        killed = run_dying("kill", change, *arguments, folder=publisher.folder)
        assert killed.returncode == -signal.SIGKILL
        done = run_gongkai(*arguments, folder=publisher.folder)
        assert done.returncode == 0, done.stderr
        fresh = run_gongkai(*arguments, "-d", "cold", "--fresh", folder=publisher.folder)
        assert fresh.returncode == 0
        assert hashes(publisher.workspace.site) == hashes(publisher.folder / "cold")


def test_a_full_disk_leaves_the_site_as_it_was(publisher: SiteFolder) -> None:
    change_text(publisher.data, Random(2))  # noqa: S311 - which text is edited
    before = hashes(publisher.workspace.site)
    arguments = ("build", "--today", f"{DAYS[0]}", "-j", "1")
    done = run_dying("full", 3, *arguments, folder=publisher.folder)
    assert done.returncode == 1
    assert "磁盘满了" in done.stderr
    assert "网站没有改动" in done.stderr
    assert hashes(publisher.workspace.site) == before
    assert run_gongkai(*arguments, folder=publisher.folder).returncode == 0
