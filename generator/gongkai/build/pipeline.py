"""The build pipeline: read, check and render what changed, then publish the site.

`build_site` does it in one go. When MkDocs is to render the pages, `draft_site` does what comes
before, and `publish_draft` what comes after.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from gongkai.build.bulk_download import (
    DownloadInputs,
    bulk_download_view,
    bulk_metadata,
    require_formats,
    write_bulk_files,
)
from gongkai.build.list_pages import list_pages
from gongkai.build.page_writers import HtmlWriter, MarkdownWriter, PageWriter
from gongkai.build.plan import BuildPlan, DataScan, plan_build, scan_data
from gongkai.build.refill import PresentPages
from gongkai.build.rendered_pages import insert_pages, insert_unit_pages
from gongkai.build.shared_context import BuildContext
from gongkai.build.site_pages import (
    SiteStore,
    copy_theme_files,
    write_assets,
    write_list_files,
    write_robot_files,
)
from gongkai.build.site_search import index_location, index_site_pages
from gongkai.build.state import (
    BuildRequest,
    BuildResult,
    BuildState,
    CachedUnit,
    SiteLevelFiles,
    cache_unit,
    search_inputs,
    with_stamps,
)
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult
from gongkai.build.unit_jobs import run_unit_jobs, unit_output
from gongkai.build.verdict import Verdict, blocked_result, judge_data
from gongkai.build.workspace import PublishPlan, Workspace
from gongkai.pages.archive.index import archive_list_pages
from gongkai.pages.render import cache_templates
from gongkai.pages.views.open_data import BulkDownload
from gongkai.reading.dataset import CommonData, read_common_data
from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.hashing import pack_fingerprints, program_hash
from gongkai.runtime.progress import report_phase
from gongkai.runtime.writing import BuildOutput, OutputFile, write_file
from gongkai.search.documents import INDEX_FOLDER, IndexedUnit
from gongkai.search.index_set import (
    INDEX_POINTER,
    index_pointer,
    index_set_folder,
    published_path,
)


@dataclass(frozen=True)
class SiteDraft:
    """All that is built of a site before the files of MkDocs and the search index are added."""

    plan: BuildPlan
    verdict: Verdict
    units: Mapping[str, CachedUnit]
    files: tuple[OutputFile, ...] = ()
    """The pages above the units, their downloads, and the files of the API."""
    bulk_files: tuple[OutputFile, ...] = ()
    """The files of the bulk download."""
    shows_errors: bool = False
    """Whether it has pages although problems block publication (a preview)."""

    @property
    def blocked(self) -> BuildResult | None:
        """The result of the build if problems block publication."""
        if self.verdict.is_publishable or self.shows_errors:
            return None
        return blocked_result(self.verdict, self.plan.scan)

    def markdown_pages(self) -> Iterator[tuple[str, str]]:
        """Yield path and data file of the pages that are Markdown; lists have no data file."""
        results = [cached.result for cached in self.units.values()]
        groups = (result.markdown.pages for result in results if result.markdown)
        sources = {page.path: page.source for pages in groups for page in pages}
        for file in chain(self.files, *(result.output_files for result in results)):
            if file.path.endswith(MarkdownWriter.extension):
                yield file.path, sources.get(file.path, "")


@pause_gc()
def build_site(
    request: BuildRequest,
    workspace: Workspace,
    theme: ThemeOutput,
    previous: BuildState | None,
    scan: DataScan | None = None,
) -> BuildResult:
    """Bring the site up to date; leave it untouched if any problem blocks publication.

    The data's pages are filled into the templates of `theme`. `scan` is of the data as it is now, if
    it has been scanned already.
    """
    scan = scan or scan_data(request, previous)
    plan = plan_build(scan, theme, previous)
    if previous and plan.is_current:
        return _unchanged_result(previous, scan)
    writer = HtmlWriter(theme.templates, request.display_name, theme.data_path)
    draft = _draft_site(plan, writer, workspace)
    return draft.blocked or _publish_draft(draft, workspace, workspace.mkdocs_output)


@pause_gc()
def draft_site(
    request: BuildRequest,
    workspace: Workspace,
    theme: ThemeOutput,
    previous: BuildState | None,
    opening: str,
) -> SiteDraft:
    """Build a site with pages in Markdown, which MkDocs is to render; nothing is published.

    `opening` is the hand-written text above the home page; of `theme`, MkDocs has yet to make the
    files. Nothing rendered for `previous` is taken over, as only MkDocs knows what it depends on.
    """
    plan = plan_build(scan_data(request, previous), theme, previous)
    writer = MarkdownWriter(opening, makes_website=True)
    return _draft_site(replace(plan, cached_units={}, refilled_units={}), writer, workspace)


@pause_gc()
def publish_draft(draft: SiteDraft, workspace: Workspace, theme: ThemeOutput) -> BuildResult:
    """Publish a draft with the pages that MkDocs has rendered, and its other files `theme`."""
    plan, rendered = replace(draft.plan, theme=theme), workspace.rendered
    units: dict[str, CachedUnit] = {}
    for name, cached in draft.units.items():
        output = unit_output([name], workspace, plan.old_units)
        unit = insert_unit_pages(cached.result, rendered, output)
        units[name] = cache_unit(plan.unit_keys[name], unit, output)
    output = BuildOutput(workspace.pending, plan.old_digests, workspace.index)
    files = tuple(insert_pages(draft.files, rendered, output))
    draft = replace(draft, plan=plan, units=units, files=files)
    result = _publish_draft(draft, workspace, rendered)
    shutil.rmtree(rendered)
    return result


def _draft_site(plan: BuildPlan, writer: PageWriter, workspace: Workspace) -> SiteDraft:
    request = plan.scan.request
    data = request.data.absolute()  # Workers of a cluster may have been started elsewhere.
    common = read_common_data(data, request.display_name, request.today)
    context = _site_context(common, plan, writer, workspace)
    units = _build_units(plan, context, workspace)
    verdict = judge_data(common, [cached.result for cached in units.values()])
    shows_errors = request.shows_errors and common.site is not None
    if not (verdict.is_publishable or shows_errors):
        workspace.discard_pending()
        return SiteDraft(plan, verdict, units)
    phase = "生成整体下载、各列表" if context.store_rows else "生成各列表"
    with report_phase(request.progress, phase, 1):
        results = [cached.result for cached in units.values()]
        bulk_files, bulk_view = _build_bulk_download(plan, context, results, workspace)
        files = tuple(_build_lists(plan, context, results, bulk_view, workspace))
    return SiteDraft(plan, verdict, units, files, bulk_files, shows_errors=shows_errors)


def _publish_draft(draft: SiteDraft, workspace: Workspace, theme_folder: Path) -> BuildResult:
    """Publish a draft whose pages are HTML, with the files of MkDocs in a folder."""
    plan, verdict, scan = draft.plan, draft.verdict, draft.plan.scan
    state = _next_state(draft, _complete_site_level(draft, workspace, theme_folder))
    changed, deleted = _publish(state, plan, workspace)
    return BuildResult(
        tally=verdict.tally,
        source_count=verdict.source_count,
        page_count=state.page_count,
        changed=changed,
        deleted=deleted,
        seconds=scan.seconds,
        note=scan.past.note,
    )


def _unchanged_result(previous: BuildState, scan: DataScan) -> BuildResult:
    return BuildResult(
        tally=previous.tally,
        source_count=previous.source_count,
        page_count=previous.page_count,
        seconds=scan.seconds,
        note=scan.past.note,
    )


def _site_context(
    common: CommonData, plan: BuildPlan, writer: PageWriter, workspace: Workspace
) -> BuildContext:
    """Return the build context; raise UnavailableError if a bulk format lacks its library."""
    site = common.site
    store_rows = plan.scan.request.allows_bulk_download and bool(site and site.bulk_formats)
    if site and store_rows:
        require_formats(site)
    present = None
    if plan.previous and plan.refilled_units:
        present = PresentPages(workspace.site, plan.previous.theme.templates)
    return BuildContext(
        common,
        plan.theme.site_url,
        writer,
        store_rows=store_rows,
        shows_errors=plan.scan.request.shows_errors,
        present_pages=present,
    )


def _build_units(
    plan: BuildPlan, context: BuildContext, workspace: Workspace
) -> dict[str, CachedUnit]:
    """Build the stale units; return all units in order."""
    import gongkai.search.index  # noqa: F401, PLC0415 - numpy takes 0.1 s, but once for all workers

    is_fresh = plan.previous is None and not plan.scan.request.preview
    cache_templates(workspace.template_cache(program_hash(), fresh=is_fresh))
    units = dict(plan.cached_units)
    output = BuildOutput(workspace.pending, {}, workspace.index)
    for result in run_unit_jobs(plan.stale_units, plan.scan, context, workspace, plan):
        units[result.name] = cache_unit(plan.unit_keys[result.name], result, output)
    return {name: units[name] for name in plan.unit_keys}


def _complete_site_level(
    draft: SiteDraft, workspace: Workspace, theme_folder: Path
) -> SiteLevelFiles:
    """Add the files of MkDocs, the sitemaps and the index of all pages."""
    plan = draft.plan
    with report_phase(plan.scan.request.progress, "生成搜索索引", 1):
        files = tuple(_add_theme_files(draft, workspace, theme_folder))
        theme_paths = frozenset(file.path for file in plan.theme.files)
        page_groups = index_site_pages(files, theme_paths, workspace, plan.previous)
        entries = search_inputs(draft.units, page_groups)
        index_files = _build_index(plan, entries, workspace)
        folder = index_set_folder(entries, index_files)
        pointer = write_file(
            INDEX_POINTER, index_pointer(folder), workspace.pending, plan.old_digests
        )
    return SiteLevelFiles(
        files=(*files, pointer),
        bulk_files=draft.bulk_files,
        page_groups=page_groups,
        index_files=index_files,
        index_folder=folder,
    )


def _build_bulk_download(
    plan: BuildPlan, context: BuildContext, results: Sequence[UnitResult], workspace: Workspace
) -> tuple[tuple[OutputFile, ...], BulkDownload]:
    """Write the bulk download if it is enabled; return its files and what pages show of it."""
    metadata = bulk_metadata(context.site, context.site_url, results)
    files = list[OutputFile]()
    if context.store_rows:
        row_parts = (result.rows_part for result in results if result.rows_part)
        inputs = DownloadInputs(
            row_files=tuple(workspace.index / part for part in row_parts),
            out=workspace.pending,
            known=plan.old_digests,
            old_files=plan.previous.site_level.bulk_files if plan.previous else (),
        )
        workers = plan.scan.request.workers
        files = write_bulk_files(context.site.bulk_formats, metadata, inputs, workers)
    return tuple(files), bulk_download_view(metadata, files)


def _build_lists(
    plan: BuildPlan,
    context: BuildContext,
    results: Sequence[UnitResult],
    bulk_download: BulkDownload,
    workspace: Workspace,
) -> Iterator[OutputFile]:
    """Write the pages above the units with their downloads, and the API."""
    store = _site_store(plan, workspace)
    entries = [result.entry for result in results if result.entry]
    copies = [copy for result in results for copy in result.copies]
    pages = chain(
        list_pages(entries, context.site, context.forms, bulk_download),
        archive_list_pages(plan.scan.past.releases, copies),
    )
    yield from write_list_files(pages, entries, context, store)
    yield from write_assets(entries, context, store)


def _add_theme_files(draft: SiteDraft, workspace: Workspace, folder: Path) -> Iterator[OutputFile]:
    """Take over the files of MkDocs and write the sitemaps; yield all site-level files."""
    theme, store = draft.plan.theme, _site_store(draft.plan, workspace)
    if path := _clashing_path(draft):
        raise UnavailableError(
            f"手写的文件 {path} 与由数据生成的文件同名，不能都公开；网站没有改动，请把 content 里的这个文件改名"
        )
    files = [*draft.files, *copy_theme_files(theme, folder, store)]
    yield from files
    results = [cached.result for cached in draft.units.values()]
    yield from write_robot_files(files, results, theme.site_url, store)


def _clashing_path(draft: SiteDraft) -> str:
    """Return the path of a file of MkDocs that the data has as well; empty if there is none."""
    paths = {file.path for file in draft.plan.theme.files}
    own = chain(draft.files, draft.bulk_files)
    if any(
        path.startswith("units/") for path in paths
    ):  # Units have too many files to look always.
        results = (cached.result for cached in draft.units.values())
        own = chain(own, *(result.output_files for result in results))
    return next((file.path for file in own if file.path in paths), "")


def _site_store(plan: BuildPlan, workspace: Workspace) -> SiteStore:
    output = BuildOutput(workspace.pending, plan.old_digests, workspace.index)
    return SiteStore(output, plan.reusable_files)


def _build_index(
    plan: BuildPlan, entries: Mapping[str, IndexedUnit], workspace: Workspace
) -> tuple[OutputFile, ...]:
    """Write the search index."""
    from gongkai.search.index import build_site_index  # noqa: PLC0415 - see _build_units

    location = index_location(workspace, plan.previous, plan.old_digests)
    return tuple(build_site_index(entries, location, plan.scan.request.workers))


def _next_state(draft: SiteDraft, site_level: SiteLevelFiles) -> BuildState:
    plan, verdict = draft.plan, draft.verdict
    return BuildState(
        program=program_hash(),
        shared_hash=plan.shared_hash,
        day=plan.scan.request.today,
        scanned_at=plan.scan.scanned_at,
        packed_prints=pack_fingerprints(plan.scan.prints),
        past=plan.scan.past,
        theme=plan.theme,
        units=draft.units,
        site_level=site_level,
        tally=verdict.tally,
        source_count=verdict.source_count,
    )


def _publish(state: BuildState, plan: BuildPlan, workspace: Workspace) -> tuple[int, int]:
    """Move the new files into the site; return how many files changed and how many were deleted."""
    old_digests = plan.old_digests
    new_digests = {file.path: file.digest for file in state.files(skip_units=plan.cached_units)}
    deleted = tuple(path for path in old_digests if path not in new_digests)
    folder = state.site_level.index_folder
    old_folder = plan.previous.site_level.index_folder if plan.previous else folder
    changed = sum(old_digests.get(path) != digest for path, digest in new_digests.items())
    replaces_site = plan.previous is None
    with report_phase(plan.scan.request.progress, "更新网站", 1):
        workspace.rename_pending(INDEX_FOLDER, folder)
        workspace.publish(
            PublishPlan(
                with_stamps(state, workspace),
                replaces_site=replaces_site,
                renamed={old_folder: folder} if old_folder != folder else {},
                deleted=tuple(published_path(path, folder) for path in deleted),
            ),
            durable=not plan.scan.request.preview,
        )
        workspace.delete_unused_parts(state.part_names())
    return changed, len(deleted)
