"""Hostile text in any value is shown as text."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.commands import run_gongkai
from tests.folders import copy_publisher, example_data, explain_problems
from tests.shared import share_folder

HOSTILE = (
    "<script>alert(1)</script>",
    "</td></tr></table>x",
    "</title><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "{{ 7*7 }}",
    "{% raw %}",
    "{: onclick=alert(4)}",
    "[x](javascript:alert(5))",
    "![x](http://foreign.example/x.png)",
    "| a | b |",
    "*a* _b_ `c` ~~d~~",
    "    four leading spaces",
    "# heading",
    "&lt;b&gt; &amp;",
    "<!-- comment",
    "---",
    "长" * 300,
)
_FIXED = {
    "表式",
    "级别",
    "类型",
    "编号",
    "形式",
    "年度",
    "规则",
    "位置",
    "申报值",
    "复算值",
    "日期",
}
"""Keys whose values are not free text."""
_TYPED = {"分值", "得分", "执行率", "控制率", "编制数", "实际在职人数", "展示警告", "发布日期"}


def _texts(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[dict[str, object], str]]:
    """Yield every free text of a YAML tree as (mapping, key)."""
    if isinstance(node, list):
        for child in node:
            yield from _texts(child, path)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, dict | list):
                yield from _texts(value, (*path, key))
            elif (
                isinstance(value, str) and key not in _FIXED | _TYPED and not _is_amount(path, key)
            ):
                yield node, key


def _is_amount(path: tuple[str, ...], key: str) -> bool:
    return (
        bool({"项目资金", "年度预算申请", "经费控制情况", "楼堂馆所控制情况"} & set(path))
        or "金额" in key
    )


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A site in which every free text is hostile, and the texts that it must show."""
    folder = share_folder(tmp_path_factory, "hostile", _build_hostile_site)
    return folder / "site", set(json.loads((folder / "expected.json").read_text("utf-8")))


def _build_hostile_site(folder: Path) -> None:
    """Build the site, and write the texts that it must show to expected.json."""
    data = example_data(copy_publisher(folder))
    expected: set[str] = set()
    number = 0
    for path in sorted(data.glob("units/**/*.yml")):
        tree = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
        for mapping, key in _texts(tree):
            if (path.name, key) in {("disclosure.yml", "单位"), ("unit.yml", "名称")}:
                mapping[key] = f"示例单位 {HOSTILE[0]} {HOSTILE[2]} {HOSTILE[6]} {HOSTILE[3]}"
            else:
                number += 1
                mapping[key] = f"{HOSTILE[number % len(HOSTILE)]} 第{number}处"
            expected.add(str(mapping[key]).strip())
        path.write_text(yaml.safe_dump(tree, allow_unicode=True, width=100_000), "utf-8")
    report = data / "units/shili/2022/report.md"
    markdown = {"---", "# heading", "*a* _b_ `c` ~~d~~", "![x](http://foreign.example/x.png)"}
    texts = [text for text in HOSTILE if text not in markdown]
    body = "\n\n".join(f"{text} 正文{number}" for number, text in enumerate(texts))
    headings = "\n\n".join(f"## {text} 标题" for text in texts if not text.startswith(" "))
    report.write_text(f"{report.read_text('utf-8')}\n{body}\n\n{headings}\n", "utf-8")
    explain_problems(data)
    process = run_gongkai("build", "--strict", folder=folder)
    assert process.returncode == 0, process.stderr
    expected |= {f"{text.strip()} 正文{number}" for number, text in enumerate(texts)}
    expected |= {f"{text} 标题" for text in texts if not text.startswith(" ")}
    (folder / "expected.json").write_text(json.dumps(sorted(expected)), "utf-8")


def test_every_hostile_text_is_shown(hostile_site: tuple[Path, set[str]]) -> None:
    site, expected = hostile_site
    assert len(expected) > 50
    shown = " ".join(
        " ".join(_article(path).get_text(" ").split()) for path in site.rglob("units/**/index.html")
    )
    missing = {text for text in expected if " ".join(text.split()) not in shown}
    assert missing == set()


def test_no_hostile_text_becomes_markup(hostile_site: tuple[Path, set[str]]) -> None:
    site, _ = hostile_site
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        scripts = [tag for tag in soup.find_all("script") if not tag.get("src")]
        assert {tag["type"] for tag in scripts} <= {"application/ld+json"}
        assert all(json.loads(tag.string or "")["@context"] for tag in scripts)
        assert not [
            tag for tag in soup.select("*") if any(name.startswith("on") for name in tag.attrs)
        ]
        assert not soup.find_all("a", href=lambda href: "javascript" in (href or ""))
        assert not soup.find_all(
            "img", src=lambda src: src in {"x", "http://foreign.example/x.png"}
        )
        assert len(soup.find_all("title")) - len(soup.select("svg title")) == 1


def _article(path: Path) -> BeautifulSoup:
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    for tag in soup.select("a.headerlink"):
        tag.decompose()
    return soup
