"""Measures builds of made-up provinces: python -m tests.benchmarks [PAGES ...] [--out FILE]."""

import argparse
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random

from tests.benchmarks.corpus import corpus
from tests.benchmarks.measuring import Usage, measured, surroundings
from tests.benchmarks.others import gen_files, hugo
from tests.benchmarks.stages import stages
from tests.edits import another_text
from tests.folders import ROOT

_SIZES = (1_000, 2_000, 5_000, 20_000)
_OTHERS = 5_000
"""Up to how many pages the other builders are asked, unless somebody wants more."""
_BIN = Path(sys.executable).parent
_BARE = (sys.executable, "-P", f"{ROOT}/tests/benchmarks/bare.py")
PAGES = "gongkai build, cold, the pages alone"
INDEX = "gongkai build, cold, the pages and the search's index"
RENDER = "gongkai render: the Markdown for the others"
_HEAD = """| pages | what | CPU s | CPU ms a page | wall s | peak MB | HTML out MB |
|---:|---|---:|---:|---:|---:|---:|"""


def publisher(folder: Path, pages: int) -> Path:
    """A publisher's folder with a corpus."""
    corpus(publisher_of(folder), pages)
    return folder


def publisher_of(folder: Path) -> Path:
    """A publisher's folder without data."""
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def size_of(site: Path) -> tuple[int, float]:
    """How many pages a site has, and how many MB they are."""
    pages = [path.stat().st_size for path in site.rglob("*.html")]
    return len(pages), sum(pages) / 1e6


def row(pages: int, what: str, used: Usage, out: float) -> str:
    """One line of the table."""
    each = used.cpu / pages * 1000
    figures = f"{used.cpu:.2f} | {each:.2f} | {used.wall:.2f} | {used.peak:.0f} | {out:.0f}"
    return f"| {pages:,} | {what} | {figures} |"


def gongkai(folder: Path, *words: str) -> Usage:
    """One of our commands."""
    return measured(f"{_BIN / 'gongkai'}", *words, folder=folder)


def builds(folder: Path, *, checked: bool) -> Iterator[tuple[str, Usage]]:
    """Our own builds: cold, one file changed, nothing changed; the checks alone if asked for.

    Nothing is deleted meanwhile: for minutes, some disks make new files more slowly after it.
    """
    gongkai(folder, "rules")  # So that the program's modules are compiled.
    yield PAGES, measured(*_BARE, "build", "-d", "bare", folder=folder)
    yield INDEX, measured(*_BARE, "--search", "build", "-d", "indexed", folder=folder)
    yield "gongkai build, cold, everything", gongkai(folder, "build", "--fresh")
    gongkai(folder, "build")
    rnd = Random(0)  # noqa: S311 - which text is edited
    changed = []
    for _ in range(3):
        another_text(folder / "data", rnd)
        changed.append(gongkai(folder, "build"))
    yield "one project file changed", sorted(changed, key=lambda each: each.wall)[1]
    yield "nothing changed", gongkai(folder, "build")
    if checked:
        yield "gongkai check (no build)", gongkai(folder, "check")


def others(folder: Path) -> Iterator[tuple[str, Usage]]:
    """The same pages through other builders, from the Markdown that we give them."""
    pages = folder / "pages"
    yield RENDER, measured(*_BARE, "render", "pages", folder=folder)
    program = _BIN / "hugo"
    if program.is_file():
        hugo(folder, pages, folder / "hugo")
        yield "Hugo", measured(f"{program}", "--quiet", folder=folder / "hugo")
        made = len(list((folder / "hugo" / "public").rglob("*.html")))
        assert made >= len(list(pages.rglob("*.md"))), made
    with suppress(PackageNotFoundError):
        version("mkdocs-gen-files")
        gen_files(folder, pages, folder / "gen")
        words = (f"{_BIN / 'mkdocs'}", "build", "--quiet")
        yield "mkdocs-gen-files, no search", measured(*words, folder=folder / "gen")


def first_page(folder: Path) -> float:
    """Seconds from “gongkai serve --unit” to its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    words = (f"{_BIN / 'gongkai'}", "serve", "--unit", "danwei-2", "-a", place)
    for name in ("preview", ".gongkai"):
        shutil.rmtree(folder / ".gongkai" / name, ignore_errors=True)
    started = time.monotonic()
    with subprocess.Popen(
        words, cwd=folder, env=surroundings(), stderr=subprocess.DEVNULL
    ) as process:
        try:
            while time.monotonic() - started < 60:
                with suppress(OSError):
                    urllib.request.urlopen(f"http://{place}/units/danwei-2/")
                    return time.monotonic() - started
                time.sleep(0.02)
        finally:
            process.terminate()  # What runs in the background may not heed Ctrl+C.
            process.wait()
    sys.exit("gongkai serve --unit gives no page")


def machine() -> str:
    """What all this was measured on."""
    cpus = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(": ")[1] for line in cpus if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("mkdocs", "mkdocs-material", "mkdocs-gen-files", "hugo")
    programs = []
    for name in names:
        with suppress(PackageNotFoundError):
            programs.append(f"{name} {version(name)}")
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    return f"{cores} cores ({model}), {memory:.0f} GB, Python {python}, {', '.join(programs)}"


def report(sizes: list[int], most: int) -> Iterator[str]:
    """The whole report as lines of Markdown."""
    yield f"# Speed\n\n{machine()}.\n"
    yield "Made by `make bench`; compare only figures of one run.\n"
    yield _HEAD
    ours: dict[int, float] = {}
    given = 0.0
    ratios: list[str] = []
    more: list[str] = []
    with ExitStack() as stack:
        for size in sizes:
            name = stack.enter_context(tempfile.TemporaryDirectory())
            folder = publisher(Path(name), size)
            used_by = dict(builds(folder, checked=size <= most))
            pages, out = size_of(folder / "site")
            cold = used_by[PAGES]
            ours[size] = cold.cpu / pages
            each = (used_by[INDEX].cpu - cold.cpu) / pages * 1000
            more.append(f"The search's index at {pages:,} pages: {each:.2f} CPU ms a page.\n")
            for what, used in used_by.items():
                yield row(pages, what, used, out)
            if size == max(sizes):  # Before others keep the disk busy.
                first = sorted(first_page(folder) for _ in range(3))[1]
            for what, used in others(folder) if size <= most else ():
                yield row(pages, what, used, out)
                if what == RENDER:
                    given = used.cpu
                    continue
                alone, whole = cold.cpu / used.cpu, cold.cpu / (given + used.cpu)
                ratios.append(f"| {what}, {pages:,} pages | {alone:.2f} | {whole:.2f} |")
            if size == max(sizes):
                more.append(f"`gongkai serve --unit` at {pages:,} pages: first page {first:.1f} s.")
                leaves = [e.stat().st_size for e in folder.glob("site/units/*/*/*/*/index.html")]
                mean = sum(leaves) / len(leaves) / 1000
                more.append(f"Mean HTML of a project's page: {mean:.1f} KB.")
            if size == min(sizes):
                steps = "".join(f"| {k} | {v:.2f} |\n" for k, v in stages(folder).items())
                more.append(f"Where a cold build's time goes ({pages:,} pages, one process):\n")
                more.append(f"| step | CPU ms a page |\n|---|---:|\n{steps}")
        few, many = min(sizes, key=lambda each: abs(each - 2_000)), max(sizes)
        ratios.append(
            f"| CPU a page, {many:,} over {few:,} pages | {ours[many] / ours[few]:.2f} | |"
        )
        yield "\nThe pages alone are without the search's index and the files of the open data, which have budgets of"
        yield "their own; Hugo and mkdocs-gen-files make neither, and are compared with that."
        yield "They are given finished Markdown: the second ratio counts what it takes to make that from the data, too."
        yield "\n| gongkai’s CPU against | from Markdown | from the data |\n|---|---:|---:|"
        yield from ratios
        yield ""
        yield from more


def main() -> None:
    """Measure at the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=_SIZES, help="how many pages")
    parser.add_argument(
        "--others", type=int, default=_OTHERS, help="up to how many pages others build, too"
    )
    parser.add_argument("--out", type=Path, help="where the report is written")
    asked = parser.parse_args()
    lines = []
    for line in report(list(asked.pages), asked.others):
        print(line, flush=True)  # noqa: T201 - that is what it is for
        lines.append(line)
    if asked.out:
        asked.out.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
