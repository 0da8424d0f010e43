"""CPU time of a cold build by stage, in one process."""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from gongkai.build.page_writers import HtmlWriter
from gongkai.build.shared_context import BuildContext
from gongkai.build.state import load_last_state
from gongkai.build.workspace import Workspace
from gongkai.checks.registry import check_units
from gongkai.pages.entries import unit_entry
from gongkai.pages.page_types import Category
from gongkai.pages.render import Page, render_unit_pages
from gongkai.reading.dataset import read_common_data, read_units, unit_names
from gongkai.reading.yaml.events import event_reader
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.writing import write_file
from gongkai.search.documents import SourcePage, UnitNames, index_pages
from gongkai.search.facets import PageFacts, unit_page_facts

_REPEATS = 3


def measure_stages(publisher: Path) -> dict[str, float]:
    """Return CPU milliseconds per page by stage, the minimum of several runs."""
    best: dict[str, float] = {}
    for _ in range(_REPEATS):
        for stage, cpu in _run_once(publisher).items():
            best[stage] = min(cpu, best.get(stage, cpu))
    return best


def _run_once(publisher: Path) -> dict[str, float]:
    data, workspace = publisher / "data", Workspace(publisher / "site")
    common, state = read_common_data(data, "data", today()), load_last_state(workspace)
    assert state
    assert common.site
    writer = HtmlWriter(state.theme.templates, common.shown, state.theme.data_path)
    context = BuildContext(common, state.theme.site_url, writer)
    spent: dict[str, float] = {}
    pages = 0
    last = time.process_time()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        spent[stage] = spent.get(stage, 0.0) + now - last
        last = time.process_time()

    with workspace.lock():
        for name in unit_names(data):
            with pause_gc():
                last = time.process_time()
                for path in sorted((data / "units" / name).rglob("*.yml")):
                    _parse_yaml(path)
                lap("of which the YAML parser alone (libyaml)")
                dataset = read_units(common, [name])
                lap("read: YAML to records")
                judgement = check_units(dataset)
                lap("check: every rule")
                problems = judgement.by_disclosure
                facts = dict(unit_page_facts(dataset.disclosures, problems))
                names = UnitNames(name, (), "", ())
                unit, disclosures = dataset.units[0], dataset.disclosures
                entry = unit_entry(unit, disclosures, problems)
                rendered = list(render_unit_pages(unit, entry, disclosures, problems, common.site))
                lap("render: tables, notes, summaries")
                texts = [context.render_page(page).text for page in rendered]
                lap("fill into the theme's shells")
                for page, text in zip(rendered, texts, strict=True):
                    write_file(f"{page.head.url}index.html", text.encode(), workspace.pending, {})
                lap("hash and write")
                index_pages(_sources(zip(rendered, texts, strict=True), facts), names)
                lap("search index")
            pages += len(rendered)
    return {stage: seconds / pages * 1000 for stage, seconds in spent.items()}


def _sources(
    pages: Iterable[tuple[Page, str]], facts: Mapping[str, PageFacts]
) -> Iterator[SourcePage]:
    for page, text in pages:
        url = page.head.url
        yield SourcePage(url, text, facts.get(url, PageFacts(Category.UNIT)))


def _parse_yaml(path: Path) -> None:
    next_event = event_reader(path.read_text("utf-8"))
    while type(next_event()) is not yaml.StreamEndEvent:
        pass
