"""Atom (RFC 4287) and JSON Feed renderings of feeds."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import escape

from gongkai.exports.feeds.channels import Channel, Publisher, fit, unit_channel
from gongkai.exports.feeds.events import Event
from gongkai.pages.entries import UnitEntry

ATOM = "feed.xml"
"""File name of the Atom feed beside its page."""
_NO_DATE = "1970-01-01"
"""Date of an empty feed; Atom requires one."""


def atom(channel: Channel, publisher: Publisher) -> bytes:
    """Render an Atom feed."""
    return "".join(f"{line}\n" for line in _atom_lines(channel, publisher)).encode()


def _atom_lines(channel: Channel, publisher: Publisher) -> Iterator[str]:
    """Yield the lines of an Atom feed."""
    site, here = publisher.site, channel.url
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
    yield _element("id", publisher.identity(f"{here}feed"))
    yield _element("title", channel.title)
    yield _element("subtitle", channel.about)
    yield _element("updated", moment(channel.updated or _NO_DATE))
    yield _link("self", "application/atom+xml", publisher.link(f"{here}{ATOM}", here))
    yield _link("alternate", "text/html", publisher.link(here, here))
    yield f"<author>{_element('name', site.organiser)}</author>"
    if site.licence:
        yield _element("rights", site.licence)
    for event in channel.events:
        yield from _atom_entry(event, here, publisher)
    yield "</feed>"


def _atom_entry(event: Event, here: str, publisher: Publisher) -> Iterator[str]:
    """Yield the lines of an Atom entry."""
    yield "<entry>"
    yield _element("id", publisher.identity(f"{event.url}{event.mark}"))
    yield _element("title", event.title)
    yield _element("published", moment(event.day))
    yield _element("updated", moment(event.day))
    yield _link("alternate", "text/html", publisher.link(event.url, here))
    yield f"<author>{_element('name', event.unit)}</author>"
    yield f'<category term="{event.kind.value}"/>'
    yield _element("content", event.text)
    yield "</entry>"


def moment(day: str) -> str:
    """Return the timestamp of a day's beginning in China, e.g. 2023-07-01T00:00:00+08:00."""
    return f"{day}T00:00:00+08:00"


def _element(name: str, text: str) -> str:
    """Return an XML element with escaped text."""
    return f"<{name}>{escape(fit(text))}</{name}>"


def _link(relation: str, media_type: str, url: str) -> str:
    """Return a link element."""
    return f'<link rel="{relation}" type="{media_type}" href="{escape(url)}"/>'


JSON_FEED = "feed.json"
"""File name of the JSON feed beside its page."""
_JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, publisher: Publisher) -> bytes:
    """Render a JSON Feed."""
    here = channel.url
    feed = {
        "version": _JSON_FEED_VERSION,
        "title": fit(channel.title),
        "home_page_url": publisher.link(here, here),
        "feed_url": publisher.link(f"{here}{JSON_FEED}", here),
        "description": fit(channel.about),
        "language": "zh-CN",
        "authors": [{"name": fit(publisher.site.organiser)}],
        "items": [_json_entry(event, here, publisher) for event in channel.events],
    }
    return f"{json.dumps(feed, ensure_ascii=False, indent=1)}\n".encode()


def _json_entry(event: Event, here: str, publisher: Publisher) -> dict[str, Any]:
    """Return an event as an entry of a JSON Feed."""
    return {
        "id": publisher.identity(f"{event.url}{event.mark}"),
        "url": publisher.link(event.url, here),
        "title": fit(event.title),
        "content_text": fit(event.text),
        "date_published": moment(event.day),
        "date_modified": moment(event.day),
        "authors": [{"name": fit(event.unit)}],
        "tags": [event.kind.value],
    }


def feed_names(channel: Channel) -> tuple[str, str]:
    """Return the paths of a feed's files, relative to the site root."""
    return f"{channel.url}{ATOM}", f"{channel.url}{JSON_FEED}"


def feed_files(channel: Channel, publisher: Publisher) -> Iterator[tuple[str, bytes]]:
    """Return the rendered files of a feed with their paths."""
    contents = atom(channel, publisher), json_feed(channel, publisher)
    return zip(feed_names(channel), contents, strict=True)


def unit_feeds(
    unit: UnitEntry, former: Iterable[str], publisher: Publisher
) -> Iterator[tuple[str, bytes]]:
    """Yield the feed files of a unit, also at its former addresses, which feed readers still poll."""
    channel = unit_channel(unit)
    files = list(feed_files(channel, publisher))
    yield from files
    for slug in former:
        for path, data in files:
            yield f"units/{slug}/{path.removeprefix(channel.url)}", data
