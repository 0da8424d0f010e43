"""Reports of changes (gongkai diff): terminal text, Markdown for merge requests, JSON."""

from collections.abc import Callable, Iterator
from dataclasses import asdict

from gongkai.cli.report_formats import json_text
from gongkai.history.changes import Change, ChangeKind
from gongkai.history.review import DisclosureReview, Review

_NOTHING = "公开的内容没有改动。"
_ESCAPES = str.maketrans({character: f"\\{character}" for character in "\\`*_|<>[]#&~"})
_MAX_CHANGES = 200
"""Most changes per disclosure in Markdown: code hosts limit the length of comments."""


def render_text(review: Review) -> str:
    """Render a review for a terminal."""
    return "".join(f"{line}\n" for line in _lines(review)) or f"{_NOTHING}\n"


def _lines(review: Review) -> Iterator[str]:
    for disclosure in review.disclosures:
        yield f"{_title(disclosure)}（{disclosure.unit}）：{_summary(disclosure)}"
        for change in disclosure.changes:
            document = f"{change.document}：" if change.document else ""
            yield f"  {document}{change.summary}{_reason(change)}"
    for path in review.other_files:
        yield f"文件 {path} 有改动"


def render_markdown(review: Review) -> str:
    """Render a review for a comment on a merge request."""
    parts = [f"## {_NOTHING}" if not review else "## 公开的内容有这些改动"]
    parts += ["\n".join(_section(disclosure)) for disclosure in review.disclosures]
    if review.other_files:
        parts.append(
            "\n".join(["### 其他文件", "", *(f"- `{path}`" for path in review.other_files)])
        )
    return "\n\n".join(parts) + "\n"


def _section(disclosure: DisclosureReview) -> Iterator[str]:
    yield f"### {_escape(_title(disclosure))}：{_summary(disclosure)}"
    if disclosure.changes:
        yield ""
        yield "| 文件 | 位置 | 原值 | 新值 | 勘误 |"
        yield "|---|---|---|---|---|"
    for change in disclosure.changes[:_MAX_CHANGES]:
        kind = "" if change.kind is ChangeKind.CHANGED else change.kind.value
        reason = f"{change.reason}（{change.corrected}）" if change.is_announced else ""
        cells = (change.document, f"{kind}{change.place}", change.old, change.new, reason)
        yield f"| {' | '.join(map(_escape, cells))} |"
    if len(disclosure.changes) > _MAX_CHANGES:
        yield f"\n另有 {len(disclosure.changes) - _MAX_CHANGES} 处；全部用 gongkai diff 查看。"


def render_json(review: Review) -> str:
    """Render a review for other programs."""
    report = {
        "disclosures": [
            {
                "unit": disclosure.unit,
                "unit_name": disclosure.name,
                "year": disclosure.year,
                "what": disclosure.status,
                "changes": [asdict(change) for change in disclosure.changes],
            }
            for disclosure in review.disclosures
        ],
        "others": list(review.other_files),
    }
    return json_text(report, indent=2)


STYLES: dict[str, Callable[[Review], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "json": render_json,
}
"""Renderers of the output formats of gongkai diff."""


def _title(disclosure: DisclosureReview) -> str:
    return f"{disclosure.name}{disclosure.year}年度" if disclosure.year else disclosure.name


def _summary(disclosure: DisclosureReview) -> str:
    count = len(disclosure.changes)
    return f"{disclosure.status} {count} 处" if count else disclosure.status


def _reason(change: Change) -> str:
    return f"（勘误：{change.reason}，{change.corrected}）" if change.is_announced else ""


def _escape(text: str) -> str:
    """Escape Markdown in a text and join its lines."""
    return " ".join(text.split()).translate(_ESCAPES)
