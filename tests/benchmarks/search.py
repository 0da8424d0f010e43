"""Compare the search with Material's and Pagefind: python -m tests.benchmarks.search [PAGES].

All engines answer the same queries on the same pages in a real Chromium. A page is a correct result if
the literal text of its article contains the query.
"""

import argparse
import functools
import http.server
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

from playwright.sync_api import Page

from gongkai.pages.page_types import Category
from gongkai.runtime.gc_pause import pause_gc
from gongkai.search.documents import SourcePage, UnitNames, index_pages, indexed_unit
from gongkai.search.facets import PageFacts
from gongkai.search.index import name_tables, page_tables
from gongkai.search.postings import BUCKET_COUNT, read_slices
from gongkai.search.shards import build_shards
from tests.benchmarks.__main__ import create_publisher, describe_machine, run_gongkai
from tests.benchmarks.measuring import measure_command
from tests.search_truth import page_texts, random_pieces
from tests.site_pages import find_asset, launch_chromium

_PAGES, _QUERIES, _SEED = 1_000, 80, 11
_BITS, _SLICES = 10, 64
_MATERIAL_CONFIG = """site_name: 示例
site_url: https://gongkai.example/
docs_dir: pages
theme:
  name: material
  language: zh
  font: false
plugins:
  - search:
      lang: zh
markdown_extensions: [attr_list, tables]
validation:
  links:
    not_found: ignore
    anchors: ignore
    unrecognized_links: ignore
    absolute_links: ignore
  nav:
    omitted_files: ignore
"""
_GONGKAI_SCRIPT = """async ([base, query, firstOnly]) => {
    const { search } = await import(`${base}SEARCH_SCRIPT`);
    const found = [];
    for (let page = 1; ; page += 1) {
        const { results, pages } = await search(query, { page, whole: !firstOnly });
        found.push(...results.map((result) => result.url));
        if (firstOnly || page >= pages) return found;
    }
}"""
_PAGEFIND_SCRIPT = """async ([base, query, firstOnly]) => {
    window.pagefind ??= await import(`${base}pagefind/pagefind.js`);
    const { results } = await window.pagefind.search(query);
    const shown = firstOnly ? results.slice(0, 10) : results;
    const data = await Promise.all(shown.map((result) => result.data()));
    return data.map((page) => page.raw_url ?? page.url);
}"""
_MATERIAL_SCRIPT = """async ([base, query]) => {
    if (!window.runQuery) {
        const script = document.querySelector("#__config");
        const { search } = JSON.parse(script.textContent);
        const index = await (await fetch(`${base}search/search_index.json`)).json();
        const worker = new Worker(new URL(search, location.href));
        const request = (data, type) => new Promise((resolve) => {
            worker.onmessage = (event) => event.data.type === type && resolve(event.data.data);
            worker.postMessage(data);
        });
        await request({ type: 0, data: { ...index, options: { suggest: false } } }, 1);
        window.runQuery = (text) => request({ type: 2, data: text }, 3);
    }
    const { items } = await window.runQuery(query);
    return items.flat().map((page) => page.location);
}"""


@dataclass(slots=True)
class Engine:
    """A search engine on a built site, with its results."""

    name: str
    site: Path
    script: str
    """JavaScript function that returns the URLs of the results."""
    index: str
    """Glob pattern of the index files."""
    cpu: float
    """Milliseconds per page for indexing; 0 if they cannot be separated from the build."""
    peak: float
    """Peak memory in MB; 0 if unknown."""
    recalls: list[float] = field(default_factory=list)
    precisions: list[float] = field(default_factory=list)
    exact: int = 0
    """Number of queries whose result set is correct."""
    empty: int = 0
    """Number of queries without results."""
    first: int = 0
    """Bytes that the first query transfers for its first ten results, page excluded."""

    def index_size(self) -> int:
        """Return the size of the index files in bytes."""
        return sum(path.stat().st_size for path in self.site.glob(self.index) if path.is_file())


class _CountingHandler(http.server.SimpleHTTPRequestHandler):
    sent = 0
    """Bytes of all files sent so far."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file and count its bytes."""
        data = source.read()
        type(self).sent += len(data)
        outputfile.write(data)

    def log_message(self, *_: object) -> None:
        """Suppress the request log."""


@contextmanager
def _serve(site: Path) -> Iterator[str]:
    """Serve a site on loopback without a CSP, since Pagefind needs WebAssembly; yield its URL."""
    handler = functools.partial(_CountingHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def gongkai_engine(folder: Path) -> Engine:
    """Return the site's own search; rebuild its index alone to measure the CPU time."""
    site = folder / "site"
    pages = sorted((site / "units").rglob("index.html"))
    started = process_time()
    parts, unit_tables = [], {}
    for unit in sorted(
        {path.relative_to(site / "units").parts[0] for path in pages} - {pages[0].name}
    ):
        paths = sorted((site / "units" / unit).rglob("index.html"))
        sources = (
            SourcePage(f"{path}", path.read_text("utf-8"), PageFacts(Category.LIST))
            for path in paths
        )
        with pause_gc():  # As in a build.
            content = index_pages(sources, UnitNames(unit))
        parts.append(folder / f"{unit}.part")
        parts[-1].write_bytes(content.postings)
        unit_tables[unit] = indexed_unit(content, unit, UnitNames(unit), {})
    for first in range(0, BUCKET_COUNT, _SLICES):
        buckets = range(first, first + _SLICES)
        list(build_shards([read_slices(path, buckets) for path in parts], buckets, _BITS))
    list(page_tables(unit_tables, _BITS))
    list(name_tables(unit_tables))
    cpu = (process_time() - started) / len(pages) * 1000
    peak = run_gongkai(folder, "build", "--fresh").peak
    asset = find_asset(site, "assets/search/search.js").relative_to(site).as_posix()
    script = _GONGKAI_SCRIPT.replace("SEARCH_SCRIPT", asset)
    return Engine("gongkai", site, script, "search/data*/**/*", cpu, peak)


def pagefind_engine(folder: Path) -> Engine:
    """Build Pagefind's index of the articles of the same pages."""
    site = folder / "pagefind"
    shutil.copytree(folder / "site", site)
    shutil.rmtree(site / "search")
    (site / "404.html").unlink(missing_ok=True)
    arguments = (
        "-m",
        "pagefind",
        "--site",
        f"{site}",
        "--root-selector",
        "article",
        "--force-language",
        "zh",
    )
    usage = measure_command(sys.executable, *arguments, folder=folder)
    cpu = usage.cpu / len(list(site.rglob("*.html"))) * 1000
    return Engine("Pagefind", site, _PAGEFIND_SCRIPT, "pagefind/**/*", cpu, usage.peak)


def material_engine(folder: Path) -> Engine:
    """Build the pages with Material's search: lunr, with jieba as word segmenter."""
    run_gongkai(folder, "render", "pages")
    (folder / "stock.yml").write_text(_MATERIAL_CONFIG, "utf-8")
    arguments = ("-m", "mkdocs", "build", "--quiet", "-f", "stock.yml", "-d", "material")
    measure_command(sys.executable, *arguments, folder=folder)
    site = folder / "material"
    return Engine("Material (lunr, jieba)", site, _MATERIAL_SCRIPT, "search/*.json", 0, 0)


def evaluate(engine: Engine, texts: dict[str, str], queries: Sequence[str], page: Page) -> None:
    """Run all queries and record recall, precision and the size of the first one."""
    with _serve(engine.site) as base:
        page.goto(f"{base}units/")
        page.wait_for_load_state("networkidle")
        before = _CountingHandler.sent
        page.evaluate(engine.script, [base, queries[0], True])
        engine.first = _CountingHandler.sent - before
        for query in queries:
            correct = {url for url, text in texts.items() if query in text}
            results = page.evaluate(engine.script, [base, query, False])
            returned = {_page_path(url, base) for url in results} & texts.keys()
            hits = len(correct & returned)
            engine.recalls.append(hits / len(correct))
            engine.precisions.append(hits / len(returned) if returned else 0.0)
            engine.exact += correct == returned
            engine.empty += not returned


def _page_path(url: str, base: str) -> str:
    """Return the path of a result's page from the site's root."""
    return re.sub(r"[#?].*|index\.html", "", url.removeprefix(base).lstrip("/"))


def result_table(engines: Sequence[Engine], pages: int) -> Iterator[str]:
    """Yield a Markdown table with one line per engine."""
    yield (
        "| engine | mean recall | mean precision | exact sets | no results | "
        "index, KB a page | index, CPU ms a page | peak MB | first query, KB |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for engine in engines:
        count = len(engine.recalls)
        recall, precision = sum(engine.recalls) / count, sum(engine.precisions) / count
        cpu, peak = (f"{engine.cpu:.2f}", f"{engine.peak:.0f}") if engine.cpu else ("–", "–")
        index_size = engine.index_size() / pages / 1000
        yield (
            f"| {engine.name} | {recall:.3f} | {precision:.3f} | {engine.exact} of {count} | "
            f"{engine.empty} | {index_size:.2f} | {cpu} | {peak} | {engine.first / 1000:.0f} |"
        )


def report(size: int, count: int) -> Iterator[str]:
    """Yield the report as lines of Markdown."""
    engines: list[Engine] = []
    with tempfile.TemporaryDirectory() as name, launch_chromium() as chromium:
        folder = create_publisher(Path(name), size)
        run_gongkai(folder, "build")
        texts = page_texts(folder / "site")
        queries = list(random_pieces(texts, count, _SEED))
        build_engines: tuple[Callable[[Path], Engine], ...] = (
            gongkai_engine,
            pagefind_engine,
            material_engine,
        )
        for build_engine in build_engines:
            engines.append(build_engine(folder))
            page = chromium.new_page()
            evaluate(engines[-1], texts, queries, page)
            page.close()
        yield f"# Search\n\n{describe_machine()}, Pagefind {version('pagefind')}, jieba {version('jieba')}.\n"
        yield f"Made by `make bench-search`: {len(texts):,} pages, {count} random excerpts of them"
        yield "(1 to 6 Han characters, decimals, parts of numbers, document numbers, mixed). A page is a correct result"
        yield "if its article contains the query. For gongkai the peak is that of the complete build.\n"
        yield from result_table(engines, len(texts))


def main() -> None:
    """Compare at the requested size and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=_PAGES, help="number of pages")
    parser.add_argument("--questions", type=int, default=_QUERIES)
    parser.add_argument("--out", type=Path, help="path of the report")
    arguments = parser.parse_args()
    text = "\n".join(report(arguments.pages, arguments.questions)).rstrip() + "\n"
    print(text)  # noqa: T201 - the result
    if arguments.out:
        arguments.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
