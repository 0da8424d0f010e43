"""Shapes of the JSON files: frozen dataclasses from which the JSON Schemas are generated.

Empty optional fields are omitted from the files. Within a major version of the API no field is
renamed or removed, changes its type or meaning, or becomes optional; fields may be added (see
tests/golden/api).
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema
from pydantic.fields import FieldInfo


def api_field(title: str, description: str = "", **options: Any) -> FieldInfo:  # noqa: ANN401 - as pydantic's own
    """Return the metadata of an API field: its Chinese title and description."""
    info: FieldInfo = Field(title=title, description=description or None, **options)
    return info


DECIMAL_PATTERN = r"^-?[0-9]+(\.[0-9]+)?$"
"""Pattern of an exact decimal as text."""
SchemaUrl = Annotated[
    str,
    api_field("JSON Schema", "这个文件的格式说明", json_schema_extra={"format": "uri-reference"}),
]
Version = Annotated[str, api_field("接口版本", "主版本.次版本；次版本变大时只会增加字段")]
UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
"""A link: absolute, or relative to the file that contains it (RFC 3986)."""
DateText = Annotated[str, Field(json_schema_extra={"format": "date"})]
DecimalText = Annotated[str, Field(pattern=DECIMAL_PATTERN)]
Slug = Annotated[str, api_field("代号", "在网址里的代号，永不改变")]
Value = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
"""One value of a document; its schema is made from columns of VALUES (see schemas)."""


@dataclass(frozen=True, slots=True)
class Region:
    """行政区划。"""

    province: Annotated[str, api_field("省")] = ""
    city: Annotated[str, api_field("市")] = ""
    county: Annotated[str, api_field("县")] = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """单位：各年度不变的事实（unit.yml）。"""

    slug: Slug
    name: Annotated[str, api_field("名称")]
    short_names: Annotated[tuple[str, ...], api_field("简称")] = ()
    former_names: Annotated[tuple[str, ...], api_field("曾用名")] = ()
    department: Annotated[str, api_field("主管部门")] = ""
    level: Annotated[str, api_field("级别", "例如 县级")] = ""
    region: Annotated[Region | None, api_field("行政区划")] = None


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """目录另加：网站在公开目录里另加的一个键（site.yml 的“目录另加”），照填报的原样。"""

    key: Annotated[str, api_field("键", "网站的叫法")]
    filed: Annotated[str, api_field("填报值")]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """公开目录元数据（disclosure.yml 的“公开目录”），照填报的原样。"""

    name: Annotated[str, api_field("名称")]
    index_number: Annotated[str, api_field("索引号")] = ""
    abstract: Annotated[str, api_field("内容概述")] = ""
    created: Annotated[str, api_field("生成日期")] = ""
    published: Annotated[DateText, api_field("发布日期")] = ""
    publisher: Annotated[str, api_field("发布机构")] = ""
    document_number: Annotated[str, api_field("文号")] = ""
    subject: Annotated[str, api_field("主题分类")] = ""
    genre: Annotated[str, api_field("体裁分类")] = ""
    manner: Annotated[str, api_field("公开方式")] = ""
    audience: Annotated[str, api_field("公开范围")] = ""
    validity: Annotated[str, api_field("时效性")] = ""
    published_time: Annotated[str, api_field("发布时间", "发布日期带时间的，那一天的几点几分")] = ""
    extras: Annotated[
        tuple[CatalogueEntry, ...],
        api_field("另加", "网站在核心元数据之外另加的，例如组配分类、咨询电话；填了的才有"),
    ] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """一份文件：一张表，或一篇报告。

    “文件名/行/栏目”（name/item/field）就是差异说明和勘误里的“位置”（where）。
    """

    name: Annotated[str, api_field("文件名", "在这个公开件里唯一，例如 项目自评表（某某项目）")]
    kind: Annotated[str, api_field("文件类型", "基础数据表、部门整体自评表、项目自评表等")]
    form: Annotated[str, api_field("表式", "所用表式的代号，格式见 forms/{form}.json")]
    title: Annotated[str, api_field("标题", "印在文件上的标题")]
    values: Annotated[tuple[Value, ...], api_field("逐项数据", "按表式的顺序，空白的栏目也在内")]
    attachment: Annotated[str, api_field("附件", "附件编号，例如 附件2")] = ""
    project: Annotated[str, api_field("项目代号", "整个单位的文件没有")] = ""
    text: Annotated[
        str,
        api_field("正文", "报告全文，Markdown；以空行分段，各段就是逐项数据表里栏目为“正文”的各行"),
    ] = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """差异说明：两个数对不上而照原样公开的，填报单位的说明。"""

    rule: Annotated[str, api_field("规则", "校验规则的编号，说明见网站的校验规则页")]
    where: Annotated[str, api_field("位置", "文件名/行/栏目")]
    reason: Annotated[str, api_field("说明")]
    author: Annotated[str, api_field("说明人")]
    date: Annotated[DateText, api_field("日期")]
    filed: Annotated[str, api_field("申报值")] = ""
    computed: Annotated[str, api_field("复算值")] = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """勘误：填报以后改过的值，原值保留在这里。"""

    where: Annotated[str, api_field("位置", "文件名/行/栏目")]
    reason: Annotated[str, api_field("原因")]
    date: Annotated[DateText, api_field("日期")]
    old: Annotated[str, api_field("原值")] = ""
    new: Annotated[str, api_field("新值")] = ""


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """公开件里的一个项目。"""

    slug: Slug
    name: Annotated[str, api_field("项目名称")]
    url: Annotated[UriReference, api_field("网页")]
    data: Annotated[UriReference, api_field("数据", "这个项目的 index.json")]


@dataclass(frozen=True, slots=True)
class Record:
    """一个公开件（单位、年度），或其中一个项目：单位填报的全部内容，照填报的原样，个人信息按规定遮蔽。"""

    schema: Annotated[SchemaUrl, Field(alias="$schema")]
    version: Version
    url: Annotated[UriReference, api_field("网页")]
    title: Annotated[str, api_field("标题")]
    publisher: Annotated[
        str, api_field("主办单位", "网站的主办单位；公开件的发布机构在 catalogue 里")
    ]
    unit: Annotated[Unit, api_field("单位")]
    year: Annotated[int, api_field("年度", "自评的年度")]
    catalogue: Annotated[Catalogue, api_field("公开目录元数据")]
    documents: Annotated[tuple[Document, ...], api_field("文件")]
    licence: Annotated[str, api_field("许可", "按什么条件使用这些数据")] = ""
    updated: Annotated[DateText, api_field("更新日期", "发布或最后一次勘误的日期")] = ""
    project: Annotated[ProjectLink | None, api_field("项目", "只在项目的 index.json 里有")] = None
    disclosure: Annotated[UriReference, api_field("所属公开件", "只在项目的 index.json 里有")] = ""
    explanations: Annotated[tuple[Explanation, ...], api_field("差异说明")] = ()
    corrections: Annotated[tuple[Correction, ...], api_field("勘误")] = ()
    projects: Annotated[tuple[ProjectLink, ...], api_field("项目")] = ()
