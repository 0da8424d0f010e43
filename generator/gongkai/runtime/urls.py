"""Absolute and relative URLs of the site's pages."""

from functools import lru_cache
from urllib.parse import urljoin


def absolute_url(site_url: str, url: str) -> str:
    """Return a page's absolute URL; `url` is relative to the site's root."""
    return f"{_base_url(site_url)}{url}" if url else site_url


@lru_cache(maxsize=10)
def _base_url(site_url: str) -> str:
    return urljoin(site_url, ".") if site_url else ""


def relative_url(url: str, from_url: str) -> str:
    """Return `url` relative to the page `from_url`, both relative to the site's root; keep its anchor."""
    page, hash_sign, anchor = url.partition("#")
    target, start = page.split("/")[:-1], from_url.split("/")[:-1]
    common = 0
    for target_folder, start_folder in zip(target, start, strict=False):
        if target_folder != start_folder:
            break
        common += 1
    path = "../" * (len(start) - common) + "".join(f"{folder}/" for folder in target[common:])
    return f"{path or './'}{hash_sign}{anchor}"
