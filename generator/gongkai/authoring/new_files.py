"""Beginning a unit's year: which forms, which new files, and nothing overwritten."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.authoring.json_schemas import FOLDER, all_schemas
from gongkai.authoring.skeletons import (
    FILES,
    disclosure_skeleton,
    document_skeleton,
    project_skeleton,
    unit_skeleton,
)
from gongkai.model.applicability import best_fitting
from gongkai.model.forms import Form
from gongkai.model.publication import UnitFacts
from gongkai.model.schema import nearest
from gongkai.reading.dataset import Dataset
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER

_UNIT_FILE = "unit.yml"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be begun."""

    unit: str
    """The unit's folder."""
    year: int
    forms: tuple[str, ...] = ()
    """By name; those that fit the unit where none is named."""
    project: str = ""
    """A project's file name without ending; empty for the documents of the whole unit."""
    project_name: str = ""


class Unclear(Exception):  # noqa: N818 - a question to the user, not an error of ours
    """The request cannot be met as it stands; the message says what to do."""


def new_files(dataset: Dataset, request: Request) -> dict[str, str]:
    """The files to begin with, by path from the data folder, whether they exist or not."""
    unit = next((each for each in dataset.units if each.slug == request.unit), None)
    facts = unit.facts if unit else None
    forms = _named(dataset, request.forms) or _fitting(dataset, facts, request)
    folder = f"units/{request.unit}"
    year = f"{folder}/{request.year}"
    files = {f"{folder}/{_UNIT_FILE}": unit_skeleton()}
    name = facts.name if facts else ""
    files[f"{year}/{DISCLOSURE_FILE}"] = disclosure_skeleton(name, request.year, forms)
    if request.project:
        path = f"{year}/{PROJECTS_FOLDER}/{request.project}.yml"
        ours = [form for form in forms if form.kind.of_project]
        return files | {path: project_skeleton(ours, request.project_name)}
    whole = [form for form in forms if not form.kind.of_project]
    return files | {f"{year}/{FILES[form.kind]}": document_skeleton(form) for form in whole}


def _named(dataset: Dataset, names: Sequence[str]) -> list[Form]:
    known = {form.id: form for form in dataset.forms}
    usable = [name for name, form in known.items() if form.complete]
    for name in names:
        if name not in known:
            raise Unclear(f"没有名为“{name}”的表式；{nearest(name, usable)}")
        if not known[name].complete:
            raise Unclear(f"表式“{name}”尚不完整（完整: 否），不能用来填报")
    forms = [known[name] for name in names]
    for kind in {form.kind for form in forms}:
        same = [form.id for form in forms if form.kind is kind]
        if len(same) > 1:
            raise Unclear(f"{'、'.join(same)} 都是{kind}；请只写一个")
    return forms


def _fitting(dataset: Dataset, facts: UnitFacts | None, request: Request) -> list[Form]:
    """The forms that fit the unit: those of a project, or of the whole unit."""
    if facts is None:
        return []
    found = best_fitting(dataset.forms, facts, request.year)
    asked = {
        kind: forms for kind, forms in found.items() if kind.of_project == bool(request.project)
    }
    for kind, forms in asked.items():
        if len(forms) > 1:
            listed = "、".join(form.id for form in forms)
            raise Unclear(f"{kind}有几种表式可用：{listed}；请用 --form 写明用哪一种")
    if not asked:
        usable = "、".join(form.id for form in dataset.forms if form.complete)
        raise Unclear(f"没有适用于本单位的表式；请用 --form 写明，可用的有：{usable}")
    return [form for forms in found.values() if len(forms) == 1 for form in forms]


def write_new(files: Mapping[str, str], data: Path) -> tuple[list[Path], list[Path]]:
    """Write the files that do not exist yet: those written, and those left as they are."""
    written, kept = [], []
    for name, text in files.items():
        path = data / name
        if path.exists():
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        written.append(path)
    return written, kept


def write_schemas(forms: Iterable[Form], data: Path) -> int:
    """Write the JSON Schemas of all forms into the data folder; how many."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    schemas = all_schemas(forms)
    for old in folder.glob("*.json"):
        if old.stem not in schemas:
            old.unlink()
    for name, schema in schemas.items():
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, "utf-8", newline="\n")
    return len(schemas)
