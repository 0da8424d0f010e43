"""Reading and checking many data folders that have the same site, forms and words."""

import datetime as dt
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from gongkai.checks.registry import check_dataset
from gongkai.model.problems import Problem
from gongkai.reading.dataset import (
    CommonData,
    Dataset,
    complete_dataset,
    read_common_data,
    unit_names,
)

_known: dict[tuple[str, dt.date, bool], CommonData] = {}
"""By the hash of all that a data folder has beside its units, the day, and `drafts`."""


def find_problems(data: Path, today: dt.date, *, drafts: bool = False) -> tuple[Problem, ...]:
    """Return the problems of a data folder."""
    return check_dataset(load_data(data, today, drafts=drafts)).problems


def load_data(
    data: Path, today: dt.date, *, drafts: bool = False, only: frozenset[str] = frozenset()
) -> Dataset:
    """Read a data folder, and the forms once for all folders that have the same."""
    key = (_hash_common_files(data), today, drafts)
    if key not in _known:
        _known[key] = read_common_data(data, "data", today, drafts=drafts)
    return complete_dataset(replace(_known[key], folder=data), only)


def _hash_common_files(data: Path) -> str:
    digest = sha256(f"{bool(unit_names(data))}".encode())
    for path in sorted([*data.glob("*.yml"), *(data / "forms").iterdir()]):
        digest.update(f"{path.relative_to(data)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
