"""Files of a unit become the YAML of its year: read, recognised, put together, nothing overwritten."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.authoring.office.cells import Line, Slot, distinct
from gongkai.authoring.office.documents import Draft, drafts_of
from gongkai.authoring.office.form_recognition import Candidates, parts
from gongkai.authoring.office.read import ENDINGS, read_file
from gongkai.model.applicability import best_fitting
from gongkai.model.forms import Form
from gongkai.model.publication import UnitFacts
from gongkai.runtime.errors import RefusedError
from gongkai.runtime.progress import Progress, phase


@dataclass(slots=True)
class Reading:
    """What has become of one file."""

    name: str
    drafts: list[Draft] = field(default_factory=list)
    unknown: list[Slot] = field(default_factory=list)
    """Texts of parts that are none of the forms."""
    aside: tuple[Slot, ...] = ()
    remarks: list[str] = field(default_factory=list)
    refused: str = ""
    """Why it was not read."""


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to be read: those named, and the Word and Excel files in folders."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            every = (each for each in path.rglob("*") if each.suffix.lower() in ENDINGS)
            found |= dict.fromkeys(sorted(each for each in every if not _hidden(each)))
        else:
            found[path] = None
    return list(found)


def others_in(paths: Iterable[Path]) -> list[str]:
    """The names of files in folders that are neither Word nor Excel, and are not read."""
    return sorted(
        each.name
        for path in paths
        if path.is_dir()
        for each in path.rglob("*")
        if each.suffix.lower() not in {*ENDINGS, ".md"} and not _hidden(each)
    )


def _hidden(path: Path) -> bool:
    """What Word leaves beside a file that is open, and hidden files."""
    return path.name.startswith(("~$", ".")) or not path.is_file()


def candidates_for(
    forms: Iterable[Form], facts: UnitFacts | None, year: int, *, drafts: bool = False
) -> Candidates:
    """The forms among which is chosen, those made for the unit before others.

    `drafts` lets incomplete forms be tried.
    """
    usable = tuple(form for form in forms if form.complete or drafts)
    fitting = best_fitting(usable, facts, year).values() if facts else ()
    words = {
        "年度": f"{year}",
        "上年": f"{year - 1}",
        "单位": facts.name if facts else "",
        "级别": facts.level if facts else "",
    }
    return Candidates(usable, words, frozenset(form.id for each in fitting for form in each))


def read_all(files: Sequence[Path], candidates: Candidates, progress: Progress) -> list[Reading]:
    """Every file, one after another; one that cannot be read does not stop the others."""
    readings: list[Reading] = []
    with phase(progress, "读取文件", len(files)):
        for path in files:
            readings.append(read_one(path, candidates))
            progress.step(1)
    return readings


def read_one(path: Path, candidates: Candidates) -> Reading:
    """One file's documents, or why it was not read."""
    try:
        return _read(path, candidates)
    except RefusedError as refused:
        return Reading(path.name, refused=str(refused))
    except OSError as error:
        return Reading(path.name, refused=f"打不开：{error.strerror or error}")


def _read(path: Path, candidates: Candidates) -> Reading:
    document = read_file(path)
    reading = Reading(path.name, aside=document.aside, remarks=list(document.remarks))
    for part in parts(document, candidates):
        made = drafts_of(part, candidates)
        reading.drafts += made
        if not made:
            reading.unknown += _texts(part)
    if not reading.drafts and not reading.unknown:
        reading.refused = "文件里没有文字"
    return reading


def _texts(lines: Sequence[Line]) -> Iterator[Slot]:
    seen: set[int] = set()
    for line in lines:
        for _, slot in distinct(line):
            if slot.text and id(slot) not in seen:
                seen.add(id(slot))
                yield slot
