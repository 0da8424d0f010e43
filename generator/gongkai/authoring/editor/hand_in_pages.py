"""Screens of handing in and of reviewing: changes in words, findings, branches to approve."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, abort, render_template, request

from gongkai.authoring.editor.approvals import approve, changes_of_branch, list_branches
from gongkai.authoring.editor.hand_in import (
    HandInResult,
    HandInStatus,
    Identity,
    describe_changes,
    explain,
    hand_in,
    hand_in_state,
    set_identity,
)
from gongkai.authoring.editor.merging import MISSING, Choice, Side
from gongkai.authoring.editor.saving import FileConflicts
from gongkai.authoring.editor.state import Editor
from gongkai.authoring.editor.unit_years import blocking_count
from gongkai.authoring.editor.value_trees import EditError
from gongkai.history.review import Review
from gongkai.runtime.git import GitError

_LONGEST = 300
"""Most characters of a value that is shown in a question."""
_NO_CHANGES = Review((), ())


def add_hand_in_pages(app: Flask, editor: Editor) -> None:
    """Add the screens on which clerks hand in and reviewers approve."""
    _add_hand_in(app, editor)
    _add_reviews(app, editor)


def _add_hand_in(app: Flask, editor: Editor) -> None:
    @app.get("/hand-in/<unit>/")
    def hand_in_page(unit: str) -> str:
        if unit not in editor.units():
            abort(404)
        state, fault = hand_in_state(editor.data, unit), ""
        review = _NO_CHANGES
        try:
            review = describe_changes(editor.data, unit, editor.read_today())
        except GitError as error:
            fault = explain(error).message if state.has_git and not state.message else ""
        years = [editor.filing(unit, year) for year in editor.years(unit)]
        return render_template(
            "hand_in.html.jinja",
            unit=unit,
            title=years[0].words["单位"] if years else unit,
            state=state,
            review=review,
            fault=fault,
            unsaved=[
                filing.year for filing in years if editor.working_copy(unit, filing.year).texts
            ],
            errors={filing.year: blocking_count(filing.problems) for filing in years},
        )

    @app.post("/api/<unit>/hand-in")
    def hand_in_unit(unit: str) -> Any:  # noqa: ANN401 - JSON
        if unit not in editor.units():
            abort(404)
        body = request.get_json()
        if body.get("name") or body.get("email"):
            try:
                set_identity(editor.data, Identity(f"{body['name']}", f"{body['email']}"))
            except EditError as fault:
                return {"status": HandInStatus.NO_IDENTITY.value, "message": f"{fault}"}, 422
        message = f"{body.get('message', '')}".strip() or f"填报 {unit}"
        result = hand_in(
            editor.data,
            unit,
            message,
            forms=editor.common.forms,
            choices=choices_of(body.get("choices", {})),
        )
        return _answer(result)


def _add_reviews(app: Flask, editor: Editor) -> None:
    @app.get("/review/")
    def review_list() -> str:
        fault, branches = "", []
        try:
            branches = list_branches(editor.data, fetches="fetch" in request.args)
        except GitError as error:
            fault = explain(error).message
        return render_template("review_list.html.jinja", branches=branches, fault=fault)

    @app.get("/review/<path:branch>")
    def review_page(branch: str) -> str:
        try:
            changes = changes_of_branch(editor.data, editor.read_today(), branch)
        except GitError as error:
            return render_template("message.html.jinja", message=explain(error).message)
        return render_template("review.html.jinja", changes=changes, branch=branch)

    @app.post("/api/review/approve")
    def approve_branch() -> Any:  # noqa: ANN401 - JSON
        body = request.get_json()
        choices = choices_of(body.get("choices", {}))
        branch = f"{body.get('branch', '')}"
        return _answer(approve(editor.data, branch, forms=editor.common.forms, choices=choices))


def choices_of(sides: Mapping[str, str]) -> dict[str, Choice]:
    """Return how conflicts are settled, by their ids, as the browser sends it."""
    known = {side.value: side for side in Side}
    return {conflict: Choice(known[side]) for conflict, side in sides.items() if side in known}


def conflict_words(files: Iterable[FileConflicts]) -> list[dict[str, str]]:
    """Return the values that both sides changed, in words."""
    return [
        {
            "id": conflict.id,
            "place": f"{file.path}：{conflict.words}",
            "mine": _words(conflict.mine),
            "theirs": _words(conflict.theirs),
        }
        for file in files
        for conflict in file.conflicts
    ]


def _words(value: object) -> str:
    """Return a value in words, shortened."""
    text = value if isinstance(value, str) else "（删去了）" if value is MISSING else "（好几项）"
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text or "（空白）"


def _answer(result: HandInResult) -> tuple[dict[str, Any], int]:
    fine = {
        HandInStatus.COMMITTED,
        HandInStatus.PUSHED,
        HandInStatus.SAVED_ONLY,
        HandInStatus.NOTHING,
    }
    answer: dict[str, Any] = {
        "status": result.status.value,
        "message": result.message,
        "detail": result.detail,
        "merged": list(result.merged_files),
    }
    if result.conflicts:
        answer["conflicts"] = conflict_words(result.conflicts)
    return answer, 200 if result.status in fine else 409 if result.conflicts else 422
