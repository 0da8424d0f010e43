"""Reader for the folder of one unit and year, which becomes a disclosure."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.documents import Project, Record
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode, Source
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
from gongkai.model.schema import find_key_positions, find_nearest, suggest_nearest
from gongkai.model.terms import DocumentKind
from gongkai.reading.catalogue import adapt_catalogue
from gongkai.reading.document import load_document
from gongkai.reading.echoes import drop_echoes
from gongkai.reading.files import DataFiles, is_slug
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
    message = f"单位目录下只放年度目录（例如 2022），这里是“{path.name}”；"
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", path.name)
    message += f"是 {year[0]} 年度的，请改名为 {year[0]}" if year else "请改名，或移到别处"
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
            message = (
                f"年度目录下只有 {PROJECTS_FOLDER} 一个子目录，这里是“{subfolder.name}”；"
                f"里面是项目的文件的，请改名为 {PROJECTS_FOLDER}，不是的请移到别处"
            )
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
    folder.files.problems.extend(drop_echoes(problems, source.problems))
    return record


def _projects(folder: _Folder, path: Path) -> Iterator[Project]:
    for subfolder in folder.files.folders(path):
        message = f"{PROJECTS_FOLDER} 下面不再分目录，这里有“{subfolder.name}”；请把里面的文件移到 {PROJECTS_FOLDER} 下"
        folder.files.report(WRONG_PLACE, subfolder, message)
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
    misspelt = any(key not in known and find_nearest(key, ["项目名称"]) for key in root.values)
    if name is None and not misspelt:
        message = "缺少必填的键“项目名称”；请补上“项目名称: …”"
        folder.report(UNKNOWN_KEY, root.position, message)
    elif name is not None and not isinstance(name, ScalarNode):
        folder.report(UNREADABLE, name.position, "“项目名称”应是一段文字，这里是列表或嵌套的键")
    elif name is not None and not name.text:
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
                actual = "列表" if isinstance(node, SequenceNode) else f"“{node.text}”"
                message = f"“{key}”下面应是“键: 值”的形式，这里是{actual}；请另起一行缩进，从“表式: …”写起"
                folder.report(UNREADABLE, node.position, message)
            continue
        form = _form(folder, node, node.position, kind)
        if form and form.kind is not kind:
            message = f"“{key}”下的表式“{form.id}”是{form.kind}，应是{kind}；请核对表式"
            folder.report(WRONG_PLACE, node.position, message)
        elif form:
            yield _record(folder, source, node, form, project)


def _form(
    folder: _Folder, node: MappingNode, position: Position, kind: DocumentKind | None = None
) -> Form | None:
    """Return the form that a document names; None if there is no such usable form (reported).

    `kind` is what the document has to be, if its place says so.
    """
    form_id = node.get("表式")
    if not isinstance(form_id, ScalarNode) or not form_id.text:
        _report_no_form_id(folder, node, form_id, position, kind)
        return None
    form = folder.forms.get(form_id.text)
    if form is None and form_id.text in folder.forms:
        message = f"表式“{form_id.text}”的文件有错误，无法核对这份表；请先改正表式文件"
        folder.report(UNKNOWN_KEY, form_id.position, message)
    elif form is None and folder.forms:
        hint = _suggest_form(folder, form_id.text, kind)
        folder.report(UNKNOWN_KEY, form_id.position, f"没有名为“{form_id.text}”的表式；{hint}")
    if form is None:
        return None
    if not (form.is_complete or folder.drafts):
        message = f"表式“{form.id}”尚不完整（完整: 否），不能用来填报"
        folder.report(UNKNOWN_KEY, form_id.position, message)
        return None
    return form


def _report_no_form_id(
    folder: _Folder,
    node: MappingNode,
    form_id: Node | None,
    position: Position,
    kind: DocumentKind | None,
) -> None:
    """Report that a document does not name its form."""
    misspelt = next((key for key in node.values if find_nearest(key, ["表式"])), "表式")
    if form_id is None and "项目名称" in node.values and "自评表" in node.values:
        message = f"这是一个项目的文件；请移到 {PROJECTS_FOLDER} 目录下"
        folder.report(WRONG_PLACE, position, message)
    elif form_id is None and misspelt != "表式":
        message = f"不认识的键“{misspelt}”；是否应为“表式”？"
        folder.report(UNKNOWN_KEY, node.key_position(misspelt), message)
    elif form_id is not None and not isinstance(form_id, ScalarNode):
        message = f"“表式”应是一个名称，这里是列表或嵌套的键；{_list_forms(folder, kind)}"
        folder.report(UNREADABLE, form_id.position, message)
    else:
        message = f"缺少必填的键“表式”，请写明用哪张表；{_list_forms(folder, kind)}"
        folder.report(UNKNOWN_KEY, form_id.position if form_id else position, message)


def _suggest_form(folder: _Folder, name: str, kind: DocumentKind | None) -> str:
    """Return a hint at the form that a name may mean, or at those that can be used."""
    forms = {form.id: form for form in _usable_forms(folder)}
    by_name = {form.name: form.id for form in forms.values()}
    slug = name.lower().replace("_", "-").removesuffix(".yml")
    close = difflib.get_close_matches(slug, forms, n=1, cutoff=0.9)
    close += [by_name[named] for named in difflib.get_close_matches(name, by_name, n=1, cutoff=0.8)]
    return f"是否应为“{close[0]}”？" if close else _list_forms(folder, kind)


def _list_forms(folder: _Folder, kind: DocumentKind | None) -> str:
    """Return a list of the forms that a document can use; `kind` is what it has to be."""
    forms = [form for form in _usable_forms(folder) if kind in {None, form.kind}]
    what = f"{kind}可用的有：" if kind and forms else "可用的有："
    names = "、".join(form.id for form in forms[:12])
    more = " 等" if len(forms) > 12 else ""  # noqa: PLR2004 - most names in a message
    return f"{what}{names}{more}，全部表式用 gongkai forms 列出"


def _usable_forms(folder: _Folder) -> list[Form]:
    """Return the complete forms."""
    return [form for form in folder.forms.values() if form and form.is_complete]


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
            message = (
                f"“项目”所列的 {slug} 没有文件 {PROJECTS_FOLDER}/{slug.removesuffix('.yml')}.yml"
            )
            unlisted = {file.stem for file in (path / PROJECTS_FOLDER).glob("*.yml")}
            message += f"；{_suggest_project(slug, projects, unlisted - set(facts.projects))}"
            folder.report(WRONG_PLACE, positions[f"项目/{number}"], message)
    order = {slug: number for number, slug in enumerate(facts.projects)}
    return sorted(projects, key=lambda project: (order.get(project.slug, len(order)), project.slug))


def _suggest_project(slug: str, projects: Iterable[Project], unlisted: Collection[str]) -> str:
    """Return a hint at the file that an entry of 项目 may mean."""
    plain = Path(slug).name.removesuffix(".yml")
    by_name = {project.name: project.slug for project in projects}
    close = difflib.get_close_matches(plain, unlisted, n=1, cutoff=0.8)
    nearest = by_name.get(plain) or next(iter(close), "")
    if is_slug(nearest):
        return f"是否应为“{nearest}”？"
    if unlisted:
        files = "、".join(f"{name}.yml" for name in sorted(unlisted)[:5])
        return f"没有列出的文件有：{files}；若是其中一个，请把文件名和这里写成一样的"
    return "请补上文件，或删去这一项"


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
