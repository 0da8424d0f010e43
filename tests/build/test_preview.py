"""gongkai serve: pages appear, what is wrong is said, and it ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from gongkai.build.mkdocs.live_reload import listed
from tests.build.test_mkdocs_site import PROJECT, publisher, run
from tests.folders import change

__all__ = ["publisher"]
_LONG = 20
"""Seconds after which nothing more is expected."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Path, subprocess.Popen[bytes]]]:
    """A preview: its address, and where what it says is written."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    said = folder / "said.txt"
    # What a shell runs in the background ignores Ctrl+C, and so would the preview.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    words = [sys.executable, "-u", "-m", "gongkai", "serve", "-a", place, "--unit", "shili"]
    with (
        said.open("wb") as out,
        subprocess.Popen(words, cwd=folder, env=os.environ, stderr=out) as process,
    ):
        try:
            yield f"http://{place}/", said, process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                ended = process.wait(_LONG)
            finally:
                process.kill()
        assert ended == 0


def until(said: Path, words: str, times: int = 1) -> str:
    """What has been said when these words have been said so many times."""
    for _ in range(_LONG * 10):
        text = said.read_text("utf-8")
        if text.count(words) >= times:
            return text
        time.sleep(0.1)
    pytest.fail(f"“{words}” was never said: {said.read_text('utf-8')}")


def fetched(address: str) -> str:
    for _ in range(_LONG * 10):
        with suppress(OSError), urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())
        time.sleep(0.1)
    pytest.fail(f"no page at {address}")


def test_a_preview_follows_the_data_and_says_when_it_cannot(publisher: Path) -> None:
    with serving(publisher) as (base, said, _):
        until(said, "网页已更新")
        page = fetched(f"{base}units/shili/2022/projects/shili-daolu/")
        assert "示例道路维护" in page
        assert "Content-Security-Policy" not in page
        time.sleep(1.5)  # The watcher looks twice a second.
        change(
            publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        text = until(said, "没有更新：请改正上面的错误并保存")
        assert "DF-03" in text
        again = fetched(f"{base}units/shili/2022/projects/shili-daolu/")
        assert again.partition("<script>")[0] == page.partition("<script>")[0]


def test_a_preview_takes_from_the_site_what_mkdocs_would_make_again(publisher: Path) -> None:
    made = run("gongkai", "build", folder=publisher)
    assert made.returncode == 0, made.stderr
    folder = publisher / ".gongkai"
    beside, own = folder / "site" / "frame", folder / ".gongkai" / "preview" / "frame"
    (beside / "made-before.txt").write_text("MkDocs makes no such file")
    with serving(publisher) as (base, said, _):
        until(said, "网页已更新")
        page = fetched(f"{base}units/shili/2022/")
        assert "livereload(" in page
        assert "Content-Security-Policy" not in page
    kept = (publisher / "site/units/shili/2022/index.html").read_text("utf-8")
    assert "Content-Security-Policy" in kept
    same = [path.relative_to(beside) for path in beside.rglob("*") if path.is_file()]
    assert same
    assert all((beside / each).read_bytes() == (own / each).read_bytes() for each in same)


def test_only_what_a_preview_shows_is_watched(publisher: Path) -> None:
    units = publisher / "data" / "units"
    (units / "other").mkdir()
    assert [each.name for each in listed(f"{units}", frozenset({"shili"}), f"{units}")] == ["shili"]
    assert len(list(listed(f"{units}", frozenset(), f"{units}"))) == 2
    every = {path.name for path in (units / "shili").iterdir()}
    found = listed(f"{units}", frozenset({"shili"}), f"{units / 'shili'}")
    assert {each.name for each in found} == every


def test_a_preview_notices_that_its_unit_went_away_and_came_back(publisher: Path) -> None:
    unit = publisher / "data" / "units" / "shili"
    with serving(publisher) as (_, said, _):
        until(said, "网页已更新")
        time.sleep(1.5)
        unit.rename(publisher / "away")
        until(said, "没有代号为“shili”的单位")
        until(said, "没有更新：请改正上面的错误并保存")
        (publisher / "away").rename(unit)
        before = until(said, "网页已更新", 2)
        assert "Traceback" not in before
        change(
            publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        until(said, "DF-03")


def test_a_broken_configuration_is_told_and_may_be_mended(publisher: Path) -> None:
    config = publisher / "mkdocs.yml"
    right = config.read_text("utf-8")
    config.write_text("site_name: [\n", "utf-8")
    done = run("gongkai", "build", folder=publisher)
    assert done.returncode != 0
    assert "mkdocs.yml 读不懂，网站没有改动" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    config.write_text(right, "utf-8")
    with serving(publisher) as (_, said, _):
        until(said, "网页已更新")
        time.sleep(1.5)
        config.write_text("site_name: [\n", "utf-8")
        text = until(said, "没有更新：请改正上面的错误并保存")
        assert "mkdocs.yml 读不懂，网站没有改动" in text
        assert "Traceback" not in text
        config.write_text(right, "utf-8")
        until(said, "网页已更新", 2)


def test_a_preview_of_faulty_data_says_that_there_is_none_yet(publisher: Path) -> None:
    change(
        publisher / "data" / PROJECT, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"}
    )
    with serving(publisher) as (_, said, _):
        until(said, "还没有网页可看")


def test_an_unknown_unit_is_told(publisher: Path) -> None:
    done = run("gongkai", "serve", "--unit", "nobody", folder=publisher)
    assert done.returncode != 0
    assert "没有代号为“nobody”的单位" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
