"""The verdict on a build's data: all problems counted, and whether it may be published."""

from collections.abc import Sequence
from typing import NamedTuple

from gongkai.build.plan import DataScan
from gongkai.build.state import BuildResult
from gongkai.build.unit import UnitResult
from gongkai.checks.registry import check_across_units, check_units
from gongkai.checks.texts.tally import Tally
from gongkai.checks.uniqueness import KeyRegister
from gongkai.reading.dataset import CommonData, common_dataset


class Verdict(NamedTuple):
    """Outcome of all checks."""

    tally: Tally
    source_count: int
    """Number of data files read."""
    is_publishable: bool


def judge_data(common: CommonData, results: Sequence[UnitResult]) -> Verdict:
    """Check the shared data and across units, and add the problems of the units."""
    keys = tuple(key for result in results for key in result.unique_keys)
    tally = Tally.merge(
        [
            Tally.from_problems(check_units(common_dataset(common)).problems),
            *(result.tally for result in results),
            Tally.from_problems(check_across_units(KeyRegister(keys))),
        ]
    )
    source_count = len(common.sources) + sum(result.source_count for result in results)
    return Verdict(tally, source_count, common.site is not None and not tally.blocking)


def blocked_result(verdict: Verdict, scan: DataScan) -> BuildResult:
    """Return the result of a build that writes nothing, because problems block publication."""
    return BuildResult(
        tally=verdict.tally,
        source_count=verdict.source_count,
        seconds=scan.seconds,
        note=scan.past.note,
    )
