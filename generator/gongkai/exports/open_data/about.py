"""What the whole of the data is, as its files tell of it: who publishes it, on what terms, of when."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

FOLDER = "data/whole/"
"""Where the files of the whole lie on the site."""
PAGE = "data/"
"""The page that offers them."""
_ADDRESS = re.compile(r"https?://[^\s，。；、）)]+")


@dataclass(frozen=True, slots=True)
class About:
    """Of the whole."""

    site: str
    """The site's name."""
    organiser: str
    licence: str
    """On what terms the data may be used, as site.yml says it."""
    site_url: str
    """Empty where the site does not know it."""
    years: tuple[int, ...]
    """Of which years there is anything, in order."""
    updated: str
    """The day of the last publication or correction; empty where none is told."""

    @property
    def title(self) -> str:
        """What the whole is called."""
        return f"{self.site}：全部数据"

    @property
    def description(self) -> str:
        """What it is, in a sentence."""
        period = f"{self.years[0]}—{self.years[-1]}年度" if self.years else ""
        return f"{period}预算绩效自评公开的全部数据：每个单位、公开件、项目、文件，和其中的每一个值"

    @property
    def licence_url(self) -> str:
        """The address that the terms name; empty where they name none."""
        found = _ADDRESS.search(self.licence)
        return found[0] if found else ""

    def address(self, path: str) -> str:
        """A file's address; relative to the page of the data where the site does not know its own."""
        return urljoin(self.site_url, path) if self.site_url else path.removeprefix(PAGE)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file of the whole, as it is offered."""

    path: str
    """From the site's root."""
    title: str
    """In Chinese."""
    format: str
    """For instance CSV, SQLite, Parquet."""
    media: str
    """Its media type."""
    packed: str
    """The media type of what it is packed in; empty where it is not."""
    size: int
    sha256: str
