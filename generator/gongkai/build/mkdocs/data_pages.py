"""The data's pages among the files of MkDocs: as placeholders, or as the Markdown of all of them."""

from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from gongkai.build.theme.page_shells import SOURCE, placeholder_markdown, placeholder_path
from gongkai.pages.page_types import HOME, PAGE_TYPES, page_url


def home_opening(files: Files) -> str:
    """Return the hand-written Markdown above the home page; empty if there is none."""
    home = files.get_file_from_path(HOME.path)
    return home.content_string if home else ""


def find_clash(files: Files) -> str:
    """Return the path of a hand-written page at an address of the data's pages; empty if there is none.

    The home page may have a hand-written opening.
    """
    pages = (file for file in files.documentation_pages() if file.src_uri != HOME.path)
    return next((page.src_uri for page in pages if _has_page_type(page_url(page.src_uri))), "")


def add_placeholders(files: Files, config: MkDocsConfig) -> Files:
    """Add a placeholder page per page type; hand-written pages can link to any page of the data."""
    opening = home_opening(files)
    for page_type in PAGE_TYPES:
        text = placeholder_markdown(page_type, opening if page_type is HOME else "")
        edit_uri = SOURCE if page_type.has_source else ""
        _add_page(files, config, placeholder_path(page_type), text, edit_uri)
    return _KnownFiles(files, config)


def add_markdown_pages(
    files: Files,
    config: MkDocsConfig,
    pages: Iterable[tuple[str, str]],
    folder: Path,
    data_path: str,
) -> None:
    """Add pages, given by the path of their Markdown in a folder and by their data file.

    `data_path` is the relative path from the hand-written pages to the data folder.
    """
    for path, data_file in pages:
        text = (folder / path).read_text("utf-8")
        _add_page(files, config, path, text, f"{data_path}/{data_file}" if data_file else "")


def _add_page(files: Files, config: MkDocsConfig, path: str, text: str, edit_uri: str) -> None:
    """Add a generated page; the home page in place of its hand-written opening."""
    file = File.generated(config, path, content=text)
    file.edit_uri = edit_uri or None
    hand_written = files.get_file_from_path(path)
    if hand_written:
        files.remove(hand_written)
        file.edit_uri = file.edit_uri or hand_written.edit_uri
    files.append(file)


class _KnownFiles(Files):
    """MkDocs' files, extended by the data's pages so that hand-written pages can link to them."""

    def __init__(self, files: Files, config: MkDocsConfig) -> None:
        super().__init__(list(files))
        self._config = config

    def get_file_from_path(self, path: str) -> File | None:
        file = super().get_file_from_path(path)
        if file is None and path.endswith(".md") and _has_page_type(page_url(path)):
            return File.generated(self._config, path, content="")
        return file


def _has_page_type(url: str) -> bool:
    return any(page_type.matches(url) for page_type in PAGE_TYPES)
