"""Links to the files offered for download beside a page."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from gongkai.model.forms import Form
from gongkai.model.publication import Site
from gongkai.model.terms import DocumentKind
from gongkai.pages.views.common import Download

CSV, JSON, EXCEL, WORD = "index.csv", "index.json", "index.xlsx", "index.docx"
"""File names; a file is in the folder of its page."""
SCHEMA = "schema.json"
"""The JSON Schema of a form."""
_LABELS_AND_TYPES = {
    SCHEMA: ("JSON Schema", "application/schema+json"),
    CSV: ("CSV 表格", "text/csv"),
    JSON: ("JSON 数据", "application/json"),
    EXCEL: (
        "Excel 工作簿",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    WORD: (
        "Word 文档",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
"""Kind of file, for readers, and media type, by file name."""
_CSV_NOTE = "Excel、WPS 能直接打开"
_OMITTED_FOLDERS = frozenset({"units", "projects", "lists"})
"""Parts of an address that are left out of file names."""


def disclosure_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """Return the files of the disclosure whose page is at `url`."""
    return tuple(_evaluation_files(_file_stem(url), "本页各表的全部填报值", site))


def project_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """Return the files of the project whose page is at `url`."""
    return tuple(_evaluation_files(_file_stem(url), "本项目各表的全部填报值", site))


def list_downloads(url: str, site: Site) -> tuple[Download, ...]:
    """Return the files of the list whose page is at `url`."""
    return tuple(_list_files(_file_stem(url), site))


def form_downloads(form: Form) -> tuple[Download, ...]:
    """Return the files of an empty form; a narrative report is written in Word."""
    notes = {
        EXCEL: "空表，填好后交给财政部门导入",
        WORD: "空表，可以打印",
        SCHEMA: "填报文件（YAML、JSON）的格式，给编辑器和程序核对",
    }
    names = form_files(form)
    return tuple(
        _download(kind, names[kind].rpartition(".")[0], note)._replace(
            file=names[kind], download_name=names[kind]
        )
        for kind, note in notes.items()
        if kind in names
    )


def form_files(form: Form) -> dict[str, str]:
    """Return the names of the files of an empty form, by kind."""
    names = {EXCEL: f"{form.id}.xlsx", WORD: f"{form.id}.docx", SCHEMA: f"{form.id}.schema.json"}
    if form.kind is DocumentKind.REPORT:
        del names[EXCEL]
    return names


def _evaluation_files(stem: str, content: str, site: Site) -> Iterator[Download]:
    yield _download(CSV, stem, f"{content}，每个值一行；{_CSV_NOTE}")
    if "Excel" in site.attachment_formats:
        yield _download(EXCEL, stem, "正式表式，另有“数据”和“说明”两张工作表")
    if "Word" in site.attachment_formats:
        yield _download(WORD, stem, "正式表式，可以打印")
    yield _download(JSON, stem, "同样的内容，给程序读")


def _list_files(stem: str, site: Site) -> Iterator[Download]:
    yield _download(CSV, stem, f"本页名单，每行一条；{_CSV_NOTE}")
    if "Excel" in site.attachment_formats:
        yield _download(EXCEL, stem, "本页名单，另有“说明”工作表")


def _download(file: str, stem: str, description: str) -> Download:
    label, media_type = _LABELS_AND_TYPES[file]
    return Download(
        label=label,
        media_type=media_type,
        description=description,
        file=file,
        download_name=f"{stem}{PurePosixPath(file).suffix}",
    )


def _file_stem(url: str) -> str:
    """Return a file name, without suffix, that is unique across pages: xintian-jsx-2022."""
    parts = url.strip("/").split("/")
    return "-".join(part for part in parts if part not in _OMITTED_FOLDERS or len(parts) == 1)
