"""What the files beside the pages cost: python -m tests.benchmarks.files [PAGES]."""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gongkai.build.side_files import beside_unit, values_csv
from gongkai.exports.open_data.records import records
from gongkai.exports.open_data.values import documents
from gongkai.model.publication import Disclosure, Site
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.runtime.gc_pause import uncollected
from tests.benchmarks.corpus import corpus

_PAGES, _REPEATS, _OFFICE = 1_000, 5, 20
"""How many pages, how often, and for how many disclosures Word and Excel are made."""
_URL = "https://gongkai.example/"


def measured(dataset: Dataset) -> Iterator[tuple[str, float]]:
    """CPU milliseconds a page (of disclosures and projects), by what is made."""
    every, site = dataset.disclosures, dataset.site
    assert site
    pages = sum(1 + len(each.projects) for each in every)
    values = [tuple(documents(each)) for each in every]
    pairs = list(zip(every, values, strict=True))
    yield "values", _best(lambda: [tuple(documents(each)) for each in every]) / pages
    yield "CSV", _best(lambda: [list(values_csv(*pair)) for pair in pairs]) / pages
    yield "JSON", _best(lambda: [list(records(*pair, site, _URL)) for pair in pairs]) / pages
    some = every[:_OFFICE]
    pages = sum(1 + len(each.projects) for each in some)
    for name in ("Excel", "Word"):
        other = site.model_copy(update={"downloads": (name,)})
        made = _best(lambda: _beside(some, other), 1) - _best(lambda: _beside(some, site), 1)  # noqa: B023
        yield name, made / pages


def _beside(disclosures: Iterable[Disclosure], site: Site) -> None:
    for each in disclosures:
        list(beside_unit(each.unit, [each], site, _URL))


def _best(make: Callable[[], object], repeats: int = _REPEATS) -> float:
    """CPU milliseconds of the fastest run."""
    spent = []
    for _ in range(repeats):
        begun = time.process_time()
        make()
        spent.append(time.process_time() - begun)
    return min(spent) * 1000


def main() -> None:
    """Print a table."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else _PAGES
    with tempfile.TemporaryDirectory() as folder, uncollected():
        corpus(Path(folder), pages)
        dataset = read_dataset(Path(folder) / "data", "data", dt.date(2025, 6, 1))
        for name, cost in measured(dataset):
            print(f"| {name} | {cost:.2f} |")  # noqa: T201 - the result


if __name__ == "__main__":
    main()
