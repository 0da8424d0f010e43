"""A build or a release is interrupted at random moments: the site is the old or the new one.

The next run makes it the one of a cold build. Every test prints a line of a table, again after every
interruption, as the large ones take hours (pytest -s).
"""

import functools
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.commands import run_module, run_program
from tests.disks import mount, mount_or_skip, unmount
from tests.interruptions import (
    BUILD,
    RELEASE,
    ColdSites,
    Publication,
    cut_power,
    kill_group,
    print_counts,
    wait_for_moment,
)


@dataclass(frozen=True)
class Extent:
    """How much a test does."""

    pages: int
    kills: int
    cuts: int
    full_disks: int


SMALL, FULL_BUILD, FULL_RELEASE = (
    Extent(100, 6, 2, 3),
    Extent(2000, 100, 20, 20),
    Extent(2000, 60, 20, 20),
)
COMMANDS = [
    pytest.param(BUILD, SMALL, id="build", marks=pytest.mark.long),
    pytest.param(RELEASE, SMALL, id="release", marks=pytest.mark.long),
    pytest.param(BUILD, FULL_BUILD, id="large-build", marks=pytest.mark.nightly),
    pytest.param(RELEASE, FULL_RELEASE, id="large-release", marks=pytest.mark.nightly),
]
AFTER_SUCCESS = "after success"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")


@pytest.fixture(scope="module")
def cold_sites(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], ColdSites]:
    """Cold builds by their number of pages: they take most of the time, so tests share them."""
    root = tmp_path_factory.mktemp("cold")
    return functools.cache(lambda pages: ColdSites(root / f"{pages}", pages))


def create_publication(root: Path, command: tuple[str, ...], cold_sites: ColdSites) -> Publication:
    """Return a publication whose site is the one of the first version."""
    publication = Publication(root, command, cold_sites)
    cold_sites.copy_publisher(publication.folder)
    for version in ("base", "address", "base", "texts"):
        publication.checkout(version)
        publication.complete(version)
    return publication


def resume(publication: Publication, version: str, outcomes: Counter[str], when: str) -> None:
    """Look at the site after an interruption, run any command, then the interrupted one."""
    old = publication.version
    outcome = publication.compare(version, old)
    if publication.command is RELEASE:
        assert outcome in ({"new"} if when == AFTER_SUCCESS else {"old", "new"})
        assert publication.missing_hashed_files() == []
    elif outcome in {"mixed", "absent"}:
        done = run_module("gongkai", "check", folder=publication.folder)
        assert "现在已经换完" in done.stderr
        assert publication.compare(version, old) == "new"
        outcome = "mixed until the next command"
    outcomes[f"{when}: {outcome}"] += 1
    publication.complete(version)


@pytest.mark.parametrize(("command", "extent"), COMMANDS)
def test_kills_at_random_moments(
    command: tuple[str, ...],
    extent: Extent,
    cold_sites: Callable[[int], ColdSites],
    tmp_path: Path,
) -> None:
    publication = create_publication(tmp_path, command, cold_sites(extent.pages))
    rnd, outcomes, number = Random(24), Counter[str](), 0  # noqa: S311 - when to kill
    while number < extent.kills:
        version = publication.choose_version(rnd)
        publication.checkout(version)
        in_switch = number % 3 == 2
        moment = publication.choose_moment(version, rnd)
        process = publication.start()
        is_running = wait_for_moment(process, publication, moment, in_switch=in_switch)
        output = kill_group(process)
        if is_running:
            number += 1
            when = "in the switch" if in_switch else "at any time"
            resume(publication, version, outcomes, when)
            print_counts(f"kills of {command[0]}, {extent.pages} pages", outcomes)
        else:
            assert process.returncode == 0, output
            publication.complete(version)


@needs_root
@pytest.mark.parametrize(("command", "extent"), COMMANDS)
def test_power_cuts(
    command: tuple[str, ...],
    extent: Extent,
    cold_sites: Callable[[int], ColdSites],
    tmp_path: Path,
) -> None:
    """Half of the cuts come while the command runs, half right after its success."""
    image, root = tmp_path / "disk", tmp_path / "mounted"
    with image.open("wb") as file:
        file.truncate(200_000_000 + 1_000_000 * extent.pages)
    if not shutil.which("mkfs.ext4"):
        pytest.skip("there is no mkfs.ext4")
    assert run_program("mkfs.ext4", "-q", f"{image}", folder=tmp_path).returncode == 0
    loop = ("-o", "loop", f"{image}")
    with mount_or_skip(root, *loop):
        publication = create_publication(root, command, cold_sites(extent.pages))
        rnd, outcomes = Random(25), Counter[str]()  # noqa: S311 - when to cut
        for number in range(2 * extent.cuts):
            version = publication.choose_version(rnd)
            publication.checkout(version)
            process = publication.start()
            if number % 2:
                output, _ = process.communicate()
                assert process.returncode == 0, output
                is_running = False
            else:
                moment = publication.choose_moment(version, rnd)
                in_switch = number % 6 == 4
                is_running = wait_for_moment(process, publication, moment, in_switch=in_switch)
            cut_power(root)
            kill_group(process)
            unmount(root)
            mount(root, *loop)
            when = "while it ran" if is_running else AFTER_SUCCESS
            resume(publication, version, outcomes, when)
            print_counts(f"power cuts, {command[0]}, {extent.pages} pages", outcomes)


@needs_root
@pytest.mark.parametrize(("command", "extent"), COMMANDS)
def test_full_disks(
    command: tuple[str, ...],
    extent: Extent,
    cold_sites: Callable[[int], ColdSites],
    tmp_path: Path,
) -> None:
    """The disk of site and workspace has a random amount of free space."""
    root = tmp_path / "mounted"
    size = 500_000_000 + 2_000_000 * extent.pages
    with mount_or_skip(root, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        publication = create_publication(root, command, cold_sites(extent.pages))
        rnd, outcomes, number = Random(26), Counter[str](), 0  # noqa: S311 - how much is free
        while number < extent.full_disks:
            version = publication.choose_version(rnd)
            publication.checkout(version)
            usage = os.statvfs(root)
            used = (usage.f_blocks - usage.f_bfree) * usage.f_frsize
            free = int(10 ** rnd.uniform(3.6, 6.3))
            mount(root, "-o", f"remount,size={used + free}")
            done = publication.run()
            mount(root, "-o", f"remount,size={size}")
            if done.returncode == 0:
                outcomes["enough space after all"] += 1
                publication.complete(version)
                continue
            assert "磁盘满了" in done.stdout + done.stderr
            number += 1
            resume(publication, version, outcomes, "full")
            print_counts(f"full disks, {command[0]}, {extent.pages} pages", outcomes)
