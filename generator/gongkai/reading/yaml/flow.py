"""Looking into braces, brackets and quotes for what their author did not mean."""

import re
from dataclasses import dataclass, field

from gongkai.reading.yaml.faults import (
    BRACES,
    COMMENT,
    EXTRA_COMMA,
    OPEN_BRACKET,
    OPEN_QUOTE,
    Edit,
    Finding,
    finding,
    quoting,
)
from gongkai.reading.yaml.flow_entries import THOUSANDS_NUMBER, Frame, Piece, colons, judged

QUOTED = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.DOTALL)
ENTRY = re.compile(r"-(?:[ \t]|$)|[^\s#\-{\[\]},\"'][^\n#]*?:(?:[ \t]|$)", re.MULTILINE)
"""A line that begins a block entry: a list item or a key."""
_TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<line>\n)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)"
    r"|(?P<colon>:(?=[\s,\]}]|$))|(?P<comment>(?<=\s)#[^\n]*)"
    r"|(?P<plain>(?:[^\s,\[\]{}:#]|:(?![\s,\]}]|$)|(?<!\s)#|[ \t]+(?![\s#,\[\]{}:]|$)(?!$))+)",
    re.MULTILINE,
)
_CLOSING = {"[": "]", "{": "}"}


@dataclass(slots=True)
class Flow:
    """One collection in braces or brackets: where it ends, and what is wrong in it."""

    text: str
    start: int
    end: int = 0
    closed: bool = False
    findings: list[Finding] = field(default_factory=list)


def read_flow(text: str, start: int, parent: int) -> Flow:
    """Look into the collection that opens at start, a value of a key in column parent."""
    flow, frames, at = Flow(text, start, start + 1), [Frame(start)], start + 1
    while frames and at < len(text):
        kind, end = _token(text, at, frames[-1])
        if kind == "line" and _outside(text, end, parent):
            break
        if kind == "comment":
            end = _cut_off(flow, frames, at, end)
        else:
            _take(flow, frames, Piece(kind, at, end))
        if kind not in {"space", "line", "comment"}:
            flow.end = end
        at = end
    flow.closed = not frames
    if frames:
        _unclosed(flow, frames)
    return flow


def _take(flow: Flow, frames: list[Frame], piece: Piece) -> None:
    """Put a piece where it belongs."""
    text, entries = flow.text, frames[-1].entries
    if piece.kind == "open":
        frames.append(Frame(piece.start))
    elif piece.kind == "close":
        _close(flow, frames, piece.start)
    elif piece.kind == "comma":
        if not entries[-1]:
            flow.findings.append(
                finding(EXTRA_COMMA, piece.start, Edit(piece.start, piece.end, " "))
            )
        entries.append([])
    elif piece.kind not in {"space", "line"}:
        entries[-1].append(piece)
    if piece.kind == "open quote":
        mark = text[piece.start]
        flow.findings.append(
            finding(OPEN_QUOTE, piece.start, Edit(piece.end, piece.end, mark), mark=mark)
        )


def _token(text: str, at: int, frame: Frame) -> tuple[str, int]:
    entry = frame.entries[-1]
    fresh = not entry or entry[-1].kind == "colon"
    if fresh and text[at] in "\"'":
        return _quote(text, at)
    if fresh and (number := THOUSANDS_NUMBER.match(text, at)):
        return "plain", number.end()
    token = _TOKEN.match(text, at)
    if token is None or token.lastgroup is None:
        return "plain", at + 1
    return token.lastgroup, token.end()


def _quote(text: str, at: int) -> tuple[str, int]:
    match = QUOTED.match(text, at)
    if match and "\n" not in match[0]:
        return "quoted", match.end()
    if match and not ENTRY.search(match[0].split("\n", 1)[1].lstrip()):
        return "quoted", match.end()
    rest = re.compile(r"[^,\]}\n]*").match(text, at)
    return "open quote", rest.end() if rest else at + 1


def _outside(text: str, at: int, parent: int) -> bool:
    """Whether the line that starts here belongs to the block around the collection."""
    stop = text.find("\n", at)
    line = text[at:] if stop < 0 else text[at:stop]
    bare = line.lstrip(" \t")
    closings = sum(map(bare.count, "}]")) - sum(map(bare.count, "{["))
    return len(line) - len(bare) <= parent and closings <= 0 and bool(ENTRY.match(bare))


def _cut_off(flow: Flow, frames: list[Frame], at: int, end: int) -> int:
    """Where a comment ends: at the next comma or bracket if it swallows a value's text."""
    entry = frames[-1].entries[-1]
    closing = re.compile(r"[,\]}]").search(flow.text, at, end)
    if not entry or closing is None:
        return end
    start, stop = entry[-1].start, closing.start()
    rest = flow.text[at:stop].strip()
    flow.findings.append(quoting(COMMENT, at, flow.text, start, stop, rest=rest))
    return stop


def _unclosed(flow: Flow, frames: list[Frame]) -> None:
    mark = flow.text[frames[0].start]
    closings = "".join(_CLOSING[flow.text[each.start]] for each in reversed(frames))
    flow.findings.append(
        finding(
            OPEN_BRACKET,
            frames[0].start,
            Edit(flow.end, flow.end, closings),
            mark=mark,
            closing=_CLOSING[mark],
        )
    )


def _close(flow: Flow, frames: list[Frame], at: int) -> None:
    text = flow.text
    while len(frames) > 1 and _CLOSING[text[frames[-1].start]] != text[at]:
        frame = frames.pop()
        mark = text[frame.start]
        keyed = next(
            (i for i, each in enumerate(frame.entries) if i and colons(each)), len(frame.entries)
        )
        last = frame.entries[keyed - 1] if mark == "[" else frame.entries[-1]
        stop = last[-1].end if last else at
        flow.findings = [each for each in flow.findings if each.index < frame.start]
        edit = Edit(stop, stop, _CLOSING[mark])
        flow.findings.append(
            finding(OPEN_BRACKET, frame.start, edit, mark=mark, closing=_CLOSING[mark])
        )
        frames[-1].entries[-1].append(Piece("open flow", frame.start, at))
    frame = frames.pop()
    if text[frame.start] == "{" and any(each and each[0].kind == "flow" for each in frame.entries):
        flow.findings = [each for each in flow.findings if each.index < frame.start]
        flow.findings.append(quoting(BRACES, frame.start, text, frame.start, at + 1, mark="{"))
    else:
        flow.findings += judged(text, frame)
    if frames:
        frames[-1].entries[-1].append(Piece("flow", frame.start, at + 1))
