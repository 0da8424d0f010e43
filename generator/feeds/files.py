"""The files of a feed."""

from collections.abc import Iterable, Iterator

from generator.entries import UnitEntry
from generator.feeds.atom import ATOM, atom
from generator.feeds.channels import Channel, Publisher, unit_channel
from generator.feeds.json_feed import JSON_FEED, json_feed


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
