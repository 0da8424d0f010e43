"""Render the pages of a data folder as Markdown, for other site builders."""

from pathlib import Path

from gongkai.build.list_pages import list_pages
from gongkai.build.page_writers import count_pages, markdown_writer
from gongkai.build.plan import requested_units, scan_data
from gongkai.build.shared_context import BuildContext
from gongkai.build.site_pages import SiteStore, write_list_files
from gongkai.build.state import BuildRequest, BuildResult
from gongkai.build.unit import UnitResult
from gongkai.build.unit_jobs import run_unit_jobs
from gongkai.build.verdict import blocked_result, judge_data
from gongkai.build.workspace import Workspace, temporary_workspace
from gongkai.pages.render import cache_templates
from gongkai.reading.dataset import read_common_data
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.hashing import program_hash
from gongkai.runtime.writing import BuildOutput, OutputFile


@pause_gc()
def render_site(request: BuildRequest, out: Path, content: Path, site_url: str) -> BuildResult:
    """Write all pages as Markdown, and the files beside them, unless a problem blocks publication.

    `content` is the folder of the hand-written pages; its home page opens the generated one. Other
    files in `out` stay.
    """
    scan = scan_data(request)
    common = read_common_data(request.data, request.display_name, request.today)
    context = BuildContext(common, site_url, markdown_writer(content))
    with temporary_workspace(out) as workspace:
        cache_templates(workspace.template_cache(program_hash(), fresh=True))
        names = requested_units(request)
        by_name = {result.name: result for result in run_unit_jobs(names, scan, context, workspace)}
        results = [by_name[name] for name in names]
        verdict = judge_data(common, results)
        if not verdict.is_publishable:
            return blocked_result(verdict, scan)
        files = _write_lists(results, context, workspace)
        workspace.move_pending(out)
    unit_pages = sum(result.page_count for result in results)
    return BuildResult(
        tally=verdict.tally,
        source_count=verdict.source_count,
        page_count=unit_pages + count_pages(files, context.writer),
        seconds=scan.seconds,
        note=scan.past.note,
    )


def _write_lists(
    results: list[UnitResult], context: BuildContext, workspace: Workspace
) -> list[OutputFile]:
    """Write the pages above the units and the files beside them."""
    entries = [result.entry for result in results if result.entry]
    pages = list_pages(entries, context.site, context.forms)
    store = SiteStore(BuildOutput(workspace.pending, {}, workspace.index))
    return list(write_list_files(pages, entries, context, store))
