"""A review as text for a terminal, as Markdown for a merge request, as JSON for programs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

from gongkai.history.changes import Change, ChangeKind
from gongkai.history.review import Review, Reviewed

_NOTHING = "公开的内容没有改动。"
_ESCAPED = str.maketrans({each: f"\\{each}" for each in "\\`*_|<>[]#&~"})
_MOST = 200
"""How many changes of a disclosure Markdown lists: a comment may not be too long."""


def text(review: Review) -> str:
    """For a terminal."""
    return "".join(f"{line}\n" for line in _lines(review)) or f"{_NOTHING}\n"


def _lines(review: Review) -> Iterator[str]:
    for each in review.disclosures:
        yield f"{_title(each)}（{each.unit}）：{_what(each)}"
        for change in each.changes:
            document = f"{change.document}：" if change.document else ""
            yield f"  {document}{change.words}{_reason(change)}"
    for path in review.others:
        yield f"文件 {path} 有改动"


def markdown(review: Review) -> str:
    """For a comment on a merge request."""
    parts = [f"## {_NOTHING}" if not review else "## 公开的内容有这些改动"]
    parts += ["\n".join(_section(each)) for each in review.disclosures]
    if review.others:
        parts.append("\n".join(["### 其他文件", "", *(f"- `{path}`" for path in review.others)]))
    return "\n\n".join(parts) + "\n"


def _section(each: Reviewed) -> Iterator[str]:
    yield f"### {_plain(_title(each))}：{_what(each)}"
    if each.changes:
        yield ""
        yield "| 文件 | 位置 | 原值 | 新值 | 勘误 |"
        yield "|---|---|---|---|---|"
    for change in each.changes[:_MOST]:
        what = "" if change.kind is ChangeKind.CHANGED else change.kind.value
        reason = f"{change.reason}（{change.corrected}）" if change.announced else ""
        cells = (change.document, f"{what}{change.place}", change.old, change.new, reason)
        yield f"| {' | '.join(map(_plain, cells))} |"
    if len(each.changes) > _MOST:
        yield f"\n另有 {len(each.changes) - _MOST} 处；全部用 gongkai diff 查看。"


def as_json(review: Review) -> str:
    """For programs."""
    told = {
        "disclosures": [
            {
                "unit": each.unit,
                "unit_name": each.name,
                "year": each.year,
                "what": each.what,
                "changes": [asdict(change) for change in each.changes],
            }
            for each in review.disclosures
        ],
        "others": list(review.others),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


STYLES: dict[str, Callable[[Review], str]] = {"text": text, "markdown": markdown, "json": as_json}
"""What gongkai diff can write."""


def _title(each: Reviewed) -> str:
    return f"{each.name}{each.year}年度" if each.year else each.name


def _what(each: Reviewed) -> str:
    return f"{each.what} {len(each.changes)} 处" if each.changes else each.what


def _reason(change: Change) -> str:
    return f"（勘误：{change.reason}，{change.corrected}）" if change.announced else ""


def _plain(words: str) -> str:
    """Words as Markdown shows them, whatever is in them."""
    return " ".join(words.split()).translate(_ESCAPED)
