"""Results of checks that are kept: they hold as long as nothing that they depend on changes."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.checks.cache import open_cache
from gongkai.checks.runner import CheckRequest, CheckResult, check_folder
from gongkai.runtime.workers import Workers
from tests.build.test_mending import cut_short, empty, flip_bit
from tests.commands import run_gongkai
from tests.folders import TODAY, example_data, replace_in_file


@pytest.fixture
def request_of_check(tmp_path: Path) -> CheckRequest:
    """Return a request to check two units, with a cache."""
    data = example_data(tmp_path)
    copy = shutil.copytree(data / "units" / "shili", data / "units" / "zweite")
    replace_in_file(copy / "unit.yml", {"名称: 示例单位": "名称: 示例二单位"})
    return CheckRequest(data, "data", TODAY, workers=Workers(1), cache=tmp_path / "checks")


def check_twice(request: CheckRequest) -> CheckResult:
    """Check with the cache and without; the problems are the same."""
    result = check_folder(request)
    fresh = check_folder(replace(request, cache=None))
    assert (result.problems, result.files) == (fresh.problems, fresh.files)
    assert result.sources == fresh.sources
    return result


def poison(request: CheckRequest, unit: str = "shili") -> None:
    """Replace the result of a unit by one with more files."""
    assert request.cache
    settings = (request.display_name, f"{request.drafts}")
    cache = open_cache(request.cache, request.data, request.today, request.units, settings)
    result = cache.load(unit)
    cache.store(unit, result._replace(files=result.files + 100), is_date_dependent=False)


def test_a_result_that_holds_is_not_made_again(request_of_check: CheckRequest) -> None:
    honest = check_twice(request_of_check)
    poison(request_of_check)
    assert check_folder(request_of_check).files == honest.files + 100


def change_own_file(data: Path) -> None:
    path = data / "units" / "shili" / "unit.yml"
    path.write_text(f"{path.read_text('utf-8')}\n", "utf-8")


def change_form(data: Path) -> None:
    path = min((data / "forms").iterdir())
    path.write_text(f"{path.read_text('utf-8')}\n", "utf-8")


def add_words(data: Path) -> None:
    (data / "words.yml").write_text("错字:\n  - {错: 绩效, 对: 示例}\n", "utf-8")


def change_site(data: Path) -> None:
    path = data / "site.yml"
    path.write_text(f"{path.read_text('utf-8')}\n", "utf-8")


@pytest.mark.parametrize("change", [change_own_file, change_form, add_words, change_site])
def test_a_change_of_anything_that_counts_makes_results_again(
    request_of_check: CheckRequest, change: Callable[[Path], None]
) -> None:
    check_twice(request_of_check)
    poison(request_of_check)
    change(request_of_check.data)
    check_twice(request_of_check)


@pytest.mark.parametrize(
    "changes",
    [{"drafts": True}, {"display_name": "示例/data"}, {"today": TODAY - dt.timedelta(days=900)}],
    ids=["drafts", "name", "earlier day"],
)
def test_other_requests_have_their_own_results(
    request_of_check: CheckRequest, changes: dict[str, object]
) -> None:
    check_twice(request_of_check)
    poison(request_of_check)
    check_twice(replace(request_of_check, **changes))  # type: ignore[arg-type]


def test_another_unit_keeps_its_result(request_of_check: CheckRequest) -> None:
    honest = check_twice(request_of_check)
    poison(request_of_check, "zweite")
    change_own_file(request_of_check.data)
    assert check_folder(request_of_check).files == honest.files + 100


@pytest.mark.parametrize("damage", [empty, cut_short, flip_bit, Path.unlink])
def test_damaged_results_are_made_again(
    request_of_check: CheckRequest, damage: Callable[[Path], None]
) -> None:
    check_twice(request_of_check)
    assert request_of_check.cache
    for path in request_of_check.cache.iterdir():
        damage(path)
    check_twice(request_of_check)


def test_a_folder_that_cannot_be_written_is_no_cache(
    request_of_check: CheckRequest, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("示例", "utf-8")
    check_twice(replace(request_of_check, cache=tmp_path / "file" / "checks"))


def test_results_of_removed_units_are_deleted(request_of_check: CheckRequest) -> None:
    check_twice(request_of_check)
    shutil.rmtree(request_of_check.data / "units" / "zweite")
    check_twice(request_of_check)
    assert request_of_check.cache
    names = {path.name for path in request_of_check.cache.iterdir()}
    assert names == {"fingerprints", "shili.unit"}


def test_the_command_keeps_results_beside_a_built_site(built_publisher: Path) -> None:
    first = run_gongkai("check", folder=built_publisher)
    (folder,) = (built_publisher / ".gongkai").glob("*/checks")
    assert any(path.suffix == ".unit" for path in folder.iterdir())
    second = run_gongkai("check", folder=built_publisher)
    assert (first.returncode, first.stdout, first.stderr) == (
        second.returncode,
        second.stdout,
        second.stderr,
    )
