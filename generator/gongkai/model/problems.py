"""Problems found in the data: values with a rule, a level and a position, never exceptions."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """Severity of a problem (级别)."""

    E = "E"
    """阻断: blocks publication until corrected or, if the rule allows it, explained."""
    W = "W"
    """警告: never blocks; shown to staff, and to readers if site.yml says so (展示警告)."""
    I = "I"  # noqa: E741 - the catalogue's own letter
    """提示: never blocks; shown to staff."""


class Position(NamedTuple):
    """A position in a file; lines and columns count from 1, as in editors."""

    file: str
    """The file's path as shown to the user, with forward slashes."""
    line: int = 1
    column: int = 1


class ScalarPosition(Position):
    """Where a value begins that is quoted or has several lines, with its source."""

    source: str = ""
    """The value as the file has it, quotes, line breaks and indentation included."""

    @classmethod
    def of_source(cls, position: Position, source: str) -> "ScalarPosition":
        """Return a position with the value's source."""
        scalar_position = cls(*position)
        scalar_position.source = source
        return scalar_position


def position_within(position: Position, text: str, offset: int) -> Position:
    """Return the position of an offset in the text of a value that begins at a position."""
    if not isinstance(position, ScalarPosition):
        return position._replace(column=position.column + offset)
    at = 0
    line, column = position.line, position.column
    for number, raw in enumerate(position.source.split("\n")):
        content = raw.strip().lstrip("\"'").rstrip("\"'\\")
        start = text.find(content, at) if content else -1
        if start < 0:
            continue
        if start > offset:
            break
        indent = raw.index(content) + (position.column - 1 if number == 0 else 0)
        line, column = position.line + number, indent + 1 + offset - start
        at = start + len(content)
    return Position(position.file, line, column)


class Rule(NamedTuple):
    """One entry of the catalogue of checks (校验规则)."""

    id: str
    """Rule id, for instance DF-03."""
    name: str
    """Its Chinese name, for instance 得分合计."""
    levels: tuple[Level, ...] = (Level.E,)
    """The levels that its problems can have."""
    is_explainable: bool = True
    """Whether a 差异说明 can lift the block; False for malformed data (DESIGN, 忠实公开)."""
    text: str = ""
    """The rule's page in the handbook, in Chinese: what, why, source."""
    is_dated: bool = False
    """Whether its problems depend on today's date, so that they may differ tomorrow."""


UNREADABLE = Rule(
    "JG-01",
    "文件可解析",
    is_explainable=False,
    text="文件须是合法的 UTF-8 YAML，键不重复，数值按十进制读入。\n\n为什么：读不懂的文件，谁也不知道里面填了什么。\n怎么改：照提示改写；“12:30”“012”“no”等照字面读入，不会变成别的值。",
)
UNKNOWN_KEY = Rule(
    "JG-02",
    "未知或缺失的键",
    is_explainable=False,
    text="键须是表式所列的键；缺少的、写错的都指出来，并给出最接近的键名。\n\n为什么：写错的键，内容就会丢掉。\n怎么改：照提示改键名；gongkai forms 列出一张表的全部键。",
)
REQUIRED_BLANK = Rule(
    "JG-03",
    "必填项",
    is_explainable=False,
    text="表式规定必填的项不得为空。\n\n为什么：缺了这些，读者不知道说的是哪个单位、哪个项目。\n来源：财预〔2020〕10号“内容完整”。\n怎么改：填上。",
)
FORM_DIFFERS = Rule(
    "JG-07",
    "表式适用",
    (Level.W,),
    text="所用表式的地区、级别、年度须与单位相符（当年印发的表式，用来评上一年度，也算相符）；表内印的“市级”也须与单位的级别相符。\n\n为什么：用错了表，分值和口径就不可比。\n来源：表式文件的“适用”；unit.yml 的级别与行政区划。\n怎么改：换用本地的表式，或核对 unit.yml。",
)
OTHER_YEAR = Rule(
    "JG-11",
    "标题年度",
    text="标题、公开目录的名称、年度目录，都要与这份公开件的年度相同。\n\n为什么：去年的表改改再报，常常忘了改标题。\n怎么改：改标题的年度，或把文件移到它的年度下。",
)
WRONG_PLACE = Rule(
    "JG-12",
    "目录与文件",
    (Level.E, Level.W),
    is_explainable=False,
    text="目录和文件按规定取名，放在规定的地方；里面写的单位、表式、项目，要与目录、文件名一致。\n\n单位、项目的目录名、文件名用小写英文字母、数字和连字符，年度目录是四位数字，项目文件放在 projects 目录下；一个年度每种表一份。\n\n为什么：网址由目录和文件的名称而来；放错了地方，内容就不会公开，或者算到别的单位、别的项目名下。\n怎么改：照提示改名或移动文件；改了已经公开的单位的目录名，在 unit.yml 写“曾用代号”。",
)
BROKEN_FORM = Rule(
    "BS-01",
    "表式自洽",
    is_explainable=False,
    text="表式文件须前后一致：合计的行存在，分值加得到总分，列名不重复，继承不成圈。\n\n为什么：表式错了，用它填的表都核对不准。\n怎么改：照提示改表式文件；见表式手册。",
)
RULES_OF_READING = (
    UNREADABLE,
    UNKNOWN_KEY,
    REQUIRED_BLANK,
    FORM_DIFFERS,
    OTHER_YEAR,
    WRONG_PLACE,
    BROKEN_FORM,
)
"""The rules whose problems show while files are read; checks add to some of them."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """差异说明: the unit's reason why two figures differ; valid for exactly these values."""

    rule: str
    where: str
    """位置: the key path."""
    filed: str
    computed: str
    reason: str
    author: str
    date: str
    position: Position = field(compare=False)


class Fix(NamedTuple):
    """An automatic correction of a text that keeps its meaning."""

    old: str
    new: str


class FindingKey(NamedTuple):
    """What a 差异说明 states to name a finding."""

    rule: str
    where: str
    filed: str
    computed: str


class Problem(NamedTuple):
    """One finding: rule, level and position, what was found and expected, and what to do."""

    rule: Rule
    level: Level
    position: Position
    message: str
    """In Chinese: what was found, and what was expected."""
    advice: str = ""
    """In Chinese: what to do; empty if the message already says it."""
    where: str = ""
    """Key path in the form's terms (位置 in 差异说明 and 勘误)."""
    filed: str = ""
    """申报值, as printed."""
    computed: str = ""
    """复算值, as printed."""
    explanation: Explanation | None = None
    fix: Fix | None = None
    """The automatic correction, if there is one."""
    also: FindingKey | None = None
    """The finding of another rule that this one includes; a 差异说明 may name either."""

    @property
    def keys(self) -> tuple[FindingKey, ...]:
        """The keys by which a 差异说明 may name it."""
        own = FindingKey(self.rule.id, self.where, self.filed, self.computed)
        return (own, self.also) if self.also else (own,)

    @property
    def is_blocking(self) -> bool:
        """Whether this problem prevents publication."""
        return self.level is Level.E and self.explanation is None

    @property
    def sentence(self) -> str:
        """Message and advice in one sentence, on one line even if they quote several."""
        text = f"{self.message}；{self.advice}" if self.advice else self.message
        return " ".join(text.splitlines())

    def __str__(self) -> str:
        """Format like a compiler: file:line:column: message（rule name）."""
        prefix = f"{self.position.file}:{self.position.line}:{self.position.column}"
        return f"{prefix}: {self.sentence}（{self.rule.id} {self.rule.name}）"


def sort_problems(problems: "list[Problem]") -> "list[Problem]":
    """Sort problems by position, rule id and message."""
    return sorted(
        problems, key=lambda problem: (problem.position, problem.rule.id, problem.message)
    )
