"""Disclosures to send through Word and Excel: the seed, the real cases, forms never seen before."""

import datetime as dt
import shutil
from pathlib import Path

from click.testing import CliRunner

from gongkai.cli import main
from gongkai.exports.office.prose import prose
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import Dataset, read_dataset
from tests.folders import GOLDEN, ROOT

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
"""Each as the name of its folder, its unit and its year."""


def copied(name: str, folder: Path) -> Path:
    """A data folder of its own."""
    data = folder / "data"
    shutil.copytree(FOLDERS[name] / "units", data / "units")
    forms = FOLDERS[name] / "forms"
    shutil.copytree(forms if forms.is_dir() else ROOT / "data" / "forms", data / "forms")
    shutil.copy(FOLDERS[name] / "site.yml", data / "site.yml")
    return data


def dataset(data: Path) -> Dataset:
    return read_dataset(data, "data", dt.date(2026, 1, 1), drafts=True)


def disclosure(data: Path, unit: str, year: int) -> Disclosure:
    return next(
        each for each in dataset(data).disclosures if each.unit.slug == unit and each.year == year
    )


def ran(*words: object) -> tuple[int, str, str]:
    """What a command says, and its exit code."""
    result = CliRunner().invoke(main, [f"{word}" for word in words], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def values(record: Record) -> list[tuple[str, str]]:
    """All that a document says: its title, each cell by its path, what shares a score, its text."""
    cells = [
        (cell.where.removeprefix(record.name), cell.filed)
        for cell in record.cells()
        if cell.filed != cell.printed
    ]
    groups = [(leaf.name.filed, leaf.score_group) for leaf in record.leaves]
    return [
        ("标题", record.title),
        *((where, filed) for where, filed in cells if filed),
        *groups,
        *((f"正文{level}", text) for level, text in prose(record.body)),
    ]


def said(each: Disclosure) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that the documents of a disclosure say."""
    return sorted((record.form.id, values(record)) for record in each.all_records)
