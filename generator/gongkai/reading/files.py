"""Reading files from a data folder, remembering what was read and what was wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.model.nodes import Source
from gongkai.model.problems import UNREADABLE, WRONG_PLACE, Level, Position, Problem, Rule
from gongkai.model.schema import Shape, validated
from gongkai.reading.source import read_report, read_source

YAML_ENDINGS = (".yml", ".yaml")
_ADDRESS = re.compile(r"(?!(?:index|readme)$)[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""What may be part of a page's address: it has to survive every system, zip and git."""


@dataclass(frozen=True, slots=True)
class Files:
    """A data folder under way of being read."""

    folder: Path
    shown: str
    """What the folder is called in messages."""
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """A path as shown to the user, with forward slashes."""
        return f"{self.shown}/{path.relative_to(self.folder).as_posix()}"

    def read(self, path: Path) -> Source:
        """A file as written; what is wrong with it is remembered."""
        reader = read_report if path.suffix == ".md" else read_source
        source = reader(path, self.name(path))
        self.sources.append(source)
        self.problems.extend(source.problems)
        return source

    def shaped(self, shape: type[Shape], path: Path) -> tuple[Shape | None, Source | None]:
        """A file of fixed shape; None where it is missing or does not fit."""
        if not path.is_file():
            self.report(UNREADABLE, path, f"缺少文件 {path.name}；请参照填报指南新建")
            return None, None
        source = self.read(path)
        if source.root is None:
            return None, source
        result, problems = validated(shape, source.root)
        self.problems.extend(problems)
        return result, source

    def report(self, rule: Rule, path: Path, message: str, level: Level = Level.E) -> None:
        """Note what is wrong with a file as a whole."""
        self.problems.append(Problem(rule, level, Position(self.name(path)), message))

    def addressable(self, path: Path) -> bool:
        """Whether a folder's or project's name can be part of an address; if not, report it."""
        if is_address(path.stem):
            return True
        message = (
            f"名称“{path.stem}”会成为网址的一部分，只能用小写英文字母、数字和连字符（例如 jsx-2），"
            "且不能是 index、readme；请改名"
        )
        self.report(WRONG_PLACE, path, message)
        return False

    def folders(self, path: Path) -> Iterator[Path]:
        """The folders in a folder, by name; hidden ones are none of our business."""
        return (each for each in _listed(path) if each.is_dir())

    def documents(self, path: Path) -> Iterator[Path]:
        """The files of a folder that are read, by name; others are reported."""
        for each in _listed(path):
            if each.suffix in {*YAML_ENDINGS, ".md"}:
                yield each
            elif each.is_file():
                message = (
                    f"不认识的文件“{each.name}”，不会公开；数据文件以 .yml 结尾，报告以 .md 结尾"
                )
                self.report(UNREADABLE, each, message, Level.W)


def is_address(name: str) -> bool:
    """Whether a name can be part of an address."""
    return bool(_ADDRESS.fullmatch(name))


def _listed(path: Path) -> list[Path]:
    entries = path.iterdir() if path.is_dir() else ()
    return sorted(each for each in entries if not each.name.startswith("."))
