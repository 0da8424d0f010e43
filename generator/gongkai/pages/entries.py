"""One unit as the lists over many know it, when all else about it may be forgotten."""

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.history.changes import Told
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import Figures, figures_of
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.shortfalls import Shortfall, shortfalls
from gongkai.model.values import MONEY
from gongkai.pages.links import (
    disclosure_link,
    evaluation,
    evaluations,
    line,
    unit_link,
)
from gongkai.pages.views.common import Line, Link
from gongkai.runtime.hashing import combined


class Headline(NamedTuple):
    """Of the whole unit; decimals as text with their zeros, empty where nothing tells them."""

    score: str = ""
    points: str = ""
    """满分."""
    grade: str = ""
    """As filed, else by the form's bands."""
    initial: str = ""
    """年初预算数."""
    budget: str = ""
    """全年预算数, else 年初预算数."""
    spent: str = ""
    money: str = ""
    """The unit of the amounts: 元, 万元 or 亿元."""
    rate: str = ""
    """执行率 to the character, for instance 100%."""


def headline(disclosure: Disclosure) -> Headline:
    """The main figures of a disclosure; none where it holds no evaluation of the whole unit."""
    record = evaluation(disclosure)
    if record is None:
        return Headline()
    figures = figures_of(record)
    points = figures.total_points
    return Headline(
        score=_number(figures.score),
        points="" if points is None else f"{points:f}",
        grade=figures.grade_filed or figures.grade or "",
        initial=_number(figures.initial),
        budget=_number(figures.adjusted or figures.initial),
        spent=_number(figures.spent),
        money=record.form.money,
        rate=figures.rate.filed if figures.rate else "",
    )


def _number(cell: Cell | None) -> str:
    number = cell.value.number if cell else None
    return "" if number is None else f"{number:f}"


Found = Mapping[str, Sequence[Problem]]
"""What the checks found, by the path of the disclosure.yml."""
Past = Mapping[int, Told]
"""The history of a unit's disclosures by year; of some there is none."""
NO_PAST: Past = {}
_HUNDRED = Decimal(100)


class Amended(NamedTuple):
    """A 勘误, as lists tell of it."""

    date: str
    place: str
    old: str
    new: str
    reason: str


class Entry(NamedTuple):
    """One disclosure."""

    year: int
    line: Line
    """Its figures, with the link that a unit's own list has."""
    budget: Decimal
    """Of the whole unit, in 万元; 0 where nothing tells it."""
    spent: Decimal
    score: Decimal | None
    """In percent of the points that could be earned."""
    rate: Decimal | None
    """Of execution, in percent as filed."""
    published: str
    """发布日期; empty where the data does not say."""
    missed: int
    fallen: int
    """How many indicators lost points or missed their targets."""
    corrections: tuple[Amended, ...]
    headline: Headline
    """Its main figures, exact."""
    forms: tuple[str, ...]
    """The forms that it is filed with, by their ids."""
    packed: bytes
    """What fell short, packed: a province's need little room."""
    key: str
    """The hash of all that lists show of it: they are made again only where that has changed."""
    history: Told | None = None
    """When it was first public, and every change since; None where the site tells no history."""

    def shortfalls(self) -> tuple[tuple[Link, Shortfall], ...]:
        """What fell short, each with the page of its evaluation."""
        rows: tuple[tuple[Link, Shortfall], ...] = pickle.loads(zlib.decompress(self.packed))  # noqa: S301 - our own
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
    withdrawals: tuple[Amended, ...] = ()
    """What was public and is not any more."""

    @property
    def told(self) -> tuple[str, ...]:
        """All that lists tell of the unit itself."""
        return (self.link.title, self.link.url, self.department, self.level, self.region, self.duty)


def unit_entry(
    unit: Unit, disclosures: Iterable[Disclosure], found: Found, past: Past = NO_PAST
) -> UnitEntry:
    """What the lists need to know of a unit; `disclosures` are its own, by year."""
    facts = unit.facts
    return UnitEntry(
        link=unit_link(unit),
        slug=unit.slug,
        department=facts.department,
        level=facts.level,
        region=f"{facts.region.province}{facts.region.city}{facts.region.county}",
        duty=facts.duty,
        withdrawals=tuple(
            Amended(f"{each.date}", f"{each.year}年度公开件", "公开", "撤回", each.reason)
            for each in facts.withdrawals
        ),
        entries=tuple(
            disclosure_entry(each, found[each.file], past.get(each.year)) for each in disclosures
        ),
    )


def disclosure_entry(
    disclosure: Disclosure, problems: Sequence[Problem], history: Told | None = None
) -> Entry:
    """What the lists need to know of a disclosure."""
    record = evaluation(disclosure)
    figures = figures_of(record) if record else None
    made = line(disclosure_link(disclosure), record, problems)
    rows = tuple(_rows(disclosure))
    entry = Entry(
        year=disclosure.year,
        line=made._replace(projects=len(disclosure.projects)),
        budget=_money(record, figures, "adjusted") or _money(record, figures, "initial"),
        spent=_money(record, figures, "spent"),
        score=_share(figures),
        rate=figures.rate.value.number if figures and figures.rate else None,
        published=f"{disclosure.facts.catalogue.published or ''}",
        missed=sum(row.missed for _, row in rows),
        fallen=len(rows),
        corrections=tuple(_amended(disclosure, history)),
        headline=headline(disclosure),
        forms=tuple(dict.fromkeys(each.form.id for each in disclosure.all_records)),
        packed=zlib.compress(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), 1),
        key="",
        history=history,
    )
    return keyed(entry)


def keyed(entry: Entry) -> Entry:
    """The same with the hash of what it holds."""
    shown = (entry.line, entry.budget, entry.spent, entry.score, entry.rate, entry.published)
    parts = (f"{entry.year}", f"{shown}", f"{entry.headline}", entry.packed.hex())
    return entry._replace(key=combined(parts))


def _rows(disclosure: Disclosure) -> Iterator[tuple[Link, Shortfall]]:
    own = disclosure_link(disclosure).url
    for page, record in evaluations(disclosure):
        here = page if page.url else Link(page.title, own)
        yield from ((here, row) for row in shortfalls(record))


def _money(record: Record | None, figures: Figures | None, name: str) -> Decimal:
    """An amount of the whole unit in 万元."""
    cell = getattr(figures, name) if figures else None
    if record is None or cell is None:
        return Decimal(0)
    worth: Decimal = MONEY[record.form.money] / MONEY["万元"]
    return Decimal(cell.value.or_zero) * worth


def _share(figures: Figures | None) -> Decimal | None:
    """The score in percent of the points."""
    if figures is None or figures.score is None or not figures.total_points:
        return None
    number = figures.score.value.number
    return None if number is None else number / figures.total_points * _HUNDRED


def _amended(disclosure: Disclosure, history: Told | None) -> Iterator[Amended]:
    """The 勘误 of a disclosure, and those that are there no more but were public."""
    seen: set[tuple[str, str]] = set()
    for each in disclosure.facts.corrections:
        seen.add((each.where, each.date.isoformat()))
        yield Amended(each.date.isoformat(), each.where, each.old, each.new, each.reason)
    for event in history.events if history else ():
        for change in event.changes:
            if change.announced and (change.where, change.corrected) not in seen:
                told = (change.where or change.place, change.old, change.new, change.reason)
                yield Amended(change.corrected, *told)
