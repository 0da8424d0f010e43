"""The archive: replaced versions are rendered again from git, with a banner."""

import datetime as dt
import hashlib
import re
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from gongkai.history.git_log import MANIFEST_HASH_PREFIX
from gongkai.history.past import collect_history_inputs, read_history
from gongkai.history.versions import VersionLibrary
from gongkai.model.publication import Site
from gongkai.pages.archive.addresses import LinkRewriter, release_url
from gongkai.pages.archive.copies import ArchiveContext, ArchivedPage, render_archived_pages
from gongkai.pages.page_types import page_type_at
from gongkai.pages.render import Page
from gongkai.reading.dataset import read_common_data
from gongkai.release.verify import ReleaseCriteria, find_faults
from gongkai.runtime.git import BlobReader
from gongkai.runtime.workers import Workers
from tests.build.test_incremental import SiteFolder, backdate_files, publisher
from tests.build.test_mkdocs_site import hashes
from tests.cli.test_git_hook import OVERALL, repository
from tests.commands import run_gongkai, run_program
from tests.folders import (
    PERSONAL_NUMBERS,
    copy_publisher,
    example_data,
    explain_problems,
    replace_in_file,
)
from tests.markup import find_markup_faults as page_faults
from tests.site_pages import index_folder

__all__ = ["publisher", "repository"]
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
FACTS = "units/shili/2022/disclosure.yml"
ADDRESS = "https://gongkai.example/"
CORRECTION = """勘误:
  - 位置: 部门整体自评表/年度总体目标/预期目标
    原值: 示例道路畅通，示例服务到位。
    新值: 示例公路畅通。
    原因: 示例笔误
    日期: 2023-07-02
"""
CURRENT_URLS = frozenset(
    {"units/shili/", "units/shili/2022/", "units/shili/2022/projects/shili-daolu/"}
)


def create_repository(parent: Path) -> Path:
    """Create a publisher's repository with everything committed."""
    folder = parent / "示例 仓库"
    example_data(copy_publisher(folder))
    run_program("git", "init", "-q", folder=folder)
    run_program("git", "add", ".", folder=folder)
    run_program("git", "commit", "-qm", "示例", folder=folder)
    return folder


def release(folder: Path, name: str) -> None:
    """Commit the data and tag a release."""
    run_program("git", "add", "-A", "data", folder=folder)
    run_program("git", "commit", "-q", "--allow-empty", "-m", name, folder=folder)
    process = run_program("git", "tag", "-a", "-m", name, f"released/{name}", folder=folder)
    assert process.returncode == 0, process.stderr


def archived_pages(
    folder: Path,
    current_urls: frozenset[str] = CURRENT_URLS,
    slug: str = "shili",
    withdrawal_reasons: Mapping[int, str] | None = None,
) -> Mapping[str, tuple[ArchivedPage, Page]]:
    """Return the archived pages of a unit, by URL."""
    data = folder / "data"
    past = read_history(data, "", "", None)
    with BlobReader(folder) as blobs:
        history = collect_history_inputs(past, [slug], blobs)
    common = read_common_data(data, "data", dt.date(2024, 1, 1))
    site = Site.model_validate({"站点名称": "示例", "主办单位": "示例财政局"})
    library = VersionLibrary(common, history.forms, history.blobs)
    manifest_hashes = {"2023-07-01": "5ea1" * 16}
    links = LinkRewriter(slug, current_urls)
    reasons = withdrawal_reasons or {}
    context = ArchiveContext(history.units[slug], library, site, manifest_hashes, links, reasons)
    return {page.head.url: (entry, page) for entry, page in render_archived_pages(context)}


def change_objective(folder: Path, objective: str) -> None:
    """Replace 预期目标 in the unit's overall evaluation."""
    path = folder / "data" / OVERALL
    yaml_text = path.read_text("utf-8")
    start = yaml_text.index("预期目标: ")
    rest = yaml_text[yaml_text.index(chr(10), start) :]
    path.write_text(f"{yaml_text[:start]}预期目标: {objective}{rest}", "utf-8")


def test_only_changed_pages_are_archived(repository: Path) -> None:
    release(repository, "2023-07-01")
    change_objective(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    pages = archived_pages(repository)
    (url,) = pages
    assert url == "as-of/2023-07-01/units/shili/2022/"
    entry, page = pages[url]
    assert (entry.release, entry.replaced_on, entry.replaced_by) == (
        "2023-07-01",
        "2023-08-01",
        "2023-08-01",
    )
    assert "示例道路畅通，示例服务到位。" in page.body
    assert "示例公路畅通。" not in page.body
    assert "这是 2023-07-01 公开的版本，现已被取代</strong>（2023-08-01 起不同）" in page.body
    assert "下载" not in page.body
    assert '<a href="../../../../../units/shili/2022/">看现在的网页</a>' in page.body
    assert f'发布 2023-07-01）的 SHA-256：<code class="gk-hash">{"5ea1" * 16}</code>' in page.body


def test_links_lead_to_archived_pages_else_to_current_ones(repository: Path) -> None:
    release(repository, "2023-07-01")
    change_objective(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    (_, page) = archived_pages(repository)["as-of/2023-07-01/units/shili/2022/"]
    assert 'href="../../../../../units/shili/2022/projects/shili-daolu/"' in page.body
    assert 'href="../../../../../glossary/' in page.body
    replace_in_file(repository / "data" / PROJECT, {"实际完成值: 92%": "实际完成值: 91%"})
    change_objective(repository, "示例大道畅通。")
    release(repository, "2023-09-01")
    pages = archived_pages(repository)
    (_, page) = pages["as-of/2023-07-01/units/shili/2022/"]
    assert 'href="projects/shili-daolu/"' in page.body
    (_, later_page) = pages["as-of/2023-08-01/units/shili/2022/"]
    project_url = "../../../../2023-07-01/units/shili/2022/projects/shili-daolu/"
    assert f'href="{project_url}"' in later_page.body


def test_a_text_that_returns_is_archived_per_period(repository: Path) -> None:
    for name, text in (("2023-07-01", "一。"), ("2023-07-01-2", "二。"), ("2023-08-01", "一。")):
        change_objective(repository, text)
        release(repository, name)
    release(repository, "2023-08-02")
    entries = {url: entry for url, (entry, _) in archived_pages(repository).items()}
    assert {url: entry.replaced_on for url, entry in entries.items()} == {
        "as-of/2023-07-01/units/shili/2022/": "2023-07-01",
        "as-of/2023-07-01-2/units/shili/2022/": "2023-08-01",
    }


def test_unreleased_versions_replace_but_are_not_archived(repository: Path) -> None:
    release(repository, "2023-07-01")
    for text in ("一。", "二。"):
        change_objective(repository, text)
        run_program("git", "commit", "-qam", text, folder=repository)
    ((entry, _),) = archived_pages(repository).values()
    assert (entry.release, entry.replaced_by) == ("2023-07-01", "")


def test_a_withdrawn_disclosure_and_a_deleted_project(repository: Path) -> None:
    release(repository, "2023-07-01")
    (repository / "data" / PROJECT).unlink()
    replace_in_file(repository / "data" / FACTS, {"项目:\n  - shili-daolu\n": ""})
    release(repository, "2023-08-01")
    current_urls = CURRENT_URLS - {"units/shili/2022/projects/shili-daolu/"}
    pages = archived_pages(repository, current_urls)
    (_, page) = pages["as-of/2023-07-01/units/shili/2022/projects/shili-daolu/"]
    assert "（2023-08-01 起没有这个网页）" in page.body
    assert '<a href="../../../../../../../units/shili/2022/">看现在还有的</a>' in page.body
    shutil.rmtree(repository / "data/units/shili/2022")
    release(repository, "2023-09-01")
    pages = archived_pages(repository, frozenset({"units/shili/"}))
    (entry, page) = pages["as-of/2023-08-01/units/shili/2022/"]
    assert entry.replaced_on == "2023-09-01"
    assert '<a href="../../../../../units/shili/">看现在还有的</a>' in page.body


def test_a_notice_is_a_page_of_the_type_that_its_address_has(repository: Path) -> None:
    """Its links to styles and scripts are right only then."""
    release(repository, "2023-07-01")
    change_objective(repository, "示例公路畅通。")
    (repository / "data" / PROJECT).unlink()
    replace_in_file(repository / "data" / FACTS, {"项目:\n  - shili-daolu\n": ""})
    release(repository, "2023-08-01")
    pages = archived_pages(repository, withdrawal_reasons={2022: "示例依据"})
    types = {url: page.type for url, (_, page) in pages.items()}
    assert len(types) == 2
    assert types == {url: page_type_at(url) for url in types}


def test_a_renamed_unit_keeps_its_archive(repository: Path) -> None:
    release(repository, "2023-07-01")
    run_program("git", "mv", "data/units/shili", "data/units/xin-shili", folder=repository)
    release(repository, "2023-08-01")
    current_urls = frozenset(url.replace("shili/", "xin-shili/", 1) for url in CURRENT_URLS)
    assert archived_pages(repository, current_urls, "xin-shili") == {}
    path = repository / "data/units/xin-shili/2022/overall.yml"
    replace_in_file(path, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    release(repository, "2023-09-01")
    pages = archived_pages(repository, current_urls, "xin-shili")
    (_, page) = pages["as-of/2023-07-01/units/shili/2022/"]
    assert '<a href="../../../../../units/xin-shili/2022/">看现在的网页</a>' in page.body
    assert 'href="../../../../../units/xin-shili/2022/projects/shili-daolu/"' in page.body


def test_release_url() -> None:
    assert release_url("2023-07-01-2") == "as-of/2023-07-01-2/"
    urls = {release_url(name) for name in ("一季度", "二季度", "a/b", "../a")}
    assert len(urls) == 4
    assert all(re.fullmatch(r"as-of/[a-z.-]*-[0-9a-f]{8}/", url) for url in urls)


def test_a_later_release_alone_leaves_units_unchanged(repository: Path) -> None:
    message = f"示例\n\n{MANIFEST_HASH_PREFIX}{'5ea1' * 16}"
    release(repository, "2023-07-01")
    run_program("git", "tag", "-f", "-a", "-m", message, "released/2023-07-01", folder=repository)
    before = read_history(repository / "data", "", "", None)
    release(repository, "2023-08-01")
    after = read_history(repository / "data", "", "", None)
    assert [release_.manifest_hash for release_ in before.releases] == [""]
    assert [release_.manifest_hash for release_ in after.releases] == ["5ea1" * 16, ""]
    assert after.unit_hash("shili") == before.unit_hash("shili") != ""
    change_objective(repository, "示例公路畅通。")
    release(repository, "2023-09-01")
    last = read_history(repository / "data", "", "", None)
    assert last.manifest_hashes(last.lineages.units["shili"]) == {"2023-07-01": "5ea1" * 16}


def test_personal_data_is_not_shown_again(repository: Path) -> None:
    change_objective(repository, f"请致电{PERSONAL_NUMBERS['MOBILE']}。")
    release(repository, "2023-07-01")
    change_objective(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    ((_, page),) = archived_pages(repository).values()
    assert "含有现在查得出的个人信息，不再公开" in page.body
    assert PERSONAL_NUMBERS["MOBILE"] not in page.body
    assert "示例服务" not in page.body


def test_an_unreadable_version(repository: Path) -> None:
    path = repository / "data" / OVERALL
    valid_yaml = path.read_text("utf-8")
    path.write_text("坏: [\n", "utf-8")
    release(repository, "2023-07-01")
    path.write_text(valid_yaml, "utf-8")
    release(repository, "2023-08-01")
    ((entry, page),) = archived_pages(repository).values()
    assert entry.page.url == "as-of/2023-07-01/units/shili/2022/"
    assert "用现在的程序读不出来" in page.body


def replace_first(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def build(publisher: SiteFolder, name: str) -> dict[str, str]:
    """Release the data, build the site and check that a cold build gives the same files."""
    release(publisher.folder, name)
    outcome = publisher.build()
    assert not outcome.blocked, outcome.tally.blocking
    file_hashes = hashes(publisher.workspace.site)
    assert publisher.build_cold()[1] == file_hashes
    return file_hashes


def search_text(site: Path) -> str:
    """Return all text of the site's search index."""
    files = (index_folder(site) / "text").rglob("*.json.bin")
    return "".join(zlib.decompress(path.read_bytes()).decode() for path in files)


@pytest.mark.long
def test_a_built_site_has_an_archive(publisher: SiteFolder) -> None:
    """A changed project, a renamed unit, a deleted project, a withdrawn disclosure, a deleted unit."""
    run_program("git", "init", "-q", folder=publisher.folder)
    units, site = publisher.data / "units", publisher.workspace.site
    backdate_files(publisher.data)
    paths = build(publisher, "2025-07-01")
    assert {path for path in paths if path.startswith("as-of/")} == {
        "as-of/index.html",
        "as-of/2025-07-01/index.html",
    }
    replace_first(units / "danwei-1/2023/projects/xiangmu-5.yml", "任务按计划推进", "任务按期完成")
    (units / "danwei-2").rename(units / "xin-danwei")
    paths = build(publisher, "2025-08-01")
    archived_project = "as-of/2025-07-01/units/danwei-1/2023/projects/xiangmu-5/index.html"
    assert {path for path in paths if "/units/" in path and path.startswith("as-of/")} == {
        archived_project
    }

    (units / "danwei-1/2024/projects/xiangmu-1.yml").unlink()
    explain_problems(publisher.data)
    shutil.rmtree(units / "xin-danwei/2021")
    shutil.rmtree(units / "danwei-4")
    paths = build(publisher, "2025-09-01")
    archived = {path for path in paths if path.startswith("as-of/2025-07-01/units/")}
    folder = "as-of/2025-07-01/units/danwei-1/2024"
    assert {path for path in archived if "/danwei-1/" in path} == {
        archived_project,
        f"{folder}/index.html",
        f"{folder}/projects/xiangmu-1/index.html",
    }
    assert {path.split("/")[4] for path in archived if "/danwei-2/" in path} == {"2021"}
    assert {path.split("/")[4] for path in archived if "/danwei-4/" in path} == {"2023", "2024"}
    assert list(find_faults(site, ReleaseCriteria(publisher.data, ADDRESS), Workers(1))) == []
    assert "as-of/" not in (site / "sitemap.xml").read_text("utf-8")
    assert '"units/danwei-1/' in search_text(site)
    assert '"as-of/' not in search_text(site)
    page = (site / archived_project).read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert "任务按计划推进" in page
    current_page = (site / "units/danwei-1/2023/projects/xiangmu-5/index.html").read_text("utf-8")
    assert "../../../../../as-of/2025-07-01/units/danwei-1/2023/projects/xiangmu-5/" in current_page
    assert list(page_faults(page)) == []


def test_a_release_shows_the_manifest_hashes_of_earlier_ones(tmp_path: Path) -> None:
    """The tag of a release holds the hash of its manifest, and later pages show it."""
    folder = create_repository(tmp_path)
    published = folder.parent / "live" / "current"
    command = ("release", "--demo", "../live", "-j", "1", "--today")
    assert run_gongkai(*command, "2023-07-01", folder=folder).returncode == 0
    manifest_hash = hashlib.sha256((published / "SHA256SUMS").read_bytes()).hexdigest()
    change_objective(folder, "示例公路畅通。")
    facts = folder / "data" / FACTS
    facts.write_text(facts.read_text("utf-8") + CORRECTION, "utf-8")
    run_program("git", "commit", "-qam", "勘误", folder=folder)
    process = run_gongkai(*command, "2023-07-02", folder=folder)
    assert process.returncode == 0, process.stderr
    page = (published / "as-of/2023-07-01/units/shili/2022/index.html").read_text("utf-8")
    assert f'<code class="gk-hash">{manifest_hash}</code>' in page
    assert manifest_hash in (published / "as-of/index.html").read_text("utf-8")
    assert run_gongkai("build", "--today", "2023-07-02", folder=folder).returncode == 0
    release_files = {"SHA256SUMS", "SM3SUMS", "release.json", "licences.txt", "sbom.cdx.json"}
    hashes_by_path = hashes(published)
    built = {path: hashes_by_path[path] for path in hashes_by_path.keys() - release_files}
    assert built == hashes(folder / "site")
