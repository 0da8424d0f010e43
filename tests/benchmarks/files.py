"""CPU time of the files beside the pages: python -m tests.benchmarks.files [PAGES]."""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gongkai.build.side_files import disclosure_csv_files, unit_side_files
from gongkai.exports.open_data.records import record_files
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.model.publication import Disclosure, Site
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.runtime.gc_pause import pause_gc
from tests.benchmarks.corpus import write_corpus

_PAGES, _REPEATS, _OFFICE = 1_000, 5, 20
"""Pages, repetitions, and number of disclosures for Word and Excel."""
_URL = "https://gongkai.example/"


def measure_files(dataset: Dataset) -> Iterator[tuple[str, float]]:
    """Yield CPU milliseconds per page (of disclosures and projects) by file format."""
    disclosures, site = dataset.disclosures, dataset.site
    assert site
    pages = _count_pages(disclosures)
    values = [tuple(iter_document_rows(disclosure)) for disclosure in disclosures]
    pairs = list(zip(disclosures, values, strict=True))
    yield "values", _best(lambda: [tuple(iter_document_rows(d)) for d in disclosures]) / pages
    yield "CSV", _best(lambda: [list(disclosure_csv_files(*pair)) for pair in pairs]) / pages
    yield "JSON", _best(lambda: [list(record_files(*pair, site, _URL)) for pair in pairs]) / pages
    sample = disclosures[:_OFFICE]
    pages = _count_pages(sample)
    for name in ("Excel", "Word"):
        office_site = site.model_copy(update={"attachment_formats": (name,)})
        with_office = _best(lambda: _render_files(sample, office_site), 1)  # noqa: B023
        without_office = _best(lambda: _render_files(sample, site), 1)
        yield name, (with_office - without_office) / pages


def _count_pages(disclosures: Iterable[Disclosure]) -> int:
    return sum(1 + len(disclosure.projects) for disclosure in disclosures)


def _render_files(disclosures: Iterable[Disclosure], site: Site) -> None:
    for disclosure in disclosures:
        list(unit_side_files(disclosure.unit, [disclosure], {disclosure.file: ()}, site, _URL))


def _best(run: Callable[[], object], repeats: int = _REPEATS) -> float:
    """Return the CPU milliseconds of the fastest run."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) * 1000


def main() -> None:
    """Print the table rows."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else _PAGES
    with tempfile.TemporaryDirectory() as folder, pause_gc():
        write_corpus(Path(folder), pages)
        dataset = read_dataset(Path(folder) / "data", "data", dt.date(2025, 6, 1))
        for name, cost in measure_files(dataset):
            print(f"| {name} | {cost:.2f} |")  # noqa: T201 - the result


if __name__ == "__main__":
    main()
