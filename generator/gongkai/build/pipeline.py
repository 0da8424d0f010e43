"""The whole build on one screen: what changed is read, judged, rendered; then the site is switched."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from gongkai.build.bulk_download import Stock, about_whole, offered, ready, whole_files
from gongkai.build.shared_context import Frame, write_frame
from gongkai.build.site_pages import Before, all_else
from gongkai.build.site_search import own_pages, place_of
from gongkai.build.state import Done, Outcome, Request, State, remembered, together
from gongkai.build.theme.theme_output import Skin
from gongkai.build.unit import Order, UnitResult, done
from gongkai.build.workspace import Plan, Workspace
from gongkai.checks.registry import judged_register, judged_units
from gongkai.checks.tally import Tally
from gongkai.checks.uniqueness import Register
from gongkai.exports.open_data.about import About
from gongkai.history.past import Past, needed, read_past
from gongkai.model.publication import Site
from gongkai.pages.render import keep_templates
from gongkai.reading.dataset import common_dataset, read_common, read_site, unit_names
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.git import Blobs
from gongkai.runtime.hashing import Print, combined, fingerprints, packed, program, unpacked
from gongkai.runtime.progress import Progress, phase
from gongkai.runtime.writing import Store, Written

_BATCH = 100
"""About how many data files a worker is given at a time."""


@uncollected()
def build(
    request: Request, workspace: Workspace, skin: Skin, old: State | None, progress: Progress
) -> Outcome:
    """Bring the site up to date; it is not touched where anything keeps it from being published."""
    started, day, seen = time.monotonic(), today(), time.time_ns()
    before = unpacked(old.prints) if old else {}
    prints = fingerprints(request.data, before, old.seen if old else 0, _asked(request))
    base, past = _base(request, prints, skin), _past(request, old)
    wanted = _keys(request, prints, base, past)
    kept = dict(_kept(wanted, old, day, workspace.parts()))
    if old and prints == before and _same(old, wanted, kept, skin):
        taken = time.monotonic() - started
        return Outcome(old.tally, old.sources, old.pages, 0, 0, taken, past.note)
    from gongkai.search import index as indexing  # noqa: PLC0415 - numpy takes 0.1 s, but once for all workers

    keep_templates(workspace.templates(program(), fresh=old is None and not request.previewing))
    known = {each.path: each.digest for each in old.files(without=kept)} if old else {}
    common = read_common(request.data, request.shown, day)
    shared = Tally.of(judged_units(common_dataset(common)).problems)
    bare = replace(common, sources=(), problems=())
    wholly = _wholly(request, common.site)
    frame = Frame(bare, skin.shells, skin.data, skin.site_url, rows=wholly)
    todo = [name for name in wanted if name not in kept]
    made = dict(kept)
    with phase(progress, "读取、核对、生成", len(todo)), Blobs(request.data) as blobs:
        orders = _orders(todo, prints, old, workspace, frame)
        supplied = (replace(each, past=needed(past, each.units, blobs)) for each in orders)
        for results in request.workers.results(done, supplied):
            made |= {each.name: remembered(wanted[each.name], each) for each in results}
            progress.step(len(results))
    results = [made[name].result for name in wanted]
    marks = Register(tuple(mark for each in results for mark in each.marks))
    between = Tally.of(judged_register(marks))
    tally = Tally.together([shared, *(each.tally for each in results), between])
    sources = len(common.sources) + sum(each.files for each in results)
    if common.site is None or tally.blocking:
        workspace.clear()
        return Outcome(tally, sources, 0, 0, 0, time.monotonic() - started, past.note)
    with phase(progress, "生成整体下载、各列表" if wholly else "生成各列表", 1):
        about = about_whole(frame.site, frame.site_url, results)
        whole = _whole(frame, about, _stock(results, workspace, old, known), request)
        rest = old.rest if old and old.base == base and skin.key else ()
        like = {each.path: each for each in rest}
        there = Before(known, like, past.releases, offered(about, whole))
        rest = tuple(all_else(frame, skin, results, workspace, there))
    units = {name: made[name] for name in wanted}
    with phase(progress, "生成搜索索引", 1):
        own = own_pages(rest, frozenset(each.path for each in skin.files), workspace, old)
        index = tuple(
            indexing.site_index(
                together(units, own), place_of(workspace, old, known), request.workers
            )
        )
    state = State(
        *(program(), base, day, seen, packed(prints), units, rest, own, index, whole),
        *(skin, sources, tally, past),
    )
    now = {each.path: each.digest for each in state.files(without=kept)}
    gone = tuple(path for path in known if path not in now)
    changed = sum(known.get(path) != digest for path, digest in now.items())
    with phase(progress, "更新网站", 1):
        workspace.finish(Plan(state, whole=old is None, gone=gone))
        workspace.sweep(state.parts())
    taken = time.monotonic() - started
    return Outcome(tally, sources, state.pages, changed, len(gone), taken, past.note)


def _past(request: Request, old: State | None) -> Past:
    """What git knows of the data's past."""
    site = read_site(request.data)
    wanted = site.history if site else ""
    return read_past(request.data, wanted, request.release, old.past if old else None)


def _wholly(request: Request, site: Site | None) -> bool:
    """Whether the whole of the data is asked for; MissingError where it cannot be made here."""
    wholly = request.whole and site is not None and bool(site.whole)
    if site and wholly:
        ready(site)
    return wholly


def _whole(frame: Frame, about: About, stock: Stock, request: Request) -> tuple[Written, ...]:
    """The files of the download of the whole; none where it is not asked for."""
    if not frame.rows:
        return ()
    return tuple(whole_files(frame.site.whole, about, stock, request.workers))


def _stock(
    results: Sequence[UnitResult], workspace: Workspace, old: State | None, known: Mapping[str, str]
) -> Stock:
    """What the download of the whole is made of."""
    parts = tuple(workspace.index / each.rows for each in results if each.rows)
    return Stock(parts, workspace.pending, known, old.whole if old else ())


def _same(old: State, wanted: Mapping[str, str], kept: Mapping[str, Done], skin: Skin) -> bool:
    """Whether the site would become what it is, the data files being the same."""
    whole = len(kept) == len(wanted) == len(old.units)
    return whole and skin.key == old.skin.key != ""


def _asked(request: Request) -> Callable[[str], bool]:
    """Which folders to look into: of the units', only those that are asked for."""
    if not request.only:
        return lambda _: True
    wanted = {f"units/{name}/" for name in request.only}
    return lambda path: (
        path.count("/") != 2 or not path.startswith("units/") or path in wanted  # noqa: PLR2004
    )


def _base(request: Request, prints: Mapping[str, Print], skin: Skin) -> str:
    """The hash of all that shapes every page."""
    shared = [f"{path}={each.digest}" for path, each in prints.items() if _shared(path)]
    return combined([program(), skin.key, request.shown, *shared])


def _keys(request: Request, prints: Mapping[str, Print], base: str, past: Past) -> dict[str, str]:
    """The units to be built, each with the hash of all that shapes its pages."""
    parts: dict[str, list[str]] = {
        name: [base, past.digest(name)]
        for name in dict.fromkeys([*unit_names(request.data), *past.replaced()])
        if not request.only or name in request.only
    }
    for path, each in prints.items():
        top, _, below = path.partition("/")
        name, slash, _ = below.partition("/")
        if top == "units" and slash and name in parts:
            parts[name].append(f"{path}={each.digest}")
    return {name: combined(each) for name, each in parts.items()}


def _shared(path: str) -> bool:
    """Whether a data file concerns all units."""
    return path in {"site.yml", "words.yml"} or path.startswith("forms/")


def _kept(
    wanted: Mapping[str, str], old: State | None, day: dt.date, parts: AbstractSet[str]
) -> Iterator[tuple[str, Done]]:
    """The units of the old site that would become the same again."""
    for name, each in old.units.items() if old else ():
        dated = each.result.tally.dated
        same_day = old is not None and (day == old.day or (day > old.day and not dated))
        there = each.result.parts <= parts
        if wanted.get(name) == each.key and same_day and there:
            yield name, each


def _orders(
    names: Iterable[str],
    prints: Mapping[str, Print],
    old: State | None,
    workspace: Workspace,
    frame: Frame,
) -> Iterator[Order]:
    """Units in batches of about the same number of files."""
    digest = write_frame(frame, workspace.folder / "shared")
    sizes: dict[str, int] = {}
    for path in prints:
        top, _, below = path.partition("/")
        if top == "units":
            name = below.partition("/")[0]
            sizes[name] = sizes.get(name, 0) + 1
    before = old.units if old else {}
    batch: list[str] = []
    room = _BATCH
    for name in names:
        batch.append(name)
        room -= sizes.get(name, 1)
        if room <= 0:
            yield _order(batch, before, workspace, digest)
            batch, room = [], _BATCH
    if batch:
        yield _order(batch, before, workspace, digest)


def _order(
    batch: Sequence[str], before: Mapping[str, Done], workspace: Workspace, digest: str
) -> Order:
    results = [before[name].result for name in batch if name in before]
    known = {each.path: each.digest for result in results for each in result.written}
    spelt = {
        name: word for each in results if each.found for name, word in each.found.spelt.items()
    }
    store = Store(workspace.pending.absolute(), known, workspace.index.absolute(), spelt)
    shared = (workspace.folder / "shared").absolute()
    return Order(shared, digest, tuple(batch), store)
