"""Plans of forms: the keys, names and columns of every part, looked up once per unit and year."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    LevelSpec,
    PresetSpec,
    RowSpec,
    SectionSpec,
    TableSpec,
    TotalSpec,
    placeholder_names,
)
from gongkai.model.terms import Role
from gongkai.model.values import InvalidValue, Value, value_parser

SIGN_OFF_KEY = "填报"
DOCUMENT_KEYS = ("表式", "标题", SIGN_OFF_KEY)
"""Keys allowed in every document, whatever its form."""
UNSETTLED_KEY = "待核对"
"""Key of what an import could not account for or has to ask about; a file with it is not published."""
CHILDREN_KEY, SCORE_GROUP_KEY = "下级", "得分组"
"""Keys that every indicator may have."""
_OWN_KEYS = {
    True: {SCORE_GROUP_KEY: SCORE_GROUP_KEY},
    False: {SCORE_GROUP_KEY: SCORE_GROUP_KEY, CHILDREN_KEY: CHILDREN_KEY},
}
"""Keys by whether the level is the last."""
OPEN_NAME = FieldSpec.model_validate({"键": "名称", "必填": "是"})
"""The column that names the rows of an open row spec (开放)."""


_MAX_PLANS = 500
"""Number of plans held at a time: those with a unit's name in their labels serve no other unit."""


class KeyNames(dict[str, str]):
    """Keys of a form by the names that data files may use for them."""

    __slots__ = ("canonical",)

    def __init__(self, names: Iterable[tuple[str, str]] | Mapping[str, str]) -> None:
        """Collect the keys themselves as `canonical`; a mapping with only those needs no lookup."""
        super().__init__(names)
        self.canonical = frozenset(name for name, key in self.items() if name == key)


class ColumnPlan(NamedTuple):
    """How the cells of one column are read."""

    spec: FieldSpec
    key: str
    suffix: str
    """Last part of the cells' key path."""
    parse: Callable[[str], Value | InvalidValue]
    is_restricted: bool
    """Whether a value that could be parsed may still be rejected."""


class CellsPlan(NamedTuple):
    """How a mapping with one cell per column is read."""

    names: KeyNames
    """Allowed names of the columns."""
    columns: tuple[ColumnPlan, ...]
    roles: Mapping[Role, str]
    """The columns' keys by role; the first if several have the role."""

    def with_columns(self, columns: tuple[ColumnPlan, ...]) -> "CellsPlan":
        """Return the plan with further columns."""
        all_columns = self.columns + columns
        return CellsPlan(self.names, all_columns, _keys_by_role(all_columns))


class FieldsPlan(NamedTuple):
    """How 填写项 are read."""

    spec: FieldsSpec
    cells: CellsPlan


class SingleRowPlan(NamedTuple):
    """How a 行列表 without 行 is read."""

    spec: TableSpec
    row: RowSpec
    cells: CellsPlan


class TablePlan(NamedTuple):
    """How a 行列表 is read."""

    spec: TableSpec
    names: KeyNames
    """Allowed names of rows and breakdowns (分解)."""
    cells: CellsPlan
    """Cells of a row."""
    open_cells: CellsPlan
    """Cells of a row of an open row spec."""
    blocks: tuple[CellsPlan, ...]
    depths: Mapping[str, int]
    """Number of ancestors of a row, by its key."""


class IndicatorPlan(NamedTuple):
    """How the indicators of a level, or of one preset, are read."""

    label: str
    """Template of the printed label, with placeholders in braces."""
    cells: CellsPlan
    """Cells of this level's columns; the names are those of all keys."""
    label_columns: tuple[ColumnPlan, ...]
    """Columns of other levels that the label contains as placeholders; read only if filed."""
    printed: Mapping[str, str]
    """Words that the form itself prints, by column."""
    below: "LevelPlan | None"
    """The next level; None at the last."""
    columns: frozenset[str]
    """All columns of the table."""


class LevelPlan(NamedTuple):
    """How a level of the tree is read below one parent."""

    number: int
    key: str
    name: CellsPlan
    """The single column that holds the indicator's name; the names are those of the level."""
    presets: Mapping[str, IndicatorPlan]
    """Plans of the indicators that the form prints here, by name."""
    others: IndicatorPlan
    """Plan of all other indicators."""


class IndicatorsPlan(NamedTuple):
    """How a 指标表 is read."""

    spec: IndicatorsSpec
    top: LevelPlan


class TotalPlan(NamedTuple):
    """How a 合计行 is read."""

    spec: TotalSpec
    cells: CellsPlan


SectionPlan = FieldsPlan | SingleRowPlan | TablePlan | IndicatorsPlan | TotalPlan


class FormPlan(NamedTuple):
    """How the documents of a form are read."""

    form: Form
    names: KeyNames
    """Allowed names of the top-level keys."""
    sections: tuple[SectionPlan, ...]
    sign_off: CellsPlan


class FormPlans:
    """Plans of forms by the words in their labels: units share those whose words are the same.

    Making one takes 0.5 ms. 2,300 documents of 174 disclosures need 594 if every disclosure has its
    own, and 110 in common.
    """

    def __init__(self) -> None:
        """Start without plans."""
        self._plans: dict[tuple[str, ...], FormPlan] = {}
        self._placeholders: dict[str, tuple[str, ...]] = {}
        """Names of the words in the labels, by the id of the form."""

    def find(self, form: Form, words: Mapping[str, str]) -> FormPlan:
        """Return the plan of a form, made on first use."""
        names = self._placeholders.get(form.id, ())
        plan = self._plans.get((form.id, *(words[name] for name in names)))
        if plan is None or plan.form is not form:  # Forms with faults may share an id.
            planner = _Planner(form, words)
            plan = planner.plan()
            if len(self._plans) >= _MAX_PLANS:
                self._plans.clear()
            names = self._placeholders[form.id] = tuple(sorted(planner.placeholders & words.keys()))
            self._plans[form.id, *(words[name] for name in names)] = plan
        return plan


@dataclass(frozen=True, slots=True)
class LabelContext:
    """Words for the placeholders of form labels, and the plans made with them.

    All documents of a unit and year share one.
    """

    words: dict[str, str]
    """Values of {年度}, {上年}, {单位} and {级别}."""
    plans: FormPlans = field(default_factory=FormPlans)

    def plan(self, form: Form) -> FormPlan:
        """Return the plan of a form, made on first use."""
        return self.plans.find(form, self.words)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Makes the plan of a form."""

    form: Form
    words: Mapping[str, str]
    placeholders: set[str] = field(default_factory=set)
    """Names of the placeholders in the labels, after planning."""

    def plan(self) -> FormPlan:
        keys = self.form.sign_off_keys
        return FormPlan(
            form=self.form,
            names=self.top_names(),
            sections=tuple(map(self.section, self.form.sections)),
            sign_off=self.cells([FieldSpec.model_validate({"键": key}) for key in keys]),
        )

    def top_names(self) -> KeyNames:
        names = {key: key for key in DOCUMENT_KEYS}
        for section in self.form.sections:
            if section.key:
                names |= dict.fromkeys((section.key, *section.aliases), section.key)
            elif isinstance(section, FieldsSpec):
                names |= self.names(section.fields)
        return KeyNames(names)

    def section(self, spec: SectionSpec) -> SectionPlan:
        match spec:
            case FieldsSpec():
                return FieldsPlan(spec, self.cells(spec.fields))
            case TableSpec():
                return self.table(spec)
            case IndicatorsSpec():
                return IndicatorsPlan(spec, self.level(spec, 0, spec.presets))
            case TotalSpec():
                return TotalPlan(spec, self.cells(spec.columns))

    def table(self, spec: TableSpec) -> SingleRowPlan | TablePlan:
        cells = self.cells(spec.columns)
        if not spec.rows:
            return SingleRowPlan(spec, RowSpec.model_validate({"键": spec.key}), cells)
        return TablePlan(
            spec=spec,
            names=self.row_names(spec),
            cells=cells,
            open_cells=self.cells((OPEN_NAME, *spec.columns)),
            blocks=tuple(self.cells(block.rows) for block in spec.blocks),
            depths=dict(_row_depths(spec)),
        )

    def row_names(self, spec: TableSpec) -> KeyNames:
        names = {block.key: block.key for block in spec.blocks}
        for row in spec.rows:
            printed = row.key if row.is_open else self.label(row.label).strip(" \u3000")
            names |= dict.fromkeys((row.key, *row.aliases, printed or row.key), row.key)
        return KeyNames(names)

    def level(self, spec: IndicatorsSpec, number: int, presets: Sequence[PresetSpec]) -> LevelPlan:
        level, is_block = spec.levels[number], number < spec.first_level
        plans = [
            (preset.name, self.indicators(spec, number, preset))
            for preset in presets
            if not is_block
        ]
        return LevelPlan(
            number=number,
            key=level.key,
            name=self.cells((_name_spec(level.key),))._replace(names=self.names((level,))),
            presets=dict(reversed(plans)),
            others=self.indicators(spec, number, None),
        )

    def indicators(
        self, spec: IndicatorsSpec, number: int, preset: PresetSpec | None
    ) -> IndicatorPlan:
        template = (preset.label if preset else "") or spec.levels[number].name_format
        placeholders = placeholder_names(template) if "{" in template else ()
        own = spec.level_columns(number)
        in_label = tuple(
            column for column in spec.columns if column.key in placeholders and column not in own
        )
        is_leaf = number + 1 == len(spec.levels)
        children = preset.children if preset else spec.presets if number < spec.first_level else ()
        names = self.names((spec.levels[number], *own, *in_label)) | _OWN_KEYS[is_leaf]
        return IndicatorPlan(
            label=template,
            cells=self.cells(own)._replace(names=KeyNames(names)),
            label_columns=self.columns(in_label),
            printed=preset.printed if preset else {},
            below=None if is_leaf else self.level(spec, number + 1, children),
            columns=frozenset(column.key for column in spec.columns),
        )

    def cells(self, specs: Sequence[FieldSpec]) -> CellsPlan:
        columns = self.columns(specs)
        return CellsPlan(self.names(specs), columns, _keys_by_role(columns))

    def columns(self, specs: Iterable[FieldSpec]) -> tuple[ColumnPlan, ...]:
        return tuple(
            ColumnPlan(
                spec,
                spec.key,
                f"/{spec.key}",
                value_parser(spec.kind, spec.money or self.form.money, self.form.money),
                is_restricted=bool(spec.required or spec.choices or spec.pattern),
            )
            for spec in specs
        )

    def names(self, specs: Iterable[FieldSpec | LevelSpec]) -> KeyNames:
        """Return the names allowed for the specs: keys, aliases and labels as printed."""
        return KeyNames(
            (self.label(name).strip(" \u3000"), spec.key)
            for spec in specs
            for name in (spec.key, *spec.aliases, spec.label)
            if name
        )

    def label(self, label: str) -> str:
        if "{" not in label:
            return label
        self.placeholders.update(placeholder_names(label))
        return fill_placeholders(label, self.words)


def _keys_by_role(columns: Sequence[ColumnPlan]) -> dict[Role, str]:
    return {column.spec.role: column.key for column in reversed(columns) if column.spec.role}


@cache
def _name_spec(key: str) -> FieldSpec:
    """Return the column that holds the names of a level's indicators."""
    return FieldSpec.model_validate({"键": key, "必填": "是"})


def _row_depths(table: TableSpec) -> Iterator[tuple[str, int]]:
    """Yield the key and the number of ancestors of every row."""
    parents = {row.key: row.parent for row in table.rows}
    for row in table.rows:
        depth, parent = 0, row.parent
        while parent and depth < len(parents):
            depth, parent = depth + 1, parents.get(parent, "")
        yield row.key, depth
