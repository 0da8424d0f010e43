"""What a visitor's first query costs, in bytes and time: python -m tests.benchmarks.first_query.

A real Chromium with nothing in its cache, files packed as a careful web server packs them. Bytes are
those of every answer, heads included, that Chromium took in from the first request for the page of
the search until the search says that it is done (CDP, Network.loadingFinished). Times are those of a
processor slowed down four times (CDP, Emulation.setCPUThrottlingRate), until the first result is in
the page: from the Enter key on the open page of the search, into which the words have just been typed,
a sign in 150 ms; and from the beginning of a navigation to the page of the search with its question,
the page's scripts and styles in the cache.
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

from tests.benchmarks.__main__ import gongkai, machine, publisher
from tests.search_truth import pieces, text_of
from tests.serving import served
from tests.site_pages import launched

_COUNT, _SEED, _SLOWER, _PAGES = 112, 21, 4, 20_000
_LIMIT, _BLINK = 150_000, 300
_A_SIGN = 150
"""Milliseconds in which somebody types a sign."""
_SAMPLE = 500
"""From how many pages pieces are taken."""
_DONE = """() => document.querySelector("#gk-find")?.getAttribute("aria-busy") === "false"
    && /找到|没有完成/.test(document.querySelector(".gk-status").textContent)"""
_WATCH = """
    addEventListener("keydown", ({ key, timeStamp }) => { if (key === "Enter") window.began ??= timeStamp; }, true);
    window.seen = new Promise((tell) => {
        new MutationObserver(() => {
            if (document.querySelector(".gk-results > li, .gk-nothing, .gk-more")) tell((window.shown ??= performance.now()));
        }).observe(document, { childList: true, subtree: true });
    });
"""
_SHOWN = "window.seen"
"""Waited for without looking again and again, which would take the processor's time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one query."""

    words: str
    sent: int
    """Bytes, the page and all that belongs to it included."""
    parts: dict[str, int]
    """Bytes of the page, of the index and of texts."""
    files: int
    """How many files that were."""
    typed: float
    """Milliseconds from the Enter key to the first result."""
    opened: float
    """Milliseconds from the beginning of the navigation to the first result."""


def questions(site: Path, count: int, seed: int) -> list[str]:
    """Random pieces of random pages."""
    paths = sorted(site.rglob("index.html"))
    some = Random(seed).sample(paths, min(_SAMPLE, len(paths)))  # noqa: S311 - which are read
    found = {f"{path}": text_of(path) or "" for path in some}
    return list(pieces(found, count, seed))


def first_query(browser: Browser, base: str, words: str, *, timed: bool) -> Cost:
    """Ask once with nothing in the cache; with a slow processor too, if `timed`."""
    with _window(browser) as (page, session):
        answers = _answers(session)
        page.goto(f"{base}search/?q={quote(words)}", wait_until="commit")
        page.wait_for_function(_DONE)
        page.wait_for_load_state("load")
        sent = answers()
    typed = _typed(browser, base, words) if timed else 0.0
    opened = _opened(browser, base, words) if timed else 0.0
    parts = {"page": 0, "index": 0, "texts": 0}
    for url, size in sent:
        kind = "texts" if "/data/text/" in url else "index" if "/search/data/" in url else "page"
        parts[kind] += size
    return Cost(words, sum(parts.values()), parts, len(sent), typed, opened)


def _typed(browser: Browser, base: str, words: str) -> float:
    """Milliseconds from the Enter key on the open page of the search to the first result."""
    with _window(browser) as (page, session):
        page.goto(f"{base}search/", wait_until="networkidle")
        _slow(session)
        page.locator("#gk-find-q").press_sequentially(words, delay=_A_SIGN)
        page.keyboard.press("Enter")
        page.evaluate(_SHOWN)
        return float(page.evaluate("window.shown - window.began"))


def _opened(browser: Browser, base: str, words: str) -> float:
    """Milliseconds from the beginning of the navigation to the first result."""
    with _window(browser) as (page, session):
        page.goto(f"{base}search/", wait_until="networkidle")
        _slow(session)
        page.goto(f"{base}search/?q={quote(words)}", wait_until="commit")
        page.evaluate(_SHOWN)
        return float(page.evaluate("window.shown"))


@contextmanager
def _window(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A window of a visitor who has never been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(_WATCH)
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def _slow(session: CDPSession) -> None:
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})


def _answers(session: CDPSession) -> Any:
    """A function that tells the address and the bytes of each answer so far."""
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda told: urls.update({told["requestId"]: told["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda told: sizes.update({told["requestId"]: int(told["encodedDataLength"])}),
    )
    session.send("Network.enable")
    return lambda: [(urls[each], size) for each, size in sizes.items()]


def spread(values: Sequence[float]) -> list[float]:
    """Median, 90 %, 95 %, most."""
    those = sorted(values)
    return [those[min(int(len(those) * part), len(those) - 1)] for part in (0.5, 0.9, 0.95, 1)]


def report(costs: Sequence[Cost], pages: int) -> Iterator[str]:
    """Lines of Markdown."""
    asked = len({each.words for each in costs})
    yield f"# A visitor's first query\n\n{machine()}.\n"
    yield f"Made by `make bench-search`: {pages:,} pages, {len(costs)} random pieces of them ({asked} different)."
    yield (__doc__ or "").partition("\n\n")[2]
    yield "| | median | 90 % | 95 % | most | above |"
    yield "|---|---:|---:|---:|---:|---:|"
    rows = (
        ("all that is transferred, KB", [each.sent / 1000 for each in costs], _LIMIT / 1000),
        *(
            (f"of it {name}, KB", [each.parts[name] / 1000 for each in costs], None)
            for name in ("page", "index", "texts")
        ),
        ("Enter to the first result, ms", [each.typed for each in costs], _BLINK),
        ("navigation to the first result, ms", [each.opened for each in costs], _BLINK),
    )
    for name, values, limit in rows:
        if not any(values):
            continue
        figures = " | ".join(f"{each:.0f}" for each in spread(values))
        above = "" if limit is None else f"{sum(each > limit for each in values)} of {len(values)}"
        yield f"| {name} | {figures} | {above} |"
    many = sorted((each for each in costs if each.sent > _LIMIT), key=lambda each: -each.sent)
    told = {each.words: f"{each.words} ({each.sent / 1000:.0f} KB)" for each in many}
    yield f"\nAbove {_LIMIT / 1000:.0f} KB: {', '.join(told.values()) or 'none'}."


@contextmanager
def _site(given: Path | None) -> Iterator[Path]:
    """The site that is given, or a new one of 20,000 pages."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as name:
        folder = publisher(Path(name), _PAGES)
        gongkai(folder, "build")
        yield folder / "site"


def main() -> None:
    """Measure a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", help="a built site; else one is made")
    parser.add_argument("--questions", type=int, default=_COUNT)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--bytes", action="store_true", help="measure no times")
    parser.add_argument("--out", type=Path, help="where the report is written")
    asked = parser.parse_args()
    with _site(asked.site) as site:
        pages = len(list(site.rglob("*.html")))
        asks = questions(site, asked.questions, asked.seed)
        costs = []
        with launched() as chromium, served(site) as base:
            for words in asks:
                costs.append(first_query(chromium, base, words, timed=not asked.bytes))
                print(costs[-1], flush=True)  # noqa: T201 - it takes long
    text = "\n".join(report(costs, pages)) + "\n"
    print(text)  # noqa: T201 - that is what it is for
    if asked.out:
        asked.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
