"""Changes to published values that no 勘误 announces (GK-05)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.checks.base import Finding, check
from gongkai.model.personal_data import mask_personal_data
from gongkai.model.problems import Position
from gongkai.model.publication import Correction, Disclosure
from gongkai.reading.dataset import Dataset

WRITE_CORRECTION = "请写勘误"
"""Advice of the findings that a 勘误 with their place, old and new value settles."""


@dataclass(frozen=True, slots=True)
class Versions:
    """A unit's data as released and as it is now."""

    released: Dataset
    current: Dataset


@check("GK-05", "改动无勘误", of=Versions, explainable=False)
def change_unannounced(versions: Versions) -> Iterator[Finding]:
    """已经公开的值改了，须在 disclosure.yml 写“勘误”：位置、原值、新值、原因、日期；公开过的勘误不删。

    与最近一次发布（git 标签 released/…，由 gongkai release 设置）比较；没有标签或不用 git 的不比较。指标改名，写在名称那一栏：位置用新名称，原值、新值写旧名和新名，它下面的各栏不必再写。原值里有个人信息的，原值照样遮住几位（138****0000）。

    为什么：公开过的数悄悄改掉，读者就不能再相信其他的数。
    来源：政府信息公开条例第四十一条。
    怎么改：写“勘误”；改错了的，改回原值；目录改名的，在 unit.yml 写“曾用代号”；确须撤下一个年度的，在 unit.yml 写“撤回”：年度、原因、日期。
    """
    current = versions.current
    disclosures = {
        (disclosure.unit.slug, disclosure.year): disclosure for disclosure in current.disclosures
    }
    renamed_slugs = {
        former: unit.slug for unit in current.units for former in unit.facts.former_slugs
    }
    withdrawn = {
        (unit.slug, withdrawal.year)
        for unit in current.units
        for withdrawal in unit.facts.withdrawals
    }
    for old in versions.released.disclosures:
        slug = renamed_slugs.get(old.unit.slug, old.unit.slug)
        new = disclosures.get((old.unit.slug, old.year)) or disclosures.get((slug, old.year))
        if new is None and (slug, old.year) in withdrawn:
            continue
        if new is None:
            label = f"{old.unit.facts.name}{old.year}年度的公开件"
            yield _vanished(label, Position(old.file), f"{old.year}年度")
        else:
            yield from _find_changes(old, new)


def _vanished(label: str, position: Position, where: str) -> Finding:
    message = f"{label}已经发布，现在没有了"
    advice = "请恢复文件；目录改了名的，请在 unit.yml 写“曾用代号”；确须撤下一个年度的，写“撤回”"
    return Finding(position, message, advice, where)


def _find_changes(old: Disclosure, new: Disclosure) -> Iterator[Finding]:
    slugs = {project.slug for project in new.projects}
    vanished = [project for project in old.projects if project.slug not in slugs]
    for project in vanished:
        position = new.key_positions.get("项目", new.key_positions["年度"])
        yield _vanished(f"项目“{project.name}”", position, f"projects/{project.slug}")
    yield from _find_lost_corrections(old, new)
    vanished_documents = {record.name for project in vanished for record in project.records}
    current_place = _PlaceMapping(old, new)
    old_values = {
        current_place(where): cell.filed
        for where, cell in old.cells_by_path().items()
        if where.partition("/")[0] not in vanished_documents
    }
    yield from _find_changed_values(old_values, new)


def _find_changed_values(old_values: dict[str, str], new: Disclosure) -> Iterator[Finding]:
    """Compare old values, by their current places, with the new ones."""
    cells, corrections = new.cells_by_path(), new.facts.corrections
    announced = {(correction.where, correction.old, correction.new) for correction in corrections}
    corrected_places = {correction.where for correction in corrections}
    for where in dict.fromkeys([*old_values, *cells]):
        old_value, cell = old_values.get(where, ""), cells.get(where)
        new_value = cell.filed if cell else ""
        accepted = {
            (where, old_value, new_value),
            (where, mask_personal_data(old_value), new_value),
        }
        if old_value == new_value or not announced.isdisjoint(accepted):
            continue
        position = cell.position if cell else new.key_positions["年度"]
        old_shown, new_shown = mask_personal_data(old_value), mask_personal_data(new_value)
        message = f"“{where}”已公开的值{_say(old_shown)}，现在{_say(new_shown)}，没有勘误"
        if where in corrected_places:
            message = (
                f"“{where}”原来{_say(old_shown)}，现在{_say(new_shown)}，与勘误写的原值、新值不同"
            )
        advice = WRITE_CORRECTION if cell else "请恢复这一处；指标改了名的，勘误写在名称上"
        yield Finding(position, message, advice, where, old_shown, new_shown)


def _say(value: str) -> str:
    return f"是“{value}”" if value else "是空的"


def _find_lost_corrections(old: Disclosure, new: Disclosure) -> Iterator[Finding]:
    """Yield a finding for every published 勘误 that was deleted or changed."""
    new_keys = set(map(_correction_key, new.facts.corrections))
    for correction in old.facts.corrections:
        if _correction_key(correction) not in new_keys:
            where = correction.where
            message = f"公开过的勘误“{where}”（{correction.date}）删去或改动了"
            position = new.key_positions.get("勘误", new.key_positions["年度"])
            yield Finding(position, message, "请恢复这一条", where)


def _correction_key(correction: Correction) -> tuple[str, str, str]:
    """Identify a 勘误 without its place, which may be renamed, and its reason, which may change."""
    return correction.old, correction.new, f"{correction.date}"


class _PlaceMapping:
    """Maps key paths of an older version to current ones, following renamed documents and indicators."""

    def __init__(self, old: Disclosure, new: Disclosure) -> None:
        self._documents = dict(_documents(old, new))
        self._indicators = list(_renamed_indicators(new.facts.corrections))

    def __call__(self, where: str) -> str:
        document, slash, rest = where.partition("/")
        place = f"{self._documents.get(document, document)}{slash}{rest}"
        for old_place, new_place in self._indicators:
            if place.startswith(f"{old_place}/"):
                place = f"{new_place}{place.removeprefix(old_place)}"
        return place


def _documents(old: Disclosure, new: Disclosure) -> Iterator[tuple[str, str]]:
    """Yield (old name, current name) of the projects' documents."""
    names = {project.slug: project.name for project in new.projects}
    for project in old.projects:
        for record in project.records:
            name = names.get(project.slug, project.name)
            yield record.name, f"{record.form.kind}（{name}）"


def _renamed_indicators(corrections: Iterable[Correction]) -> Iterator[tuple[str, str]]:
    """Yield (old place, new place) for every 勘误 of an indicator's name."""
    for correction in corrections:
        place, _, _ = correction.where.rpartition("/")
        if correction.old and correction.new and place.endswith(f"/{correction.new}"):
            yield f"{place.removesuffix(correction.new)}{correction.old}", place
