"""New files of a unit's year: form selection, skeletons and writing without overwriting."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.authoring.json_schemas import SCHEMA_FOLDER, build_schemas
from gongkai.authoring.skeletons import (
    DOCUMENT_FILES,
    disclosure_skeleton,
    document_skeleton,
    project_skeleton,
    unit_skeleton,
)
from gongkai.model.applicability import find_applicable_forms
from gongkai.model.forms import Form, find_form
from gongkai.model.problems import Level
from gongkai.model.publication import Site, UnitFacts
from gongkai.model.schema import find_nearest
from gongkai.model.terms import DocumentKind
from gongkai.reading.dataset import Dataset
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER

UNIT_FILE = "unit.yml"
_KINDS_OF_ALL = frozenset({DocumentKind.OVERALL, DocumentKind.PROJECT})
"""Kinds of documents that all units file, whatever their region prescribes."""


@dataclass(frozen=True, slots=True)
class NewFilesRequest:
    """The new files to create."""

    unit: str
    """Slug of the unit."""
    year: int
    forms: tuple[str, ...] = ()
    """Form ids; if empty, the forms that apply to the unit."""
    project: str = ""
    """Slug of a project; empty for the documents of the whole unit."""
    project_name: str = ""
    """项目名称"""
    unit_name: str = ""
    """名称 of a new unit"""


class UnclearRequest(Exception):  # noqa: N818 - a question to the user, not an error of ours
    """The request is ambiguous or cannot be met; the message tells the user what to do."""


def build_new_files(
    dataset: Dataset,
    request: NewFilesRequest,
    *,
    has_unit_file: bool = True,
    choose: Callable[[Sequence[Form]], Form] | None = None,
) -> dict[str, str]:
    """Return the contents of the new files by path within the data folder.

    `choose` picks one of several forms that apply; without it the request is unclear. Of a new unit whose name is unknown it is unit.yml alone: the forms depend on what is filled in.
    """
    unit = next((unit for unit in dataset.units if unit.slug == request.unit), None)
    facts = unit.facts if unit else _new_facts(dataset.site, request)
    unit_file = f"units/{request.unit}/{UNIT_FILE}"
    unit_text = _unit_text(dataset.site, request)
    if facts is None and not request.forms:
        if has_unit_file:
            raise UnclearRequest(_unfilled_message(dataset, unit_file))
        return {unit_file: unit_text}
    forms = _requested_forms(dataset, request.forms)
    forms = forms or _applicable_forms(dataset, facts, request, choose)
    folder = f"units/{request.unit}"
    year = f"{folder}/{request.year}"
    files = {unit_file: unit_text}
    name = facts.name if facts else ""
    files[f"{year}/{DISCLOSURE_FILE}"] = disclosure_skeleton(name, request.year, forms)
    if request.project:
        path = f"{year}/{PROJECTS_FOLDER}/{request.project}.yml"
        project_forms = [form for form in forms if form.kind.is_about_project]
        return files | {path: project_skeleton(project_forms, request.project_name)}
    unit_forms = [form for form in forms if not form.kind.is_about_project]
    if request.forms and len(unit_forms) < len(forms):
        form = next(form for form in forms if form.kind.is_about_project)
        message = f"“{form.id}”是{form.kind}，每个项目一个文件；请用 --project 写明项目代号"
        raise UnclearRequest(message)
    return files | {
        f"{year}/{DOCUMENT_FILES[form.kind]}": document_skeleton(form) for form in unit_forms
    }


def _new_facts(site: Site | None, request: NewFilesRequest) -> UnitFacts | None:
    """Return the facts of a new unit; None if its name, level or region are still to be filled in."""
    if not (request.unit_name and site and site.level and site.region.province):
        return None
    region = site.region.model_dump(by_alias=True)
    facts = {"名称": request.unit_name, "级别": site.level, "行政区划": region}
    return UnitFacts.model_validate(facts)


def _unit_text(site: Site | None, request: NewFilesRequest) -> str:
    if site is None:
        return unit_skeleton(request.unit_name)
    return unit_skeleton(request.unit_name, site.level, site.region)


def _unfilled_message(dataset: Dataset, unit_file: str) -> str:
    """Return in Chinese what is wrong with a unit.yml that cannot be read yet."""
    problems = [
        f"\n  第 {problem.position.line} 行：{problem.message}"
        for problem in dataset.problems
        if problem.position.file.endswith(unit_file) and problem.level is Level.E
    ]
    return f"{unit_file} 还没有填好，没有新建文件；填好以后再运行同一条命令{''.join(problems)}"


def _requested_forms(dataset: Dataset, names: Sequence[str]) -> list[Form]:
    """Return the forms with these ids. Raise UnclearRequest if one is unknown or unusable."""
    usable = [word for form in dataset.forms if form.is_complete for word in (form.id, form.name)]
    forms: list[Form] = []
    for name in names:
        form = find_form(dataset.forms, name)
        if form is None:
            nearest = find_nearest(name, usable)
            hint = f"是否应为“{nearest}”？" if nearest else "全部表式用 gongkai forms 列出"
            raise UnclearRequest(f"没有名为“{name}”的表式；{hint}")
        if not form.is_complete:
            raise UnclearRequest(f"表式“{name}”尚不完整（完整: 否），不能用来填报")
        forms.append(form)
    for kind in {form.kind for form in forms}:
        same = [form.id for form in forms if form.kind is kind]
        if len(same) > 1:
            raise UnclearRequest(f"{'、'.join(same)} 都是{kind}；请只写一个")
    return forms


def _applicable_forms(
    dataset: Dataset,
    facts: UnitFacts | None,
    request: NewFilesRequest,
    choose: Callable[[Sequence[Form]], Form] | None,
) -> list[Form]:
    """Return the forms that apply to the unit. Raise UnclearRequest if there is a choice.

    Of forms that are not made for the unit's region, those of evaluations count: not all file targets
    and reports.
    """
    if facts is None:
        return []
    forms_by_kind = {
        kind: forms
        for kind, forms in find_applicable_forms(dataset.forms, facts, request.year).items()
        if forms[0].scope.region or kind in _KINDS_OF_ALL
    }
    candidates = {
        kind: forms
        for kind, forms in forms_by_kind.items()
        if kind.is_about_project == bool(request.project)
        and (facts.region.province or kind.is_about_project)
    }
    for kind, forms in candidates.items():
        if len(forms) > 1 and choose is not None:
            forms_by_kind[kind] = [choose(forms)]
        elif len(forms) > 1:
            form_ids = "、".join(form.id for form in forms)
            raise UnclearRequest(f"{kind}有几种表式可用：{form_ids}；请用 --form 写明用哪一种")
    if not candidates and not (facts.level and facts.region.province):
        raise UnclearRequest(
            f"units/{request.unit}/{UNIT_FILE} 的“级别”“行政区划”（至少写省）还空着，选不出表式；"
            "请先填好，再运行同一条命令，或用 --form 写明用哪一种"
        )
    if not candidates:
        usable = "、".join(form.id for form in dataset.forms if form.is_complete)
        raise UnclearRequest(f"没有适用于本单位的表式；请用 --form 写明，可用的有：{usable}")
    return [form for forms in forms_by_kind.values() if len(forms) == 1 for form in forms]


def write_new_files(files: Mapping[str, str], data: Path) -> tuple[list[Path], list[Path]]:
    """Write the files that do not exist yet; return the written and the existing paths."""
    written, existing = [], []
    for name, text in files.items():
        path = data / name
        if path.exists():
            existing.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        written.append(path)
    return written, existing


def write_schemas(forms: Iterable[Form], data: Path) -> int:
    """Write the JSON Schemas of all forms to the data folder, and return their number."""
    folder = data / SCHEMA_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    schemas = build_schemas(forms)
    for path in folder.glob("*.json"):
        if path.stem not in schemas:
            path.unlink()
    for name, schema in schemas.items():
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, "utf-8", newline="\n")
    return len(schemas)
