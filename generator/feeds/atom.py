"""A feed as Atom (RFC 4287)."""

from collections.abc import Iterator

from markupsafe import escape

from generator.feeds.channels import Channel, Publisher, fit
from generator.feeds.events import Event

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
