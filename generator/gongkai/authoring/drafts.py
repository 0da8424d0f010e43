"""Data files of a unit's year, made from imported drafts, with the origin of every line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.authoring.importer import SourceFile
from gongkai.authoring.json_schemas import DOCUMENT_SCHEMA, PROJECT_SCHEMA
from gongkai.authoring.office.cells import remove_whitespace
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.office.label_index import Leaf, Tree
from gongkai.authoring.project_list import add_projects
from gongkai.authoring.skeletons import DOCUMENT_FILES, schema_modeline, unit_skeleton
from gongkai.authoring.yaml_writer import YamlLine, quote_scalar, yaml_lines
from gongkai.model.forms import fill_placeholders
from gongkai.model.publication import Catalogue, Disclosure, Site, UnitFacts
from gongkai.model.terms import DocumentKind, Role
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECT_DOCUMENTS, PROJECTS_FOLDER
from gongkai.reading.form_plan import UNSETTLED_KEY

_NEW_PROJECT = "xiangmu-"
"""File name of a new project without its number."""
_IMPORT_COMMENT = "# 由 gongkai import 导入；请对照原文件核对一遍"
_PROJECT_KEYS = {kind: key for key, kind in PROJECT_DOCUMENTS.items()}


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The unit and year to import into, and the files that exist already."""

    unit: str
    """Slug of the unit."""
    year: int
    facts: UnitFacts | None
    """None if the unit has no unit.yml yet."""
    disclosure: Disclosure | None
    """None if the year has no disclosure.yml yet."""
    disclosure_text: str = ""
    """The text of disclosure.yml; empty if the year has none yet."""
    existing_projects: frozenset[str] = frozenset()
    """Slugs of existing project files."""
    project: str = ""
    """Slug for the project file if only one project is imported; empty for a generated one."""
    site: Site | None = None
    """The site, whose level and region a new unit has."""

    @property
    def folder(self) -> str:
        """Path of the year's folder within the data folder."""
        return f"units/{self.unit}/{self.year}"


@dataclass(slots=True)
class ImportOutput:
    """The files to write, and the drafts they come from."""

    files: dict[str, list[YamlLine]] = field(default_factory=dict)
    """Lines by path within the data folder."""
    extended: dict[str, str] = field(default_factory=dict)
    """Texts of existing files to which lines are added, by path within the data folder."""
    drafts_by_path: dict[str, list[tuple[SourceFile, Draft]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """The drafts in every file, with the file they were read from."""
    duplicates: list[tuple[SourceFile, Draft]] = field(default_factory=list)
    """Further drafts of the same document; they are not written."""


def assemble_files(readings: Sequence[SourceFile], target: ImportTarget) -> ImportOutput:
    """Assemble the data files; unit.yml and disclosure.yml only if they do not exist yet."""
    result = ImportOutput()
    all_drafts = [(reading, draft) for reading in readings for draft in reading.drafts]
    shared = _shared_sign_off(all_drafts, target)
    unit_paths: dict[DocumentKind, str] = {}
    projects: dict[str, dict[DocumentKind, tuple[SourceFile, Draft]]] = {}
    for reading, draft in all_drafts:
        kind = draft.form.kind
        if kind.is_about_project:
            project_drafts = projects.setdefault(_project_name(reading, draft), {})
            if kind in project_drafts:
                result.duplicates.append((reading, draft))
            else:
                project_drafts[kind] = (reading, draft)
        elif kind in unit_paths:
            result.duplicates.append((reading, draft))
        else:
            path = _document_path(target, kind)
            unit_paths[kind] = path
            lines = _document_lines(draft, shared, target)
            result.files[path] = list(_with_file_name(reading, lines))
            result.drafts_by_path[path].append((reading, draft))
    slugs = _project_slugs(list(projects), target)
    for name, project_drafts in projects.items():
        path = f"{target.folder}/{PROJECTS_FOLDER}/{slugs[name]}.yml"
        result.files[path] = list(_project_lines(name, project_drafts, shared, target))
        result.drafts_by_path[path] += project_drafts.values()
    if all_drafts:
        _add_missing_files(
            result, [draft for _, draft in all_drafts], target, shared, list(slugs.values())
        )
    return result


def _project_name(reading: SourceFile, draft: Draft) -> str:
    """Return the project's name as filed, or else the file name."""
    return draft.field_text(Role.PROJECT_NAME) or Path(reading.name).stem


def _document_path(target: ImportTarget, kind: DocumentKind) -> str:
    """Return the path of a unit's document: the existing file, or a new one."""
    record = target.disclosure.record(kind) if target.disclosure else None
    name = Path(record.position.file).name if record else DOCUMENT_FILES[kind]
    return f"{target.folder}/{name}"


def _project_slugs(names: Sequence[str], target: ImportTarget) -> dict[str, str]:
    """Return slugs by project name; existing project files keep theirs."""
    existing = target.disclosure.projects if target.disclosure else ()
    known_slugs = {remove_whitespace(project.name): project.slug for project in existing}
    free_slugs = (
        slug
        for number in range(1, 10_000)
        if (slug := f"{_NEW_PROJECT}{number}") not in target.existing_projects
    )
    slugs = {name: known_slugs.get(remove_whitespace(name)) or "" for name in names}
    if target.project and len(names) == 1:
        return {names[0]: target.project}
    return {name: slug or next(free_slugs) for name, slug in slugs.items()}


def _shared_sign_off(
    all_drafts: Iterable[tuple[SourceFile, Draft]], target: ImportTarget
) -> Mapping[str, str]:
    """Return the 填报 of disclosure.yml: the existing values, or the most frequent ones."""
    if target.disclosure:
        return target.disclosure.facts.sign_off
    counts_by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for _, draft in all_drafts:
        for key in draft.form.sign_off_keys:
            leaf = draft.sign_off.get(key)
            counts_by_key[key][leaf.text if leaf else ""] += 1
    return {key: _most_common(counts) for key, counts in counts_by_key.items()}


def _most_common(counts: Counter[str]) -> str:
    """Return the most frequent text; a blank one only if there is no other."""
    return max(counts, key=lambda text: (bool(text), counts[text]))


def _document_tree(
    draft: Draft, shared: Mapping[str, str], target: ImportTarget
) -> dict[str, object]:
    """Return a document's values in the form's order."""
    words = {"年度": f"{target.year}", "上年": f"{target.year - 1}"}
    words |= {"单位": target.facts.name, "级别": target.facts.level} if target.facts else {}
    values: dict[str, object] = {"表式": draft.form.id, **_unsettled(draft)}
    if draft.title and draft.title != fill_placeholders(draft.form.title, words):
        values["标题"] = draft.title
    values |= draft.tree
    own_sign_off: Tree = {}
    for key in draft.form.sign_off_keys:
        leaf = draft.sign_off.get(key, Leaf())
        if leaf.text != shared.get(key, ""):
            own_sign_off[key] = leaf
    return values | ({"填报": own_sign_off} if own_sign_off else {})


def _unsettled(draft: Draft) -> dict[str, object]:
    """Return what is to be settled first under a key that no form has."""
    return {UNSETTLED_KEY: draft.unsettled} if draft.unsettled else {}


def _document_lines(
    draft: Draft, shared: Mapping[str, str], target: ImportTarget
) -> Iterator[YamlLine]:
    """Yield the lines of a unit's document."""
    if draft.form.kind is DocumentKind.REPORT:
        yield YamlLine("---")
        front_matter: dict[str, object] = {"表式": draft.form.id, **_unsettled(draft)}
        yield from yaml_lines(
            front_matter | ({"标题": draft.title} if draft.title else {}) | draft.tree
        )
        yield YamlLine("---")
        yield YamlLine("")
        yield from (YamlLine(line) for line in draft.body.split("\n"))
        return
    yield YamlLine(schema_modeline(DOCUMENT_SCHEMA, up=3))
    yield YamlLine(_IMPORT_COMMENT)
    yield from yaml_lines(_document_tree(draft, shared, target))


def _project_lines(
    name: str,
    project_drafts: Mapping[DocumentKind, tuple[SourceFile, Draft]],
    shared: Mapping[str, str],
    target: ImportTarget,
) -> Iterator[YamlLine]:
    """Yield the lines of a project file."""
    yield YamlLine(schema_modeline(PROJECT_SCHEMA, up=4))
    yield YamlLine(_IMPORT_COMMENT)
    yield YamlLine(f"项目名称: {quote_scalar(name)}")
    for kind, key in _PROJECT_KEYS.items():
        if kind in project_drafts:
            reading, draft = project_drafts[kind]
            lines = yaml_lines({key: _document_tree(draft, shared, target)})
            yield from _with_file_name(reading, lines)


def _with_file_name(reading: SourceFile, lines: Iterable[YamlLine]) -> Iterator[YamlLine]:
    """Yield the lines with the name of the source file before the place."""
    for text, place in lines:
        yield YamlLine(text, f"{reading.name} {place}" if place else "")


def _add_missing_files(
    result: ImportOutput,
    drafts: Sequence[Draft],
    target: ImportTarget,
    shared: Mapping[str, str],
    projects: Sequence[str],
) -> None:
    """Add unit.yml and disclosure.yml unless they exist; list new projects in an existing one."""
    name = target.facts.name if target.facts else _unit_name(drafts)
    if target.facts is None:
        known = (target.site.level, target.site.region) if target.site else ()
        text = unit_skeleton(name, *known)
        result.files[f"units/{target.unit}/unit.yml"] = [
            YamlLine(line) for line in text.splitlines()
        ]
    if target.disclosure is None:
        path = f"{target.folder}/{DISCLOSURE_FILE}"
        result.files[path] = list(_disclosure_lines(drafts, target, name, shared, projects))
    elif (text := add_projects(target.disclosure_text, projects)) != target.disclosure_text:
        result.extended[f"{target.folder}/{DISCLOSURE_FILE}"] = text


def _unit_name(drafts: Sequence[Draft]) -> str:
    """Return the unit's name as filed in any draft; empty if there is none."""
    roles = (Role.UNIT_NAME, Role.IMPLEMENTER)
    names = (draft.field_text(role) for role in roles for draft in drafts)
    return next((name for name in names if name), "")


def _disclosure_lines(
    drafts: Sequence[Draft],
    target: ImportTarget,
    unit: str,
    shared: Mapping[str, str],
    projects: Sequence[str],
) -> Iterator[YamlLine]:
    """Yield the lines of a new disclosure.yml."""
    numbers: dict[DocumentKind, str] = {}
    for draft in drafts:
        numbers[draft.form.kind] = numbers.get(draft.form.kind, "") or draft.number
    kinds = sorted(
        numbers, key=lambda kind: (_attachment_order(numbers[kind]), list(DocumentKind).index(kind))
    )
    catalogue = {field_.alias or name: Leaf() for name, field_ in Catalogue.model_fields.items()}
    catalogue["名称"] = Leaf(_catalogue_name(drafts, target, unit))
    attachments = [
        {"编号": Leaf(numbers[kind] or f"附件{number}"), "类型": Leaf(f"{kind}")}
        for number, kind in enumerate(kinds, start=1)
    ]
    values: dict[str, object] = {
        "年度": target.year,
        "单位": Leaf(unit),
        "公开目录": catalogue,
        "附件": attachments,
    }
    values |= {"项目": [Leaf(slug) for slug in projects]} if projects else {}
    values |= {"填报": {key: Leaf(text) for key, text in shared.items()}} if shared else {}
    yield YamlLine(schema_modeline("disclosure", up=3))
    yield YamlLine(_IMPORT_COMMENT)
    yield from yaml_lines(values)


def _attachment_order(number: str) -> int:
    """Return the number in 附件3; a number beyond all others if there is none."""
    digits = "".join(filter(str.isdigit, number))
    return int(digits) if digits else len(DocumentKind) * 10


def _catalogue_name(drafts: Sequence[Draft], target: ImportTarget, unit: str) -> str:
    """Return the 名称 of the catalogue: the report's title, or a default one."""
    titles = (draft.title for draft in drafts if draft.form.kind is DocumentKind.REPORT)
    return next(titles, "") or f"{unit}{target.year}年度绩效自评"
