"""Faults of mkdocs.yml and of hand-written pages: MkDocs speaks Chinese, and says where."""

import ast
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs import theme
from mkdocs.commands import build as build_command
from mkdocs.config import base, config_options, defaults
from mkdocs.exceptions import Abort
from mkdocs.structure import files, nav, pages
from mkdocs.utils import yaml as mkdocs_yaml

from gongkai.build.mkdocs.config import read_config
from gongkai.build.mkdocs_messages import translate_mkdocs
from tests.commands import run_gongkai
from tests.folders import ROOT, copy_publisher, example_data

_MODULES = (theme, build_command, base, config_options, defaults, files, nav, pages, mkdocs_yaml)
_CALLS = {"ValidationError", "ConfigurationError", "Abort", "warning", "error", "log"}
_OF_PROGRAMMERS = re.compile(
    r"For internal use only|config_file_path is not|'!relative' tag|Unknown prefix|'dirty' build|"
    r"encountered an error parsing|^Config value|^Sub-option|^Plugin '\{\}'|^\{\}$|Multiple 'on_page|Can't set config_file|but \{\}\.\{\}"
)
"""Texts that only a program can cause, or that hold another text."""


def mkdocs_texts() -> Iterator[str]:
    """Yield the texts of MkDocs' errors and warnings, with {} for what is filled in."""
    for module in _MODULES:
        for node in ast.walk(ast.parse(Path(f"{module.__file__}").read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "") or getattr(
                getattr(node, "func", None), "attr", ""
            )
            if isinstance(node, ast.Call) and name in _CALLS:
                yield from filter(None, map(text_of, node.args))
            elif isinstance(node, ast.Assign) and node.targets:
                target = getattr(node.targets[0], "id", "")
                if target in {"msg", "warning"}:
                    yield from filter(None, [text_of(node.value)])


def text_of(node: ast.expr) -> str:
    """Return a text of at least two words; empty if the node is something else."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(map(str, parts))
    if isinstance(node, ast.BinOp):
        return (text_of(node.left) or "{}") + (text_of(node.right) or "{}")
    text = node.value if isinstance(node, ast.Constant) else ""
    return text if isinstance(text, str) and " " in text else ""


def test_every_text_of_mkdocs_has_a_translation() -> None:
    texts = {text for text in mkdocs_texts() if not _OF_PROGRAMMERS.search(text)}
    assert len(texts) > 40
    filled = {text: text.replace("{}", "x") for text in texts}
    unknown = {
        text
        for text, example in filled.items()
        if "MkDocs 的原话" in translate_mkdocs(example)
        and "MkDocs 的原话" in translate_mkdocs(f"{example}\nKeyError: 'x'")
    }
    assert unknown == set()


def test_translations_are_chinese() -> None:
    """No word of MkDocs is left over."""
    for text in mkdocs_texts():
        chinese = translate_mkdocs(text.replace("{}", "x"))
        if "MkDocs 的原话" not in chinese:
            assert not re.search(r"\b(?:is|not|the|to|of|but|received|Expected)\b", chinese), text


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_publisher(tmp_path_factory.mktemp("publisher"))
    example_data(folder)
    return folder


def read_faulty(
    publisher: Path, changes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> list[str]:
    """Return what is said about mkdocs.yml after a change, the reason why MkDocs stops last."""
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    for old, new in changes.items():
        assert not old or old in text, old
        text = text.replace(old, new, 1) if old else text + new
    path = publisher / "mkdocs.yml"
    path.write_text(text, "utf-8")
    with caplog.at_level(logging.WARNING, "mkdocs"):
        try:
            read_config(path)
            stopped = []
        except Abort as error:
            stopped = [error.message]
    said = [record.getMessage() for record in caplog.records] + stopped
    return [line.replace(f"{publisher}/", "") for line in said]


WRONG, UNREADABLE = "mkdocs.yml 写错了，网站没有改动", "mkdocs.yml 读不懂，网站没有改动"
FAULTS = {
    "a tab": ({"  name: material": "\tname: material"}, ["16:1: 缩进用了制表符（Tab 键）；请改用空格，每级两个", UNREADABLE]),
    "a colon": ({"site_dir: site": "site_dir:site"}, ["9:9: “site_dir:”后面缺一个半角空格；请写成“site_dir: site”", UNREADABLE]),
    "a bracket": ({"": "x: [\n"}, ["{end}:4: “[”没有配对的“]”；请在这一组的末尾补上“]”，若“[”是文字，请给整个值加引号", UNREADABLE]),
    "a conflict": ({"": "<<<<<<< HEAD\n"}, ["{end}:1: 这一行“<<<<<<<”是 git 合并冲突留下的，下面却没有“>>>>>>>”；请只留正确的内容，删去“<<<<<<<”“=======”“>>>>>>>”这几行，再用 git add 提交", UNREADABLE]),
    "a tag": ({"": "x: !shili 1\n"}, ["{end}:4: 不认识的标签“!shili”；请删去，若是文字，请给整个值加引号", UNREADABLE]),
    "a name": ({"notice.NOTICE": "notice.SHILI"}, ["33:11: 没有“SHILI”；请照原来的 mkdocs.yml 改回", UNREADABLE]),
    "a key twice": ({"": "site_dir: site\n"}, ["{end}:1: “site_dir”写了两次，第一次在第 9 行，起作用的是这一次；请删去其中一个"]),
    "a number": ({"site_description: ": "site_description: 5 #"}, ["4:1: “site_description”：应是一段文字，这里是数", WRONG]),
    "an address": ({"https://gongkai.example/": "gongkai.example"}, ["6:1: “site_url”：应是完整的网址，以 https:// 开头，例如 https://www.example/", WRONG]),
    "no address": ({"https://gongkai.example/": "'http://[x'"}, ["mkdocs.yml 写错了，网站没有改动：网址写错了；应是完整的网址，以 https:// 开头，例如 https://www.example/"]),
    "a folder": ({"docs_dir: content": "docs_dir: neirong"}, ["8:1: “docs_dir”：所指的目录 neirong 不存在；请核对名称", WRONG]),
    "a theme": ({"name: material": "name: materiel"}, ["15:1: “theme”：没有安装主题“materiel”；请写 name: material", WRONG]),
    "templates": ({"custom_dir: overrides": "custom_dir: muban"}, ["15:1: “theme”：custom_dir 所指的目录 muban 不存在；请核对名称", WRONG]),
    "a plugin": ({"  - gongkai:": "  - gongkay:"}, ["37:1: “plugins”：没有安装插件“gongkay”；请核对名称，不用的请删去", WRONG]),
    "an option": ({"data_dir: data": "data_dir: [data]"}, ["40:7: “data_dir”：应是一段文字，这里是列表", WRONG]),
    "an extension": ({"- attr_list": "- attr_lits"}, ["42:1: “markdown_extensions”：没有安装 Markdown 扩展“attr_lits”；请核对名称", WRONG]),
    "an option of an extension": ({"use_align_attribute": "use_align"}, ["42:1: “markdown_extensions”：Markdown 扩展“tables”没有选项“use_align”；请核对名称，或删去", WRONG]),
    "a blank entry": ({"首页: index.md": "首页:"}, ["50:1: “nav”：应是列表，每一项写成“- 名称: 文件.md”，各有自己的“- ”，有一项是空的；请补上", WRONG]),
    "a choice": ({"omitted_files: ignore": "omitted_files: no"}, ["{omitted_files}:5: “omitted_files”：应是文字，这里是 true 或 false", WRONG]),
    "another choice": ({"omitted_files: ignore": "omitted_files: never"}, ["{omitted_files}:5: “omitted_files”：应从 'warn', 'info', 'ignore' 中选一个，这里写的是“never”", WRONG]),
    "a misspelt key": ({"site_url:": "site_ulr:"}, ["6:1: “site_ulr”：没有这一项，写了也不起作用；是否应为“site_url”？"]),
    "an unknown option": ({"data_dir: data": "data_dri: data"}, ["40:7: “data_dri”：没有这一项，写了也不起作用；请核对名称"]),
    "yes": ({"": "strict: 是\n"}, ["{end}:1: “strict”：应是 true 或 false，这里是一段文字", WRONG]),
    "a port": ({"": "dev_addr: 127.0.0.1:http\n"}, ["{end}:1: “dev_addr”：“http”不是端口；应写成“地址:端口”，例如 127.0.0.1:8000，端口是 1 到 65535", WRONG]),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_mkdocs_yml(name: str, publisher: Path, caplog: pytest.LogCaptureFixture) -> None:
    changes, expected = FAULTS[name]
    usual = (ROOT / "mkdocs.yml").read_text("utf-8").split("\n")
    numbers = {"end": len(usual), "omitted_files": usual.index("    omitted_files: ignore") + 1}
    for key, number in numbers.items():
        expected = [line.replace(f"{{{key}}}", f"{number}") for line in expected]
    lines = [line if line.startswith("mkdocs.yml") else f"mkdocs.yml:{line}" for line in expected]
    assert read_faulty(publisher, changes, caplog) == lines


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_encoding_of_mkdocs_yml(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "mkdocs.yml"
    path.write_bytes((ROOT / "mkdocs.yml").read_text("utf-8").encode(encoding))
    with pytest.raises(Abort, match="编码，应为 UTF-8；请用记事本或 WPS 打开"):
        read_config(path)


PAGES = {
    "a link": ("content/about.md", "[示例](meiyou.md)\n", 0, "警告 about.md 里的链接“meiyou.md”没有对应的页面；请核对文件名"),
    "front matter": ("content/about.md", None, 0, "警告 about.md 开头两行“---”之间写错了，会当作正文显示；请改正"),
    "GBK": ("content/about.md", b"\xca\xbe\xc0\xfd", 1, "错误 about.md 不是 UTF-8 编码；请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存"),
    "a template": ("overrides/partials/header.html", "{% if %}\n", 1, "模板写错了，网站没有改动；请照原来的模板改回"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_fault_of_a_page(name: str, tmp_path: Path) -> None:
    """A page or template with a fault is named; no traceback shows."""
    folder = copy_publisher(tmp_path)
    example_data(folder)
    file, addition, code, message = PAGES[name]
    path = folder / file
    if addition is None:
        path.write_text(f"---\ntitle: [\n---\n{path.read_text('utf-8')}", "utf-8")
    elif isinstance(addition, bytes):
        path.write_bytes(path.read_bytes() + addition)
    else:
        path.write_text(path.read_text("utf-8") + addition, "utf-8")
    done = run_gongkai("build", "-d", tmp_path / "site", folder=folder)
    assert done.returncode == code, done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(folder)


def test_theme_of_another_kind(tmp_path: Path) -> None:
    folder = copy_publisher(tmp_path)
    example_data(folder)
    text = (folder / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(text.replace("name: material", "name: mkdocs"), "utf-8")
    done = run_gongkai("build", folder=folder)
    assert done.returncode == 1
    assert "theme 须写明 name: material" in done.stdout + done.stderr


def test_style_sheet_that_is_not_there(tmp_path: Path) -> None:
    folder = copy_publisher(tmp_path)
    example_data(folder)
    text = (folder / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(text.replace("assets/lists.css", "assets/list.css"), "utf-8")
    done = run_gongkai("build", folder=folder)
    assert (
        "警告 mkdocs.yml 里写的 assets/list.css 不存在，网页上用不到它；请核对名称" in done.stderr
    )
