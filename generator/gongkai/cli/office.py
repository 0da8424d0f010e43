"""Commands for Word and Excel files: import, export and template."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import click

from gongkai.authoring.drafts import ImportTarget, assemble_files
from gongkai.authoring.excel_template import render_excel_template
from gongkai.authoring.form_drafts.drafting import DraftRequest
from gongkai.authoring.form_drafts.proposals import Proposals
from gongkai.authoring.importer import (
    find_office_files,
    find_other_files,
    form_candidates,
    read_source_files,
)
from gongkai.authoring.yaml_writer import join_yaml_lines
from gongkai.checks.runner import check_data
from gongkai.cli.form_help import no_forms_message, unknown_form_message
from gongkai.cli.form_proposals import (
    draft_from_files,
    files_without_form,
    list_drafted_forms,
    proposal_lines,
    write_proposals,
)
from gongkai.cli.import_report import (
    attention_lines,
    check_result_lines,
    check_summary,
    import_summary,
    limit_lines,
    render_report,
    unsettled_count,
)
from gongkai.cli.options import (
    CommonOptions,
    common_options,
    refuse_overwriting,
    slug_message,
)
from gongkai.cli.report import problems_within
from gongkai.cli.terminal import Terminal
from gongkai.exports.office.attachments import (
    EXCEL,
    PDF,
    WORD,
    export_attachments,
    write_files_atomically,
)
from gongkai.model.forms import find_form
from gongkai.model.publication import Disclosure, Site
from gongkai.model.schema import find_nearest
from gongkai.model.terms import DocumentKind
from gongkai.reading.dataset import Dataset, unit_names
from gongkai.reading.disclosure import DISCLOSURE_FILE
from gongkai.reading.encoding import decode_text
from gongkai.reading.files import is_slug
from gongkai.runtime.errors import UnreadableFileError
from gongkai.runtime.paths import display_path

_UNIT = click.argument("unit", metavar="单位代号")
_YEAR = click.argument("year", metavar="年度", type=click.IntRange(1990, 2100))
_FORCE = click.option("--force", is_flag=True, help="已有的文件也改写。")


@click.command("import")
@click.argument(
    "paths",
    metavar="文件或目录…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option("--unit", metavar="单位代号", required=True, help="哪个单位的。")
@click.option(
    "--year", metavar="年度", required=True, type=click.IntRange(1990, 2100), help="哪个年度的。"
)
@click.option("--project", metavar="项目代号", default="", help="只有一个项目时，它的文件名。")
@click.option(
    "--report",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="导入报告写到哪里，默认写在所导入的文件旁边。",
)
@click.option("--drafts", is_flag=True, help="试用：也用不完整的表式（完整: 否）。")
@click.option(
    "--draft-forms",
    is_flag=True,
    help="与表式不完全相符的表，照它起草表式（gongkai forms draft）再导入。",
)
@_FORCE
@common_options
@click.pass_context
def import_(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    unit: str,
    year: int,
    project: str,
    report: Path | None,
    options: CommonOptions,
    drafts: bool,
    draft_forms: bool,
    force: bool,
) -> None:
    """把填好的 Word、Excel 表、网页等导入成数据文件；认不出的逐处列出，已有的文件不改动。

    一个文件里可以有几份表，也可以一次导入几个文件或整个目录。手机号等个人号码自动遮盖。
    """
    for slug in filter(None, (unit, project)):
        require_slug(slug)
    data = options.data
    dataset = check_data(data, options.today, drafts=drafts, only=frozenset([unit])).dataset
    require_forms(dataset)
    target = complete_target(ImportTarget(unit, year, None, None, project=project), dataset, data)
    candidates = form_candidates(dataset.forms, target.facts, year, drafts=drafts)
    files = find_office_files(paths)
    readings = read_source_files(files, candidates, Terminal())
    unknown = files_without_form(zip(files, readings, strict=True), is_strict=draft_forms)
    proposals = Proposals()
    if unknown and (draft_forms or _confirm_draft(unknown)):
        proposals = _draft_forms(unknown, target, dataset.site, options)
        known_forms = [*list_drafted_forms(proposals), *dataset.forms]
        candidates = form_candidates(known_forms, target.facts, year, drafts=True)
        readings = read_source_files(files, candidates, Terminal())
    result = assemble_files(readings, target)
    refuse_overwriting([data / name for name in result.files], force=force)
    written = write_proposals(proposals, data, force=False)
    for line in proposal_lines(proposals, written) if not proposals.is_empty else ():
        click.echo(line, err=True)
    folder = paths[0] if paths[0].is_dir() else paths[0].parent
    report_path = report or free_path(folder / f"导入报告-{unit}-{year}.md")
    contents = {
        data / name: join_yaml_lines(lines).encode() for name, lines in result.files.items()
    }
    contents |= {data / name: text.encode() for name, text in result.extended.items()}
    write_files_atomically(contents)
    run = check_data(data, options.today, drafts=drafts, only=frozenset([unit]))
    problems = problems_within(run.judgement.problems, list(contents))
    check_lines = check_result_lines(problems, result.files, display_path(data))
    write_files_atomically({report_path: render_report(readings, result, check_lines).encode()})
    for path in contents:
        click.echo(f"已写出 {display_path(path)}")
    if others := find_other_files(paths):
        names = "、".join(limit_lines(others))
        click.echo(f"没有读，不是能导入的文件：{names}", err=True)
    errors = [line for line in check_lines if line.startswith("错误")]
    for line in (*attention_lines(readings, result), *limit_lines(errors)):
        click.echo(line, err=True)
    other_files = files_without_form(zip(files, readings, strict=True), is_strict=True)
    if proposals.is_empty and other_files:
        click.echo(_draft_advice(other_files, is_written=bool(contents)), err=True)
    if not readings:
        click.echo("没有找到要导入的文件；请写填好的 Word、Excel 表，或它们所在的目录", err=True)
    click.echo(f"{import_summary(readings, result)}；详见 {display_path(report_path)}", err=True)
    if result.files:
        click.echo(check_summary(problems), err=True)
    failed = any(
        reading.refusal
        or reading.questions
        or not reading.drafts
        or unsettled_count(reading.account)
        for reading in readings
    )
    blocked = any(problem.is_blocking for problem in problems)
    context.exit(1 if failed or not result.files or blocked else 0)


def _draft_advice(files: Sequence[Path], *, is_written: bool) -> str:
    """Return what to do with tables that are not quite like their forms."""
    names = "、".join(limit_lines([path.name for path in files]))
    force = " --force" if is_written else ""
    return (
        f"{names} 与表式不完全相符；是本地另有的表的，再运行一次同样的命令，加上 --draft-forms{force}，"
        "照它起草表式再导入"
    )


def _confirm_draft(files: Sequence[Path]) -> bool:
    """Return whether the user wants forms drafted; without a terminal nobody can answer."""
    if not sys.stdin.isatty():
        return False
    names = "、".join(path.name for path in files)
    return click.confirm(f"{names} 里的表没有表式；照它起草表式再导入吗？", err=True)


def _draft_forms(
    files: Sequence[Path], target: ImportTarget, site: Site | None, options: CommonOptions
) -> Proposals:
    """Return forms drafted from these files, for the region of the unit or of the site."""
    known = target.facts or site
    region = known.region if known else None
    name = f"{region.province}{region.city}{region.county}" if region else ""
    return draft_from_files(files, DraftRequest("", region=name, year=target.year), options)


@click.command()
@click.argument("form", metavar="表式")
@click.option("--year", metavar="年度", type=click.IntRange(1990, 2100), help="默认为上一年。")
@click.option(
    "--to",
    "path",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到哪个文件，默认为“表式名.xlsx”。",
)
@_FORCE
@common_options
def template(
    form: str, year: int | None, path: Path | None, options: CommonOptions, *, force: bool
) -> None:
    """把一张表式做成空白的 Excel 表，填好后用 gongkai import 导入。"""
    dataset = check_data(options.data, options.today).dataset
    found = find_form(dataset.forms, form)
    if found is None:
        raise click.UsageError(unknown_form_message(form, dataset.forms))
    if found.kind is DocumentKind.REPORT:
        raise click.UsageError("这是文字报告，请用 Word 写，再用 gongkai import 导入")
    target = path or Path(f"{found.id}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise click.UsageError(f"“{target}”应以 .xlsx 结尾：做成的是 Excel 表")
    refuse_overwriting([target], force=force)
    write_files_atomically({target: render_excel_template(found, year or options.today.year - 1)})
    click.echo(f"已写出 {display_path(target)}")


def free_path(path: Path) -> Path:
    """Return a path that no file has yet: 导入报告-2.md beside 导入报告.md."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(free for free in chain([path], numbered) if not free.exists())


def complete_target(target: ImportTarget, dataset: Dataset, data: Path) -> ImportTarget:
    """Add the facts, disclosure and project files that the unit already has."""
    facts = next((unit.facts for unit in dataset.units if unit.slug == target.unit), None)
    disclosure = _find_disclosure(dataset, target.unit, target.year)
    path = data / target.folder / DISCLOSURE_FILE
    return replace(
        target,
        facts=facts,
        site=dataset.site,
        disclosure=disclosure,
        disclosure_text=decode_text(path.read_bytes()).text if disclosure else "",
        existing_projects=frozenset(
            path.stem for path in (data / target.folder / "projects").glob("*")
        ),
    )


def _find_disclosure(dataset: Dataset, unit: str, year: int) -> Disclosure | None:
    """Return the disclosure of a unit and year; None if there is none."""
    disclosures = (
        disclosure
        for disclosure in dataset.disclosures
        if (disclosure.unit.slug, disclosure.year) == (unit, year)
    )
    return next(disclosures, None)


@click.command()
@_UNIT
@_YEAR
@click.option(
    "--to",
    "folder",
    metavar="目录",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="写到哪个目录。",
)
@click.option(
    "--format",
    "styles",
    multiple=True,
    type=click.Choice([WORD, EXCEL, PDF]),
    default=(WORD, EXCEL),
    help="写成什么，可以写几次；默认 Word 和 Excel 都写。pdf 需要 LibreOffice。",
)
@click.option("--together", is_flag=True, help="全部附件写在一个文件里；默认每个附件一个文件。")
@_FORCE
@common_options
def export(  # noqa: PLR0913 - one parameter an option
    unit: str,
    year: int,
    folder: Path,
    styles: tuple[str, ...],
    options: CommonOptions,
    *,
    together: bool,
    force: bool,
) -> None:
    """把一个单位一个年度的附件写成 Word、Excel 文件，内容与网页相同，供打印、签字、盖章。"""
    run = check_data(options.data, options.today, drafts=True, only=frozenset([unit]))
    disclosure = _find_disclosure(run.dataset, unit, year)
    if disclosure is None:
        raise click.UsageError(_missing_disclosure_message(options, unit, year))
    try:
        files = export_attachments(disclosure, dict.fromkeys(styles), together=together)
    except UnreadableFileError as error:
        raise click.ClickException(str(error)) from None
    refuse_overwriting([folder / name for name in files], force=force)
    write_files_atomically({folder / name: data for name, data in files.items()})
    for name in files:
        click.echo(f"已写出 {display_path(folder / name)}")
    if run.judgement.blocks:
        click.echo("数据里还有错误没有改正或说明，请运行 gongkai check 核对后再签字盖章", err=True)


def _missing_disclosure_message(options: CommonOptions, unit: str, year: int) -> str:
    """Return the message that a unit or its year is not there, with those that are."""
    folder = options.data / "units"
    slugs = unit_names(options.data)
    if unit not in slugs:
        named = {
            known.facts.name: known.slug
            for known in check_data(options.data, options.today).dataset.units
        }
        nearest = named.get(unit) or find_nearest(unit, slugs)
        hint = f"是否应为“{nearest}”？" if nearest else "代号是 units/ 下的目录名"
        return f"没有代号为“{unit}”的单位；{hint}"
    years = sorted(path.name for path in (folder / unit).iterdir() if path.name.isdigit())
    if f"{year}" not in years:
        return f"{unit} 没有 {year} 年度；有的年度：{'、'.join(years) or '还没有'}"
    return f"{unit} 的 {year} 年度读不出来；请运行 gongkai check，照提示改正后再试"


def require_forms(dataset: Dataset) -> None:
    """Raise UsageError if there are no forms, without which nothing is recognized."""
    if not dataset.forms:
        raise click.UsageError(no_forms_message())


def require_slug(slug: str) -> None:
    """Raise UsageError if the id of a unit or project is not a slug."""
    if not is_slug(slug):
        raise click.UsageError(slug_message(slug))
