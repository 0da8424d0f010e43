"""The output of MkDocs: page templates per page kind, and files that the site takes over unchanged."""

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from gongkai.build.theme.page_shells import PageTemplate, page_template, placeholder_url
from gongkai.pages.page_types import PAGE_TYPES, UNIT
from gongkai.runtime.hashing import hash_texts, program_hash, read_fingerprints
from gongkai.runtime.settings import Settings
from gongkai.runtime.shipped import shipped_site_hash
from gongkai.runtime.writing import OutputFile

_PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions")
_PLUGINS = frozenset({"search", "material/search", "gongkai"})
_EXTENSIONS = frozenset(
    {
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
        *("footnotes", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc"),
    }
)
"""Markdown extensions that, like `_PLUGINS`, read nothing but the page itself."""
_UNIT_PAGE_TYPES = frozenset(
    page_type.name for page_type in PAGE_TYPES if UNIT.path.partition("/index")[0] in page_type.path
)
"""Names of the types of units' pages, archived ones included."""
_EXTERNAL_INPUT = re.compile(r"!ENV|!relative|^(?:INHERIT|hooks)\s*:", re.MULTILINE)
"""Matches settings that make mkdocs.yml depend on other files or the environment."""


@dataclass(frozen=True, slots=True)
class ThemeOutput:
    """Page templates and files made by a MkDocs run."""

    key: str
    """Cache key: the hash of the inputs; empty if they cannot be known."""
    templates: Mapping[str, PageTemplate]
    """Page templates by name of the page type."""
    files: tuple[OutputFile, ...]
    """Hand-written pages and the theme's files, in the workspace's folder `mkdocs_output`."""
    strict: bool
    """Whether the run was strict, so that MkDocs logged no warning."""
    site_url: str
    data_path: str
    """Relative path from the hand-written pages to the data folder, for edit links."""
    unapplied: tuple[str, ...] = ()
    """Warnings, in Chinese: what mkdocs.yml names and only MkDocs would apply to the data's pages."""

    @property
    def template_hash(self) -> str:
        """Hash of the templates of all pages of the data."""
        return hash_texts(f"{name}={template}" for name, template in self.templates.items())

    def has_unit_templates_of(self, other: "ThemeOutput") -> bool:
        """Whether the templates of units' pages are those of another output."""
        return all(
            self.templates.get(name) == other.templates.get(name) for name in _UNIT_PAGE_TYPES
        )

    def can_refill_pages_of(self, other: "ThemeOutput") -> bool:
        """Whether units' pages filled into another output's templates can be filled into these."""
        return all(
            self.templates[name].can_refill(other.templates[name])
            for name in _UNIT_PAGE_TYPES
            if name in self.templates and name in other.templates
        ) and set(self.templates) >= set(_UNIT_PAGE_TYPES) <= set(other.templates)


def theme_key(config_file: Path, settings: Settings) -> str:
    """Return the hash of all inputs of MkDocs; empty if they cannot all be known."""
    text = config_file.read_text("utf-8")
    unknown_inputs = not (settings.plugins <= _PLUGINS and settings.extensions <= _EXTENSIONS)
    if unknown_inputs or _EXTERNAL_INPUT.search(text):
        return ""
    parts = [program_hash(), text, *(f"{name}={version(name)}" for name in _PACKAGES)]
    site = settings.data / "site.yml"
    parts.append(site.read_text("utf-8", "replace") if site.is_file() else "")
    own = (settings.content, *settings.overrides)
    parts.append(shipped_site_hash(tuple(folder.resolve() for folder in own)))
    for folder in filter(Path.is_dir, own):
        parts += [
            f"{path}={file.digest}" for path, file in read_fingerprints(folder, {}, 0).items()
        ]
    return hash_texts(parts)


def read_theme_output(folder: Path, theme: ThemeOutput) -> ThemeOutput:
    """Read templates and files of MkDocs, which rendered placeholder pages, from a folder."""
    placeholders = {
        f"{placeholder_url(page_type)}index.html": page_type for page_type in PAGE_TYPES
    }
    templates = {
        page_type.name: page_template(page_type, (folder / path).read_text("utf-8"))
        for path, page_type in placeholders.items()
    }
    return replace(theme, templates=templates, files=read_theme_files(folder, placeholders))


def read_theme_files(folder: Path, skipped: Container[str]) -> tuple[OutputFile, ...]:
    """Return what MkDocs wrote into a folder, except the paths in `skipped`."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(
        _theme_file(folder, path)
        for path in paths
        if path.relative_to(folder).as_posix() not in skipped
    )


def _theme_file(folder: Path, path: Path) -> OutputFile:
    data = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return OutputFile(name, hashlib.sha256(data).hexdigest(), len(data))
