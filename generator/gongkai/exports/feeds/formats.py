"""A feed as Atom (RFC 4287)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import escape

from gongkai.exports.feeds.channels import Channel, Publisher, fit, unit_channel
from gongkai.exports.feeds.events import Event
from gongkai.pages.entries import UnitEntry

ATOM = "feed.xml"
"""The name of the file beside the page."""
_NEVER = "1970-01-01"
"""When a feed was updated that has never held anything; Atom wants a day."""


def atom(channel: Channel, publisher: Publisher) -> bytes:
    """The whole file."""
    return "".join(f"{line}\n" for line in _lines(channel, publisher)).encode()


def _lines(channel: Channel, publisher: Publisher) -> Iterator[str]:
    site, here = publisher.site, channel.url
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
    yield _element("id", publisher.identity(f"{here}feed"))
    yield _element("title", channel.title)
    yield _element("subtitle", channel.about)
    yield _element("updated", moment(channel.updated or _NEVER))
    yield _link("self", "application/atom+xml", publisher.link(f"{here}{ATOM}", here))
    yield _link("alternate", "text/html", publisher.link(here, here))
    yield f"<author>{_element('name', site.organiser)}</author>"
    if site.licence:
        yield _element("rights", site.licence)
    for event in channel.events:
        yield from _entry(event, here, publisher)
    yield "</feed>"


def _entry(event: Event, here: str, publisher: Publisher) -> Iterator[str]:
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
    """The beginning of a day in China."""
    return f"{day}T00:00:00+08:00"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(fit(text))}</{name}>"


def _link(relation: str, kind: str, url: str) -> str:
    return f'<link rel="{relation}" type="{kind}" href="{escape(url)}"/>'


JSON_FEED = "feed.json"
"""The name of the file beside the page."""
_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, publisher: Publisher) -> bytes:
    """The whole file."""
    here = channel.url
    told = {
        "version": _VERSION,
        "title": fit(channel.title),
        "home_page_url": publisher.link(here, here),
        "feed_url": publisher.link(f"{here}{JSON_FEED}", here),
        "description": fit(channel.about),
        "language": "zh-CN",
        "authors": [{"name": fit(publisher.site.organiser)}],
        "items": [_item(event, here, publisher) for event in channel.events],
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _item(event: Event, here: str, publisher: Publisher) -> dict[str, Any]:
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
    """Their paths, from the site's root."""
    return f"{channel.url}{ATOM}", f"{channel.url}{JSON_FEED}"


def feed_files(channel: Channel, publisher: Publisher) -> Iterator[tuple[str, bytes]]:
    """Each with its path."""
    made = atom(channel, publisher), json_feed(channel, publisher)
    return zip(feed_names(channel), made, strict=True)


def unit_feeds(
    unit: UnitEntry, former: Iterable[str], publisher: Publisher
) -> Iterator[tuple[str, bytes]]:
    """Those of a unit; at its former addresses, too, for readers' programs follow no page."""
    channel = unit_channel(unit)
    files = list(feed_files(channel, publisher))
    yield from files
    for slug in former:
        for path, data in files:
            yield f"units/{slug}/{path.removeprefix(channel.url)}", data
