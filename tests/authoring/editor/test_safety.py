"""The editor's server answers its own pages only: DNS rebinding, CSRF, path traversal."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from gongkai.authoring.editor.guard import POLICY
from gongkai.authoring.editor.server import EditorServer, listen
from gongkai.cli import main
from tests.authoring.editor.serving import YEAR, serve_editor
from tests.folders import example_data

EDIT = {
    "file": "overall.yml",
    "edits": [{"place": ["overall.yml", "总分", "得分"], "value": "1", "old": None}],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorServer]:
    data = example_data(tmp_path_factory.mktemp("safety"))
    with serve_editor(data) as editor:
        yield editor


def request_page(
    server: EditorServer,
    path: str,
    *,
    token: str = "",
    content: object = None,
    **headers: str,
) -> tuple[int, str, dict[str, str]]:
    """Send a request as the editor's page would, except for the given headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    own = {"Host": f"127.0.0.1:{server.port}"}
    if content is not None:
        own |= {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
    method = "GET" if content is None else "POST"
    body = None if content is None else json.dumps(content)
    connection.request(
        method,
        f"/{token or server.token}/{path}",
        body,
        {name: value for name, value in sent.items() if value},
    )
    response = connection.getresponse()
    answer = response.status, response.read().decode(), dict(response.getheaders())
    connection.close()
    return answer


def test_own_pages_are_answered_with_a_strict_policy(server: EditorServer) -> None:
    status, text, headers = request_page(server, "")
    assert status == 200
    assert "示例单位" in text
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["Referrer-Policy"] == "no-referrer"
    assert server.listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}"]
)
def test_names_that_lead_here_are_refused(server: EditorServer, host: str) -> None:
    """A site whose name is made to point at this machine (DNS rebinding) has its own Host."""
    status, text, _ = request_page(server, "", Host=host.format(port=server.port))
    assert (status, "示例单位" in text) == (403, False)


@pytest.mark.parametrize("token", ["x", "..", "%2e%2e", "static"])
def test_addresses_without_the_token_are_refused(server: EditorServer, token: str) -> None:
    assert request_page(server, "", token=token)[0] == 403
    assert request_page(server, "api/quit", token=token, content={})[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_requests_of_other_sites_change_nothing(
    server: EditorServer, headers: dict[str, str]
) -> None:
    sent = {name: value.format(port=server.port) for name, value in headers.items()}
    path = f"api/{YEAR.removeprefix('units/')}edit"
    assert request_page(server, path, content=EDIT, **sent)[0] == 403
    status, text, _ = request_page(server, path.replace("edit", "state"), content={})
    assert (status, json.loads(text)["unsaved"]) == (200, [])


@pytest.mark.parametrize(
    "path",
    [
        "static/../web_app.py",
        "static/..%2fweb_app.py",
        "static/%2e%2e/%2e%2e/new_files.py",
        "units/../../site.yml",
        f"{YEAR}../../../site.yml",
        f"{YEAR}..%2f..%2f..%2fsite.yml",
        f"{YEAR}projects%2f..%2f..%2f..%2fsite.yml",
        "units/shili/1999/",
        "units/..%2fshili/2022/",
    ],
)
def test_paths_lead_to_no_other_files(server: EditorServer, path: str) -> None:
    status, text, _ = request_page(server, path)
    assert status == 404, text
    assert "站点名称" not in text


@pytest.mark.parametrize(
    "file", ["../../../site.yml", "/etc/hostname", ".hidden", "..\\..\\unit.yml", "nothing.yml"]
)
def test_edits_reach_no_other_files(server: EditorServer, file: str) -> None:
    path = f"api/{YEAR.removeprefix('units/')}edit"
    edit = {"edits": [{"place": [file, "名称"], "value": "x", "old": None}]}
    status, text, _ = request_page(server, path, content=edit)
    assert (status, json.loads(text)["message"]) == (
        422,
        f"没有文件“{file}”；请重新打开这一页",
    )


def test_texts_of_the_data_are_never_markup(tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    names = {
        f"{YEAR}projects/shili-daolu.yml": {
            "项目名称: 示例道路维护\n自评报告": f"项目名称: '{hostile}'\n自评报告"
        },
        f"{YEAR}overall.yml": {
            "三级指标: 维护示例道路": f"三级指标: '{hostile}'",
            "≥95%": f"'{hostile}'",
        },
        f"{YEAR}report.md": {"\n---\n": f"\n---\n\n</textarea>{hostile}\n"},
    }
    with serve_editor(example_data(tmp_path, names)) as server:
        for path in (
            "",
            f"{YEAR}overall.yml",
            f"{YEAR}projects/shili-daolu.yml",
            f"{YEAR}report.md",
            f"{YEAR}disclosure.yml",
            f"preview/{YEAR.removeprefix('units/')}overall.yml",
            "hand-in/shili/",
            f"import/{YEAR.removeprefix('units/')}",
        ):
            status, text, _ = request_page(server, path)
            assert status == 200, path
            assert "<img" not in text, path
            assert text.count("<textarea") == text.count("</textarea>"), path
        state = f"api/{YEAR.removeprefix('units/')}state"
        _, text, _ = request_page(server, state, content={"file": "overall.yml"})
        assert "<img" not in json.loads(text)["html"]


def test_the_next_port_is_used_if_one_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = listen(port)
        assert server.port != port
        assert server.taken[0] == port
        server.listener.close()


def test_a_page_can_end_the_editor(tmp_path: Path) -> None:
    with serve_editor(example_data(tmp_path)) as server:
        status, text, _ = request_page(server, "api/quit", content={})
        assert (status, json.loads(text)) == (
            200,
            {"message": "填报台已关闭，可以关掉这个窗口"},
        )
    with pytest.raises(ConnectionRefusedError):
        request_page(server, "")


@pytest.mark.long
def test_the_command_ends_on_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gongkai", "edit", "--no-browser", "--port", "0"]
    command += ["--data", f"{example_data(tmp_path)}"]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline().startswith("填报台已打开：http://127.0.0.1:")
        time.sleep(0.5)
        editor.send_signal(signal.SIGINT)
        _, error = editor.communicate(timeout=60)
    assert (editor.returncode, error.splitlines()[-1]) == (0, "填报台已结束")


def test_a_unit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    from click.testing import CliRunner  # noqa: PLC0415

    data = example_data(tmp_path)
    result = CliRunner().invoke(main, ["edit", "--data", f"{data}", "--unit", "nobody"])
    assert result.exit_code == 2
    assert "没有代号为“nobody”的单位" in result.output
