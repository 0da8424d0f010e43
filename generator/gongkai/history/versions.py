"""Old versions read by the reader of today, with the forms that there were."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from gongkai.history.lineage import DISCLOSURE_FILE, Version
from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import Common, Dataset, read_common, read_units
from gongkai.reading.disclosure import PROJECT_DOCUMENTS

FormFiles = tuple[tuple[str, bytes], ...]
"""The forms' files by their paths from the data folder."""


@dataclass(frozen=True, slots=True)
class Library:
    """What old versions are read with."""

    common: Common
    """What all units share now."""
    forms: Mapping[str, FormFiles]
    """The forms that there were, by the names that versions have for them; those of now are left
    out."""
    blobs: Mapping[str, bytes]
    known: dict[tuple[Version, int], Dataset | None] = field(default_factory=dict)
    """What was read already."""

    def common_of(self, version: Version) -> Common:
        """What all units shared then."""
        files = self.forms.get(version.forms)
        return self.common if files is None else _old_common(files, self.common.today)


@lru_cache(maxsize=8)
def _old_common(files: FormFiles, today: dt.date) -> Common:
    with tempfile.TemporaryDirectory() as name:
        _write(Path(name), files)
        return read_common(Path(name), "", today, drafts=True)


def read_version(version: Version, year: int, library: Library) -> Disclosure | None:
    """A disclosure as it was; None where any file of it cannot be read."""
    found = read_whole(version, year, library)
    return found.disclosures[0] if found else None


def read_whole(version: Version, year: int, library: Library) -> Dataset | None:
    """The same with the files that it was read from; other years are left out."""
    asked = version, year
    if asked not in library.known:
        library.known[asked] = _read(version, year, library)
    return library.known[asked]


def _read(version: Version, year: int, library: Library) -> Dataset | None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = ((path, library.blobs[blob]) for path, blob in version.files)
        _write(folder / "units" / version.slug, files)
        common = replace(library.common_of(version), folder=folder, shown="", drafts=True)
        dataset = read_units(common, [version.slug])
    found = next((each for each in dataset.disclosures if each.year == year), None)
    if found is None or not whole(dataset, found):
        return None
    return replace(dataset, disclosures=(found,))


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def whole(dataset: Dataset, disclosure: Disclosure) -> bool:
    """Whether every document of every file of a disclosure became a record."""
    records: dict[str, int] = {}
    for each in disclosure.all_records:
        file = each.position.file
        records[file] = records.get(file, 0) + 1
    folder = disclosure.file.removesuffix(DISCLOSURE_FILE)
    for source in dataset.sources:
        if not source.file.startswith(folder):
            continue
        faulty = any(each.level is Level.E for each in source.problems)
        if faulty or not isinstance(source.root, MappingNode):
            return False
        if source.file == disclosure.file:
            continue
        wanted = 1
        if Path(source.file).parent.name == "projects":
            nodes = (source.root.get(key) for key in PROJECT_DOCUMENTS)
            wanted = sum(isinstance(each, MappingNode) for each in nodes)
        if records.get(source.file, 0) != wanted:
            return False
    return True
