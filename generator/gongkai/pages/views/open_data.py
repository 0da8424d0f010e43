"""What the pages on the open data show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.pages.views.common import Fact, Head, Link


class WholeFile(NamedTuple):
    """A file that holds all data of the site."""

    title: str
    url: str
    """From data/, for instance whole/gongkai.zip."""
    size: str
    """For people, for instance 1.2 MB."""
    digest: str
    """SHA-256."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole of the data in one download."""

    files: tuple[WholeFile, ...] = ()
    """None where the site offers none."""
    linked: Mapping[str, object] = field(default_factory=dict)
    """What it is, for search engines: schema.org Dataset."""


class DataView(NamedTuple):
    """data/: what can be taken away, on what terms, and how."""

    head: Head
    summary: tuple[str, ...]
    files: tuple[WholeFile, ...]
    """The whole in one download; none where the site offers none."""
    years: tuple[Link, ...]
    """The lists of which each year's figures can be taken, newest first."""
    formats: tuple[str, ...]
    """Further formats that are offered beside pages: Word, Excel."""
    licence: str
    publisher: str
    site: str


class FieldLine(NamedTuple):
    """A field in the data dictionary."""

    label: str
    """Chinese."""
    name: str
    """English; empty where it has none."""
    type: str
    unit: str
    about: str
    """What it is, and where it comes from."""
    always: bool = False
    """Whether it is always there, or must be filled in."""


class FieldTable(NamedTuple):
    """Fields that belong together."""

    anchor: str
    title: str
    about: str
    lines: tuple[FieldLine, ...]


class DictionaryView(NamedTuple):
    """data/dictionary/: every field of the open data."""

    head: Head
    summary: tuple[str, ...]
    tables: tuple[FieldTable, ...]
    objects: tuple[FieldTable, ...]
    """What JSON files hold."""
    roles: tuple[tuple[str, str], ...]
    """The common meanings of fields and rows: Chinese and English."""
    forms: tuple[Link, ...]


class FormPart(NamedTuple):
    """A part of a form: its fields, and the rows that are printed in it."""

    fields: FieldTable
    rows: tuple[FieldLine, ...]


class FormView(NamedTuple):
    """data/dictionary/<form>/: every field of one form."""

    head: Head
    summary: tuple[str, ...]
    facts: tuple[Fact, ...]
    parts: tuple[FormPart, ...]
