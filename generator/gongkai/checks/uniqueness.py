"""Values that must be unique across units: names, codes, index numbers, long texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from gongkai.model.documents import Cell, Record
from gongkai.model.problems import Position
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.values import Kind
from gongkai.reading.dataset import Dataset

INDEX_NUMBER, LONG_TEXT, SLUG = "索引号", "长文", "代号"
LONG_TEXT_LENGTH = 30
"""Shortest text, in characters, that two units cannot share by chance."""
_TEXT_KINDS = (Kind.LONG_TEXT, Kind.TEXT)


class UniqueKey(NamedTuple):
    """A value that only one unit may file."""

    kind: str
    """名称, 预算代码, 统一社会信用代码, 代号; 索引号; 长文."""
    value: str
    """The value; of a long text its 12-byte BLAKE2b hash, to keep a province's texts small."""
    unit: str
    """Slug of the unit that filed it."""
    owner: str
    """How messages name the owner, e.g. “示例县教育局2022年度”."""
    position: Position
    where: str
    """Key path (位置)."""


@dataclass(frozen=True, slots=True)
class KeyRegister:
    """The unique keys of all units, by unit and year."""

    keys: tuple[UniqueKey, ...]

    def find_duplicates(self, *kinds: str) -> Iterator[tuple[UniqueKey, UniqueKey]]:
        """Yield (first, duplicate) for every key of the given kinds that was already seen."""
        seen: dict[tuple[str, str], UniqueKey] = {}
        for key in self.keys:
            if key.kind in kinds:
                first = seen.setdefault((key.kind, key.value), key)
                if first is not key:
                    yield first, key


def iter_unique_keys(dataset: Dataset, *, include_texts: bool = True) -> Iterator[UniqueKey]:
    """Yield the unique keys of a dataset's units, with or without those of long texts."""
    for unit in dataset.units:
        yield from _unit_keys(unit)
    for disclosure in dataset.disclosures:
        yield from _disclosure_keys(disclosure, include_texts=include_texts)


def _unit_keys(unit: Unit) -> Iterator[UniqueKey]:
    names_and_codes = {
        "名称": unit.facts.name,
        "预算代码": unit.facts.budget_code,
        "统一社会信用代码": unit.facts.credit_code,
    }
    owner, position = f"单位目录 {unit.slug}", Position(unit.file)
    for kind, value in names_and_codes.items():
        if value:
            yield UniqueKey(kind, value, unit.slug, owner, position, kind)
    for slug in (unit.slug, *unit.facts.former_slugs):
        yield UniqueKey(SLUG, slug, unit.slug, owner, position, "曾用代号")


def _disclosure_keys(disclosure: Disclosure, *, include_texts: bool) -> Iterator[UniqueKey]:
    unit, number = disclosure.unit, disclosure.facts.catalogue.index_number
    owner = f"{unit.facts.name}{disclosure.year}年度"
    if number:
        where = "公开目录/索引号"
        yield UniqueKey(
            INDEX_NUMBER, number, unit.slug, owner, disclosure.key_positions[where], where
        )
    for record in disclosure.all_records if include_texts else ():
        for cell in long_text_cells(record):
            value = blake2b(cell.filed.encode(), digest_size=12).hexdigest()
            yield UniqueKey(LONG_TEXT, value, unit.slug, owner, cell.position, cell.where)


def long_text_cells(record: Record) -> Iterator[Cell]:
    """Return the cells with long texts that the unit itself wrote."""
    return (
        cell for cell in record.cells_of_kind(*_TEXT_KINDS) if len(cell.filed) >= LONG_TEXT_LENGTH
    )
