"""Pages around which only the theme has changed: what they hold is filled into its new templates.

Nothing is read, checked, rendered or indexed for that. At 20,161 pages a changed template takes 13 s of
CPU, the style sheet, whose name is in every page, 17 s, and a cold build 135 s.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.theme.page_shells import PageTemplate
from gongkai.runtime.writing import BuildOutput, OutputFile, write_file


class ChangedPageError(ValueError):
    """A page of the present site is not the one that was written."""


@dataclass(frozen=True, slots=True)
class PresentPages:
    """The pages of the present site, and the templates that they were filled into."""

    site: Path
    templates: Mapping[str, PageTemplate]
    """By name of the page type."""


def refill_pages(
    files: Iterable[OutputFile],
    present: PresentPages,
    templates: Mapping[str, PageTemplate],
    output: BuildOutput,
) -> Iterator[OutputFile]:
    """Write the pages among the files of a unit anew, filled into other templates; yield all files.

    Raise ChangedPageError if somebody has changed or deleted a page of the present site.
    """
    for file in files:
        if file.template and templates[file.template] != present.templates[file.template]:
            yield _refill_page(file, present, templates[file.template], output)
        else:
            yield file


def _refill_page(
    file: OutputFile, present: PresentPages, template: PageTemplate, output: BuildOutput
) -> OutputFile:
    html = _read_page(present.site / file.path, file.digest)
    slots = template.refill(present.templates[file.template], html, file.slot_sizes)
    page = write_file(
        file.path, template.join(slots).encode(), output.site_folder, output.known_digests
    )
    return file._replace(digest=page.digest, size=page.size, slot_sizes=tuple(map(len, slots)))


def _read_page(path: Path, digest: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ChangedPageError(f"{path}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise ChangedPageError(f"{path}")
    return data.decode()
