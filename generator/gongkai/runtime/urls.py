"""The way from one page of the site to another, and from anywhere."""

from functools import lru_cache
from urllib.parse import urljoin


def absolute(site_url: str, url: str) -> str:
    """The address of a page, as seen from anywhere; `url` is seen from the site's root."""
    return f"{_root(site_url)}{url}" if url else site_url


@lru_cache(maxsize=10)
def _root(site_url: str) -> str:
    return urljoin(site_url, ".") if site_url else ""


def relative_url(url: str, here: str) -> str:
    """The way from one page to another, both as seen from the site's root; an anchor stays."""
    page, mark, anchor = url.partition("#")
    there, now = page.split("/")[:-1], here.split("/")[:-1]
    same = 0
    for one, other in zip(there, now, strict=False):
        if one != other:
            break
        same += 1
    way = "../" * (len(now) - same) + "".join(f"{each}/" for each in there[same:])
    return f"{way or './'}{mark}{anchor}"
