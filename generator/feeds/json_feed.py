"""A feed as JSON Feed 1.1 (jsonfeed.org)."""

import json
from typing import Any

from generator.feeds.atom import moment
from generator.feeds.channels import Channel, Publisher, fit
from generator.feeds.events import Event

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
