"""Conservation: every text of a file ends as a value, as a leftover or as a printed text."""

from pathlib import Path

import pytest

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office.account import Account, PlacedText
from tests.folders import GOLDEN
from tests.office_data import DISCLOSURES, copy_data, load_dataset, run_cli

COUNTS = GOLDEN / "accounts" / "counts.txt"
"""Texts, values, leftovers and printed texts of every exported golden case."""


def unsettled_texts(account: Account) -> list[PlacedText]:
    return [*account.lost, *account.foreign]


def counts_line(name: str, account: Account) -> str:
    settled = (account.texts, account.values, account.leftovers, account.printed)
    assert sum(settled[1:]) == settled[0]
    return f"{name}: {settled[0]} = {' + '.join(map(str, settled[1:]))}"


@pytest.mark.parametrize("style", ["word", "excel"])
@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURES)
def test_every_text_of_an_export_is_accounted_for(  # noqa: PLR0913, PLR0917 - the case and two fixtures
    name: str, unit: str, year: int, style: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data, paper = copy_data(name, tmp_path), tmp_path / "paper"
    run_cli("export", unit, year, "--to", paper, "--format", style, "--data", data)
    dataset = load_dataset(data)
    facts = next(folder.facts for folder in dataset.units if folder.slug == unit)
    candidates = form_candidates(dataset.forms, facts, year, drafts=True)
    total = Account()
    for path in sorted(paper.iterdir()):
        account = read_source_file(path, candidates).account
        assert account
        assert unsettled_texts(account) == []
        total.texts += account.texts
        total.values += account.values
        total.leftovers += account.leftovers
        total.printed += account.printed
    case = f"{name}/{unit}/{year} {style}"
    lines = {line.split(": ")[0]: line for line in COUNTS.read_text("utf-8").splitlines()}
    if request.config.getoption("--update-golden"):
        lines[case] = counts_line(case, total)
        COUNTS.write_text("".join(f"{line}\n" for _, line in sorted(lines.items())), "utf-8")
    assert lines[case] == counts_line(case, total)
