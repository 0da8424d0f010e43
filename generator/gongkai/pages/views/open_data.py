"""Views of the open data pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.pages.views.common import Download, Fact, Link, PageHead, PrintedDocument


class BulkFile(NamedTuple):
    """A file with all data of the site."""

    title: str
    url: str
    """Path from data/, for instance whole/gongkai.zip."""
    size: str
    """Formatted size, for instance 1.2 MB."""
    digest: str
    """SHA-256, hexadecimal."""


@dataclass(frozen=True, slots=True)
class BulkDownload:
    """整体下载: the files with all data."""

    files: tuple[BulkFile, ...] = ()
    """Empty if the site offers none."""
    structured_data: Mapping[str, object] = field(default_factory=dict)
    """schema.org Dataset for search engines."""


class DataView(NamedTuple):
    """data/: downloads, API, licence and citation."""

    head: PageHead
    summary: tuple[str, ...]
    files: tuple[BulkFile, ...]
    """整体下载; empty if the site offers none."""
    years: tuple[Link, ...]
    """Lists of units by year with data files, newest first."""
    formats: tuple[str, ...]
    """Additional formats of the pages' data files: Word, Excel."""
    licence: str
    publisher: str
    site: str


class FieldLine(NamedTuple):
    """A field in the data dictionary."""

    label: str
    """Chinese name."""
    name: str
    """English name; empty if there is none."""
    type: str
    unit: str
    description: str
    """Meaning and source."""
    is_required: bool = False
    """总有值 or 必填: whether the field always has a value, or must be filled in."""


class FieldTable(NamedTuple):
    """A titled table of fields."""

    anchor: str
    title: str
    description: str
    lines: tuple[FieldLine, ...]


class DictionaryView(NamedTuple):
    """data/dictionary/: every field of the open data."""

    head: PageHead
    summary: tuple[str, ...]
    tables: tuple[FieldTable, ...]
    objects: tuple[FieldTable, ...]
    """Objects of the JSON files."""
    roles: tuple[tuple[str, str], ...]
    """Roles (含义) of fields and rows: (Chinese, English)."""
    forms: tuple[Link, ...]


class FormPart(NamedTuple):
    """A section of a form: its fields and its printed rows."""

    fields: FieldTable
    rows: tuple[FieldLine, ...]


class FormCheck(NamedTuple):
    """What is checked on a form."""

    text: str
    rule: Link


class FormView(NamedTuple):
    """data/dictionary/<form>/: an empty form, what is checked on it, who uses it, all its fields."""

    head: PageHead
    summary: tuple[str, ...]
    facts: tuple[Fact, ...]
    blank: PrintedDocument
    """The empty form as it is printed."""
    outline: tuple[str, ...]
    """The chapters of a narrative report."""
    files: tuple[Download, ...]
    """The form to fill in."""
    checks: tuple[FormCheck, ...]
    units: tuple[Link, ...]
    """The units that filed with it, with the years."""
    more_units: int
    """Number of units that are not listed."""
    parts: tuple[FormPart, ...]
