"""The way from one page of the site to another."""

import posixpath


def relative_url(url: str, here: str) -> str:
    """The way from one page to another, both as seen from the site's root; an anchor stays."""
    page, _, anchor = url.partition("#")
    way = posixpath.relpath(page or ".", here or ".")
    way = "./" if way == "." else f"{way}/"
    return f"{way}#{anchor}" if anchor else way
