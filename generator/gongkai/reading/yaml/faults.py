"""What people get wrong when they type YAML: the messages, and the correction of a copy."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.reading.encoding import Fault, fault_at

MOST = 50
"""No more faults of a file are reported at once."""
_BREAK = re.compile(r"\s*\n\s*")
_LONGEST = 30
"""A quotation in a message is cut after so many characters."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what to say of it."""

    message: str
    silent: bool = False
    """Whether YAML accepts it, and so reads what its author did not mean."""
    lost: bool = False
    """Whether nothing that follows can be told from a file with it."""
    once: bool = False
    """Whether one message stands for all of a file."""


TAB = Kind("缩进用了制表符（Tab 键）{times}；请改用空格，每级两个", once=True)
WIDE_INDENT = Kind(
    "行首是全角空格或不间断空格{times}；缩进请用半角空格，每级两个", silent=True, once=True
)
INDENT = Kind("缩进不齐：本行缩进 {found} 格，上文同级的行缩进 {wanted} 格；请与同级的行对齐")
INDENT_CHILD = Kind(
    "本行比上一项多缩进，但上一项“{above}”已经有值，不能再有下级；"
    "请与上一项对齐，若是上一项文字的续行，请给整段文字加引号"
)
ITEM_PLACE = Kind(
    "列表项“- ”的缩进不对；列表项应与同一列表的其他“- ”对齐，或写在以冒号结尾的键下面", silent=True
)
NO_DASH = Kind("本行与上面的列表项对齐，却没有以“- ”开头；请在行首加“- ”，或改正缩进")
DASH_SPACE = Kind("“-”后面缺一个半角空格；请写成“- {value}”", silent=True)
WIDE_COLON = Kind("“{key}”后面是全角冒号“：”；请改为半角冒号加空格，写成“{pair}”", silent=True)
COLON_SPACE = Kind("“{key}:”后面缺一个半角空格；请写成“{pair}”", silent=True)
NO_COLON = Kind("“{key}”后面缺冒号；请写成“{key}:”")
NO_KEY = Kind(
    "本行“{line}”不是“键: 值”；请写成“键: 值”，若是上一项文字的续行，请比上一项多缩进两格"
)
INDICATOR = Kind(
    "值以“{mark}”开头，这个符号在此另有用途；请给整个值加引号，写成 {quoted}", silent=True
)
DASH_VALUE = Kind(
    "冒号后面不能接着写列表项“- ”；列表项请另起一行并缩进，若“-”是值的一部分，请给整个值加引号，写成 {quoted}"
)
NAMELESS = Kind("冒号前面没有键；请在冒号前写上键，或删去这个冒号", silent=True)
KEY_INDICATOR = Kind(
    "键以“{mark}”开头，这个符号在此另有用途；请删去它，或给键加引号，写成 {quoted}", silent=True
)
BLOCK_EMPTY = Kind(
    "“{mark}”表示下面几行是文字，但下面没有缩进的文字；若“{mark}”就是值，请加引号，写成 {quoted}",
    silent=True,
)
BLOCK_INDENT = Kind("这段文字的缩进不齐：本行比这段文字的第一行缩进少；请与第一行对齐")
COLON_INSIDE = Kind(
    "值“{value}”中有半角冒号加空格，会被当作另一个键；请给整个值加引号，写成 {quoted}，"
    "或改用全角冒号“：”"
)
COLON_END = Kind(
    "值“{value}”以半角冒号结尾，会被当作另一个键；请给整个值加引号，写成 {quoted}，"
    "或改用全角冒号“：”"
)
COMMENT = Kind(
    "“#”起的“{rest}”会被当作注释丢掉；若是值的一部分，请给整个值加引号，写成 {quoted}；"
    "若是注释，请另起一行，或在“#”前空两格、后空一格",
    silent=True,
)
COMMENT_BELOW = Kind(
    "“#”起的“{rest}”会被当作注释丢掉；若是文字的一部分，请给整段文字加引号；若是注释，请移到这段文字之前",
    silent=True,
)
AFTER_QUOTE = Kind("引号之后还有文字“{rest}”；请把整个值放在一对引号里，写成 {quoted}")
OPEN_QUOTE = Kind("引号 {mark} 只有开头，没有结尾；请在值的末尾补上 {mark}", silent=True)
ESCAPE = Kind(
    "双引号中的“{escape}”会被当作特殊符号；若要保留“\\”，请把双引号改为单引号", silent=True
)
OPEN_BRACKET = Kind(
    "“{mark}”没有配对的“{closing}”；请在这一组的末尾补上“{closing}”，"
    "若“{mark}”是文字，请给整个值加引号"
)
AFTER_BRACKET = Kind(
    "“{closing}”之后还有“{rest}”；若括号是文字的一部分，请给整个值加引号，写成 {quoted}"
)
BRACES = Kind(
    "值以“{mark}”开头，像是括号里套了括号；若括号是文字，请给整个值加引号，写成 {quoted}",
    silent=True,
)
COMPLEX_KEY = Kind("键只能是一行文字，不能是括号；请写成“键: 值”，或给键加引号", silent=True)
QUESTION = Kind("行首的“? ”另有用途，不能用；请写成“键: 值”", silent=True, lost=True)
COMMA_SPLIT = Kind(
    "花括号里的半角逗号把文字分成了两段，“{piece}”成了没有值的键；"
    "请给整段文字加引号，写成 {quoted}，或改用全角逗号“，”",
    silent=True,
)
LIST_SPLIT = Kind(
    "方括号里的半角逗号把文字分成了两段；请给整段文字加引号，写成 {quoted}，或改用全角逗号“，”",
    silent=True,
)
WIDE_COMMA = Kind("花括号里各项之间用了全角逗号“，”；请改为半角逗号加空格“, ”")
EXTRA_COMMA = Kind("这里多了一个逗号；请删去，或补上逗号前面的一项")
THOUSANDS = Kind(
    "“{found}”中的千分位逗号会把这个数分成几段；请写成 {wanted}{also}",
    silent=True,
)
NO_VALUE = Kind(
    "花括号里的“{piece}”没有冒号和值；请写成“{piece}: 值”，若花括号是文字，请给整个值加引号",
    silent=True,
)
FIGURE_VALUE = Kind("花括号里的“{piece}”没有冒号；请写成“{pair}”", silent=True)
MERGE = Kind("不能用“<<”合并；请把要用的各项直接写出来", silent=True)
DIRECTIVE = Kind("不能有以“%”开头的行；请删去本行", silent=True)
DOCUMENTS = Kind(
    "文件中间有一行“{mark}”；一个文件只写一份材料，请删去本行，或把后面的内容另存为一个文件",
    silent=True,
    lost=True,
)
UNKNOWN = "本行“{line}”不合格式，从这里起无法读入；请检查本行和上一行的冒号、引号、括号和缩进"


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction: the characters from start to end become text; no line is added or taken."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a kind at a character of the text, and what would put it right."""

    kind: Kind
    index: int
    words: dict[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


def quoted(value: str) -> str:
    """The value as it may stand in YAML, in quotes."""
    if '"' in value or "\\" in value:
        value = value.replace("'", "''")
        return f"'{value}'"
    return f'"{value}"'


def finding(kind: Kind, index: int, *edits: Edit, **words: str) -> Finding:
    """A finding whose words are cut to what fits into a message."""
    return Finding(kind, index, {name: _cut(word) for name, word in words.items()}, edits)


def quoting(kind: Kind, index: int, text: str, start: int, end: int, **words: str) -> Finding:
    """A finding that putting text[start:end] in quotes puts right."""
    value = text[start:end]
    short = {name: _cut(word) for name, word in words.items()}
    short["quoted"] = quoted(_cut(value))
    return Finding(kind, index, short, (Edit(start, end, quoted(value)),))


def unknown(text: str, line: int) -> Fault:
    """A fault of no known kind in the line (counted from 0), or in the last one before with text."""
    lines = text.split("\n")[: line + 1]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    shown = lines[-1].strip()
    column = len(lines[-1]) - len(lines[-1].lstrip()) + 1
    return Fault(len(lines), column, UNKNOWN.format(line=_cut(shown)))


def faults_of(text: str, findings: Iterable[Finding]) -> list[Fault]:
    """The findings as messages, in the text's order; one for each place."""
    places: dict[int, Finding] = {}
    for each in sorted(findings, key=lambda each: each.index):
        places.setdefault(each.index, each)
    counts = Counter(each.kind for each in places.values())
    told: set[Kind] = set()
    faults: list[Fault] = []
    for each in places.values():
        if each.kind.once and each.kind in told:
            continue
        if len(faults) == MOST:
            break
        told.add(each.kind)
        number = counts[each.kind]
        times = f"（本文件共 {number} 行）" if number > 1 else ""
        message = each.kind.message.format(times=times, **each.words)
        faults.append(fault_at(text, each.index, message))
    return faults


def corrected(text: str, findings: Iterable[Finding], further: Iterable[Edit] = ()) -> str:
    """The text with every correction made that overlaps no earlier one."""
    edits = sorted(
        {e for each in findings for e in each.edits} | set(further), key=lambda e: (e.start, e.end)
    )
    parts, at = [], 0
    for edit in edits:
        if edit.start >= at:
            parts += [text[at : edit.start], edit.text]
            at = edit.end
    return "".join([*parts, text[at:]])


def _cut(shown: str) -> str:
    shown = _BREAK.sub(" ", shown)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


SUSPECT = tuple(
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
        r"\n *+(?:[\u3000\xa0]|-[^\s\d.-])",
        r"\n%",
        r",\d\d\d",
        r"\n[^\n：:#]*+：[ \t]*[{\[][^\n]*:",
        r"\[[^\]\n]*[“‘（《][^”’）》,\n]*,",
    )
)
"""What YAML accepts and its author may not have meant; only files with such are looked into.

Each begins with one certain character, for which a text is searched in no time.
"""


def suspect(text: str) -> bool:
    """Whether a text that YAML accepts is worth a closer look."""
    lines = f"\n{text}"
    return any(pattern.search(lines) for pattern in SUSPECT)
