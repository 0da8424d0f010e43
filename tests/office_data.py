"""Disclosures for Word and Excel round trips: the seed, the real cases, unseen forms."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.exports.office.prose import ProseTable, parse_prose
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import Dataset
from tests.checking import load_data
from tests.folders import GOLDEN, ROOT, TODAY

FOLDERS = {
    "seed": ROOT / "data",
    "synthetic": GOLDEN / "data",
    "cases": GOLDEN / "cases",
    "unseen": GOLDEN / "unseen",
}
DISCLOSURES = sorted(
    (name, path.parts[-2], int(path.parts[-1]))
    for name, folder in FOLDERS.items()
    for path in (folder / "units").glob("*/[0-9]*")
)
"""(folder name, unit slug, year) of every disclosure."""
_SHORT_CASES = ("hebei-fayuan", "minglang-zhongxue")
DISCLOSURE_CASES = [
    pytest.param(
        name,
        unit,
        year,
        marks=[pytest.mark.long] if name == "cases" and unit not in _SHORT_CASES else (),
    )
    for name, unit, year in DISCLOSURES
]
"""The same as cases of a test, most real ones of the long run."""


def copy_data(name: str, folder: Path, unit: str = "") -> Path:
    """Copy a data folder with its forms, and all units or one; return the copy."""
    data = folder / "data"
    shutil.copytree(FOLDERS[name] / "units" / unit, data / "units" / unit)
    forms = FOLDERS[name] / "forms"
    shutil.copytree(forms if forms.is_dir() else ROOT / "data" / "forms", data / "forms")
    shutil.copy(FOLDERS[name] / "site.yml", data / "site.yml")
    return data


def load_dataset(data: Path) -> Dataset:
    return load_data(data, TODAY, drafts=True)


def load_disclosure(data: Path, unit: str, year: int) -> Disclosure:
    return next(
        filed
        for filed in load_data(data, TODAY, drafts=True, only=frozenset({unit})).disclosures
        if filed.year == year
    )


def run_cli(*arguments: object) -> tuple[int, str, str]:
    """Run gongkai; return its exit code, standard output and standard error."""
    words = [f"{argument}" for argument in arguments]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def record_texts(record: Record) -> list[tuple[str, str]]:
    """Return all texts of a document: title, cells by path, score groups (得分组), body."""
    cells = [
        (cell.where.removeprefix(record.name), cell.filed)
        for cell in record.cells
        if cell.filed != cell.printed
    ]
    groups = [(indicator.name.filed, indicator.score_group) for indicator in record.leaves]
    return [
        ("标题", record.title),
        *((where, filed) for where, filed in cells if filed),
        *groups,
        *prose_texts(record.body),
    ]


def prose_texts(body: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a report: headings and paragraphs, and the cells of tables by position."""
    for part in parse_prose(body):
        if isinstance(part, ProseTable):
            for number, row in enumerate(part.rows, start=1):
                yield from ((f"表格{number}行{column}列", text) for column, text in enumerate(row))
        else:
            yield f"正文{part.level}", part.text


def disclosure_texts(filed: Disclosure) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (form id, texts) of every document of a disclosure, sorted."""
    return sorted((record.form.id, record_texts(record)) for record in filed.all_records)
