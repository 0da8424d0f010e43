"""Kills, power cuts and full disks while a site is built or released, at random moments."""

import contextlib
import fcntl
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from filecmp import cmp
from pathlib import Path
from random import Random

from gongkai.release.hashed_files import HASHED_NAME
from gongkai.release.manifest import MANIFEST_FILES, list_files
from tests.benchmarks.corpus import write_corpus
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_module, run_program
from tests.edits import DAYS
from tests.folders import copy_publisher, replace_in_file

_COMMON = ("--today", f"{DAYS[0]}", "-j", "2")
BUILD = ("build", *_COMMON)
RELEASE = ("release", "--demo", "../live", "--no-git", "--keep", "2", *_COMMON)
_EXT4_SHUTDOWN = 0x8004587D
"""EXT4_IOC_SHUTDOWN: from now on nothing reaches the disk, not even what is in the journal."""
_WITHOUT_FLUSH = struct.pack("I", 2)
CHEAP_VERSIONS = ("base", "texts", "removed", "renamed")
"""Versions of the data between which MkDocs need not run; the others concern every page."""


def create_versions(root: Path, pages: int) -> None:
    """Create a publisher's repository with a tag for every version of its data."""
    folder = copy_publisher(root / "publisher")
    write_corpus(folder, pages, seed=5)
    with (folder / "data" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("修改记录: 否\n")
    (folder / ".gitignore").write_text("site\ncold\n.gongkai\n", "utf-8")
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder, "base")
    units = folder / "data" / "units"
    for path in sorted(units.glob("danwei-2/*/projects/*.yml"))[:4]:
        text = path.read_text("utf-8")
        path.write_text(text.replace("任务按计划推进", "任务按期限推进"), "utf-8")
    _commit(folder, "texts")
    shutil.rmtree(units / "danwei-1")
    _commit(folder, "removed")
    (units / "danwei-2").rename(units / "xin-danwei")
    _commit(folder, "renamed")
    replace_in_file(folder / "data" / "site.yml", {"\n主办单位: ": "\n主办单位: 示例"})
    _commit(folder, "settings")
    replace_in_file(folder / "mkdocs.yml", {"site_url: https://": "site_url: https://www."})
    _commit(folder, "address")
    (folder / "content" / "index.md").write_text("# 示例\n\n示例首页\n", "utf-8")
    _commit(folder, "home")
    with (folder / "data" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("整体下载: [CSV, SQLite]\n")
    _commit(folder, "bulk")


def _git(folder: Path, *arguments: str) -> None:
    done = run_program("git", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr


def _commit(folder: Path, name: str) -> None:
    """Commit a version as a tag of its own on top of the base."""
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "示例")
    _git(folder, "tag", name)
    _git(folder, "checkout", "-q", "base")


def list_versions(folder: Path) -> list[str]:
    """Return the names of all versions."""
    return run_program("git", "tag", folder=folder).stdout.split()


@dataclass
class ColdSites:
    """Sites of all versions, built cold in a folder that is not attacked."""

    root: Path
    pages: int
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    """The files of a site by version, as far as they were needed yet."""

    @property
    def folder(self) -> Path:
        """A publisher's repository with all versions."""
        return self.root / "publisher"

    def copy_publisher(self, folder: Path) -> None:
        """Copy the repository."""
        if not self.folder.is_dir():
            create_versions(self.root, self.pages)
        _git(self.folder, "checkout", "-q", "-f", "base")
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("site", ".gongkai"))

    def build(self, version: str) -> None:
        """Build the site of a version, unless that is done."""
        if version not in self.hashes:
            _git(self.folder, "checkout", "-q", "-f", version)
            done = run_module("gongkai", *BUILD, "--fresh", folder=self.folder)
            assert done.returncode == 0, done.stderr
            self.hashes[version] = hashes(self.folder / "site")


@dataclass
class Publication:
    """A publisher's folder, the command under attack, and the site that it makes."""

    root: Path
    command: tuple[str, ...]
    cold_sites: ColdSites
    version: str = ""
    """The version of the data that the site was last made of."""
    durations: dict[bool, float] = field(default_factory=dict)
    """How long an undisturbed run lasts, in seconds; by whether it is cheap."""

    @property
    def folder(self) -> Path:
        """The publisher's folder."""
        return self.root / "publisher"

    @property
    def site(self) -> Path:
        """The site: what a build makes, or what readers of a release see."""
        is_release = self.command[0] == "release"
        return self.root / "live" / "current" if is_release else self.folder / "site"

    @property
    def switch_sign(self) -> Path:
        """Exists while the site's files are being moved."""
        is_release = self.command[0] == "release"
        return self.root / "live/.making" if is_release else self.folder / ".gongkai/site/next"

    def checkout(self, version: str) -> None:
        """Switch the inputs to a version, and wait until they are on disk."""
        self.cold_sites.build(version)
        _git(self.folder, "checkout", "-q", "-f", version)
        run_program("sync", "-f", f"{self.folder}", folder=self.folder)

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the command without disturbance."""
        return run_module("gongkai", *self.command, *options, folder=self.folder)

    def start(self) -> subprocess.Popen[str]:
        """Start the command, with its workers in a group of processes."""
        return subprocess.Popen(
            [sys.executable, "-m", "gongkai", *self.command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def complete(self, version: str) -> None:
        """Run the command; the site has to be the one of a cold build."""
        start = time.monotonic()
        done = self.run()
        assert done.returncode == 0, done.stderr
        is_cheap = {version, self.version} <= set(CHEAP_VERSIONS)
        self.durations[is_cheap] = time.monotonic() - start
        self.version = version
        assert self.compare(version) == "new"

    def compare(self, version: str, old: str = "") -> str:
        """Return what the site is: new, old, mixed or absent; `old` is the version before."""
        if not self.site.is_dir():
            return "absent"
        files = {
            name: digest for name, digest in hashes(self.site).items() if name not in MANIFEST_FILES
        }
        if files == self.cold_sites.hashes[version]:
            return "new"
        return "old" if old and files == self.cold_sites.hashes[old] else "mixed"

    def missing_hashed_files(self) -> list[str]:
        """Return what pages of the live release load and web servers do not find."""
        pool = self.site.parent / "hashed"
        names = filter(HASHED_NAME.search, list_files(self.site))
        return [
            name
            for name in names
            if not (pool / name).is_file() or not cmp(pool / name, self.site / name, shallow=False)
        ]

    def choose_version(self, rnd: Random) -> str:
        """Return another version; most take little time to make."""
        versions = list_versions(self.folder) if rnd.random() < 0.15 else CHEAP_VERSIONS
        return rnd.choice([name for name in versions if name != self.version])

    def choose_moment(self, version: str, rnd: Random) -> float:
        """Return a random moment of the run that makes a version, in seconds."""
        is_cheap = {version, self.version} <= set(CHEAP_VERSIONS)
        return rnd.uniform(0.2, self.durations.get(is_cheap) or max(self.durations.values()))


def wait_for_moment(
    process: subprocess.Popen[str], publication: Publication, seconds: float, *, in_switch: bool
) -> bool:
    """Wait some seconds, or until the site is being switched; return whether the process still runs."""
    end = time.monotonic() + seconds
    if in_switch:
        while process.poll() is None and not publication.switch_sign.exists():
            time.sleep(0.0005)
        end = time.monotonic() + seconds / 100
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.0005)
    return process.poll() is None


def kill_group(process: subprocess.Popen[str]) -> str:
    """Kill a process and its workers, and return what they wrote."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=60)
    return output


def cut_power(root: Path) -> None:
    """Lose everything that is not on the disk of a mounted ext4."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _EXT4_SHUTDOWN, _WITHOUT_FLUSH)
    finally:
        os.close(descriptor)


def print_counts(title: str, counts: Counter[str]) -> None:
    """Print a line of a Markdown table."""
    outcomes = "，".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(f"| {title} | {counts.total()} | {outcomes} |", flush=True)  # noqa: T201
