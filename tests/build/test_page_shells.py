"""The theme around pages: what the build makes is what MkDocs makes of the same Markdown."""

import json
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.build.theme.page_shells import NoPlaceError, Shell, shell, specimen, specimen_url
from gongkai.model.terms import PageKind
from gongkai.pages.headings import heading
from gongkai.pages.meta_tags import theme_facts
from gongkai.pages.render import Page
from gongkai.pages.views.common import Head, Link
from gongkai.reading.dataset import read_common
from gongkai.runtime.clock import today
from tests.build.test_mkdocs_site import run
from tests.folders import ROOT


def dom(path: Path) -> str:
    """A page's HTML but for blanks between tags, which nobody sees."""
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    return re.sub(r"\s*(<|>)\s*", r"\1", re.sub(r"\s+", " ", str(soup)))


def test_mkdocs_makes_the_same_of_the_markdown(tmp_path: Path, built_site: Path) -> None:
    """Without our plugin, from rendered Markdown: head, navigation, contents and text."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    assert run("gongkai", "render", str(content)).returncode == 0
    shutil.copytree(ROOT / "overrides", tmp_path / "overrides")
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    plain = re.sub(r"  - gongkai:\n.*\n.*\n", "", settings)
    assert "gongkai:" not in plain
    publisher = read_common(ROOT / "data", "data", today()).site
    assert publisher
    [lean], [whole] = (built_site.glob(f"assets/stylesheets/{name}.*") for name in ("lean", "main"))
    facts = theme_facts(publisher) | {"sheets": [lean.relative_to(built_site).as_posix()]}
    plain = re.sub(r"^site_name: .*$", f"site_name: {publisher.name}", plain, flags=re.MULTILINE)
    told = f"extra:\n  gk: {json.dumps(facts, ensure_ascii=False)}\n"
    (tmp_path / "mkdocs.yml").write_text(plain.replace("extra:\n", told), "utf-8")
    done = run("mkdocs", "build", "-d", "site", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    theirs = {path.relative_to(tmp_path / "site") for path in tmp_path.glob("site/**/*.html")}
    assert theirs == {path.relative_to(built_site) for path in built_site.rglob("*.html")}
    assert len(theirs) > 80
    written = {
        path.relative_to(ROOT / "content").with_suffix("") for path in ROOT.glob("content/**/*.md")
    }
    for path in theirs - {Path("data/index.html")}:  # The download of the whole is not rendered.
        by_hand = path.parent in written or path.parent / "index" in written
        ours, other = dom(built_site / path), dom(tmp_path / "site" / path)
        ours = ours.replace(whole.name, lean.name)  # Which of them a page loads is our plugin's.
        assert _bare(ours) == _bare(other) if by_hand and path.parent.name else ours == other, path


def _bare(text: str) -> str:
    """Without the tags that our plugin gives to hand-written pages."""
    return re.sub(r'<meta content="[^"]*" name="[A-Z]\w+"/>', "", text)


HTML = """<title>gkx-title</title><ul><li><a href="gkx-crumb">gkx-crumb</a></li></ul>
<nav><ul><li class="i"><a href="#gkx-heading">gkx-heading</a></li></ul></nav>
<h2 id="gkx-heading">gkx-heading<a href="#gkx-heading">#</a></h2>"""


def page(body: str, title: str = "示例") -> Page:
    head = Head(title, "units/a/", "说明", (Link("各<单位>", "units/"),))
    return Page(PageKind.UNIT, "units/a/index.md", head, body)


def test_contents_of_many_levels() -> None:
    body = "\n".join(heading(level, f"节{n}", f"s{n}") for n, level in enumerate((2, 3, 4, 3, 2)))
    soup = BeautifulSoup(shell(PageKind.UNIT, HTML).filled(page(body), ""), "html.parser")
    assert [tag.name for tag in soup.find_all(re.compile(r"h\d"))] == ["h2", "h3", "h4", "h3", "h2"]
    top = soup.select("nav > ul > li.i > a")
    assert [tag.get_text() for tag in soup.select("li.i > a")] == [f"节{n}" for n in range(5)]
    assert len(top) > len(soup.select("li.i > nav li.i > a"))
    assert soup.select_one("li.i li.i li.i > a") is not None


def test_a_very_long_report_has_contents_too() -> None:
    body = "\n".join(heading(2, f"第{n}节", f"s{n}") for n in range(3000))
    filled = shell(PageKind.UNIT, HTML).filled(page(body), "")
    assert filled.count('<li class="i">') == 3000


def test_titles_and_crumbs_are_text() -> None:
    filled = shell(PageKind.UNIT, HTML).filled(page("<p>正文</p>", "<b>示例</b>"), "")
    assert "<title>&lt;b&gt;示例&lt;/b&gt;</title>" in filled
    assert '<a href="../">各&lt;单位&gt;</a>' in filled


def test_a_theme_without_a_place_is_refused() -> None:
    with pytest.raises(NoPlaceError):
        shell(PageKind.UNIT, "<p>只有页眉</p>")
    bare = Shell(("", "body", ""), "", "", ("", ""), "", "")
    with pytest.raises(NoPlaceError):
        bare.filled(page(heading(2, "节", "s")), "")


def test_a_specimen_lies_as_deep_as_its_pages() -> None:
    assert specimen_url(PageKind.HOME) == ""
    assert specimen_url(PageKind.PROJECT) == "units/gkx/gkx/projects/gkx/"
    assert "# 手写\n\n## gkx-heading" in specimen(PageKind.HOME, "# 手写\n")
    titled = specimen(PageKind.HOME, "---\ntitle: 首页\n---\n# 手写\n")
    assert titled.count("---") == 2
    assert "title: 首页\n" in titled


def test_contents_that_would_be_empty_are_left_out() -> None:
    html = HTML.replace("<nav>", "<!-- contents --><nav>").replace(
        "</nav>", "</nav><!-- /contents -->"
    )
    made = shell(PageKind.UNIT, html)
    assert "<nav>" in made.filled(page(heading(2, "节", "s")), "")
    assert "<nav>" not in made.filled(page("<p>正文</p>"), "")
