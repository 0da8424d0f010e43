"""Import of many units at once: a folder or zip archive is unpacked, its files are divided by unit."""

import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from gongkai.authoring.importer import SourceFile
from gongkai.authoring.office.cells import remove_whitespace
from gongkai.authoring.office.safety import MAX_FILE_SIZE
from gongkai.authoring.slugs import pinyin_slug
from gongkai.model.publication import UnitFacts
from gongkai.model.terms import Role
from gongkai.reading.files import is_slug
from gongkai.runtime.errors import UnreadableFileError

MAX_ENTRIES, MAX_TOTAL_SIZE = 20_000, 2 << 30
"""Limits of an archive: entries, and bytes when unpacked."""
_UTF8_NAME, _ENCRYPTED = 0x800, 1
"""Flags of an entry in a zip archive."""


@dataclass(slots=True)
class UnitFiles:
    """The files of one unit."""

    slug: str
    name: str
    facts: UnitFacts | None
    """None if the unit is new."""
    readings: list[SourceFile] = field(default_factory=list)


@dataclass(slots=True)
class DividedFiles:
    """Files by unit."""

    units: list[UnitFiles] = field(default_factory=list)
    unassigned: list[SourceFile] = field(default_factory=list)
    """Files that do not say whose they are."""


def unpack_archive(path: Path, folder: Path) -> None:
    """Unpack a zip archive into a folder. Raise UnreadableFileError if it is damaged, unsafe or too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_entries(entries)
            for entry in entries:
                target = folder / _safe_path(entry)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as content:
                    # One byte more than the limit, so that the reader refuses the file.
                    target.write_bytes(content.read(MAX_FILE_SIZE + 1))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        zlib.error,
    ):
        raise UnreadableFileError("压缩包已经损坏，或者不是 zip；请解开后导入文件夹") from None


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise UnreadableFileError if an archive is encrypted or too large."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFileError("压缩包加了密码，打不开；请解开后导入文件夹")
    size = sum(min(entry.file_size, MAX_FILE_SIZE + 1) for entry in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_TOTAL_SIZE:
        raise UnreadableFileError(
            f"压缩包里超过 {MAX_ENTRIES} 个文件，或者解开后超过 {MAX_TOTAL_SIZE >> 30} GB，没有读取；请分成几个"
        )


def _safe_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of an entry within the folder. Raise UnreadableFileError if it leads out of it."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", errors="replace")
    path = PurePosixPath(name.replace("\\", "/"))
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.is_absolute() or is_link or any(part == ".." or ":" in part for part in path.parts):
        raise UnreadableFileError(f"压缩包里的“{name}”指到了压缩包外面，不安全，没有读取")
    return path


class KnownUnits:
    """Names and slugs by which files are assigned to units."""

    def __init__(self, units: Mapping[str, UnitFacts]) -> None:
        self.units = dict(units)
        """The known units by slug."""
        self._slugs = {slug: slug for slug in units}
        for slug, facts in units.items():
            for name in (facts.name, *facts.short_names, *facts.former_names):
                self._slugs.setdefault(remove_whitespace(name), slug)

    def find(self, name: str) -> str:
        """Return the slug of a known unit; empty if there is none of this name."""
        return self._slugs.get(remove_whitespace(name), "")

    def add(self, name: str) -> str:
        """Return the slug of a unit; a new one is made of its name."""
        if known := self.find(name):
            return known
        slug = base = name if is_slug(name) else pinyin_slug(name, "danwei")
        number = 2
        while slug in self._slugs:
            slug, number = f"{base}-{number}", number + 1
        self._slugs |= {slug: slug, remove_whitespace(name): slug}
        return slug


def folder_unit(path: PurePosixPath, names: KnownUnits) -> str:
    """Return the slug of the known unit whose name a folder has, the nearest first; empty if none has."""
    slugs = (names.find(part) for part in reversed(path.parts[:-1]))
    return next((slug for slug in slugs if slug), "")


def divide_files(readings: Mapping[PurePosixPath, SourceFile], names: KnownUnits) -> DividedFiles:
    """Divide files by unit: by the folders that are named after it, else by what is filed in them.

    All files in one folder are of one unit. A new unit has the name that most of its files give.
    """
    groups: dict[str, list[SourceFile]] = {}
    divided = DividedFiles()
    depth = _common_depth(list(readings), names)
    folders: dict[str, list[SourceFile]] = {}
    for path, reading in readings.items():
        folder = path.parts[depth] if len(path.parts) > depth + 1 else ""
        if slug := folder_unit(path, names):
            groups.setdefault(slug, []).append(reading)
        elif folder:
            folders.setdefault(folder, []).append(reading)
        elif name := filed_unit([reading]):
            groups.setdefault(names.add(name), []).append(reading)
        else:
            divided.unassigned.append(reading)
    for folder, files in folders.items():
        name = filed_unit(files) or ("" if is_slug(folder) else folder)
        slug = names.add(folder if is_slug(folder) else name)
        groups.setdefault(slug, []).extend(files)
    for slug, files in sorted(groups.items()):
        facts = names.units.get(slug)
        unit = UnitFiles(slug, facts.name if facts else filed_unit(files), facts, files)
        _note_other_units(unit, names)
        divided.units.append(unit)
    return divided


def _common_depth(paths: Sequence[PurePosixPath], names: KnownUnits) -> int:
    """Return how many folders lie around those of the units: 全县/2022年/ …"""
    depth = 0
    while True:
        folders = {path.parts[depth] for path in paths if len(path.parts) > depth + 1}
        below = {path.parts[depth + 1] for path in paths if len(path.parts) > depth + 2}
        if len(folders) != 1 or not below or any(map(names.find, folders)):
            return depth
        depth += 1


def filed_unit(readings: Sequence[SourceFile]) -> str:
    """Return the unit's name that most files give; the name of the implementer if none gives one."""
    for role in (Role.UNIT_NAME, Role.IMPLEMENTER):
        counts = Counter(_filed_names(readings, role))
        if counts:
            return counts.most_common(1)[0][0]
    return ""


def _filed_names(readings: Sequence[SourceFile], role: Role) -> Iterator[str]:
    """Yield the names in the fields of a role."""
    for reading in readings:
        for draft in reading.drafts:
            if name := remove_whitespace(draft.field_text(role)):
                yield name


def _note_other_units(unit: UnitFiles, names: KnownUnits) -> None:
    """Add a remark to files that were filed under another unit's name."""
    for reading in unit.readings:
        for name in dict.fromkeys(_filed_names([reading], Role.UNIT_NAME)):
            if (names.find(name) or name) not in {unit.slug, unit.name}:
                reading.remarks.append(
                    f"表里的单位是“{name}”，按所在的文件夹归到 units/{unit.slug}；放错了的，请移到它自己的文件夹"
                )
