"""The texts of pages for the search that comes with the theme."""

import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator

from generator.headings import headings, written
from generator.pages import Page

_TAG = re.compile(r"<[^>]*>")
_CUT = "\0"


def search_texts(pages: Iterable[Page]) -> bytes:
    """The sections of pages as the theme's search wants them: JSON objects, packed."""
    texts = (_section(*each) for page in pages for each in _sections(page))
    return zlib.compress(",".join(texts).encode(), level=1)


def search_index(old: bytes, texts: Iterable[bytes]) -> bytes:
    """The theme's index of the hand-written pages with the texts of all others."""
    index = json.loads(old)
    own = [each for each in index["docs"] if "gkx" not in f"{each['location']}{each['title']}"]
    head = json.dumps({**index, "docs": []}, ensure_ascii=False).removesuffix("]}")
    ours = [json.dumps(each, ensure_ascii=False) for each in own]
    rest = (zlib.decompress(each).decode() for each in texts)
    return f"{head}{','.join(filter(None, [*ours, *rest]))}]}}".encode()


def _sections(page: Page) -> Iterator[tuple[str, str, str]]:
    """Address, title and HTML: the opening under the page's own address, then each heading's."""
    opening, *sections = written(page.body, lambda _: _CUT).split(_CUT)
    yield page.head.url, html.escape(page.head.title), opening
    for heading, section in zip(headings(page.body), sections, strict=True):
        yield f"{page.head.url}#{heading.anchor}", heading.html, section


def _section(location: str, title: str, text: str) -> str:
    plain = " ".join(_TAG.sub(" ", text).split())
    return json.dumps({"location": location, "title": title, "text": plain}, ensure_ascii=False)
