"""Switches under load: readers get the old site or the new one, never files of both.

Every test prints a line of a table (pytest -s).
"""

import functools
import http.client
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest

from gongkai.release.folder import ReleaseFolder
from tests.commands import run_gongkai
from tests.edits import DAYS
from tests.release.test_web_servers import (
    PAGE,
    PROGRAMS,
    Answer,
    WebServer,
    released_site,
    run_server,
    settings_of,
)
from tests.site_pages import index_folder

__all__ = ["released_site"]
pytestmark = pytest.mark.long
PAGES = ("/", PAGE, "/search/")
PART = "pages.json.bin"
SWITCHES = 30
FAULTS = ("failed", "torn", "of another release")
_ADDED = {".js": "void 0;", ".css": ".shili {}"}
LOADED = re.compile(r'<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]*?\s(?:src|href)="([^"]*)"')  # fmt: skip


@pytest.fixture(scope="module")
def two_releases(released_site: Path) -> Iterator[Path]:
    """A folder with two releases that differ in pages, scripts, sheets and the search index."""
    folder, live = released_site / "publisher", released_site / "srv" / "gongkai"
    first = shutil.copytree(live, released_site / "first", symlinks=True)
    for name in ("site.js", "gongkai.css", "search/words.js", "favicon.svg"):
        path = folder / "overrides" / "assets" / name
        path.write_text(f"{path.read_text('utf-8')}{_ADDED.get(path.suffix, '')}\n", "utf-8")
    (folder / "content" / "index.md").write_text("# 示例\n\n第二版\n", "utf-8")
    done = run_gongkai("release", "--demo", live, "--no-git", "--today", DAYS[0], folder=folder)
    assert done.returncode == 0, done.stderr
    yield released_site
    shutil.rmtree(live)
    first.replace(live)


@dataclass
class Reader:
    """Loads pages, and what they load, while releases are switched."""

    server: WebServer
    sites: Sequence[Path]
    """The releases."""
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def read_page(self, page: str) -> None:
        """Load a page and its files, which all have to be of one release."""
        site = self._load(page, self.sites)
        if not site:
            return
        self.outcomes["pages"] += 1
        text = (read_if_present(site / page[1:] / "index.html") or b"").decode()
        index = index_folder(site).relative_to(site).as_posix()
        for path in (*(urljoin(page, link) for link in LOADED.findall(text)), f"/{index}/{PART}"):
            self._load(path, [site])

    def _load(self, path: str, expected: Sequence[Path]) -> Path | None:
        """Load a file; return the release that it is of, None if that is none of those expected."""
        self.outcomes["requests"] += 1
        name = f"{path[1:]}index.html" if path.endswith("/") else path[1:]
        try:
            answer = self.server.get(path)
        except http.client.IncompleteRead:
            answer = Answer(200, {}, b"")
        sources = [site for site in self.sites if read_if_present(site / name) == answer.body]
        if answer.status != 200:
            fault = "failed"
        elif not sources:
            fault = "torn"
        elif sites := [site for site in sources if site in expected]:
            return sites[0]
        else:
            fault = "of another release"
        self.outcomes[fault] += 1
        self.faults.append(f"{fault}: {path}: {answer.status}")
        return None


@functools.cache
def read_if_present(path: Path) -> bytes | None:
    """Return a file's content, None if there is no such file; releases never change."""
    return path.read_bytes() if path.is_file() else None


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_no_page_loads_files_of_another_release(two_releases: Path, name: str) -> None:
    releases = ReleaseFolder(two_releases / "srv" / "gongkai")
    names = releases.names()
    sites = [releases.path(release) for release in names]
    assert len({index_folder(site).name for site in sites}) == 2
    done = threading.Event()
    with run_server(name, settings_of(name), two_releases) as server:
        readers = [Reader(server, sites) for _ in range(3)]

        def read(reader: Reader) -> None:
            while not done.is_set():
                for page in PAGES:
                    reader.read_page(page)

        threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
        for thread in threads:
            thread.start()
        for number in range(SWITCHES):
            with releases.lock():
                releases.switch(names[number % 2])
            time.sleep(0.15)
        done.set()
        for thread in threads:
            thread.join()
    total = sum((reader.outcomes for reader in readers), Counter[str]())
    faults = ", ".join(f"{total[fault]} {fault}" for fault in FAULTS)
    print(f"| {SWITCHES} switches, {name} | {total['requests']} requests | {faults} |")  # noqa: T201
    assert [fault for reader in readers for fault in reader.faults] == []
    assert total["pages"] > 6
    assert total["requests"] > 6 * total["pages"]
