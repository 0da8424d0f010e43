"""Answers to the screens' scripts: edits, undo, the present problems, saving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from gongkai.authoring.editor.hand_in_pages import choices_of, conflict_words
from gongkai.authoring.editor.imports import adopt
from gongkai.authoring.editor.new_years import (
    NewYear,
    list_project,
    new_project_files,
    new_year_files,
    project_slugs,
)
from gongkai.authoring.editor.notes import problem_notes, sum_notes
from gongkai.authoring.editor.places import FilePlace
from gongkai.authoring.editor.previews import has_personal_data
from gongkai.authoring.editor.screens import Screen, document_links, form_screen
from gongkai.authoring.editor.state import Editor
from gongkai.authoring.editor.value_trees import (
    EditError,
    EditKind,
    Tree,
    ValueEdit,
    clean_text,
    has_place,
    read_tree,
    show_place,
    value_at,
)
from gongkai.authoring.editor.working_copies import WorkingCopy
from gongkai.authoring.new_files import UnclearRequest, write_new_files
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER

Body = dict[str, Any]
"""What the browser sends, as JSON."""
Answer = tuple[dict[str, Any], int]
_ENTRY_KEYS = {
    "差异说明": ("规则", "位置", "申报值", "复算值", "说明", "说明人", "日期"),
    "勘误": ("位置", "原值", "新值", "原因", "日期"),
}
"""Keys of the entries of disclosure.yml."""
_MOVED = "另一个窗口里增减或移动过行，已换成最新的；请看一眼，再做一次"
_PERSONAL = (
    "里面有个人信息（手机号、身份证号等），没有保存：保存的都会公开。请照“核对”里列的改，"
    "例如手机号中间四位写成 ****"
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_REQUIRED = ("说明", "说明人", "原因", "日期")
_KINDS = {kind.value: kind for kind in EditKind}


@dataclass(frozen=True, slots=True)
class Conflict(Exception):  # noqa: N818 - a question to the user
    """A value that was changed elsewhere since the browser read it."""

    place: tuple[str | int, ...]
    """File, keys and positions."""
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the scripts can ask for about a unit's year."""

    editor: Editor

    def find(self, action: str) -> Callable[[str, int, Body], Answer] | None:
        """Return the answer to an action; None if there is no such action."""
        return {
            "state": self.state,
            "edit": self.edit,
            "undo": self.undo,
            "redo": self.redo,
            "explain": self.explain,
            "project": self.project,
            "text": self.text,
            "save": self.save,
            "adopt": self.adopt,
            "forget": self.forget,
        }.get(action)

    def state(self, unit: str, year: int, body: Body) -> Answer:
        """Answer what the year looks like now."""
        copy = self.editor.working_copy(unit, year)
        self.editor.unannounced[unit] = self.editor.find_unannounced(unit)
        with copy.lock:
            return self._state(copy, body), 200

    def edit(self, unit: str, year: int, body: Body) -> Answer:
        """Make the edits of one step; all of them or none."""
        copy = self.editor.working_copy(unit, year)
        with copy.lock:
            if self._is_outdated(copy, body):
                answer = self._state(copy, body | {"version": -1})
                return answer | {"message": _MOVED}, 409
            try:
                edits = _checked_edits(copy, _edits(body))
                focus, group = f"{body.get('focus', '')}", f"{body.get('group', '')}"
                copy.edit(edits, self.editor.common, focus, group)
            except EditError as fault:
                return {"message": f"{fault}"}, 422
            except Conflict as conflict:
                answer = self._state(copy, body | {"version": -1})
                return answer | {"conflict": _conflict_words(conflict)}, 409
            return self._state(copy, body, is_own=True), 200

    def _is_outdated(self, copy: WorkingCopy, body: Body) -> bool:
        """Return whether another tab has moved the rows that the edits are about."""
        if body.get("version") == copy.version:
            return False
        filing, file = copy.read(self.editor.common), f"{body.get('file', '')}"
        spots = form_screen(filing, file).spots if file in filing.sources else {}
        for entry in body.get("edits", ()):
            [own_file, *path] = entry.get("anchor") or entry["place"]
            spot = spots.get(FilePlace(f"{own_file}", tuple(path)).id)
            is_known = entry.get("kind", "set") == "set" or "anchor" in entry
            if not is_known or entry.get("where", "") != (spot.cell.where if spot else ""):
                return True
        return False

    def forget(self, unit: str, year: int, body: Body) -> Answer:
        """Delete the drafts that could not be taken up, once they have been read."""
        copy = self.editor.working_copy(unit, year)
        with copy.lock:
            copy.forget_unread()
            return self._state(copy, body), 200

    def undo(self, unit: str, year: int, body: Body) -> Answer:
        """Undo the last step."""
        copy = self.editor.working_copy(unit, year)
        with copy.lock:
            step = copy.undo()
            return self._state(copy, body | {"version": -1}) | {
                "focus": step.focus if step else ""
            }, 200

    def redo(self, unit: str, year: int, body: Body) -> Answer:
        """Redo the step that was undone last."""
        copy = self.editor.working_copy(unit, year)
        with copy.lock:
            step = copy.redo()
            return self._state(copy, body | {"version": -1}) | {
                "focus": step.focus if step else ""
            }, 200

    def explain(self, unit: str, year: int, body: Body) -> Answer:
        """Add a 差异说明 or a 勘误 to disclosure.yml."""
        copy, kind = self.editor.working_copy(unit, year), f"{body.get('kind', '')}"
        keys, entry = _ENTRY_KEYS.get(kind), body.get("entry", {})
        if keys is None or not all(
            f"{entry.get(key, '')}".strip() for key in _REQUIRED if key in keys
        ):
            return {"message": "请都填好，再确定"}, 422
        with copy.lock:
            try:
                tree = read_tree(copy.text(DISCLOSURE_FILE))
                filed = value_at(tree, (kind,)) if has_place(tree, (kind,)) else None
                place = (kind, len(filed) if isinstance(filed, list) else 0)
                value: Tree = {key: f"{entry.get(key, '')}" for key in keys}
                edits = {DISCLOSURE_FILE: [ValueEdit(place, value)]}
                copy.edit(edits, self.editor.common, f"{body.get('focus', '')}", "")
            except EditError as fault:
                return {"message": f"{fault}"}, 422
            return self._state(copy, body, is_own=True), 200

    def adopt(self, unit: str, year: int, body: Body) -> Answer:
        """Take over what was recognised in an imported file."""
        copy, trial = self.editor.working_copy(unit, year), self.editor.trials.get((unit, year))
        if trial is None or not trial.texts:
            return {"message": "没有要采用的；请先放入文件"}, 422
        edits: dict[str, list[ValueEdit]] = {}
        for file, edit, _ in _edits(body):
            edits.setdefault(file, []).append(edit)
        with copy.lock:
            try:
                files = adopt(trial, edits, copy, self.editor.common, self.editor.data)
            except EditError as fault:
                return {"message": f"{fault}"}, 422
        del self.editor.trials[unit, year]
        return {"file": next(iter(files))}, 200

    def save(self, unit: str, year: int, body: Body) -> Answer:
        """Save everything, or answer where somebody else saved another value."""
        copy = self.editor.working_copy(unit, year)
        choices = choices_of(body.get("choices", {}))
        with copy.lock:
            if has_personal_data(copy.read(self.editor.common)):
                return {"message": _PERSONAL}, 422
            try:
                result = copy.save(self.editor.common, choices)
            except EditError as fault:
                return {"message": f"{fault}"}, 422
            if not result.is_saved:
                return {"conflicts": conflict_words(result.conflicts)}, 409
            self.editor.unannounced[unit] = self.editor.find_unannounced(unit)
            is_merged = any(file.is_merged for file in result.files)
            return self._state(copy, body | {"redraw": is_merged}, is_own=True), 200

    def text(self, unit: str, year: int, body: Body) -> Answer:
        """Replace the whole text of a file that cannot be shown as a form."""
        copy, file = self.editor.working_copy(unit, year), f"{body.get('file', '')}"
        with copy.lock:
            if not copy.has_file(file):
                return {"message": f"没有文件“{file}”；请重新打开这一页"}, 422
            copy.change({file: f"{body.get('text', '')}"}, "", "text")
            return self._state(copy, body, is_own=True), 200

    def project(self, unit: str, year: int, body: Body) -> Answer:
        """Write the file of a new project."""
        name, copy = clean_text(f"{body.get('name', '')}"), self.editor.working_copy(unit, year)
        if not name:
            return {"message": "请写项目名称"}, 422
        with copy.lock:
            filing = copy.read(self.editor.common)
            try:
                slug, files = new_project_files(filing, name, copy.folder)
            except UnclearRequest as question:
                return {"message": f"{question}"}, 422
            write_new_files(files, self.editor.data)
            listed = list_project(copy.text(DISCLOSURE_FILE), slug)
            copy.change({DISCLOSURE_FILE: listed})
            return {"file": f"{PROJECTS_FOLDER}/{slug}.yml"}, 200

    def _state(self, copy: WorkingCopy, body: Body, *, is_own: bool = False) -> dict[str, Any]:
        """Return the state of a year: problems, sums, and the form where the browser's is outdated.

        `is_own` says that the browser knows of the last change, unless that added or moved rows.
        """
        filing, file = copy.read(self.editor.common), f"{body.get('file', '')}"
        screen = form_screen(filing, file) if file in filing.sources else None
        expected = copy.version - (1 if is_own else 0)
        is_current = body.get("version") in {expected, copy.version} and not body.get("redraw")
        html = "" if screen is None or is_current else render_document(screen)
        return {
            "version": copy.version,
            "problems": problem_notes(
                filing, screen.spots if screen else {}, self.editor.unannounced.get(copy.unit, ())
            ),
            "sums": sum_notes(screen.documents) if screen else [],
            "errors": {link.file: link.errors for link in document_links(filing)},
            "unsaved": sorted(copy.texts),
            "outside": copy.changed_outside,
            "draft_fault": copy.fault,
            "can_undo": bool(copy.steps),
            "can_redo": bool(copy.undone),
            "html": html,
            "body_line": filing.sources[file].body_line if screen else 0,
            "where": _key_paths(screen) if screen and body.get("names") else {},
        }


def _key_paths(screen: Screen) -> dict[str, str]:
    """Return the key paths of all cells by place: the names of rows are parts of them."""
    return {place: spot.cell.where for place, spot in screen.spots.items() if spot.cell.where}


def begin_new_year(editor: Editor, unit: str, body: Body) -> Answer:
    """Write the files of a new year; those that exist stay as they are."""
    year = f"{body.get('year', '')}".strip()
    if not (year.isdecimal() and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
        return {"message": f"“{year}”不是年度，请写四位数字，例如 2025"}, 422
    years = editor.years(unit)
    if int(year) in years:
        return {"message": f"已经有 {year} 年度，请在上面点“填报”"}, 422
    earlier = [before for before in years if before < int(year)]
    last = editor.filing(unit, earlier[0]) if earlier else None
    known = {slug for slug, _ in project_slugs(last)} if last else set()
    projects = tuple(slug for slug in body.get("projects", ()) if slug in known)
    takes_over = bool(body.get("takes_over"))
    forms = tuple(f"{form}" for form in body.get("forms", ()))
    new = NewYear(unit, int(year), projects, takes_over, forms)
    try:
        files = new_year_files(editor.common, new, last)
    except UnclearRequest as question:
        return {"message": f"{question}", "forms": _usable_forms(editor)}, 422
    write_new_files(files, editor.data)
    return {"year": int(year)}, 200


def _usable_forms(editor: Editor) -> list[dict[str, str]]:
    """Return the forms to choose from, where several apply."""
    forms = [form for form in editor.common.forms.values() if form and form.is_complete]
    return [{"id": form.id, "name": form.name, "kind": f"{form.kind}"} for form in forms]


def render_document(screen: Screen) -> str:
    """Return the HTML of a document without the screen around it."""
    return render_template(f"_{screen.template}.html.jinja", screen=screen)


def _edits(body: Body) -> list[tuple[str, ValueEdit, str | None]]:
    """Return the edits that the browser sends: file, edit, and the value that it replaces."""
    edits: list[tuple[str, ValueEdit, str | None]] = []
    for entry in body.get("edits", ()):
        [file, *path] = entry["place"]
        place = tuple(part if isinstance(part, int) else f"{part}" for part in path)
        kind = _KINDS.get(f"{entry.get('kind', 'set')}", EditKind.SET)
        edit = ValueEdit(place, _tree(entry.get("value")), kind, int(entry.get("to", 0)))
        edits.append((f"{file}", edit, entry.get("old")))
    return edits


def _tree(value: object) -> Tree:
    if isinstance(value, Mapping):
        return {f"{key}": _tree(below) for key, below in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_tree(below) for below in value]
    return None if value is None else f"{value}"


def _checked_edits(
    copy: WorkingCopy, edits: Sequence[tuple[str, ValueEdit, str | None]]
) -> dict[str, list[ValueEdit]]:
    """Return the edits by file. Raise Conflict if a value is not what the browser shows."""
    by_file: dict[str, list[ValueEdit]] = {}
    for file, edit, old in edits:
        if not copy.has_file(file):
            raise EditError(f"没有文件“{file}”；请重新打开这一页")
        tree = read_tree(copy.text(file), is_report=file.endswith(".md"))
        _require_old(tree, file, edit, old)
        by_file.setdefault(file, []).append(edit)
    return by_file


def _require_old(tree: Tree, file: str, edit: ValueEdit, old: str | None) -> None:
    """Raise Conflict if a value is no longer the one that the browser shows."""
    if old is None or edit.kind is not EditKind.SET or not has_place(tree, edit.place):
        return
    present = value_at(tree, edit.place)
    theirs, mine = present if isinstance(present, str) else "", f"{edit.value or ''}"
    if clean_text(theirs) not in {clean_text(old), clean_text(mine)}:
        raise Conflict((file, *edit.place), mine, theirs)


def _conflict_words(conflict: Conflict) -> dict[str, Any]:
    return {
        "path": list(conflict.place),
        "place": show_place(conflict.place[1:]),
        "mine": conflict.mine,
        "theirs": conflict.theirs,
    }
