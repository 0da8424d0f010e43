"""Texts of a demonstration in site.yml, with which nothing may be released."""

from collections.abc import Iterator
from pathlib import Path

from gongkai.model.publication import Site
from gongkai.reading.dataset import read_site

_MARKS = ("演示", "（请填写")
_NO_CODE = "0" * 10
_FIELDS = ("name", "organiser", "operator", "contact", "licence")


def find_demo_texts(data: Path) -> Iterator[str]:
    """Yield in Chinese the keys of site.yml that still have a demonstration's text."""
    site = read_site(data)
    if site is None:
        return
    for name in _FIELDS:
        text = f"{getattr(site, name)}"
        if any(mark in text for mark in _MARKS):
            yield f"“{Site.model_fields[name].alias}”写的是“{text}”"
    if site.code == _NO_CODE:
        yield f"“网站标识码”写的是“{site.code}”，不是真的标识码；没有的请留空"
    if site.domain.split(":")[0].endswith(".example"):
        yield f"“域名”写的是“{site.domain}”，这是举例用的域名"
    if not site.domain:
        yield "“域名”还没有写"
