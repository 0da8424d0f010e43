"""Validity periods: from which release to which release a page kept the same text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gongkai.history.lineage import DisclosureVersion
from gongkai.pages.render import Page


class VersionPages(NamedTuple):
    """The pages of one version of a disclosure."""

    version: DisclosureVersion
    pages: Mapping[str, Page] | None
    """By path below the unit's folder; empty if the disclosure was withdrawn, None if unreadable."""


@dataclass(frozen=True, slots=True)
class ValidityPeriod:
    """A page over the consecutive versions in which its text was the same."""

    path_in_unit: str
    """Path below the unit's folder, for instance 2022/projects/shili/."""
    version: DisclosureVersion
    """The first version of the period."""
    page: Page | None
    """None if today's reader cannot read the version."""
    first_number: int
    """Number of the first version."""
    end_number: int | None = None
    """Number of the version that replaced the page; None if the page is current."""
    replaced_by: DisclosureVersion | None = None
    """The version that replaced the page; None if the page is current."""

    @property
    def is_archived(self) -> bool:
        """Whether the page was released and later replaced."""
        return self.end_number is not None and bool(self.version.release)

    @property
    def replaced_on(self) -> str:
        """The day on which the page was replaced; empty if it is current."""
        return self.replaced_by.day if self.replaced_by else ""

    def covers(self, number: int) -> bool:
        """Return whether the version with this number lies in the period."""
        return self.first_number <= number and (self.end_number is None or number < self.end_number)


def validity_periods(year: int, versions: Sequence[VersionPages]) -> tuple[ValidityPeriod, ...]:
    """Return the periods of all pages of a year, ordered by their first version."""
    closed: list[ValidityPeriod] = []
    current: dict[str, ValidityPeriod] = {}
    main = f"{year}/"
    for number, (version, pages) in enumerate(versions):
        before = current if pages is not None else {main: current[main]} if main in current else {}
        now: Mapping[str, Page | None] = {main: None} if pages is None else pages
        for path, period in list(before.items()):
            if path not in now or _body(now[path]) != _body(period.page):
                closed.append(replace(period, end_number=number, replaced_by=version))
                del current[path]
        for path, page in now.items():
            if path not in current:
                current[path] = ValidityPeriod(path, version, page, number)
    periods = [*closed, *current.values()]
    return tuple(sorted(periods, key=lambda period: (period.first_number, period.path_in_unit)))


def _body(page: Page | None) -> str | None:
    return page.body if page else None


def periods_at(periods: Iterable[ValidityPeriod], number: int) -> Mapping[str, ValidityPeriod]:
    """Return the periods that cover a version, by path below the unit's folder."""
    return {period.path_in_unit: period for period in periods if period.covers(number)}


def archived_periods(periods: Iterable[ValidityPeriod]) -> Iterator[ValidityPeriod]:
    """Yield the periods whose page is published in the archive."""
    return (period for period in periods if period.is_archived)
