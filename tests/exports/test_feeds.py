"""Feeds: valid by their own rules, the same for the same data, and exact about what happened."""

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

from gongkai.exports.feeds.channels import Channel, Publisher, list_channels, unit_channel
from gongkai.exports.feeds.events import NEWEST
from gongkai.exports.feeds.formats import atom, json_feed
from gongkai.history.changes import Change, ChangeKind, Told
from gongkai.history.changes import Event as Past
from gongkai.history.changes import EventKind as PastKind
from gongkai.model.publication import Site
from gongkai.pages.entries import Amended, Entry, Headline, UnitEntry
from gongkai.pages.views.common import Line, Link
from tests.build.test_incremental import Publisher as Folder
from tests.build.test_incremental import made, publisher, settle
from tests.build.test_mkdocs_site import hashes, run
from tests.build.test_mkdocs_site import publisher as folder
from tests.folders import GOLDEN

__all__ = ["folder", "made", "publisher"]
ADDRESS = "https://gongkai.example/jixiao/"
NAME = "{http://www.w3.org/2005/Atom}"
FEEDS = ("feed", "corrections/feed", "years/2022/feed", "units/shili/feed")
RIGHT = Amended("2023-08-01", "自评表/产出指标/数量指标1/实际完成值", "95", "98", "录入错误")
HOSTILE = "]]>&<b>\0\x08\x0b\ud800\ufffe😀\t“引号”\n换行'\"%00"


def entry(year: int = 2022, published: str = "", *corrections: Amended, unit: str = "u") -> Entry:
    line = Line(Link(f"{year}年度", f"units/{unit}/{year}/"), score="97", projects=2)
    zero = Decimal(0)
    money = (zero, zero, None, None)
    return Entry(year, line, *money, published, 0, 0, corrections, Headline(), (), b"", "")


def unit(*entries: Entry, name: str = "示例单位", slug: str = "u") -> UnitEntry:
    return UnitEntry(Link(name, f"units/{slug}/"), slug, "", "", "", "", entries)


def site(**more: str) -> Site:
    told = {"站点名称": "示例站点", "主办单位": "示例财政局", "域名": "gongkai.example"}
    return Site.model_validate({**told, **more})


def by(site_url: str = ADDRESS, **more: str) -> Publisher:
    return Publisher(site(**more), site_url)


def read(data: bytes) -> Element:
    """The root of an Atom file that is valid by RFC 4287."""
    schema = etree.RelaxNG(etree.parse(GOLDEN / "feeds" / "atom.rng"))
    schema.assertValid(etree.fromstring(data))
    root: Element = fromstring(data)
    told = [each.findtext(f"{NAME}id") for each in (root, *root.iter(f"{NAME}entry"))]
    assert len(told) == len(set(told))
    days = [each.findtext(f"{NAME}updated") or "" for each in root.iter(f"{NAME}entry")]
    assert days == sorted(days, reverse=True)
    return root


def texts(data: bytes, name: str) -> list[str]:
    """What the entries say under one name."""
    return [each.findtext(f"{NAME}{name}") or "" for each in read(data).iter(f"{NAME}entry")]


def read_json(data: bytes) -> dict[str, Any]:
    """A JSON Feed that is valid by its own rules."""
    told: dict[str, Any] = json.loads(data)
    schema = json.loads((GOLDEN / "feeds" / "json-feed.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(told)
    return told


def test_a_unit_tells_what_was_published_and_corrected() -> None:
    channel = unit_channel(unit(entry(2021), entry(2022, "2023-07-01", RIGHT)))
    data = atom(channel, by())
    root = read(data)
    assert root.findtext(f"{NAME}id") == "tag:gongkai.example,2026:jixiao/units/u/feed"
    assert root.findtext(f"{NAME}updated") == "2023-08-01T00:00:00+08:00"
    assert texts(data, "title") == [
        "示例单位更正2022年度绩效自评：实际完成值",
        "示例单位公开2022年度绩效自评",
    ]
    assert texts(data, "content") == [
        "“自评表/产出指标/数量指标1/实际完成值”由“95”更正为“98”。原因：录入错误",
        "示例单位公开了2022年度预算绩效自评。自评得分 97。共 2 个项目。",
    ]
    links = [each.get("href") for each in root.iter(f"{NAME}link")]
    page = f"{ADDRESS}units/u/2022/"
    assert links == [f"{ADDRESS}units/u/feed.xml", f"{ADDRESS}units/u/", page, page]


def test_what_only_git_knows_is_told_too() -> None:
    bare = Change(ChangeKind.CHANGED, "", "基础数据表", "编制数", "5", "6")
    known = Change(
        ChangeKind.CHANGED, "", "基础数据表", "编制数", "6", "7", "", "笔误", "2023-08-01"
    )
    events = (
        Past("2023-07-20", "2023-07-20", "a" * 40, PastKind.CHANGED, (bare,) * 6),
        Past("2023-08-01", "2023-08-01", "b" * 40, PastKind.CHANGED, (known,)),
        Past("2023-08-02", "", "c" * 40, PastKind.WITHDRAWN),
        Past("2023-08-03", "", "d" * 40, PastKind.RESTORED),
        Past("2023-08-04", "", "e" * 40, PastKind.UNREADABLE),
    )
    told = Told("2023-07-01", "2023-07-01", "f" * 40, events)
    data = atom(unit_channel(unit(entry(2022)._replace(history=told))), by())
    assert texts(data, "title") == [
        "示例单位重新公开2022年度绩效自评",
        "示例单位撤下2022年度绩效自评",
        "示例单位修改2022年度绩效自评 6 处",
        "示例单位公开2022年度绩效自评",
    ]
    change = "基础数据表：编制数 5→6"
    assert texts(data, "content")[2] == f"{'；'.join([change] * 5)}；另有 1 处。没有勘误说明。"
    assert texts(data, "id")[1:3] == [
        f"tag:gongkai.example,2026:jixiao/units/u/2022/changes/{'c' * 12}",
        "tag:gongkai.example,2026:jixiao/units/u/2022/changes/2023-07-20",
    ]
    dated = atom(unit_channel(unit(entry(2022, "2023-06-01")._replace(history=told))), by())
    assert texts(dated, "published")[-1] == "2023-06-01T00:00:00+08:00"


def test_both_kinds_tell_the_same() -> None:
    channel = unit_channel(unit(entry(2022, "2023-07-01", RIGHT)))
    data, told = atom(channel, by()), read_json(json_feed(channel, by()))
    pairs = {"id": "id", "title": "title", "content": "content_text", "updated": "date_modified"}
    for name, key in pairs.items():
        assert texts(data, name) == [each[key] for each in told["items"]]
    assert told["feed_url"] == f"{ADDRESS}units/u/feed.json"


@pytest.mark.parametrize(
    ("url", "domain", "identity"),
    [
        ("", "gongkai.example", "tag:gongkai.example,2026:units/u/2022/"),
        ("", "", "urn:x-gongkai:units/u/2022/"),
        ("", "不是域名/x", "urn:x-gongkai:units/u/2022/"),
        ("https://A.example:8443/", "gongkai.example", "tag:a.example,2026:units/u/2022/"),
    ],
)
def test_what_identifies_an_entry(url: str, domain: str, identity: str) -> None:
    channel = unit_channel(unit(entry(2022, "2023-07-01")))
    assert texts(atom(channel, by(url, 域名=domain)), "id") == [identity]


def test_without_an_address_links_lead_from_where_the_feed_lies() -> None:
    units = [unit(entry(2022, "2023-07-01"))]
    for channel in (*list_channels(units, site()), unit_channel(units[0])):
        root = read(atom(channel, by("")))
        for link in root.findall(f"{NAME}entry/{NAME}link"):
            here = urljoin(ADDRESS, channel.url)
            assert urljoin(here, link.get("href")) == f"{ADDRESS}units/u/2022/"
        own = root.findall(f"{NAME}link")
        assert [each.get("href") for each in own] == ["feed.xml", "./"]


def test_an_entry_keeps_its_identity_when_others_come() -> None:
    before = unit_channel(unit(entry(2022, "2023-07-01", RIGHT)))
    other = RIGHT._replace(date="2023-09-01", old="98", new="95")
    after = unit_channel(unit(entry(2021, "2022-07-01"), entry(2022, "2023-07-01", other, RIGHT)))
    known = texts(atom(before, by()), "id")
    assert set(known) < set(texts(atom(after, by()), "id"))


def test_the_same_correction_twice_is_told_once() -> None:
    channel = unit_channel(unit(entry(2022, "", RIGHT, RIGHT)))
    assert len(texts(atom(channel, by()), "id")) == 1


def test_only_the_newest_are_kept() -> None:
    entries = [entry(1900 + number, f"{1901 + number}-07-01") for number in range(NEWEST + 9)]
    data = atom(unit_channel(unit(*entries)), by())
    days = texts(data, "updated")
    assert (len(days), days[0], days[-1]) == (
        NEWEST,
        f"{1900 + NEWEST + 9}-07-01T00:00:00+08:00",
        "1910-07-01T00:00:00+08:00",
    )


def test_the_feeds_above_the_units_tell_what_belongs_there() -> None:
    units = [
        unit(entry(2021, "2022-07-01", unit="a"), entry(2022, "2023-07-01", unit="a"), slug="a"),
        unit(entry(2022, "2023-07-02", RIGHT, unit="b"), slug="b"),
        unit(entry(2022, unit="c"), slug="c"),
    ]
    told = {each.url: [event.url for event in each.events] for each in list_channels(units, site())}
    assert told == {
        "": ["units/b/2022/", "units/b/2022/", "units/a/2022/", "units/a/2021/"],
        "corrections/": ["units/b/2022/"],
        "years/2021/": ["units/a/2021/"],
        "years/2022/": ["units/b/2022/", "units/b/2022/", "units/a/2022/"],
    }


def test_a_feed_without_entries_is_valid() -> None:
    channel = Channel("", "示例", "示例", ())
    assert list(read(atom(channel, by())).iter(f"{NAME}entry")) == []
    assert read_json(json_feed(channel, by()))["items"] == []


def test_hostile_text_survives() -> None:
    told = Amended("2023-08-01", f"表/{HOSTILE}", HOSTILE, HOSTILE, HOSTILE)
    channel = unit_channel(unit(entry(2022, "2023-07-01", told), name=HOSTILE))
    publisher = by(站点名称=HOSTILE, 主办单位=HOSTILE, 许可=HOSTILE)
    one = "]]>&<b>�� ��😀 “引号” 换行'\"%00"
    data = atom(channel, publisher)
    assert read(data).findtext(f"{NAME}author/{NAME}name") == one
    assert texts(data, "content")[0] == f"“表/{one}”由“{one}”更正为“{one}”。原因：{one}"
    assert read_json(json_feed(channel, publisher))["authors"][0]["name"] == one


def test_a_built_site_has_them_and_says_so(folder: Path) -> None:
    done = run("gongkai", "build", "--today", "2024-01-01", folder=folder)
    assert done.returncode == 0, done.stderr
    for name in FEEDS:
        root = read((folder / "site" / f"{name}.xml").read_bytes())
        read_json((folder / "site" / f"{name}.json").read_bytes())
        assert root.findtext(f"{NAME}title")
        page = (folder / "site" / name).with_name("index.html").read_text("utf-8")
        assert '<link rel="alternate" type="application/atom+xml"' in page
        assert '<a href="feed.xml" type="application/atom+xml">Atom</a>' in page


def test_another_day_changes_the_feeds_that_tell_it_and_no_others(publisher: Folder) -> None:
    settle(publisher.data)
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
    assert publisher.cold()[1] == after
