"""Log output of MkDocs and the build, in Chinese."""

import logging

from gongkai.build.mkdocs_messages import translate_mkdocs
from gongkai.checks.texts.tally import Tally
from gongkai.model.problems import Level, Problem

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_LEVEL_PREFIXES = {logging.ERROR: "错误 ", logging.WARNING: "警告 "}
_TRANSLATIONS = {
    "Building documentation": "正在生成网页…",
    "Serving on ": "请用浏览器打开 {rest} ，按 Ctrl+C 结束",
    "Detected file changes": "发现文件有改动",
    "Shutting down": "已结束",
    "An error happened during the rebuild": "网页暂时打不开；改正数据文件并保存后恢复",
}
"""Chinese of what MkDocs says while it works, by a phrase that it contains."""

_SUPPRESSED = (
    "Watching paths",
    "Reloading browsers",
    "Error reading page",
    "Error building page",
)
"""Beginnings of MkDocs messages that are not shown: of no use, or beside one that says why."""


class _ChineseFormatter(logging.Formatter):
    """Formats log records of MkDocs and the plugin in Chinese."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        for english, chinese in _TRANSLATIONS.items():
            _, match, rest = message.partition(english)
            if match:
                return chinese.format(rest=rest.strip())
        if not record.name.startswith("mkdocs.plugins.gongkai"):
            message = translate_mkdocs(message)
        return _LEVEL_PREFIXES.get(record.levelno, "") + message


def show_log() -> None:
    """Print the log of MkDocs and the plugin to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_ChineseFormatter())
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    for name in ("mkdocs.plugins.gongkai", "mkdocs.livereload", "mkdocs.commands.serve"):
        logging.getLogger(name).setLevel(logging.INFO)
    handler.addFilter(lambda record: not record.getMessage().startswith(_SUPPRESSED))


def log_problems(tally: Tally, note: str = "") -> None:
    """Log blocking problems as errors and a few warnings; count the rest.

    `note` is a remark for the operator, in Chinese.
    """
    if note:
        _LOG.info(note)
    for problem in tally.blocking:
        _LOG.error(problem)
    for problem in tally.sample:
        _LOG.info("%s%s", _level_label(problem), problem)
    rest = tally.milder_count - len(tally.sample)
    if rest:
        _LOG.info("另有 %d 处警告和提示，不影响公开；运行 gongkai check 查看", rest)


def _level_label(problem: Problem) -> str:
    return "警告：" if problem.level is Level.W else "提示："
