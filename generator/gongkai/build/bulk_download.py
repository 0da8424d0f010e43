"""The bulk download: the rows of all units in the formats that site.yml lists (整体下载).

data/whole/gongkai.zip       a Data Package: CSV
data/whole/gongkai.sqlite    SQLite
data/whole/T.parquet         Parquet, one file per table
data/whole/SHA256SUMS        SHA-256 of these files
data/catalog.jsonld          DCAT
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.unit import UnitResult
from gongkai.exports.open_data.about import BULK_FOLDER, DATA_PAGE, DatasetFile, DatasetMetadata
from gongkai.exports.open_data.data_package import write_package
from gongkai.exports.open_data.dcat import CATALOGUE_PATH, dcat_catalogue, schema_org_dataset
from gongkai.exports.open_data.parquet_files import import_pyarrow, write_parquet
from gongkai.exports.open_data.tables import TABLES
from gongkai.model.publication import Site
from gongkai.pages.views.open_data import BulkDownload, BulkFile
from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import OutputFile, move_into_place, write_file

SUMS = f"{BULK_FOLDER}SHA256SUMS"
_PACKAGE, _DATABASE = f"{BULK_FOLDER}gongkai.zip", f"{BULK_FOLDER}gongkai.sqlite"
_PARQUET_TABLES = {f"{BULK_FOLDER}{table.name}.parquet": table for table in TABLES}
_PATHS = {"CSV": (_PACKAGE,), "SQLite": (_DATABASE,), "Parquet": tuple(_PARQUET_TABLES)}
_MEDIA = {
    "CSV": ("text/csv", "application/zip"),
    "SQLite": ("application/vnd.sqlite3", ""),
    "Parquet": ("application/vnd.apache.parquet", ""),
}
"""Media type and package type per format."""
_MEGABYTE = 1_000_000
_TITLES = {"CSV": "全部数据（CSV，压缩包）", "SQLite": "全部数据（SQLite 数据库）"}


@dataclass(frozen=True, slots=True)
class DownloadInputs:
    """Input and output locations of the bulk download."""

    row_files: tuple[Path, ...]
    """The units' row files in order."""
    out: Path
    known: Mapping[str, str]
    """Content hashes of the present site's files by path."""
    old_files: Sequence[OutputFile]
    """The present site's bulk download."""


@dataclass(frozen=True, slots=True)
class _FileJob:
    """One file to be written by a worker."""

    path: str
    row_files: tuple[Path, ...]
    metadata: DatasetMetadata
    out: Path
    known_digest: str
    """Content hash of the present site's file; empty if it has none."""
    key: str


def bulk_metadata(site: Site, site_url: str, units: Iterable[UnitResult]) -> DatasetMetadata:
    """Return the metadata of the bulk download: publisher, licence, years, last update."""
    entries = [entry for unit in units if unit.entry for entry in unit.entry.entries]
    days = [entry.published for entry in entries]
    days += [correction.date for entry in entries for correction in entry.corrections]
    return DatasetMetadata(
        site=site.name,
        organiser=site.organiser,
        licence=site.licence,
        site_url=site_url,
        years=tuple(sorted({entry.year for entry in entries})),
        updated=max(days, default=""),
    )


def require_formats(site: Site) -> None:
    """Raise UnavailableError if a format of the bulk download needs a library that is not installed."""
    if "Parquet" in site.bulk_formats:
        import_pyarrow()


def write_bulk_files(
    formats: Sequence[str], metadata: DatasetMetadata, inputs: DownloadInputs, workers: Workers
) -> list[OutputFile]:
    """Write the files of the bulk download, stale ones only; return all of them."""
    paths = [path for format_ in _PATHS if format_ in formats for path in _PATHS[format_]]
    if not paths:
        return []
    key = hash_texts([repr(metadata), *(path.name for path in inputs.row_files)])
    reusable = {file.path: file for file in inputs.old_files if file.input_hash == key}
    files_by_path = {path: reusable[path] for path in paths if path in reusable}
    row_files, out = tuple(path.absolute() for path in inputs.row_files), inputs.out.absolute()
    jobs = [
        _FileJob(path, row_files, metadata, out, inputs.known.get(path, ""), key)
        for path in paths
        if path not in files_by_path
    ]
    files_by_path |= {file.path: file for file in workers.map_unordered(_write_file, jobs)}
    files = [files_by_path[path] for path in paths]
    side_files = _side_files(metadata, files)
    return [
        *files,
        *(write_file(path, data, inputs.out, inputs.known) for path, data in side_files),
    ]


def _write_file(job: _FileJob) -> OutputFile:
    part = job.out.with_name("parts") / os.urandom(8).hex()
    if job.path == _PACKAGE:
        write_package(job.row_files, job.metadata, part)
    elif job.path == _DATABASE:
        from gongkai.exports.open_data.sqlite_file import (  # noqa: PLC0415 - few sites need sqlite3
            write_database,
        )

        write_database(job.row_files, job.metadata, part)
    else:
        write_parquet(job.row_files, _PARQUET_TABLES[job.path], part)
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = part.stat().st_size
    if digest == job.known_digest:
        part.unlink()
    else:
        move_into_place(part, job.out / job.path)
    return OutputFile(job.path, digest, size, input_hash=job.key)


def _side_files(
    metadata: DatasetMetadata, files: Sequence[OutputFile]
) -> Iterator[tuple[str, bytes]]:
    sums = "".join(f"{file.digest}  {file.path.removeprefix(BULK_FOLDER)}\n" for file in files)
    yield SUMS, sums.encode()
    text = json.dumps(
        dcat_catalogue(metadata, download_offers(files)), ensure_ascii=False, indent=2
    )
    yield CATALOGUE_PATH, f"{text}\n".encode()


def download_offers(files: Iterable[OutputFile]) -> list[DatasetFile]:
    """Return the catalogue entries of the bulk download's files: title, format, size and hash."""
    formats = {path: format_ for format_, paths in _PATHS.items() for path in paths}
    return [_offer(file, formats[file.path]) for file in files if file.path in formats]


def _offer(file: OutputFile, format_: str) -> DatasetFile:
    table = _PARQUET_TABLES.get(file.path)
    title = f"{table.title}（Parquet）" if table else _TITLES[format_]
    media_type, package_type = _MEDIA[format_]
    return DatasetFile(
        path=file.path,
        title=title,
        format=format_,
        media_type=media_type,
        package_type=package_type,
        size=file.size,
        sha256=file.digest,
    )


def bulk_download_view(metadata: DatasetMetadata, files: Sequence[OutputFile]) -> BulkDownload:
    """Return what the open-data page shows of the bulk download."""
    offers = download_offers(files)
    return BulkDownload(
        tuple(
            BulkFile(
                offer.title,
                offer.path.removeprefix(DATA_PAGE),
                _format_size(offer.size),
                offer.sha256,
            )
            for offer in offers
        ),
        schema_org_dataset(metadata, offers) if offers else {},
    )


def _format_size(size: int) -> str:
    """Format a size in bytes as KB or MB."""
    return f"{size / _MEGABYTE:.1f} MB" if size >= _MEGABYTE else f"{max(1, round(size / 1000))} KB"
