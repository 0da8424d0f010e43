"""Marks of an unfinished git merge that were left in a file."""

import re
from collections.abc import Iterator

from gongkai.reading.encoding import Fault

_MARK = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: [^\n]*)?$", re.MULTILINE)
_OPENING, _CLOSING = "<", ">"
_ADVICE = "请只留正确的内容，删去“<<<<<<<”“=======”“>>>>>>>”这几行，再用 git add 提交"


def find_conflicts(text: str) -> list[Fault]:
    """Return a fault for every conflict of a merge; none if the text only has a line of `=`."""
    if "\n<<<<<<<" not in f"\n{text}" and "\n>>>>>>>" not in text:
        return []
    return list(_iter_conflicts(text))


def _iter_conflicts(text: str) -> Iterator[Fault]:
    opened = 0
    for match in _MARK.finditer(text):
        line, mark = text.count("\n", 0, match.start()) + 1, match[0][0]
        if mark == _OPENING:
            if opened:
                yield _open_fault(opened)
            opened = line
        elif mark == _CLOSING and opened:
            message = f"从这里到第 {line} 行，git 合并时两边的改动有冲突，都写在文件里；{_ADVICE}"
            yield Fault(opened, 1, message)
            opened = 0
        elif mark == _CLOSING:
            yield Fault(
                line, 1, f"这一行“>>>>>>>”是 git 合并冲突留下的，上面却没有“<<<<<<<”；{_ADVICE}"
            )
    if opened:
        yield _open_fault(opened)


def _open_fault(line: int) -> Fault:
    return Fault(line, 1, f"这一行“<<<<<<<”是 git 合并冲突留下的，下面却没有“>>>>>>>”；{_ADVICE}")
