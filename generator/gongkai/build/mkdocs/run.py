"""Run MkDocs, which makes the hand-written pages and the theme's files anew."""

from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from gongkai.build.mkdocs.plugin import GongkaiPlugin
from gongkai.build.state import BuildRequest, BuildResult
from gongkai.runtime.paths import display_path


def read_config(config_file: Path, **overrides: Any) -> MkDocsConfig:  # noqa: ANN401 - as MkDocs takes it
    """Load mkdocs.yml with `overrides` of its settings; raise Abort if it is invalid."""
    try:
        return load_config(str(config_file), **overrides)
    except ConfigurationError as error:
        raise Abort(f"{display_path(config_file)} 读不懂，网站没有改动：{error}") from None


def build_with_mkdocs(
    config_file: Path, site: Path, request: BuildRequest, *, strict: bool
) -> BuildResult:
    """Build the site through a complete MkDocs run (see make)."""
    config = read_config(config_file, site_dir=str(site), strict=strict or None)
    plugin = _find_plugin(config)
    config.plugins.on_startup(command="build", dirty=False)
    plugin.request = request
    try:
        mkdocs_build(config)
    except Abort:
        if plugin.result is None or not plugin.result.blocked:
            raise
    finally:
        config.plugins.on_shutdown()
    if plugin.result is None:
        raise Abort("MkDocs 没有完成，网站没有改动")
    return plugin.result


def _find_plugin(config: MkDocsConfig) -> GongkaiPlugin:
    plugin = next(
        (plugin for plugin in config.plugins.values() if isinstance(plugin, GongkaiPlugin)), None
    )
    if plugin is None:
        raise Abort("mkdocs.yml 的 plugins 里没有 gongkai；请加上“- gongkai”")
    return plugin
