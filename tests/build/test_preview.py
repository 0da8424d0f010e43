"""gongkai serve: it shows pages, reports errors and ends on Ctrl+C."""

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

from gongkai.build.mkdocs.live_reload import scan_folder
from tests.build.test_mkdocs_site import PROJECT, publisher, run
from tests.folders import replace_in_file

__all__ = ["publisher"]
_TIMEOUT = 20
"""Seconds to wait for expected output."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Path, subprocess.Popen[bytes]]]:
    """Run a preview; yield its address, its log file and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = folder / "said.txt"
    # A shell's background processes ignore Ctrl+C, and the preview would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-u", "-m", "gongkai", "serve", "-a", address, "--unit", "shili"]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=folder, env=os.environ, stderr=out) as process,
    ):
        try:
            yield f"http://{address}/", log, process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                exit_code = process.wait(_TIMEOUT)
            finally:
                process.kill()
        assert exit_code == 0


def wait_for(log: Path, message: str, times: int = 1) -> str:
    """Wait until the log contains a message a number of times; return the log."""
    for _ in range(_TIMEOUT * 10):
        text = log.read_text("utf-8")
        if text.count(message) >= times:
            return text
        time.sleep(0.1)
    pytest.fail(f"“{message}” was never logged: {log.read_text('utf-8')}")


def fetch_page(address: str) -> str:
    for _ in range(_TIMEOUT * 10):
        with suppress(OSError), urllib.request.urlopen(address) as response:  # noqa: S310 - our own
            return str(response.read().decode())
        time.sleep(0.1)
    pytest.fail(f"no page at {address}")


def test_a_preview_follows_the_data_and_reports_errors(publisher: Path) -> None:
    with serving(publisher) as (base, log, _):
        wait_for(log, "网页已更新")
        page = fetch_page(f"{base}units/shili/2022/projects/shili-daolu/")
        assert "示例道路维护" in page
        assert "Content-Security-Policy" not in page
        time.sleep(1.5)  # The watcher polls twice a second.
        replace_in_file(
            publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        text = wait_for(log, "没有更新：请改正上面的错误并保存")
        assert "DF-03" in text
        page_after_error = fetch_page(f"{base}units/shili/2022/projects/shili-daolu/")
        assert page_after_error.partition("<script>")[0] == page.partition("<script>")[0]


def test_a_preview_copies_the_sites_mkdocs_output(publisher: Path) -> None:
    done = run("gongkai", "build", folder=publisher)
    assert done.returncode == 0, done.stderr
    folder = publisher / ".gongkai"
    site_output, preview_output = (
        folder / "site" / "frame",
        folder / ".gongkai" / "preview" / "frame",
    )
    (site_output / "made-before.txt").write_text("MkDocs makes no such file")
    with serving(publisher) as (base, log, _):
        wait_for(log, "网页已更新")
        page = fetch_page(f"{base}units/shili/2022/")
        assert "livereload(" in page
        assert "Content-Security-Policy" not in page
    site_page = (publisher / "site/units/shili/2022/index.html").read_text("utf-8")
    assert "Content-Security-Policy" in site_page
    names = [path.relative_to(site_output) for path in site_output.rglob("*") if path.is_file()]
    assert names
    assert all(
        (site_output / name).read_bytes() == (preview_output / name).read_bytes() for name in names
    )


def test_only_the_previewed_units_are_watched(publisher: Path) -> None:
    units = publisher / "data" / "units"
    (units / "other").mkdir()
    watched = scan_folder(f"{units}", frozenset({"shili"}), f"{units}")
    assert [entry.name for entry in watched] == ["shili"]
    assert len(list(scan_folder(f"{units}", frozenset(), f"{units}"))) == 2
    names = {path.name for path in (units / "shili").iterdir()}
    entries = scan_folder(f"{units}", frozenset({"shili"}), f"{units / 'shili'}")
    assert {entry.name for entry in entries} == names


def test_a_preview_notices_that_its_unit_disappears_and_comes_back(publisher: Path) -> None:
    unit = publisher / "data" / "units" / "shili"
    with serving(publisher) as (_, log, _):
        wait_for(log, "网页已更新")
        time.sleep(1.5)
        unit.rename(publisher / "away")
        wait_for(log, "没有代号为“shili”的单位")
        wait_for(log, "没有更新：请改正上面的错误并保存")
        (publisher / "away").rename(unit)
        text = wait_for(log, "网页已更新", 2)
        assert "Traceback" not in text
        replace_in_file(
            publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        wait_for(log, "DF-03")


def test_a_broken_configuration_is_reported_and_can_be_corrected(publisher: Path) -> None:
    config = publisher / "mkdocs.yml"
    valid_config = config.read_text("utf-8")
    config.write_text("site_name: [\n", "utf-8")
    done = run("gongkai", "build", folder=publisher)
    assert done.returncode != 0
    assert "mkdocs.yml 读不懂，网站没有改动" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    config.write_text(valid_config, "utf-8")
    with serving(publisher) as (_, log, _):
        wait_for(log, "网页已更新")
        time.sleep(1.5)
        config.write_text("site_name: [\n", "utf-8")
        text = wait_for(log, "没有更新：请改正上面的错误并保存")
        assert "mkdocs.yml 读不懂，网站没有改动" in text
        assert "Traceback" not in text
        config.write_text(valid_config, "utf-8")
        wait_for(log, "网页已更新", 2)


def test_a_first_preview_of_faulty_data_reports_that_it_has_no_pages(publisher: Path) -> None:
    replace_in_file(
        publisher / "data" / PROJECT, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"}
    )
    with serving(publisher) as (_, log, _):
        wait_for(log, "还没有网页可看")


def test_an_unknown_unit_is_reported(publisher: Path) -> None:
    done = run("gongkai", "serve", "--unit", "nobody", folder=publisher)
    assert done.returncode != 0
    assert "没有代号为“nobody”的单位" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
