"""Metadata of the complete dataset: publisher, licence, period, date, and its downloadable files."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

BULK_FOLDER = "data/whole/"
"""Folder of the bulk downloads, from the site's root."""
DATA_PAGE = "data/"
"""Page that links to the bulk downloads, from the site's root."""
_URL = re.compile(r"https?://[^\s，。；、）)]+")


@dataclass(frozen=True, slots=True)
class DatasetMetadata:
    """Metadata of the complete dataset."""

    site: str
    """站点名称."""
    organiser: str
    """主办单位."""
    licence: str
    """许可: the terms of use, as site.yml states them."""
    site_url: str
    """Absolute URL of the site; empty if the site has none configured."""
    years: tuple[int, ...]
    """Years with at least one disclosure, ascending."""
    updated: str
    """ISO date of the last publication or correction; empty if no date was filed."""

    @property
    def title(self) -> str:
        """Title of the dataset, in Chinese."""
        return f"{self.site}：全部数据"

    @property
    def description(self) -> str:
        """One-sentence description of the dataset, in Chinese."""
        period = f"{self.years[0]}—{self.years[-1]}年度" if self.years else ""
        return f"{period}预算绩效自评公开的全部数据：每个单位、公开件、项目、文件，和其中的每一个值"

    @property
    def licence_url(self) -> str:
        """First URL in the licence text; empty if there is none."""
        match = _URL.search(self.licence)
        return match[0] if match else ""

    def resolve_url(self, path: str) -> str:
        """Return the absolute URL of a path; relative to the data page if `site_url` is empty."""
        return urljoin(self.site_url, path) if self.site_url else path.removeprefix(DATA_PAGE)


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """A downloadable file of the complete dataset (dcat:Distribution)."""

    path: str
    """From the site's root."""
    title: str
    """In Chinese."""
    format: str
    """For instance CSV, SQLite, Parquet."""
    media_type: str
    """Media type of the data."""
    package_type: str
    """Media type of the archive that contains the data; empty if the file is not an archive."""
    size: int
    """In bytes."""
    sha256: str
