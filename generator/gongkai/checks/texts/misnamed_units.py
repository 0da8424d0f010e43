"""Names of the unit and its department in texts that differ in a character or in the place (GJ-03)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gongkai.checks.base import Finding, additional_check
from gongkai.checks.texts import cross_document
from gongkai.checks.texts.passages import Passage, find_passages, sentence_around
from gongkai.checks.texts.unit_names import (
    ENDINGS,
    departments_of,
    is_one_of,
    names_itself,
    names_of_unit,
)
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import Role

_SHORTEST = 5
"""Fewest characters of a name without its place that is looked for."""
_SHORTEST_SCHOOL = 4
_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:自治州|自治县|[省市县区州旗])")
_FUNCTION_WORDS = (
    "教育 体育 财政 民政 农业 农机 农牧 农经 林业 林草 水利 水务 水产 水电 水文 交通 公路 公安 公证 公园 公产 卫生 卫健 文化 文旅 文物 旅游 审计 统计 会计 "
    "司法 环保 环卫 环境 生态 城管 城建 城市 城乡 住建 商务 工业 工信 科技 科学 人社 人事 就业 医保 医疗 医院 应急 市场 市政 档案 图书 博物 畜牧 渔业 气象 地震 信访 "
    "中学 小学 大学 高中 初中 初级 高级 中级 幼儿 特教 党校 技校 职业 职教 技术 机械 机关 机构 推广 管理 监督 监测 监管 服务 保障 保护 保健 保密 疾控 防疫 妇幼 中医 人民 "
    "土地 土肥 国土 国资 规划 自然 资源 能源 粮食 供销 供水 供电 排水 移民 扶贫 乡村 振兴 民族 宗教 侨务 老龄 残疾 妇女 青年 少年 美术 音乐 戏剧 京剧 剧团 广播 电视 融媒 "
    "法院 检察 消防 武装 税务 烟草 邮政 海事 海洋 航道 港口 港航 铁路 机场 园林 苗圃 种子 种植 植保 植物 动物 动检 兽医 养老 敬老 福利 救助 救灾 安置 军休 退役 双拥 殡葬 "
    "改革 发展 经济 信息 数据 政务 行政 执法 稽查 采购 招商 投资 金融 审批 编制 组织 宣传 统战 政法 纪检 老干 史志 社科 文联 工会 共青 妇联 科协 红十 慈善 计划 生育"
)
_FUNCTIONS = frozenset(_FUNCTION_WORDS.split())
"""Words of what other bodies do: a name with one of them instead is another body's."""
_KIND_WORDS = (
    "文化站 文化宫 图书室 阅览室 卫生院 卫生所 卫生室 卫生站 体育馆 体育场 档案室 敬老院 福利院 养老院 展览馆 纪念馆 陈列馆 服务站 服务所 服务队 管理站 管理所 "
    "管理队 推广站 推广所 监测站 监督所 检查站 检测站 研究院 研究所 研究室 设计院 设计所 职业学院 电视台 保健院 保健所 幼儿园 实验校"
)
_KINDS = frozenset(_KIND_WORDS.split())
"""Ends of names of bodies that stand beside others whose names differ in the last character."""
_AUTHORITIES = frozenset("局委办厅部处会府科股队")
_NUMERALS = frozenset("一二三四五六七八九十东西南北上中下前后新老大小")
_NO_PLACE = re.compile(
    r"[由在从向报送给与和及经对为自于到是的请将按据各全本我该外邻他两每]|[省市州区][县市区]"
)
_OTHERS = re.compile(
    r"学习|借鉴|考察|交流|协作|联合|联动|参照|参考|邻|对口|帮扶|结对|合作|移交|协议|兄弟|外[县市地]|调[入出到]|来访|邀请|支援|选派|挂职|接待|共建|共享|"
    r"转[入出]|委托|购买|供应|采购|中标|评审|对标|相比|同类|赴|友好"
)
"""Words of sentences on other bodies than one's own."""
_CATALOGUE_NAME = re.compile(
    r"(?:^(?:公开|公布|关于|现将)?|公开|公布|关于|现将)(?P<name>(?!公开|公布|关于|现将)[\u4e00-\u9fff]{3,24}?[局委会心站所馆院校学办厅处队园社团场])(?=20\d\d年)"
)
_PERSONS = re.compile(
    r"(?:[0-9,]+|全体|在校)(?:余)?(?:名|位|个)?(?:学生|师生|教师|教职工|职工|幼儿|患者|读者|观众|老人)"
)
_SCHOOLS = ("学", "校", "园", "院", "馆")
"""Ends of names of bodies that serve their own pupils, patients or readers."""
_NAME_ROLES = frozenset({Role.UNIT_NAME, Role.DEPARTMENT, Role.IMPLEMENTER})
_NAME_KEYS = frozenset({"单位名称", "主管部门", "实施单位"})
"""Cells whose names are compared with unit.yml as a whole."""
_MOST_SLIPS = 2
"""A name that a disclosure writes more often is that of another body."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, and where it stands."""

    text: str
    where: str
    position_at: Callable[[int], Position]


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of the unit or of its department."""

    label: str
    full: str
    place: str
    body: str
    """The name without the place."""


@additional_check(cross_document.same_fact_differs.rule, of=Disclosure)
def unit_is_misnamed(disclosure: Disclosure) -> Iterator[Finding]:
    """Find names in texts and in the catalogue that are the unit's with another character or place."""
    names = [_split("本单位", name, disclosure) for name in names_of_unit(disclosure)]
    names += [_split("主管部门", name, disclosure) for name in departments_of(disclosure)]
    known = [name.full for name in names]
    passages = list(_passages_of(disclosure))
    catalogue = disclosure.facts.catalogue
    whole = "\n".join([catalogue.name, catalogue.abstract, *(text.text for text in passages)])
    names = [name for name in names if _may_slip(whole, name)]
    texts = list(_texts_of(disclosure, passages)) if names else []
    seen: set[tuple[str, int]] = set()
    slips = [
        (text, at, wrong, name)
        for name in names
        for text in texts
        for at, wrong in _find_slips(text.text, name)
        if not any(other in text.text[max(at - 8, 0) : at + len(wrong) + 8] for other in known)
    ]
    counts = Counter(wrong for _, _, wrong, _ in slips)
    for text, at, wrong, name in slips:
        if counts[wrong] > _MOST_SLIPS or (text.where, at) in seen:
            continue
        seen.add((text.where, at))
        message = f"文字里写的是“{wrong}”，{name.label}是“{name.full}”"
        place, where = text.position_at(at), f"{text.where}/{wrong}"
        yield Finding(place, message, "请核对名称", where, wrong, name.full, Level.W)
    yield from _check_catalogue(disclosure, frozenset(where for where, _ in seen))


def _passages_of(disclosure: Disclosure) -> Iterator[Passage]:
    """Yield the passages of all documents but the cells of names."""
    for record in disclosure.all_records:
        for passage in find_passages(record):
            if passage.role not in _NAME_ROLES and passage.heading not in _NAME_KEYS:
                yield passage


def _texts_of(disclosure: Disclosure, passages: Iterable[Passage]) -> Iterator[_Text]:
    catalogue = disclosure.facts.catalogue
    for key, text in (("名称", catalogue.name), ("内容概述", catalogue.abstract)):
        where = f"公开目录/{key}"
        position = disclosure.key_positions.get(where)
        if text and position:
            yield _Text(text, where, lambda _, position=position: position)  # type: ignore[misc]
    for passage in passages:
        yield _Text(passage.text, passage.where, passage.position_at)


def _may_slip(text: str, name: _Name) -> bool:
    """Tell whether a part of a name stands in a text without the rest."""
    half = len(name.body) // 2
    count = text.count(name.body)
    parts = (name.body[:half], name.body[half:])
    return any(text.count(part) != count for part in parts if part) or (
        bool(name.place) and text.count(f"{name.place}{name.body}") != count
    )


def _split(label: str, name: str, disclosure: Disclosure) -> _Name:
    """Split a name into its place and the rest."""
    region = disclosure.unit.facts.region
    places = [place for place in (region.county, region.city, region.province) if place]
    place = next((place for place in places if name.startswith(place)), "")
    if not place and (match := _PLACE.match(name)):
        place = match[0]
    return _Name(label, name, place, name[len(place) :])


def _find_slips(text: str, name: _Name) -> Iterator[tuple[int, str]]:
    """Yield (offset, wrong name) where a text has a name with another character or place."""
    body, length = name.body, len(name.body)
    half = length // 2
    if length < _SHORTEST_SCHOOL or (body[:half] not in text and body[half:] not in text):
        return
    starts = set(_find_all(text, body[:half]))
    starts |= {at - half for at in _find_all(text, body[half:])}
    for start in sorted(starts):
        window = text[start : start + length] if start >= 0 else ""
        if window == body:
            yield from _find_other_place(text, start, name)
        elif len(window) == length and _is_slip(text, start, window, body):
            has_place = bool(name.place) and text.endswith(name.place, 0, start)
            at = start - len(name.place) if has_place else start
            yield at, text[at : start + length]


def _find_all(text: str, part: str) -> Iterator[int]:
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _is_slip(text: str, start: int, window: str, body: str) -> bool:
    """Tell whether a window of a text is a name with one character changed, and no other body's."""
    places = [place for place in range(len(body)) if window[place] != body[place]]
    if len(places) != 1:
        return False
    (place,) = places
    wrong, right = window[place], body[place]
    if not "\u4e00" <= wrong <= "\u9fff":
        return False
    after = start + len(body)
    if body.endswith(_SCHOOLS) and window.endswith(_SCHOOLS) and _PERSONS.match(text, after):
        _, sentence = sentence_around(text, start)
        return not _OTHERS.search(sentence.replace(window, ""))
    if len(body) < _SHORTEST or place == 0 or {wrong, right} & _NUMERALS:
        return False
    pairs = {window[place - 1 : place + 1], window[place : place + 2]}
    if pairs & _FUNCTIONS:
        return False
    is_end = place == len(body) - 1
    is_kind = wrong in ENDINGS and wrong not in _AUTHORITIES and window[-3:] not in _KINDS
    return is_kind or not is_end


def _find_other_place(text: str, start: int, name: _Name) -> Iterator[tuple[int, str]]:
    """Yield a name that has another place of the same level before it."""
    length = len(name.place)
    head = text[max(start - length, 0) : start]
    if not name.place or len(head) != length or head == name.place:
        return
    if head[-1] != name.place[-1] or not re.fullmatch(r"[\u4e00-\u9fff]+", head):
        return
    if _NO_PLACE.search(head[:-1]) or _NO_PLACE.search(head):
        return
    _, sentence = sentence_around(text, start)
    if not _OTHERS.search(sentence.replace(name.body, "")):
        yield start - length, f"{head}{name.body}"


def _check_catalogue(disclosure: Disclosure, known: frozenset[str]) -> Iterator[Finding]:
    """Find another unit in the catalogue's name and abstract, before the year; not at known keys."""
    catalogue = disclosure.facts.catalogue
    names = (*names_of_unit(disclosure), *departments_of(disclosure))
    for key, text in (("名称", catalogue.name), ("内容概述", catalogue.abstract)):
        where = f"公开目录/{key}"
        match = _CATALOGUE_NAME.search(text) if "20" in text else None
        if match is None or names_itself(match["name"]) or is_one_of(match["name"], names):
            continue
        position = disclosure.key_positions.get(where)
        if position and where not in known:
            name = match["name"]
            message = f"“{key}”里写的单位是“{name}”，本单位是“{names[0]}”"
            yield Finding(position, message, "请核对名称", where, name, names[0], Level.W)
