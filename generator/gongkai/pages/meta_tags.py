"""What a page tells machines in its head: 网页标签规范 (国办发〔2017〕47号), Open Graph, schema.org."""

from collections.abc import Iterable, Iterator, Mapping
from json import JSONEncoder
from typing import Any

from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.views.common import Head
from gongkai.runtime.html import safe, safe_line
from gongkai.runtime.urls import absolute

Facts = Mapping[str, Any]
_COLUMNS = {
    PageKind.HOME: "首页",
    PageKind.YEARS: "各年度",
    PageKind.YEAR: "各年度",
    PageKind.UNITS: "各单位",
    PageKind.UNIT: "各单位",
    PageKind.PART: "各单位",
    PageKind.STATUS: "公开情况",
    PageKind.CORRECTIONS: "更正",
    PageKind.CORRECTIONS_YEAR: "更正",
    PageKind.COMPARE: "对比",
    PageKind.SEARCH: "搜索",
    PageKind.RULES: "填报指南",
    PageKind.RULE: "填报指南",
    PageKind.DATA: "开放数据",
    PageKind.DICTIONARY: "开放数据",
    PageKind.FORM: "开放数据",
    PageKind.AS_OF: "历史版本",
    PageKind.AS_OF_RELEASE: "历史版本",
    PageKind.OLD_DISCLOSURE: "历史版本",
    PageKind.OLD_REPORT: "历史版本",
    PageKind.OLD_PROJECT: "历史版本",
    PageKind.SHORTFALLS: "未达标与扣分",
    PageKind.SHORTFALLS_YEAR: "未达标与扣分",
    PageKind.SHORTFALLS_PART: "未达标与扣分",
}
_COLUMN = "预算绩效自评"
"""The column to which the disclosures themselves belong."""
_json = JSONEncoder(ensure_ascii=False).encode
_DEFAULT = "各单位一年花了多少钱、办成了什么事、哪些没有做到"


def head_html(kind: PageKind, head: Head, site: Site, site_url: str) -> str:
    """The tags of a page; those that the data does not tell (PubDate) are left out."""
    tags = [*site_tags(site), *column_tags(_COLUMNS.get(kind, _COLUMN), _describe(head))]
    if kind.is_content:
        tags += _content(head, site, site_url)
    graph = _graph(kind, head, site, absolute(site_url, head.url) if site_url else "")
    if not kind.is_found:
        tags.append(("robots", "noindex"))
    links = [*_alternates(head), *(_feeds(head, site) if head.feed else ())]
    return "\n".join([*_metas(tags), *_open_graph(kind, head, site), *links, _ld(graph)])


def column_head(title: str, description: str, site: Site) -> str:
    """The tags of a page that is written by hand: it is a column of its own."""
    tags = [*site_tags(site), *column_tags(title, description)]
    return "\n".join(_metas(tags))


def site_tags(site: Site) -> Iterator[tuple[str, str]]:
    """What every page says of its site."""
    yield "SiteName", site.name
    yield "SiteDomain", site.domain
    yield "SiteIDCode", site.code


def column_tags(name: str, description: str) -> Iterator[tuple[str, str]]:
    """What a page says of its column."""
    yield "ColumnName", name
    yield "ColumnDescription", description or _DEFAULT
    yield "ColumnKeywords", ",".join(dict.fromkeys((name, "预算绩效自评", "公开")))
    yield "ColumnType", "预算绩效自评公开"


def _content(head: Head, site: Site, site_url: str) -> Iterator[tuple[str, str]]:
    yield "ArticleTitle", head.title
    if head.published:
        yield "PubDate", f"{head.published} 00:00"
    yield "ContentSource", head.unit or site.organiser
    yield "Author", head.unit or site.organiser
    yield "Keywords", ",".join(head.keywords)
    yield "Description", _describe(head)
    if site_url:
        yield "Url", absolute(site_url, head.url)


def _describe(head: Head) -> str:
    return head.description or _DEFAULT


def _metas(tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f'<meta name="{name}" content="{safe_line(text)}">' for name, text in tags if text)


def _open_graph(kind: PageKind, head: Head, site: Site) -> Iterator[str]:
    told = {
        "og:type": "article" if kind.is_content else "website",
        "og:title": head.title,
        "og:site_name": site.name,
        "og:locale": "zh_CN",
    }
    for name, text in told.items():
        yield f'<meta property="{name}" content="{safe_line(text)}">'


def _alternates(head: Head) -> Iterator[str]:
    """The same as files, for programs that look for them."""
    for each in head.downloads:
        yield f'<link rel="alternate" type="{each.type}" href="{each.file}" title="{each.label}">'


def _feeds(head: Head, site: Site) -> Iterator[str]:
    """The feeds beside the page, for readers' programs."""
    title = safe_line(head.title if head.url else site.name)
    for kind, name in (("atom", "feed.xml"), ("feed", "feed.json")):
        form = f"application/{kind}+{name.rpartition('.')[2]}"
        yield f'<link rel="alternate" type="{form}" title="{title}" href="{name}">'


def _graph(kind: PageKind, head: Head, site: Site, url: str) -> Facts:
    if head.linked:
        return dict(head.linked)
    publisher = {"@type": "GovernmentOrganization", "name": site.organiser}
    if kind is PageKind.UNIT:
        known = {"@type": "GovernmentOrganization", "name": head.unit}
        return known | {"alternateName": list(head.keywords[1:])} | {"url": url}
    if not kind.is_content:
        shape = "WebSite" if kind is PageKind.HOME else "CollectionPage"
        shape = "WebPage" if kind.is_old else shape
        name = site.name if kind is PageKind.HOME else head.title
        return {
            "@type": shape,
            "name": name,
            "inLanguage": "zh-CN",
            "url": url,
            "publisher": publisher,
        }
    return {
        "@type": "Dataset",
        "name": head.title,
        "description": _describe(head),
        "url": url,
        "inLanguage": "zh-CN",
        "datePublished": head.published,
        "dateModified": head.updated,
        "temporalCoverage": f"{head.year or ''}",
        "keywords": list(head.keywords),
        "license": site.licence,
        "creator": {"@type": "GovernmentOrganization", "name": head.unit},
        "publisher": publisher,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.label,
                "encodingFormat": each.type,
                "contentUrl": f"{url}{each.file}",
            }
            for each in head.downloads
        ],
    }


def _ld(graph: Facts) -> str:
    """As JSON-LD: a data block, which no policy for scripts forbids."""
    known = {key: value for key, value in graph.items() if value}
    text = _json({"@context": "https://schema.org", **known})
    safe = text.replace("<", "\\u003c").replace("&", "\\u0026")
    return f'<script type="application/ld+json">{safe}</script>'


def theme_facts(site: Site) -> dict[str, Any]:
    """What the theme prints in header and footer, escaped; keys without a value are left out."""
    told = {
        "organiser": site.organiser,
        "operator": site.operator,
        "contact": site.contact,
        "code": site.code,
        "icp": site.icp_number,
        "police": site.police_number,
        "mark": site.government_mark,
        "report": site.error_report,
        "licence": site.licence,
    }
    tags = column_head("没有这个页面", "这个网址没有页面", site)
    return {key: safe(text) for key, text in told.items() if text} | {"tags": tags}
