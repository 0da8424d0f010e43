"""The editor on a port of its own, in a thread of the test's process."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from gongkai.authoring.editor.server import EditorServer, listen
from gongkai.authoring.editor.state import Editor
from gongkai.authoring.editor.web_app import create_app
from gongkai.model.problems import Problem
from tests.folders import TODAY

YEAR = "units/shili/2022/"
"""Address of the synthetic unit's year."""


@contextlib.contextmanager
def serve_editor(
    data: Path,
    unit: str = "",
    find_unannounced: Callable[[str], Sequence[Problem]] = lambda _: (),
) -> Iterator[EditorServer]:
    """Run the editor on a data folder; yield its server."""
    server = listen(0)
    editor = Editor(data, "data", lambda: TODAY, unit, find_unannounced)
    app = create_app(editor, server.stop)
    thread = threading.Thread(target=server.run, args=(app,))
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def cell(page: Page, where: str) -> Locator:
    """Return the input of a cell by the end of its key path."""
    return page.locator(f'[data-where$="{where}"]')


def paste(page: Page, text: str) -> None:
    """Put a text on the clipboard, as Excel does, and paste it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def settle(page: Page) -> None:
    """Wait until the server has everything that was typed, and its answer is shown."""
    expect(page.locator("#status")).to_contain_text(re.compile("草稿|已保存|贴了"))
