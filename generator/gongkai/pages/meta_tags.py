"""Metadata in a page's HTML head: 网页标签规范 (国办发〔2017〕47号), Open Graph, schema.org."""

from collections.abc import Iterable, Iterator, Mapping
from json import JSONEncoder
from typing import Any

from gongkai.model.publication import Site
from gongkai.pages.page_types import PageType, SchemaType, theme_assets
from gongkai.pages.views.common import PageHead
from gongkai.runtime.html import escape_html, escape_line
from gongkai.runtime.urls import absolute_url

JsonLd = Mapping[str, Any]
"""A schema.org object."""
_to_json = JSONEncoder(ensure_ascii=False).encode
_DEFAULT_DESCRIPTION = "各单位一年花了多少钱、办成了什么事、哪些没有做到"


def render_head_tags(page_type: PageType, head: PageHead, site: Site, site_url: str) -> str:
    """Render all tags of a page; those without a value (e.g. PubDate) are left out."""
    tags = [
        *site_tags(site),
        *column_tags(page_type.column, _description(head)),
    ]
    if page_type.is_content:
        tags += _article_tags(head, site, site_url)
    json_ld = _json_ld(page_type, head, site, absolute_url(site_url, head.url) if site_url else "")
    if not page_type.is_indexed:
        tags.append(("robots", "noindex"))
    links = [*_download_links(head), *(_feed_links(head, site) if head.has_feeds else ())]
    return "\n".join(
        [
            *_render_metas(tags),
            *_open_graph(page_type, head, site),
            *links,
            _render_json_ld(json_ld),
        ]
    )


def render_column_tags(title: str, description: str, site: Site) -> str:
    """Render the tags of a hand-written page, which is a column of its own."""
    tags = [*site_tags(site), *column_tags(title, description)]
    return "\n".join(_render_metas(tags))


def site_tags(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the tags of the site, which are the same on every page."""
    yield "SiteName", site.name
    yield "SiteDomain", site.domain
    yield "SiteIDCode", site.code


def column_tags(name: str, description: str) -> Iterator[tuple[str, str]]:
    """Yield the tags of a column (栏目)."""
    yield "ColumnName", name
    yield "ColumnDescription", description or _DEFAULT_DESCRIPTION
    yield "ColumnKeywords", ",".join(dict.fromkeys((name, "预算绩效自评", "公开")))
    yield "ColumnType", "预算绩效自评公开"


def _article_tags(head: PageHead, site: Site, site_url: str) -> Iterator[tuple[str, str]]:
    yield "ArticleTitle", head.title
    if head.published:
        yield "PubDate", f"{head.published} 00:00"
    yield "ContentSource", head.unit or site.organiser
    yield "Author", head.unit or site.organiser
    yield "Keywords", ",".join(head.keywords)
    yield "Description", _description(head)
    if site_url:
        yield "Url", absolute_url(site_url, head.url)


def _description(head: PageHead) -> str:
    return head.description or _DEFAULT_DESCRIPTION


def _render_metas(tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f'<meta name="{name}" content="{escape_line(text)}">' for name, text in tags if text)


def _open_graph(page_type: PageType, head: PageHead, site: Site) -> Iterator[str]:
    properties = {
        "og:type": "article" if page_type.is_content else "website",
        "og:title": head.title,
        "og:site_name": site.name,
        "og:locale": "zh_CN",
    }
    for name, text in properties.items():
        yield f'<meta property="{name}" content="{escape_line(text)}">'


def _download_links(head: PageHead) -> Iterator[str]:
    """Yield links to the page's content in other formats."""
    for file in head.downloads:
        yield f'<link rel="alternate" type="{file.media_type}" href="{file.file}" title="{file.label}">'


def _feed_links(head: PageHead, site: Site) -> Iterator[str]:
    """Yield links to the page's Atom and JSON feeds, by which feed readers find them."""
    title = escape_line(head.title if head.url else site.name)
    for kind, name in (("atom", "feed.xml"), ("feed", "feed.json")):
        media_type = f"application/{kind}+{name.rpartition('.')[2]}"
        yield f'<link rel="alternate" type="{media_type}" title="{title}" href="{name}">'


def _json_ld(page_type: PageType, head: PageHead, site: Site, url: str) -> JsonLd:
    kind = page_type.schema_type
    if head.structured_data:
        return dict(head.structured_data)
    if kind is SchemaType.DATASET:
        return _dataset_json_ld(head, site, url)
    if kind is SchemaType.ORGANISATION:
        names = {"name": head.unit, "alternateName": list(head.keywords[1:])}
        return {"@type": kind, **names, "url": url}
    return {
        "@type": kind,
        "name": site.name if kind is SchemaType.SITE else head.title,
        "inLanguage": "zh-CN",
        "url": url,
        "publisher": _organisation(site.organiser),
    }


def _dataset_json_ld(head: PageHead, site: Site, url: str) -> JsonLd:
    """Describe a page with filed data as a dataset, its downloads included."""
    return {
        "@type": SchemaType.DATASET,
        "name": head.title,
        "description": _description(head),
        "url": url,
        "inLanguage": "zh-CN",
        "datePublished": head.published,
        "dateModified": head.updated,
        "temporalCoverage": f"{head.year or ''}",
        "keywords": list(head.keywords),
        "license": site.licence,
        "creator": _organisation(head.unit),
        "publisher": _organisation(site.organiser),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.label,
                "encodingFormat": file.media_type,
                "contentUrl": f"{url}{file.file}",
            }
            for file in head.downloads
        ],
    }


def _organisation(name: str) -> JsonLd:
    return {"@type": "GovernmentOrganization", "name": name}


def _render_json_ld(json_ld: JsonLd) -> str:
    """Render JSON-LD as a data block, which no content security policy for scripts forbids."""
    known = {key: value for key, value in json_ld.items() if value}
    text = _to_json({"@context": "https://schema.org", **known})
    escaped = text.replace("<", "\\u003c").replace("&", "\\u0026")
    return f'<script type="application/ld+json">{escaped}</script>'


def theme_variables(site: Site) -> dict[str, Any]:
    """Return the theme's variables: escaped texts of header and footer, assets by page type."""
    values = {
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
    tags = render_column_tags("没有这个页面", "这个网址没有页面", site)
    texts = {key: escape_html(text) for key, text in values.items() if text}
    return {**texts, "tags": tags, "assets": theme_assets()}
