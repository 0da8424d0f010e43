"""What changed since the last release without a 勘误 (GK-05)."""

from collections.abc import Iterable, Iterator

from gongkai.model.personal_data import cover
from gongkai.model.problems import Level, Position, Problem, Rule
from gongkai.model.publication import Correction, Disclosure
from gongkai.reading.dataset import Dataset

UNANNOUNCED = Rule(
    "GK-05",
    "改动无勘误",
    (Level.E,),
    explainable=False,
    text="已经公开的值改了，须在 disclosure.yml 写“勘误”：位置、原值、新值、原因、日期；公开过的勘误不删。\n\n"
    "与最近一次发布（git 标签 released/…，由 gongkai release 设置）比较；没有标签或不用 git 的不比较。"
    "指标改名，写在名称那一栏：位置用新名称，原值、新值写旧名和新名，它下面的各栏不必再写。"
    "原值里有个人信息的，原值照样遮住几位（138****0000）。\n\n"
    "为什么：公开过的数悄悄改掉，读者就不能再相信其他的数。\n"
    "来源：政府信息公开条例第四十一条。\n"
    "怎么改：写“勘误”；改错了的，改回原值；目录改名的，在 unit.yml 写“曾用代号”；确须撤下一个年度的，在 unit.yml 写“撤回”：年度、原因、日期。",
)


def unannounced(released: Dataset, now: Dataset) -> Iterator[Problem]:
    """Published values that are other ones now, and no 勘误 says so."""
    current = {(each.unit.slug, each.year): each for each in now.disclosures}
    heirs = {former: each.slug for each in now.units for former in each.facts.former_slugs}
    withdrawn = {(unit.slug, each.year) for unit in now.units for each in unit.facts.withdrawals}
    for old in released.disclosures:
        slug = heirs.get(old.unit.slug, old.unit.slug)
        new = current.get((old.unit.slug, old.year)) or current.get((slug, old.year))
        if new is None and (slug, old.year) in withdrawn:
            continue
        if new is None:
            what = f"{old.unit.facts.name}{old.year}年度的公开件"
            yield _gone(what, Position(old.file), f"{old.year}年度")
        else:
            yield from _changed(old, new)


def _gone(what: str, position: Position, where: str) -> Problem:
    message = f"{what}已经发布，现在没有了"
    advice = "请恢复文件；目录改了名的，请在 unit.yml 写“曾用代号”；确须撤下一个年度的，写“撤回”"
    return Problem(UNANNOUNCED, Level.E, position, message, advice, where)


def _changed(old: Disclosure, new: Disclosure) -> Iterator[Problem]:
    kept = {project.slug for project in new.projects}
    gone = [project for project in old.projects if project.slug not in kept]
    for project in gone:
        position = new.places.get("项目", new.places["年度"])
        yield _gone(f"项目“{project.name}”", position, f"projects/{project.slug}")
    yield from _withheld(old, new)
    named = {record.name for project in gone for record in project.records}
    moved = _Moved(old, new)
    before = {
        moved(where): cell.filed
        for where, cell in old.cells().items()
        if where.partition("/")[0] not in named
    }
    yield from _values(before, new)


def _values(before: dict[str, str], new: Disclosure) -> Iterator[Problem]:
    """Values that are other ones than before, by their places as they are now."""
    after = new.cells()
    told = {(each.where, each.old, each.new) for each in new.facts.corrections}
    places = {each.where for each in new.facts.corrections}
    for where in dict.fromkeys([*before, *after]):
        was, cell = before.get(where, ""), after.get(where)
        now = cell.filed if cell else ""
        if was == now or not told.isdisjoint({(where, was, now), (where, cover(was), now)}):
            continue
        position = cell.position if cell else new.places["年度"]
        old, shown = cover(was), cover(now)
        message = f"“{where}”已公开的值是“{old}”，现在是“{shown}”，没有勘误"
        if where in places:
            message = f"“{where}”由“{old}”改为“{shown}”，与勘误写的原值、新值不同"
        yield Problem(UNANNOUNCED, Level.E, position, message, "请写勘误", where, old, shown)


def _withheld(old: Disclosure, new: Disclosure) -> Iterator[Problem]:
    """勘误 that were published and are there no more."""
    kept = set(map(_told, new.facts.corrections))
    for each in old.facts.corrections:
        if _told(each) not in kept:
            message = f"公开过的勘误“{each.where}”（{each.date}）删去或改动了"
            position = new.places.get("勘误", new.places["年度"])
            yield Problem(UNANNOUNCED, Level.E, position, message, "请恢复这一条", each.where)


def _told(each: Correction) -> tuple[str, str, str]:
    """What a 勘误 says; its place may have been renamed, and its reason be told better."""
    return each.old, each.new, f"{each.date}"


class _Moved:
    """Where a place of an older version is now: projects and indicators may have other names."""

    def __init__(self, old: Disclosure, new: Disclosure) -> None:
        self._documents = dict(_documents(old, new))
        self._renamed = list(_renamed(new.facts.corrections))

    def __call__(self, where: str) -> str:
        document, slash, rest = where.partition("/")
        place = f"{self._documents.get(document, document)}{slash}{rest}"
        for was, now in self._renamed:
            if place.startswith(f"{was}/"):
                place = f"{now}{place.removeprefix(was)}"
        return place


def _documents(old: Disclosure, new: Disclosure) -> Iterator[tuple[str, str]]:
    """Documents of projects that have other names now."""
    names = {project.slug: project.name for project in new.projects}
    for project in old.projects:
        for record in project.records:
            name = names.get(project.slug, project.name)
            yield record.name, f"{record.form.kind}（{name}）"


def _renamed(corrections: Iterable[Correction]) -> Iterator[tuple[str, str]]:
    """The places of indicators before and after a 勘误 of their names."""
    for each in corrections:
        place, _, _ = each.where.rpartition("/")
        if each.old and each.new and place.endswith(f"/{each.new}"):
            yield f"{place.removesuffix(each.new)}{each.old}", place
