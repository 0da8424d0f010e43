"""说明: the sheet that tells where an Excel file comes from, and on what terms it may be used."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from generator.model import Record
from generator.office.data_sheets import ABOUT, ABOUT_MARK, DATA, Sheet
from generator.opendata.columns import Table
from generator.publication import Site
from generator.terms import ABSENT


class Source(NamedTuple):
    """What a file comes from."""

    site: Site
    site_url: str
    title: str
    url: str
    """Of its page, from the site's root."""
    facts: tuple[tuple[str, str], ...]
    """What else is known of it, each with its label."""
    hash: str
    """SHA-256 of the index.csv beside it."""


def about_sheet(source: Source, table: Table) -> Sheet:
    """The sheet of a file whose data sheet holds a table."""
    return Sheet(
        ABOUT, [(ABOUT_MARK, source.title), *_facts(source), *_columns(table)], wrapped=True
    )


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    site = source.site
    yield "网站", site.name
    yield "主办单位", site.organiser
    yield "网页", urljoin(source.site_url, source.url) if source.site_url else source.url
    yield "许可", site.licence or "未注明"
    yield from ((label, text or ABSENT) for label, text in source.facts)
    yield "数据的校验码", f"SHA-256 {source.hash}（同一网页的 index.csv）"


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    yield f"“{DATA}”工作表", f"{table.title}：{table.about}"
    for each in table.columns:
        yield f"“{each.title}”列", each.about


def money_units(records: Iterable[Record]) -> str:
    """In which unit each document gives amounts."""
    units = {record.title: record.form.money for record in records}
    if len(set(units.values())) == 1:
        return next(iter(units.values()))
    return "；".join(f"{title}：{unit}" for title, unit in units.items())
