"""What the JSON files hold: frozen dataclasses, of which the JSON Schemas are made.

A field with an empty value is left out of the file. No field is ever renamed or removed within a
version of the API, none changes its type or meaning, and none that is always there goes missing;
new ones may come (see tests/golden/api).
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema
from pydantic.fields import FieldInfo


def told(title: str, about: str = "", **more: Any) -> FieldInfo:  # noqa: ANN401 - as pydantic's own
    """What a field is, for people: its Chinese name, and what there is to know of it."""
    info: FieldInfo = Field(title=title, description=about or None, **more)
    return info


NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
"""An exact decimal as text."""
Schema = Annotated[
    str, told("JSON Schema", "这个文件的格式说明", json_schema_extra={"format": "uri-reference"})
]
Version = Annotated[str, told("接口版本", "主版本.次版本；次版本变大时只会增加字段")]
Way = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
"""A link: absolute, or relative to the file that it stands in (RFC 3986)."""
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Exact = Annotated[str, Field(pattern=NUMBER)]
Slug = Annotated[str, told("代号", "在网址里的代号，永不改变")]
Value = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
"""One value: the columns of VALUES that tell of it (see schemas)."""


@dataclass(frozen=True, slots=True)
class Region:
    """行政区划。"""

    province: Annotated[str, told("省")] = ""
    city: Annotated[str, told("市")] = ""
    county: Annotated[str, told("县")] = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """单位：各年度不变的事实（unit.yml）。"""

    slug: Slug
    name: Annotated[str, told("名称")]
    short_names: Annotated[tuple[str, ...], told("简称")] = ()
    former_names: Annotated[tuple[str, ...], told("曾用名")] = ()
    department: Annotated[str, told("主管部门")] = ""
    level: Annotated[str, told("级别", "例如 县级")] = ""
    region: Annotated[Region | None, told("行政区划")] = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """公开目录元数据（disclosure.yml 的“公开目录”），照填报的原样。"""

    name: Annotated[str, told("名称")]
    index_number: Annotated[str, told("索引号")] = ""
    abstract: Annotated[str, told("内容概述")] = ""
    created: Annotated[str, told("生成日期")] = ""
    published: Annotated[Day, told("发布日期")] = ""
    publisher: Annotated[str, told("发布机构")] = ""
    document_number: Annotated[str, told("文号")] = ""
    subject: Annotated[str, told("主题分类")] = ""
    genre: Annotated[str, told("体裁分类")] = ""
    manner: Annotated[str, told("公开方式")] = ""
    audience: Annotated[str, told("公开范围")] = ""
    validity: Annotated[str, told("时效性")] = ""


@dataclass(frozen=True, slots=True)
class Document:
    """一份文件：一张表，或一篇报告。

    “文件名/行/栏目”（name/item/field）就是差异说明和勘误里的“位置”（where）。
    """

    name: Annotated[str, told("文件名", "在这个公开件里唯一，例如 项目自评表（某某项目）")]
    kind: Annotated[str, told("文件类型", "基础数据表、部门整体自评表、项目自评表等")]
    form: Annotated[str, told("表式", "所用表式的代号，格式见 forms/{form}.json")]
    title: Annotated[str, told("标题", "印在文件上的标题")]
    values: Annotated[tuple[Value, ...], told("逐项数据", "按表式的顺序，空白的栏目也在内")]
    attachment: Annotated[str, told("附件", "附件编号，例如 附件2")] = ""
    project: Annotated[str, told("项目代号", "整个单位的文件没有")] = ""
    text: Annotated[
        str,
        told("正文", "报告全文，Markdown；以空行分段，各段就是逐项数据表里栏目为“正文”的各行"),
    ] = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """差异说明：两个数对不上而照原样公开的，填报单位的说明。"""

    rule: Annotated[str, told("规则", "校验规则的编号，说明见网站的校验规则页")]
    where: Annotated[str, told("位置", "文件名/行/栏目")]
    reason: Annotated[str, told("说明")]
    author: Annotated[str, told("说明人")]
    date: Annotated[Day, told("日期")]
    filed: Annotated[str, told("申报值")] = ""
    computed: Annotated[str, told("复算值")] = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """勘误：填报以后改过的值，原值保留在这里。"""

    where: Annotated[str, told("位置", "文件名/行/栏目")]
    reason: Annotated[str, told("原因")]
    date: Annotated[Day, told("日期")]
    old: Annotated[str, told("原值")] = ""
    new: Annotated[str, told("新值")] = ""


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """公开件里的一个项目。"""

    slug: Slug
    name: Annotated[str, told("项目名称")]
    url: Annotated[Way, told("网页")]
    data: Annotated[Way, told("数据", "这个项目的 index.json")]


@dataclass(frozen=True, slots=True)
class Record:
    """一个公开件（单位、年度），或其中一个项目：单位填报的全部内容，一字不改。"""

    schema: Annotated[Schema, Field(alias="$schema")]
    version: Version
    url: Annotated[Way, told("网页")]
    title: Annotated[str, told("标题")]
    publisher: Annotated[str, told("主办单位", "网站的主办单位；公开件的发布机构在 catalogue 里")]
    unit: Annotated[Unit, told("单位")]
    year: Annotated[int, told("年度", "自评的年度")]
    catalogue: Annotated[Catalogue, told("公开目录元数据")]
    documents: Annotated[tuple[Document, ...], told("文件")]
    licence: Annotated[str, told("许可", "按什么条件使用这些数据")] = ""
    updated: Annotated[Day, told("更新日期", "发布或最后一次勘误的日期")] = ""
    project: Annotated[ProjectLink | None, told("项目", "只在项目的 index.json 里有")] = None
    disclosure: Annotated[Way, told("所属公开件", "只在项目的 index.json 里有")] = ""
    explanations: Annotated[tuple[Explanation, ...], told("差异说明")] = ()
    corrections: Annotated[tuple[Correction, ...], told("勘误")] = ()
    projects: Annotated[tuple[ProjectLink, ...], told("项目")] = ()
