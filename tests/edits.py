"""Random edits of a data folder, as clerks and operators make them."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from gongkai.runtime.clock import set_today

DAYS = (dt.date(2026, 11, 23), dt.date(2026, 11, 24), dt.date(2024, 3, 1))
_TEXT = re.compile(r"^( +[^\s:#-][^:#]*: )([\u4e00-\u9fa5，。]{12,})$", re.MULTILINE)
_FIGURE = re.compile(r"(?<=: )\d+(?:\.\d+)?(?=[,}\n])")


def _some(data: Path, rnd: Random, pattern: str) -> Path:
    return rnd.choice(sorted((data / "units").glob(pattern)))


def _swap(path: Path, pattern: re.Pattern[str], rnd: Random, new: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    found = list(pattern.finditer(text))
    if found:
        match = rnd.choice(found)
        path.write_text(text[: match.start()] + new(match[0]) + text[match.end() :], "utf-8")


def another_text(data: Path, rnd: Random) -> None:
    path = _some(data, rnd, "*/*/projects/*.yml")
    _swap(path, _TEXT, rnd, lambda text: f"{text}又{rnd.randrange(1000)}处")


def another_figure(data: Path, rnd: Random) -> None:
    _swap(_some(data, rnd, "*/*/**/*.yml"), _FIGURE, rnd, lambda _: f"{rnd.randrange(1000)}")


def a_comment(data: Path, rnd: Random) -> None:
    path = _some(data, rnd, "**/*.yml")
    path.write_text(f"# 示例{rnd.random()}\n{path.read_text('utf-8')}", "utf-8")


def a_touch(data: Path, rnd: Random) -> None:
    _some(data, rnd, "**/*.yml").touch()


def a_broken_file(data: Path, rnd: Random) -> None:
    path = _some(data, rnd, "**/*.yml")
    path.write_text(path.read_text("utf-8") + "\n坏: [\n", "utf-8")


def another_project_address(data: Path, rnd: Random) -> None:
    path = _some(data, rnd, "*/*/projects/*.yml")
    new = f"{path.stem}-{rnd.randrange(100)}"
    path.rename(path.with_stem(new))
    facts = path.parent.parent / "disclosure.yml"
    text = facts.read_text("utf-8")
    facts.write_text(re.sub(rf"(?<=[ \[]){path.stem}(?=[,\]\n])", new, text), "utf-8")


def another_unit_address(data: Path, rnd: Random) -> None:
    folder = _some(data, rnd, "*/unit.yml").parent
    folder.rename(folder.with_name(f"a{rnd.randrange(1000)}-{folder.name[-20:]}"))


def a_unit_less(data: Path, rnd: Random) -> None:
    if len(list((data / "units").iterdir())) > 2:
        shutil.rmtree(_some(data, rnd, "*/unit.yml").parent)


def a_year_less(data: Path, rnd: Random) -> None:
    folder = _some(data, rnd, "*/*/disclosure.yml").parent
    if len(list(folder.parent.iterdir())) > 2:
        shutil.rmtree(folder)


def a_project_less(data: Path, rnd: Random) -> None:
    _some(data, rnd, "*/*/projects/*.yml").unlink()


def a_unit_more(data: Path, rnd: Random) -> None:
    folder = _some(data, rnd, "*/unit.yml").parent
    number = rnd.randrange(10_000)
    copy = folder.with_name(f"neu-{number}")
    shutil.copytree(folder, copy)
    name = re.search("名称: (.*)", (copy / "unit.yml").read_text("utf-8"))
    assert name
    for path in copy.rglob("*.*"):
        text = path.read_text("utf-8").replace(name[1], f"示例新单位{number}号")
        path.write_text(re.sub(r"(SL/\d{4}-)\d+", rf"\g<1>{900_000 + number}", text), "utf-8")


def another_form(data: Path, rnd: Random) -> None:
    path = rnd.choice(sorted((data / "forms").glob("*.yml")))
    _swap(path, re.compile(r"^标题: .*", re.MULTILINE), rnd, lambda text: f"{text}改")


def another_site_name(data: Path, rnd: Random) -> None:
    _swap(
        data / "site.yml", re.compile("^站点名称: .*", re.MULTILINE), rnd, lambda text: f"{text}改"
    )


def more_words(data: Path, rnd: Random) -> None:
    word = rnd.choice(["资金使用规范", "相比成效", "按计划推进"])
    (data / "words.yml").write_text(f"错字:\n  - {{错: {word}, 对: 示例}}\n", "utf-8")


def a_stray_file(data: Path, rnd: Random) -> None:
    _some(data, rnd, "*/*/disclosure.yml").with_name(f"{rnd.randrange(9)}.txt").write_text("示例")


def another_day(_data: Path, rnd: Random) -> None:
    set_today(rnd.choice(DAYS))


EDITS: tuple[Callable[[Path, Random], None], ...] = (
    *(another_text, another_text, another_text, another_figure, a_comment, a_touch, a_broken_file),
    *(another_project_address, another_unit_address, a_unit_less, a_year_less, a_project_less),
    *(a_unit_more, another_form, another_site_name, more_words, a_stray_file, another_day),
)
"""Those that stand several times are made more often."""
