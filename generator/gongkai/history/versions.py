"""Read old versions of disclosures with today's reader and the forms of their time."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from gongkai.history.lineage import DISCLOSURE_FILE, DisclosureVersion
from gongkai.model.nodes import MappingNode
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import CommonData, Dataset, read_common_data, read_units
from gongkai.reading.disclosure import PROJECT_DOCUMENTS

FormFiles = tuple[tuple[str, bytes], ...]
"""The forms' files by their paths from the data folder."""


@dataclass(frozen=True, slots=True)
class VersionLibrary:
    """Everything needed to read old versions, with a cache of those already read."""

    common: CommonData
    """Data shared by all units, as it is now."""
    forms: Mapping[str, FormFiles]
    """Former sets of form files, by hash (see DisclosureVersion.forms); the present one is left out."""
    blobs: Mapping[str, bytes]
    """File contents by blob id."""
    cache: dict[tuple[DisclosureVersion, int], Dataset | None] = field(default_factory=dict)
    """Versions already read, by version and year."""

    def common_for(self, version: DisclosureVersion) -> CommonData:
        """Return the shared data with the forms of a version's time."""
        files = self.forms.get(version.forms)
        return self.common if files is None else _read_old_common(files, self.common.today)


@lru_cache(maxsize=8)
def _read_old_common(files: FormFiles, today: dt.date) -> CommonData:
    with tempfile.TemporaryDirectory() as name:
        _write_files(Path(name), files)
        return read_common_data(Path(name), "", today, drafts=True)


def read_version(
    version: DisclosureVersion, year: int, library: VersionLibrary
) -> Disclosure | None:
    """Read a version of a disclosure; None if any of its files is unreadable."""
    dataset = read_version_dataset(version, year, library)
    return dataset.disclosures[0] if dataset else None


def read_version_dataset(
    version: DisclosureVersion, year: int, library: VersionLibrary
) -> Dataset | None:
    """Read a version as a dataset with its sources and only that disclosure; cached."""
    key = version, year
    if key not in library.cache:
        library.cache[key] = _read_dataset(version, year, library)
    return library.cache[key]


def _read_dataset(version: DisclosureVersion, year: int, library: VersionLibrary) -> Dataset | None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = ((path, library.blobs[blob]) for path, blob in version.files)
        _write_files(folder / "units" / version.slug, files)
        common = replace(library.common_for(version), folder=folder, shown="", drafts=True)
        dataset = read_units(common, [version.slug])
    disclosures = (disclosure for disclosure in dataset.disclosures if disclosure.year == year)
    disclosure = next(disclosures, None)
    if disclosure is None or not is_fully_read(dataset, disclosure):
        return None
    return replace(dataset, disclosures=(disclosure,))


def _write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def is_fully_read(dataset: Dataset, disclosure: Disclosure) -> bool:
    """Tell whether all documents in a disclosure's files became records, without blocking errors."""
    record_counts: dict[str, int] = {}
    for record in disclosure.all_records:
        file = record.position.file
        record_counts[file] = record_counts.get(file, 0) + 1
    folder = disclosure.file.removesuffix(DISCLOSURE_FILE)
    for source in dataset.sources:
        if not source.file.startswith(folder):
            continue
        has_errors = any(problem.level is Level.E for problem in source.problems)
        if has_errors or not isinstance(source.root, MappingNode):
            return False
        if source.file == disclosure.file:
            continue
        expected = 1
        if Path(source.file).parent.name == "projects":
            nodes = (source.root.get(key) for key in PROJECT_DOCUMENTS)
            expected = sum(isinstance(node, MappingNode) for node in nodes)
        if record_counts.get(source.file, 0) != expected:
            return False
    return True
