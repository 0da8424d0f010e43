"""Two versions of a disclosure: every place that is another one, in words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from gongkai.history.changes import Change, ChangeKind
from gongkai.history.labels import place, shortened
from gongkai.model.documents import Cell, Project, Record
from gongkai.model.publication import Correction, Disclosure, UnitFacts
from gongkai.model.schema import Strict
from gongkai.reading.front_matter import paragraphs

Rows = Mapping[str, Mapping[str, Cell]]
"""By the row's path in its document, the cells by their keys; in the form's order."""
_AGAIN = re.compile(r"（第\d+项）$")
"""What follows a name that stands a second time."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row before and now; empty where it is new or gone."""

    before: str | None
    now: str | None


def rows_of(record: Record) -> Rows:
    """All cells of a document by row; what stands outside tables is in rows of its own."""
    found: dict[str, dict[str, Cell]] = {}
    for cell in record.cells():
        row = cell.where[len(record.name) + 1 : -len(cell.spec.key) - 1]
        found.setdefault(row, {})[cell.spec.key] = cell
    return found


def named(row: str, cell: Cell) -> bool:
    """Whether a cell holds the row's own name, by which its path ends."""
    return bool(cell.filed) and _AGAIN.sub("", f"/{row}").endswith(f"/{cell.filed}")


def pairs(old: Rows, new: Rows) -> Iterator[Pair]:
    """Rows before and now, in the present order, those that are gone at last.

    A row that has another name now is told by what else it holds, and by where it stands.
    """
    renamed = _renamed(old, new)
    before = {now: past for past, now in renamed.items()}
    for row in new:
        yield Pair(row if row in old else before.get(row), row)
    for row in old:
        if row not in new and row not in renamed:
            yield Pair(row, None)


def _renamed(old: Rows, new: Rows) -> dict[str, str]:
    gone = [row for row in old if row not in new]
    come = [row for row in new if row not in old]
    found: dict[str, str] = {}
    for row in gone:
        parent, _, name = row.rpartition("/")
        above = found.get(parent, parent)
        beside = [each for each in come if each.rpartition("/")[0] == above]
        same = f"{above}/{name}"
        now = same if same in beside else _likest(row, old, new, beside)
        if now:
            found[row] = now
            come.remove(now)
    return found


def _likest(row: str, old: Rows, new: Rows, beside: Iterable[str]) -> str:
    """The row that holds most of what one held, if at least half of it; else empty."""
    held = _held(row, old[row])
    best, most = "", 0
    for each in beside:
        other = _held(each, new[each])
        same = len(held & other)
        if same > most and 2 * same >= max(len(held), len(other)):
            best, most = each, same
    return best


def _held(row: str, cells: Mapping[str, Cell]) -> set[tuple[str, str]]:
    """What is filed in a row besides its name."""
    return {(key, each.filed) for key, each in cells.items() if each.filed and not named(row, each)}


CATALOGUE, APPROVED, EXPLANATIONS, NUMBERS = "公开目录", "批复日期", "差异说明", "附件编号"
BODY, UNIT = "正文", "单位信息"
PROJECT = "项目"
"""Where a project is that is new, gone, or has another slug."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the changes of one document have in common."""

    corrections: tuple[Correction, ...]
    document: str = ""
    project: str = ""

    def change(  # noqa: PLR0913, PLR0917 - a place, and what it held
        self,
        where: str,
        shown: str,
        old: str,
        new: str,
        places: Iterable[str] = (),
        kind: ChangeKind = ChangeKind.CHANGED,
    ) -> Change:
        """A value that is another one; `places` are further paths that a 勘误 may give."""
        reason, day = announced(self.corrections, {where, *places}, old, new)
        before, now = shortened(old, new)
        return Change(kind, self.project, self.document, shown, before, now, where, reason, day)

    def whole(self, kind: ChangeKind, shown: str, where: str, cells: Iterable[Cell] = ()) -> Change:
        """A row, document or project that is new or gone."""
        filed = [each for each in cells if each.filed]
        told = "，".join(f"{each.spec.key} {each.filed}" for each in filed)
        old, new = shortened(told, "") if kind is ChangeKind.REMOVED else shortened("", told)
        reasons = [_of_cell(self.corrections, kind, each) for each in filed]
        day = max((day for _, day in reasons), default="") if all(d for _, d in reasons) else ""
        reason = "；".join(dict.fromkeys(each for each, _ in reasons)) if day else ""
        return Change(kind, self.project, self.document, shown, old, new, where, reason, day)


def changes(
    old: Disclosure, new: Disclosure, moved: Mapping[str, str], corrections: Iterable[Correction]
) -> tuple[Change, ...]:
    """All changes, in the order of the documents; `moved` gives new slugs of projects."""
    page = _Page(tuple(corrections))
    return (
        *_facts(page, old, new),
        *_documents(page, old.records, new.records),
        *_projects(page, old, new, moved),
    )


def unit_changes(old: UnitFacts, new: UnitFacts) -> tuple[Change, ...]:
    """What unit.yml says otherwise."""
    page = _Page((), UNIT)
    before, now = _told(old), _told(new)
    keys = [key for key in now if before.get(key) != now[key]]
    return tuple(page.change(f"{UNIT}/{key}", key, before.get(key, ""), now[key]) for key in keys)


def announced(
    corrections: Iterable[Correction], places: Iterable[str], old: str, new: str
) -> tuple[str, str]:
    """Reason and day of the 勘误 by which a value became another one; empty where there is none.

    Several 勘误 of one place may lead from one to the other, each with its reason.
    """
    wanted = set(places)
    here = [each for each in corrections if each.where in wanted]
    for each in here:
        if (each.old, each.new) == (old, new):
            return each.reason, each.date.isoformat()
    value, found = old, list[Correction]()
    for each in sorted(here, key=lambda each: each.date):
        if each.old == value:
            value, found = each.new, [*found, each]
        if value == new:
            return "；".join(each.reason for each in found), found[-1].date.isoformat()
    return "", ""


def _of_cell(corrections: Iterable[Correction], kind: ChangeKind, cell: Cell) -> tuple[str, str]:
    filed = (cell.filed, "") if kind is ChangeKind.REMOVED else ("", cell.filed)
    return announced(corrections, {cell.where}, *filed)


def _facts(page: _Page, old: Disclosure, new: Disclosure) -> Iterator[Change]:
    """What disclosure.yml says of the whole."""
    for name, before, now in (
        (CATALOGUE, _catalogue(old), _catalogue(new)),
        (NUMBERS, _numbers(old), _numbers(new)),
        (EXPLANATIONS, _explained(old), _explained(new)),
    ):
        here = _Page(page.corrections, name)
        for key in dict.fromkeys([*before, *now]):
            was, value = before.get(key, ""), now.get(key, "")
            if was != value:
                yield here.change(f"{name}/{key}", key, was, value, (key,))


def _told(facts: Strict) -> dict[str, str]:
    """What a file of fixed shape says, by its keys; lists and what is nested in one line."""
    found: dict[str, str] = {}
    for key, value in facts.model_dump(mode="json", by_alias=True).items():
        parts = value.values() if isinstance(value, dict) else value
        found[key] = (
            "、".join(map(str, parts)) if isinstance(value, (dict, list)) else f"{value or ''}"
        )
    return found


def _catalogue(disclosure: Disclosure) -> dict[str, str]:
    told = _told(disclosure.facts.catalogue)
    return told | {APPROVED: f"{disclosure.facts.approved or ''}"}


def _numbers(disclosure: Disclosure) -> dict[str, str]:
    return {f"{each.kind}": each.number for each in disclosure.facts.attachments}


def _explained(disclosure: Disclosure) -> dict[str, str]:
    return {f"{each.rule} {each.where}": each.reason for each in disclosure.facts.explanations}


def _projects(
    page: _Page, old: Disclosure, new: Disclosure, moved: Mapping[str, str]
) -> Iterator[Change]:
    before = dict(_matched(old.projects, new.projects, moved))
    for project in new.projects:
        here, past = _Page(page.corrections, "", project.slug), before.get(project.slug)
        if past is None:
            yield here.whole(ChangeKind.ADDED, f"项目“{project.name}”", PROJECT)
        else:
            yield from _project(here, past, project)
    kept = {each.slug for each in before.values()}
    for each in old.projects:
        if each.slug not in kept:
            yield page.whole(ChangeKind.REMOVED, f"项目“{each.name}”", PROJECT)


def _project(page: _Page, old: Project, new: Project) -> Iterator[Change]:
    if old.name != new.name:
        yield page.change("项目名称", "项目名称", old.name, new.name)
    if old.slug != new.slug:
        yield page.change(PROJECT, f"项目“{new.name}”的网址代号", old.slug, new.slug)
    yield from _documents(page, old.records, new.records)


def _matched(
    old: Iterable[Project], new: Iterable[Project], moved: Mapping[str, str]
) -> Iterator[tuple[str, Project]]:
    """Projects before by their present slugs: by file, else by name."""
    slugs = {each.slug: each.name for each in new}
    names = {name: slug for slug, name in slugs.items()}
    left = list[Project]()
    for each in old:
        slug = moved.get(each.slug, each.slug)
        if slugs.pop(slug, None) is not None:
            yield slug, each
        else:
            left.append(each)
    for each in left:
        slug = names.get(each.name, "")
        if slugs.pop(slug, None) is not None:
            yield slug, each


def _documents(page: _Page, old: Iterable[Record], new: Iterable[Record]) -> Iterator[Change]:
    before = {each.form.kind: each for each in old}
    for record in new:
        past = before.pop(record.form.kind, None)
        if past is None:
            yield page.whole(ChangeKind.ADDED, record.name, record.name)
        else:
            here = _Page(page.corrections, record.name, page.project)
            yield from _document(here, past, record)
    for past in before.values():
        yield page.whole(ChangeKind.REMOVED, past.name, past.name)


def _document(page: _Page, old: Record, new: Record) -> Iterator[Change]:
    if old.form.id != new.form.id:
        yield page.change(f"{new.name}/表式", "表式", old.form.id, new.form.id)
    if old.title != new.title:
        yield page.change(f"{new.name}/标题", "标题", old.title, new.title)
    before, now = rows_of(old), rows_of(new)
    for pair in pairs(before, now):
        if pair.before is None and pair.now is not None:
            yield from _row(page, ChangeKind.ADDED, new.name, pair.now, now)
        elif pair.now is None and pair.before is not None:
            yield from _row(page, ChangeKind.REMOVED, old.name, pair.before, before)
        elif pair.now is not None and pair.before is not None:
            yield from _cells(page, pair.now, before[pair.before], now[pair.now])
    yield from _body(page, old.body, new.body)


def _row(page: _Page, kind: ChangeKind, name: str, row: str, rows: Rows) -> Iterator[Change]:
    cells = [each for each in rows[row].values() if not named(row, each)]
    if any(each.filed for each in rows[row].values()):
        yield page.whole(kind, place(row), f"{name}/{row}", cells)


def _cells(
    page: _Page, row: str, old: Mapping[str, Cell], new: Mapping[str, Cell]
) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        before, after = was.filed if was else "", now.filed if now else ""
        if before != after:
            own = now is not None and named(row, now)
            shown = place(row.rpartition("/")[0] if own else row, key)
            wheres = [each.where for each in (now, was) if each]
            yield page.change(wheres[0], shown, before, after, wheres)


def _body(page: _Page, old: str, new: str) -> Iterator[Change]:
    """Paragraphs of a report."""
    before, now = paragraphs(old), paragraphs(new)
    for tag, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        for was, here in zip_longest(range(a, b), range(c, d)) if tag != "equal" else ():
            kind = ChangeKind.CHANGED
            if was is None or here is None:
                kind = ChangeKind.ADDED if was is None else ChangeKind.REMOVED
            shown = f"{BODY}第{(was if here is None else here) + 1}段"
            texts = ("" if was is None else before[was], "" if here is None else now[here])
            yield page.change(f"{page.document}/{shown}", shown, *texts, kind=kind)
