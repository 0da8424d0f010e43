"""CPU time of a cold build by stage, in one process."""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from gongkai.build.shared_context import Frame
from gongkai.build.state import last_state
from gongkai.build.workspace import Workspace
from gongkai.checks.registry import judged_units
from gongkai.pages.entries import unit_entry
from gongkai.pages.render import Page, unit_pages
from gongkai.reading.dataset import read_common, read_units, unit_names
from gongkai.reading.yaml.events import events
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.writing import write
from gongkai.search.documents import Names, Source, read_pages
from gongkai.search.facets import Facts, unit_facts

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
    common, state = read_common(data, "data", today()), last_state(workspace)
    assert state
    assert common.site
    frame = Frame(common, state.skin.shells, state.skin.data, state.skin.site_url)
    spent: dict[str, float] = {}
    pages = 0
    last = time.process_time()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        spent[stage] = spent.get(stage, 0.0) + now - last
        last = time.process_time()

    with workspace.locked():
        for name in unit_names(data):
            with uncollected():
                last = time.process_time()
                for path in sorted((data / "units" / name).rglob("*.yml")):
                    _parse_yaml(path)
                lap("of which the YAML parser alone (libyaml)")
                dataset = read_units(common, [name])
                lap("read: YAML to records")
                judgement = judged_units(dataset)
                lap("check: every rule")
                problems = judgement.by_disclosure
                facts = dict(unit_facts(dataset.disclosures))
                names = Names(name, (), "", ())
                unit, disclosures = dataset.units[0], dataset.disclosures
                entry = unit_entry(unit, disclosures, problems)
                rendered = list(unit_pages(unit, entry, disclosures, problems, common.site))
                lap("render: tables, notes, summaries")
                texts = [frame.html(page) for page in rendered]
                lap("fill into the theme's shells")
                for page, text in zip(rendered, texts, strict=True):
                    write(f"{page.head.url}index.html", text.encode(), workspace.pending, {})
                lap("hash and write")
                read_pages(_sources(zip(rendered, texts, strict=True), facts), names)
                lap("search index")
            pages += len(rendered)
    return {stage: seconds / pages * 1000 for stage, seconds in spent.items()}


def _sources(pages: Iterable[tuple[Page, str]], facts: Mapping[str, Facts]) -> Iterator[Source]:
    for page, text in pages:
        url = page.head.url
        yield Source(url, text, facts.get(url, Facts("其他")))


def _parse_yaml(path: Path) -> None:
    next_event = events(path.read_text("utf-8"))
    while type(next_event()) is not yaml.StreamEndEvent:
        pass
