"""Proposals: for tables in files the form that fits, an heir of a near one, or a new form."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from gongkai.authoring.form_drafts.agreement import find_disagreements, table_labels
from gongkai.authoring.form_drafts.drafting import (
    DraftedForm,
    DraftRequest,
    TableFile,
    draft_form,
    read_table,
    validate_draft,
)
from gongkai.authoring.form_drafts.heirs import draft_heir, resolve_heir
from gongkai.authoring.form_drafts.judge import Fidelity, judge_form
from gongkai.authoring.form_drafts.lines import find_year
from gongkai.authoring.form_drafts.vocabulary import Use, load_vocabulary
from gongkai.authoring.office.cells import Line, OfficeDocument
from gongkai.authoring.office.documents import extract_drafts
from gongkai.authoring.office.form_recognition import (
    FormCandidates,
    score_forms,
    split_attachments,
)
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.slugs import pinyin_slug
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode
from gongkai.model.terms import DocumentKind
from gongkai.runtime.errors import UnreadableFileError

_MIN_KNOWN_LABELS = 3
"""Fewest labels of the vocabulary in a table that is about performance."""
_SAME_FORM = 0.6
"""Smallest share of labels that tables of one form have in common."""
_MOST_CANDIDATES = 5
"""Most forms that are tried on a table."""
_NO_TABLE = "里面没有表格；文字报告不用起草表式，照着别的报告表式写“提纲”即可"
_UNKNOWN = "没有认出绩效的表：标签里没有几个认得的（项目名称、年度指标值、分值、得分……）；请核对是不是拿错了文件"
_UNEXPECTED = "读到一半出了错（{}），没有读取；请用 Word、Excel 或 WPS 打开，另存后再试"


class Refusal(NamedTuple):
    """A file from which no form can be drafted."""

    file: str
    reason: str
    """In Chinese."""


@dataclass(slots=True)
class Proposal:
    """What to fill tables in with."""

    tables: list[TableFile]
    fitting: Form | None = None
    """The form that there is already; then nothing has to be written."""
    drafted: DraftedForm | None = None
    text: str = ""
    """The form file to write."""
    parent: str = ""
    """Id of the form that the drafted one inherits from."""
    results: list[tuple[str, Fidelity]] = field(default_factory=list)
    """How much of every table comes back."""

    @property
    def form_id(self) -> str:
        """Id of the form."""
        if self.fitting is not None:
            return self.fitting.id
        return f"{self.drafted.entry.get('表式')}" if self.drafted else ""


@dataclass(slots=True)
class Proposals:
    """The proposals for several files."""

    proposals: list[Proposal] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether no file was looked at."""
        return not self.proposals and not self.refusals


def propose_forms(
    files: Sequence[Path],
    forms: Sequence[Form],
    nodes: Mapping[str, MappingNode],
    request: DraftRequest,
) -> Proposals:
    """Return what the tables in these files can be filled in with, tables of one form together."""
    result = Proposals()
    tables: list[TableFile] = []
    for path in files:
        try:
            tables += read_tables(path, forms)
        except UnreadableFileError as refused:
            result.refusals.append(Refusal(path.name, str(refused)))
        except OSError as error:
            result.refusals.append(Refusal(path.name, f"打不开：{error.strerror or error}"))
        except Exception as error:  # noqa: BLE001 - nothing in one file stops the others
            result.refusals.append(Refusal(path.name, _UNEXPECTED.format(type(error).__name__)))
    taken = {form.id for form in forms} if not request.form_id else set[str]()
    for group in _group_tables(tables):
        proposal = _propose(group, forms, nodes, request, taken)
        taken.add(proposal.form_id)
        result.proposals.append(proposal)
    return result


def read_tables(path: Path, forms: Sequence[Form]) -> list[TableFile]:
    """Return the tables of a file. Raise UnreadableFileError if it has none."""
    document = read_office_file(path)
    pieces = [piece for part in _attachments(document, forms) for piece in _split_repeats(part)]
    tables = [read_table(path.name, lines) for lines in pieces]
    with_parts = [table for table in tables if table.parts.parts]
    if not with_parts:
        raise UnreadableFileError(_NO_TABLE if tables else "文件里没有文字")
    known = [table for table in with_parts if count_known_labels(table) >= _MIN_KNOWN_LABELS]
    if not known:
        raise UnreadableFileError(_UNKNOWN)
    return known


def _attachments(document: OfficeDocument, forms: Sequence[Form]) -> Iterator[tuple[Line, ...]]:
    words = {"年度": "", "上年": "", "单位": "", "级别": ""}
    return split_attachments(document, FormCandidates(tuple(forms), words))


def _split_repeats(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the tables of an attachment that has the same one several times, one below the other."""
    rows = read_table("", lines).rows
    first = next((row for row in rows if len(row.filled) > 1), None)
    label = first.filled[0] if first else None
    if label is None or not load_vocabulary().find(Use.FIELD, label.text):
        yield lines
        return
    starts = [
        row.number
        for row in rows
        if len(row.filled) > 1
        and row.filled[0].name == label.name
        and row.filled[0].row == row.number
    ]
    starts = [0, *(_title_above(lines, start) for start in starts[1:])]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start:end]


def _title_above(lines: Sequence[Line], row: int) -> int:
    """Return the first of the lines of text above a row."""
    while row > 1 and len(lines[row - 1]) == 1:
        row -= 1
    return row


def count_known_labels(table: TableFile) -> int:
    """Return how many of a table's labels the vocabulary knows with a role or as a level."""
    words = load_vocabulary()
    uses = (Use.FIELD, Use.GOAL, Use.MONEY_COLUMN, Use.MONEY_ROW, Use.INDICATOR_COLUMN, Use.LEVEL)
    return sum(any(words.find(use, label) for use in uses) for label in table_labels(table))


def _group_tables(tables: Sequence[TableFile]) -> list[list[TableFile]]:
    """Return tables with mostly the same labels together."""
    groups: list[tuple[set[str], list[TableFile]]] = []
    for table in tables:
        labels = table_labels(table)
        for known, group in groups:
            if len(labels & known) >= _SAME_FORM * max(len(labels | known), 1):
                group.append(table)
                break
        else:
            groups.append((labels, [table]))
    return [group for _, group in groups]


def label_words(year: int, unit: str = "") -> dict[str, str]:
    """Return the words that fill the labels of a form."""
    return {"年度": f"{year}", "上年": f"{year - 1}", "单位": unit, "级别": ""}


def _propose(
    tables: list[TableFile],
    forms: Sequence[Form],
    nodes: Mapping[str, MappingNode],
    request: DraftRequest,
    taken: Collection[str],
) -> Proposal:
    """Return the form for tables of one kind; its id is not one of those taken."""
    year = request.year or find_year([slot.text for slot in tables[0].parts.opening])
    fitting = find_fitting_form(tables, forms, label_words(year))
    if fitting is not None:
        return Proposal(tables, fitting, results=_judge(fitting, tables, label_words(year)))
    drafted = draft_form(tables, request)
    drafted = name_form(drafted, request, taken)
    drafted.disagreements = find_disagreements(tables)
    words = label_words(drafted.year)
    results = _judge(drafted.form, tables, words) if drafted.form else []
    heir = draft_heir(drafted.entry, nodes) if drafted.form else None
    form = resolve_heir(heir, nodes) if heir else None
    if heir is not None and form is not None:
        own = _judge(form, tables, words)
        if [result for _, result in own] == [result for _, result in results]:
            heir_draft = DraftedForm(heir, form, [], drafted.year, drafted.disagreements)
            return Proposal(
                tables,
                drafted=heir_draft,
                text=heir_draft.text,
                parent=heir.get("继承"),
                results=own,
            )
    return Proposal(tables, drafted=drafted, text=drafted.text, results=results)


def name_form(drafted: DraftedForm, request: DraftRequest, taken: Collection[str]) -> DraftedForm:
    """Return a drafted form with an id of its own: region, year and kind, unless one is given."""
    kind = DocumentKind(drafted.entry.get("类型")).anchor
    region = pinyin_slug(re.sub("省|市|县|自治区", "", request.region), "local")
    words = (region, f"{drafted.year}" if drafted.year else "", kind)
    base = request.form_id or "-".join(filter(None, words))
    numbered = (base if number == 1 else f"{base}-{number}" for number in count(1))
    drafted.entry.values["表式"] = next(name for name in numbered if name not in taken)
    return validate_draft(drafted.entry, drafted.year)


def find_fitting_form(
    tables: Sequence[TableFile], forms: Sequence[Form], words: Mapping[str, str]
) -> Form | None:
    """Return the form with which all tables can be imported without anything left or missing."""
    candidates = FormCandidates(tuple(forms), words)
    ranked = sorted(
        score_forms(tables[0].lines, forms, candidates),
        key=lambda scored: (scored[0].is_complete, scored[1]),
        reverse=True,
    )
    for form, _ in ranked[:_MOST_CANDIDATES]:
        if all(_fits(form, table, candidates) for table in tables):
            return form
    return None


def _fits(form: Form, table: TableFile, candidates: FormCandidates) -> bool:
    drafts = extract_drafts(table.lines, candidates, form)
    is_whole = bool(drafts) and not any(draft.unused or draft.missing for draft in drafts)
    return is_whole and judge_form(form, table.lines, candidates.words).is_complete


def _judge(
    form: Form | None, tables: Sequence[TableFile], words: Mapping[str, str]
) -> list[tuple[str, Fidelity]]:
    return [(table.name, judge_form(form, table.lines, words)) for table in tables if form]
