"""A publisher's data folder, read whole: site, forms, units and their disclosures."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ByName
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.model.forms import Form
from gongkai.model.nodes import Mapping, Scalar, Source
from gongkai.model.personal_data import Found, personal
from gongkai.model.problems import UNREADABLE, WRONG_PLACE, Level, Position, Problem
from gongkai.model.publication import Disclosure, Site, Unit, UnitFacts
from gongkai.model.schema import validated
from gongkai.reading.disclosure import read_disclosure
from gongkai.reading.files import Files
from gongkai.reading.form_inheritance import inherited
from gongkai.reading.form_validation import form_problems
from gongkai.reading.lexicon import Lexicon, Words, lexicon


@dataclass(frozen=True, slots=True)
class Common:
    """What all units of a data folder share: the site, the forms, the words to look for."""

    folder: Path
    shown: str
    """What the folder is called in messages."""
    today: dt.date
    drafts: bool
    """Whether documents may be filed with incomplete forms, to try them."""
    site: Site | None
    forms: ByName[str, Form | None]
    """By name; None for one whose file has faults."""
    lexicon: Lexicon
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


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
    common = read_common(folder, shown, today, drafts=drafts)
    names = [name for name in unit_names(folder) if not only or name in only]
    shared, units = common_dataset(common), read_units(common, names)
    return replace(
        units,
        sources=shared.sources + units.sources,
        private=shared.private + units.private,
        problems=shared.problems + units.problems,
    )


def read_common(folder: Path, shown: str, today: dt.date, *, drafts: bool = False) -> Common:
    """Read what all units share; that there is no folder or no unit is among its problems."""
    if not folder.is_dir():
        message = f"找不到数据目录“{shown}”；请在仓库根目录运行，或用 --data 指定"
        problem = Problem(UNREADABLE, Level.E, Position(shown), message)
        return Common(folder, shown, today, drafts, None, {}, lexicon(None), (), (problem,))
    files = Files(folder, shown)
    site, _ = files.shaped(Site, folder / "site.yml")
    forms = _read_forms(files, folder / "forms")
    words = folder / "words.yml"
    own = files.shaped(Words, words)[0] if words.is_file() else None
    if not unit_names(folder):
        message = "没有读到任何单位；请核对数据目录，单位放在 units/单位代号/ 下"
        files.report(UNREADABLE, folder / "units", message)
    return Common(
        folder=folder,
        shown=shown,
        today=today,
        drafts=drafts,
        site=site,
        forms=forms,
        lexicon=lexicon(own),
        sources=tuple(files.sources),
        problems=tuple(files.problems),
    )


def read_site(folder: Path) -> Site | None:
    """Who publishes; None where site.yml is missing or has faults."""
    return Files(folder, "").shaped(Site, folder / "site.yml")[0]


def unit_names(folder: Path) -> list[str]:
    """The folders of the units in a data folder, in order."""
    return [path.name for path in Files(folder, "").folders(folder / "units")]


def common_dataset(common: Common) -> Dataset:
    """What all units share, without any unit."""
    return _dataset(common, [], [], common.sources, common.problems)


def read_units(common: Common, names: Iterable[str]) -> Dataset:
    """Some units, with the files and problems that are theirs."""
    files = Files(common.folder, common.shown)
    units: list[Unit] = []
    disclosures: list[Disclosure] = []
    folders = (common.folder / "units" / name for name in names)
    for path in filter(files.addressable, folders):
        facts, source = files.shaped(UnitFacts, path / "unit.yml")
        if facts is None or source is None:
            continue
        unit = Unit(path.name, source.file, facts)
        units.append(unit)
        read = (
            read_disclosure(files, common.forms, unit, each, drafts=common.drafts)
            for each in files.folders(path)
        )
        disclosures.extend(disclosure for disclosure in read if disclosure is not None)
    return _dataset(common, units, disclosures, files.sources, files.problems)


def _dataset(
    common: Common,
    units: Iterable[Unit],
    disclosures: Iterable[Disclosure],
    sources: Iterable[Source],
    problems: Iterable[Problem],
) -> Dataset:
    return Dataset(
        today=common.today,
        site=common.site,
        forms=tuple(form for form in common.forms.values() if form),
        units=tuple(units),
        disclosures=tuple(disclosures),
        sources=tuple(sources),
        private=tuple(each for source in sources for each in _private(source)),
        lexicon=common.lexicon,
        problems=tuple(problems),
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
    return problem._replace(message=f"继承了这里的表式“{names[0]}”：{problem.message}")


def _misnamed(node: Mapping, stem: str) -> Iterator[Problem]:
    named = node.get("表式")
    if isinstance(named, Scalar) and named.text != stem:
        message = f"“表式”写的是“{named.text}”，文件名是“{stem}”；两者应一致"
        yield Problem(WRONG_PLACE, Level.E, named.position, message)
