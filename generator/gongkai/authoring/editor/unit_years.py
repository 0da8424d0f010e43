"""A unit's year as it stands in the editor: its files with what is not saved yet, and its problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from gongkai.authoring.editor.places import EditableRecord, UnplaceableError, editable_record
from gongkai.checks.registry import check_units
from gongkai.model.documents import Record
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode, Source
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Disclosure, Unit
from gongkai.reading.dataset import CommonData, Dataset, read_units
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECT_DOCUMENTS, PROJECTS_FOLDER
from gongkai.reading.document import load_document
from gongkai.reading.form_plan import FormPlans, LabelContext
from gongkai.runtime.gc_pause import pause_gc

PROJECT_NAME = "项目名称"
_PLANS = FormPlans()


@dataclass(frozen=True)
class UnitYear:
    """One unit's year: sources, documents and problems."""

    common: CommonData
    dataset: Dataset
    problems: tuple[Problem, ...]
    """Those of this year and of unit.yml."""
    unit: str
    """Slug of the unit."""
    year: int

    @property
    def folder(self) -> str:
        """Path of the year's folder within the data folder."""
        return f"units/{self.unit}/{self.year}"

    @property
    def shown_folder(self) -> str:
        """Path of the year's folder in messages, with a slash."""
        return f"{self.common.shown}/{self.folder}/"

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The files of the year by path within its folder, disclosure.yml first."""
        named = {
            source.file.removeprefix(self.shown_folder): source
            for source in self.dataset.sources
            if source.file.startswith(self.shown_folder)
        }
        return dict(sorted(named.items(), key=lambda pair: self._order(pair[0])))

    def _order(self, file: str) -> tuple[int, int, str]:
        """Return where a file comes: disclosure.yml, the unit's tables, the projects, the report."""
        if file == DISCLOSURE_FILE:
            return 0, 0, ""
        if not file.startswith(f"{PROJECTS_FOLDER}/"):
            return 3 if file.endswith(".md") else 1, 0, file
        listed = self.disclosure.facts.projects if self.disclosure else ()
        slug = PurePosixPath(file).stem
        return 2, listed.index(slug) if slug in listed else len(listed), file

    @cached_property
    def disclosure(self) -> Disclosure | None:
        """The disclosure; None if disclosure.yml cannot be used."""
        return next(
            (own for own in self.dataset.disclosures if own.year == self.year),
            None,
        )

    @property
    def unit_facts(self) -> Unit | None:
        """The unit; None if unit.yml cannot be used."""
        return next(iter(self.dataset.units), None)

    @property
    def words(self) -> dict[str, str]:
        """Words for the placeholders of labels."""
        facts = self.unit_facts.facts if self.unit_facts else None
        return {
            "年度": f"{self.year}",
            "上年": f"{self.year - 1}",
            "单位": facts.name if facts else self.unit,
            "级别": facts.level if facts else "",
        }

    @cached_property
    def _context(self) -> LabelContext:
        return LabelContext(self.words, _PLANS)

    @property
    def shared_sign_off(self) -> MappingNode | None:
        """填报 of disclosure.yml, which applies to attachments without their own."""
        source = self.sources.get(DISCLOSURE_FILE)
        root = source.root if source else None
        shared = root.get("填报") if isinstance(root, MappingNode) else None
        return shared if isinstance(shared, MappingNode) else None

    def project_name(self, file: str) -> str:
        """Return the name of a project by its file."""
        root = self.sources[file].root
        name = root.get(PROJECT_NAME) if isinstance(root, MappingNode) else None
        filed = name.text if isinstance(name, ScalarNode) else ""
        return filed or PurePosixPath(file).stem

    def document_nodes(self, file: str) -> Iterator[tuple[tuple[str, ...], MappingNode]]:
        """Yield the documents of a file: the key that leads to it, and its node."""
        root = self.sources[file].root
        if not isinstance(root, MappingNode) or file == DISCLOSURE_FILE:
            return
        if not file.startswith(f"{PROJECTS_FOLDER}/"):
            yield (), root
            return
        for key in PROJECT_DOCUMENTS:
            node = root.get(key)
            if isinstance(node, MappingNode):
                yield (key,), node

    def form_of(self, node: MappingNode) -> Form | None:
        """Return the form that a document names; None if there is no usable one."""
        return self.common.forms.get(_text(node.get("表式")))

    def records(self, file: str) -> list[EditableRecord]:
        """Return the documents of a file, with the place of every cell.

        Raise UnplaceableError if a part of the file is not built as its form says.
        """
        return [self._editable(file, path, node, record) for path, node, record in self._load(file)]

    def loaded_records(self, file: str) -> Iterator[tuple[tuple[str, ...], Record]]:
        """Yield the documents of a file as read: the key that leads to it, and its record."""
        return ((path, record) for path, _, record in self._load(file))

    def _load(self, file: str) -> Iterator[tuple[tuple[str, ...], MappingNode, Record]]:
        is_project = file.startswith(f"{PROJECTS_FOLDER}/")
        for path, node in self.document_nodes(file):
            form = self.form_of(node)
            if form is None:
                raise UnplaceableError("没有写明表式，或者表式的文件有错误")
            name = f"{form.kind}（{self.project_name(file)}）" if is_project else f"{form.kind}"
            source = self.sources[file]
            record, _ = load_document(
                form,
                node,
                self._context,
                name=name,
                project=PurePosixPath(file).stem if is_project else "",
                defaults=self.shared_sign_off,
                body=(source.body, source.body_line),
            )
            yield path, node, record

    def _editable(
        self, file: str, path: tuple[str, ...], node: MappingNode, record: Record
    ) -> EditableRecord:
        plan = self._context.plan(record.form)
        return editable_record(record, plan, node, file, path, self.shared_sign_off)


def read_unit_year(
    common: CommonData, unit: str, year: int, unsaved: Mapping[Path, bytes]
) -> UnitYear:
    """Read and check one unit; `unsaved` holds contents of files in place of those on disk."""
    with pause_gc():
        dataset = read_units(common, [unit], _PLANS, unsaved=unsaved)
        problems = check_units(dataset).problems
    folder = f"{common.shown}/units/{unit}/"
    own = (f"{folder}{year}/", f"{folder}unit.yml")
    return UnitYear(
        common,
        dataset,
        tuple(problem for problem in problems if problem.position.file.startswith(own)),
        unit,
        year,
    )


def blocking_count(problems: tuple[Problem, ...]) -> int:
    """Return how many problems keep the year from being published."""
    return sum(problem.is_blocking for problem in problems)


def warning_count(problems: tuple[Problem, ...]) -> int:
    """Return how many warnings there are."""
    return sum(problem.level is Level.W for problem in problems)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, ScalarNode) else ""
