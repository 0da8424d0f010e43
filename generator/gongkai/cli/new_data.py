"""Commands that begin a unit's data: new and schemas; apart from check, which needs no Office code."""

from functools import partial
from pathlib import Path

import click

from gongkai.authoring.json_schemas import SCHEMA_FOLDER
from gongkai.authoring.new_files import (
    UNIT_FILE,
    NewFilesRequest,
    UnclearRequest,
    build_new_files,
    write_new_files,
    write_schemas,
)
from gongkai.checks.runner import check_data
from gongkai.cli.form_choice import can_ask, choose_form
from gongkai.cli.form_help import no_forms_message
from gongkai.cli.options import CommonOptions, common_options, slug_message
from gongkai.reading.files import is_slug
from gongkai.runtime.paths import display_path


@click.command()
@click.argument("unit", metavar="单位代号")
@click.argument("year", metavar="年度", type=click.IntRange(1990, 2100))
@click.option("--form", "named", metavar="表式", multiple=True, help="用哪张表，可以写几次。")
@click.option("--project", metavar="项目代号", default="", help="新建一个项目的文件。")
@click.option("--name", metavar="项目名称", default="", help="项目的全称。")
@click.option("--unit-name", metavar="单位名称", default="", help="新单位的全称。")
@common_options
@click.pass_context
def new(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    unit: str,
    year: int,
    named: tuple[str, ...],
    project: str,
    name: str,
    unit_name: str,
    options: CommonOptions,
) -> None:
    """新建一个单位一个年度的文件，每一行都注明要填什么；已有的文件不改动。

    单位代号、项目代号会成为网址的一部分，只用小写英文字母、数字和连字符。
    不写 --form 时，按 unit.yml 的地区、级别和年度选用表式；几张都适用的，在终端里看着本地的表回答
    几句。还没有 unit.yml 的，先新建它，填好以后再运行一次。新单位写明 --unit-name，site.yml 又写了级别和行政区划的，一次就都新建好。
    """
    folder = options.data
    for slug in filter(None, (unit, project)):
        if not is_slug(slug):
            click.echo(slug_message(slug), err=True)
            context.exit(2)
    dataset = check_data(folder, options.today).dataset
    request = NewFilesRequest(unit, year, named, project, name, unit_name)
    unit_file = folder / "units" / unit / UNIT_FILE
    words = {"年度": f"{year}", "上年": f"{year - 1}"}
    choose = partial(choose_form, words=words) if can_ask() else None
    try:
        files = build_new_files(dataset, request, has_unit_file=unit_file.exists(), choose=choose)
    except UnclearRequest as error:
        click.echo(str(error), err=True)
        context.exit(2)
    written, existing = write_new_files(files, folder)
    write_schemas(dataset.forms, folder)
    for path in written:
        click.echo(f"新建 {display_path(path)}")
    for path in existing:
        click.echo(f"已有 {display_path(path)}，没有改动")
    click.echo(_new_files_advice(written, unit_file, request), err=True)


def _new_files_advice(written: list[Path], unit_file: Path, request: NewFilesRequest) -> str:
    """Return what to do after gongkai new."""
    if not written:
        return "没有新建文件"
    if written != [unit_file]:
        return "填好后运行 gongkai check 核对"
    return (
        f"请先在 {display_path(unit_file)} 里填写名称、级别、行政区划（选表式要用），"
        f"再运行一次 gongkai new {request.unit} {request.year}，就会新建各张表"
    )


@click.command()
@common_options
def schemas(options: CommonOptions) -> None:
    """写出各表式的 JSON Schema，供编辑器补全和检查中文键。"""
    folder = options.data
    known_forms = check_data(folder, options.today).dataset.forms
    if not known_forms:
        raise click.ClickException(no_forms_message())
    count = write_schemas(known_forms, folder)
    click.echo(f"已写出 {count} 份到 {display_path(folder / SCHEMA_FOLDER)}", err=True)
