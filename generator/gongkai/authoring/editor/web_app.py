"""Web application of the editor: its screens, and the answers that their scripts ask for."""

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    redirect,
    render_template,
    request,
    send_file,
    send_from_directory,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from gongkai.authoring.editor.answers import Answers, begin_new_year
from gongkai.authoring.editor.hand_in_pages import add_hand_in_pages
from gongkai.authoring.editor.imports import read_import
from gongkai.authoring.editor.previews import ASSETS, preview_page, style_sheets
from gongkai.authoring.editor.screens import document_links, form_screen
from gongkai.authoring.editor.start_page import unit_card
from gongkai.authoring.editor.state import Editor
from gongkai.checks.registry import RULES
from gongkai.exports.office.attachments import EXCEL, WORD, export_attachments
from gongkai.runtime.os_errors import explain_os_error

_MANY_UNITS = 12
"""From how many units on the start page shows one unit at a time."""


_FAILED = "填报台出了错；填过的都在草稿里，请重新打开这一页，还不行就把命令窗口里的话给管理员看"


def create_app(editor: Editor, stop: Callable[[], None]) -> Flask:
    """Return the application; `stop` ends the server."""
    app = Flask(__name__, template_folder="screens", static_folder="static")
    app.jinja_env.autoescape = True  # Flask's own choice looks at the end of the file's name.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    _add_start(app, editor)
    _add_screens(app, editor)
    _add_previews(app, editor)
    _add_imports(app, editor)
    add_hand_in_pages(app, editor)
    _add_answers(app, Answers(editor), stop)
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(OSError, _explain_os)
    return app


def _add_start(app: Flask, editor: Editor) -> None:
    @app.get("/")
    def start() -> Response | str:
        units = editor.units()
        if len(units) == 1:
            return render_template("start.html.jinja", units=[unit_card(editor, units[0])], more=())
        if len(units) > _MANY_UNITS:
            return render_template("start.html.jinja", units=(), more=units)
        lines = [unit_card(editor, unit) for unit in units]
        return render_template("start.html.jinja", units=lines, more=())

    @app.get("/rules/<rule_id>")
    def rule_page(rule_id: str) -> str:
        rule = next((rule for rule in RULES if rule.id == rule_id), None)
        if rule is None:
            abort(404)
        return render_template("rule.html.jinja", rule=rule, paragraphs=rule.text.split("\n\n"))

    @app.get("/units/<unit>/")
    def unit_page(unit: str) -> str:
        if unit not in editor.units():
            abort(404)
        return render_template(
            "start.html.jinja", units=[unit_card(editor, unit)], more=editor.units()
        )


def _add_screens(app: Flask, editor: Editor) -> None:
    @app.get("/units/<unit>/<int:year>/")
    def year_page(unit: str, year: int) -> Any:  # noqa: ANN401 - a redirect
        _require(editor, unit, year)
        links = document_links(editor.filing(unit, year))
        shown = next((link.file for link in links[1:]), links[0].file if links else "")
        if not shown:
            abort(404)
        return redirect(url_for("form_page", unit=unit, year=year, file=shown))

    @app.get("/units/<unit>/<int:year>/<path:file>")
    def form_page(unit: str, year: int, file: str) -> str:
        _require(editor, unit, year)
        filing = editor.filing(unit, year)
        if file not in filing.sources:
            abort(404)
        screen = form_screen(filing, file)
        return render_template(
            f"{screen.template}.html.jinja",
            screen=screen,
            links=document_links(filing),
            unit=unit,
            year=year,
            file=file,
            title=filing.words["单位"],
            stem=PurePosixPath(file).stem,
            unread=editor.working_copy(unit, year).unread,
        )


def _add_imports(app: Flask, editor: Editor) -> None:
    @app.get("/import/<unit>/<int:year>/")
    def import_page(unit: str, year: int) -> str:
        _require(editor, unit, year)
        trial, copy = editor.trials.get((unit, year)), editor.working_copy(unit, year)
        filing = trial.filing(copy, editor.common) if trial else editor.filing(unit, year)
        screens = [form_screen(filing, file) for file in (trial.texts if trial else ())]
        return render_template(
            "import.html.jinja",
            trial=trial,
            screens=screens,
            unit=unit,
            year=year,
            title=filing.words["单位"],
        )

    @app.post("/api/<unit>/<int:year>/read-file")
    def read_file(unit: str, year: int) -> dict[str, str]:
        _require(editor, unit, year)
        copy, name = editor.working_copy(unit, year), request.args.get("name", "")
        trial = read_import(name, request.get_data(), copy, editor.common)
        editor.trials[unit, year] = trial
        return {"message": trial.refusal}


def _add_previews(app: Flask, editor: Editor) -> None:
    @app.get("/preview/<unit>/<int:year>/<path:file>")
    def preview(unit: str, year: int, file: str) -> str:
        _require(editor, unit, year)
        filing = editor.filing(unit, year)
        if file not in filing.sources:
            abort(404)
        return render_template(
            "preview.html.jinja",
            preview=preview_page(filing, file),
            sheets=style_sheets(),
            back=url_for("form_page", unit=unit, year=year, file=file),
        )

    @app.get("/export/<unit>/<int:year>.zip")
    def export(unit: str, year: int) -> Any:  # noqa: ANN401 - a download
        _require(editor, unit, year)
        disclosure = editor.filing(unit, year).disclosure
        if disclosure is None:
            message = "公开目录还没有填好，不能导出；请先改正“核对”里列出的错误"
            return render_template("message.html.jinja", message=message)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in export_attachments(disclosure, (WORD, EXCEL)).items():
                archive.writestr(name, data)
        name = f"{disclosure.unit.facts.name}{year}年度.zip"
        return send_file(io.BytesIO(packed.getvalue()), as_attachment=True, download_name=name)

    @app.get("/theme/<path:path>")
    def theme(path: str) -> Response:
        return send_from_directory(ASSETS, path)


def _add_answers(app: Flask, answers: Answers, stop: Callable[[], None]) -> None:
    @app.post("/api/<unit>/<int:year>/<action>")
    def act(unit: str, year: int, action: str) -> Any:  # noqa: ANN401 - JSON
        _require(answers.editor, unit, year)
        answer = answers.find(action)
        if answer is None:
            abort(404)
        body = request.get_json()
        return answer(unit, year, body if isinstance(body, dict) else {})

    @app.post("/api/<unit>/new")
    def begin_year(unit: str) -> Any:  # noqa: ANN401 - JSON
        if unit not in answers.editor.units():
            abort(404)
        return begin_new_year(answers.editor, unit, request.get_json())

    @app.post("/api/quit")
    def leave() -> dict[str, str]:
        stop()
        return {"message": "填报台已关闭，可以关掉这个窗口"}


def _require(editor: Editor, unit: str, year: int) -> None:
    if not editor.has_year(unit, year):
        abort(404)


def _explain(error: HTTPException) -> tuple[str | dict[str, str], int]:
    """Answer a wrong address or a faulty request in Chinese."""
    words = {
        404: "没有这一页",
        405: "这个地址不能这样用",
        413: "文件太大，至多 64 MB",
        500: _FAILED,
    }
    code = error.code or 500
    message = words.get(code, "请求有误")
    if request.path.startswith("/api/"):
        return {"message": message}, code
    return render_template("message.html.jinja", message=message), code


def _explain_os(error: OSError) -> tuple[dict[str, str], int]:
    return {"message": explain_os_error(error)}, 500
