"""What was read becomes the files of a unit's year, each line with where it comes from."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.authoring.importer import Reading
from gongkai.authoring.json_schemas import DOCUMENT, PROJECT
from gongkai.authoring.office.cells import squeezed
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.office.label_index import Leaf, Tree
from gongkai.authoring.skeletons import FILES, modeline, unit_skeleton
from gongkai.authoring.yaml_writer import Written, lines_of, quoted
from gongkai.model.forms import filled
from gongkai.model.publication import Catalogue, Disclosure, UnitFacts
from gongkai.model.terms import DocumentKind, Role
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECT_DOCUMENTS, PROJECTS_FOLDER

_NEW = "xiangmu-"
"""What new projects' files are called, with a number."""
_HOW = "# 由 gongkai import 从 Word、Excel 文件导入；请对照原文件核对一遍"
_KEYS = {kind: key for key, kind in PROJECT_DOCUMENTS.items()}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the files go, and what is there already."""

    unit: str
    """The unit's folder."""
    year: int
    facts: UnitFacts | None
    """None where the unit has no unit.yml yet."""
    disclosure: Disclosure | None
    taken: frozenset[str] = frozenset()
    """The names of project files that are there."""
    project: str = ""
    """What a single project's file is to be called."""

    @property
    def folder(self) -> str:
        """The year's folder, from the data folder."""
        return f"units/{self.unit}/{self.year}"


@dataclass(slots=True)
class Assembled:
    """Files to be written."""

    files: dict[str, list[Written]] = field(default_factory=dict)
    """By path from the data folder."""
    documents: dict[str, list[tuple[Reading, Draft]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """What each of them was made from."""
    twice: list[tuple[Reading, Draft]] = field(default_factory=list)
    """Documents of which there is one already; they are not written."""


def assembled(readings: Sequence[Reading], target: Target) -> Assembled:
    """The files of what was read; disclosure.yml and unit.yml only where there are none."""
    result = Assembled()
    every = [(reading, draft) for reading in readings for draft in reading.drafts]
    shared = _shared(every, target)
    whole: dict[DocumentKind, str] = {}
    projects: dict[str, dict[DocumentKind, tuple[Reading, Draft]]] = {}
    for reading, draft in every:
        kind = draft.form.kind
        if kind.of_project:
            known = projects.setdefault(_project_name(reading, draft), {})
            if kind in known:
                result.twice.append((reading, draft))
            else:
                known[kind] = (reading, draft)
        elif kind in whole:
            result.twice.append((reading, draft))
        else:
            path = _path(target, kind)
            whole[kind] = path
            lines = _document_file(draft, shared, target)
            result.files[path] = list(_from(reading, lines))
            result.documents[path].append((reading, draft))
    slugs = _slugs(list(projects), target)
    for name, found in projects.items():
        path = f"{target.folder}/{PROJECTS_FOLDER}/{slugs[name]}.yml"
        result.files[path] = list(_project_file(name, found, shared, target))
        result.documents[path] += found.values()
    if every:
        _new_files(result, [draft for _, draft in every], target, shared, list(slugs.values()))
    return result


def _project_name(reading: Reading, draft: Draft) -> str:
    """The project that a document is about: as it says, else as its file is called."""
    return draft.named(Role.PROJECT_NAME) or Path(reading.name).stem


def _path(target: Target, kind: DocumentKind) -> str:
    """Where a unit's document goes: the file that holds it already, or a new one."""
    record = target.disclosure.record(kind) if target.disclosure else None
    name = Path(record.position.file).name if record else FILES[kind]
    return f"{target.folder}/{name}"


def _slugs(names: Sequence[str], target: Target) -> dict[str, str]:
    """What the projects' files are called; those that are there keep their names."""
    there = target.disclosure.projects if target.disclosure else ()
    known = {squeezed(project.name): project.slug for project in there}
    free = (slug for number in range(1, 10_000) if (slug := f"{_NEW}{number}") not in target.taken)
    slugs = {name: known.get(squeezed(name)) or "" for name in names}
    if target.project and len(names) == 1:
        return {names[0]: target.project}
    return {name: slug or next(free) for name, slug in slugs.items()}


def _shared(every: Iterable[tuple[Reading, Draft]], target: Target) -> Mapping[str, str]:
    """填报 of disclosure.yml: what is there, else what most documents say."""
    if target.disclosure:
        return target.disclosure.facts.sign_off
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for _, draft in every:
        for key in draft.form.sign_off_keys:
            leaf = draft.sign_off.get(key)
            said[key][leaf.text if leaf else ""] += 1
    return {key: _most(counts) for key, counts in said.items()}


def _most(counts: Counter[str]) -> str:
    """What is said most often; something before nothing."""
    return max(counts, key=lambda text: (bool(text), counts[text]))


def _document(draft: Draft, shared: Mapping[str, str], target: Target) -> dict[str, object]:
    """A document's keys in the form's order."""
    words = {"年度": f"{target.year}", "上年": f"{target.year - 1}"}
    words |= {"单位": target.facts.name, "级别": target.facts.level} if target.facts else {}
    told: dict[str, object] = {"表式": draft.form.id}
    if draft.title and draft.title != filled(draft.form.title, words):
        told["标题"] = draft.title
    told |= draft.tree
    own: Tree = {}
    for key in draft.form.sign_off_keys:
        leaf = draft.sign_off.get(key, Leaf())
        if leaf.text != shared.get(key, ""):
            own[key] = leaf
    return told | ({"填报": own} if own else {})


def _document_file(draft: Draft, shared: Mapping[str, str], target: Target) -> Iterator[Written]:
    if draft.form.kind is DocumentKind.REPORT:
        yield Written("---")
        front: dict[str, object] = {"表式": draft.form.id}
        yield from lines_of(front | ({"标题": draft.title} if draft.title else {}) | draft.tree)
        yield Written("---")
        yield Written("")
        yield from (Written(line) for line in draft.body.split("\n"))
        return
    yield Written(modeline(DOCUMENT, up=3))
    yield Written(_HOW)
    yield from lines_of(_document(draft, shared, target))


def _project_file(
    name: str,
    found: Mapping[DocumentKind, tuple[Reading, Draft]],
    shared: Mapping[str, str],
    target: Target,
) -> Iterator[Written]:
    yield Written(modeline(PROJECT, up=4))
    yield Written(_HOW)
    yield Written(f"项目名称: {quoted(name)}")
    for kind, key in _KEYS.items():
        if kind in found:
            reading, draft = found[kind]
            lines = lines_of({key: _document(draft, shared, target)})
            yield from _from(reading, lines)


def _from(reading: Reading, lines: Iterable[Written]) -> Iterator[Written]:
    """Lines with the name of the file before the place in it."""
    for text, place in lines:
        yield Written(text, f"{reading.name} {place}" if place else "")


def _new_files(
    result: Assembled,
    drafts: Sequence[Draft],
    target: Target,
    shared: Mapping[str, str],
    projects: Sequence[str],
) -> None:
    """unit.yml and disclosure.yml, where there are none."""
    name = target.facts.name if target.facts else _unit_name(drafts)
    if target.facts is None:
        text = unit_skeleton(name)
        result.files[f"units/{target.unit}/unit.yml"] = [
            Written(each) for each in text.splitlines()
        ]
    if target.disclosure is None:
        path = f"{target.folder}/{DISCLOSURE_FILE}"
        result.files[path] = list(_disclosure(drafts, target, name, shared, projects))


def _unit_name(drafts: Sequence[Draft]) -> str:
    roles = (Role.UNIT_NAME, Role.IMPLEMENTER)
    named = (draft.named(role) for role in roles for draft in drafts)
    return next((each for each in named if each), "")


def _disclosure(
    drafts: Sequence[Draft],
    target: Target,
    unit: str,
    shared: Mapping[str, str],
    projects: Sequence[str],
) -> Iterator[Written]:
    kinds: dict[DocumentKind, str] = {}
    for draft in drafts:
        kinds[draft.form.kind] = kinds.get(draft.form.kind, "") or draft.number
    ordered = sorted(kinds, key=lambda kind: (_digits(kinds[kind]), list(DocumentKind).index(kind)))
    catalogue = {field_.alias or name: Leaf() for name, field_ in Catalogue.model_fields.items()}
    catalogue["名称"] = Leaf(_catalogue_name(drafts, target, unit))
    attachments = [
        {"编号": Leaf(kinds[kind] or f"附件{number}"), "类型": Leaf(f"{kind}")}
        for number, kind in enumerate(ordered, start=1)
    ]
    told: dict[str, object] = {
        "年度": target.year,
        "单位": Leaf(unit),
        "公开目录": catalogue,
        "附件": attachments,
    }
    told |= {"项目": [Leaf(each) for each in projects]} if projects else {}
    told |= {"填报": {key: Leaf(text) for key, text in shared.items()}} if shared else {}
    yield Written(modeline("disclosure", up=3))
    yield Written(_HOW)
    yield from lines_of(told)


def _digits(number: str) -> int:
    """附件3 → 3; after all others where there is no number."""
    digits = "".join(filter(str.isdigit, number))
    return int(digits) if digits else len(DocumentKind) * 10


def _catalogue_name(drafts: Sequence[Draft], target: Target, unit: str) -> str:
    titles = (draft.title for draft in drafts if draft.form.kind is DocumentKind.REPORT)
    return next(titles, "") or f"{unit}{target.year}年度绩效自评"
