"""What must not be the same in two units: names, codes, index numbers, long texts."""

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
LONG = 30
"""From how many characters on a text cannot be the same by chance."""
_TEXTS = frozenset({Kind.LONG_TEXT, Kind.TEXT})


class Mark(NamedTuple):
    """One thing of which there should be only one."""

    kind: str
    """名称, 预算代码, 统一社会信用代码, 代号; 索引号; 长文."""
    value: str
    """Itself; of a long text its hash, so that a province's texts need no room."""
    unit: str
    """The unit's folder."""
    owner: str
    """What holds it is called in a message."""
    position: Position
    where: str


@dataclass(frozen=True, slots=True)
class Register:
    """The marks of all units, by unit and year."""

    marks: tuple[Mark, ...]

    def again(self, *kinds: str) -> Iterator[tuple[Mark, Mark]]:
        """Marks that stand a second time: the first, and the one that repeats it."""
        first: dict[tuple[str, str], Mark] = {}
        for mark in self.marks:
            if mark.kind in kinds:
                other = first.setdefault((mark.kind, mark.value), mark)
                if other is not mark:
                    yield other, mark


def marks_of(dataset: Dataset, *, texts: bool = True) -> Iterator[Mark]:
    """The marks of the units of a dataset; those of long texts where they are asked for."""
    for unit in dataset.units:
        yield from _of_unit(unit)
    for disclosure in dataset.disclosures:
        yield from _of_disclosure(disclosure, texts=texts)


def _of_unit(unit: Unit) -> Iterator[Mark]:
    told = {
        "名称": unit.facts.name,
        "预算代码": unit.facts.budget_code,
        "统一社会信用代码": unit.facts.credit_code,
    }
    for key, value in told.items():
        if value:
            yield Mark(key, value, unit.slug, f"单位目录 {unit.slug}", Position(unit.file), key)
    for slug in (unit.slug, *unit.facts.former_slugs):
        yield Mark(SLUG, slug, unit.slug, f"单位目录 {unit.slug}", Position(unit.file), "曾用代号")


def _of_disclosure(disclosure: Disclosure, *, texts: bool) -> Iterator[Mark]:
    unit, number = disclosure.unit, disclosure.facts.catalogue.index_number
    owner = f"{unit.facts.name}{disclosure.year}年度"
    if number:
        where = "公开目录/索引号"
        yield Mark(INDEX_NUMBER, number, unit.slug, owner, disclosure.places[where], where)
    for record in disclosure.all_records if texts else ():
        for cell in long_texts(record):
            value = blake2b(cell.filed.encode(), digest_size=12).hexdigest()
            yield Mark(LONG_TEXT, value, unit.slug, owner, cell.position, cell.where)


def long_texts(record: Record) -> Iterator[Cell]:
    """The long texts that a unit wrote itself."""
    cells = record.cells()
    return (cell for cell in cells if len(cell.filed) >= LONG and cell.spec.kind in _TEXTS)
