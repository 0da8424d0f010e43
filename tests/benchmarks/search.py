"""Compares the search with Material's and with Pagefind: python -m tests.benchmarks.search [PAGES].

The same pages, the same questions, a real Chromium; what is right is the literal text of a page's
article. Each engine says which pages it finds; those are compared with the pages that are right.
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

from gongkai.runtime.gc_pause import uncollected
from gongkai.search.documents import Names, Source, indexed, read_pages
from gongkai.search.facets import Facts
from gongkai.search.index import name_tables, page_tables
from gongkai.search.postings import BUCKETS, slices
from gongkai.search.shards import shards
from tests.benchmarks.__main__ import gongkai, machine, publisher
from tests.benchmarks.measuring import measured
from tests.search_truth import pieces, texts_of
from tests.site_pages import launched

_PAGES, _QUESTIONS, _SEED = 1_000, 80, 11
_BITS, _SLICES = 10, 64
_STOCK = """site_name: 示例
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
_OURS = """async ([base, words, few]) => {
    const { search, SHOWN } = await import(`${base}assets/search/search.js`);
    const found = [];
    for (let from = 0; ; from += SHOWN) {
        const { results, least } = await search(words, { from, whole: !few });
        found.push(...results.map((each) => each.url));
        if (few || from + SHOWN >= least) return found;
    }
}"""
_PAGEFIND = """async ([base, words, few]) => {
    window.pagefind ??= await import(`${base}pagefind/pagefind.js`);
    const { results } = await window.pagefind.search(words);
    const some = few ? results.slice(0, 10) : results;
    const data = await Promise.all(some.map((each) => each.data()));
    return data.map((each) => each.raw_url ?? each.url);
}"""
_MATERIAL = """async ([base, words]) => {
    if (!window.asks) {
        const script = document.querySelector("#__config");
        const { search } = JSON.parse(script.textContent);
        const index = await (await fetch(`${base}search/search_index.json`)).json();
        const worker = new Worker(new URL(search, location.href));
        const heard = (data, type) => new Promise((done) => {
            worker.onmessage = (event) => event.data.type === type && done(event.data.data);
            worker.postMessage(data);
        });
        await heard({ type: 0, data: { ...index, options: { suggest: false } } }, 1);
        window.asks = (words) => heard({ type: 2, data: words }, 3);
    }
    const { items } = await window.asks(words);
    return items.flat().map((each) => each.location);
}"""


@dataclass(slots=True)
class Engine:
    """A search engine on a site."""

    name: str
    site: Path
    script: str
    index: str
    """Where its files lie, as a pattern of paths."""
    cpu: float
    """Milliseconds a page to make the index; 0 where they cannot be told from the build."""
    peak: float
    """MB; 0 where they cannot be told."""
    recalls: list[float] = field(default_factory=list)
    precisions: list[float] = field(default_factory=list)
    exact: int = 0
    empty: int = 0
    first: int = 0
    """Bytes that the first question fetches for its first ten answers, on top of a page."""

    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.site.glob(self.index) if path.is_file())


class _Counting(http.server.SimpleHTTPRequestHandler):
    sent = 0
    """Bytes of all files that were asked for."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file, and count it."""
        data = source.read()
        type(self).sent += len(data)
        outputfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(site: Path) -> Iterator[str]:
    """A site on loopback, its files as they are and under no policy: Pagefind needs WebAssembly."""
    handler = functools.partial(_Counting, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def ours(folder: Path) -> Engine:
    """Our own, its index made once more by itself to see what that costs."""
    site = folder / "site"
    pages = sorted((site / "units").rglob("index.html"))
    started = process_time()
    parts, found = [], {}
    for unit in sorted(
        {path.relative_to(site / "units").parts[0] for path in pages} - {pages[0].name}
    ):
        own = sorted((site / "units" / unit).rglob("index.html"))
        sources = (Source(f"{path}", path.read_text("utf-8"), Facts()) for path in own)
        with uncollected():  # As in a build.
            read = read_pages(sources, Names(unit))
        parts.append(folder / f"{unit}.part")
        parts[-1].write_bytes(read.postings)
        found[unit] = indexed(read, unit, Names(unit), {})
    for first in range(0, BUCKETS, _SLICES):
        some = range(first, first + _SLICES)
        list(shards([slices(path, some) for path in parts], some, _BITS, b""))
    list(page_tables(found, _BITS, b""))
    list(name_tables(found))
    spent = (process_time() - started) / len(pages) * 1000
    return Engine("gongkai", site, _OURS, "search/data/**/*", spent, _own_peak(folder))


def _own_peak(folder: Path) -> float:
    """MB of a whole build, index and all."""
    return gongkai(folder, "build", "--fresh").peak


def pagefind(folder: Path) -> Engine:
    """Pagefind on the same pages; it is told to look at the articles."""
    site = folder / "pagefind"
    shutil.copytree(folder / "site", site)
    shutil.rmtree(site / "search")
    (site / "404.html").unlink(missing_ok=True)
    words = (
        "-m",
        "pagefind",
        "--site",
        f"{site}",
        "--root-selector",
        "article",
        "--force-language",
        "zh",
    )
    used = measured(sys.executable, *words, folder=folder)
    pages = len(list(site.rglob("*.html")))
    return Engine("Pagefind", site, _PAGEFIND, "pagefind/**/*", used.cpu / pages * 1000, used.peak)


def material(folder: Path) -> Engine:
    """Material's own: lunr, with jieba to part words."""
    gongkai(folder, "render", "pages")
    (folder / "stock.yml").write_text(_STOCK, "utf-8")
    words = ("-m", "mkdocs", "build", "--quiet", "-f", "stock.yml", "-d", "material")
    measured(sys.executable, *words, folder=folder)
    return Engine("Material (lunr, jieba)", folder / "material", _MATERIAL, "search/*.json", 0, 0)


def judge(engine: Engine, texts: dict[str, str], questions: Sequence[str], page: Page) -> None:
    """Ask an engine everything."""
    with _served(engine.site) as base:
        page.goto(f"{base}units/")
        page.wait_for_load_state("networkidle")
        before = _Counting.sent
        page.evaluate(engine.script, [base, questions[0], True])
        engine.first = _Counting.sent - before
        for words in questions:
            right = {url for url, text in texts.items() if words in text}
            answer = page.evaluate(engine.script, [base, words, False])
            found = {_address(each, base) for each in answer} & texts.keys()
            both = len(right & found)
            engine.recalls.append(both / len(right))
            engine.precisions.append(both / len(found) if found else 0.0)
            engine.exact += right == found
            engine.empty += not found


def _address(url: str, base: str) -> str:
    """A page's address from the site's root."""
    return re.sub(r"[#?].*|index\.html", "", url.removeprefix(base).lstrip("/"))


def table(engines: Sequence[Engine], pages: int) -> Iterator[str]:
    """The engines, a line each."""
    yield (
        "| engine | mean recall | mean precision | exact sets | nothing found | "
        "index, KB a page | index, CPU ms a page | peak MB | first question, KB |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for each in engines:
        count = len(each.recalls)
        recall, precision = sum(each.recalls) / count, sum(each.precisions) / count
        cost = (f"{each.cpu:.2f}", f"{each.peak:.0f}") if each.cpu else ("–", "–")
        yield (
            f"| {each.name} | {recall:.3f} | {precision:.3f} | {each.exact} of {count} | {each.empty} | "
            f"{each.size() / pages / 1000:.2f} | {cost[0]} | {cost[1]} | {each.first / 1000:.0f} |"
        )


def report(size: int, count: int) -> Iterator[str]:
    """The whole report as lines of Markdown."""
    engines: list[Engine] = []
    with tempfile.TemporaryDirectory() as name, launched() as chromium:
        folder = publisher(Path(name), size)
        gongkai(folder, "build")
        texts = texts_of(folder / "site")
        questions = list(pieces(texts, count, _SEED))
        makers: tuple[Callable[[Path], Engine], ...] = (ours, pagefind, material)
        for maker in makers:
            engines.append(maker(folder))
            page = chromium.new_page()
            judge(engines[-1], texts, questions, page)
            page.close()
        yield f"# Search\n\n{machine()}, Pagefind {version('pagefind')}, jieba {version('jieba')}.\n"
        yield f"Made by `make bench-search`: {len(texts):,} pages, {count} random pieces of them"
        yield "(1 to 6 Han, decimals, parts of numbers, document numbers, mixed); what is right is the"
        yield "literal text of a page's article. For gongkai the peak is that of the whole build.\n"
        yield from table(engines, len(texts))


def main() -> None:
    """Compare, at the size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=_PAGES, help="how many pages")
    parser.add_argument("--questions", type=int, default=_QUESTIONS)
    parser.add_argument("--out", type=Path, help="where the report is written")
    asked = parser.parse_args()
    text = "\n".join(report(asked.pages, asked.questions)).rstrip() + "\n"
    print(text)  # noqa: T201 - that is what it is for
    if asked.out:
        asked.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
