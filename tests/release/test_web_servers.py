"""The web servers' settings in the handbook, as printed there, run by Debian's servers."""

import contextlib
import gzip
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.release.hashed_files import HASHED_NAME
from tests.commands import run_gongkai, run_program
from tests.edits import DAYS
from tests.folders import ROOT, copy_publisher, example_data
from tests.site_pages import find_asset

pytestmark = pytest.mark.long
HOST = "gongkai.example"
PAGE = "/units/shili/2022/"
HANDBOOK = (ROOT / "content/guide/server.md").read_text("utf-8")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
APACHE_DEFAULTS = ("mpm_event", "authz_core", "authz_host", "alias", "dir", "mime", "setenvif")
"""Modules that Debian's Apache has switched on, as far as the settings need them."""
PROGRAMS = {"nginx": "nginx", "apache": "apache2", "caddy": "caddy"}
TYPES = {
    PAGE: "text/html; charset=utf-8",
    f"{PAGE}index.csv": "text/csv; charset=utf-8",
    f"{PAGE}index.json": "application/json",
    "/data/catalog.jsonld": "application/ld+json",
    "/data/whole/gongkai.zip": "application/zip",
    "/data/whole/gongkai.sqlite": "application/vnd.sqlite3",
    "/data/whole/values.parquet": "application/vnd.apache.parquet",
    "/data/whole/SHA256SUMS": "text/plain; charset=utf-8",
    "/SHA256SUMS": "text/plain; charset=utf-8",
    "/feed.xml": "text/xml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/assets/favicon.svg": "image/svg+xml",
}
"""Addresses with the Content-Type that they have to have."""
SAME_TYPES = {"application/javascript": "text/javascript", "application/xml": "text/xml"}


def code_blocks(language: str, heading: str) -> list[str]:
    """Return the code blocks of a language in the handbook's section with this anchor."""
    section = HANDBOOK.partition(f"{{#{heading}}}")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """A server's answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Content-Type in one spelling, as JavaScript and XML have two names."""
        name, _, parameters = self.headers.get("content-type", "").lower().partition(";")
        charset = f"; {parameters.strip()}" if parameters else ""
        return SAME_TYPES.get(name, name) + charset


@dataclass(frozen=True)
class WebServer:
    """A running server with the handbook's settings."""

    port: int
    certificate: Path
    prefix: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """Return the answer for a path; headers are written with underscores."""
        context = ssl.create_default_context(cafile=f"{self.certificate}")
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        with context.wrap_socket(raw, server_hostname=HOST) as connection:
            client = http.client.HTTPConnection(HOST)
            client.sock = connection
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            client.request("GET", f"{self.prefix}{path}", headers=fields)
            response = client.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())


@pytest.fixture(scope="module")
def released_site() -> Iterator[Path]:
    """A release folder that another user can read, as /srv; with its certificate beside it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        root = Path(name)
        root.chmod(0o755)
        folder = copy_publisher(root / "publisher")
        example_data(folder)
        with (folder / "data" / "site.yml").open("a", encoding="utf-8") as site:
            site.write("整体下载: [CSV, SQLite, Parquet]\n")
        arguments = ("release", "--demo", "../srv/gongkai", "--no-git", "--today", DAYS[0])
        done = run_gongkai(*arguments, folder=folder)
        assert done.returncode == 0, done.stderr
        names = ("-keyout", "gongkai.key", "-out", "gongkai.crt", "-subj", f"/CN={HOST}")
        extension = ("-addext", f"subjectAltName=DNS:{HOST}", "-days", "2")
        command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, *extension)
        assert run_program(*command, folder=root).returncode == 0
        yield root


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def adapt(text: str, root: Path) -> str:
    """Change what a reader of the handbook has to change: certificate and folders."""
    return text.replace("/etc/ssl/", f"{root}/").replace("/srv/", f"{root}/srv/")


def nginx_command(text: str, folder: Path, port: int) -> list[str]:
    settings = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{settings}\n}}\n"
    )
    return ["nginx", "-p", f"{folder}", "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]


def apache_command(text: str, folder: Path, port: int) -> list[str]:
    line = next(block for block in code_blocks("", "apache") if block.startswith("a2enmod"))
    modules = {*APACHE_DEFAULTS, *line.split()[1:], "socache_shmcb"}  # ssl depends on the last.
    loading = "".join(
        f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n"
        for name in sorted(modules, key=lambda name: (name != "mpm_event", name))
    )
    defaults = "".join(
        f"IncludeOptional /etc/apache2/mods-available/{name}.conf\n"
        for name in ("mime", "deflate", "dir", "ssl")
    )
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/log\n"
        f"ServerName {HOST}\nListen 127.0.0.1:{port}\n{user}{loading}{defaults}"
        f"<Directory />\nRequire all denied\n</Directory>\n{text.replace('*:443', f'*:{port}')}"
    )
    return ["apache2", "-D", "FOREGROUND", "-f", f"{folder}/apache.conf"]


def caddy_command(text: str, folder: Path, port: int) -> list[str]:
    settings = text.replace(f"{HOST} {{", f"https://{HOST}:{port} {{\n\tbind 127.0.0.1", 1)
    options = "admin off\n\tauto_https disable_redirects"
    (folder / "Caddyfile").write_text(f"{{\n\t{options}\n}}\n{settings}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


COMMANDS = {"nginx": nginx_command, "apache": apache_command, "caddy": caddy_command}


@contextlib.contextmanager
def run_server(name: str, text: str, root: Path, prefix: str = "") -> Iterator[WebServer]:
    """Run a server with some settings until it is no longer needed."""
    if not shutil.which(PROGRAMS[name], path=f"{os.environ['PATH']}:/usr/sbin"):
        pytest.fail(
            f"没有找到 {name}：请运行 make test-long，它会安装，或者说明怎样安装", pytrace=False
        )
    with tempfile.TemporaryDirectory(dir=root) as folder_name:
        folder, port = Path(folder_name), free_port()
        command = COMMANDS[name](adapt(text, root), folder, port)
        environment = os.environ | {
            "PATH": f"{os.environ['PATH']}:/usr/sbin",
            "APACHE_RUN_DIR": f"{folder}",
            "HOME": f"{folder}",
        }
        output = folder / "output"
        with output.open("wb") as file:
            process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        try:
            wait_for_port(port, process, output)
            yield WebServer(port, root / "gongkai.crt", prefix)
        finally:
            process.terminate()
            process.wait(30)


def wait_for_port(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, output.read_text("utf-8")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(output.read_text("utf-8"))


def settings_of(name: str) -> str:
    language = {"caddy": "caddyfile"}.get(name, name)
    return "\n".join(code_blocks(language, name))


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def server(request: pytest.FixtureRequest, released_site: Path) -> Iterator[WebServer]:
    """A server of every kind."""
    with run_server(request.param, settings_of(request.param), released_site) as web_server:
        yield web_server


def live(root: Path, path: str) -> bytes:
    """Return a file of the live release."""
    name = f"{path}index.html" if path.endswith("/") else path
    return (root / "srv" / "gongkai" / "current" / name.lstrip("/")).read_bytes()


@pytest.fixture(scope="module")
def index_file(released_site: Path) -> str:
    """A file of the search index."""
    current = released_site / "srv" / "gongkai" / "current"
    return f"/{next(current.glob('search/data.*/**/*.bin')).relative_to(current).as_posix()}"


def test_types_and_charsets(server: WebServer, released_site: Path, index_file: str) -> None:
    expected = TYPES | {index_file: "application/octet-stream"}
    answers = {path: server.get(path) for path in expected}
    assert {path: answer.media_type for path, answer in answers.items()} == expected
    for path, answer in answers.items():
        assert (answer.status, answer.body) == (200, live(released_site, path)), path
    site = released_site / "srv" / "gongkai" / "current"
    script = find_asset(site, "assets/site.js").relative_to(site).as_posix()
    assert server.get(f"/{script}").media_type == "text/javascript; charset=utf-8"


def test_security_headers(server: WebServer) -> None:
    for path in (PAGE, f"{PAGE}index.csv", "/nirgends/", "/assets/favicon.svg"):
        headers = server.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert (
            not re.search(r"\d", headers.get("server", "")) or "apache" in headers["server"].lower()
        )


def test_errors_and_folders(server: WebServer, released_site: Path) -> None:
    for path in ("/units/nirgends/", "/nirgends.csv", "/nirgends/SHA256SUMS"):
        missing = server.get(path)
        assert (missing.status, missing.body) == (404, live(released_site, "/404.html"))
        assert missing.media_type == "text/html; charset=utf-8"
    folder = server.get("/assets/")
    assert folder.status in {403, 404}
    assert b"charts.css" not in folder.body.replace(live(released_site, "/404.html"), b"")
    moved = server.get("/units")
    assert (moved.status, moved.headers["location"].endswith("/units/")) in {
        (301, True),
        (308, True),
    }
    for path in ("/../.work/lock", "/%2e%2e/.work/lock"):
        assert server.get(path).status in {400, 403, 404}


def test_caching(server: WebServer, released_site: Path) -> None:
    current = released_site / "srv" / "gongkai" / "current"
    hashed = [
        path
        for path in current.glob("**/*")
        if re.search(r"\.[0-9a-f]{8}\.(min\.)?(css|js|svg)$|/data\.[0-9a-f]{8}/.+bin$", f"{path}")
    ]
    assert {".css", ".js", ".svg", ".bin"} == {path.suffix for path in hashed}
    for path in hashed:
        headers = server.get(f"/{path.relative_to(current).as_posix()}").headers
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
    lost = ("/assets/site.00000000.js", "/search/data.00000000/pages.json.bin")
    for name in (PAGE, f"{PAGE}index.csv", "/search/data.json", "/nirgends/", *lost):
        assert server.get(name).headers["cache-control"] == "no-cache"
    for encoding in ("gzip", "identity"):
        answer = server.get(PAGE, Accept_Encoding=encoding)
        again = server.get(PAGE, Accept_Encoding=encoding, If_None_Match=answer.headers["etag"])
        assert (again.status, again.body) == (304, b""), encoding


def check_hashed_files(server: WebServer, root: Path) -> None:
    """A file of any release is there; without the folder of them all, those of the live one are."""
    folder = root / "srv" / "gongkai"
    script = find_asset(folder / "current", "assets/site.js")
    name = script.relative_to(folder / "current").as_posix()
    old_name = re.sub(r"\.[0-9a-f]{8}\.", ".11111111.", name)
    old = folder / "hashed" / old_name
    old.write_text("// 示例", "utf-8")
    lost = (folder / "hashed").with_name("lost")
    answer = server.get(f"/{old_name}")
    assert (answer.status, answer.body.decode()) == (200, "// 示例")
    assert answer.media_type == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    old.unlink()
    (folder / "hashed").rename(lost)
    answer = server.get(f"/{name}")
    lost.rename(folder / "hashed")
    assert (answer.status, answer.body) == (200, script.read_bytes())


def test_hashed_files(server: WebServer, released_site: Path) -> None:
    check_hashed_files(server, released_site)


def test_the_settings_know_the_names_that_releases_gather() -> None:
    patterns = re.findall(r"\\\.\[0-9a-f\]\{8\}\(.*?woff2\)\)", HANDBOOK)
    assert len(patterns) >= 8
    assert {f"{pattern}$" for pattern in patterns} == {HASHED_NAME.pattern}


def test_compression(server: WebServer, released_site: Path, index_file: str) -> None:
    for path in (
        PAGE,
        f"{PAGE}index.csv",
        f"{PAGE}index.json",
        "/data/catalog.jsonld",
        "/feed.xml",
    ):
        answer = server.get(path, Accept_Encoding="gzip")
        assert answer.headers.get("content-encoding") == "gzip", path
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert gzip.decompress(answer.body) == live(released_site, path)
        assert "content-encoding" not in server.get(path).headers
    for path in (index_file, "/data/whole/gongkai.zip", "/data/whole/values.parquet"):
        answer = server.get(path, Accept_Encoding="gzip")
        assert "content-encoding" not in answer.headers, path
        assert answer.body == live(released_site, path)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_precompressed_files(name: str, released_site: Path) -> None:
    """The commands of the handbook make them; the servers send them as they are."""
    (commands,) = code_blocks("sh", "compressed")
    done = run_program("bash", "-c", adapt(commands, released_site), folder=released_site)
    assert done.returncode == 0, done.stderr
    copy = released_site / "srv" / "www" / "live"
    script = f"/{find_asset(copy / 'current', 'assets/site.js').relative_to(copy / 'current').as_posix()}"
    text = settings_of(name).replace("/srv/gongkai", "/srv/www/live")
    with run_server(name, text, released_site) as server:
        for path in (PAGE, f"{PAGE}index.csv", "/data/catalog.jsonld"):
            file = f"{path}index.html" if path.endswith("/") else path
            answer = server.get(path, Accept_Encoding="gzip")
            assert answer.headers.get("content-encoding") == "gzip"
            assert answer.body == (copy / "current" / f"{file}.gz".lstrip("/")).read_bytes(), path
            assert gzip.decompress(answer.body) == live(released_site, path)
            plain = server.get(path)
            assert answer.media_type == plain.media_type
            assert plain.body == live(released_site, path)
        hashed = copy / "hashed" / f"{script}.gz".lstrip("/")
        (copy / "current" / script.lstrip("/")).unlink()
        assert server.get(script, Accept_Encoding="gzip").body == hashed.read_bytes()
        assert server.get(script).body == live(released_site, script)
        missing = server.get("/nirgends/", Accept_Encoding="gzip")
        assert missing.status == 404
    verified = run_gongkai("verify", released_site / "srv" / "gongkai")
    assert verified.returncode == 0, verified.stdout


SUB_PATH_REPLACED = {
    "nginx": r" +root /srv.*?;\n(?= +index)|^ +error_page.*?;\n|^ +location (?:~ \"\\\.|@).*?^    \}\n",
    "apache": r"^ +(?:DocumentRoot|ErrorDocument|RewriteCond|RewriteRule) .*?\n",
    "caddy": r"^\thandle(?: @named|_errors|) \{.*?^\t\}\n",
}
"""What the handbook says to replace, or to leave out, if the site is in a sub-path."""


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_sub_paths(name: str, released_site: Path) -> None:
    (addition,) = code_blocks({"caddy": "caddyfile"}.get(name, name), "sub-path")
    text, count = re.subn(
        SUB_PATH_REPLACED[name], "", settings_of(name), flags=re.DOTALL | re.MULTILINE
    )
    assert count >= 2
    start = {"nginx": "    server_tokens", "apache": "    DirectoryIndex", "caddy": "\ttls "}[name]
    text = text.replace(start, f"{addition}\n{start}", 1)
    with run_server(name, text, released_site, "/jixiao") as server:
        page = server.get(PAGE, Accept_Encoding="gzip")
        assert gzip.decompress(page.body) == live(released_site, PAGE)
        assert page.headers["x-content-type-options"] == "nosniff"
        assert server.get(f"{PAGE}index.csv").media_type == "text/csv; charset=utf-8"
        check_hashed_files(server, released_site)
        for path in ("/nirgends/", "/assets/site.00000000.js"):
            missing = server.get(path)
            assert (missing.status, missing.body) == (404, live(released_site, "/404.html"))


def test_redirects_of_renamed_units(released_site: Path) -> None:
    (line,) = code_blocks("nginx", "redirects")
    text = settings_of("nginx").replace("    server_tokens", f"    {line}    server_tokens", 1)
    with run_server("nginx", text, released_site) as server:
        answer = server.get("/units/old-code/2022/")
        assert (answer.status, answer.headers["location"].endswith("/units/new-code/2022/")) == (
            301,
            True,
        )
