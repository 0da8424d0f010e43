"""Real git repositories with releases, for tests of the history."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.events import build_histories
from gongkai.history.past import DataHistory, collect_history_inputs, read_history
from gongkai.history.versions import VersionLibrary
from gongkai.pages.entries import HistoryByYear
from gongkai.reading.dataset import read_common_data
from gongkai.runtime.git import BlobReader
from tests.folders import TODAY, example_data, replace_in_file

UNIT = "units/shili"
YEAR = f"{UNIT}/2022"
OVERALL = f"{YEAR}/overall.yml"
FACTS = f"{YEAR}/disclosure.yml"
PROJECT = f"{YEAR}/projects/shili-daolu.yml"
REPORT = f"{YEAR}/report.md"
CORRECTION = """勘误:
  - 位置: 部门整体自评表/绩效指标/效益指标/履职效益/示例路况优良率/实际完成值
    原值: 96%
    新值: 97%
    原因: 示例笔误
    日期: 2023-08-01
"""


@dataclass(frozen=True, slots=True)
class DataRepository:
    """A git repository with a data folder, to which tests commit on chosen days."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def run_git(self, *arguments: str, day: str = "2023-07-01") -> str:
        """Run git, with `day` as the date of commits, and return its output."""
        identity = {f"GIT_{role}_NAME": "shili" for role in ("AUTHOR", "COMMITTER")}
        identity |= {
            f"GIT_{role}_EMAIL": "shili@gongkai.example" for role in ("AUTHOR", "COMMITTER")
        }
        identity |= {f"GIT_{role}_DATE": f"{day}T12:00:00+0800" for role in ("AUTHOR", "COMMITTER")}
        completed = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the git of whoever runs the tests
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | identity,
        )
        assert completed.returncode == 0, completed.stderr
        return completed.stdout.strip()

    def commit(self, day: str, release: str = "") -> str:
        """Commit all files, tag the commit as `release` if that is set, and return its hash."""
        self.run_git("add", "-A")
        self.run_git("commit", "-qm", "示例", "--allow-empty", day=day)
        if release:
            self.run_git("tag", f"released/{release}")
        return self.run_git("rev-parse", "HEAD")

    def edit_file(self, name: str, replacements: Mapping[str, str]) -> None:
        """Replace texts in a data file."""
        replace_in_file(self.data / name, replacements)

    def append_to_file(self, name: str, text: str) -> None:
        """Append text to a data file."""
        path = self.data / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    def read_history(
        self, setting: str = "", release: str = "", old: DataHistory | None = None
    ) -> DataHistory:
        """Read the git history as a build does; `setting` is 修改记录 in site.yml."""
        return read_history(self.data, setting, release, old)

    def unit_history(
        self, unit: str = "shili", setting: str = "", release: str = ""
    ) -> HistoryByYear:
        """Return the history of a unit's disclosures, by year."""
        past = self.read_history(setting, release)
        common = read_common_data(self.data, "data", TODAY)
        with BlobReader(self.data) as blobs:
            material = collect_history_inputs(past, [unit], blobs)
        library = VersionLibrary(common, material.forms, material.blobs)
        return build_histories(material.units.get(unit, {}), library)

    def event_summaries(
        self, unit: str = "shili", setting: str = ""
    ) -> list[tuple[str, str, list[str]]]:
        """Return (day, kind, changes in words) for every event of 2022."""
        return [
            (
                event.day,
                event.kind.value,
                [f"{edit.document}：{edit.summary}" for edit in event.changes],
            )
            for event in self.unit_history(unit, setting)[2022].events
        ]


def create_publisher(folder: Path) -> DataRepository:
    """Create a repository with the synthetic unit and no commits."""
    publisher = DataRepository(folder / "示例 仓库")
    publisher.folder.mkdir()
    shutil.move(example_data(folder), publisher.data)
    publisher.run_git("init", "-q", "-b", "main")
    return publisher
