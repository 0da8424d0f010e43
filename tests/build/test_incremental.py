"""Only what changed is built again, and the result is what a cold build makes, to the byte."""

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from gongkai.build.bulk_download import SUMS
from gongkai.build.pipeline import build
from gongkai.build.state import Outcome, Request, last_state
from gongkai.build.theme.theme_output import Skin
from gongkai.build.workspace import Plan, Workspace
from gongkai.exports.open_data.about import FOLDER
from gongkai.runtime.clock import EPOCH, set_today
from gongkai.runtime.progress import Silent
from gongkai.runtime.workers import Workers
from tests.benchmarks.corpus import corpus
from tests.build.test_mkdocs_site import hashes, run
from tests.edits import DAYS, EDITS, another_text
from tests.folders import ROOT, change


@dataclass
class Publisher:
    """A publisher's folder with a built site."""

    folder: Path
    skin: Skin

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    @property
    def workspace(self) -> Workspace:
        """Where its site is made."""
        return Workspace(self.folder / "site")

    def build(self, workers: Workers | None = None, only: frozenset[str] = frozenset()) -> Outcome:
        """Bring the site up to date, as gongkai build does where MkDocs has nothing to do."""
        request = Request(self.data, "data", workers or Workers(1), only)
        with self.workspace.locked():
            return build(request, self.workspace, self.skin, last_state(self.workspace), Silent())

    def cold(self, workers: Workers | None = None) -> tuple[Outcome, dict[str, str]]:
        """What comes of the same data from nothing."""
        cold = Workspace(self.folder / "cold")
        shutil.rmtree(cold.site, ignore_errors=True)
        shutil.rmtree(cold.folder, ignore_errors=True)
        with cold.locked():
            cold.frame.symlink_to(self.workspace.frame)
            request = Request(self.data, "data", workers or Workers(1))
            return build(request, cold, self.skin, None, Silent()), hashes(cold.site)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publisher's folder with a built site of four units."""
    folder = tmp_path_factory.mktemp("publisher")
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    corpus(folder, 120, seed=5)
    with (folder / "data" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("整体下载: [CSV, SQLite]\n")
    done = run("gongkai", "build", "--today", f"{DAYS[0]}", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def publisher(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    folder = tmp_path / "publisher"
    shutil.copytree(made, folder)
    monkeypatch.setenv(EPOCH, "0")  # So that it is put back in the end.
    set_today(DAYS[0])
    monkeypatch.chdir(folder)
    state = last_state(Workspace(folder / "site"))
    assert state
    return Publisher(folder, state.skin)


def settle(data: Path) -> None:
    """Let the disk's clock tell that nothing was changed just now, so that hashes are believed."""
    for path in data.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.mark.parametrize("seed", range(5))
def test_incremental_builds_equal_cold_ones(publisher: Publisher, seed: int) -> None:
    """Over a hundred random edits, all seeds together; several between two builds, too."""
    rnd = Random(seed)  # noqa: S311 - which edits are made
    right, published = 0, publisher.folder / "right"
    shutil.copytree(publisher.data, published)
    for number in range(21):
        for edit in rnd.sample(EDITS, rnd.choice((1, 1, 1, 2, 3))):
            edit(publisher.data, rnd)
        before = hashes(publisher.workspace.site)
        workers = Workers(2) if number % 7 == 6 else Workers(1)
        outcome = publisher.build(workers)
        cold, files = publisher.cold()
        assert outcome.tally == cold.tally
        assert outcome.files == cold.files
        if outcome.blocked:
            assert hashes(publisher.workspace.site) == before
            if rnd.random() < 0.9:  # Usually it is put right before the next edit.
                shutil.rmtree(publisher.data)
                shutil.copytree(published, publisher.data)
        else:
            right += 1
            assert hashes(publisher.workspace.site) == files
            assert outcome.pages == cold.pages
            shutil.rmtree(published)
            shutil.copytree(publisher.data, published)
    assert right >= 6


def test_one_file_changes_its_page_and_those_above(publisher: Publisher) -> None:
    settle(publisher.data)
    publisher.build()
    project = sorted(publisher.data.glob("units/danwei-2/2022/projects/*.yml"))[3]
    text = project.read_text("utf-8")
    project.write_text(text.replace("任务按计划推进", "任务按期完成", 1), "utf-8")
    before = hashes(publisher.workspace.site)
    outcome = publisher.build()
    after = hashes(publisher.workspace.site)
    changed = {path for path in after if before.get(path) != after[path]}
    here = "units/danwei-2/2022/"
    index = {path for path in changed if path.startswith("search/data/")}
    page = f"{here}projects/{project.stem}/index"
    whole = {
        "data/catalog.jsonld",
        "data/index.html",  # With the files' hashes.
        SUMS,
        *(f"{FOLDER}gongkai.{each}" for each in ("zip", "sqlite")),
    }
    assert changed - index - whole == {f"{page}.{each}" for each in ("html", "json", "csv")}
    assert whole < changed
    assert len([path for path in index if "/text/" in path]) == 1
    assert 0 < len([path for path in index if "/grams/" in path]) < 16
    assert len(index) <= 16
    assert (outcome.changed, outcome.gone) == (len(changed), 0)


def test_nothing_changed_nothing_written(publisher: Publisher) -> None:
    settle(publisher.data)
    publisher.build()
    state = publisher.workspace.state.stat().st_mtime_ns
    stamps = {path: path.stat().st_mtime_ns for path in publisher.workspace.site.rglob("*")}
    outcome = publisher.build()
    assert (outcome.changed, outcome.gone) == (0, 0)
    assert publisher.workspace.state.stat().st_mtime_ns == state
    now = {path: path.stat().st_mtime_ns for path in publisher.workspace.site.rglob("*")}
    assert now == stamps


def test_the_whole_is_made_again_only_where_the_data_has_changed(publisher: Publisher) -> None:
    made = publisher.workspace.site / FOLDER / "gongkai.sqlite"
    told = made.stat()
    comment = next(publisher.data.glob("units/*/*/disclosure.yml"))
    comment.write_text(f"# 示例\n{comment.read_text('utf-8')}", "utf-8")
    assert publisher.build().blocked is False
    assert made.stat() == told
    change(publisher.data / "site.yml", {"整体下载: [CSV, SQLite]": "整体下载: [SQLite]"})
    publisher.build()
    assert [path.name for path in sorted(made.parent.iterdir())] == ["SHA256SUMS", made.name]
    assert made.stat().st_ino == told.st_ino
    change(publisher.data / "site.yml", {"整体下载: [SQLite]": "整体下载:"})
    publisher.build()
    assert not made.parent.exists()
    assert not list(publisher.workspace.index.glob("*.rows"))


def test_without_the_library_for_parquet_nothing_is_built(publisher: Publisher) -> None:
    change(publisher.data / "site.yml", {"[CSV, SQLite]": "[Parquet]"})
    words = ("gongkai", "build", "--today", f"{DAYS[0]}")
    assert run(*words, folder=publisher.folder).returncode == 0
    before = hashes(publisher.workspace.site)
    assert f"{FOLDER}values.parquet" in before
    (publisher.folder / "pyarrow.py").write_text("raise ImportError", "utf-8")
    for path in (publisher.data / "units" / "danwei-2" / "unit.yml", publisher.data / "site.yml"):
        path.write_text(f"# 示例\n{path.read_text('utf-8')}", "utf-8")
        done = run(*words, folder=publisher.folder, PYTHONPATH=".")  # Without MkDocs, and with it.
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


def test_a_change_that_the_clock_does_not_show_is_seen(publisher: Publisher) -> None:
    """A file changed within the disk clock's tick keeps its time and size."""
    project = sorted(publisher.data.glob("units/danwei-2/2022/projects/*.yml"))[3]
    publisher.build()
    told = project.stat()
    text = project.read_text("utf-8")
    project.write_text(text.replace("任务按计划推进", "任务按期限推进", 1), "utf-8")
    os.utime(project, ns=(told.st_atime_ns, told.st_mtime_ns))
    page = publisher.workspace.site / project.relative_to(publisher.data).with_suffix("")
    publisher.build()
    assert "任务按期限推进" in (page / "index.html").read_text("utf-8")


def test_a_day_later_only_what_asks_for_the_day_is_judged_again(publisher: Publisher) -> None:
    publisher.build()
    set_today(DAYS[0] + dt.timedelta(days=400))
    outcome = publisher.build()
    cold, files = publisher.cold()
    assert (outcome.changed, outcome.tally) == (0, cold.tally)
    assert hashes(publisher.workspace.site) == files


@pytest.mark.parametrize(
    "workers", [Workers(1), Workers(2), Workers(3), Workers(2, "tests.executors:threads")], ids=str
)
def test_whoever_does_the_work_the_site_is_the_same(publisher: Publisher, workers: Workers) -> None:
    _, expected = publisher.cold()
    _, files = publisher.cold(workers)
    assert files == expected


def test_an_unreadable_state_means_a_cold_build(publisher: Publisher) -> None:
    expected = hashes(publisher.workspace.site)
    whole = publisher.workspace.state.read_bytes()
    half = len(whole) // 2
    turned = whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :]
    for state in (b"", b"garbage", whole[:-100], turned):
        publisher.workspace.state.write_bytes(state)
        assert last_state(publisher.workspace) is None
        publisher.build()
        assert hashes(publisher.workspace.site) == expected


def test_an_unreadable_next_state_means_a_cold_build(publisher: Publisher) -> None:
    expected = hashes(publisher.workspace.site)
    whole = publisher.workspace.state.read_bytes()
    coming = publisher.workspace.state.with_name("next")
    for damaged in (b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        coming.write_bytes(damaged)
        publisher.workspace.site.replace(coming.with_name("old"))  # As if it had been exchanged.
        with publisher.workspace.locked():
            assert hashes(publisher.workspace.site) == expected
        publisher.build()
        assert hashes(publisher.workspace.site) == expected
        assert not coming.exists()


def test_a_state_of_another_program_means_a_cold_build(publisher: Publisher) -> None:
    expected = hashes(publisher.workspace.site)
    state = last_state(publisher.workspace)
    assert state
    object.__setattr__(state, "program", "another")
    with publisher.workspace.locked():
        publisher.workspace.finish(Plan(state, whole=False, gone=()))
    assert last_state(publisher.workspace) is None
    publisher.build()
    assert hashes(publisher.workspace.site) == expected


def test_what_shapes_all_pages_builds_all_of_them(publisher: Publisher) -> None:
    """The theme, the hand-written pages, the settings: through gongkai build itself."""
    folder = publisher.folder
    for number, (name, old, new) in enumerate(
        [
            ("mkdocs.yml", "language: zh-CN", "language: zh"),
            ("overrides/base.html", "<body>", '<body class="shili">'),
            ("content/index.md", "# ", "# 示例"),
            ("overrides/assets/gongkai.css", "{", "{ "),
            ("data/site.yml", "主办单位: ", "主办单位: 示例"),
        ]
    ):
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, name
        path.write_text(text.replace(old, new, 1), "utf-8")
        for site in ("site", f"cold{number}"):
            done = run("gongkai", "build", "-d", site, "--today", f"{DAYS[0]}", folder=folder)
            assert done.returncode == 0, done.stderr
        assert hashes(folder / "site") == hashes(folder / f"cold{number}"), name


def test_some_units_only(publisher: Publisher, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "preview")
    with other.locked():
        other.frame.symlink_to(publisher.workspace.frame)
        request = Request(publisher.data, "data", Workers(1), frozenset({"danwei-2"}))
        outcome = build(request, other, publisher.skin, None, Silent())
    units = {path.parent.name for path in other.site.glob("units/*/index.html")}
    assert units == {"danwei-2"}
    assert not (other.site / FOLDER).exists()
    assert 0 < outcome.files < 100


def test_a_build_goes_on_where_it_was_interrupted(publisher: Publisher) -> None:
    """Killed at any of its changes to the disk; the next build makes a whole site."""
    rnd = Random(1)  # noqa: S311 - which edits are made
    words = ("build", "--today", f"{DAYS[0]}", "-j", "1")
    for at in (1, 3, 7, 12, 20, 40, 60, 80):
        for _ in range(3):
            another_text(publisher.data, rnd)
        change(publisher.data / "site.yml", {"\n主办单位: ": "\n主办单位: 示例"})
        run("tests.dying", "kill", f"{at}", *words, folder=publisher.folder, PYTHONPATH=str(ROOT))
        done = run("gongkai", *words, folder=publisher.folder)
        assert done.returncode == 0, done.stderr
        fresh = run("gongkai", *words, "-d", "cold", "--fresh", folder=publisher.folder)
        assert fresh.returncode == 0
        assert hashes(publisher.workspace.site) == hashes(publisher.folder / "cold")


def test_a_full_disk_leaves_the_site_as_it_was(publisher: Publisher) -> None:
    another_text(publisher.data, Random(2))  # noqa: S311 - which text is edited
    before = hashes(publisher.workspace.site)
    words = ("build", "--today", f"{DAYS[0]}", "-j", "1")
    done = run("tests.dying", "full", "3", *words, folder=publisher.folder, PYTHONPATH=str(ROOT))
    assert done.returncode == 1
    assert "磁盘满了" in done.stderr
    assert "网站没有改动" in done.stderr
    assert hashes(publisher.workspace.site) == before
    assert run("gongkai", *words, folder=publisher.folder).returncode == 0
