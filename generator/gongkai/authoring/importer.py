"""Import of a unit's filled forms, in files of any format: reading and form recognition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.authoring.office.account import Account, draw_up_account
from gongkai.authoring.office.cells import Line, Slot, distinct_cells
from gongkai.authoring.office.documents import Draft, extract_drafts
from gongkai.authoring.office.flattened import restore_tables
from gongkai.authoring.office.form_recognition import FormCandidates, split_attachments
from gongkai.authoring.office.label_index import Leaf
from gongkai.authoring.office.read import OFFICE_SUFFIXES, read_office_file
from gongkai.model.applicability import find_applicable_forms
from gongkai.model.forms import Form
from gongkai.model.publication import UnitFacts
from gongkai.runtime.errors import UnreadableFileError
from gongkai.runtime.progress import Progress, report_phase

_UNEXPECTED = (
    "读到一半出了错（{}），没有读取；请用 Word、Excel 或 WPS 打开，另存后再导入，"
    "还是不行的，请把这个文件和这句话交给维护程序的人"
)

_FLATTENED = (
    "表格在文件里成了连在一起的文字，按标签拆开来读；空格子的位置已经看不出来，"
    "一行里的值与列数不一样的，没有填进数据，列在“没有用上”里；请对照原件逐格核对"
)


@dataclass(slots=True)
class SourceFile:
    """A source file and the drafts extracted from it."""

    name: str
    drafts: list[Draft] = field(default_factory=list)
    unrecognized: list[Slot] = field(default_factory=list)
    """Cells of attachments that match no form."""
    outside_text: tuple[Slot, ...] = ()
    """Text outside the body: page headers and footers, footnotes, comments."""
    remarks: list[str] = field(default_factory=list)
    """Remarks for the import report, in Chinese."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """What to ask about a value, by its place."""
    account: Account | None = None
    """What became of its texts; None if they cannot be counted."""
    refusal: str = ""
    """Why the file was not read, in Chinese; empty if it was read."""


def find_office_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read: the named files, and those in folders that a reader may know."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            office_files = (
                file for file in path.rglob("*") if file.suffix.lower() in OFFICE_SUFFIXES
            )
            files |= dict.fromkeys(sorted(file for file in office_files if not _is_hidden(file)))
        else:
            files[path] = None
    return list(files)


def find_other_files(paths: Iterable[Path]) -> list[str]:
    """Return the names of files in folders that no reader knows."""
    return sorted(
        file.name
        for path in paths
        if path.is_dir()
        for file in path.rglob("*")
        if file.suffix.lower() not in {*OFFICE_SUFFIXES, ".md"} and not _is_hidden(file)
    )


def _is_hidden(path: Path) -> bool:
    """Return whether a file is hidden, a lock file of Word, part of a saved web page, or no file at all."""
    is_page_part = path.parent.name.endswith((".files", "_files"))
    return path.name.startswith(("~$", ".")) or is_page_part or not path.is_file()


def form_candidates(
    forms: Iterable[Form], facts: UnitFacts | None, year: int, *, drafts: bool = False
) -> FormCandidates:
    """Return the forms to choose from; forms made for the unit are preferred.

    `drafts` includes incomplete forms.
    """
    usable = tuple(form for form in forms if form.is_complete or drafts)
    preferred = find_applicable_forms(usable, facts, year).values() if facts else ()
    words = {
        "年度": f"{year}",
        "上年": f"{year - 1}",
        "单位": facts.name if facts else "",
        "级别": facts.level if facts else "",
    }
    return FormCandidates(
        usable, words, frozenset(form.id for group in preferred for form in group)
    )


def read_source_files(
    files: Sequence[Path], candidates: FormCandidates, progress: Progress
) -> list[SourceFile]:
    """Read all files; one that cannot be read does not stop the others."""
    readings: list[SourceFile] = []
    with report_phase(progress, "读取文件", len(files)):
        for path in files:
            readings.append(read_source_file(path, candidates))
            progress.step(1)
    return readings


def read_source_file(path: Path, candidates: FormCandidates) -> SourceFile:
    """Read one file; the result states the reason if it cannot be read."""
    try:
        return _read(path, candidates)
    except UnreadableFileError as refused:
        return SourceFile(path.name, refusal=str(refused))
    except OSError as error:
        return SourceFile(path.name, refusal=f"打不开：{error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - nothing in one file stops the others
        return SourceFile(path.name, refusal=_UNEXPECTED.format(type(error).__name__))


def _read(path: Path, candidates: FormCandidates) -> SourceFile:
    """Read a file and extract the drafts of its attachments."""
    document = read_office_file(path)
    reading = SourceFile(
        path.name,
        outside_text=document.outside_text,
        remarks=list(document.remarks),
        questions=document.questions,
    )
    for attachment in split_attachments(document, candidates):
        restored = restore_tables(attachment, candidates)
        if restored is None:
            drafts = extract_drafts(attachment, candidates, outside=document.outside_text)
        else:
            outside = document.outside_text
            drafts = extract_drafts(restored.lines, candidates, restored.form, outside)
            drafts[0].unused += restored.leftovers
            reading.remarks.append(_FLATTENED)
        reading.drafts += drafts
        if not drafts:
            reading.unrecognized += _iter_texts(attachment)
    if document.sources is not None:
        reading.account = draw_up_account(
            document.sources,
            reading.drafts,
            reading.unrecognized,
            reading.outside_text,
            reading.remarks,
        )
        lost = (*reading.account.lost, *reading.account.foreign)
        _hand_back_unsettled(reading, ((place, f"：{text}") for place, text in lost))
    _hand_back_unsettled(reading, document.questions.items())
    if not reading.drafts and not reading.unrecognized:
        reading.refusal = "文件里没有文字"
    return reading


def _hand_back_unsettled(reading: SourceFile, unsettled: Iterable[tuple[str, str]]) -> None:
    """Give texts without an account, and questions, to their documents, so that these are not published."""
    for place, text in unsettled:
        owners = [draft for draft in reading.drafts if place in draft.places]
        for draft in (owners or reading.drafts)[:1]:
            draft.unsettled.append(Leaf(f"{place}{text}", place))


def _iter_texts(lines: Sequence[Line]) -> Iterator[Slot]:
    """Yield the non-empty cells, merged cells only once."""
    seen: set[Slot] = set()
    for line in lines:
        for _, slot in distinct_cells(line):
            if slot.text and slot not in seen:
                seen.add(slot)
                yield slot
