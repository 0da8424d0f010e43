"""Kinds of YAML faults with their messages, and the corrections that a copy of the text gets."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.reading.encoding import Fault, fault_at

MAX_FAULTS = 50
"""Most faults reported for one file."""
_BREAK = re.compile(r"\s*\n\s*")
_MAX_QUOTATION = 30
"""Longest quotation in a message, in characters."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: its message template and how it is treated."""

    message: str
    silent: bool = False
    """Whether YAML accepts the text but reads something its author did not mean."""
    fatal: bool = False
    """Whether a file with this fault has no usable content."""
    once_per_file: bool = False
    """Whether one message covers all occurrences in a file."""


TAB = FaultKind("缩进用了制表符（Tab 键）{times}；请改用空格，每级两个", once_per_file=True)
WIDE_INDENT = FaultKind(
    "行首是全角空格或不间断空格{times}；缩进请用半角空格，每级两个", silent=True, once_per_file=True
)
INDENT = FaultKind(
    "缩进不齐：本行缩进 {actual} 格，上文同级的行缩进 {expected} 格；请与同级的行对齐"
)
INDENT_CHILD = FaultKind(
    "本行比上一项多缩进，但上一项“{above}”已经有值，不能再有下级；"
    "请与上一项对齐，若是上一项文字的续行，请给整段文字加引号"
)
ITEM_PLACE = FaultKind(
    "列表项“- ”的缩进不对；列表项应与同一列表的其他“- ”对齐，或写在以冒号结尾的键下面", silent=True
)
NO_DASHES = FaultKind("这几行花括号像是列表的几项，却没有以“- ”开头；请在每一行行首加“- ”")
NO_DASH = FaultKind("本行与上面的列表项对齐，却没有以“- ”开头；请在行首加“- ”，或改正缩进")
FIRST_DASH = FaultKind(
    "下面的列表项都以“- ”开头，本行是第一项，却没有；请在行首写“- ”，写成“- {value}”"
)
BULLET = FaultKind("列表项用了“{mark}”；请改为半角的“- ”，写成“- {value}”", silent=True)
DASH_SPACE = FaultKind("“-”后面缺一个半角空格；请写成“- {value}”", silent=True)
WIDE_COLON = FaultKind("“{key}”后面是全角冒号“：”；请改为半角冒号加空格，写成“{pair}”", silent=True)
ODD_COLON = FaultKind("“{key}”后面是“{mark}”；请改为半角冒号加空格，写成“{pair}”")
WIDE_COLON_OR_TEXT = FaultKind(
    "“{key}”后面是全角冒号“：”；是上一项“{above}”文字的续行，请在行首加 {spaces} 个空格，"
    "另是一项，请改为半角冒号加空格，写成“{pair}”",
    silent=True,
)
COLON_SPACE = FaultKind("“{key}:”后面缺一个半角空格；请写成“{pair}”", silent=True)
NO_COLON = FaultKind("“{key}”后面缺冒号；请写成“{key}:”")
NO_KEY = FaultKind("本行“{line}”不是“键: 值”；请写成“键: 值”")
NO_COLON_BETWEEN = FaultKind("本行“{line}”里没有冒号；请在键的后面加冒号，例如写成“{pair}”")
CODE_FENCE = FaultKind("这一行“{line}”是从别处复制文字时带来的代码框标记；请删去本行")
CONFLICT_REST = FaultKind(
    "这一行“{line}”像是 git 合并冲突留下的；请核对上下两段，只留正确的内容，再删去本行"
)
UNINDENTED_TEXT = FaultKind(
    "本行“{line}”不是“键: 值”，也接不上上一项“{above}”的文字；是它的续行，请在行首加 {spaces} 个空格，"
    "另是一项，请写成“键: 值”"
)
INDICATOR = FaultKind(
    "值以“{mark}”开头，这个符号在此另有用途；请给整个值加引号，写成 {quoted}", silent=True
)
DASH_VALUE = FaultKind(
    "冒号后面不能接着写列表项“- ”；列表项请另起一行并缩进，若“-”是值的一部分，请给整个值加引号，写成 {quoted}"
)
NAMELESS = FaultKind("冒号前面没有键；请在冒号前写上键，或删去这个冒号", silent=True)
KEY_INDICATOR = FaultKind(
    "键以“{mark}”开头，这个符号在此另有用途；请删去它，或给键加引号，写成 {quoted}", silent=True
)
BLOCK_EMPTY = FaultKind(
    "“{mark}”表示下面几行是文字，但下面没有缩进的文字；若“{mark}”就是值，请加引号，写成 {quoted}",
    silent=True,
)
BLOCK_INDENT = FaultKind("这段文字的缩进不齐：本行比这段文字的第一行缩进少；请与第一行对齐")
COLON_INSIDE = FaultKind(
    "值“{value}”中有半角冒号加空格，会被当作另一个键；请给整个值加引号，写成 {quoted}，"
    "或改用全角冒号“：”"
)
COLON_END = FaultKind(
    "值“{value}”以半角冒号结尾，会被当作另一个键；请给整个值加引号，写成 {quoted}，"
    "或改用全角冒号“：”"
)
COMMENT = FaultKind(
    "“#”起的“{rest}”会被当作注释丢掉；若是值的一部分，请给整个值加引号，写成 {quoted}；"
    "若是注释，请另起一行，或在“#”前空两格、后空一格",
    silent=True,
)
COMMENT_VALUE = FaultKind(
    "值“{rest}”以“#”开头，会被当作注释丢掉；请给整个值加引号，写成 {quoted}；若是注释，请在“#”后空一格",
    silent=True,
)
SPREADSHEET_ERROR = FaultKind(
    "{meaning}；请回到原表查清，写上真正的值，没有的填 0，不适用的填“—”", silent=True
)
COMMENT_BELOW = FaultKind(
    "“#”起的“{rest}”会被当作注释丢掉；若是文字的一部分，请给整段文字加引号；若是注释，请移到这段文字之前",
    silent=True,
)
AFTER_QUOTE = FaultKind("引号之后还有文字“{rest}”；请把整个值放在一对引号里，写成 {quoted}")
WIDE_QUOTE = FaultKind(
    "开头是英文引号 {mark}，末尾却是中文引号“{closing}”；请把末尾的也改为 {mark}", silent=True
)
OPEN_QUOTE = FaultKind("引号 {mark} 只有开头，没有结尾；请在值的末尾补上 {mark}", silent=True)
ESCAPE = FaultKind(
    "双引号中的“{escape}”会被当作特殊符号；若要保留“\\”，请把双引号改为单引号", silent=True
)
OPEN_BRACKET = FaultKind(
    "“{mark}”没有配对的“{closing}”；请在这一组的末尾补上“{closing}”，"
    "若“{mark}”是文字，请给整个值加引号"
)
WRONG_BRACKET = FaultKind("“{mark}”要用“{closing}”结尾，这里写的是“{actual}”；请改为“{closing}”")
ODD_BRACES = FaultKind("各项放在了“{mark}”里；请改用半角花括号，写成“{braces}”")
AFTER_BRACKET = FaultKind(
    "“{closing}”之后还有“{rest}”；若括号是文字的一部分，请给整个值加引号，写成 {quoted}"
)
BRACES = FaultKind(
    "值以“{mark}”开头，像是括号里套了括号；若括号是文字，请给整个值加引号，写成 {quoted}",
    silent=True,
)
COMPLEX_KEY = FaultKind("键只能是一行文字，不能是括号；请写成“键: 值”，或给键加引号", silent=True)
QUESTION = FaultKind("行首的“? ”另有用途，不能用；请写成“键: 值”", silent=True, fatal=True)
COMMA_SPLIT = FaultKind(
    "花括号里的半角逗号把文字分成了两段，“{piece}”成了没有值的键；"
    "请给整段文字加引号，写成 {quoted}，或改用全角逗号“，”",
    silent=True,
)
LIST_SPLIT = FaultKind(
    "方括号里的半角逗号把文字分成了两段；请给整段文字加引号，写成 {quoted}，或改用全角逗号“，”",
    silent=True,
)
WIDE_COMMA = FaultKind("花括号里各项之间用了全角逗号“，”；请改为半角逗号加空格“, ”")
ODD_COMMA = FaultKind("花括号里各项之间用了“{mark}”；请改为半角逗号加空格“, ”")
EXTRA_COMMA = FaultKind("这里多了一个逗号；请删去，或补上逗号前面的一项")
THOUSANDS = FaultKind(
    "“{number}”中的千分位逗号会把这个数分成几段；请写成 {expected}{also}",
    silent=True,
)
NUMBER_COMMA = FaultKind(
    "“{number}”里的逗号会把这个数分成几段；请写成 {expected}，逗号原是小数点的，请写“.”",
    silent=True,
)
NO_VALUE = FaultKind(
    "花括号里的“{piece}”没有冒号和值；请写成“{piece}: 值”，若花括号是文字，请给整个值加引号",
    silent=True,
)
FIGURE_VALUE = FaultKind("花括号里的“{piece}”没有冒号；请写成“{pair}”", silent=True)
MERGE = FaultKind("不能用“<<”合并；请把要用的各项直接写出来", silent=True)
DIRECTIVE = FaultKind("不能有以“%”开头的行；请删去本行", silent=True)
DOCUMENTS = FaultKind(
    "文件中间有一行“{mark}”；一个文件只写一份材料，请删去本行，或把后面的内容另存为一个文件",
    silent=True,
    fatal=True,
)
NO_PAIRS = (
    "文件里没有一行是“键: 值”，第一行是“{line}”；请照填报指南填写，"
    "填好的 Word、Excel 表请用 gongkai import 导入"
)
UNKNOWN = "本行“{line}”不合格式，从这里起无法读入；请检查本行和上一行的冒号、引号、括号和缩进"


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction: replaces text[start:end]; never adds or removes a line."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ScanFinding:
    """A fault at a character index, the words of its message, and the edits that correct it."""

    kind: FaultKind
    index: int
    words: dict[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


def quote(value: str) -> str:
    """Return the value as a quoted YAML scalar."""
    if '"' in value or "\\" in value:
        value = value.replace("'", "''")
        return f"'{value}'"
    return f'"{value}"'


def build_finding(kind: FaultKind, index: int, *edits: Edit, **words: str) -> ScanFinding:
    """Return a finding whose words are shortened to fit into a message."""
    return ScanFinding(kind, index, {name: shorten(word) for name, word in words.items()}, edits)


def build_quoting_finding(
    kind: FaultKind, index: int, text: str, start: int, end: int, **words: str
) -> ScanFinding:
    """Return a finding that is corrected by quoting text[start:end]."""
    value = text[start:end]
    short_words = {name: shorten(word) for name, word in words.items()}
    short_words["quoted"] = quote(shorten(value))
    return ScanFinding(kind, index, short_words, (Edit(start, end, quote(value)),))


def unknown_fault(text: str, line: int) -> Fault:
    """Return a fault of unknown kind at the 0-based line or the last non-blank line before it."""
    lines = text.split("\n")[: line + 1]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    last_line = lines[-1].strip()
    column = len(lines[-1]) - len(lines[-1].lstrip()) + 1
    return Fault(len(lines), column, UNKNOWN.format(line=shorten(last_line)))


def _have_no_pairs(text: str, findings: Sequence[ScanFinding]) -> bool:
    """Return whether not a single line of a text is a key with a value."""
    if {finding.kind for finding in findings} - {NO_KEY, NO_COLON_BETWEEN}:
        return False
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return 1 < len(lines) == len(findings)


def format_findings(text: str, findings: Iterable[ScanFinding]) -> list[Fault]:
    """Return the findings as faults in text order, one per position, at most MAX_FAULTS."""
    findings = list(findings)
    if _have_no_pairs(text, findings):
        index = findings[0].index
        return [fault_at(text, index, NO_PAIRS.format(line=findings[0].words["line"]))]
    by_index: dict[int, ScanFinding] = {}
    for finding in sorted(findings, key=lambda finding: finding.index):
        by_index.setdefault(finding.index, finding)
    counts = Counter(finding.kind for finding in by_index.values())
    reported: set[FaultKind] = set()
    faults: list[Fault] = []
    for finding in by_index.values():
        kind = finding.kind
        if kind.once_per_file and kind in reported:
            continue
        if len(faults) == MAX_FAULTS:
            break
        reported.add(kind)
        count = counts[kind]
        times = f"（本文件共 {count} 行）" if count > 1 else ""
        message = kind.message.format(times=times, **finding.words)
        faults.append(fault_at(text, finding.index, message))
    return faults


def apply_corrections(
    text: str, findings: Iterable[ScanFinding], extra_edits: Iterable[Edit] = ()
) -> str:
    """Return the text with all corrections applied, except those that overlap an earlier one."""
    edits = sorted(
        {edit for finding in findings for edit in finding.edits} | set(extra_edits),
        key=lambda edit: (edit.start, edit.end),
    )
    parts, position = [], 0
    for edit in edits:
        if edit.start >= position:
            parts += [text[position : edit.start], edit.text]
            position = edit.end
    return "".join([*parts, text[position:]])


def shorten(text: str) -> str:
    """Return a text on one line, shortened to fit into a message."""
    line = _BREAK.sub(" ", text)
    return line if len(line) <= _MAX_QUOTATION else f"{line[:_MAX_QUOTATION]}…"


BULLETS = "－—–‑−•·●○■□▪◆＊"
"""Signs that people write for the dash of a list."""
SUSPECT_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        *(rf"{mark}(?<=[\s,\[{{].)" for mark in ("&", r"\*", "!")),
        r":(?<=[\s,\[{].)\S",
        r":[\[{\]},]",
        r"[?](?<=[\s,\[{].)\s",
        r">(?<=[\s].)[-+]?\d",
        r"\|(?<=[\s].)[-+]?\d",
        r"#(?<=[^\s#].#)|#(?<=[ \t]#)[^ #\n]",
        r"<<",
        r"\\",
        r"\n(?:---|\.\.\.)",
        rf"\n *+(?:[\u3000\xa0{BULLETS}]|-[^\s\d.-])",
        r"\n%",
        r",\d\d\d",
        r"\n[^\n：:#]*+：[ \t]*[{\[][^\n]*:",
        r"\[[^\]\n]*[“‘（《][^”’）》,\n]*,",
    )
)
"""Constructs that YAML accepts but the author may not have meant; only files with one are scanned.

Every pattern begins with a literal character, which makes the search fast.
"""


def is_suspect(text: str) -> bool:
    """Return whether a text that YAML accepts has to be scanned line by line."""
    lines = f"\n{text}"
    return any(pattern.search(lines) for pattern in SUSPECT_PATTERNS)
