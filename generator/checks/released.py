"""What changed since the last release without a 勘误 (GK-05)."""

from collections.abc import Iterator

from generator.dataset import Dataset
from generator.problems import Level, Position, Problem, Rule
from generator.publication import Disclosure

UNANNOUNCED = Rule(
    "GK-05",
    "改动无勘误",
    (Level.E,),
    text="已经公开的值改了，须在 disclosure.yml 写“勘误”：位置、原值、新值、原因、日期。\n\n"
    "与最近一次发布（git 标签 released/…，由 gongkai release 设置）比较；没有标签或不用 git 的不比较。\n\n"
    "为什么：公开过的数悄悄改掉，读者就不能再相信其他的数。\n"
    "来源：政府信息公开条例第四十一条。\n"
    "怎么改：写“勘误”；改错了的，改回原值。",
)


def unannounced(released: Dataset, now: Dataset) -> Iterator[Problem]:
    """Published values that are other ones now, and no 勘误 says so."""
    current = {(each.unit.slug, each.year): each for each in now.disclosures}
    for old in released.disclosures:
        new = current.get((old.unit.slug, old.year))
        if new is None:
            yield _withdrawn(old)
        else:
            yield from _changed(old, new)


def _withdrawn(old: Disclosure) -> Problem:
    message = f"{old.unit.facts.name}{old.year}年度的公开件已经发布，现在没有了"
    position = Position(old.file)
    return Problem(UNANNOUNCED, Level.E, position, message, "请恢复文件", f"{old.year}年度")


def _changed(old: Disclosure, new: Disclosure) -> Iterator[Problem]:
    before, after = old.cells(), new.cells()
    told = {(each.where, each.old, each.new) for each in new.facts.corrections}
    places = {each.where for each in new.facts.corrections}
    for where in dict.fromkeys([*before, *after]):
        was = before[where].filed if where in before else ""
        cell = after.get(where)
        now = cell.filed if cell else ""
        if was == now or (where, was, now) in told:
            continue
        position = cell.position if cell else new.places["年度"]
        message = f"“{where}”已公开的值是“{was}”，现在是“{now}”，没有勘误"
        if where in places:
            message = f"“{where}”由“{was}”改为“{now}”，与勘误写的原值、新值不同"
        yield Problem(UNANNOUNCED, Level.E, position, message, "请写勘误", where, was, now)
