"""Random edits of a data folder such as clerks and operators make."""

import datetime as dt
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
