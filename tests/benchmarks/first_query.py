"""Bytes and time of a visitor's first query: python -m tests.benchmarks.first_query.

A real Chromium with an empty cache; files are compressed as by a careful web server. Bytes are those
of all responses, headers included, from the first request for the search page until the search reports
that it is done (CDP, Network.loadingFinished). Times are measured with the CPU slowed down four times
(CDP, Emulation.setCPUThrottlingRate), until the first result is in the page: from the Enter key on the
open search page, into which the query was just typed at 150 ms per character; and from the start of a
navigation to the search page with the query, with the page's scripts and styles in the cache.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, CDPSession, Page

from tests.benchmarks.__main__ import create_publisher, describe_machine, run_gongkai
from tests.search_truth import page_text, random_pieces
from tests.serving import serve_site
from tests.site_pages import launch_chromium

_COUNT, _SEED, _CPU_SLOWDOWN, _PAGES = 112, 21, 4, 20_000
_BYTE_LIMIT, _TIME_LIMIT = 150_000, 300
"""Thresholds of the report: bytes, and milliseconds to the first result."""
_KEY_DELAY = 150
"""Milliseconds per typed character."""
_SAMPLE = 500
"""Number of pages from which queries are drawn."""
_SEARCH_DONE = """() => document.querySelector("#gk-find")?.getAttribute("aria-busy") === "false"
    && /找到|没有完成/.test(document.querySelector(".gk-status").textContent)"""
_OBSERVER_SCRIPT = """
    addEventListener("keydown", ({ key, timeStamp }) => { if (key === "Enter") window.began ??= timeStamp; }, true);
    window.seen = new Promise((resolve) => {
        new MutationObserver(() => {
            if (document.querySelector(".gk-results > li, .gk-nothing")) resolve((window.shown ??= performance.now()));
        }).observe(document, { childList: true, subtree: true });
    });
"""
_FIRST_RESULT = "window.seen"
"""Promise to await; polling would use CPU time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one query."""

    query: str
    total: int
    """Bytes, including the page and its resources."""
    parts: dict[str, int]
    """Bytes of the page, the index and the texts."""
    files: int
    """Number of transferred files."""
    typed: float
    """Milliseconds from the Enter key to the first result."""
    opened: float
    """Milliseconds from the start of the navigation to the first result."""


def random_queries(site: Path, count: int, seed: int) -> list[str]:
    """Return random excerpts of random pages."""
    paths = sorted(site.rglob("index.html"))
    sample = Random(seed).sample(paths, min(_SAMPLE, len(paths)))  # noqa: S311 - reproducible
    texts = {f"{path}": page_text(path) or "" for path in sample}
    return list(random_pieces(texts, count, seed))


def measure_query(browser: Browser, base: str, query: str, *, timed: bool) -> Cost:
    """Measure a query with an empty cache; if `timed`, also its times on a slow CPU."""
    with _new_visitor(browser) as (page, session):
        transferred_so_far = _record_responses(session)
        page.goto(f"{base}search/?q={quote(query)}", wait_until="commit")
        page.wait_for_function(_SEARCH_DONE)
        page.wait_for_load_state("load")
        responses = transferred_so_far()
    typed = _time_after_typing(browser, base, query) if timed else 0.0
    opened = _time_after_navigation(browser, base, query) if timed else 0.0
    parts = {"page": 0, "index": 0, "texts": 0}
    for url, size in responses:
        kind = "texts" if "/text/" in url else "index" if "/search/data" in url else "page"
        parts[kind] += size
    return Cost(query, sum(parts.values()), parts, len(responses), typed, opened)


def _time_after_typing(browser: Browser, base: str, query: str) -> float:
    """Return the milliseconds from the Enter key on the open search page to the first result."""
    with _new_visitor(browser) as (page, session):
        page.goto(f"{base}search/", wait_until="networkidle")
        _slow_down(session)
        page.locator("#gk-find-q").press_sequentially(query, delay=_KEY_DELAY)
        page.keyboard.press("Enter")
        page.evaluate(_FIRST_RESULT)
        return float(page.evaluate("window.shown - window.began"))


def _time_after_navigation(browser: Browser, base: str, query: str) -> float:
    """Return the milliseconds from the start of the navigation to the first result."""
    with _new_visitor(browser) as (page, session):
        page.goto(f"{base}search/", wait_until="networkidle")
        _slow_down(session)
        page.goto(f"{base}search/?q={quote(query)}", wait_until="commit")
        page.evaluate(_FIRST_RESULT)
        return float(page.evaluate("window.shown"))


@contextmanager
def _new_visitor(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """Open a page in a new browser context, with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(_OBSERVER_SCRIPT)
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def _slow_down(session: CDPSession) -> None:
    session.send("Emulation.setCPUThrottlingRate", {"rate": _CPU_SLOWDOWN})


def _record_responses(session: CDPSession) -> Any:
    """Return a function that returns (URL, bytes) of every response so far."""
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: urls.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    session.send("Network.enable")
    return lambda: [(urls[request_id], size) for request_id, size in sizes.items()]


def percentiles(values: Sequence[float]) -> list[float]:
    """Return median, 90th and 95th percentile, and maximum."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return [ordered[min(int(len(ordered) * share), last)] for share in (0.5, 0.9, 0.95, 1)]


def report(costs: Sequence[Cost], pages: int) -> Iterator[str]:
    """Yield the report as lines of Markdown."""
    distinct = len({cost.query for cost in costs})
    yield f"# A visitor's first query\n\n{describe_machine()}.\n"
    yield f"Made by `make bench-search`: {pages:,} pages, {len(costs)} random excerpts of them ({distinct} distinct)."
    yield (__doc__ or "").partition("\n\n")[2]
    yield "| | median | 90 % | 95 % | maximum | above |"
    yield "|---|---:|---:|---:|---:|---:|"
    rows = (
        ("total transfer, KB", [cost.total / 1000 for cost in costs], _BYTE_LIMIT / 1000),
        *(
            (f"of which {name}, KB", [cost.parts[name] / 1000 for cost in costs], None)
            for name in ("page", "index", "texts")
        ),
        ("Enter to first result, ms", [cost.typed for cost in costs], _TIME_LIMIT),
        ("navigation to first result, ms", [cost.opened for cost in costs], _TIME_LIMIT),
    )
    for name, values, limit in rows:
        if not any(values):
            continue
        figures = " | ".join(f"{value:.0f}" for value in percentiles(values))
        above = (
            "" if limit is None else f"{sum(value > limit for value in values)} of {len(values)}"
        )
        yield f"| {name} | {figures} | {above} |"
    large = sorted(
        (cost for cost in costs if cost.total > _BYTE_LIMIT), key=lambda cost: -cost.total
    )
    queries = {cost.query: f"{cost.query} ({cost.total / 1000:.0f} KB)" for cost in large}
    yield f"\nAbove {_BYTE_LIMIT / 1000:.0f} KB: {', '.join(queries.values()) or 'none'}."


@contextmanager
def _site_or_new(site: Path | None) -> Iterator[Path]:
    """Yield the site, or a new one of 20,000 pages."""
    if site:
        yield site
        return
    with tempfile.TemporaryDirectory() as name:
        folder = create_publisher(Path(name), _PAGES)
        run_gongkai(folder, "build")
        yield folder / "site"


def main() -> None:
    """Measure a site and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "site", type=Path, nargs="?", help="a built site; by default a new one is built"
    )
    parser.add_argument("--questions", type=int, default=_COUNT)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--bytes", action="store_true", help="do not measure times")
    parser.add_argument("--out", type=Path, help="path of the report")
    arguments = parser.parse_args()
    with _site_or_new(arguments.site) as site:
        pages = len(list(site.rglob("*.html")))
        queries = random_queries(site, arguments.questions, arguments.seed)
        costs = []
        with launch_chromium() as chromium, serve_site(site) as base:
            for query in queries:
                costs.append(measure_query(chromium, base, query, timed=not arguments.bytes))
                print(costs[-1], flush=True)  # noqa: T201 - progress of a long run
    text = "\n".join(report(costs, pages)) + "\n"
    print(text)  # noqa: T201 - the result
    if arguments.out:
        arguments.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
