"""Switches under load: readers get the old site or the new one, never files of both."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from gongkai.release.folder import ReleaseFolder
from tests.commands import run_gongkai
from tests.edits import DAYS
from tests.release.test_web_servers import PAGE, PROGRAMS, released_site, run_server, settings_of
from tests.site_pages import index_folder

__all__ = ["released_site"]
pytestmark = pytest.mark.long
PAGES = ("/", PAGE, "/search/")
SWITCHES = 30
LOADED = re.compile(r'<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]*?\s(?:src|href)="([^"]*)"')  # fmt: skip


@pytest.fixture(scope="module")
def two_releases(released_site: Path) -> Iterator[Path]:
    """A folder with two releases that differ in pages, scripts, sheets and the search index."""
    folder, live = released_site / "publisher", released_site / "srv" / "gongkai"
    first = shutil.copytree(live, released_site / "first", symlinks=True)
    for name in ("site.js", "gongkai.css", "search/words.js", "favicon.svg"):
        path = folder / "overrides" / "assets" / name
        path.write_text(f"{path.read_text('utf-8')}\n", "utf-8")
    (folder / "content" / "index.md").write_text("# 示例\n\n第二版\n", "utf-8")
    done = run_gongkai("release", "--demo", live, "--no-git", "--today", DAYS[0], folder=folder)
    assert done.returncode == 0, done.stderr
    yield released_site
    shutil.rmtree(live)
    first.replace(live)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_no_page_loads_files_of_another_release(two_releases: Path, name: str) -> None:
    releases = ReleaseFolder(two_releases / "srv" / "gongkai")
    names = releases.names()
    assert len({index_folder(releases.path(release)).name for release in names}) == 2
    release_of = {
        (page, (releases.path(release) / f"{page[1:]}index.html").read_bytes()): release
        for release in names
        for page in PAGES
    }
    done, failures, counts = threading.Event(), list[str](), {"pages": 0, "files": 0}
    with run_server(name, settings_of(name), two_releases) as server:

        def read() -> None:
            while not done.is_set():
                for page in PAGES:
                    answer = server.get(page)
                    release = release_of.get((page, answer.body), "")
                    if answer.status != 200 or not release:
                        failures.append(f"{page}: {answer.status}")
                        continue
                    counts["pages"] += 1
                    site = releases.path(release)
                    addresses = LOADED.findall(answer.body.decode())
                    index = index_folder(site).relative_to(site).as_posix()
                    for path in (
                        *(urljoin(page, address) for address in addresses),
                        f"/{index}/pages.json.bin",
                    ):
                        loaded = server.get(path)
                        counts["files"] += 1
                        if loaded.body != (site / path.lstrip("/")).read_bytes():
                            failures.append(f"{page} {path}: {loaded.status}")

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(SWITCHES):
            with releases.lock():
                releases.switch(names[number % 2])
            time.sleep(0.15)
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert counts["pages"] > 6
    assert counts["files"] > 10 * counts["pages"] / 2
