"""mkdocs build renders every page of the data; gongkai build makes the same site without that."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from gongkai.build.mkdocs.config import read_config
from gongkai.build.mkdocs.unapplied import HARMLESS_EXTENSIONS, unapplied_settings
from gongkai.pages.page_types import PAGE_TYPES, page_type_at, page_url
from tests.build.test_mkdocs_site import DISCLOSURE, PROJECT, hashes, publisher
from tests.commands import run_gongkai, run_module
from tests.folders import copy_publisher, example_data, replace_in_file
from tests.histories import CORRECTION, OVERALL, REPORT, DataRepository

__all__ = ["publisher"]
PAGE = "units/shili/2022/projects/shili-daolu/index.html"
HOOK = f"""
def on_page_markdown(markdown, page, **_):
    if page.file.dest_uri == "{PAGE}":
        return markdown + "\\n\\n由*示例钩子*添上的一段。\\n"
"""
_LONG_LISTS = {
    *("year-part", "units-part", "shortfalls-part", "corrections-year"),
    *("contradictions-year", "contradictions-part"),
}
"""Page types of lists with more than a thousand rows; their templates are those of other types."""
_HOSTILE_LINES = (
    *(
        "```",
        "围栏 ``` 里",
        "",
        "   ",
        "",
        "\t制表符\t中间",
        "```",
        "~~~ 代码",
        "~~~",
        "    四格缩进",
    ),
    *("　　全角空两格  行尾两空格  ", "- 列表", "1. 列表", "> 引用", "| 表 | 格 |", "|---|---|"),
    *("*[HTML]: 缩写", '[x]: http://a.example "t"', "[^1]: 脚注", "[TOC]", "<!-- 注释", "--> 结束"),
    *('<div markdown="1"> **粗** </div>', "<script>alert(1)</script>", "<pre>预排", "</pre>"),
    *("</p></div></article>", '!!! note "提示"', "??? tip", '=== "页"', r"$$ x $$ \(y\) \[z\]"),
    *('--8<-- "mkdocs.yml"', "{% raw %}{{ config }}{% endraw %}", ":smile: ==高亮== ~~删~~ ^上^"),
    *(
        "&amp; &#40; &lt;b&gt; &nbsp; © \" ' \\ \\* a_b_c __粗__ `码` @x #1",
        "wzxhzdk:0 klzzwxh:0001",
    ),
    *("Term", ":   Definition", "《<?php ?>》 <![CDATA[ x ]]> <!DOCTYPE html>", "末行"),
)
_HOSTILE_NAME = (
    "示例<b>道路</b>*维护* `码` [a](b) {#top} & \"引\" '单' _下_ #1 &#40; ~~~ !x $y$ %z ^ + = | \\ / ; : @ "
    ", . -- ... (c) ==h=="
)


def unapplied_warning(place: str) -> str:
    """Return the warning about a setting that gongkai's own builds do not apply."""
    return (
        f"mkdocs.yml 的 {place}对数据的网页不起作用：gongkai 自己生成这些网页，"
        "只把手写的网页和版式交给 MkDocs；要对每个网页都起作用，请改用 mkdocs build"
    )


def build_with_mkdocs(folder: Path, *options: str) -> None:
    done = run_module("mkdocs", "build", *options, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def build_both_ways(folder: Path) -> Mapping[str, str]:
    """Build a folder's site both ways; return the hashes of its files, which are the same."""
    done = run_gongkai("build", "--strict", "-d", "by-gongkai", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    build_with_mkdocs(folder, "--strict", "-d", "by-mkdocs")
    ours, theirs = hashes(folder / "by-gongkai"), hashes(folder / "by-mkdocs")
    for path in sorted(ours.keys() & theirs.keys()):
        if path.endswith(".html") and ours[path] != theirs[path]:
            pages = (folder / name / path for name in ("by-gongkai", "by-mkdocs"))
            our_page, their_page = (page.read_text("utf-8").splitlines() for page in pages)
            assert our_page == their_page, path
    assert ours == theirs
    return ours


def add_settings(folder: Path, settings: str) -> None:
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(settings)


def test_both_ways_make_the_same_site_of_every_page_type(tmp_path: Path) -> None:
    """With archived versions, edit links, former addresses and the bulk download."""
    repository = DataRepository(copy_publisher(tmp_path))
    example_data(tmp_path)
    add_settings(
        tmp_path, "repo_url: https://code.example/publisher\nedit_uri: edit/main/content/\n"
    )
    repository.append_to_file("site.yml", "整体下载: [CSV, SQLite]\n")
    repository.append_to_file("units/shili/unit.yml", "曾用代号: [jiu-shili]\n")
    (tmp_path / ".gitignore").write_text("by-*\n.gongkai\n", "utf-8")
    repository.run_git("init", "-q", "-b", "main")
    repository.commit("2023-07-01", "2023-07-01")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.edit_file(REPORT, {"\n错峰施工。": "\n今后错峰施工。"})
    repository.edit_file(PROJECT, {"    改进措施: 错峰施工": "    改进措施: 今后错峰施工"})
    repository.append_to_file(DISCLOSURE, CORRECTION)
    repository.commit("2023-08-02", "2023-08-02")
    files = build_both_ways(tmp_path)
    content = tmp_path / "content"
    hand_written = {
        page_url(path.relative_to(content).as_posix()) for path in content.rglob("*.md")
    }
    urls = {path.removesuffix("index.html") for path in files if path.endswith("index.html")}
    former = {url for url in urls if "jiu-shili" in url}
    types = {page_type_at(url).name for url in urls - (hand_written - {""}) - former}
    assert types == {page_type.name for page_type in PAGE_TYPES} - _LONG_LISTS
    assert len(former) == 4


@pytest.mark.long
def test_text_that_looks_like_markdown_changes_nothing(tmp_path: Path) -> None:
    """Not even if mkdocs.yml has all extensions of which `gongkai build` says nothing."""
    data = example_data(copy_publisher(tmp_path))
    name = json.dumps(_HOSTILE_NAME, ensure_ascii=False)
    for path in sorted(data.glob("units/shili/2022/**/*.yml")):
        text = path.read_text("utf-8").replace(": 示例道路维护\n", f": {name}\n")
        text = text.replace("名称: 示例道路维护,", f"名称: {name},")
        path.write_text(text, "utf-8")
    block = "".join(f"      {line}\n" if line.strip() else "\n" for line in _HOSTILE_LINES)
    replace_in_file(
        data / OVERALL,
        {"  预期目标: 示例道路畅通，示例服务到位。\n": f"  预期目标: |\n{block}"},
    )
    prose = "\n".join(_HOSTILE_LINES)
    replace_in_file(data / REPORT, {"\n示例道路畅通。\n": f"\n{prose}\n\n{prose}\n"})
    added = (extension for extension in HARMLESS_EXTENSIONS if extension not in _BUILT_IN)
    lines = "".join(f"  - {extension}\n" for extension in added)
    replace_in_file(tmp_path / "mkdocs.yml", {"  - attr_list\n": f"  - attr_list\n{lines}"})
    files = build_both_ways(tmp_path)
    assert PAGE in files


_BUILT_IN = {"attr_list", "tables", "toc", "extra", "pymdownx.extra"}
"""Extensions that mkdocs.yml has already, or that are made of others."""


@pytest.fixture
def hooked_publisher(built_publisher: Path) -> Path:
    """A publisher's folder with a hook and an extension that change a page of the data."""
    (built_publisher / "hook.py").write_text(HOOK, "utf-8")
    add_settings(built_publisher, "hooks: [hook.py]\n")
    replace_in_file(
        built_publisher / "mkdocs.yml", {"  - attr_list\n": "  - attr_list\n  - pymdownx.critic\n"}
    )
    replace_in_file(
        built_publisher / "data" / PROJECT, {"    改进措施: 错峰": "    改进措施: 错峰{++夜间++}"}
    )
    return built_publisher


def test_hooks_and_extensions_change_pages_under_mkdocs_only(hooked_publisher: Path) -> None:
    """Neither way takes over what the other has made; what does not depend on pages stays."""
    site = hooked_publisher / "site"
    done = run_gongkai("build", folder=hooked_publisher)
    assert done.returncode == 0
    plain = hashes(site)
    places = ("hooks 里的“hook.py”", "markdown_extensions 里的“pymdownx.critic”")
    warnings = [line for line in done.stderr.splitlines() if "不起作用" in line]
    assert warnings == [f"警告 {unapplied_warning(place)}" for place in places]
    page = (site / PAGE).read_text("utf-8")
    assert ("示例钩子" in page, "错峰{++夜间++}" in page) == (False, True)
    build_with_mkdocs(hooked_publisher)
    page = (site / PAGE).read_text("utf-8")
    assert "<p>由<em>示例钩子</em>添上的一段。</p>" in page
    assert '错峰<ins class="critic">夜间</ins>' in page
    changed = {path for path, digest in hashes(site).items() if plain.get(path) != digest}
    assert {path for path in changed if not path.startswith("search/")} == {PAGE}
    assert any(path.startswith("search/") for path in changed)
    run_gongkai("build", folder=hooked_publisher)
    assert hashes(site) == plain


@pytest.mark.long
def test_what_gongkai_does_not_apply_fails_a_strict_build(hooked_publisher: Path) -> None:
    before = hashes(hooked_publisher / "site")
    done = run_gongkai("build", "--strict", folder=hooked_publisher)
    assert done.returncode == 1
    assert "有警告，--strict 把它算作失败" in done.stdout
    assert hashes(hooked_publisher / "site") == before


@pytest.mark.long
def test_what_gongkai_does_not_apply_is_named_again(built_publisher: Path) -> None:
    """Even if MkDocs need not run, as with the plugin search."""
    replace_in_file(built_publisher / "mkdocs.yml", {"plugins:\n": "plugins:\n  - search\n"})
    warning = f"警告 {unapplied_warning('plugins 里的“search”')}\n"
    for _ in range(2):
        done = run_gongkai("build", folder=built_publisher)
        assert (done.returncode, warning in done.stderr) == (0, True)
    assert run_gongkai("build", "--strict", folder=built_publisher).returncode == 1


@pytest.mark.long
def test_a_site_of_gongkai_follows_its_templates_when_mkdocs_has_hooks(publisher: Path) -> None:
    """Then the inputs of MkDocs cannot be known, and its output decides what is stale."""
    (publisher / "hook.py").write_text("def on_config(config):\n    return config\n", "utf-8")
    add_settings(publisher, "hooks: [hook.py]\n")
    run_gongkai("build", "--strict", folder=publisher)
    replace_in_file(publisher / "overrides/base.html", {"跳到正文": "直接看正文"})
    run_gongkai("build", "--strict", folder=publisher)
    assert "直接看正文" in (publisher / "site" / PAGE).read_text("utf-8")


@pytest.mark.long
def test_a_page_that_a_hook_removes_is_missed(built_publisher: Path) -> None:
    before = hashes(built_publisher / "site")
    remove = "files.remove(files.get_file_from_path('units/shili/2022/report.md'))"
    hook = f"def on_files(files, config):\n    {remove}\n    return files\n"
    (built_publisher / "hook.py").write_text(hook, "utf-8")
    add_settings(built_publisher, "hooks: [hook.py]\n")
    done = run_module("mkdocs", "build", folder=built_publisher)
    assert done.returncode == 1
    assert (
        "MkDocs 没有写出数据的网页 units/shili/2022/report.md，网站没有改动；请看看是哪个插件、hook "
        "或 mkdocs.yml 的 exclude_docs、draft_docs 去掉了它"
    ) in done.stdout
    assert hashes(built_publisher / "site") == before


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("", "", []),
        ("plugins:\n", "plugins:\n  - search\n", ["plugins 里的“search”"]),
        ("  - attr_list\n", "  - attr_list\n  - pymdownx.details\n", []),
        (
            "  - attr_list\n",
            "  - attr_list\n  - pymdownx.snippets: {auto_append: [about.md]}\n",
            ["markdown_extensions 里“pymdownx.snippets”的“auto_append”"],
        ),
        (
            "  - toc:\n",
            "  - toc:\n      toc_depth: 2\n",
            ["markdown_extensions 里“toc”的“toc_depth”"],
        ),
        (
            "  - attr_list\n",
            "  - attr_list\n  - markdown.extensions.admonition\n  - pymdownx.b64\n",
            ["markdown_extensions 里的“pymdownx.b64”"],
        ),
    ],
)
def test_settings_that_only_mkdocs_applies(
    tmp_path: Path, old: str, new: str, places: list[str]
) -> None:
    settings = copy_publisher(tmp_path) / "mkdocs.yml"
    if old:
        replace_in_file(settings, {old: new})
    assert list(unapplied_settings(read_config(settings))) == [*map(unapplied_warning, places)]
