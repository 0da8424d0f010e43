"""Reader for a publisher's data folder: site, forms, units and their disclosures."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, ScalarNode, Source
from gongkai.model.personal_data import find_personal_data
from gongkai.model.personal_kinds import PersonalDataMatch
from gongkai.model.problems import UNREADABLE, WRONG_PLACE, Level, Position, Problem
from gongkai.model.publication import Disclosure, Site, Unit, UnitFacts
from gongkai.model.schema import validate_node
from gongkai.reading.disclosure import read_disclosure
from gongkai.reading.files import DataFiles
from gongkai.reading.form_inheritance import resolve_inheritance
from gongkai.reading.form_plan import FormPlans
from gongkai.reading.form_validation import check_form
from gongkai.reading.lexicon import Lexicon, WordList, build_lexicon
from gongkai.reading.source import parse_source
from gongkai.runtime.shipped import shipped_forms

_SHIPPED_NAME = "程序自带的表式/"
"""Where the program's own forms are, in messages."""
_NO_UNITS_YET = "还没有单位；请用 gongkai new 单位代号 年度 新建第一个，例如 gongkai new jsx 2025"


@dataclass(frozen=True, slots=True)
class CommonData:
    """Data shared by all units of a data folder: site, forms and lexicon."""

    folder: Path
    shown: str
    """Name of the folder in messages."""
    today: dt.date
    drafts: bool
    """Whether documents may use incomplete forms."""
    site: Site | None
    forms: Mapping[str, Form | None]
    """By id; None for a form whose file has problems."""
    lexicon: Lexicon
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The valid content of a data folder, and its problems."""

    today: dt.date
    """The date that counts as today for checks."""
    site: Site | None
    forms: tuple[Form, ...]
    """By id; forms whose files have problems are left out."""
    units: tuple[Unit, ...]
    disclosures: tuple[Disclosure, ...]
    """Sorted by unit, then by year."""
    sources: tuple[Source, ...]
    """All files that were read."""
    personal_data: tuple[tuple[Position, PersonalDataMatch], ...]
    """Personal data found in the files and in their names."""
    lexicon: Lexicon
    """Wrong words (错字) of the program and the publisher."""
    problems: tuple[Problem, ...]
    """Problems of files that cannot be read or do not fit their form."""


def read_dataset(
    folder: Path,
    shown: str,
    today: dt.date,
    *,
    drafts: bool = False,
    only: frozenset[str] = frozenset(),
) -> Dataset:
    """Read a data folder; `shown` is its name in messages.

    `drafts` allows documents that use incomplete forms; `only` limits the units, unless empty.
    """
    return complete_dataset(read_common_data(folder, shown, today, drafts=drafts), only)


def complete_dataset(common: CommonData, only: frozenset[str] = frozenset()) -> Dataset:
    """Read the units of a data folder whose shared data is known; `only` limits them."""
    names = [name for name in unit_names(common.folder) if not only or name in only]
    shared, units = common_dataset(common), read_units(common, names)
    return replace(
        units,
        sources=shared.sources + units.sources,
        personal_data=shared.personal_data + units.personal_data,
        problems=shared.problems + units.problems,
    )


def read_common_data(
    folder: Path, shown: str, today: dt.date, *, drafts: bool = False
) -> CommonData:
    """Read the shared data; a missing folder or a folder without units is a problem."""
    if not folder.is_dir():
        message = f"找不到数据目录“{shown}”；请在仓库根目录运行，用 --data 指定，或改正 mkdocs.yml 里的 data_dir"
        problem = Problem(UNREADABLE, Level.E, Position(shown), message)
        return CommonData(
            folder, shown, today, drafts, None, {}, build_lexicon(None), (), (problem,)
        )
    files = DataFiles(folder, shown)
    site, _ = files.load(Site, folder / "site.yml")
    forms = _read_forms(files, folder / "forms")
    words_file = folder / "words.yml"
    own_words = files.load(WordList, words_file)[0] if words_file.is_file() else None
    if not unit_names(folder) and (folder / "units").is_dir():
        files.report(UNREADABLE, folder / "units", _NO_UNITS_YET, Level.W)
    elif not unit_names(folder):
        message = "没有读到任何单位；请核对数据目录，单位放在 units/单位代号/ 下"
        files.report(UNREADABLE, folder / "units", message)
    files.report_stray_files(folder / "units", "units 下只放各单位的目录")
    return CommonData(
        folder=folder,
        shown=shown,
        today=today,
        drafts=drafts,
        site=site,
        forms=forms,
        lexicon=build_lexicon(own_words),
        sources=tuple(files.sources),
        problems=tuple(files.problems),
    )


def read_site(folder: Path) -> Site | None:
    """Read site.yml; None if it is missing or invalid."""
    return DataFiles(folder, "").load(Site, folder / "site.yml")[0]


def unit_names(folder: Path) -> list[str]:
    """Return the names of the unit folders, sorted."""
    return [path.name for path in DataFiles(folder, "").folders(folder / "units")]


def has_disclosures(folder: Path) -> bool:
    """Whether any unit has files of a year."""
    return any(folder.glob("units/*/*/*.*"))


def common_dataset(common: CommonData) -> Dataset:
    """Return the shared data as a dataset without units."""
    return _dataset(common, [], [], common.sources, common.problems)


def read_units(
    common: CommonData,
    names: Iterable[str],
    plans: FormPlans | None = None,
    *,
    unsaved: Mapping[Path, bytes] | None = None,
) -> Dataset:
    """Read units; the dataset has only their own sources and problems.

    `plans` are those made for other units, which these may share; `unsaved` holds contents of files
    that an editor has not saved yet.
    """
    files = DataFiles(common.folder, common.shown, unsaved=unsaved or {})
    units: list[Unit] = []
    disclosures: list[Disclosure] = []
    plans = plans or FormPlans()
    folders = (common.folder / "units" / name for name in names)
    for path in filter(files.check_slug, folders):
        facts, source = files.load(UnitFacts, path / "unit.yml")
        if facts is None or source is None:
            continue
        files.report_stray_files(path, "单位目录下只放 unit.yml 和各年度的目录", "unit.yml")
        unit = Unit(path.name, source.file, facts)
        units.append(unit)
        unit_disclosures = (
            read_disclosure(
                files,
                common.forms,
                common.site,
                unit,
                year_folder,
                plans=plans,
                drafts=common.drafts,
            )
            for year_folder in (files.folders(path) if common.forms else ())
        )
        disclosures.extend(disclosure for disclosure in unit_disclosures if disclosure is not None)
    return _dataset(common, units, disclosures, files.sources, files.problems)


def _dataset(
    common: CommonData,
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
        personal_data=tuple(
            finding for source in sources for finding in _find_personal_data(source)
        ),
        lexicon=common.lexicon,
        problems=tuple(problems),
    )


def _find_personal_data(source: Source) -> Iterator[tuple[Position, PersonalDataMatch]]:
    for number in find_personal_data(source.file):
        yield Position(source.file), number
    for number in find_personal_data(source.text):
        line = source.text.count("\n", 0, number.start) + 1
        column = number.start - source.text.rfind("\n", 0, number.start)
        yield Position(source.file, line, column), number


def _read_forms(files: DataFiles, folder: Path) -> dict[str, Form | None]:
    """Return the forms by id, the folder's own before the program's; None for one with problems."""
    nodes: dict[str, MappingNode] = {}
    forms: dict[str, Form | None] = {}
    own = {path.stem: path for path in files.documents(folder)}
    shipped = {name: node for name, node in _read_shipped_forms().items() if name not in own}
    for name in sorted({*own, *shipped}, key=lambda name: f"{name}.yml"):
        if name in shipped:
            forms[name], nodes[name] = None, shipped[name]
            continue
        path = own[name]
        source = files.read(path)
        forms[path.stem] = None
        if isinstance(source.root, MappingNode):
            nodes[path.stem] = source.root
            files.problems.extend(_check_form_id(source.root, path.stem))
    resolved, problems = resolve_inheritance(nodes)
    files.problems.extend(problems)
    for (
        node
    ) in nodes.values():  # Documents name a form by its id, which may differ from the file's name.
        form_id = node.get("表式")
        if isinstance(form_id, ScalarNode):
            forms.setdefault(form_id.text, None)
    affected_forms: dict[Problem, list[str]] = defaultdict(list)
    for name, node in resolved.items():
        form, problems = validate_node(Form, node)
        problems += check_form(form, node) if form else []
        forms[name] = None if problems else form
        for problem in problems:
            affected_forms[problem].append(name)
    files.problems.extend(
        _attribute_to_heir(problem, names) for problem, names in affected_forms.items()
    )
    return forms


@cache
def _read_shipped_forms() -> Mapping[str, MappingNode]:
    """Return the forms that come with the program, by id."""
    nodes = {
        path.stem: parse_source(path.read_bytes(), f"{_SHIPPED_NAME}{path.name}").root
        for path in shipped_forms()
    }
    return {name: node for name, node in nodes.items() if isinstance(node, MappingNode)}


def _attribute_to_heir(problem: Problem, names: list[str]) -> Problem:
    """Name the heir in a problem whose position is in a parent's file that is itself valid."""
    if Path(problem.position.file).stem in names:
        return problem
    return problem._replace(message=f"继承了这里的表式“{names[0]}”：{problem.message}")


def _check_form_id(node: MappingNode, stem: str) -> Iterator[Problem]:
    form_id = node.get("表式")
    if isinstance(form_id, ScalarNode) and form_id.text != stem:
        message = f"“表式”写的是“{form_id.text}”，文件名是“{stem}”；两者应一致"
        yield Problem(WRONG_PLACE, Level.E, form_id.position, message)
