"""A new year or project: its files, with what last year's say about names, targets and points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gongkai.authoring.editor.unit_years import UnitYear
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import Place, Tree, ValueEdit, read_tree
from gongkai.authoring.new_files import NewFilesRequest, build_new_files
from gongkai.authoring.project_list import add_projects
from gongkai.authoring.skeletons import disclosure_skeleton
from gongkai.authoring.slugs import pinyin_slug
from gongkai.model.documents import Cell, Fields, Indicator, IndicatorTable, Record, Table, TotalRow
from gongkai.model.forms import Form
from gongkai.model.specs import IndicatorsSpec
from gongkai.model.terms import Role
from gongkai.reading.dataset import CommonData, Dataset, read_units
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER
from gongkai.reading.form_plan import CHILDREN_KEY, OPEN_NAME, SCORE_GROUP_KEY

_LASTING = frozenset({
    Role.PROJECT_NAME, Role.UNIT_NAME, Role.DEPARTMENT, Role.IMPLEMENTER, Role.PURPOSE,
    Role.OBJECTIVE, Role.POINTS, Role.TARGET, Role.INITIAL_TARGET, Role.COMPARISON, Role.MEASURE,
})  # fmt: skip
"""Roles of the values that last year's form hands on: names, targets and points, never results."""


@dataclass(frozen=True, slots=True)
class NewYear:
    """What a new year begins with."""

    unit: str
    year: int
    projects: tuple[str, ...] = ()
    """Slugs of last year's projects that go on."""
    takes_over: bool = False
    """Whether names, targets and points are those of last year."""
    forms: tuple[str, ...] = ()
    """Ids of the forms; if empty, those that apply."""


def new_year_files(common: CommonData, new: NewYear, last: UnitYear | None) -> dict[str, str]:
    """Return the new files by path within the data folder; raise UnclearRequest if forms are unclear."""
    dataset = read_units(common, [new.unit])
    used = [form for name in new.forms if (form := common.forms.get(name))]
    if last and new.takes_over and not used:
        used = _forms_of(last)
    unit_forms = tuple(form.id for form in used if not form.kind.is_about_project)
    project_forms = tuple(form.id for form in used if form.kind.is_about_project)
    files = dict(build_new_files(dataset, NewFilesRequest(new.unit, new.year, unit_forms)))
    path = f"units/{new.unit}/{new.year}/{DISCLOSURE_FILE}"
    if used:
        files[path] = disclosure_skeleton(_unit_name(dataset, new), new.year, used)
    for slug in new.projects if last else ():
        file = f"{PROJECTS_FOLDER}/{slug}.yml"
        name = last.project_name(file) if last and file in last.sources else slug
        project = NewFilesRequest(new.unit, new.year, project_forms, slug, name)
        own = build_new_files(dataset, project)
        files |= {path: text for path, text in own.items() if PROJECTS_FOLDER in path.split("/")}
    files = {path: _without_examples(path, text) for path, text in files.items()}
    if last and new.takes_over:
        files = {path: _with_last_year(path, text, last) for path, text in files.items()}
    files[path] = _titled(files[path], dataset, new)
    return files


def _forms_of(filing: UnitYear) -> list[Form]:
    """Return the forms that a year was filed with, one of every kind."""
    nodes = (node for file in filing.sources for _, node in filing.document_nodes(file))
    forms = (form for node in nodes if (form := filing.form_of(node)))
    return list({form.kind: form for form in forms}.values())


def _unit_name(dataset: Dataset, new: NewYear) -> str:
    return dataset.units[0].facts.name if dataset.units else new.unit


def new_project_files(filing: UnitYear, name: str, folder: Path) -> tuple[str, dict[str, str]]:
    """Return the slug of a new project, and its file."""
    existing = {path.stem for path in (folder / PROJECTS_FOLDER).glob("*")}
    base = pinyin_slug(name, "xiangmu")
    slug = next(slug for slug in _slugs(base) if slug not in existing)
    used = tuple(form.id for form in _forms_of(filing) if form.kind.is_about_project)
    request = NewFilesRequest(filing.unit, filing.year, used, slug, name)
    files = build_new_files(filing.dataset, request)
    path = f"{filing.folder}/{PROJECTS_FOLDER}/{slug}.yml"
    return slug, {path: _without_examples(path, files[path])}


def list_project(text: str, slug: str) -> str:
    """Return disclosure.yml with a project in its list, if it has one."""
    return add_projects(text, [slug])


def _slugs(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _titled(text: str, dataset: Dataset, new: NewYear) -> str:
    """Return disclosure.yml with a title, which checks need to run."""
    edits = [ValueEdit(("公开目录", "名称"), f"{_unit_name(dataset, new)}{new.year}年度绩效自评")]
    if new.projects:
        edits.append(ValueEdit(("项目",), list(new.projects)))
    return edit_values(text, edits)


def _without_examples(path: str, text: str) -> str:
    """Return a new file without the blank lines to copy: in the editor, rows are added as needed."""
    if not path.endswith(".yml"):
        return text
    edits = [
        ValueEdit(place, pruned or None)
        for place, entries in _lists(read_tree(text))
        if _has_mappings(entries) and (pruned := _prune(entries)) != entries
    ]
    return edit_values(text, edits) if edits else text


def _lists(tree: Tree, place: Place = ()) -> Iterator[tuple[Place, Tree]]:
    """Yield the outermost lists of a tree."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _lists(value, (*place, key))
    elif isinstance(tree, list):
        yield place, tree


def _has_mappings(entries: Tree) -> bool:
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)


def _prune(tree: Tree) -> Tree:
    """Return a tree without list entries in which nothing is filed."""
    if isinstance(tree, dict):
        pruned = {key: _prune(value) for key, value in tree.items()}
        return {key: value for key, value in pruned.items() if key != CHILDREN_KEY or value}
    if isinstance(tree, list):
        return [_prune(entry) for entry in tree if _has_text(entry)]
    return tree


def _has_text(tree: Tree) -> bool:
    if isinstance(tree, dict):
        return any(map(_has_text, tree.values()))
    if isinstance(tree, list):
        return any(map(_has_text, tree))
    return bool(tree)


def _with_last_year(path: str, text: str, last: UnitYear) -> str:
    """Return a new file with the names, targets and points of last year's, if the form is the same."""
    file = path.split("/", 3)[3] if path.count("/") > 2 else ""  # noqa: PLR2004 - units/unit/year
    if file == DISCLOSURE_FILE or file not in last.sources or not file.endswith(".yml"):
        return text
    edits: list[ValueEdit] = []
    tree = read_tree(text)
    for prefix, record in last.loaded_records(file):
        new_form = tree
        for key in prefix:
            new_form = new_form.get(key) if isinstance(new_form, dict) else None
        if isinstance(new_form, dict) and new_form.get("表式") == record.form.id:
            edits += _lasting_values(record, prefix)
    return edit_values(text, edits) if edits else text


def _lasting_values(record: Record, prefix: Place) -> Iterator[ValueEdit]:
    for section in record.sections:
        place = (*prefix, section.spec.key) if section.spec.key else prefix
        match section:
            case Fields() | TotalRow():
                yield from _lasting_cells(place, section.cells.values())
            case Table():
                yield from _lasting_rows(section, place)
            case IndicatorTable():
                yield ValueEdit(place, [_lasting(root, section.spec) for root in section.roots])


def _lasting_cells(place: Place, cells: Iterable[Cell]) -> Iterator[ValueEdit]:
    for cell in cells:
        if cell.spec.role in _LASTING and cell.filed:
            yield ValueEdit((*place, cell.spec.key), cell.filed)


def _lasting_rows(table: Table, place: Place) -> Iterator[ValueEdit]:
    for spec in table.spec.rows:
        rows = [row for row in table.rows if row.spec is spec]
        if spec.is_open:
            names = [row.cells[OPEN_NAME.key].filed for row in rows]
            columns = {column.key: "" for column in table.spec.columns}
            yield ValueEdit(
                (*place, spec.key), [{OPEN_NAME.key: name, **columns} for name in names]
            )
        else:
            for row in rows:
                yield from _lasting_cells((*place, spec.key), row.cells.values())


def _lasting(indicator: Indicator, spec: IndicatorsSpec) -> dict[str, Tree]:
    tree: dict[str, Tree] = {spec.levels[indicator.level].key: indicator.name.filed}
    for key, cell in indicator.cells.items():
        if not cell.printed:
            tree[key] = cell.filed if cell.spec.role in _LASTING else ""
    if indicator.score_group:
        tree[SCORE_GROUP_KEY] = indicator.score_group
    if indicator.children:
        tree[CHILDREN_KEY] = [_lasting(child, spec) for child in indicator.children]
    return tree


def project_slugs(filing: UnitYear) -> list[tuple[str, str]]:
    """Return the projects of a year: slug and name."""
    return [
        (PurePosixPath(file).stem, filing.project_name(file))
        for file in filing.sources
        if file.startswith(f"{PROJECTS_FOLDER}/")
    ]
