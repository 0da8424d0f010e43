"""Command import-all: the files of many units, from a folder or a zip archive."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import click

from gongkai.authoring.county import (
    DividedFiles,
    KnownUnits,
    UnitFiles,
    divide_files,
    folder_unit,
    unpack_archive,
)
from gongkai.authoring.drafts import ImportOutput, ImportTarget, assemble_files
from gongkai.authoring.form_drafts.drafting import DraftRequest
from gongkai.authoring.form_drafts.proposals import Proposals
from gongkai.authoring.importer import (
    SourceFile,
    find_office_files,
    find_other_files,
    form_candidates,
    read_source_file,
)
from gongkai.authoring.yaml_writer import join_yaml_lines
from gongkai.checks.runner import check_data
from gongkai.cli.form_proposals import (
    draft_from_files,
    files_without_form,
    list_drafted_forms,
    proposal_files,
    proposal_lines,
)
from gongkai.cli.import_report import (
    attention_lines,
    check_result_lines,
    import_summary,
    limit_lines,
    render_report,
    unsettled_count,
)
from gongkai.cli.office import complete_target, free_path, require_forms
from gongkai.cli.options import CommonOptions, common_options
from gongkai.cli.terminal import Terminal
from gongkai.exports.office.attachments import write_files_atomically
from gongkai.model.forms import Form
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.runtime.errors import UnreadableFileError
from gongkai.runtime.paths import display_path
from gongkai.runtime.progress import report_phase

_LISTED_UNITS = 40
"""Most units listed on the screen; the report has all."""


@dataclass(slots=True)
class _UnitImport:
    """What the import of one unit writes, and what is wrong with it."""

    unit: UnitFiles
    output: ImportOutput
    contents: dict[str, bytes] = field(default_factory=dict)
    """New files by path within the data folder."""
    existing: list[str] = field(default_factory=list)
    """Files that would be overwritten; nothing of the unit is written then."""
    check_lines: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """What the checks do not let pass."""
        return [line for line in self.check_lines if line.startswith("错误")]

    @property
    def tasks(self) -> list[str]:
        """What a person has to do before the unit can be published."""
        existing = [f"已经有了，没有改动：{name}（要改写请加 --force）" for name in self.existing]
        return [*existing, *attention_lines(self.unit.readings, self.output), *self.errors]

    @property
    def needs_attention(self) -> bool:
        """Whether a file was not read or not recognized, or its data has errors."""
        return bool(self.existing or self.errors) or any(
            reading.refusal
            or reading.questions
            or not reading.drafts
            or unsettled_count(reading.account)
            for reading in self.unit.readings
        )


@click.command("import-all")
@click.argument("source", metavar="文件夹或zip", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--year", metavar="年度", required=True, type=click.IntRange(1990, 2100), help="哪个年度的。"
)
@click.option("--check-only", is_flag=True, help="只看会写出什么、有什么问题，不写数据文件。")
@click.option("--yes", is_flag=True, help="不再询问，直接写出。")
@click.option(
    "--report",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="导入报告写到哪里，默认写在所导入的文件夹或压缩包旁边。",
)
@click.option("--drafts", is_flag=True, help="试用：也用不完整的表式（完整: 否）。")
@click.option(
    "--draft-forms",
    is_flag=True,
    help="与表式不完全相符的表，各单位的一起起草表式（gongkai forms draft）再导入。",
)
@click.option("--force", is_flag=True, help="已有的文件也改写。")
@common_options
@click.pass_context
def import_all(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    source: Path,
    year: int,
    check_only: bool,
    yes: bool,
    report: Path | None,
    options: CommonOptions,
    drafts: bool,
    draft_forms: bool,
    force: bool,
) -> None:
    """把一个文件夹或压缩包里许多单位的表一次导入：按文件夹和表里的单位名称分开，先列出，确认后才写。"""
    data = options.data
    dataset = read_dataset(data, display_path(data), options.today, drafts=drafts)
    require_forms(dataset)
    with ExitStack() as stack:
        folder = source
        if source.is_file():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            try:
                unpack_archive(source, folder)
            except UnreadableFileError as error:
                raise click.ClickException(f"{error}") from None
        names = KnownUnits({unit.slug: unit.facts for unit in dataset.units if unit.facts})
        readings = _read_files(folder, names, dataset.forms, year, drafts=drafts)
        proposals = Proposals()
        if draft_forms:
            proposals = _draft_forms(folder, readings, dataset, year, options)
            forms = [*list_drafted_forms(proposals), *dataset.forms]
            readings = _read_files(folder, names, forms, year, drafts=True)
        others = find_other_files([folder])
    divided = divide_files(readings, names)
    imports = [_prepare(unit, dataset, data, year, force=force) for unit in divided.units]
    new_forms = {
        path.relative_to(data).as_posix(): text.encode()
        for path, text in proposal_files(proposals, data).values()
    }
    _check_in_copy(imports, options, new_forms, drafts=drafts or draft_forms)
    text = _render(imports, divided, others, year)
    for line in _plan_lines(imports, divided, others):
        click.echo(line)
    for line in proposal_lines(proposals, {}) if draft_forms else ():
        click.echo(line, err=True)
    contents = {
        data / name: content
        for unit_import in imports
        if not unit_import.existing
        for name, content in unit_import.contents.items()
    }
    contents |= {data / name: content for name, content in new_forms.items()}
    if check_only:
        click.echo("没有写任何数据文件（--check-only）", err=True)
    elif contents and (yes or click.confirm(f"写出以上 {len(contents)} 个数据文件？", err=True)):
        write_files_atomically(contents)
        click.echo(f"已写出 {len(contents)} 个数据文件", err=True)
    else:
        click.echo("没有写任何数据文件", err=True)
    report_path = report or free_path(source.parent / f"导入报告-{source.stem}-{year}.md")
    if report or not check_only:
        write_files_atomically({report_path: text.encode()})
        click.echo(f"要办的事都在 {display_path(report_path)}", err=True)
    else:
        click.echo("要把导入报告也写出来，请加 --report 文件", err=True)
    failed = divided.unassigned or any(unit_import.needs_attention for unit_import in imports)
    context.exit(1 if failed or not imports else 0)


def _read_files(
    folder: Path, names: KnownUnits, forms: Sequence[Form], year: int, *, drafts: bool
) -> dict[PurePosixPath, SourceFile]:
    """Read all files, with the forms of the unit where the folder says which it is."""
    progress = Terminal()
    readings: dict[PurePosixPath, SourceFile] = {}
    files = find_office_files([folder])
    with report_phase(progress, "读取文件", len(files)):
        for path in files:
            within = PurePosixPath(path.relative_to(folder).as_posix())
            facts = names.units.get(folder_unit(within, names))
            candidates = form_candidates(forms, facts, year, drafts=drafts)
            readings[within] = read_source_file(path, candidates)
            readings[within].name = f"{within}"
            progress.step(1)
    return readings


def _draft_forms(
    folder: Path,
    readings: Mapping[PurePosixPath, SourceFile],
    dataset: Dataset,
    year: int,
    options: CommonOptions,
) -> Proposals:
    """Return forms drafted from the files of all units that no form fits."""
    pairs = ((folder / path, reading) for path, reading in readings.items())
    files = files_without_form(pairs, is_strict=True)
    region = dataset.site.region if dataset.site else None
    name = f"{region.province}{region.city}{region.county}" if region else ""
    return draft_from_files(files, DraftRequest("", region=name, year=year), options)


def _prepare(
    unit: UnitFiles, dataset: Dataset, data: Path, year: int, *, force: bool
) -> _UnitImport:
    """Assemble the files of a unit."""
    target = complete_target(ImportTarget(unit.slug, year, None, None), dataset, data)
    output = assemble_files(unit.readings, target)
    contents = {name: join_yaml_lines(lines).encode() for name, lines in output.files.items()}
    existing = [] if force else [name for name in contents if (data / name).exists()]
    contents |= {name: text.encode() for name, text in output.extended.items()}
    return _UnitImport(unit, output, contents, existing)


def _check_in_copy(
    imports: Sequence[_UnitImport],
    options: CommonOptions,
    forms: Mapping[str, bytes],
    *,
    drafts: bool,
) -> None:
    """Check what would be written, in a copy of the units' data; `forms` are new form files."""
    slugs = frozenset(unit_import.unit.slug for unit_import in imports if unit_import.contents)
    if not slugs:
        return
    shown = display_path(options.data)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "data"
        copy.mkdir()
        for path in options.data.iterdir():
            if path.name != "units" and not path.name.startswith("."):
                (shutil.copytree if path.is_dir() else shutil.copy)(path, copy / path.name)
        for slug in slugs:
            if (options.data / "units" / slug).is_dir():
                shutil.copytree(options.data / "units" / slug, copy / "units" / slug)
        write_files_atomically(
            {
                copy / path: content
                for unit_import in imports
                if not unit_import.existing
                for path, content in unit_import.contents.items()
            }
            | {copy / path: content for path, content in forms.items()}
        )
        run = check_data(copy, options.today, drafts=drafts, display_name=shown, only=slugs)
    for unit_import in imports:
        if not unit_import.existing:
            unit_import.check_lines = check_result_lines(
                run.judgement.problems, unit_import.output.files, shown
            )


def _plan_lines(
    imports: Sequence[_UnitImport], divided: DividedFiles, others: Sequence[str]
) -> Iterator[str]:
    """Yield what is shown on the screen before anything is written."""
    for unit_import in imports[:_LISTED_UNITS]:
        unit = unit_import.unit
        kind = "" if unit.facts else "（新单位）"
        yield f"{unit.name or '没有名称的单位'}{kind} → units/{unit.slug}：{_counts(unit_import)}"
    if len(imports) > _LISTED_UNITS:
        yield f"……还有 {len(imports) - _LISTED_UNITS} 个单位，见导入报告"
    if divided.unassigned:
        names = "、".join(limit_lines([reading.name for reading in divided.unassigned]))
        yield f"分不清是哪个单位的，没有导入：{names}；请放到以单位名称或代号命名的文件夹里"
    if others:
        yield f"没有读，不是能导入的文件：{'、'.join(limit_lines(others))}"


def _counts(unit_import: _UnitImport) -> str:
    """Return the figures of a unit's import."""
    summary = import_summary(unit_import.unit.readings, unit_import.output)
    errors = len(unit_import.errors)
    parts = [summary, f"核对有 {errors} 处错误" if errors else "核对没有错误"]
    if unit_import.existing:
        parts[-1] = f"{len(unit_import.existing)} 个数据文件已经有了，没有改动"
    return "，".join(parts)


def _render(
    imports: Sequence[_UnitImport], divided: DividedFiles, others: Sequence[str], year: int
) -> str:
    """Render the report: a table of the units, a list of tasks to tick off, then every file."""
    lines = [
        f"# {year} 年度导入报告",
        "",
        "| 单位 | 代号 | 文件 | 表 | 要办的事 |",
        "|---|---|--:|--:|--:|",
    ]
    for unit_import in imports:
        unit = unit_import.unit
        documents = sum(map(len, unit_import.output.drafts_by_path.values()))
        name = unit.name or "没有名称的单位"
        lines.append(
            f"| {name} | {unit.slug} | {len(unit.readings)} | {documents} | {len(unit_import.tasks)} |"
        )
    lines += ["", "## 要办的事", "", "办好一件，在方括号里打一个 x。", ""]
    lines += [
        f"- [ ] 分不清是哪个单位的：{reading.name}；请放到以单位名称或代号命名的文件夹里"
        for reading in divided.unassigned
    ]
    lines += [f"- [ ] 不是能导入的文件：{name}" for name in others]
    for unit_import in imports:
        if tasks := unit_import.tasks:
            lines += ["", f"### {unit_import.unit.name}（{unit_import.unit.slug}）", ""]
            lines += [f"- [ ] {task}" for task in tasks]
    for unit_import in imports:
        section = render_report(
            unit_import.unit.readings, unit_import.output, unit_import.check_lines
        )
        title, *rest = section.splitlines()
        lines += [
            "",
            f"#{title.replace('导入报告', unit_import.unit.name or unit_import.unit.slug)}",
        ]
        lines += [f"#{line}" if line.startswith("#") else line for line in rest]
    return "\n".join(lines) + "\n"
