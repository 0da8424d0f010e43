"""The git history of 示例县: five releases, with dates and authors that never change."""

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from gongkai.authoring.demo.county import (
    RELEASES,
    YEARS,
    Filing,
    correct_filings,
    demo_filings,
    demo_units,
    is_public,
    slug_at,
    unit_document,
)
from gongkai.authoring.demo.yaml_text import yaml_text
from gongkai.authoring.publisher_files import Publisher
from gongkai.checks.runner import check_data
from gongkai.reading.dataset import read_common_data
from gongkai.runtime.git import run_git

DEMO = Publisher(
    name="示例县预算绩效自评公开（演示）",
    organiser="示例县财政局（演示站点，数据仅供演示）",
    domain="gongkai.example",
    level="县级",
)
_AUTHOR = "示例员 <shili@gongkai.example>"
_BRANCH = "refs/heads/main"


def write_demo(folder: Path, base: Mapping[str, str]) -> None:
    """Make the repository of 示例县 in an empty folder; `base` are a publisher's files by path."""
    files = dict(base)
    files["data/site.yml"] = _demo_site(files["data/site.yml"])
    run_git("init", "--quiet", folder=folder)
    run_git("symbolic-ref", "HEAD", _BRANCH, folder=folder)
    run_git("fast-import", "--quiet", folder=folder, stdin="".join(_commits(files)))
    run_git("checkout", "--quiet", "--force", "main", folder=folder)


def demo_releases(site: str) -> Iterator[tuple[dt.date, dict[str, str]]]:
    """Yield the day of every release and the files of data/ by path; `site` is site.yml."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        _write(data, {"site.yml": site})
        forms = read_common_data(data, "data", RELEASES[-1]).forms.values()
        filings = demo_filings(form for form in forms if form)
        _write(data, _state(filings, dt.date(YEARS[-1] + 1, 7, 1), everything=True))
        _explain(filings, data)
    for day in RELEASES:
        if day == RELEASES[-1]:
            list(correct_filings(filings))
        yield day, _state(filings, day)


def _state(filings: list[Filing], day: dt.date, *, everything: bool = False) -> dict[str, str]:
    """Return the files below units/ as of a day, by path; `everything` as if all were public."""
    files = {
        f"units/{slug_at(unit, day)}/unit.yml": yaml_text(unit_document(unit, day))
        for unit in demo_units()
    }
    for filing in filings:
        if everything or is_public(filing, day):
            folder = f"units/{slug_at(filing.unit, day)}/{filing.year}"
            files |= {
                f"{folder}/{name}": yaml_text(document)
                for name, document in filing.documents.items()
            }
            files |= {f"{folder}/{name}": text for name, text in filing.texts.items()}
    return files


def _explain(filings: list[Filing], data: Path) -> None:
    """Write a 差异说明 for whatever does not add up, as the units would."""
    by_folder = {filing.folder: filing for filing in filings}
    for problem in check_data(data, RELEASES[-1], display_name="data").judgement.problems:
        folder = "/".join(problem.position.file.split("/")[1:4])
        if problem.is_blocking and problem.rule.is_explainable and folder in by_folder:
            facts = by_folder[folder].documents["disclosure.yml"]
            entry = {
                "规则": problem.rule.id,
                "位置": problem.where,
                "申报值": problem.filed,
                "复算值": problem.computed,
                "说明": "示例说明：原件如此",
                "说明人": "示例员",
                "日期": facts["公开目录"]["发布日期"],
            }
            facts.setdefault("差异说明", []).append(entry)


def _demo_site(site: str) -> str:
    """Return site.yml with a demonstration's texts."""
    deadlines = "".join(f"\n  {year}: {year + 1}-06-30" for year in YEARS)
    changes = {
        "网站标识码:": f"网站标识码: '{'0' * 10}'",
        "联系方式:": "联系方式: 示例联系方式（演示用）",
        "许可:": "许可: 演示数据，仅供演示",
        "展示警告: 否": "展示警告: 是",
        "公开期限:": f"公开期限:{deadlines}",
    }
    lines = (changes.get(line, line) for line in site.splitlines())
    return "\n".join(lines) + "\n"


def _commits(base: Mapping[str, str]) -> Iterator[str]:
    """Yield the stream of git fast-import: a commit and a tag per release."""
    for day, files in demo_releases(base["data/site.yml"]):
        seconds = int(dt.datetime.combine(day, dt.time(9), dt.UTC).timestamp())
        when = f"{_AUTHOR} {seconds} +0000"
        message = f"公开到 {day}"
        yield f"commit {_BRANCH}\nauthor {when}\ncommitter {when}\n{_data(message)}deleteall\n"
        tree = dict(base) | {f"data/{path}": text for path, text in files.items()}
        for path, text in sorted(tree.items()):
            mode = "100755" if path.endswith(".sh") else "100644"
            yield f"M {mode} inline {path}\n{_data(text)}"
        yield f"\ntag released/{day}\nfrom {_BRANCH}\ntagger {when}\n{_data(f'发布 {day}')}"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
