"""Forms drafted for a command: proposing, writing, and what is printed of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gongkai.authoring.form_drafts.drafting import DraftRequest
from gongkai.authoring.form_drafts.heirs import read_form_nodes
from gongkai.authoring.form_drafts.judge import Fidelity
from gongkai.authoring.form_drafts.proposals import Proposal, Proposals, propose_forms
from gongkai.authoring.importer import SourceFile
from gongkai.checks.runner import check_data
from gongkai.cli.options import CommonOptions, refuse_overwriting
from gongkai.exports.office.attachments import write_files_atomically
from gongkai.model.forms import Form
from gongkai.runtime.paths import display_path

FORMS_FOLDER = "forms"
"""Folder of the form files within the data folder."""
_MOST_LINES = 12
"""Most differences of a file, and most disagreements, on the screen."""
_MAX_QUOTATION = 30
"""Longest quotation, in characters."""


def draft_from_files(
    files: Sequence[Path], request: DraftRequest, options: CommonOptions
) -> Proposals:
    """Return the forms for the tables in files; one without a name is named after region, year and kind."""
    known_forms = check_data(options.data, options.today).dataset.forms
    nodes = read_form_nodes(options.data / FORMS_FOLDER)
    return propose_forms(files, known_forms, nodes, request)


def files_without_form(
    readings: Iterable[tuple[Path, SourceFile]], *, is_strict: bool
) -> list[Path]:
    """Return the files with tables that no form fits; strictly, also where anything is left over."""
    return [
        path
        for path, reading in readings
        if reading.unrecognized
        or (is_strict and any(draft.unused or draft.missing for draft in reading.drafts))
    ]


def list_drafted_forms(proposals: Proposals) -> list[Form]:
    """Return the drafted forms that can be used."""
    drafts = (proposal.drafted for proposal in proposals.proposals)
    return [draft.form for draft in drafts if draft is not None and draft.form is not None]


def proposal_files(proposals: Proposals, data: Path) -> dict[str, tuple[Path, str]]:
    """Return path and text of the form files to write, by form id."""
    return {
        proposal.form_id: (data / FORMS_FOLDER / f"{proposal.form_id}.yml", proposal.text)
        for proposal in proposals.proposals
        if proposal.text
    }


def write_proposals(proposals: Proposals, data: Path, *, force: bool) -> dict[str, Path]:
    """Write the drafted forms; return their paths by id."""
    contents = proposal_files(proposals, data)
    refuse_overwriting([path for path, _ in contents.values()], force=force)
    write_files_atomically({path: text.encode() for path, text in contents.values()})
    return {form_id: path for form_id, (path, _) in contents.items()}


def proposal_lines(proposals: Proposals, written: Mapping[str, Path]) -> Iterator[str]:
    """Yield the result for every form and every file that was refused."""
    for proposal in proposals.proposals:
        if proposal.fitting is not None:
            yield _fitting_line(proposal)
        else:
            yield from _draft_lines(proposal, written.get(proposal.form_id))
        for name, fidelity in proposal.results:
            yield from _fidelity_lines(name, fidelity)
    for file, reason in proposals.refusals:
        yield f"没有读 {file}：{reason}"
    if not proposals.proposals:
        yield "没有写出表式"


def _fitting_line(proposal: Proposal) -> str:
    form = proposal.fitting
    names = "、".join(dict.fromkeys(table.name for table in proposal.tables))
    if form is None:
        return ""
    incomplete = "" if form.is_complete else "；这张表式不完整，导入时加 --drafts"
    return f"{names}：与现有的表式 {form.id}（{form.name}）相符，不用另写{incomplete}"


def _draft_lines(proposal: Proposal, path: Path | None) -> Iterator[str]:
    drafted = proposal.drafted
    if drafted is None:
        return
    heir = f"，继承 {proposal.parent}，只写了不同之处" if proposal.parent else ""
    where = f"已写出 {display_path(path)}" if path else "起草了表式"
    yield f"{where}（表式 {proposal.form_id}{heir}）"
    if drafted.remarks:
        yield f"  {len(drafted.remarks)} 处没有把握，写在文件里“#”开头的几行，请逐处核对"
    for problem in drafted.problems:
        yield f"  还用不了：{problem.sentence}"
    for line in drafted.disagreements[:_MOST_LINES]:
        yield f"  各文件不同：{line}"
    if len(drafted.disagreements) > _MOST_LINES:
        yield f"  各文件不同：还有 {len(drafted.disagreements) - _MOST_LINES} 处"


def _fidelity_lines(name: str, fidelity: Fidelity) -> Iterator[str]:
    """Yield how many texts of a table come back, and those that do not."""
    back = fidelity.same + fidelity.moved
    verdict = "全部对上" if fidelity.is_complete else f"对上 {back} 处"
    moved = f"，其中 {fidelity.moved} 处印的位置不同（例如左边竖排的标题印在上方）"
    yield f"  {name}：导入再导出，{fidelity.cells} 处文字{verdict}{moved if fidelity.moved else ''}"
    for place, text, reason in fidelity.differences[:_MOST_LINES]:
        where = f"（{place}）" if place else ""
        yield f"    {reason}{where}：{_shorten(text)}"
    if len(fidelity.differences) > _MOST_LINES:
        yield f"    还有 {len(fidelity.differences) - _MOST_LINES} 处"


def _shorten(text: str) -> str:
    line = " / ".join(text.split("\n"))
    return line if len(line) <= _MAX_QUOTATION else f"{line[:_MAX_QUOTATION]}…"
