"""Click speaks Chinese: messages, headings, usage lines."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.cli.chinese import _MODULES, _TEXTS

_OF_PROGRAMMERS = re.compile(
    r"DeprecationWarning|defined twice|parameter declaration|Unknown (?:color|standard)|Did you|"
    r"invalid input|decl!r|decls!r|two entered values|Repeat for|Press any key|Editing|default option|"
    r"%\(prog\)s|Do you want|Confirm the action|Invalid start character|declare|Cannot|Choice\("
)
"""Texts that only a mistake in the program itself, or a question, would show."""


def click_texts() -> Iterator[str]:
    """Yield the texts that click's modules look up with gettext."""
    for module in _MODULES:
        tree = ast.parse(Path(f"{module.__file__}").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def test_every_text_of_click_has_a_translation() -> None:
    texts = {text for text in click_texts() if not _OF_PROGRAMMERS.search(text)}
    assert texts - _TEXTS.keys() == set()


def test_translations_keep_the_placeholders() -> None:
    """A placeholder that the English text lacks would be an error when it is formatted."""
    for english, chinese in _TEXTS.items():
        names = {name.removesuffix("!r") for name in re.findall(r"\{([\w!]+)\}", english)}
        assert set(re.findall(r"\{([\w!]+)\}", chinese)) <= names, english


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, *words) for words in commands(command, context))


ALL_COMMANDS = list(commands(main, click.Context(main)))
_NAMES = re.compile(
    r"--?[a-z][\w-]*|https?://\S+|[\w./-]*\.(?:yml|md|xlsx)|gongkai(?: [a-z]+)*|git(?!hub|lab|ea)(?: [a-z]+)*|Markdown|MkDocs|"
    r"zip|JSON Schema|JSON|json|CSV|SQLite|Parquet|PDF|pdf|Word|Excel|word|excel|LibreOffice|BOM|YYYY-MM-DD|"
    r"SOURCE_DATE_EPOCH|DF-03|dask(?::tcp)?|text|lines|gitlab|github|gitea|none|sarif|html|markdown|"
    r"sbom\.cdx\.json|SSH|main|SHA|SM3|released|install|remove|run|jsx|site|data|current|HTML|KB|x>=|x<="
)
"""Names of commands, options, files, formats and programs."""


@pytest.mark.parametrize("words", [(), *ALL_COMMANDS], ids=" ".join)
def test_help_is_chinese(words: tuple[str, ...]) -> None:
    text = CliRunner().invoke(main, [*words, "--help"]).stdout
    assert text.startswith("用法: ")
    listed = "|".join(name for command in ALL_COMMANDS for name in command)
    rest = _NAMES.sub("", re.sub(rf"\b(?:{listed})\b", "", text))
    assert re.findall(r"[A-Za-z]{2,}", rest) == []


CASES = [
    (["chek"], "错误：没有命令 chek；是否应为“check”？"),
    (["check", "--formt", "json"], "错误：没有选项 --formt。 是否应为 '--format'？"),
    (["check", "--format"], "错误：选项 --format 后面缺少它的值。"),
    (["check", "--fix=x"], "错误：选项 --fix 后面不写值。"),
    (["check", "--format", "yaml"], "错误：'--format' 写得不对：“yaml”不在可选的范围内："),
    (["check", "没有.yml"], "错误：'[文件或目录]…' 写得不对：文件或目录“没有.yml”不存在；请核对名称和所在的目录。"),
    (["check", "--data", "没有"], "错误：'--data' 写得不对：目录“没有”不存在；请核对名称和所在的目录。"),
    (["check", "--data", __file__], f"错误：'--data' 写得不对：“{__file__}”是文件，这里应写目录。"),
    (["check", "--today", "2026-02-30"], "错误：'--today' 写得不对：“2026-02-30”不是合法的日期，应写成 2026-11-23 的样子，并且真有这一天。"),
    (["check", "-j", "两"], "错误：'-j' / '--jobs' 写得不对：“两”不是整数。"),
    (["check", "-j", "-1"], "错误：'-j' / '--jobs' 写得不对：-1 超出了范围 x>=0（x 是所写的数）。"),
    (["new"], "错误：缺少参数 '单位代号'；请补上"),
    (["new", "shili"], "错误：缺少参数 '年度'；请补上"),
    (["new", "shili", "22年"], "错误：'年度' 写得不对：“22年”不是整数。"),
    (["new", "shili", "22"], "错误：'年度' 写得不对：22 超出了范围 1990<=x<=2100（x 是所写的数）。"),
    (["rules", "DF-03", "DF-04"], "错误：多写了参数 DF-04"),
    (["rules", "DF-03", "DF-04", "DF-05"], "错误：多写了参数 DF-04 DF-05"),
    (["import", "."], "错误：缺少选项 '--unit'；请补上"),
    (["hook", "instal"], "错误：没有命令 instal；全部命令用 -h 列出。 是否应为 'install'？"),
    (["check", "-f", "没有.yml"], "错误：'-f' / '--config-file' 写得不对：文件“没有.yml”不存在；请核对名称和所在的目录"),
    (["check", "README.md"], "错误：“README.md”不在数据目录 data 里；请写数据目录里的文件或目录，或用 --data 指定"),
    (["explain", "content"], "错误：“content”不在数据目录 data 里；请写数据目录里的文件或目录，或用 --data 指定"),
    (["build", "-d", "mkdocs.yml"], "错误：'-d' / '--site-dir' 写得不对：“mkdocs.yml”是文件，这里应写目录。"),
    (["serve", "-a", "示例.example:8000"], "错误：'-a' / '--dev-addr' 写得不对：“示例.example”不是 IP 地址；只在本机看写 127.0.0.1:8000，让别的电脑也能看写 0.0.0.0:8000"),
    (["serve", "-a", "8000"], "错误：'-a' / '--dev-addr' 写得不对：“8000”不是“地址:端口”，例如 127.0.0.1:8000；端口是 1 到 65535"),
    (["template", "hunan-2022-project", "--to", "表.docx"], "错误：“表.docx”应以 .xlsx 结尾：做成的是 Excel 表"),
    (["template", "没有的表"], "错误：没有名为“没有的表”的表式；全部表式用 gongkai forms 列出"),
    (["export", "没有", "2022", "--to", "x"], "错误：没有代号为“没有”的单位；代号是 units/ 下的目录名"),
    (["export", "xintian-jxs", "2022", "--to", "x"], "错误：没有代号为“xintian-jxs”的单位；是否应为“xintian-jsx”？"),
    (["export", "xintian-jsx", "1999", "--to", "x"], "错误：xintian-jsx 没有 1999 年度；有的年度：2022"),
    (["rollback", "没有"], "错误：'目录' 写得不对：目录“没有”不存在；请核对名称和所在的目录。"),
    (["build", "-f", "."], "错误：'-f' / '--config-file' 写得不对：“.”是目录，这里应写文件。"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), CASES)
def test_mistake_in_the_command_line(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(main, arguments)
    *usage, error = result.stderr.split("\n\n")
    assert result.exit_code == 2
    assert all(re.fullmatch(r"用法: main .*\n用法见 main.* --help", lines) for lines in usage)
    assert error.replace("\n", " ").startswith(message)
    assert not re.search(
        r"\b(?:is|not|does|such|try|for|error|usage)\b", result.stderr, re.IGNORECASE
    )


@pytest.mark.parametrize(
    "locale",
    ["C", *(pytest.param(name, marks=pytest.mark.long) for name in ("C.UTF-8", "en_US.UTF-8"))],
)
def test_process_speaks_chinese_in_any_locale(locale: str) -> None:
    environment = {
        "LC_ALL": locale,
        "PYTHONUTF8": "1",
        "PATH": "",
        "PYTHONPATH": ":".join(sys.path),
    }
    command = [sys.executable, "-m", "gongkai", "check", "--today", "2026-13-01"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert done.returncode == 2
    assert done.stderr == (
        "用法: python -m gongkai check [选项] [文件或目录]…\n用法见 python -m gongkai check --help\n\n"
        "错误：'--today' 写得不对：“2026-13-01”不是合法的日期，应写成 2026-11-23 的样子，并且真有这一天。\n"
    )
