"""The whole as a Data Package: a CSV file a table in one zip, with a description for programs.

It follows the specifications Data Package, Tabular Data Resource and Table Schema, version 1.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from gongkai.exports.open_data.about import PAGE, About
from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.tables import TABLES, Column, Table, Type

_TYPES = {Type.TEXT: "string", Type.WHOLE: "integer", Type.DECIMAL: "number", Type.DATE: "date"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file knows: no file tells when it was made."""
_UNIX, _MODE = 3, 0o644 << 16


@dataclass(frozen=True, slots=True)
class _Resource:
    """A table's file in the package."""

    table: Table
    size: int
    sha256: str

    @property
    def path(self) -> str:
        return f"{self.table.name}.csv"


def write_package(parts: Sequence[Path], about: About, target: Path) -> None:
    """Write the package of the rows of these parts, at most one part in memory."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        resources = [_write_table(archive, table, parts) for table in TABLES]
        described = json.dumps(descriptor(about, resources), ensure_ascii=False, indent=2)
        archive.writestr(_entry("datapackage.json"), f"{described}\n")
        archive.writestr(_entry("README.txt"), read_me(about))


def _write_table(archive: zipfile.ZipFile, table: Table, parts: Sequence[Path]) -> _Resource:
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(f"{table.name}.csv"), "w", force_zip64=True) as file:
        heading = [tuple(each.name for each in table.columns)]
        for rows in chain([heading], read_rows(parts, table)):
            data = csv_text(rows).encode()
            digest.update(data)
            size += len(data)
            file.write(data)
    return _Resource(table, size, digest.hexdigest())


def csv_text(rows: Iterable[Iterable[str | int]]) -> str:
    """Rows as CSV (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def descriptor(about: About, resources: Iterable[_Resource]) -> dict[str, Any]:
    """datapackage.json."""
    told: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": about.title,
        "description": f"{about.description}。",
        "contributors": [{"title": about.organiser, "role": "publisher"}],
        "keywords": ["预算绩效", "绩效自评", "财政公开"],
    }
    if about.site_url:
        told["homepage"] = about.address(PAGE)
    if about.licence:
        told["licenses"] = [{"path": about.licence_url or "README.txt", "title": about.licence}]
    return told | {"resources": [_resource(each) for each in resources]}


def _resource(resource: _Resource) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.table.name,
        "path": resource.path,
        "title": resource.table.title,
        "description": resource.table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "schema": table_schema(resource.table),
    }


def table_schema(table: Table) -> dict[str, Any]:
    """A table's columns, as Table Schema tells of them."""
    told: dict[str, Any] = {
        "fields": [_field(each) for each in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.parent:
        parent = next(each for each in TABLES if each.name == table.parent)
        key = list(parent.key)
        reference = {"resource": parent.name, "fields": key}
        told["foreignKeys"] = [{"fields": key, "reference": reference}]
    return told


def _field(column: Column) -> dict[str, Any]:
    required = {"constraints": {"required": True}} if column.required else {}
    return {
        "name": column.name,
        "title": column.title,
        "description": column.about,
        "type": _TYPES[column.type],
        **required,
    }


def read_me(about: About) -> str:
    """README.txt: what people should know."""
    listed = "\n".join(f"{each.name}.csv　{each.title}：{each.about}" for each in TABLES)
    homepage = f"网址：{about.address(PAGE)}\n" if about.site_url else ""
    return f"""{about.title}

{about.description}。
主办单位：{about.organiser}
许可：{about.licence or "没有写明，使用前请询问主办单位"}
{homepage}
文件（UTF-8 编码，第一行是英文列名；datapackage.json 写着各列的中文名、含义、类型）：

{listed}

用 Excel 打开：数据 → 自文本/CSV，文件原始格式选“65001: Unicode (UTF-8)”；代号、编号等列选“文本”。
数字是填报的原文，保留末尾的零，例如 292.30；金额的单位写在旁边的列里。没有的值为空。
"""


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = (
        zipfile.ZIP_DEFLATED,
        _UNIX,
        _MODE,
    )
    return entry
