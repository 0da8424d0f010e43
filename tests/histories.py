"""Real git repositories with a past, for tests."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.events import told
from gongkai.history.past import Past, needed, read_past
from gongkai.history.versions import Library
from gongkai.pages.entries import Past as Told
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
    """A repository with a data folder, in which days go by."""

    folder: Path

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    def git(self, *words: str, day: str = "2023-07-01") -> str:
        """What git prints; commits are made on a day."""
        who = {f"GIT_{role}_NAME": "shili" for role in ("AUTHOR", "COMMITTER")}
        who |= {f"GIT_{role}_EMAIL": "shili@gongkai.example" for role in ("AUTHOR", "COMMITTER")}
        who |= {f"GIT_{role}_DATE": f"{day}T12:00:00+0800" for role in ("AUTHOR", "COMMITTER")}
        done = subprocess.run(
            ["git", *words],  # noqa: S607 - the git of whoever runs the tests
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | who,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, day: str, release: str = "") -> str:
        """Commit all there is; the commit, which becomes a release where a name is given."""
        self.git("add", "-A")
        self.git("commit", "-qm", "示例", "--allow-empty", day=day)
        if release:
            self.git("tag", f"released/{release}")
        return self.git("rev-parse", "HEAD")

    def edit(self, name: str, pairs: Mapping[str, str]) -> None:
        """Replace texts in a data file."""
        change(self.data / name, pairs)

    def append(self, name: str, text: str) -> None:
        """Add to a data file."""
        path = self.data / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    def past(self, wanted: str = "", release: str = "", old: Past | None = None) -> Past:
        """What a build finds out."""
        return read_past(self.data, wanted, release, old)

    def told(self, unit: str = "shili", wanted: str = "", release: str = "") -> Told:
        """What is told of a unit's disclosures."""
        past = self.past(wanted, release)
        common = read_common(self.data, "data", today())
        with Blobs(self.data) as blobs:
            its = needed(past, [unit], blobs)
        return told(its.units.get(unit, {}), Library(common, its.forms, its.blobs))

    def words(self, unit: str = "shili", wanted: str = "") -> list[tuple[str, str, list[str]]]:
        """Of each event of 2022: day, kind, and what changed in words."""
        return [
            (each.day, each.kind.value, [f"{c.document}：{c.words}" for c in each.changes])
            for each in self.told(unit, wanted)[2022].events
        ]


def publisher_in(folder: Path) -> Publisher:
    """The synthetic unit in a new repository, nothing committed."""
    made = Publisher(folder / "示例 仓库")
    made.folder.mkdir()
    shutil.move(example(folder), made.data)
    made.git("init", "-q", "-b", "main")
    return made
