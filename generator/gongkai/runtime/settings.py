"""Where a publisher's files lie: what mkdocs.yml says, read without MkDocs."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA = "GONGKAI_DATA"
"""The environment's word for another data folder; set by --data, heeded by the MkDocs plugin."""
_PLUGIN, _DATA_KEY, _CONTENT_KEY = "gongkai", "data_dir", "docs_dir"


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders of one publisher."""

    data: Path
    content: Path
    """The hand-written pages."""
    site: Path
    """Where the site is put if nobody says otherwise."""
    site_url: str
    overrides: tuple[Path, ...]
    """The folder of templates, where there is one."""
    plugins: frozenset[str]
    extensions: frozenset[str]

    def spared(self, place: Path, *, around: bool = True) -> str:
        """Why nothing may be written to a place: it is one of these folders, in one, or around one.

        Around one, folders may be added (`around` is False), since they take no other's place.
        """
        there = place.resolve()
        for own in (self.data, self.content, *self.overrides):
            its = own.resolve()
            if there.is_relative_to(its) or (around and its.is_relative_to(there)):
                return f"{place} 会盖掉 {own} 里的文件，没有改动；请换一个目录"
        return ""


def read_settings(config_file: Path) -> Settings:
    """What mkdocs.yml says of the folders; without one, data/ and content/ beside it."""
    told = _told(config_file)
    folder = config_file.parent
    content, site, theme = (told.get(key) for key in (_CONTENT_KEY, "site_dir", "theme"))
    address = told.get("site_url")
    own = theme.get("custom_dir") if isinstance(theme, dict) else None
    return Settings(
        data=data_folder(folder, _options(told.get("plugins")).get(_PLUGIN, {}).get(_DATA_KEY)),
        content=folder / (content if isinstance(content, str) else "content"),
        site=folder / (site if isinstance(site, str) else "site"),
        site_url=f"{address or ''}",
        overrides=(folder / own,) if isinstance(own, str) else (),
        plugins=frozenset(_options(told.get("plugins"))),
        extensions=frozenset(_options(told.get("markdown_extensions"))),
    )


def data_folder(folder: Path, named: object) -> Path:
    """The data folder: what --data says, else what mkdocs.yml (in `folder`) names, else data/."""
    other = os.environ.get(DATA)
    return Path(other) if other else folder / (named if isinstance(named, str) else "data")


def _told(config_file: Path) -> dict[str, Any]:
    """The file as texts: MkDocs' own tags (!ENV, !!python/name) are of no interest here."""
    try:
        told = yaml.load(config_file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return told if isinstance(told, dict) else {}


def _options(told: object) -> dict[str, dict[str, object]]:
    """Plugins or extensions with their options; mkdocs.yml lists them by name or with options."""
    found: dict[str, dict[str, object]] = {}
    for each in told if isinstance(told, list) else [told] if told else []:
        pairs = each if isinstance(each, dict) else {f"{each}": {}}
        found |= {name: said if isinstance(said, dict) else {} for name, said in pairs.items()}
    return found
