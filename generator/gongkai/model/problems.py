"""What is wrong with the data, and where: values that travel to the edges, never exceptions."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How grave a problem is (级别)."""

    E = "E"
    """阻断: blocks publication until corrected or, where the rule allows it, explained."""
    W = "W"
    """警告: never blocks; shown to staff, and to readers where site.yml says so."""
    I = "I"  # noqa: E741 - the catalogue's own letter
    """提示: never blocks; shown to staff."""


class Position(NamedTuple):
    """A place in a file, as an editor counts it: first line 1, first column 1."""

    file: str
    """The file's path as shown to the user, with forward slashes."""
    line: int = 1
    column: int = 1


class Rule(NamedTuple):
    """One entry of the catalogue of checks (校验规则)."""

    id: str
    """For instance DF-03."""
    name: str
    """Its Chinese name, for instance 得分合计."""
    levels: tuple[Level, ...] = (Level.E,)
    """The levels that its problems can have."""
    explainable: bool = True
    """False for malformed data: no 差异说明 can lift it (DESIGN, 忠实公开)."""
    text: str = ""
    """The rule's page in the handbook: what, why, source."""


UNREADABLE = Rule(
    "JG-01",
    "文件可解析",
    explainable=False,
    text="文件须是合法的 UTF-8 YAML，键不重复，数值按十进制读入。\n\n为什么：读不懂的文件，谁也不知道里面填了什么。\n怎么改：照提示改写；“12:30”“012”“no”等照字面读入，不会变成别的值。",
)
UNKNOWN_KEY = Rule(
    "JG-02",
    "未知或缺失的键",
    explainable=False,
    text="键须是表式所列的键；缺少的、写错的都指出来，并给出最接近的键名。\n\n为什么：写错的键，内容就会丢掉。\n怎么改：照提示改键名；gongkai forms 列出一张表的全部键。",
)
REQUIRED_BLANK = Rule(
    "JG-03",
    "必填项",
    explainable=False,
    text="表式规定必填的项不得为空。\n\n为什么：缺了这些，读者不知道说的是哪个单位、哪个项目。\n来源：财预〔2020〕10号“内容完整”。\n怎么改：填上。",
)
FORM_DIFFERS = Rule("JG-07", "表式适用", (Level.W,))
"""所用表式的地区、级别、年度须与单位相符；表上印好的文字不改动。"""
BROKEN_FORM = Rule(
    "BS-01",
    "表式自洽",
    explainable=False,
    text="表式文件须前后一致：合计的行存在，分值加得到总分，列名不重复，继承不成圈。\n\n为什么：表式错了，用它填的表都核对不准。\n怎么改：照提示改表式文件；见表式手册。",
)
WRONG_PLACE = Rule("JG-11", "标题年度", explainable=False)
"""文件所在的目录、文件内的年度与单位须一致。"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """差异说明: the unit's reason why two figures differ; it holds for exactly these values."""

    rule: str
    where: str
    filed: str
    computed: str
    reason: str
    author: str
    date: str
    position: Position = field(compare=False)


class Fix(NamedTuple):
    """What a text is to be replaced by, without a change of meaning."""

    old: str
    new: str


class Problem(NamedTuple):
    """One finding: a place, what stands there, what should, and what to do."""

    rule: Rule
    level: Level
    position: Position
    message: str
    """In Chinese: what was found, and what was expected."""
    advice: str = ""
    """In Chinese: what to do; empty where the message says it already."""
    where: str = ""
    """The key path in the form's words; what 差异说明 and 勘误 call 位置."""
    filed: str = ""
    """申报值, as printed."""
    computed: str = ""
    """复算值, as printed."""
    explanation: Explanation | None = None
    fix: Fix | None = None
    """How it can be put right without asking anybody."""

    @property
    def blocks(self) -> bool:
        """Whether this problem keeps the site from being published."""
        return self.level is Level.E and self.explanation is None

    @property
    def sentence(self) -> str:
        """Message and advice."""
        return f"{self.message}；{self.advice}" if self.advice else self.message

    def __str__(self) -> str:
        """One line as compilers print it: file:line:column: message（rule name）."""
        place = f"{self.position.file}:{self.position.line}:{self.position.column}"
        return f"{place}: {self.sentence}（{self.rule.id} {self.rule.name}）"


def in_order(problems: "list[Problem]") -> "list[Problem]":
    """Sort problems as a reader goes through the files."""
    return sorted(
        problems, key=lambda problem: (problem.position, problem.rule.id, problem.message)
    )
