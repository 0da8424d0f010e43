"""Generated indicators: names, targets and results that fit their category."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from gongkai.model.values import format_decimal, round_half_up

_NOUNS = (
    "道路", "桥梁", "校舍", "渠道", "泵站", "图书", "档案", "课程", "展览", "林地", "路灯", "公园", "水库", "诊室",
    "农田", "河段", "站点", "书屋", "球场", "厂房", "仓库", "校车", "哨所", "鱼塘", "茶园", "果园",
)  # fmt: skip
_NOTABLE = 0.7
"""How often texts state an indicator's figures."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How indicators of a category are named and measured."""

    ending: str
    measure: str = ""
    """Empty for words: then `words` is the target and the result."""
    is_inverse: bool = False
    words: tuple[str, str] = ("", "")


_BY_ASPECT = (
    ("满意", (Pattern("群众满意度", "%"), Pattern("单位满意度", "%"))),
    ("数量", (Pattern("维护数量", "个"), Pattern("巡查次数", "次"), Pattern("改造面积", "平方米"), Pattern("整治长度", "公里"))),
    ("质量", (Pattern("验收合格率", "%"), Pattern("设施完好率", "%"))),
    ("时效", (Pattern("按时完成率", "%"), Pattern("完成时间", words=("{year}年12月底前", "{year}年11月")))),
    ("成本", (Pattern("投入成本", "万元", is_inverse=True), Pattern("成本控制率", "%", is_inverse=True))),
    ("经济", (Pattern("带动增收", "万元"), Pattern("支出节约率", "%"))),
    ("生态", (Pattern("绿化覆盖率", "%"),)),
    ("环境", (Pattern("绿化覆盖率", "%"),)),
    ("可持续", (Pattern("长效管护机制", words=("建立健全", "已建立健全")),)),
    ("社会", (Pattern("政策知晓率", "%"), Pattern("受益人数", "人"))),
)  # fmt: skip
_OTHERS = (Pattern("维护数量", "个"), Pattern("设施完好率", "%"))


@dataclass(slots=True)
class GeneratedIndicator:
    """An indicator with its target and result; the score follows from its points."""

    name: str
    pattern: Pattern
    target: Decimal
    actual: Decimal
    sign: str
    """≥, ≤, 以上 … or none."""
    year: int
    is_notable: bool
    """Whether texts state its figures, where the document has texts."""
    has_stated_target: bool = False
    """Whether a text or a table of targets states the target."""
    has_stated_result: bool = False
    """Whether a text states the result."""
    has_result: bool = True
    """Whether the form has a column for results."""
    has_reason: bool = True
    """Whether the form has a column for reasons."""
    points: Decimal | None = None
    """Its points, where the form states them beside it."""
    shares_loss: bool = False
    """Whether it shares its points with an indicator that has lost some."""

    @property
    def is_counted(self) -> bool:
        """Whether target and result are numbers."""
        return bool(self.pattern.measure)

    @property
    def is_met(self) -> bool:
        """Whether the result reaches the target."""
        if not self.is_counted:
            return True
        return self.actual <= self.target if self.pattern.is_inverse else self.actual >= self.target

    @property
    def share(self) -> Decimal:
        """The share of the points that it earns."""
        if self.is_met:
            return Decimal(1)
        pair = (self.target, self.actual) if self.pattern.is_inverse else (self.actual, self.target)
        return pair[0] / pair[1]

    @property
    def target_number(self) -> str:
        """The target, where sign and measure have columns of their own."""
        return format_decimal(self.target) if self.is_counted else self.target_text

    @property
    def target_text(self) -> str:
        """The target as filed."""
        if not self.is_counted:
            return self.pattern.words[0].format(year=self.year)
        number = f"{format_decimal(self.target)}{self.pattern.measure}"
        return f"{number}{self.sign}" if self.sign in {"以上", "以下"} else f"{self.sign}{number}"

    @property
    def actual_text(self) -> str:
        """The result as filed."""
        if not self.is_counted:
            return self.pattern.words[1].format(year=self.year)
        return f"{format_decimal(self.actual)}{self.pattern.measure}"

    def score_of(self, points: Decimal) -> Decimal:
        """Return the score: all points, or a share rounded to tenths."""
        return points if self.is_met else round_half_up(points * self.share, 1)


def draw_indicator(
    rnd: Random, aspect: str, year: int, budget: Decimal, used: set[str]
) -> GeneratedIndicator:
    """Return an indicator that fits a category, with a name that is not used yet.

    What it costs is part of the budget, in 万元.
    """
    patterns = next((found for word, found in _BY_ASPECT if word in aspect), _OTHERS)
    pattern = rnd.choice(patterns)
    nouns = [noun for noun in _NOUNS if f"示例{noun}{pattern.ending}" not in used]
    name = f"示例{rnd.choice(nouns)}{pattern.ending}"
    used.add(name)
    target, actual = _draw_numbers(rnd, pattern, budget)
    sign = rnd.choice(("≤", "以下", "") if pattern.is_inverse else ("≥", "以上", ""))
    is_notable = rnd.random() < _NOTABLE
    return GeneratedIndicator(name, pattern, target, actual, sign, year, is_notable)


def _draw_numbers(rnd: Random, pattern: Pattern, budget: Decimal) -> tuple[Decimal, Decimal]:
    """Return a target, and a result that reaches it or, less often, does not."""
    is_met = rnd.random() < 0.75
    if pattern.measure == "%":
        return _draw_percentages(rnd, is_met=is_met, is_inverse=pattern.is_inverse)
    if pattern.measure == "万元":
        target = round_half_up(budget * rnd.randint(5, 80) / 100, 2)
        percent = rnd.randint(*(82, 100) if is_met == pattern.is_inverse else (100, 120))
        return target, round_half_up(target * percent / 100, 2)
    target = Decimal(rnd.randint(4, 4000))
    if is_met:
        return target, target + rnd.randint(0, int(target) // 6)
    return target, target - rnd.randint(1, max(int(target) // 5, 1))


def _draw_percentages(rnd: Random, *, is_met: bool, is_inverse: bool) -> tuple[Decimal, Decimal]:
    target = Decimal(rnd.randint(80, 99))
    better = Decimal(rnd.randint(0, 9 if is_inverse else int(100 - target)))
    worse = Decimal(rnd.randint(11, 149)) / 10
    if is_inverse:
        return target, target - better if is_met else min(target + worse, Decimal(100))
    return target, target + better if is_met else target - worse
