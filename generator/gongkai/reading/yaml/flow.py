"""Scanner for flow collections (braces and brackets) and the quotes in them."""

import re
from dataclasses import dataclass, field

from gongkai.reading.yaml.faults import (
    BRACES,
    COMMENT,
    EXTRA_COMMA,
    OPEN_BRACKET,
    OPEN_QUOTE,
    WIDE_QUOTE,
    WRONG_BRACKET,
    Edit,
    ScanFinding,
    build_finding,
    build_quoting_finding,
)
from gongkai.reading.yaml.flow_entries import (
    THOUSANDS_NUMBER,
    FlowToken,
    OpenBracket,
    check_entries,
    colon_tokens,
    find_spreadsheet_error,
)

QUOTED = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.DOTALL)
BLOCK_ENTRY = re.compile(r"-(?:[ \t]|$)|[^\s#\-{\[\]},\"'][^\n#]*?:(?:[ \t]|$)", re.MULTILINE)
"""Start of a block entry: a sequence item or a key."""
_TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<line>\n)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)"
    r"|(?P<colon>:(?=[\s,\]}]|$))|(?P<comment>(?<=\s)#[^\n]*)"
    r"|(?P<plain>(?:[^\s,\[\]{}:#]|:(?![\s,\]}]|$)|(?<!\s)#|[ \t]+(?![\s#,\[\]{}:]|$)(?!$))+)",
    re.MULTILINE,
)
_CLOSING = {"[": "]", "{": "}"}
_ODD_CLOSINGS = "｝］】〕）)"
"""Other brackets that people write for the closing one."""
WIDE_QUOTES = "”’“‘＂＇"
"""Chinese quotes that people write for the closing ASCII one."""


@dataclass(slots=True)
class FlowCollection:
    """A scanned flow collection: text[start:end] and its faults."""

    text: str
    start: int
    end: int = 0
    closed: bool = False
    findings: list[ScanFinding] = field(default_factory=list)


def scan_flow(text: str, start: int, parent: int) -> FlowCollection:
    """Scan the flow collection that opens at `start`, the value of a key in column `parent`."""
    flow, brackets, at = FlowCollection(text, start, start + 1), [OpenBracket(start)], start + 1
    while brackets and at < len(text):
        kind, end = _next_token(text, at, brackets[-1])
        if kind == "line" and _is_outside(text, end, parent):
            break
        if kind == "comment":
            end = _comment_end(flow, brackets, at, end)
        else:
            _add_token(flow, brackets, FlowToken(kind, at, end))
        if kind not in {"space", "line", "comment"}:
            flow.end = end
        at = end
    flow.closed = not brackets
    if brackets:
        _report_unclosed(flow, brackets)
    return flow


def _add_token(flow: FlowCollection, brackets: list[OpenBracket], token: FlowToken) -> None:
    """Add a token to the open brackets, or close one."""
    text, entries = flow.text, brackets[-1].entries
    if token.kind == "open":
        brackets.append(OpenBracket(token.start))
    elif token.kind == "close":
        _close_bracket(flow, brackets, token.start)
    elif token.kind == "comma":
        if not entries[-1]:
            flow.findings.append(
                build_finding(EXTRA_COMMA, token.start, Edit(token.start, token.end, " "))
            )
        entries.append([])
    elif token.kind not in {"space", "line"}:
        entries[-1].append(token)
    if token.kind == "open quote":
        mark, last = text[token.start], text[token.end - 1]
        if last in WIDE_QUOTES:
            edit = Edit(token.end - 1, token.end, mark)
            words = {"mark": mark, "closing": last}
            flow.findings.append(build_finding(WIDE_QUOTE, token.start, edit, **words))
            return
        flow.findings.append(
            build_finding(OPEN_QUOTE, token.start, Edit(token.end, token.end, mark), mark=mark)
        )


def _next_token(text: str, at: int, bracket: OpenBracket) -> tuple[str, int]:
    entry = bracket.entries[-1]
    fresh = not entry or entry[-1].kind == "colon"
    if fresh and text[at] in "\"'":
        return _quoted_token(text, at)
    if fresh and (number := THOUSANDS_NUMBER.match(text, at)):
        return "plain", number.end()
    match = _TOKEN.match(text, at)
    if match is None or match.lastgroup is None:
        return "plain", at + 1
    return match.lastgroup, match.end()


def _quoted_token(text: str, at: int) -> tuple[str, int]:
    match = QUOTED.match(text, at)
    if match and "\n" not in match[0]:
        return "quoted", match.end()
    if match and not BLOCK_ENTRY.search(match[0].split("\n", 1)[1].lstrip()):
        return "quoted", match.end()
    rest = re.compile(r"[^,\]}\n]*").match(text, at)
    return "open quote", rest.end() if rest else at + 1


def _is_outside(text: str, at: int, parent: int) -> bool:
    """Return whether the line that starts at `at` belongs to the block around the collection."""
    stop = text.find("\n", at)
    line = text[at:] if stop < 0 else text[at:stop]
    content = line.lstrip(" \t")
    closings = sum(map(content.count, "}]")) - sum(map(content.count, "{["))
    return len(line) - len(content) <= parent and closings <= 0 and bool(BLOCK_ENTRY.match(content))


def _comment_end(flow: FlowCollection, brackets: list[OpenBracket], at: int, end: int) -> int:
    """Return the end of a comment: the next comma or bracket if it swallows part of a value."""
    entry = brackets[-1].entries[-1]
    closing = re.compile(r"[,\]}]").search(flow.text, at, end)
    if not entry or closing is None:
        return end
    last, stop = entry[-1], closing.start()
    start = at if last.kind == "colon" else last.start
    rest = flow.text[at:stop].strip()
    finding = find_spreadsheet_error(flow.text, at, at + len(rest)) if start == at else None
    flow.findings.append(
        finding or build_quoting_finding(COMMENT, at, flow.text, start, stop, rest=rest)
    )
    return stop


def _report_unclosed(flow: FlowCollection, brackets: list[OpenBracket]) -> None:
    mark, last = flow.text[brackets[0].start], flow.text[flow.end - 1]
    if len(brackets) == 1 and last in _ODD_CLOSINGS:
        edit = Edit(flow.end - 1, flow.end, _CLOSING[mark])
        words = {"mark": mark, "closing": _CLOSING[mark], "actual": last}
        flow.findings.append(build_finding(WRONG_BRACKET, flow.end - 1, edit, **words))
        return
    closings = "".join(_CLOSING[flow.text[bracket.start]] for bracket in reversed(brackets))
    flow.findings.append(
        build_finding(
            OPEN_BRACKET,
            brackets[0].start,
            Edit(flow.end, flow.end, closings),
            mark=mark,
            closing=_CLOSING[mark],
        )
    )


def _close_bracket(flow: FlowCollection, brackets: list[OpenBracket], at: int) -> None:
    text = flow.text
    while len(brackets) > 1 and _CLOSING[text[brackets[-1].start]] != text[at]:
        bracket = brackets.pop()
        mark = text[bracket.start]
        first_key = next(
            (i for i, entry in enumerate(bracket.entries) if i and colon_tokens(entry)),
            len(bracket.entries),
        )
        last = bracket.entries[first_key - 1] if mark == "[" else bracket.entries[-1]
        stop = last[-1].end if last else at
        flow.findings = [finding for finding in flow.findings if finding.index < bracket.start]
        edit = Edit(stop, stop, _CLOSING[mark])
        flow.findings.append(
            build_finding(OPEN_BRACKET, bracket.start, edit, mark=mark, closing=_CLOSING[mark])
        )
        brackets[-1].entries[-1].append(FlowToken("open flow", bracket.start, at))
    bracket = brackets.pop()
    if _CLOSING[mark := text[bracket.start]] != text[at]:
        words = {"mark": mark, "closing": _CLOSING[mark], "actual": text[at]}
        edit = Edit(at, at + 1, _CLOSING[mark])
        flow.findings.append(build_finding(WRONG_BRACKET, at, edit, **words))
    if text[bracket.start] == "{" and any(
        entry and entry[0].kind == "flow" for entry in bracket.entries
    ):
        flow.findings = [finding for finding in flow.findings if finding.index < bracket.start]
        flow.findings.append(
            build_quoting_finding(BRACES, bracket.start, text, bracket.start, at + 1, mark="{")
        )
    else:
        flow.findings += check_entries(text, bracket)
    if brackets:
        brackets[-1].entries[-1].append(FlowToken("flow", bracket.start, at + 1))
