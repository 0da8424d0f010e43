"""What a publisher's mkdocs.yml leaves out: theme, style sheets, Markdown extensions, navigation."""

import logging
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from gongkai.model.publication import Site
from gongkai.runtime.shipped import CONFIG, THEME, read_shipped_page, shipped_pages

_VALIDATION = re.compile(r"^validation\s*:", re.MULTILINE)
_CONTACT = "contact.md"
_ABOUT = "关于本站"
_Nav = list[dict[str, Any]]


def complete_config(config: MkDocsConfig) -> None:
    """Add the shipped theme below the publisher's own, and the settings that mkdocs.yml lacks."""
    dirs, theme = config.theme.dirs, f"{THEME}"
    if not any(Path(folder).resolve() == THEME.resolve() for folder in dirs):
        own = Path(config.theme.custom_dir).resolve() if config.theme.custom_dir else None
        dirs.insert(1 if own and Path(dirs[0]).resolve() == own else 0, theme)
    defaults = _shipped_settings()
    shipped_sheets = [path for path in defaults["extra_css"] if path not in config.extra_css]
    config.extra_css = [*shipped_sheets, *config.extra_css]
    for extension in defaults["markdown_extensions"]:
        pairs = extension if isinstance(extension, dict) else {extension: {}}
        ((name, options),) = pairs.items()
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
        config.mdx_configs[name] = options | config.mdx_configs.get(name, {})
    if config.nav is None:
        config.nav = _default_nav(defaults["nav"], Path(config.docs_dir))
    if not _VALIDATION.search(Path(config.config_file_path).read_text("utf-8")):
        config.validation.nav.omitted_files = logging.DEBUG
        config.validation.links.anchors = logging.WARNING


def settle_address(config: MkDocsConfig, site: Site) -> str:
    """Take the site's address from site.yml if mkdocs.yml has none; return in Chinese how they differ."""
    if not config.site_url:
        config.site_url = site.default_url or None
        return ""
    host = urlsplit(config.site_url).netloc
    if not site.domain or host.removeprefix("www.") == site.domain.removeprefix("www."):
        return ""
    return (
        f"data/site.yml 的“域名”是 {site.domain}，mkdocs.yml 的 site_url 是 {config.site_url}，两处不是同一个"
        "网站，引用格式会指错地方；请改正其中一个，或删去 site_url 这一行（网址就由域名得出）"
    )


def add_shipped_pages(files: Files, config: MkDocsConfig) -> None:
    """Add the handbook and the fixed pages that the publisher's content/ does not have."""
    for path in shipped_pages():
        if files.get_file_from_path(path) is None:
            file = File.generated(config, path, content=read_shipped_page(path))
            file.edit_uri = None  # The publisher's repository does not have it.
            files.append(file)


def _default_nav(nav: _Nav, content: Path) -> _Nav:
    """Return the navigation of this repository, and a publisher's page of contacts."""
    if not (content / _CONTACT).is_file():
        return nav
    return [
        {_ABOUT: [*entry[_ABOUT], {"联系我们": _CONTACT}]} if _ABOUT in entry else entry
        for entry in nav
    ]


@cache
def _shipped_settings() -> dict[str, Any]:
    """Return the mkdocs.yml that comes with the program, with MkDocs' tags as texts."""
    loader = type("_Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *arguments: f"{arguments[1]}")  # type: ignore[attr-defined]
    settings: dict[str, Any] = yaml.load(CONFIG.read_text("utf-8"), loader)  # noqa: S506 - a safe one
    return settings
