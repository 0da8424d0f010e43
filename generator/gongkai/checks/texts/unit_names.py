"""Names of the unit, its department and the implementing units in the documents (GJ-03)."""

import re
from collections.abc import Iterable, Iterator

from gongkai.checks.base import Finding, finding_at
from gongkai.checks.texts.passages import Passage, find_passages
from gongkai.model.documents import Cell, Record
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import Kind

_CODE = re.compile(r"^[0-9A-Za-z]+\s*[-—_－]\s*|\s|[（(][^）)]*[）)]|[“”]")
"""What does not belong to a name: a budget code before it, spaces, additions in brackets."""
_UNIT_KEYS = frozenset({"单位名称", "项目单位", "填报单位", "项目单位名称", "填报单位名称"})
_SEPARATORS = re.compile(r"[、，,；;/和及与\n]")
_SELF = re.compile(r"^[我本该][^，。]{0,3}$")
_SUPERIOR = re.compile(r"人民政府|县政府|市政府|省政府|区政府|党委|[县市省区镇乡]委$")
_PUBLISHES_FOR_OTHERS = re.compile("财政|政府|办公|政务|信息|大数据|宣传|融媒|人大|编办|国库|审计")
"""Bodies that publish what others file."""
ENDINGS = "局委会心站所馆院校学办厅处队部室园府社团场库厂司"
"""Last characters of the names of bodies."""
_NAME = rf"[\u4e00-\u9fff（）]{{3,24}}?[{ENDINGS}]"
_OPENING = re.compile(
    rf"^\s*(?P<name>{_NAME})(?:[（(](?:以下)?简称[^）)]*[）)])?[，,]?(?:是|系|为|属于|隶属)"
)
"""A report's first words: X是……."""
_DEPARTMENT = re.compile(
    rf"(?:[是为系]|隶属于?|归属于?)(?P<name>{_NAME})(?:所属|下属|直属|归口管理|主管|管理)的?|主管部门(?:是|为|：)(?P<other>{_NAME})(?=[，。；、]|$)"
)
_OPENING_PASSAGES = 3
"""How many passages of a report can be its opening."""
_SHORTEST_NAME = 6
"""Length, in characters, from which one different character is a slip rather than another name."""


def check_names(disclosure: Disclosure) -> Iterator[Finding]:
    """Compare the names of units and departments in the documents with unit.yml."""
    own = names_of_unit(disclosure)
    for record in disclosure.all_records:
        cell = _unit_name_cell(record)
        if cell and cell.filed and not is_one_of(cell.filed, (*own, *departments_of(disclosure))):
            message = f"“{cell.spec.key}”填的是“{cell.filed}”，本单位是“{own[0]}”"
            advice = "请核对是否用了别的单位的表"
            yield finding_at(cell, message, advice, computed=own[0], level=Level.W)
    for project in disclosure.projects:
        for record in project.records:
            yield from _check_implementer(record, own)
    yield from _check_publisher(disclosure, own)
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        passages = find_passages(report)
        yield from _check_opening(passages[:_OPENING_PASSAGES], own)
        yield from _check_stated_departments(passages, disclosure, own)


def _check_publisher(disclosure: Disclosure, own: tuple[str, ...]) -> Iterator[Finding]:
    """Compare 发布机构 with the unit: it may be another body, not nearly the same name."""
    where = "公开目录/发布机构"
    publisher = disclosure.facts.catalogue.publisher
    if not publisher or where not in disclosure.key_positions:
        return
    known = (*own, *departments_of(disclosure))
    if is_one_of(publisher, known):
        return
    similar = next((name for name in known if differ_by_one(publisher, name)), None)
    if similar or not _PUBLISHES_FOR_OTHERS.search(publisher):
        similar = similar or own[0]
        place = disclosure.key_positions[where]
        message = f"“发布机构”写的是“{publisher}”，unit.yml 里是“{similar}”"
        yield Finding(place, message, "请核对名称", where, publisher, similar, Level.W)


def is_same_body(name: str, other: str) -> bool:
    """Tell whether two names may be of the same body: one contains or abbreviates the other."""
    name, other = sorted((_CODE.sub("", name), _CODE.sub("", other)), key=len)
    if not name or _SELF.match(name) or name in other:
        return True
    rest = iter(other)
    return all(character in rest for character in name)


def has_words_inserted(filed: str, name: str) -> bool:
    """Tell whether a name is a given one with words in one place within it: 教育体育局 for 教育局.

    That is another body, or the same before a reform. Abbreviations leave out characters in several
    places (卫健局 for 卫生健康局), or words before the name.
    """
    filed = _CODE.sub("", filed)
    return len(filed) > len(name) + 1 and any(
        filed.startswith(name[:cut]) and filed.endswith(name[cut:]) for cut in range(1, len(name))
    )


def names_itself(name: str) -> bool:
    """Tell whether a name only says “this unit”: 本局, 我单位."""
    return bool(_SELF.match(name))


def names_of_unit(disclosure: Disclosure) -> tuple[str, ...]:
    """Return the unit's name, its short names and its former ones."""
    facts = disclosure.unit.facts
    return (facts.name, *facts.short_names, *facts.former_names)


def _unit_name_cell(record: Record) -> Cell | None:
    cells = record.cells_of_kind(Kind.TEXT)
    named = (cell for cell in cells if cell.spec.role is None and cell.spec.key in _UNIT_KEYS)
    return record.field_with_role(Role.UNIT_NAME) or next(named, None)


def departments_of(disclosure: Disclosure) -> tuple[str, ...]:
    """Return the unit's department as unit.yml and the projects' documents name it."""
    records = [record for project in disclosure.projects for record in project.records]
    cells = [record.field_with_role(Role.DEPARTMENT) for record in records]
    names = [cell.filed for cell in cells if cell and cell.filed]
    return tuple(filter(None, dict.fromkeys([disclosure.unit.facts.department, *names])))


def is_one_of(filed: str, names: Iterable[str]) -> bool:
    """Tell whether one of the bodies that a cell names is one of the given ones.

    A longer name that only has the characters of a given one is another: of a short name's
    characters many names consist.
    """
    parts = filter(None, [filed, *_SEPARATORS.split(filed)])
    return any(
        is_same_body(part, name) and (len(_CODE.sub("", part)) <= len(name) or name in part)
        for part in parts
        for name in names
    )


def _check_implementer(record: Record, own: tuple[str, ...]) -> Iterator[Finding]:
    """Compare the implementing unit with the unit, where only the unit itself can implement.

    A department may let any unit below it implement; a unit below a department implements itself.
    """
    cell, department = (
        record.field_with_role(Role.IMPLEMENTER),
        record.field_with_role(Role.DEPARTMENT),
    )
    if cell is None or not cell.filed or is_one_of(cell.filed, own):
        return
    is_department = department is None or not department.filed or is_one_of(department.filed, own)
    is_implemented_above = department and is_one_of(cell.filed, [department.filed])
    if department and any(differ_by_one(department.filed, name) for name in own):
        return  # That is reported, and the unit may be the department.
    slip = next((name for name in own if differ_by_one(_CODE.sub("", cell.filed), name)), None)
    if slip or not (is_department or is_implemented_above or _SEPARATORS.search(cell.filed)):
        yield _name_finding(cell, slip or own[0])


def _name_finding(cell: Cell, name: str) -> Finding:
    message = f"“{cell.spec.key}”填的是“{cell.filed}”，本单位是“{name}”"
    return finding_at(cell, message, "请核对名称", computed=name, level=Level.W)


def differ_by_one(name: str, other: str) -> bool:
    """Tell whether two long names of the same length differ in one character that is no numeral."""
    if len(name) != len(other) or len(name) < _SHORTEST_NAME:
        return False
    pairs = [pair for pair in zip(name, other, strict=True) if pair[0] != pair[1]]
    return len(pairs) == 1 and not set(pairs[0]) & set("一二三四五六七八九十东西南北上中下")


def _check_opening(passages: Iterable[Passage], own: tuple[str, ...]) -> Iterator[Finding]:
    for passage in passages:
        match = _OPENING.match(passage.text)
        if match and not _SELF.match(match["name"]):
            if not is_one_of(match["name"], own):
                message = f"报告开头写的单位是“{match['name']}”，本单位是“{own[0]}”"
                place, where = (
                    passage.position_at(match.start("name")),
                    passage.where_at(match["name"]),
                )
                advice = "请核对是否用了别的单位的报告"
                yield Finding(place, message, advice, where, match["name"], own[0], Level.W)
            return


def _check_stated_departments(
    passages: Iterable[Passage], disclosure: Disclosure, own: tuple[str, ...]
) -> Iterator[Finding]:
    known = departments_of(disclosure)
    for passage in passages if known else ():
        for match in _DEPARTMENT.finditer(passage.text):
            name = match["name"] or match["other"]
            if _SUPERIOR.search(name) or _SELF.match(name) or is_one_of(name, (*known, *own)):
                continue
            group = "name" if match["name"] else "other"
            message = f"主管部门在报告里是“{name}”，unit.yml 或项目自评表里是“{known[0]}”"
            place, where = passage.position_at(match.start(group)), passage.where_at(name)
            yield Finding(place, message, "请核对后统一", where, name, known[0], Level.W)
