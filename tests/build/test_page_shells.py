"""Page templates: the build's pages equal those that MkDocs makes of the same Markdown."""

import json
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.build.theme.asset_names import hash_asset_names
from gongkai.build.theme.compact_scripts import compact_scripts
from gongkai.build.theme.page_shells import (
    NoContentSlotError,
    PageTemplate,
    page_template,
    placeholder_markdown,
    placeholder_url,
    tidy_html,
)
from gongkai.pages import page_types
from gongkai.pages.headings import heading_mark
from gongkai.pages.meta_tags import theme_variables
from gongkai.pages.render import Page
from gongkai.pages.views.common import Link, PageHead
from gongkai.reading.dataset import read_common_data
from tests.commands import run_gongkai, run_module
from tests.folders import ROOT, TODAY


def dom(path: Path) -> str:
    """Return a page's HTML without the insignificant white space between tags."""
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    return re.sub(r"\s*(<|>)\s*", r"\1", re.sub(r"\s+", " ", str(soup)))


def test_mkdocs_makes_the_same_pages_of_the_rendered_markdown(
    tmp_path: Path, built_site: Path
) -> None:
    """MkDocs without our plugin: head, navigation, table of contents and body are equal."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    assert run_gongkai("render", str(content)).returncode == 0
    shutil.copytree(ROOT / "overrides", tmp_path / "overrides")
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    plain = re.sub(r"  - gongkai:\n.*\n.*\n", "", settings)
    assert "gongkai:" not in plain
    publisher = read_common_data(ROOT / "data", "data", TODAY).site
    assert publisher
    [purged], [whole] = (
        built_site.glob(f"assets/stylesheets/{name}.*") for name in ("theme", "main")
    )
    facts = theme_variables(publisher) | {"sheets": [purged.relative_to(built_site).as_posix()]}
    plain = re.sub(r"^site_name: .*$", f"site_name: {publisher.name}", plain, flags=re.MULTILINE)
    extra = f"extra:\n  gk: {json.dumps(facts, ensure_ascii=False)}\n"
    (tmp_path / "mkdocs.yml").write_text(plain.replace("extra:\n", extra), "utf-8")
    done = run_module("mkdocs", "build", "-d", "site", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    compact_scripts(tmp_path / "site")
    hash_asset_names(tmp_path / "site", "https://gongkai.example/")
    theirs = {path.relative_to(tmp_path / "site") for path in tmp_path.glob("site/**/*.html")}
    assert theirs == {path.relative_to(built_site) for path in built_site.rglob("*.html")}
    assert len(theirs) > 80
    hand_written = {
        path.relative_to(ROOT / "content").with_suffix("") for path in ROOT.glob("content/**/*.md")
    }
    for path in theirs - {Path("data/index.html")}:  # `gongkai render` has no bulk download.
        is_hand_written = path.parent in hand_written or path.parent / "index" in hand_written
        ours, other = dom(built_site / path), dom(tmp_path / "site" / path)
        ours = ours.replace(whole.name, purged.name)  # Our plugin chooses the style sheet.
        assert (
            _without_meta_tags(ours) == _without_meta_tags(other)
            if is_hand_written and path.parent.name
            else ours == other
        ), path


def _without_meta_tags(text: str) -> str:
    """Remove the meta tags that our plugin adds to hand-written pages."""
    return re.sub(r'<meta content="[^"]*" name="[A-Z]\w+"/>', "", text)


HTML = """<title>gkx-title</title><ul><li><a href="gkx-crumb">gkx-crumb</a></li></ul>
<nav><ul><li class="i"><a href="#gkx-heading">gkx-heading</a></li></ul></nav>
<h2 id="gkx-heading">gkx-heading<a href="#gkx-heading">#</a></h2>"""


def page(body: str, title: str = "示例") -> Page:
    head = PageHead(title, "units/a/", "说明", (Link("各<单位>", "units/"),))
    return Page(page_types.UNIT, head, body)


def test_a_nested_table_of_contents() -> None:
    body = "\n".join(
        heading_mark(level, f"节{n}", f"s{n}") for n, level in enumerate((2, 3, 4, 3, 2))
    )
    soup = BeautifulSoup(page_template(page_types.UNIT, HTML).fill(page(body), ""), "html.parser")
    assert [tag.name for tag in soup.find_all(re.compile(r"h\d"))] == ["h2", "h3", "h4", "h3", "h2"]
    top = soup.select("nav > ul > li.i > a")
    assert [tag.get_text() for tag in soup.select("li.i > a")] == [f"节{n}" for n in range(5)]
    assert len(top) > len(soup.select("li.i > nav li.i > a"))
    assert soup.select_one("li.i li.i li.i > a") is not None


def test_a_very_long_table_of_contents() -> None:
    body = "\n".join(heading_mark(2, f"第{n}节", f"s{n}") for n in range(3000))
    html = page_template(page_types.UNIT, HTML).fill(page(body), "")
    assert html.count('<li class="i">') == 3000


def test_titles_and_breadcrumbs_are_escaped() -> None:
    html = page_template(page_types.UNIT, HTML).fill(page("<p>正文</p>", "<b>示例</b>"), "")
    assert "<title>&lt;b&gt;示例&lt;/b&gt;</title>" in html
    assert '<a href="../">各&lt;单位&gt;</a>' in html


def test_a_theme_without_page_content_is_refused() -> None:
    with pytest.raises(NoContentSlotError):
        page_template(page_types.UNIT, "<p>只有页眉</p>")
    bare = PageTemplate(("", "body", ""), "", "", ("", ""), "", "")
    with pytest.raises(NoContentSlotError):
        bare.fill(page(heading_mark(2, "节", "s")), "")


def test_placeholder_pages_lie_as_deep_as_the_pages_of_their_kind() -> None:
    assert placeholder_url(page_types.HOME) == ""
    assert placeholder_url(page_types.PROJECT) == "units/gkx/gkx/projects/gkx/"
    assert "# 手写\n\n## gkx-heading" in placeholder_markdown(page_types.HOME, "# 手写\n")
    titled = placeholder_markdown(page_types.HOME, "---\ntitle: 首页\n---\n# 手写\n")
    assert titled.count("---") == 2
    assert "title: 首页\n" in titled


def test_an_empty_table_of_contents_is_left_out() -> None:
    html = HTML.replace("<nav>", "<!-- contents --><nav>").replace(
        "</nav>", "</nav><!-- /contents -->"
    )
    template = page_template(page_types.UNIT, html)
    assert "<nav>" in template.fill(page(heading_mark(2, "节", "s")), "")
    assert "<nav>" not in template.fill(page("<p>正文</p>"), "")


def test_tidying_keeps_what_is_shown() -> None:
    html = "<p>\n\n  一　\n  　二&#40;三&#41;&#38;&#60;&#34;\n</p>\n\n<pre>四 \n\n  &#40;</pre>\n \n<p>\n"
    tidy = "<p>\n一　\n　二(三)&amp;&lt;&#34;\n</p>\n<pre>四 \n\n  &#40;</pre>\n<p>\n"
    assert tidy_html(html) == tidy
    assert tidy_html("<script>\n\n a = '&#40;'</script>") == "<script>\n\n a = '&#40;'</script>"
