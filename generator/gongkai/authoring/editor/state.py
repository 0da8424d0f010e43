"""State of the editor: the publisher's data, and the working copies of the years that are open."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.authoring.editor.imports import ImportTrial
from gongkai.authoring.editor.saving import recover
from gongkai.authoring.editor.unit_years import UnitYear
from gongkai.authoring.editor.working_copies import WorkingCopy
from gongkai.model.problems import Problem
from gongkai.reading.dataset import CommonData, read_common_data, unit_names
from gongkai.reading.files import is_slug
from gongkai.runtime.gc_pause import pause_gc


@dataclass(slots=True)
class Editor:
    """One publisher's data, open for editing."""

    data: Path
    shown: str
    """Name of the data folder in messages."""
    read_today: Callable[[], dt.date]
    only: str = ""
    """Slug of the only unit to show; empty for all."""
    find_unannounced: Callable[[str], Sequence[Problem]] = lambda _: ()
    """Returns the changes of a unit's published values that have no 勘误 yet."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    unannounced: dict[str, Sequence[Problem]] = field(default_factory=dict)
    """By unit; as found when a screen was opened or the unit was saved."""
    trials: dict[tuple[str, int], ImportTrial] = field(default_factory=dict)
    """The file that is being imported, by unit and year."""
    _copies: dict[tuple[str, int], WorkingCopy] = field(default_factory=dict)
    _common: CommonData | None = None
    _stamp: tuple[object, ...] = ()

    @property
    def common(self) -> CommonData:
        """Site and forms, read again when one of their files changes."""
        with self.lock:
            files = [
                self.data / "site.yml",
                self.data / "words.yml",
                *(self.data / "forms").glob("*"),
            ]
            stamp = (
                self.read_today(),
                len(unit_names(self.data)) > 0,
                *((path, path.stat().st_mtime_ns) for path in sorted(files) if path.exists()),
            )
            if self._common is None or stamp != self._stamp:
                with pause_gc():
                    self._common = read_common_data(self.data, self.shown, self.read_today())
                self._stamp = stamp
            return self._common

    def recover(self) -> None:
        """Finish a save that was interrupted."""
        recover(self.data.parent)

    def units(self) -> list[str]:
        """Return the slugs of the units to show."""
        names = [name for name in unit_names(self.data) if is_slug(name)]
        return [name for name in names if self.only in {"", name}]

    def years(self, unit: str) -> list[int]:
        """Return the years of a unit that have a folder, the newest first."""
        folders = (self.data / "units" / unit).iterdir()
        years = [int(path.name) for path in folders if path.is_dir() and path.name.isdecimal()]
        return sorted((year for year in years if len(f"{year}") == 4), reverse=True)  # noqa: PLR2004 - a year

    def has_year(self, unit: str, year: int) -> bool:
        """Return whether a unit's year exists and may be shown."""
        return unit in self.units() and year in self.years(unit)

    def working_copy(self, unit: str, year: int) -> WorkingCopy:
        """Return the working copy of a unit's year, which must exist."""
        with self.lock:
            copy = self._copies.get((unit, year))
            if copy is None:
                prefix = f"{self.data.name}/units/{unit}/{year}/"
                copy = self._copies[unit, year] = WorkingCopy(self.data.parent, prefix, unit, year)
                copy.resume()
            return copy

    def filing(self, unit: str, year: int) -> UnitYear:
        """Read and check a unit's year as it stands in the editor."""
        return self.working_copy(unit, year).read(self.common)
