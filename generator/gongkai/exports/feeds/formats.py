"""Atom (RFC 4287) and JSON Feed renderings of feeds."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import escape

from gongkai.exports.feeds.channels import Feed, FeedPublisher, unit_feed, xml_text
from gongkai.exports.feeds.events import FeedEvent
from gongkai.pages.entries import UnitEntry

ATOM_FILE = "feed.xml"
"""File name of the Atom feed beside its page."""
_NO_DATE = "1970-01-01"
"""Date of an empty feed; Atom requires one."""


def render_atom(channel: Feed, publisher: FeedPublisher) -> bytes:
    """Render an Atom feed."""
    return "".join(f"{line}\n" for line in _atom_lines(channel, publisher)).encode()


def _atom_lines(channel: Feed, publisher: FeedPublisher) -> Iterator[str]:
    """Yield the lines of an Atom feed."""
    site, here = publisher.site, channel.url
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
    yield _element("id", publisher.identity(f"{here}feed"))
    yield _element("title", channel.title)
    yield _element("subtitle", channel.subtitle)
    yield _element("updated", day_timestamp(channel.updated or _NO_DATE))
    yield _link("self", "application/atom+xml", publisher.link(f"{here}{ATOM_FILE}", here))
    yield _link("alternate", "text/html", publisher.link(here, here))
    yield f"<author>{_element('name', site.organiser)}</author>"
    if site.licence:
        yield _element("rights", site.licence)
    for event in channel.events:
        yield from _atom_entry(event, here, publisher)
    yield "</feed>"


def _atom_entry(event: FeedEvent, here: str, publisher: FeedPublisher) -> Iterator[str]:
    """Yield the lines of an Atom entry."""
    yield "<entry>"
    yield _element("id", publisher.identity(f"{event.url}{event.key}"))
    yield _element("title", event.title)
    yield _element("published", day_timestamp(event.day))
    yield _element("updated", day_timestamp(event.day))
    yield _link("alternate", "text/html", publisher.link(event.url, here))
    yield f"<author>{_element('name', event.unit)}</author>"
    yield f'<category term="{event.kind.value}"/>'
    yield _element("content", event.text)
    yield "</entry>"


def day_timestamp(day: str) -> str:
    """Return the timestamp of a day's beginning in China, e.g. 2023-07-01T00:00:00+08:00."""
    return f"{day}T00:00:00+08:00"


def _element(name: str, text: str) -> str:
    """Return an XML element with escaped text."""
    return f"<{name}>{escape(xml_text(text))}</{name}>"


def _link(relation: str, media_type: str, url: str) -> str:
    """Return a link element."""
    return f'<link rel="{relation}" type="{media_type}" href="{escape(url)}"/>'


JSON_FEED_FILE = "feed.json"
"""File name of the JSON feed beside its page."""
_JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"


def render_json_feed(channel: Feed, publisher: FeedPublisher) -> bytes:
    """Render a JSON Feed."""
    here = channel.url
    feed = {
        "version": _JSON_FEED_VERSION,
        "title": xml_text(channel.title),
        "home_page_url": publisher.link(here, here),
        "feed_url": publisher.link(f"{here}{JSON_FEED_FILE}", here),
        "description": xml_text(channel.subtitle),
        "language": "zh-CN",
        "authors": [{"name": xml_text(publisher.site.organiser)}],
        "items": [_json_entry(event, here, publisher) for event in channel.events],
    }
    return f"{json.dumps(feed, ensure_ascii=False, indent=1)}\n".encode()


def _json_entry(event: FeedEvent, here: str, publisher: FeedPublisher) -> dict[str, Any]:
    """Return an event as an entry of a JSON Feed."""
    return {
        "id": publisher.identity(f"{event.url}{event.key}"),
        "url": publisher.link(event.url, here),
        "title": xml_text(event.title),
        "content_text": xml_text(event.text),
        "date_published": day_timestamp(event.day),
        "date_modified": day_timestamp(event.day),
        "authors": [{"name": xml_text(event.unit)}],
        "tags": [event.kind.value],
    }


def feed_paths(channel: Feed) -> tuple[str, str]:
    """Return the paths of a feed's files, relative to the site root."""
    return f"{channel.url}{ATOM_FILE}", f"{channel.url}{JSON_FEED_FILE}"


def render_feed_files(channel: Feed, publisher: FeedPublisher) -> Iterator[tuple[str, bytes]]:
    """Return the rendered files of a feed with their paths."""
    contents = render_atom(channel, publisher), render_json_feed(channel, publisher)
    return zip(feed_paths(channel), contents, strict=True)


def render_unit_feeds(
    unit: UnitEntry, former: Iterable[str], publisher: FeedPublisher
) -> Iterator[tuple[str, bytes]]:
    """Yield the feed files of a unit, also at its former addresses, which feed readers still poll."""
    channel = unit_feed(unit)
    files = list(render_feed_files(channel, publisher))
    yield from files
    for slug in former:
        for path, data in files:
            yield f"units/{slug}/{path.removeprefix(channel.url)}", data
