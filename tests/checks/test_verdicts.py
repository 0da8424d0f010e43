"""Every finding on the real disclosures is judged, and no error is false.

The checks run on the published data (without its 差异说明), on tests/golden/cases and on
tests/golden/unseen; tests/golden/verdicts says of every finding whether it is true, and why.
A finding without a verdict fails, and so does a verdict whose finding has gone: a true finding must not
get lost. 没有提的 lists true faults that no finding names, with the reason why.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from tests.checks.real_findings import SETS, findings_of
from tests.folders import GOLDEN

_MOST_FALSE_WARNINGS = 0.03


def verdicts_of(name: str, key: str = "结果") -> list[dict[str, str]]:
    """Return the verdicts on a set's findings, or its faults that no finding names (没有提的)."""
    lists: dict[str, list[dict[str, str]]] = yaml.safe_load(
        (GOLDEN / "verdicts" / f"{name}.yml").read_text("utf-8")
    )
    return lists.get(key, [])


def _all_verdicts() -> Iterator[dict[str, str]]:
    for name in SETS:
        yield from verdicts_of(name)


@pytest.mark.parametrize("name", SETS)
def test_every_finding_has_a_verdict_and_every_verdict_its_finding(name: str) -> None:
    found = Counter(findings_of(name))
    judged = Counter((verdict["文件"], verdict["结果"]) for verdict in verdicts_of(name))
    assert sorted((found - judged).elements()) == [], "findings without a verdict"
    assert sorted((judged - found).elements()) == [], "verdicts whose finding has gone"


def test_every_verdict_has_a_reason() -> None:
    for verdict in _all_verdicts():
        assert verdict["判断"] in {"对", "错"}, verdict
        assert verdict["理由"], verdict


@pytest.mark.parametrize("name", SETS)
def test_faults_that_no_finding_names_have_a_reason(name: str) -> None:
    for fault in verdicts_of(name, "没有提的"):
        assert (SETS[name].parent / fault["文件"]).exists(), fault
        assert fault["差错"], fault
        assert fault["缘由"], fault


def test_no_error_is_false_and_few_warnings_are() -> None:
    errors, warnings = (
        [verdict for verdict in _all_verdicts() if verdict["结果"].startswith(level)]
        for level in ("E ", "W ")
    )
    assert [verdict for verdict in errors if verdict["判断"] == "错"] == []
    false = [verdict for verdict in warnings if verdict["判断"] == "错"]
    assert len(false) <= len(warnings) * _MOST_FALSE_WARNINGS, false
