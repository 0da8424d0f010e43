"""Measure builds of synthetic provinces: python -m tests.benchmarks [PAGES ...] [--out FILE].

The corpora and their sites stay where they were made: deleting them would slow the disk for minutes.
"""

import argparse
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.measuring import Usage, child_environment, measure_command
from tests.benchmarks.others import write_gen_files_site, write_hugo_site
from tests.benchmarks.stages import measure_stages
from tests.edits import change_text
from tests.folders import ROOT, copy_publisher

_SIZES = (2_000, 5_000, 20_000)
_MAX_PAGES_OF_OTHERS = 20_000
"""Default size limit for Hugo and the checks alone, in pages."""
_MAX_PAGES_OF_MKDOCS = 5_000
"""Size limit for MkDocs with mkdocs-gen-files, which takes 15 ms a page."""
_RESULTS = Path(__file__).with_name("results.md")
_ROW = re.compile(r"\| ([\d,]+) \| ([^|]+) \| [\d.,]+ \| ([\d.]+) \|")
"""A row of the committed results: pages, what, and CPU milliseconds a page."""
_TOLERANCE = 0.05
"""Relative difference between the numbers of pages of corpora that count as the same size."""
_BIN = Path(sys.executable).parent
_BARE_COMMAND = (sys.executable, "-P", f"{ROOT}/tests/benchmarks/bare.py")
PAGES = "gongkai build, cold, the pages alone"
INDEX = "gongkai build, cold, the pages and the search index"
RENDER = "gongkai render: the Markdown for the other builders"
_HEAD = """| pages | what | CPU s | CPU ms a page | wall s | peak MB | HTML out MB | committed, CPU ms | ratio |
|---:|---|---:|---:|---:|---:|---:|---:|---:|"""
_EVERYTHING = "gongkai build, cold, everything"
_CHECK = "gongkai check (no build)"


def create_publisher(folder: Path, pages: int) -> Path:
    """Fill a folder with a site's settings and a corpus of about `pages` pages; return it."""
    write_corpus(copy_publisher(folder), pages)
    return folder


def site_size(site: Path) -> tuple[int, float]:
    """Return the number of HTML pages of a site and their total size in MB."""
    sizes = [path.stat().st_size for path in site.rglob("*.html")]
    return len(sizes), sum(sizes) / 1e6


def read_committed(path: Path) -> dict[tuple[str, int], float]:
    """Return the committed CPU milliseconds a page, by what was measured and the number of pages."""
    rows = _ROW.finditer(path.read_text("utf-8")) if path.is_file() else ()
    return {(row[2], int(row[1].replace(",", ""))): float(row[3]) for row in rows}


def table_row(
    pages: int,
    label: str,
    usage: Usage,
    html_size: float,
    committed: Mapping[tuple[str, int], float],
) -> str:
    """Return a line of the table, with the committed figure of the same size; `html_size` in MB."""
    cpu_per_page = usage.cpu / pages * 1000
    figures = (
        f"{usage.cpu:.2f} | {cpu_per_page:.2f} | {usage.wall:.2f} | "
        f"{usage.peak:.0f} | {html_size:.0f}"
    )
    before = [
        value
        for (name, size), value in committed.items()
        if name == label and abs(size - pages) <= _TOLERANCE * pages and value
    ]
    compared = f"{before[0]:.2f} | {cpu_per_page / before[0]:.2f}" if before else " | "
    return f"| {pages:,} | {label} | {figures} | {compared} |"


def run_gongkai(folder: Path, *arguments: str) -> Usage:
    """Measure a gongkai command."""
    return measure_command(f"{_BIN / 'gongkai'}", *arguments, folder=folder)


def measure_builds(folder: Path, *, with_check: bool) -> Iterator[tuple[str, Usage]]:
    """Yield gongkai builds: cold, after one change, and of nothing; optionally the checks alone."""
    run_gongkai(folder, "rules")  # Compiles the modules.
    yield PAGES, measure_command(*_BARE_COMMAND, "build", "-d", "bare", folder=folder)
    yield (
        INDEX,
        measure_command(*_BARE_COMMAND, "--search", "build", "-d", "indexed", folder=folder),
    )
    yield _EVERYTHING, run_gongkai(folder, "build", "--fresh")
    run_gongkai(folder, "build")
    rnd = Random(0)  # noqa: S311 - selects the edited text
    incremental = []
    for _ in range(3):
        change_text(folder / "data", rnd)
        incremental.append(run_gongkai(folder, "build"))
    yield "one project file changed", sorted(incremental, key=lambda usage: usage.wall)[1]
    yield "nothing changed", run_gongkai(folder, "build")
    template = folder / "overrides" / "base.html"
    template.write_text(
        template.read_text("utf-8").replace("<body", '<body data-bench="1"'), "utf-8"
    )
    yield "one template changed", run_gongkai(folder, "build")
    with (folder / "content" / "about.md").open("a", encoding="utf-8") as page:
        page.write("\n示例。\n")
    yield "one hand-written page changed", run_gongkai(folder, "build")
    if with_check:
        yield _CHECK, run_gongkai(folder, "check")
        change_text(folder / "data", rnd)
        yield "gongkai check, one project file changed", run_gongkai(folder, "check")


def measure_other_builders(folder: Path, *, with_mkdocs: bool) -> Iterator[tuple[str, Usage]]:
    """Yield the rendering of Markdown, then its builds by Hugo and, with MkDocs, mkdocs-gen-files."""
    pages = folder / "pages"
    yield RENDER, measure_command(*_BARE_COMMAND, "render", "pages", folder=folder)
    program = _BIN / "hugo"
    if program.is_file():
        write_hugo_site(folder, pages, folder / "hugo")
        yield "Hugo", measure_command(f"{program}", "--quiet", folder=folder / "hugo")
        page_count = len(list((folder / "hugo" / "public").rglob("*.html")))
        assert page_count >= len(list(pages.rglob("*.md"))), page_count
    if not with_mkdocs:
        return
    with suppress(PackageNotFoundError):
        version("mkdocs-gen-files")
        write_gen_files_site(folder, pages, folder / "gen")
        command = (f"{_BIN / 'mkdocs'}", "build", "--quiet")
        yield "mkdocs-gen-files, no search", measure_command(*command, folder=folder / "gen")


def time_to_first_page(folder: Path) -> float:
    """Return the seconds from starting “gongkai serve --unit” to its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = (f"{_BIN / 'gongkai'}", "serve", "--unit", "danwei-2", "-a", address)
    for name in ("preview", ".gongkai"):
        shutil.rmtree(folder / ".gongkai" / name, ignore_errors=True)
    started = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=child_environment(), stderr=subprocess.DEVNULL
    ) as process:
        try:
            while time.monotonic() - started < 60:
                with suppress(OSError):
                    urllib.request.urlopen(f"http://{address}/units/danwei-2/")
                    return time.monotonic() - started
                time.sleep(0.02)
        finally:
            process.terminate()  # A background process may ignore SIGINT.
            process.wait()
    sys.exit("gongkai serve --unit did not serve a page within 60 s")


def describe_machine() -> str:
    """Return the hardware and the versions of the measured programs."""
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


def report(sizes: list[int], max_pages_of_others: int, root: Path) -> Iterator[str]:
    """Yield the report as lines of Markdown; the corpora are written into the folder `root`."""
    yield f"# Speed\n\n{describe_machine()}.\n"
    yield "Made by `make bench`; compare only figures of one run.\n"
    yield _HEAD
    cpu_per_page: dict[int, float] = {}
    render_cpu = 0.0
    ratios: list[str] = []
    notes: list[str] = []
    committed = read_committed(_RESULTS)
    for size in sizes:
        folder = create_publisher(root / f"{size}", size)
        compares_others = size <= max_pages_of_others
        usages = dict(measure_builds(folder, with_check=compares_others))
        pages, html_size = site_size(folder / "site")
        cold = usages[PAGES]
        cpu_per_page[size] = cold.cpu / pages
        index_cpu = (usages[INDEX].cpu - cold.cpu) / pages * 1000
        notes.append(f"Search index at {pages:,} pages: {index_cpu:.2f} CPU ms a page.\n")
        for label, usage in usages.items():
            yield table_row(pages, label, usage, html_size, committed)
        if size == max(sizes):  # Before the other builders, which keep the disk busy.
            first = sorted(time_to_first_page(folder) for _ in range(3))[1]
        with_mkdocs = size <= _MAX_PAGES_OF_MKDOCS
        others = measure_other_builders(folder, with_mkdocs=with_mkdocs) if compares_others else ()
        for label, usage in others:
            yield table_row(pages, label, usage, html_size, committed)
            if label == RENDER:
                render_cpu = usage.cpu
                continue
            for name in (PAGES, _EVERYTHING):
                cpu = usages[name].cpu
                ratios.append(
                    f"| {name}, against {label}, {pages:,} pages | {cpu / usage.cpu:.2f} | "
                    f"{cpu / (render_cpu + usage.cpu):.2f} |"
                )
        if size == max(sizes):
            notes.append(f"`gongkai serve --unit` at {pages:,} pages: first page {first:.1f} s.")
            page_sizes = [
                path.stat().st_size for path in folder.glob("site/units/*/*/*/*/index.html")
            ]
            mean = sum(page_sizes) / len(page_sizes) / 1000
            notes.append(f"Mean HTML of a project's page: {mean:.1f} KB.")
        if size == min(sizes):
            steps = "".join(
                f"| {step} | {cpu:.2f} |\n" for step, cpu in measure_stages(folder).items()
            )
            notes.append(f"Where a cold build's time goes ({pages:,} pages, one process):\n")
            notes.append(f"| step | CPU ms a page |\n|---|---:|\n{steps}")
    few, many = min(sizes, key=lambda size: abs(size - 2_000)), max(sizes)
    growth = cpu_per_page[many] / cpu_per_page[few]
    ratios.append(f"| CPU a page, {many:,} over {few:,} pages | {growth:.2f} | |")
    yield "\n“The pages alone” excludes the search index and the open data files, which have separate budgets; Hugo and"
    yield "mkdocs-gen-files generate neither and are compared with that line. They start from finished Markdown: the"
    yield "second ratio adds the time to render that Markdown from the data."
    yield "\n| CPU | from Markdown | from the data |\n|---|---:|---:|"
    yield from ratios
    yield ""
    yield from notes


def main() -> None:
    """Measure at the requested sizes and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=_SIZES, help="corpus sizes in pages")
    parser.add_argument(
        "--others",
        type=int,
        default=_MAX_PAGES_OF_OTHERS,
        help="largest size at which other builders are measured too",
    )
    parser.add_argument("--out", type=Path, help="path of the report")
    parser.add_argument("--folder", type=Path, help="where the corpora are written, and stay")
    arguments = parser.parse_args()
    root = arguments.folder or Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    lines = []
    for line in report(list(arguments.pages), arguments.others, root):
        print(line, flush=True)  # noqa: T201 - the result
        lines.append(line)
    if arguments.out:
        arguments.out.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    sys.stderr.write(f"The corpora and sites stay in {root}; delete them when nothing else runs.\n")


if __name__ == "__main__":
    main()
