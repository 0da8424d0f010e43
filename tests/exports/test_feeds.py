"""Feeds: schema-valid, reproducible, and exact about what happened."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from jsonschema import Draft202012Validator
from lxml import etree

from gongkai.exports.feeds.channels import Feed, FeedPublisher, iter_site_feeds, unit_feed
from gongkai.exports.feeds.events import MAX_ENTRIES
from gongkai.exports.feeds.formats import render_atom, render_json_feed
from gongkai.history.changes import Change, ChangeKind, DisclosureHistory, Event, EventKind
from gongkai.model.figures import LISTED_FIGURES, SCORE
from gongkai.model.publication import Site
from gongkai.pages.entries import CorrectionEntry, Entry, UnitEntry
from gongkai.pages.views.common import EvaluationLine, Link
from tests.build.test_incremental import SiteFolder, backdate_files, publisher
from tests.build.test_mkdocs_site import hashes
from tests.folders import GOLDEN

__all__ = ["publisher"]
SITE_URL = "https://gongkai.example/jixiao/"
ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"
FEED_PATHS = ("feed", "corrections/feed", "years/2022/feed", "units/shili/feed")
CORRECTION = CorrectionEntry(
    "2023-08-01", "自评表/产出指标/数量指标1/实际完成值", "95", "98", "录入错误"
)
HOSTILE_TEXT = "]]>&<b>\0\x08\x0b\ud800\ufffe😀\t“引号”\n换行'\"%00"


def make_entry(
    year: int = 2022, published: str = "", *corrections: CorrectionEntry, unit: str = "u"
) -> Entry:
    texts = tuple("97" if figure is SCORE else "" for figure in LISTED_FIGURES)
    line = EvaluationLine(Link(f"{year}年度", f"units/{unit}/{year}/"), texts, projects=2)
    return Entry(
        year=year,
        line=line,
        budget=Decimal(0),
        spent=Decimal(0),
        score=None,
        rate=None,
        published=published,
        missed=0,
        shortfall_count=0,
        corrections=corrections,
        exact_texts=(),
        forms=(),
        packed_shortfalls=b"",
        key="",
    )


def make_unit(*entries: Entry, name: str = "示例单位", slug: str = "u") -> UnitEntry:
    return UnitEntry(Link(name, f"units/{slug}/"), slug, "", "", "", "", entries)


def make_site(**fields: str) -> Site:
    defaults = {"站点名称": "示例站点", "主办单位": "示例财政局", "域名": "gongkai.example"}
    return Site.model_validate({**defaults, **fields})


def make_publisher(site_url: str = SITE_URL, **fields: str) -> FeedPublisher:
    return FeedPublisher(make_site(**fields), site_url)


def parse_atom(data: bytes) -> Element:
    """Parse an Atom feed after validating it against RFC 4287."""
    schema = etree.RelaxNG(etree.parse(GOLDEN / "feeds" / "atom.rng"))
    schema.assertValid(etree.fromstring(data))
    root: Element = fromstring(data)
    ids = [
        element.findtext(f"{ATOM_NAMESPACE}id")
        for element in (root, *root.iter(f"{ATOM_NAMESPACE}entry"))
    ]
    assert len(ids) == len(set(ids))
    days = [
        element.findtext(f"{ATOM_NAMESPACE}updated") or ""
        for element in root.iter(f"{ATOM_NAMESPACE}entry")
    ]
    assert days == sorted(days, reverse=True)
    return root


def entry_texts(data: bytes, name: str) -> list[str]:
    """Return the text of an element in every entry."""
    return [
        element.findtext(f"{ATOM_NAMESPACE}{name}") or ""
        for element in parse_atom(data).iter(f"{ATOM_NAMESPACE}entry")
    ]


def parse_json_feed(data: bytes) -> dict[str, Any]:
    """Parse a JSON Feed after validating it."""
    feed: dict[str, Any] = json.loads(data)
    schema = json.loads((GOLDEN / "feeds" / "json-feed.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(feed)
    return feed


def test_unit_feed_lists_publications_and_corrections() -> None:
    channel = unit_feed(make_unit(make_entry(2021), make_entry(2022, "2023-07-01", CORRECTION)))
    data = render_atom(channel, make_publisher())
    root = parse_atom(data)
    assert root.findtext(f"{ATOM_NAMESPACE}id") == "tag:gongkai.example,2026:jixiao/units/u/feed"
    assert root.findtext(f"{ATOM_NAMESPACE}updated") == "2023-08-01T00:00:00+08:00"
    assert entry_texts(data, "title") == [
        "示例单位更正2022年度绩效自评：实际完成值",
        "示例单位公开2022年度绩效自评",
    ]
    assert entry_texts(data, "content") == [
        "“自评表/产出指标/数量指标1/实际完成值”由“95”更正为“98”。原因：录入错误",
        "示例单位公开了2022年度预算绩效自评。自评得分 97。共 2 个项目。",
    ]
    links = [link.get("href") for link in root.iter(f"{ATOM_NAMESPACE}link")]
    page = f"{SITE_URL}units/u/2022/"
    assert links == [f"{SITE_URL}units/u/feed.xml", f"{SITE_URL}units/u/", page, page]


def test_changes_in_git_history_are_events() -> None:
    unannounced = Change(ChangeKind.CHANGED, "", "基础数据表", "编制数", "5", "6")
    announced = Change(
        ChangeKind.CHANGED, "", "基础数据表", "编制数", "6", "7", "", "笔误", "2023-08-01"
    )
    events = (
        Event("2023-07-20", "2023-07-20", "a" * 40, EventKind.CHANGED, (unannounced,) * 6),
        Event("2023-08-01", "2023-08-01", "b" * 40, EventKind.CHANGED, (announced,)),
        Event("2023-08-02", "", "c" * 40, EventKind.WITHDRAWN),
        Event("2023-08-03", "", "d" * 40, EventKind.RESTORED),
        Event("2023-08-04", "", "e" * 40, EventKind.UNREADABLE),
    )
    history = DisclosureHistory("2023-07-01", "2023-07-01", "f" * 40, events)
    data = render_atom(
        unit_feed(make_unit(make_entry(2022)._replace(history=history))), make_publisher()
    )
    assert entry_texts(data, "title") == [
        "示例单位重新公开2022年度绩效自评",
        "示例单位撤下2022年度绩效自评",
        "示例单位修改2022年度绩效自评 6 处",
        "示例单位公开2022年度绩效自评",
    ]
    change = "基础数据表：编制数 5→6"
    assert (
        entry_texts(data, "content")[2] == f"{'；'.join([change] * 5)}；另有 1 处。没有勘误说明。"
    )
    assert entry_texts(data, "id")[1:3] == [
        f"tag:gongkai.example,2026:jixiao/units/u/2022/changes/{'c' * 12}",
        "tag:gongkai.example,2026:jixiao/units/u/2022/changes/2023-07-20",
    ]
    dated = render_atom(
        unit_feed(make_unit(make_entry(2022, "2023-06-01")._replace(history=history))),
        make_publisher(),
    )
    assert entry_texts(dated, "published")[-1] == "2023-06-01T00:00:00+08:00"


def test_atom_and_json_feed_agree() -> None:
    channel = unit_feed(make_unit(make_entry(2022, "2023-07-01", CORRECTION)))
    data, feed = (
        render_atom(channel, make_publisher()),
        parse_json_feed(render_json_feed(channel, make_publisher())),
    )
    pairs = {"id": "id", "title": "title", "content": "content_text", "updated": "date_modified"}
    for name, key in pairs.items():
        assert entry_texts(data, name) == [entry[key] for entry in feed["items"]]
    assert feed["feed_url"] == f"{SITE_URL}units/u/feed.json"


@pytest.mark.parametrize(
    ("url", "domain", "identity"),
    [
        ("", "gongkai.example", "tag:gongkai.example,2026:units/u/2022/"),
        ("", "", "urn:x-gongkai:units/u/2022/"),
        ("https://A.example:8443/", "gongkai.example", "tag:a.example,2026:units/u/2022/"),
    ],
)
def test_entry_identifier(url: str, domain: str, identity: str) -> None:
    channel = unit_feed(make_unit(make_entry(2022, "2023-07-01")))
    assert entry_texts(render_atom(channel, make_publisher(url, 域名=domain)), "id") == [identity]


def test_links_are_relative_without_site_url() -> None:
    units = [make_unit(make_entry(2022, "2023-07-01"))]
    for channel in (*iter_site_feeds(units, make_site()), unit_feed(units[0])):
        root = parse_atom(render_atom(channel, make_publisher("")))
        for link in root.findall(f"{ATOM_NAMESPACE}entry/{ATOM_NAMESPACE}link"):
            here = urljoin(SITE_URL, channel.url)
            assert urljoin(here, link.get("href")) == f"{SITE_URL}units/u/2022/"
        own = root.findall(f"{ATOM_NAMESPACE}link")
        assert [link.get("href") for link in own] == ["feed.xml", "./"]


def test_entry_identifier_is_stable() -> None:
    before = unit_feed(make_unit(make_entry(2022, "2023-07-01", CORRECTION)))
    other = CORRECTION._replace(date="2023-09-01", old="98", new="95")
    after = unit_feed(
        make_unit(make_entry(2021, "2022-07-01"), make_entry(2022, "2023-07-01", other, CORRECTION))
    )
    known_ids = entry_texts(render_atom(before, make_publisher()), "id")
    assert set(known_ids) < set(entry_texts(render_atom(after, make_publisher()), "id"))


def test_duplicate_correction_is_one_entry() -> None:
    channel = unit_feed(make_unit(make_entry(2022, "", CORRECTION, CORRECTION)))
    assert len(entry_texts(render_atom(channel, make_publisher()), "id")) == 1


def test_feed_is_limited_to_newest_entries() -> None:
    entries = [
        make_entry(1900 + number, f"{1901 + number}-07-01") for number in range(MAX_ENTRIES + 9)
    ]
    data = render_atom(unit_feed(make_unit(*entries)), make_publisher())
    days = entry_texts(data, "updated")
    assert (len(days), days[0], days[-1]) == (
        MAX_ENTRIES,
        f"{1900 + MAX_ENTRIES + 9}-07-01T00:00:00+08:00",
        "1910-07-01T00:00:00+08:00",
    )


def test_site_feeds_list_their_events() -> None:
    units = [
        make_unit(
            make_entry(2021, "2022-07-01", unit="a"),
            make_entry(2022, "2023-07-01", unit="a"),
            slug="a",
        ),
        make_unit(make_entry(2022, "2023-07-02", CORRECTION, unit="b"), slug="b"),
        make_unit(make_entry(2022, unit="c"), slug="c"),
    ]
    urls_by_feed = {
        channel.url: [event.url for event in channel.events]
        for channel in iter_site_feeds(units, make_site())
    }
    assert urls_by_feed == {
        "": ["units/b/2022/", "units/b/2022/", "units/a/2022/", "units/a/2021/"],
        "corrections/": ["units/b/2022/"],
        "years/2021/": ["units/a/2021/"],
        "years/2022/": ["units/b/2022/", "units/b/2022/", "units/a/2022/"],
    }


def test_empty_feed_is_valid() -> None:
    channel = Feed("", "示例", "示例", ())
    assert (
        list(parse_atom(render_atom(channel, make_publisher())).iter(f"{ATOM_NAMESPACE}entry"))
        == []
    )
    assert parse_json_feed(render_json_feed(channel, make_publisher()))["items"] == []


def test_hostile_text_is_escaped() -> None:
    correction = CorrectionEntry(
        "2023-08-01", f"表/{HOSTILE_TEXT}", HOSTILE_TEXT, HOSTILE_TEXT, HOSTILE_TEXT
    )
    channel = unit_feed(make_unit(make_entry(2022, "2023-07-01", correction), name=HOSTILE_TEXT))
    publisher = make_publisher(站点名称=HOSTILE_TEXT, 主办单位=HOSTILE_TEXT, 许可=HOSTILE_TEXT)
    escaped = "]]>&<b>�� ��😀 “引号” 换行'\"%00"
    data = render_atom(channel, publisher)
    assert parse_atom(data).findtext(f"{ATOM_NAMESPACE}author/{ATOM_NAMESPACE}name") == escaped
    assert (
        entry_texts(data, "content")[0]
        == f"“表/{escaped}”由“{escaped}”更正为“{escaped}”。原因：{escaped}"
    )
    assert parse_json_feed(render_json_feed(channel, publisher))["authors"][0]["name"] == escaped


def test_built_site_links_to_its_feeds(example_folder: Path) -> None:
    site = example_folder / "site"
    for name in FEED_PATHS:
        root = parse_atom((site / f"{name}.xml").read_bytes())
        parse_json_feed((site / f"{name}.json").read_bytes())
        assert root.findtext(f"{ATOM_NAMESPACE}title")
        page = (site / name).with_name("index.html").read_text("utf-8")
        assert '<link rel="alternate" type="application/atom+xml"' in page
        assert '<a href="feed.xml" type="application/atom+xml">Atom</a>' in page


def test_changed_date_updates_only_affected_feeds(publisher: SiteFolder) -> None:
    backdate_files(publisher.data)
    publisher.build()
    before = hashes(publisher.workspace.site)
    path = min(publisher.data.glob("units/*/2022/disclosure.yml"))
    text, count = re.subn("发布日期: .*", "发布日期: 2023-06-30", path.read_text("utf-8"))
    assert count == 1
    path.write_text(text, "utf-8")
    assert not publisher.build().blocked
    after = hashes(publisher.workspace.site)
    feeds = {name for name in after if name.endswith("feed.xml") and after[name] != before[name]}
    assert feeds == {"feed.xml", "years/2022/feed.xml", f"units/{path.parts[-3]}/feed.xml"}
    assert publisher.build_cold()[1] == after
