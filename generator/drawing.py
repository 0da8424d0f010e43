"""Which pictures an evaluation, a disclosure and a unit are shown with."""

from collections.abc import Sequence

from markupsafe import Markup

from generator.model import Record
from generator.publication import Disclosure


def evaluation_charts(record: Record | None) -> tuple[Markup, ...]:
    return ()


def disclosure_charts(main: Record | None, baseline: Record | None) -> tuple[Markup, ...]:
    return ()


def unit_charts(slug: str, disclosures: Sequence[Disclosure]) -> tuple[Markup, ...]:
    return ()
