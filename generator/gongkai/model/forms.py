"""Forms (表式): what a province's official table looks like, told by a file and never by code."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field

from gongkai.model.schema import Strict, YesNo
from gongkai.model.specs import SectionSpec, braces
from gongkai.model.terms import DocumentKind, Grade

WORDS = ("年度", "上年", "单位", "级别")
"""What a label may ask for in braces: known of every document."""


class Scope(Strict):
    """适用: where, for which level and for which years a form was made."""

    region: str = Field("", alias="地区")
    levels: tuple[str, ...] = Field((), alias="级别")
    first_year: int | None = Field(None, alias="年度起")
    last_year: int | None = Field(None, alias="年度止")


class Earning(StrEnum):
    """How the points of the execution rate are earned."""

    IN_PROPORTION = "按比例"
    BY_BANDS = "分档"
    NOT_AT_ALL = "不计分"


class RateBand(Strict):
    """From this execution rate on, this share of the points is earned; both in percent."""

    rate: Decimal = Field(alias="执行率")
    share: Decimal = Field(alias="得分率")


class ExecutionSpec(Strict):
    """执行率: its points, and how they are earned."""

    points: Decimal | None = Field(None, alias="分值")
    earning: Earning = Field(Earning.IN_PROPORTION, alias="计分")
    bands: tuple[RateBand, ...] = Field((), alias="档")

    def share_of(self, rate: Decimal) -> Decimal | None:
        """Which share of the points a rate earns, both in percent; None where it earns none."""
        if self.earning is Earning.NOT_AT_ALL:
            return None
        if self.earning is Earning.IN_PROPORTION:
            return min(rate, Decimal(100))
        reached = [band.share for band in self.bands if rate >= band.rate]
        return max(reached, default=Decimal(0))


class QualityBand(Strict):
    """One band of qualitative indicators: its words, and which share of the points it earns."""

    name: str = Field(alias="名称")
    highest: Decimal = Field(alias="至多")
    """In percent of the points."""
    lowest: Decimal = Field(alias="至少")


class AlertSpec(Strict):
    """From where on a warning is given, in percent."""

    change: Decimal = Field(Decimal(30), alias="变动幅度")
    """By how much a figure may differ from last year's."""
    low_rate: Decimal = Field(Decimal(90), alias="低执行率")
    """Below which execution rate a reason is asked for."""
    excess: Decimal = Field(Decimal(130), alias="超额")
    """From which share of the target on a result is far above it."""


class Form(Strict):
    """表式: the parts of one official form, in the order in which they are printed."""

    id: str = Field(alias="表式")
    parent: str = Field("", alias="继承")
    """The form from which this one differs; resolved before it is read."""
    name: str = Field(alias="名称")
    kind: DocumentKind = Field(alias="类型")
    title: str = Field(alias="标题")
    """The printed title; may hold {年度} and {单位}."""
    source: str = Field(alias="来源")
    """The document that prescribes the form, or the publication that shows it."""
    complete: YesNo = Field(alias="完整")
    """否: known only in part, to be listed but not filed with."""
    scope: Scope = Field(default_factory=lambda: Scope.model_validate({}), alias="适用")
    money: Literal["元", "万元", "亿元"] = Field("万元", alias="金额单位")
    decimals: int = Field(6, alias="小数位", ge=0, le=6)
    """How many decimals an amount may have."""
    total_points: Decimal | None = Field(None, alias="总分")
    fixed_points: YesNo = Field(default=False, alias="分值固定")
    """Whether the points of the level-1 indicators are binding."""
    execution: ExecutionSpec | None = Field(None, alias="执行率")
    grades: dict[Grade, Decimal] = Field(default_factory=dict, alias="等级")
    """Each grade's lowest total score, as shares of 总分 in percent."""
    grade_words: dict[Grade, tuple[str, ...]] = Field(default_factory=dict, alias="等级写法")
    """Other words for a grade (优秀, 合格 …)."""
    alerts: AlertSpec = Field(default_factory=lambda: AlertSpec.model_validate({}), alias="提醒")
    quality_bands: tuple[QualityBand, ...] = Field((), alias="定性档位")
    sections: tuple[SectionSpec, ...] = Field((), alias="部分")
    prompts: tuple[str, ...] = Field((), alias="样板文字")
    """What the form or its system prints as a prompt; no answer."""
    notes: tuple[str, ...] = Field((), alias="附注")
    """Sentences printed under the tables by the form itself."""
    opening: tuple[str, ...] = Field((), alias="抬头")
    """What is printed between title and tables, each with the {key} of what is filled in."""
    sign_off: tuple[str, ...] = Field((), alias="落款")
    """What is printed at the foot, each with the {key} of what is filled in."""
    outline: tuple[str, ...] = Field((), alias="提纲")
    """The chapters of a narrative report."""

    @property
    def sign_off_keys(self) -> tuple[str, ...]:
        """The keys that opening and sign-off ask for (填表人, 填报日期 …)."""
        asked = (key for line in (*self.opening, *self.sign_off) for key in braces(line))
        return tuple(dict.fromkeys(key for key in asked if key not in WORDS))

    def grade_of(self, score: Decimal) -> Grade | None:
        """The grade that the form's bands give a total score; None where it has no bands."""
        bands = sorted(self.grades.items(), key=lambda band: -band[1])
        share = score * 100 / (self.total_points or 100)
        return next((grade for grade, lowest in bands if share >= lowest), None)

    def grade_named(self, word: str) -> Grade | None:
        """The grade that a word means; None where the form does not know it."""
        named = {grade.value: grade for grade in Grade}
        named |= {each: grade for grade, words in self.grade_words.items() for each in words}
        return named.get(word)


def filled(label: str, words: Mapping[str, str]) -> str:
    """A label with the words in braces filled in; other braces stay."""
    if "{" not in label:
        return label
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), label)
