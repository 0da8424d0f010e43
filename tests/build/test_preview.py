"""gongkai serve: it shows pages, reports errors and ends on Ctrl+C."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.build.mkdocs.live_reload import scan_folder
from gongkai.build.mkdocs.preview import address_message
from gongkai.cli import main
from tests.build.test_mkdocs_site import PROJECT, publisher
from tests.commands import run_gongkai
from tests.folders import replace_in_file

__all__ = ["publisher"]
_PATIENCE = 600
"""Seconds after which a preview that hangs is killed, and the test fails."""


@dataclass(frozen=True)
class Preview:
    """A running preview."""

    process: subprocess.Popen[str]
    base: str
    """Its address."""

    def wait_for(self, message: str) -> str:
        """Read the log up to a line with a message; return what was read."""
        assert self.process.stderr
        text = ""
        for line in self.process.stderr:
            text += line
            if message in line:
                return text
        pytest.fail(f"the preview ended without “{message}”: {text}")

    def fetch_page(self, url: str) -> str:
        """Return a page; the server waits while a rebuild is running."""
        with urllib.request.urlopen(self.base + url) as response:  # noqa: S310 - our own
            return str(response.read().decode())


@contextmanager
def serving(folder: Path, *command: str) -> Iterator[Preview]:
    """Run a preview, by default gongkai's; at the end, interrupt it and check that it ends well."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    # A shell's background processes ignore Ctrl+C, and the preview would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    program = command or ("gongkai", "serve", "--unit", "shili")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", *program, "-a", address],
        cwd=folder,
        env=os.environ,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        watchdog = threading.Timer(_PATIENCE, process.kill)
        watchdog.start()
        try:
            yield Preview(process, f"http://{address}/")
        finally:
            process.send_signal(signal.SIGINT)
            _, rest = process.communicate()
            watchdog.cancel()
        assert process.returncode == 0, rest


_WATCHING = "请用浏览器打开"
"""Logged when the server answers and its watcher knows the state of all files."""


def test_a_preview_follows_the_data_and_reports_errors(publisher: Path) -> None:
    with serving(publisher) as preview:
        preview.wait_for("网页已更新")
        preview.wait_for(_WATCHING)
        page = preview.fetch_page("units/shili/2022/projects/shili-daolu/")
        assert "示例道路维护" in page
        assert "Content-Security-Policy" not in page
        replace_in_file(
            publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        text = preview.wait_for("网页已更新，有 1 处错误，标在网页上方；请改正并保存")
        assert "DF-03" in text
        faulty = preview.fetch_page("units/shili/2022/projects/shili-daolu/")
        assert '<div role="alert"' in faulty
        assert "总分填报 98，各项得分合计为 99，相差 1" in faulty
        other = preview.fetch_page("units/shili/2022/report/")
        assert "别处还有 1 处错误，见命令窗口" not in page
        assert "（DF-03 得分合计）" in other


@pytest.mark.long
def test_mkdocs_serve_follows_the_data_and_reports_errors(publisher: Path) -> None:
    """With the pages that hooks change; a page under repair stays as it was."""
    hook = "def on_page_markdown(markdown, page, **_):\n    return markdown + '\\n\\n示例钩子\\n'\n"
    (publisher / "hook.py").write_text(hook, "utf-8")
    with (publisher / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("hooks: [hook.py]\n")
    project, url = publisher / "data" / PROJECT, "units/shili/2022/projects/shili-daolu/"
    with serving(publisher, "mkdocs", "serve") as preview:
        preview.wait_for("Serving on")
        page = preview.fetch_page(url)
        assert "<p>示例钩子</p>" in page
        assert "livereload(" in page
        replace_in_file(project, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"})
        text = preview.wait_for("没有更新：请改正上面的错误并保存；现在看到的仍是原来的网页")
        assert text.count("DF-03") == 1
        assert "Traceback" not in text
        preview.wait_for("Reloading browsers")
        assert preview.fetch_page(url).partition("<script>")[0] == page.partition("<script>")[0]
        replace_in_file(
            project,
            {
                "总分: {分值: 100, 得分: 98}": "总分: {分值: 100, 得分: 99}",
                "    改进措施: 错峰施工": "    改进措施: 夜间施工",
            },
        )
        preview.wait_for("网页已更新")
        page = preview.fetch_page(url)
        assert "夜间施工" in page
        assert "<p>示例钩子</p>" in page


def test_a_preview_copies_the_sites_mkdocs_output(built_publisher: Path) -> None:
    folder = built_publisher / ".gongkai"
    site_output, preview_output = (
        folder / "site" / "frame",
        folder / ".gongkai" / "preview" / "frame",
    )
    (site_output / "made-before.txt").write_text("MkDocs makes no such file")
    with serving(built_publisher) as preview:
        preview.wait_for("网页已更新")
        preview.wait_for(_WATCHING)
        page = preview.fetch_page("units/shili/2022/")
        assert "livereload(" in page
        assert "Content-Security-Policy" not in page
    site_page = (built_publisher / "site/units/shili/2022/index.html").read_text("utf-8")
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


@pytest.mark.long
def test_a_preview_notices_that_its_unit_disappears_and_comes_back(built_publisher: Path) -> None:
    unit = built_publisher / "data" / "units" / "shili"
    with serving(built_publisher) as preview:
        preview.wait_for(_WATCHING)
        unit.rename(built_publisher / "away")
        text = preview.wait_for("没有代号为“shili”的单位")
        text += preview.wait_for("没有更新：请改正上面的错误并保存")
        (built_publisher / "away").rename(unit)
        text += preview.wait_for("网页已更新")
        assert "Traceback" not in text
        replace_in_file(
            built_publisher / "data" / PROJECT,
            {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"},
        )
        preview.wait_for("DF-03")


@pytest.mark.long
def test_a_broken_configuration_is_reported_and_can_be_corrected(built_publisher: Path) -> None:
    config = built_publisher / "mkdocs.yml"
    valid_config = config.read_text("utf-8")
    config.write_text("site_name: [\n", "utf-8")
    done = run_gongkai("build", folder=built_publisher)
    assert done.returncode != 0
    assert "mkdocs.yml 读不懂，网站没有改动" in done.stdout + done.stderr
    config.write_text(valid_config, "utf-8")
    with serving(built_publisher) as preview:
        text = preview.wait_for(_WATCHING)
        assert "网页已更新" in text
        config.write_text("site_name: [\n", "utf-8")
        text = preview.wait_for("没有更新：请改正上面的错误并保存")
        assert "mkdocs.yml 读不懂，网站没有改动" in text
        assert "Traceback" not in text
        config.write_text(valid_config, "utf-8")
        preview.wait_for("网页已更新")


def test_a_first_preview_of_faulty_data_shows_pages_with_their_errors(publisher: Path) -> None:
    replace_in_file(
        publisher / "data" / PROJECT, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"}
    )
    with serving(publisher) as preview:
        preview.wait_for("网页已更新，有 1 处错误")
        preview.wait_for(_WATCHING)
        page = preview.fetch_page("units/shili/2022/projects/shili-daolu/")
        assert page.index('<div role="alert"') < page.index("<h1")


def test_a_preview_without_any_page_says_why(publisher: Path) -> None:
    (publisher / "data/site.yml").write_text("站点名称:\n", "utf-8")
    with serving(publisher) as preview:
        preview.wait_for("没有更新：请改正上面的错误并保存")
        preview.wait_for(_WATCHING)
        page = preview.fetch_page("units/")
        assert "还没有网页可看；改正并保存后自动生成。" in page
        assert '<div role="alert"' in page


def test_an_unknown_unit_is_reported(publisher: Path) -> None:
    done = run_gongkai("serve", "--unit", "nobody", folder=publisher)
    assert done.returncode != 0
    assert "没有代号为“nobody”的单位" in done.stdout + done.stderr


def test_address_in_use(publisher: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_gongkai("serve", "-a", f"127.0.0.1:{port}", folder=publisher)
    assert done.returncode == 1
    assert (
        f"不能在 127.0.0.1:{port} 预览：端口已被占用；"
        f"可能已经开着一个预览，请先把它结束，或用 -a 127.0.0.1:{port + 1} 换一个端口"
        in done.stdout
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            OSError(errno.EACCES, "Permission denied"),
            "不能在 a:80 预览：没有权限；1024 以下的端口要管理员权限，请用 -a 换一个，例如 -a 127.0.0.1:8000",
        ),
        (
            OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address"),
            "不能在 a:80 预览：本机没有这个地址；请用 -a 写本机的地址，例如 -a 127.0.0.1:8000",
        ),
        (
            socket.gaierror(-2, "Name or service not known"),
            "不能在 a:80 预览：没有这个主机名；请用 -a 写本机的地址，例如 -a 127.0.0.1:8000",
        ),
        (
            OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol"),
            "不能在 a:80 预览：本机不支持这种地址；请用 -a 写本机的地址，例如 -a 127.0.0.1:8000",
        ),
        (
            OSError(errno.EMFILE, "Too many open files"),
            "不能在 a:80 预览：打开的文件太多（用 ulimit -n 放宽）；请用 -a 写本机的地址，例如 -a 127.0.0.1:8000",
        ),
    ],
)
def test_address_that_cannot_be_used(error: OSError, message: str) -> None:
    assert address_message(error, "a", 80) == message


@pytest.mark.parametrize(
    "address", ["8000", "127.0.0.1", "127.0.0.1:", ":8000", "a:b", "a:0", "a:70000"]
)
def test_address_that_is_none(address: str) -> None:
    result = CliRunner().invoke(main, ["serve", "-a", address])
    assert result.exit_code == 2
    assert f"“{address}”不是“地址:端口”，例如 127.0.0.1:8000；端口是 1 到 65535" in result.stderr
