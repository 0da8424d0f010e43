"""The commands for Word and Excel: import, export, template."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click

from gongkai.authoring.drafts import Target, assembled
from gongkai.authoring.excel_template import template as blank_sheet
from gongkai.authoring.importer import candidates_for, files_in, others_in, read_all
from gongkai.authoring.yaml_writer import text_of
from gongkai.build.render import examine, shown
from gongkai.cli import import_report as import_words
from gongkai.cli import report as reports
from gongkai.cli.options import common
from gongkai.cli.terminal import Terminal
from gongkai.exports.office.attachments import EXCEL, PDF, WORD, exported, write_all
from gongkai.model.problems import Problem
from gongkai.model.schema import nearest
from gongkai.model.terms import DocumentKind
from gongkai.reading.dataset import Dataset
from gongkai.reading.files import is_address
from gongkai.runtime.clock import today
from gongkai.runtime.errors import RefusedError
from gongkai.runtime.settings import read_settings

UNIT = click.argument("unit", metavar="单位代号")
YEAR = click.argument("year", metavar="年度", type=click.IntRange(1990, 2100))
FORCE = click.option("--force", is_flag=True, help="已有的文件也改写。")


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
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="导入报告写到哪里，默认写在所导入的文件旁边。",
)
@click.option("--drafts", is_flag=True, help="试用：也用不完整的表式（完整: 否）。")
@FORCE
@common
@click.pass_context
def import_(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    unit: str,
    year: int,
    project: str,
    report: Path | None,
    config: Path,
    drafts: bool,
    force: bool,
) -> None:
    """把填好的 Word、Excel 表导入成数据文件；认不出的逐处列出，已有的文件不改动。

    一个文件里可以有几份表，也可以一次导入几个文件或整个目录。手机号等个人号码自动遮盖。
    """
    for slug in filter(None, (unit, project)):
        known_unit(slug)
    data = read_settings(config).data
    dataset = examine(data, drafts=drafts, only=frozenset([unit])).dataset
    target = _target(dataset, data, Target(unit, year, None, None, project=project))
    candidates = candidates_for(dataset.forms, target.facts, year, drafts=drafts)
    readings = read_all(files_in(paths), candidates, Terminal())
    made = assembled(readings, target)
    keep_existing([data / name for name in made.files], force=force)
    beside = paths[0] if paths[0].is_dir() else paths[0].parent
    told = report or beside / f"导入报告-{unit}-{year}.md"
    texts = {data / name: text_of(lines).encode() for name, lines in made.files.items()}
    write_all(texts)
    problems = _problems(data, unit, made.files, drafts=drafts)
    found = import_words.judged(problems, made.files, shown(data))
    write_all({told: import_words.report(readings, made, found).encode()})
    for path in texts:
        click.echo(f"已写出 {shown(path)}")
    if others := others_in(paths):
        listed = import_words.few(others)
        click.echo(f"没有读，不是 Word、Excel 文件：{'、'.join(listed)}", err=True)
    grave = [line for line in found if line.startswith("错误")]
    for line in (*import_words.troubles(readings, made), *import_words.few(grave)):
        click.echo(line, err=True)
    click.echo(f"{import_words.summary(readings, made)}；详见 {shown(told)}", err=True)
    if made.files:
        click.echo(import_words.closing(problems), err=True)
    failed = any(each.refused or not each.drafts for each in readings)
    context.exit(1 if failed or not made.files or any(p.blocks for p in problems) else 0)


@click.command()
@click.argument("form", metavar="表式")
@click.option("--year", metavar="年度", type=click.IntRange(1990, 2100), help="默认为上一年。")
@click.option(
    "--to",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到哪个文件，默认为“表式名.xlsx”。",
)
@FORCE
@common
def template(form: str, year: int | None, path: Path | None, config: Path, *, force: bool) -> None:
    """把一张表式做成空白的 Excel 表，填好后用 gongkai import 导入。"""
    known = {each.id: each for each in examine(read_settings(config).data).dataset.forms}
    if form not in known:
        raise click.UsageError(f"没有名为“{form}”的表式；{nearest(form, known)}")
    if known[form].kind is DocumentKind.REPORT:
        raise click.UsageError("这是文字报告，请用 Word 写，再用 gongkai import 导入")
    target = path or Path(f"{form}.xlsx")
    keep_existing([target], force=force)
    write_all({target: blank_sheet(known[form], year or today().year - 1)})
    click.echo(f"已写出 {shown(target)}")


def _target(dataset: Dataset, data: Path, wanted: Target) -> Target:
    """Where the files go, with what the unit has already."""
    unit = next((each for each in dataset.units if each.slug == wanted.unit), None)
    disclosures = (each for each in dataset.disclosures if each.unit.slug == wanted.unit)
    return replace(
        wanted,
        facts=unit.facts if unit else None,
        disclosure=next((each for each in disclosures if each.year == wanted.year), None),
        taken=frozenset(each.stem for each in (data / wanted.folder / "projects").glob("*")),
    )


def _problems(data: Path, unit: str, files: Collection[str], *, drafts: bool) -> list[Problem]:
    """What the checks say of the new files."""
    run = examine(data, drafts=drafts, only=frozenset([unit]))
    return reports.within(run.judgement.problems, [data / name for name in files])


@click.command()
@UNIT
@YEAR
@click.option(
    "--to",
    "folder",
    metavar="DIR",
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
@FORCE
@common
def export(  # noqa: PLR0913 - one parameter an option
    unit: str,
    year: int,
    folder: Path,
    styles: tuple[str, ...],
    config: Path,
    *,
    together: bool,
    force: bool,
) -> None:
    """把一个单位一个年度的附件写成 Word、Excel 文件，内容与网页相同，供打印、签字、盖章。"""
    known_unit(unit)
    run = examine(read_settings(config).data, drafts=True, only=frozenset([unit]))
    found = (each for each in run.dataset.disclosures if each.unit.slug == unit)
    disclosure = next((each for each in found if each.year == year), None)
    if disclosure is None:
        raise click.UsageError(f"没有读到 {unit} 的 {year} 年度；请运行 gongkai check 看看")
    try:
        files = exported(disclosure, dict.fromkeys(styles), together=together)
    except RefusedError as refused:
        raise click.ClickException(str(refused)) from None
    keep_existing([folder / name for name in files], force=force)
    write_all({folder / name: data for name, data in files.items()})
    for name in files:
        click.echo(f"已写出 {shown(folder / name)}")
    if run.judgement.blocks:
        click.echo("数据里还有错误没有改正或说明，请运行 gongkai check 核对后再签字盖章", err=True)


def known_unit(slug: str) -> None:
    """Refuse a unit's name that cannot be one."""
    if not is_address(slug):
        raise click.UsageError(f"代号“{slug}”只能用小写英文字母、数字和连字符，例如 jsx-2")


def keep_existing(paths: list[Path], *, force: bool) -> None:
    """Refuse to overwrite files, unless that is asked for."""
    there = [path for path in paths if path.exists()]
    if there and not force:
        listed = "\n".join(f"  {shown(path)}" for path in there)
        raise click.UsageError(f"这些文件已经有了，没有改动；要改写请加 --force：\n{listed}")
