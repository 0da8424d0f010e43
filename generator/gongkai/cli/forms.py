"""Command for forms: the list, one form's fields, the forms like a table, a form drafted from one."""

from pathlib import Path

import click

from gongkai.authoring.form_drafts.drafting import DraftRequest
from gongkai.authoring.form_drafts.ranking import rank_forms
from gongkai.authoring.importer import find_office_files
from gongkai.checks.runner import check_data
from gongkai.cli.form_help import (
    no_forms_message,
    render_form_help,
    render_form_list,
    render_form_ranking,
    unknown_form_message,
)
from gongkai.cli.form_proposals import draft_from_files, proposal_lines, write_proposals
from gongkai.cli.options import CommonOptions, common_options, slug_message
from gongkai.model.forms import Form, find_form
from gongkai.reading.files import is_slug
from gongkai.runtime.errors import UnreadableFileError

_SHOW = "show"


class _Forms(click.Group):
    """Group whose first argument may be a form instead of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the command that shows forms, unless one is named."""
        is_named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_named else [_SHOW, *args])


@click.group(cls=_Forms)
def forms() -> None:
    """列出、说明、查找表式，或照一张表起草新的表式。

    gongkai forms 列出全部；gongkai forms 表式名 说明一张；gongkai forms --like 文件 看哪一张最像；
    gongkai forms draft 文件… 照填好的或空白的表起草。
    """


@forms.command(_SHOW)
@click.argument("name", metavar="[表式]", required=False)
@click.option(
    "--region", metavar="地区", default="", help="只列这个地区用的，例如 某某省、某某省某某市。"
)
@click.option(
    "--like",
    metavar="文件",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="按与这个文件里的表相符的程度排列。",
)
@common_options
@click.pass_context
def show(
    context: click.Context,
    name: str | None,
    region: str,
    like: Path | None,
    options: CommonOptions,
) -> None:
    """列出表式；写明表式则说明这一张表要填什么。"""
    known_forms = check_data(options.data, options.today).dataset.forms
    if not known_forms:
        raise click.ClickException(no_forms_message())
    if like is not None:
        try:
            ranked = rank_forms(like, known_forms, region)
        except UnreadableFileError as refused:
            raise click.ClickException(f"没有读 {like.name}：{refused}") from None
        click.echo(render_form_ranking(ranked), nl=False)
    elif name is None:
        listed = [form for form in known_forms if _is_used_in(form, region)]
        click.echo(render_form_list(listed), nl=False)
        if not listed:
            click.echo(f"没有写明用于“{region}”的表式；全部表式用 gongkai forms 列出", err=True)
    elif form := find_form(known_forms, name):
        click.echo(render_form_help(form), nl=False)
    else:
        click.echo(unknown_form_message(name, known_forms), err=True)
        context.exit(2)


def _is_used_in(form: Form, region: str) -> bool:
    """Return whether a form is used in a region: there, in all of it, or in a part of it."""
    scope = form.scope.region
    return not region or not scope or scope.startswith(region) or region.startswith(scope)


@forms.command()
@click.argument(
    "files",
    metavar="文件或目录…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "--name", metavar="表式名", default="", help="新表式的文件名，默认由地区、年度、类型组成。"
)
@click.option("--title", metavar="名称", default="", help="新表式的全称，默认取表的标题。")
@click.option("--region", metavar="地区", default="", help="用在哪里，写进“适用”，例如 某某省。")
@click.option(
    "--year",
    metavar="年度",
    type=click.IntRange(1990, 2100),
    help="表上的数据是哪个年度的，默认看标题。",
)
@click.option("--force", is_flag=True, help="已有的文件也改写。")
@common_options
@click.pass_context
def draft(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    files: tuple[Path, ...],
    name: str,
    title: str,
    region: str,
    year: int | None,
    options: CommonOptions,
    force: bool,
) -> None:
    """照填好的或空白的表（Word、Excel、PDF、网页）起草表式，写在数据目录的 forms/ 下。

    几个文件是同一种表的，一起起草：都一样的当作表上印的，不一样的当作填的。与现有的表式相符的，不写。
    """
    if name and not is_slug(name):
        raise click.UsageError(slug_message(name))
    proposals = draft_from_files(
        find_office_files(files), DraftRequest(name, title, region, year or 0), options
    )
    written = write_proposals(proposals, options.data, force=force)
    for line in proposal_lines(proposals, written):
        click.echo(line)
    context.exit(1 if proposals.refusals or not proposals.proposals else 0)
