"""Small forms of a test, each with a document of the example: reading, checks, pages, exports."""

import shutil
from pathlib import Path

from gongkai.checks.runner import check_data
from gongkai.exports.office.attachments import EXCEL, WORD, export_attachments
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure, Site
from gongkai.model.terms import DocumentKind
from gongkai.pages.render import render_archived_disclosure
from tests.folders import TODAY, example_data
from tests.office_data import record_texts, run_cli

SITE = Site.model_validate({"站点名称": "示例站点", "主办单位": "示例单位"})
HEAD = """表式: {id}
名称: 示例省部门整体支出绩效自评表
类型: 部门整体自评表
标题: "{{年度}}年度部门整体支出绩效自评表"
来源: 示财绩〔2024〕1号
完整: 是
"""


def load(
    folder: Path, form: str, document: str, name: str = "shili-real"
) -> tuple[Disclosure, list[str]]:
    """Return the disclosure of the example whose 部门整体自评表 is this document, and its problems."""
    data = example_data(folder)
    (data / "forms" / f"{name}.yml").write_text(HEAD.format(id=name) + form, "utf-8")
    path = data / "units/shili/2022"
    (path / "overall.yml").write_text(f"表式: {name}\n{document}", "utf-8")
    shutil.rmtree(path / "projects")
    (path / "baseline.yml").unlink()
    disclosure = path / "disclosure.yml"
    text = disclosure.read_text("utf-8")
    start, end = text.index("附件:"), text.index("填报:")
    disclosure.write_text(f"{text[:start]}{text[end:]}", "utf-8")
    checked = check_data(data, TODAY)
    found = [f"{problem.rule.id} {problem.sentence}" for problem in checked.judgement.problems]
    (disclosed,) = checked.dataset.disclosures or [None]
    assert disclosed is not None, found
    return disclosed, found


def overall(disclosure: Disclosure) -> Record:
    record = disclosure.record(DocumentKind.OVERALL)
    assert record
    return record


def render_html(disclosure: Disclosure) -> str:
    """Return the pages of a disclosure."""
    return "".join(page.body for page in render_archived_disclosure(disclosure, [], SITE))


def can_export(disclosure: Disclosure) -> bool:
    return all(export_attachments(disclosure, [WORD, EXCEL]).values())


def import_exported(folder: Path, style: str, name: str = "shili-real") -> list[tuple[str, str]]:
    """Export the document of load() as Word or Excel, import that, and return its texts."""
    data, paper, year = folder / "data", folder / "paper", "units/shili/2022"
    run_cli("export", "shili", 2022, "--to", paper, "--format", style, "--data", data)
    for path in paper.iterdir():
        if "自评表" not in path.name:
            path.unlink()
    shutil.rmtree(data / year)
    run_cli("import", paper, "--unit", "shili", "--year", 2022, "--data", data)
    (disclosure,) = check_data(data, TODAY).dataset.disclosures
    record = overall(disclosure)
    assert record.form.id == name
    return record_texts(record)
