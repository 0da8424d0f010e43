"""Results of checking units, kept until anything that they depend on changes.

A unit's result depends on its own files, on the data that all units share, on the program, and on the
day if a rule found something that will expire. At 20,156 pages all results take 25 MB, and checking again
after one change takes 1.4 s of CPU instead of 63. An entry that is damaged counts as none; several commands
may use a folder at once.
"""

import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.runtime.hashing import (
    Fingerprint,
    hash_texts,
    pack_fingerprints,
    program_hash,
    read_fingerprints,
    unpack_fingerprints,
)
from gongkai.runtime.packing import (
    UNPACKING_ERRORS,
    pack_object,
    pack_values,
    unpack_object,
    unpack_values,
)
from gongkai.runtime.shipped import shipped_forms_hash

_PRINTS = "fingerprints"
_SUFFIX = ".unit"
_UNITS = "units/"
_CHECKSUM_SIZE = hashlib.sha256().digest_size


class _Scan(NamedTuple):
    """Fingerprints of the data files, and when they were read."""

    seen: int
    prints: Mapping[str, Fingerprint]


@dataclass(frozen=True, slots=True)
class CheckCache:
    """The results of earlier checks of a data folder as it is now."""

    folder: Path
    keys: Mapping[str, str]
    """Hash, by unit, of everything but the day that shapes its result."""
    day: dt.date

    def load(self, unit: str) -> Any:  # noqa: ANN401 - whatever was stored
        """Return the result of a unit; None if there is none that still holds."""
        fields = _read_checked(self.folder / f"{unit}{_SUFFIX}")
        if not isinstance(fields, tuple) or fields[0] != self.keys.get(unit):
            return None
        _, day, is_date_dependent, packed = fields
        holds = day == self.day.isoformat() or (
            day < self.day.isoformat() and not is_date_dependent
        )
        with suppress(*UNPACKING_ERRORS):
            return unpack_object(packed) if holds else None
        return None

    def store(self, unit: str, result: object, *, is_date_dependent: bool) -> None:
        """Keep the result of a unit."""
        if key := self.keys.get(unit):
            fields = (key, self.day.isoformat(), is_date_dependent, pack_object(result))
            _write_checked(self.folder / f"{unit}{_SUFFIX}", fields)

    def delete_others(self) -> None:
        """Delete the results of units that no longer exist."""
        for path in self.folder.glob(f"*{_SUFFIX}"):
            if path.stem not in self.keys:
                path.unlink(missing_ok=True)


def open_cache(
    folder: Path, data: Path, day: dt.date, units: frozenset[str], settings: Iterable[str]
) -> CheckCache:
    """Return the cache in a folder for a data folder, or for some of its units.

    `settings` are texts on which the results depend.
    """
    old = _read_scan(folder / _PRINTS)
    scan = _Scan(time.time_ns(), read_fingerprints(data, old.prints, old.seen))
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if scan.prints != old.prints:
        _write_checked(folder / _PRINTS, (scan.seen, pack_fingerprints(scan.prints)))
    shared = [
        f"{path}={file.digest}" for path, file in scan.prints.items() if not path.startswith(_UNITS)
    ]
    shared_hash = hash_texts([program_hash(), shipped_forms_hash(), *settings, *shared])
    parts: dict[str, list[str]] = {}
    for path, file in scan.prints.items():
        if path.startswith(_UNITS):
            name = path.removeprefix(_UNITS).partition("/")[0]
            parts.setdefault(name, [shared_hash]).append(f"{path}={file.digest}")
    keys = {name: hash_texts(texts) for name, texts in parts.items() if not units or name in units}
    return CheckCache(folder, keys, day)


def _read_scan(path: Path) -> _Scan:
    fields = _read_checked(path)
    with suppress(*UNPACKING_ERRORS):
        seen, packed = fields
        return _Scan(seen, unpack_fingerprints(packed))
    return _Scan(0, {})


def _read_checked(path: Path) -> Any:  # noqa: ANN401 - whatever was written
    """Return what _write_checked wrote; None if it is absent or damaged."""
    with suppress(OSError, *UNPACKING_ERRORS):
        data = path.read_bytes()
        if _checksum(data[_CHECKSUM_SIZE:]) == data[:_CHECKSUM_SIZE]:
            return unpack_values(data[_CHECKSUM_SIZE:])
    return None


def _write_checked(path: Path, values: object) -> None:
    """Write plain values with a checksum, atomically; a cache that cannot be written is none."""
    data = pack_values(values)
    part = path.with_name(f"{os.urandom(8).hex()}.part")
    with suppress(OSError):
        part.write_bytes(_checksum(data) + data)
        part.replace(path)


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
