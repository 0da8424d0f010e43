"""A publisher's data folder, read whole: site, forms, units and their disclosures."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from generator.files import Files
from generator.filing import read_disclosure
from generator.form_faults import form_problems
from generator.forms import Form
from generator.inheriting import inherited
from generator.nodes import Mapping, Scalar, Source
from generator.personal import Found, personal
from generator.problems import UNREADABLE, WRONG_PLACE, Level, Position, Problem
from generator.publication import Disclosure, Site, Unit, UnitFacts
from generator.schema import validated
from generator.wording import Lexicon, Words, lexicon


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything that a data folder holds, as far as it could be read."""

    today: dt.date
    """The day on which the data is looked at."""
    site: Site | None
    forms: tuple[Form, ...]
    """By name; those whose files have faults are left out."""
    units: tuple[Unit, ...]
    disclosures: tuple[Disclosure, ...]
    """By unit, then by year."""
    sources: tuple[Source, ...]
    """Every file that was read, as it was written."""
    private: tuple[tuple[Position, Found], ...]
    """Personal data in the files and in their names."""
    lexicon: Lexicon
    """Wrong words to look for."""
    problems: tuple[Problem, ...]
    """What could not be read or does not fit its form."""


def read_dataset(
    folder: Path,
    shown: str,
    today: dt.date,
    *,
    drafts: bool = False,
    only: frozenset[str] = frozenset(),
) -> Dataset:
    """Read a data folder; `shown` is what its path is called in messages.

    `drafts` lets documents be filed with incomplete forms, to try them; `only` names the units
    to be read, all where it is empty.
    """
    if not folder.is_dir():
        message = f"找不到数据目录“{shown}”；请在仓库根目录运行，或用 --data 指定"
        problem = Problem(UNREADABLE, Level.E, Position(shown), message)
        return Dataset(today, None, (), (), (), (), (), lexicon(None), (problem,))
    files = Files(folder, shown)
    site, _ = files.shaped(Site, folder / "site.yml")
    forms = _read_forms(files, folder / "forms")
    words = folder / "words.yml"
    own = files.shaped(Words, words)[0] if words.is_file() else None
    units: list[Unit] = []
    disclosures: list[Disclosure] = []
    folders = files.folders(folder / "units")
    for path in filter(files.addressable, (f for f in folders if not only or f.name in only)):
        facts, source = files.shaped(UnitFacts, path / "unit.yml")
        if facts is None or source is None:
            continue
        unit = Unit(path.name, source.file, facts)
        units.append(unit)
        read = (
            read_disclosure(files, forms, unit, each, drafts=drafts) for each in files.folders(path)
        )
        disclosures.extend(disclosure for disclosure in read if disclosure is not None)
    if not any(files.folders(folder / "units")):
        message = "没有读到任何单位；请核对数据目录，单位放在 units/单位代号/ 下"
        files.report(UNREADABLE, folder / "units", message)
    return Dataset(
        today=today,
        site=site,
        forms=tuple(form for form in forms.values() if form),
        units=tuple(units),
        disclosures=tuple(disclosures),
        sources=tuple(files.sources),
        private=tuple(each for source in files.sources for each in _private(source)),
        lexicon=lexicon(own),
        problems=tuple(files.problems),
    )


def _private(source: Source) -> Iterator[tuple[Position, Found]]:
    for found in personal(source.file):
        yield Position(source.file), found
    for found in personal(source.text):
        line = source.text.count("\n", 0, found.start) + 1
        column = found.start - source.text.rfind("\n", 0, found.start)
        yield Position(source.file, line, column), found


def _read_forms(files: Files, folder: Path) -> dict[str, Form | None]:
    """The forms by name; None for one whose file has faults."""
    nodes: dict[str, Mapping] = {}
    forms: dict[str, Form | None] = {}
    for path in files.documents(folder):
        source = files.read(path)
        forms[path.stem] = None
        if isinstance(source.root, Mapping):
            nodes[path.stem] = source.root
            files.problems.extend(_misnamed(source.root, path.stem))
    whole, problems = inherited(nodes)
    files.problems.extend(problems)
    found: dict[Problem, list[str]] = defaultdict(list)
    for name, node in whole.items():
        form, problems = validated(Form, node)
        problems += form_problems(form, node) if form else []
        forms[name] = None if problems else form
        for problem in problems:
            found[problem].append(name)
    files.problems.extend(_blamed(problem, names) for problem, names in found.items())
    return forms


def _blamed(problem: Problem, names: list[str]) -> Problem:
    """A form's fault; where it lies in an inherited file that is right in itself, with its heir."""
    if Path(problem.position.file).stem in names:
        return problem
    return replace(problem, message=f"继承了这里的表式“{names[0]}”：{problem.message}")


def _misnamed(node: Mapping, stem: str) -> Iterator[Problem]:
    named = node.get("表式")
    if isinstance(named, Scalar) and named.text != stem:
        message = f"“表式”写的是“{named.text}”，文件名是“{stem}”；两者应一致"
        yield Problem(WRONG_PLACE, Level.E, named.position, message)
