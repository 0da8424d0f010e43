"""The complete dataset as a Data Package: a zip of one CSV file per table and datapackage.json.

It follows the specifications Data Package, Tabular Data Resource and Table Schema, version 1.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from gongkai.exports.open_data.about import DATA_PAGE, DatasetMetadata
from gongkai.exports.open_data.csv_files import csv_lines
from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.tables import TABLES, Column, ColumnType, DataTable

_TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.WHOLE: "integer",
    ColumnType.DECIMAL: "number",
    ColumnType.DATE: "date",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest timestamp of the zip format; constant, so that equal content gives equal bytes."""
_UNIX, _MODE = 3, 0o644 << 16
"""`create_system` and `external_attr` of every zip entry."""


@dataclass(frozen=True, slots=True)
class _Resource:
    """A table's CSV file in the package."""

    table: DataTable
    size: int
    sha256: str

    @property
    def path(self) -> str:
        return f"{self.table.name}.csv"


def write_package(parts: Sequence[Path], metadata: DatasetMetadata, target: Path) -> None:
    """Write the package of the rows in `parts`; at most one part is in memory."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        resources = [_write_table(archive, table, parts) for table in TABLES]
        description = json.dumps(descriptor(metadata, resources), ensure_ascii=False, indent=2)
        archive.writestr(_zip_entry("datapackage.json"), f"{description}\n")
        archive.writestr(_zip_entry("README.txt"), readme_text(metadata))


def _write_table(archive: zipfile.ZipFile, table: DataTable, parts: Sequence[Path]) -> _Resource:
    digest, size = hashlib.sha256(), 0
    with archive.open(_zip_entry(f"{table.name}.csv"), "w", force_zip64=True) as file:
        header = [tuple(column.name for column in table.columns)]
        for rows in chain([header], read_rows(parts, table)):
            data = csv_lines(rows).encode()
            digest.update(data)
            size += len(data)
            file.write(data)
    return _Resource(table, size, digest.hexdigest())


def descriptor(metadata: DatasetMetadata, resources: Iterable[_Resource]) -> dict[str, Any]:
    """Return the content of datapackage.json."""
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": metadata.title,
        "description": f"{metadata.description}。",
        "contributors": [{"title": metadata.organiser, "role": "publisher"}],
        "keywords": ["预算绩效", "绩效自评", "财政公开"],
    }
    if metadata.site_url:
        package["homepage"] = metadata.resolve_url(DATA_PAGE)
    if metadata.licence:
        package["licenses"] = [
            {"path": metadata.licence_url or "README.txt", "title": metadata.licence}
        ]
    return package | {"resources": [_resource(resource) for resource in resources]}


def _resource(resource: _Resource) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.table.name,
        "path": resource.path,
        "title": resource.table.title,
        "description": resource.table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "schema": table_schema(resource.table),
    }


def table_schema(table: DataTable) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.parent:
        parent = next(other for other in TABLES if other.name == table.parent)
        key = list(parent.key)
        reference = {"resource": parent.name, "fields": key}
        schema["foreignKeys"] = [{"fields": key, "reference": reference}]
    return schema


def _field(column: Column) -> dict[str, Any]:
    required = {"constraints": {"required": True}} if column.required else {}
    return {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "type": _TYPES[column.type],
        **required,
    }


def readme_text(metadata: DatasetMetadata) -> str:
    """Return the content of README.txt."""
    tables = "\n".join(f"{table.name}.csv　{table.title}：{table.description}" for table in TABLES)
    homepage = f"网址：{metadata.resolve_url(DATA_PAGE)}\n" if metadata.site_url else ""
    return f"""{metadata.title}

{metadata.description}。
主办单位：{metadata.organiser}
许可：{metadata.licence or "没有写明，使用前请询问主办单位"}
{homepage}
文件（UTF-8 编码，第一行是英文列名；datapackage.json 写着各列的中文名、含义、类型）：

{tables}

用 Excel 打开：数据 → 自文本/CSV，文件原始格式选“65001: Unicode (UTF-8)”；代号、编号等列选“文本”。
数字是填报的原文，保留末尾的零，例如 292.30；金额的单位写在旁边的列里。没有的值为空。
"""


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = (
        zipfile.ZIP_DEFLATED,
        _UNIX,
        _MODE,
    )
    return entry
