"""Access to the files of a data folder: keeps the sources that were read and their problems."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.model.nodes import Node, Source
from gongkai.model.problems import UNREADABLE, WRONG_PLACE, Level, Position, Problem, Rule
from gongkai.model.schema import ModelT, validate_node
from gongkai.reading.echoes import drop_echoes
from gongkai.reading.source import parse_report, parse_source, read_report, read_source

_YAML_SUFFIXES = (".yml", ".yaml")
_OFFICE_SUFFIXES = (".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".rtf")
_NEARLY_YAML = re.compile(r"(.+?)[._]?ya?ml(?:\.txt)?")
_NEARLY_REPORT = re.compile(r"(.+?)\.(?:md|md\.txt|markdown)|(report)\.txt")
_SLUG = re.compile(r"(?!(?:index|readme)$)[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""A slug: valid in URLs, on every file system, in zip files and in git."""


Adapt = Callable[[Node], tuple[Node, list[Problem]]]
"""Returns a changed node, and the problems found in it."""


@dataclass(frozen=True, slots=True)
class DataFiles:
    """A data folder with the sources read from it so far and the problems found in them."""

    folder: Path
    shown: str
    """Name of the folder in messages."""
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unsaved: Mapping[Path, bytes] = field(default_factory=dict)
    """Contents that an editor has not saved yet, read in place of those on disk."""

    def shown_path(self, path: Path) -> str:
        """Return the path as shown to the user, with forward slashes."""
        return f"{self.shown}/{path.relative_to(self.folder).as_posix()}"

    def read(self, path: Path) -> Source:
        """Read a YAML file or report; keep the source and its problems."""
        is_report, shown, unsaved = (
            path.suffix == ".md",
            self.shown_path(path),
            self.unsaved.get(path),
        )
        if unsaved is not None:
            source = (parse_report if is_report else parse_source)(unsaved, shown)
        else:
            source = (read_report if is_report else read_source)(path, shown)
        self.sources.append(source)
        self.problems.extend(source.problems)
        return source

    def load(
        self, shape: type[ModelT], path: Path, adapt: Adapt | None = None
    ) -> tuple[ModelT | None, Source | None]:
        """Read a file and validate it as `shape`; None if it is missing or invalid (reported).

        `adapt` changes the root node first.
        """
        if path not in self.unsaved and not path.is_file():
            self.report(UNREADABLE, path, f"缺少文件 {path.name}；请参照填报指南新建")
            return None, None
        source = self.read(path)
        if source.root is None:
            return None, source
        root, adapting_problems = adapt(source.root) if adapt else (source.root, [])
        content, problems = validate_node(shape, root)
        self.problems.extend([*adapting_problems, *drop_echoes(problems, source.problems)])
        return content, replace(source, root=root)

    def report(self, rule: Rule, path: Path, message: str, level: Level = Level.E) -> None:
        """Add a problem that concerns a file as a whole."""
        self.problems.append(Problem(rule, level, Position(self.shown_path(path)), message))

    def check_slug(self, path: Path) -> bool:
        """Return whether the name of a folder or project is a slug; report it if not."""
        if is_slug(path.stem):
            return True
        message = (
            f"名称“{path.stem}”会成为网址的一部分，只能用小写英文字母、数字和连字符（例如 jsx-2），"
            "且不能是 index、readme；请改名"
        )
        self.report(WRONG_PLACE, path, message)
        return False

    def folders(self, path: Path) -> Iterator[Path]:
        """Return the folders in a folder by name, hidden ones excluded."""
        return (entry for entry in _visible_entries(path) if entry.is_dir())

    def report_stray_files(self, path: Path, rule: str, *known: str) -> None:
        """Report the files of a folder whose names are not `known`; `rule` says what belongs there."""
        for entry in _visible_entries(path):
            if entry.is_file() and entry.name not in known:
                message = f"{rule}，这里有文件“{entry.name}”，不会公开；请移到它所属的目录，或删去"
                self.report(WRONG_PLACE, entry, message, Level.W)

    def documents(self, path: Path) -> Iterator[Path]:
        """Yield the data files and reports of a folder by name; report other files."""
        new = {file for file in self.unsaved if file.parent == path}
        for entry in sorted(new.union(_visible_entries(path))) if new else _visible_entries(path):
            if entry.suffix in {*_YAML_SUFFIXES, ".md"} and not entry.is_dir():
                yield entry
            elif entry.is_file():
                message = f"不认识的文件“{entry.name}”，不会公开；{_advise_name(entry.name)}"
                self.report(UNREADABLE, entry, message, Level.W)


def _advise_name(name: str) -> str:
    """Return in Chinese what to do with a file that is neither a data file nor a report."""
    lower = name.lower()
    if lower.startswith("~$"):
        return "这是 Word、Excel 打开文件时的临时文件，请关掉它们，再删去"
    if lower in {"thumbs.db", "desktop.ini"}:
        return "这是 Windows 自己放的，请删去"
    if lower.endswith(_OFFICE_SUFFIXES):
        return "填好的 Word、Excel 表请用 gongkai import 导入，原件请放在数据目录外面"
    if match := _NEARLY_YAML.fullmatch(lower):
        return f"数据文件以 .yml 结尾，请改名为 {match[1]}.yml"
    if match := _NEARLY_REPORT.fullmatch(lower):
        return f"报告以 .md 结尾，请改名为 {match[1] or match[2]}.md"
    return "数据文件以 .yml 结尾，报告以 .md 结尾"


def is_slug(name: str) -> bool:
    """Return whether a name is a slug, which can be part of a URL."""
    return bool(_SLUG.fullmatch(name))


def _visible_entries(path: Path) -> list[Path]:
    entries = path.iterdir() if path.is_dir() else ()
    return sorted(entry for entry in entries if not entry.name.startswith("."))
