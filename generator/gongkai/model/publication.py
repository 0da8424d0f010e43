"""Files of fixed shape: site.yml, unit.yml, disclosure.yml; units and disclosures built from them."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, field_validator, model_validator

from gongkai.model.dates import parse_date
from gongkai.model.documents import Cell, Project, Record
from gongkai.model.linear_patterns import require_usable
from gongkai.model.problems import Explanation, Position
from gongkai.model.schema import (
    DOMAIN_PATTERN,
    SITE_CODE_PATTERN,
    SLUG_PATTERN,
    URL_PATTERN,
    StrictModel,
    UnitLevel,
    YesNo,
)
from gongkai.model.terms import DocumentKind

Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
"""A name used as a URL component (代号)."""


CATALOGUE_EXTRAS = "另加"
"""Key of 公开目录 below which reading puts the values of 目录另加."""
CatalogueKey = Literal[
    "索引号",
    "名称",
    "内容概述",
    "生成日期",
    "发布日期",
    "发布机构",
    "文号",
    "主题分类",
    "体裁分类",
    "公开方式",
    "公开范围",
    "时效性",
]


class Region(StrictModel):
    """行政区划."""

    code: str = Field("", alias="代码")
    province: str = Field("", alias="省")
    city: str = Field("", alias="市")
    county: str = Field("", alias="县")


class Site(StrictModel):
    """site.yml: the publisher and the site's options."""

    name: str = Field(alias="站点名称")
    domain: str = Field("", alias="域名", pattern=DOMAIN_PATTERN)
    code: str = Field("", alias="网站标识码", pattern=SITE_CODE_PATTERN)
    organiser: str = Field(alias="主办单位")
    operator: str = Field("", alias="承办单位")
    contact: str = Field("", alias="联系方式")
    icp_number: str = Field("", alias="ICP备案号")
    police_number: str = Field("", alias="公安备案号")
    government_mark: str = Field("", alias="党政机关标识", pattern=URL_PATTERN)
    """URL of the site's entry in the register of government sites."""
    error_report: str = Field("", alias="网站找错", pattern=URL_PATTERN)
    """URL at which readers report faults of the site."""
    licence: str = Field("", alias="许可")
    """Terms of use of the data."""
    level: UnitLevel = Field("", alias="级别")
    """级别 of most units, for new ones (gongkai new)."""
    region: Region = Field(default_factory=lambda: Region.model_validate({}), alias="行政区划")
    """行政区划 of most units, for new ones."""
    shows_warnings: YesNo = Field(default=False, alias="展示警告")
    """Whether readers see warnings (W) in a page's 核验说明."""
    attachment_formats: tuple[Literal["Word", "Excel"], ...] = Field((), alias="下载")
    """Formats in which a page offers the disclosure's attachments."""
    bulk_formats: tuple[Literal["CSV", "SQLite", "Parquet"], ...] = Field((), alias="整体下载")
    """Formats of the bulk download of all data."""
    index_pattern: Annotated[str, AfterValidator(require_usable)] = Field("", alias="索引号格式")
    """Regular expression for 索引号; empty if the site has none."""
    history: Annotated[Literal["是", "否", ""], WithJsonSchema({"enum": ["是", "否", None]})] = (
        Field("", alias="修改记录")
    )
    """Whether pages show when they were first published and what has changed since; if blank, they
    do as soon as git has a release."""
    catalogue_names: dict[str, CatalogueKey] = Field(default_factory=dict, alias="目录别名")
    """The site's own names of keys of 公开目录, and the keys: {成文日期: 生成日期}."""
    catalogue_keys: tuple[str, ...] = Field((), alias="目录另加")
    """Keys of 公开目录 that the site has in addition (组配分类, 咨询电话)."""
    deadlines: dict[int, dt.date] = Field(default_factory=dict, alias="公开期限")
    """Publication deadlines by year."""

    @property
    def default_url(self) -> str:
        """The site's address if mkdocs.yml has none; empty without a domain."""
        return f"https://{self.domain}/" if self.domain else ""

    @field_validator("deadlines")
    @classmethod
    def _after_the_year(cls, deadlines: dict[int, dt.date]) -> dict[int, dt.date]:
        """Reject deadlines for evaluations before their year has ended."""
        for year, day in deadlines.items():
            if day.year <= year:
                raise ValueError(
                    f"里 {year} 年度的期限是 {day}，那时这一年度还没有结束；请核对年份"
                )
        return deadlines


class Withdrawal(StrictModel):
    """撤回: a year's disclosure that is no longer public, and why."""

    year: int = Field(alias="年度")
    reason: str = Field(alias="原因")
    date: dt.date = Field(alias="日期")


class UnitFacts(StrictModel):
    """unit.yml: facts about a unit that hold over the years."""

    name: str = Field(alias="名称")
    short_names: tuple[str, ...] = Field((), alias="简称")
    former_names: tuple[str, ...] = Field((), alias="曾用名")
    former_slugs: tuple[Slug, ...] = Field((), alias="曾用代号")
    """Former names of its folder; their URLs redirect to the present ones."""
    level: UnitLevel = Field("", alias="级别")
    region: Region = Field(default_factory=lambda: Region.model_validate({}), alias="行政区划")
    department: str = Field("", alias="主管部门")
    nature: str = Field("", alias="单位性质")
    budget_code: str = Field("", alias="预算代码")
    credit_code: str = Field("", alias="统一社会信用代码")
    duty: str = Field("", alias="公开义务")
    withdrawals: tuple[Withdrawal, ...] = Field((), alias="撤回")


_DAY_AND_TIME = re.compile(r"(\d{4}[^T ]+?)日?(?:[T ]+((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?))?")


class Catalogue(StrictModel):
    """公开目录元数据 (政府信息公开目录核心元数据)."""

    index_number: str = Field("", alias="索引号")
    name: str = Field(alias="名称")
    abstract: str = Field("", alias="内容概述", max_length=300)
    created: str = Field("", alias="生成日期")
    published: dt.date | None = Field(None, alias="发布日期")
    publisher: str = Field("", alias="发布机构")
    document_number: str = Field("", alias="文号")
    subject: str = Field("", alias="主题分类")
    genre: str = Field("", alias="体裁分类")
    manner: str = Field("", alias="公开方式")
    audience: str = Field("", alias="公开范围")
    validity: str = Field("", alias="时效性")
    published_time: str = Field("", alias="发布时间")
    """Time of day of 发布日期, if that is filed with one (2020-07-27 08:25)."""
    extras: dict[str, str] = Field(default_factory=dict, alias=CATALOGUE_EXTRAS)
    """The values of the keys that the site has in addition."""

    @model_validator(mode="before")
    @classmethod
    def _split_time(cls, data: Any) -> Any:  # noqa: ANN401 - where YAML enters
        """Accept 发布日期 with a time of day, and as people write a date."""
        filed = data.get("发布日期") if isinstance(data, dict) else None
        match = _DAY_AND_TIME.fullmatch(filed) if isinstance(filed, str) else None
        if match is None:
            return data
        date = parse_date(match[1])
        day = date.exact_date if date else None
        return data | {"发布日期": f"{day}", "发布时间": match[2] or ""} if day else data


class Attachment(StrictModel):
    """附件: the attachment number of a kind of document."""

    number: str = Field(alias="编号")
    kind: DocumentKind = Field(alias="类型")


class ExplanationEntry(StrictModel):
    """差异说明, as in disclosure.yml."""

    rule: str = Field(alias="规则")
    where: str = Field(alias="位置")
    filed: str = Field("", alias="申报值")
    computed: str = Field("", alias="复算值")
    reason: str = Field(alias="说明")
    author: str = Field(alias="说明人")
    date: dt.date = Field(alias="日期")


class Correction(StrictModel):
    """勘误: a value changed after filing; the old one is kept and shown."""

    where: str = Field(alias="位置")
    old: str = Field("", alias="原值")
    new: str = Field("", alias="新值")
    reason: str = Field(alias="原因")
    date: dt.date = Field(alias="日期")


class CrossCheck(StrictModel):
    """勾稽核对: a relation between figures, stated by a person; cells are given by key path."""

    name: str = Field(alias="名称")
    equal: tuple[str, ...] = Field((), alias="相等")
    """Cells that must hold the same figure."""
    total: str = Field("", alias="合计")
    """Cell that must hold the sum of 分项."""
    parts: tuple[str, ...] = Field((), alias="分项")


class DisclosureFacts(StrictModel):
    """disclosure.yml: metadata of one year's disclosure."""

    year: int = Field(alias="年度")
    unit: str = Field(alias="单位")
    catalogue: Catalogue = Field(alias="公开目录")
    approved: dt.date | None = Field(None, alias="批复日期")
    """The day on which the finance department approved the accounts."""
    attachments: tuple[Attachment, ...] = Field((), alias="附件")
    projects: tuple[str, ...] = Field((), alias="项目")
    """File names of the projects without extension, in order."""
    sign_off: dict[str, str] = Field(default_factory=dict, alias="填报")
    """填表人, 填报日期, 联系电话 …: defaults for attachments that do not state their own."""
    cross_checks: tuple[CrossCheck, ...] = Field((), alias="勾稽核对")
    explanations: tuple[ExplanationEntry, ...] = Field((), alias="差异说明")
    corrections: tuple[Correction, ...] = Field((), alias="勘误")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that discloses (单位)."""

    slug: str
    """Name of its folder; part of its permanent URL (代号)."""
    file: str
    facts: UnitFacts


def subject_word(*, has_targets_only: bool) -> str:
    """Return what a disclosure is called."""
    return "绩效目标" if has_targets_only else "绩效自评"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One unit's disclosure for one year."""

    unit: Unit
    year: int
    file: str
    """Path of its disclosure.yml."""
    facts: DisclosureFacts
    key_positions: Mapping[str, Position]
    """Positions of the keys in disclosure.yml, by key path (公开目录/发布日期, 勘误/0)."""
    explanations: tuple[Explanation, ...]
    records: tuple[Record, ...]
    """Documents of the whole unit: 基础数据表, 部门整体自评表, 部门自评报告."""
    projects: tuple[Project, ...]

    @property
    def all_records(self) -> tuple[Record, ...]:
        """All documents, including those of the projects."""
        return (
            *self.records,
            *(record for project in self.projects for record in project.records),
        )

    @property
    def has_targets_only(self) -> bool:
        """Whether all its documents are targets, so that it evaluates nothing."""
        records = self.all_records
        return bool(records) and all(record.form.kind.has_targets_only for record in records)

    @property
    def subject(self) -> str:
        """What it is called: 绩效自评, or 绩效目标 if it has nothing else."""
        return subject_word(has_targets_only=self.has_targets_only)

    def cells_by_path(self) -> dict[str, Cell]:
        """Return all cells of the documents by key path."""
        return {cell.where: cell for record in self.all_records for cell in record.cells}

    def record(self, kind: DocumentKind) -> Record | None:
        """Return the unit's document of a kind."""
        return next((record for record in self.records if record.form.kind is kind), None)

    def attachment_number(self, kind: DocumentKind) -> str:
        """Return the attachment number of a kind of document (附件1 …); empty if it has none."""
        attachments = self.facts.attachments
        numbers = (attachment.number for attachment in attachments if attachment.kind is kind)
        return next(numbers, "")
