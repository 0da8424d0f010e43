"""Indicator tables filled in right: points that add up, scores that follow from the results."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gongkai.model.specs import IndicatorsSpec, PresetSpec
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, Kind, format_decimal, round_half_up
from tests.checks.generated.amounts import split_fairly
from tests.checks.generated.documents import Document
from tests.checks.generated.indicators import GeneratedIndicator, draw_indicator

_CHILDREN = "下级"
_ROOTS = ("示例投入", "示例产出", "示例效果", "示例效率", "示例管理", "示例创新")
_REASON = "示例路段施工时间较长，今后错峰施工。"


def fill_indicators(document: Document, known: Sequence[GeneratedIndicator] | None = None) -> None:
    """Fill in a document's indicator tables; `known` are those whose targets it repeats."""
    used = document.facts.used_names if known is None else set[str]()
    for section in document.form.sections:
        if isinstance(section, IndicatorsSpec):
            table = _IndicatorTable(document, section, used)
            nodes = table.draw() if known is None else table.repeat(known)
            document.data[section.key] = nodes


class _IndicatorTable:
    """An indicator table being filled in."""

    def __init__(self, document: Document, section: IndicatorsSpec, used: set[str]) -> None:
        self._document, self._section, self._used = document, section, used
        self._columns = {spec.role: spec for spec in section.columns if spec.role}
        self._last = len(section.levels) - 1
        points = self._columns.get(Role.POINTS)
        self._points_level = section.level_of(points) if points else self._last
        self._groups: dict[tuple[str, ...], list[GeneratedIndicator]] = {}
        """Indicators by the category above them that has their points."""

    def draw(self) -> list[dict[str, Any]]:
        """Return indicators with their scores."""
        section = self._section
        points = self._all_points() if Role.SCORE in self._columns else None
        if section.first_level:
            key = section.levels[0].key
            block: dict[str, Any] = {key: "项目绩效" if "权重" in key else "年度绩效目标1"}
            self._put_points(block, points, 0)
            block[_CHILDREN] = self._draw_level(section.presets, points, 1, ())
            nodes = [block]
        else:
            nodes = self._draw_level(section.presets, points, 0, ())
        for indicators in self._groups.values():
            for indicator in indicators:
                indicator.shares_loss = not all(other.is_met for other in indicators)
        return nodes

    def repeat(self, known: Iterable[GeneratedIndicator]) -> list[dict[str, Any]]:
        """Return the indicators of an evaluation with their targets, in one category."""
        names = [level.key for level in self._section.levels]
        sign = self._columns.get(Role.COMPARISON)
        leaves = []
        for indicator in known:
            values: dict[str, Any] = {names[-1]: indicator.name}
            leaves.append(values)
            indicator.has_stated_target = True
            self._put_target(values, indicator)
            if sign and indicator.is_counted and not indicator.sign:
                values[sign.key] = ""
        return [{names[0]: "产出指标", _CHILDREN: [{names[1]: "数量指标", _CHILDREN: leaves}]}]

    def _all_points(self) -> Decimal:
        """Return the points of the table: those of its presets, or what the others leave."""
        form = self._document.form
        total = form.total_points or Decimal(100)
        if form.execution and form.execution.points:
            total -= form.execution.points
        tables = [section for section in form.sections if isinstance(section, IndicatorsSpec)]
        others = [table for table in tables if table is not self._section]
        own = _sum_points(self._section.presets)
        return (
            own if others and own else total - sum(_sum_points(table.presets) for table in others)
        )

    def _put_points(self, values: dict[str, Any], points: Decimal | None, level: int) -> None:
        """File the points of a level if the form has a cell for them or prints them."""
        spec = self._columns.get(Role.POINTS)
        if spec is None or points is None:
            return
        is_printed = f"{{{spec.key}}}" in self._section.levels[level].name_format
        if is_printed or self._points_level == level:
            where = f"{self._section.key}/{self._section.levels[level].key}"
            self._document.put(values, spec, format_decimal(points), where)

    def _draw_level(
        self,
        presets: Sequence[PresetSpec],
        points: Decimal | None,
        level: int,
        path: tuple[str, ...],
    ) -> list[dict[str, Any]]:
        """Return the indicators of a level below another, with its points shared among them."""
        chosen = self._choose(presets, points, level, path)
        shares = self._share_points([preset.points for preset in chosen], points)
        nodes = []
        for preset, share in zip(chosen, shares, strict=True):
            values: dict[str, Any] = {self._section.levels[level].key: preset.name}
            nodes.append(values)
            if level == self._last:
                self._fill_leaf(values, preset, share, path)
                continue
            self._put_points(values, share, level)
            below = (*path, preset.name)
            values[_CHILDREN] = self._draw_level(preset.children, share, level + 1, below)
        return nodes

    def _choose(
        self,
        presets: Sequence[PresetSpec],
        points: Decimal | None,
        level: int,
        path: tuple[str, ...],
    ) -> list[PresetSpec]:
        """Return what to file: what the form prints with points, some of the rest, and new ones."""
        rnd = self._document.rnd
        fixed = [preset for preset in presets if preset.points]
        chosen = fixed or list(presets)
        if level and not fixed and len(chosen) > 1:
            chosen = [preset for preset in chosen if rnd.random() < 0.6] or chosen[:1]
        has_rest = bool(fixed) and (points or 0) > _sum_points(fixed)
        count = 0
        if not chosen or has_rest:
            count = rnd.randint(1, 2 if path else 6) if level == self._last else 1 if path else 2
        names = [f"示例{number}类{path[-1][-2:]}" for number in "一二"] if path else _ROOTS
        new = [PresetSpec.model_validate({"名称": name}) for name in names[:count]]
        return [*chosen, *new]

    def _share_points(
        self, fixed: Sequence[Decimal | None], points: Decimal | None
    ) -> list[Decimal | None]:
        """Return the points of siblings: as the form prints them, else shares of the rest."""
        if points is None:
            return [None] * len(fixed)
        free = sum(1 for share in fixed if not share)
        rest = points - sum((share for share in fixed if share), Decimal(0))
        shares = iter(split_fairly(self._document.rnd, rest, free) if free else ())
        return [share or next(shares) for share in fixed]

    def _fill_leaf(
        self,
        values: dict[str, Any],
        preset: PresetSpec,
        points: Decimal | None,
        path: tuple[str, ...],
    ) -> None:
        """Fill in an indicator: a drawn one where the form prints no name and has targets."""
        document, indicator = self._document, None
        is_free = not preset.points and preset.name.startswith("示例")
        if is_free and Role.TARGET in self._columns:
            aspect = path[-1] if path else ""
            facts = document.facts
            budget = facts.funds.adjusted * MONEY_UNITS[document.form.money] / MONEY_UNITS["万元"]
            indicator = draw_indicator(document.rnd, aspect, facts.year, budget, self._used)
            values[self._section.levels[-1].key] = indicator.name
            self._put_indicator(values, indicator, points, path)
        elif is_free:
            values[self._section.levels[-1].key] = f"{preset.name}{len(self._used)}"
        self._used.add(values[self._section.levels[-1].key])
        earned = points
        if indicator and points is not None:
            earned = indicator.score_of(points)
        coefficient = self._columns.get(Role.COEFFICIENT)
        if coefficient and points and earned is not None:
            share = round_half_up(earned / points * 100, 1)
            document.put(values, coefficient, f"{format_decimal(share)}%", self._section.key)
            earned = round_half_up(points * share / 100, 2)
        self._put_points(values, points, self._last)
        score = self._columns.get(Role.SCORE)
        if score and earned is not None:
            document.scores.append(earned)
            text = format_decimal(earned)
            document.put(values, score, text, self._section.key, indicator)

    def _put_indicator(
        self,
        values: dict[str, Any],
        indicator: GeneratedIndicator,
        points: Decimal | None,
        path: tuple[str, ...],
    ) -> None:
        document, columns = self._document, self._columns
        document.facts.indicators.append(indicator)
        self._put_target(values, indicator)
        if actual := columns.get(Role.ACTUAL):
            document.put(values, actual, indicator.actual_text, self._section.key, indicator)
        if progress := columns.get(Role.PROGRESS):
            values[progress.key] = "已完成100%"
        reason = columns.get(Role.DEVIATION)
        if reason and not indicator.is_met:
            values[reason.key] = _REASON
        elif not indicator.is_met:
            document.remarks.append(f"{indicator.name}没有达到目标，{_REASON}")
        for spec in self._section.columns:
            if spec.kind is Kind.CHOICE:
                values[spec.key] = spec.choices[0 if indicator.is_counted else 1]
        indicator.has_result, indicator.has_reason = bool(actual), bool(reason)
        if self._points_level == self._last:
            indicator.points = points
        else:
            self._groups.setdefault(path[: self._points_level], []).append(indicator)

    def _put_target(self, values: dict[str, Any], indicator: GeneratedIndicator) -> None:
        sign, measure = self._columns.get(Role.COMPARISON), self._columns.get(Role.MEASURE)
        if sign:
            words = "≤" if indicator.pattern.is_inverse else "≥"
            values[sign.key] = words if indicator.is_counted else "定性"
            if Role.ACTUAL in self._columns:
                indicator.sign = words
        if measure and indicator.is_counted:
            values[measure.key] = indicator.pattern.measure
        for role in (Role.INITIAL_TARGET, Role.TARGET):
            if spec := self._columns.get(role):
                text = indicator.target_number if sign else indicator.target_text
                self._document.put(values, spec, text, self._section.key, indicator)


def _sum_points(presets: Iterable[PresetSpec]) -> Decimal:
    return sum((preset.points or Decimal(0) for preset in presets), Decimal(0))
