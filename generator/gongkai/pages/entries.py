"""Entries: what lists over many units need of a unit and its disclosures, small enough to cache."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.history.changes import DisclosureHistory
from gongkai.model.documents import Record
from gongkai.model.figures import BUDGET, EXPORTED_FIGURES, SPENT, EvaluationFigures, figures_of
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Unit, subject_word
from gongkai.model.recomputed import (
    RECOMPUTED_FIGURES,
    Contradictions,
    exact_recomputed,
    find_contradictions,
    recomputed_figures,
)
from gongkai.model.shortfalls import Shortfall, TargetCounts, contradicted_shortfalls, count_targets
from gongkai.pages.contradiction_rows import contradiction_rows
from gongkai.pages.indicator_rows import (
    KindCount,
    count_kinds,
    satisfaction_rows,
)
from gongkai.pages.links import (
    disclosure_line,
    disclosure_link,
    evaluation_pages,
    figures_record,
    main_evaluation,
    target_records,
    unit_link,
)
from gongkai.pages.views.common import ContradictionRow, EvaluationLine, Link, SatisfactionRow
from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.packing import pack_object, unpack_object

ExactTexts = tuple[str, ...]
"""Texts of EXPORTED_FIGURES as JSON files have them: decimals with their zeros, empty if unknown."""
_NO_TEXTS: ExactTexts = ("",) * len(EXPORTED_FIGURES)


def exact_texts(disclosure: Disclosure) -> ExactTexts:
    """Return the exact figures of a disclosure; all empty if it has no unit-wide evaluation."""
    record = main_evaluation(disclosure)
    figures = figures_of(record) if record else None
    if figures is None:
        return _NO_TEXTS
    return tuple(f"{figures.json_value(figure)}" for figure in EXPORTED_FIGURES)


ProblemsByFile = Mapping[str, Sequence[Problem]]
"""Problems by the path of the disclosure.yml."""
HistoryByYear = Mapping[int, DisclosureHistory]
"""History of a unit's disclosures by year; years may be missing."""
EMPTY_HISTORY: HistoryByYear = {}


class CorrectionEntry(NamedTuple):
    """A 勘误 or a withdrawal, as lists show it."""

    date: str
    place: str
    old: str
    new: str
    reason: str


class Entry(NamedTuple):
    """One disclosure."""

    year: int
    line: EvaluationLine
    """Its figures, with the link that the unit's own list has."""
    budget: Decimal | None
    """Budget of the whole unit as filed, in 万元; None if not filed."""
    spent: Decimal | None
    """Spending of the whole unit as filed, in 万元; None if not filed."""
    score: Decimal | None
    """In percent of the attainable points."""
    rate: Decimal | None
    """执行率, in percent as filed."""
    published: str
    """发布日期; empty if not filed."""
    missed: int
    """Number of indicators that missed their targets."""
    shortfall_count: int
    """Number of indicators that lost points or missed their targets."""
    corrections: tuple[CorrectionEntry, ...]
    exact_texts: ExactTexts
    """Figures of the whole unit."""
    forms: tuple[str, ...]
    """Ids of the forms in which it is filed."""
    packed_shortfalls: bytes
    """Shortfalls, pickled and compressed: the entries of a whole province are held in memory."""
    key: str
    """Hash of everything that lists show of the disclosure; lists are rebuilt only if it changes."""
    history: DisclosureHistory | None = None
    """First publication and every change since; None if the site shows no history."""
    has_targets_only: bool = False
    """Whether it evaluates nothing: its documents state targets."""
    recomputed_budget: Decimal | None = None
    """The budget by its parts, in 万元; None unless it differs from the filed one."""
    recomputed_spent: Decimal | None = None
    exact_computed: ExactTexts = ("",) * len(RECOMPUTED_FIGURES)
    """RECOMPUTED_FIGURES as JSON files have them; empty unless they differ."""
    targets: TargetCounts = TargetCounts()
    """The indicators of the unit and its projects."""
    packed_contradictions: bytes = b""
    """Contradictions, pickled and compressed; empty if there are none."""
    contradiction_count: int = 0
    """Number of certain contradictions."""
    doubt_count: int = 0
    """Number of doubtful ones (W)."""
    evaluation_form: str = ""
    """Name of the form of the unit's evaluation; only scores of the same form are comparable."""
    points: Decimal | None = None
    """满分 of the unit's evaluation."""
    kinds: tuple[KindCount, ...] = ()
    """The indicators of the unit and its projects by kind."""
    packed_satisfaction: bytes = b""
    """Indicators of satisfaction, pickled and compressed; empty if there are none."""

    @property
    def subject(self) -> str:
        """What the disclosure is called."""
        return subject_word(has_targets_only=self.has_targets_only)

    def shortfalls(self) -> tuple[tuple[Link, Shortfall], ...]:
        """Return all shortfalls with the pages of their evaluations."""
        rows: tuple[tuple[Link, Shortfall], ...] = unpack_object(
            zlib.decompress(self.packed_shortfalls)
        )
        return rows

    def contradictions(self) -> tuple[ContradictionRow, ...]:
        """Return all contradictions, the certain ones first, then by amount."""
        if not self.packed_contradictions:
            return ()
        rows: tuple[ContradictionRow, ...] = unpack_object(
            zlib.decompress(self.packed_contradictions)
        )
        return rows

    def satisfaction(self) -> tuple[SatisfactionRow, ...]:
        """Return all indicators of satisfaction."""
        if not self.packed_satisfaction:
            return ()
        rows: tuple[SatisfactionRow, ...] = unpack_object(zlib.decompress(self.packed_satisfaction))
        return rows


class UnitEntry(NamedTuple):
    """One unit."""

    link: Link
    slug: str
    department: str
    level: str
    region: str
    duty: str
    """公开义务, as filed."""
    entries: tuple[Entry, ...]
    """By year."""
    withdrawals: tuple[CorrectionEntry, ...] = ()
    """Disclosures that were public and are no longer."""

    @property
    def newest_entry(self) -> Entry | None:
        """The newest evaluation; the newest disclosure if all are of targets only."""
        evaluations = [entry for entry in self.entries if not entry.has_targets_only]
        return next(reversed(evaluations or self.entries), None)

    @property
    def shown_fields(self) -> tuple[str, ...]:
        """Everything that lists show of the unit itself."""
        return (self.link.title, self.link.url, self.department, self.level, self.region, self.duty)


def unit_entry(
    unit: Unit,
    disclosures: Iterable[Disclosure],
    problems: ProblemsByFile,
    histories: HistoryByYear = EMPTY_HISTORY,
    *,
    shows_warnings: bool = False,
) -> UnitEntry:
    """Return the entry of a unit; `disclosures` are its own, by year."""
    facts = unit.facts
    return UnitEntry(
        link=unit_link(unit),
        slug=unit.slug,
        department=facts.department,
        level=facts.level,
        region=f"{facts.region.province}{facts.region.city}{facts.region.county}",
        duty=facts.duty,
        withdrawals=tuple(
            CorrectionEntry(
                f"{withdrawal.date}",
                f"{withdrawal.year}年度公开件",
                "公开",
                "撤回",
                withdrawal.reason,
            )
            for withdrawal in facts.withdrawals
        ),
        entries=tuple(
            disclosure_entry(
                disclosure,
                problems[disclosure.file],
                histories.get(disclosure.year),
                shows_warnings=shows_warnings,
            )
            for disclosure in disclosures
        ),
    )


def disclosure_entry(
    disclosure: Disclosure,
    problems: Sequence[Problem],
    history: DisclosureHistory | None = None,
    *,
    shows_warnings: bool = False,
) -> Entry:
    """Return the entry of a disclosure."""
    record, contradictions = figures_record(disclosure), find_contradictions(problems)
    figures = figures_of(record) if record else None
    recomputed = recomputed_figures(record, contradictions) if record else {}
    rows = tuple(_iter_shortfalls(disclosure, contradictions))
    contradicted = contradiction_rows(disclosure, problems, shows_warnings=shows_warnings)
    certain = sum(row.is_certain for row in contradicted)
    satisfaction = tuple(satisfaction_rows(_pages_of(disclosure), contradictions))
    entry = Entry(
        year=disclosure.year,
        line=disclosure_line(disclosure, contradictions),
        budget=_summable_budget(figures) if figures else None,
        spent=figures.amount(figures.spent) if figures else None,
        score=figures.score_percent if figures else None,
        rate=figures.rate.value.number if figures and figures.rate else None,
        published=f"{disclosure.facts.catalogue.published or ''}",
        missed=sum(row.is_missed for _, row in rows),
        shortfall_count=len(rows),
        corrections=tuple(_iter_corrections(disclosure, history)),
        exact_texts=exact_texts(disclosure),
        forms=tuple(dict.fromkeys(filed.form.id for filed in disclosure.all_records)),
        packed_shortfalls=_pack(rows),
        key="",
        history=history,
        has_targets_only=disclosure.has_targets_only,
        recomputed_budget=recomputed[BUDGET].number if BUDGET in recomputed else None,
        recomputed_spent=recomputed[SPENT].number if SPENT in recomputed else None,
        exact_computed=exact_recomputed(main_evaluation(disclosure), contradictions),
        targets=count_targets(target_records(disclosure)),
        packed_contradictions=_pack(contradicted) if contradicted else b"",
        contradiction_count=certain,
        doubt_count=len(contradicted) - certain,
        evaluation_form=record.form.name if record else "",
        points=figures.total_points if figures else None,
        kinds=count_kinds(target_records(disclosure)),
        packed_satisfaction=_pack(satisfaction) if satisfaction else b"",
    )
    return with_key(entry)


def _pack(rows: tuple[object, ...]) -> bytes:
    return zlib.compress(pack_object(rows), 1)


def with_key(entry: Entry) -> Entry:
    """Return the entry with the hash of its content."""
    shown = (entry.line, entry.budget, entry.spent, entry.score, entry.rate, entry.published)
    parts = (
        f"{entry.year}{entry.subject}",
        f"{shown}{entry.targets}{entry.recomputed_budget}{entry.recomputed_spent}",
        f"{entry.exact_texts}{entry.exact_computed}{entry.evaluation_form}{entry.points}",
        entry.packed_shortfalls.hex(),
        entry.packed_contradictions.hex(),
        f"{entry.kinds}{entry.packed_satisfaction.hex()}",
    )
    return entry._replace(key=hash_texts(parts))


def _iter_shortfalls(
    disclosure: Disclosure, contradictions: Contradictions
) -> Iterator[tuple[Link, Shortfall]]:
    for target, record in _pages_of(disclosure):
        yield from ((target, row) for row in contradicted_shortfalls(record, contradictions))


def _pages_of(disclosure: Disclosure) -> Iterator[tuple[Link, Record]]:
    """Yield the evaluations of a disclosure with the pages that show them."""
    disclosure_url = disclosure_link(disclosure).url
    for page, record in evaluation_pages(disclosure):
        yield page if page.url else Link(page.title, disclosure_url), record


def _summable_budget(figures: EvaluationFigures) -> Decimal | None:
    """Return the budget in 万元 for sums: the first that is not 0; None if no amount is filed."""
    amounts = [amount for cell in figures.budgets if (amount := figures.amount(cell)) is not None]
    return next((amount for amount in amounts if amount), next(iter(amounts), None))


def _iter_corrections(
    disclosure: Disclosure, history: DisclosureHistory | None
) -> Iterator[CorrectionEntry]:
    """Yield the 勘误 of a disclosure, and those that were public once and have been removed."""
    seen: set[tuple[str, str]] = set()
    for correction in disclosure.facts.corrections:
        day = correction.date.isoformat()
        seen.add((correction.where, day))
        yield CorrectionEntry(
            day, correction.where, correction.old, correction.new, correction.reason
        )
    for event in history.events if history else ():
        for change in event.changes:
            if change.is_announced and (change.where, change.corrected) not in seen:
                place = change.where or change.place
                yield CorrectionEntry(
                    change.corrected, place, change.old, change.new, change.reason
                )
