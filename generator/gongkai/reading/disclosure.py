"""Reader for the folder of one unit and year, which becomes a disclosure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.documents import Project, Record
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, ScalarNode, SequenceNode, Source
from gongkai.model.problems import (
    OTHER_YEAR,
    REQUIRED_BLANK,
    UNKNOWN_KEY,
    UNREADABLE,
    WRONG_PLACE,
    Explanation,
    Level,
    Position,
    Problem,
    Rule,
)
from gongkai.model.publication import Disclosure, DisclosureFacts, Site, Unit
from gongkai.model.schema import find_key_positions, suggest_nearest
from gongkai.model.terms import DocumentKind
from gongkai.reading.catalogue import adapt_catalogue
from gongkai.reading.document import load_document
from gongkai.reading.files import DataFiles
from gongkai.reading.form_plan import FormPlans, LabelContext

DISCLOSURE_FILE = "disclosure.yml"
PROJECTS_FOLDER = "projects"
"""Folder of the project files, below that of the year."""
KeyPositions = Mapping[str, Position]
"""Positions of the keys of disclosure.yml, by key path."""
PROJECT_DOCUMENTS = {
    "自评报告": DocumentKind.PROJECT_REPORT,
    "自评表": DocumentKind.PROJECT,
    "绩效目标表": DocumentKind.TARGETS,
}
"""Kinds of the documents in a project file, by their key."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """Context shared by the documents of one folder."""

    files: DataFiles
    forms: Mapping[str, Form | None]
    context: LabelContext
    defaults: MappingNode | None
    """填报 of disclosure.yml, the default sign-off."""
    drafts: bool
    """Whether documents may use incomplete forms."""

    def report(self, rule: Rule, position: Position, message: str, level: Level = Level.E) -> None:
        self.files.problems.append(Problem(rule, level, position, message))


def read_disclosure(  # noqa: PLR0913 - a folder and what its documents refer to
    files: DataFiles,
    forms: Mapping[str, Form | None],
    site: Site | None,
    unit: Unit,
    path: Path,
    *,
    plans: FormPlans,
    drafts: bool,
) -> Disclosure | None:
    """Read the disclosure of a unit and year; None if the folder or disclosure.yml is unusable.

    `plans` are those of documents read before; `drafts` allows documents that use incomplete forms.
    """
    if not _is_year_folder(files, path):
        return None
    facts, source = files.load(
        DisclosureFacts, path / DISCLOSURE_FILE, lambda root: adapt_catalogue(root, site)
    )
    year = int(path.name)
    top = source.root if source and isinstance(source.root, MappingNode) else None
    defaults = top.get("填报") if top else None
    folder = _Folder(
        files=files,
        forms=forms,
        context=_label_context(unit, year, plans),
        defaults=defaults if isinstance(defaults, MappingNode) else None,
        drafts=drafts,
    )
    records = tuple(_unit_records(folder, path))
    projects = tuple(_projects(folder, path / PROJECTS_FOLDER))
    if facts is None or source is None or top is None:
        return None
    positions = find_key_positions(top)
    _check_facts(folder, facts, positions, unit, year)
    return Disclosure(
        unit=unit,
        year=year,
        file=source.file,
        facts=facts,
        key_positions=positions,
        explanations=tuple(_explanations(facts, positions)),
        records=records,
        projects=tuple(_sorted_projects(folder, path, projects, facts, positions)),
    )


def _is_year_folder(files: DataFiles, path: Path) -> bool:
    """Whether a folder is named after a year; report any other name."""
    if path.name.isdigit() and len(path.name) == 4:  # noqa: PLR2004 - a year
        return True
    message = f"单位目录下只放年度目录（例如 2022），这里是“{path.name}”"
    files.report(WRONG_PLACE, path, message)
    return False


def _label_context(unit: Unit, year: int, plans: FormPlans) -> LabelContext:
    """Return the texts that stand for placeholders in the labels of forms."""
    return LabelContext(
        {
            "年度": str(year),
            "上年": str(year - 1),
            "单位": unit.facts.name,
            "级别": unit.facts.level,
        },
        plans,
    )


def _check_facts(
    folder: _Folder, facts: DisclosureFacts, positions: KeyPositions, unit: Unit, year: int
) -> None:
    """Report a year or unit name that differs from the folder's."""
    if facts.year != year:
        message = f"“年度”写的是 {facts.year}，文件却在 {year} 目录下；请改年度或移动文件"
        folder.report(OTHER_YEAR, positions["年度"], message)
    if facts.unit != unit.facts.name:
        message = f"“单位”写的是“{facts.unit}”，本目录 unit.yml 的名称是“{unit.facts.name}”；请核对"
        folder.report(WRONG_PLACE, positions["单位"], message)


def _unit_records(folder: _Folder, path: Path) -> Iterator[Record]:
    filed: dict[DocumentKind, str] = {}
    for file in folder.files.documents(path):
        if file.name == DISCLOSURE_FILE:
            continue
        source = folder.files.read(file)
        if not isinstance(source.root, MappingNode):
            _report_no_mapping(folder, source)
        elif form := _form(folder, source.root, source.root.position):
            if form.kind.is_about_project:
                message = f"“{form.kind}”请放在 {PROJECTS_FOLDER}/ 目录下，每个项目一个文件"
                folder.report(WRONG_PLACE, source.root.position, message)
            elif form.kind in filed:
                message = f"本年度已有一份{form.kind}（{filed[form.kind]}）；请只留一份"
                folder.report(WRONG_PLACE, source.root.position, message)
            else:
                filed[form.kind] = file.name
                yield _record(folder, source, source.root, form)
    for subfolder in folder.files.folders(path):
        if subfolder.name != PROJECTS_FOLDER:
            message = f"年度目录下只有 {PROJECTS_FOLDER} 一个子目录，这里是“{subfolder.name}”"
            folder.files.report(WRONG_PLACE, subfolder, message)


def _record(
    folder: _Folder, source: Source, node: MappingNode, form: Form, project: Project | None = None
) -> Record:
    name = f"{form.kind}（{project.name}）" if project else str(form.kind)
    record, problems = load_document(
        form,
        node,
        folder.context,
        name=name,
        project=project.slug if project else "",
        defaults=folder.defaults,
        body=(source.body, source.body_line),
    )
    folder.files.problems.extend(problems)
    return record


def _projects(folder: _Folder, path: Path) -> Iterator[Project]:
    for file in filter(folder.files.check_slug, folder.files.documents(path)):
        source = folder.files.read(file)
        if isinstance(source.root, MappingNode):
            yield _project(folder, source, source.root, file.stem)
        else:
            _report_no_mapping(folder, source)


def _project(folder: _Folder, source: Source, root: MappingNode, slug: str) -> Project:
    known = ("项目名称", *PROJECT_DOCUMENTS)
    for key in root.values:
        if key not in known:
            hint = suggest_nearest(key, known)
            folder.report(UNKNOWN_KEY, root.key_position(key), f"不认识的键“{key}”；{hint}")
    name = root.get("项目名称")
    if name is None:
        message = "缺少必填的键“项目名称”；请补上“项目名称: …”"
        folder.report(UNKNOWN_KEY, root.position, message)
    elif not isinstance(name, ScalarNode):
        folder.report(UNREADABLE, name.position, "“项目名称”应是一段文字，这里是列表或嵌套的键")
    elif not name.text:
        message = "“项目名称”必填，这里是空的；请填写"
        folder.report(REQUIRED_BLANK, name.position, message)
    project_name = name.text if isinstance(name, ScalarNode) and name.text else slug
    project = Project(slug, project_name, source.file)
    records = tuple(_project_records(folder, source, root, project))
    return Project(slug, project_name, source.file, records)


def _project_records(
    folder: _Folder, source: Source, root: MappingNode, project: Project
) -> Iterator[Record]:
    for key, kind in PROJECT_DOCUMENTS.items():
        node = root.get(key)
        if not isinstance(node, MappingNode):
            if isinstance(node, SequenceNode) or (isinstance(node, ScalarNode) and node.text):
                folder.report(UNREADABLE, node.position, f"“{key}”下面应是“键: 值”的形式")
            continue
        form = _form(folder, node, node.position)
        if form and form.kind is not kind:
            message = f"“{key}”下的表式“{form.id}”是{form.kind}，应是{kind}；请核对表式"
            folder.report(WRONG_PLACE, node.position, message)
        elif form:
            yield _record(folder, source, node, form, project)


def _form(folder: _Folder, node: MappingNode, position: Position) -> Form | None:
    """Return the form that a document names; None if there is no such usable form (reported)."""
    form_id = node.get("表式")
    if not isinstance(form_id, ScalarNode) or not form_id.text:
        message = (
            f"缺少必填的键“表式”，请写明用哪张表；{suggest_nearest('', _usable_forms(folder))}"
        )
        folder.report(UNKNOWN_KEY, form_id.position if form_id else position, message)
        return None
    form = folder.forms.get(form_id.text)
    if form is None and form_id.text in folder.forms:
        message = f"表式“{form_id.text}”的文件有错误，无法核对这份表；请先改正表式文件"
        folder.report(UNKNOWN_KEY, form_id.position, message)
    elif form is None:
        hint = suggest_nearest(form_id.text, _usable_forms(folder))
        folder.report(UNKNOWN_KEY, form_id.position, f"没有名为“{form_id.text}”的表式；{hint}")
    elif not (form.is_complete or folder.drafts):
        message = f"表式“{form.id}”尚不完整（完整: 否），不能用来填报"
        folder.report(UNKNOWN_KEY, form_id.position, message)
        return None
    return form


def _usable_forms(folder: _Folder) -> list[str]:
    """Return the ids of the complete forms."""
    return [name for name, form in folder.forms.items() if form and form.is_complete]


def _sorted_projects(
    folder: _Folder,
    path: Path,
    projects: tuple[Project, ...],
    facts: DisclosureFacts,
    positions: KeyPositions,
) -> list[Project]:
    """Return the projects in the order of disclosure.yml, then by slug; report faulty entries."""
    parent = f"{folder.files.shown_path(path / PROJECTS_FOLDER)}/"
    read_files = (source.file for source in folder.files.sources)  # Also files with errors.
    known = {Path(file).stem for file in read_files if file.startswith(parent)}
    for number, slug in enumerate(facts.projects):
        if slug in facts.projects[:number]:
            message = f"“项目”把 {slug} 列了不止一次；请只留一处"
            folder.report(WRONG_PLACE, positions[f"项目/{number}"], message, Level.W)
            continue
        if slug not in known:
            message = f"“项目”所列的 {slug} 没有文件 {PROJECTS_FOLDER}/{slug}.yml；请核对文件名"
            folder.report(WRONG_PLACE, positions[f"项目/{number}"], message)
    order = {slug: number for number, slug in enumerate(facts.projects)}
    return sorted(projects, key=lambda project: (order.get(project.slug, len(order)), project.slug))


def _explanations(facts: DisclosureFacts, positions: KeyPositions) -> Iterator[Explanation]:
    for number, entry in enumerate(facts.explanations):
        yield Explanation(
            rule=entry.rule,
            where=entry.where,
            filed=entry.filed,
            computed=entry.computed,
            reason=entry.reason,
            author=entry.author,
            date=entry.date.isoformat(),
            position=positions[f"差异说明/{number}"],
        )


def _report_no_mapping(folder: _Folder, source: Source) -> None:
    if source.root is not None:
        folder.report(UNREADABLE, source.root.position, "文件应由“键: 值”组成，第一行写“表式: …”")
