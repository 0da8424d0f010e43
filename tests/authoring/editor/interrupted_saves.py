"""Saves in forked processes that are killed, or run out of disk space, at a chosen moment."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

from gongkai.authoring.editor.drafts import EditDraft, discard_draft, keep_draft
from gongkai.authoring.editor.edit_state import load_file
from gongkai.authoring.editor.saving import FileEdits, save
from gongkai.authoring.editor.value_trees import EditError, ValueEdit
from tests.dying import interrupt_disk_changes

PATHS = ("data/a.yml", "data/b.yml", "data/c.yml")
PLACE = ("表", 0, "得分")
OLD = "表:\n  - 名: 甲  # 说明\n    得分: {number}\n尾: 1\n"


def write_and_save(folder: Path, number: str, report: Callable[[str], object]) -> None:
    """Type a number into all files, as the editor does: load, keep drafts, save, discard drafts."""
    edits = (ValueEdit(PLACE, number),)
    loaded = [load_file(folder, path) for path in PATHS]
    for file in loaded:
        keep_draft(folder, EditDraft(file.path, file.digest, edits, "tab"))
    report("draft\n")
    save(folder, [FileEdits(file.path, file.digest, edits) for file in loaded])
    report("saved\n")
    for path in PATHS:
        discard_draft(folder, path, "tab")


def fail_to_flush(limit: int) -> Callable[[], int]:
    """Let the disk be full when the N-th file, and any later one, is flushed."""
    count = 0

    def fsync(_: int) -> None:
        nonlocal count
        count += 1
        if count >= limit:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    os.fsync = fsync  # type: ignore[assignment]
    return lambda: count


def start_save(folder: Path, number: str, how: str = "", limit: int = 0) -> tuple[int, int]:
    """Save in a forked process; return its id, and the descriptor of what it reports.

    With `how` it is killed (“kill”), or the disk is full from then on (“full”, “flush”), at the
    disk change or flush of number `limit`. It reports the number of changes last.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.fsync = lambda _: None  # type: ignore[assignment]  # What a killed process wrote stays.
    count: Callable[[], int] = lambda: 0  # noqa: E731 - nothing is counted
    if how:
        count = fail_to_flush(limit) if how == "flush" else interrupt_disk_changes(how, limit)
    try:
        write_and_save(folder, number, lambda text: os.write(writing, text.encode()))
    except EditError as error:
        os.write(writing, f"{error}\n".encode())
    finally:
        os.write(writing, f"{count()}\n".encode())
        os._exit(0)


def read_report(process: int, reading: int) -> str:
    """Wait for a process, and return what it reported."""
    with os.fdopen(reading, encoding="utf-8") as file:
        report = file.read()
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}, report
    return report
