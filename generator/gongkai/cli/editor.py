"""Command edit: the local web application in which units fill in their forms."""

import contextlib
import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec

import click

from gongkai.cli.git import problems_since_release
from gongkai.cli.options import CommonOptions, common_options
from gongkai.model.problems import Problem
from gongkai.reading.dataset import unit_names
from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.paths import display_path

_MISSING = (
    "填报台需要 Flask 和 waitress，没有安装；请运行 make edit，或 pip install 'gongkai[edit]'"
)
_FIRST_PORT = 8020


@click.command()
@click.option("--unit", "unit", metavar="单位代号", default="", help="只填这个单位。")
@click.option(
    "--port",
    metavar="端口",
    type=click.IntRange(0, 65535),
    default=_FIRST_PORT,
    show_default=True,
    help="被占用时用下一个；0 表示任意一个空闲的端口。",
)
@click.option("--no-browser", "stays_closed", is_flag=True, help="不打开浏览器，只写出地址。")
@common_options
def edit(unit: str, port: int, options: CommonOptions, *, stays_closed: bool) -> None:
    """打开填报台：在浏览器里照印好的表填写、核对、保存，不用懂数据文件的写法。

    只在本机，别的电脑进不来；在网页上点“退出”就关闭。
    """
    if find_spec("flask") is None or find_spec("waitress") is None:
        raise UnavailableError(_MISSING)
    from gongkai.authoring.editor.server import listen
    from gongkai.authoring.editor.state import Editor
    from gongkai.authoring.editor.web_app import create_app

    data = options.data
    if unit and unit not in unit_names(data):
        message = f"没有代号为“{unit}”的单位；代号是 {display_path(data / 'units')} 下的目录名"
        raise click.UsageError(message)
    server = listen(port)

    def find_unannounced(unit: str) -> Sequence[Problem]:
        return problems_since_release(data, options.today, None, frozenset([unit]))

    shown = display_path(data)
    editor = Editor(data.resolve(), shown, lambda: options.today, unit, find_unannounced)
    editor.recover()
    if server.taken:
        taken = "、".join(map(str, server.taken))
        click.echo(f"端口 {taken} 被别的程序占用，改用 {server.port}", err=True)
    click.echo(f"填报台已打开：{server.address}")
    click.echo("浏览器没有自己打开的，把上面的地址复制到浏览器里；按 Ctrl+C 结束", err=True)
    if not stays_closed:
        webbrowser.open(server.address)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(create_app(editor, server.stop))
    click.echo("填报台已结束", err=True)
