"""A publisher's folders and settings: mkdocs.yml, read without MkDocs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_PLUGIN, _DATA_KEY, _CONTENT_KEY = "gongkai", "data_dir", "docs_dir"


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders of one publisher."""

    data: Path
    content: Path
    """The hand-written pages."""
    site: Path
    """The default output folder."""
    site_url: str
    overrides: tuple[Path, ...]
    """The template folder, if there is one (theme.custom_dir)."""
    plugins: frozenset[str]
    extensions: frozenset[str]

    def overwrite_error(self, target: Path, *, include_parents: bool = True) -> str:
        """Return a Chinese error if writing to `target` would overwrite source folders, else "".

        It must not be one of these folders nor lie in one. By default it must not contain one
        either; it may where only subfolders are added, which replace nothing.
        """
        resolved = target.resolve()
        for folder in (self.data, self.content, *self.overrides):
            source = folder.resolve()
            if resolved.is_relative_to(source) or (
                include_parents and source.is_relative_to(resolved)
            ):
                return f"{target} 会盖掉 {folder} 里的文件，没有改动；请换一个目录"
        return ""


def read_settings(config_file: Path, data: Path | None = None) -> Settings:
    """Read a mkdocs.yml; without one, the folders are data/ and content/ beside it.

    `data` takes the place of the data folder that mkdocs.yml names.
    """
    config = _read_config(config_file)
    folder = config_file.parent
    content, site, theme = (config.get(key) for key in (_CONTENT_KEY, "site_dir", "theme"))
    site_url = config.get("site_url")
    custom_dir = theme.get("custom_dir") if isinstance(theme, dict) else None
    plugins = _parse_options(config.get("plugins"))
    return Settings(
        data=data or data_folder(folder, plugins.get(_PLUGIN, {}).get(_DATA_KEY)),
        content=folder / (content if isinstance(content, str) else "content"),
        site=folder / (site if isinstance(site, str) else "site"),
        site_url=f"{site_url or ''}",
        overrides=(folder / custom_dir,) if isinstance(custom_dir, str) else (),
        plugins=frozenset(plugins),
        extensions=frozenset(_parse_options(config.get("markdown_extensions"))),
    )


def data_folder(folder: Path, configured: object) -> Path:
    """Return the data folder as `configured` in the mkdocs.yml of `folder`, else data/ beside it."""
    return folder / (configured if isinstance(configured, str) else "data")


def _read_config(config_file: Path) -> dict[str, Any]:
    """Read mkdocs.yml with all scalars as text, ignoring MkDocs' tags (!ENV, !!python/name)."""
    try:
        config = yaml.load(config_file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return config if isinstance(config, dict) else {}


def _parse_options(section: object) -> dict[str, dict[str, object]]:
    """Return plugins or extensions with their options; mkdocs.yml lists names or one-key mappings."""
    options_by_name: dict[str, dict[str, object]] = {}
    for entry in section if isinstance(section, list) else [section] if section else []:
        pairs = entry if isinstance(entry, dict) else {f"{entry}": {}}
        options_by_name |= {
            name: options if isinstance(options, dict) else {} for name, options in pairs.items()
        }
    return options_by_name
