"""Meta tags (网页标签规范), JSON-LD, footer and canonical links; nothing in them is invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.build.test_mkdocs_site import DISCLOSURE
from tests.commands import run_gongkai
from tests.folders import replace_in_file
from tests.site_pages import PAGE_TYPES

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT = ("ArticleTitle", "PubDate", "ContentSource")
CONTENT_PAGES = (
    "units/shili/2022/",
    "units/shili/2022/report/",
    "units/shili/2022/projects/shili-daolu/",
)
FOOTER = {
    "承办单位": "示例县信息中心",
    "联系方式": "示例联系方式",
    "ICP备案号": "示ICP备00000000号",
    "公安备案号": "示公网安备 00000000000000号",
    "党政机关标识": "https://mark.example/site",
    "网站找错": "https://fault.example/site",
    "许可": "示例许可",
}


def soup_of(site: Path, url: str) -> BeautifulSoup:
    name = "404.html" if "nobody" in url else f"{url}index.html"
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def tags_of(soup: BeautifulSoup) -> dict[str, str]:
    return {str(tag["name"]): str(tag["content"]) for tag in soup.select("meta[name]")}


@pytest.mark.parametrize("url", PAGE_TYPES.values())
def test_every_page_kind_names_its_site_and_column(built_site: Path, url: str) -> None:
    tags = tags_of(soup_of(built_site, url))
    assert [name for name in (*SITE, *COLUMN) if not tags.get(name)] == []
    assert tags["SiteIDCode"] == "0000000000"


def test_content_pages_have_article_tags(example_folder: Path) -> None:
    for url in CONTENT_PAGES:
        tags = tags_of(soup_of(example_folder / "site", url))
        assert [name for name in CONTENT if not tags.get(name)] == [], url
        assert tags["PubDate"] == "2023-06-30 00:00"
        assert tags["ContentSource"] == "示例单位"
        assert tags["Url"] == f"https://gongkai.example/{url}"


def test_no_publication_date_is_invented(built_publisher: Path) -> None:
    """伪造发稿日期: without 发布日期 in the data there is no PubDate."""
    replace_in_file(built_publisher / "data" / DISCLOSURE, {"  发布日期: 2023-06-30\n": ""})
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    soup = soup_of(built_publisher / "site", CONTENT_PAGES[0])
    assert "PubDate" not in tags_of(soup)
    assert "datePublished" not in graph_of(soup)


def graph_of(soup: BeautifulSoup) -> dict[str, Any]:
    script = soup.select_one('script[type="application/ld+json"]')
    assert script is not None
    graph: dict[str, Any] = json.loads(script.get_text())
    return graph


def test_a_disclosure_is_a_dataset_and_a_unit_an_organisation(built_site: Path) -> None:
    data = graph_of(soup_of(built_site, PAGE_TYPES["disclosure"]))
    assert data["@type"] == "Dataset"
    assert data["creator"] == {"@type": "GovernmentOrganization", "name": "新田县计划生育协会"}
    assert data["temporalCoverage"] == "2022"
    suffixes = {"text/csv": "csv", "application/json": "json"}
    assert {file["encodingFormat"] for file in data["distribution"]} == set(suffixes)
    for file in data["distribution"]:
        assert file["@type"] == "DataDownload"
        path = f"{PAGE_TYPES['disclosure']}index.{suffixes[file['encodingFormat']]}"
        assert str(file["contentUrl"]).endswith(path)
        assert (built_site / path).is_file()
    unit = graph_of(soup_of(built_site, PAGE_TYPES["unit"]))
    assert unit["@type"] == "GovernmentOrganization"
    assert "新田县计生协" in str(unit["alternateName"])


@pytest.mark.parametrize(
    "name", ["disclosure", "project", "units", "year", "shortfalls-year", "status"]
)
def test_downloads_are_linked_as_alternates_and_exist(built_site: Path, name: str) -> None:
    url = PAGE_TYPES[name]
    (link,) = soup_of(built_site, url).select('link[rel="alternate"][type="text/csv"]')
    assert (built_site / url / str(link["href"])).read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_footer_shows_the_entries_of_site_yml_and_nothing_else(built_publisher: Path) -> None:
    bare_footer = str(soup_of(built_publisher / "site", "").select_one("footer"))
    labels = ("承办单位", "联系方式", "ICP", "公网安备", "党政机关", "找错")
    assert [label for label in labels if label in bare_footer] == []
    with (built_publisher / "data" / "site.yml").open("a", encoding="utf-8") as file:
        file.writelines(f'{key}: "{value}"\n' for key, value in FOOTER.items())
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    for url in ("", *CONTENT_PAGES, "404-nobody"):
        page = soup_of(built_publisher / "site", url)
        footer = str(page.select_one("footer"))
        missing = {key for key, value in FOOTER.items() if value not in footer} - {"许可"}
        assert missing == set(), url
        assert all(label in footer for label in ("主办单位", "0000000000", "站点地图", "无障碍"))
    assert "示例许可" in str(
        soup_of(built_publisher / "site", CONTENT_PAGES[0]).select_one(".gk-cite")
    )


@pytest.mark.parametrize("address", ["mark.example", "javascript:x()", "//mark.example/"])
def test_an_invalid_address_in_site_yml_is_reported(built_publisher: Path, address: str) -> None:
    with (built_publisher / "data" / "site.yml").open("a", encoding="utf-8") as file:
        file.write(f'网站找错: "{address}"\n')
    done = run_gongkai("check", folder=built_publisher)
    assert done.returncode == 1
    assert (
        "data/site.yml:6:7: “网站找错”应是完整的网址，以 https:// 开头" in done.stdout + done.stderr
    )


def test_a_page_has_a_canonical_link(built_site: Path) -> None:
    for name, url in PAGE_TYPES.items():
        soup = soup_of(built_site, url)
        canonical = soup.select_one('link[rel="canonical"]')
        if name == "404":
            assert canonical is None
        else:
            assert canonical is not None
            assert canonical["href"] == f"https://gongkai.example/{url}"


def test_a_citation_names_unit_title_and_address(built_site: Path) -> None:
    citation = soup_of(built_site, PAGE_TYPES["disclosure"]).select_one(".gk-citation")
    assert citation is not None
    expected = (
        "新田县计划生育协会. 新田县计划生育协会2022年度绩效自评[EB/OL].[引用日期]. "
        "https://gongkai.example/units/xintian-jsx/2022/"
    )
    assert citation.get_text() == expected


def test_robots_txt_allows_everything(built_site: Path) -> None:
    text = (built_site / "robots.txt").read_text("utf-8")
    assert text == "User-agent: *\nAllow: /\nSitemap: https://gongkai.example/sitemap.xml\n"
