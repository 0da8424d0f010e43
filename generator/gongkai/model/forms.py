"""Forms (表式): the layout and rules of a province's official table, as read from a form file."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from gongkai.model.schema import StrictModel, UnitLevel, YesNo
from gongkai.model.specs import PLACEHOLDER, MoneyUnit, Points, SectionSpec, placeholder_names
from gongkai.model.terms import DocumentKind, Grade

LABEL_PLACEHOLDERS = ("年度", "上年", "单位", "级别")
"""Placeholders that labels may use in braces; their values are known for every document."""


_GRADE_WORDS = {
    "优秀": Grade.EXCELLENT,
    "良好": Grade.GOOD,
    "中等": Grade.FAIR,
    "较差": Grade.POOR,
}
"""Customary synonyms of the grades; forms may add their own (等级写法)."""


class Scope(StrictModel):
    """适用: the region, levels and years to which a form applies."""

    region: str = Field("", alias="地区")
    levels: tuple[UnitLevel, ...] = Field((), alias="级别")
    first_year: int | None = Field(None, alias="年度起")
    last_year: int | None = Field(None, alias="年度止")


class Earning(StrEnum):
    """计分: how the points of the execution rate are earned."""

    IN_PROPORTION = "按比例"
    BY_BANDS = "分档"
    NOT_AT_ALL = "不计分"


class RateBand(StrictModel):
    """档: the share of the points earned from an execution rate upwards; both in percent."""

    rate: Decimal = Field(alias="执行率")
    share: Decimal = Field(alias="得分率")


class ExecutionSpec(StrictModel):
    """执行率: the execution rate's points, and how they are earned."""

    points: Points | None = Field(None, alias="分值")
    earning: Earning = Field(Earning.IN_PROPORTION, alias="计分")
    bands: tuple[RateBand, ...] = Field((), alias="档")

    def share_of(self, rate: Decimal) -> Decimal | None:
        """Return the share of the points that a rate earns, both in percent; None if 不计分."""
        if self.earning is Earning.NOT_AT_ALL:
            return None
        if self.earning is Earning.IN_PROPORTION:
            return min(rate, Decimal(100))
        shares = [band.share for band in self.bands if rate >= band.rate]
        return max(shares, default=Decimal(0))


class QualityBand(StrictModel):
    """定性档位: a band of qualitative indicators, and the share of the points that it earns."""

    name: str = Field(alias="名称")
    highest: Decimal = Field(alias="至多")
    """In percent of the points."""
    lowest: Decimal = Field(alias="至少")
    """In percent of the points."""


class AlertSpec(StrictModel):
    """提醒: thresholds of warnings, in percent."""

    change: Decimal = Field(Decimal(30), alias="变动幅度")
    """Change from last year's figure above which a warning is given."""
    low_rate: Decimal = Field(Decimal(90), alias="低执行率")
    """Execution rate below which a reason is required."""
    excess: Decimal = Field(Decimal(130), alias="超额")
    """Share of the target from which a result is far above it."""


class Form(StrictModel):
    """表式: one official form, its parts in printing order."""

    id: str = Field(alias="表式")
    parent: str = Field("", alias="继承")
    """Id of the form that this one inherits from; resolved before validation."""
    name: str = Field(alias="名称")
    kind: DocumentKind = Field(alias="类型")
    title: str = Field(alias="标题")
    """The printed title; may hold {年度} and {单位}."""
    source: str = Field(alias="来源")
    """The document that prescribes the form, or a publication that shows it."""
    is_complete: YesNo = Field(alias="完整")
    """否: known only in part; listed, but not usable for filing."""
    scope: Scope = Field(default_factory=lambda: Scope.model_validate({}), alias="适用")
    money: MoneyUnit = Field("万元", alias="金额单位")
    decimals: int = Field(6, alias="小数位", ge=0, le=6)
    """Maximum number of decimals of an amount."""
    total_points: Points | None = Field(None, alias="总分")
    fixed_points: YesNo = Field(default=False, alias="分值固定")
    """Whether the points of the level-1 indicators are binding."""
    execution: ExecutionSpec | None = Field(None, alias="执行率")
    grades: dict[Grade, Decimal] = Field(default_factory=dict, alias="等级")
    """Lowest total score of every grade, in percent of 总分."""
    grade_words: dict[Grade, tuple[str, ...]] = Field(default_factory=dict, alias="等级写法")
    """Synonyms of the grades (优秀, 合格 …)."""
    alerts: AlertSpec = Field(default_factory=lambda: AlertSpec.model_validate({}), alias="提醒")
    quality_bands: tuple[QualityBand, ...] = Field((), alias="定性档位")
    sections: tuple[SectionSpec, ...] = Field((), alias="部分")
    prompts: tuple[str, ...] = Field((), alias="样板文字")
    """Prompt texts that the form prints into empty cells; they are no answers."""
    notes: tuple[str, ...] = Field((), alias="附注")
    """Sentences that the form prints under the tables."""
    opening: tuple[str, ...] = Field((), alias="抬头")
    """Lines printed between title and tables, with {key} placeholders."""
    sign_off: tuple[str, ...] = Field((), alias="落款")
    """Lines printed at the foot, with {key} placeholders."""
    outline: tuple[str, ...] = Field((), alias="提纲")
    """The chapters of a narrative report."""

    @property
    def sign_off_keys(self) -> tuple[str, ...]:
        """The keys to fill in in opening and sign-off (填表人, 填报日期 …)."""
        keys = (key for line in (*self.opening, *self.sign_off) for key in placeholder_names(line))
        return tuple(dict.fromkeys(key for key in keys if key not in LABEL_PLACEHOLDERS))

    @cached_property
    def has_boxes(self) -> bool:
        """Whether it prints answers with boxes to tick."""
        return any(spec.choice_format for section in self.sections for spec in section.all_fields)

    def grade_of(self, score: Decimal) -> Grade | None:
        """Return the grade of a total score by the form's bands; None without bands."""
        bands = sorted(self.grades.items(), key=lambda band: -band[1])
        share = score * 100 / (self.total_points or 100)
        return next((grade for grade, lowest in bands if share >= lowest), None)

    def grade_from_word(self, word: str) -> Grade | None:
        """Return the grade that a word stands for; None if the form does not know the word."""
        grades = {grade.value: grade for grade in Grade} | _GRADE_WORDS
        grades |= {synonym: grade for grade, words in self.grade_words.items() for synonym in words}
        return grades.get(word)


def find_form(forms: Sequence[Form], name: str) -> Form | None:
    """Return the form with an id or a name; or the only complete one of the kind of that name."""
    named = next((form for form in forms if name in {form.id, form.name}), None)
    of_kind = [form for form in forms if form.is_complete and form.kind == name]
    return named or (of_kind[0] if len(of_kind) == 1 else None)


def fill_placeholders(label: str, values: Mapping[str, str]) -> str:
    """Fill in a label's placeholders; keep those without a value."""
    if "{" not in label:
        return label
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), label)
