"""The Chinese of click: its messages, headings and usage lines."""

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

_MODULES = (core, decorators, exceptions, formatting, parser, termui, types)
"""Modules of click that look up their texts with gettext."""

_TEXTS = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本。",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "env var: {var}": "环境变量：{var}",
    "(dynamic)": "（自动算出）",
    "Aborted!": "已中断。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用法见 {command} {option}",
    "Invalid value: {message}": "写得不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 写得不对：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少",
    "Missing {param_type}": "缺少",
    "Missing parameter: {param_name}": "缺少 {param_name}",
    "Missing command.": "没有写明命令；全部命令用 -h 列出",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}；全部命令用 -h 列出。",
    "Did you mean {possibility}?": "是否应为 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是否应为其中之一：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多写了参数 {args}",
    "Got unexpected extra arguments ({args})": "多写了参数 {args}",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值。",
    "Option {name!r} requires an argument.": "选项 {name} 后面缺少它的值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要写 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了 1 个。",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": "要写 {len_type} 个值，只写了 {len_value} 个。",
    "{len_type} values are required, but {len_value} were given.": "要写 {len_type} 个值，写了 {len_value} 个。",
    "Value must be an iterable.": "应是几个值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not {choice}.": "“{value}”应为 {choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不在可选的范围内：{choices}。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是整数。",
    "{value} is not in the range {range}.": "{value} 超出了范围 {range}（x 是所写的数）。",
    "{value!r} does not match the format {format}.": "“{value}”不是合法的日期，应写成 2026-11-23 的样子，并且真有这一天。",
    "{value!r} does not match the formats {formats}.": "“{value}”不是合法的日期，应为 {formats} 的样子，并且真有这一天。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}”应为“是”或“否”：{states}",
    "{value!r} is not a valid UUID.": "“{value}”不是 UUID。",
    "file": "文件",
    "directory": "目录",
    "path": "文件或目录",
    "{name} {filename!r} does not exist.": "{name}“{filename}”不存在；请核对名称和所在的目录。",
    "{name} {filename!r} is a file.": "“{filename}”是文件，这里应写目录。",
    "{name} {filename!r} is a directory.": "“{filename}”是目录，这里应写文件。",
    "{name} {filename!r} is not readable.": "{name}“{filename}”没有读取的权限。",
    "{name} {filename!r} is not writable.": "{name}“{filename}”没有写入的权限。",
    "{name} {filename!r} is not executable.": "{name}“{filename}”没有运行的权限。",
    "unknown error": "原因不明",
    "Could not open file {filename!r}: {message}": "文件“{filename}”打不开：{message}",
    "deprecated": "已停用",
}
"""Chinese of click's texts, by the English ones; a test compares them with those of the installed click."""
_OPTIONS, _SUBCOMMAND = "[选项]", "命令 [参数]…"


def translate(text: str) -> str:
    """Return the Chinese of a text of click; the text itself if it has none."""
    return _TEXTS.get(text, text)


def _translate_number(one: str, many: str, count: int) -> str:
    return translate(one if count == 1 else many)


def translate_click() -> None:
    """Have click look up its texts here instead of in gettext's catalogues, which it has none of."""
    for module in _MODULES:
        for name, function in (("_", translate), ("ngettext", _translate_number)):
            if hasattr(module, name):
                setattr(module, name, function)
    format_missing = exceptions.MissingParameter.format_message

    def format_message(error: exceptions.MissingParameter) -> str:
        """Put what to do in the place of the English full stop."""
        return f"{format_missing(error).removesuffix('.')}；请补上"

    exceptions.MissingParameter.format_message = format_message  # type: ignore[method-assign,assignment]


def translate_usage(command: click.Command) -> None:
    """Give a command and those below it Chinese placeholders in its usage line."""
    command.options_metavar = _OPTIONS
    if isinstance(command, click.Group):
        command.subcommand_metavar = _SUBCOMMAND
        for subcommand in command.commands.values():
            translate_usage(subcommand)
