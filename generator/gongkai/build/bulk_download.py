"""The whole of the data in one download: the units' rows put together, in the formats asked for.

data/whole/gongkai.zip       a Data Package: CSV
data/whole/gongkai.sqlite    SQLite
data/whole/T.parquet         Parquet, a file a table
data/whole/SHA256SUMS        the hashes of these
data/catalog.jsonld          DCAT
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.unit import UnitResult
from gongkai.exports.open_data.about import FOLDER, PAGE, About, Offer
from gongkai.exports.open_data.data_package import write_package
from gongkai.exports.open_data.dcat import CATALOGUE, catalogue, dataset
from gongkai.exports.open_data.parquet_files import arrow, write_columnar
from gongkai.exports.open_data.sqlite_file import write_database
from gongkai.exports.open_data.tables import TABLES
from gongkai.model.publication import Site
from gongkai.pages.views.open_data import Whole, WholeFile
from gongkai.runtime.hashing import combined
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import Written, place, write

SUMS = f"{FOLDER}SHA256SUMS"
_PACKAGE, _DATABASE = f"{FOLDER}gongkai.zip", f"{FOLDER}gongkai.sqlite"
_COLUMNAR = {f"{FOLDER}{table.name}.parquet": table for table in TABLES}
_PATHS = {"CSV": (_PACKAGE,), "SQLite": (_DATABASE,), "Parquet": tuple(_COLUMNAR)}
_MEDIA = {
    "CSV": ("text/csv", "application/zip"),
    "SQLite": ("application/vnd.sqlite3", ""),
    "Parquet": ("application/vnd.apache.parquet", ""),
}
"""The media type of each format, and of what it is packed in."""
_MEGA = 1_000_000
_TITLES = {"CSV": "全部数据（CSV，压缩包）", "SQLite": "全部数据（SQLite 数据库）"}


@dataclass(frozen=True, slots=True)
class Stock:
    """Where what is needed lies."""

    parts: tuple[Path, ...]
    """The units' rows, in order."""
    out: Path
    known: Mapping[str, str]
    """Digests of the old site's files."""
    old: Sequence[Written]
    """The old site's files of the whole."""


@dataclass(frozen=True, slots=True)
class _Making:
    """One file to be made."""

    path: str
    parts: tuple[Path, ...]
    about: About
    out: Path
    known: str
    """The digest of the file that the site has; empty where it has none."""
    key: str


def about_whole(site: Site, site_url: str, units: Iterable[UnitResult]) -> About:
    """What the whole is."""
    entries = [entry for unit in units if unit.entry for entry in unit.entry.entries]
    days = [each.published for each in entries]
    days += [amended.date for each in entries for amended in each.corrections]
    return About(
        site=site.name,
        organiser=site.organiser,
        licence=site.licence,
        site_url=site_url,
        years=tuple(sorted({each.year for each in entries})),
        updated=max(days, default=""),
    )


def ready(site: Site) -> None:
    """MissingError where a format is asked for that cannot be made here."""
    if "Parquet" in site.whole:
        arrow()


def whole_files(
    formats: Sequence[str], about: About, stock: Stock, workers: Workers
) -> list[Written]:
    """The files of the whole; only what is not as before is made again."""
    paths = [path for format_ in _PATHS if format_ in formats for path in _PATHS[format_]]
    if not paths:
        return []
    key = combined([repr(about), *(each.name for each in stock.parts)])
    before = {each.path: each for each in stock.old if each.key == key}
    made = {path: before[path] for path in paths if path in before}
    parts, out = tuple(each.absolute() for each in stock.parts), stock.out.absolute()
    orders = [
        _Making(path, parts, about, out, stock.known.get(path, ""), key)
        for path in paths
        if path not in made
    ]
    made |= {each.path: each for each in workers.results(_made, orders)}
    files = [made[path] for path in paths]
    beside = _beside(about, files)
    return [*files, *(write(path, data, stock.out, stock.known) for path, data in beside)]


def _made(order: _Making) -> Written:
    part = order.out.with_name("parts") / os.urandom(8).hex()
    if order.path == _PACKAGE:
        write_package(order.parts, order.about, part)
    elif order.path == _DATABASE:
        write_database(order.parts, order.about, part)
    else:
        write_columnar(order.parts, _COLUMNAR[order.path], part)
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = part.stat().st_size
    if digest == order.known:
        part.unlink()
    else:
        place(part, order.out / order.path)
    return Written(order.path, digest, size, key=order.key)


def _beside(about: About, files: Sequence[Written]) -> Iterator[tuple[str, bytes]]:
    sums = "".join(f"{each.digest}  {each.path.removeprefix(FOLDER)}\n" for each in files)
    yield SUMS, sums.encode()
    told = json.dumps(catalogue(about, offers(files)), ensure_ascii=False, indent=2)
    yield CATALOGUE, f"{told}\n".encode()


def offers(files: Iterable[Written]) -> list[Offer]:
    """What is offered of these files: those of the whole, with title, format, size and hash."""
    formats = {path: format_ for format_, paths in _PATHS.items() for path in paths}
    return [_offer(each, formats[each.path]) for each in files if each.path in formats]


def _offer(file: Written, format_: str) -> Offer:
    table = _COLUMNAR.get(file.path)
    title = f"{table.title}（Parquet）" if table else _TITLES[format_]
    return Offer(file.path, title, format_, *_MEDIA[format_], file.size, file.digest)


def offered(about: About, files: Sequence[Written]) -> Whole:
    """What the page of the data shows of these files."""
    given = offers(files)
    return Whole(
        tuple(
            WholeFile(each.title, each.path.removeprefix(PAGE), _readable(each.size), each.sha256)
            for each in given
        ),
        dataset(about, given) if given else {},
    )


def _readable(size: int) -> str:
    """How large a file is, for people."""
    return f"{size / _MEGA:.1f} MB" if size >= _MEGA else f"{max(1, round(size / 1000))} KB"
