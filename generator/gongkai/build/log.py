"""What MkDocs and the build log, in words that a clerk understands."""

import logging

from gongkai.checks.tally import Tally
from gongkai.model.problems import Level, Problem

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_GRAVE = {logging.ERROR: "错误 ", logging.WARNING: "警告 "}
_MKDOCS_SAYS = {
    "Building documentation": "正在生成网页…",
    "Serving on ": "请用浏览器打开 {rest} ，按 Ctrl+C 结束",
    "Detected file changes": "发现文件有改动",
    "Shutting down": "已结束",
    "An error happened during the rebuild": "网页暂时打不开；改正数据文件并保存后恢复",
}
"""What MkDocs says while it serves, and what that means to a clerk; the rest is as it is."""


_UNSAID = ("Watching paths", "Reloading browsers")
"""What MkDocs says and nobody needs to hear."""


class _Words(logging.Formatter):
    """What MkDocs and the plugin say, in Chinese as far as it is known."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        for english, chinese in _MKDOCS_SAYS.items():
            _, found, rest = said.partition(english)
            if found:
                return chinese.format(rest=rest.strip())
        return _GRAVE.get(record.levelno, "") + said


def show_log() -> None:
    """Show what MkDocs and the plugin say."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Words())
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    for name in ("mkdocs.plugins.gongkai", "mkdocs.livereload", "mkdocs.commands.serve"):
        logging.getLogger(name).setLevel(logging.INFO)
    handler.addFilter(lambda record: not record.getMessage().startswith(_UNSAID))


def report(tally: Tally, note: str = "") -> None:
    """List what blocks, which is an error to MkDocs, and a few of the warnings; count the rest.

    `note` is what else the operator may want to know.
    """
    if note:
        _LOG.info(note)
    for problem in tally.blocking:
        _LOG.error(problem)
    for problem in tally.some:
        _LOG.info("%s%s", _called(problem), problem)
    rest = tally.others - len(tally.some)
    if rest:
        _LOG.info("另有 %d 处警告和提示，不影响公开；运行 gongkai check 查看", rest)


def _called(problem: Problem) -> str:
    return "警告：" if problem.level is Level.W else "提示："
