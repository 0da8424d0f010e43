"""Vocabulary of tables: what the labels of official tables mean, whatever the province's wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import Field

from gongkai.authoring.office.cells import core_label, normalize_label
from gongkai.model.schema import StrictModel, YesNo, validate_node
from gongkai.model.terms import Role
from gongkai.model.values import Kind
from gongkai.reading.source import parse_source

_BRACKETS = re.compile(r"\([^()]*\)")
_MAX_LABEL = 30
"""Longest label that is recognised by a part of it, in characters."""
_MARKS = re.compile(r"[()“”\"'、·.:：]")


class Use(StrEnum):
    """用在: where in a table a label stands."""

    FIELD = "填写项"
    GOAL = "目标"
    MONEY_COLUMN = "资金列"
    MONEY_ROW = "资金行"
    BREAKDOWN = "分解"
    LEVEL = "层级"
    INDICATOR_COLUMN = "指标列"
    TOTAL = "合计"
    TOTAL_COLUMN = "合计列"
    LINE = "落款"


class LabelTerm(StrictModel):
    """词条: the labels of one meaning."""

    use: Use = Field(alias="用在")
    role: Role | None = Field(None, alias="角色")
    kind: Kind = Field(Kind.TEXT, alias="类型")
    required: YesNo = Field(default=False, alias="必填")
    is_sum: YesNo = Field(default=False, alias="合计")
    """是: the row or field sums up those beside it."""
    is_printed: YesNo = Field(default=False, alias="印好")
    """是: the form prints the texts of this column (评分标准 …)."""
    labels: tuple[str, ...] = Field((), alias="写法")
    patterns: tuple[str, ...] = Field((), alias="含")


class VocabularyFile(StrictModel):
    """vocabulary.yml."""

    terms: tuple[LabelTerm, ...] = Field(alias="词条")
    common_indicators: tuple[tuple[str, ...], ...] = Field(alias="通行指标")
    families: tuple[dict[str, tuple[str, ...]], ...] = Field((), alias="通行体系")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by use and label."""

    exact: dict[tuple[Use, str], LabelTerm]
    loose: dict[tuple[Use, str], LabelTerm]
    """By the label without brackets and punctuation."""
    patterns: dict[Use, tuple[tuple[re.Pattern[str], LabelTerm], ...]]
    common_indicators: frozenset[str]
    families: tuple[Mapping[str, tuple[str, ...]], ...]
    """通行体系: names of level 2 by those of level 1."""

    def find(self, use: Use, label: str) -> LabelTerm | None:
        """Return the term of a label in this use; None if nobody knows it."""
        name = _normalize(label)
        for key in dict.fromkeys((name, core_label(name), _BRACKETS.sub("", core_label(name)))):
            if key and (term := self.exact.get((use, key))):
                return term
        bare = _bare(core_label(name))
        if bare and (term := self.loose.get((use, bare)) or self.loose.get((use, _bare(name)))):
            return term
        core = _BRACKETS.sub("", core_label(name)) or name
        if len(core) > _MAX_LABEL:
            return None
        hits = (term for pattern, term in self.patterns.get(use, ()) if pattern.search(core))
        return next(hits, None)

    def last_level(self, labels: Sequence[str]) -> int:
        """Return the number of the last column with names of indicators; -1 if there is none.

        A column that nobody knows is one too if it stands right behind 二级指标, or if it stands right
        behind another and its label ends so.
        """
        known = [number for number, label in enumerate(labels) if self.find(Use.LEVEL, label)]
        last = max(known, default=-1)
        while known and last + 1 < len(labels) and self._is_like_level(*labels[last : last + 2]):
            last += 1
        return last

    def _is_like_level(self, before: str, label: str) -> bool:
        name = core_label(_normalize(label))
        if not name or self.find(Use.INDICATOR_COLUMN, label) or name in self.common_indicators:
            return False
        return name.endswith("指标") or "二级" in before

    def is_label(self, label: str, *uses: Use) -> bool:
        """Return whether a text is a known label in any of these uses."""
        return any(self.find(use, label) for use in uses)


def _normalize(label: str) -> str:
    return normalize_label(label).strip("*★")


def _bare(label: str) -> str:
    return _MARKS.sub("", label)


@cache
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary that is shipped with the program."""
    data = (files("gongkai.authoring.form_drafts") / "vocabulary.yml").read_bytes()
    root = parse_source(data, "vocabulary.yml").root
    entries, problems = validate_node(VocabularyFile, root) if root else (None, [])
    if entries is None or problems:
        raise ValueError(f"the shipped vocabulary is invalid: {problems}")
    pairs = list(_labels(entries))
    patterns: dict[Use, list[tuple[re.Pattern[str], LabelTerm]]] = {}
    for term in entries.terms:
        patterns.setdefault(term.use, []).extend(
            (re.compile(pattern), term) for pattern in term.patterns
        )
    return Vocabulary(
        exact=dict(reversed(pairs)),
        loose={(use, _bare(label)): term for (use, label), term in reversed(pairs)},
        patterns={use: tuple(found) for use, found in patterns.items()},
        common_indicators=frozenset(
            normalize_label(name) for names in entries.common_indicators for name in names
        ),
        families=entries.families,
    )


def _labels(entries: VocabularyFile) -> Iterator[tuple[tuple[Use, str], LabelTerm]]:
    for term in entries.terms:
        for label in term.labels:
            yield (term.use, normalize_label(label)), term
