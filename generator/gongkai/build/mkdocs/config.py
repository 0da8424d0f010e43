"""Reading mkdocs.yml, with every fault in it named by line, in Chinese."""

import difflib
import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from gongkai.build.mkdocs_messages import UNKNOWN_SETTING, split_setting, translate_mkdocs
from gongkai.model.problems import Level
from gongkai.reading.encoding import decode_text
from gongkai.reading.source import parse_source
from gongkai.runtime.paths import display_path

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_TAG = re.compile(r"!!?[A-Za-z][\w/.:]*")
"""A tag of YAML (!!python/name:…), which mkdocs.yml may have and data files may not."""
_UNKNOWN_TAG = re.compile(r"could not determine a constructor for the tag '([^']+)'")
_UNKNOWN_NAME = re.compile(r"cannot find (?:module )?'([^']+)'")
_PLACE = re.compile(r"line (\d+), column (\d+)")
_UNCHANGED = "网站没有改动"


def require_utf8(config_file: Path) -> str:
    """Return the text of mkdocs.yml; raise Abort if it is not in UTF-8."""
    try:
        return config_file.read_text("utf-8")
    except UnicodeDecodeError:
        fault = next(iter(decode_text(config_file.read_bytes()).faults))
        raise Abort(f"{display_path(config_file)}：{fault.message}；{_UNCHANGED}") from None


def read_config(config_file: Path, **overrides: Any) -> MkDocsConfig:  # noqa: ANN401 - as MkDocs takes it
    """Load mkdocs.yml with `overrides` of its settings; raise Abort if it is invalid."""
    text, shown = require_utf8(config_file), display_path(config_file)
    config = MkDocsConfig(config_file_path=str(config_file))
    try:
        with config_file.open("rb") as file:
            config.load_file(file)
        config.load_dict({key: value for key, value in overrides.items() if value is not None})
        errors, warnings = config.validate()
    except ConfigurationError as error:
        for fault in _find_syntax_faults(text, f"{error}"):
            _LOG.error("%s:%s", shown, fault)
        raise Abort(f"{shown} 读不懂，{_UNCHANGED}") from None
    except ValueError as error:  # MkDocs catches only some of urllib's.
        raise Abort(f"{shown} 写错了，{_UNCHANGED}：{translate_mkdocs(f'{error}')}") from None
    root = yaml.compose(text, yaml.SafeLoader)
    repetitions = list(_find_repeated_keys(root))
    for fault in repetitions:
        _LOG.warning("%s:%s", shown, fault)
    for level, faults in ((logging.WARNING, warnings), (logging.ERROR, errors)):
        for key, reason in faults:
            description = _describe(root, config, f"Config value '{key}': {reason}")
            _LOG.log(level, "%s:%s", shown, description)
    if errors or (config.strict and (warnings or repetitions)):
        raise Abort(f"{shown} 写错了，{_UNCHANGED}")
    _require_utf8_names(Path(config.docs_dir))
    return config


def _require_utf8_names(folder: Path) -> None:
    """Raise Abort if a file name cannot be part of a URL, as its bytes are not UTF-8."""
    for path in sorted(folder.rglob("*")):
        name = f"{path.relative_to(folder)}"
        shown = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
        if shown != name:
            raise Abort(
                f"{display_path(folder)} 里的文件名“{shown}”不是 UTF-8 编码（多半是别的系统压缩的），"
                f"不能成为网址，{_UNCHANGED}；请改名"
            )


def _find_syntax_faults(text: str, error: str) -> Iterator[str]:
    """Yield line, column and message of what makes mkdocs.yml unreadable; `error` is MkDocs' own."""
    plain = _TAG.sub(lambda tag: "x" * len(tag[0]), text)
    problems = parse_source(plain.encode(), "").problems
    faults = [problem for problem in problems if problem.level is Level.E]
    places = _PLACE.findall(error)
    line, column = places[-1] if places else ("1", "1")
    if match := _UNKNOWN_TAG.search(error):
        yield f"{line}:{column}: 不认识的标签“{match[1]}”；请删去，若是文字，请给整个值加引号"
    elif match := _UNKNOWN_NAME.search(error):
        yield f"{line}:{column}: 没有“{match[1]}”；请照原来的 mkdocs.yml 改回"
    elif faults:
        for problem in faults:
            yield f"{problem.position.line}:{problem.position.column}: {problem.message}"
    elif places:
        yield f"{line}:{column}: 这里不合格式；请检查本行和上一行的冒号、引号、括号和缩进"
    else:
        yield f"1:1: {translate_mkdocs(error)}"


def _find_repeated_keys(node: Any) -> Iterator[str]:  # noqa: ANN401 - PyYAML has no types
    """Yield line, column and message of the keys that a mapping has twice; MkDocs takes the last."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _find_repeated_keys(child)
    first: dict[str, int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if isinstance(key, yaml.ScalarNode) and key.value in first:
            yield (
                f"{line}:{column}: “{key.value}”写了两次，第一次在第 {first[key.value]} 行，"
                "起作用的是这一次；请删去其中一个"
            )
        if isinstance(key, yaml.ScalarNode):
            first.setdefault(key.value, line)
        yield from _find_repeated_keys(value)


def _describe(root: Any, config: MkDocsConfig, message: str) -> str:  # noqa: ANN401 - PyYAML has no types
    """Return line, column and the Chinese of what MkDocs says about a setting."""
    names, _ = split_setting(message)
    chinese = translate_mkdocs(message).removeprefix("mkdocs.yml 的")
    if chinese.startswith(f"“{names[-1]}”：{UNKNOWN_SETTING}") and len(names) == 1:
        others = [key for key in config if key != names[-1]]
        nearest = difflib.get_close_matches(names[-1], others, n=1, cutoff=0.7)
        if nearest:
            chinese = f"“{names[-1]}”：{UNKNOWN_SETTING}；是否应为“{nearest[0]}”？"
    line, column = _find_key(root, names) or (1, 1)
    return f"{line}:{column}: {chinese}"


def _find_key(node: Any, names: Sequence[str]) -> tuple[int, int] | None:  # noqa: ANN401 - PyYAML has no types
    """Return line and column of a setting, given the names that lead to it; None if it is not there."""
    if not names or not isinstance(node, yaml.CollectionNode):
        return None
    children = node.value if isinstance(node, yaml.SequenceNode) else ()
    pairs = (
        node.value if isinstance(node, yaml.MappingNode) else [(child, child) for child in children]
    )
    for key, value in pairs:
        if isinstance(key, yaml.ScalarNode) and key.value == names[0]:
            own = key.start_mark.line + 1, key.start_mark.column + 1
            return _find_key(value, names[1:]) or own
    for _, value in pairs:  # An item of a list is a mapping with one key.
        if place := _find_key(value, names):
            return place
    return None
