"""Content-hashed names: what a page loads is never another release's."""

import hashlib
import re
from pathlib import Path

import pytest

from gongkai.build.theme.asset_names import hash_asset_names
from tests.commands import run_gongkai
from tests.site_pages import find_asset

LOADED = re.compile(
    r'<(?:script|link rel="(?:stylesheet|icon|modulepreload)"|img)[^>]*?\s(?:src|href)="([^"]*)"'
)
HASHED = re.compile(r"\.[0-9a-f]{8}\.(?:min\.)?\w+$")
FILES = {
    "index.html": '<link rel="stylesheet" href="a/look.css"><script src="a/main.js"></script>'
    '<img src="a/pic.png" alt=""><a href="a/pic.png">a/main.js</a><a href=\'a/main.js\'></a>',
    "b/index.html": "<img src=../a/%E5%9B%BE.png alt=''><script src='../a/main.js#x'></script>"
    '<script src="https://example.com/a/main.js"></script>',
    "404.html": '<script src="/jixiao/a/main.js"></script><script src="/a/main.js"></script>',
    "a/main.js": 'import { x } from "./sub/one.js";\nconst load = () => import("./two.min.js");\n',
    "a/sub/one.js": 'import "../two.min.js"; // "./main.js"\n',
    "a/two.min.js": "import './main.js'\n",
    "a/look.css": '@import "more.css"; p { background: url(../a/pic.png), url("data:,x") }\n',
    "a/more.css": "p { top: 0 }\n",
    "a/pic.png": "pic",
    "a/图.png": "图",
    "a/unused.png": "unused",
}  # fmt: skip


def write_files(folder: Path, changes: dict[str, str] | None = None) -> Path:
    for name, text in (FILES | (changes or {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    hash_asset_names(folder, "https://gongkai.example/jixiao/")
    return folder


def names(folder: Path) -> dict[str, str]:
    """Return the names of renamed and copied files by their names without hashes."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    return {re.sub(r"\.[0-9a-f]{8}\b", "", path): path for path in paths if HASHED.search(path)}


def test_everything_that_is_loaded_has_its_hash_in_its_name(tmp_path: Path) -> None:
    site = write_files(tmp_path)
    new = names(site)
    assert set(new) == {
        *("a/main.js", "a/sub/one.js", "a/two.min.js", "a/look.css", "a/more.css"),
        *("a/pic.png", "a/图.png"),
    }
    left = {path.relative_to(site).as_posix() for path in site.rglob("*.*")} - set(new.values())
    assert left == {*(name for name in FILES if not name.endswith((".js", ".css")))}
    assert new["a/two.min.js"].endswith(".min.js")
    texts = {name: (site / new.get(name, name)).read_text("utf-8") for name in FILES}
    main, picture = new["a/main.js"], new["a/pic.png"]
    assert texts["index.html"] == (
        f'<link rel="stylesheet" href="{new["a/look.css"]}"><script src="{main}"></script>'
        f'<img src="{picture}" alt=""><a href="a/pic.png">a/main.js</a><a href=\'{main}\'></a>'
    )
    chinese = new["a/图.png"].replace("图", "%E5%9B%BE")
    assert texts["b/index.html"] == (
        f"<img src=../{chinese} alt=''><script src='../{main}#x'></script>"
        '<script src="https://example.com/a/main.js"></script>'
    )
    assert texts["404.html"] == (
        f'<script src="/jixiao/{main}"></script><script src="/a/main.js"></script>'
    )
    one, two = Path(new["a/sub/one.js"]).name, Path(new["a/two.min.js"]).name
    assert texts["a/main.js"] == (
        f'import {{ x }} from "./sub/{one}";\nconst load = () => import("./{two}");\n'
    )
    assert texts["a/sub/one.js"] == f'import "../{two}"; // "./main.js"\n'
    assert texts["a/two.min.js"] == f"import './{Path(main).name}'\n"
    assert texts["a/look.css"] == (
        f'@import "{Path(new["a/more.css"]).name}"; '
        f'p {{ background: url(../{picture}), url("data:,x") }}\n'
    )


@pytest.mark.parametrize(
    ("changed", "renamed"),
    [
        ("a/two.min.js", {"a/main.js", "a/sub/one.js", "a/two.min.js"}),
        ("a/main.js", {"a/main.js", "a/sub/one.js", "a/two.min.js"}),
        ("a/more.css", {"a/more.css", "a/look.css"}),
        ("a/look.css", {"a/look.css"}),
        ("a/pic.png", {"a/pic.png", "a/look.css"}),
        ("a/unused.png", set()),
        ("index.html", set()),
    ],
)
def test_a_name_changes_with_all_that_is_loaded(
    tmp_path: Path, changed: str, renamed: set[str]
) -> None:
    before = names(write_files(tmp_path / "old"))
    after = names(write_files(tmp_path / "new", {changed: f"{FILES[changed]} "}))
    assert {name for name in before if before[name] != after[name]} == renamed


def test_a_name_that_has_its_hash_already_stays(tmp_path: Path) -> None:
    sheet = "p { top: 0 }"
    right, wrong = hashlib.sha256(sheet.encode()).hexdigest()[:8], "20221130"
    page = "".join(f'<link rel="stylesheet" href="{name}.min.css">' for name in (right, wrong))
    page = page.replace('href="', 'href="x.')
    site = write_files(
        tmp_path,
        {"index.html": page, f"x.{right}.min.css": sheet, f"x.{wrong}.min.css": sheet},
    )
    assert (site / "index.html").read_text("utf-8") == page.replace(wrong, f"{wrong}.{right}")
    assert (site / f"x.{right}.min.css").is_file()


def test_pages_load_content_hashed_files_only(built_site: Path) -> None:
    seen = set()
    for page in built_site.rglob("*.html"):
        for address in LOADED.findall(page.read_text("utf-8")):
            folder = built_site if address.startswith("/") else page.parent
            path = (folder / address.lstrip("/")).resolve()
            assert HASHED.search(path.name), (page, address)
            assert path.is_file(), (page, address)
            seen.add(re.sub(r"\.[0-9a-f]{8}\b", "", path.name))
    assert {"site.js", "prefs.js", "box.js", "page.js", "lists.css", "favicon.svg"} <= seen


def test_a_changed_script_changes_the_pages_that_load_it(built_publisher: Path) -> None:
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    site = built_publisher / "site"
    old = find_asset(site, "assets/site.js")
    script = built_publisher / "overrides" / "assets" / "site.js"
    script.write_text(f"{script.read_text('utf-8')}void 0;\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    new = find_asset(site, "assets/site.js")
    assert new.name != old.name
    assert not old.exists()
    texts = [path.read_text("utf-8") for path in site.rglob("*.html")]
    assert not any(old.name in text for text in texts)
    assert sum(new.name in text for text in texts) > 0.9 * len(texts)
