"""Saving: whole or not at all, never over another's change; drafts survive."""

import errno
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from gongkai.authoring.editor.drafts import (
    EditDraft,
    decode_edit,
    discard_draft,
    encode_edit,
    keep_draft,
    list_drafts,
    resume_draft,
)
from gongkai.authoring.editor.edit_state import (
    STATE_FOLDER,
    StoreError,
    checked_path,
    load_file,
    lock_state,
    read_base,
)
from gongkai.authoring.editor.merging import Choice, Side
from gongkai.authoring.editor.saving import FileEdits, recover, save
from gongkai.authoring.editor.value_trees import EditError, EditKind, ValueEdit
from tests.authoring.editor.interrupted_saves import OLD, PATHS, PLACE, read_report, start_save
from tests.disks import mount_or_skip

PATH = PATHS[0]
EDIT = ValueEdit(PLACE, "5")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path, "1")
    return tmp_path


def write_files(folder: Path, number: str) -> None:
    for path in PATHS:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(OLD.replace("{number}", number), "utf-8")


def numbers(folder: Path) -> list[str]:
    """Return the numbers in the files, which are otherwise as they were."""
    found: list[str] = []
    for path in PATHS:
        text = (folder / path).read_text("utf-8")
        head, _, rest = text.partition("得分: ")
        number = rest.partition("\n")[0]
        assert text == OLD.replace("{number}", number), head
        found.append(number)
    return found


def test_a_save_changes_the_files_and_says_what_further_edits_are_based_on(folder: Path) -> None:
    loaded = load_file(folder, PATH)
    (folder / PATH).chmod(0o640)
    result = save(folder, [FileEdits(PATH, loaded.digest, (EDIT,))])
    assert result.is_saved
    assert numbers(folder) == ["5", "1", "1"]
    assert (folder / PATH).stat().st_mode & 0o777 == 0o640
    again = save(folder, [FileEdits(PATH, result.files[0].digest, (ValueEdit(PLACE, "6"),))])
    assert [file.is_merged for file in again.files] == [False]
    assert numbers(folder) == ["6", "1", "1"]


def test_a_second_tab_is_merged_or_shown_and_never_overwritten(folder: Path) -> None:
    loaded = load_file(folder, PATH)
    save(folder, [FileEdits(PATH, loaded.digest, (ValueEdit(("尾",), "2"),))])
    merged = save(folder, [FileEdits(PATH, loaded.digest, (EDIT,))])
    assert merged.files[0].is_merged
    assert merged.files[0].text == OLD.replace("{number}", "5").replace("尾: 1", "尾: 2")

    second = [
        FileEdits(PATHS[1], load_file(folder, PATHS[1]).digest, (EDIT,)),
        FileEdits(PATH, loaded.digest, (ValueEdit(PLACE, "7"),)),
    ]
    result = save(folder, second)
    assert not result.is_saved
    (conflicts,) = result.conflicts
    (conflict,) = conflicts.conflicts
    assert (conflicts.path, conflict.words) == (PATH, "表/甲/得分")
    assert (conflict.base, conflict.mine, conflict.theirs) == ("1", "7", "5")
    assert numbers_of(folder, PATHS[1]) == "1", "the other file of the same save was not written"
    settled = save(folder, second, choices={conflict.id: Choice(Side.MINE)})
    assert settled.is_saved
    assert (numbers_of(folder, PATH), numbers_of(folder, PATHS[1])) == ("7", "5")


def numbers_of(folder: Path, path: str) -> str:
    return (folder / path).read_text("utf-8").partition("得分: ")[2].partition("\n")[0]


def test_a_file_that_is_gone_or_new_is_a_choice_between_two_versions(folder: Path) -> None:
    loaded = load_file(folder, PATH)
    (folder / PATH).unlink()
    changes = [FileEdits(PATH, loaded.digest, (EDIT,))]
    (conflicts,) = save(folder, changes).conflicts
    conflict = conflicts.conflicts[0]
    assert (conflict.words, conflict.mine) == ("整个文件", OLD.replace("{number}", "5"))
    save(folder, changes, choices={conflict.id: Choice(Side.MINE)})
    assert numbers(folder) == ["5", "1", "1"]

    new = FileEdits("data/units/x/2022/new.yml", "", text="名: 新\n")
    assert save(folder, [new]).is_saved
    assert (folder / new.path).read_text("utf-8") == "名: 新\n"
    assert save(folder, [new]).is_saved, "the same once more"
    other = FileEdits(new.path, "", text="名: 别的\n")
    assert not save(folder, [other]).is_saved
    removed = FileEdits(new.path, load_file(folder, new.path).digest, is_removed=True)
    assert save(folder, [removed]).files[0].digest == ""
    assert not (folder / new.path).exists()


def test_a_text_with_its_edits_is_written_as_it_is_or_merged(folder: Path) -> None:
    loaded = load_file(folder, PATH)
    text = "# 另写的说明\n" + OLD.replace("{number}", "5")
    change = FileEdits(PATH, loaded.digest, (EDIT,), text=text)
    assert save(folder, [change]).files[0].text == text
    (folder / PATH).write_text(OLD.replace("{number}", "1").replace("尾: 1", "尾: 2"), "utf-8")
    (saved,) = save(folder, [change]).files
    assert saved.is_merged
    assert saved.text == OLD.replace("{number}", "5").replace("尾: 1", "尾: 2")
    (folder / PATH).write_text(OLD.replace("{number}", "7"), "utf-8")
    (conflicts,) = save(folder, [change]).conflicts
    assert conflicts.conflicts[0].words == "表/甲/得分"


def test_a_base_that_was_not_kept_leads_to_a_choice(folder: Path) -> None:
    loaded = load_file(folder, PATH)
    for path in (folder / STATE_FOLDER / "bases").iterdir():
        path.unlink()
    (folder / PATH).write_text(OLD.replace("{number}", "3"), "utf-8")
    (conflicts,) = save(folder, [FileEdits(PATH, loaded.digest, (EDIT,))]).conflicts
    assert conflicts.conflicts[0].words == "整个文件"
    assert numbers(folder) == ["3", "1", "1"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "/etc/x.yml",
            "../x.yml",
            "data/../../x.yml",
            "data\\x.yml",
            "C:/x.yml",
            ".git/x.yml",
        ),
        *(
            "data/.x.yml",
            "data/x.py",
            "data/./x.yml/..",
            "data/x.yml\0.yml",
            "a" * 10,
            "mkdocs.yml/../../x.yml",
        ),
    ],
)
def test_other_paths_are_refused(folder: Path, path: str) -> None:
    with pytest.raises(EditError, match="不是数据文件的路径"):
        save(folder, [FileEdits(path, "", text="x")])


def test_a_link_that_leads_out_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.yml"
    outside.write_text("名: 旧\n", "utf-8")
    (folder / "data/link.yml").symlink_to(outside)
    with pytest.raises(EditError, match="是一个链接"):
        checked_path(folder, "data/link.yml")


def test_what_cannot_be_edited_leaves_all_files(folder: Path) -> None:
    changes = [
        FileEdits(PATH, load_file(folder, PATH).digest, (EDIT,)),
        FileEdits(PATHS[1], load_file(folder, PATHS[1]).digest, (ValueEdit(("尾", "无"), "1"),)),
    ]
    with pytest.raises(EditError, match=f"{PATHS[1]}：“尾”里不能有下级"):
        save(folder, changes)
    assert numbers(folder) == ["1", "1", "1"]


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / PATH).write_bytes("名: 旧\n".encode("gbk"))
    with pytest.raises(EditError, match="不是 UTF-8 编码，不能在这里改"):
        load_file(folder, PATH)


def test_another_program_that_is_saving_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.authoring.editor.edit_state._MAX_WAIT", 0.2)
    with lock_state(folder), pytest.raises(StoreError, match="另一个填报台正在保存"):
        save(folder, [])


def refuse_to_replace(monkeypatch: pytest.MonkeyPatch, path: str, error: OSError) -> None:
    """Let os.replace fail for one file."""
    original = os.replace

    def replace(source: str | Path, target: str | Path) -> None:
        if Path(target).name == Path(path).name:
            raise error
        original(source, target)

    monkeypatch.setattr(os, "replace", replace)


def test_a_file_that_cannot_be_replaced_takes_back_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_to_replace(monkeypatch, PATHS[2], PermissionError(errno.EACCES, "denied"))
    changes = [FileEdits(path, load_file(folder, path).digest, (EDIT,)) for path in PATHS]
    with pytest.raises(StoreError, match="没有保存：没有权限；文件没有改动，填的内容都在"):
        save(folder, changes)
    assert numbers(folder) == ["1", "1", "1"]
    monkeypatch.undo()
    recover(folder)
    assert numbers(folder) == ["1", "1", "1"]
    assert save(folder, changes).is_saved
    assert numbers(folder) == ["5", "5", "5"]


def draft(folder: Path, tab: str = "tab", value: str = "5") -> EditDraft:
    return EditDraft(PATH, load_file(folder, PATH).digest, (ValueEdit(PLACE, value),), tab)


def test_drafts_are_kept_by_tab_and_resumed_on_the_present_file(folder: Path) -> None:
    keep_draft(folder, draft(folder, "one"))
    keep_draft(folder, draft(folder, "two", "6"))
    assert [kept.tab for kept in list_drafts(folder, PATH)] == ["two", "one"]
    (folder / PATH).write_text(
        "# 新\n表:\n  - 名: 零\n  - 名: 甲  # 说明\n    得分: 1\n尾: 1\n", "utf-8"
    )
    two, one = list_drafts(folder)
    assert resume_draft(folder, one).edits == (ValueEdit(("表", 1, "得分"), "5"),)
    (folder / PATH).write_text(OLD.replace("{number}", "9"), "utf-8")
    (conflict,) = resume_draft(folder, two).conflicts
    assert (conflict.mine, conflict.theirs) == ("6", "9")
    discard_draft(folder, PATH, "two")
    keep_draft(folder, EditDraft(PATH, "", (), "one"))
    assert list_drafts(folder) == []


def test_a_draft_that_is_saved_already_changes_nothing(folder: Path) -> None:
    kept = draft(folder)
    keep_draft(folder, kept)
    save(folder, [FileEdits(kept.path, kept.base, kept.edits)])
    merge = resume_draft(folder, list_drafts(folder)[0])
    assert (merge.edits, merge.conflicts) == ((), ())


def test_texts_that_no_draft_needs_are_dropped_after_a_month(folder: Path) -> None:
    kept = draft(folder)
    keep_draft(folder, kept)
    other = load_file(folder, PATHS[1])
    (folder / PATHS[2]).write_text("别的: 1\n", "utf-8")
    third = load_file(folder, PATHS[2])
    long_ago = time.time() - 40 * 86_400
    for digest in (kept.base, other.digest, third.digest):
        os.utime(folder / STATE_FOLDER / "bases" / digest, (long_ago, long_ago))
    list_drafts(folder)
    assert read_base(folder, kept.base)
    assert read_base(folder, third.digest) is None


@pytest.mark.parametrize("tab", ["", "../x", "a/b", "x" * 41])
def test_a_draft_with_a_strange_name_is_refused(folder: Path, tab: str) -> None:
    with pytest.raises(EditError, match="窗口的名称不对"):
        keep_draft(folder, EditDraft(PATH, "", (EDIT,), tab))


def test_edits_travel_as_json() -> None:
    edit = ValueEdit(("表", 0), {"名": ["甲", None]}, EditKind.INSERT, 3)
    assert decode_edit(encode_edit(edit)) == edit
    for wrong in ({}, {"place": [], "value": ""}, {"place": [True]}, {"place": ["a"], "kind": "x"}):
        with pytest.raises(EditError):
            decode_edit(wrong)
    with pytest.raises(EditError):
        decode_edit({"place": ["a"], "value": 1})


def check_nothing_is_lost(folder: Path, number: str, output: str) -> None:
    """Check that the files are all old or all new, and that what was typed is there in any case."""
    drafts = {kept.path: kept for kept in list_drafts(folder)}
    recover(folder)
    values = numbers(folder)
    assert values in (["1"] * 3, [number] * 3)
    is_new = values == [number] * 3
    assert is_new or "saved" not in output
    if "draft" in output and not is_new:
        assert drafts.keys() == {*PATHS}
        assert all(kept.edits == (ValueEdit(PLACE, number),) for kept in drafts.values())
        for path in PATHS:
            merge = resume_draft(folder, drafts[path])
            assert merge.edits == drafts[path].edits
    hidden = [
        path.name
        for path in (folder / "data").iterdir()
        if path.name not in {*["a.yml", "b.yml", "c.yml"]}
    ]
    assert hidden == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
@pytest.mark.parametrize("how", ["kill", "full", "flush"])
def test_an_interruption_at_any_disk_change_loses_nothing(folder: Path, how: str) -> None:
    for limit in range(1, 200):
        write_files(folder, "1")
        for path in PATHS:
            discard_draft(folder, path, "tab")
        report = read_report(*start_save(folder, "2", how, limit))
        last = report.split("\n")[-2] if report else ""
        if last.isdigit() and int(last) < limit:  # It came to its end before.
            break
        assert how == "kill" or "磁盘满了" in report or "saved" in report
        check_nothing_is_lost(folder, "2", report)
    assert limit > 15


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_kills_at_random_moments_lose_nothing(folder: Path) -> None:
    rnd = Random(1)  # noqa: S311 - repeatable
    outcomes: Counter[str] = Counter()
    start = time.monotonic()
    read_report(*start_save(folder, "2"))
    duration = time.monotonic() - start
    for number in range(60):
        write_files(folder, "1")
        for path in PATHS:
            discard_draft(folder, path, "tab")
        process, reading = start_save(folder, f"9{number}")
        time.sleep(rnd.uniform(0, duration))
        os.kill(process, signal.SIGKILL)
        report = read_report(process, reading)
        outcomes[report.split("\n")[-2] if report else "typing"] += 1
        check_nothing_is_lost(folder, f"9{number}", report)
    assert outcomes["draft"] > 3, outcomes


def fill_disk(filler: Path) -> None:
    """Write until nothing more fits."""
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        for _ in range(10_000):
            file.write(b"x" * 512)


@pytest.mark.long
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with mount_or_skip(
        tmp_path / "disk", "-t", "tmpfs", "-o", "size=256k", "tmpfs", f"{tmp_path / 'disk'}"
    ) as disk:
        write_files(disk, "1")
        loaded = [load_file(disk, path) for path in PATHS]
        keep_draft(disk, draft(disk))
        filler = disk / "filler"
        fill_disk(filler)
        changes = [FileEdits(file.path, file.digest, (EDIT,)) for file in loaded]
        with pytest.raises(StoreError, match="没有保存：磁盘满了；文件没有改动，填的内容都在"):
            save(disk, changes)
        with pytest.raises(StoreError, match="草稿没有存下：磁盘满了"):
            keep_draft(disk, draft(disk, value="777"))
        assert numbers(disk) == ["1"] * 3
        assert list_drafts(disk) == [draft(disk)]
        filler.unlink()
        assert save(disk, changes).is_saved
        assert numbers(disk) == ["5"] * 3
