"""Real git repositories with releases, for tests of the history."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.events import told
from gongkai.history.past import Past, needed, read_past
from gongkai.history.versions import Library
from gongkai.pages.entries import Past as HistoryByYear
from gongkai.reading.dataset import read_common
from gongkai.runtime.clock import today
from gongkai.runtime.git import Blobs
from tests.folders import change, example

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
class Publisher:
    """A git repository with a data folder, to which tests commit on chosen days."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def git(self, *arguments: str, day: str = "2023-07-01") -> str:
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
        self.git("add", "-A")
        self.git("commit", "-qm", "示例", "--allow-empty", day=day)
        if release:
            self.git("tag", f"released/{release}")
        return self.git("rev-parse", "HEAD")

    def edit(self, name: str, replacements: Mapping[str, str]) -> None:
        """Replace texts in a data file."""
        change(self.data / name, replacements)

    def append(self, name: str, text: str) -> None:
        """Append text to a data file."""
        path = self.data / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    def past(self, wanted: str = "", release: str = "", old: Past | None = None) -> Past:
        """Read the git history as a build does; `setting` is 修改记录 in site.yml."""
        return read_past(self.data, wanted, release, old)

    def told(self, unit: str = "shili", wanted: str = "", release: str = "") -> HistoryByYear:
        """Return the history of a unit's disclosures, by year."""
        past = self.past(wanted, release)
        common = read_common(self.data, "data", today())
        with Blobs(self.data) as blobs:
            material = needed(past, [unit], blobs)
        library = Library(common, material.forms, material.blobs)
        return told(material.units.get(unit, {}), library)

    def words(self, unit: str = "shili", wanted: str = "") -> list[tuple[str, str, list[str]]]:
        """Return (day, kind, changes in words) for every event of 2022."""
        return [
            (
                event.day,
                event.kind.value,
                [f"{edit.document}：{edit.words}" for edit in event.changes],
            )
            for event in self.told(unit, wanted)[2022].events
        ]


def publisher_in(folder: Path) -> Publisher:
    """Create a repository with the synthetic unit and no commits."""
    publisher = Publisher(folder / "示例 仓库")
    publisher.folder.mkdir()
    shutil.move(example(folder), publisher.data)
    publisher.git("init", "-q", "-b", "main")
    return publisher
