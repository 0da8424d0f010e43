"""Random edits of a data folder such as clerks and operators make."""

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

DAYS = (dt.date(2026, 11, 23), dt.date(2026, 11, 24), dt.date(2024, 3, 1))
_TEXT = re.compile(r"^( +[^\s:#-][^:#]*: )([\u4e00-\u9fa5，。]{12,})$", re.MULTILINE)
_FIGURE = re.compile(r"(?<=: )\d+(?:\.\d+)?(?=[,}\n])")


def _random_file(data: Path, rnd: Random, pattern: str) -> Path:
    """Return a random file in data/units that matches a glob pattern."""
    return rnd.choice(sorted((data / "units").glob(pattern)))


def _replace_random_match(
    path: Path, pattern: re.Pattern[str], rnd: Random, replace: Callable[[str], str]
) -> None:
    text = path.read_text("utf-8")
    matches = list(pattern.finditer(text))
    if matches:
        match = rnd.choice(matches)
        path.write_text(text[: match.start()] + replace(match[0]) + text[match.end() :], "utf-8")


def change_text(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    _replace_random_match(path, _TEXT, rnd, lambda text: f"{text}又{rnd.randrange(1000)}处")


def change_figure(data: Path, rnd: Random) -> None:
    _replace_random_match(
        _random_file(data, rnd, "*/*/**/*.yml"), _FIGURE, rnd, lambda _: f"{rnd.randrange(1000)}"
    )


def add_comment(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "**/*.yml")
    path.write_text(f"# 示例{rnd.random()}\n{path.read_text('utf-8')}", "utf-8")


def touch_file(data: Path, rnd: Random) -> None:
    _random_file(data, rnd, "**/*.yml").touch()


def break_file(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "**/*.yml")
    path.write_text(path.read_text("utf-8") + "\n坏: [\n", "utf-8")


def rename_project(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    slug = f"{path.stem}-{rnd.randrange(100)}"
    path.rename(path.with_stem(slug))
    facts = path.parent.parent / "disclosure.yml"
    text = facts.read_text("utf-8")
    facts.write_text(re.sub(rf"(?<=[ \[]){path.stem}(?=[,\]\n])", slug, text), "utf-8")


def rename_unit(data: Path, rnd: Random) -> None:
    folder = _random_file(data, rnd, "*/unit.yml").parent
    folder.rename(folder.with_name(f"a{rnd.randrange(1000)}-{folder.name[-20:]}"))


def remove_unit(data: Path, rnd: Random) -> None:
    if len(list((data / "units").iterdir())) > 2:
        shutil.rmtree(_random_file(data, rnd, "*/unit.yml").parent)


def remove_year(data: Path, rnd: Random) -> None:
    folder = _random_file(data, rnd, "*/*/disclosure.yml").parent
    if len(list(folder.parent.iterdir())) > 2:
        shutil.rmtree(folder)


def remove_project(data: Path, rnd: Random) -> None:
    _random_file(data, rnd, "*/*/projects/*.yml").unlink()


def add_unit(data: Path, rnd: Random) -> None:
    folder = _random_file(data, rnd, "*/unit.yml").parent
    number = rnd.randrange(10_000)
    copy = folder.with_name(f"neu-{number}")
    shutil.copytree(folder, copy)
    name = re.search("名称: (.*)", (copy / "unit.yml").read_text("utf-8"))
    assert name
    for path in copy.rglob("*.*"):
        text = path.read_text("utf-8").replace(name[1], f"示例新单位{number}号")
        path.write_text(re.sub(r"(SL/\d{4}-)\d+", rf"\g<1>{900_000 + number}", text), "utf-8")


def change_form(data: Path, rnd: Random) -> None:
    path = rnd.choice(sorted((data / "forms").glob("*.yml")))
    _replace_random_match(
        path, re.compile(r"^标题: .*", re.MULTILINE), rnd, lambda text: f"{text}改"
    )


def change_site_name(data: Path, rnd: Random) -> None:
    _replace_random_match(
        data / "site.yml", re.compile("^站点名称: .*", re.MULTILINE), rnd, lambda text: f"{text}改"
    )


def add_words(data: Path, rnd: Random) -> None:
    word = rnd.choice(["资金使用规范", "相比成效", "按计划推进"])
    (data / "words.yml").write_text(f"错字:\n  - {{错: {word}, 对: 示例}}\n", "utf-8")


def add_stray_file(data: Path, rnd: Random) -> None:
    _random_file(data, rnd, "*/*/disclosure.yml").with_name(f"{rnd.randrange(9)}.txt").write_text(
        "示例"
    )


def change_today(_data: Path, rnd: Random) -> dt.date:
    return rnd.choice(DAYS)


EDITS: tuple[Callable[[Path, Random], dt.date | None], ...] = (
    *(change_text, change_text, change_text, change_figure, add_comment, touch_file, break_file),
    *(rename_project, rename_unit, remove_unit, remove_year, remove_project),
    *(add_unit, change_form, change_site_name, add_words, add_stray_file, change_today),
)
"""Edits to choose from at random; repeated ones are more frequent.

An edit may return the day that counts as today from then on.
"""


def change_text_secretly(data: Path, rnd: Random) -> None:
    """Change a text, and keep the file's size and time."""
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    old_stat = path.stat()
    swap = {"的": "之", "之": "的"}
    pattern = re.compile("[的之]")
    _replace_random_match(path, pattern, rnd, lambda text: swap[text])
    os.utime(path, ns=(old_stat.st_atime_ns, old_stat.st_mtime_ns))


def set_old_times(data: Path, rnd: Random) -> None:
    """Set a time long past, as unpacking an archive does."""
    os.utime(_random_file(data, rnd, "**/*.yml"), (1_600_000_000, 1_600_000_000))


def put_folder_for_file(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    path.unlink()
    path.mkdir()


def put_file_for_folder(data: Path, rnd: Random) -> None:
    folder = rnd.choice(sorted((data / "units").glob("*/*/projects")))
    shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    folder.write_text("示例", "utf-8")


def link_file(data: Path, rnd: Random) -> None:
    """Put a file elsewhere and a symlink in its place."""
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    target = data.parent / f"elsewhere-{rnd.randrange(10_000)}.yml"
    path.replace(target)
    path.symlink_to(target)


def link_unit(data: Path, rnd: Random) -> None:
    """Put a unit's folder elsewhere and a symlink in its place, but leave one folder at least."""
    folders = [path for path in sorted((data / "units").iterdir()) if not path.is_symlink()]
    if len(folders) > 1:
        folder = rnd.choice(folders)
        target = data.parent / f"elsewhere-{folder.name}-{rnd.randrange(10_000)}"
        folder.replace(target)
        folder.symlink_to(target, target_is_directory=True)


def link_nowhere(data: Path, rnd: Random) -> None:
    path = _random_file(data, rnd, "*/*/projects/*.yml")
    path.unlink()
    path.symlink_to("nirgends.yml")


def link_in_circle(data: Path, rnd: Random) -> None:
    folder = _random_file(data, rnd, "*/*/disclosure.yml").parent
    link = folder / f"kreis{rnd.randrange(9)}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder, target_is_directory=True)


def change_home_page(data: Path, rnd: Random) -> None:
    path = data.parent / "content" / "index.md"
    path.write_text(f"{path.read_text('utf-8')}\n示例{rnd.randrange(1000)}\n", "utf-8")


def add_page(data: Path, rnd: Random) -> None:
    """Add a hand-written page, or remove it again."""
    path = data.parent / "content" / f"shili{rnd.randrange(3)}.md"
    path.unlink() if path.is_file() else path.write_text(
        "# 示例\n\n示例[首页](index.md)\n", "utf-8"
    )


def change_template(data: Path, rnd: Random) -> None:
    path = data.parent / "overrides" / rnd.choice(("base.html", "404.html", "partials/footer.html"))
    path.write_text(f"{path.read_text('utf-8')}<!-- {rnd.randrange(1000)} -->\n", "utf-8")


def change_style(data: Path, rnd: Random) -> None:
    path = data.parent / "overrides" / "assets" / "gongkai.css"
    path.write_text(f"{path.read_text('utf-8')}.shili{{order:{rnd.randrange(1000)}}}\n", "utf-8")


def change_settings(data: Path, rnd: Random) -> None:
    path = data.parent / "mkdocs.yml"
    text = path.read_text("utf-8")
    key, value = rnd.choice(
        (("site_description", "示例"), ("site_url", "https://gongkai.example/"))
    )
    addition = f"a{rnd.randrange(100)}/" if key == "site_url" else f"{rnd.randrange(1000)}"
    path.write_text(re.sub(rf"(?m)^{key}: .*", f"{key}: {value}{addition}", text), "utf-8")


def change_site_settings(data: Path, rnd: Random) -> None:
    path = data / "site.yml"
    text = re.sub(r"(?m)^(整体下载|修改记录|展示警告): .*\n", "", path.read_text("utf-8"))
    lines = (
        "整体下载: [CSV]",
        "整体下载: [SQLite]",
        "修改记录: 否",
        "展示警告: 否",
        "展示警告: 是",
    )
    path.write_text(f"{text.rstrip()}\n{rnd.choice(lines)}\n", "utf-8")


FOLDER_EDITS: tuple[Callable[[Path, Random], dt.date | None], ...] = (
    *(change_text_secretly, change_text_secretly, set_old_times, link_file, link_unit),
    *(put_folder_for_file, put_file_for_folder, link_nowhere, link_in_circle),
    *(change_home_page, add_page, change_template, change_style),
    *(change_settings, change_site_settings),
)
"""Edits of a publisher's whole folder: of links, folders, pages, templates and settings."""
