"""What stood: versions that were replaced are kept, made again from git, and marked."""

import datetime as dt
import hashlib
import re
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path

from gongkai.history.git_log import SEAL
from gongkai.history.past import needed, read_past
from gongkai.history.versions import Library
from gongkai.model.publication import Site
from gongkai.pages.archive.addresses import Ways, release_url
from gongkai.pages.archive.copies import Copy, Old, copies
from gongkai.pages.render import Page
from gongkai.reading.dataset import read_common
from gongkai.release.verify import Standard, faults
from gongkai.runtime.git import Blobs
from gongkai.runtime.workers import Workers
from tests.build.test_incremental import Publisher, made, publisher, settle
from tests.build.test_mkdocs_site import hashes
from tests.cli.test_git_hook import OVERALL, repository, run
from tests.folders import PERSONAL, ROOT, change, example, explain
from tests.markup import faults as page_faults

__all__ = ["made", "publisher", "repository"]
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
LIVE = frozenset({"units/shili/", "units/shili/2022/", "units/shili/2022/projects/shili-daolu/"})


def publisher_folder(where: Path) -> Path:
    """A publisher's repository, everything committed."""
    folder = where / "示例 仓库"
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    example(folder)
    run("git", "init", "-q", folder=folder)
    run("git", "add", ".", folder=folder)
    run("git", "commit", "-qm", "示例", folder=folder)
    return folder


def release(folder: Path, name: str) -> None:
    """Commit the data as it stands, and tag it."""
    run("git", "add", "-A", "data", folder=folder)
    run("git", "commit", "-q", "--allow-empty", "-m", name, folder=folder)
    done = run("git", "tag", "-a", "-m", name, f"released/{name}", folder=folder)
    assert done.returncode == 0, done.stderr


def kept(
    folder: Path, live: frozenset[str] = LIVE, slug: str = "shili"
) -> Mapping[str, tuple[Copy, Page]]:
    """What is kept of a unit, by its address."""
    data = folder / "data"
    past = read_past(data, "", "", None)
    with Blobs(folder) as known:
        its = needed(past, [slug], known)
    common = read_common(data, "data", dt.date(2024, 1, 1))
    site = Site.model_validate({"站点名称": "示例", "主办单位": "示例财政局"})
    library = Library(common, its.forms, its.blobs)
    seals = {"2023-07-01": "5ea1" * 16}
    old = Old(its.units[slug], library, site, seals, Ways(slug, live))
    return {page.head.url: (copy, page) for copy, page in copies(old)}


def words(folder: Path, text: str) -> None:
    """Another objective in the table of the whole unit."""
    path = folder / "data" / OVERALL
    told = path.read_text("utf-8")
    start = told.index("预期目标: ")
    path.write_text(f"{told[:start]}预期目标: {text}{told[told.index(chr(10), start) :]}", "utf-8")


def test_a_changed_page_is_kept_and_no_other(repository: Path) -> None:
    release(repository, "2023-07-01")
    words(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    found = kept(repository)
    (url,) = found
    assert url == "as-of/2023-07-01/units/shili/2022/"
    copy, page = found[url]
    assert (copy.release, copy.until, copy.by) == ("2023-07-01", "2023-08-01", "2023-08-01")
    assert "示例道路畅通，示例服务到位。" in page.body
    assert "示例公路畅通。" not in page.body
    assert "这是 2023-07-01 公开的版本，现已被取代</strong>（2023-08-01 起不同）" in page.body
    assert "下载" not in page.body
    assert '<a href="../../../../../units/shili/2022/">看现在的网页</a>' in page.body
    assert f'发布 2023-07-01）的 SHA-256：<code class="gk-hash">{"5ea1" * 16}</code>' in page.body


def test_links_lead_to_what_stood_then_else_to_what_stands(repository: Path) -> None:
    release(repository, "2023-07-01")
    words(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    (_, page) = kept(repository)["as-of/2023-07-01/units/shili/2022/"]
    assert 'href="../../../../../units/shili/2022/projects/shili-daolu/"' in page.body
    assert 'href="../../../../../glossary/' in page.body
    change(repository / "data" / PROJECT, {"实际完成值: 92%": "实际完成值: 91%"})
    words(repository, "示例大道畅通。")
    release(repository, "2023-09-01")
    found = kept(repository)
    (_, page) = found["as-of/2023-07-01/units/shili/2022/"]
    assert 'href="projects/shili-daolu/"' in page.body
    (_, second) = found["as-of/2023-08-01/units/shili/2022/"]
    way = "../../../../2023-07-01/units/shili/2022/projects/shili-daolu/"
    assert f'href="{way}"' in second.body


def test_what_came_back_is_kept_twice(repository: Path) -> None:
    for name, text in (("2023-07-01", "一。"), ("2023-07-01-2", "二。"), ("2023-08-01", "一。")):
        words(repository, text)
        release(repository, name)
    release(repository, "2023-08-02")
    days = {url: copy.until for url, (copy, _) in kept(repository).items()}
    assert days == {
        "as-of/2023-07-01/units/shili/2022/": "2023-07-01",
        "as-of/2023-07-01-2/units/shili/2022/": "2023-08-01",
    }


def test_what_is_not_released_yet_replaces_and_is_not_kept(repository: Path) -> None:
    release(repository, "2023-07-01")
    for text in ("一。", "二。"):
        words(repository, text)
        run("git", "commit", "-qam", text, folder=repository)
    ((copy, _),) = kept(repository).values()
    assert (copy.release, copy.by) == ("2023-07-01", "")


def test_a_withdrawn_disclosure_and_a_deleted_project(repository: Path) -> None:
    release(repository, "2023-07-01")
    (repository / "data" / PROJECT).unlink()
    change(repository / "data" / FACTS, {"项目:\n  - shili-daolu\n": ""})
    release(repository, "2023-08-01")
    found = kept(repository, LIVE - {"units/shili/2022/projects/shili-daolu/"})
    (_, page) = found["as-of/2023-07-01/units/shili/2022/projects/shili-daolu/"]
    assert "（2023-08-01 起没有这个网页）" in page.body
    assert '<a href="../../../../../../../units/shili/2022/">看现在还有的</a>' in page.body
    shutil.rmtree(repository / "data/units/shili/2022")
    release(repository, "2023-09-01")
    found = kept(repository, frozenset({"units/shili/"}))
    (copy, page) = found["as-of/2023-08-01/units/shili/2022/"]
    assert copy.until == "2023-09-01"
    assert '<a href="../../../../../units/shili/">看现在还有的</a>' in page.body


def test_a_renamed_unit_keeps_its_past(repository: Path) -> None:
    release(repository, "2023-07-01")
    run("git", "mv", "data/units/shili", "data/units/xin-shili", folder=repository)
    release(repository, "2023-08-01")
    live = frozenset(url.replace("shili/", "xin-shili/", 1) for url in LIVE)
    assert kept(repository, live, "xin-shili") == {}
    path = repository / "data/units/xin-shili/2022/overall.yml"
    change(path, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    release(repository, "2023-09-01")
    found = kept(repository, live, "xin-shili")
    (_, page) = found["as-of/2023-07-01/units/shili/2022/"]
    assert '<a href="../../../../../units/xin-shili/2022/">看现在的网页</a>' in page.body
    assert 'href="../../../../../units/xin-shili/2022/projects/shili-daolu/"' in page.body


def test_the_address_of_a_release() -> None:
    assert release_url("2023-07-01-2") == "as-of/2023-07-01-2/"
    others = {release_url(name) for name in ("一季度", "二季度", "a/b", "../a")}
    assert len(others) == 4
    assert all(re.fullmatch(r"as-of/[a-z.-]*-[0-9a-f]{8}/", each) for each in others)


def test_a_later_release_alone_makes_no_unit_anew(repository: Path) -> None:
    sealed = f"示例\n\n{SEAL}{'5ea1' * 16}"
    release(repository, "2023-07-01")
    run("git", "tag", "-f", "-a", "-m", sealed, "released/2023-07-01", folder=repository)
    before = read_past(repository / "data", "", "", None)
    release(repository, "2023-08-01")
    after = read_past(repository / "data", "", "", None)
    assert [each.seal for each in before.releases] == [""]
    assert [each.seal for each in after.releases] == ["5ea1" * 16, ""]
    assert after.digest("shili") == before.digest("shili") != ""
    words(repository, "示例公路畅通。")
    release(repository, "2023-09-01")
    last = read_past(repository / "data", "", "", None)
    assert last.seals(last.lineages.units["shili"]) == {"2023-07-01": "5ea1" * 16}


def test_personal_data_is_not_shown_again(repository: Path) -> None:
    words(repository, f"请致电{PERSONAL['MOBILE']}。")
    release(repository, "2023-07-01")
    words(repository, "示例公路畅通。")
    release(repository, "2023-08-01")
    ((_, page),) = kept(repository).values()
    assert "含有现在查得出的个人信息，不再公开" in page.body
    assert PERSONAL["MOBILE"] not in page.body
    assert "示例服务" not in page.body


def test_a_version_that_cannot_be_read(repository: Path) -> None:
    path = repository / "data" / OVERALL
    right = path.read_text("utf-8")
    path.write_text("坏: [\n", "utf-8")
    release(repository, "2023-07-01")
    path.write_text(right, "utf-8")
    release(repository, "2023-08-01")
    ((copy, page),) = kept(repository).values()
    assert copy.page.url == "as-of/2023-07-01/units/shili/2022/"
    assert "用现在的程序读不出来" in page.body


def swap(path: Path, old: str, new: str) -> None:
    """Replace a text where it stands first."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def build(publisher: Publisher, name: str) -> dict[str, str]:
    """Release the data and build the site, which is what comes of it from nothing."""
    release(publisher.folder, name)
    outcome = publisher.build()
    assert not outcome.blocked, outcome.tally.blocking
    made = hashes(publisher.workspace.site)
    assert publisher.cold()[1] == made
    return made


def texts(site: Path) -> str:
    """All that the site's search shows."""
    files = (site / "search/data/text").rglob("*.json.bin")
    return "".join(zlib.decompress(path.read_bytes()).decode() for path in files)


def test_a_built_site_keeps_what_stood(publisher: Publisher) -> None:
    """A changed project, a renamed unit, a deleted project, a withdrawn disclosure, a unit gone."""
    run("git", "init", "-q", folder=publisher.folder)
    units, site = publisher.data / "units", publisher.workspace.site
    settle(publisher.data)
    made = build(publisher, "2025-07-01")
    assert {path for path in made if path.startswith("as-of/")} == {
        "as-of/index.html",
        "as-of/2025-07-01/index.html",
    }
    swap(units / "danwei-1/2023/projects/xiangmu-5.yml", "任务按计划推进", "任务按期完成")
    (units / "danwei-2").rename(units / "xin-danwei")
    made = build(publisher, "2025-08-01")
    one = "as-of/2025-07-01/units/danwei-1/2023/projects/xiangmu-5/index.html"
    assert {path for path in made if "/units/" in path and path.startswith("as-of/")} == {one}

    (units / "danwei-1/2024/projects/xiangmu-1.yml").unlink()
    explain(publisher.data)
    shutil.rmtree(units / "xin-danwei/2021")
    shutil.rmtree(units / "danwei-4")
    made = build(publisher, "2025-09-01")
    old = {path for path in made if path.startswith("as-of/2025-07-01/units/")}
    first = "as-of/2025-07-01/units/danwei-1/2024"
    assert {path for path in old if "/danwei-1/" in path} == {
        one,
        f"{first}/index.html",
        f"{first}/projects/xiangmu-1/index.html",
    }
    assert {path.split("/")[4] for path in old if "/danwei-2/" in path} == {"2021"}
    assert {path.split("/")[4] for path in old if "/danwei-4/" in path} == {"2023", "2024"}
    assert list(faults(site, Standard(publisher.data, ADDRESS), Workers(1))) == []
    assert "as-of/" not in (site / "sitemap.xml").read_text("utf-8")
    assert '"units/danwei-1/' in texts(site)
    assert '"as-of/' not in texts(site)
    page = (site / one).read_text("utf-8")
    assert '<meta name="robots" content="noindex">' in page
    assert "任务按计划推进" in page
    now = (site / "units/danwei-1/2023/projects/xiangmu-5/index.html").read_text("utf-8")
    assert "../../../../../as-of/2025-07-01/units/danwei-1/2023/projects/xiangmu-5/" in now
    assert list(page_faults(page)) == []


def test_a_release_tells_the_hash_of_those_before(tmp_path: Path) -> None:
    """The tag of a release holds the hash of its manifest, and later pages show it."""
    folder = publisher_folder(tmp_path)
    live = folder.parent / "live" / "current"
    command = ("gongkai", "release", "../live", "-j", "1", "--today")
    assert run(*command, "2023-07-01", folder=folder).returncode == 0
    seal = hashlib.sha256((live / "SHA256SUMS").read_bytes()).hexdigest()
    words(folder, "示例公路畅通。")
    facts = folder / "data" / FACTS
    facts.write_text(facts.read_text("utf-8") + CORRECTION, "utf-8")
    run("git", "commit", "-qam", "勘误", folder=folder)
    done = run(*command, "2023-07-02", folder=folder)
    assert done.returncode == 0, done.stderr
    page = (live / "as-of/2023-07-01/units/shili/2022/index.html").read_text("utf-8")
    assert f'<code class="gk-hash">{seal}</code>' in page
    assert seal in (live / "as-of/index.html").read_text("utf-8")
    assert run("gongkai", "build", "--today", "2023-07-02", folder=folder).returncode == 0
    own = {"SHA256SUMS", "SM3SUMS", "release.json"}
    released = {path: each for path, each in hashes(live).items() if path not in own}
    assert released == hashes(folder / "site")
